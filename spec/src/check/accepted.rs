//! `spec/accepted.toml`: findings about the documents' examples that somebody reviewed and that need no fix.
//!
//! Invariant: a row that no longer finds anything is itself a finding.

use serde::Deserialize;

use crate::problem::{Problem, bad_table};

/// One accepted finding.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Accepted {
    /// The API.
    pub api: String,
    /// The path of the value, rows without numbers: `list.cur_prc`.
    pub at: String,
    /// `unknown`, `anomaly`, `differs`, `missing`, or the name of an identity.
    pub what: String,
    /// Why no fix is needed.
    pub why: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    finding: Vec<Accepted>,
}

/// Reads the table.
///
/// # Errors
/// Rows that cannot be read, with their lines.
pub fn parse(text: &str) -> Result<Vec<Accepted>, Vec<Problem>> {
    let file: File = toml::from_str(text).map_err(|e| vec![bad_table("spec/accepted.toml", text, &e)])?;
    Ok(file.finding)
}
