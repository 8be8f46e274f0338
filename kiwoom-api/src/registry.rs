//! APIs as data: records by API id, for `cargo xtask conform` and offline servers, and what their fields are called.
//!
//! Behind the feature `registry`, because it names every generated type.

mod label;

pub use self::label::{Label, label};
pub use crate::entry::{Entry, Make};
pub use crate::generated::registry::ENTRIES;

/// The entry of an API id, if its category is enabled.
pub fn find(id: &str) -> Option<&'static Entry> {
    ENTRIES.iter().find(|e| e.meta.id == id)
}
