//! Where a socket is, and what does not fit on it.

use std::time::Duration;

/// Where a socket is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    /// Nobody wants anything.
    Idle,
    /// Until then, before another connection.
    Wait { until: Duration },
    /// A token and a connection are on their way.
    Connect { until: Duration },
    /// LOGIN is on its way.
    Login { until: Duration },
    /// Logged in, since then. What is registered is the ledger's business.
    Open { since: Duration },
}

/// More is wanted than the broker has room for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TooMany {
    Symbols { wanted: usize, most: usize },
    Searches { wanted: usize, most: usize },
}
