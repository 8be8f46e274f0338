//! One noun names one type: what the hand-written sources of a package declare twice stands in a table, with its reason.

use std::collections::{BTreeMap, BTreeSet};

use syn::Item;

use crate::conditions::is_test;
use crate::none;
use crate::support::hand_written;

/// The document of a table, a file of the broker, a facet of a fact: `spec` reads each in its own module, and the modules do
/// not meet.
const APART: &str = "modules of different rooms, each with its own subject; no file names both";
/// `ir` is generic over rulings; `errata::mended` fixes that parameter.
const SAME: &str = "the same type, with the rulings filled in";

/// Package, name, and why several types have it.
const ALLOWED: &[(&str, &str, &str)] = &[
    ("codegen", "Source", "a hand-written file and a place in the document: `held` and `export` do not meet"),
    ("kiwoom-api", "Inner", "the private body behind a public handle, never named outside its file"),
    ("kiwoom-api", "Sealed", "the private trait that seals a public one"),
    ("spec", "Api", SAME),
    ("spec", "Block", SAME),
    ("spec", "Codes", APART),
    ("spec", "Field", SAME),
    ("spec", "Format", APART),
    ("spec", "Found", APART),
    ("spec", "Label", APART),
    ("spec", "Place", APART),
    ("spec", "Report", APART),
    ("spec", "Row", APART),
    ("spec", "Side", "the same type, with the rulings filled in; and one side of a document in `check::doubts`"),
];

/// The files that declare each name, by package.
fn declared(sources: &[(String, String)]) -> BTreeMap<(String, String), BTreeSet<String>> {
    let mut out: BTreeMap<(String, String), BTreeSet<String>> = BTreeMap::new();
    let mut tests = BTreeSet::new();
    let mut seen = Vec::new();
    for (path, text) in sources {
        let Some((package, file)) = path.split_once("/src/") else { continue };
        // the engine of realtime data is a machine of its own, with the nouns of its trade; no other room names its types
        let package = if file.starts_with("realtime/") { "kiwoom-api's realtime" } else { package };
        let items = syn::parse_file(text).unwrap_or_else(|e| panic!("{path}: {e}"));
        collect(&items.items, path, &mut tests, &mut |name| seen.push((package.to_owned(), name, path.clone())));
    }
    for (package, name, path) in seen {
        if !tests.iter().any(|test: &String| path.starts_with(test.as_str())) {
            out.entry((package, name)).or_default().insert(path);
        }
    }
    out
}

fn collect(items: &[Item], path: &str, tests: &mut BTreeSet<String>, tell: &mut dyn FnMut(String)) {
    for item in items {
        let (name, attributes) = match item {
            Item::Enum(i) => (&i.ident, &i.attrs),
            Item::Struct(i) => (&i.ident, &i.attrs),
            Item::Trait(i) => (&i.ident, &i.attrs),
            Item::Type(i) => (&i.ident, &i.attrs),
            Item::Union(i) => (&i.ident, &i.attrs),
            Item::Mod(i) if is_test(&i.attrs) => {
                let folder = path.trim_end_matches(".rs").trim_end_matches("/mod").trim_end_matches("/lib");
                tests.insert(format!("{folder}/{}", i.ident));
                continue;
            }
            Item::Mod(i) => {
                let inner = i.content.as_ref().map_or(&[][..], |(_, items)| items);
                collect(inner, path, tests, tell);
                continue;
            }
            _ => continue,
        };
        if !is_test(attributes) {
            tell(name.to_string());
        }
    }
}

/// What the sources and the table have against each other.
fn held(sources: &[(String, String)], allowed: &[(&str, &str, &str)]) -> Vec<String> {
    let declared = declared(sources);
    let mut found = Vec::new();
    for ((package, name), files) in declared.iter().filter(|(_, files)| files.len() > 1) {
        if !allowed.iter().any(|(of, known, _)| of == package && known == name) {
            let files = Vec::from_iter(files.iter().map(String::as_str)).join(", ");
            found.push(format!("{name} names several types of {package}: rename all but one ({files})"));
        }
    }
    for (package, name, _) in allowed {
        let files = declared.get(&((*package).to_owned(), (*name).to_owned()));
        if files.is_none_or(|files| files.len() < 2) {
            found.push(format!("{name} names one type of {package} at most: delete its row"));
        }
    }
    found
}

#[test]
fn one_noun_names_one_type() {
    let sources = hand_written();
    assert!(declared(&sources).len() > 400, "{}", declared(&sources).len());
    none(held(&sources, ALLOWED));
}

#[test]
fn every_way_to_use_a_noun_twice_is_found() {
    let found = |text: &str, allowed: &[(&str, &str, &str)]| {
        let other = "pub struct Line; trait Walk {} type Turn = u8; enum Place {} mod inner { union Slot { a: u8 } }";
        held(&[("a/src/x.rs".into(), other.into()), ("a/src/y.rs".into(), text.into())], allowed).len()
    };
    for twice in
        ["struct Line;", "pub(crate) enum Walk {}", "type Turn = u16;", "mod m { trait Place {} }", "struct Slot;"]
    {
        assert_eq!(found(twice, &[]), 1, "{twice}");
    }
    for once in [
        "#[cfg(test)] mod tests { struct Line; }",
        "#[cfg(test)] struct Line;",
        "struct Lines;",
        "impl Walk for u8 { type Turn = u8; }",
        "use super::x::Line;",
    ] {
        assert_eq!(found(once, &[]), 0, "{once}");
    }
    assert_eq!(found("struct Line;", &[("a", "Line", "")]), 0);
    assert_eq!(found("struct Other;", &[("a", "Line", "")]), 1, "a row that nothing needs");
    assert_eq!(found("struct Line;", &[("b", "Line", "")]), 2, "a row of another package");
}
