//! From the lines of a file to what they say, or to the line that is wrong and what to do about it.

use jiff::Timestamp;

use super::entry::{Note, Unreadable, VERSION};
use super::ledger::Ledger;
use super::open::Access;
use crate::net::identity::Identity;

/// What the lines of a journal add up to.
#[derive(Debug)]
pub(super) struct Replayed {
    pub ledger: Ledger,
    /// For whom they were noted; `None` for a new journal, which has no lines.
    pub head: Option<Identity>,
}

/// Reads the lines of a journal for a client of this identity.
pub(super) fn replay(lines: &[Vec<u8>], client: &Identity, access: Access) -> Result<Replayed, String> {
    let (mut ledger, mut head, mut last) = (Ledger::default(), None, None);
    for (index, line) in lines.iter().enumerate() {
        let before = last;
        let damaged = move |what: &str| damaged(index + 1, what, before);
        let entry = Note::read(line).map_err(|unread| match unread {
            Unreadable::Damaged(what) => damaged(&what),
            Unreadable::Format(other) => format!(
                "it was written in format {other}, this version reads {VERSION} (settle its orders with the version that \
                 wrote it, then move the file away and begin a new one)"
            ),
        })?;
        match (index, entry) {
            (0, Note::Head { identity }) => {
                owned(&identity, client, access)?;
                head = Some(identity);
            }
            (0, _) => return Err(damaged("the head of the file is missing")),
            (_, entry) => {
                last = entry.at().or(last);
                ledger.take(entry).map_err(damaged)?;
            }
        }
    }
    ledger.begin_run();
    Ok(Replayed { ledger, head })
}

/// Fails where the orders of `noted` are not those of `client`.
pub(super) fn owned(noted: &Identity, client: &Identity, access: Access) -> Result<(), String> {
    let advice = match access {
        _ if noted == client => return Ok(()),
        _ if noted.environment != client.environment => "give each server a journal of its own",
        Access::Adopted => return Ok(()),
        Access::Ours => {
            "give each account a journal of its own; if it is the same account under a new key or address, open it once with \
             Journal::adopt"
        }
    };
    Err(format!("its orders went to {noted}, this client speaks to {client} ({advice})"))
}

fn damaged(line: usize, what: &str, last: Option<Timestamp>) -> String {
    let since = last.map_or_else(|| "that were meant to be in it".to_owned(), |at| format!("since {at}"));
    format!(
        "line {line}: {what}: the file was changed or damaged after it was written (look up the orders {since} at the \
         broker, then move the file away and begin a new one)"
    )
}
