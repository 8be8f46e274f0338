//! Typed client for the Kiwoom REST API (키움 REST API), generated from the broker's specification.
//!
//! A call is `client.<menu>().<method>(&request)`: [`Client`] has a handle for each menu. The request and reply types
//! are in [`domestic`], [`us`] and [`oauth`], and by API id in [`id`]. Reads return a [`Reply`], trades an [`Outcome`].
//! [`value`] holds the types of the fields, [`codes`] the meaning of codes.
//!
//! ```no_run
//! use kiwoom_api::domestic::stock::VolumeNewHigh;
//! use kiwoom_api::codes::{MarketFilter, Venue};
//! use kiwoom_api::{Client, Credentials, Server};
//! # async fn example() -> Result<(), kiwoom_api::Error> {
//! let client = Client::new(Server::Mock, Credentials::from_env()?)?;
//! let request = VolumeNewHigh::default().mrkt_tp(MarketFilter::Kospi).stex_tp(Venue::Unified);
//! let reply = client.domestic_stock().volume_new_high(&request).await?;
//! for row in &reply.trde_qty_updt {
//!     println!("{} {:?}", row.stk_nm, row.cur_prc);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! Categories are cargo features; all are on by default.

#![cfg_attr(docsrs, feature(doc_cfg))]

// Floors, from the ground up. Imports between rooms go down only: a test of `codegen` holds the table.

mod files;
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
pub mod generated;
mod need;
pub mod page;
mod raw;
#[cfg(feature = "registry")]
#[doc(hidden)]
pub mod registry;

pub mod order;

pub use call::{BoxFuture, Call, Calling};
pub use client::{Builder, Client};
pub use continuation::Continuation;
pub use drift::Drift;
pub use error::{Error, Explanation, Language, Quota, QuotaScope, Reject, Result};
// Markets, `codes`, `parts`, `id`; and `unsorted` while an API has no name yet.
pub use generated::*;
pub use glue::to_json;
pub use json::at::at;
pub use json::blank::is_blank;
pub use json::decode::Anomaly;
pub use net::clock::{Clock, ManualClock};
pub use net::credentials::Credentials;
pub use net::guard::{KillSwitch, Outstanding, RealMoney};
pub use net::limit::{ApiUsage, Limits, Rate, Usage};
pub use net::observe::CallReport;
pub use net::retry::Retry;
pub use net::server::Server;
pub use outcome::{Outcome, Rejection, Unknown};
pub use raw::{RawCall, RawOutcome, RawRead, RawReply};
pub use reply::Reply;
#[cfg(feature = "serde")]
pub use value::plain::{self, Plain};

/// Civil dates and times of public signatures: [`value::Date`] and [`value::Time`] are types of this crate.
pub use jiff;
/// Exact numbers of public signatures: [`value::Decimal`] is a type of this crate.
pub use rust_decimal;

#[doc(hidden)]
pub use json::{decode, encode};
#[doc(hidden)]
pub use need::need as __need;

/// The examples of both READMEs are compiled.
#[cfg(all(doctest, feature = "full", feature = "blocking"))]
#[doc = include_str!("../README.md")]
#[doc = include_str!("../README.ko.md")]
struct Readme;
