//! One noun names one type: what the hand-written sources of a package declare twice stands in a table, with its reason.

use std::collections::{BTreeMap, BTreeSet};

use syn::Item;

use crate::none;
use crate::support::{hand_written, is_test, shipped};

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

/// Rooms that count as packages of their own, and why.
const APART_FROM_PACKAGE: &[(&str, &str)] =
    &[("kiwoom-api/realtime", "a machine of its own, with the nouns of its trade; no other room names its types")];

/// The package of a file, or its room if that counts on its own.
fn counted<'a>(path: &'a str, rooms: &[(&'a str, &str)]) -> Option<&'a str> {
    let (package, file) = path.split_once("/src/")?;
    let is_in = |room: &str| {
        let inside =
            room.split_once('/').filter(|(of, _)| *of == package).and_then(|(_, room)| file.strip_prefix(room));
        inside.is_some_and(|rest| rest.starts_with('/') || rest == ".rs")
    };
    Some(rooms.iter().map(|(room, _)| *room).find(|room| is_in(room)).unwrap_or(package))
}

/// The files that declare each name, by package.
fn declared(sources: &[(String, String)]) -> BTreeMap<(String, String), BTreeSet<String>> {
    let mut out: BTreeMap<(String, String), BTreeSet<String>> = BTreeMap::new();
    for (path, file) in shipped(sources) {
        let Some(package) = counted(path, APART_FROM_PACKAGE) else { continue };
        collect(&file.items, &mut |name| {
            out.entry((package.to_owned(), name)).or_default().insert(path.to_owned());
        });
    }
    out
}

fn collect(items: &[Item], tell: &mut dyn FnMut(String)) {
    for item in items {
        let (name, attributes) = match item {
            Item::Enum(i) => (&i.ident, &i.attrs),
            Item::Struct(i) => (&i.ident, &i.attrs),
            Item::Trait(i) => (&i.ident, &i.attrs),
            Item::Type(i) => (&i.ident, &i.attrs),
            Item::Union(i) => (&i.ident, &i.attrs),
            Item::Mod(i) if !is_test(&i.attrs) => {
                collect(i.content.as_ref().map_or(&[][..], |(_, items)| items), tell);
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
    for (room, _) in APART_FROM_PACKAGE {
        let files = sources.iter().filter(|(path, _)| counted(path, APART_FROM_PACKAGE) == Some(*room)).count();
        assert!(files > 1, "{room} has {files} files: delete its row");
    }
}

#[test]
fn a_room_of_its_own_counts_apart() {
    let rooms = [("a/engine", "")];
    for (path, counts_for) in [
        ("a/src/engine/mod.rs", Some("a/engine")),
        ("a/src/engine/deep/x.rs", Some("a/engine")),
        ("a/src/engine.rs", Some("a/engine")),
        ("a/src/engines.rs", Some("a")),
        ("a/src/x/engine/mod.rs", Some("a")),
        ("b/src/engine/mod.rs", Some("b")),
        ("a/tests/engine/mod.rs", None),
    ] {
        assert_eq!(counted(path, &rooms), counts_for, "{path}");
    }
}

#[test]
fn files_of_tests_do_not_count() {
    let source = |path: &str, text: &str| (path.to_owned(), text.to_owned());
    let sources = [
        source("a/src/lib.rs", "mod x; #[cfg(test)] mod tests; mod inner { #[cfg(all(test, unix))] mod deep; }"),
        source("a/src/x.rs", "#[cfg(test)] mod tests;"),
        source("a/src/x/tests.rs", ""),
        source("a/src/tests/mod.rs", ""),
        source("a/src/tests/world.rs", ""),
        source("a/src/tests_of_users.rs", ""),
        source("a/src/inner/deep.rs", ""),
        source("a/tests/it.rs", ""),
    ];
    let left: Vec<&str> = shipped(&sources).into_iter().map(|(path, _)| path).collect();
    assert_eq!(left, ["a/src/lib.rs", "a/src/x.rs", "a/src/tests_of_users.rs"]);
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
