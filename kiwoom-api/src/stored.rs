//! Records in wire form for `serde` (feature `serde`): one bridge for all of them.
//!
//! Writing works with any format; reading needs one that describes itself (JSON, YAML, CBOR), because records are read by
//! the same decoder as replies.

pub use serde;

use serde::de::Error as _;
use serde::ser::{Error as _, SerializeMap, SerializeSeq};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::decode::{decode, key_name};
use crate::encode::{Style, embedded_text, is_set, write_scalar};
use crate::record::{List, Record, Value};

/// A record as a map from wire keys to wire texts. Unset fields and secrets are left out.
pub struct Stored<'a>(pub &'a dyn Record);

struct Rows<'a>(&'a dyn List);

impl Serialize for Stored<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let keys = self.0.keys();
        let set = |index: &usize| match self.0.value(*index) {
            Value::Secret(_) => false,
            value => is_set(&value),
        };
        let mut map = serializer.serialize_map(Some((0..keys.len()).filter(set).count()))?;
        for index in (0..keys.len()).filter(set) {
            let key = key_name(keys[index]);
            match self.0.value(index) {
                // a list of lists is read from objects too, and objects say what is what
                Value::List(list) | Value::Tuples(list) => map.serialize_entry(key, &Rows(list))?,
                Value::Embedded(list) => {
                    let text = embedded_text(list.list(), Style::Stored).map_err(S::Error::custom)?;
                    map.serialize_entry(key, &text)?;
                }
                Value::Texts(texts) => map.serialize_entry(key, texts)?,
                Value::Object(record) => map.serialize_entry(key, &Stored(record))?,
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

impl Serialize for Rows<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut rows = serializer.serialize_seq(Some(self.0.len()))?;
        for record in (0..self.0.len()).filter_map(|row| self.0.row(row)) {
            rows.serialize_element(&Stored(record))?;
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
