//! `cargo xtask lint` over documents: findings with evidence, accepted until the document changes.

use std::fs;

use crate::workspace::{Workspace, sample};
use serde_json::Value;

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|e| panic!("{e}:\n{text}"))
}

/// The samples, and a dump of one API whose example shows a code that is not in its list.
fn doubtful() -> (Workspace, String) {
    let tree = Workspace::of_samples();
    let text = fs::read_to_string(sample("style1/ka10081.md")).expect("a sample");
    let new = text.replacen("\"upd_stkpc_tp\": \"1\"", "\"upd_stkpc_tp\": \"7\"", 1);
    let new = if new == text { text.replacen("\"upd_stkpc_tp\":\"1\"", "\"upd_stkpc_tp\":\"7\"", 1) } else { new };
    assert_ne!(new, text, "the sample has another example now");
    tree.write("new.md", new);
    let path = tree.path("new.md").display().to_string();
    (tree, path)
}

#[test]
fn a_finding_is_accepted_until_the_document_changes() {
    let (tree, new) = doubtful();
    let found = json(&tree.run(["lint", &new, "--format", "json"]).succeeded().out);
    let is_it = |f: &&Value| f["id"] == "unlisted-code" && f["api"] == "ka10081";
    let one = found.as_array().expect("a list").iter().find(is_it).unwrap_or_else(|| panic!("{found}")).clone();
    assert_eq!(
        (&one["at"], &one["level"], &one["accepted"]),
        (&"request.upd_stkpc_tp".into(), &"note".into(), &Value::Null)
    );
    let table = tree.read("spec/accepted.toml");
    tree.write("spec/accepted.toml", format!("{table}\n[severity]\nunlisted-code = \"warning\"\n"));
    tree.run(["lint", &new, "--deny", "warnings"]).failed(&["warning[unlisted-code]: ka10081 request.upd_stkpc_tp"]);
    let row = |until: &str| {
        format!(
            "\n[[finding]]\napi = \"ka10081\"\nat = \"request.upd_stkpc_tp\"\nwhat = \"unlisted-code\"\nwhy = \"seen\"\nuntil = {until:?}\n"
        )
    };
    let severity = "\n[severity]\nunlisted-code = \"warning\"\n";
    tree.write("spec/accepted.toml", format!("{table}{}{severity}", row(one["until"].as_str().expect("evidence"))));
    let run = tree.run(["lint", &new, "--deny", "warnings"]).succeeded();
    assert!(run.out.contains(", 1 accepted"), "{}", run.out);
    tree.write("spec/accepted.toml", format!("{table}{}{severity}", row("0123")));
    tree.run(["lint", &new, "--deny", "warnings"]).failed(&["it was accepted before the document changed"]);
    // Once the document has it right, the row is superfluous.
    tree.write("spec/accepted.toml", format!("{table}{}", row("0123")));
    let run = tree.run(["lint", &sample("style1/ka10081.md")]).succeeded();
    assert!(run.err.contains("accepted-nothing"), "{}", run.err);
}

#[test]
fn a_unit_that_changes_is_a_warning() {
    let tree = Workspace::of_samples();
    let text = fs::read_to_string(sample("style1/ka10081.md")).expect("a sample");
    let new = text.replace("백만원", "천원");
    assert_ne!(new, text, "the sample names another unit now");
    tree.write("new.md", new);
    let path = tree.path("new.md").display().to_string();
    tree.run(["lint", &path, "--deny", "warnings"])
        .failed(&["warning[unit-changed]: ka10081 response.", "million-won -> thousand-won"]);
}

#[test]
fn kinds_are_listed() {
    let tree = Workspace::empty();
    let run = tree.run(["lint", "--rules"]).succeeded();
    assert!(run.out.contains("unlisted-code") && run.out.lines().count() > 40, "{}", run.out);
}

#[test]
fn every_finding_of_the_samples_is_shown() {
    let tree = Workspace::of_samples();
    let run = tree.run(["lint", &sample("samples.xlsx")]).succeeded();
    assert!(!run.err.contains("more like these"), "{}", run.err);
}
