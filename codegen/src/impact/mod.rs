//! Which public Rust item a change of the facts breaks.
//!
//! Pure: two states of the facts become two models, and each difference between their items is reported with the change
//! of the facts that explains it, or alone.

mod items;

use std::collections::{BTreeMap, BTreeSet};

use kiwoom_spec::diff::{self, Class, Delta, Extent, Rule};
use kiwoom_spec::errata::Mended;
use kiwoom_spec::errata::mended::{Api, Block, Field};
use kiwoom_spec::ir::Spec;
use kiwoom_spec::names::Names;

use crate::lower::lower;
use crate::model::Model;
use items::{Item, Sig, items};

/// One side of a comparison.
pub struct State<'a> {
    /// What it says by itself.
    pub says: &'a Spec,
    /// Whether that is all there is.
    pub extent: Extent,
    /// The facts of which code would be made, after errata: of a new document, its facts on top of the older ones.
    pub fixed: &'a Mended,
    /// The curated tables.
    pub names: &'a Names,
}

/// Every change with its place, class, and the items that break.
pub fn changes(old: &State, new: &State) -> Vec<Delta> {
    let said = diff::between((old.says, old.extent), (new.says, new.extent));
    let (before, after) = (old.fixed, new.fixed);
    let deltas = diff::with_errata(said, diff::compare(before, after));
    // With other tables everything may have another name; with the same ones, what says the same gives the same code.
    if std::ptr::eq(old.names, new.names) {
        let (a, b) = touched(before, after);
        let (a, b) = (lower(&a, old.names), lower(&b, new.names));
        if shared(&a) == shared(&b) {
            return attach(deltas, &a, &b);
        }
    }
    attach(deltas, &lower(before, old.names), &lower(after, new.names))
}

/// The APIs of which the two states would make different code. What is only in the newer one breaks nothing.
fn touched(before: &Mended, after: &Mended) -> (Mended, Mended) {
    let old = before.only(|a| after.apis.get(&a.id).is_none_or(|b| !same_code(a, b)));
    let new = after.only(|b| before.apis.get(&b.id).is_some_and(|a| !same_code(a, b)));
    (old, new)
}

/// The items that belong to no single API: of some APIs alone they are not whole.
fn shared(model: &Model) -> BTreeSet<String> {
    items(model).into_iter().filter(|(_, item)| item.api.is_none()).map(|(path, _)| path).collect()
}

/// Differs at most in what only documentation shows.
fn same_code(a: &Api, b: &Api) -> bool {
    let blocks = |a: &[Block], b: &[Block]| {
        a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.source == b.source && same_fields(&a.fields, &b.fields))
    };
    (&a.menu, &a.path, &a.real, &a.method) == (&b.menu, &b.path, &b.real, &b.method)
        && blocks(&a.request.blocks, &b.request.blocks)
        && blocks(&a.response.blocks, &b.response.blocks)
}

fn same_fields(a: &[Field], b: &[Field]) -> bool {
    let same = |(a, b): (&Field, &Field)| {
        a.key == b.key
            && a.name == b.name
            && a.ty == b.ty
            && a.required == b.required
            && a.says == b.says
            && a.seen == b.seen
            && a.source == b.source
            && a.ruled == b.ruled
            && same_fields(&a.fields, &b.fields)
    };
    a.len() == b.len() && a.iter().zip(b).all(same)
}

/// What happened to an item.
enum Fate {
    Gone,
    Moved(String),
    Changed(String, String),
    ReadElse,
}

/// Adds the items that break to the changes that explain them; the rest become changes of their own.
pub fn attach(mut deltas: Vec<Delta>, old: &Model, new: &Model) -> Vec<Delta> {
    let (before, after) = (items(old), items(new));
    let mut by_api: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (n, delta) in deltas.iter().enumerate() {
        by_api.entry(delta.api.clone()).or_default().push(n);
        if delta.rule == Rule::ApiId {
            by_api.entry(delta.was.clone()).or_default().push(n);
        }
    }
    let mut alone = Vec::new();
    for (path, item, fate) in fates(&before, &after) {
        let cause = item.api.and_then(|api| by_api.get(api)).and_then(|all| cause(&deltas, all, item));
        let words = match &fate {
            Fate::Gone => format!("{path} is gone"),
            Fate::Moved(to) => format!("{path} is {to} now"),
            Fate::Changed(was, now) => format!("{path}: {was} -> {now}"),
            Fate::ReadElse => path.clone(),
        };
        match (cause, &fate) {
            (Some(_), Fate::ReadElse) => {}
            (Some(n), _) => deltas[n].breaks.push(words),
            (None, _) => {
                let (rule, was, now) = match fate {
                    Fate::Gone => (Rule::RustRemoved, String::new(), String::new()),
                    Fate::Moved(to) => (Rule::RustMoved, path.clone(), to),
                    Fate::Changed(was, now) => (Rule::RustChanged, was, now),
                    Fate::ReadElse => (Rule::RustMeaning, String::new(), String::new()),
                };
                let mut delta = Delta::new(rule, item.api.unwrap_or(""), &path, was, now);
                if rule != Rule::RustMeaning {
                    delta.breaks.push(words);
                }
                alone.push(delta);
            }
        }
    }
    deltas.extend(alone);
    for delta in &mut deltas {
        // A broken item is never a matter of documentation only, whatever an erratum says.
        if !delta.breaks.is_empty() {
            delta.settled = None;
        }
        delta.breaks.sort();
        delta.breaks.dedup();
    }
    deltas.sort();
    deltas
}

fn fates<'m, 'a>(
    before: &'m BTreeMap<String, Item<'a>>,
    after: &'m BTreeMap<String, Item<'a>>,
) -> Vec<(String, &'m Item<'a>, Fate)> {
    let new: BTreeSet<&String> = after.keys().filter(|p| !before.contains_key(*p)).collect();
    let mut out = Vec::new();
    for (path, item) in before {
        if let Some(now) = after.get(path) {
            if !item.sig.same(&now.sig) {
                let (was, is) = (item.sig.words(), now.sig.words());
                let fate = if was == is { Fate::ReadElse } else { Fate::Changed(was, is) };
                out.push((path.clone(), item, fate));
            }
            continue;
        }
        // The members of an item that is gone go with it.
        if item.owner.as_ref().is_some_and(|owner| !after.contains_key(owner)) {
            continue;
        }
        let name = |p: &str| p.rsplit("::").next().unwrap_or(p).to_owned();
        let elsewhere = |p: &&&String| {
            let there = &after[p.as_str()];
            item.owner.is_none() && there.owner.is_none() && there.api == item.api && name(p) == name(path)
        };
        let fate = new.iter().find(elsewhere).map_or(Fate::Gone, |to| Fate::Moved((**to).clone()));
        out.push((path.clone(), item, fate));
    }
    out
}

/// The change that explains an item: at its own place, else above it, else of the API as a whole.
fn cause(deltas: &[Delta], all: &[usize], item: &Item) -> Option<usize> {
    let plain = |path: &str| path.split('.').map(|p| p.split('#').next().unwrap_or(p)).collect::<Vec<_>>().join(".");
    let weight = |n: usize| {
        let rule = deltas[n].rule;
        let structural = matches!(
            rule,
            Rule::RequestFieldRemoved
                | Rule::ResponseFieldRemoved
                | Rule::FieldRenamed
                | Rule::FieldMoved
                | Rule::FieldSide
                | Rule::ApiRemoved
                | Rule::ApiId
                | Rule::ApiMenu
        );
        (structural, rule.row().class != Class::Docs)
    };
    let at = |place: &str| {
        let mut found: Vec<usize> = all
            .iter()
            .copied()
            .filter(|n| plain(&deltas[*n].at) == place || deltas[*n].from.as_deref().is_some_and(|f| plain(f) == place))
            .collect();
        // The heaviest, and the first of those.
        found.sort_by_key(|n| (std::cmp::Reverse(weight(*n)), *n));
        found.first().copied()
    };
    if let Sig::Arguments(arguments) = &item.sig {
        let own = arguments.iter().find_map(|(key, _)| at(&format!("request.{key}")));
        return own.or_else(|| at(""));
    }
    let mut place = item.at.as_str();
    loop {
        if let Some(n) = at(place) {
            return Some(n);
        }
        place = match place.rfind('.') {
            Some(dot) => &place[..dot],
            None => return at(""),
        };
    }
}
