//! How a call went, as replies and errors report it.

use std::time::Duration;

/// How a call has gone so far.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Trail {
    pub attempts: u32,
    /// Waiting for turns, and between attempts.
    pub waited: Duration,
    /// Waiting for turns alone.
    pub turns: Duration,
}
