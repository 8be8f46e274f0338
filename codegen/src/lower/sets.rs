//! The code sets that fields use, with the features that need them.

use std::collections::{BTreeMap, BTreeSet};

use kiwoom_spec::names::Names;
use kiwoom_spec::names::codes::korean;

use crate::model::{Kind, Menu, Set};

/// Every set that a field of these menus uses.
pub fn used(menus: &[Menu], names: &Names) -> Vec<Set> {
    let mut out: Vec<Set> = Vec::new();
    for menu in menus {
        for api in &menu.apis {
            let records = api.request.iter().map(|r| &r.body).chain([&api.reply]).chain(&api.push).chain(&api.nested);
            for field in records.flat_map(|s| &s.fields) {
                let Kind::Coded(name, _) = &field.kind else { continue };
                let Some(table) = names.codes.set.iter().find(|s| s.name == *name) else { continue };
                let index = out.iter().position(|s| s.name == *name).unwrap_or_else(|| {
                    let labels = |name: &str| {
                        let listed = table.variants.iter().find(|v| v.name == name).map(|v| v.ko.clone());
                        listed.filter(|l| !l.is_empty()).unwrap_or_else(|| korean(name).into_iter().collect())
                    };
                    out.push(Set {
                        name: name.clone(),
                        doc: table.doc.clone(),
                        variants: table.names().into_iter().map(|n| (n.to_owned(), labels(n))).collect(),
                        home: table.home.clone(),
                        spellings: Vec::new(),
                        disputed: Vec::new(),
                        fields: Vec::new(),
                        signs: super::signs::of_set(name),
                        menu: table.menu.as_ref().and_then(|m| m.split_once("::")).map(|(a, b)| (a.into(), b.into())),
                        features: Vec::new(),
                        filters: Vec::new(),
                    });
                    out.len() - 1
                });
                used_by(&mut out[index].fields, &field.key, &api.id);
                if !out[index].features.contains(&menu.feature()) {
                    out[index].features.push(menu.feature());
                }
            }
        }
    }
    let mut spellings = spellings(menus);
    for set in &mut out {
        let codes = spellings.remove(&set.name).unwrap_or_default();
        for (code, variants) in codes {
            let list = if variants.len() == 1 { &mut set.spellings } else { &mut set.disputed };
            list.extend(variants.into_iter().map(|variant| (code.clone(), variant)));
        }
        set.fields.sort_by_key(|(_, apis)| std::cmp::Reverse(apis.len()));
        // The module that a set belongs to exports it, whether a field of its own uses the set or not.
        let home = menus.iter().find(|m| set.menu.as_ref().is_some_and(|(a, b)| *a == m.market && *b == m.module));
        set.features.extend(home.map(Menu::feature).filter(|f| !set.features.contains(f)));
    }
    out.sort_by(|a, b| a.name.cmp(&b.name));
    let wider: Vec<(String, String)> = out
        .iter()
        .flat_map(|narrow| {
            out.iter().filter(|wide| takes(wide, narrow, names)).map(|wide| (narrow.name.clone(), wide.name.clone()))
        })
        .collect();
    for (narrow, wide) in wider {
        if let Some(set) = out.iter_mut().find(|s| s.name == narrow) {
            set.filters.push(wide);
        }
    }
    out
}

fn used_by(fields: &mut Vec<(String, Vec<String>)>, key: &str, api: &str) {
    let at = fields.iter().position(|(known, _)| known == key).unwrap_or_else(|| {
        fields.push((key.to_owned(), Vec::new()));
        fields.len() - 1
    });
    if !fields[at].1.iter().any(|known| known == api) {
        fields[at].1.push(api.to_owned());
    }
}

/// What each code of every set means in the fields that have it. One that means one thing everywhere may be met in any of them.
fn spellings(menus: &[Menu]) -> BTreeMap<String, BTreeMap<String, BTreeSet<u8>>> {
    let mut seen: BTreeMap<String, BTreeMap<String, BTreeSet<u8>>> = BTreeMap::new();
    for api in menus.iter().flat_map(|menu| &menu.apis) {
        let records = api.request.iter().map(|r| &r.body).chain([&api.reply]).chain(&api.push).chain(&api.nested);
        for field in records.flat_map(|s| &s.fields) {
            let Kind::Coded(set, codes) = &field.kind else { continue };
            let set = seen.entry(set.clone()).or_default();
            for (code, variant) in codes {
                set.entry(code.clone()).or_default().insert(*variant);
            }
        }
    }
    seen
}

/// `MarketFilter` takes every variant of `Market`; which other sets mean the same by the same names, the table says.
fn takes(wide: &Set, narrow: &Set, names: &Names) -> bool {
    let has = |set: &Set, name: &str| set.variants.iter().any(|(n, _)| n == name);
    let filter = wide.name == format!("{}Filter", narrow.name) && wide.menu == narrow.menu;
    let row = names.codes.set.iter().find(|row| row.name == wide.name);
    let curated = row.is_some_and(|row| row.takes.contains(&narrow.name));
    (filter || curated) && narrow.variants.iter().all(|(n, _)| has(wide, n))
}
