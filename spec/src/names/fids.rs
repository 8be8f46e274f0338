//! `spec/names/fids.toml`: English names of the fields that the broker only numbers, and the fields that are a rule
//! (order book levels) instead of a name.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::describe::Unit;
use crate::names::labels::Role;

/// The table.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fids {
    /// One line about each struct of a group or part.
    #[serde(default)]
    pub doc: BTreeMap<String, String>,
    /// API id, key, name.
    #[serde(default)]
    pub topic: BTreeMap<String, BTreeMap<String, Fid>>,
    /// Arrays of rows.
    #[serde(default)]
    pub group: Vec<Group>,
    /// Structs of fields.
    #[serde(default)]
    pub part: Vec<Part>,
}

/// One field.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Fid {
    /// `trade_qty`
    pub name: String,
    /// What it is.
    #[serde(flatten)]
    pub what: What,
}

/// What a value is, in the words of the label table.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
pub struct What {
    /// Its role.
    pub role: Role,
    /// For points: `direction` or `true`.
    #[serde(default)]
    pub sign: Option<String>,
    /// Wins over the document's.
    #[serde(default)]
    pub unit: Option<Unit>,
    /// Digits that the wire leaves out.
    #[serde(default)]
    pub scale: Option<i32>,
    /// Characters that may stand before the value and mean nothing.
    #[serde(default)]
    pub strip: Option<String>,
    /// The meaning of a code, for readers; the lookup is by field.
    #[serde(default)]
    pub set: Option<String>,
}

/// An array of rows: level n of column c is one key.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// API id.
    pub topic: String,
    /// The struct's field.
    pub field: String,
    /// The row's struct.
    pub row: String,
    /// How many levels.
    pub count: usize,
    /// The row's fields.
    pub columns: Vec<Column>,
    /// Keys by level and column, where they follow no pattern.
    #[serde(default)]
    pub keys: Vec<Vec<String>>,
}

/// A column of a group.
#[derive(Clone, Debug, Deserialize)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// The key of level 1; the others count on.
    #[serde(default)]
    pub first: Option<u32>,
    /// A key pattern with `{n}`.
    #[serde(default)]
    pub key: Option<String>,
    /// What it is.
    #[serde(flatten)]
    pub what: What,
}

/// A struct of fields; a dotted `field` lies inside another part.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// API id.
    pub topic: String,
    /// The struct's field.
    pub field: String,
    /// The part's struct.
    #[serde(rename = "struct")]
    pub name: String,
    /// Its fields.
    pub fields: BTreeMap<String, PartField>,
}

/// A field of a part, or an array of fields.
#[derive(Clone, Debug, Deserialize)]
pub struct PartField {
    /// The only key.
    #[serde(default)]
    pub fid: Option<u32>,
    /// The first of `count` keys.
    #[serde(default)]
    pub first: Option<u32>,
    /// A key pattern with `{n}`.
    #[serde(default)]
    pub key: Option<String>,
    /// How many, for arrays.
    #[serde(default)]
    pub count: Option<usize>,
    /// What it is.
    #[serde(flatten)]
    pub what: What,
}

/// Where a key stands inside a struct of groups and parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// `asks[0].price`, `krx.mid.price`, `lp.ask[3]`
    pub place: String,
    /// The member that it lies in: `asks`, `krx`, `lp`.
    pub member: String,
    /// What it is.
    pub what: What,
}

impl Fids {
    /// All keys of an API that lie in a group or part.
    pub fn places(&self, api: &str) -> BTreeMap<String, Place> {
        let mut out = BTreeMap::new();
        for group in self.group.iter().filter(|g| g.topic == api) {
            for level in 0..group.count {
                for (c, column) in group.columns.iter().enumerate() {
                    let listed = group.keys.get(level).and_then(|row| row.get(c)).cloned();
                    let Some(key) = listed.or_else(|| numbered(column.first, column.key.as_deref(), level)) else {
                        continue;
                    };
                    let place = format!("{}[{level}].{}", group.field, column.name);
                    out.insert(key, Place { place, member: group.field.clone(), what: column.what.clone() });
                }
            }
        }
        for part in self.part.iter().filter(|p| p.topic == api) {
            let member = part.field.split('.').next().unwrap_or(&part.field).to_owned();
            for (name, field) in &part.fields {
                let mut put = |key: String, place: String| {
                    out.insert(key, Place { place, member: member.clone(), what: field.what.clone() });
                };
                match field.count {
                    None => {
                        let Some(key) = field.fid.map(|f| f.to_string()).or_else(|| field.key.clone()) else {
                            continue;
                        };
                        put(key, format!("{}.{name}", part.field));
                    }
                    Some(count) => (0..count).for_each(|i| {
                        if let Some(key) = numbered(field.first, field.key.as_deref(), i) {
                            put(key, format!("{}.{name}[{i}]", part.field));
                        }
                    }),
                }
            }
        }
        out
    }
}

fn numbered(first: Option<u32>, pattern: Option<&str>, level: usize) -> Option<String> {
    match (first, pattern) {
        (Some(first), _) => Some((first as usize + level).to_string()),
        (None, Some(pattern)) => Some(pattern.replace("{n}", &(level + 1).to_string())),
        (None, None) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_are_a_rule() {
        let fids: Fids = toml::from_str(
            r#"
[topic.X]
21 = { name = "time", role = "time" }
[[group]]
topic = "X"
field = "asks"
row = "Level"
count = 2
columns = [{ name = "price", role = "price", first = 41 }, { name = "qty", role = "count", key = "sel_{n}bid" }]
[[part]]
topic = "X"
field = "krx.depth"
struct = "Depth"
[part.fields]
ask = { first = 60, count = 2, role = "count" }
total = { fid = 70, role = "count" }
"#,
        )
        .unwrap();
        let places = fids.places("X");
        let place = |key: &str| places.get(key).map(|p| p.place.as_str());
        assert_eq!(place("41"), Some("asks[0].price"));
        assert_eq!(place("42"), Some("asks[1].price"));
        assert_eq!(place("sel_2bid"), Some("asks[1].qty"));
        assert_eq!(place("61"), Some("krx.depth.ask[1]"));
        assert_eq!(place("70"), Some("krx.depth.total"));
        assert_eq!(place("21"), None);
        assert_eq!(fids.topic["X"]["21"].name, "time");
    }
}
