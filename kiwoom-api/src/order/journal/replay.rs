//! From the lines of a file to what they say, or to the line that is wrong and what to do about it.

use jiff::Timestamp;

use super::entry::Entry;
use super::ledger::Ledger;

/// What the whole lines of a journal add up to; no lines are a new journal.
pub(super) fn replay(lines: &[Vec<u8>], server: &str) -> Result<Ledger, String> {
    let mut ledger = Ledger::default();
    let mut last = None;
    for (index, line) in lines.iter().enumerate() {
        let before = last;
        let damaged = move |what: &str| damaged(index + 1, what, before);
        let entry = Entry::read(line).map_err(|what| damaged(&what))?;
        match (index, entry) {
            (0, Entry::Head { server: wrote }) if wrote == server => {}
            (0, Entry::Head { server: wrote }) => {
                return Err(format!(
                    "its orders went to the {wrote} server, this client speaks to the {server} one (give each server a \
                     journal of its own)"
                ));
            }
            (0, _) => return Err(damaged("the head of the file is missing")),
            (_, entry) => {
                last = entry.at().or(last);
                ledger.take(entry).map_err(damaged)?;
            }
        }
    }
    ledger.begin_run();
    Ok(ledger)
}

fn damaged(line: usize, what: &str, last: Option<Timestamp>) -> String {
    let since = last.map_or_else(|| "that were meant to be in it".to_owned(), |at| format!("since {at}"));
    format!(
        "line {line}: {what}: the file was changed or damaged after it was written (look up the orders {since} at the \
         broker, then move the file away and begin a new one)"
    )
}
