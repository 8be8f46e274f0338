//! No two structs of a menu share a name: a new list of the broker, or an API named like the rows of another, must not
//! break the build.

use std::collections::BTreeSet;

use crate::model::{Api, Kind, Member, MemberType, Menu, Struct};

/// Numbers the later ones of equal names: requests and replies, which people named, keep theirs.
pub fn structs(menu: &mut Menu) {
    let mut taken: BTreeSet<String> = BTreeSet::new();
    for api in &menu.apis {
        let own = api.request.iter().map(|r| &r.body).chain([&api.reply]).chain(&api.push);
        taken.extend(own.map(|s| s.name.clone()));
    }
    for api in &mut menu.apis {
        for at in 0..api.nested.len() {
            let name = api.nested[at].name.clone();
            let free = std::iter::once(name.clone())
                .chain((2..).map(|n| format!("{name}{n}")))
                .find(|name| !taken.contains(name));
            let Some(free) = free else { continue };
            taken.insert(free.clone());
            if free != name {
                rename(api, at, &name, &free);
            }
        }
    }
}

/// Gives a nested struct another name. What contains it comes later than it: rows are lowered before their owner.
fn rename(api: &mut Api, at: usize, old: &str, new: &str) {
    new.clone_into(&mut api.nested[at].name);
    let bodies = api.request.iter_mut().map(|r| &mut r.body);
    let owners = api.nested[at + 1..].iter_mut().chain(bodies).chain([&mut api.reply]).chain(&mut api.push);
    let mut done = false;
    for owner in owners {
        done = done || point(owner, old, new);
    }
}

/// Turns the first field that holds the old struct to the new one.
fn point(owner: &mut Struct, old: &str, new: &str) -> bool {
    let holds = |kind: &Kind| inner(kind).is_some_and(|name| name == old);
    let Some(field) = owner.fields.iter_mut().find(|f| holds(&f.kind)) else { return false };
    set(&mut field.kind, new);
    let (ident, kind) = (field.ident.clone(), field.kind.clone());
    for Member { ty, .. } in owner.members.iter_mut().filter(|m| m.ident == ident) {
        if let MemberType::One(member) = ty {
            member.clone_from(&kind);
        }
    }
    true
}

fn inner(kind: &Kind) -> Option<&String> {
    match kind {
        Kind::Embedded(name) | Kind::List(name) | Kind::Tuples(name) | Kind::Object(name) => Some(name),
        _ => None,
    }
}

fn set(kind: &mut Kind, new: &str) {
    if let Kind::Embedded(name) | Kind::List(name) | Kind::Tuples(name) | Kind::Object(name) = kind {
        new.clone_into(name);
    }
}
