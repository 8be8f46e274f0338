//! `cargo xtask diff` on temporary workspaces: sides of every form, every output, exit codes.

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

use crate::workspace::{Workspace, assert_state, sample};
use serde_json::Value;

/// A workspace of the samples, and a dump of one of its APIs in which two things are different.
fn changed() -> (Workspace, String) {
    let tree = Workspace::of_samples();
    tree.write("Cargo.toml", "[workspace.package]\nversion = \"0.1.0\"\n");
    let text = fs::read_to_string(sample("style1/ka10081.md")).expect("a sample");
    let new = text
        .replace("| - dt | 일자 | String | N | 20 |", "| - dt | 일자 | String | N | 8 |")
        .replace("| - trde_qty | 거래량 |", "| - volume | 거래량 |")
        .replace("\"trde_qty\"", "\"volume\"");
    assert_ne!(new.matches("volume").count(), 0, "{text}");
    tree.write("new.md", new);
    let path = tree.path("new.md").display().to_string();
    (tree, path)
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|e| panic!("{e}:\n{text}"))
}

#[test]
fn a_dump_against_the_committed_facts_names_what_breaks() {
    let (tree, new) = changed();
    let before = tree.state();
    let run = tree.run(["diff", "spec", &new]).succeeded();
    for part in [
        "spec -> new.md",
        "breaking source ka10081 response.stk_dt_pole_chart_qry.volume field-renamed: trde_qty -> volume",
        "domestic::chart::StockDailyChartRow::trde_qty is gone",
        "1 response-length-changed",
        "the next version is 0.2.0: a consumer's code or data breaks",
    ] {
        assert!(run.out.contains(part), "should say {part:?}:\n{}", run.out);
    }
    assert!(!run.out.contains('\x1b'), "no colours in a pipe");
    assert!(!run.out.contains("removed"), "a partial dump removes nothing:\n{}", run.out);
    let markdown = tree.run(["diff", "spec", &new, "--format", "markdown"]).succeeded();
    assert!(markdown.out.starts_with("# spec -> new.md\n"), "{}", markdown.out);
    assert!(markdown.out.contains("\n## What can break a consumer or change a meaning\n"), "{}", markdown.out);
    assert_state("diff", &tree.state(), &before);
}

#[test]
fn sides_of_every_form_that_say_the_same_differ_in_nothing() {
    let tree = Workspace::of_samples();
    let git = |args: &[&str]| {
        let run = Command::new("git").arg("-C").arg(tree.root()).args(args).output().expect("git");
        assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    };
    git(&["init", "--quiet"]);
    git(&["add", "spec"]);
    git(&["-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "--quiet", "-m", "facts"]);
    let folder = tree.path("spec").display().to_string();
    let sides = ["spec", "git:HEAD", &folder, &sample("samples.xlsx"), &sample("style1"), &sample("style2")];
    for old in sides {
        for new in sides {
            let run = tree.run(["diff", old, new, "--fail-on", "any"]).succeeded();
            assert!(run.out.contains("nothing changed"), "{old} {new}: {}", run.out);
        }
    }
    let facts = tree.read("spec/apis/ka10081.json").replace("\"path\": \"/api/dostk/chart\"", "\"path\": \"/api/v2\"");
    tree.write("spec/apis/ka10081.json", facts);
    let run = tree.run(["diff", "git:HEAD", "spec", "--fail-on", "wire"]).failed(&[]);
    assert!(run.out.contains("breaking wire ka10081 주식일봉차트조회요청 api-path-changed"), "{}", run.out);
    tree.run(["diff", "git:nowhere", "spec"]).failed(&["git:nowhere", "name a branch, a tag or a commit"]);
    tree.run(["diff", "git:--help", "spec"]).failed(&["this is not a revision"]);
}

#[test]
fn a_limit_decides_the_exit_code() {
    let (tree, new) = changed();
    for limit in ["any", "docs", "source", "wire", "note", "warning", "breaking"] {
        tree.run(["diff", "spec", &new, "--fail-on", limit]).failed(&[]);
    }
    for limit in ["meaning", "decode"] {
        tree.run(["diff", "spec", &new, "--fail-on", limit]).succeeded();
    }
    tree.run(["diff", "spec", &new, "--fail-on", "loud"]).failed(&["--fail-on loud: use one of docs, meaning"]);
    tree.run(["diff", "spec"]).failed(&["diff needs two sides"]);
}

#[test]
fn accepted_changes_and_severities_are_read_from_the_table() {
    let (tree, new) = changed();
    let found = json(&tree.run(["diff", "spec", &new, "--format", "json"]).succeeded().out);
    let renamed = found["changes"].as_array().unwrap().iter().find(|c| c["rule"] == "field-renamed").unwrap().clone();
    let row = |until: &str| {
        format!(
            "\n[[finding]]\napi = \"ka10081\"\nat = {}\nwhat = \"field-renamed\"\nwhy = \"announced\"\nuntil = {until:?}\n",
            renamed["at"]
        )
    };
    let table = tree.read("spec/accepted.toml");
    tree.write("spec/accepted.toml", table.clone() + &row(renamed["evidence"].as_str().unwrap()));
    let run = tree.run(["diff", "spec", &new, "--fail-on", "breaking"]).succeeded();
    assert!(run.out.contains("1 accepted in spec/accepted.toml"), "{}", run.out);
    tree.write("spec/accepted.toml", table.clone() + &row("0123"));
    let run = tree.run(["diff", "spec", &new, "--fail-on", "breaking"]).failed(&[]);
    assert!(run.out.contains("(accepted before the document changed)"), "{}", run.out);
    tree.write("spec/accepted.toml", table.clone() + "\n[severity]\nfield-renamed = \"off\"\n");
    let run = tree.run(["diff", "spec", &new]).succeeded();
    assert!(!run.out.contains("field-renamed"), "{}", run.out);
    tree.write("spec/accepted.toml", table + "\n[severity]\nfield-renamd = \"off\"\n");
    tree.run(["diff", "spec", &new]).failed(&["there is no rule field-renamd"]);
}

#[test]
fn the_changelog_gets_one_entry_with_version_and_checklist() {
    let (tree, new) = changed();
    tree.write("CHANGELOG.md", "# Changelog\n\n## Unreleased\n\n* by hand\n\n## 0.0.1\n");
    let names = tree.read("spec/names/apis.toml");
    tree.write("spec/names/apis.toml", names.replace("[ka10024]", "[zz10024]"));
    let log = tree.path("CHANGELOG.md").display().to_string();
    for _ in 0..2 {
        tree.run(["diff", "spec", &new, "--append", &log]).succeeded();
    }
    let text = tree.read("CHANGELOG.md");
    assert_eq!(text.matches("### Specification: spec -> new.md (version 0.2.0)").count(), 1, "{text}");
    for part in [
        "* by hand\n\n### Spec",
        "* Breaks code:",
        "`domestic::chart::StockDailyChartRow::trde_qty is gone`",
        "* [ ] names to write: spec/names/apis.toml: ka10024",
    ] {
        assert!(text.contains(part), "should say {part:?}:\n{text}");
    }
    assert!(text.find("### Spec") < text.find("## 0.0.1"), "{text}");
}

#[test]
fn rules_are_listed_and_json_keeps_to_its_schema() {
    let (tree, new) = changed();
    let rules = tree.run(["diff", "--rules"]).succeeded();
    let ids: BTreeSet<&str> = rules.out.lines().skip(1).filter_map(|l| l.split_whitespace().next()).collect();
    assert!(ids.len() >= 40 && ids.contains("codes-opposite"), "{}", rules.out);
    let schema = json(&tree.run(["diff", "--schema"]).succeeded().out);
    let report = json(&tree.run(["diff", "spec", &new, "--format", "json"]).succeeded().out);
    assert!(report["changes"].as_array().is_some_and(|c| c.len() > 2), "{report}");
    conforms(&report, &schema, "report");
    let whole =
        json(&tree.run(["diff", &sample("style1"), &sample("samples.xlsx"), "--format", "json"]).succeeded().out);
    conforms(&whole, &schema, "report");
}

/// As much of JSON Schema as ours uses.
fn conforms(value: &Value, schema: &Value, at: &str) {
    if let Some(words) = schema["enum"].as_array() {
        assert!(words.contains(value), "{at}: {value}");
        return;
    }
    let types: Vec<&str> = match &schema["type"] {
        Value::Array(all) => all.iter().filter_map(Value::as_str).collect(),
        one => one.as_str().into_iter().collect(),
    };
    let own = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    assert!(types.contains(&own), "{at}: {value} is no {types:?}");
    for item in value.as_array().into_iter().flatten() {
        conforms(item, &schema["items"], &format!("{at}[]"));
    }
    let Some(map) = value.as_object() else { return };
    for key in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        assert!(map.contains_key(key), "{at} has no {key}");
    }
    for (key, inner) in map {
        let other = &schema["additionalProperties"];
        let known = schema["properties"].get(key).or(Some(other).filter(|o| o.is_object()));
        conforms(inner, known.unwrap_or_else(|| panic!("{at}: the schema has no {key}")), &format!("{at}.{key}"));
    }
}

#[test]
fn a_part_takes_nothing_away_and_what_is_no_dump_is_named() {
    let tree = Workspace::of_samples();
    let sheet = fs::read(sample("style1/ka10081.md")).expect("a sample");
    tree.write("part/ka10081.md", sheet);
    tree.write(
        "part/codes.md",
        "# 오류코드\n\n| No. | 오류코드 | 오류메시지 |\n|---|---|---|\n| 1 | 9999 | 지어낸 말 |\n",
    );
    tree.write("part/notes.md", "# Notes\n\n## Request\n\nsome words\n");
    let part = tree.path("part").display().to_string();
    let run = tree.run(["diff", "spec", &part]).succeeded();
    assert!(run.out.contains("errors.9999") && !run.out.contains("error-removed"), "{}", run.out);
    assert!(run.err.contains("note[file-skipped]") && run.err.contains("notes.md"), "{}", run.err);
    let back = tree.run(["diff", &part, "spec"]).succeeded();
    assert!(!back.out.contains("error-added"), "{}", back.out);
}
