//! Typed client for the Kiwoom REST API.

mod auth;
mod call;
mod client;
mod credentials;
#[doc(hidden)]
pub mod decode;
#[doc(hidden)]
pub mod encode;
pub mod endpoint;
mod error;
mod need;
mod outcome;
mod raw;
pub mod record;
mod reply;
mod server;
#[cfg(feature = "serde")]
#[doc(hidden)]
pub mod stored;
mod transport;
pub mod value;

pub use call::{BoxFuture, Call};
pub use client::{Builder, Client};
pub use credentials::Credentials;
pub use decode::Anomaly;
pub use error::Error;
pub use outcome::{Outcome, Rejection};
pub use raw::{RawCall, RawOutcome, RawRead, RawReply};
pub use reply::{Continuation, Reply};
pub use server::Server;

#[doc(hidden)]
pub use need::need as __need;
