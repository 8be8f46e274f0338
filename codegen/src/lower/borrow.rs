//! Elements that only an example shows have no label: they take the one that the same key has elsewhere in their class,
//! if all of those mean one kind of thing. Otherwise a row of `labels.toml` must decide.

use std::collections::{BTreeMap, BTreeSet};

use kiwoom_spec::errata::Mended;
use kiwoom_spec::ir::is_envelope;
use kiwoom_spec::names::Names;
use kiwoom_spec::names::labels::{Question, Role};

/// Labels of keys that mean one thing: by class, side and key.
#[derive(Clone, Debug, Default)]
pub struct Borrowed(BTreeMap<(String, &'static str, String), Seen>);

#[derive(Clone, Debug, Default)]
struct Seen {
    labels: BTreeMap<String, usize>,
    roles: BTreeSet<Option<Role>>,
}

impl Borrowed {
    /// Collects the labels of all keys; `market` gives the one of an API.
    pub fn collect<'a>(spec: &'a Mended, names: &Names, market: impl Fn(&'a str) -> String) -> Borrowed {
        let mut out = Borrowed::default();
        // Only keys that some field has without a label are ever asked for.
        let mut nameless: BTreeSet<&str> = BTreeSet::new();
        for api in spec.apis.values() {
            api.walk(&mut |_, field| {
                if field.name.is_empty() {
                    nameless.insert(&field.key);
                }
            });
        }
        for (id, api) in &spec.apis {
            let market = market(id);
            api.walk(&mut |path, field| {
                let asked = !field.name.is_empty() && nameless.contains(field.key.as_str());
                if !asked || field.is_container() || is_envelope(&field.key) {
                    return;
                }
                let side = side(path);
                let question = Question { api: id, market: &market, side, key: &field.key, label: &field.name };
                let key = (names.labels.class(id, &market).to_owned(), side, field.key.clone());
                let seen = out.0.entry(key).or_default();
                *seen.labels.entry(field.name.clone()).or_default() += 1;
                seen.roles.insert(names.labels.find(question).map(|row| row.role));
            });
        }
        out
    }

    /// The commonest label of a key in a class, if all of its labels there mean one kind of thing.
    pub fn label(&self, class: &str, side: &'static str, key: &str) -> Option<&str> {
        let seen = self.0.get(&(class.to_owned(), side, key.to_owned()))?;
        if seen.roles.len() != 1 {
            return None;
        }
        // equal numbers: the first in the order of the alphabet, so that the result does not move
        seen.labels.iter().rev().max_by_key(|(_, n)| **n).map(|(label, _)| label.as_str())
    }
}

/// `request` or `response`, from a path.
pub fn side(path: &str) -> &'static str {
    if path.starts_with("request") { "request" } else { "response" }
}
