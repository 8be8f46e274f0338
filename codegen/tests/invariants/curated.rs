//! The curated tables fit the facts, and the generated methods can be found by id and by Korean name.

use std::collections::BTreeMap;

use kiwoom_codegen::model::Protocol;
use syn::{Attribute, ImplItem, Item, LitStr};

use crate::support;
use crate::{COMMITTED, OUTPUT, apis, none};

#[test]
fn names_menus_and_glossary_have_nothing_to_complain_about() {
    none(COMMITTED.names.check(&COMMITTED.facts).iter().map(|p| format!("{:?} {}: {p}", p.level, p.id)).collect());
}

/// The runtime has these enums already, so their spellings are written there by hand: they are those of the fields.
#[test]
fn sets_of_the_runtime_read_what_their_fields_spell() {
    let model = kiwoom_codegen::lower::lower(&COMMITTED.spec, &COMMITTED.names);
    let sources: Vec<String> = ["stock_code", "side"]
        .map(|file| support::read(&support::root().join(format!("kiwoom-api/src/value/{file}.rs"))))
        .into();
    let mut seen = 0;
    for set in model.sets.iter().filter(|set| set.home.is_some()) {
        let source = sources.iter().find(|s| s.contains(&format!("pub enum {} {{", set.name))).expect("its source");
        let part = |word: &str| {
            let rest = source.split(&format!("; {word}")).nth(1).unwrap_or_default();
            rest.split([';', '}']).next().unwrap_or_default().to_owned()
        };
        let (spelt, disputed, korean) = (part("spelt"), part("disputed"), part("korean"));
        for (code, variant) in &set.disputed {
            assert!(disputed.contains(&format!("(\"{code}\", {variant})")), "{}: {:?}", set.name, set.disputed);
        }
        assert_eq!(disputed.matches("(\"").count(), set.disputed.len(), "{}", set.name);
        let labels: Vec<String> = set.variants.iter().map(|(_, labels)| format!("{labels:?}")).collect();
        assert_eq!(korean.trim(), labels.join(", "), "{}", set.name);
        for (code, variant) in &set.spellings {
            assert!(spelt.contains(&format!("(\"{code}\", {variant})")), "{}: {code} is {variant}", set.name);
        }
        assert_eq!(spelt.matches("(\"").count(), set.spellings.len(), "{}", set.name);
        seen += 1;
    }
    assert_eq!(seen, 2);
}

#[test]
fn no_erratum_is_stale() {
    none(COMMITTED.stale.iter().map(|p| format!("{:?} {}: {p}", p.level, p.id)).collect());
}

/// `#[doc(alias = "..")]`
fn aliases(attributes: &[Attribute]) -> Vec<String> {
    let mut out = Vec::new();
    for attribute in attributes.iter().filter(|a| a.path().is_ident("doc")) {
        // A doc line is `doc = ".."`, which is no list.
        let _ = attribute.parse_nested_meta(|meta| {
            if meta.path.is_ident("alias") {
                out.push(meta.value()?.parse::<LitStr>()?.value());
            }
            Ok(())
        });
    }
    out
}

#[test]
fn every_method_is_found_by_id_and_korean_name() {
    let mut methods: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let menus = OUTPUT.files.iter().filter(|(p, _)| p.ends_with("/mod.rs") && p.matches('/').count() == 4);
    for (path, text) in menus {
        let file = syn::parse_file(text).unwrap_or_else(|e| panic!("{path}: {e}"));
        for item in file.items {
            let Item::Impl(block) = item else { continue };
            for item in block.items {
                let ImplItem::Fn(method) = item else { continue };
                methods.insert(format!("{path} {}", method.sig.ident), aliases(&method.attrs));
            }
        }
    }
    let mut found = Vec::new();
    let mut rest = 0;
    for (menu, api) in crate::MODEL.menus.iter().flat_map(|m| m.apis.iter().map(move |a| (m, a))) {
        if api.protocol != Protocol::Rest {
            continue;
        }
        rest += 1;
        let place = format!("src/generated/{}/{}/mod.rs {}", menu.market, menu.module, api.method);
        let mut want = vec![api.id.as_str(), api.korean.trim()];
        want.extend(api.words.iter().map(String::as_str).filter(|word| *word != api.korean.trim()));
        match methods.get(&place) {
            Some(have) if *have == want => {}
            have => found.push(format!("{place}: aliases {have:?} instead of {want:?}")),
        }
    }
    none(found);
    assert_eq!(rest, apis().filter(|a| a.protocol == Protocol::Rest).count());
    assert!(rest > 300, "{rest} REST methods");
}
