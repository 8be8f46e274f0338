//! `lint`: checks the committed facts, errata and names.

use kiwoom_spec::check::{accepted, lint};
use kiwoom_spec::errata;
use kiwoom_spec::problem::Level;

use crate::{Args, Failed, drift, facts};
use crate::{report, truth};

pub fn run(args: &Args) -> Result<(), Failed> {
    let said = |e: Vec<kiwoom_spec::problem::Problem>| {
        report::problems(&e);
        if args.json {
            println!("{}", serde_json::Value::from(report::json_problems(&e)));
        }
        Failed::Said
    };
    let mut spec = facts::committed(&args.root).map_err(said)?;
    let curated = facts::curated(&args.root).map_err(said)?;
    let (documents, mut problems) = facts::documents(&args.words).map_err(said)?;
    for document in &documents {
        let import = kiwoom_spec::import::import(&spec, document);
        problems.extend(import.problems);
        spec = import.spec;
    }
    let (fixed, stale) = errata::apply(&spec, &curated.errata);
    problems.extend(stale);
    problems.extend(curated.names.check(&spec));
    problems.extend(lint::lint(&fixed, &curated.names));
    problems.extend(drift::problems(&args.drift, &fixed).map_err(said)?);
    let path = args.root.join("spec/accepted.toml");
    let accepted = accepted::parse(&std::fs::read_to_string(path).unwrap_or_default()).map_err(said)?;
    for document in &documents {
        let truth = truth::truth(document, &fixed, &curated.names, &curated.errata, &accepted);
        problems.extend(truth::problems(document, &truth));
    }
    let (_, found) = kiwoom_codegen::generate(&fixed, &curated.names);
    problems.extend(found);
    let reasons = facts::reasons(&args.root).map_err(said)?;
    problems.extend(kiwoom_codegen::check::check(&fixed, &curated.names, &reasons));
    if args.json {
        println!("{}", serde_json::Value::from(report::json_problems(&problems)));
    } else {
        report::problems(&problems);
        let count = |level| problems.iter().filter(|p| p.level == level).count();
        println!("{} errors, {} warnings, {} notes", count(Level::Error), count(Level::Warning), count(Level::Note));
    }
    let bad = problems.iter().any(|p| p.level == Level::Error || args.deny_warnings && p.level == Level::Warning);
    if bad { Err(Failed::Said) } else { Ok(()) }
}
