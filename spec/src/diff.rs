//! What is different between two states of the facts, in words that a maintainer reads.

use std::collections::{BTreeMap, BTreeSet};

use crate::ir::{Api, Field, Spec};

/// What became of one API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// It is new.
    Added,
    /// The document's list does not have it.
    Removed,
    /// What is different, a line each.
    Changed(Vec<String>),
}

/// What became of each API; the ones that stay the same are left out.
pub fn apis(old: &Spec, new: &Spec) -> BTreeMap<String, Change> {
    let ids: BTreeSet<&String> = old.apis.keys().chain(new.apis.keys()).collect();
    let changes = ids.into_iter().filter_map(|id| {
        let change = match (old.apis.get(id), new.apis.get(id)) {
            (None, _) => Change::Added,
            (_, None) => Change::Removed,
            (Some(a), Some(b)) if a == b => return None,
            (Some(a), Some(b)) => Change::Changed(api(a, b)),
        };
        Some((id.clone(), change))
    });
    changes.collect()
}

fn api(old: &Api, new: &Api) -> Vec<String> {
    let mut lines = Vec::new();
    let mut word = |what: &str, a: &str, b: &str| {
        if a != b {
            lines.push(format!("{what}: {} -> {}", or_none(a), or_none(b)));
        }
    };
    word("name", &old.name, &new.name);
    word("menu", &old.menu.join(" > "), &new.menu.join(" > "));
    word("path", &old.path, &new.path);
    word("host", &old.real, &new.real);
    word("mock host", old.mock.as_deref().unwrap_or(""), new.mock.as_deref().unwrap_or(""));
    word("mock note", old.mock_note.as_deref().unwrap_or(""), new.mock_note.as_deref().unwrap_or(""));
    if old.overview != new.overview {
        lines.push("overview: its text changed".to_owned());
    }
    for (way, a, b) in [("request", &old.request, &new.request), ("response", &old.response, &new.response)] {
        if a.example != b.example {
            lines.push(format!("{way}: its example changed"));
        }
        let (before, after) = (flat(way, &a.blocks), flat(way, &b.blocks));
        for (path, field) in &after {
            match before.get(path) {
                None => lines.push(format!("+ {path} ({})", field.name)),
                Some(was) => lines.extend(field_lines(path, was, field)),
            }
        }
        for (path, field) in before.iter().filter(|(p, _)| !after.contains_key(*p)) {
            lines.push(format!("- {path} ({})", field.name));
        }
    }
    if lines.is_empty() {
        lines.push("only the order of its elements".to_owned());
    }
    lines
}

fn flat<'a>(way: &str, blocks: &'a [crate::ir::Block]) -> BTreeMap<String, &'a Field> {
    let mut out = BTreeMap::new();
    for (i, block) in blocks.iter().enumerate() {
        let root = if i == 0 { way.to_owned() } else { format!("{way}#{}", i + 1) };
        for field in &block.fields {
            field.walk(&root, &mut |path, field| {
                out.insert(path.to_owned(), field);
            });
        }
    }
    out
}

fn field_lines(path: &str, old: &Field, new: &Field) -> Vec<String> {
    let mut lines = Vec::new();
    let mut word = |what: &str, a: Option<&str>, b: Option<&str>| {
        if a != b {
            lines.push(format!("  {path} {what}: {} -> {}", a.unwrap_or("none"), b.unwrap_or("none")));
        }
    };
    word("name", Some(&old.name), Some(&new.name));
    word("type", old.ty.as_deref(), new.ty.as_deref());
    word("required", old.required.as_deref(), new.required.as_deref());
    word("length", old.length.as_deref(), new.length.as_deref());
    if old.says != new.says {
        let list = |f: &Field| f.says.codes.iter().map(|(c, l)| format!("{c}={l}")).collect::<Vec<_>>().join(" ");
        if old.says.codes == new.says.codes {
            let unit = |f: &Field| f.says.unit.map_or("none".to_owned(), |u| format!("{u:?}"));
            let detail = if old.says.unit == new.says.unit {
                String::new()
            } else {
                format!(": unit {} -> {}", unit(old), unit(new))
            };
            lines.push(format!("  {path} says something else{detail}"));
        } else {
            lines.push(format!("  {path} codes: {} -> {}", or_none(&list(old)), or_none(&list(new))));
        }
    } else if old.text != new.text {
        lines.push(format!("  {path} description: reworded, same facts"));
    }
    if old.source != new.source {
        lines.push(format!("  {path} source: {:?} -> {:?}", old.source, new.source));
    }
    if old.seen != new.seen {
        lines.push(format!("  {path} example values have other forms"));
    }
    lines
}

fn or_none(text: &str) -> &str {
    if text.is_empty() { "none" } else { text }
}
