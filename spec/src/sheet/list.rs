//! The sheets that are lists: all APIs, and the error codes. Their head row decides, wherever it is.

use std::collections::BTreeMap;

use super::ListRow;
use crate::dump::{Row, Sheet};
use crate::problem::Problem;

/// The columns of the list of all APIs and of the error codes.
const LISTS: [&str; 10] =
    ["No.", "API ID", "API 명", "대분류", "중분류", "소분류", "URL", "바로가기", "오류코드", "오류메시지"];

/// What would be lost of a list: columns that nobody knows, error codes that stand twice, rows without a code or an id.
pub fn list_doubts(sheet: &Sheet) -> Vec<Problem> {
    let heads = |r: &&Row| has(r, "API ID") && has(r, "API 명") || has(r, "오류코드") && has(r, "오류메시지");
    let Some(head) = sheet.rows.iter().find(heads) else { return Vec::new() };
    let unknown = head.cells.iter().enumerate().filter_map(|(i, c)| Some((i, c.as_deref()?)));
    let unknown = unknown.filter(|(_, name)| !LISTS.contains(name));
    let mut out: Vec<Problem> = unknown
        .map(|(column, name)| {
            let shown: String = name.chars().take(30).collect();
            let what = format!("{shown:?} is not a known column of a list");
            let fix = "its cells are not read: look whether the reader (spec/src/sheet/label.rs) should know it";
            Problem::warning("unknown-label", sheet.place(head.number, column), what, fix)
        })
        .collect();
    let column = |want: &str| head.cells.iter().position(|c| c.as_deref() == Some(want));
    let below = || sheet.rows.iter().skip_while(|r| r.number <= head.number);
    if let (Some(code), Some(message)) = (column("오류코드"), column("오류메시지")) {
        let mut known: BTreeMap<&str, &str> = BTreeMap::new();
        for row in below() {
            let text = row.cell(message).unwrap_or_default();
            let what = match row.cell(code) {
                Some(code) => match known.insert(code, text) {
                    Some(before) if before != text => format!("the error code {code} stands twice with other messages"),
                    _ => continue,
                },
                None if row.cells.iter().take(message).any(Option::is_some) => {
                    "a row of error codes without a code".to_owned()
                }
                None => continue,
            };
            let fix = "of two, the last one counts; a row without a code is not read: correct the document";
            out.push(Problem::warning("odd-error-code", sheet.place(row.number, code), what, fix));
        }
    } else if let (Some(id), Some(path)) = (column("API ID"), column("URL")) {
        let nameless = below().filter(|r| r.cell(path).is_some() && r.cell(id).is_none());
        out.extend(nameless.map(|row| {
            let fix = "the row is not read: fill the cell, or delete the row";
            Problem::warning(
                "listed-without-id",
                sheet.place(row.number, id),
                "a row of the list without an API ID",
                fix,
            )
        }));
    }
    out
}

pub(super) fn list_rows(sheet: &Sheet) -> Option<Vec<ListRow>> {
    let head = sheet.rows.iter().position(|r| has(r, "No.") && has(r, "API ID") && has(r, "API 명"))?;
    let column = |want: &str| sheet.rows[head].cells.iter().position(|c| c.as_deref() == Some(want));
    let (id, name, path) = (column("API ID")?, column("API 명")?, column("URL"));
    let text = |row: &Row, column: Option<usize>| column.and_then(|c| row.cell(c)).unwrap_or_default().to_owned();
    // The last row (공통, 오류코드) has no URL: it is no API.
    let rows = sheet.rows[head + 1..].iter().filter(|r| path.is_none_or(|c| r.cell(c).is_some()));
    Some(
        rows.map(|r| ListRow {
            id: text(r, Some(id)),
            name: text(r, Some(name)),
            path: text(r, path),
            place: sheet.place(r.number, id),
        })
        .filter(|r| !r.id.is_empty())
        .collect(),
    )
}

pub(super) fn error_rows(sheet: &Sheet) -> Option<Vec<(String, String)>> {
    let head = sheet.rows.iter().position(|r| has(r, "오류코드") && has(r, "오류메시지"))?;
    let column = |want: &str| sheet.rows[head].cells.iter().position(|c| c.as_deref() == Some(want));
    let (code, message) = (column("오류코드")?, column("오류메시지")?);
    let rows = sheet.rows[head + 1..].iter();
    let mut out: Vec<(String, String)> = Vec::new();
    for row in rows {
        let text = row.cell(message).unwrap_or_default();
        match row.cell(code) {
            Some(code) => out.push((code.to_owned(), text.to_owned())),
            // The rest of a message, in a dump that gives each of its lines a row.
            None if row.cells.iter().take(message).all(Option::is_none) => {
                if let Some((_, message)) = out.last_mut() {
                    message.push('\n');
                    message.push_str(text);
                }
            }
            None => {}
        }
    }
    Some(out)
}

fn has(row: &Row, want: &str) -> bool {
    row.cells.iter().any(|c| c.as_deref() == Some(want))
}
