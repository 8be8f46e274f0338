//! Titles, sections and tables of a Markdown text.
//!
//! Invariant: nothing inside a record or a code fence is taken for a heading.

use super::bare;
use super::extent;
use super::record::{self, Record, RecordShape};
use crate::dump::frame;
use crate::dump::sections::Piece;

/// Which part of a dump a table stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SectionKind {
    /// Directly under a title.
    Plain,
    /// Under `## Raw Sheet Table`: the sheet itself.
    Raw,
    /// Under any other heading.
    Other,
}

/// What stands under one `# title`.
#[derive(Default)]
pub(super) struct TitleBlock<'t> {
    pub title: Option<String>,
    pub tables: Vec<MarkdownTable<'t>>,
    /// Everything in it, in its order.
    pub bits: Vec<Bit<'t>>,
    /// Line of a `## Raw Sheet Table`.
    pub raw_heading: Option<usize>,
    /// Line of a heading that only a dump of an API has.
    pub quick_heading: Option<usize>,
    /// Where tables without outer pipes begin, counted from 0: they must get the pipes first.
    pub bare: Vec<usize>,
    /// Line of a row outside of any table that begins with a label of the sheets.
    pub stray_label: Option<usize>,
}

/// What follows a table without being a row of it; between the parts of a split sheet that is what one expects.
pub(super) const LOST: &str = "a line that belongs to no row of the table";

/// A part of a block.
#[derive(Clone, Copy)]
pub(super) enum Bit<'t> {
    Heading(&'t str),
    /// Position in the tables of the block.
    Table(usize),
    Code(&'t str),
    Text(&'t str),
}

impl TitleBlock<'_> {
    /// The same for sheets that were split, cells decoded.
    pub fn pieces(&self) -> Vec<Piece> {
        let piece = |bit: &Bit| match *bit {
            Bit::Heading(text) => Piece::Heading(text.to_owned()),
            Bit::Table(at) => Piece::Table(self.tables[at].cells()),
            Bit::Code(text) => Piece::Code(text.to_owned()),
            Bit::Text(text) => Piece::Text(text.to_owned()),
        };
        self.bits.iter().map(piece).collect()
    }
}

/// A table as it stands in the text.
pub(super) struct MarkdownTable<'t> {
    pub section: SectionKind,
    /// The last heading above it that names no section.
    pub heading: Option<String>,
    /// Line of its header, from 1.
    pub line: usize,
    pub header: Vec<String>,
    pub shape: RecordShape,
    pub records: Vec<Record<'t>>,
    /// The first thing that is wrong with it; of no concern unless the table is a sheet.
    pub trouble: Option<(usize, &'static str)>,
}

/// What the text of a table says about how its cells are written.
struct Marks {
    escaped: bool,
    marked: bool,
}

/// Splits a text into its titled blocks.
pub(super) fn blocks(text: &str) -> Vec<TitleBlock<'_>> {
    let lines = TextLines::new(text);
    let mut blocks = vec![TitleBlock::default()];
    let mut section = SectionKind::Plain;
    let mut heading: Option<String> = None;
    let (mut at, mut after_table) = (0, None);
    while at < lines.all.len() {
        let line = lines.all[at];
        let block = blocks.last_mut().expect("begins with one block");
        if let Some(end) = lines.fence_end(at) {
            if end > at + 1 {
                block.bits.push(Bit::Code(lines.span(at + 1, end - 1)));
            }
            at = end;
        } else if let Some(title) = line.strip_prefix("# ") {
            section = SectionKind::Plain;
            heading = None;
            blocks.push(TitleBlock { title: Some(title.trim().to_owned()), ..TitleBlock::default() });
        } else if let Some(words) = line.strip_prefix("##") {
            section = SectionKind::Other;
            let words = words.trim_matches(['#', ' ', '\t']);
            block.bits.push(Bit::Heading(words));
            match words.to_ascii_lowercase().as_str() {
                name if name.starts_with("raw") => {
                    section = SectionKind::Raw;
                    block.raw_heading.get_or_insert(at + 1);
                }
                "quick reference" | "request" | "response" => {
                    block.quick_heading.get_or_insert(at + 1);
                }
                "request example" | "response example" => {}
                _ => heading = Some(words.to_owned()),
            }
        } else if let Some(columns) = lines.table_at(at) {
            let (mut table, next) = lines.table(at, columns, section);
            table.heading.clone_from(&heading);
            block.bits.push(Bit::Table(block.tables.len()));
            block.tables.push(table);
            (at, after_table) = (next, Some(next));
            continue;
        } else if line.starts_with('|') {
            if let Some(table) = block.tables.last_mut().filter(|table| table.section == section) {
                table.trouble.get_or_insert((at + 1, "a row outside of the table"));
            }
            if record::is_label(record::first_cell(line, 0)) {
                block.stray_label.get_or_insert(at + 1);
            }
        } else if !line.trim().is_empty() {
            // Directly below a table it is the rest of a cell.
            if after_table != Some(at) && bare::is_table(&lines.all[at..]) {
                block.bare.push(at);
            }
            block.bits.push(Bit::Text(line.trim()));
        }
        at += 1;
    }
    blocks
}

/// The lines of a text, with the questions that need to look ahead.
pub(super) struct TextLines<'t> {
    text: &'t str,
    pub all: Vec<&'t str>,
    /// The last line that can close a fence of each kind: a fence that never closes costs no search.
    last_fences: [usize; 2],
    /// A converter put a backslash before the marks of Markdown; a separate table may have none.
    marked: bool,
}

const FENCES: [&str; 2] = ["```", "~~~"];

impl<'t> TextLines<'t> {
    pub fn new(text: &'t str) -> Self {
        let all: Vec<&str> = text.split('\n').collect();
        let last_fences = FENCES.map(|mark| all.iter().rposition(|line| line.trim() == mark).unwrap_or(0));
        let marked = all.iter().any(|line| line.trim_start().starts_with('|') && line.contains("\\_"));
        Self { text, all, last_fences, marked }
    }

    /// The text of lines `from..=to`, line ends included: they are slices of one text.
    pub fn span(&self, from: usize, to: usize) -> &'t str {
        let offset = |line: &str| line.as_ptr() as usize - self.text.as_ptr() as usize;
        &self.text[offset(self.all[from])..offset(self.all[to]) + self.all[to].len()]
    }

    /// The closing line of a code fence that opens at `at`; one that never closes is not a fence.
    pub fn fence_end(&self, at: usize) -> Option<usize> {
        let fence = self.all[at].trim_start();
        let kind = FENCES.iter().position(|mark| fence.starts_with(mark))?;
        (at + 1..=self.last_fences[kind]).find(|line| self.all[*line].trim() == FENCES[kind])
    }

    /// The number of columns of a table whose header stands at `at`.
    pub fn table_at(&self, at: usize) -> Option<usize> {
        let header = self.all.get(at)?.trim();
        let separator = self.all.get(at + 1)?.trim();
        if !header.starts_with('|') || !separator.starts_with('|') {
            return None;
        }
        let cells = separator.strip_prefix('|')?.strip_suffix('|')?.split('|');
        let mut columns = 0;
        for cell in cells {
            let dashes = cell.trim().trim_start_matches(':').trim_end_matches(':');
            if dashes.is_empty() || !dashes.bytes().all(|b| b == b'-') {
                return None;
            }
            columns += 1;
        }
        Some(columns)
    }

    /// The first line at or after `at` that is not blank.
    pub fn filled(&self, at: usize) -> Option<usize> {
        (at..self.all.len()).find(|line| !self.all[*line].trim().is_empty())
    }

    /// Reads the table whose header stands at `at`; also gives the line after it.
    fn table(&self, at: usize, columns: usize, section: SectionKind) -> (MarkdownTable<'t>, usize) {
        let marks = self.marks(at, columns);
        let escaped = section == SectionKind::Raw || marks.escaped;
        let header = record::header(self.all[at].trim(), columns, escaped);
        let aligned = self.all[at + 1].trim().trim_matches('|').split('|').all(|mark| mark.contains(':'));
        let first_row = self.all.get(at + 2).copied().unwrap_or_default();
        let shape = RecordShape {
            columns,
            labels: frame::number_columns(&header, record::first_cell(first_row, 0)),
            escaped,
            aligned,
            marked: marks.marked,
        };
        let mut table =
            MarkdownTable { section, heading: None, line: at + 1, header, shape, records: Vec::new(), trouble: None };
        if columns > frame::COLUMNS + 1 {
            table.trouble = Some((at + 1, "a table with more columns than any sheet"));
        }
        let mut next = at + 2;
        let mut previous = record::Rest::Any;
        while let Some(line) = self.row_at(next) {
            next = line;
            let Some(end) = extent::end(self, next, shape, previous) else {
                table.trouble.get_or_insert((next + 1, "a row of the table that never ends"));
                break;
            };
            let record = Record { line: next + 1, text: self.span(next, end) };
            previous = record.rest(shape);
            table.records.push(record);
            next = end + 1;
        }
        if self.all.get(next).is_some_and(|line| self.belongs_nowhere(next, line)) {
            table.trouble.get_or_insert((next + 1, LOST));
        }
        (table, next)
    }

    /// The next row of a table at or after `at`; blank lines do not end a table.
    fn row_at(&self, at: usize) -> Option<usize> {
        let line = self.filled(at)?;
        let row = self.all[line].trim_start().starts_with('|');
        (row && (line == at || self.table_at(line).is_none())).then_some(line)
    }

    /// How the cells of a table whose header stands at `at` are written, whatever its heading.
    fn marks(&self, at: usize, columns: usize) -> Marks {
        let rows = || self.all[at..].iter().take_while(|line| line.trim_start().starts_with('|'));
        let breaks = |line: &str| line.contains("<br") || line.contains("<BR") || line.contains("\\|");
        let some = rows().take(500).any(|line| breaks(line));
        // pandas escapes nothing, and its cells go on in the next line; a frame whose line breaks were replaced has
        // none of that.
        let whole = |line: &&str| record::escaped_pipes(line.trim_end()).len() == columns + 1;
        let escaped = some && (!self.all[at].contains("Unnamed: ") || rows().skip(2).all(whole));
        Marks { escaped, marked: self.marked }
    }

    fn belongs_nowhere(&self, at: usize, line: &str) -> bool {
        !line.trim().is_empty() && !line.starts_with('#') && self.fence_end(at).is_none() && self.table_at(at).is_none()
    }
}
