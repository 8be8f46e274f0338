//! What was meant to be done and what became of it, on disk: written before an order is sent, read after a crash.
//!
//! It knows neither requests nor the network. Layers: `line` (bytes and checksum), `entry` (what is noted), `ledger` (what
//! the entries add up to), `log_file` (the file and its lock); this file joins them and keeps blocking writes off async tasks.

mod entry;
mod ledger;
mod line;
mod log_file;
mod probe;
mod replay;
mod sending;
mod snapshot;

#[cfg(test)]
mod kill_tests;
#[cfg(test)]
mod replay_tests;
#[cfg(test)]
pub(super) mod samples;

use std::collections::HashSet;
use std::fmt;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use jiff::civil::Date;

use self::entry::{By, Entry, Fate, server_name};
use self::ledger::{Ledger, Noted};
use self::log_file::{Found, LogFile};
use self::probe::Probe;
use self::replay::replay;
pub(super) use self::snapshot::Snapshot;
use super::{Intent, OrderId, OrderRef};
use crate::error::Kind;
use crate::{Error, Server};

/// The file in which orders are noted before they are sent, so that a crash loses none.
///
/// - A line for each intent is on the disk (`fsync`) before the order leaves; a second line says what became of it. An
///   intent without a second line is *unsettled*: [`reconcile`](Journal::reconcile) asks the broker.
/// - An id stands for one order: while its order may exist at the broker, another one with that id is not sent.
/// - While an earlier run has left something unsettled, new orders are not sent (changes and cancellations are), unless
///   [`despite_unsettled`](Journal::despite_unsettled) says so.
/// - One process at a time: the file is locked. One journal for an account: an equal order that another program sends
///   through the REST API in the same minutes cannot be told from one's own.
/// - No account, key, token or message of the broker is in it. It grows by about 500 bytes an order;
///   [`compact`](Journal::compact) drops what is over.
///
/// Each line is a CRC-32 and a JSON object: `cut -d' ' -f2- orders.log | jq` shows it.
///
/// ```
/// use kiwoom_api::Server;
/// use kiwoom_api::order::Journal;
///
/// # let directory = std::env::temp_dir().join(format!("kiwoom-journal-{}", std::process::id()));
/// # std::fs::create_dir_all(&directory).unwrap();
/// # let path = directory.join("orders.log");
/// let journal = Journal::open(&path, &Server::Mock)?;
/// for left in journal.unsettled() {
///     println!("{} was under way at {}", left.intent.id, left.since);
/// }
/// # drop(journal);
/// # std::fs::remove_dir_all(directory).unwrap();
/// # Ok::<(), kiwoom_api::Error>(())
/// ```
#[derive(Clone)]
pub struct Journal(Arc<Shared>);

struct Shared {
    book: Mutex<Book>,
    /// Intents whose attempt goes on in this process: nothing can be said of them yet.
    sending: Mutex<HashSet<OrderId>>,
    despite_unsettled: AtomicBool,
    torn: u64,
}

/// The file and what it says; one lock, so that both always agree. Taken before that of `sending`, never after it.
struct Book {
    log: LogFile,
    ledger: Ledger,
    server: &'static str,
    /// Why an outcome could not be noted.
    unnoted: Option<String>,
}

/// An intent of which nobody knows what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Unsettled {
    /// What was meant.
    pub intent: Intent,
    /// When it was noted, which was before it was sent.
    pub since: Timestamp,
    /// When the attempt ended; `None` if the process died in the middle.
    pub until: Option<Timestamp>,
}

/// What became of an unsettled intent, for callers who know better than the broker's lists: see [`Journal::declare`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Declared {
    /// The broker took it, as this order.
    Placed(OrderRef),
    /// There is no such order.
    NotPlaced,
}

impl Journal {
    /// Opens the file, or creates it (readable by its owner only), and reads what it says.
    ///
    /// A last line without an end was being written when a process died: it is cut off, see [`torn_bytes`](Self::torn_bytes).
    ///
    /// # Errors
    /// A file that cannot be written, is in use, belongs to another server, or was changed after it was written: such a
    /// line is named, with what to do.
    pub fn open(path: impl Into<PathBuf>, server: &Server) -> Result<Journal, Error> {
        Journal::open_with(path.into(), server, Probe::default())
    }

    fn open_with(path: PathBuf, server: &Server, probe: Probe) -> Result<Journal, Error> {
        let problem = |what: String| Error::new(Kind::Journal(format!("{}: {what}", path.display())));
        let Found { mut log, lines, torn } = LogFile::open(&path, probe).map_err(|error| {
            problem(format!("cannot be opened: {error} (choose a file that this process may write)"))
        })?;
        let server = server_name(server);
        let ledger = replay(&lines, server).map_err(&problem)?;
        if lines.is_empty() {
            let head = Entry::Head { server: server.to_owned() };
            log.append(&head.write()).map_err(|error| problem(unwritable(&error)))?;
        }
        let book = Mutex::new(Book { log, ledger, server, unnoted: None });
        Ok(Journal(Arc::new(Shared { book, sending: Mutex::default(), despite_unsettled: false.into(), torn })))
    }

    /// Lets new orders be sent although an earlier run has left something unsettled.
    #[must_use]
    pub fn despite_unsettled(self) -> Journal {
        self.0.despite_unsettled.store(true, Ordering::Relaxed);
        self
    }

    /// Intents of which nobody knows what became of them, oldest first. Those that are being sent are not among them.
    pub fn unsettled(&self) -> Vec<Unsettled> {
        let book = lock(&self.0.book);
        let sending = lock(&self.0.sending);
        let over = book.ledger.unknown().filter(|noted| !sending.contains(&noted.intent.id));
        over.map(Noted::unsettled).collect()
    }

    /// The order that an id stands for, if the broker is known to have taken it.
    pub fn placed(&self, id: &OrderId) -> Option<OrderRef> {
        match &lock(&self.0.book).ledger.get(id)?.fate {
            Fate::Placed(order) => Some(order.clone()),
            _ => None,
        }
    }

    /// Bytes at the end of the file that were being written when a process died, and were cut off. Nothing was sent for them.
    pub fn torn_bytes(&self) -> u64 {
        self.0.torn
    }

    /// Why the file is not, or was once not, written to: no order is sent while a new line cannot be written, and an outcome
    /// that could not be noted leaves its intent unsettled after a restart.
    pub fn failure(&self) -> Option<String> {
        let book = lock(&self.0.book);
        book.log.failure().map(str::to_owned).or_else(|| book.unnoted.clone())
    }

    /// Settles what the broker's lists leave in doubt: two equal orders, a day that they no longer show.
    ///
    /// Look before you declare: [`Declared::NotPlaced`] lets the order be sent again.
    ///
    /// # Errors
    /// An id that is not unsettled; a file that cannot be written.
    pub async fn declare(&self, id: &OrderId, declared: Declared) -> Result<(), Error> {
        let fate = match declared {
            Declared::Placed(order) => Fate::Placed(order),
            Declared::NotPlaced => Fate::Nothing,
        };
        self.settle(id.clone(), fate, By::Caller).await
    }

    /// Drops from the file what was settled and meant before `keep_from`, and says how many intents are left.
    ///
    /// The ids of what is dropped are free again. Killed in the middle, the file is as before or as after.
    ///
    /// # Errors
    /// A file that cannot be written; it is as before then.
    pub async fn compact(&self, keep_from: Date) -> Result<usize, Error> {
        self.write(move |book| {
            let mut lines = Entry::Head { server: book.server.to_owned() }.write();
            lines.extend(book.ledger.entries(keep_from).flat_map(|entry| entry.write()));
            book.log.replace(&lines).map_err(|error| unwritable(&error))?;
            book.ledger.forget_before(keep_from);
            Ok(book.ledger.all().count())
        })
        .await
    }

    fn may_place_despite_unsettled(&self) -> bool {
        self.0.despite_unsettled.load(Ordering::Relaxed)
    }

    async fn settle(&self, id: OrderId, fate: Fate, by: By) -> Result<(), Error> {
        let journal = self.clone();
        self.write(move |book| {
            let unknown = book.ledger.get(&id).is_some_and(|noted| noted.fate == Fate::Unknown);
            if !unknown || lock(&journal.0.sending).contains(&id) {
                return Err(format!("order id {id}: nothing is unsettled (see unsettled())"));
            }
            let entry = Entry::Fate { id, at: Timestamp::now(), fate, by };
            book.log.append(&entry.write()).map_err(|error| unwritable(&error))?;
            book.ledger.take(entry).map_err(str::to_owned)
        })
        .await
    }

    /// Runs one change of the book where it may block, one after the other. Runs to its end even if nobody waits for it.
    async fn write<T: Send + 'static>(
        &self,
        change: impl FnOnce(&mut Book) -> Result<T, String> + Send + 'static,
    ) -> Result<T, Error> {
        let shared = self.0.clone();
        let done = tokio::task::spawn_blocking(move || {
            let mut book = lock(&shared.book);
            change(&mut book)
                .map_err(|what| Error::new(Kind::Journal(format!("{}: {what}", book.log.path().display()))))
        });
        done.await.unwrap_or_else(|_| Err(Error::new(Kind::Journal("the runtime is shutting down".into()))))
    }
}

fn unwritable(error: &std::io::Error) -> String {
    format!("cannot be written: {error} (nothing is sent that is not noted; free the disk or choose another file)")
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Unsettled {
    pub(super) fn new(intent: Intent, since: Timestamp, until: Option<Timestamp>) -> Unsettled {
        Unsettled { intent, since, until }
    }
}

impl Noted {
    fn unsettled(&self) -> Unsettled {
        Unsettled::new(self.intent.clone(), self.at, self.ended)
    }
}

impl fmt::Debug for Journal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let book = lock(&self.0.book);
        f.debug_struct("Journal").field("path", &book.log.path()).finish_non_exhaustive()
    }
}
