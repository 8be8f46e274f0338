//! Where a record of a table ends.
//!
//! In style 1 a cell may hold newlines, pipes and lines that look like headings or rows. Pipes are counted
//! against the separator line; what a count cannot decide, the known shape of the sheets does.

use super::layout::TextLines;
use super::record::{FIELDS, RecordShape, Rest, WITH_VALUE, escaped_pipes, first_cell, is_label};
use crate::dump::sections;

/// The last line of the record that begins at `at`.
pub(super) fn end(lines: &TextLines<'_>, at: usize, shape: RecordShape, previous: Rest) -> Option<usize> {
    if shape.escaped {
        let line = lines.all[at].trim_end();
        return (escaped_pipes(line).last() == line.len().checked_sub(1).as_ref()).then_some(at);
    }
    let first = lines.all[at];
    if (shape.aligned || shape.marked) && pipes(first) > shape.columns && closes(first) {
        return Some(at);
    }
    let blanks = match previous {
        Rest::Text => Some(blanks_after_a(shape)),
        Rest::Any if WITH_VALUE.contains(&first_cell(first, shape.labels)) => blanks_after_a(shape).checked_sub(2),
        Rest::Any => None,
    };
    if let Some(blanks) = blanks.filter(|blanks| *blanks > 1)
        && let Some(end) = blanks_end(lines, at, shape, blanks)
    {
        return Some(end);
    }
    let full = shape.columns + 1;
    let whole = pipes(first) == full && closes(first);
    if whole && (tail(first) >= blanks_after_a(shape) || is_boundary(lines, at + 1, shape)) {
        return Some(at);
    }
    counted_end(lines, at, shape)
}

/// The end of a record known to end in blank cells, if that comes before the next labelled row.
fn blanks_end(lines: &TextLines<'_>, at: usize, shape: RecordShape, blanks: usize) -> Option<usize> {
    let (end, line) = lines
        .all
        .iter()
        .enumerate()
        .skip(at)
        .find(|(line, text)| tail(text) >= blanks || (*line > at && is_labelled(text, shape)))?;
    (tail(line) >= blanks && (end == at || !is_labelled(line, shape))).then_some(end)
}

/// Pipes that end a record with nothing right of column A.
fn blanks_after_a(shape: RecordShape) -> usize {
    shape.columns - shape.labels
}

/// The end by counting pipes.
fn counted_end(lines: &TextLines<'_>, at: usize, shape: RecordShape) -> Option<usize> {
    let full = shape.columns + 1;
    let first = lines.all[at];
    // Element, name, type, required and length have no line breaks, so the first line of a field is nearly full,
    // and its description goes on until another row of a sheet begins.
    let label = first_cell(first, shape.labels);
    let field = shape.columns - shape.labels >= 7
        && pipes(first) >= shape.columns
        && (label.is_empty() || FIELDS.contains(&label));
    let (mut count, mut exact) = (0, None);
    for (end, line) in lines.all.iter().enumerate().skip(at) {
        count += pipes(line);
        if !closes(line) {
            continue;
        }
        let boundary = is_boundary(lines, end + 1, shape);
        // A formatter may drop blank cells at the end of a row, so that one line is too short.
        if boundary && (field || end == at || (full..2 * full).contains(&count)) {
            return Some(end);
        }
        if field || count < full {
            continue;
        }
        if count == full {
            exact = Some(end);
        }
        let next_row = lines.all.get(end + 1).is_some_and(|next| next.starts_with('|'));
        if exact == Some(end) && next_row || tail(line) >= blanks_after_a(shape) || count >= 2 * full {
            return exact.or(Some(end));
        }
    }
    exact
}

/// Whether a record may end before line `at`.
///
/// Every record ends in a pipe, so after a true end no line does before the next row or table begins;
/// inside a record some line must.
fn is_boundary(lines: &TextLines<'_>, at: usize, shape: RecordShape) -> bool {
    for (next, line) in lines.all.iter().enumerate().skip(at) {
        let after_blank = next > at && lines.all[next - 1].trim().is_empty();
        // Below the tables of a split sheet its next section follows.
        let section = |line: &str| line.strip_prefix("###").is_some_and(sections::is_section);
        if is_start(line, shape)
            || (after_blank && section(line))
            || (after_blank && lines.table_at(next).is_some() && lines.all[next + 1].contains("---"))
        {
            return true;
        }
        if closes(line) {
            return false;
        }
    }
    true
}

/// Whether a line begins a record: a known label, or a field, code or list row with all columns but perhaps
/// the end of the last.
fn is_start(line: &str, shape: RecordShape) -> bool {
    let first = first_cell(line, shape.labels);
    let row = first.bytes().all(|b| b.is_ascii_digit()) && pipes(line) >= shape.columns;
    line.starts_with('|') && (row || is_labelled(line, shape) || is_field_of_unknown_part(line, shape))
}

/// A whole field row whose first cell is a word that nobody knows. Taken for text of the cell above, it would be lost
/// without a word.
fn is_field_of_unknown_part(line: &str, shape: RecordShape) -> bool {
    let cell = |column: usize| first_cell(line, shape.labels + column);
    let is_word = |text: &str| text.len() > 1 && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"_- ".contains(&b));
    shape.columns - shape.labels >= 7
        && pipes(line) == shape.columns + 1
        && closes(line)
        && is_word(cell(1))
        && !cell(0).is_empty()
        && !cell(2).is_empty()
        && matches!(cell(4), "Y" | "N")
}

fn is_labelled(line: &str, shape: RecordShape) -> bool {
    line.starts_with('|') && pipes(line) > shape.labels + 1 && is_label(first_cell(line, shape.labels))
}

fn pipes(line: &str) -> usize {
    line.bytes().filter(|b| *b == b'|').count()
}

/// How many pipes end a line, with nothing but blanks between them.
fn tail(line: &str) -> usize {
    let blanks = line.trim_end_matches(|c: char| c == '|' || c.is_whitespace());
    pipes(&line[blanks.len()..])
}

fn closes(line: &str) -> bool {
    line.trim_end().ends_with('|')
}
