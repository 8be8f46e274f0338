//! Changed copies of the newest real workbook through the real commands: `regen` writes code that holds, or refuses with
//! the place; `diff` gives each change its class; nothing is dropped without a word. Skipped without the workbook.

use std::collections::BTreeSet;
use std::fs;

use crate::support;
use crate::workspace::{Run, Workspace, assert_state};
use kiwoom_spec::dump::{self, Row, Sheet};
use serde_json::Value;

const NEWEST: &str = "kiwoom-rest-api-2026-07-04.xlsx";

/// The committed workspace with the hand-written sources, and the sheets of the newest workbook.
struct Bench {
    tree: Workspace,
    sheets: Vec<Sheet>,
}

impl Bench {
    fn new() -> Option<Self> {
        let bytes = fs::read(support::dumps_dir()?.join(NEWEST)).ok()?;
        let sheets = dump::read_bytes(NEWEST, &bytes).expect("a workbook").sheets;
        Some(Self { tree: Workspace::whole_with_sources(), sheets })
    }

    fn at(&self, id: &str) -> usize {
        let is_it = |s: &Sheet| s.rows.iter().any(|r| r.cell(0) == Some("API ID") && r.cell(2) == Some(id));
        self.sheets.iter().position(is_it).unwrap_or_else(|| panic!("no sheet of {id}"))
    }

    fn sheet(&mut self, id: &str) -> &mut Sheet {
        let at = self.at(id);
        &mut self.sheets[at]
    }

    /// The row of an element of one side.
    fn row(&mut self, id: &str, side: &str, element: &str) -> &mut Row {
        let rows = &mut self.sheet(id).rows;
        let from = rows.iter().position(|r| r.cell(0) == Some(side)).expect("the side");
        let at = rows[from..].iter().position(|r| r.cell(1) == Some(element));
        &mut rows[from + at.unwrap_or_else(|| panic!("{id} {side} has no {element}"))]
    }

    /// Takes an API out of the book, its row in the list as well.
    fn remove(&mut self, id: &str) {
        let at = self.at(id);
        self.sheets.remove(at);
        for sheet in self.sheets.iter_mut().filter(|s| s.rows.iter().all(|r| r.cell(0) != Some("API ID"))) {
            sheet.rows.retain(|r| !r.cells.iter().flatten().any(|c| c == id));
        }
    }

    /// Adds a copy of an API under another id, name and menu.
    fn add(&mut self, like: &str, (id, name, menu): (&str, &str, &str)) {
        let mut sheet = self.sheets[self.at(like)].clone();
        sheet.name = format!("{name}({id})");
        for row in &mut sheet.rows {
            let value = match row.cell(0) {
                Some("API ID") => id,
                Some("API 명") => name,
                Some("메뉴 위치") => menu,
                _ => continue,
            };
            row.cells[2] = Some(value.to_owned());
        }
        self.sheets.push(sheet);
    }

    fn book(&self, name: &str) -> String {
        let path = self.tree.path(name);
        fs::write(&path, support::write_xlsx(&self.sheets)).expect("a file");
        path.display().to_string()
    }

    fn run(&self, words: &[&str]) -> Run {
        self.tree.run(words)
    }

    /// `rule class` of each change of an API.
    fn classes(&self, book: &str, id: &str) -> BTreeSet<String> {
        let run = self.run(&["diff", "spec", book, "--format", "json"]).succeeded();
        let found: Value = serde_json::from_str(&run.out).unwrap_or_else(|e| panic!("{e}:\n{}", run.out));
        let all = found["changes"].as_array().expect("changes");
        let word = |c: &Value, key: &str| c[key].as_str().unwrap_or_default().to_owned();
        all.iter().filter(|c| c["api"] == id).map(|c| word(c, "rule") + " " + &word(c, "class")).collect()
    }

    /// The text of a generated file.
    fn generated(&self, path: &str) -> String {
        self.tree.read(&format!("kiwoom-api/src/generated/{path}"))
    }
}

fn set(row: &mut Row, column: usize, text: &str) {
    row.cells.resize(row.cells.len().max(column + 1), None);
    row.cells[column] = Some(text.to_owned());
}

#[test]
fn other_orders_and_forms_of_the_same_sheets_change_nothing() {
    let Some(mut bench) = Bench::new() else { return };
    // Columns in another order, each table with its own head.
    for row in &mut bench.sheet("ka10081").rows {
        if row.cell(1).is_some() && row.cells.len() > 2 {
            row.cells.resize(7, None);
            row.cells[2..].reverse();
        }
    }
    // Sheets and rows of the list in another order, an empty sheet, other names.
    bench.sheets.reverse();
    for (n, sheet) in bench.sheets.iter_mut().enumerate() {
        sheet.name = format!("{n}");
    }
    let book = bench.book("same.xlsx");
    let original = support::dumps_dir().expect("the folder").join(NEWEST).display().to_string();
    let run = bench.run(&["diff", &original, &book, "--fail-on", "any"]).succeeded();
    assert!(run.out.contains("nothing changed"), "{}", run.out);
    let before = bench.tree.state();
    bench.run(&["regen", &book]).succeeded();
    let after = bench.tree.state();
    assert_state("regen", &after, &before);
}

#[test]
fn a_renamed_head_is_told_and_loses_no_facts() {
    let Some(mut bench) = Bench::new() else { return };
    for row in bench.sheet("ka10081").rows.iter_mut().filter(|r| r.cell(0) == Some("구분")) {
        set(row, 6, "설명");
    }
    let book = bench.book("head.xlsx");
    let run = bench.run(&["regen", "--accept-older", &book]).succeeded();
    assert!(run.err.contains("\"설명\" is not a known column of a table"), "{}", run.err);
    assert_eq!(bench.classes(&book, "ka10081"), BTreeSet::from(["description-lost docs".to_owned()]));
    let run = bench.run(&["regen", "--check"]).succeeded();
    assert!(!run.err.contains("error"), "{}", run.err);
}

#[test]
fn a_sheet_that_was_split_in_two_is_refused_with_its_place() {
    let Some(mut bench) = Bench::new() else { return };
    let at = bench.at("ka10081");
    let whole = bench.sheets[at].clone();
    let middle = whole.rows.iter().position(|r| r.cell(0) == Some("Response")).expect("the side");
    bench.sheets[at].rows.truncate(middle);
    let mut second = Sheet { name: "둘째".to_owned(), ..whole.clone() };
    second.rows = whole.rows[..middle].iter().filter(|r| r.cell(2).is_some() && r.cell(1).is_none()).cloned().collect();
    second.rows.extend_from_slice(&whole.rows[middle..]);
    bench.sheets.insert(at + 1, second);
    let book = bench.book("split.xlsx");
    let before = bench.tree.state();
    for command in ["regen", "diff spec", "lint"] {
        let mut words: Vec<&str> = command.split(' ').collect();
        words.push(&book);
        let run = bench.run(&words).failed(&[]);
        let said = run.err + &run.out;
        assert!(said.contains("the sheet has no section Response") && said.contains("둘째"), "{command}: {said}");
    }
    assert_state("refused", &bench.tree.state(), &before);
}

#[test]
fn keys_codes_and_menus_that_no_one_expects_become_code_that_holds() {
    let Some(mut bench) = Bench::new() else { return };
    let like = bench.row("ka10081", "Response", "- trde_qty").clone();
    let add = |bench: &mut Bench, keys: &[&str]| {
        let rows = &mut bench.sheet("ka10081").rows;
        let at = rows.iter().rposition(|r| r.cell(1) == Some("- trde_qty")).expect("the row");
        for (n, key) in keys.iter().enumerate() {
            let mut row = like.clone();
            set(&mut row, 1, key);
            rows.insert(at + 1 + n, row);
        }
        for (number, row) in (1..).zip(rows.iter_mut()) {
            row.number = number;
        }
    };
    // Keywords, `self`, Hangul, and three that are one name in Rust.
    add(&mut bench, &["- self", "- type", "- 종목", "- a-b", "- a_b", "- aB", "- 1x"]);
    // An API without a word about it, under a menu that begins with a digit and has Latin letters and hyphens.
    bench
        .add("ka10081", ("zz10001", "3X-Leverage 조회", "2nd US-Options > 3X charts-계좌 > 3X-Leverage 조회(zz10001)"));
    for row in &mut bench.sheet("zz10001").rows {
        if row.cell(1).is_some() {
            row.cells.truncate(6);
        }
    }
    bench.add("ka10081", ("ZZ10001", "", "국내주식 > 차트 > x(ZZ10001)"));
    set(bench.row("ka10081", "Request", "upd_stkpc_tp"), 6, "0=미반영 1:반영 1=다른 것 2-셋");
    let book = bench.book("odd.xlsx");
    let refused = bench.run(&["regen", &book]);
    // A name is needed: an API without one cannot be documented.
    let refused = refused.failed(&["ZZ10001 has no API 명"]);
    assert!(refused.err.contains("fill the cell"), "{}", refused.err);
    bench.remove("ZZ10001");
    let book = bench.book("odd.xlsx");
    let found = bench.classes(&book, "ka10081");
    assert!(found.iter().any(|c| c.starts_with("response-field-added ")), "{found:?}");
    assert!(found.iter().any(|c| c.starts_with("code")), "{found:?}");
    let run = bench.run(&["regen", &book]).succeeded();
    for part in ["zz10001", "no name"] {
        assert!(run.err.contains(part), "{part}: {}", run.err);
    }
    let code = bench.generated("domestic/chart/stock_daily_chart.rs");
    for member in ["pub self_:", "pub type_:", "pub a_b:", "pub a_b_2:", "pub a_b_3:", "pub n1x:"] {
        assert!(code.contains(member), "{member}");
    }
    assert!(bench.tree.path("kiwoom-api/src/generated/unsorted/other/zz10001.rs").exists());
    // What was written is what a second run writes.
    bench.run(&["regen", "--check"]).succeeded();
}

/// Each is named by a hand-written module: orders, what reconciles them, the token.
const USED: [&str; 5] = ["kt10000", "ka10075", "kt00007", "au10001", "ust20000"];

#[test]
fn apis_that_hand_written_modules_need_are_held_when_they_go() {
    let Some(mut bench) = Bench::new() else { return };
    for id in USED {
        bench.remove(id);
    }
    let book = bench.book("less.xlsx");
    let before = bench.tree.state();
    bench.run(&["regen", &book]).failed(&["looks older than the facts: 5 APIs would go", "--accept-older"]);
    assert_state("refused", &bench.tree.state(), &before);
    for id in USED {
        assert!(bench.classes(&book, id).iter().any(|c| c.starts_with("api-removed ")), "{id}");
    }
    let run = bench.run(&["regen", "--accept-older", &book]).succeeded();
    for id in USED {
        let held = run.err.lines().any(|l| l.contains("warning[held]") && l.contains(&format!("{id}; the document")));
        assert!(held, "{id} is held:\n{}", run.err);
        assert!(!bench.tree.path("spec/apis").join(format!("{id}.json")).exists());
    }
    // `lint` judges what `regen` emitted: the held APIs are in the model, and so are their errata and names.
    let lint = bench.run(&["lint", "--format", "json"]);
    let found: Value = serde_json::from_str(&lint.out).unwrap_or_else(|e| panic!("{e}:\n{}", lint.out));
    let held = found.as_array().expect("a list").iter().filter(|f| f["id"] == "held").count();
    assert_eq!(held, USED.len(), "{}", lint.out);
    bench.run(&["regen", "--check"]).succeeded();
}

#[test]
fn topics_and_error_codes_come_and_go_with_a_word() {
    let Some(mut bench) = Bench::new() else { return };
    bench.add("0B", ("0y", "새 체결", "국내주식 > 실시간시세 > 새 체결(0y)"));
    let errors =
        bench.sheets.iter_mut().find(|s| s.rows.iter().any(|r| r.cells.iter().flatten().any(|c| c == "오류메시지")));
    let errors = errors.expect("the error codes");
    let mut twice = errors.rows.last().expect("a code").clone();
    twice.number += 1;
    *twice.cells.last_mut().expect("a message") = Some("다른 글".to_owned());
    errors.rows.push(twice);
    let book = bench.book("topics.xlsx");
    assert!(bench.classes(&book, "0y").iter().any(|c| c.starts_with("api-added ")));
    let run = bench.run(&["regen", &book]).succeeded();
    assert!(run.err.contains("stands twice with other messages"), "{}", run.err);
    assert!(run.err.contains("0y"), "{}", run.err);
    bench.run(&["regen", "--check"]).succeeded();
    bench.remove("0y");
    bench.remove("0D");
    let book = bench.book("topics.xlsx");
    let run = bench.run(&["regen", "--accept-older", &book]).succeeded();
    assert!(run.err.contains("0D"), "{}", run.err);
}
