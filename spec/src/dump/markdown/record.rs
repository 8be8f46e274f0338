//! One record of a table: its cells, decoded, and which of them owns a surplus pipe.
//!
//! Style 1 escapes nothing; the known shape of the sheets says where a pipe that is too many belongs
//!: examples and overview stand in A, values of labels in C, Description is last.

use std::borrow::Cow;

use crate::dump::frame;

/// The columns of a table.
#[derive(Clone, Copy, Debug)]
pub(super) struct RecordShape {
    /// All columns, a column of row numbers included.
    pub columns: usize,
    /// Index of column A: 1 after a column of row numbers.
    pub labels: usize,
    /// Whether cells are escaped (style 2): then every line is a record.
    pub escaped: bool,
    /// Whether a program aligned the columns: then every line is a row, and a cell of several lines has several rows.
    pub aligned: bool,
    /// Whether a converter put a backslash before the marks of Markdown (`stk\_cd`): then every line is a record, and a
    /// line break is `\n`.
    pub marked: bool,
}

/// One row of a table as it stands in the text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Record<'t> {
    /// Its first line, from 1.
    pub line: usize,
    pub text: &'t str,
}

/// What a record says about the one after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rest {
    /// It holds one text, in column A.
    Text,
    Any,
}

/// Labels with nothing right of them.
const HEADINGS: [&str; 8] =
    ["키움 REST API", "API 정보", "기본정보", "개요", "Request", "Response", "Request Example", "Response Example"];
/// Labels whose value stands in column C.
pub(super) const WITH_VALUE: [&str; 9] =
    ["메뉴 위치", "API 명", "API ID", "Method", "운영 도메인", "모의투자 도메인", "URL", "Format", "Content-Type"];
/// First cells of rows that may run as far as column G; so do those without a first cell.
pub(super) const FIELDS: [&str; 3] = ["구분", "Header", "Body"];

/// Whether a text is a label of column A.
pub(super) fn is_label(text: &str) -> bool {
    HEADINGS.contains(&text) || WITH_VALUE.contains(&text) || FIELDS.contains(&text)
}

/// The text of a column on one line, as far as the line goes.
pub(super) fn first_cell(line: &str, column: usize) -> &str {
    undecorated(line.split('|').nth(column + 1).unwrap_or_default().trim())
}

/// A text that is bold or code as a whole, without its marks: no cell of a sheet has any.
fn undecorated(text: &str) -> &str {
    let inside =
        |mark: &str| text.strip_prefix(mark)?.strip_suffix(mark).filter(|t| !t.is_empty() && !t.contains(mark));
    ["**", "__", "`"].into_iter().find_map(inside).map_or(text, str::trim)
}

/// The same after the marks of depth of an element.
fn plain_element(text: Cow<'_, str>) -> Cow<'_, str> {
    if !text.contains(['*', '`']) && !text.contains("__") {
        return text;
    }
    let bare = text.trim();
    let name = bare.trim_start_matches("- ");
    let depth = &bare[..bare.len() - name.len()];
    let stripped = undecorated(name);
    if stripped.len() == name.len() { text } else { Cow::Owned(format!("{depth}{stripped}")) }
}

/// The cells of a header line.
pub(super) fn header(line: &str, columns: usize, escaped: bool) -> Vec<String> {
    let shape = RecordShape { columns, labels: 0, escaped, aligned: false, marked: false };
    Record { line: 0, text: line }.cells(shape, Rest::Any).into_iter().map(Cow::into_owned).collect()
}

impl<'t> Record<'t> {
    /// What it says about the record after it.
    pub fn rest(&self, shape: RecordShape) -> Rest {
        match first_cell(self.text, shape.labels) {
            "개요" | "Request Example" | "Response Example" => Rest::Text,
            _ => Rest::Any,
        }
    }

    /// Its cells, decoded; at most as many as the table has columns.
    pub fn cells(&self, shape: RecordShape, previous: Rest) -> Vec<Cow<'t, str>> {
        let bounds = if shape.escaped || shape.marked { escaped_pipes(self.text) } else { all_pipes(self.text) };
        let between = |from: usize, to: usize| &self.text[bounds[from] + 1..bounds[to]];
        let count = bounds.len().saturating_sub(1);
        let surplus = count.saturating_sub(shape.columns);
        let owner = self.owner(shape, previous, count, |i| frame::cell(between(i, i + 1)).is_none());
        let mut cells = Vec::with_capacity(count - surplus);
        let mut part = 0;
        while part < count {
            let width = if cells.len() == owner { surplus + 1 } else { 1 };
            let text = between(part, part + width);
            let cell = if shape.escaped || shape.marked { unescaped(text, shape) } else { plain(text) };
            cells.push(plain_element(cell));
            part += width;
        }
        cells
    }

    /// The column that surplus pipes belong to.
    fn owner(&self, shape: RecordShape, previous: Rest, count: usize, blank: impl Fn(usize) -> bool) -> usize {
        if count <= shape.columns {
            return usize::MAX;
        }
        let label = first_cell(self.text, shape.labels);
        let label = if frame::cell(label).is_some() { label } else { "" };
        let last = shape.columns - 1;
        if previous == Rest::Text {
            return shape.labels;
        }
        if WITH_VALUE.contains(&label) {
            return last.min(shape.labels + 2);
        }
        if label.is_empty() || FIELDS.contains(&label) {
            return last;
        }
        let blanks = (0..count).rev().take_while(|i| blank(*i)).count();
        last.saturating_sub(blanks).max(shape.labels)
    }
}

fn all_pipes(text: &str) -> Vec<usize> {
    text.bytes().enumerate().filter(|(_, b)| *b == b'|').map(|(at, _)| at).collect()
}

/// Pipes that no backslash escapes; a doubled backslash escapes nothing.
pub(super) fn escaped_pipes(text: &str) -> Vec<usize> {
    let mut found = Vec::new();
    let mut bytes = text.bytes().enumerate();
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b'\\' => drop(bytes.next()),
            b'|' => found.push(at),
            _ => {}
        }
    }
    found
}

/// How a line break inside a cell is written.
const BREAKS: [&str; 5] = ["<br>", "<br/>", "<br />", "<BR>", "<BR/>"];

/// A cell of style 1: as it stands, but for the marks by which some editors save a pipe or a line break.
fn plain(text: &str) -> Cow<'_, str> {
    if !text.contains("&#124;") && !text.contains("<br") && !text.contains("<BR") {
        return Cow::Borrowed(text);
    }
    Cow::Owned(BREAKS.iter().fold(text.replace("&#124;", "|"), |text, mark| text.replace(mark, "\n")))
}

/// A cell of style 2: `<br>` and escapes undone. Who escapes the marks of Markdown only leaves backslashes alone.
fn unescaped(text: &str, RecordShape { escaped, marked, .. }: RecordShape) -> Cow<'_, str> {
    let backslash = if escaped { "\\" } else { "\\\\" };
    if !text.contains(['\\', '<', '&']) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['\\', '<', '&']) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let marks = [("\\\\", backslash), ("\\|", "|"), ("&#124;", "|")];
        let breaks = BREAKS.iter().map(|mark| (*mark, "\n"));
        let written = [("\\r\\n", "\n"), ("\\n", "\n"), ("\\r", "\n"), ("\\t", " ")].into_iter().filter(|_| marked);
        if let Some((mark, meaning)) = marks.into_iter().chain(breaks).chain(written).find(|(m, _)| rest.starts_with(m))
        {
            out.push_str(meaning);
            rest = &rest[mark.len()..];
        } else {
            // An example keeps the escapes of its JSON.
            let is_mark = |c: char| c.is_ascii_punctuation() && c != '"' && c != '/';
            let escape = marked && rest.strip_prefix('\\').is_some_and(|rest| rest.starts_with(is_mark));
            let from = usize::from(escape);
            out.push_str(&rest[from..=from]);
            rest = &rest[from + 1..];
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}
