//! Markdown dumps, both styles: one table a sheet, under a title.
//!
//! Style 1 (pandas) keeps raw newlines and pipes inside cells; style 2 repeats the sheet, escaped, under
//! `## Raw Sheet Table`, after tables for people. Owns the choice of the table that is the sheet.

mod extent;
mod layout;
mod record;
mod table;

use std::path::Path;

use self::layout::{Block, Section, Table};
use super::{Document, Format, Sheet};
use crate::problem::Problem;

/// The largest text; a dump of 339 sheets in one file has about 4 MB.
const TEXT: usize = 16 << 20;

/// Reads a Markdown dump; `None` when the text has no table of a sheet.
///
/// # Errors
/// A sheet whose table is broken or missing: the message names file, title and line.
pub(super) fn read(name: &str, text: &str) -> Result<Option<Document>, Problem> {
    if text.len() > TEXT {
        return Err(Problem::error(
            "too-large",
            name,
            format!("a text larger than {} MiB", TEXT >> 20),
            "give one file a sheet, or the .xlsx workbook",
        ));
    }
    let unified;
    let text = if text.contains('\r') {
        unified = text.replace("\r\n", "\n").replace('\r', "\n");
        &unified
    } else {
        text
    };
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut sheets = Vec::new();
    for block in layout::blocks(text) {
        let title = block.title.clone().unwrap_or_else(|| stem(name));
        let fail = |line: usize, what: &str| {
            Problem::error(
                "broken-markdown",
                format!("{name}:{title} (line {line})"),
                what,
                "export the sheet again, or give the .xlsx workbook",
            )
        };
        if let Some(table) = choose(&block).map_err(|(line, what)| fail(line, what))? {
            let rows = table.rows().map_err(|(line, what)| fail(line, &what))?;
            sheets.push(Sheet { file: name.to_owned(), name: title, rows });
        }
    }
    let document = Document { name: name.to_owned(), format: Format::Markdown, sheets };
    Ok((!document.sheets.is_empty()).then_some(document))
}

/// The table that is the sheet; none in a block of prose.
fn choose<'b, 't>(block: &'b Block<'t>) -> Result<Option<&'b Table<'t>>, (usize, &'static str)> {
    let mut raw = block.tables.iter().filter(|table| table.section == Section::Raw);
    if let Some(table) = raw.next() {
        return match raw.next() {
            Some(second) => Err((second.line, "a second raw table under one title")),
            None => Ok(Some(table)),
        };
    }
    if let Some(line) = block.raw_heading {
        return Err((line, "a heading of a raw table without the table"));
    }
    let best = block.tables.iter().filter(|t| t.is_sheet()).max_by_key(|t| t.records.len());
    if best.is_none() {
        if let Some(line) = block.quick_heading {
            return Err((line, "a dump of a sheet without its raw table"));
        }
        if let Some(line) = block.stray_label {
            return Err((line, "rows of a sheet without the header and separator of a table"));
        }
    }
    Ok(best)
}

fn stem(name: &str) -> String {
    Path::new(name).file_stem().unwrap_or_default().to_string_lossy().into_owned()
}
