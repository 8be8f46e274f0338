//! The bracket around one attempt to send: noted before it, and what became of it after.

use jiff::Timestamp;

use super::entry::{By, Entry, Fate};
use super::ledger::Ledger;
use super::{Journal, lock, unwritable};
use crate::order::{Action, Intent, OrderId, OrderRef};
use crate::{Error, Outcome};

impl Journal {
    /// Notes what is about to be sent. When this gives a [`Sending`], the disk has it.
    ///
    /// # Errors
    /// Nothing may be sent then.
    pub(crate) async fn begin(&self, intent: Intent, at: Timestamp) -> Result<Sending, Error> {
        let journal = self.clone();
        self.write(move |book| {
            if let Some(why) = refusal(&book.ledger, &intent, journal.may_place_despite_unsettled()) {
                return Err(why);
            }
            // before it is noted, or a look at what is unsettled could find it in between
            let sending = Sending::new(&journal, &intent.id);
            let entry = Entry::Intent { intent, at };
            book.log.append(&entry.write()).map_err(|error| unwritable(&error))?;
            book.ledger.take(entry).map_err(str::to_owned)?;
            Ok(sending)
        })
        .await
    }
}

/// An intent that is noted and may be sent now. Dropped without an outcome, it stays unsettled.
#[must_use]
pub(crate) struct Sending {
    journal: Journal,
    id: OrderId,
}

impl Sending {
    fn new(journal: &Journal, id: &OrderId) -> Sending {
        lock(&journal.0.sending).insert(id.clone());
        Sending { journal: journal.clone(), id: id.clone() }
    }

    /// Notes what became of it. If that cannot be written, the intent stays unsettled on disk and
    /// [`Journal::failure`] says so; the caller's outcome is right all the same.
    pub async fn end(self, outcome: &Outcome<OrderRef>, at: Timestamp) {
        let fate = match outcome {
            Outcome::Accepted(order) => Fate::Placed(order.clone()),
            Outcome::Rejected(rejection) => Fate::Rejected(code(rejection.as_error())),
            Outcome::NotSent(_) => Fate::Nothing,
            Outcome::Unknown(_) => Fate::Unknown,
        };
        let journal = self.journal.clone();
        let noted = journal.write(move |book| {
            let entry = Entry::Fate { id: self.id.clone(), at, fate, by: By::Reply };
            let written = book.log.append(&entry.write());
            if let Err(error) = &written {
                book.unnoted = Some(format!("what became of {} was not noted: {error}", self.id));
            }
            // known in this run even where it is not written
            let taken = book.ledger.take(entry).map_err(str::to_owned);
            drop(self);
            written.map_err(|error| unwritable(&error)).and(taken)
        });
        // `failure()` tells
        let _ = noted.await;
    }
}

impl Drop for Sending {
    fn drop(&mut self) {
        lock(&self.journal.0.sending).remove(&self.id);
    }
}

/// Why an intent must not be sent.
fn refusal(ledger: &Ledger, intent: &Intent, despite_unsettled: bool) -> Option<String> {
    if ledger.is_spent(&intent.id) {
        let id = &intent.id;
        return Some(format!("order id {id} already stands for an order (give a second order an id of its own)"));
    }
    let left = ledger.unknown().filter(|noted| noted.earlier).count();
    if left > 0 && intent.action == Action::Place && !despite_unsettled {
        return Some(format!(
            "{left} order(s) of an earlier run are unsettled (reconcile() first, or open it with despite_unsettled())"
        ));
    }
    None
}

/// The codes of a refusal, without its text.
fn code(error: &Error) -> String {
    let codes = [error.code().map(|code| code.to_string()), error.inner_code().map(str::to_owned)];
    codes.into_iter().flatten().collect::<Vec<_>>().join(" ")
}
