//! `diff`: what changed between two states of the specification. Reads both sides and prints; the engine is
//! `spec::diff`, with `codegen::impact`.

use std::fs;

use kiwoom_codegen::impact::{self, State};
use kiwoom_spec::check::lint;
use kiwoom_spec::diff::Rule;
use kiwoom_spec::errata;
use kiwoom_spec::import;
use kiwoom_spec::problem::{Level, Problem};
use kiwoom_spec::report::{self, Limit, Report};

use crate::report::{refused_reading, style};
use crate::sides::{self, Side};
use crate::{Args, Failed, facts, tree};

pub fn run(args: &Args) -> Result<(), Failed> {
    if args.rules {
        rules();
        return Ok(());
    }
    if args.schema {
        print!("{}", report::SCHEMA);
        return Ok(());
    }
    let limit = match args.fail_on.as_deref().map(|word| (word, Limit::of(word))) {
        Some((word, None)) => {
            return Err(Failed::Because(format!("--fail-on {word}: use one of {}", Limit::words())));
        }
        Some((_, limit)) => limit,
        None => None,
    };
    let [old, new] = &args.words[..] else {
        return Err(Failed::Because("diff needs two sides: cargo xtask diff OLD NEW".to_owned()));
    };
    let said = |e: Vec<Problem>| refused_reading(&e, args.json);
    let settings = facts::settings(&args.root).map_err(said)?;
    let (old, new) = sides::both(&args.root, old, new).map_err(said)?;
    let skipped = old.problems.iter().chain(&new.problems).filter(|p| p.id == "file-skipped");
    crate::report::problems(&skipped.cloned().collect::<Vec<_>>());
    let (deltas, problems) = changes(args, &old, &new).map_err(said)?;
    let mut report = Report::new((&old.name, &new.name), deltas, &settings).with_tasks(&problems);
    report.version = facts::version(&args.root);
    for api in old.says.apis.values().chain(new.says.apis.values()) {
        report.names.insert(api.id.clone(), api.name.clone());
    }
    if args.json {
        println!("{}", report.json());
    } else {
        print!("{}", report.text(style(args.markdown)));
    }
    if let (Some(path), Some(entry)) = (&args.append, report.entry()) {
        let io = |e: std::io::Error| Failed::Because(format!("{}: {e}", path.display()));
        let text = match fs::read_to_string(path) {
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => String::new(),
            text => text.map_err(io)?,
        };
        tree::replace(path, &report::append(&text, &entry)).map_err(io)?;
    }
    match limit {
        Some(limit) if report.has(limit) => Err(Failed::Said),
        _ => Ok(()),
    }
}

/// The changes, and what is left to do about the new side.
fn changes(args: &Args, old: &Side, new: &Side) -> Result<(Vec<kiwoom_spec::diff::Delta>, Vec<Problem>), Vec<Problem>> {
    let current = facts::curated(&args.root)?;
    let (before, after) = (old.curated.as_ref().unwrap_or(&current), new.curated.as_ref().unwrap_or(&current));
    // A document adds to what was known: that is what code would be made of.
    let folded = new.document.as_ref().map(|document| import::merge(&old.says, document).spec);
    let facts = folded.as_ref().unwrap_or(&new.says);
    let (was, _) = errata::apply(&old.says, &before.errata);
    let (fixed, mut problems) = errata::apply(facts, &after.errata);
    let deltas = impact::changes(
        &State { says: &old.says, extent: old.extent, fixed: &was, names: &before.names },
        &State { says: &new.says, extent: new.extent, fixed: &fixed, names: &after.names },
    );
    problems.extend(after.names.check(facts));
    problems.extend(lint::lint(&fixed, &after.names));
    problems.extend(new.problems.iter().cloned());
    problems.retain(|p| p.level > Level::Note);
    Ok((deltas, problems))
}

fn rules() {
    println!("{:<28}{:<9}{:<10}what it means", "rule", "class", "severity");
    for rule in Rule::ALL {
        let row = rule.row();
        println!("{:<28}{:<9}{:<10}{}", row.id, row.class.word(), row.severity.word(), row.text);
    }
}
