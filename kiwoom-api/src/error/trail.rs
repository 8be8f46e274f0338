//! How a call went, as replies and errors tell it.

use std::time::Duration;

/// How a call went, while it goes.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Trail {
    pub attempts: u32,
    /// For turns, and between attempts.
    pub waited: Duration,
    /// For turns alone.
    pub turns: Duration,
}
