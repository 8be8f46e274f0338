//! `spec/reasons.toml`: what looks like a mistake of ours but was reviewed and is correct.
//!
//! Twins that differ, and request fields that the broker's example sends and our constructors do not. Owns the format;
//! `codegen` finds what the rows refer to. A row that no longer explains anything is itself a finding.

use serde::Deserialize;

use crate::problem::{Problem, bad_table};

const PLACE: &str = "spec/reasons.toml";

/// The table.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reasons {
    /// Fields of another kind than their twins.
    #[serde(default)]
    pub twin: Vec<Reason>,
    /// Request fields that `new()` leaves out although the example sends them.
    #[serde(default)]
    pub omitted: Vec<Reason>,
}

/// One reason for several fields.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Reason {
    /// Fields as `api.key`.
    pub at: Vec<String>,
    /// Why it is right.
    pub why: String,
}

/// Reads the table.
///
/// # Errors
/// What cannot be read, and rows without a reason.
pub fn parse(text: &str) -> Result<Reasons, Vec<Problem>> {
    let reasons: Reasons = toml::from_str(text).map_err(|e| vec![bad_table(PLACE, text, &e)])?;
    let silent = |row: &&Reason| row.why.trim().is_empty() || row.at.is_empty();
    let problem = |row: &Reason| {
        Problem::error("no-evidence", format!("{PLACE}: {}", row.at.join(", ")), "the row explains nothing", "say why")
    };
    let problems: Vec<Problem> = reasons.twin.iter().chain(&reasons.omitted).filter(silent).map(problem).collect();
    if problems.is_empty() { Ok(reasons) } else { Err(problems) }
}

/// Findings without a reason, and reasons without a finding. `found` has fields as `api.key` and what was found.
pub fn weigh(id: &'static str, rows: &[Reason], found: &[(String, String)], fix: &str) -> Vec<Problem> {
    let explained = |at: &str| rows.iter().any(|row| row.at.iter().any(|a| a == at));
    let mut out: Vec<Problem> = found
        .iter()
        .filter(|(at, _)| !explained(at))
        .map(|(at, what)| Problem::warning(id, at.clone(), what.clone(), fix))
        .collect();
    let stale = rows.iter().flat_map(|row| &row.at).filter(|at| !found.iter().any(|(found, _)| found == *at));
    out.extend(stale.map(|at| {
        let what = format!("{at} is no finding of the kind {id:?} any more");
        // a document with some of the APIs has some of the twins
        Problem::note("stale-reason", PLACE, what, "delete it, if no document has the finding")
    }));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn findings_and_reasons_meet() {
        let text = "[[twin]]\nat = [\"a.x\", \"a.gone\"]\nwhy = \"another layout\"\n";
        let reasons = parse(text).unwrap();
        let found = [("a.x".to_owned(), "differs".to_owned()), ("a.y".to_owned(), "differs".to_owned())];
        let problems = weigh("twin", &reasons.twin, &found, "mend it");
        let ids: Vec<&str> = problems.iter().map(|p| p.id).collect();
        assert_eq!(ids, ["twin", "stale-reason"]);
        assert_eq!(problems[0].place, "a.y");
        assert!(parse("[[twin]]\nat = [\"a.x\"]\nwhy = \" \"\n").is_err());
    }
}
