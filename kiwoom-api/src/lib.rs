//! Typed client for the Kiwoom REST API.

mod call;
mod client;
mod credentials;
#[doc(hidden)]
pub mod decode;
#[doc(hidden)]
pub mod encode;
pub mod endpoint;
mod error;
#[rustfmt::skip]
pub mod generated;
mod need;
mod outcome;
mod raw;
pub mod record;
#[cfg(feature = "registry")]
#[doc(hidden)]
pub mod registry;
mod reply;
mod server;
#[cfg(feature = "serde")]
#[doc(hidden)]
pub mod stored;
mod token;
mod transport;
pub mod value;

pub use call::{BoxFuture, Call, Calling};
pub use client::{Builder, Client};
pub use credentials::Credentials;
pub use decode::Anomaly;
pub use error::Error;
#[cfg(feature = "oauth")]
pub use generated::oauth;
#[cfg(feature = "domestic")]
pub use generated::domestic;
pub use generated::{codes, id, parts};
#[cfg(feature = "us")]
pub use generated::us;
pub use outcome::{Outcome, Rejection};
pub use raw::{RawCall, RawOutcome, RawRead, RawReply};
pub use reply::{Continuation, Reply};
pub use server::Server;

#[doc(hidden)]
pub use need::need as __need;
