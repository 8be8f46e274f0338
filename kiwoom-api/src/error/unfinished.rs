//! Why a walk over pages returned fewer rows than there are.

use std::fmt;

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

impl fmt::Display for Unfinished {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unfinished::Cap(pages) => {
                write!(f, "more than {pages} pages (name a number with limit_pages(), or resume() at the continuation)")
            }
            Unfinished::Loop => {
                f.write_str("the broker gave a next-key for the second time, so that pages would repeat (start over)")
            }
            Unfinished::NoKey => f.write_str("the broker says that more follows and gives no next-key (start over)"),
            Unfinished::Pages(limit) => {
                write!(f, "stopped by limit_pages({limit}) before the end (raise it, or resume() at the continuation)")
            }
            Unfinished::Rows(limit) => {
                write!(f, "stopped by limit_rows({limit}) before the end (raise it, or take until())")
            }
        }
    }
}
