//! The bracket around one attempt to send: noted before it, and what became of it after.

use jiff::Timestamp;

use super::entry::{By, Entry, Fate};
use super::ledger::Ledger;
use super::{Journal, lock, unwritable};
use crate::order::{Action, Intent, OrderId, OrderRef};
use crate::transport::Ticket;
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

/// An intent that is noted and may be sent now. Dropped without an outcome, it stays unsettled, unless its order certainly
/// has not left: then nothing came of it.
#[must_use]
pub(crate) struct Sending {
    journal: Journal,
    id: OrderId,
    ticket: Ticket,
    ended: bool,
}

impl Sending {
    fn new(journal: &Journal, id: &OrderId) -> Sending {
        lock(&journal.0.sending).insert(id.clone());
        Sending { journal: journal.clone(), id: id.clone(), ticket: Ticket::default(), ended: false }
    }

    /// The hold on the attempt, to be passed on to it.
    pub fn ticket(&self) -> &Ticket {
        &self.ticket
    }

    /// Notes what became of it. If that cannot be written, the intent stays unsettled on disk and
    /// [`Journal::failure`] says so; the caller's outcome is right all the same.
    pub async fn end(mut self, outcome: &Outcome<OrderRef>, at: Timestamp) {
        let fate = match outcome {
            Outcome::Accepted(order) => Fate::Placed(order.clone()),
            Outcome::Rejected(rejection) => Fate::Rejected(code(rejection.as_error())),
            Outcome::NotSent(_) => Fate::Nothing,
            Outcome::Unknown(_) => Fate::Unknown,
        };
        let journal = self.journal.clone();
        self.ended = true;
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
        if let Err(error) = noted.await {
            tracing::error!(%error, "an outcome was not noted: its intent is unsettled after a restart");
        }
    }
}

impl Drop for Sending {
    /// After the ticket is withdrawn nothing leaves any more, whatever still runs.
    fn drop(&mut self) {
        let attempt = Ended { journal: self.journal.clone(), id: self.id.clone() };
        if self.ended || !self.ticket.withdraw() {
            return;
        }
        // the disk is for another thread; where the runtime is gone the intent stays unsettled, which is the safe side
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn_blocking(move || attempt.note_nothing());
        } else {
            attempt.note_nothing();
        }
    }
}

/// An attempt that is over in this process: from here on its intent may be looked at.
struct Ended {
    journal: Journal,
    id: OrderId,
}

impl Ended {
    fn note_nothing(self) {
        let mut book = lock(&self.journal.0.book);
        // an intent that could not be noted needs no end
        if book.ledger.get(&self.id).is_none_or(|noted| noted.fate != Fate::Unknown) {
            return;
        }
        let entry = Entry::Fate { id: self.id.clone(), at: Timestamp::now(), fate: Fate::Nothing, by: By::Reply };
        if let Err(error) = book.log.append(&entry.write()) {
            tracing::error!(%error, "an order that was not sent could not be noted: it is unsettled after a restart");
        }
        let _ = book.ledger.take(entry);
    }
}

impl Drop for Ended {
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::super::probe::{Probe, Step};
    use super::super::samples::{at, directory, intent, order};
    use super::*;
    use crate::Server;

    fn id(text: &str) -> OrderId {
        text.parse().unwrap()
    }

    fn unsettled(journal: &Journal) -> Vec<String> {
        journal.unsettled().iter().map(|left| left.intent.id.to_string()).collect()
    }

    /// The process loses sight of an order that has left.
    fn lost(sending: Sending) {
        sending.ticket().depart();
    }

    fn unknown() -> Outcome<OrderRef> {
        Outcome::from_result(Err(Error::request("x", "y", "z").unsettled(true)))
    }

    #[tokio::test]
    async fn an_id_stands_for_one_order() {
        let directory = directory();
        let journal = Journal::open(directory.path().join("log"), &Server::Mock).unwrap();
        let sending = journal.begin(intent("a"), at(1)).await.unwrap();
        let refused = journal.begin(intent("a"), at(2)).await.err().unwrap();
        assert!(refused.to_string().contains("order id a already stands for an order"), "{refused}");
        assert!(!refused.may_have_been_sent());
        sending.end(&Outcome::Accepted(order("0000138")), at(3)).await;
        assert!(journal.begin(intent("a"), at(4)).await.is_err());
        assert_eq!(journal.placed(&id("a")), Some(order("0000138")));
    }

    #[tokio::test]
    async fn an_intended_second_identical_order_is_another_order() {
        let directory = directory();
        let journal = Journal::open(directory.path().join("log"), &Server::Mock).unwrap();
        for text in ["a", "b"] {
            let sending = journal.begin(intent(text), at(1)).await.unwrap();
            sending.end(&Outcome::Accepted(order("0000138")), at(2)).await;
        }
    }

    #[tokio::test]
    async fn what_is_being_sent_is_not_unsettled_and_what_was_dropped_is() {
        let directory = directory();
        let journal = Journal::open(directory.path().join("log"), &Server::Mock).unwrap();
        let sending = journal.begin(intent("a"), at(1)).await.unwrap();
        assert_eq!(unsettled(&journal), Vec::<String>::new());
        assert!(journal.declare(&id("a"), super::super::Declared::NotPlaced).await.is_err());
        lost(sending);
        assert_eq!(unsettled(&journal), ["a"]);
    }

    #[tokio::test]
    async fn what_was_dropped_before_it_left_is_nothing() {
        let directory = directory();
        let path = directory.path().join("log");
        let journal = Journal::open(&path, &Server::Mock).unwrap();
        let sending = journal.begin(intent("a"), at(1)).await.unwrap();
        let ticket = sending.ticket().clone();
        drop(sending);
        assert!(ticket.withdraw(), "it cannot leave any more");
        // begun and dropped before anybody saw it
        let mut begun = std::pin::pin!(journal.begin(intent("b"), at(1)));
        std::future::poll_fn(|context| {
            let _ = begun.as_mut().poll(context);
            std::task::Poll::Ready(())
        })
        .await;
        // a name is free again as soon as that is noted
        while journal.begin(intent("a"), at(2)).await.is_err() {
            tokio::task::yield_now().await;
        }
        assert_eq!(unsettled(&journal), Vec::<String>::new());
    }

    #[tokio::test]
    async fn leftovers_come_first() {
        let directory = directory();
        let path = directory.path().join("log");
        let journal = Journal::open(&path, &Server::Mock).unwrap();
        journal.begin(intent("a"), at(1)).await.unwrap().end(&unknown(), at(2)).await;
        lost(journal.begin(intent("b"), at(3)).await.expect("unknowns of this run are the caller's already"));
        drop(journal);

        let journal = Journal::open(&path, &Server::Mock).unwrap();
        assert_eq!(unsettled(&journal), ["a", "b"]);
        let refused = journal.begin(intent("c"), at(4)).await.err().unwrap().to_string();
        assert!(refused.contains("2 order(s) of an earlier run are unsettled (reconcile() first"), "{refused}");
        let cancel = Intent { action: Action::Cancel, original: Some("0000138".into()), ..intent("cancel") };
        journal.begin(cancel, at(5)).await.expect("a cancellation takes risk away").end(&unknown(), at(6)).await;
        for text in ["a", "b"] {
            journal.declare(&id(text), super::super::Declared::NotPlaced).await.unwrap();
        }
        lost(journal.begin(intent("c"), at(7)).await.unwrap());
        drop(journal);

        let journal = Journal::open(&path, &Server::Mock).unwrap().despite_unsettled();
        assert_eq!(unsettled(&journal), ["cancel", "c"]);
        lost(journal.begin(intent("d"), at(8)).await.unwrap());
    }

    #[tokio::test]
    async fn on_a_full_disk_nothing_is_sent_and_no_outcome_is_lost() {
        let directory = directory();
        let path = directory.path().join("log");
        let full = Arc::new(AtomicBool::new(false));
        let probe = Probe::new({
            let full = full.clone();
            move |step| match step {
                Step::Half if full.load(Ordering::Relaxed) => Err(std::io::ErrorKind::StorageFull.into()),
                _ => Ok(()),
            }
        });
        let journal = Journal::open_with(path.clone(), &Server::Mock, probe).unwrap();
        let sending = journal.begin(intent("a"), at(1)).await.unwrap();
        full.store(true, Ordering::Relaxed);
        sending.end(&Outcome::Accepted(order("0000138")), at(2)).await;
        assert_eq!(journal.placed(&id("a")), Some(order("0000138")), "known in this run");
        assert!(journal.failure().unwrap().contains("what became of a was not noted"));
        let refused = journal.begin(intent("b"), at(3)).await.err().unwrap();
        assert!(refused.to_string().contains("cannot be written"), "{refused}");
        assert!(!refused.may_have_been_sent());
        drop(journal);

        let journal = Journal::open(&path, &Server::Mock).unwrap();
        assert_eq!(unsettled(&journal), ["a"], "the safe side");
    }
}
