//! Live orders: one state for each order of the account, joined from replies, pushes and the broker's lists.
//!
//! ```text
//!   submit, modify, cancel          pushes 00 (domestic), F4 F5 (US)      lists, all pages
//!   replies: taken, refused, lost   early, late, twice, never             after each connection, in doubt, now and then
//!            |                                |                                  |
//!            +--------------------------------+----------------------------------+
//!                                             v
//!                  one book: what was filled and what was taken away only grow, what is left only shrinks
//!                                             |
//!            +--------------------------------+----------------------------------+
//!            v                                v                                  v
//!   snapshots: get, find, chain,      events: Accepted, Filled, Changed,   waiting: wait, settle, primed,
//!   open_orders, all                  Cancelled, Replaced, Gap, Primed     refresh
//! ```
//!
//! [`Orders::live`](crate::order::Orders::live) opens it. What you can rely on:
//!
//! * **No fill counts twice, and none is lost.** Each one is told once, as an increment; all of them together are what is
//!   filled. Fills come from FIDs 914 and 915, told apart by 909 (`BEHAVIOUR.md` X7). What a lost push took along is found in the
//!   lists, and told without a number.
//! * **Nothing is guessed.** What is gone without a word is `unexplained` until the lists tell whether it was filled.
//! * **The average is exact**, or there is none: the value of all fills by their quantity, never a rounded price of a list.
//! * **Every number is followed.** A change or cancellation has a number of its own (`BEHAVIOUR.md` O3);
//!   [`LiveChain`] is the order with everything that changes made of it, and `cancel_rest` cancels what is left of that.
//! * **Orders of others are there, too**: typed by hand, by another program, by this one before it was started again. Their
//!   origin is [`Origin::Elsewhere`].
//! * **A lost reply is settled** by the push that fits it, then confirmed by the lists, which say how an order was entered.
//!   Nothing is ever sent again.
//!
//! What you cannot: prices of fills whose pushes were lost, where no later push or list of open orders says what all fills
//! are worth; gold, of which there are no pushes.

#[cfg(all(
    any(feature = "domestic-order", feature = "domestic-margin-order"),
    feature = "domestic-account",
    feature = "domestic-realtime"
))]
mod balances;
mod book;
mod chain;
mod core;
#[cfg(all(
    any(feature = "domestic-order", feature = "domestic-margin-order"),
    feature = "domestic-account",
    feature = "domestic-realtime"
))]
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
mod rest;
mod sending;
mod setup;
mod stream;
#[cfg(all(feature = "us-order", feature = "us-account", feature = "us-realtime"))]
mod us;

#[cfg(test)]
mod tests;

#[cfg(all(
    any(feature = "domestic-order", feature = "domestic-margin-order"),
    feature = "domestic-account",
    feature = "domestic-realtime"
))]
pub use self::balances::{Balances, Holding};
pub use self::chain::LiveChain;
pub use self::event::LiveEvent;
pub use self::handle::{LiveOrders, Settled};
pub use self::order::{LiveFill, LiveOrder, LiveStatus, Origin, Proof};
pub use self::setup::LiveSetup;
pub use self::stream::LiveEvents;
