//! HTML: the tables of a page as it was saved from the web, written by a converter or by a data frame.
//!
//! The tokens come from a crate; this file decides what a table is. Cells are laid out as a browser does: what another
//! cell spans is blank. No tree is built, so nesting costs nothing; input that is too deep, wide or long is refused.

use std::borrow::Cow;
use std::convert::Infallible;

use html5gum::emitters::callback::{CallbackEmitter, CallbackEvent};
use html5gum::{Span, Tokenizer};

use super::frame::{self, Frame, Lines, number_columns};
use super::markdown::stem;
use super::sections::{self, Piece};
use super::{Document, Format, Row, Sheet};
use crate::problem::Problem;

/// The largest text; all sheets of the workbook have about 7 MB.
const TEXT: usize = 32 << 20;
/// Tables inside tables.
const DEPTH: usize = 16;
/// The most rows of a page.
const ROWS: usize = 400_000;
/// The most cells of a page, those that others span included.
const CELLS: usize = 4_000_000;
/// A data frame cuts cells at this many characters unless it is told otherwise.
const CUT: usize = 50;

/// A line break that the page means; a line feed of its source is a blank where a page has any.
const BREAK: char = '\u{2028}';

/// Reads a page; `None` when no table of it is a sheet or a part of one.
///
/// # Errors
/// A table that is broken or too large: the message names the page.
pub(super) fn read(name: &str, text: &str) -> Result<Option<Document>, Problem> {
    let fail = |title: &str, what: String| {
        let place = format!("{name}:{title}");
        Problem::error("broken-html", place, what, "save the page again, or give the .xlsx workbook")
    };
    if text.len() > TEXT {
        return Err(fail(&stem(name), format!("a page larger than {} MiB", TEXT >> 20)));
    }
    let mut page = HtmlPage::default();
    {
        let page = &mut page;
        let mut emitter = CallbackEmitter::new(|event: CallbackEvent<'_>, _: Span<()>| -> Option<Infallible> {
            page.event(&event);
            None
        });
        emitter.naively_switch_states(true);
        let Ok(()) = Tokenizer::new_with_emitter(text, emitter).finish();
    }
    let (pieces, broken) = page.finish();
    if let Some(what) = broken {
        return Err(fail(&stem(name), what));
    }
    let sheet = |title: String, rows: Vec<Row>| Sheet { file: name.to_owned(), name: title, rows };
    let mut sheets = Vec::new();
    let mut rest = Vec::new();
    let mut heading = stem(name);
    for piece in pieces {
        match &piece {
            Piece::Table(cells) if sections::is_sheet(cells) => {
                let rows = whole(cells).map_err(|what| fail(&heading, what))?;
                sheets.push(sheet(heading.clone(), rows));
                continue;
            }
            Piece::Heading(text) => heading.clone_from(text),
            _ => {}
        }
        rest.push(piece);
    }
    if rest.iter().any(|p| matches!(p, Piece::Table(cells) if sections::is_part(cells))) {
        // Tables for people next to whole sheets repeat them.
        let known: Vec<Option<String>> = sheets.iter().map(|s| sections::id(&s.rows)).collect();
        for (title, rows) in sections::sheets(&stem(name), &rest) {
            if !known.contains(&sections::id(&rows)) {
                sheets.push(sheet(title, rows));
            }
        }
    }
    let document = Document { name: name.to_owned(), format: Format::Html, sheets };
    Ok((!document.sheets.is_empty()).then_some(document))
}

fn whole(cells: &[Vec<String>]) -> Result<Vec<Row>, String> {
    let header = cells.first().cloned().unwrap_or_default();
    let first = cells.get(1).and_then(|row| row.first()).map_or("", String::as_str);
    let mut frame = Frame::new(&header, number_columns(&header, first), Lines::Whole);
    for (n, row) in cells.iter().enumerate().skip(1) {
        frame
            .push(row.iter().map(|c| Cow::Borrowed(c.as_str())).collect())
            .map_err(|e| format!("row {}: {e}", n + 1))?;
    }
    Ok(frame.finish())
}

/// What has been read of a page.
#[derive(Default)]
struct HtmlPage {
    pieces: Vec<Piece>,
    /// Open tables, the innermost last.
    tables: Vec<Grid>,
    /// Text outside of tables.
    text: String,
    tag: Tag,
    attribute: Vec<u8>,
    /// The element whose text is none of the page's.
    skipped: Option<Vec<u8>>,
    pre: usize,
    /// The page breaks lines by elements, so those of its source are blanks.
    breaks: bool,
    rows: usize,
    cells: usize,
    broken: Option<String>,
}

/// A start tag in the making.
#[derive(Default)]
struct Tag {
    name: Vec<u8>,
    colspan: usize,
    rowspan: usize,
    frame: bool,
}

/// A table in the making.
#[derive(Default)]
struct Grid {
    rows: Vec<Vec<String>>,
    row: Option<Vec<String>>,
    /// Text, columns and rows of the open cell.
    cell: Option<(String, usize, usize)>,
    /// How many more rows each column is spanned from above.
    spans: Vec<usize>,
    /// A data frame wrote it.
    frame: bool,
}

impl HtmlPage {
    fn event(&mut self, event: &CallbackEvent<'_>) {
        if self.broken.is_some() {
            return;
        }
        match event {
            CallbackEvent::OpenStartTag { name } => {
                self.tag = Tag { name: name.to_vec(), colspan: 1, rowspan: 1, frame: false };
            }
            CallbackEvent::AttributeName { name } => self.attribute = name.to_vec(),
            CallbackEvent::AttributeValue { value } => self.attribute(value),
            CallbackEvent::CloseStartTag { .. } => self.open(),
            CallbackEvent::EndTag { name } => self.close(name),
            CallbackEvent::String { value } if self.skipped.is_none() => self.words(value),
            _ => {}
        }
    }

    fn attribute(&mut self, value: &[u8]) {
        let text = String::from_utf8_lossy(value);
        let span = |most: usize| text.trim().parse::<usize>().unwrap_or(1).clamp(1, most);
        match self.attribute.as_slice() {
            b"colspan" => self.tag.colspan = span(frame::COLUMNS),
            b"rowspan" => self.tag.rowspan = span(ROWS),
            b"class" => self.tag.frame = text.split_whitespace().any(|class| class == "dataframe"),
            _ => {}
        }
    }

    fn open(&mut self) {
        let tag = std::mem::take(&mut self.tag);
        match tag.name.as_slice() {
            b"script" | b"style" | b"title" | b"template" | b"noscript" => {
                self.skipped.get_or_insert(tag.name);
            }
            b"table" => {
                self.flush();
                if self.tables.len() == DEPTH {
                    self.broken = Some(format!("tables more than {DEPTH} deep inside each other"));
                    return;
                }
                self.tables.push(Grid { frame: tag.frame, ..Grid::default() });
            }
            b"tr" => {
                self.end_row();
                if let Some(table) = self.tables.last_mut() {
                    table.row = Some(Vec::new());
                }
            }
            b"td" | b"th" => {
                self.end_cell();
                if let Some(table) = self.tables.last_mut() {
                    table.row.get_or_insert_default();
                    table.cell = Some((String::new(), tag.colspan, tag.rowspan));
                }
            }
            b"br" => self.line(true),
            b"pre" => {
                self.pre += 1;
                self.block();
            }
            b"h1" | b"h2" | b"h3" | b"h4" | b"h5" | b"h6" | b"p" | b"div" | b"li" | b"section" | b"article" => {
                self.block();
            }
            _ => {}
        }
    }

    fn close(&mut self, name: &[u8]) {
        if let Some(skipped) = &self.skipped {
            if skipped.as_slice() == name {
                self.skipped = None;
            }
            return;
        }
        match name {
            b"table" => {
                self.end_row();
                if let Some(mut table) = self.tables.pop() {
                    if table.frame {
                        self.broken = self.broken.take().or_else(|| cut(&table.rows));
                        table.rows.iter_mut().flatten().for_each(unescape);
                    }
                    self.pieces.push(Piece::Table(table.rows));
                }
            }
            b"tr" => self.end_row(),
            b"td" | b"th" => self.end_cell(),
            b"pre" => {
                self.pre = self.pre.saturating_sub(1);
                if self.tables.is_empty() {
                    let text = std::mem::take(&mut self.text);
                    self.pieces.push(Piece::Code(text));
                }
            }
            b"h1" | b"h2" | b"h3" | b"h4" | b"h5" | b"h6" if self.tables.is_empty() => {
                let text = std::mem::take(&mut self.text);
                let words: Vec<&str> = text.split_whitespace().collect();
                self.pieces.push(Piece::Heading(words.join(" ")));
            }
            b"p" | b"div" | b"li" | b"section" | b"article" => self.block(),
            _ => {}
        }
    }

    /// Where text goes now.
    fn place(&mut self) -> Option<&mut String> {
        match self.tables.last_mut() {
            Some(table) => table.cell.as_mut().map(|(text, ..)| text),
            None => Some(&mut self.text),
        }
    }

    fn words(&mut self, value: &[u8]) {
        let pre = self.pre > 0;
        let text = String::from_utf8_lossy(value);
        if let Some(place) = self.place() {
            place.extend(text.chars().map(|c| match c {
                '\n' if pre => BREAK,
                '\u{a0}' => ' ',
                c => c,
            }));
        }
    }

    /// A block begins or ends: inside a cell this is a line, outside a paragraph.
    fn block(&mut self) {
        if self.tables.is_empty() {
            self.flush();
        } else {
            self.line(false);
        }
    }

    fn line(&mut self, always: bool) {
        let in_table = !self.tables.is_empty();
        if let Some(text) = self.place()
            && (always || !text.trim().is_empty() && !text.ends_with(BREAK))
        {
            text.push(BREAK);
            self.breaks |= in_table;
        }
    }

    fn flush(&mut self) {
        let text = std::mem::take(&mut self.text);
        if self.tables.is_empty() && !text.trim().is_empty() {
            self.pieces.push(Piece::Text(text));
        }
    }

    fn end_cell(&mut self) {
        let Some(table) = self.tables.last_mut() else { return };
        let Some((text, columns, rows)) = table.cell.take() else { return };
        let row = table.row.get_or_insert_default();
        below(row, &mut table.spans);
        if row.len() > frame::COLUMNS && !text.trim().is_empty() {
            self.broken = Some("a table with more columns than any sheet".to_owned());
            return;
        }
        for n in 0..columns {
            let at = row.len();
            if at > frame::COLUMNS {
                break;
            }
            if table.spans.len() <= at {
                table.spans.resize(at + 1, 0);
            }
            table.spans[at] = rows - 1;
            row.push(if n == 0 { text.clone() } else { String::new() });
        }
    }

    fn end_row(&mut self) {
        self.end_cell();
        let Some(table) = self.tables.last_mut() else { return };
        let Some(mut row) = table.row.take() else { return };
        for at in row.len()..table.spans.len() {
            table.spans[at] = table.spans[at].saturating_sub(1);
        }
        let filled = row.iter().rposition(|c| !c.trim().is_empty()).map_or(0, |i| i + 1);
        row.truncate(filled.max(1));
        self.rows += 1;
        self.cells += row.len();
        if self.rows > ROWS || self.cells > CELLS {
            self.broken = Some(format!("more than {ROWS} rows or {CELLS} cells of tables"));
            return;
        }
        table.rows.push(row);
    }

    fn finish(mut self) -> (Vec<Piece>, Option<String>) {
        // A script that never ends swallows the end tags of what is open.
        self.skipped = None;
        while !self.tables.is_empty() {
            if self.tables.len() == 1 && self.broken.is_none() && self.tables[0].cell.is_some() {
                self.broken = Some("a table that never ends".to_owned());
            }
            self.close(b"table");
        }
        self.flush();
        let soft = self.breaks;
        let tidy = |text: &mut String| {
            if soft && text.contains('\n') {
                *text = text.lines().map(str::trim).collect::<Vec<_>>().join(" ");
            }
            if text.contains(BREAK) {
                *text = text.replace(BREAK, "\n");
            }
        };
        for piece in &mut self.pieces {
            match piece {
                Piece::Table(rows) => rows.iter_mut().flatten().for_each(tidy),
                Piece::Heading(text) | Piece::Code(text) | Piece::Text(text) => tidy(text),
            }
        }
        (self.pieces, self.broken)
    }
}

/// Blanks where cells of rows above reach down.
fn below(row: &mut Vec<String>, spans: &mut [usize]) {
    while let Some(span) = spans.get_mut(row.len()).filter(|span| **span > 0) {
        *span -= 1;
        row.push(String::new());
    }
}

/// A data frame that was cut: what it left out cannot be guessed.
fn cut(rows: &[Vec<String>]) -> Option<String> {
    let is_cut = |c: &&String| c.chars().count() == CUT && c.ends_with("...");
    let cell = rows.iter().flatten().find(is_cut)?;
    Some(format!("{cell:?} was cut at {CUT} characters: write it with display.max_colwidth None"))
}

/// A data frame writes line breaks of a cell as escapes.
fn unescape(text: &mut String) {
    if text.contains('\\') {
        *text = text
            .replace("\\r\\n", "\u{2028}")
            .replace("\\n", "\u{2028}")
            .replace("\\r", "\u{2028}")
            .replace("\\t", " ");
    }
}
