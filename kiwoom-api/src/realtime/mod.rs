//! Realtime data over the WebSocket that never dies silently: typed topics in one ordered stream, with every gap told.
//!
//! # Reading
//!
//! A [`Subscription`] names topics and symbols, a [`Feed`] yields what comes of it:
//!
//! ```no_run
//! # #[cfg(feature = "domestic-realtime")] {
//! use kiwoom_api::domestic::realtime::{OrderBook, StockTrade};
//! use kiwoom_api::realtime::{Event, Item, Policy};
//!
//! # async fn example(client: kiwoom_api::Client) -> Result<(), kiwoom_api::Error> {
//! let mut feed = client
//!     .realtime()
//!     .topic::<StockTrade>(["005930", "000660"])
//!     .topic::<OrderBook>(["005930", "000660"])
//!     .policy::<OrderBook>(Policy::Latest)
//!     .open()
//!     .await?;
//! while let Some(item) = feed.next().await {
//!     match item {
//!         Item::Push(push) => {
//!             if let Some(trade) = push.of::<StockTrade>() {
//!                 println!("{} {:?} {:?}", push.symbol(), trade.price, trade.trade_qty);
//!             } else if let Some(book) = push.of::<OrderBook>() {
//!                 println!("{} {:?}", push.symbol(), book.asks[0].price);
//!             }
//!         }
//!         // in the same queue: what came before it came before the gap
//!         Item::Event(Event::Gap { symbols, from, to, .. }) => println!("fetch {symbols:?} from {from} to {to}"),
//!         Item::Event(event) => println!("{event}"),
//!         _ => {}
//!     }
//! }
//! # Ok(()) }
//! # }
//! ```
//!
//! Topics are the records of [`domestic::realtime`](crate::domestic) and [`us::realtime`](crate::us). US symbols name their
//! exchange: `.topic::<us::realtime::StockTrade>([Symbol::nasdaq("NVDA")])`. Topics of the account and of the whole market
//! need no symbol: `.all::<OrderExecution>()`.
//!
//! Without `async`, `open().wait()` and `wait_each()` of the feature `blocking` do the same.
//!
//! [`Conditions`] lists condition searches over the same connection, asks one of them for what it finds, and watches it. [`Book`]
//! is one type for the order books of both markets, pushed or asked for by REST. With the feature `record`, `Recorder` and
//! `Recording` keep the frames of a day and replay them. Tests of your own code need no socket: see the module `testing`.
//!
//! # What you can rely on
//!
//! * One connection for each client and market, shared by clones and subscriptions. It opens with the first [`Feed`] and closes
//!   with the last one, whatever it is doing then.
//! * A symbol is registered once however many subscriptions and topics name it, and takes one of 200 places;
//!   [`Feed::slots_used`] counts them. The 201st is an error before anything is sent.
//! * A lost connection is replaced, with growing pauses and a token that is good, and everything is registered again.
//!   [`Event::Disconnected`] says so at once, and [`Event::Gap`] stands before the first push after it.
//! * A silent connection is no live one: without any frame for 35 s it is replaced. [`Event::Stale`] says when the connection
//!   is well and nothing comes.
//! * Nobody fights for a place: after the fourth kick within an hour, or the third refused login in a row, the last event is
//!   [`Event::Closed`], and the stream ends.
//! * A slow reader delays nobody. What it does not read in time is dropped by the [`Policy`] of the topic, and counted by
//!   [`Event::Lagged`]. Of more than a thousand events that wait, those about the same become one, and [`Event::Skipped`] counts
//!   the oldest of the others.
//! * Every future is cancel-safe: dropped before it is done, it loses no item and leaves nothing behind.
//! * Only subscriptions are ever sent again. Nothing that trades passes through here: the type of what is sent has no such case.
//!
//! # What you cannot rely on
//!
//! * The broker acknowledges symbols that do not exist. A feed that stays silent may have a misspelled one.
//! * The broker sends no numbers with its pushes, so what it loses itself shows only in the cumulative volume of trades:
//!   [`Subscription::check_volumes`] compares it, and [`Event::Missed`] says what is missing.

#[cfg_attr(
    not(any(
        feature = "domestic-realtime",
        feature = "domestic-quote",
        feature = "us-realtime",
        feature = "us-quote"
    )),
    allow(dead_code, unused_macros, reason = "without these nothing is an order book")
)]
mod book;
#[cfg(feature = "testing")]
pub(crate) mod canned;
mod condition;
mod driver;
mod engine;
mod event;
mod event_text;
mod feed;
mod frame;
mod hub;
mod matches;
mod meter;
mod notice;
#[cfg(any(feature = "record", feature = "testing"))]
mod player;
mod policy;
mod push;
mod queue;
mod reader;
#[cfg(feature = "record")]
mod record;
mod snapshots;
mod standing;
mod subscription;
mod symbol;

#[cfg(test)]
#[allow(unused_imports, reason = "the test of the figures of live orders reads them, where live orders are built")]
pub(crate) use self::engine::Rules;

pub use self::book::{Book, Quote, Sweep};
pub use self::condition::{Condition, Conditions, Hit, Watch};
pub use self::event::{Closed, Event};
pub use self::feed::Feed;
pub use self::matches::Match;
pub use self::policy::Policy;
pub use self::push::Push;
pub use self::queue::Item;
#[cfg(feature = "record")]
#[cfg_attr(docsrs, doc(cfg(feature = "record")))]
pub use self::record::{Recorded, Recorder, Recording, Replay, Speed, WatchReplay};
pub use self::snapshots::Snapshot;
pub use self::standing::{Stage, Standing};
pub use self::subscription::Subscription;
pub use self::symbol::Symbol;
