//! When to look at the lists: after each connection, where a push must have been lost, and now and then.

use std::time::Duration;

/// The wish for looks at the lists.
#[derive(Clone, Debug)]
pub(super) struct Looks {
    /// How late the lists are at most.
    pub delay: Duration,
    /// How long nothing is looked at.
    every: Duration,
    at: Option<Duration>,
    /// When pushes were registered, until a list that is young enough was read.
    priming: Option<Duration>,
    doubts: usize,
    pause: Duration,
    /// How many lists were read.
    reads: u64,
    /// When the reading of the last one began.
    began: Option<Duration>,
}

impl Looks {
    pub fn new(delay: Duration, every: Duration) -> Looks {
        Looks { delay, every, at: None, priming: None, doubts: 0, pause: delay, reads: 0, began: None }
    }

    /// When the next look is due.
    pub fn next(&self) -> Option<Duration> {
        self.at
    }

    /// Pushes are registered: a look now, and one that shows what the lists do not show yet.
    pub fn connected(&mut self, now: Duration) {
        (self.at, self.priming) = (Some(now), Some(now));
    }

    /// How many lists were read.
    pub fn reads(&self) -> u64 {
        self.reads
    }

    /// When the reading of the last lists began.
    pub fn began(&self) -> Option<Duration> {
        self.began
    }

    /// Whether a look that was asked for has not begun.
    pub fn is_due(&self, now: Duration) -> bool {
        self.at.is_some_and(|at| at <= now)
    }

    /// The look is under way.
    pub fn taken(&mut self) {
        self.at = None;
    }

    /// It failed: again after a pause.
    pub fn failed(&mut self, now: Duration, pause: Duration) {
        self.sooner(now.saturating_add(pause));
    }

    /// Somebody wants to know.
    pub fn now(&mut self, now: Duration) {
        self.sooner(now);
    }

    /// Somebody wants to know what is true then.
    pub fn by(&mut self, at: Duration) {
        self.sooner(at);
    }

    /// The lists were read; whether everything is known with that.
    pub fn read(&mut self, now: Duration, began: Duration) -> bool {
        // what is still in doubt is looked at again, after longer and longer pauses
        self.doubts = 0;
        self.reads += 1;
        self.began = Some(began);
        self.pause = self.pause.saturating_mul(2).min(self.every).max(self.delay);
        let Some(since) = self.priming else { return false };
        let young = since.saturating_add(self.delay);
        if began >= young {
            self.priming = None;
            return true;
        }
        self.sooner(young.max(now));
        false
    }

    /// How many orders are in doubt after something happened.
    pub fn wish(&mut self, now: Duration, doubts: usize) {
        if doubts > self.doubts {
            if self.doubts > 0 {
                self.pause = self.delay;
            }
            self.sooner(now.saturating_add(self.pause.max(self.delay)));
        } else if doubts == 0 {
            self.pause = self.delay;
        }
        self.doubts = doubts;
        // also if nothing is open: an order of somebody else, whose pushes were lost, left no trace here
        self.sooner(now.saturating_add(self.every));
    }

    fn sooner(&mut self, at: Duration) {
        self.at = Some(self.at.map_or(at, |known| known.min(at)));
    }
}
