//! Which field is which: fields are matched by key first, then by label and place, and only what is left is new or gone.

use std::collections::BTreeSet;

use super::delta::Delta;
use super::field::{self, Way};
use super::likeness::{closeness, pairs, spelling};
use super::rules::Rule;
use crate::ir::{Field, Rulings, Shape, Source};

/// A field without a partner, with its path.
#[derive(Clone, Debug)]
pub struct Lone<'a, R> {
    /// `response.list.dt`
    pub path: String,
    /// The path of what contains it.
    pub parent: String,
    /// Which way it travels.
    pub way: Way,
    /// The field.
    pub field: &'a Field<R>,
}

/// Compares the fields of one API, message form by message form.
pub struct Matcher<'a, R> {
    /// The API.
    pub api: &'a str,
    /// What was found.
    pub out: Vec<Delta>,
    /// Fields that only the old state has.
    pub gone: Vec<Lone<'a, R>>,
    /// Fields that only the new state has.
    pub come: Vec<Lone<'a, R>>,
}

/// Where two lists of fields stand and what is known of their examples.
#[derive(Clone, Copy)]
pub struct At<'p> {
    /// Path before.
    pub old: &'p str,
    /// Path now.
    pub new: &'p str,
    /// Which way they travel.
    pub way: Way,
    /// Both sides have an example.
    pub shown: bool,
    /// Positions decide which field is which.
    pub arrays: bool,
}

impl<'a, R: Rulings> Matcher<'a, R> {
    /// Two lists of fields below one place.
    pub fn lists(&mut self, old: &'a [Field<R>], new: &'a [Field<R>], at: At<'_>) {
        let mut partner: Vec<Option<usize>> = old.iter().map(|f| new.iter().position(|g| g.key == f.key)).collect();
        let mut free_old: Vec<usize> = (0..old.len()).filter(|i| partner[*i].is_none()).collect();
        let mut free_new: Vec<usize> = (0..new.len()).filter(|j| !partner.contains(&Some(*j))).collect();
        let score = |i: usize, j: usize| likeness((old, free_old[i]), (new, free_new[j]));
        let renamed = pairs(free_old.len(), free_new.len(), score);
        for (i, j) in &renamed {
            partner[free_old[*i]] = Some(free_new[*j]);
        }
        let (taken_old, taken_new): (BTreeSet<usize>, BTreeSet<usize>) = renamed.into_iter().unzip();
        free_old = keep(free_old, &taken_old);
        free_new = keep(free_new, &taken_new);
        self.order(old, new, &partner, at);
        for (i, was) in old.iter().enumerate() {
            let Some(now) = partner[i].map(|j| &new[j]) else { continue };
            let (from, path) = (format!("{}.{}", at.old, was.key), format!("{}.{}", at.new, now.key));
            self.pair(was, now, At { old: &from, new: &path, ..at });
        }
        for i in free_old {
            let path = format!("{}.{}", at.old, old[i].key);
            // Without an example there is nothing that could still show what only an example showed.
            if at.shown || old[i].source == Source::Table {
                self.gone.push(Lone { path, parent: at.old.to_owned(), way: at.way, field: &old[i] });
            }
        }
        for j in free_new {
            let path = format!("{}.{}", at.new, new[j].key);
            if at.shown || new[j].source == Source::Table {
                self.come.push(Lone { path, parent: at.new.to_owned(), way: at.way, field: &new[j] });
            }
        }
    }

    /// The same field in two states.
    fn pair(&mut self, was: &'a Field<R>, now: &'a Field<R>, at: At<'_>) {
        let from = (at.old != at.new).then(|| at.old.to_owned());
        if was.key != now.key {
            let mut delta = Delta::new(Rule::FieldRenamed, self.api, at.new, &was.key, &now.key);
            delta.from.clone_from(&from);
            self.out.push(delta);
        }
        let mut found = Vec::new();
        field::compare(was, now, at.way, at.shown, &mut found);
        self.out.extend(found.into_iter().map(|(rule, old, new)| {
            let mut delta = Delta::new(rule, self.api, at.new, old, new);
            delta.from.clone_from(&from);
            delta
        }));
        let arrays = now.ruled.positional() || now.seen.contains(&Shape::Arrays);
        self.lists(&was.fields, &now.fields, At { arrays, ..at });
    }

    /// One change for all keys of an object.
    fn order(&mut self, old: &[Field<R>], new: &[Field<R>], partner: &[Option<usize>], at: At<'_>) {
        let order: Vec<usize> = partner.iter().flatten().copied().collect();
        if order.is_sorted() || !at.shown {
            return;
        }
        let keys = |fields: &[Field<R>], all: &[usize]| {
            all.iter().map(|i| fields[*i].key.as_str()).collect::<Vec<_>>().join(" ")
        };
        let before: Vec<usize> = (0..old.len()).filter(|i| partner[*i].is_some()).collect();
        let mut after = order.clone();
        after.sort_unstable();
        let rule = if at.arrays { Rule::PositionsChanged } else { Rule::OrderChanged };
        let at = if at.new.is_empty() { at.old } else { at.new };
        self.out.push(Delta::new(rule, self.api, at, keys(old, &before), keys(new, &after)));
    }

    /// Finds what moved between containers or between the sides; the rest is new or gone.
    pub fn finish(mut self) -> Vec<Delta> {
        let (gone, come) = (std::mem::take(&mut self.gone), std::mem::take(&mut self.come));
        let same = |i: usize, j: usize| {
            let (a, b): (&Lone<R>, &Lone<R>) = (&gone[i], &come[j]);
            let alike = spelling(&a.field.name) == spelling(&b.field.name)
                || (a.field.text.is_some() && a.field.text == b.field.text);
            let elsewhere = a.parent != b.parent;
            (elsewhere && a.field.key == b.field.key && alike).then_some(if a.way == b.way { 2.0 } else { 1.0 })
        };
        let moved = pairs(gone.len(), come.len(), same);
        let (used_old, used_new): (BTreeSet<usize>, BTreeSet<usize>) = moved.iter().copied().unzip();
        for (i, j) in moved {
            let (was, now) = (&gone[i], &come[j]);
            let rule = if was.way == now.way { Rule::FieldMoved } else { Rule::FieldSide };
            let mut delta = Delta::new(rule, self.api, &now.path, &was.parent, &now.parent);
            delta.from = Some(was.path.clone());
            self.out.push(delta);
            let shown = was.way == now.way;
            let mut found = Vec::new();
            field::compare(was.field, now.field, now.way, shown, &mut found);
            self.out.extend(found.into_iter().map(|(rule, a, b)| {
                let mut delta = Delta::new(rule, self.api, &now.path, a, b);
                delta.from = Some(was.path.clone());
                delta
            }));
            let (old, new) = (was.path.clone(), now.path.clone());
            self.lists(
                &was.field.fields,
                &now.field.fields,
                At { old: &old, new: &new, way: now.way, shown, arrays: false },
            );
        }
        let late_gone = std::mem::take(&mut self.gone);
        let late_come = std::mem::take(&mut self.come);
        let rest = |all: Vec<Lone<'a, R>>, used: &BTreeSet<usize>| -> Vec<Lone<'a, R>> {
            all.into_iter().enumerate().filter(|(i, _)| !used.contains(i)).map(|(_, l)| l).collect()
        };
        for lone in rest(gone, &used_old).into_iter().chain(late_gone) {
            let api = self.api;
            each(&lone, &mut |path, field, way| {
                let rule = if way == Way::Request { Rule::RequestFieldRemoved } else { Rule::ResponseFieldRemoved };
                self.out.push(Delta::new(rule, api, path, &field.name, ""));
            });
        }
        for lone in rest(come, &used_new).into_iter().chain(late_come) {
            let api = self.api;
            each(&lone, &mut |path, field, way| {
                let needed = field.required.as_deref() == Some("Y") && !field.says.conditional;
                let rule = match (way, needed) {
                    (Way::Response, _) => Rule::ResponseFieldAdded,
                    (Way::Request, true) => Rule::RequestFieldNeeded,
                    (Way::Request, false) => Rule::RequestFieldAdded,
                };
                self.out.push(Delta::new(rule, api, path, "", &field.name));
            });
        }
        self.out
    }
}

/// A field and all below it.
fn each<'a, R>(lone: &Lone<'a, R>, visit: &mut dyn FnMut(&str, &'a Field<R>, Way)) {
    lone.field.walk(&lone.parent, &mut |path, field| visit(path, field, lone.way));
}

fn keep(all: Vec<usize>, taken: &BTreeSet<usize>) -> Vec<usize> {
    all.into_iter().enumerate().filter(|(n, _)| !taken.contains(n)).map(|(_, i)| i).collect()
}

/// How sure it is that a field that is gone and one that is new are the same; none if they are not. The same label
/// in the same place is enough; otherwise key, text and neighbours must agree.
fn likeness<R>((old, i): (&[Field<R>], usize), (new, j): (&[Field<R>], usize)) -> Option<f64> {
    let (was, now) = (&old[i], &new[j]);
    if was.source != now.source {
        return None;
    }
    let keys = closeness(&was.key, &now.key);
    let before = |fields: &[Field<R>], at: usize| at.checked_sub(1).map(|p| fields[p].key.clone());
    let neighbour = f64::from(u8::from(before(old, i) == before(new, j)));
    let text = f64::from(u8::from(was.text.is_some() && was.text == now.text));
    let seen = f64::from(u8::from(!was.seen.is_empty() && was.seen == now.seen));
    let inside = overlap(&was.fields, &now.fields);
    match (was.is_container(), now.is_container()) {
        (true, true) => return (inside >= 0.6).then_some(3.0 + inside + keys),
        (false, false) => {}
        _ => return None,
    }
    let label = spelling(&was.name);
    let same = !label.is_empty() && label == spelling(&now.name);
    let score = 3.0 * f64::from(u8::from(same)) + 2.0 * keys + text + 0.5 * (seen + neighbour);
    let alike = closeness(&label, &spelling(&now.name));
    let strong = keys >= 0.75 && alike >= 0.5 && text + seen >= 1.0 && neighbour > 0.0;
    (same || strong).then_some(score)
}

/// The part of the keys that two containers share.
pub fn overlap<R>(old: &[Field<R>], new: &[Field<R>]) -> f64 {
    let shared = old.iter().filter(|f| new.iter().any(|g| g.key == f.key)).count();
    let most = old.len().max(new.len());
    if most == 0 { 0.0 } else { shared as f64 / most as f64 }
}
