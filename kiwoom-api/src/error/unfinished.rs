//! Why a walk over pages returned fewer rows than there are.

use super::{Error, Kind};

/// Why rows may be missing although every requested page arrived.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unfinished {
    /// More pages than a walk reads without a limit of its caller.
    Cap(usize),
    /// A key that repeats: so would the pages.
    Loop,
    /// More follows, but without a key.
    NoKey,
    /// The caller's `limit_pages`.
    Pages(usize),
    /// The caller's `limit_rows`.
    Rows(usize),
}

impl Unfinished {
    pub fn error(self, api: &'static str) -> Error {
        let error = Error::new(Kind::Unfinished(self));
        if api.is_empty() { error } else { error.of(api) }
    }
}
