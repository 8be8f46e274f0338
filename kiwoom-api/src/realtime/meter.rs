//! What the connection of one market counts, for the hook of the client.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use super::push::Push;
use crate::Clock;
use crate::net::observe::RealtimeReport;

/// What had to go for a push.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lost {
    Nothing,
    /// The oldest of its topic.
    Dropped,
    /// An older one of its symbol.
    Replaced,
}

/// Counts since the last report.
#[derive(Default)]
pub(super) struct Meter {
    clock: Clock,
    /// Somebody wants to know: only then is the time of items taken.
    on: AtomicBool,
    frames: AtomicU64,
    bytes: AtomicU64,
    pushes: AtomicU64,
    items: AtomicU64,
    dropped: AtomicU64,
    replaced: AtomicU64,
    gaps: AtomicU64,
    unknown: AtomicU64,
    connections: AtomicU64,
    waited: AtomicU64,
    slowest: AtomicU64,
}

impl Meter {
    pub fn new(clock: Clock) -> Meter {
        Meter { clock, ..Meter::default() }
    }

    pub fn turn_on(&self) {
        self.on.store(true, Relaxed);
    }

    pub fn frame(&self, bytes: usize) {
        self.frames.fetch_add(1, Relaxed);
        self.bytes.fetch_add(bytes as u64, Relaxed);
    }

    pub fn pushes(&self, count: usize) {
        self.pushes.fetch_add(count as u64, Relaxed);
    }

    pub fn connection(&self) {
        self.connections.fetch_add(1, Relaxed);
    }

    pub fn gap(&self) {
        self.gaps.fetch_add(1, Relaxed);
    }

    /// FIDs that the topic does not have.
    pub fn unknown(&self, count: usize) {
        self.unknown.fetch_add(count as u64, Relaxed);
    }

    pub fn lost(&self, lost: Lost) {
        match lost {
            Lost::Nothing => {}
            Lost::Dropped => drop(self.dropped.fetch_add(1, Relaxed)),
            Lost::Replaced => drop(self.replaced.fetch_add(1, Relaxed)),
        }
    }

    /// A push is handed out.
    pub fn taken(&self, push: &Push) {
        if self.on.load(Relaxed) {
            let waited = u64::try_from(self.clock.now().saturating_sub(push.heard()).as_nanos()).unwrap_or(u64::MAX);
            self.items.fetch_add(1, Relaxed);
            self.waited.fetch_add(waited, Relaxed);
            self.slowest.fetch_max(waited, Relaxed);
        }
    }

    /// What was counted since the last time.
    pub fn take(&self) -> RealtimeReport {
        let take = |counter: &AtomicU64| counter.swap(0, Relaxed);
        let (items, waited) = (take(&self.items), take(&self.waited));
        RealtimeReport {
            connections: take(&self.connections),
            frames: take(&self.frames),
            bytes: take(&self.bytes),
            pushes: take(&self.pushes),
            items,
            dropped: take(&self.dropped),
            replaced: take(&self.replaced),
            gaps: take(&self.gaps),
            unknown: take(&self.unknown),
            average: Duration::from_nanos(waited.checked_div(items).unwrap_or_default()),
            slowest: Duration::from_nanos(take(&self.slowest)),
        }
    }
}
