//! CSV: one sheet per file, as a data frame or a spreadsheet writes it.
//!
//! The sheet labels tell which separator is used; a file without them is not a dump.

use std::borrow::Cow;

use super::frame::{Frame, Lines, number_columns};
use super::markdown::stem;
use super::{Document, Format, Sheet};
use crate::problem::Problem;

/// The largest text; the largest sheet has about 100 KB.
const TEXT: usize = 16 << 20;
/// How many leading bytes are searched for a label.
const HEAD: usize = 256 << 10;

/// Neighbours in a row of a sheet.
const PAIRS: [(&str, &str); 6] = [
    ("API ID", ""),
    ("구분", "Element"),
    ("API ID", "API 명"),
    ("No.", "API ID"),
    ("오류코드", "오류메시지"),
    ("메뉴 위치", ""),
];

/// Reads a CSV file; `None` when it holds no sheet.
///
/// # Errors
/// A sheet that is broken: the message names file and line.
pub(super) fn read(name: &str, text: &str) -> Result<Option<Document>, Problem> {
    let Some(separator) = separator(text) else { return Ok(None) };
    let fail = |line: u64, what: String| {
        let place = format!("{name}:{} (line {line})", stem(name));
        Problem::error("broken-csv", place, what, "export the sheet again, or give the .xlsx workbook")
    };
    if text.len() > TEXT {
        return Err(fail(1, format!("a text larger than {} MiB", TEXT >> 20)));
    }
    if !quotes_close(text) {
        return Err(fail(text.lines().count() as u64, "a quoted cell that never ends".to_owned()));
    }
    let mut reader =
        ::csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(separator).from_reader(text.as_bytes());
    let mut header: Vec<String> = Vec::new();
    let mut frame: Option<Frame> = None;
    for record in reader.records() {
        let record =
            record.map_err(|e| fail(e.position().map_or(0, ::csv::Position::line), "not valid CSV".to_owned()))?;
        let line = record.position().map_or(0, ::csv::Position::line);
        if header.is_empty() {
            header = record.iter().map(str::to_owned).collect();
            continue;
        }
        let labels = || number_columns(&header, record.get(0).unwrap_or_default());
        let frame = frame.get_or_insert_with(|| Frame::new(&header, labels(), Lines::Whole));
        frame.push(record.iter().map(Cow::Borrowed).collect()).map_err(|what| fail(line, what))?;
    }
    let rows = frame.map(Frame::finish).unwrap_or_default();
    let sheet = Sheet { file: name.to_owned(), name: stem(name), rows };
    Ok(Some(Document { name: name.to_owned(), format: Format::Csv, sheets: vec![sheet] }))
}

/// The separator that joins the most known label pairs; none if there is no label.
fn separator(text: &str) -> Option<u8> {
    let mut end = text.len().min(HEAD);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let plain = text[..end].replace('"', "");
    let count = |separator: char| {
        let pair = |(a, b): &(&str, &str)| plain.matches(&format!("{a}{separator}{b}")).count();
        PAIRS.iter().map(pair).sum::<usize>()
    };
    let best = [',', ';', '\t'].into_iter().map(|s| (count(s), s)).max_by_key(|(n, _)| *n)?;
    (best.0 > 0).then_some(best.1 as u8)
}

/// Whether every quoted cell ends: otherwise the reader would swallow the rest of the file.
fn quotes_close(text: &str) -> bool {
    text.bytes().filter(|b| *b == b'"').count() % 2 == 0
}
