//! What a body or a frame says, value by value: label, meaning and unit in both languages. It knows the registry, and no
//! field by name.
//!
//! Texts of a client may be anything, so nothing here trusts them, and long ones are cut.

use kiwoom_api::decode::decode;
use kiwoom_api::record::{List, Record, Slot};
use kiwoom_api::registry::{Entry, find, label};
use serde_json::{Map, Value, json};

use super::cell::{Both, code_text, cut, decoded, raw, words as words_of};
use super::mask::masked;
use super::words;

/// How many rows of a list are shown.
const ROWS: usize = 5;
/// How many members that no document knows are shown.
const UNKNOWN: usize = 20;

/// The request or the reply of a call.
pub(super) fn body(text: &str, record: Option<Box<dyn Record>>) -> Value {
    if text.is_empty() {
        return json!({ "fields": [] });
    }
    let Ok(Value::Object(object)) = serde_json::from_str::<Value>(text) else {
        return json!({ "fields": [], "broken": text.len() });
    };
    let Some(mut record) = record else { return json!({ "fields": unknown(&object, &[]) }) };
    let anomalies = decode(text.as_bytes(), &mut *record).map_or(0, |decoded| decoded.anomalies().len());
    json!({ "fields": fields(&mut *record, &object), "anomalies": anomalies })
}

/// Both parts of a call.
pub(super) fn call(entry: Option<&Entry>, request: &str, reply: &str) -> Value {
    let made = entry.and_then(|entry| entry.request).map(|make| make());
    json!({ "request": body(request, made), "reply": body(reply, entry.map(|entry| (entry.reply)())) })
}

/// A frame of the WebSocket: a push by its topics, a search by its API, anything else by the words of the protocol.
pub(super) fn frame(text: &str, is_reply: bool) -> Value {
    let Ok(Value::Object(frame)) = serde_json::from_str::<Value>(text) else { return json!([body(text, None)]) };
    if frame.get("trnm").and_then(Value::as_str) == Some("REAL") {
        let elements = frame.get("data").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        return elements.iter().take(ROWS).map(push).collect();
    }
    let Some(entry) = searched(&frame) else {
        let mut fields = unknown(&frame, &[]);
        fields.extend(registered(&frame));
        return json!([{ "fields": fields }]);
    };
    let record = if is_reply { Some((entry.reply)()) } else { entry.request.map(|make| make()) };
    json!([titled(entry, body(text, record))])
}

/// Topics and items of a registration, by their names.
fn registered(frame: &Map<String, Value>) -> Vec<Value> {
    let data = frame.get("data").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let texts = |key: &'static str| {
        let all = data.iter().filter_map(move |element| element.get(key)?.as_array()).flatten();
        all.filter_map(|it| it.as_str().or_else(|| it.get("jmcode")?.as_str()))
            .filter(|text| !text.is_empty())
            .take(UNKNOWN)
    };
    let both = |code: &str| match find(code) {
        Some(entry) => {
            Both::new(format!("{code} {}", entry.meta.korean.trim()), format!("{code} {}", words_of(entry.meta.name)))
        }
        None => Both::same(code_text(code)),
    };
    let mut out = Vec::new();
    for (key, ko, en) in [("type", "실시간 항목", "Topics"), ("item", "종목", "Instruments")] {
        let all: Vec<Both> = texts(key).map(both).collect();
        if all.is_empty() {
            continue;
        }
        let join = |part: fn(&Both) -> &str| all.iter().map(part).collect::<Vec<_>>().join(", ");
        let cell = json!({ "raw": all.len().to_string(), "ko": join(|both| &both.ko), "en": join(|both| &both.en), "mark": "" });
        out.push(json!({ "key": key, "label": [ko, en], "cells": [cell] }));
    }
    out
}

fn push(element: &Value) -> Value {
    let word = |key: &str| element.get(key).and_then(Value::as_str).unwrap_or_default();
    let values = element.get("values").filter(|values| values.is_object()).map(Value::to_string).unwrap_or_default();
    let Some(entry) = find(word("type")) else { return body(&values, None) };
    let make = entry.push.unwrap_or(entry.reply);
    let mut out = titled(entry, body(&values, Some(make())));
    out["item"] = json!(code_text(word("item")));
    out
}

fn titled(entry: &Entry, mut body: Value) -> Value {
    body["api"] = json!(entry.meta.id);
    body["ko"] = json!(entry.meta.korean.trim());
    body["en"] = json!(words_of(entry.meta.name));
    body
}

/// The API of a frame of a condition search.
pub(super) fn searched(frame: &Map<String, Value>) -> Option<&'static Entry> {
    let word = |key: &str| frame.get(key).and_then(Value::as_str).unwrap_or_default();
    let (domestic, us) = match (word("trnm").trim_start_matches('G'), word("search_type")) {
        ("CNSRLST", _) => ("ka10171", "usa20280"),
        ("CNSRREQ", "1" | "2") => ("ka10173", "usa20290"),
        ("CNSRREQ", _) => ("ka10172", "usa20281"),
        ("CNSRCLR", _) => ("ka10174", "usa20291"),
        _ => return None,
    };
    find(if word("trnm").starts_with('G') { us } else { domestic })
}

/// The members of an object, in the order of its record.
fn fields(record: &mut dyn Record, object: &Map<String, Value>) -> Vec<Value> {
    let keys = record.keys();
    let own = keys.len() - record.spellings();
    let mut out = Vec::new();
    for index in 0..own {
        let key = name(keys[index]);
        let value = object.get(key);
        let label = label(keys, index);
        let both = label.map_or(Both::same(""), |label| Both::new(label.korean, label.english));
        let mut slot = record.slot(index);
        let shown = match &mut slot {
            Slot::List(list) | Slot::Tuples(list) => rows(*list, value),
            Slot::Embedded(embedded) => {
                let inner = value.and_then(Value::as_str).and_then(|text| serde_json::from_str::<Value>(text).ok());
                rows(embedded.list_mut(), inner.as_ref())
            }
            Slot::Object(inner) => match value {
                Some(Value::Object(object)) => Some(json!({ "fields": fields(*inner, object), "count": 1 })),
                _ => None,
            },
            Slot::Texts(texts) => {
                let all: Vec<Value> = texts.iter().take(ROWS).map(|text| json!({ "raw": masked(text) })).collect();
                Some(json!({ "cells": all }))
            }
            _ => None,
        };
        let mut field = match shown {
            Some(shown) => shown,
            None if value.is_none() => continue,
            None => {
                let unit = words::unit(label.map_or("", |label| label.unit), &slot);
                let kind = words::kind(&slot);
                let cell = cell(value, &mut slot, label);
                json!({ "cells": [cell], "unit": [unit.ko, unit.en], "kind": [kind.ko, kind.en] })
            }
        };
        field["key"] = json!(key);
        field["label"] = json!([both.ko, both.en]);
        out.push(field);
    }
    out.extend(unknown(object, keys));
    out
}

fn cell(value: Option<&Value>, slot: &mut Slot<'_>, label: Option<kiwoom_api::registry::Label>) -> Value {
    let raw = raw(value, Some(slot));
    match decoded(slot, label) {
        Some((both, mark)) => json!({ "raw": raw, "ko": cut(&both.ko), "en": cut(&both.en), "mark": mark }),
        None => json!({ "raw": raw }),
    }
}

/// The first rows of a list: one field a line, one cell a row.
fn rows(list: &mut dyn List, value: Option<&Value>) -> Option<Value> {
    let Some(Value::Array(all)) = value else { return None };
    let mut merged: Vec<Value> = Vec::new();
    for at in 0..list.len().min(ROWS) {
        let (Some(row), Some(raw)) = (list.row(at), all.get(at)) else { break };
        let object = match raw {
            Value::Object(object) => object.clone(),
            // a row by position
            Value::Array(parts) => {
                row.keys().iter().map(|key| name(key).to_owned()).zip(parts.iter().cloned()).collect()
            }
            _ => break,
        };
        for field in fields(row, &object) {
            match merged.iter_mut().find(|known| known["key"] == field["key"]) {
                Some(known) => append(known, at, &field),
                None => {
                    let mut new = field.clone();
                    new["cells"] = json!(vec![json!({ "raw": null }); at]);
                    append(&mut new, at, &field);
                    merged.push(new);
                }
            }
        }
    }
    Some(json!({ "fields": merged, "count": all.len(), "shown": all.len().min(ROWS) }))
}

/// Puts the cell of a row behind those of the rows before it.
fn append(known: &mut Value, at: usize, field: &Value) {
    let cell = field["cells"].get(0).cloned().unwrap_or_else(|| json!({ "raw": null }));
    if let Some(cells) = known["cells"].as_array_mut() {
        cells.resize(at, json!({ "raw": null }));
        cells.push(cell);
    }
}

/// Members that the record does not have: those of the envelope and of the protocol, and what no document names.
fn unknown(object: &Map<String, Value>, keys: &[&str]) -> Vec<Value> {
    let others = object.iter().filter(|(key, value)| {
        let is_told = *key == "data" && value.is_array();
        !is_told && !keys.iter().any(|known| name(known) == *key)
    });
    others
        .take(UNKNOWN)
        .map(|(key, value)| {
            let label = words::protocol(key);
            let (ko, en) = label.unwrap_or(("문서에 없는 필드", "not in the documents"));
            let code = value.as_i64().filter(|_| key == "return_code");
            let mut cell = json!({ "raw": raw(Some(value), None) });
            if let Some(code) = code {
                let said = words::return_code(code);
                cell = json!({ "raw": code.to_string(), "ko": said.ko, "en": said.en, "mark": "" });
            }
            json!({ "key": masked(key), "label": [ko, en], "cells": [cell], "unknown": label.is_none() })
        })
        .collect()
}

fn name(key: &str) -> &str {
    key.trim_matches(['"', ':'])
}
