//! Arrows between the rooms of a package go one way: the table of allowed ones is complete, and none of them is stale.

mod rings;
mod tree;

use std::collections::BTreeSet;

use crate::none;
use crate::support::root;
use rings::rings;
use tree::{Graph, Package};

/// A room and the rooms that it may know, all of which stand above it in the table.
type Row = (&'static str, &'static [&'static str]);

/// The rooms of `spec`; `ARCHITECTURE.md` shows the same.
const SPEC: [Row; 16] = [
    ("problem", &[]),
    ("describe", &[]),
    ("ir", &["describe"]),
    ("dump", &["problem"]),
    ("example", &["ir"]),
    ("sheet", &["problem", "ir", "dump", "example"]),
    ("reading", &["problem", "describe", "ir", "dump", "sheet"]),
    ("diff", &["describe", "ir"]),
    ("age", &["problem", "ir"]),
    ("import", &["problem", "ir", "dump", "sheet", "example", "diff", "age", "reading"]),
    ("store", &["problem", "ir"]),
    ("names", &["problem", "describe", "ir"]),
    ("errata", &["problem", "describe", "ir"]),
    ("check", &["problem", "describe", "ir", "sheet", "example", "diff", "store", "names", "errata", "reading"]),
    ("drift", &["problem", "ir", "store", "errata"]),
    ("report", &["problem", "diff", "check"]),
];

/// The rooms of `kiwoom-api`, floor by floor; `ARCHITECTURE.md` shows the same.
const KIWOOM_API: [Row; 34] = [
    // ground
    ("language", &[]),
    ("value", &["language"]),
    ("meta", &[]),
    ("effects", &["meta"]),
    ("record", &["value"]),
    ("redact", &[]),
    ("files", &[]),
    // one decoder, one encoder
    ("json", &["language", "value", "record", "redact"]),
    // answers
    ("error", &["language", "meta", "redact", "json"]),
    ("continuation", &["language", "record", "json", "error"]),
    ("drift", &["value", "record", "files", "json"]),
    ("reply", &["record", "json", "error", "continuation"]),
    ("order_id", &["language"]),
    ("intent", &["value", "order_id"]),
    ("outcome", &["language", "error", "reply", "order_id"]),
    ("endpoint", &["meta", "record", "error", "reply"]),
    ("glue", &["value", "record", "json", "error", "reply"]),
    ("entry", &["meta", "record", "endpoint"]),
    // the way to the broker and back
    (
        "net",
        &[
            "language",
            "value",
            "meta",
            "effects",
            "intent",
            "drift",
            "record",
            "redact",
            "files",
            "json",
            "error",
            "continuation",
            "reply",
        ],
    ),
    // surface
    ("client", &["value", "meta", "record", "error", "drift", "reply", "net"]),
    ("call", &["language", "meta", "record", "json", "error", "continuation", "reply", "endpoint", "net", "client"]),
    ("raw", &["meta", "record", "json", "error", "continuation", "reply", "outcome", "net", "client", "call"]),
    ("blocking", &[]),
    ("page", &["language", "record", "json", "error", "continuation", "reply", "endpoint", "client", "call"]),
    // helper types of the rooms below, in modules of their own
    ("limits", &["error", "net"]),
    ("observe", &["drift", "net"]),
    ("clock", &["net"]),
    (
        "generated",
        &["value", "meta", "record", "error", "reply", "outcome", "endpoint", "glue", "entry", "client", "call"],
    ),
    ("need", &["record", "json", "error", "reply"]),
    ("registry", &["record", "entry", "generated"]),
    // below orders, because live orders stand on pushes, and pushes know no order
    (
        "realtime",
        &[
            "language",
            "value",
            "meta",
            "record",
            "redact",
            "files",
            "json",
            "error",
            "endpoint",
            "net",
            "client",
            "generated",
        ],
    ),
    // what a trader builds on
    (
        "order",
        &[
            "language",
            "value",
            "meta",
            "record",
            "redact",
            "files",
            "json",
            "error",
            "reply",
            "order_id",
            "intent",
            "outcome",
            "endpoint",
            "net",
            "client",
            "call",
            "page",
            "generated",
            "realtime",
        ],
    ),
    (
        "testing",
        &[
            "record",
            "json",
            "error",
            "continuation",
            "reply",
            "order_id",
            "outcome",
            "endpoint",
            "glue",
            "net",
            "client",
            "page",
            "realtime",
        ],
    ),
    // pages for rustdoc, no code
    ("guide", &[]),
];

/// The rooms of `kiwoom-sim`; `ARCHITECTURE.md` shows the same.
const KIWOOM_SIM: [Row; 18] = [
    ("session", &[]),
    ("market", &["session"]),
    ("broker", &["session", "market"]),
    ("placed", &["market", "broker"]),
    ("view", &["session", "market", "broker"]),
    ("envelope", &["broker"]),
    ("faults", &["envelope"]),
    ("log", &["envelope", "faults"]),
    ("answer", &["session", "market", "broker", "view", "envelope"]),
    ("socket", &["view", "envelope", "faults", "answer"]),
    ("traffic", &["market", "broker", "envelope", "faults", "socket"]),
    ("replay", &["envelope"]),
    (
        "world",
        &[
            "session", "market", "broker", "placed", "view", "envelope", "faults", "log", "answer", "socket",
            "traffic", "replay",
        ],
    ),
    ("pace", &[]),
    ("house", &["socket", "world", "pace"]),
    ("page", &["session", "market", "broker", "view", "envelope", "faults", "traffic", "world", "house"]),
    ("server", &["envelope", "faults", "socket", "world", "house", "page"]),
    (
        "sim",
        &[
            "session", "market", "broker", "placed", "envelope", "faults", "log", "replay", "world", "pace", "house",
            "server",
        ],
    ),
];

#[test]
fn the_rooms_of_kiwoom_sim_keep_to_their_arrows() {
    let package = Package::open(&root().join("kiwoom-api/sim/src"), &["main.rs"]);
    assert!(package.files().len() > 20, "{:?}", package.files());
    none(held("kiwoom-sim", &package.room_arrows(), &KIWOOM_SIM));
}

#[test]
fn the_rooms_of_kiwoom_api_keep_to_their_arrows() {
    let package = Package::open(&root().join("kiwoom-api/src"), &[]);
    assert!(package.files().len() > 400, "{} files", package.files().len());
    none(held("kiwoom-api", &package.room_arrows(), &KIWOOM_API));
}

#[test]
fn the_rooms_of_spec_keep_to_their_arrows() {
    let package = Package::open(&root().join("spec/src"), &[]);
    assert!(package.files().len() > 40, "{:?}", package.files());
    none(held("spec", &package.room_arrows(), &SPEC));
}

#[test]
#[ignore = "prints the rings of each package: cargo test -p kiwoom-codegen --test invariants rooms -- --ignored --nocapture"]
fn rings_of_each_package() {
    for (package, skip) in [("spec", ""), ("codegen", ""), ("kiwoom-api", "generated/"), ("xtask", "")] {
        let skip = [skip].into_iter().filter(|s| !s.is_empty()).collect::<Vec<_>>();
        let read = Package::open(&root().join(package).join("src"), &skip);
        println!("{package}: {} files", read.files().len());
        for (what, graph) in [("rooms", read.room_arrows()), ("files", read.file_arrows())] {
            assert!(!graph.is_empty(), "{package} has {what}");
            for ring in rings(&graph) {
                println!("  a ring of {} {what}: {}", ring.len(), ring.join(", "));
            }
        }
    }
}

/// What the arrows of a package and its table have against each other.
fn held(package: &str, arrows: &Graph, table: &[Row]) -> Vec<String> {
    let mut found = Vec::new();
    let mut above = BTreeSet::new();
    for (room, allowed) in table {
        let points = arrows.get(*room);
        if points.is_none() {
            found.push(format!("{package} has no room {room}: delete its row"));
        }
        for to in *allowed {
            if !above.contains(to) {
                found.push(format!("{room} may know {to}, which has no row above it: arrows go one way"));
            }
            if points.is_some_and(|p| !p.contains(*to)) {
                found.push(format!("{room} does not know {to} any more: delete {to} from its row"));
            }
        }
        above.insert(room);
    }
    for (room, points) in arrows {
        let Some((_, allowed)) = table.iter().find(|(name, _)| name == room) else {
            found.push(format!("{package} has a room {room} that has no row: add one"));
            continue;
        };
        let extra = points.iter().filter(|to| !allowed.contains(&to.as_str()));
        found.extend(extra.map(|to| format!("{room} knows {to}: move what it needs down, or add {to} to its row")));
    }
    found
}

/// A package of small files: path and text.
fn package(files: &[(&str, &str)]) -> Package {
    let files: Vec<_> = files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
    Package::of(&files)
}

const LIB: &str = "mod low; mod mid; pub mod high; mod glue; pub use low::Thing as Renamed; pub use mid::*;";
const LOW: &str = "pub struct Thing; pub fn make() {} pub mod deep { pub struct Inner; }";
const MID: &str = "pub struct Middle;";
const GLUE: &str = "#[macro_export] macro_rules! glue { () => { $crate::mid::Middle } } pub(crate) use glue as stick;";

#[test]
fn every_way_to_name_another_room_is_an_arrow() {
    let points = |text: &str| {
        let files = [("lib.rs", LIB), ("low.rs", LOW), ("mid/mod.rs", MID), ("glue.rs", GLUE), ("high.rs", text)];
        let arrows = package(&files).room_arrows();
        arrows["high"].iter().cloned().collect::<Vec<_>>().join(" ")
    };
    for (text, want) in [
        ("use crate::low::Thing;", "low"),
        ("use crate::{low::{deep::{self, Inner}, Thing}, mid};", "low mid"),
        ("pub(crate) use super::low as other;", "low"),
        ("use crate::low::Thing as _;", "low"),
        ("use crate::Renamed;", "low"),
        ("use crate::Middle;", "mid"),
        ("use crate::*; fn f(_: Middle) {}", "crate mid"),
        ("use super::*; fn f(_: Renamed) {}", "crate low"),
        ("fn f() { crate::low::make() }", "low"),
        ("fn f() -> Option<crate::low::deep::Inner> { None }", "low"),
        ("fn f() { use crate::low::make; make() }", "low"),
        ("impl From<crate::low::Thing> for u8 {}", "low"),
        ("mod inner { fn f(_: super::super::low::Thing) {} }", "low"),
        ("fn f() { println!(\"{}\", crate::low::make()) }", "low"),
        ("macro_rules! m { () => { $crate::low::make() } }", "low"),
        ("fn f() { crate::glue!() }", "glue"),
        ("use crate::glue::stick;", "glue"),
        ("#[derive(A)] struct B { #[serde(with = \"crate::low::deep\")] c: u8 }", "low"),
        ("const A: fn() = crate::low::make;", "low"),
        ("#[cfg(feature = \"x\")] use crate::low::Thing;", "low"),
    ] {
        assert_eq!(points(text), want, "{text}");
    }
    for text in [
        "use std::fmt; use serde::Deserialize; fn f(low: u8) -> u8 { low }",
        "#[cfg(test)] mod tests { use crate::low::Thing; }",
        "#[cfg(test)] use crate::low::Thing;",
        "/// [`crate::low`]\npub struct A;",
        "pub(crate) struct Thing; mod inner { use super::Thing; } pub(in crate::high) fn f(_: Thing) {}",
        "struct Middle; fn f(_: Middle) {}",
    ] {
        assert_eq!(points(text), "", "{text}");
    }
}

#[test]
fn files_of_tests_are_no_part_of_a_room() {
    let files = [("lib.rs", "mod a; mod b;"), ("a.rs", "#[cfg(test)] mod tests;"), ("a/tests.rs", "use crate::b::B;")];
    let arrows = package(&[&files[..], &[("b.rs", "pub struct B;")]].concat()).room_arrows();
    assert!(arrows["a"].is_empty(), "{arrows:?}");
}

#[test]
fn a_table_is_complete_one_way_and_never_stale() {
    let files = [("lib.rs", ""), ("low.rs", ""), ("mid.rs", "use crate::low::A;"), ("high.rs", "use crate::mid::B;")];
    let arrows = package(&files).room_arrows();
    let found = |table: &[Row]| held("x", &arrows, table).join("; ");
    assert_eq!(found(&[("low", &[]), ("mid", &["low"]), ("high", &["mid"])]), "");
    let wrong: [(&[Row], &str); 5] = [
        (&[("low", &[]), ("mid", &["low"])], "x has a room high that has no row"),
        (&[("low", &[]), ("mid", &[]), ("high", &["mid"])], "mid knows low"),
        (&[("low", &[]), ("mid", &["low"]), ("high", &["mid", "low"])], "high does not know low any more"),
        (&[("mid", &["low"]), ("low", &[]), ("high", &["mid"])], "mid may know low, which has no row above it"),
        (&[("low", &[]), ("mid", &["low"]), ("high", &["mid"]), ("attic", &[])], "x has no room attic"),
    ];
    for (table, want) in wrong {
        assert!(found(table).starts_with(want), "{want}: {}", found(table));
    }
}

#[test]
fn a_ring_is_found_whatever_its_length() {
    let files = [
        ("lib.rs", ""),
        ("a.rs", "use crate::b;"),
        ("b.rs", "use crate::c;"),
        ("c.rs", "use crate::{a, d};"),
        ("d.rs", "use crate::e;"),
        ("e.rs", "use crate::d;"),
        ("f.rs", "use crate::a;"),
    ];
    let package = package(&files);
    assert_eq!(rings(&package.room_arrows()), [vec!["a", "b", "c"], vec!["d", "e"]]);
    assert_eq!(rings(&package.file_arrows()), [vec!["a.rs", "b.rs", "c.rs"], vec!["d.rs", "e.rs"]]);
}
