//! A document that looks older than the facts needs a decision; a removed or moved public path is reported.

use std::fs;
use std::path::PathBuf;

use crate::support;
use crate::workspace::{Workspace, assert_state, sample};
use kiwoom_spec::dump::{self, Sheet};

/// The sheets of the sample workbook without one API.
fn without(id: &str) -> Vec<Sheet> {
    let book = fs::read(sample("samples.xlsx")).expect("the sample");
    let mut sheets = dump::read_bytes("samples.xlsx", &book).expect("a workbook").sheets;
    let whole = sheets.len();
    sheets.retain(|s| !s.rows.iter().any(|r| r.cell(0) == Some("API ID") && r.cell(2) == Some(id)));
    assert_eq!(sheets.len() + 1, whole, "{id} has one sheet");
    for sheet in &mut sheets {
        sheet.rows.retain(|r| r.cell(1) != Some(id));
    }
    sheets
}

fn book(tree: &Workspace, sheets: &[Sheet]) -> String {
    let path: PathBuf = tree.path("document.xlsx");
    fs::write(&path, support::write_xlsx(sheets)).expect("a file");
    path.display().to_string()
}

#[test]
fn an_older_document_is_a_question_that_a_flag_answers() {
    let tree = Workspace::of_samples();
    let path = book(&tree, &without("ka10081"));
    let before = tree.state();
    for words in [&["regen", &path][..], &["regen", "--check", &path]] {
        tree.run(words).failed(&[
            &format!(
                "error[older-document]: {path}: the document looks older than the facts: 1 APIs would go (ka10081)"
            ),
            "run again with --accept-older",
            "nothing was written",
        ]);
        assert_state("refused", &tree.state(), &before);
    }
    let run = tree.run(["regen", "--accept-older", &path]).succeeded();
    assert!(!tree.path("spec/apis/ka10081.json").exists());
    // The users of its paths are told.
    assert!(run.err.contains("warning[path-gone]: kiwoom-api: ka10081: "), "{}", run.err);
    assert!(run.err.contains("domestic::chart::StockDailyChart"), "{}", run.err);
    assert!(run.err.contains("it must go in the changelog"), "{}", run.err);
    // Nothing is asked where there are no facts that could be newer.
    tree.run(["regen", "--from-empty", &path]).succeeded();
}

#[test]
fn blank_cells_that_were_filled_are_a_question() {
    let tree = Workspace::of_samples();
    let before = tree.state();
    let text = fs::read_to_string(sample("style1/ka10081.md")).expect("a sample");
    let blanked = text.replace("단위: 원", "").replace("단위: 주", "").replace("| String |", "|  |");
    let lines: Vec<String> = blanked
        .lines()
        .map(|line| match line.rsplit_once(" | ") {
            Some((row, _)) if line.starts_with("|  | - ") => format!("{row} |  |"),
            _ => line.to_owned(),
        })
        .collect();
    let blanked = lines.join("\n");
    assert_ne!(blanked, text);
    let path = tree.path("old.md").display().to_string();
    fs::write(&path, &blanked).expect("a file");
    let mut before = before;
    before.insert("old.md".to_owned(), blanked.into_bytes());
    tree.run(["regen", &path]).failed(&["older-document", "cells are blank that were filled", "--accept-older"]);
    assert_state("refused", &tree.state(), &before);
    tree.run(["regen", "--accept-older", &path]).succeeded();
}

#[test]
fn an_api_that_moves_to_another_menu_moves_its_path() {
    let tree = Workspace::of_samples();
    // With its home frozen, the menu of the document decides nothing.
    let text = fs::read_to_string(sample("style1/ka10081.md")).expect("a sample");
    let moved = text.replace("국내주식 > 차트 >", "국내주식 > 종목정보 >");
    assert_ne!(moved, text, "the sample stands in another menu now");
    let path = tree.path("moved.md").display().to_string();
    fs::write(&path, moved).expect("a file");
    let run = tree.run(["regen", "--check", &path]).failed(&["note[menu-moved]"]);
    assert!(!run.err.contains("path-moved"), "{}", run.err);
    // Without a home its path follows, and that is announced.
    let homes = tree.read("spec/names/homes.toml");
    let loose = homes.replacen("\"ka10081\", ", "", 1).replacen("\"ka10081\"", "", 1);
    assert_ne!(loose, homes);
    tree.write("spec/names/homes.toml", loose);
    let run = tree.run(["regen", &path]).succeeded();
    let said = "warning[path-moved]: kiwoom-api: ka10081: domestic::chart::StockDailyChart moved to domestic::";
    assert!(run.err.contains(said), "{}", run.err);
}
