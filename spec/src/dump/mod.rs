//! Document dumps to cells: a workbook or a Markdown dump becomes the same [`Sheet`].
//!
//! Owns file recognition (by content, never by name) and the cleaning of cell text. Knows nothing
//! of what the cells mean.

pub mod markdown;
#[cfg(feature = "workbook")]
pub mod workbook;

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
    /// A Markdown dump, either style.
    Markdown,
}

/// One sheet: rows of cleaned cells with their coordinates.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Sheet {
    /// The file it came from, for messages.
    pub file: String,
    /// The sheet's name or the dump's title, for messages only: it is no identity.
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
}

impl Sheet {
    /// `file:sheet!A1`
    pub fn place(&self, row: u32, column: usize) -> String {
        let letter = (b'A' + u8::try_from(column.min(25)).unwrap_or(25)) as char;
        format!("{}:{}!{letter}{row}", self.file, self.name)
    }
}

/// The one form of cell text: `\n` line ends, no blanks at either end; blank is `None`.
///
/// The difference between an empty cell and an empty string is dropped on purpose: Markdown cannot keep it.
pub fn clean(text: &str) -> Option<String> {
    let text = if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text.to_owned() };
    let trimmed = text.trim();
    if trimmed.is_empty() {
        None
    } else if trimmed.len() == text.len() {
        Some(text)
    } else {
        Some(trimmed.to_owned())
    }
}
