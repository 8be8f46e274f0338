//! Sheets to CSV, HTML, JSON, aligned Markdown and split Markdown: the inverse of the readers of other people's dumps.

use std::fmt::Write;

use kiwoom_spec::dump::{Row, Sheet};
use serde_json::{Map, Value, json};

/// How a CSV file is written.
#[derive(Clone, Copy, Debug)]
pub struct Csv {
    /// Between cells.
    pub separator: char,
    /// `\n` or `\r\n`.
    pub end: &'static str,
    /// What stands above the rows.
    pub header: Header,
    /// For blank cells.
    pub blank: &'static str,
}

/// The header of a data frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Header {
    /// None: row 1 is the first.
    None,
    /// Row 1, `Unnamed: n` for blank cells.
    RowOne,
    /// The same after an index.
    RowOneIndex,
    /// `0,1,2` and an index.
    NumbersIndex,
}

/// `DataFrame.to_csv` and what spreadsheets save.
pub fn write_csv(sheet: &Sheet, form: Csv) -> String {
    let columns = columns(sheet);
    let quoted = |text: &str| {
        if text.contains([form.separator, '"', '\n', '\r']) {
            format!("\"{}\"", text.replace('"', "\"\""))
        } else {
            text.to_owned()
        }
    };
    let mut out = String::new();
    for row in grid(sheet, form.header, columns, form.blank) {
        let cells: Vec<String> = row.iter().map(|c| quoted(c)).collect();
        out += &(cells.join(&form.separator.to_string()) + form.end);
    }
    out
}

/// The cells of a data frame, its header first.
fn grid(sheet: &Sheet, header: Header, columns: usize, blank: &str) -> Vec<Vec<String>> {
    let mut out = Vec::new();
    let index = matches!(header, Header::RowOneIndex | Header::NumbersIndex);
    let with = |first: String, mut cells: Vec<String>| {
        if index {
            cells.insert(0, first);
        }
        cells
    };
    let text = |row: Option<&Row>, c: usize| row.and_then(|r| r.cell(c)).unwrap_or(blank).to_owned();
    let row_of = |number: u32| sheet.rows.iter().find(|r| r.number == number);
    let first = match header {
        Header::None => 1,
        Header::NumbersIndex => {
            out.push(with(String::new(), (0..columns).map(|c| c.to_string()).collect()));
            1
        }
        Header::RowOne | Header::RowOneIndex => {
            let named = |c| row_of(1).and_then(|r| r.cell(c)).map_or_else(|| format!("Unnamed: {c}"), str::to_owned);
            out.push(with(String::new(), (0..columns).map(named).collect()));
            2
        }
    };
    let last = sheet.rows.last().map_or(0, |r| r.number);
    for (n, number) in (first..=last).enumerate() {
        out.push(with(n.to_string(), (0..columns).map(|c| text(row_of(number), c)).collect()));
    }
    out
}

/// How the tables of a page are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Html {
    /// As a spreadsheet or a converter saves it: spans, `<br>`, blanks of the source.
    Page,
    /// `DataFrame.to_html` with an index.
    Frame,
}

/// One page of these sheets, each under a heading.
pub fn write_html(sheets: &[Sheet], form: Html) -> String {
    let mut out = "<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"><title>표</title><style>td { color: red }</style></head><body>\n".to_owned();
    for sheet in sheets {
        let _ = writeln!(out, "<h2>{}</h2>", escape(&sheet.name));
        if form == Html::Frame {
            let rows = grid(sheet, Header::RowOneIndex, columns(sheet), "NaN");
            out += "<table border=\"1\" class=\"dataframe\">\n  <thead>\n";
            for (n, row) in rows.iter().enumerate() {
                let cells: String =
                    row.iter().map(|c| format!("      <td>{}</td>\n", escape(c).replace('\n', "\\n"))).collect();
                let _ = writeln!(out, "    <tr>\n{cells}    </tr>{}", if n == 0 { "</thead><tbody>" } else { "" });
            }
            out += "  </tbody>\n</table>\n";
            continue;
        }
        out += "<table><tbody>";
        let mut last = 0;
        for row in &sheet.rows {
            (last + 1..row.number).for_each(|_| out += "\n<tr><td colspan=\"7\"></td></tr>");
            last = row.number;
            out += "\n<tr>";
            let mut at = 0;
            while at < 7 {
                let text = row.cell(at).unwrap_or_default();
                // A and B of a label are one cell, as in the workbook.
                let wide = at == 0 && row.cell(1).is_none() && row.cell(2).is_some() && !text.is_empty();
                let text = escape(text).replace('\n', "<br/>");
                let _ = write!(out, "<td{}>\n   {text}</td>", if wide { " colspan=2" } else { "" });
                at += if wide { 2 } else { 1 };
            }
            out += "</tr>";
        }
        out += "</tbody></table>\n";
    }
    out + "</body></html>\n"
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Which keys the rows of the tables have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keys {
    /// The column names of the sheet.
    Columns,
    /// Lower case, with the depth beside the element.
    Lower,
}

/// The JSON of the broker's client.
pub fn write_json(sheets: &[Sheet], keys: Keys) -> String {
    let mut apis = Map::new();
    let mut errors = Vec::new();
    for sheet in sheets {
        if sheet.rows.iter().any(|r| r.cell(0) == Some("API ID")) {
            apis.insert(sheet.name.clone(), api(sheet, keys));
        } else if let Some(head) = sheet.rows.iter().position(|r| r.cells.contains(&Some("오류코드".to_owned()))) {
            for row in &sheet.rows[head + 1..] {
                let names = sheet.rows[head].cells.iter().enumerate().filter_map(|(c, n)| Some((c, n.as_ref()?)));
                errors.push(Value::Object(
                    names.map(|(c, n)| (n.clone(), row.cell(c).unwrap_or_default().into())).collect(),
                ));
            }
        }
    }
    serde_json::to_string_pretty(&json!({ "apis": apis, "error_codes": errors })).expect("JSON")
}

fn api(sheet: &Sheet, keys: Keys) -> Value {
    let text = |row: &Row, c: usize| row.cell(c).unwrap_or_default().to_owned();
    let mut meta = Map::new();
    let mut out: Map<String, Value> =
        ["request_example", "response_example"].map(|k| (k.to_owned(), Value::from(""))).into_iter().collect();
    let mut sides = [json!({"header": [], "body": []}), json!({"header": [], "body": []})];
    let (mut way, mut part, mut example, mut overview) = (None, "header", None, false);
    for row in &sheet.rows {
        match row.cell(0) {
            Some("Request") => way = Some(0),
            Some("Response") => way = Some(1),
            Some("Request Example") => example = Some("request_example"),
            Some("Response Example") => example = Some("response_example"),
            Some("구분") => {}
            _ if example.is_some() => {
                let have = out[example.unwrap()].as_str().unwrap_or_default().to_owned();
                let more = row.cells.iter().flatten().next().cloned().unwrap_or_default();
                out[example.unwrap()] = Value::from(if have.is_empty() { more } else { have + "\n" + &more });
            }
            label if way.is_some() => {
                match label {
                    Some("Header") => part = "header",
                    Some("Body") => part = "body",
                    _ => {}
                }
                let title = part == "body" && label.is_some() && row.cells.len() == 2;
                let element = text(row, 1);
                let depth = element.matches("- ").count();
                let rest = ["한글명", "Type", "Required", "Length", "Description"];
                let value = if keys == Keys::Columns {
                    let mut map = Map::new();
                    map.insert("구분".into(), label.unwrap_or_default().into());
                    map.insert("Element".into(), element.into());
                    map.extend(rest.iter().zip(2..).map(|(k, c)| ((*k).to_owned(), text(row, c).into())));
                    Value::Object(map)
                } else {
                    let mut map = Map::new();
                    map.insert("element".into(), element.replace("- ", "").into());
                    map.insert("depth".into(), depth.into());
                    map.insert("is_section".into(), title.into());
                    let lower = |k: &str| if k == "한글명" { k.to_owned() } else { k.to_lowercase() };
                    map.extend(rest.iter().zip(2..).map(|(k, c)| (lower(k), text(row, c).into())));
                    Value::Object(map)
                };
                sides[way.unwrap()][part].as_array_mut().expect("a list").push(value);
            }
            Some("개요") => {
                overview = true;
                meta.insert("개요".into(), "".into());
            }
            // The client takes the text below for a label.
            Some(label) if overview => drop(meta.insert(label.to_owned(), "".into())),
            Some(label) => drop(meta.insert(label.to_owned(), text(row, 2).into())),
            None => {}
        }
    }
    out.insert("meta".into(), meta.into());
    let [request, response] = sides;
    out.extend([("request".to_owned(), request), ("response".to_owned(), response)]);
    out.into()
}

/// `DataFrame.to_markdown`: aligned columns, each line of a cell in a line of its own.
pub fn write_aligned(sheet: &Sheet, header: Header, blank: &str) -> String {
    let rows = grid(sheet, header, columns(sheet), blank);
    let lines = |text: &str| text.split('\n').map(|l| l.trim().to_owned()).collect::<Vec<_>>();
    let width = |c: usize| rows.iter().flat_map(|r| lines(&r[c])).map(|l| l.chars().count()).max().unwrap_or(0).max(3);
    let widths: Vec<usize> = (0..rows[0].len()).map(width).collect();
    let mut out = format!("# {}\n\n", sheet.name);
    let index = matches!(header, Header::RowOneIndex | Header::NumbersIndex);
    for (n, row) in rows.iter().enumerate() {
        let cells: Vec<Vec<String>> = row.iter().map(|c| lines(c)).collect();
        for line in 0..cells.iter().map(Vec::len).max().unwrap_or(1) {
            out.push('|');
            for (c, cell) in cells.iter().enumerate() {
                let text = cell.get(line).map_or("", String::as_str);
                let pad = " ".repeat(widths[c].saturating_sub(text.chars().count()));
                let _ = if index && c == 0 { write!(out, " {pad}{text} |") } else { write!(out, " {text}{pad} |") };
            }
            out.push('\n');
        }
        if n == 0 {
            let mark = |(c, w): (usize, &usize)| {
                if index && c == 0 { format!("{}:", "-".repeat(w + 1)) } else { format!(":{}", "-".repeat(w + 1)) }
            };
            out += &format!("|{}|\n", widths.iter().enumerate().map(mark).collect::<Vec<_>>().join("|"));
        }
    }
    out
}

/// What a converter of workbooks writes: the frame as HTML, its line breaks as `\n`, and that as Markdown, with a
/// backslash before each mark.
pub fn write_converted(sheet: &Sheet) -> String {
    let mut out = format!("## {}\n", sheet.name);
    for (n, row) in grid(sheet, Header::RowOne, columns(sheet), "NaN").iter().enumerate() {
        let text = |c: &String| c.replace('\n', "\\n").replace('_', "\\_").replace('*', "\\*");
        let _ = writeln!(out, "| {} |", row.iter().map(text).collect::<Vec<_>>().join(" | "));
        if n == 0 {
            let _ = writeln!(out, "|{}", " --- |".repeat(row.len()));
        }
    }
    out + "\n"
}

/// An aligned frame whose line breaks and pipes were replaced first.
pub fn write_replaced(sheet: &Sheet, header: Header, mark: &str) -> String {
    let mut one = sheet.clone();
    for cell in one.rows.iter_mut().flat_map(|r| &mut r.cells).flatten() {
        *cell = cell.replace('\n', mark).replace('|', "\\|");
    }
    write_aligned(&one, header, "")
}

/// A heading for each section, a table below.
pub fn write_split(sheet: &Sheet) -> String {
    let mut out = format!("## {}\n\n### 기본정보\n\n| 항목 | 내용 |\n| --- | --- |\n", sheet.name);
    let one = |text: &str| text.replace('\n', "<br>").replace('|', "\\|");
    let mut part = "";
    let mut example = false;
    let mut overview = Vec::new();
    let mut info = true;
    for row in &sheet.rows {
        match row.cell(0) {
            Some(label @ ("Request" | "Response")) => {
                info = false;
                if !overview.is_empty() {
                    // An indented line is no heading.
                    let text = overview.join("\n").replace('#', " #");
                    let _ = write!(out, "\n### 개요\n\n{text}\n");
                    overview.clear();
                }
                let _ = write!(out, "\n### {label}\n\n");
                part = "table";
            }
            Some(label @ ("Request Example" | "Response Example")) => {
                example = true;
                let _ = write!(out, "\n### {label}\n\n");
            }
            Some("개요") => part = "overview",
            _ if example => {
                let _ = writeln!(out, "```json\n{}\n```", row.cells.iter().flatten().next().expect("filled"));
            }
            Some(text) if part == "overview" => overview.push(text.to_owned()),
            _ if !info => {
                let cells: Vec<String> = (0..7).map(|c| one(row.cell(c).unwrap_or_default())).collect();
                let _ = writeln!(out, "| {} |", cells.join(" | "));
                if row.cell(0) == Some("구분") {
                    out += "| --- | --- | --- | --- | --- | --- | --- |\n";
                }
            }
            Some(label) if row.cell(2).is_some() => {
                let _ = writeln!(out, "| {label} | {} |", one(row.cell(2).expect("filled")));
            }
            _ => {}
        }
    }
    out + "\n"
}

fn columns(sheet: &Sheet) -> usize {
    sheet.rows.iter().map(|r| r.cells.len()).max().unwrap_or(0)
}
