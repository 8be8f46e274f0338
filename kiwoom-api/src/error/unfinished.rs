//! Why a walk over pages brought fewer rows than there are.

use super::{Error, Kind};

/// Why rows may be missing although every page that was asked for came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unfinished {
    /// More pages than a walk reads when nobody names a limit.
    Cap(usize),
    /// A key that was given before: the pages would repeat.
    Loop,
    /// More follows, but without a key.
    NoKey,
    /// `limit_pages` of the caller.
    Pages(usize),
    /// `limit_rows` of the caller.
    Rows(usize),
}

impl Unfinished {
    pub fn error(self, api: &'static str) -> Error {
        let error = Error::new(Kind::Unfinished(self));
        if api.is_empty() { error } else { error.of(api) }
    }
}
