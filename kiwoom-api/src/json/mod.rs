//! One decoder and one encoder for all records, and what stands on them: `show` for logs, `blank` rows, the `stored` form.
//!
//! Nothing here knows an API, an error or a network.

pub(crate) mod blank;
pub mod decode;
pub mod encode;
pub mod show;
#[cfg(feature = "serde")]
pub mod stored;
