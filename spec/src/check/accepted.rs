//! `spec/accepted.toml`: findings about the documents' examples that were looked at and are no mistake of ours.
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
    /// Why it is right to leave it.
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
/// What cannot be read, with its line.
pub fn parse(text: &str) -> Result<Vec<Accepted>, Vec<Problem>> {
    let file: File = toml::from_str(text).map_err(|e| vec![bad_table("spec/accepted.toml", text, &e)])?;
    Ok(file.finding)
}
