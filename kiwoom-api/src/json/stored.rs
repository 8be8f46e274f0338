//! Records in wire form for `serde` (feature `serde`): one bridge for all of them.
//!
//! Writing works with any format; reading needs one that describes itself (JSON, YAML, CBOR), because records are read by
//! the same decoder as replies.

pub use serde;

use std::cell::RefCell;

use serde::de::Error as _;
use serde::ser::{Error as _, SerializeMap, SerializeSeq};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::json::decode::{decode, key_name};
use crate::json::encode::{Style, embedded_text, is_set, write_scalar};
use crate::record::{List, Record, Slot, written};

/// A record as a map from wire keys to wire texts. Unset fields and secrets are left out.
pub struct Stored<'a>(RefCell<&'a mut dyn Record>);

impl<'a> Stored<'a> {
    /// Of a clone: `serde` hands out records by `&`, and their places are reached by `&mut`.
    pub fn new(record: &'a mut dyn Record) -> Self {
        Stored(RefCell::new(record))
    }
}

struct ListRows<'a>(RefCell<&'a mut dyn List>);

impl Serialize for Stored<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let record = &mut **self.0.borrow_mut();
        let keys = written(record);
        let set: Vec<usize> = (0..keys.len()).filter(|index| is_stored(record.slot(*index))).collect();
        let mut map = serializer.serialize_map(Some(set.len()))?;
        for index in set {
            let key = key_name(keys[index]);
            match record.slot(index) {
                // a list of lists is read from objects too, and objects say what is what
                Slot::List(list) | Slot::Tuples(list) => map.serialize_entry(key, &ListRows(RefCell::new(list)))?,
                Slot::Embedded(list) => {
                    let text = embedded_text(list.list_mut(), Style::Stored).map_err(S::Error::custom)?;
                    map.serialize_entry(key, &text)?;
                }
                Slot::Texts(texts) => map.serialize_entry(key, texts)?,
                Slot::Object(record) => map.serialize_entry(key, &Stored::new(record))?,
                scalar => {
                    let mut text = String::new();
                    write_scalar(&mut text, &scalar, Style::Stored)
                        .map_err(|problem| S::Error::custom(format_args!("{key}: {problem}")))?;
                    map.serialize_entry(key, &text)?;
                }
            }
        }
        map.end()
    }
}

fn is_stored(mut slot: Slot<'_>) -> bool {
    !matches!(slot, Slot::Secret(_)) && is_set(&mut slot)
}

impl Serialize for ListRows<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let list = &mut **self.0.borrow_mut();
        let mut rows = serializer.serialize_seq(Some(list.len()))?;
        for row in 0..list.len() {
            if let Some(record) = list.row(row) {
                rows.serialize_element(&Stored::new(record))?;
            }
        }
        rows.end()
    }
}

/// Reads a record. What is not in wire form is an error here: there is no reply that could carry an anomaly.
pub fn restore<'de, D: Deserializer<'de>>(record: &mut dyn Record, deserializer: D) -> Result<(), D::Error> {
    let text = serde_json::Value::deserialize(deserializer)?.to_string();
    let decoded = decode(text.as_bytes(), record).map_err(D::Error::custom)?;
    match decoded.anomalies().first() {
        Some(anomaly) => Err(D::Error::custom(anomaly)),
        None => Ok(()),
    }
}
