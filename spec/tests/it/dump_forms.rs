//! The same sheets in every form that people pass around give the same facts.
#![cfg(all(feature = "workbook", feature = "tables"))]

use crate::import_support::{self, assert_files, imported};
use crate::support::{self, Csv, Header, Html, Keys};
use kiwoom_spec::dump::{self, Document, Sheet};
use kiwoom_spec::ir::Spec;
use kiwoom_spec::problem::Level;
use kiwoom_spec::store;

const PLAIN: Csv = Csv { separator: ',', end: "\n", header: Header::RowOneIndex, blank: "" };

/// One document of these files.
fn document(files: &[Vec<u8>]) -> Document {
    let mut parts = files
        .iter()
        .enumerate()
        .map(|(n, bytes)| dump::read_bytes(&format!("{n}"), bytes).unwrap_or_else(|problem| panic!("{problem}")));
    let mut first = parts.next().expect("a file");
    first.sheets.extend(parts.flat_map(|d| d.sheets));
    first
}

fn each(sheets: &[Sheet], write: impl Fn(&Sheet) -> String) -> Vec<Vec<u8>> {
    sheets.iter().map(|s| write(s).into_bytes()).collect()
}

fn is_api(sheet: &&Sheet) -> bool {
    sheet.rows.iter().any(|r| r.cell(0) == Some("API ID"))
}

/// Every form of these sheets gives the facts of the workbook. An aligned table escapes no pipe and has a row for each
/// line of a cell: where a sheet has both in one cell, nobody can tell them apart.
fn all_forms(what: &str, sheets: &[Sheet], aligned: bool) {
    let want = store::render(&imported(&Spec::default(), &document(&[support::write_xlsx(sheets)])).spec);
    let same = |form: &str, files: &[Vec<u8>]| {
        let import = imported(&Spec::default(), &document(files));
        let warnings: Vec<String> = import
            .problems
            .iter()
            .filter(|p| p.level == Level::Warning && p.id != "unreadable-example")
            .map(ToString::to_string)
            .collect();
        assert_eq!(warnings, <[String; 0]>::default(), "{what}: {form}");
        assert_files(&format!("{what}: {form}"), &store::render(&import.spec), &want);
    };
    same("style 1", &each(sheets, support::write_style1));
    same("style 2", &each(sheets, support::write_style2));
    if aligned {
        same("aligned", &each(sheets, |s| support::write_aligned(s, Header::RowOne, "")));
        same("aligned, index", &each(sheets, |s| support::write_aligned(s, Header::RowOneIndex, "nan")));
        same("aligned, numbers", &each(sheets, |s| support::write_aligned(s, Header::NumbersIndex, "None")));
        same("converted", &[sheets.iter().map(support::write_converted).collect::<String>().into_bytes()]);
        for (header, mark) in [(Header::RowOne, "<br>"), (Header::NumbersIndex, "<br />")] {
            same(mark, &each(sheets, |s| support::write_replaced(s, header, mark)));
        }
    }
    let errors = sheets.iter().filter(|s| !is_api(s)).map(support::write_style1);
    let split: Vec<Vec<u8>> =
        sheets.iter().filter(is_api).map(support::write_split).chain(errors).map(String::into_bytes).collect();
    same("split", &split);
    let together: String = sheets.iter().filter(is_api).map(support::write_split).collect();
    let errors: String = sheets.iter().filter(|s| !is_api(s)).map(support::write_style1).collect();
    same("split, one file", &[together.into_bytes(), errors.into_bytes()]);
    for form in [
        PLAIN,
        Csv { header: Header::RowOne, blank: "NaN", ..PLAIN },
        Csv { header: Header::NumbersIndex, end: "\r\n", ..PLAIN },
        Csv { header: Header::None, separator: ';', end: "\r\n", ..PLAIN },
        Csv { header: Header::None, separator: '\t', ..PLAIN },
    ] {
        same(&format!("{form:?}"), &each(sheets, |s| support::write_csv(s, form)));
    }
    same("CSV with a mark", &each(sheets, |s| format!("\u{feff}{}", support::write_csv(s, PLAIN))));
    for form in [Html::Page, Html::Frame] {
        same(&format!("{form:?}"), &[support::write_html(sheets, form).into_bytes()]);
    }
    for keys in [Keys::Columns, Keys::Lower] {
        same(&format!("JSON, {keys:?}"), &[support::write_json(sheets, keys).into_bytes()]);
    }
}

#[test]
fn samples_give_the_same_facts_in_every_form() {
    all_forms("samples", &support::sample_sheets(), false);
    let book = include_bytes!("../../samples/samples.xlsx");
    all_forms("samples.xlsx", &dump::read_bytes("samples.xlsx", book).expect("a book").sheets, true);
}

#[test]
fn the_real_workbooks_give_the_same_facts_in_every_form() {
    let Some(books) = import_support::books() else { return };
    // The newest has everything that the older one has, but for the Type column.
    std::thread::scope(|scope| {
        for book in books {
            scope.spawn(|| all_forms(&book.name, &book.sheets, true));
        }
    });
}

#[test]
fn a_korean_spreadsheet_saves_csv_in_its_own_encoding() {
    let sheets = support::sample_sheets();
    let form = Csv { header: Header::None, end: "\r\n", ..PLAIN };
    let files: Vec<Vec<u8>> = sheets
        .iter()
        .map(|s| {
            let text = support::write_csv(s, form);
            let (bytes, _, lost) = encoding_rs::EUC_KR.encode(&text);
            assert!(!lost);
            bytes.into_owned()
        })
        .collect();
    assert!(files.iter().all(|f| std::str::from_utf8(f).is_err()));
    let utf8 = document(&each(&sheets, |s| support::write_csv(s, form)));
    assert_eq!(document(&files), utf8);
}

#[test]
fn unicode_text_of_a_spreadsheet_is_read() {
    let sheets = support::sample_sheets();
    let texts: Vec<String> = sheets.iter().map(|s| support::write_csv(s, PLAIN)).collect();
    let want = document(&texts.iter().map(|t| t.clone().into_bytes()).collect::<Vec<_>>());
    for encode in [u16::to_le_bytes as fn(u16) -> [u8; 2], u16::to_be_bytes] {
        let file = |text: &String| format!("\u{feff}{text}").encode_utf16().flat_map(encode).collect::<Vec<u8>>();
        assert_eq!(document(&texts.iter().map(file).collect::<Vec<_>>()), want);
    }
}

#[test]
fn two_sheets_joined_into_one_file_are_named_as_the_cause() {
    let one = support::write_csv(&support::sample_sheet(), Csv { header: Header::None, ..PLAIN });
    let joined = document(&[format!("{one}{one}").into_bytes()]);
    let Err(problems) = kiwoom_spec::sheet::read(&joined.sheets[0]) else { panic!("two sheets in one") };
    assert!(problems.iter().any(|p| p.id == "second-sheet" && p.what.contains("joined")), "{problems:?}");
}
