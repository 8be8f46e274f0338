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
use rayon::prelude::*;

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

/// A file of at least this many bytes is read in parts beside each other; the book of 2026-07-04 has 1 MB.
const LARGE: usize = 128 << 10;
/// The most parts: each of them parses the shared strings for itself.
const PARTS: usize = 4;

/// Reads a workbook.
///
/// # Errors
/// Broken, encrypted or oversized archives: the message names file, sheet and, where known, cell.
pub(super) fn read(name: &str, bytes: &[u8]) -> Result<Document, Problem> {
    let parts = if bytes.len() < LARGE { 1 } else { rayon::current_num_threads().clamp(1, PARTS) };
    read_in(parts, name, bytes)
}

fn read_in(parts: usize, name: &str, bytes: &[u8]) -> Result<Document, Problem> {
    let flat = archive::check(name, bytes)?;
    let bytes = flat.as_deref().unwrap_or(bytes);
    let read = |part, of| {
        guard::caught(|| read_part(name, bytes, (part, of)))
            .unwrap_or_else(|why| Err(broken(name.to_owned(), &format!("the workbook reader gave up: {why}"))))
    };
    let each: Result<Vec<Part>, Problem> = (0..parts).into_par_iter().map(|part| read(part, parts)).collect();
    let whole = each.ok().and_then(join);
    // What is wrong is said of the first place where it is, as if nothing had been read beside it.
    let sheets = whole.map_or_else(|| read(0, 1).map(|(sheets, _)| sheets), Ok)?;
    Ok(Document { name: name.to_owned(), format: Format::Workbook, sheets })
}

/// Sheets, and what they left of the budget of a whole book.
type Part = (Vec<Sheet>, Budget);

/// The sheets of all parts; none if together they are larger than a book may be.
fn join(parts: Vec<Part>) -> Option<Vec<Sheet>> {
    let mut left = Budget::WHOLE;
    let mut sheets = Vec::new();
    for (part, rest) in parts {
        left.text = left.text.checked_sub(Budget::WHOLE.text - rest.text)?;
        left.cells = left.cells.checked_sub(Budget::WHOLE.cells - rest.cells)?;
        sheets.extend(part);
    }
    Some(sheets)
}

/// Reads one of `of` equal parts of the sheets.
fn read_part(name: &str, bytes: &[u8], (part, of): (usize, usize)) -> Result<Part, Problem> {
    let mut book = Book::new(Cursor::new(bytes)).map_err(|e| match e {
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
    let mut budget = Budget::WHOLE;
    let ours = &names[names.len() * part / of..names.len() * (part + 1) / of];
    let mut sheets = Vec::with_capacity(ours.len());
    for sheet in ours {
        let sheet = Sheet { file: name.to_owned(), name: sheet.clone(), rows: Vec::new() };
        sheets.push(read_sheet(&mut book, sheet, &mut budget)?);
    }
    Ok((sheets, budget))
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
        let whole = read_in(1, "book", &bytes).expect("a book");
        assert_eq!(whole.sheets.len(), 7);
        for parts in [2, 3, 7, 9] {
            assert_eq!(read_in(parts, "book", &bytes).as_ref(), Ok(&whole), "{parts} parts");
        }
    }

    #[test]
    fn dump_workbook_parts_share_one_budget() {
        let part = |text| (vec![Sheet::default()], Budget { text: TEXT - text, cells: CELLS });
        assert_eq!(join(vec![part(TEXT / 2), part(TEXT / 2)]).map(|sheets| sheets.len()), Some(2));
        assert!(join(vec![part(TEXT / 2), part(TEXT / 2 + 1)]).is_none());
    }
}
