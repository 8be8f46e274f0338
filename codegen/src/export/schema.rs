//! Records as JSON schemas, each under its name in `components/schemas`.
//!
//! Requests are closed and name what must be sent; replies are open, and any of their keys may be absent.

use kiwoom_spec::errata::mended;
use serde_json::{Map, Value, json};

use super::Source;
use super::field::{Around, Way, head, scalar};
use crate::ident;
use crate::model::{Api, Field, Kind, Menu, Request, Struct};

/// Which JSON Schema the document speaks.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// 2020-12: OpenAPI 3.1.
    Modern,
    /// Draft 7: AsyncAPI 3.0.
    Draft7,
}

/// The component schemas in the making.
pub struct Schemas<'a> {
    source: &'a Source<'a>,
    dialect: Dialect,
    /// Name and schema, in the order in which they were needed.
    pub done: Map<String, Value>,
}

/// An API with its menu: what names and notes go by.
#[derive(Clone, Copy)]
pub struct Owner<'a> {
    pub menu: &'a Menu,
    pub api: &'a Api,
}

/// Where a record stands: its way, and the path of its fields in the facts.
#[derive(Clone, Copy)]
struct Place<'a> {
    owner: Owner<'a>,
    way: Way,
    path: &'a str,
}

impl<'a> Schemas<'a> {
    pub fn new(source: &'a Source<'a>, dialect: Dialect) -> Self {
        Schemas { source, dialect, done: Map::new() }
    }

    /// `DomesticStockDailyChart`: names are unique within a market.
    pub fn name(owner: Owner<'_>, record: &str) -> String {
        format!("{}{record}", ident::pascal(&owner.menu.market))
    }

    /// The body of a request; its name.
    pub fn request(&mut self, owner: Owner<'_>, request: &Request, facts: &[mended::Field]) -> String {
        let place = Place { owner, way: Way::Request, path: "request" };
        let record = &request.body;
        let mut schema = self.object(place, record, facts, &request.blank);
        let needed = |(at, field): &(usize, &Field)| {
            matches!(field.kind, Kind::Const(_)) || request.required.contains(at) || request.ctor.contains(at)
        };
        let required: Vec<&str> =
            record.fields.iter().enumerate().filter(needed).map(|(_, field)| field.key.as_str()).collect();
        if !required.is_empty() {
            schema.insert("required".to_owned(), json!(required));
        }
        schema.insert("additionalProperties".to_owned(), json!(false));
        self.keep(owner, &record.name, schema)
    }

    /// A reply, the record of a topic, or that of a push; its name. `envelope` are the keys around its own.
    pub fn reply(
        &mut self,
        owner: Owner<'_>,
        (record, path): (&Struct, &str),
        facts: &[mended::Field],
        envelope: Map<String, Value>,
    ) -> String {
        let mut schema = self.object(Place { owner, way: Way::Reply, path }, record, facts, &[]);
        if let Some(Value::Object(properties)) = schema.get_mut("properties") {
            properties.extend(envelope);
        }
        self.keep(owner, &record.name, schema)
    }

    fn keep(&mut self, owner: Owner<'_>, record: &str, schema: Map<String, Value>) -> String {
        let name = Self::name(owner, record);
        self.done.insert(name.clone(), Value::Object(schema));
        name
    }

    fn object(
        &mut self,
        place: Place<'_>,
        record: &Struct,
        facts: &[mended::Field],
        blank: &[usize],
    ) -> Map<String, Value> {
        let source = self.source;
        let mut properties = Map::new();
        for (at, field) in record.fields.iter().enumerate() {
            // every field of the model stands for one of the facts
            let Some(facts) = facts.iter().find(|f| f.key == field.key) else { continue };
            let path = format!("{}.{}", place.path, field.key);
            let sign = record.changes.iter().find(|change| change.number == at);
            let around = Around {
                way: place.way,
                blank: blank.contains(&at),
                sets: &source.model.sets,
                sign_code: sign.and_then(|change| record.fields.get(change.sign)).map(|f| f.key.as_str()),
                note: source.names.notes.find(&place.owner.api.id, &path),
            };
            let schema = self.value(Place { path: &path, ..place }, field, facts, &around);
            for alias in &field.aliases {
                let mut other = schema.clone();
                other["x-alias-of"] = json!(field.key);
                properties.insert(alias.clone(), other);
            }
            properties.insert(field.key.clone(), schema);
        }
        let mut out = Map::new();
        out.insert("type".to_owned(), json!("object"));
        out.insert("properties".to_owned(), Value::Object(properties));
        out
    }

    fn value(&mut self, place: Place<'_>, field: &Field, facts: &mended::Field, around: &Around<'_>) -> Value {
        let inner = match &field.kind {
            Kind::Texts => None,
            Kind::List(name) | Kind::Tuples(name) | Kind::Object(name) | Kind::Embedded(name) => Some(name),
            _ => return scalar(field, facts, around),
        };
        let row = inner.and_then(|name| place.owner.api.nested.iter().find(|s| s.name == *name));
        let mut out = head(field, facts, around);
        let Some(row) = row else {
            out.insert("type".to_owned(), json!("array"));
            out.insert("items".to_owned(), json!({ "type": "string" }));
            return Value::Object(out);
        };
        if let Kind::Tuples(_) = &field.kind {
            out.insert("type".to_owned(), json!("array"));
            out.insert("items".to_owned(), self.tuple(place, row, &facts.fields));
            return Value::Object(out);
        }
        let mut schema = self.object(place, row, &facts.fields, &[]);
        if place.way == Way::Request {
            schema.insert("additionalProperties".to_owned(), json!(false));
        }
        let name = self.keep(place.owner, &row.name, schema);
        let reference = json!({ "$ref": format!("#/components/schemas/{name}") });
        match &field.kind {
            Kind::Object(_) => {
                out.remove("type");
                out.insert("allOf".to_owned(), json!([reference]));
            }
            Kind::Embedded(_) => {
                out.insert("contentMediaType".to_owned(), json!("application/json"));
                let content = if self.dialect == Dialect::Modern { "contentSchema" } else { "x-content-schema" };
                out.insert(content.to_owned(), json!({ "type": "array", "items": reference }));
            }
            _ => {
                out.insert("type".to_owned(), json!("array"));
                out.insert("items".to_owned(), reference);
            }
        }
        Value::Object(out)
    }

    /// A row whose positions are its fields.
    fn tuple(&mut self, place: Place<'_>, row: &Struct, facts: &[mended::Field]) -> Value {
        let object = self.object(place, row, facts, &[]);
        let properties = object.get("properties").and_then(Value::as_object).cloned().unwrap_or_default();
        let named = properties.into_iter().map(|(key, mut schema)| {
            schema["x-name"] = json!(key);
            schema
        });
        let positions: Vec<Value> = named.collect();
        match self.dialect {
            Dialect::Modern => json!({ "type": "array", "prefixItems": positions, "items": { "type": "string" } }),
            Dialect::Draft7 => {
                json!({ "type": "array", "items": positions, "additionalItems": { "type": "string" } })
            }
        }
    }
}
