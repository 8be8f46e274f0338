//! Public types that may grow are `#[non_exhaustive]`; the table says which may not, and why.

use syn::{Attribute, Fields, Item, Visibility};

use crate::none;
use crate::support::{hand_written, is_test, shipped};

const CONTRACT: &str = "the contract with generated code, which writes it out; no user matches on it";
const VALUE: &str = "a value that users write as a literal; a further part would be another value";
const MARKER: &str = "a marker without values";

/// Public enums, and structs all of whose fields are public, that users may match on or write out in full.
const CLOSED: &[(&str, &str)] = &[
    ("AnyDesk", MARKER),
    ("Borrowed", MARKER),
    ("Buy", MARKER),
    ("Margin", MARKER),
    ("Gold", MARKER),
    ("Owned", MARKER),
    ("Sell", MARKER),
    ("Stock", MARKER),
    ("UsStock", MARKER),
    ("Change", CONTRACT),
    ("Dir", CONTRACT),
    ("Keys", CONTRACT),
    ("Layout", CONTRACT),
    ("Num", CONTRACT),
    ("Sign", CONTRACT),
    ("Condition", "number and name, as users note them in a file"),
    ("Directed", VALUE),
    ("GivenRow", "what a macro writes out; hidden from users"),
    ("Direction", "up, down or neither: callers match on all three"),
    ("FilterMask", "nine digits on the wire, one for each field"),
    ("Plain", "a wrapper that users write around a value"),
    ("Sided", VALUE),
    ("Us", VALUE),
    ("Collected", "grows by its hidden last field, so that a test can build one"),
    ("Outcome", "callers must handle all four; a fifth would be a break on purpose"),
];

/// Names of the public types of `kiwoom-api` that a user may match on or write out in full.
fn closed(sources: &[(String, String)]) -> Vec<(String, String)> {
    let mut out = Vec::new();
    for (path, file) in shipped(sources) {
        collect(&file.items, path, &mut out);
    }
    out
}

fn collect(items: &[Item], path: &str, out: &mut Vec<(String, String)>) {
    for item in items {
        let (name, attributes, shown) = match item {
            Item::Enum(i) => (&i.ident, &i.attrs, is_public(&i.vis)),
            Item::Struct(i) => (&i.ident, &i.attrs, is_public(&i.vis) && is_open(&i.fields)),
            Item::Mod(i) if !is_test(&i.attrs) => {
                collect(i.content.as_ref().map_or(&[][..], |(_, items)| items), path, out);
                continue;
            }
            _ => continue,
        };
        if shown && !is_test(attributes) && !grows(attributes) {
            out.push((name.to_string(), path.to_owned()));
        }
    }
}

fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

/// It has fields, and a user can name all of them.
fn is_open(fields: &Fields) -> bool {
    !fields.is_empty() && fields.iter().all(|field| is_public(&field.vis))
}

fn grows(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| attribute.path().is_ident("non_exhaustive"))
}

fn held(sources: &[(String, String)], table: &[(&str, &str)]) -> Vec<String> {
    let closed = closed(sources);
    let mut found = Vec::new();
    for (name, path) in closed.iter().filter(|(name, _)| !table.iter().any(|(known, _)| known == name)) {
        found.push(format!("{path}: {name} may not grow: make it #[non_exhaustive], or say why in the table"));
    }
    for (name, _) in table.iter().filter(|(known, _)| !closed.iter().any(|(name, _)| name == known)) {
        found.push(format!("{name} is no public type that may not grow: delete its row"));
    }
    found
}

#[test]
fn public_types_may_grow_unless_a_reason_says_otherwise() {
    let sources: Vec<_> = hand_written().into_iter().filter(|(path, _)| path.starts_with("kiwoom-api/src/")).collect();
    assert!(sources.len() > 100, "{} files", sources.len());
    none(held(&sources, CLOSED));
}

#[test]
fn every_closed_type_is_found() {
    let found = |text: &str| closed(&[("a/src/a.rs".into(), text.into())]).len();
    for shut in ["pub enum A { B }", "pub struct A { pub b: u8 }", "pub struct A(pub u8);", "mod m { pub enum A {} }"] {
        assert_eq!(found(shut), 1, "{shut}");
    }
    for open in [
        "#[non_exhaustive] pub enum A { B }",
        "pub(crate) enum A { B }",
        "pub struct A { b: u8, pub c: u8 }",
        "pub struct A;",
        "#[cfg(test)] mod tests { pub enum A {} }",
    ] {
        assert_eq!(found(open), 0, "{open}");
    }
    let sources = [("a/src/a.rs".to_owned(), "pub enum A { B }".to_owned())];
    assert_eq!((held(&sources, &[]).len(), held(&sources, &[("A", "")]).len()), (1, 0));
    assert_eq!(held(&sources, &[("A", ""), ("C", "")]).len(), 1, "a row that nothing needs");
}
