//! The model as a whole: names do not clash, constructors and defaults name what exists.

use std::collections::{BTreeMap, BTreeSet};

use kiwoom_codegen::emit::module::markets;
use kiwoom_codegen::model::Kind;

use crate::{COMMITTED, MODEL, OUTPUT, apis, none, structs};

#[test]
fn field_names_are_unique_in_their_struct() {
    let mut found = Vec::new();
    for api in apis() {
        for s in structs(api) {
            let mut seen = BTreeSet::new();
            let members = s.members.iter().map(|m| &m.ident).filter(|m| !seen.insert(*m));
            found.extend(members.map(|m| format!("{} {}: {m} twice", api.id, s.name)));
            let mut places = BTreeSet::new();
            let fields = s.fields.iter().filter(|f| !matches!(f.kind, Kind::Const(_)));
            let again = fields.filter(|f| !places.insert(&f.place));
            found.extend(again.map(|f| format!("{} {}: two keys fill {}", api.id, s.name, f.place)));
            let mut keys = BTreeSet::new();
            let all = s.fields.iter().flat_map(|f| std::iter::once(&f.key).chain(&f.aliases));
            found.extend(all.filter(|k| !keys.insert(*k)).map(|k| format!("{} {}: the key {k} twice", api.id, s.name)));
        }
    }
    none(found);
}

#[test]
fn struct_names_are_unique_in_their_market() {
    let mut found = Vec::new();
    for market in markets(&MODEL) {
        let mut seen: BTreeMap<&str, &str> = BTreeMap::new();
        for api in MODEL.menus.iter().filter(|m| m.market == market).flat_map(|m| &m.apis) {
            for s in structs(api) {
                if let Some(first) = seen.insert(&s.name, &api.id) {
                    found.push(format!("{market}: {} in {first} and {}", s.name, api.id));
                }
            }
        }
    }
    none(found);
}

#[test]
fn constructor_arguments_exist() {
    let mut found = Vec::new();
    for api in apis() {
        let Some(row) = COMMITTED.names.apis.get(&api.id) else { continue };
        let Some(request) = &api.request else {
            found.extend((!row.ctor.is_empty()).then(|| format!("{} is a topic and has a constructor", api.id)));
            continue;
        };
        let have: Vec<&str> = request.ctor.iter().map(|i| request.body.fields[*i].key.as_str()).collect();
        if have != row.ctor {
            found.push(format!("{}: the constructor takes {have:?}, the table says {:?}", api.id, row.ctor));
        }
        let needless = request.ctor.iter().filter(|i| !request.required.contains(i));
        found.extend(needless.map(|i| format!("{}: {} may be left out", api.id, request.body.fields[*i].ident)));
    }
    none(found);
}

/// A curated default is a code of the list, and a new request really has it.
#[test]
fn defaults_are_codes_of_the_list_and_are_set() {
    let mut found = Vec::new();
    for (menu, api) in MODEL.menus.iter().flat_map(|m| m.apis.iter().map(move |a| (m, a))) {
        let Some(request) = &api.request else { continue };
        let file = format!("src/generated/{}/{}/{}.rs", menu.market, menu.module, api.method);
        let contract = if request.is_complete() { "impl Default for " } else { "impl crate::record::Empty for " };
        let default = OUTPUT.files[&file].split_once(contract).map_or("", |(_, rest)| rest);
        let default = default.split("\n}\n").next().unwrap_or_default();
        let facts = COMMITTED.spec.apis[&api.id].request.blocks.first().map_or(&[][..], |b| &b.fields);
        for field in request.body.fields.iter().filter(|f| f.default.is_some()) {
            let code = field.default.as_deref().unwrap_or_default();
            let says = &facts.iter().find(|f| f.key == field.key).expect("a field of the facts").says;
            let threshold = says.threshold.iter().flat_map(|t| t.bounds.iter().chain(t.all.iter().map(|(c, _)| c)));
            let known: Vec<&String> = says.codes.iter().map(|(c, _)| c).chain(&says.values).chain(threshold).collect();
            if !known.is_empty() && !known.iter().any(|k| *k == code) {
                found.push(format!("{} {}: the default {code:?} is none of {known:?}", api.id, field.key));
            }
            let lost = ["Default::default()", "None"].map(|none| format!("            {}: {none},", field.ident));
            if default.is_empty() || lost.iter().any(|l| default.contains(l)) {
                found.push(format!("{} {}: {:?} cannot be set to {code:?}", api.id, field.key, field.kind.word()));
            }
        }
    }
    none(found);
}

/// A reply of which only the first page can be read hides the rest: whatever may have further pages has rows to walk over.
#[test]
fn every_paged_api_can_be_walked() {
    let mut found = Vec::new();
    let mut walked = 0;
    for (menu, api) in MODEL.menus.iter().flat_map(|m| m.apis.iter().map(move |a| (m, a))) {
        let file = &OUTPUT.files[&format!("src/generated/{}/{}/{}.rs", menu.market, menu.module, api.method)];
        let is_list = file.contains(&format!("impl Listing for {}Reply", api.name));
        match (api.paged, is_list) {
            (true, true) => walked += 1,
            (true, false) => found.push(format!("{} has pages and no rows()", api.id)),
            (false, _) => {}
        }
    }
    none(found);
    assert_eq!(walked, 257, "REST reads whose reply holds one list");
}
