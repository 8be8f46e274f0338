//! `spec/accepted.toml`: reviewed findings that need no fix, and the severity of each kind of finding.
//!
//! Invariant: a row about a document expires as soon as the document says something else; a row that no longer matches
//! a finding is itself a finding.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::diff::Severity;
use crate::problem::{Problem, bad_table};

/// One accepted finding.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Accepted {
    /// The API; empty for what belongs to none.
    #[serde(default)]
    pub api: String,
    /// The path of the value, rows without numbers: `list.cur_prc`.
    pub at: String,
    /// `unknown`, `anomaly`, `differs`, `missing`, the name of an identity, the id of a doubt or of a rule of `diff`.
    pub what: String,
    /// Why no fix is needed.
    pub why: String,
    /// The evidence that was looked at, as `lint` and `diff` print it; needed for their findings.
    #[serde(default)]
    pub until: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    finding: Vec<Accepted>,
    #[serde(default)]
    severity: BTreeMap<String, String>,
}

const PLACE: &str = "spec/accepted.toml";

/// The whole table.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// What was looked at.
    pub findings: Vec<Accepted>,
    /// Kinds of findings that weigh something else than by default.
    pub severity: BTreeMap<String, Severity>,
}

/// What the table says of a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict<'a> {
    /// It counts as much as this.
    Counts(Severity),
    /// It was looked at: row and reason.
    Accepted(usize, &'a str),
    /// It was looked at before the document changed.
    Lapsed(usize, Severity),
}

impl Settings {
    /// What the table says of a finding of this kind, place and evidence.
    pub fn judge(&self, what: &str, (api, at): (&str, &str), (usual, evidence): (Severity, &str)) -> Verdict<'_> {
        let severity = self.severity.get(what).copied().unwrap_or(usual);
        let row = self.findings.iter().position(|f| f.what == what && f.api == api && f.at == at && f.until.is_some());
        match row {
            Some(n) if self.findings[n].until.as_deref() == Some(evidence) => {
                Verdict::Accepted(n, &self.findings[n].why)
            }
            Some(n) => Verdict::Lapsed(n, severity),
            None => Verdict::Counts(severity),
        }
    }
}

/// Reads the findings.
///
/// # Errors
/// Rows that cannot be read, with their lines.
pub fn parse(text: &str) -> Result<Vec<Accepted>, Vec<Problem>> {
    Ok(file(text)?.finding)
}

/// Reads the whole table; `known` tells the ids that a severity may be given to.
///
/// # Errors
/// What cannot be read, with its line; ids and words that do not exist.
pub fn settings(text: &str, known: impl Fn(&str) -> bool) -> Result<Settings, Vec<Problem>> {
    let file = file(text)?;
    let mut problems = Vec::new();
    let mut severity = BTreeMap::new();
    for (id, word) in file.severity {
        let words: Vec<&str> = Severity::ALL.iter().map(|s| s.word()).collect();
        match Severity::of(&word) {
            _ if !known(&id) => {
                let fix = "`cargo xtask diff --rules` and `cargo xtask lint --rules` list the ids";
                problems.push(Problem::error("no-such-rule", PLACE, format!("there is no rule {id}"), fix));
            }
            None => {
                let what = format!("{word:?} is no severity of {id}");
                problems.push(Problem::error("bad-severity", PLACE, what, format!("use {}", words.join(", "))));
            }
            Some(s) => drop(severity.insert(id, s)),
        }
    }
    for row in file.finding.iter().filter(|r| r.until.is_none() && known(&r.what)) {
        let what = format!("{} {} {} has no `until`", row.api, row.at, row.what);
        let fix = "copy it from what lint or diff prints: the row expires once the document changes";
        problems.push(Problem::error("no-evidence", PLACE, what, fix));
    }
    if problems.is_empty() { Ok(Settings { findings: file.finding, severity }) } else { Err(problems) }
}

fn file(text: &str) -> Result<File, Vec<Problem>> {
    toml::from_str(text).map_err(|e| vec![bad_table(PLACE, text, &e)])
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = r#"
        [severity]
        unit-changed = "note"

        [[finding]]
        api = "zz1"
        at = "response.a"
        what = "unit-changed"
        why = "seen"
        until = "abc"
    "#;

    #[test]
    fn an_accepted_finding_is_void_once_its_evidence_changes() {
        let settings = settings(TABLE, |_| true).unwrap();
        let judge = |what, at, evidence| settings.judge(what, ("zz1", at), (Severity::Breaking, evidence));
        assert_eq!(judge("unit-changed", "response.a", "abc"), Verdict::Accepted(0, "seen"));
        assert_eq!(judge("unit-changed", "response.a", "abd"), Verdict::Lapsed(0, Severity::Note));
        assert_eq!(judge("unit-changed", "response.b", "abc"), Verdict::Counts(Severity::Note));
        assert_eq!(judge("scale-changed", "response.a", "abc"), Verdict::Counts(Severity::Breaking));
    }

    #[test]
    fn ids_and_words_that_do_not_exist_are_errors() {
        let ids = |text: &str, known: fn(&str) -> bool| -> Vec<&'static str> {
            settings(text, known).unwrap_err().iter().map(|p| p.id).collect()
        };
        assert_eq!(ids(TABLE, |_| false), ["no-such-rule"]);
        assert_eq!(ids("[severity]\nunit-changed = \"loud\"", |_| true), ["bad-severity"]);
        assert_eq!(ids(&TABLE.replace("until = \"abc\"", ""), |_| true), ["no-evidence"]);
        assert_eq!(ids("[[finding]]\nwhy = 1", |_| true), ["bad-table"]);
    }
}
