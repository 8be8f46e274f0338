//! Drift reports of live traffic against the committed facts.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use kiwoom_spec::drift::{self, is_report};
use kiwoom_spec::errata;
use kiwoom_spec::ir::{Field, Spec};
use kiwoom_spec::problem::{Level, Problem};
use kiwoom_spec::store;

/// Written by `kiwoom_api::Drift`, whose tests make the same bytes.
const SAMPLE: &str = include_str!("../../samples/drift.json");

fn facts() -> Spec {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("apis");
    let files: BTreeMap<String, String> = ["ka10081", "ka10001"]
        .into_iter()
        .map(|id| (format!("apis/{id}.json"), fs::read_to_string(folder.join(format!("{id}.json"))).unwrap()))
        .collect();
    store::parse(&files).unwrap()
}

fn lint(text: &str, facts: &Spec) -> Vec<Problem> {
    lint_with(text, facts, "")
}

/// With errata in their own format.
fn lint_with(text: &str, facts: &Spec, fixes: &str) -> Vec<Problem> {
    let (mended, stale) = errata::apply(facts, &errata::parse(fixes).unwrap());
    assert!(stale.is_empty(), "{stale:?}");
    drift::lint(&drift::parse(text, "drift.json").unwrap(), &mended)
}

fn lines(problems: &[Problem]) -> Vec<String> {
    let level = |l: Level| if l == Level::Warning { "warning" } else { "note" };
    problems.iter().map(|p| format!("{} {} {}", level(p.level), p.id, p.place)).collect()
}

#[test]
fn the_sample_gives_each_finding_once() {
    let row = "spec/apis/ka10081.json response.stk_dt_pole_chart_qry";
    let want = [
        format!("warning drift-unknown {row}.added"),
        format!("warning drift-unknown {row}.new_key"),
        "warning drift-unknown spec/apis/ka10081.json response.totals".to_owned(),
        "note drift-unnamed spec/apis/ka10081.json".to_owned(),
        // one of two replies, one of seven rows: not always
        "note drift-missing spec/apis/ka10081.json response.stk_cd".to_owned(),
        format!("note drift-missing {row}.trde_tern_rt"),
        format!("warning drift-misfit {row}.dt"),
        format!("warning drift-misfit {row}.pred_pre"),
        format!("warning drift-misfit {row}.trde_qty"),
        format!("warning drift-unlisted {row}.pred_pre_sig"),
    ];
    let found = lint(SAMPLE, &facts());
    assert_eq!(lines(&found), want);
    assert!(found[1].what.contains("2 times in 2 replies with 7 rows"), "{}", found[1]);
    assert!(found.iter().all(|p| !p.fix.is_empty()));
}

#[test]
fn what_never_comes_is_a_warning() {
    let always = SAMPLE.replace(r#"trde_tern_rt", "count": 1"#, r#"trde_tern_rt", "count": 7"#);
    let found = lint(&always, &facts());
    assert!(found.iter().any(|p| p.id == "drift-missing" && p.level == Level::Warning), "{:?}", lines(&found));
}

#[test]
fn what_the_facts_have_learned_is_no_finding_any_more() {
    let mut spec = facts();
    let reply = &mut spec.apis.get_mut("ka10081").unwrap().response.blocks[0].fields;
    reply.push(Field { key: "totals".into(), ..Field::default() });
    reply.retain(|f| f.key != "stk_cd");
    let list = reply.iter_mut().find(|f| f.is_container()).unwrap();
    list.fields.retain(|f| f.key != "trde_qty");
    let fix = format!(
        "[[fix]]\napi = \"ka10081\"\nat = \"response.{}.{}\"\nop = \"alias\"\nwas = \"another\"\nnow = \"added\"\nwhy = \"a test\"\nseen = \"a test\"",
        list.key, list.fields[0].key
    );
    let left = lines(&lint_with(SAMPLE, &spec, &fix));
    for gone in ["totals", "response.stk_cd", "trde_qty", "added"] {
        assert!(!left.iter().any(|line| line.ends_with(gone)), "{gone}: {left:?}");
    }
    assert_eq!(left.len(), 6);
    spec.apis.clear();
    assert_eq!(lines(&lint(SAMPLE, &spec)), ["note drift-no-api spec/apis"]);
}

#[test]
fn a_report_is_known_by_its_content() {
    assert!(is_report(SAMPLE) && is_report(r#" {"format": "kiwoom-drift-9"}"#));
    for other in ["", "{}", "[]", "# 견본", r#"{"apis": {}}"#, r#"{"id": "kiwoom-drift-1"}"#] {
        assert!(!is_report(other), "{other}");
    }
}

#[test]
fn what_is_no_report_is_an_error_with_its_place_and_without_its_text() {
    let secret = "TOKEN1234567890";
    for text in [
        "",
        "{",
        "null",
        r#"{"format":"kiwoom-drift-2","version":"9","apis":[],"left_out":0}"#,
        &SAMPLE.replace("\"replies\": 2", &format!("\"replies\": \"{secret}\"")),
        &SAMPLE.replace("\"replies\"", &format!("\"{secret}\"")),
        &SAMPLE[..SAMPLE.len() / 2],
        &"[".repeat(100_000),
        &" ".repeat(drift::MAX_BYTES + 1),
    ] {
        let problem = drift::parse(text, "here/drift.json").unwrap_err();
        assert_eq!((problem.id, problem.level, problem.place.as_str()), ("bad-drift", Level::Error, "here/drift.json"));
        assert!(!problem.to_string().contains(secret), "{problem}");
    }
}

#[test]
fn a_hostile_report_cannot_write_to_the_terminal() {
    let hostile = SAMPLE.replace("stk_dt_pole_chart_qry.new_key", &format!("\\u001b[31m\\n{}", "x".repeat(5000)));
    for problem in lint(&hostile, &facts()) {
        assert!(problem.to_string().len() < 600 && !problem.to_string().contains(['\u{1b}', '\n']), "{problem}");
    }
}
