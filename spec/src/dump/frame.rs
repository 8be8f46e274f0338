//! A table to the rows of its sheet: what its header is, the number each row had, and which lines are one row.
//!
//! A header may be sheet row 1 itself (pandas), column letters or column numbers, each with or without a column of row
//! numbers before it. Shared by the readers of Markdown, CSV and HTML.

use std::borrow::Cow;

use super::{Row, clean};

/// The most columns of a sheet, as in a workbook.
pub(super) const COLUMNS: usize = 64;
/// The most rows of a sheet, as in a workbook.
const ROWS: u32 = 100_000;
/// The most text of one cell in bytes, as in a workbook.
const CELL: usize = 1 << 20;

/// Headers of a column of row numbers.
const NUMBERS: [&str; 8] = ["", "row", "#", "행", "행번호", "index", "excel row", "row no."];

/// What stands in a blank cell of a data frame that was written with its missing values.
const MISSING: [&str; 6] = ["nan", "NaN", "None", "<NA>", "NaT", "null"];

/// 1 if the table begins with a column of row numbers, else 0.
pub(super) fn number_columns(header: &[String], first: &str) -> usize {
    let named = header.first().is_some_and(|h| NUMBERS.contains(&h.trim().to_lowercase().as_str()));
    usize::from(named && header.len() > 1 && number(first).is_some())
}

/// `12`, or `12.0` as a frame with a missing number writes it.
fn number(text: &str) -> Option<u32> {
    let text = text.trim();
    text.strip_suffix(".0").unwrap_or(text).parse().ok()
}

/// `Unnamed: 3`, the name that pandas gives to a blank header cell.
pub(super) fn is_unnamed(cell: &str) -> bool {
    cell.trim().strip_prefix("Unnamed: ").is_some_and(|n| n.parse::<u32>().is_ok())
}

/// What a cell holds; the words for a missing value are none.
pub(super) fn cell(text: &str) -> Option<String> {
    clean(text).filter(|text| !MISSING.contains(&text.as_str()))
}

/// Whether several lines may be one row: a writer of aligned tables puts each line of a cell on a separate line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lines {
    /// A row is a row.
    #[cfg(feature = "tables")]
    Whole,
    /// A row without a number, or with nothing but the rest of a text, goes on with the row above.
    Wrapped,
}

/// What the header of a table is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Header {
    /// Names of columns: the sheet begins below.
    Names,
    /// Row 1 of the sheet.
    RowOne,
}

/// The rows of a sheet in the making.
pub(super) struct Frame {
    rows: Vec<Row>,
    labels: usize,
    lines: Lines,
    /// As wide as a sheet of an API, so that its shape says what a row is.
    wide: bool,
    next: u32,
    shift: Option<u32>,
}

impl Frame {
    /// Begins with a header and the number of its columns before A (0 or 1).
    pub fn new(header: &[String], labels: usize, lines: Lines) -> Self {
        let names = &header[labels.min(header.len())..];
        let mut frame = Frame { rows: Vec::new(), labels, lines, wide: names.len() >= 7, next: 1, shift: None };
        if header_kind(names) == Header::RowOne {
            let cells = names.iter().map(|name| if is_unnamed(name) { None } else { cell(name) });
            frame.rows.extend(Row::of(1, cells.collect()));
            frame.next = 2;
        }
        frame
    }

    /// Adds a row.
    pub fn push(&mut self, mut cells: Vec<Cow<'_, str>>) -> Result<(), String> {
        if let Some(long) = cells.iter().find(|c| c.len() > CELL) {
            return Err(format!("a cell with {} KiB of text", long.len() >> 10));
        }
        let mut row = self.next;
        let mut goes_on = false;
        if self.labels == 1 && !cells.is_empty() {
            let written = cells.remove(0);
            let written = written.trim();
            if written.is_empty() && self.lines == Lines::Wrapped && !self.rows.is_empty() {
                goes_on = true;
            } else {
                let written = number(written).ok_or_else(|| format!("`{}` is no row number", short(written)))?;
                // An index counts from 0 or 1; true row numbers go on after a header that is row 1.
                let shift = *self.shift.get_or_insert(row.saturating_sub(written));
                row = written.saturating_add(shift);
                if row < self.next {
                    return Err(format!("row number {written} does not rise"));
                }
            }
        }
        let cells: Vec<Option<String>> = cells.iter().map(|c| cell(c)).collect();
        if cells.iter().skip(COLUMNS).any(Option::is_some) {
            return Err("more columns than any sheet".to_owned());
        }
        if self.lines == Lines::Wrapped
            && (goes_on || self.labels == 0 && self.wide && is_rest(&cells))
            && let Some(last) = self.rows.last_mut()
        {
            return go_on(last, cells);
        }
        if row > ROWS {
            return Err(format!("a row beyond row {ROWS}"));
        }
        self.next = row + 1;
        self.rows.extend(Row::of(row, cells));
        Ok(())
    }

    /// The rows that hold anything.
    pub fn finish(self) -> Vec<Row> {
        self.rows
    }
}

/// Nothing but text in the columns of a name or value (C) and of the description (G): no row of a sheet is like this,
/// because a row of a table names its element and a row of the head its label.
fn is_rest(cells: &[Option<String>]) -> bool {
    let filled: Vec<usize> = cells.iter().enumerate().filter(|(_, c)| c.is_some()).map(|(i, _)| i).collect();
    !filled.is_empty() && filled.iter().all(|i| matches!(i, 2 | 6))
}

fn go_on(last: &mut Row, cells: Vec<Option<String>>) -> Result<(), String> {
    for (column, text) in cells.into_iter().enumerate().filter_map(|(i, c)| Some((i, c?))) {
        if last.cells.len() <= column {
            last.cells.resize(column + 1, None);
        }
        match &mut last.cells[column] {
            Some(have) if have.len() + text.len() > CELL => return Err("a cell with too much text".to_owned()),
            Some(have) => {
                have.push('\n');
                have.push_str(&text);
            }
            blank => *blank = Some(text),
        }
    }
    Ok(())
}

/// A text that is fit for a message.
pub(super) fn short(text: &str) -> String {
    text.chars().take(30).collect()
}

fn header_kind(names: &[String]) -> Header {
    let blank = names.iter().all(|name| name.trim().is_empty());
    let counted = |first: usize| names.iter().enumerate().all(|(i, name)| ordinal(name) == Some(i + first));
    if blank || counted(0) || counted(1) { Header::Names } else { Header::RowOne }
}

/// The number in `3`, `C`, `Column 3`, `열 3`: letters count from 1.
fn ordinal(name: &str) -> Option<usize> {
    let name = name.trim().to_ascii_lowercase();
    let bare = ["column", "col", "열"].iter().find_map(|word| name.strip_prefix(word)).unwrap_or(&name);
    let bare = bare.trim_start_matches([' ', '_', '-', '.', ':']);
    if (1..=3).contains(&bare.len()) && bare.bytes().all(|b| b.is_ascii_lowercase()) {
        return Some(bare.bytes().fold(0, |n, b| n * 26 + usize::from(b - b'a') + 1));
    }
    bare.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trap_24_headers_are_told_apart() {
        let kind = |cells: &[&str]| header_kind(&cells.iter().map(|c| (*c).to_owned()).collect::<Vec<_>>());
        for names in [["A", "B", "C"], ["0", "1", "2"], ["1", "2", "3"], ["Col 1", "col_2", "Column3"], ["", "", ""]] {
            assert_eq!(kind(&names), Header::Names, "{names:?}");
        }
        for names in [["◀ API 리스트 이동", "Unnamed: 1", "Unnamed: 2"], ["No.", "API ID", ""], ["B", "A", "C"]]
        {
            assert_eq!(kind(&names), Header::RowOne, "{names:?}");
        }
    }

    #[test]
    fn lines_of_one_cell_are_one_row_and_missing_values_are_blanks() {
        let texts = |cells: &[&'static str]| cells.iter().map(|c| Cow::Borrowed(*c)).collect::<Vec<_>>();
        let header = |names: &[&str]| names.iter().map(|n| (*n).to_owned()).collect::<Vec<_>>();
        let mut frame = Frame::new(&header(&["", "0", "1", "2"]), 1, Lines::Wrapped);
        for row in [["0", "nan", "a", "1:하나"], ["", "", "", "2:둘"], ["1", "NaT", "b", "<NA>"]] {
            frame.push(texts(&row)).expect("a row");
        }
        let rows = frame.finish();
        assert_eq!((rows.len(), rows[0].cell(2), rows[1].number), (2, Some("1:하나\n2:둘"), 2));
        assert_eq!(rows[1].cells, [None, Some("b".to_owned())]);

        // Without an index the shape of a sheet says it: no row names neither label nor element.
        let mut frame = Frame::new(&header(&["0", "1", "2", "3", "4", "5", "6"]), 0, Lines::Wrapped);
        frame.push(texts(&["Body", "a", "가", "String", "Y", "1", "1:하나"])).expect("a row");
        frame.push(texts(&["", "", "", "", "", "", "2:둘"])).expect("the rest");
        frame.push(texts(&["", "", "", "String", "Y", "1", "x"])).expect("a row without its element");
        let rows = frame.finish();
        assert_eq!((rows.len(), rows[0].cell(6), rows[1].number), (2, Some("1:하나\n2:둘"), 2));
    }
}
