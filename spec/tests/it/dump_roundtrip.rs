//! Real and sample documents: every format and every re-save gives the same rows.
#![cfg(feature = "workbook")]

use crate::support;
use std::path::Path;
use std::sync::LazyLock;

use kiwoom_spec::dump::{self, Format, Sheet};

/// Asserts equal rows, naming the first cell that differs.
fn assert_same(what: &str, got: &[Sheet], want: &[Sheet]) {
    assert_eq!(got.len(), want.len(), "{what}: number of sheets");
    for (got, want) in got.iter().zip(want) {
        for (got_row, want_row) in got.rows.iter().zip(&want.rows) {
            let place = want.place(want_row.number, 0);
            assert_eq!(got_row, want_row, "{what}: {place}");
        }
        assert_eq!(got.rows.len(), want.rows.len(), "{what}: rows of {}", want.name);
    }
}

fn read(bytes: &[u8]) -> Vec<Sheet> {
    dump::read_bytes("document", bytes).unwrap_or_else(|problem| panic!("{problem}")).sheets
}

/// The real books, read once; none where there are no documents.
fn books() -> &'static [(String, Vec<Sheet>)] {
    static BOOKS: LazyLock<Vec<(String, Vec<Sheet>)>> = LazyLock::new(|| {
        let Some(dir) = support::dumps_dir() else {
            return Vec::new();
        };
        let read = |name: &str| {
            let mut documents = dump::read_path(&dir.join(name)).expect(name);
            assert_eq!((documents.len(), documents[0].format), (1, Format::Workbook));
            (name.to_owned(), documents.remove(0).sheets)
        };
        ["kiwoom-rest-api-2026-06-30.xlsx", "kiwoom-rest-api-2026-07-04.xlsx"].map(read).into()
    });
    &BOOKS
}

fn samples() -> (String, Vec<Sheet>) {
    ("samples".to_owned(), support::sample_sheets())
}

#[test]
fn dump_real_books_have_the_counted_sheets() {
    let books = books();
    let counts: Vec<usize> = books.iter().map(|(_, sheets)| sheets.len()).collect();
    assert!(books.is_empty() || counts == [210, 339], "{counts:?}");
    for (name, sheets) in books {
        for sheet in sheets {
            assert!(sheet.rows.iter().all(|row| row.cells.len() <= 7), "{name}: {}", sheet.name);
            assert!(sheet.rows.windows(2).all(|pair| pair[0].number < pair[1].number));
        }
    }
}

#[test]
fn trap_24_dump_style_1_gives_the_rows_of_the_workbook() {
    for (name, sheets) in books().iter().chain([&samples()]) {
        let one_by_one: Vec<Sheet> = sheets.iter().flat_map(|s| read(support::write_style1(s).as_bytes())).collect();
        assert_same(&format!("{name}, style 1"), &one_by_one, sheets);
        let together: Vec<String> = sheets.iter().map(support::write_style1).collect();
        assert_same(&format!("{name}, one file"), &read(together.join("\n").as_bytes()), sheets);
    }
}

#[test]
fn trap_24_dump_style_2_gives_the_rows_of_the_workbook() {
    for (name, sheets) in books().iter().chain([&samples()]) {
        // The samples show each form of the header; 549 sheets need not.
        let forms =
            if name.as_str() == "samples" { &support::RawHeader::ALL[..] } else { &[support::RawHeader::PandasIndex] };
        for &form in forms {
            let read: Vec<Sheet> =
                sheets.iter().flat_map(|s| read(support::write_style2_as(s, form).as_bytes())).collect();
            assert_same(&format!("{name}, {form:?}"), &read, sheets);
        }
        let together: String = sheets.iter().map(support::write_style2).collect();
        assert_same(&format!("{name}, one file"), &read(together.as_bytes()), sheets);
    }
}

#[test]
fn dump_shuffled_and_resaved_books_are_no_change() {
    for (name, sheets) in books().iter().chain([&samples()]) {
        let shuffled = support::shuffle_sheets(sheets, 7);
        assert_same(name, &read(&support::resave(&shuffled)), &shuffled);
    }
}

#[test]
fn dump_written_books_are_read_back() {
    let sheets = support::sample_sheets();
    let document = dump::read_bytes("책.xlsx", &support::write_xlsx(&sheets)).expect("a book");
    assert_same("samples", &document.sheets, &sheets);
    let names: Vec<(&str, &str)> = document.sheets.iter().map(|s| (s.file.as_str(), s.name.as_str())).collect();
    assert_eq!(names, [("책.xlsx", "API 리스트"), ("책.xlsx", "오류코드"), ("책.xlsx", "견본 조회(zz00001)")]);
}

#[test]
fn dump_folder_of_markdown_gives_one_document_a_file() {
    let dir = tempfile::tempdir().expect("a folder");
    std::fs::create_dir(dir.path().join("us")).expect("a subfolder");
    let sheets = support::sample_sheets();
    for (index, sheet) in sheets.iter().enumerate() {
        let folder = dir.path().join(if index == 2 { "us" } else { "" });
        std::fs::write(folder.join(format!("{index}.md")), support::write_style2(sheet)).expect("a file");
    }
    std::fs::write(dir.path().join("README.md"), "# Notes\n\n| a | b |\n|---|---|\n| c | d |\n").expect("a file");
    std::fs::write(dir.path().join("list.csv"), "1,2\n").expect("a file");
    let opened = dump::open(dir.path()).expect("a folder of dumps");
    let read: Vec<Sheet> = opened.documents.iter().flat_map(|d| d.sheets.clone()).collect();
    assert_same("folder", &read, &sheets);
    assert!(opened.documents.iter().all(|d| d.format == Format::Markdown && d.sheets.len() == 1));
    let skipped: Vec<&str> =
        opened.notes.iter().map(|n| Path::new(&n.place).file_name().unwrap().to_str().unwrap()).collect();
    assert_eq!(skipped, ["README.md", "list.csv"]);
}

/// The two dumps are older than the book: it fills cells that they have blank, and changes none.
///
/// Since then the overview, the description of `api-id` and those of the response fields were written.
#[test]
fn trap_24_dump_files_equal_the_book_but_for_cells_filled_since() {
    let Some(dir) = support::dumps_dir() else {
        return;
    };
    let book = &books()[0].1;
    let mut filled = Vec::new();
    for document in dump::read_path(&dir.join("markdown")).expect("the shared dumps") {
        let id = api_id(&document.sheets[0]).expect("an id").to_owned();
        let sheet = book.iter().find(|s| api_id(s) == Some(&id)).expect("its sheet");
        let mut old = document.sheets[0].rows.iter().peekable();
        for row in &sheet.rows {
            let before = old.next_if(|old| old.number == row.number);
            for column in 0..7 {
                let was = before.and_then(|old| old.cell(column));
                if was != row.cell(column) {
                    let place = format!("{id}!{}{}", ["A", "B", "C", "D", "E", "F", "G"][column], row.number);
                    assert_eq!(was, None, "{place} was changed, not filled");
                    filled.push(place);
                }
            }
        }
        assert_eq!(old.next(), None, "{id}: a row that the book does not have");
    }
    let numbers = |id: &str, numbers: &[u32]| numbers.iter().map(|n| format!("{id}!G{n}")).collect::<Vec<_>>();
    let want = [
        vec!["ka10024!A15".to_owned()],
        numbers("ka10024", &[18, 28, 34, 35, 36, 37, 38, 39, 40, 41]),
        vec!["ka90003!A15".to_owned()],
        numbers("ka90003", &[18, 28, 35, 36, 37, 38, 39, 40, 41, 42]),
    ];
    assert_eq!(filled, want.concat());
}

fn api_id(sheet: &Sheet) -> Option<&str> {
    sheet.rows.iter().find(|row| row.cell(0) == Some("API ID"))?.cell(2)
}
