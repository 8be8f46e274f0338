//! Workbooks: `.xlsx` cells, streamed.
//!
//! Owns the walk over sheets and cells and its limits. Never asks calamine for a dense range: its
//! size is what a file claims, and a cell at XFD1048576 makes it abort the process.

mod archive;
mod guard;
mod value;

use std::collections::HashSet;
use std::io::Cursor;

use calamine::{Reader, SheetType, Xlsx, XlsxError};
use rayon::FnContext;

use super::{Document, Format, Row, Sheet, cell_name, clean};
use crate::problem::Problem;

/// The most sheets; the book of 2026-07-04 has 339.
const SHEETS: usize = 5_000;
/// The last row that may be filled; real sheets end at row 340.
const ROWS: u32 = 100_000;
/// The number of columns that may be filled; real sheets have seven.
const COLUMNS: u32 = 64;
/// The number of columns of the broker's tables.
const USUAL: usize = 7;
/// The longest text of one cell in bytes; Excel itself ends at 32,767 characters.
const CELL: usize = 256 << 10;
/// All text of a book in bytes: one shared string can stand in a million cells.
const TEXT: usize = 64 << 20;
/// All cells of a book, blank ones to the left of filled ones included.
const CELLS: usize = 4_000_000;

type Book<'a> = Xlsx<Cursor<&'a [u8]>>;

/// The fewest sheets that an idle processor is given: it must first open the book for itself.
const SHARE: usize = 48;

/// Reads a workbook.
///
/// # Errors
/// Broken, encrypted or oversized archives: the message names file, sheet and, where known, cell.
pub(super) fn read(name: &str, bytes: &[u8]) -> Result<Document, Problem> {
    // Only among the threads of rayon can a part tell whether another one took it.
    rayon::scope(|_| read_by(SHARE, name, bytes))
}

fn read_by(share: usize, name: &str, bytes: &[u8]) -> Result<Document, Problem> {
    let flat = archive::check(name, bytes)?;
    let file = CheckedFile { name, bytes: flat.as_deref().unwrap_or(bytes), share };
    let (mut book, names) = file.open()?;
    let whole = file.read(&mut book, &names).ok().and_then(join);
    // What is wrong is said of the first place where it is, as if nothing had been read beside it.
    let again = || file.open().and_then(|(mut book, names)| file.read_here(&mut book, &names));
    let sheets = whole.map_or_else(|| again().map(|(sheets, _)| sheets), Ok)?;
    Ok(Document { name: name.to_owned(), format: Format::Workbook, sheets })
}

/// Sheets, and what they left of the budget of a whole book.
type SheetsRead = (Vec<Sheet>, Budget);

/// The sheets of all parts; none if together they are larger than a book may be.
fn join(parts: Vec<SheetsRead>) -> Option<Vec<Sheet>> {
    let mut left = Budget::WHOLE;
    let mut sheets = Vec::new();
    for (part, rest) in parts {
        left.text = left.text.checked_sub(Budget::WHOLE.text - rest.text)?;
        left.cells = left.cells.checked_sub(Budget::WHOLE.cells - rest.cells)?;
        sheets.extend(part);
    }
    Some(sheets)
}

/// A checked file.
struct CheckedFile<'a> {
    name: &'a str,
    bytes: &'a [u8],
    /// The fewest sheets of a part.
    share: usize,
}

impl<'a> CheckedFile<'a> {
    /// Its sheets, half of them on another processor while one is idle.
    fn read(&self, book: &mut Book<'a>, mut names: &[String]) -> Result<Vec<SheetsRead>, Problem> {
        let mut parts = Vec::new();
        while names.len() >= 2 * self.share {
            let (ours, rest) = names.split_at(names.len() / 2);
            let taken = |context: FnContext| context.migrated().then(|| self.read(&mut self.open()?.0, rest));
            let (here, there) = rayon::join_context(|_| self.read_here(book, ours), taken);
            parts.push(here?);
            if let Some(there) = there {
                parts.extend(there?);
                return Ok(parts);
            }
            names = rest;
        }
        parts.push(self.read_here(book, names)?);
        Ok(parts)
    }

    fn read_here(&self, book: &mut Book<'a>, names: &[String]) -> Result<SheetsRead, Problem> {
        self.caught(|| {
            let mut budget = Budget::WHOLE;
            let mut sheets = Vec::with_capacity(names.len());
            for sheet in names {
                let sheet = Sheet { file: self.name.to_owned(), name: sheet.clone(), rows: Vec::new() };
                sheets.push(read_sheet(book, sheet, &mut budget)?);
            }
            Ok((sheets, budget))
        })
    }

    /// The book and the names of its sheets.
    fn open(&self) -> Result<(Book<'a>, Vec<String>), Problem> {
        self.caught(|| open(self.name, self.bytes))
    }

    /// No other work runs inside, so that no panic but those of the reader is silent.
    fn caught<T>(&self, work: impl FnOnce() -> Result<T, Problem>) -> Result<T, Problem> {
        guard::caught(work)
            .unwrap_or_else(|why| Err(broken(self.name.to_owned(), &format!("the workbook reader gave up: {why}"))))
    }
}

fn open<'a>(name: &str, bytes: &'a [u8]) -> Result<(Book<'a>, Vec<String>), Problem> {
    let book = Book::new(Cursor::new(bytes)).map_err(|e| match e {
        XlsxError::Password => encrypted(name),
        e => broken(name.to_owned(), &e.to_string()),
    })?;
    let names: Vec<String> = book
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet)
        .map(|sheet| sheet.name.clone())
        .collect();
    if names.is_empty() {
        return Err(broken(name.to_owned(), "a workbook without any sheet"));
    }
    if names.len() > SHEETS {
        return Err(large(name.to_owned(), format!("{} sheets; at most {SHEETS} are read", names.len())));
    }
    // calamine finds a sheet by its name, so the second of two would give the first one's cells.
    let mut seen = HashSet::new();
    if let Some(twice) = names.iter().find(|n| !seen.insert(n.as_str())) {
        return Err(broken(format!("{name}:{twice}"), "two sheets have this name"));
    }
    Ok((book, names))
}

/// What a whole book may still use.
struct Budget {
    text: usize,
    cells: usize,
}

impl Budget {
    const WHOLE: Self = Self { text: TEXT, cells: CELLS };
}

fn read_sheet(book: &mut Book<'_>, mut sheet: Sheet, budget: &mut Budget) -> Result<Sheet, Problem> {
    let place = format!("{}:{}", sheet.file, sheet.name);
    let mut cells = book.worksheet_cells_reader(&sheet.name).map_err(|e| broken_part(&place, &e))?;
    let mut row = Row { number: 0, cells: Vec::with_capacity(USUAL) };
    let mut last = None;
    loop {
        let cell = match cells.next_cell() {
            Ok(Some(cell)) => cell,
            Ok(None) => break,
            // The cell at fault has no position yet: the one before it is the nearest known place.
            Err(e) => {
                let after = last.map_or_else(String::new, |(row, column): (u32, u32)| {
                    format!(" after cell {}", cell_name(row.saturating_add(1), column as usize))
                });
                return Err(broken(place, &format!("{e}{after}")));
            }
        };
        let position = cell.get_position();
        last = Some(position);
        let Some(text) = value::text(cell.get_value()) else {
            continue;
        };
        let at = || format!("{place}!{}", cell_name(position.0.saturating_add(1), position.1 as usize));
        if text.len() > CELL {
            return Err(large(at(), format!("{} KiB of text in one cell", text.len() >> 10)));
        }
        let Some(text) = clean(&text) else { continue };
        if position.0 >= ROWS || position.1 >= COLUMNS {
            return Err(Problem::error(
                "cell-out-of-range",
                at(),
                format!("a filled cell beyond row {ROWS} or column {COLUMNS}"),
                "delete this cell: the broker's sheets have seven columns",
            ));
        }
        let (number, column) = (position.0 + 1, position.1 as usize);
        if number < row.number || (number == row.number && column < row.cells.len()) {
            return Err(broken(at(), "the cell stands twice or out of order"));
        }
        if number > row.number {
            sheet.rows.extend(take(&mut row, number));
        }
        let used = column + 1 - row.cells.len();
        let (Some(text_left), Some(cells_left)) = (budget.text.checked_sub(text.len()), budget.cells.checked_sub(used))
        else {
            return Err(large(at(), "more text or cells than any document of the broker".into()));
        };
        *budget = Budget { text: text_left, cells: cells_left };
        row.cells.resize_with(column, || None);
        row.cells.push(Some(text));
    }
    sheet.rows.extend(take(&mut row, 0));
    Ok(sheet)
}

/// The row that is complete, if it holds anything; `row` starts anew as `next`.
fn take(row: &mut Row, next: u32) -> Option<Row> {
    let done = std::mem::replace(row, Row { number: next, cells: Vec::with_capacity(USUAL) });
    (!done.cells.is_empty()).then_some(done)
}

fn broken_part(place: &str, why: &XlsxError) -> Problem {
    match why {
        XlsxError::WorksheetNotFound(_) | XlsxError::FileNotFound(_) => {
            broken(place.to_owned(), "the workbook names this sheet but does not hold it")
        }
        why => broken(place.to_owned(), &why.to_string()),
    }
}

fn broken(place: String, why: &str) -> Problem {
    Problem::error(
        "broken-workbook",
        place,
        format!("broken workbook: {why}"),
        "download it again, or open it in a spreadsheet and save it as .xlsx",
    )
}

fn large(place: String, what: String) -> Problem {
    Problem::error("too-large", place, what, "give the broker's own workbook; it has about 1 MB")
}

fn encrypted(name: &str) -> Problem {
    Problem::error(
        "encrypted-workbook",
        name,
        "a workbook protected by a password",
        "open it, remove the password and save it again as .xlsx",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dump_workbook_is_the_same_in_any_number_of_parts() {
        let mut book = rust_xlsxwriter::Workbook::new();
        for n in 0..7 {
            let sheet = book.add_worksheet();
            sheet.write(n, 0, format!("sheet {n}")).expect("a cell");
            sheet.write(n, 3, "shared").expect("a cell");
        }
        let bytes = book.save_to_buffer().expect("a book");
        let whole = read_by(7, "book", &bytes).expect("a book");
        assert_eq!(whole.sheets.len(), 7);
        for share in [1, 2, 3].repeat(8) {
            let parts = rayon::scope(|_| read_by(share, "book", &bytes));
            assert_eq!(parts.as_ref(), Ok(&whole), "parts of {share}");
        }
    }

    #[test]
    fn dump_workbook_parts_share_one_budget() {
        let part = |text| (vec![Sheet::default()], Budget { text: TEXT - text, cells: CELLS });
        assert_eq!(join(vec![part(TEXT / 2), part(TEXT / 2)]).map(|sheets| sheets.len()), Some(2));
        assert!(join(vec![part(TEXT / 2), part(TEXT / 2 + 1)]).is_none());
    }
}
