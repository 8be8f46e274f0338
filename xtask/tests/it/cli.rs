//! The real binary on temporary workspaces: what it prints, what it exits with, and what is on disk afterwards.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use crate::workspace::{Run, Workspace, assert_state, repository, sample, xtask};
use serde_json::Value;

fn json(run: &Run) -> Value {
    serde_json::from_str(&run.out).unwrap_or_else(|e| panic!("{e}:\n{}", run.out))
}

#[test]
fn regen_from_empty_gives_facts_and_code_and_then_has_nothing_to_do() {
    let tree = Workspace::empty();
    let first = tree.run(["regen", "--from-empty", &sample("samples.xlsx")]).succeeded();
    assert!(first.out.contains("samples.xlsx: 7 API sheets (complete)"), "{}", first.out);
    assert!(
        first.out.contains("added (7): 0B 주식체결, au10001 접근토큰 발급, ka10024 거래량갱신요청"),
        "{}",
        first.out
    );
    assert!(first.out.contains("error-added: errors.1501, errors.1504, errors.1700"), "{}", first.out);
    assert!(first.out.contains("facts: 8 files new"), "{}", first.out);
    let after = tree.state();
    assert_eq!(after.keys().filter(|p| p.starts_with("spec/apis/")).count(), 7);
    let stamp = || fs::metadata(tree.path("spec/apis/ka10081.json")).and_then(|m| m.modified()).expect("a time stamp");
    let before = stamp();
    for again in [vec!["regen"], vec!["regen", &sample("samples.xlsx")], vec!["regen", "--check"]] {
        let run = tree.run(&again).succeeded();
        assert!(run.out.contains("nothing to write: every file is up to date"), "{again:?}: {}", run.out);
        assert_state(&format!("{again:?}"), &tree.state(), &after);
    }
    assert_eq!(stamp(), before, "an up-to-date file keeps its time stamp");
}

#[test]
fn every_format_of_the_same_document_gives_the_same_tree() {
    let trees = ["samples.xlsx", "style1", "style2"].map(|name| {
        let tree = Workspace::empty();
        tree.run(["regen", "--from-empty", &sample(name)]).succeeded();
        tree.state()
    });
    assert_state("style 1", &trees[1], &trees[0]);
    assert_state("style 2", &trees[2], &trees[0]);
    // One file after the other instead of the folder.
    let tree = Workspace::empty();
    let mut files: Vec<_> =
        fs::read_dir(sample("style2")).expect("a folder").map(|e| e.expect("an entry").path()).collect();
    files.retain(|f| !f.ends_with("list.md") && !f.ends_with("errors.md"));
    files.sort();
    for file in files.iter().rev() {
        tree.run(["regen".as_ref(), file.as_os_str()]).succeeded();
    }
    let mut want = trees[0].clone();
    want.insert("spec/errors.json".to_owned(), b"[]\n".into());
    assert_state("one by one", &tree.state(), &want);
}

#[test]
fn check_writes_nothing_and_lists_what_would_change() {
    let tree = Workspace::of_samples();
    let good = tree.state();
    let chart = "kiwoom-api/src/generated/domestic/chart/stock_daily_chart.rs";
    tree.write(chart, tree.read(chart).replace("pub struct", "pub  struct"));
    tree.write("kiwoom-api/src/generated/stray.rs", "// nobody wants it");
    fs::remove_file(tree.path("kiwoom-api/APIS.md")).expect("the index");
    let bad = tree.state();
    let check = tree.run(["regen", "--check"]).failed(&[]);
    for part in [
        "code: 1 files would be new\n  kiwoom-api/APIS.md",
        &format!("code: 1 files would be changed\n  {chart}"),
        "code: 1 files would be removed\n  kiwoom-api/src/generated/stray.rs",
        "run `cargo xtask regen` with the same documents",
    ] {
        assert!(check.out.contains(part), "should say {part:?}:\n{}", check.out);
    }
    assert_state("--check", &tree.state(), &bad);
    tree.run(["regen"]).succeeded();
    assert_state("regen", &tree.state(), &good);
    tree.run(["regen", "--check"]).succeeded();

    // A document that says something new: the change is named, the tree is as it was.
    let style1 = fs::read_to_string(sample("style1/ka10081.md")).expect("a sample");
    tree.write("new.md", style1.replace("| - dt | 일자 | String | N | 20 |", "| - dt | 일자 | String | N | 8 |"));
    let before = tree.state();
    let check = tree.run(["regen", "--check", &tree.path("new.md").display().to_string()]).failed(&[]);
    let line = "  ka10081 주식일봉차트조회요청: 1 response-length-changed\n";
    assert!(check.out.contains(line), "{}", check.out);
    assert_state("--check of a document", &tree.state(), &before);
}

#[test]
fn json_can_be_read_by_a_program() {
    let tree = Workspace::empty();
    let first = json(&tree.run(["regen", "--from-empty", &sample("samples.xlsx"), "--format", "json"]).succeeded());
    assert_eq!(first["apis"], 7);
    assert_eq!(first["changes"]["ka10024"], "added");
    assert_eq!((&first["documents"][0]["sheets"], &first["documents"][0]["complete"]), (&7.into(), &true.into()));
    assert_eq!(first["files"]["spec/apis/_0b.json"], Value::Null);
    assert_eq!(first["files"]["spec/apis/0_B.json"], "new");
    assert_eq!(first["errors"][0], "+1501");
    assert_eq!(first["diff"]["counts"]["api-added"], 7);
    assert_eq!(first["written"], true);
    let again = json(&tree.run(["regen", "--check", "--format=json"]).succeeded());
    assert_eq!((&again["files"], &again["written"]), (&serde_json::json!({}), &false.into()));
    let found = json(&tree.run(["lint", "--format", "json"]).succeeded());
    assert!(found.as_array().expect("a list").iter().all(|p| p["level"] == "note"), "{found}");
    // A refusal is JSON too, and says the same as stderr.
    for command in ["regen", "lint"] {
        let refused =
            tree.run([command, "--format", "json", "missing.xlsx"]).failed(&["missing.xlsx", "check the path"]);
        let refused = json(&refused);
        let problems = if command == "regen" { &refused["problems"] } else { &refused };
        assert_eq!((&problems[0]["level"], &problems[0]["place"]), (&"error".into(), &"missing.xlsx".into()));
    }
}

#[test]
fn unknown_words_say_where_help_is() {
    let tree = Workspace::empty();
    for (args, parts) in [
        (&["regne"][..], &["\"regne\" is not a command", "cargo xtask help"][..]),
        (&["regen", "--form-empty"], &["form-empty", "cargo xtask help"]),
        (&["regen", "--format", "xml"], &["--format takes `text` or `json`"]),
        (&["regen", "--format"], &["--format", "cargo xtask help"]),
        (&["lint", "--deny", "notes"], &["--deny takes `warnings`"]),
        (&["regen", "-x"], &["-x", "cargo xtask help"]),
        (&["regen", "--check=yes"], &["check", "cargo xtask help"]),
        (&["regen", "--from-empty"], &["--from-empty needs a document"]),
        (&["conform"], &["conform needs a document"]),
    ] {
        let before = tree.state();
        let run = tree.run(args).failed(parts);
        assert_eq!(run.out, "", "{args:?}");
        assert_state(&format!("{args:?}"), &tree.state(), &before);
    }
    for args in [&["help"][..], &["--help"], &["-h"], &["regen", "--help"], &[]] {
        let run = Run::of(xtask().args(args)).succeeded();
        assert!(run.out.contains("cargo xtask regen DUMP..."), "{args:?}: {}", run.out);
    }
}

#[test]
fn tables_that_contradict_themselves_stop_everything() {
    let tree = Workspace::of_samples();
    let errata = tree.read("spec/errata.toml");
    let fix = |now: &str| {
        format!(
            "[[fix]]\napi = \"ka10081\"\nat = \"response.stk_cd\"\nop = \"length\"\nwas = \"6\"\nnow = {now:?}\nwhy = \"x\"\nseen = \"x\"\n"
        )
    };
    tree.write("spec/errata.toml", format!("{errata}\n{}{}", fix("7"), fix("8")));
    tree.write("spec/names/apis.toml", tree.read("spec/names/apis.toml") + "\n= broken\n");
    let before = tree.state();
    let run = tree.run(["regen"]).failed(&[
        "spec/errata.toml:ka10081 response.stk_cd: Length is fixed twice: to \"7\" and to \"8\" (keep one of the two)",
        "spec/names/apis.toml:",
        "nothing was written",
    ]);
    assert_eq!(run.out, "");
    assert_state("regen", &tree.state(), &before);
}

#[test]
fn facts_that_cannot_be_read_stop_everything_but_an_import_from_empty() {
    let tree = Workspace::of_samples();
    let good = tree.state();
    tree.write("spec/apis/ka10081.json", "{\n  \"id\": \"ka10081\",\n");
    let before = tree.state();
    for args in [vec!["regen"], vec!["regen", &sample("style1")], vec!["lint"]] {
        tree.run(args)
            .failed(&["spec/apis/ka10081.json:", "restore the file with git, or import again with --from-empty"]);
        assert_state("refused", &tree.state(), &before);
    }
    tree.run(["regen", "--from-empty", &sample("samples.xlsx")]).succeeded();
    assert_state("from empty", &tree.state(), &good);
}

#[test]
fn a_manifest_without_the_feature_markers_stops_everything() {
    let tree = Workspace::of_samples();
    let cargo = tree.read("kiwoom-api/Cargo.toml").replace("# generated features begin\n", "");
    tree.write("kiwoom-api/Cargo.toml", cargo);
    let before = tree.state();
    tree.run(["regen"]).failed(&["kiwoom-api/Cargo.toml", "put them back"]);
    assert_state("regen", &tree.state(), &before);
}

#[test]
fn warnings_let_regen_pass_and_lint_deny_them() {
    let tree = Workspace::of_samples();
    tree.run(["lint", "--deny", "warnings"]).succeeded();
    let names = tree.read("spec/names/apis.toml");
    let at = names.find("[ka10081]").expect("its row");
    let end = names[at + 1..].find("\n[").map_or(names.len(), |n| at + 1 + n);
    tree.write("spec/names/apis.toml", format!("{}{}", &names[..at], &names[end..]));
    let unnamed = "warning[no-name]: spec/names/apis.toml: ka10081 (주식일봉차트조회요청) has no name (add a row";
    let run = tree.run(["lint"]).succeeded();
    assert!(run.err.contains(unnamed), "{}", run.err);
    tree.run(["lint", "--deny", "warnings"]).failed(&[unnamed]);
    let run = tree.run(["regen"]).succeeded();
    assert!(run.err.contains(unnamed), "{}", run.err);
    assert!(run.out.contains("; 1 warnings"), "{}", run.out);
}

#[test]
fn the_committed_tree_has_no_warning_and_is_up_to_date() {
    let root = repository();
    let run = Run::of(xtask().args(["lint", "--deny", "warnings", "--root"]).arg(&root)).succeeded();
    assert!(run.out.starts_with("0 errors, 0 warnings, "), "{}", run.out);
    let run = Run::of(xtask().args(["regen", "--check", "--root"]).arg(&root)).succeeded();
    assert!(run.out.contains("nothing to write"), "{}", run.out);
}

#[test]
fn the_documents_give_the_committed_tree() {
    let default = repository().join("../shared/dumps");
    let dumps = std::env::var_os("KIWOOM_DUMPS").map_or(default, Into::into);
    let books = ["kiwoom-rest-api-2026-06-30.xlsx", "kiwoom-rest-api-2026-07-04.xlsx"].map(|name| dumps.join(name));
    if !books.iter().all(|book| book.is_file()) {
        eprintln!("skipped: no documents in {} (set KIWOOM_DUMPS)", dumps.display());
        return;
    }
    let tree = Workspace::empty();
    let documents = books.map(PathBuf::into_os_string);
    let run = tree.run(["regen", "--from-empty"].map(Into::into).into_iter().chain(documents)).succeeded();
    assert!(run.out.contains("kept where the cell is blank now: Type 4465"), "{}", run.out);
    assert!(run.out.contains("337 APIs, 7537 fields, 37 error codes; 0 warnings"), "{}", run.out);
    assert_state("from nothing", &tree.state(), &Workspace::whole().state());
}

#[test]
fn a_summary_does_not_drown_in_notes() {
    let tree = Workspace::empty();
    let run = tree.run(["regen", "--from-empty", &sample("samples.xlsx")]).succeeded();
    let kinds: BTreeSet<&str> = run.err.lines().filter_map(|l| l.split_once(']')).map(|(kind, _)| kind).collect();
    assert!(kinds.contains("note[name-without-api"), "{}", run.err);
    assert!(run.err.lines().count() <= 6 * kinds.len(), "{}", run.err);
    let more = run.err.lines().find_map(|l| l.strip_prefix("note[name-without-api]: and "));
    assert!(more.is_some_and(|l| l.ends_with(" more like these")), "{}", run.err);
}
