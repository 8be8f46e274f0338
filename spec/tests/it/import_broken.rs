//! Broken sheets: every problem of every sheet is named with its cell and the way out, and the facts stay as they were.
#![cfg(feature = "workbook")]

use crate::import_support;
use crate::import_support::{api, fold, set, workbook};
use kiwoom_spec::dump::{Row, Sheet};
use kiwoom_spec::import::import;
use kiwoom_spec::ir::{MAX_DEPTH, Spec};
use kiwoom_spec::problem::Level;
use kiwoom_spec::store;

fn good(id: &str) -> Sheet {
    let response = ["list | 목록 | LIST", "- a | 값", "- - b | 값"];
    api(id, &["stk_cd | 종목코드 | String"], &response, ["{}", ""])
}

/// Asserts that exactly this is said, and that nothing was taken over from a document with one broken sheet.
fn refused(what: &str, broken: Sheet, id: &str, cell: &str) {
    let old = fold(&Spec::default(), [&workbook([good("zz1")])]);
    let mut other = good("zz2");
    other.name = "다른 시트".to_owned();
    let found = import(&old, &workbook([broken.clone(), other]));
    let errors: Vec<_> = found.problems.iter().filter(|p| p.level == Level::Error).collect();
    let said: Vec<_> = errors.iter().map(|p| (p.id, p.place.as_str())).collect();
    assert_eq!(said, [(id, format!("sample:{}!{cell}", broken.name).as_str())], "{what}");
    assert!(!errors[0].fix.is_empty(), "{what}");
    assert_eq!(found.spec, old, "{what}");
    assert_eq!(found.changes.len(), 0, "{what}");
}

/// The first row that holds this cell, and its index.
fn row<'a>(sheet: &'a mut Sheet, column: usize, text: &str) -> (usize, &'a mut Row) {
    let at = sheet.rows.iter().position(|r| r.cell(column) == Some(text)).expect(text);
    (at, &mut sheet.rows[at])
}

fn changed(change: impl FnOnce(&mut Sheet)) -> Sheet {
    let mut sheet = good("zz1");
    change(&mut sheet);
    sheet
}

#[test]
fn each_break_of_the_structure_names_its_cell() {
    let at = |column: usize, text: &str| {
        let mut sheet = good("zz1");
        row(&mut sheet, column, text).1.number
    };
    let response = {
        let sheet = good("zz1");
        sheet.rows.iter().position(|r| r.cell(0) == Some("Response")).expect("the section")
    };
    refused("no id", changed(|s| set(s, "API ID", "")), "no-api-id", "A1");
    refused("an id with a blank", changed(|s| set(s, "API ID", "zz 1")), "bad-id", "C3");
    refused("an id that is a path", changed(|s| set(s, "API ID", "../zz1")), "bad-id", "C3");
    refused("an id as long as a sentence", changed(|s| set(s, "API ID", &"z".repeat(17))), "bad-id", "C3");
    let no_head = changed(|s| {
        s.rows.remove(response + 1);
    });
    let cell = format!("A{}", no_head.rows[response + 1].number);
    refused("no head row", no_head, "no-header-row", &cell);
    let no_element = changed(|s| s.rows[response + 1].cells[1] = Some("이름".to_owned()));
    let cell = format!("B{}", no_element.rows[response + 1].number);
    refused("a head row without Element", no_element, "no-header-row", &cell);
    let label = changed(|s| row(s, 1, "- - b").1.cells[0] = Some("Trailer".to_owned()));
    refused("an unknown label", label, "unknown-section", &format!("A{}", at(1, "- - b")));
    let neither = changed(|s| s.rows[response + 2].cells[0] = None);
    refused(
        "neither Header nor Body",
        neither,
        "unknown-section",
        &format!("A{}", good("zz1").rows[response + 2].number),
    );
    let jump = changed(|s| {
        let at = row(s, 1, "- a").0;
        s.rows.remove(at);
    });
    refused("a depth jump", jump, "depth-jump", &format!("B{}", at(1, "- - b")));
    let twice = changed(|s| row(s, 1, "- - b").1.cells[1] = Some("- a".to_owned()));
    refused("one element twice", twice, "duplicate-element", &format!("B{}", at(1, "- - b")));
    let nameless = changed(|s| row(s, 1, "- - b").1.cells[1] = None);
    refused("a row without an element", nameless, "no-element", &format!("B{}", at(1, "- - b")));
    let marks = changed(|s| row(s, 1, "- - b").1.cells[1] = Some("- -".to_owned()));
    refused("marks without an element", marks, "no-element", &format!("B{}", at(1, "- - b")));
    let cut = changed(|s| s.rows.truncate(response));
    refused("no Response", cut, "no-section", "A1");
    let early = changed(|s| {
        let head = s.rows[response + 1].clone();
        let mut early = head;
        early.number = 1;
        s.rows.insert(0, early);
    });
    refused("a table before Request", early, "no-section", "A1");
    let envelope = api("zz1", &[], &["return_code | 코드", "- a | 값", "x | 값", "y | 값"], ["", ""]);
    let cell = envelope.rows.iter().find(|r| r.cell(1) == Some("return_code")).expect("the row").number;
    refused("children of the envelope", envelope, "envelope-children", &format!("B{cell}"));
}

#[test]
fn a_sheet_without_url_name_or_host_is_refused_where_nobody_knows_them() {
    for label in ["API 명", "URL", "운영 도메인"] {
        let mut sheet = good("zz7");
        set(&mut sheet, label, "");
        let found = import(&Spec::default(), &workbook([sheet]));
        let said: Vec<_> = found.problems.iter().map(|p| (p.id, p.place.as_str(), p.what.as_str())).collect();
        assert_eq!(said, [("no-info", "sample:견본(zz7)!C3", format!("zz7 has no {label}").as_str())]);
    }
}

#[test]
fn two_sheets_with_one_id_name_each_other() {
    let mut second = good("zz1");
    second.name = "사본".to_owned();
    let old = fold(&Spec::default(), [&workbook([good("zz5")])]);
    let found = import(&old, &workbook([good("zz1"), second]));
    let problem = &found.problems[0];
    assert_eq!((problem.id, problem.place.as_str()), ("duplicate-id", "sample:사본!C3"));
    assert!(problem.what.contains("first at sample:견본(zz1)!C3"), "{problem}");
    assert_eq!(found.spec, old);
}

#[test]
fn all_problems_of_all_sheets_are_told_at_once() {
    let broken = changed(|s| {
        row(s, 1, "- a").1.cells[1] = Some("- - a".to_owned());
        row(s, 1, "stk_cd").1.cells[0] = Some("Trailer".to_owned());
    });
    let mut nameless = good("zz2");
    set(&mut nameless, "API ID", "");
    let found = import(&Spec::default(), &workbook([broken, nameless]));
    let ids: Vec<_> = found.problems.iter().map(|p| p.id).collect();
    assert_eq!(ids, ["unknown-section", "depth-jump", "depth-jump", "no-api-id"]);
    assert_eq!(found.spec, Spec::default());
}

#[test]
fn a_row_of_which_only_the_element_is_left_is_no_title() {
    let sheet = api("zz1", &[], &["a", "b | 값"], ["", ""]);
    let facts = import_support::facts(&sheet);
    assert_eq!(import_support::keys(&facts.response.blocks[0].fields), ["a", "b"]);
    assert_eq!(facts.response.blocks[0].title, None);
}

#[test]
fn nesting_is_bounded_so_that_what_is_written_can_be_read_again() {
    let rows: Vec<String> = (0..=MAX_DEPTH).map(|depth| format!("{}a | 값", "- ".repeat(depth))).collect();
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    let deepest = api("zz1", &[], &rows[..MAX_DEPTH], ["", ""]);
    let spec = fold(&Spec::default(), [&workbook([deepest])]);
    assert_eq!(store::parse(&store::render(&spec)).expect("readable"), spec);
    let deeper = api("zz1", &[], &rows, ["", ""]);
    let cell = deeper.rows.iter().rfind(|r| r.cell(2) == Some("값")).expect("the row").number;
    refused("too deep", deeper, "too-deep", &format!("B{cell}"));

    // An example, and JSON text inside one, may nest as deep as they like: what lies deeper is left out.
    let nested = |n: usize| format!("{}{{}}{}", "{\"a\":".repeat(n), "}".repeat(n));
    let embedded = serde_json::json!({ "text": format!("[{}]", nested(100)) }).to_string();
    for example in [nested(60), embedded] {
        let spec = fold(&Spec::default(), [&workbook([api("zz1", &[], &[], ["{}", &example])])]);
        assert!(spec.apis["zz1"].field_count() <= MAX_DEPTH, "{}", spec.apis["zz1"].field_count());
        assert_eq!(store::parse(&store::render(&spec)).expect("readable"), spec);
    }
}
