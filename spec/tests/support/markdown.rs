//! Sheets to Markdown dumps of both styles.

use std::fmt::Write;

use kiwoom_spec::dump::{Row, Sheet};

/// Style 1 (pandas): row 1 is the header, newlines and pipes stand unescaped in the cells.
pub fn write_style1(sheet: &Sheet) -> String {
    let columns = columns(sheet);
    let first = sheet.rows.first().filter(|row| row.number == 1);
    let header =
        (0..columns).map(|c| first.and_then(|row| row.cell(c)).map_or_else(|| format!("Unnamed: {c}"), str::to_owned));
    let mut out = format!("# {}\n\n", sheet.name);
    line(&mut out, header);
    line(&mut out, (0..columns).map(|_| "---".to_owned()));
    for (_, row) in numbered(sheet, 2) {
        line(&mut out, (0..columns).map(|c| text(row, c).to_owned()));
    }
    out
}

/// What the raw table of style 2 has for a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RawHeader {
    /// `Row | A | B`, rows with the numbers they have in the sheet.
    NumberedLetters,
    /// `행 | 1 | 2`
    NumberedNumbers,
    /// `A | B`, all rows as far as the last.
    Letters,
    /// `0 | 1`
    Numbers,
    /// Row 1, `Unnamed: n` for blank cells.
    Pandas,
    /// The same after an unnamed index that counts from 0.
    PandasIndex,
    /// Row 1 as it is.
    RowOne,
}

impl RawHeader {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::NumberedLetters,
        Self::NumberedNumbers,
        Self::Letters,
        Self::Numbers,
        Self::Pandas,
        Self::PandasIndex,
        Self::RowOne,
    ];
}

/// Style 2: tables for people, fenced examples, then the sheet in a numbered raw table.
pub fn write_style2(sheet: &Sheet) -> String {
    write_style2_as(sheet, RawHeader::NumberedLetters)
}

/// Style 2 with a raw table of this form.
pub fn write_style2_as(sheet: &Sheet, form: RawHeader) -> String {
    let mut out = String::new();
    match (value(sheet, "API ID"), value(sheet, "API 명")) {
        (Some(id), Some(name)) => {
            let _ = write!(out, "# {id} - {name}\n\n");
            quick_reference(&mut out, sheet);
        }
        _ => {
            let _ = write!(out, "# {}\n\n", sheet.name);
            if sheet.rows.iter().any(|row| row.cell(1) == Some("API ID")) {
                out.push_str("## Filtered API List\n\n| API ID | API 명 |\n| --- | --- |\n");
                for row in &sheet.rows {
                    line(&mut out, (1..3).map(|c| escape(text(Some(row), c))));
                }
                out.push('\n');
            }
        }
    }
    out.push_str("## Raw Sheet Table\n\n");
    raw_table(&mut out, sheet, form);
    out
}

fn quick_reference(out: &mut String, sheet: &Sheet) {
    out.push_str("## Quick Reference\n\n| Field | Value |\n| --- | --- |\n");
    for label in ["API ID", "API 명", "메뉴 위치", "Method", "URL"] {
        line(out, [label.to_owned(), escape(value(sheet, label).unwrap_or_default())].into_iter());
    }
    for part in ["Request", "Response"] {
        let _ = write!(out, "\n## {part}\n\n");
        let rows = sheet.rows.iter().skip_while(|row| row.cell(0) != Some(part)).skip(1);
        let is_end = |row: &&Row| !matches!(row.cell(0), Some("Response" | "Request Example"));
        for (index, row) in rows.take_while(is_end).enumerate() {
            line(out, (0..7).map(|c| escape(text(Some(row), c))));
            if index == 0 {
                line(out, (0..7).map(|_| "---".to_owned()));
            }
        }
    }
    for part in ["Request Example", "Response Example"] {
        let example = sheet.rows.iter().skip_while(|row| row.cell(0) != Some(part)).nth(1);
        let _ = write!(out, "\n## {part}\n\n```json\n{}\n```\n", text(example, 0));
    }
    out.push('\n');
}

fn raw_table(out: &mut String, sheet: &Sheet, form: RawHeader) {
    let columns = columns(sheet);
    let letter = |c: usize| char::from(b'A' + u8::try_from(c).expect("few columns")).to_string();
    let first = sheet.rows.first().filter(|row| row.number == 1);
    let row_one = |c: usize| escape(text(first, c));
    let pandas = |c: usize| {
        if row_one(c).is_empty() { format!("Unnamed: {c}") } else { row_one(c) }
    };
    let (mark, from): (Option<&str>, u32) = match form {
        RawHeader::NumberedLetters => (Some("Row"), 1),
        RawHeader::NumberedNumbers => (Some("행"), 1),
        RawHeader::PandasIndex => (Some(""), 2),
        RawHeader::Letters | RawHeader::Numbers => (None, 1),
        RawHeader::Pandas | RawHeader::RowOne => (None, 2),
    };
    let names = (0..columns).map(|c| match form {
        RawHeader::NumberedLetters | RawHeader::Letters => letter(c),
        RawHeader::NumberedNumbers => (c + 1).to_string(),
        RawHeader::Numbers => c.to_string(),
        RawHeader::Pandas | RawHeader::PandasIndex => pandas(c),
        RawHeader::RowOne => row_one(c),
    });
    line(out, mark.map(str::to_owned).into_iter().chain(names));
    line(out, (0..columns + usize::from(mark.is_some())).map(|_| "---".to_owned()));
    for (number, row) in numbered(sheet, from) {
        let index = match form {
            RawHeader::PandasIndex => Some(number - 2),
            _ if mark.is_some() => Some(number),
            _ => None,
        };
        if index.is_some() && row.is_none() {
            continue;
        }
        let cells = (0..columns).map(|c| escape(text(row, c)));
        line(out, index.map(|i| i.to_string()).into_iter().chain(cells));
    }
}

/// All rows from `from` as far as the last, blank ones included.
fn numbered(sheet: &Sheet, from: u32) -> impl Iterator<Item = (u32, Option<&Row>)> {
    let last = sheet.rows.last().map_or(0, |row| row.number);
    (from..=last).map(|n| (n, sheet.rows.iter().find(|row| row.number == n)))
}

fn columns(sheet: &Sheet) -> usize {
    sheet.rows.iter().map(|row| row.cells.len()).max().unwrap_or(1)
}

fn line(out: &mut String, cells: impl Iterator<Item = String>) {
    let cells: Vec<String> = cells.collect();
    let _ = writeln!(out, "| {} |", cells.join(" | "));
}

fn text(row: Option<&Row>, column: usize) -> &str {
    row.and_then(|row| row.cell(column)).unwrap_or_default()
}

/// The value in column C of a label.
fn value<'s>(sheet: &'s Sheet, label: &str) -> Option<&'s str> {
    sheet.rows.iter().find(|row| row.cell(0) == Some(label))?.cell(2)
}

fn escape(text: &str) -> String {
    text.replace('\\', "\\\\").replace('|', "\\|").replace('\n', "<br>")
}
