//! When the next request may leave.

use std::time::Duration;

/// One request at a time, each a little after the last one and after its answer.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pace {
    free: Duration,
}

impl Pace {
    /// Nothing leaves before `at`.
    pub fn hold(&mut self, at: Duration) {
        self.free = self.free.max(at);
    }

    /// The first moment at which a request may leave.
    pub fn free(&self) -> Duration {
        self.free
    }
}
