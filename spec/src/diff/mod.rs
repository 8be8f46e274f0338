//! The differences between two states of the facts: structural and deterministic; each change has a rule, a place and a
//! class.
//!
//! Pure. Order of rows, sheet names, blanks and line ends are gone before facts exist, so they are not changes here.
//! Knows nothing about Rust: the generator adds which items break.

mod api;
mod codes;
mod delta;
mod field;
mod fields;
mod likeness;
mod loss;
mod rules;

use std::collections::{BTreeMap, BTreeSet};

pub use delta::Delta;
pub use rules::{Class, Row, Rule, Severity};

use rayon::prelude::*;

use crate::ir::{Api, Rulings, Spec};
use fields::overlap;
pub(crate) use likeness::spelling;
use likeness::{closeness, pairs};

/// Whether a state of the facts holds every API there is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Extent {
    /// What it does not hold, does not exist.
    #[default]
    Whole,
    /// What it does not hold, is not compared.
    Part,
}

/// Every change between two whole states, by place.
pub fn compare<R: Rulings>(old: &Spec<R>, new: &Spec<R>) -> Vec<Delta> {
    between((old, Extent::Whole), (new, Extent::Whole))
}

/// Every change, by place; cells of one column that were lost or filled together are one.
pub fn between<R: Rulings>(old: (&Spec<R>, Extent), new: (&Spec<R>, Extent)) -> Vec<Delta> {
    let mut out = loss::gather(each(old, new), old.0);
    out.sort();
    out
}

fn each<R: Rulings>((old, old_extent): (&Spec<R>, Extent), (new, new_extent): (&Spec<R>, Extent)) -> Vec<Delta> {
    let whole = old_extent == Extent::Whole && new_extent == Extent::Whole;
    let mut partners: Vec<(&Api<R>, &Api<R>)> =
        old.apis.values().filter_map(|a| new.apis.get(&a.id).map(|b| (a, b))).collect();
    let mut gone: Vec<&Api<R>> = old.apis.values().filter(|a| !new.apis.contains_key(&a.id)).collect();
    let mut come: Vec<&Api<R>> = new.apis.values().filter(|a| !old.apis.contains_key(&a.id)).collect();
    if whole {
        let same = pairs(gone.len(), come.len(), |i, j| same_api(gone[i], come[j]));
        let same: Vec<(&Api<R>, &Api<R>)> = same.into_iter().map(|(i, j)| (gone[i], come[j])).collect();
        gone.retain(|a| !same.iter().any(|(was, _)| was.id == a.id));
        come.retain(|b| !same.iter().any(|(_, now)| now.id == b.id));
        partners.extend(same);
    }
    let changed: Vec<(&Api<R>, &Api<R>)> = partners.into_iter().filter(|(a, b)| a != b).collect();
    let mut out: Vec<Delta> = changed.par_iter().flat_map_iter(|(a, b)| api::compare(a, b)).collect();
    if new_extent == Extent::Whole {
        out.extend(gone.iter().map(|a| Delta::new(Rule::ApiRemoved, &a.id, "", &a.name, "")));
    }
    if old_extent == Extent::Whole {
        out.extend(come.iter().map(|b| Delta::new(Rule::ApiAdded, &b.id, "", "", &b.name)));
    }
    if whole || !old.errors.is_empty() && !new.errors.is_empty() {
        errors(old, new, &mut out);
    }
    // What a part does not hold is not gone.
    let says = |rule: Rule| match rule {
        Rule::ErrorRemoved => new_extent == Extent::Whole,
        Rule::ErrorAdded => old_extent == Extent::Whole,
        _ => true,
    };
    out.retain(|d| says(d.rule));
    out
}

/// An API that is gone and one that is new are the same if nothing but the id changed, or nearly so.
fn same_api<R: Rulings>(was: &Api<R>, now: &Api<R>) -> Option<f64> {
    let fields = |api: &Api<R>| {
        api.response.blocks.iter().chain(&api.request.blocks).flat_map(|b| &b.fields).cloned().collect::<Vec<_>>()
    };
    let names = closeness(&spelling(&was.name), &spelling(&now.name));
    if was.path != now.path || names < 0.8 {
        return None;
    }
    let inside = overlap(&fields(was), &fields(now));
    (inside >= 0.8).then_some(names + inside + closeness(&was.id, &now.id))
}

fn errors<R>(old: &Spec<R>, new: &Spec<R>, out: &mut Vec<Delta>) {
    let codes: BTreeSet<&String> = old.errors.keys().chain(new.errors.keys()).collect();
    for code in codes {
        let (rule, was, now) = match (old.errors.get(code), new.errors.get(code)) {
            (None, _) => (Rule::ErrorAdded, String::new(), String::new()),
            (_, None) => (Rule::ErrorRemoved, String::new(), String::new()),
            (Some(a), Some(b)) if a.holes != b.holes => (Rule::ErrorHoles, a.holes.join(" "), b.holes.join(" ")),
            (Some(a), Some(b)) if a.text != b.text => (Rule::ErrorReworded, String::new(), String::new()),
            _ => continue,
        };
        out.push(Delta::new(rule, "", &format!("errors.{code}"), was, now));
    }
}

/// What happened to one API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// It is new.
    Added,
    /// The document's list does not have it.
    Removed,
    /// What is different, a line each.
    Changed(Vec<String>),
}

/// What happened to each API; unchanged ones are left out.
pub fn apis(old: &Spec, new: &Spec) -> BTreeMap<String, Change> {
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut deltas = each((old, Extent::Whole), (new, Extent::Whole));
    deltas.sort();
    for delta in deltas {
        let line = format!("{} {}", delta.at, delta.words()).trim().to_owned();
        found.entry(delta.api).or_default().push(line);
    }
    let ids: BTreeSet<&String> = old.apis.keys().chain(new.apis.keys()).collect();
    let changes = ids.into_iter().filter_map(|id| {
        let change = match (old.apis.get(id), new.apis.get(id)) {
            (None, _) => Change::Added,
            (_, None) => Change::Removed,
            (Some(a), Some(b)) if a == b => return None,
            _ => Change::Changed(found.remove(id).unwrap_or_else(|| vec!["only the order of its elements".to_owned()])),
        };
        Some((id.clone(), change))
    });
    changes.collect()
}

/// Takes errata into account: `mended` are the changes between the same two states after errata. What only the document
/// changed, because an erratum said so before, touches nobody; what only the errata changed is a change all the same.
pub fn with_errata(raw: Vec<Delta>, mended: Vec<Delta>) -> Vec<Delta> {
    let key = |d: &Delta| (d.api.clone(), d.at.clone(), d.rule);
    let after: BTreeSet<_> = mended.iter().map(key).collect();
    let before: BTreeSet<_> = raw.iter().map(key).collect();
    let mut out: Vec<Delta> = raw;
    for delta in &mut out {
        let about_documents = delta.rule.row().class == Class::Docs;
        if !about_documents && !after.contains(&key(delta)) {
            delta.settled = Some("an erratum of ours says so already");
        }
    }
    out.extend(mended.into_iter().filter(|d| d.rule.row().class != Class::Docs && !before.contains(&key(d))));
    out.sort();
    out
}
