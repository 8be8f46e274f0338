//! What was asked and what was said, for assertions. Keys and tokens are not in it.

use kiwoom_api::jiff::civil::DateTime;
use serde_json::Value;

use crate::envelope::{Ask, Said};
use crate::faults::Fault;

/// One call as the simulator saw it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Logged {
    /// Korean wall time of the simulator.
    pub at: DateTime,
    /// The API id; `au10001` and `au10002` for tokens.
    pub api: String,
    /// The path of the URL.
    pub path: String,
    /// Which connection it came on, counted from 1.
    pub connection: u64,
    /// The body of the request; empty for tokens.
    pub request: String,
    /// The HTTP status of the reply.
    pub status: u16,
    /// The return code of the reply, if it has one.
    pub return_code: Option<i64>,
    /// The message of the reply.
    pub message: String,
    /// The faults that struck.
    pub faults: Vec<Fault>,
}

impl Logged {
    pub(crate) fn of(at: DateTime, ask: &Ask, said: &Said, faults: &[Fault]) -> Logged {
        let is_secret = ask.path.starts_with("/oauth2");
        let reply: Value = serde_json::from_str(&said.body).unwrap_or_default();
        Logged {
            at,
            api: ask.id().to_owned(),
            path: ask.path.clone(),
            connection: ask.connection,
            request: if is_secret { String::new() } else { ask.body.clone() },
            status: said.status,
            return_code: reply["return_code"].as_i64(),
            message: reply["return_msg"].as_str().unwrap_or_default().to_owned(),
            faults: faults.to_vec(),
        }
    }
}

/// One frame of a client, as the simulator heard it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Heard {
    /// Korean wall time of the simulator.
    pub at: DateTime,
    /// Which connection it came on, counted from 1.
    pub connection: u64,
    /// Its kind: `LOGIN`, `REG`, `PING`.
    pub trnm: String,
    /// The frame; empty for a login.
    pub text: String,
    /// The faults that struck.
    pub faults: Vec<Fault>,
}

/// All calls and all frames of clients, oldest first; the oldest go when there are too many.
#[derive(Debug, Default)]
pub(crate) struct Log {
    calls: Vec<Logged>,
    frames: Vec<Heard>,
}

/// How many calls and how many frames are kept.
const KEPT: usize = 100_000;

impl Log {
    pub fn add(&mut self, logged: Logged) {
        add(&mut self.calls, logged);
    }

    pub fn hear(&mut self, heard: Heard) {
        add(&mut self.frames, heard);
    }

    pub fn calls(&self) -> Vec<Logged> {
        self.calls.clone()
    }

    pub fn frames(&self) -> Vec<Heard> {
        self.frames.clone()
    }
}

fn add<T>(all: &mut Vec<T>, one: T) {
    if all.len() >= KEPT {
        all.drain(..KEPT / 10);
    }
    all.push(one);
}
