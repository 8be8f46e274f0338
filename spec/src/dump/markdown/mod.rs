//! Markdown dumps: one table per sheet under a title or heading of any level, or a sheet that was split into sections.
//!
//! Style 1 (pandas) keeps raw newlines and pipes inside cells; style 2 repeats the sheet, escaped, under
//! `## Raw Sheet Table`, after tables for people. Owns the choice of the tables that are sheets.

mod bare;
mod extent;
mod layout;
mod record;
mod table;

use std::path::Path;

use self::layout::{MarkdownTable, SectionKind, TitleBlock};
use self::table::Subject;
use super::sections::{self, Piece};
use super::{Document, Format, Sheet};
use crate::problem::Problem;

/// The largest text; a dump of 339 sheets in one file has about 4 MB, 27 MB where its columns are aligned.
const TEXT: usize = 48 << 20;

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
        // Besides line feeds, a lone carriage return is a line break inside a cell.
        let lines = text.replace("\r\n", "\n");
        unified = if lines.contains('\n') { lines } else { lines.replace('\r', "\n") };
        &unified
    } else {
        text
    };
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut blocks = layout::blocks(text);
    let bare: Vec<usize> = blocks.iter().flat_map(|block| block.bare.iter().copied()).collect();
    let piped;
    if !bare.is_empty() {
        piped = bare::piped(text, &bare);
        blocks = layout::blocks(&piped);
    }
    let document = name;
    let mut sheets = Vec::new();
    for block in blocks {
        let title = block.title.clone().unwrap_or_else(|| stem(name));
        let fail = |line: usize, what: &str| {
            Problem::error(
                "broken-markdown",
                format!("{name}:{title} (line {line})"),
                what,
                "export the sheet again, or give the .xlsx workbook",
            )
        };
        let sheet = |name: String, rows| Sheet { file: document.to_owned(), name, rows };
        let chosen = choose(&block);
        for table in &chosen {
            let rows = table.rows().map_err(|(line, what)| fail(line, &what))?;
            let name = table.heading.clone().filter(|_| chosen.len() > 1).unwrap_or_else(|| title.clone());
            sheets.push(sheet(name, rows));
        }
        if chosen.is_empty() {
            let split = split(&block, &title).map_err(|(line, what)| fail(line, what))?;
            sheets.extend(split.into_iter().map(|(name, rows)| sheet(name, rows)));
        }
    }
    let document = Document { name: name.to_owned(), format: Format::Markdown, sheets };
    Ok((!document.sheets.is_empty()).then_some(document))
}

/// The tables that are sheets, in their order; none in a block of prose.
///
/// Next to raw tables, those for people repeat them: only a table that no raw table describes is a separate sheet.
fn choose<'b, 't>(block: &'b TitleBlock<'t>) -> Vec<&'b MarkdownTable<'t>> {
    let is_raw = |table: &&MarkdownTable| table.section == SectionKind::Raw;
    let raw: Vec<Option<Subject>> = block.tables.iter().filter(is_raw).map(MarkdownTable::what).collect();
    let of_its_own = |table: &&MarkdownTable| match table.what() {
        Some(what @ Subject::Api(_)) => !raw.contains(&Some(what)),
        Some(_) => raw.is_empty(),
        None => false,
    };
    block.tables.iter().filter(|t| is_raw(t) || of_its_own(t)).collect()
}

/// The sheets of a block without a table that is one.
fn split(block: &TitleBlock, title: &str) -> Result<Vec<sections::Titled>, (usize, &'static str)> {
    let is_part = |piece: &Piece| matches!(piece, Piece::Table(cells) if sections::is_part(cells));
    if let Some(line) = block.raw_heading {
        return Err((line, "a heading of a raw table without the table"));
    }
    let pieces = if block.tables.is_empty() { Vec::new() } else { block.pieces() };
    if pieces.iter().any(is_part) {
        if let Some((line, what)) =
            block.tables.iter().find_map(|t| t.trouble.filter(|(_, what)| *what != layout::LOST))
        {
            return Err((line, what));
        }
        let sheets = sections::sheets(title, &pieces);
        return if sheets.is_empty() {
            Err((first_line(block), "parts of a sheet without its API ID"))
        } else {
            Ok(sheets)
        };
    }
    match block.stray_label {
        Some(line) => Err((line, "rows of a sheet without the header and separator of a table")),
        None => Ok(Vec::new()),
    }
}

fn first_line(block: &TitleBlock) -> usize {
    block.quick_heading.or(block.tables.first().map(|t| t.line)).unwrap_or(1)
}

pub(super) fn stem(name: &str) -> String {
    Path::new(name).file_stem().unwrap_or_default().to_string_lossy().into_owned()
}
