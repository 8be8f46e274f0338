//! What a record says of itself, without a value: its API, its name, and its keys.

use std::ops::Deref;

/// The keys of a record and what it belongs to. It dereferences to the keys.
#[derive(Debug, PartialEq, Eq)]
pub struct Keys {
    /// The id of its API; empty where it belongs to none, or to several.
    pub api: &'static str,
    /// The name of its type, as `Debug` and errors show it.
    pub record: &'static str,
    /// The keys in documented order, each as it appears in JSON: `"stk_cd":`. Other spellings of a key follow at the end.
    pub names: &'static [&'static str],
}

impl Keys {
    /// The id of its API, if it belongs to exactly one.
    pub fn api(&self) -> Option<&'static str> {
        (!self.api.is_empty()).then_some(self.api)
    }
}

impl Deref for Keys {
    type Target = [&'static str];

    #[inline]
    fn deref(&self) -> &Self::Target {
        self.names
    }
}
