//! Evidence from live traffic: compares the reports that `kiwoom_api::Drift` writes with the facts.
//!
//! A report has counts and names of fields, no values. What the facts have since learned is no longer a finding.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::errata::Mended;
use crate::errata::mended::{Api, Field};
use crate::ir::is_envelope;
use crate::problem::Problem;
use crate::store;

/// The format that is read.
pub const FORMAT: &str = "kiwoom-drift-1";

/// The longest report that is read; one with every field of every API in it has less than 4 MiB.
pub const MAX_BYTES: usize = 16 << 20;

/// A report.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Report {
    format: String,
    /// The version of the crate that wrote it.
    pub version: String,
    apis: Vec<Counted>,
    left_out: u64,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Counted {
    id: String,
    replies: u64,
    rows: u64,
    unknown: Vec<KeyCount>,
    unnamed: u64,
    missing: Vec<KeyCount>,
    misfits: Vec<KeyCount>,
    unlisted: Vec<KeyCount>,
    left_out: u64,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyCount {
    field: String,
    #[serde(default)]
    doubt: Option<String>,
    count: u64,
}

/// Whether a text is such a report, even a defective one: files are recognised by content.
pub fn is_report(text: &str) -> bool {
    let head: String = text.chars().take(200).filter(|c| !c.is_whitespace()).collect();
    head.starts_with("{\"format\":\"kiwoom-drift-")
}

/// Reads a report; `place` is its file.
///
/// # Errors
/// The text is not a report of this format; names line and reason.
pub fn parse(text: &str, place: &str) -> Result<Report, Problem> {
    let fix = "write it again with `Drift::write`";
    if text.len() > MAX_BYTES {
        return Err(Problem::error("bad-drift", place, format!("longer than {MAX_BYTES} bytes"), fix));
    }
    let report: Report = serde_json::from_str(text).map_err(|e| {
        // the reason of serde_json may quote the text; its position never does
        let what = format!("no drift report: line {}, column {}", e.line(), e.column());
        Problem::error("bad-drift", place, what, fix)
    })?;
    if report.format != FORMAT {
        let fix = format!("use a kiwoom-api that writes {FORMAT}, or a checkout that reads the other");
        return Err(Problem::error("bad-drift", place, "a report of another format", fix));
    }
    Ok(report)
}

/// What a report says against facts to which the errata have been applied.
pub fn lint(report: &Report, spec: &Mended) -> Vec<Problem> {
    let mut out = Vec::new();
    for counted in &report.apis {
        match spec.apis.get(&counted.id) {
            Some(api) => findings(counted, api, &mut out),
            None => {
                let what = format!("{} was called, but is in no document", shown(&counted.id));
                out.push(Problem::note(
                    "drift-no-api",
                    "spec/apis",
                    what,
                    "the API was removed, or the report is of another crate",
                ));
            }
        }
    }
    if report.left_out > 0 {
        let what = format!("the report left {} replies out: too many APIs", report.left_out);
        out.push(Problem::note("drift-left-out", "spec/apis", what, "write reports more often"));
    }
    out
}

fn findings(counted: &Counted, api: &Api, out: &mut Vec<Problem>) {
    let fields = fields(api);
    let place = |field: &str| format!("spec/{} response.{}", store::api_path(&api.id), shown(field));
    let of = format!("in {} replies with {} rows", counted.replies, counted.rows);
    for KeyCount { field, count, .. } in counted.unknown.iter().filter(|c| !fields.contains_key(c.field.as_str())) {
        let what = format!("live replies have a field that no document has, {count} times {of}");
        let fix = "add an erratum `add`, or wait for the document that has it";
        out.push(Problem::warning("drift-unknown", place(field), what, fix));
    }
    if counted.unnamed > 0 {
        let what = format!("{} unknown keys without a name that may be shown, {of}", counted.unnamed);
        let fix = "look at a reply by hand: the keys may be accounts or codes";
        out.push(Problem::note("drift-unnamed", format!("spec/{}", store::api_path(&api.id)), what, fix));
    }
    for KeyCount { field, count, .. } in counted.missing.iter().filter(|c| fields.contains_key(c.field.as_str())) {
        let what = format!("live replies came without it, {count} times {of}");
        let fix = "nothing to do where the broker leaves it out at times; otherwise an erratum `alias` or `remove`";
        // one of many rows may well lack a field; a field that never comes is drift
        let always = *count >= if field.contains('.') { counted.rows.max(1) } else { counted.replies };
        let problem = if always { Problem::warning } else { Problem::note };
        out.push(problem("drift-missing", place(field), what, fix.to_owned()));
    }
    for KeyCount { field, doubt, count } in counted.misfits.iter().filter(|c| fields.contains_key(c.field.as_str())) {
        let doubt = doubt.as_deref().unwrap_or("misfit");
        let what = format!("live values do not fit ({}), {count} times {of}", shown(doubt));
        let fix =
            "look at `Reply::anomalies`: an erratum (`kind`, `scale`, `sign`, `sentinel`) or a new form of the value";
        out.push(Problem::warning("drift-misfit", place(field), what, fix));
    }
    for KeyCount { field, count, .. } in counted.unlisted.iter().filter(|c| fields.contains_key(c.field.as_str())) {
        let what = format!("live replies have codes that its list does not have, {count} times {of}");
        let fix = "an erratum `codes`, or further spellings in spec/names/codes.toml";
        out.push(Problem::warning("drift-unlisted", place(field), what, fix));
    }
    if counted.left_out > 0 {
        let what = format!("the report left {} findings out: too many fields", counted.left_out);
        let at = format!("spec/{}", store::api_path(&api.id));
        out.push(Problem::note("drift-left-out", at, what, "is the report of another crate, or of another API?"));
    }
}

/// The fields of a reply by the paths that a report has: below `data.values` a push, its envelope left out.
fn fields(api: &Api) -> BTreeMap<String, &Field> {
    let mut out = BTreeMap::new();
    api.walk(&mut |path, field| {
        let Some(path) = path.strip_prefix("response.") else { return };
        if !is_envelope(path) {
            out.insert(path.to_owned(), field);
            let above = path.strip_suffix(&field.key).unwrap_or_default();
            out.extend(field.ruled.aliases.iter().map(|alias| (format!("{above}{alias}"), field)));
        }
    });
    out
}

/// A text of the report in a message: a report may come from anywhere.
fn shown(text: &str) -> String {
    let legal = |c: char| if c.is_ascii_alphanumeric() || "._-".contains(c) { c } else { '?' };
    let short: String = text.chars().take(100).map(legal).collect();
    if text.chars().count() > 100 { format!("{short}..") } else { short }
}
