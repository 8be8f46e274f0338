//! Markdown dumps, both styles.

use super::Document;
use crate::problem::Problem;

/// Reads a Markdown dump; `None` when the text has no table of a sheet.
pub(super) fn read(_name: &str, _text: &str) -> Result<Option<Document>, Problem> {
    Ok(None)
}
