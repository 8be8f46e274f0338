//! Compares the keys of an example with those of its table.

use std::collections::BTreeMap;

use serde_json::Value;

use super::page::{Page, Side};
use super::{Doubt, Kind};
use crate::ir::digest;
use crate::ir::{self, Field, Source};

/// Doubts about one API.
pub fn doubts(page: &Page, out: &mut Vec<Doubt>) {
    let api = page.api.id.as_str();
    for (name, side) in [("request", &page.request), ("response", &page.response)] {
        if !side.text.is_empty() && serde_json::from_str::<Value>(side.text).is_err() {
            out.push(Doubt::new(Kind::ExampleNotJson, api, name, ""));
        }
        if side.text.contains("\"- ") {
            out.push(Doubt::new(Kind::ExampleFlattened, api, name, ""));
        }
    }
    if page.response.values.contains_key("response.returnCode") {
        out.push(Doubt::new(Kind::EnvelopeSpelling, api, "response", "returnCode"));
    }
    side(api, "request", &page.api.request, &page.request, out);
    side(api, "response", &page.api.response, &page.response, out);
    push_name(page, out);
}

/// Fields that only one of the two knows.
fn side(api: &str, name: &str, facts: &ir::Side, shown: &Side, out: &mut Vec<Doubt>) {
    if shown.examples.is_empty() {
        return;
    }
    let (mut table, mut example): (Vec<LoneKey>, Vec<LoneKey>) = (Vec::new(), Vec::new());
    for block in &facts.blocks {
        if block.source == Source::Example {
            let keys: Vec<&str> = block.fields.iter().map(|f| f.key.as_str()).collect();
            out.push(Doubt::new(Kind::FormOnlyInExample, api, name, keys.join(" ")));
            continue;
        }
        lonely(&block.fields, name, shown, &mut table, &mut example);
    }
    // What one form of a body lacks, another may have.
    example.retain(|e| !table.iter().any(|t| t.path == e.path));
    let mut claimed = vec![false; example.len()];
    for lone in &table {
        let here = example.iter().enumerate().filter(|(n, e)| !claimed[*n] && e.parent == lone.parent);
        let same_kind: Vec<usize> =
            here.filter(|(_, e)| e.field.is_container() == lone.field.is_container()).map(|(n, _)| n).collect();
        let alone = table
            .iter()
            .filter(|t| t.parent == lone.parent && t.field.is_container() == lone.field.is_container())
            .count()
            == 1;
        let elsewhere = example.iter().position(|e| e.field.key == lone.field.key && e.parent != lone.parent);
        let (kind, seen) = match (same_kind.as_slice(), alone, elsewhere) {
            (_, _, Some(n)) => {
                claimed[n] = true;
                (Kind::KeyElsewhere, example[n].path.clone())
            }
            ([n], true, None) => {
                claimed[*n] = true;
                let other = example[*n].field;
                let kind = match lone.field.is_container() {
                    true if shares(lone.field, other) => Kind::ListMisspelt,
                    true => Kind::ForeignExample,
                    false => Kind::KeyMisspelt,
                };
                (kind, other.key.clone())
            }
            _ => (Kind::OnlyInTable, String::new()),
        };
        out.push(Doubt::new(kind, api, &lone.path, seen));
    }
    for (_, lone) in example.iter().enumerate().filter(|(n, _)| !claimed[*n]) {
        out.push(Doubt::new(Kind::OnlyInExample, api, &lone.path, ""));
    }
}

struct LoneKey<'f> {
    path: String,
    parent: String,
    field: &'f Field,
}

fn lonely<'f>(
    fields: &'f [Field],
    parent: &str,
    shown: &Side,
    table: &mut Vec<LoneKey<'f>>,
    example: &mut Vec<LoneKey<'f>>,
) {
    for field in fields {
        let path = format!("{parent}.{}", field.key);
        let lone = LoneKey { path: path.clone(), parent: parent.to_owned(), field };
        if field.source == Source::Example {
            example.push(lone);
        } else if !shown.values.contains_key(&path) {
            table.push(lone);
        } else if field.seen.iter().any(|s| matches!(s, ir::Shape::Objects | ir::Shape::Object)) {
            lonely(&field.fields, &path, shown, table, example);
        }
    }
}

/// Most of the rows are the same.
pub fn shares(table: &Field, example: &Field) -> bool {
    let same = example.fields.iter().filter(|c| table.fields.iter().any(|t| t.key == c.key)).count();
    same * 2 > table.fields.len()
}

/// Pushes carry a name besides their values.
fn push_name(page: &Page, out: &mut Vec<Doubt>) {
    let bare = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
    let own = bare(&page.api.name);
    // Topics only: what a condition search pushes is named after the search.
    if !is_topic(page) {
        return;
    }
    let names = page.response.values.get("response.data.name").into_iter().flatten().filter_map(|v| v.as_str());
    let mut other: Vec<&str> = names.filter(|n| !n.trim().is_empty() && bare(n) != own).collect();
    other.sort_unstable();
    other.dedup();
    if !other.is_empty() && page.response.examples.iter().any(|e| e.is_push()) {
        out.push(Doubt::new(Kind::PushName, &page.api.id, "response.data.name", other.join(", ")));
    }
}

/// Keys that nearly all topics answer with, and the topics whose table lacks one.
pub fn envelopes(pages: &[Page], out: &mut Vec<Doubt>) {
    let keys = |page: &Page| -> Vec<String> {
        let fields = page.sheet.response.blocks.iter().flat_map(|b| &b.fields);
        fields.filter(|f| ir::is_envelope(&f.key)).map(|f| f.key.clone()).collect()
    };
    let topics: Vec<(&Page, Vec<String>)> = pages.iter().filter(|p| is_topic(p)).map(|p| (p, keys(p))).collect();
    let mut count: BTreeMap<&String, usize> = BTreeMap::new();
    topics.iter().flat_map(|(_, keys)| keys).for_each(|key| *count.entry(key).or_default() += 1);
    for (key, _) in count.iter().filter(|(_, n)| **n < topics.len() && **n * 10 >= topics.len() * 9) {
        for (page, _) in topics.iter().filter(|(_, keys)| !keys.contains(key)) {
            out.push(Doubt::new(Kind::EnvelopeMissing, &page.api.id, &format!("response.{key}"), ""));
        }
    }
}

fn is_topic(page: &Page) -> bool {
    page.api.request.blocks.iter().flat_map(|b| &b.fields).any(|f| f.key == "grp_no")
}

/// Examples that stand in several APIs. Short ones are alike by nature.
pub fn shared(pages: &[Page], out: &mut Vec<Doubt>) {
    let mut by_text: BTreeMap<String, Vec<&Page>> = BTreeMap::new();
    for page in pages.iter().filter(|p| p.response.values.len() > 8) {
        by_text.entry(digest(page.response.text)).or_default().push(page);
    }
    for same in by_text.values().filter(|all| all.len() > 1) {
        let ids: Vec<&str> = same.iter().map(|p| p.api.id.as_str()).collect();
        // Who calls the list of the example something else has the example of the other.
        let mut foreign = false;
        for doubt in out.iter_mut().filter(|d| ids.contains(&d.api.as_str())) {
            if matches!(doubt.kind, Kind::ListMisspelt | Kind::ForeignExample) {
                doubt.kind = Kind::ForeignExample;
                foreign = true;
            }
        }
        if !foreign {
            let others = ids[..ids.len() - 1].join(" ");
            out.push(Doubt::new(Kind::SharedExample, ids[ids.len() - 1], "response", others));
        }
    }
}
