//! `spec/names/notes.toml`: warnings about fields whose wire name misleads.
//!
//! One line in our own words becomes the first line of the field's docs. Owns the format and the check that the field
//! is there; decides no type.

use std::collections::BTreeSet;

use serde::Deserialize;

use crate::ir::Spec;
use crate::problem::Problem;

const PLACE: &str = "spec/names/notes.toml";

/// The table: a row for each field.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(from = "Written")]
pub struct Notes {
    /// The rows.
    pub note: Vec<Note>,
}

/// The table as it is written: one row may stand for the same field of several APIs.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(default)]
    note: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    api: OneOrMany,
    at: String,
    text: String,
    #[serde(default)]
    unit: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

impl From<Written> for Notes {
    fn from(table: Written) -> Self {
        let mut out = Self::default();
        for Row { api, at, text, unit } in table.note {
            let apis = match api {
                OneOrMany::One(api) => vec![api],
                OneOrMany::Many(apis) => apis,
            };
            let rows = apis.into_iter().map(|api| Note { api, at: at.clone(), text: text.clone(), unit: unit.clone() });
            out.note.extend(rows);
        }
        out
    }
}

/// One warning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// The API.
    pub api: String,
    /// `request.base_dt`, `response.list.field`; `request` and `response` are the whole of it.
    pub at: String,
    /// One sentence or two, as they stand in the docs.
    pub text: String,
    /// What it counts, where that depends on something beside it.
    pub unit: Option<String>,
}

impl Notes {
    /// The note about a field.
    pub fn find(&self, api: &str, at: &str) -> Option<&str> {
        self.note.iter().find(|n| n.api == api && n.at == at).map(|n| n.text.as_str())
    }

    /// What the note says a field counts.
    pub fn unit(&self, api: &str, at: &str) -> Option<&str> {
        self.note.iter().find(|n| n.api == api && n.at == at)?.unit.as_deref()
    }

    /// Rows without a field, duplicates, and texts that are not one line of docs.
    pub fn check(&self, spec: &Spec) -> Vec<Problem> {
        let mut out = Vec::new();
        let mut seen = BTreeSet::new();
        for note in &self.note {
            let place = format!("{PLACE}:{} {}", note.api, note.at);
            if !seen.insert((&note.api, &note.at)) {
                out.push(Problem::error("note-twice", &place, "the field has two notes", "join them"));
            }
            if note.text.contains('\n') || !note.text.ends_with('.') {
                let what = format!("{:?} is not one line that ends in a full stop", note.text);
                out.push(Problem::error("bad-note", &place, what, "write it as the first line of the field's docs"));
            }
            let Some(api) = spec.apis.get(&note.api) else {
                let what = format!("{} is in no document", note.api);
                out.push(Problem::note("note-without-api", &place, what, "keep it if an older document has the API"));
                continue;
            };
            let mut there = matches!(note.at.as_str(), "request" | "response");
            api.walk(&mut |path, _| there |= path == note.at);
            if !there {
                let what = "the API has no such field";
                out.push(Problem::warning("stale-note", &place, what, "correct `at`, or delete the note"));
            }
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ir::{Api, Block, Field};

    fn spec() -> Spec {
        let field = Field { key: "min_ord_alow_yn".into(), ..Field::default() };
        let mut api = Api { id: "zz00001".into(), ..Api::default() };
        api.response.blocks.push(Block { fields: vec![field], ..Block::default() });
        let mut spec = Spec::default();
        spec.apis.insert(api.id.clone(), api);
        spec
    }

    fn note(api: &str, at: &str, text: &str) -> Note {
        Note { api: api.into(), at: at.into(), text: text.into(), unit: None }
    }

    #[test]
    fn a_note_is_found_by_api_and_place() {
        let notes = Notes { note: vec![note("zz00001", "response.min_ord_alow_yn", "An amount.")] };
        assert_eq!(notes.find("zz00001", "response.min_ord_alow_yn"), Some("An amount."));
        assert_eq!(notes.find("zz00001", "request.min_ord_alow_yn"), None);
        assert_eq!(notes.find("zz00002", "response.min_ord_alow_yn"), None);
        assert_eq!(notes.check(&spec()), []);
    }

    #[test]
    fn a_row_may_stand_for_several_apis() {
        let text = "[[note]]\napi = [\"zz00001\", \"zz00002\"]\nat = \"request\"\ntext = \"A.\"\n[[note]]\napi = \"zz00003\"\nat = \"response\"\ntext = \"B.\"";
        let notes: Notes = toml::from_str(text).expect("the table");
        assert_eq!(
            notes.note,
            [note("zz00001", "request", "A."), note("zz00002", "request", "A."), note("zz00003", "response", "B."),]
        );
    }

    #[test]
    fn what_is_wrong_with_a_note_is_said_with_its_place() {
        let found = |row: Note| -> Vec<String> {
            let twice = row.clone();
            let notes = if row.text.is_empty() { vec![twice.clone(), twice] } else { vec![row] };
            Notes { note: notes }.check(&spec()).iter().map(|p| format!("{} {}", p.id, p.place)).collect()
        };
        let at = "response.min_ord_alow_yn";
        let place = format!("{PLACE}:zz00001 {at}");
        assert_eq!(found(note("zz00001", at, "no full stop")), [format!("bad-note {place}")]);
        assert_eq!(
            found(note("zz00001", at, "")),
            [format!("bad-note {place}"), format!("note-twice {place}"), format!("bad-note {place}")]
        );
        assert_eq!(
            found(note("zz00001", "response.gone", "A.")),
            [format!("stale-note {PLACE}:zz00001 response.gone")]
        );
        assert_eq!(found(note("zz00009", at, "A.")), [format!("note-without-api {PLACE}:zz00009 {at}")]);
    }
}
