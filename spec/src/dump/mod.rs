//! Document dumps to cells: a workbook, Markdown, CSV, HTML and JSON become the same [`Sheet`].
//!
//! Owns file recognition (by content, never by name) and the cleaning of cell text. Does not know what the cells mean.

#[cfg(feature = "tables")]
mod csv;
mod frame;
#[cfg(feature = "tables")]
mod html;
mod json;
mod kind;
pub mod markdown;
mod open;
mod sections;
#[cfg(feature = "workbook")]
pub mod workbook;

pub use open::{Opened, open, read_bytes, read_path};

/// What one file holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// The name to use in messages (as the caller gave it).
    pub name: String,
    /// The kind of file it was.
    pub format: Format,
    /// Its sheets, in file order.
    pub sheets: Vec<Sheet>,
}

/// The kinds of dump.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// `.xlsx`
    Workbook,
    /// A Markdown dump of any style.
    Markdown,
    /// One sheet as comma-separated values.
    Csv,
    /// Tables of a web page.
    Html,
    /// The form in which the broker's own client carries the specification.
    Json,
}

/// One sheet: rows of cleaned cells with their coordinates.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Sheet {
    /// The file it came from, for messages.
    pub file: String,
    /// The sheet's name or the dump's title, for messages only: it is not an identity.
    pub name: String,
    /// Rows that hold anything, in order.
    pub rows: Vec<Row>,
}

/// A row with at least one filled cell.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Row {
    /// The row number a person sees in a spreadsheet, from 1 (for Markdown: the row it had there).
    pub number: u32,
    /// Columns A.. as far as the last filled cell; blank cells are `None`.
    pub cells: Vec<Option<String>>,
}

impl Row {
    /// The text of a column (0 = A), if filled.
    pub fn cell(&self, column: usize) -> Option<&str> {
        self.cells.get(column)?.as_deref()
    }

    /// A row of cleaned cells; `None` when no cell is filled.
    fn of(number: u32, mut cells: Vec<Option<String>>) -> Option<Self> {
        let filled = cells.iter().rposition(Option::is_some)? + 1;
        cells.truncate(filled);
        Some(Self { number, cells })
    }
}

impl Sheet {
    /// `file:sheet!A1`
    pub fn place(&self, row: u32, column: usize) -> String {
        format!("{}:{}!{}", self.file, self.name, cell_name(row, column))
    }
}

/// `C12` for row 12 and column 2.
fn cell_name(row: u32, column: usize) -> String {
    let mut letters = Vec::new();
    let mut rest = column + 1;
    while rest > 0 {
        rest -= 1;
        letters.push(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"[rest % 26] as char);
        rest /= 26;
    }
    letters.iter().rev().collect::<String>() + &row.to_string()
}

/// The one form of cell text: `\n` line ends, no blanks at either end; blank is `None`.
///
/// The difference between an empty cell and an empty string is dropped on purpose: Markdown cannot keep it.
pub fn clean(text: &str) -> Option<String> {
    // Carriage returns are blanks: trimming first never leaves half of a line end behind.
    let text = text.trim();
    if text.is_empty() {
        None
    } else if text.contains('\r') {
        Some(text.replace("\r\n", "\n").replace('\r', "\n"))
    } else {
        Some(text.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dump_cells_are_named_as_in_a_spreadsheet() {
        for (row, column, want) in [
            (1, 0, "A1"),
            (12, 2, "C12"),
            (3, 25, "Z3"),
            (3, 26, "AA3"),
            (9, 63, "BL9"),
            (1_048_576, 16_383, "XFD1048576"),
        ] {
            assert_eq!(cell_name(row, column), want);
        }
    }

    #[test]
    fn dump_cell_text_has_one_form() {
        for (text, want) in [("", None), (" \r\n\t", None), ("a\r\nb\rc\n", Some("a\nb\nc")), ("  가\t", Some("가"))]
        {
            assert_eq!(clean(text).as_deref(), want, "{text:?}");
        }
    }
}
