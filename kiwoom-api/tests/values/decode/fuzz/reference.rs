//! The slow decoder: `serde_json::Value` into slots, one at a time.

use kiwoom_api::decode::{clear, set_text};
use kiwoom_api::record::{List, Record, Slot};
use kiwoom_api::value::Doubt;
use serde_json::{Map, Value};

/// What it meets on its way.
#[derive(Default)]
pub struct Notes {
    /// A number that is no integer.
    pub floats: bool,
    pub doubts: Vec<(String, Doubt)>,
    path: Vec<String>,
}

impl Notes {
    fn doubt(&mut self, doubt: Doubt) {
        self.doubts.push((self.path.concat().trim_start_matches('.').to_owned(), doubt));
    }

    fn within(&mut self, step: String, walk: impl FnOnce(&mut Notes)) {
        self.path.push(step);
        walk(self);
        self.path.pop();
    }
}

pub fn fill(value: &Value, record: &mut dyn Record, notes: &mut Notes) {
    if let Value::Object(map) = value {
        object(map, record, notes);
    }
}

fn name(key: &str) -> &str {
    key.trim_start_matches('"').trim_end_matches("\":")
}

fn object(map: &Map<String, Value>, record: &mut dyn Record, notes: &mut Notes) {
    for (key, value) in map {
        if let Some(index) = record.keys().iter().position(|known| name(known) == key) {
            notes.within(format!(".{key}"), |notes| put(value, record.slot(index), notes));
        }
    }
}

fn put(value: &Value, slot: Slot<'_>, notes: &mut Notes) {
    match (value, slot) {
        (_, Slot::Const(_)) => {
            // nobody reads it, so its number may have any form
            notes.floats |= false;
        }
        (Value::Array(items), Slot::List(list)) => rows(items, list, false, notes),
        (Value::Array(items), Slot::Tuples(list)) => rows(items, list, true, notes),
        (Value::Object(map), Slot::List(list) | Slot::Tuples(list)) => {
            list.clear();
            notes.doubt(Doubt::Shape);
            notes.within("[0]".to_owned(), |notes| object(map, list.push(), notes));
        }
        (Value::Array(items), Slot::Texts(texts)) => {
            texts.clear();
            for (row, item) in items.iter().enumerate() {
                match item {
                    Value::Null => {}
                    Value::String(text) => texts.push(text.clone()),
                    Value::Number(number) => texts.push(digits(number, notes)),
                    _ => notes.within(format!("[{row}]"), |notes| notes.doubt(Doubt::Shape)),
                }
            }
        }
        (Value::Object(map), Slot::Object(record)) => {
            clear(record);
            object(map, record, notes);
        }
        (Value::String(text), slot) => scalar(text, slot, notes),
        (Value::Number(number), slot) => {
            let text = digits(number, notes);
            scalar(&text, slot, notes);
        }
        (Value::Null, slot) => empty(slot),
        (_, slot) => {
            empty(slot);
            notes.doubt(Doubt::Shape);
        }
    }
}

fn digits(number: &serde_json::Number, notes: &mut Notes) -> String {
    notes.floats |= number.is_f64();
    number.to_string()
}

fn scalar(text: &str, slot: Slot<'_>, notes: &mut Notes) {
    match slot {
        Slot::Embedded(embedded) => {
            let list = embedded.list_mut();
            list.clear();
            if text.trim().is_empty() {
                return;
            }
            match serde_json::from_str::<Value>(text) {
                Ok(Value::Array(items)) => {
                    // places inside the text count from there
                    let outer = std::mem::take(&mut notes.path);
                    rows(&items, list, false, notes);
                    notes.path = outer;
                }
                _ => notes.doubt(Doubt::Misfit),
            }
        }
        Slot::Texts(texts) => {
            texts.clear();
            if !text.trim().is_empty() {
                texts.push(text.to_owned());
                notes.doubt(Doubt::Shape);
            }
        }
        slot @ (Slot::List(_) | Slot::Tuples(_) | Slot::Object(_)) => {
            empty(slot);
            if !text.trim().is_empty() {
                notes.doubt(Doubt::Shape);
            }
        }
        slot => {
            if let Err(doubt) = set_text(slot, text) {
                notes.doubt(doubt);
            }
        }
    }
}

fn rows(items: &[Value], list: &mut dyn List, tuples: bool, notes: &mut Notes) {
    list.clear();
    for (row, item) in items.iter().enumerate() {
        notes.within(format!("[{row}]"), |notes| match item {
            Value::Object(map) => object(map, list.push(), notes),
            Value::Array(values) if tuples => {
                let record = list.push();
                for (index, value) in values.iter().enumerate().take(record.keys().len()) {
                    let key = format!(".{}", name(record.keys()[index]));
                    notes.within(key, |notes| put(value, record.slot(index), notes));
                }
            }
            Value::Null => {}
            _ => notes.doubt(Doubt::Shape),
        });
    }
}

fn empty(slot: Slot<'_>) {
    match slot {
        Slot::Object(record) => clear(record),
        Slot::List(list) | Slot::Tuples(list) => list.clear(),
        Slot::Embedded(list) => list.list_mut().clear(),
        Slot::Texts(texts) => texts.clear(),
        slot => set_text(slot, "").expect("blank fits everywhere"),
    }
}

/// Compares two records of one type, value by value.
pub fn equal(ours: &mut dyn Record, theirs: &mut dyn Record) -> Result<(), String> {
    for (index, key) in ours.keys().iter().enumerate() {
        let same = match (ours.slot(index), theirs.slot(index)) {
            (Slot::Text(a), Slot::Text(b)) | (Slot::Reason(a), Slot::Reason(b)) => a == b,
            (Slot::Count(a, _), Slot::Count(b, _)) => a == b,
            (Slot::Decimal(a, _), Slot::Decimal(b, _)) => a == b && a.map(|n| n.scale()) == b.map(|n| n.scale()),
            (Slot::Percent(a, _), Slot::Percent(b, _)) => a == b,
            (Slot::Price(a, _), Slot::Price(b, _)) => a == b,
            (Slot::Ratio(a, _), Slot::Ratio(b, _)) => a == b,
            (Slot::Sided(a), Slot::Sided(b)) => a == b,
            (Slot::Unit(a, _), Slot::Unit(b, _)) => a.get() == b.get(),
            (Slot::Date(a, _), Slot::Date(b, _)) => a == b,
            (Slot::Time(a, _), Slot::Time(b, _)) => a == b,
            (Slot::TimeMark(a, _), Slot::TimeMark(b, _)) => a == b,
            (Slot::DateTime(a, _), Slot::DateTime(b, _)) => a == b,
            (Slot::YearMonth(a, _), Slot::YearMonth(b, _)) => a == b,
            (Slot::StockCode(a, _), Slot::StockCode(b, _)) => a == b && a.map(|c| c.prefix()) == b.map(|c| c.prefix()),
            (Slot::Id(a), Slot::Id(b)) => a.text() == b.text(),
            (Slot::Code(a, _), Slot::Code(b, _)) => a.index() == b.index() && a.as_unlisted() == b.as_unlisted(),
            (Slot::Secret(a), Slot::Secret(b)) => a.expose() == b.expose(),
            (Slot::Mask(a), Slot::Mask(b)) => {
                let (mut left, mut right) = (String::new(), String::new());
                a.write(&mut left);
                b.write(&mut right);
                left == right
            }
            (Slot::Joined(a, _), Slot::Joined(b, _)) => {
                a.len() == b.len() && (0..a.len()).all(|i| a.text(i) == b.text(i))
            }
            (Slot::Embedded(a), Slot::Embedded(b)) => return_equal(a.list_mut(), b.list_mut())?,
            (Slot::List(a), Slot::List(b)) | (Slot::Tuples(a), Slot::Tuples(b)) => return_equal(a, b)?,
            (Slot::Texts(a), Slot::Texts(b)) => a == b,
            (Slot::Object(a), Slot::Object(b)) => {
                equal(a, b)?;
                true
            }
            (Slot::Const(a), Slot::Const(b)) => a == b,
            _ => false,
        };
        if !same {
            return Err(format!("{key} differs"));
        }
    }
    Ok(())
}

fn return_equal(ours: &mut dyn List, theirs: &mut dyn List) -> Result<bool, String> {
    if ours.len() != theirs.len() {
        return Err(format!("{} rows instead of {}", ours.len(), theirs.len()));
    }
    for row in 0..ours.len() {
        if let (Some(a), Some(b)) = (ours.row(row), theirs.row(row)) {
            equal(a, b)?;
        }
    }
    Ok(true)
}
