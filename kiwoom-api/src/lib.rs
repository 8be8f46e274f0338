//! Typed client for the Kiwoom REST API (키움 REST API), generated from the broker's specification.
//!
//! A call is `client.<menu>().<method>(&request)`: [`Client`] gives the handles of the menus, the request and reply types are in
//! [`domestic`], [`us`] and [`oauth`], and by API id in [`id`]. Reads answer with a [`Reply`], trades with an [`Outcome`].
//! [`value`] says what the fields hold, [`codes`] what codes mean.
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

#[cfg(feature = "blocking")]
pub mod blocking;
mod call;
mod client;
mod clock;
mod credentials;
#[doc(hidden)]
pub mod decode;
#[doc(hidden)]
pub mod encode;
pub mod endpoint;
mod error;
#[rustfmt::skip]
pub mod generated;
mod guard;
mod limit;
mod need;
mod observe;
pub mod order;
mod outcome;
pub mod page;
mod pipeline;
mod raw;
pub mod record;
#[cfg(feature = "registry")]
#[doc(hidden)]
pub mod registry;
mod reply;
mod retry;
mod server;
#[cfg(feature = "serde")]
#[doc(hidden)]
pub mod stored;
mod token;
mod transport;
pub mod value;

pub use call::{BoxFuture, Call, Calling};
pub use client::{Builder, Client};
pub use clock::{Clock, ManualClock};
pub use credentials::Credentials;
pub use decode::Anomaly;
pub use error::{Error, Explanation, Language, Quota, QuotaScope, Reject};
// Markets, `codes`, `parts`, `id`; and `unsorted` while an API has no name yet.
pub use generated::*;
pub use guard::{KillSwitch, RealMoney};
pub use limit::{ApiUsage, Limits, Rate, Usage};
pub use observe::CallReport;
pub use outcome::{Outcome, Rejection, Unknown};
pub use raw::{RawCall, RawOutcome, RawRead, RawReply};
pub use reply::{Continuation, Reply};
pub use retry::Retry;
pub use server::Server;

#[doc(hidden)]
pub use need::need as __need;

/// The examples of both READMEs are compiled.
#[cfg(all(doctest, feature = "full", feature = "blocking"))]
#[doc = include_str!("../../README.md")]
#[doc = include_str!("../../README.ko.md")]
struct Readme;
