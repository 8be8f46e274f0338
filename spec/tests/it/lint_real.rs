//! The doubts about the July workbook: each irregularity that was counted by hand, exactly once.
#![cfg(feature = "workbook")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use crate::import_support::{books, both_imported};
use kiwoom_spec::check::doubts::{Doubt, doubts};
use kiwoom_spec::names::{self, Names};
use kiwoom_spec::reading::Reading;

pub(crate) fn tables() -> Names {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("names");
    let files = fs::read_dir(folder).expect("spec/names").map(|e| e.expect("an entry"));
    let text = |e: fs::DirEntry| {
        (e.file_name().to_string_lossy().into_owned(), fs::read_to_string(e.path()).expect("a table"))
    };
    names::parse(&files.map(text).collect()).expect("the tables")
}

fn july() -> Option<Vec<Doubt>> {
    let [_, july] = books()?;
    Some(doubts(&Reading::of(july), both_imported()?, &tables()))
}

/// `tests/data/doubts.txt`: places by kind.
fn expected() -> BTreeMap<&'static str, BTreeSet<String>> {
    let mut out: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    let mut kind = "";
    for line in include_str!("../data/doubts.txt").lines().filter(|l| !l.starts_with("//")) {
        if let Some(name) = line.strip_prefix("# ") {
            kind = name;
            continue;
        }
        let places = out.entry(kind).or_default();
        if let Some((at, apis)) = line.strip_prefix('=').and_then(|l| l.split_once('|')) {
            places.extend(apis.split_whitespace().map(|api| format!("{api} {}", at.trim()).trim().to_owned()));
        } else {
            let mut words = line.split(' ');
            let api = words.next().unwrap_or("");
            places.extend(words.map(|at| format!("{api} {at}")));
        }
    }
    out
}

#[test]
fn each_case_is_found_exactly_once() {
    let Some(found) = july() else { return };
    let mut by_kind: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    found.iter().for_each(|d| by_kind.entry(d.kind.id()).or_default().push(d.place()));
    for (kind, places) in &by_kind {
        let once: BTreeSet<&String> = places.iter().collect();
        assert_eq!(once.len(), places.len(), "{kind} names a place twice");
    }
    for (kind, want) in expected() {
        let got: BTreeSet<String> = by_kind.remove(kind).unwrap_or_default().into_iter().collect();
        let missing: Vec<&String> = want.difference(&got).collect();
        let more: Vec<&String> = got.difference(&want).collect();
        assert!(missing.is_empty() && more.is_empty(), "{kind}: not found {missing:?}; too many {more:?}");
    }
    // Kinds with more places than a person reads are counted.
    let counts: BTreeMap<&str, usize> = by_kind.iter().map(|(kind, places)| (*kind, places.len())).collect();
    let want = [
        ("blank-code", 63),
        ("decimals-wrong", 39),
        ("fid-names-differ", 68),
        ("integer-and-decimal", 100),
        ("sign-not-shown", 89),
        ("sign-undocumented", 80),
        ("signed-zero", 37),
        ("unit-differs", 72),
    ];
    assert_eq!(counts, want.into_iter().collect());
}

#[test]
fn the_lists_are_as_long_as_they_were_counted_in_the_document() {
    // Counted by another program before this one: section, kind, number.
    let counted = [
        ("response-required", 4),
        ("required-but-blank", 7),
        ("code-longer-than-length", 16),
        ("example-not-json", 65),
        ("list-misspelt", 11),
        ("foreign-example", 2),
        ("envelope-spelling", 2),
        ("example-flattened", 23),
        ("double-sign", 30),
        ("padding-wrong", 5),
        ("grouped-number", 2),
        ("duplicate-code", 2),
        ("push-name-differs", 6),
    ];
    let expected = expected();
    for (kind, n) in counted {
        assert_eq!(expected[kind].len(), n, "{kind}");
    }
}

#[test]
fn evidence_is_another_once_the_document_says_something_else() {
    let (Some([june, july]), Some(spec)) = (books(), both_imported()) else { return };
    let names = tables();
    let evidence = |book| -> BTreeMap<String, String> {
        let found = doubts(&Reading::of(book), spec, &names);
        found.iter().map(|d| (format!("{} {}", d.kind.id(), d.place()), d.evidence())).collect()
    };
    let (old, new) = (evidence(june), evidence(july));
    let same = old.iter().filter(|(place, e)| new.get(*place) == Some(e)).count();
    assert!(same > 300, "what did not change keeps its evidence: {same}");
    assert!(!old.contains_key("column-blank Type") && new.contains_key("column-blank Type"));
}
