//! What the journal records, entry by entry, and how each is written as a line.
//!
//! No account, no key, no message of the broker: a message may quote what was sent.

use jiff::Timestamp;

use super::line::Line;
use crate::intent::{side_from_name, side_name};
use crate::language::{Both, both};
use crate::net::guard::{Halt, Reach};
use crate::net::identity::Identity;
use crate::order::{Action, Desk, Intent, OrderId, OrderRef, Repay};

/// The format that this version writes and reads.
pub(super) const VERSION: &str = "2";
/// More of a reason is not kept.
const LONGEST_REASON: usize = 500;

/// One thing that was noted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Note {
    /// The first line of a file: its format, and to which account at which server its orders went.
    Head { identity: Identity },
    /// Noted before it is sent.
    Intent { intent: Intent, at: Timestamp },
    /// What is known of it since.
    Fate { id: OrderId, at: Timestamp, fate: Fate, by: By },
    /// The kill switch was engaged.
    Halt { halt: Halt, at: Timestamp },
    /// It was released.
    Resume { at: Timestamp },
}

/// Why a line cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Unreadable {
    /// It was written by another version of this crate.
    Format(String),
    Damaged(Both),
}

impl From<Both> for Unreadable {
    fn from(what: Both) -> Unreadable {
        Unreadable::Damaged(what)
    }
}

/// The outcome of an intent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// The broker accepted it.
    Placed(OrderRef),
    /// The broker refused it.
    Rejected(String),
    /// It did not leave this machine, or the broker's lists do not have it.
    Nothing,
    /// Nobody knows.
    Unknown,
}

/// Who says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum By {
    /// The reply to the order itself, or its absence.
    Reply,
    /// The broker's lists.
    Lists,
    /// The caller.
    Caller,
}

impl Note {
    pub fn write(&self) -> Vec<u8> {
        match self {
            Note::Head { identity } => {
                let Identity { environment: server, address, key } = identity.clone();
                Line { what: "journal".into(), version: VERSION.into(), server, address, key, ..Line::default() }
            }
            Note::Halt { halt, at } => {
                let scope = match halt.scope {
                    Reach::ButCancellations => "but-cancellations",
                    Reach::All => "all",
                };
                let reason = halt.reason.chars().take(LONGEST_REASON).collect();
                Line { what: "halt".into(), at: at.to_string(), scope: scope.into(), reason, ..Line::default() }
            }
            Note::Resume { at } => Line { what: "resume".into(), at: at.to_string(), ..Line::default() },
            Note::Intent { intent, at } => Line { at: at.to_string(), ..of_intent(intent) },
            Note::Fate { id, at, fate, by } => {
                let (what, order, code) = match fate {
                    Fate::Placed(order) => ("placed", order.to_string(), String::new()),
                    Fate::Rejected(code) => ("rejected", String::new(), code.clone()),
                    Fate::Nothing => ("nothing", String::new(), String::new()),
                    Fate::Unknown => ("unknown", String::new(), String::new()),
                };
                let (id, at, by) = (id.to_string(), at.to_string(), by.as_str().to_owned());
                Line { what: what.into(), id, at, order, code, by, ..Line::default() }
            }
        }
        .write()
    }

    /// When it was noted.
    pub fn at(&self) -> Option<Timestamp> {
        match self {
            Note::Head { .. } => None,
            Note::Intent { at, .. } | Note::Fate { at, .. } | Note::Halt { at, .. } | Note::Resume { at } => Some(*at),
        }
    }

    pub fn read(bytes: &[u8]) -> Result<Note, Unreadable> {
        let line = Line::read(bytes)?;
        let at = || field("at", line.at.parse().ok());
        let fate = match line.what.as_str() {
            "journal" if line.version == VERSION => {
                let identity = Identity { environment: line.server, address: line.address, key: line.key };
                return Ok(Note::Head { identity });
            }
            "journal" => return Err(Unreadable::Format(line.version)),
            "halt" => {
                let scope = match line.scope.as_str() {
                    "but-cancellations" => Some(Reach::ButCancellations),
                    "all" => Some(Reach::All),
                    _ => None,
                };
                let (scope, at) = (field("scope", scope)?, at()?);
                return Ok(Note::Halt { halt: Halt { scope, reason: line.reason }, at });
            }
            "resume" => return Ok(Note::Resume { at: at()? }),
            "intent" => {
                let at = at()?;
                return Ok(Note::Intent { intent: to_intent(line)?, at });
            }
            "placed" => Fate::Placed(field("order", line.order.parse().ok())?),
            "rejected" => Fate::Rejected(line.code.clone()),
            "nothing" => Fate::Nothing,
            "unknown" => Fate::Unknown,
            what => return Err(both!("it is of an unknown kind, {what:?}", "모르는 종류입니다: {what:?}").into()),
        };
        let id = field("id", line.id.parse().ok())?;
        Ok(Note::Fate { id, at: at()?, fate, by: field("by", By::from_name(&line.by))? })
    }
}

impl By {
    fn as_str(self) -> &'static str {
        match self {
            By::Reply => "reply",
            By::Lists => "lists",
            By::Caller => "caller",
        }
    }

    fn from_name(name: &str) -> Option<By> {
        [By::Reply, By::Lists, By::Caller].into_iter().find(|by| by.as_str() == name)
    }
}

fn of_intent(intent: &Intent) -> Line {
    let text = |value: Option<&dyn ToString>| value.map_or_else(String::new, ToString::to_string);
    Line {
        what: "intent".into(),
        id: intent.id.to_string(),
        desk: intent.desk.as_str().into(),
        date: intent.date.to_string(),
        action: intent.action.as_str().into(),
        side: side_name(intent.side).into(),
        symbol: intent.symbol.clone(),
        venue: intent.venue.clone(),
        kind: intent.kind.clone(),
        qty: text(intent.qty.as_ref().map(|qty| qty as _)),
        price: text(intent.price.as_ref().map(|price| price as _)),
        stop: text(intent.stop.as_ref().map(|stop| stop as _)),
        repay: match intent.repay {
            None => String::new(),
            Some(Repay::AllLoans) => "all".into(),
            Some(Repay::LoanOf(date)) => date.to_string(),
        },
        original: text(intent.original.as_ref().map(|number| number as _)),
        ..Line::default()
    }
}

fn to_intent(line: Line) -> Result<Intent, Both> {
    Ok(Intent {
        id: field("id", line.id.parse().ok())?,
        action: field("action", Action::from_name(&line.action))?,
        desk: field("desk", Desk::from_name(&line.desk))?,
        date: field("date", line.date.parse().ok())?,
        side: field("side", side_from_name(&line.side))?,
        qty: optional("qty", &line.qty, |text| text.parse().ok())?,
        price: optional("price", &line.price, |text| text.parse().ok())?,
        stop: optional("stop", &line.stop, |text| text.parse().ok())?,
        repay: optional("repay", &line.repay, |text| match text {
            "all" => Some(Repay::AllLoans),
            date => date.parse().ok().map(Repay::LoanOf),
        })?,
        original: optional("original", &line.original, |text| Some(text.into()))?,
        symbol: line.symbol,
        venue: line.venue,
        kind: line.kind,
    })
}

fn field<T>(name: &str, value: Option<T>) -> Result<T, Both> {
    value.ok_or_else(|| both!("its {name:?} is missing or cannot be read", "{name:?} 값이 없거나 읽을 수 없습니다"))
}

fn optional<T>(name: &str, text: &str, read: impl Fn(&str) -> Option<T>) -> Result<Option<T>, Both> {
    if text.is_empty() { Ok(None) } else { field(name, read(text)).map(Some) }
}

#[cfg(test)]
mod tests {
    use super::super::samples::{at, identity, intent, order};
    use super::*;

    #[test]
    fn entries_come_back() {
        let margin = Intent {
            desk: Desk::Margin,
            side: crate::value::Side::Sell,
            price: None,
            kind: "3".into(),
            repay: Some(Repay::LoanOf("2026-07-01".parse().unwrap())),
            ..intent("margin")
        };
        let us = Intent {
            desk: Desk::Us,
            stop: Some("213.0400".parse().unwrap()),
            repay: Some(Repay::AllLoans),
            ..intent("us")
        };
        let cancel =
            Intent { action: Action::Cancel, qty: None, price: None, original: Some("0000138".into()), ..intent("c") };
        let mut entries = vec![Note::Head { identity: identity() }, Note::Resume { at: at(3) }];
        for scope in [Reach::ButCancellations, Reach::All] {
            entries.push(Note::Halt { halt: Halt { scope, reason: "loss\n손실".into() }, at: at(3) });
        }
        entries.extend([intent("a"), margin, us, cancel].map(|intent| Note::Intent { intent, at: at(1) }));
        for fate in [Fate::Placed(order("0000138")), Fate::Rejected("1504 RC4003".into()), Fate::Nothing, Fate::Unknown]
        {
            for by in [By::Reply, By::Lists, By::Caller] {
                let (id, fate) = ("a".parse().unwrap(), fate.clone());
                entries.push(Note::Fate { id, at: at(2), fate, by });
            }
        }
        for entry in entries {
            let bytes = entry.write();
            assert_eq!(Note::read(&bytes[..bytes.len() - 1]).as_ref(), Ok(&entry));
        }
    }

    #[test]
    fn a_line_that_means_nothing_says_what_is_wrong() {
        let good = Line { at: at(1).to_string(), ..of_intent(&intent("a")) };
        for (line, want) in [
            (Line { what: "dream".into(), ..Line::default() }, "unknown kind"),
            (Line { what: "placed".into(), ..Line::default() }, "\"order\""),
            (Line { id: "a b".into(), ..good.clone() }, "\"id\""),
            (Line { at: "yesterday".into(), ..good.clone() }, "\"at\""),
            (Line { price: "cheap".into(), ..good.clone() }, "\"price\""),
            (Line { desk: String::new(), ..good }, "\"desk\""),
        ] {
            let bytes = line.write();
            let Err(Unreadable::Damaged(problem)) = Note::read(&bytes[..bytes.len() - 1]) else { panic!("{want}") };
            assert!(problem.english().contains(want), "{problem}");
        }
        let later = Line { what: "journal".into(), version: "3".into(), ..Line::default() }.write();
        assert_eq!(Note::read(&later[..later.len() - 1]), Err(Unreadable::Format("3".into())));
    }

    #[test]
    fn a_long_reason_is_shortened() {
        let halt = Halt { scope: Reach::All, reason: "금".repeat(100_000) };
        assert!(Note::Halt { halt, at: at(1) }.write().len() < super::super::tail::LONGEST);
    }
}
