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

/// Two APIs whose facts change in the same way: one is named by hand-written modules and therefore held, one is not.
#[test]
fn what_is_held_is_judged_as_it_is_emitted() {
    let tree = Workspace::whole_with_sources();
    let (held, free) = ("ka10081", "ka10082");
    for id in [held, free] {
        let path = format!("spec/apis/{id}.json");
        let facts = tree.read(&path);
        let new = facts.replacen(r#"{"key":"cur_prc","name":"현재가""#, r#"{"key":"cur_prc","name":"주문번호""#, 1);
        assert_ne!(new, facts, "{id} has another price now");
        tree.write(&path, new);
    }
    let code = |name: &str| tree.read(&format!("kiwoom-api/src/generated/domestic/chart/{name}.rs"));
    let before = [code("stock_daily_chart"), code("stock_weekly_chart")];
    // What concerns decisions; the facts themselves are as the document has them.
    let judged = || {
        let found = json(&tree.run(["lint", "--format", "json"]).out);
        let ours = |f: &&Value| ["held", "twin", "omitted"].iter().any(|id| f["id"] == *id);
        let words = |f: &Value| format!("{} {}", f["id"], f["place"]).replace('"', "");
        found.as_array().expect("a list").iter().filter(ours).map(words).collect::<Vec<_>>()
    };
    let found = judged();
    let has = |what: &str| found.iter().any(|f| f == what);
    assert!(has("held spec/held/ka10081.json") && has(&format!("twin {free}.cur_prc")), "{found:?}");
    assert!(!has(&format!("twin {held}.cur_prc")), "it is emitted as it was: {found:?}");
    tree.run(["regen"]).succeeded();
    assert_eq!(code("stock_daily_chart"), before[0], "the held API is emitted as it was");
    assert_ne!(code("stock_weekly_chart"), before[1], "the other one follows the document");
    assert_eq!(judged(), found, "once it is emitted, it is judged the same");
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
