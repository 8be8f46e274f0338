//! Live orders: one state per order, joined from replies, pushes and lists.

mod book;
mod chain;
mod core;
#[cfg(all(any(feature = "domestic-order", feature = "domestic-margin-order"), feature = "domestic-account", feature = "domestic-realtime"))]
mod domestic;
mod driver;
mod entry;
mod event;
mod facts;
mod handle;
mod looks;
mod market;
mod order;
mod report;
mod sending;
mod setup;
mod stream;
#[cfg(all(feature = "us-order", feature = "us-account", feature = "us-realtime"))]
mod us;

#[cfg(test)]
mod tests;

pub use self::chain::LiveChain;
pub use self::event::LiveEvent;
pub use self::handle::{LiveOrders, Settled};
pub use self::order::{LiveFill, LiveOrder, LiveStatus, Origin, Proof};
pub use self::setup::LiveSetup;
pub use self::stream::LiveEvents;
