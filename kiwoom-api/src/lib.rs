//! Typed client for the Kiwoom REST API.

#[doc(hidden)]
pub mod decode;
#[doc(hidden)]
pub mod encode;
pub mod endpoint;
mod need;
pub mod record;
#[cfg(feature = "serde")]
#[doc(hidden)]
pub mod stored;
pub mod value;

#[doc(hidden)]
pub use need::need as __need;
