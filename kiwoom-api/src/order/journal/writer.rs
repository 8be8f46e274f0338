//! The thread that waits for the disk, so that no other does: it takes changes of the file one after the other.
//!
//! It ends when nobody can send it work any more and all its work is done; then the file is closed.

use std::collections::VecDeque;
use std::io;
use std::sync::mpsc::{self, Sender};
use std::sync::{Arc, OnceLock};

use super::entry::Note;
use super::ledger::Ledger;
use super::log_file::LogFile;
use super::tail::LONGEST;
use crate::language::{Both, both, fixed};

/// The file, and what it says. What is known in memory may be ahead of it by outcomes that wait to be written.
pub(super) struct Book {
    log: LogFile,
    pub ledger: Ledger,
    /// What must be in the file and could not be written when it became known, in its order: it goes before anything else.
    owed: VecDeque<Note>,
    broken: Arc<OnceLock<Both>>,
}

type Job = Box<dyn FnOnce(&mut Book) + Send>;

/// The way to the thread.
#[derive(Debug)]
pub(super) struct Writer {
    changes: Sender<Job>,
    broken: Arc<OnceLock<Both>>,
}

impl Writer {
    pub fn start(log: LogFile, ledger: Ledger) -> io::Result<Writer> {
        let (changes, queue) = mpsc::channel::<Job>();
        let broken = Arc::new(OnceLock::new());
        let mut book = Book { log, ledger, owed: VecDeque::new(), broken: broken.clone() };
        let thread = std::thread::Builder::new().name("kiwoom-journal".into());
        thread.spawn(move || queue.into_iter().for_each(|change| change(&mut book)))?;
        Ok(Writer { changes, broken })
    }

    /// Gives the thread something to do, and does not wait. If the thread is gone, the change is dropped undone, and
    /// [`broken`](Self::broken) says so.
    pub fn queue(&self, change: impl FnOnce(&mut Book) + Send + 'static) {
        if self.changes.send(Box::new(change)).is_err() {
            let _ = self.broken.set(ENDED);
        }
    }

    /// Why nothing is written any more.
    pub fn broken(&self) -> Option<Both> {
        self.broken.get().cloned()
    }
}

impl Book {
    /// Writes an entry behind all that is owed; when this returns, the disk has it.
    pub fn note(&mut self, entry: &Note) -> Result<(), Both> {
        self.catch_up()?;
        self.write(entry)
    }

    /// Writes an entry that is true whether it can be written or not: later, if not now.
    pub fn owe(&mut self, entry: Note) -> Result<(), Both> {
        if let Err(what) = self.catch_up() {
            self.owed.push_back(entry);
            return Err(what);
        }
        let (line, follows) = (entry.write(), self.ledger.can_take(&entry));
        let written = self.write(&entry);
        // what can never be written would stand in the way of everything else
        if written.is_err() && follows.is_ok() && line.len() <= LONGEST {
            self.owed.push_back(entry);
        }
        written
    }

    /// Writes what could not be written before.
    pub fn catch_up(&mut self) -> Result<(), Both> {
        while let Some(entry) = self.owed.front().cloned() {
            let possible = entry.write().len() <= LONGEST && self.ledger.can_take(&entry).is_ok();
            if possible {
                self.write(&entry)?;
            }
            self.owed.pop_front();
        }
        Ok(())
    }

    /// Nothing that cannot be read again is written.
    fn write(&mut self, entry: &Note) -> Result<(), Both> {
        self.ledger.can_take(entry)?;
        let written = self.log.append(&entry.write());
        self.done(written)?;
        self.ledger.take(entry.clone())
    }

    /// Writes these entries in the place of all there are.
    pub fn replace(&mut self, entries: &[Note]) -> Result<(), Both> {
        let lines: Vec<u8> = entries.iter().flat_map(Note::write).collect();
        let replaced = self.log.replace(&lines);
        self.done(replaced)
    }

    /// Fails where the file is no longer the one that its name leads to.
    pub fn check_name(&mut self) -> Result<(), Both> {
        self.log.check_name().map_err(|error| unwritable(&error))
    }

    fn done(&self, result: io::Result<()>) -> Result<(), Both> {
        if let Some(why) = self.log.failure() {
            let _ = self.broken.set(Both::new(why.to_owned(), why.to_owned()));
        }
        result.map_err(|error| unwritable(&error))
    }
}

/// The thread is gone.
pub(super) const ENDED: Both = fixed!("its thread has ended (open it again)", "스레드가 끝났습니다 (다시 여세요)");

pub(super) fn unwritable(error: &io::Error) -> Both {
    both!(
        "cannot be written: {error} (no new order is sent that is not noted; free the disk or choose another file)",
        "쓸 수 없습니다: {error} (적지 못한 새 주문은 보내지 않습니다. 디스크를 비우거나 다른 파일을 고르세요)"
    )
}
