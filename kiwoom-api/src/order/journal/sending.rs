//! The bracket around one attempt to send: records the intent before it and the outcome after it, even if its future is
//! dropped.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use super::entry::{By, Fate, Note};
use super::{Journal, Known, PATIENCE, lock};
use crate::error::Kind;
use crate::language::{Both, both};
use crate::net::broker_time::Source;
use crate::net::guard::Departure;
use crate::order::{Action, Intent, OrderId, OrderRef};
use crate::{Error, Outcome};

impl Journal {
    /// Notes what is about to be sent. When this gives a [`Sending`], the disk has it, unless it is a cancellation: that one
    /// waits for a moment only, a short one if not much is `left` of its time. Dropped earlier, it is noted, if at all, as one
    /// of which nothing came.
    ///
    /// # Errors
    /// Nothing may be sent then.
    pub(crate) async fn begin(&self, intent: Intent, at: Timestamp, left: Duration) -> Result<Sending, Error> {
        if intent.action == Action::Cancel {
            return self.begin_anyway(intent, at, left).await;
        }
        let id = intent.id.clone();
        let mut sending = {
            let mut state = lock(&self.0.state);
            if let Some(why) = refusal(&state, &intent, self.may_place_despite_unsettled()) {
                return Err(self.problem(why));
            }
            // before it is noted, or a second one of this id could pass in between
            state.sending.insert(id.clone());
            Sending { journal: self.clone(), id, departure: Departure::of(&intent, at), stage: Stage::Reserved }
        };
        let (tell, told) = tokio::sync::oneshot::channel();
        self.0.writer.queue(move |book| {
            // nobody waits any more, so nothing will be sent: a disk that hung has enough to do
            if tell.is_closed() {
                return;
            }
            let entry = Note::Intent { intent, at };
            // another run would not find it
            let noted = book.check_name().and_then(|()| book.note(&entry));
            let noted = noted.and_then(|()| lock(&sending.journal.0.state).ledger.take(entry)).map(|()| {
                sending.stage = Stage::Noted;
                sending
            });
            let _ = tell.send(noted);
        });
        let noted = told.await.unwrap_or_else(|_| Err(super::writer::ENDED));
        noted.map_err(|what| self.problem(what))
    }

    /// The same for a cancellation: known in memory at once, and on the disk as soon as that is possible.
    async fn begin_anyway(&self, intent: Intent, at: Timestamp, left: Duration) -> Result<Sending, Error> {
        let id = intent.id.clone();
        let (tell, told) = tokio::sync::oneshot::channel();
        let sending = {
            let mut state = lock(&self.0.state);
            if let Some(why) = refusal(&state, &intent, self.may_place_despite_unsettled()) {
                return Err(self.problem(why));
            }
            let departure = Departure::of(&intent, at);
            let entry = Note::Intent { intent, at };
            state.ledger.take(entry.clone()).map_err(|what| self.problem(what))?;
            state.sending.insert(id.clone());
            let number = state.queue();
            let (noting, sent) = (self.0.state.clone(), id.clone());
            // queued under the lock: the file says things in the order in which they became known
            self.0.writer.queue(move |book| {
                let named = book.check_name();
                let noted = book.owe(entry).and(named);
                let mut state = lock(&noting);
                state.reached(number);
                if let Err(what) = noted {
                    state.unnoted = Some(both!(
                        "the cancellation {sent} was not noted before it was sent: {what}",
                        "취소 {sent}을(를) 보내기 전에 적지 못했습니다: {what}",
                        what
                    ));
                }
                drop(state);
                let _ = tell.send(());
            });
            Sending { journal: self.clone(), id: id.clone(), departure, stage: Stage::Noted }
        };
        if tokio::time::timeout(PATIENCE.min(left / 4), told).await.is_err() {
            tracing::warn!(target: "kiwoom_api", %id, "the disk is slow: a cancellation goes out before it is noted");
        }
        Ok(sending)
    }
}

/// An intent that is noted and may be sent now.
///
/// Dropped without an outcome, its fate is noted by the journal's thread: nothing, if its [`departure`](Self::departure) was
/// never taken, and now cannot be; otherwise it is unknown, and its attempt ended now.
#[must_use]
pub(crate) struct Sending {
    journal: Journal,
    id: OrderId,
    departure: Departure,
    stage: Stage,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// Nobody else can use the id.
    Reserved,
    /// The disk has the intent, or will have it before anything that is known of it.
    Noted,
    /// Its outcome is known.
    Ended,
}

impl Sending {
    /// By which the transport says that bytes go out.
    pub fn departure(&self) -> &Departure {
        &self.departure
    }

    /// Records the outcome. If that cannot be written, the intent stays unsettled on disk and
    /// [`Journal::failure`] says so; the caller's outcome is still right, and a disk that hangs does not delay it. If
    /// the future is dropped early, the outcome is recorded too.
    pub async fn end(mut self, outcome: &Outcome<OrderRef>, at: Timestamp) {
        let fate = match outcome {
            Outcome::Accepted(order) => Fate::Placed(order.clone()),
            Outcome::Rejected(rejection) => Fate::Rejected(code(rejection.as_error())),
            Outcome::NotSent(_) => Fate::Nothing,
            Outcome::Unknown(_) => Fate::Unknown,
        };
        let (tell, told) = tokio::sync::oneshot::channel();
        self.conclude(fate, at, move || {
            let _ = tell.send(());
        });
        if tokio::time::timeout(PATIENCE, told).await.is_err() {
            tracing::warn!(target: "kiwoom_api", "the disk is slow: an outcome is known before it is noted");
        }
    }

    /// It is over, may be at the broker, and nobody can say when it ended: unsettled, as after a crash.
    pub fn lose(mut self) {
        self.stage = Stage::Ended;
        lock(&self.journal.0.state).sending.remove(&self.id);
    }

    /// Known in this run at once, even where it is not written; on the disk in its turn.
    fn conclude(&mut self, fate: Fate, at: Timestamp, then: impl FnOnce() + Send + 'static) {
        self.stage = Stage::Ended;
        let journal = &self.journal.0;
        let noting = Arc::clone(&journal.state);
        let entry = Note::Fate { id: self.id.clone(), at, fate, by: By::Reply };
        let mut state = lock(&journal.state);
        state.sending.remove(&self.id);
        if let Err(what) = state.ledger.take(entry.clone()) {
            state.unnoted = Some(what);
        }
        let (id, number) = (self.id.clone(), state.queue());
        // queued under the lock: the file says things in the order in which they became known
        journal.writer.queue(move |book| {
            if let Err(what) = book.owe(entry) {
                let what = both!(
                    "what became of {id} was not noted: {what}",
                    "주문 {id}의 결과를 적지 못했습니다: {what}",
                    what
                );
                let error = Error::new(Kind::Journal(what.clone()));
                tracing::error!(%error, "an outcome was not noted: its intent is unsettled after a restart");
                lock(&noting).unnoted = Some(what);
            }
            lock(&noting).reached(number);
            then();
        });
    }
}

impl Drop for Sending {
    fn drop(&mut self) {
        match self.stage {
            Stage::Ended => {}
            Stage::Reserved => {
                lock(&self.journal.0.state).sending.remove(&self.id);
            }
            Stage::Noted => {
                let over = self.journal.0.owner.broker.read();
                match self.departure.withdraw() {
                    true => self.conclude(Fate::Nothing, over.latest, || {}),
                    // without a known clock, no end is recorded: a wrong one would shorten the time in which the order
                    // may still arrive
                    false if over.source == Source::ThisMachine => {
                        lock(&self.journal.0.state).sending.remove(&self.id);
                    }
                    false => self.conclude(Fate::Unknown, over.latest, || {}),
                }
            }
        }
    }
}

/// Why an intent must not be sent.
fn refusal(state: &Known, intent: &Intent, despite_unsettled: bool) -> Option<Both> {
    if state.ledger.is_spent(&intent.id) || state.sending.contains(&intent.id) {
        let id = &intent.id;
        return Some(both!(
            "order id {id} already stands for an order (a second order needs an id of its own; what became of the first: Journal::placed(), or reconcile())",
            "주문 이름 {id}은(는) 이미 쓰였습니다 (두 번째 주문에는 다른 이름을 주세요. 첫 주문의 결과는 Journal::placed()나 reconcile()로 알 수 있습니다)"
        ));
    }
    let left = state.ledger.unknown().filter(|noted| noted.earlier).count();
    if left > 0 && intent.action == Action::Place && !despite_unsettled {
        return Some(both!(
            "{left} order(s) of an earlier run are unsettled (reconcile() first; where it cannot tell, look at the broker's own list, then open the journal with despite_unsettled() and hand it to with_journal())",
            "이전 실행의 주문 {left}건이 아직 확인되지 않았습니다 (먼저 reconcile()을 호출하세요. 그래도 알 수 없으면 증권사 화면에서 확인한 뒤, 일지를 despite_unsettled()로 열어 with_journal()에 넘기세요)"
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
    use super::super::samples::{at, directory, intent, open, open_with, order};
    use super::*;

    fn id(text: &str) -> OrderId {
        text.parse().unwrap()
    }

    fn unsettled(journal: &Journal) -> Vec<String> {
        journal.unsettled().iter().map(|left| left.intent.id.to_string()).collect()
    }

    /// Dropped after bytes went out.
    fn lose(sending: Sending) {
        assert!(sending.departure().leave());
    }

    fn unknown() -> Outcome<OrderRef> {
        Outcome::from_result(Err(Error::setup(crate::language::fixed!("x", "x")).unsettled(true)))
    }

    #[tokio::test]
    async fn an_id_stands_for_one_order() {
        let directory = directory();
        let journal = open(directory.path().join("log"));
        let sending = journal.noted(intent("a"), at(1)).await.unwrap();
        let refused = journal.noted(intent("a"), at(2)).await.err().unwrap();
        assert!(refused.to_string().contains("order id a already stands for an order"), "{refused}");
        assert!(!refused.may_have_been_sent());
        sending.end(&Outcome::Accepted(order("0000138")), at(3)).await;
        assert!(journal.noted(intent("a"), at(4)).await.is_err());
        assert_eq!(journal.placed(&id("a")), Some(order("0000138")));
    }

    #[tokio::test]
    async fn an_intended_second_identical_order_is_another_order() {
        let directory = directory();
        let journal = open(directory.path().join("log"));
        for text in ["a", "b"] {
            let sending = journal.noted(intent(text), at(1)).await.unwrap();
            sending.end(&Outcome::Accepted(order("0000138")), at(2)).await;
        }
    }

    #[tokio::test]
    async fn what_is_being_sent_is_not_unsettled_and_what_was_dropped_is() {
        let directory = directory();
        let journal = open(directory.path().join("log"));
        let sending = journal.noted(intent("a"), at(1)).await.unwrap();
        assert_eq!(unsettled(&journal), Vec::<String>::new());
        assert!(journal.declare(&id("a"), super::super::Declared::NotPlaced).await.is_err());
        lose(sending);
        assert_eq!(unsettled(&journal), ["a"]);
        assert!(journal.unsettled()[0].until.is_some(), "the attempt is over");
    }

    #[tokio::test]
    async fn journal_9_a_dropped_order_that_cannot_have_left_is_nothing() {
        let directory = directory();
        let path = directory.path().join("log");
        let slow = Probe::new(|_| {
            std::thread::sleep(std::time::Duration::from_millis(10));
            Ok(())
        });
        let journal = open_with(&path, slow).unwrap();
        let sending = journal.noted(intent("a"), at(1)).await.unwrap();
        let departure = sending.departure().clone();
        drop(sending);
        assert!(!departure.leave(), "nor can it leave later");
        assert_eq!(unsettled(&journal), Vec::<String>::new());
        // dropped while the disk is waited for
        let begun = journal.noted(intent("b"), at(2));
        assert!(tokio::time::timeout(std::time::Duration::from_millis(1), begun).await.is_err());
        journal.flush().await.unwrap();
        drop(journal.noted(intent("b"), at(3)).await.expect("the id is free"));
        drop(journal);
        let journal = open(&path);
        assert_eq!(unsettled(&journal), Vec::<String>::new());
        drop(journal.noted(intent("c"), at(4)).await.expect("nothing is left over"));
    }

    #[tokio::test]
    async fn leftovers_come_first() {
        let directory = directory();
        let path = directory.path().join("log");
        let journal = open(&path);
        journal.noted(intent("a"), at(1)).await.unwrap().end(&unknown(), at(2)).await;
        lose(journal.noted(intent("b"), at(3)).await.expect("unknowns of this run are the caller's already"));
        drop(journal);

        let journal = open(&path);
        assert_eq!(unsettled(&journal), ["a", "b"]);
        let refused = journal.noted(intent("c"), at(4)).await.err().unwrap().to_string();
        assert!(refused.contains("2 order(s) of an earlier run are unsettled (reconcile() first"), "{refused}");
        let cancel = Intent { action: Action::Cancel, original: Some("0000138".into()), ..intent("cancel") };
        journal.noted(cancel, at(5)).await.expect("a cancellation takes risk away").end(&unknown(), at(6)).await;
        for text in ["a", "b"] {
            journal.declare(&id(text), super::super::Declared::NotPlaced).await.unwrap();
        }
        lose(journal.noted(intent("c"), at(7)).await.unwrap());
        drop(journal);

        let journal = open(&path).despite_unsettled();
        assert_eq!(unsettled(&journal), ["cancel", "c"]);
        lose(journal.noted(intent("d"), at(8)).await.unwrap());
    }

    fn cancel(id: &str) -> Intent {
        Intent { action: Action::Cancel, original: Some("0000138".into()), ..intent(id) }
    }

    /// A disk that is full, or that hangs, when it is told to.
    fn failing(hangs: Option<Duration>) -> (Probe, Arc<AtomicBool>) {
        let bad = Arc::new(AtomicBool::new(false));
        let told = bad.clone();
        let probe = Probe::new(move |step| match (step, hangs) {
            (Step::Half, None) if told.load(Ordering::Relaxed) => Err(std::io::ErrorKind::StorageFull.into()),
            (Step::Half, Some(time)) if told.load(Ordering::Relaxed) => {
                std::thread::sleep(time);
                Ok(())
            }
            _ => Ok(()),
        });
        (probe, bad)
    }

    #[tokio::test]
    async fn an_id_that_is_free_after_an_outcome_that_was_not_noted_does_not_spoil_the_file() {
        for outcome in [Outcome::NotSent(Error::setup(crate::language::fixed!("x", "x"))), unknown()] {
            let directory = directory();
            let path = directory.path().join("log");
            let (probe, full) = failing(None);
            let journal = open_with(&path, probe).unwrap();
            let sending = journal.noted(intent("a"), at(1)).await.unwrap();
            full.store(true, Ordering::Relaxed);
            sending.end(&outcome, at(2)).await;
            assert!(journal.noted(intent("a"), at(3)).await.is_err(), "the disk is full");
            full.store(false, Ordering::Relaxed);
            // what is true is written as soon as it can be
            let again = journal.noted(intent("a"), at(4)).await;
            assert_eq!(again.is_ok(), !outcome.is_unknown());
            drop(again);
            drop(journal);
            let journal = open(&path);
            assert_eq!(unsettled(&journal).len(), usize::from(outcome.is_unknown()));
        }
    }

    #[tokio::test]
    async fn orders_that_gave_up_waiting_for_the_disk_are_not_written() {
        let directory = directory();
        let path = directory.path().join("log");
        let (probe, bad) = failing(Some(Duration::from_secs(1)));
        let journal = open_with(&path, probe).unwrap();
        bad.store(true, Ordering::Relaxed);
        for number in 0..50 {
            let begun = journal.noted(intent(&format!("o{number}")), at(1));
            assert!(tokio::time::timeout(Duration::from_millis(5), begun).await.is_err());
        }
        bad.store(false, Ordering::Relaxed);
        journal.flush().await.unwrap();
        // the head, and the one that was being written when the disk hung
        let lines = std::fs::read_to_string(&path).unwrap().lines().count();
        assert!(lines <= 3, "{lines} lines");
        drop(journal.noted(intent("o7"), at(2)).await.expect("its id is free"));
        drop(journal);
        assert_eq!(unsettled(&open(&path)), Vec::<String>::new());
    }

    #[tokio::test]
    async fn an_outcome_is_not_kept_back_by_a_disk_that_hangs() {
        let directory = directory();
        let (probe, bad) = failing(Some(Duration::from_secs(3)));
        let journal = open_with(directory.path().join("log"), probe).unwrap();
        let sending = journal.noted(intent("a"), at(1)).await.unwrap();
        bad.store(true, Ordering::Relaxed);
        let began = std::time::Instant::now();
        sending.end(&Outcome::Accepted(order("0000138")), at(2)).await;
        assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());
        assert!(journal.failure().is_some_and(|why| why.contains("in this run only")));
        journal.flush().await.unwrap();
        assert_eq!(journal.failure(), None);
    }

    #[tokio::test]
    async fn a_cancellation_goes_out_while_the_journal_cannot_be_written() {
        for hangs in [None, Some(Duration::from_secs(3))] {
            let directory = directory();
            let path = directory.path().join("log");
            let (probe, bad) = failing(hangs);
            let journal = open_with(&path, probe).unwrap();
            bad.store(true, Ordering::Relaxed);
            if hangs.is_some() {
                // with a shorter timeout it does not wait that long
                let began = std::time::Instant::now();
                drop(journal.begin(cancel("short"), at(1), Duration::from_millis(400)).await.unwrap());
                assert!(began.elapsed() < Duration::from_millis(400), "{:?}", began.elapsed());
            }
            let began = std::time::Instant::now();
            let sending = journal.noted(cancel("a"), at(1)).await.expect("it takes risk away");
            assert!(began.elapsed() < Duration::from_secs(2), "{hangs:?}: {:?}", began.elapsed());
            assert!(journal.failure().is_some_and(|why| why.contains("cancellation")), "{:?}", journal.failure());
            assert!(journal.noted(cancel("a"), at(1)).await.is_err(), "its id is taken");
            lose(sending);
            assert_eq!(unsettled(&journal), ["a"], "known in this run");
            drop(journal.noted(cancel("never-sent"), at(2)).await.unwrap());
            if hangs.is_none() {
                assert!(journal.noted(intent("order"), at(3)).await.is_err(), "a new order does not go out");
            }
            assert_eq!(journal.compact(intent("x").date).await.is_ok(), hangs.is_some());
            bad.store(false, Ordering::Relaxed);
            let _ = journal.flush().await;
            drop(journal.noted(intent("order"), at(4)).await.expect("the disk is well again"));
            assert_eq!(unsettled(&journal), ["a"]);
            drop(journal);
            assert_eq!(unsettled(&open(&path)), ["a"], "noted late");
        }
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
        let journal = open_with(&path, probe).unwrap();
        let sending = journal.noted(intent("a"), at(1)).await.unwrap();
        full.store(true, Ordering::Relaxed);
        sending.end(&Outcome::Accepted(order("0000138")), at(2)).await;
        assert_eq!(journal.placed(&id("a")), Some(order("0000138")), "known in this run");
        assert!(journal.failure().unwrap().contains("what became of a was not noted"));
        let refused = journal.noted(intent("b"), at(3)).await.err().unwrap();
        assert!(refused.to_string().contains("cannot be written"), "{refused}");
        assert!(!refused.may_have_been_sent());
        drop(journal);

        let journal = open(&path);
        assert_eq!(unsettled(&journal), ["a"], "the safe side");
    }
}
