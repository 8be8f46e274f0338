//! What happens to pushes that nobody has read yet.

/// How many pushes of a topic wait for a slow reader, and which ones go first. No policy ever delays the heartbeat or another
/// subscription.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Policy {
    /// So many wait; then the oldest is dropped, and [`Event::Lagged`](super::Event::Lagged) says how many were.
    DropOldest(usize),
    /// Only the newest push of each symbol waits: right for order books, wrong for trades.
    Latest,
    /// None is dropped before a million wait: right for orders and balances.
    Keep,
}

/// The bound of [`Policy::Keep`]: beyond it memory is in danger, and the oldest goes.
pub(super) const MOST: usize = 1 << 20;

impl Default for Policy {
    fn default() -> Policy {
        Policy::DropOldest(10_000)
    }
}
