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
//! let margin = Order::sell("005930").repaying(Repay::AllLoans).market().qty(3);
//! let gold = Order::buy(GoldCode::from("M04020000")).limit(160_000).qty(1);
//! let nvda = Us::new(UsExchange::Nasdaq, "NVDA");
//! let stop = Order::sell(nvda).stop_limit(180, Decimal::new(1795, 1)).qty(10);
//! # }
//! ```
//!
//! Which prices are checked: a Korean code does not tell a stock from an ETF, and their ticks differ. By default
//! `limit(70_101)` is refused, because neither may stand there, and `limit(70_150)` leaves, because an ETF may. `.stock()` or
//! `.etf()` on the order, or a table of codes on the handle ([`Orders::symbols`]), decides, and then a stock at 70,150 is
//! refused, too; the error names the legal prices of each kind. Gold and US stocks have one table each and are always checked.
//! [`Ticks`] is these tables for your own arithmetic: the tick at a price, rounding, the limits of a day.
//!
//! ```
//! use kiwoom_api::order::Order;
//! # #[cfg(feature = "full")] {
//!
//! assert!(Order::buy("005930").limit(70_150).qty(10).check().is_ok());
//! let error = Order::buy("005930").limit(70_150).qty(10).stock().check().unwrap_err();
//! assert!(error.to_string().contains("70100 and 70200 for a stock, 70150 for an ETF"));
//! assert!(Order::buy("069500").limit(70_150).qty(10).etf().check().is_ok());
//! # }
//! ```
//!
//! With the feature `realtime`, [`Orders::live`](crate::order::Orders::live) keeps one state for each order, joined from replies,
//! pushes and lists.
//!
//! [`promises`] says what holds for orders, under which assumptions and within which time, and what is not promised.
//!
//! Generated methods (`client.domestic_order().buy_order(..)`) send the same requests without these checks.

// A build without these features cannot do what they are for, and says so when it is compiled.
mod absent;
#[cfg(any(
    all(any(feature = "domestic-order", feature = "domestic-margin-order"), feature = "domestic-account"),
    all(feature = "us-order", feature = "us-account")
))]
mod cancel_all;
mod change;
mod checks;
mod codes;
mod daily_limits;
mod draft;
mod instrument;
mod journal;
#[cfg(all(
    feature = "realtime",
    any(
        all(
            any(feature = "domestic-order", feature = "domestic-margin-order"),
            feature = "domestic-account",
            feature = "domestic-realtime"
        ),
        all(feature = "us-order", feature = "us-account", feature = "us-realtime")
    )
))]
mod live;
mod neighbours;
mod new_order;
mod order_ref;
mod orders;
pub mod promises;
#[cfg_attr(
    not(any(feature = "domestic-account", feature = "us-account")),
    allow(dead_code, reason = "nobody reconciles without the lists of orders")
)]
mod reconcile;
mod symbols;
mod ticks;
mod wire;

pub use crate::intent::{Action, Desk, Intent, Repay, Unsettled};
pub use crate::net::guard::{KillSwitch, Outstanding};
pub use crate::order_id::{BadOrderId, OrderId};
#[cfg(any(
    all(any(feature = "domestic-order", feature = "domestic-margin-order"), feature = "domestic-account"),
    all(feature = "us-order", feature = "us-account")
))]
pub use cancel_all::{CancelAll, Cancellation, Unread};
pub use change::{Cancel, Modification};
pub use checks::Checks;
pub use draft::Draft;
#[cfg(feature = "us-order")]
pub use instrument::Us;
pub use instrument::{AnyDesk, Buy, Domestic, Gold, Limited, Margin, Marked, Sell, Stock, Tradable, UsStock};
pub use journal::{Declared, Journal};
#[cfg(all(
    feature = "realtime",
    all(
        any(feature = "domestic-order", feature = "domestic-margin-order"),
        feature = "domestic-account",
        feature = "domestic-realtime"
    )
))]
pub use live::{Balances, Holding};
#[cfg(all(
    feature = "realtime",
    any(
        all(
            any(feature = "domestic-order", feature = "domestic-margin-order"),
            feature = "domestic-account",
            feature = "domestic-realtime"
        ),
        all(feature = "us-order", feature = "us-account", feature = "us-realtime")
    )
))]
pub use live::{
    LiveChain, LiveEvent, LiveEvents, LiveFill, LiveOrder, LiveOrders, LiveSetup, LiveStatus, Origin, Proof, Settled,
};
pub use new_order::{Order, Priced};
pub use order_ref::{BadOrderRef, OrderRef};
pub use orders::Orders;
pub use reconcile::{Listed, Obstacle, Reconcile, Settlement, Verdict};
use symbols::Symbols;
pub use ticks::Ticks;
