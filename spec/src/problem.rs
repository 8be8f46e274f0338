//! Errors, warnings and notes about documents and our own tables, each with its place and a way out.
//!
//! Invariant: every message names a place that a person can open and ends with what to do about it.

use std::fmt;

/// How much a [`Problem`] weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Worth knowing; nothing is wrong.
    Note,
    /// The run succeeds; the committed tree must not have any.
    Warning,
    /// Nothing is written.
    Error,
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// How much it weighs.
    pub level: Level,
    /// A stable short name of the kind of finding, such as `duplicate-id`.
    pub id: &'static str,
    /// `file:sheet!cell`, or the path of a table of ours.
    pub place: String,
    /// What is wrong.
    pub what: String,
    /// What to do about it.
    pub fix: String,
}

impl Problem {
    /// An error: nothing will be written.
    pub fn error(id: &'static str, place: impl Into<String>, what: impl Into<String>, fix: impl Into<String>) -> Self {
        Self { level: Level::Error, id, place: place.into(), what: what.into(), fix: fix.into() }
    }

    /// A warning: the run succeeds and lists it.
    pub fn warning(
        id: &'static str,
        place: impl Into<String>,
        what: impl Into<String>,
        fix: impl Into<String>,
    ) -> Self {
        Self { level: Level::Warning, ..Self::error(id, place, what, fix) }
    }

    /// A note.
    pub fn note(id: &'static str, place: impl Into<String>, what: impl Into<String>, fix: impl Into<String>) -> Self {
        Self { level: Level::Note, ..Self::error(id, place, what, fix) }
    }
}

/// The error for a hand-written table that TOML refuses, with its line.
pub(crate) fn bad_table(file: &str, text: &str, e: &toml::de::Error) -> Problem {
    let line = e.span().map_or(0, |s| text[..s.start.min(text.len())].matches('\n').count() + 1);
    let fix = "mend the line; the head of the file shows the format";
    Problem::error("bad-table", format!("{file}:{line}"), e.message(), fix)
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.what)?;
        if !self.fix.is_empty() {
            write!(f, " ({})", self.fix)?;
        }
        Ok(())
    }
}
