//! What went over the wire lately, whole, for the page: calls, frames, fills. Keys and tokens are masked before they are kept.

use std::collections::VecDeque;

use kiwoom_api::jiff::civil::DateTime;
use serde_json::Value;

use crate::broker::Change;
use crate::envelope::{Ask, Said};
use crate::faults::Fault;
use crate::market::OrderSide;
use crate::socket::Out;

/// How many calls and how many frames are kept, and how many bytes each of the two may have together.
const KEPT: usize = 200;
const BYTES: usize = 8 << 20;
/// How many fills are kept.
const FILLS: usize = 500;
/// Members whose value is never kept.
const SECRET: [&str; 3] = ["token", "appkey", "secretkey"];

/// One entry.
#[derive(Debug)]
pub(crate) struct Passed {
    /// Counted from 1.
    pub number: u64,
    /// Korean wall time of the simulator.
    pub at: DateTime,
    pub what: What,
}

/// What passed.
#[derive(Debug)]
pub(crate) enum What {
    /// A request and its reply.
    Call { api: String, path: String, status: u16, request: String, reply: String, faults: Vec<Fault> },
    /// A frame of a client.
    Heard { line: u64, text: String },
    /// A frame for so many lines.
    Sent { lines: usize, text: String },
    /// A line was closed.
    Closed { line: u64 },
}

/// A fill of an order of the account.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Filled {
    pub number: u64,
    pub order: u64,
    pub code: &'static str,
    pub side: OrderSide,
    pub price: i64,
    pub qty: i64,
    pub at: DateTime,
}

/// The last calls and the last frames. They are kept apart: pushes are many, and would drive the calls out.
#[derive(Debug, Default)]
pub(crate) struct Traffic {
    calls: Kept,
    frames: Kept,
    last: u64,
    fills: VecDeque<Filled>,
}

/// The last entries of one sort, oldest first.
#[derive(Debug, Default)]
struct Kept {
    passed: VecDeque<Passed>,
    bytes: usize,
}

impl Kept {
    fn add(&mut self, passed: Passed) {
        self.bytes += passed.what.bytes();
        self.passed.push_back(passed);
        while self.passed.len() > KEPT || (self.bytes > BYTES && self.passed.len() > 1) {
            self.bytes -= self.passed.pop_front().map_or(0, |passed| passed.what.bytes());
        }
    }

    /// The newest `most` entries behind a number, newest first.
    fn after(&self, number: u64, most: usize) -> impl Iterator<Item = &Passed> {
        self.passed.iter().rev().take_while(move |passed| passed.number > number).take(most)
    }
}

impl Traffic {
    pub fn call(&mut self, at: DateTime, (ask, said): (&Ask, &Said), faults: &[Fault]) {
        let api = match ask.path.as_str() {
            "/oauth2/token" => "au10001".to_owned(),
            "/oauth2/revoke" => "au10002".to_owned(),
            _ => ask.api.as_deref().unwrap_or_default().trim().to_owned(),
        };
        let reply = if said.is_html { String::new() } else { without_secrets(&said.body) };
        let request = without_secrets(&ask.body);
        let (path, faults) = (ask.path.clone(), faults.to_vec());
        self.add(at, What::Call { api, path, status: said.status, request, reply, faults });
    }

    pub fn heard(&mut self, at: DateTime, line: u64, text: &str) {
        if !is_ping(text) {
            self.add(at, What::Heard { line, text: without_secrets(text) });
        }
    }

    pub fn said(&mut self, at: DateTime, out: &[(u64, Out)]) {
        // of a flood, only its end is kept
        for (line, out) in &out[out.len().saturating_sub(KEPT)..] {
            match out {
                Out::Text(text) if is_ping(text) => {}
                Out::Text(text) => match self.frames.passed.back_mut() {
                    // one push to many lines is one entry
                    Some(Passed { what: What::Sent { lines, text: last }, at: then, .. })
                        if *then == at && last == text =>
                    {
                        *lines += 1;
                    }
                    _ => self.add(at, What::Sent { lines: 1, text: text.clone() }),
                },
                _ => self.add(at, What::Closed { line: *line }),
            }
        }
    }

    pub fn changed(&mut self, at: DateTime, changes: &[Change]) {
        for change in changes {
            let Change::Filled(order) = change else { continue };
            let Some((number, price, qty)) = order.last_fill else { continue };
            let filled = Filled { number, order: order.number, code: order.code, side: order.side, price, qty, at };
            self.fills.push_back(filled);
            if self.fills.len() > FILLS {
                self.fills.pop_front();
            }
        }
    }

    fn add(&mut self, at: DateTime, what: What) {
        self.last += 1;
        let kept = if matches!(what, What::Call { .. }) { &mut self.calls } else { &mut self.frames };
        kept.add(Passed { number: self.last, at, what });
    }

    /// The newest entries behind a number, at most so many calls and so many frames, oldest first.
    pub fn after(&self, number: u64, most: usize) -> Vec<&Passed> {
        let mut all: Vec<&Passed> = self.calls.after(number, most).chain(self.frames.after(number, most)).collect();
        all.sort_unstable_by_key(|passed| passed.number);
        all
    }

    /// The entry of a number, if it is still kept.
    pub fn find(&self, number: u64) -> Option<&Passed> {
        self.calls.passed.iter().chain(&self.frames.passed).find(|passed| passed.number == number)
    }

    /// The fills, oldest first.
    pub fn fills(&self) -> impl DoubleEndedIterator<Item = &Filled> {
        self.fills.iter()
    }
}

impl What {
    fn bytes(&self) -> usize {
        match self {
            What::Call { request, reply, .. } => request.len() + reply.len(),
            What::Heard { text, .. } | What::Sent { text, .. } => text.len(),
            What::Closed { .. } => 0,
        }
    }
}

fn is_ping(text: &str) -> bool {
    text.len() < 100 && text.contains("\"PING\"")
}

/// A JSON text with `***` in the place of keys and tokens; empty where a text names one and is no JSON.
pub(crate) fn without_secrets(text: &str) -> String {
    // a name may be written with escapes
    if !SECRET.iter().any(|name| text.contains(name)) && !text.contains("\\u") {
        return text.to_owned();
    }
    let Ok(mut value) = serde_json::from_str::<Value>(text) else { return String::new() };
    mask(&mut value);
    value.to_string()
}

fn mask(value: &mut Value) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                match SECRET.contains(&name.as_str()) {
                    true => *value = Value::from("***"),
                    false => mask(value),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(mask),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: DateTime = DateTime::constant(2026, 7, 6, 10, 0, 0, 0);

    #[test]
    fn secrets_are_masked_wherever_they_stand() {
        for (text, want) in [
            (r#"{"trnm":"LOGIN","token":"SIM-1"}"#, r#"{"token":"***","trnm":"LOGIN"}"#),
            (r#"{"a":[{"appkey":"K","b":1}]}"#, r#"{"a":[{"appkey":"***","b":1}]}"#),
            (r#"{"secretkey":"K""#, ""),
            (r#"{"stk_cd":"005930"}"#, r#"{"stk_cd":"005930"}"#),
            (r#"{"to\u006ben":"SIM-1"}"#, r#"{"token":"***"}"#),
        ] {
            // as values: whether keys keep their order is up to the features of serde_json
            let value = |text: &str| serde_json::from_str::<Value>(text).ok();
            assert_eq!(value(&without_secrets(text)), value(want));
        }
    }

    #[test]
    fn a_push_to_many_lines_is_one_entry_and_floods_are_cut() {
        let mut traffic = Traffic::default();
        let out: Vec<(u64, Out)> = (0..3).map(|line| (line, Out::Text(r#"{"trnm":"REAL"}"#.to_owned()))).collect();
        traffic.said(AT, &out);
        let seen = traffic.after(0, 10);
        assert!(matches!(seen[..], [Passed { number: 1, what: What::Sent { lines: 3, .. }, .. }]), "{seen:?}");
        let flood: Vec<(u64, Out)> = (0..10_000).map(|n| (1, Out::Text(format!(r#"{{"n":{n}}}"#)))).collect();
        traffic.said(AT, &flood);
        traffic.call(AT, (&Ask::default(), &Said::json(String::new())), &[]);
        traffic.said(AT, &flood);
        assert_eq!(traffic.after(0, usize::MAX).len(), KEPT + 1, "a flood drives no call out");
        assert_eq!(traffic.after(0, 5).len(), 6);
        let long = "x".repeat(BYTES / 4);
        for _ in 0..9 {
            traffic.heard(AT, 1, &long);
        }
        assert!(traffic.frames.bytes <= BYTES && traffic.after(0, usize::MAX).len() < 6);
    }
}
