//! Dumps as people really save them: other encodings, mixed styles, merged cells, one broken part. Each gives the facts
//! of the workbook, or is refused with its place; nothing is dropped without a word.
#![cfg(all(feature = "workbook", feature = "tables"))]

use crate::import_support::{assert_files, imported};
use crate::support::{self, Csv, Header, Html, Keys};
use kiwoom_spec::dump::{self, Document, Sheet};
use kiwoom_spec::import::import;
use kiwoom_spec::ir::Spec;
use kiwoom_spec::problem::{Level, Problem};
use kiwoom_spec::store;

fn book() -> Vec<Sheet> {
    dump::read_bytes("samples.xlsx", include_bytes!("../../samples/samples.xlsx")).expect("a book").sheets
}

fn document(files: &[Vec<u8>]) -> Document {
    let mut parts = files.iter().map(|bytes| dump::read_bytes("파일", bytes).unwrap_or_else(|p| panic!("{p}")));
    let mut first = parts.next().expect("a file");
    first.sheets.extend(parts.flat_map(|d| d.sheets));
    first
}

fn facts(files: &[Vec<u8>]) -> std::collections::BTreeMap<String, String> {
    store::render(&imported(&Spec::default(), &document(files)).spec)
}

fn korean(text: &str) -> Vec<u8> {
    let (bytes, _, lost) = encoding_rs::EUC_KR.encode(text);
    assert!(!lost);
    bytes.into_owned()
}

/// What importing one file says.
fn said(bytes: &[u8]) -> Vec<Problem> {
    match dump::read_bytes("파일", bytes) {
        Ok(document) => import(&Spec::default(), &document).problems,
        Err(problem) => vec![problem],
    }
}

#[track_caller]
fn assert_said(bytes: &[u8], level: Level, parts: &[&str]) {
    let said = said(bytes);
    let all: String = said.iter().map(|p| format!("{p}\n")).collect();
    let hit = said.iter().any(|p| p.level == level && parts.iter().all(|part| p.to_string().contains(part)));
    assert!(hit, "should say {parts:?}:\n{all}");
}

#[test]
fn pages_in_the_korean_encoding_are_read_with_and_without_their_charset() {
    let sheets = book();
    let want = facts(&[support::write_xlsx(&sheets)]);
    for form in [Html::Page, Html::Frame] {
        let page = support::write_html(&sheets, form);
        let named = page.replace("charset=\"utf-8\"", "charset=\"euc-kr\"");
        assert_ne!(named, page);
        let silent = page.replace("<meta charset=\"utf-8\">", "");
        assert_ne!(silent, page);
        for (what, text) in [("euc-kr", &named), ("none", &silent), ("utf-8, which is wrong", &page)] {
            let bytes = korean(text);
            assert!(std::str::from_utf8(&bytes).is_err());
            assert_files(what, &facts(&[bytes]), &want);
        }
        // The charset lies the other way round: the bytes decide.
        assert_files("UTF-8 that says euc-kr", &facts(&[named.into_bytes()]), &want);
        // One letter that the encoding does not have: a place, not a guess.
        let mut bytes = korean(&silent);
        let at = bytes.iter().rposition(|b| *b > 0x7F).expect("a Korean letter");
        bytes[at] = 0xFF;
        assert_said(&bytes, Level::Error, &["파일: text that is not UTF-8 (line ", "save it as UTF-8"]);
    }
}

#[test]
fn markdown_mixes_tables_with_and_without_outer_pipes() {
    let sheets = book();
    let want = facts(&[support::write_xlsx(&sheets)]);
    let bare = |line: &str| match line.strip_prefix('|').and_then(|l| l.strip_suffix('|')) {
        Some(inner) => inner.to_owned(),
        None => line.to_owned(),
    };
    let write = |sheet: &Sheet| support::write_replaced(sheet, Header::RowOne, "<br>");
    for odd in [0, 1] {
        let text: String = sheets
            .iter()
            .enumerate()
            .map(|(n, sheet)| match n % 2 == odd {
                true => write(sheet).lines().map(|line| bare(line) + "\n").collect(),
                false => write(sheet),
            })
            .map(|text: String| text + "\n")
            .collect();
        assert_files(&format!("every second sheet, from {odd}"), &facts(&[text.into_bytes()]), &want);
    }
}

#[test]
fn csv_of_a_spreadsheet_with_mark_semicolons_and_crlf() {
    let sheets = book();
    let want = facts(&[support::write_xlsx(&sheets)]);
    for header in [Header::None, Header::RowOne, Header::RowOneIndex, Header::NumbersIndex] {
        let form = Csv { separator: ';', end: "\r\n", header, blank: "" };
        let files: Vec<Vec<u8>> =
            sheets.iter().map(|s| format!("\u{feff}{}", support::write_csv(s, form)).into_bytes()).collect();
        assert_files(&format!("{header:?}"), &facts(&files), &want);
        // Line breaks inside cells are those of the file, too.
        let files: Vec<Vec<u8>> = files
            .iter()
            .map(|f| String::from_utf8_lossy(f).replace("\r\n", "\n").replace('\n', "\r\n").into_bytes())
            .collect();
        assert_files(&format!("{header:?}, CRLF in cells"), &facts(&files), &want);
    }
}

/// A page of one sheet with `from` replaced by `to`.
fn page(from: &str, to: &str) -> Vec<u8> {
    let page = support::write_html(&[support::sample_sheet()], Html::Page).replace("\n   ", "");
    assert!(page.contains(from), "{from}:\n{page}");
    page.replacen(from, to, 1).into_bytes()
}

#[test]
fn merged_cells_of_a_page_are_laid_out_and_a_column_without_a_head_is_told() {
    let plain = facts(&[page("<td>Element</td>", "<td>Element</td>")]);
    let head = "<tr><td>구분</td><td>Element</td><td>한글명</td><td>Type</td><td>Required</td><td>Length</td><td>Description</td></tr>";
    // A head of two rows, every cell merged downwards.
    let tall = head.replace("<td>", "<td rowspan=2>") + "<tr></tr>";
    assert_files("rowspan", &facts(&[page(head, &tall)]), &plain);
    // `Body` spans its rows.
    let body = "<td>Body</td><td>stk_cd</td>";
    let spanned = String::from_utf8(page(body, "<td rowspan=3>Body</td><td>stk_cd</td>")).expect("UTF-8");
    let at = spanned.find("<td rowspan=3>").expect("the cell");
    let (before, after) = spanned.split_at(at);
    let spanned = format!("{before}{}", after.replacen("<tr><td></td>", "<tr>", 2));
    assert_files("rowspan of Body", &facts(&[spanned.into_bytes()]), &plain);
    // Two columns under one head: the second has none, and what stands in it is not read.
    let wide = head.replace("<td>Type</td><td>Required</td>", "<td colspan=2>Type</td>");
    assert_said(&page(head, &wide), Level::Warning, &["the column has no head", "!E"]);
    // No Element at all.
    let merged = head.replace("<td>구분</td><td>Element</td>", "<td colspan=2>구분</td>");
    assert_said(&page(head, &merged), Level::Error, &["names no Element column"]);
}

#[test]
fn values_that_no_reader_expects_are_told() {
    let id = "<td colspan=2>API ID</td><td>zz00001</td><td></td>";
    assert_said(&page(id, "<td colspan=2>API ID</td><td>zz00001</td><td>구</td>"), Level::Warning, &["second value"]);
    let twice = format!("<td colspan=2>API ID</td><td>zz00009</td></tr><tr>{id}");
    assert_said(&page(id, &twice), Level::Error, &["API ID stands twice", "zz00009"]);
    let overview = "<tr><td>개요</td>";
    let same_row = facts(&[page(overview, "<tr><td>개요</td><td></td><td>글</td></tr><tr><td></td>")]);
    assert_ne!(same_row, facts(&[page(overview, overview)]), "an overview in the row of its label is one");
}

#[test]
fn one_malformed_api_of_the_json_is_named() {
    let sheets = book();
    let text = support::write_json(&sheets, Keys::Columns);
    let change = |make: &dyn Fn(&mut serde_json::Map<String, serde_json::Value>)| {
        let mut whole: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        let apis = whole["apis"].as_object_mut().expect("APIs");
        let title = apis.keys().find(|t| t.contains("ka10081")).expect("the API").clone();
        make(apis[&title].as_object_mut().expect("an API"));
        whole.to_string().into_bytes()
    };
    use serde_json::json;
    assert_said(&change(&|api| drop(api.remove("meta"))), Level::Error, &["ka10081", "no labels under \"meta\""]);
    assert_said(&change(&|api| drop(api.remove("response"))), Level::Error, &["ka10081", "no section Response"]);
    assert_said(&change(&|api| api["request"]["body"] = json!("x")), Level::Error, &["ka10081", "body is no list"]);
    assert_said(&change(&|api| api["request"]["body"] = json!([1])), Level::Error, &["ka10081", "body 0 is no object"]);
    let field = json!([{ "Element": ["a"] }]);
    assert_said(&change(&|api| api["request"]["body"] = field.clone()), Level::Error, &["ka10081", "\"Element\""]);
    assert_said(&change(&|api| drop(api.insert("notes".into(), json!("x")))), Level::Error, &["ka10081", "notes"]);
    assert_said(&change(&|api| api["meta"] = json!({ "API 명": "x" })), Level::Error, &["ka10081"]);
    let unnamed = json!([{ "한글명": "이름" }]);
    assert_said(&change(&|api| api["request"]["body"] = unnamed.clone()), Level::Error, &["ka10081", "no element"]);
    // An API that stands twice: one of the two would be lost.
    let at = text.find("    \"").expect("an API");
    let title = text[at..].lines().next().expect("a line").trim().trim_end_matches(": {").to_owned();
    let twice = text.replacen(&format!("    {title}: {{"), &format!("    {title}: {{}},\n    {title}: {{"), 1);
    assert_said(twice.as_bytes(), Level::Error, &["stands twice"]);
}

#[test]
fn error_codes_that_stand_twice_and_rows_without_a_code_are_told() {
    let errors = support::sheet(
        "오류코드",
        &[&["오류코드", "오류메시지"], &["1", "가"], &["1", "나"], &["2", "다"], &["2", "다"], &["", "라"]],
    );
    let bytes = support::write_xlsx(&[errors]);
    assert_said(&bytes, Level::Warning, &["!A3", "the error code 1 stands twice with other messages"]);
    assert_eq!(said(&bytes).iter().filter(|p| p.id == "odd-error-code").count(), 1, "the same row twice is no doubt");
    let errors = support::sheet("오류코드", &[&["No.", "오류코드", "오류메시지"], &["1", "9", "가"], &["2", "", "나"]]);
    assert_said(&support::write_xlsx(&[errors]), Level::Warning, &["!B3", "without a code"]);
    let list = support::sheet(
        "API 리스트",
        &[&["No.", "API ID", "API 명", "URL"], &["1", "zz00001", "이름", "/a"], &["2", "", "이름", "/b"]],
    );
    let bytes = support::write_xlsx(&[list, support::sample_sheet()]);
    assert_said(&bytes, Level::Warning, &["!B3", "a row of the list without an API ID"]);
}
