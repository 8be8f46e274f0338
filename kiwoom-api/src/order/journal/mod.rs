//! Intents and their outcomes, on disk: written before an order is sent, read after a crash.
//!
//! It knows neither requests nor the network. Layers: `line` (bytes and checksum), `entry` (what is recorded), `ledger`
//! (what the entries add up to), `tail` (what a power cut leaves), `disk` and `log_file` (the file and its lock),
//! `writer` (the one thread that waits for the disk); this file joins them. Reading memory never waits for the disk.

pub(super) mod disk;
mod entry;
mod ledger;
mod line;
mod log_file;
mod open;
mod probe;
mod replay;
mod sending;
mod snapshot;
mod tail;
mod writer;

#[cfg(test)]
mod kill_tests;
#[cfg(test)]
mod power_cut_tests;
#[cfg(test)]
mod replay_tests;
#[cfg(test)]
pub(super) mod samples;
#[cfg(test)]
pub(super) mod slow_disk_tests;

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use jiff::civil::Date;

use self::entry::{By, Fate, Note};
use self::ledger::{Ledger, Noted};
use self::open::{Access, Owner};
pub(super) use self::snapshot::Snapshot;
use self::writer::{Book, Writer};
use super::{OrderId, OrderRef, Unsettled};
use crate::error::Kind;
use crate::language::{Both, both, fixed};
use crate::net::guard::{Halt, Notebook};
use crate::net::identity::Identity;
use crate::{Client, Error};

/// How long callers wait for the file: a cancellation and an outcome wait for the disk (after that, the cancellation is
/// sent and the outcome returned, recorded or not), and opening a journal waits for its lock.
pub(super) const PATIENCE: Duration = Duration::from_secs(1);

/// The file in which orders are recorded before they are sent, so that a crash loses none.
///
/// - Each intent is on disk (`fsync`) before the order leaves; a second line records its outcome. An intent without a
///   second line is *unsettled*: [`reconcile`](Journal::reconcile) asks the broker.
/// - An id stands for one order: while that order may exist at the broker, another one with the same id is not sent.
/// - While the file cannot be written, no new order and no change is sent. A cancellation is sent, recorded or not,
///   because it reduces risk; [`failure`](Journal::failure) reports the problem. It waits for the disk for one second
///   at most.
/// - While something from an earlier run is unsettled, new orders are not sent, but changes and cancellations are.
///   [`despite_unsettled`](Journal::despite_unsettled) lifts this.
/// - One process uses the file at a time: it is locked, regardless of the name used to open it. Keep it on a local
///   disk. Compaction also uses the name with `.new` appended.
/// - Each account has its own journal: the file holds the environment, the address and a digest of the app key, and a
///   client of another account is refused. If another program sends an equal order through the REST API in the same minutes,
///   nothing tells the two apart.
/// - An engaged [`KillSwitch`](crate::KillSwitch) is recorded too: it is still engaged in the next run.
/// - It holds no account number, key, token or message of the broker. It grows by about 500 bytes an order;
///   [`compact`](Journal::compact) drops old orders.
/// - A separate thread waits for the disk; nothing here blocks the thread of an async program.
///
/// [`promises`](crate::order::promises) lists what this guarantees, and what it assumes.
///
/// Each line is a JSON object between two copies of its CRC-32: `sed -E 's/^.{9}(.*).{9}$/\\1/' orders.log | jq` shows it.
///
/// ```
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// use kiwoom_api::order::Journal;
/// use kiwoom_api::{Client, Credentials, Server};
///
/// # let directory = std::env::temp_dir().join(format!("kiwoom-journal-{}", std::process::id()));
/// # std::fs::create_dir_all(&directory).unwrap();
/// # let path = directory.join("orders.log");
/// let client = Client::new(Server::Mock, Credentials::new("key", "secret"))?;
/// let journal = Journal::open(&path, &client).await?;
/// for left in journal.unsettled() {
///     println!("{} was under way at {}", left.intent.id, left.since);
/// }
/// # drop(journal);
/// # std::fs::remove_dir_all(directory).unwrap();
/// # Ok::<(), kiwoom_api::Error>(())
/// # }).unwrap();
/// ```
#[derive(Clone)]
pub struct Journal(Arc<Opened>);

#[derive(Debug)]
struct Opened {
    path: PathBuf,
    owner: Owner,
    state: Arc<Mutex<Known>>,
    writer: Writer,
    despite_unsettled: AtomicBool,
    torn: u64,
}

/// What is known, in memory. Outcomes stand here at once, intents when the disk has them. Held for moments, never over a write.
#[derive(Debug, Default)]
struct Known {
    ledger: Ledger,
    /// Intents whose attempt goes on in this process: nothing can be said of them yet.
    sending: HashSet<OrderId>,
    /// What is known and waits for the disk, and since when.
    ahead: HashMap<u64, Instant>,
    /// How much was queued so far.
    queued: u64,
    /// Why something that is true could not be noted.
    unnoted: Option<Both>,
}

/// The outcome of an unsettled intent, for callers who know better than the broker's lists: see [`Journal::declare`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Declared {
    /// The broker accepted it, as this order.
    Placed(OrderRef),
    /// There is no such order.
    NotPlaced,
}

impl Journal {
    /// Lets new orders pass although something from an earlier run is unsettled.
    #[must_use]
    pub fn despite_unsettled(self) -> Journal {
        self.0.despite_unsettled.store(true, Ordering::Relaxed);
        self
    }

    /// The intents whose fate is unknown, oldest first, without those that are being sent now.
    pub fn unsettled(&self) -> Vec<Unsettled> {
        lock(&self.0.state).unsettled()
    }

    /// The order that an id stands for, if the broker is known to have accepted it.
    pub fn placed(&self, id: &OrderId) -> Option<OrderRef> {
        match self.known(id)? {
            Declared::Placed(order) => Some(order),
            Declared::NotPlaced => None,
        }
    }

    /// What became of an intent; `None` if that is unknown, or nothing was noted under this id.
    pub(super) fn known(&self, id: &OrderId) -> Option<Declared> {
        match &lock(&self.0.state).ledger.get(id)?.fate {
            Fate::Placed(order) => Some(Declared::Placed(order.clone())),
            Fate::Rejected(_) | Fate::Nothing => Some(Declared::NotPlaced),
            Fate::Unknown => None,
        }
    }

    /// How many bytes were cut off the end of the file, because they were being written when a process died or the power
    /// failed. Nothing was sent for them.
    pub fn torn_bytes(&self) -> u64 {
        self.0.torn
    }

    /// Why the file cannot be written, or once could not. While a line cannot be written, no order is sent, but a
    /// cancellation is, because it reduces risk. An entry that could not be recorded is recorded as soon as the file
    /// can be written again; if an outcome is never recorded, its intent is unsettled after a restart.
    pub fn failure(&self) -> Option<String> {
        self.trouble().map(Both::into_english)
    }

    /// The same in both languages.
    fn trouble(&self) -> Option<Both> {
        let state = lock(&self.0.state);
        let ahead = || {
            let count = state.ahead.values().filter(|since| since.elapsed() >= PATIENCE).count();
            (count > 0).then(|| {
                both!(
                    "the disk is slow or hangs: {count} outcome(s), cancellation(s) or halt(s) wait for the disk and are known in \
                     this run only",
                    "디스크가 느리거나 멈췄습니다: 결과, 취소, 정지 {count}건이 디스크를 기다리고 있어 이번 실행에서만 알 수 있습니다"
                )
            })
        };
        self.0.writer.broken().or_else(|| state.unnoted.clone()).or_else(ahead)
    }

    /// Waits until everything recorded so far is on disk: the fate of orders whose futures were dropped, and that the
    /// kill switch was engaged. Everything else is on disk when its own call returns, unless the disk takes more than a
    /// second: then an outcome is returned anyway, and recorded when the disk is ready.
    ///
    /// # Errors
    /// Something could not be recorded: see [`failure`](Self::failure).
    pub async fn flush(&self) -> Result<(), Error> {
        self.write(Book::catch_up).await?;
        self.trouble().map_or(Ok(()), |why| Err(self.problem(why)))
    }

    /// States what happened to an order, if the broker's lists leave it in doubt (two equal orders, a day that they no
    /// longer show), or if [`reconcile`](Journal::reconcile) or an earlier statement was wrong.
    ///
    /// Check before you declare: [`Declared::NotPlaced`] lets the order be sent again.
    ///
    /// # Errors
    /// The id is unknown, the reply to its order already settled it, or the file cannot be written.
    pub async fn declare(&self, id: &OrderId, declared: Declared) -> Result<(), Error> {
        let fate = match declared {
            Declared::Placed(order) => Fate::Placed(order),
            Declared::NotPlaced => Fate::Nothing,
        };
        self.settle((id.clone(), None), fate, By::Caller).await
    }

    /// Drops settled intents of days before `keep_from`, and returns how many intents are left.
    ///
    /// Intents that [`reconcile`](Journal::reconcile) may need to tell orders apart stay: those of today and of the two days
    /// before, and those of each day on which an unsettled order may have been taken. The ids of dropped intents are free
    /// again. If the process is killed in the middle, the file is as it was before or as it is after.
    ///
    /// # Errors
    /// The file cannot be written, or has a second name (a hard link). The file stays unchanged.
    pub async fn compact(&self, keep_from: Date) -> Result<usize, Error> {
        let (state, Owner { identity, broker }) = (self.0.state.clone(), self.0.owner.clone());
        self.write(move |book| {
            // what is owed is written behind the new lines, if not now
            let _ = book.catch_up();
            let needed = book.ledger.needed(keep_from, broker.moment());
            let mut entries = vec![Note::Head { identity }];
            entries.extend(book.ledger.entries(&needed));
            book.replace(&entries)?;
            let gone = book.ledger.others(&needed);
            book.ledger.keep(&needed);
            let mut state = lock(&state);
            // memory may know of cancellations that the disk does not have yet
            state.ledger.forget(&gone);
            Ok(state.ledger.all().count())
        })
        .await
    }

    /// Fails if the journal records the orders of an account other than `identity`.
    pub(super) fn check(&self, identity: &Identity) -> Result<(), Error> {
        replay::owned(&self.0.owner.identity, identity, Access::Ours).map_err(|what| self.problem(what))
    }

    /// Lets it record the halts of a client.
    pub(super) fn attach(&self, client: &Client) {
        let notebook: Arc<dyn Notebook> = self.0.clone();
        client.guard().attach(Arc::downgrade(&notebook));
    }

    fn may_place_despite_unsettled(&self) -> bool {
        self.0.despite_unsettled.load(Ordering::Relaxed)
    }

    /// `since` says which use of an id is meant, where a later one would be another order.
    async fn settle(&self, (id, since): (OrderId, Option<Timestamp>), fate: Fate, by: By) -> Result<(), Error> {
        let (state, broker) = (self.0.state.clone(), self.0.owner.broker.clone());
        self.write(move |book| {
            lock(&state).may_settle((&id, since), &fate, by)?;
            let entry = Note::Fate { id, at: broker.moment(), fate, by };
            book.note(&entry)?;
            lock(&state).ledger.take(entry)
        })
        .await
    }

    /// Runs one change of the book on the thread that may block, one after the other. Runs to its end even if nobody waits.
    async fn write<T: Send + 'static>(
        &self,
        change: impl FnOnce(&mut Book) -> Result<T, Both> + Send + 'static,
    ) -> Result<T, Error> {
        let (tell, told) = tokio::sync::oneshot::channel();
        self.0.writer.queue(move |book| {
            let _ = tell.send(change(book));
        });
        let done = told.await.unwrap_or_else(|_| Err(writer::ENDED));
        done.map_err(|what| self.problem(what))
    }

    fn problem(&self, what: Both) -> Error {
        let path = self.0.path.display();
        Error::new(Kind::Journal(both!("{path}: {what}", "{path}: {what}", what)))
    }
}

impl Known {
    /// Something is known that the disk does not have yet. Gives the number by which it is [taken off](Self::reached).
    fn queue(&mut self) -> u64 {
        self.queued += 1;
        self.ahead.insert(self.queued, Instant::now());
        self.queued
    }

    fn reached(&mut self, number: u64) {
        self.ahead.remove(&number);
    }

    fn unsettled(&self) -> Vec<Unsettled> {
        let over = self.ledger.unknown().filter(|noted| !self.sending.contains(&noted.intent.id));
        over.map(Noted::unsettled).collect()
    }

    fn may_settle(&self, (id, since): (&OrderId, Option<Timestamp>), fate: &Fate, by: By) -> Result<(), Both> {
        let noted = self.ledger.get(id).filter(|noted| since.is_none_or(|since| noted.at == since));
        let noted = noted.filter(|_| !self.sending.contains(id));
        let why = match noted {
            None => fixed!(
                "no such order was noted, or it is being sent",
                "그런 주문은 적혀 있지 않거나, 지금 보내는 중입니다"
            ),
            Some(noted) if by == By::Lists && noted.fate != Fate::Unknown => {
                fixed!("it is settled", "이미 확인되었습니다")
            }
            Some(noted) if !noted.may_be_declared() => {
                fixed!("the broker's reply to the order settled it", "증권사의 응답으로 확인되었습니다")
            }
            Some(noted) if noted.fate == *fate => {
                fixed!("this is what the journal says already", "일지에 이미 그렇게 적혀 있습니다")
            }
            Some(_) => return Ok(()),
        };
        Err(both!(
            "order id {id}: nothing is unsettled: {why} (see unsettled())",
            "주문 {id}: 확인할 것이 없습니다: {why} (unsettled()를 보세요)",
            why
        ))
    }
}

/// Halts are recorded at once in memory, and on the disk in their turn.
impl Notebook for Opened {
    fn halt(&self) -> Option<Halt> {
        lock(&self.state).ledger.halt().cloned()
    }

    fn note(&self, halt: Option<&Halt>) {
        let mut state = lock(&self.state);
        if state.ledger.halt() == halt {
            return;
        }
        let at = self.owner.broker.moment();
        let entry = halt.map_or(Note::Resume { at }, |halt| Note::Halt { halt: halt.clone(), at });
        // a halt follows anything
        let _ = state.ledger.take(entry.clone());
        let (noting, number) = (self.state.clone(), state.queue());
        self.writer.queue(move |book| {
            let noted = book.owe(entry);
            let mut state = lock(&noting);
            state.reached(number);
            if let Err(what) = noted {
                state.unnoted =
                    Some(both!("the kill switch was not noted: {what}", "비상 정지를 적지 못했습니다: {what}", what));
            }
        });
    }

    fn unsettled(&self) -> Vec<Unsettled> {
        lock(&self.state).unsettled()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Noted {
    fn unsettled(&self) -> Unsettled {
        Unsettled::new(self.intent.clone(), self.at, self.ended)
    }
}

impl fmt::Debug for Journal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Journal").field("path", &self.0.path).finish_non_exhaustive()
    }
}
