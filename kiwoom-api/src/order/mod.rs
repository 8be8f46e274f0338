//! Orders that you cannot build wrongly, one network attempt each, and an outcome that you cannot mistake for success.
//!
//! The life of an order, and the five types it passes through:
//!
//! ```text
//!  what you write                                what is sent and stored          what the broker has
//!
//!  Order::buy("005930")  .limit(70_100)  .qty(10)    submit(order)                    accepted
//!        |                     |             |             |                              |
//!      Draft ---------------> Priced -----> Order -------> Intent ---------------------> OrderRef
//!  side, instrument:      kind, prices:   complete;     plain data under an OrderId,   number, desk and day:
//!  its methods are the    only .qty()     .id() and     noted in the Journal before    what you change and
//!  kinds of orders that   is missing      other         it leaves and compared with    cancel, each of which
//!  side and market have                   defaults      the broker's lists after       is an Intent again
//! ```
//!
//! `Draft`, `Priced` and `Order` differ in the methods they have, so an order without a quantity, or a market order
//! with a price, does not compile. An [`Intent`] is a fully specified order, change or cancellation; it survives a
//! crash. An [`OrderRef`] exists only if the broker accepted the order. [`Orders`] takes each of them to the next step.
//!
//! ```
//! use kiwoom_api::order::{Order, Repay};
//! # #[cfg(feature = "full")] {
//! use kiwoom_api::codes::{OrderVenue, UsExchange};
//! use kiwoom_api::order::Us;
//! use kiwoom_api::value::{Decimal, GoldCode};
//!
//! let stock = Order::buy("005930").limit(70_100).qty(10).venue(OrderVenue::Krx).id("mr-20260706-17");
//! let credit = Order::sell("005930").repaying(Repay::AllLoans).market().qty(3);
//! let gold = Order::buy(GoldCode::from("M04020000")).limit(160_000).qty(1);
//! let nvda = Us::new(UsExchange::Nasdaq, "NVDA");
//! let stop = Order::sell(nvda).stop_limit(180, Decimal::new(1795, 1)).qty(10);
//! # }
//! ```
//!
//! [`promises`] lists what this crate guarantees about orders, under which assumptions and within which time, and what
//! it does not.
//!
//! Generated methods (`client.domestic_order().buy_order(..)`) send the same requests without these checks.

mod cancel_all;
mod change;
mod checks;
mod codes;
mod draft;
mod instrument;
mod journal;
mod new_order;
mod order_ref;
mod orders;
pub mod promises;
mod reconcile;
mod ticks;
mod wire;

pub use crate::intent::{Action, Desk, Intent, Repay, Unsettled};
pub use crate::order_id::{BadOrderId, OrderId};
pub use cancel_all::{CancelAll, Cancellation, Unread};
pub use change::{Cancel, Modification};
pub use checks::Checks;
pub use draft::Draft;
#[cfg(feature = "us-order")]
pub use instrument::Us;
pub use instrument::{AnyDesk, Buy, Credit, Domestic, Gold, Limited, Marked, Sell, Stock, Tradable, UsStock};
pub use journal::{Declared, Journal};
pub use new_order::{Order, Priced};
pub use order_ref::{BadOrderRef, OrderRef};
pub use orders::Orders;
pub use reconcile::{Listed, Obstacle, Reconcile, Settlement, Verdict};
pub use ticks::Ticks;
