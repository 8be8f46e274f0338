//! APIs as data: records by API id, for `cargo xtask conform` and offline servers.
//!
//! Behind the feature `registry`, because it names every generated type.

pub use crate::entry::{Entry, Make};
pub use crate::generated::registry::ENTRIES;

/// The entry of an API id, if its category is enabled.
pub fn find(id: &str) -> Option<&'static Entry> {
    ENTRIES.iter().find(|e| e.meta.id == id)
}
