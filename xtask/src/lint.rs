//! `lint`: every doubt about the committed facts, errata and names, and about a document.
//!
//! Collects what the checks of `spec` find and weighs it by `spec/accepted.toml`; has no rules of its own.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::Path;

use kiwoom_spec::check::accepted::{Accepted, Settings, Verdict};
use kiwoom_spec::check::doubts::{Doubt, Kind};
use kiwoom_spec::diff::{self, Class, Delta, Severity};
use kiwoom_spec::import;
use kiwoom_spec::ir::{Spec, digest};
use kiwoom_spec::names::reasons::Reasons;
use kiwoom_spec::problem::{Level, Problem};
use kiwoom_spec::reading::Reading;
use serde_json::json;

use crate::facts::Curated;
use crate::judges::Docket;
use crate::{Args, Failed, drift, facts, held, report};

/// One finding with what is needed to accept it.
struct Finding {
    problem: Problem,
    api: String,
    at: String,
    until: String,
    accepted: Option<String>,
}

pub fn run(args: &Args) -> Result<(), Failed> {
    if args.rules {
        rules();
        return Ok(());
    }
    let said = |e: Vec<Problem>| {
        report::problems(&e);
        if args.json {
            println!("{}", serde_json::Value::from(report::json_problems(&e)));
        }
        Failed::Said
    };
    // The documents take longest: everything else is read beside them.
    let (documents, tables) = rayon::join(|| read(&args.words), || Tables::read(&args.root));
    let tables = tables.map_err(said)?;
    let (documents, mut problems) = documents.map_err(said)?;
    let Tables { committed, curated, settings, reasons } = tables;
    let mut states = vec![committed];
    for document in &documents {
        let import = import::merge(&states[states.len() - 1], document);
        problems.extend(import.problems);
        states.push(import.spec);
    }
    let states: Vec<&Spec> = states.iter().collect();
    let case = Docket {
        states: &states,
        documents: &documents,
        names: &curated.names,
        errata: &curated.errata,
        accepted: &settings.findings,
    };
    let found = case.judge(|fixed| -> Result<Vec<Problem>, Vec<Problem>> {
        // The model that regen would emit: what a hand-written module needs stays as it is.
        let kept = held::judged(&args.root, states[states.len() - 1], fixed, &curated)?;
        let judged = kept.as_ref().map_or(fixed, |kept| &kept.fixed);
        let found = kiwoom_codegen::check::check(judged, &curated.names, &reasons);
        let live = drift::problems(&args.drift, fixed)?;
        Ok(kept.map(|kept| kept.problems).into_iter().flatten().chain(found).chain(live).collect())
    });
    problems.extend(found.problems);
    problems.extend(found.decided.map_err(said)?);
    let mut findings: Vec<Finding> = changes(found.changes);
    findings.extend(found.doubts.into_iter().map(doubt));
    findings.extend(problems.into_iter().map(plain));
    let mut used = BTreeSet::new();
    let mut findings: Vec<Finding> = findings.into_iter().filter_map(|f| judge(f, &settings, &mut used)).collect();
    if !documents.is_empty() {
        findings.extend(unused(&settings, &used));
    }
    findings.sort_by(|a, b| (&a.problem, &a.until).cmp(&(&b.problem, &b.until)));
    findings.dedup_by(|a, b| a.problem == b.problem);
    print(&findings, args.json);
    let open = || findings.iter().filter(|f| f.accepted.is_none()).map(|f| f.problem.level);
    let bad = open().any(|level| level == Level::Error || args.deny_warnings && level == Level::Warning);
    if bad { Err(Failed::Said) } else { Ok(()) }
}

/// The documents with their sheets, and what there is to say of the files.
fn read(paths: &[OsString]) -> Result<(Vec<Reading>, Vec<Problem>), Vec<Problem>> {
    let (documents, notes) = facts::documents(paths)?;
    Ok((documents.iter().map(Reading::of).collect(), notes))
}

/// What is committed.
struct Tables {
    committed: Spec,
    curated: Curated,
    settings: Settings,
    reasons: Reasons,
}

impl Tables {
    fn read(root: &Path) -> Result<Self, Vec<Problem>> {
        let (committed, curated) = rayon::join(|| facts::committed(root), || facts::curated(root));
        let (settings, reasons) = (facts::settings(root), facts::reasons(root));
        Ok(Self { committed: committed?, curated: curated?, settings: settings?, reasons: reasons? })
    }
}

/// What a document says differently from the facts, where that changes a meaning or how a value is read.
fn changes(deltas: Vec<Delta>) -> Vec<Finding> {
    let heavy =
        |d: &Delta| matches!(d.class(), Class::Meaning | Class::Decode) && d.rule.row().severity > Severity::Note;
    let finding = |d: Delta| Finding {
        until: d.evidence(),
        problem: Problem::warning(
            d.rule.id(),
            d.place(),
            d.words(),
            "look which is right: errata and tables were written against the old facts",
        ),
        api: d.api,
        at: d.at,
        accepted: None,
    };
    deltas.into_iter().filter(heavy).map(finding).collect()
}

fn doubt(d: Doubt) -> Finding {
    let row = d.kind.row();
    let level = level(row.severity);
    let problem = Problem { level, ..Problem::note(row.id, d.place(), d.words(), row.fix) };
    Finding { until: d.evidence(), problem, api: d.api, at: d.at, accepted: None }
}

fn plain(problem: Problem) -> Finding {
    Finding { api: String::new(), at: problem.place.clone(), until: digest(&problem.what), problem, accepted: None }
}

fn level(severity: Severity) -> Level {
    match severity {
        Severity::Off | Severity::Note => Level::Note,
        Severity::Warning => Level::Warning,
        Severity::Breaking => Level::Error,
    }
}

/// Weighs a finding; none if its kind is switched off. An error stays an error.
fn judge(mut finding: Finding, settings: &Settings, used: &mut BTreeSet<usize>) -> Option<Finding> {
    let usual = match finding.problem.level {
        Level::Note => Severity::Note,
        Level::Warning => Severity::Warning,
        Level::Error => return Some(finding),
    };
    let place = (finding.api.as_str(), finding.at.as_str());
    match settings.judge(finding.problem.id, place, (usual, &finding.until)) {
        Verdict::Counts(Severity::Off) | Verdict::Lapsed(_, Severity::Off) => return None,
        Verdict::Counts(severity) => finding.problem.level = level(severity),
        Verdict::Lapsed(row, severity) => {
            used.insert(row);
            finding.problem.level = level(severity).max(Level::Warning);
            finding.problem.what.push_str("; it was accepted before the document changed");
        }
        Verdict::Accepted(row, why) => {
            used.insert(row);
            finding.accepted = Some(why.to_owned());
        }
    }
    Some(finding)
}

/// Accepted findings of `lint` that nothing found.
fn unused(settings: &Settings, used: &BTreeSet<usize>) -> Vec<Finding> {
    let rows = settings.findings.iter().enumerate().filter(|(n, row)| row.until.is_some() && !used.contains(n));
    let ours = rows.filter(|(_, row)| diff::Rule::of(&row.what).is_none());
    let note = |(_, row): (usize, &Accepted)| {
        let what = format!("{} {} {}: nothing finds it any more", row.api, row.at, row.what);
        plain(Problem::note("accepted-nothing", "spec/accepted.toml", what, "delete the row"))
    };
    ours.map(note).collect()
}

fn print(findings: &[Finding], json: bool) {
    let open: Vec<&Finding> = findings.iter().filter(|f| f.accepted.is_none()).collect();
    if json {
        let each = |f: &Finding| {
            let mut out = report::json_problems(std::slice::from_ref(&f.problem)).remove(0);
            out["api"] = f.api.as_str().into();
            out["at"] = f.at.as_str().into();
            out["until"] = f.until.as_str().into();
            out["accepted"] = json!(f.accepted);
            out
        };
        println!("{}", serde_json::Value::from(findings.iter().map(each).collect::<Vec<_>>()));
        return;
    }
    let show = |f: &&Finding| {
        let mut problem = f.problem.clone();
        // Notes about errata and names need no acceptance.
        if !f.api.is_empty() || problem.level == Level::Warning {
            problem.fix.push_str(&format!("; until = {:?}", f.until));
        }
        problem
    };
    report::all_problems(&open.iter().map(show).collect::<Vec<_>>());
    let count = |level| open.iter().filter(|f| f.problem.level == level).count();
    let accepted = findings.len() - open.len();
    let accepted = if accepted == 0 { String::new() } else { format!(", {accepted} accepted") };
    println!(
        "{} errors, {} warnings, {} notes{accepted}",
        count(Level::Error),
        count(Level::Warning),
        count(Level::Note)
    );
}

fn rules() {
    println!("{:<28}{:<10}what it means; what to do", "doubt", "severity");
    for kind in Kind::ALL {
        let row = kind.row();
        println!("{:<28}{:<10}{}; {}", row.id, row.severity.word(), row.text, row.fix);
    }
}
