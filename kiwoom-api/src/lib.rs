//! Typed client for the Kiwoom REST API (키움 REST API), generated from the broker's specification.
//!
//! ```no_run
//! use kiwoom_api::codes::{LookbackDays, MarketFilter};
//! use kiwoom_api::domestic::stock::VolumeNewHigh;
//! use kiwoom_api::{Client, Credentials, Server};
//!
//! # async fn example() -> Result<(), kiwoom_api::Error> {
//! let client = Client::new(Server::Mock, Credentials::from_env()?)?;
//! let request = VolumeNewHigh::new(LookbackDays::Days20).mrkt_tp(MarketFilter::Kospi);
//! let reply = client.domestic_stock().volume_new_high(&request).await?;
//! for row in &reply.trde_qty_updt {
//!     println!("{} {:?}", row.stk_nm, row.cur_prc);
//! }
//! # Ok(())
//! # }
//! ```
//!
#![cfg_attr(
    all(feature = "full", feature = "blocking", feature = "realtime", feature = "serde", feature = "testing"),
    doc = "Guide: [`guide`] has a page for each thing that a program does, with examples that run."
)]
//!
//! # How to do what
//!
//! | you want | you write | it gives |
//! |---|---|---|
//! | a page of anything | `client.domestic_stock().volume_new_high(&request).await` | [`Reply`], or [`Error`] |
//! | all pages of a list | [`client.rows(&request)`](Client::rows)`.collect().await` | [`page::Collected`] |
//! | values that must be there | [`need!`](need!)`(row => dt, cur_prc)?` | the values, or an error that names the field |
//! | an order | [`client.orders()`](Client::orders)`.submit(Order::buy("005930").limit(70_100).qty(10)).await` | [`Outcome`]: `?` cannot lose it |
//! | to know what became of it | [`orders.reconcile()`](order::Orders::reconcile)`.await` | [`order::Verdict`] |
//! | a price that the exchange takes | [`Ticks::Stock.round_nearest(70_130)`](order::Ticks) | 70,100 |
//! | to stop everything | [`client.kill_switch()`](Client::kill_switch)`.engage("why")` | [`order::Outstanding`] |
//! | data as it happens | `client.realtime().topic::<StockTrade>(["005930"]).open().await` | [`realtime::Feed`] |
//! | to know what an error means | [`error.explain(Language::Korean)`](Error::explain) | [`Explanation`] |
//! | an API that is not here | [`client.call_raw(..)`](Client::call_raw) | [`raw::RawReply`] |
//!
//! # Where things are
//!
//! | module | what |
//! |---|---|
//! | [`domestic`], [`us`], [`oauth`] | requests and replies, menu by menu as in the broker's guide |
//! | [`id`] | the same by API id: [`id::ka10081`] |
//! | [`codes`] | what codes mean: markets, venues, periods |
//! | [`value`] | what fields hold: prices, quantities, percentages, stock codes, dates |
//! | [`order`] | orders: kinds, checks, journal, recovery; [`order::promises`] says what holds |
//! | [`realtime`] | subscriptions over the WebSocket; the topics stand in [`domestic::realtime`] and [`us::realtime`] |
//! | [`page`] | walks over pages and rows, and how they end |
//! | [`limits`] | request quotas and retries: how often the client sends, and what is waiting |
//! | [`observe`] | metrics of each call; differences from the specification |
//! | [`blocking`], [`testing`] | the same without async; canned clients, errors and replies |
//! | [`endpoint`] | the bounds for generic code: [`ListRequest`](endpoint::ListRequest) is any request that lists rows |
//! | [`clock`], [`raw`], [`parts`], [`record`] | clocks of tests; calls by id and JSON; structs inside records; the seam of generated code |
//!
//! # Features
//!
//! | feature | what |
//! |---|---|
//! | `full` (default) | every category |
//! | `domestic-chart`, `us-order`, .. | one menu of the guide each |
//! | `tls-ring` (default) | TLS by ring |
//! | `tls-aws-lc` | TLS by AWS-LC instead |
//! | `blocking` | `wait()` instead of `.await` |
//! | `realtime` | realtime data over the WebSocket |
//! | `serde` | `Serialize` and `Deserialize` of all values and records, in wire form and in plain form |
//! | `chrono` | dates and times from and for chrono |
//! | `registry` | records by API id, for tools |
//! | `testing` | canned clients, errors and replies for your tests |
//!
//! What a build lacks does not compile: [`Client::orders`] exists with a category of orders, each kind of order with that of its
//! desk, [`cancel_all`](order::Orders::cancel_all) and [`reconcile`](order::Orders::reconcile) with the account that lists them.

#![cfg_attr(docsrs, feature(doc_cfg))]

// Floors, from the ground up. Imports between rooms go down only: a test of `codegen` holds the table.

mod files;
mod language;
mod meta;
pub mod record;
mod redact;
pub mod value;

#[doc(hidden)]
pub mod json;

mod continuation;
mod drift;
pub mod endpoint;
#[cfg(feature = "registry")]
mod entry;
mod error;
#[doc(hidden)]
pub mod glue;
mod intent;
mod order_id;
mod outcome;
mod reply;

mod net;

#[cfg(feature = "blocking")]
pub mod blocking;
mod call;
mod client;
#[rustfmt::skip]
mod generated;
mod need;
pub mod page;
pub mod raw;
#[cfg(feature = "registry")]
#[doc(hidden)]
pub mod registry;

#[cfg(feature = "realtime")]
pub mod realtime;

pub mod order;
// Pages without code, for rustdoc only; they show every part of the crate, so they need every feature that they show.
#[cfg(all(
    any(doc, doctest),
    feature = "full",
    feature = "blocking",
    feature = "realtime",
    feature = "serde",
    feature = "testing"
))]
pub mod guide;
#[cfg(feature = "testing")]
#[cfg_attr(docsrs, doc(cfg(feature = "testing")))]
pub mod testing;

pub use call::Call;
pub use client::{Builder, Client};
pub use error::{Error, Explanation, Reject, Result};
// Markets, `codes`, `parts`, `id`; and `unsorted` while an API has no name yet.
pub use generated::*;
pub use glue::to_json;
pub use json::at::at;
pub use json::blank::is_blank;
pub use json::decode::Anomaly;
pub use language::Language;
pub use net::credentials::Credentials;
pub use net::guard::RealMoney;
pub use net::server::Server;
pub use outcome::{Outcome, Rejection, Unknown};
pub use reply::Reply;
#[cfg(feature = "serde")]
#[doc(inline)]
pub use value::plain::{self, Plain};

/// Request quotas and retries: how often a client sends, how much of that is used, and when a read is tried again.
pub mod limits {
    pub use crate::error::{Quota, QuotaScope};
    pub use crate::net::limit::{ApiUsage, Limits, Rate, Usage};
    pub use crate::net::retry::Retry;
}

/// What a client tells of its calls: [`Builder::observe`](crate::Builder::observe) for metrics,
/// [`Builder::drift`](crate::Builder::drift) for differences from the specification.
pub mod observe {
    pub use crate::drift::Drift;
    pub use crate::net::observe::CallReport;
    #[cfg(feature = "realtime")]
    pub use crate::net::observe::RealtimeReport;
}

/// The clock of a client, and one for tests: [`Builder::clock`](crate::Builder::clock).
pub mod clock {
    pub use crate::net::clock::{Clock, ManualClock};
}

// The same by the name of the crate alone: what a guess finds. The docs show each type once.
#[doc(hidden)]
pub use call::BoxFuture;
#[doc(hidden)]
pub use clock::*;
#[doc(hidden)]
pub use limits::*;
#[doc(hidden)]
pub use net::guard::{KillSwitch, Outstanding};
#[doc(hidden)]
pub use observe::*;
#[doc(hidden)]
pub use order::Ticks;
#[doc(hidden)]
pub use page::Continuation;
#[doc(hidden)]
pub use raw::{RawCall, RawOutcome, RawRead, RawReply};

/// Civil dates and times of public signatures: [`value::Date`] and [`value::Time`] are types of this crate.
pub use jiff;
/// Exact numbers of public signatures: [`value::Decimal`] is a type of this crate.
pub use rust_decimal;

#[doc(hidden)]
pub use json::{decode, encode};
#[doc(hidden)]
pub use need::given as __given;
#[doc(hidden)]
pub use need::need as __need;

/// The examples of both READMEs are compiled.
#[cfg(all(doctest, feature = "full", feature = "blocking", feature = "realtime"))]
#[doc = include_str!("../README.md")]
#[doc = include_str!("../README.ko.md")]
struct Readme;
