//! Orders that cannot be built wrongly, one network attempt each, and an outcome that cannot be mistaken for success.
//!
//! [`Order::buy`] and [`Order::sell`] begin an order; the methods of [`Draft`] are the kinds of orders that the market and the
//! side have; [`Orders`] sends it. An [`Intent`] says what is meant, under an [`OrderId`] of the caller's choice. An
//! [`OrderRef`] names what the broker took, for changes and cancellations.
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
//! [`promises`] says what holds for orders, under which assumptions and within which time, and what is not promised.
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
