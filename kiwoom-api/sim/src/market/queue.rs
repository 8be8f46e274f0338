//! Where an order stands among the others of its price.

/// Decides how many shares of others trade before an order of the account at the same price.
pub trait QueueModel: Send + Sync + 'static {
    /// How many of the `standing` shares are ahead of an order that joins now.
    fn ahead_of_new(&self, standing: i64) -> i64;

    /// How many are still ahead when others cancelled, so that `left` of them stand at the price.
    fn ahead_after_cancel(&self, ahead: i64, left: i64) -> i64;
}

/// The conservative queue, and the default: an order stands behind all that was there before it, and whoever cancels
/// stood behind it as long as that is possible.
#[derive(Clone, Copy, Debug, Default)]
pub struct BehindAll;

impl QueueModel for BehindAll {
    fn ahead_of_new(&self, standing: i64) -> i64 {
        standing
    }

    fn ahead_after_cancel(&self, ahead: i64, left: i64) -> i64 {
        ahead.min(left)
    }
}
