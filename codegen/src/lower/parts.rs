//! Members of structs: most are one key each; levels and parts gather many keys in one.

use kiwoom_spec::names::Names;
use kiwoom_spec::names::fids::{Fids, Group, Part as Table};

use crate::model::{Api, Field, Kind, Member, MemberType, Menu, Part, Struct};

/// Fills in the members of a struct from its keys.
pub fn members(s: &mut Struct, fids: &Fids, api: &str) {
    for field in s.fields.iter().filter(|f| !matches!(f.kind, Kind::Const(_))) {
        if s.members.iter().any(|m| m.ident == field.ident) {
            continue;
        }
        let group = fids.group.iter().find(|g| g.topic == api && g.field == field.ident);
        let part = fids.part.iter().find(|p| p.topic == api && p.field == field.ident);
        let (ty, docs) = match (group, part) {
            _ if field.place == field.ident => (MemberType::One(field.kind.clone()), field.docs.clone()),
            (Some(group), _) => (
                MemberType::Parts(group.row.clone(), group.count),
                [vec![group_docs(group), String::new()], inside(s, &field.ident)].concat(),
            ),
            (None, Some(part)) => (
                MemberType::Part(part.name.clone()),
                [vec![part_docs(s, &field.ident), String::new()], inside(s, &field.ident)].concat(),
            ),
            (None, None) => continue,
        };
        s.members.push(Member { ident: field.ident.clone(), ty, docs });
    }
}

fn group_docs(group: &Group) -> String {
    let columns: Vec<String> = group.columns.iter().map(|c| format!("`{}`", c.name)).collect();
    format!("{} levels, the best first: {}.", group.count, columns.join(", "))
}

fn part_docs(s: &Struct, member: &str) -> String {
    let inside: Vec<&Field> = s.fields.iter().filter(|f| f.ident == member).collect();
    let labels: Vec<String> = inside.iter().take(3).map(|f| crate::doc::escape(&f.korean)).collect();
    let more = if inside.len() > labels.len() { ", .." } else { "" };
    format!("{}{more}.", labels.join(", "))
}

/// One line for each place inside a member: what the broker calls it, where it stands on the wire, what it counts.
fn inside(s: &Struct, member: &str) -> Vec<String> {
    let mut places: Vec<(String, Vec<&Field>)> = Vec::new();
    for field in s.fields.iter().filter(|f| f.ident == member) {
        let place = without_levels(field.place.strip_prefix(member).unwrap_or(&field.place));
        match places.iter_mut().find(|(known, _)| *known == place) {
            Some((_, fields)) => fields.push(field),
            None => places.push((place, vec![field])),
        }
    }
    let line = |(place, mut fields): (String, Vec<&Field>)| {
        // the documents list some sides from the last level to the first
        fields.sort_by_key(|f| levels(&f.place));
        let (first, last) = (fields[0], fields[fields.len() - 1]);
        let numbered = first.key.bytes().all(|b| b.is_ascii_digit());
        let (word, words) = if numbered { ("FID", "FIDs") } else { ("key", "keys") };
        let ends = |one: String, other: String| if one == other { one } else { format!("{one} to {other}") };
        let label =
            |f: &Field| if f.korean.is_empty() { crate::doc::code(&f.key) } else { crate::doc::escape(&f.korean) };
        let shown = |f: &Field| if numbered { f.key.clone() } else { crate::doc::code(&f.key) };
        let keys = ends(shown(first), shown(last));
        let counts = super::docs::counts(&first.docs);
        let counts = if counts.is_empty() { String::new() } else { format!(" {counts}") };
        let word = if first.key == last.key { word } else { words };
        format!("* `{place}`: {}, {word} {keys}.{counts}", ends(label(first), label(last)))
    };
    places.into_iter().map(line).collect()
}

/// `asks[3].price` is 3.
fn levels(place: &str) -> Vec<usize> {
    place.split('[').skip(1).filter_map(|rest| rest.split(']').next()?.parse().ok()).collect()
}

/// `[3].price` is `price`, `.mid.ask[0]` is `mid.ask`.
fn without_levels(place: &str) -> String {
    let mut out = String::new();
    let mut within = false;
    for c in place.chars() {
        match c {
            '[' => within = true,
            ']' => within = false,
            c if !within => out.push(c),
            _ => {}
        }
    }
    out.trim_start_matches('.').to_owned()
}

/// Every part that a record of these menus uses, with the features that need it.
pub fn used(menus: &[Menu], names: &Names) -> Vec<Part> {
    let mut out: Vec<Part> = Vec::new();
    for menu in menus {
        for api in &menu.apis {
            let records = std::iter::once(&api.reply).chain(&api.push).chain(&api.nested);
            for record in records {
                for member in &record.members {
                    if let MemberType::Part(name) | MemberType::Parts(name, _) = &member.ty {
                        need(&mut out, name, record, &member.ident, &names.fids, &api.id, &menu.feature());
                    }
                }
            }
        }
    }
    out.sort_by(|a, b| a.name.cmp(&b.name));
    out
}

/// Adds a part and what lies inside it; `at` is its path in the record.
fn need(out: &mut Vec<Part>, name: &str, record: &Struct, at: &str, fids: &Fids, api: &str, feature: &str) {
    let known = out.iter().position(|p| p.name == name);
    let index = known.unwrap_or_else(|| {
        let doc = fids.doc.get(name).cloned().unwrap_or_else(|| format!("A group of keys: `{name}`."));
        out.push(Part { name: name.to_owned(), doc, members: Vec::new(), features: Vec::new() });
        out.len() - 1
    });
    if !out[index].features.iter().any(|f| f == feature) {
        out[index].features.push(feature.to_owned());
    }
    let mut members: Vec<Member> = Vec::new();
    if let Some(group) = fids.group.iter().find(|g| g.topic == api && g.field == at) {
        // The first level that the document has: any one may be missing.
        let column = |name: &str| (0..group.count).find_map(|n| one(record, &format!("{at}[{n}].{name}"), name));
        members.extend(group.columns.iter().filter_map(|c| column(&c.name)));
    }
    let tables: Vec<&Table> = fids.part.iter().filter(|p| p.topic == api).collect();
    if let Some(part) = tables.iter().find(|p| p.field == at) {
        for (field, what) in &part.fields {
            let place = format!("{at}.{field}");
            members.extend(match what.count {
                None => one(record, &place, field),
                Some(count) => {
                    (0..count).find_map(|n| one(record, &format!("{place}[{n}]"), field)).map(|m| match m.ty {
                        MemberType::One(kind) => Member { ty: MemberType::Many(kind, count), ..m },
                        _ => m,
                    })
                }
            });
        }
    }
    for inner in tables
        .iter()
        .filter(|p| p.field.strip_prefix(at).and_then(|r| r.strip_prefix('.')).is_some_and(|r| !r.contains('.')))
    {
        let ident = inner.field.rsplit('.').next().unwrap_or(&inner.field).to_owned();
        let docs = vec![format!("See [`{}`].", inner.name)];
        if !record.fields.iter().any(|f| f.place.starts_with(&format!("{}.", inner.field))) {
            continue;
        }
        members.push(Member { ident, ty: MemberType::Part(inner.name.clone()), docs });
        need(out, &inner.name, record, &inner.field, fids, api, feature);
    }
    // Another topic may have a column more.
    for member in members {
        if !out[index].members.iter().any(|m| m.ident == member.ident) {
            out[index].members.push(member);
        }
    }
}

/// Gives keys that lie in a part the kind that the part has: one member has one type, also where the documents of two
/// topics differ about it.
pub fn agree(api: &mut Api, parts: &[Part], fids: &Fids) {
    let id = api.id.clone();
    for record in std::iter::once(&mut api.reply).chain(&mut api.push).chain(&mut api.nested) {
        for field in record.fields.iter_mut().filter(|f| f.place != f.ident) {
            let Some((owner, member)) = field.place.rsplit_once('.') else { continue };
            let (owner, member) =
                (owner.split('[').next().unwrap_or(owner), member.split('[').next().unwrap_or(member));
            let group = fids.group.iter().find(|g| g.topic == id && g.field == owner).map(|g| &g.row);
            let name = group.or_else(|| fids.part.iter().find(|p| p.topic == id && p.field == owner).map(|p| &p.name));
            let part = parts.iter().find(|p| Some(&p.name) == name);
            let known = part.and_then(|p| p.members.iter().find(|m| m.ident == member));
            if let Some(Member { ty: MemberType::One(kind) | MemberType::Many(kind, _), .. }) = known
                && crate::emit::text::inner_type(kind) != crate::emit::text::inner_type(&field.kind)
            {
                field.kind.clone_from(kind);
            }
        }
    }
}

fn one(record: &Struct, place: &str, name: &str) -> Option<Member> {
    let field = record.fields.iter().find(|f| f.place == place)?;
    // The label names one level and one venue; the part is all of them.
    let docs = vec![format!("{}.", first_upper(&name.replace('_', " ")))];
    Some(Member { ident: name.to_owned(), ty: MemberType::One(field.kind.clone()), docs })
}

fn first_upper(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |c| c.to_uppercase().collect::<String>() + chars.as_str())
}
