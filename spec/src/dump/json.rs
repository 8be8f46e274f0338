//! The JSON in which the broker's own client carries the specification: a map of APIs, each with labels, tables and
//! examples, and a list of error codes. Each becomes the sheet that it has in the workbook.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use super::frame::cell;
use super::{Document, Format, Row, Sheet};
use crate::problem::Problem;

/// The largest text; the client's own file has 3.9 MB.
const TEXT: usize = 16 << 20;
/// The most APIs of a file.
const APIS: usize = 20_000;
/// The most rows of a table.
const ROWS: usize = 10_000;

/// The columns of a table of fields, and the keys that mean them in lower case.
const COLUMNS: [(&str, &[&str]); 7] = [
    ("구분", &["구분"]),
    ("Element", &["element", "key"]),
    ("한글명", &["한글명", "name"]),
    ("Type", &["type"]),
    ("Required", &["required"]),
    ("Length", &["length"]),
    ("Description", &["description"]),
];
/// Keys that say how a row stands in its table, not what a cell holds.
const LAYOUT: [&str; 2] = ["depth", "is_section"];

/// Whether a text is JSON of this kind, judged by how it begins.
pub(super) fn is_json(text: &str) -> bool {
    text.trim_start().starts_with('{') && text.contains("\"apis\"")
}

/// Reads such a text.
///
/// # Errors
/// Broken JSON, or a part of another form: the message names the API.
pub(super) fn read(name: &str, text: &str) -> Result<Document, Problem> {
    let fail = |at: &str, what: String| {
        let place = if at.is_empty() { name.to_owned() } else { format!("{name}:{at}") };
        Problem::error("broken-json", place, what, "take the file from the client again, or give the .xlsx workbook")
    };
    if text.len() > TEXT {
        return Err(fail("", format!("a text larger than {} MiB", TEXT >> 20)));
    }
    let Unique(whole) =
        serde_json::from_str(text).map_err(|e| fail(&format!("line {}", e.line()), format!("no valid JSON: {e}")))?;
    let Some(apis) = whole.get("apis").and_then(Value::as_object) else {
        return Err(fail("apis", "no map of APIs".to_owned()));
    };
    if apis.len() > APIS {
        return Err(fail("apis", format!("{} APIs; at most {APIS} are read", apis.len())));
    }
    let mut sheets = Vec::new();
    let sheet = |title: &str, cells: Vec<Vec<Option<String>>>| {
        let rows = cells.into_iter().zip(1..).filter_map(|(cells, number)| Row::of(number, cells)).collect();
        Sheet { file: name.to_owned(), name: title.to_owned(), rows }
    };
    for (title, api) in apis {
        let cells = api_rows(title, api).map_err(|what| fail(title, what))?;
        sheets.push(sheet(title, cells));
    }
    for (key, value) in whole.as_object().into_iter().flatten().filter(|(key, _)| *key != "apis") {
        let cells = match value.as_array() {
            Some(rows) => flat(rows).map_err(|what| fail(key, what))?,
            // Not a table: it is reported as a sheet that describes nothing.
            None => vec![vec![Some(key.clone())]],
        };
        sheets.push(sheet(key, cells));
    }
    Ok(Document { name: name.to_owned(), format: Format::Json, sheets })
}

/// JSON without a key that stands twice in one object: the second would silently replace the first.
struct Unique(Value);

impl<'de> Deserialize<'de> for Unique {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(UniqueVisitor).map(Unique)
    }
}

struct UniqueVisitor;

impl<'de> Visitor<'de> for UniqueVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut out = Vec::new();
        while let Some(Unique(value)) = seq.next_element()? {
            out.push(value);
        }
        Ok(out.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut out = Map::new();
        while let Some(key) = map.next_key::<String>()? {
            if out.contains_key(&key) {
                return Err(serde::de::Error::custom(format!("the key {key:?} stands twice")));
            }
            let Unique(value) = map.next_value()?;
            out.insert(key, value);
        }
        Ok(out.into())
    }
}

fn api_rows(title: &str, api: &Value) -> Result<Vec<Vec<Option<String>>>, String> {
    let api = api.as_object().ok_or("no object")?;
    let mut rows = Vec::new();
    let meta = api.get("meta").and_then(Value::as_object).ok_or("no labels under \"meta\"")?;
    for (label, value) in meta {
        let value = text(value).map_err(|what| format!("meta {label:?}: {what}"))?;
        // The client keeps the overview as a separate label, after the word.
        match value {
            Some(value) if label == "개요" => rows.extend([vec![cell(label)], vec![Some(value)]]),
            Some(value) => rows.push(vec![cell(label), None, Some(value)]),
            None => rows.push(vec![cell(label)]),
        }
    }
    if !meta.contains_key("API ID") {
        let id = title.rsplit_once('(').and_then(|(_, id)| id.strip_suffix(')'));
        rows.extend(id.map(|id| vec![cell("API ID"), None, cell(id)]));
    }
    for (key, label) in [("request", "Request"), ("response", "Response")] {
        let Some(side) = api.get(key) else { continue };
        rows.push(vec![cell(label)]);
        side_rows(&mut rows, side).map_err(|what| format!("{key}: {what}"))?;
    }
    for (key, label) in [("request_example", "Request Example"), ("response_example", "Response Example")] {
        let Some(example) = api.get(key) else { continue };
        rows.push(vec![cell(label)]);
        let example = match example {
            Value::Object(_) | Value::Array(_) => serde_json::to_string_pretty(example).ok(),
            other => text(other).map_err(|what| format!("{key}: {what}"))?,
        };
        rows.push(vec![example]);
    }
    let known = ["meta", "request", "response", "request_example", "response_example"];
    if let Some(other) = api.keys().find(|k| !known.contains(&k.as_str())) {
        return Err(format!("{other:?} is not a part of an API that this reader knows"));
    }
    Ok(rows)
}

fn side_rows(rows: &mut Vec<Vec<Option<String>>>, side: &Value) -> Result<(), String> {
    let none = Vec::new();
    let empty = Map::new();
    let (map, bare) = match side {
        Value::Object(map) => (map, None),
        Value::Array(body) => (&empty, Some(body)),
        Value::Null => (&empty, None),
        _ => return Err("neither tables nor a list".to_owned()),
    };
    if let Some(other) = map.keys().find(|k| !matches!(k.as_str(), "header" | "body")) {
        return Err(format!("{other:?} is neither header nor body"));
    }
    let part = |key: &str| match map.get(key) {
        None | Some(Value::Null) => Ok(&none),
        Some(Value::Array(rows)) => Ok(rows),
        Some(_) => Err(format!("{key} is no list")),
    };
    let (header, body) = (part("header")?, bare.map_or_else(|| part("body"), Ok)?);
    if header.len() + body.len() > ROWS {
        return Err(format!("more than {ROWS} rows"));
    }
    let mut columns: Vec<String> = COLUMNS.iter().map(|(name, _)| (*name).to_owned()).collect();
    let all = || header.iter().chain(body);
    for key in all().filter_map(Value::as_object).flat_map(Map::keys) {
        let folded = key.to_lowercase();
        let known =
            COLUMNS.iter().any(|(_, keys)| keys.contains(&folded.as_str())) || LAYOUT.contains(&folded.as_str());
        if !known && !columns.contains(key) {
            columns.push(key.clone());
        }
    }
    if columns.len() > super::frame::COLUMNS {
        return Err("more columns than any sheet".to_owned());
    }
    rows.push(columns.iter().map(|c| Some(c.clone())).collect());
    for (label, part) in [("Header", header), ("Body", body)] {
        for (n, row) in part.iter().enumerate() {
            let at = || format!("{} {n}", label.to_lowercase());
            let map = row.as_object().ok_or_else(|| format!("{} is no object", at()))?;
            rows.push(field_row(map, &columns, (n == 0).then_some(label)).map_err(|what| format!("{}: {what}", at()))?);
        }
    }
    Ok(())
}

fn field_row(map: &Map<String, Value>, columns: &[String], label: Option<&str>) -> Result<Vec<Option<String>>, String> {
    let mut out = vec![None; columns.len()];
    let (mut depth, mut title) = (0, false);
    for (key, value) in map {
        let folded = key.to_lowercase();
        match folded.as_str() {
            "depth" => depth = value.as_u64().ok_or("depth is no number")?.min(99) as usize,
            "is_section" => title = value.as_bool().unwrap_or(false),
            folded => {
                let known = COLUMNS.iter().position(|(_, keys)| keys.contains(&folded));
                let at = known.or_else(|| columns.iter().position(|c| c == key));
                if let Some(at) = at {
                    out[at] = text(value).map_err(|what| format!("{key:?}: {what}"))?;
                }
            }
        }
    }
    if let Some(element) = out[1].as_mut().filter(|e| depth > 0 && !e.starts_with(['-', '–'])) {
        element.insert_str(0, &"- ".repeat(depth));
    }
    if let Some(label) = label.or(title.then_some("Body")) {
        out[0].get_or_insert_with(|| label.to_owned());
    }
    Ok(out)
}

/// A list of flat objects as a table.
fn flat(list: &[Value]) -> Result<Vec<Vec<Option<String>>>, String> {
    if list.len() > ROWS {
        return Err(format!("more than {ROWS} rows"));
    }
    let mut columns: Vec<String> = Vec::new();
    let mut rows = vec![Vec::new()];
    for (n, row) in list.iter().enumerate() {
        let map = row.as_object().ok_or_else(|| format!("row {n} is no object"))?;
        let mut out = vec![None; columns.len()];
        for (key, value) in map {
            let at = columns.iter().position(|c| c == key).unwrap_or_else(|| {
                columns.push(key.clone());
                out.push(None);
                columns.len() - 1
            });
            out[at] = text(value).map_err(|what| format!("row {n}, {key:?}: {what}"))?;
        }
        if columns.len() > super::frame::COLUMNS {
            return Err("more columns than any sheet".to_owned());
        }
        rows.push(out);
    }
    rows[0] = columns.into_iter().map(Some).collect();
    Ok(rows)
}

/// What a cell holds.
fn text(value: &Value) -> Result<Option<String>, &'static str> {
    match value {
        Value::Null => Ok(None),
        Value::String(text) => Ok(cell(text)),
        Value::Number(n) => Ok(Some(n.to_string())),
        Value::Bool(b) => Ok(Some(b.to_string())),
        Value::Array(_) | Value::Object(_) => Err("a list or an object where a text must stand"),
    }
}
