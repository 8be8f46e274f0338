//! Where frames go on their way to the queues, as long as somebody records them.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::{SyncSender, TrySendError};
use std::sync::{Mutex, Weak};

use jiff::Timestamp;

use super::note::{Note, What};
use super::redaction::redacted;
use crate::realtime::hub::lock;

/// One recorder as connections see it. It never waits: what the disk is too slow for is counted.
#[derive(Debug)]
pub(in crate::realtime) struct Tap {
    to: SyncSender<Note>,
    /// Frames that were not taken, since the last time that was noted, and in all.
    missing: AtomicU64,
    pub(super) lost: AtomicU64,
}

impl Tap {
    pub(super) fn new(to: SyncSender<Note>) -> Tap {
        Tap { to, missing: AtomicU64::new(0), lost: AtomicU64::new(0) }
    }

    fn take(&self, entry: Note) {
        let missing = self.missing.swap(0, Ordering::Relaxed);
        let note = Note { what: What::Missing, text: missing.to_string(), ..entry.clone() };
        let noted = missing == 0 || self.to.try_send(note).is_ok();
        let taken = noted && !matches!(self.to.try_send(entry), Err(TrySendError::Full(_)));
        if !taken {
            self.missing.fetch_add(if noted { 1 } else { missing + 1 }, Ordering::Relaxed);
            self.lost.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// The recorders of one connection.
#[derive(Default)]
pub(in crate::realtime) struct Taps {
    taps: Mutex<Vec<Weak<Tap>>>,
    count: AtomicUsize,
}

impl Taps {
    /// Adds a recorder; one that is there already stays. `begun`: what it must know of a connection that is open already.
    pub fn add(&self, tap: Weak<Tap>, begun: impl IntoIterator<Item = Note>) {
        let mut taps = lock(&self.taps);
        if taps.iter().any(|known| known.ptr_eq(&tap)) {
            return;
        }
        if let Some(tap) = tap.upgrade() {
            begun.into_iter().for_each(|entry| tap.take(entry));
        }
        taps.push(tap);
        self.count.store(taps.len(), Ordering::Release);
    }

    pub fn note(&self, (what, us): (What, bool), at: Timestamp, text: &str) {
        if self.count.load(Ordering::Acquire) == 0 {
            return;
        }
        let mut taps = lock(&self.taps);
        taps.retain(|tap| tap.strong_count() > 0);
        self.count.store(taps.len(), Ordering::Release);
        if taps.is_empty() {
            return;
        }
        let entry = Note { at, what, us, text: redacted(text).into_owned() };
        for tap in taps.iter().filter_map(Weak::upgrade) {
            tap.take(entry.clone());
        }
    }
}
