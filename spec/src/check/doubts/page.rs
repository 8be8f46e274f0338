//! One API sheet with its facts and its examples, each value at the path of its field.

use std::collections::BTreeMap;

use serde_json::Value;

use super::keys::shares;
use crate::example::Example;
use crate::ir::{Api, Field, Source, Spec, is_envelope};
use crate::names::Names;
use crate::names::labels::{Question, Role};
use crate::sheet::{ApiSheet, SideSheet};

/// What is known of one API.
pub struct Page<'a> {
    /// The sheet.
    pub sheet: &'a ApiSheet,
    /// Its facts.
    pub api: &'a Api,
    /// What is sent.
    pub request: Side<'a>,
    /// What comes back.
    pub response: Side<'a>,
}

/// One side's example.
#[derive(Default)]
pub struct Side<'a> {
    /// The cell.
    pub text: &'a str,
    /// Its documents; none if there is no example or it cannot be read.
    pub examples: &'a [Example],
    /// Every value by path, rows without numbers.
    pub values: BTreeMap<String, Vec<&'a Value>>,
}

/// A field and where it stands.
pub struct Place<'p> {
    /// `response.list.dt`
    pub path: String,
    /// The field.
    pub field: &'p Field,
    /// It is sent.
    pub request: bool,
    /// The values of the example.
    pub values: &'p [&'p Value],
}

impl Place<'_> {
    /// What the label says that it is.
    pub fn role(&self, names: &Names, api: &str, market: &str) -> Option<Role> {
        let side = if self.request { "request" } else { "response" };
        let question = Question { api, market, side, key: &self.field.key, label: &self.field.name };
        names.labels.find(question).map(|l| l.role)
    }
}

impl<'a> Page<'a> {
    /// A sheet with its facts; none if it describes no API of them.
    pub fn of(sheet: &'a ApiSheet, facts: &'a Spec) -> Option<Self> {
        let api = facts.apis.get(&sheet.id)?;
        let request = Side::read(&sheet.request, "request");
        let response = Side::read(&sheet.response, "response");
        Some(Self { sheet, api, request, response })
    }

    /// Every field with the values of the example.
    pub fn fields(&self) -> Vec<Place<'_>> {
        let mut out = Vec::new();
        for (side, facts, name) in
            [(&self.request, &self.api.request, "request"), (&self.response, &self.api.response, "response")]
        {
            for block in &facts.blocks {
                let misspelt = misspelt(&block.fields);
                for field in &block.fields {
                    // The rows of a list that the example spells differently stand under the other name.
                    let other = misspelt.filter(|(table, _)| table.key == field.key).map(|(_, e)| e.key.as_str());
                    if misspelt.is_some_and(|(_, example)| example.key == field.key) {
                        continue;
                    }
                    field.walk(name, &mut |path, inner| {
                        let envelope = is_envelope(&inner.key) && path.matches('.').count() == 1;
                        if envelope && inner.key != "trnm" {
                            return;
                        }
                        let shown =
                            other.map(|o| path.replacen(&format!("{name}.{}", field.key), &format!("{name}.{o}"), 1));
                        let values = side.values.get(shown.as_deref().unwrap_or(path)).map_or(&[][..], Vec::as_slice);
                        out.push(Place { path: path.to_owned(), field: inner, request: name == "request", values });
                    });
                }
            }
        }
        out
    }
}

/// A list that the table and the example spell differently.
fn misspelt(fields: &[Field]) -> Option<(&Field, &Field)> {
    let table = fields.iter().find(|f| f.source == Source::Table && f.is_container() && f.seen.is_empty())?;
    let example = fields.iter().find(|f| f.source == Source::Example && f.is_container())?;
    shares(table, example).then_some((table, example))
}

impl<'a> Side<'a> {
    fn read(sheet: &'a SideSheet, name: &str) -> Self {
        let Some((text, _)) = &sheet.example else { return Self::default() };
        let examples = sheet.examples().and_then(Result::ok).unwrap_or_default();
        let mut values = BTreeMap::new();
        for example in examples {
            collect(&example.value, &mut name.to_owned(), &mut values);
        }
        Self { text, examples, values }
    }
}

fn collect<'a>(value: &'a Value, path: &mut String, out: &mut BTreeMap<String, Vec<&'a Value>>) {
    match value {
        Value::Object(map) => {
            for (key, inner) in map {
                let length = path.len();
                path.push('.');
                path.push_str(key);
                // Most paths are those of an earlier row.
                let leaf = Some(inner).filter(|inner| !matches!(inner, Value::Object(_) | Value::Array(_)));
                match out.get_mut(path.as_str()) {
                    Some(values) => values.extend(leaf),
                    None => drop(out.insert(path.clone(), leaf.into_iter().collect())),
                }
                collect(inner, path, out);
                path.truncate(length);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, path, out)),
        _ => {}
    }
}

/// The texts among some values.
pub fn texts<'v>(values: &'v [&'v Value]) -> impl Iterator<Item = &'v str> {
    values.iter().filter_map(|value| value.as_str())
}
