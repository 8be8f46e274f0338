//! Sheets to `.xlsx`, whole, re-saved or broken.

use std::collections::HashSet;
use std::io::{Cursor, Write};

use kiwoom_spec::dump::Sheet;
use rust_xlsxwriter::{Format, Workbook, Worksheet};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// A workbook with these sheets; all cells are strings, as in the broker's books.
pub fn write_xlsx(sheets: &[Sheet]) -> Vec<u8> {
    let mut book = Workbook::new();
    let mut names = HashSet::new();
    for sheet in sheets {
        write_sheet(book.add_worksheet(), sheet, &mut names, |text| text.to_owned());
    }
    book.save_to_buffer().expect("a workbook in memory")
}

/// The same book as a user's spreadsheet saves it: CRLF line ends, the last cell of each sheet merged over
/// empty rows, the second sheet hidden.
pub fn resave(sheets: &[Sheet]) -> Vec<u8> {
    let mut book = Workbook::new();
    let mut names = HashSet::new();
    for (index, sheet) in sheets.iter().enumerate() {
        let page = book.add_worksheet();
        write_sheet(page, sheet, &mut names, |text| text.replace('\n', "\r\n"));
        page.set_hidden(index == 1);
        if let Some(last) = sheet.rows.last()
            && let [Some(text)] = last.cells.as_slice()
        {
            let row = last.number - 1;
            let text = text.replace('\n', "\r\n");
            page.merge_range(row, 0, row + 3, 6, &text, &Format::new()).expect("a merge");
        }
    }
    book.save_to_buffer().expect("a workbook in memory")
}

fn write_sheet(page: &mut Worksheet, sheet: &Sheet, names: &mut HashSet<String>, text: impl Fn(&str) -> String) {
    page.set_name(sheet_name(&sheet.name, names)).expect("a legal sheet name");
    for row in &sheet.rows {
        for (cell, column) in row.cells.iter().zip(0..) {
            if let Some(cell) = cell {
                page.write_string(row.number - 1, column, text(cell)).expect("a cell that Excel can hold");
            }
        }
    }
}

/// Excel allows 31 characters, none of `[]:*?/\`, and no name twice whatever its case.
fn sheet_name(name: &str, used: &mut HashSet<String>) -> String {
    let legal: String = name.chars().map(|c| if "[]:*?/\\".contains(c) { '_' } else { c }).take(27).collect();
    let legal = if legal.is_empty() { "sheet".to_owned() } else { legal.replace('\'', "_") };
    let mut candidate = legal.clone();
    while !used.insert(candidate.to_lowercase()) {
        candidate = format!("{legal}~{}", used.len());
    }
    candidate
}

/// An archive of these parts (name, content), for documents that no program would write.
///
/// Parts of 4 KiB and more are deflated; starting a compressor for small ones takes most of a test's time.
pub fn raw_xlsx<N: AsRef<str>, B: AsRef<[u8]>>(parts: &[(N, B)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        let content = content.as_ref();
        let method = if content.len() < 4 << 10 { CompressionMethod::Stored } else { CompressionMethod::Deflated };
        zip.start_file(name.as_ref(), SimpleFileOptions::default().compression_method(method)).expect("a part");
        zip.write_all(content).expect("its content");
    }
    zip.finish().expect("an archive").into_inner()
}

/// The parts of a book with one sheet named `견본`; `rows` is XML to stand in `sheetData`, `strings` in `sst`.
///
/// Change, add or remove parts, then give them to [`raw_xlsx`].
pub fn minimal_parts(rows: &str, strings: &str) -> Vec<(&'static str, String)> {
    const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
    vec![
        (
            "_rels/.rels",
            format!(
                "<Relationships xmlns=\"{PACKAGE}\"><Relationship Id=\"rId1\" Type=\"{OFFICE}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            format!(
                "<Relationships xmlns=\"{PACKAGE}\"><Relationship Id=\"rId1\" Type=\"{OFFICE}/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/workbook.xml",
            format!(
                "<workbook xmlns=\"{MAIN}\" xmlns:r=\"{OFFICE}\"><sheets><sheet name=\"견본\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>"
            ),
        ),
        ("xl/sharedStrings.xml", format!("<sst xmlns=\"{MAIN}\">{strings}</sst>")),
        ("xl/worksheets/sheet1.xml", format!("<worksheet xmlns=\"{MAIN}\"><sheetData>{rows}</sheetData></worksheet>")),
    ]
}

/// [`minimal_parts`], zipped.
pub fn minimal_xlsx(rows: &str, strings: &str) -> Vec<u8> {
    raw_xlsx(&minimal_parts(rows, strings))
}
