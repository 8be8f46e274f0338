//! `conform`: decode and encode every documented example with the built crate.
//!
//! Reads the examples leniently, passes them as JSON lines to a test target of `kiwoom-api`, and judges the answers: it
//! fails on anything that no erratum and no accepted finding explains.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::process::Command;

use kiwoom_codegen::lower::lower;
use kiwoom_codegen::model::{Evidence, Kind, Model, Struct};
use kiwoom_spec::check::accepted::{self, Accepted};
use kiwoom_spec::check::identities::Tried;
use kiwoom_spec::errata::{self, Fix, Op};
use kiwoom_spec::reading::Reading;
use serde_json::{Value, json};

use crate::truth::truth;
use crate::{Args, Failed, facts, report};

/// One example to try.
struct Case {
    id: String,
    way: &'static str,
    place: String,
    body: Value,
}

pub fn run(args: &Args) -> Result<(), Failed> {
    let said = |e: Vec<kiwoom_spec::problem::Problem>| {
        report::problems(&e);
        Failed::Said
    };
    if args.words.is_empty() {
        return Err(Failed::Because("conform needs a document: cargo xtask conform DUMP...".to_owned()));
    }
    let spec = facts::committed(&args.root).map_err(said)?;
    let curated = facts::curated(&args.root).map_err(said)?;
    let path = args.root.join("spec/accepted.toml");
    let accepted = accepted::parse(&fs::read_to_string(path).unwrap_or_default()).map_err(said)?;
    let (documents, notes) = facts::documents(&args.words).map_err(said)?;
    report::problems(&notes);

    let (fixed, _) = errata::apply(&spec, &curated.errata);
    if !args.json {
        print_kinds(&lower(&fixed, &curated.names));
    }
    let documents: Vec<Reading> = documents.iter().map(Reading::of).collect();
    let mut used = BTreeSet::new();
    let mut bad = 0;
    let mut reports = Vec::new();
    for document in &documents {
        let cases = cases(document);
        let answers = ask(args, &cases)?;
        let mut found = weigh(&cases, &answers, &curated.errata, &accepted, &mut used);
        let truth = truth(document, &fixed, &curated.names, &curated.errata, &accepted);
        used.extend(&truth.accepted);
        found.extend(truth.broken.iter().map(|(api, b)| Misread {
            api: api.clone(),
            way: "reply",
            place: document.name.clone(),
            what: b.identity.to_owned(),
            at: b.at.clone(),
            text: b.arithmetic.clone(),
            explained: None,
        }));
        bad += found.iter().filter(|f| f.explained.is_none()).count() + usize::from(answers.len() != cases.len());
        if args.json {
            reports.push(json_report(document, &cases, &found, &truth.tried));
            continue;
        }
        print_findings(document, &cases, &answers, &found);
        let tried: Vec<String> = truth.tried.iter().map(|(name, n)| format!("{name} {n}")).collect();
        println!("  identities tried: {}; {} exceptions accepted", tried.join(", "), truth.accepted.len());
    }
    let stale: Vec<&Accepted> =
        accepted.iter().enumerate().filter(|(i, a)| !used.contains(i) && a.until.is_none()).map(|(_, a)| a).collect();
    if args.json {
        let stale: Vec<Value> = stale.iter().map(|a| json!({ "api": a.api, "at": a.at, "what": a.what })).collect();
        println!("{}", json!({ "documents": reports, "conforms": bad == 0, "accepted_for_nothing": stale }));
        return if bad == 0 { Ok(()) } else { Err(Failed::Said) };
    }
    for row in &stale {
        println!("note: spec/accepted.toml: {} {} {}: found in none of these documents", row.api, row.at, row.what);
    }
    if bad == 0 {
        println!("every documented example conforms");
        Ok(())
    } else {
        Err(Failed::Because(format!(
            "{bad} findings; mend them, or explain them in spec/errata.toml or spec/accepted.toml"
        )))
    }
}

/// What is wrong with one value of one example.
struct Misread {
    api: String,
    way: &'static str,
    place: String,
    what: String,
    at: String,
    text: String,
    /// The erratum or the accepted finding that explains it.
    explained: Option<String>,
}

/// By API: how many examples were tried, and every finding with its field.
fn json_report(document: &Reading, cases: &[Case], found: &[Misread], tried: &Tried) -> Value {
    let mut apis: BTreeMap<&str, (BTreeMap<&str, usize>, Vec<Value>)> = BTreeMap::new();
    for case in cases {
        *apis.entry(&case.id).or_default().0.entry(case.way).or_default() += 1;
    }
    for f in found {
        let finding = json!({
            "way": f.way, "at": f.at, "what": f.what, "text": f.text, "place": f.place, "explained": f.explained,
        });
        apis.entry(&f.api).or_default().1.push(finding);
    }
    let apis: serde_json::Map<String, Value> = apis
        .into_iter()
        .map(|(id, (examples, findings))| (id.to_owned(), json!({ "examples": examples, "findings": findings })))
        .collect();
    json!({ "name": document.name, "apis": apis, "identities": tried })
}

/// Each finding and each explanation.
fn print_findings(document: &Reading, cases: &[Case], answers: &[Value], found: &[Misread]) {
    let mut explained: BTreeMap<String, usize> = BTreeMap::new();
    for f in found {
        match &f.explained {
            Some(why) => *explained.entry(format!("{} {}: {why}", f.api, f.what)).or_default() += 1,
            None => println!("{}: {} {} {} {}: {}", f.place, f.api, f.way, f.what, f.at, f.text),
        }
    }
    if answers.len() != cases.len() {
        println!("{} answers for {} examples", answers.len(), cases.len());
    }
    let count = |way| cases.iter().filter(|c| c.way == way).count();
    println!("{}: {} requests, {} replies, {} pushes", document.name, count("request"), count("reply"), count("push"));
    for (why, n) in explained {
        println!("  explained, {n} times: {why}");
    }
}

/// All examples of a document.
fn cases(document: &Reading) -> Vec<Case> {
    let mut out = Vec::new();
    for api in document.apis() {
        for (way, side) in [("request", &api.request), ("reply", &api.response)] {
            let (Some((_, place)), Some(read)) = (&side.example, side.examples()) else { continue };
            match read {
                Ok(examples) => out.extend(examples.iter().map(|e| {
                    let way = if way == "reply" && e.is_push() { "push" } else { way };
                    Case { id: api.id.clone(), way, place: place.clone(), body: e.value.clone() }
                })),
                Err(what) => println!("warning: {place}: {what}"),
            }
        }
    }
    // A push carries several records; each is tried alone, as the runtime will meet them.
    out.into_iter()
        .flat_map(|case| {
            if case.way != "push" {
                return vec![case];
            }
            let items = case.body["data"].as_array().cloned().unwrap_or_default();
            let inner = |item: Value| Case {
                id: case.id.clone(),
                way: case.way,
                place: case.place.clone(),
                body: item["values"].clone(),
            };
            items.into_iter().map(inner).collect()
        })
        .collect()
}

fn ask(args: &Args, cases: &[Case]) -> Result<Vec<Value>, Failed> {
    let folder = args.root.join("target/conform");
    let io = |e: std::io::Error| Failed::Because(format!("{}: {e}", folder.display()));
    fs::create_dir_all(&folder).map_err(io)?;
    let (input, output) = (folder.join("in.jsonl"), folder.join("out.jsonl"));
    let lines: Vec<String> =
        cases.iter().map(|c| json!({ "id": c.id, "way": c.way, "body": c.body.to_string() }).to_string()).collect();
    fs::write(&input, lines.join("\n") + "\n").map_err(io)?;
    fs::remove_file(&output).ok();
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let run = Command::new(cargo)
        .args(["test", "--quiet", "-p", "kiwoom-api", "--features", "registry", "--test", "conform"])
        .current_dir(&args.root)
        .env("KIWOOM_CONFORM_IN", &input)
        .env("KIWOOM_CONFORM_OUT", &output)
        .output()
        .map_err(io)?;
    if !run.status.success() {
        eprint!("{}{}", String::from_utf8_lossy(&run.stdout), String::from_utf8_lossy(&run.stderr));
        return Err(Failed::Because("the test target of kiwoom-api failed".to_owned()));
    }
    let text = fs::read_to_string(&output).map_err(io)?;
    Ok(text.lines().filter_map(|l| serde_json::from_str(l).ok()).collect())
}

/// Everything that is wrong, with what explains it.
fn weigh(
    cases: &[Case],
    answers: &[Value],
    errata: &[Fix],
    accepted: &[Accepted],
    used: &mut BTreeSet<usize>,
) -> Vec<Misread> {
    let mut out = Vec::new();
    for (case, answer) in cases.iter().zip(answers) {
        let distrusted = errata.iter().find(|f| {
            f.api == case.id && f.op == Op::DistrustExample && f.at.starts_with("response") && case.way != "request"
        });
        for (what, at, text) in findings(answer) {
            let row = accepted.iter().position(|a| a.api == case.id && a.at == at && a.what == what);
            let why = row.map(|i| {
                used.insert(i);
                accepted[i].why.clone()
            });
            let explained = why.or_else(|| distrusted.map(|f| format!("distrusted example: {}", f.why)));
            let (api, place) = (case.id.clone(), case.place.clone());
            out.push(Misread { api, way: case.way, place, what: what.to_owned(), at, text, explained });
        }
    }
    out
}

/// (what, path without row numbers, text)
fn findings(answer: &Value) -> Vec<(&'static str, String, String)> {
    let list = |key: &str| answer[key].as_array().cloned().unwrap_or_default();
    let text = |v: &Value| v.as_str().map_or_else(|| v.to_string(), str::to_owned);
    let mut out = Vec::new();
    if let Some(error) = answer.get("error") {
        out.push(("error", String::new(), text(error)));
    }
    out.extend(list("unknown").iter().map(|k| ("unknown", text(k), "no field has this key".to_owned())));
    out.extend(
        list("missing").iter().map(|k| ("missing", text(k), "needed, but the example has no value for it".to_owned())),
    );
    let anomaly = |a: &Value| {
        ("anomaly", without_rows(&text(&a["path"])), format!("{} is not {}", a["raw"], text(&a["expected"])))
    };
    out.extend(list("anomalies").iter().map(anomaly));
    out.extend(
        list("differ")
            .iter()
            .map(|d| ("differs", text(&d["key"]), format!("document {}, sent {}", d["document"], d["sent"]))),
    );
    out
}

fn without_rows(path: &str) -> String {
    let mut out = String::new();
    let mut inside = false;
    for c in path.chars() {
        match c {
            '[' => inside = true,
            ']' => inside = false,
            c if !inside => out.push(c),
            _ => {}
        }
    }
    out
}

/// How many fields have which kind, on what evidence, by market.
fn print_kinds(model: &Model) {
    let mut kinds: BTreeMap<String, BTreeMap<&str, usize>> = BTreeMap::new();
    let mut evidence: BTreeMap<Evidence, BTreeMap<&str, usize>> = BTreeMap::new();
    let mut untold = Vec::new();
    for menu in &model.menus {
        for api in &menu.apis {
            let requests = api.request.iter().map(|r| (&r.body, "request"));
            let others =
                std::iter::once(&api.reply).chain(&api.push).chain(&api.nested).map(|s: &Struct| (s, "response"));
            for (structure, side) in requests.chain(others) {
                for field in &structure.fields {
                    let word = field.kind.word();
                    let word = match &field.kind {
                        Kind::List(_) | Kind::Tuples(_) | Kind::Object(_) | Kind::Embedded(_) => "container",
                        Kind::Coded(..) => "code of a set",
                        _ => word.split([' ', '(']).next().unwrap_or(""),
                    };
                    let column = if side == "request" { "request" } else { menu.market.as_str() };
                    *kinds.entry(word.to_owned()).or_default().entry(column).or_default() += 1;
                    *evidence.entry(field.evidence).or_default().entry(column).or_default() += 1;
                    if field.evidence == Evidence::None {
                        untold.push(format!("{} {}.{}", api.id, structure.name, field.key));
                    }
                }
            }
        }
    }
    println!("{:<20}{:>10}{:>10}{:>8}{:>8}", "kind", "request", "domestic", "us", "other");
    for (word, row) in &kinds {
        print_row(word, row);
    }
    println!("{:<20}{:>10}{:>10}{:>8}{:>8}", "evidence", "request", "domestic", "us", "other");
    for (evidence, row) in &evidence {
        print_row(evidence.word(), row);
    }
    println!(
        "text for want of evidence: {}",
        if untold.is_empty() { "none".to_owned() } else { untold.len().to_string() }
    );
    for line in untold {
        println!("  {line}");
    }
}

fn print_row(word: &str, row: &BTreeMap<&str, usize>) {
    let get = |c: &str| row.get(c).copied().unwrap_or(0);
    let other: usize = row.iter().filter(|(c, _)| !["request", "domestic", "us"].contains(c)).map(|(_, n)| n).sum();
    println!("{word:<20}{:>10}{:>10}{:>8}{other:>8}", get("request"), get("domestic"), get("us"));
}
