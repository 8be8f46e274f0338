//! One decoder and one encoder for all records, and what builds on them: `show` for logs, `blank` rows, the `stored`
//! and the `plain` form.
//!
//! Nothing here knows an API, an error or a network.

pub(crate) mod at;
pub(crate) mod blank;
pub mod decode;
pub mod encode;
pub(crate) mod misfit;
#[cfg(feature = "serde")]
pub mod plain;
pub mod show;
#[cfg(feature = "serde")]
pub mod stored;
