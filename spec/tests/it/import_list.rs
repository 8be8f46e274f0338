//! The list sheet, the error sheet, and documents without anything we read.
#![cfg(feature = "workbook")]

use crate::import_support;
use crate::import_support::{api, findings, fold, imported, list, markdown, set, workbook};
use crate::support;
use kiwoom_spec::diff::Change;
use kiwoom_spec::dump::{Row, Sheet};
use kiwoom_spec::import::{self, digest};
use kiwoom_spec::ir::Spec;
use kiwoom_spec::problem::Level;

fn sheets(ids: &[&str]) -> Vec<Sheet> {
    ids.iter().map(|id| api(id, &[], &["a | 값"], ["{}", r#"{"a":"1"}"#])).collect()
}

fn known(ids: &[&str]) -> Spec {
    fold(&Spec::default(), [&workbook(sheets(ids))])
}

fn ids(spec: &Spec) -> Vec<&str> {
    spec.apis.keys().map(String::as_str).collect()
}

#[test]
fn a_workbook_with_the_list_is_complete() {
    let mut book = sheets(&["zz1", "zz2"]);
    book.push(list(&book));
    let import = imported(&known(&["zz1", "zz2", "zz3"]), &workbook(book.clone()));
    assert!(import.complete);
    assert_eq!(import.changes.into_iter().collect::<Vec<_>>(), [("zz3".to_owned(), Change::Removed)]);
    assert_eq!(import.problems, []);
    // The same sheets in a Markdown folder: what is missing may have been cut off.
    let import = imported(&known(&["zz1", "zz2", "zz3"]), &markdown(book));
    assert!(!import.complete);
    assert_eq!(ids(&import.spec), ["zz1", "zz2", "zz3"]);
}

#[test]
fn a_workbook_without_the_list_removes_nothing() {
    let import = imported(&known(&["zz1", "zz2", "zz3"]), &workbook(sheets(&["zz1"])));
    assert!(!import.complete);
    assert_eq!(ids(&import.spec), ["zz1", "zz2", "zz3"]);
}

#[test]
fn a_list_without_a_row_says_nothing() {
    let mut head_only = list(&[]);
    head_only.rows.retain(|r| r.cell(1) != Some("공통"));
    let mut book = sheets(&["zz1"]);
    book.push(head_only);
    let import = imported(&known(&["zz1", "zz2"]), &workbook(book));
    assert!(!import.complete);
    assert_eq!(ids(&import.spec), ["zz1", "zz2"]);
    assert_eq!(findings(&import), [("empty-list", "book.xlsx")]);
}

#[test]
fn listed_without_a_sheet_keeps_the_facts() {
    let mut book = sheets(&["zz1", "zz2", "zz4"]);
    book.push(list(&book));
    book.retain(|s| s.name != "견본(zz2)" && s.name != "견본(zz4)");
    let import = imported(&known(&["zz1", "zz2", "zz3"]), &workbook(book));
    assert_eq!(ids(&import.spec), ["zz1", "zz2"]);
    assert_eq!(
        findings(&import),
        [("listed-without-sheet", "sample:API 리스트!B4"), ("listed-without-sheet", "sample:API 리스트!B5")]
    );
    assert!(import.problems.iter().all(|p| p.level == Level::Warning));
    assert_eq!(import.problems[0].fix, "its committed facts stay as they are");
    assert_eq!(import.problems[1].fix, "import a document that has the sheet");
}

#[test]
fn list_and_sheets_that_disagree_are_warned_about() {
    let book = sheets(&["zz1", "zz2"]);
    let mut names = list(&book);
    let again = names.rows[2].clone();
    names.rows.push(Row { number: 6, ..again });
    names.rows[3].cells[2] = Some("다른 이름".to_owned());
    let unlisted = sheets(&["zz9"]).remove(0);
    let import = imported(&Spec::default(), &workbook([book, vec![unlisted, names]].concat()));
    let mut found = findings(&import);
    found.sort_unstable();
    assert_eq!(
        found,
        [
            ("list-differs", "sample:API 리스트!B4"),
            ("listed-twice", "sample:API 리스트!B6"),
            ("sheet-not-listed", "sample:견본(zz9)!C3")
        ]
    );
    assert_eq!(import.spec.apis["zz2"].name, "견본 조회", "the sheet was taken");
    assert!(import.spec.apis.contains_key("zz9"));
}

#[test]
fn the_error_sheet_gives_codes_and_holes() {
    let rows: [&[&str]; 5] = [
        &["No.", "오류코드", "오류메시지"],
        &["1", "9001", "견본 오류. API ID={?}, URI={?}"],
        &["2", "9002", "견본 오류(파라미터={?} 사유={?})"],
        &["3", "9003", "빈칸 없는 오류"],
        &["4", "", "번호 없는 줄"],
    ];
    let book = [sheets(&["zz1"]), vec![support::sheet("오류코드", &rows)]].concat();
    let import = imported(&Spec::default(), &workbook(book.clone()));
    let holes: Vec<(&str, Vec<&str>)> =
        import.spec.errors.values().map(|e| (e.code.as_str(), e.holes.iter().map(String::as_str).collect())).collect();
    assert_eq!(holes, [("9001", vec!["API ID", "URI"]), ("9002", vec!["파라미터", "사유"]), ("9003", vec![])]);
    assert_eq!(import.spec.errors["9003"].text, digest("빈칸 없는 오류"));
    // A part never removes a code, whatever its form; the whole specification does.
    let mut shorter = book.clone();
    shorter[1].rows.remove(2);
    for part in [workbook(shorter.clone()), import_support::markdown(shorter.clone())] {
        let part = imported(&import.spec, &part);
        assert_eq!(part.spec.errors, import.spec.errors);
        // The row without a code is not read, and that is told.
        assert_eq!(findings(&part).iter().map(|f| f.0).collect::<Vec<_>>(), ["odd-error-code", "part-of-errors"]);
    }
    let whole = [vec![import_support::list(&shorter[..1])], shorter].concat();
    let import = imported(&import.spec, &workbook(whole));
    assert_eq!(import.spec.errors.keys().collect::<Vec<_>>(), ["9001", "9003"]);
    assert_eq!(imported(&import.spec, &workbook(sheets(&["zz1"]))).spec.errors, import.spec.errors);
}

#[test]
fn sheets_of_other_people_are_left_out_with_a_note() {
    let notes = support::sheet("메모", &[&["아무 글"], &["", "1", "2"]]);
    let import = imported(&Spec::default(), &workbook([notes.clone(), sheets(&["zz1"]).remove(0)]));
    assert_eq!(findings(&import), [("foreign-sheet", "sample:메모")]);
    assert_eq!(import.problems[0].level, Level::Note);
    // Nothing else in it: not one of ours.
    let old = known(&["zz1"]);
    let alone = import::import(&old, &workbook([notes]));
    assert_eq!(findings(&alone), [("foreign-sheet", "sample:메모"), ("no-api", "book.xlsx")]);
    assert_eq!(alone.spec, old);
}

#[test]
fn the_glued_note_of_a_host_is_a_fact_of_its_own() {
    let mut sheet = sheets(&["zz1"]).remove(0);
    set(&mut sheet, "모의투자 도메인", "https://mock.example.com(KRX만 지원)");
    let api = import_support::facts(&sheet);
    assert_eq!((api.mock.as_deref(), api.mock_note.as_deref()), (Some("https://mock.example.com"), Some("KRX만 지원")));
}
