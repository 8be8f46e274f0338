//! A table to the rows of its sheet: what its header is, and the number each row had.
//!
//! A header may be sheet row 1 itself (pandas), column letters or column numbers, each with or without a
//! column of row numbers before it.

use super::layout::Table;
use super::record::{self, Rest};
use crate::dump::{Row, clean};

/// The most columns of a sheet, as in a workbook.
pub(super) const COLUMNS: usize = 64;
/// The most rows of a sheet, as in a workbook.
const ROWS: u32 = 100_000;

/// Headers of a column of row numbers.
const NUMBERS: [&str; 8] = ["", "row", "#", "행", "행번호", "index", "excel row", "row no."];

/// 1 if the table begins with a column of row numbers, else 0.
pub(super) fn number_columns(header: &[String], first_row: &str) -> usize {
    let named = header.first().is_some_and(|h| NUMBERS.contains(&h.trim().to_lowercase().as_str()));
    usize::from(named && header.len() > 1 && record::first_cell(first_row, 0).parse::<u32>().is_ok())
}

/// What the header of a table is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Header {
    /// Names of columns: the sheet begins below.
    Names,
    /// Row 1 of the sheet.
    RowOne,
}

impl Table<'_> {
    /// Whether a table that no heading calls raw is a sheet nevertheless.
    ///
    /// The tables for people of style 2 repeat parts of a sheet; a part must never pass for the whole, because
    /// a sheet is complete for its API.
    pub fn is_sheet(&self) -> bool {
        if self.header.iter().any(|cell| is_unnamed(cell)) {
            return true;
        }
        let mut rest = Rest::Any;
        let (mut id, mut fields) = (false, false);
        let lists = |has: &dyn Fn(&str) -> bool| {
            (has("API ID") && (has("API 명") || has("No."))) || (has("오류코드") && has("오류메시지"))
        };
        if lists(&|name| self.header.iter().any(|cell| cell.trim() == name)) {
            return true;
        }
        for record in &self.records {
            let cells = record.cells(self.shape, rest);
            rest = record.rest(self.shape);
            if lists(&|name| cells.iter().any(|cell| cell.trim() == name)) {
                return true;
            }
            match cells.get(self.shape.labels).map(|cell| cell.trim()) {
                Some("API ID") => id = true,
                Some("구분") => fields = true,
                _ => {}
            }
        }
        id && fields
    }

    /// The rows of the sheet.
    pub fn rows(&self) -> Result<Vec<Row>, (usize, String)> {
        if let Some((line, what)) = self.trouble {
            return Err((line, what.to_owned()));
        }
        let names = &self.header[self.shape.labels.min(self.header.len())..];
        let header = header_kind(names);
        let mut rows = Vec::with_capacity(self.records.len() + 1);
        if header == Header::RowOne {
            let cells = names.iter().map(|name| if is_unnamed(name) { None } else { clean(name) });
            rows.extend(Row::of(1, cells.collect()));
        }
        let mut rest = Rest::Any;
        let mut next: u32 = if header == Header::RowOne { 2 } else { 1 };
        let mut shift = None;
        for record in &self.records {
            let mut cells = record.cells(self.shape, rest);
            rest = record.rest(self.shape);
            let mut number = next;
            if self.shape.labels == 1 && !cells.is_empty() {
                let written = cells.remove(0);
                let written: u32 = written
                    .trim()
                    .parse()
                    .map_err(|_| (record.line, format!("`{}` is no row number", written.trim())))?;
                // An index counts from 0 or 1; true row numbers go on after a header that is row 1.
                let shift = *shift.get_or_insert(next.saturating_sub(written));
                number = written.saturating_add(shift);
                if number < next {
                    return Err((record.line, format!("row number {written} does not rise")));
                }
            }
            if number > ROWS {
                return Err((record.line, format!("a row beyond row {ROWS}")));
            }
            next = number + 1;
            rows.extend(Row::of(number, cells.iter().map(|cell| clean(cell)).collect()));
        }
        Ok(rows)
    }
}

/// `Unnamed: 3`, the name that pandas gives to a blank header cell.
pub(super) fn is_unnamed(cell: &str) -> bool {
    cell.trim().strip_prefix("Unnamed: ").is_some_and(|n| n.parse::<u32>().is_ok())
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
}
