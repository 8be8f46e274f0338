//! `regen`: merges documents into the committed facts, and generates code from the facts. All output is computed before
//! the first write.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::Instant;

use kiwoom_codegen::Output;
use kiwoom_codegen::impact::{self, State};
use kiwoom_codegen::lower::lower;
use kiwoom_spec::check::lint;
use kiwoom_spec::diff::{Delta, Extent};
use kiwoom_spec::import::{self, Import};
use kiwoom_spec::ir::Spec;
use kiwoom_spec::problem::{Level, Problem};
use kiwoom_spec::report::Report;
use kiwoom_spec::{age, errata, store};

use crate::report::{self, Summary};
use crate::tree::{self, Wanted};
use crate::{Args, Failed, facts, held};

/// Folders that hold nothing but output: what is in them and is not wanted, goes.
const GENERATED: &str = "kiwoom-api/src/generated";
const FACTS: &str = "spec/apis";
const MANIFEST: &str = "kiwoom-api/generated.json";

pub fn run(args: &Args) -> Result<(), Failed> {
    let begun = Instant::now();
    let said = |e: Vec<Problem>| report::refused(&e, args.json);
    if args.from_empty && args.words.is_empty() {
        let what = "--from-empty needs a document, or nothing would be left: cargo xtask regen --from-empty DUMP...";
        return Err(Failed::Because(what.to_owned()));
    }
    if args.check {
        // Half-done work of a killed run counts as a difference; it is not finished behind the reader's back.
    } else if let Some(text) =
        tree::recover(&args.root, &["spec", "kiwoom-api"]).map_err(|f| Failed::Because(f.to_string()))?
    {
        eprintln!("note: {text}");
    }
    let old = facts::committed(&args.root);
    let old = if args.from_empty { old.unwrap_or_default() } else { old.map_err(said)? };
    let curated = facts::curated(&args.root).map_err(said)?;
    let (documents, notes) = facts::documents(&args.words).map_err(said)?;

    let mut spec = if args.from_empty { Spec::default() } else { old.clone() };
    let mut imports: Vec<(String, Import)> = Vec::new();
    let mut problems = notes;
    for document in &documents {
        let import = import::import(&spec, document);
        problems.extend(import.problems.iter().cloned());
        spec = import.spec.clone();
        imports.push((document.name.clone(), import));
    }
    if !args.accept_older {
        let before = if args.from_empty { Spec::default() } else { old.clone() };
        let imported: Vec<_> = imports.iter().map(|(name, import)| import.step(name)).collect();
        problems.extend(age::question(&before, &imported));
    }
    let (fixed, stale) = errata::apply(&spec, &curated.errata);
    problems.extend(stale);
    problems.extend(curated.names.check(&spec));
    problems.extend(lint::unsupported(&spec));
    let kept = held::keep(&args.root, &spec, &fixed, &curated).map_err(said)?;
    problems.extend(kept.problems);
    let model = kept.model.unwrap_or_else(|| lower(&kept.fixed, &curated.names));
    let before = (spec != old).then(|| errata::apply(&old, &curated.errata).0);
    if let Some(before) = before.as_ref().filter(|_| !args.from_empty) {
        problems.extend(held::gone(before, &model, &curated.names));
    }
    let output = kiwoom_codegen::render(&model);
    if problems.iter().any(|p| p.level == Level::Error) {
        return Err(said(problems));
    }
    report::problems(&problems);

    let mut wanted = wanted(&args.root, &spec, output).map_err(Failed::Because)?;
    wanted.extend(kept.files.into_iter().map(|(path, text)| (path, Some(text))));
    let differences = tree::compare(&args.root, &wanted).map_err(|f| Failed::Because(f.to_string()))?;
    let states = before.as_ref().map(|before| {
        let state = |says, fixed| State { says, extent: Extent::Whole, fixed, names: &curated.names };
        (state(&old, before), state(&spec, &fixed))
    });
    let deltas = states.map_or_else(Vec::new, |(old, new)| impact::changes(&old, &new));
    let report = report(args, (&old, &spec), deltas, &problems).map_err(said)?;
    let summary = Summary {
        spec: &spec,
        old: &old,
        report: &report,
        imports: &imports,
        problems: &problems,
        differences: &differences,
        check: args.check,
        begun,
    };
    if args.check {
        summary.print(args.json);
        return if differences.is_empty() { Ok(()) } else { Err(Failed::Said) };
    }
    tree::write(&args.root, &wanted, &differences, &mut |_| Ok(())).map_err(|f| Failed::Because(f.to_string()))?;
    summary.print(args.json);
    Ok(())
}

/// What the documents changed, and whom that breaks.
fn report(
    args: &Args,
    (old, new): (&Spec, &Spec),
    deltas: Vec<Delta>,
    problems: &[Problem],
) -> Result<Report, Vec<Problem>> {
    let settings = facts::settings(&args.root)?;
    let mut report = Report::new(("committed facts", "these documents"), deltas, &settings).with_tasks(problems);
    report.version = facts::version(&args.root);
    report.names = new.apis.values().chain(old.apis.values()).map(|a| (a.id.clone(), a.name.clone())).collect();
    Ok(report)
}

/// Every file that should be there, and every one that should not.
fn wanted(root: &Path, spec: &Spec, output: Output) -> Result<Wanted, String> {
    let mut wanted: Wanted = BTreeMap::new();
    for (path, text) in store::render(spec) {
        wanted.insert(format!("spec/{path}"), Some(text));
    }
    let mut manifest = Vec::new();
    for (path, text) in output.files {
        manifest.push(path.clone());
        wanted.insert(format!("kiwoom-api/{path}"), Some(text));
    }
    let list = manifest.iter().map(|p| format!("  \"{p}\"")).collect::<Vec<_>>().join(",\n");
    wanted.insert(MANIFEST.to_owned(), Some(format!("[\n{list}\n]\n")));
    let cargo = root.join("kiwoom-api/Cargo.toml");
    let text = fs::read_to_string(&cargo).map_err(|e| format!("{}: {e}", cargo.display()))?;
    wanted.insert("kiwoom-api/Cargo.toml".to_owned(), Some(with_features(&text, &output.features)?));
    // The manifest of the last run names what it wrote; the two folders hold nothing else.
    let written: Vec<String> =
        fs::read_to_string(root.join(MANIFEST)).ok().and_then(|t| serde_json::from_str(&t).ok()).unwrap_or_default();
    let mut present: Vec<String> = written.into_iter().map(|p| format!("kiwoom-api/{p}")).collect();
    for folder in [GENERATED, FACTS, held::FOLDER] {
        tree::collect(&root.join(folder), &mut |path| {
            if let Ok(path) = path.strip_prefix(root) {
                present.push(path.to_string_lossy().replace('\\', "/"));
            }
        });
    }
    for path in present {
        wanted.entry(path).or_insert(None);
    }
    Ok(wanted)
}

const BEGIN: &str = "# generated features begin";
const END: &str = "# generated features end";

/// Replaces the block between the markers.
fn with_features(cargo: &str, block: &str) -> Result<String, String> {
    let (Some(begin), Some(end)) = (cargo.find(BEGIN), cargo.find(END)) else {
        return Err(format!(
            "kiwoom-api/Cargo.toml: the lines `{BEGIN}` and `{END}` are missing in [features]; put them back"
        ));
    };
    let line_end = cargo[begin..].find('\n').map_or(cargo.len(), |i| begin + i + 1);
    if line_end > end {
        return Err("kiwoom-api/Cargo.toml: the feature markers are in the wrong order".to_owned());
    }
    Ok(format!("{}{block}{}", &cargo[..line_end], &cargo[end..]))
}

/// What a file is, for the summary.
pub fn part(path: &str) -> &'static str {
    if path.starts_with("spec/") { "facts" } else { "code" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_feature_block_is_replaced_and_nothing_else() {
        let cargo =
            "[features]\ndefault = []\n# generated features begin\nold = []\n# generated features end\nserde = []\n";
        let want =
            "[features]\ndefault = []\n# generated features begin\nnew = []\n# generated features end\nserde = []\n";
        assert_eq!(with_features(cargo, "new = []\n").unwrap(), want);
        assert!(with_features("[features]\n", "").unwrap_err().contains("put them back"));
    }
}
