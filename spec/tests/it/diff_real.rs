//! Compares the two workbooks with each other, and each with a copy in another form.
#![cfg(feature = "workbook")]

use std::collections::BTreeMap;

use crate::import_support::{books, imported, shuffle_rows};
use crate::support;
use kiwoom_spec::check::accepted::Settings;
use kiwoom_spec::diff::{Class, Delta, Rule, compare};
use kiwoom_spec::dump::{self, Document};
use kiwoom_spec::ir::Spec;
use kiwoom_spec::report::{Report, Style, Version};

fn alone(document: &Document) -> Spec {
    imported(&Spec::default(), document).spec
}

fn june_and_july() -> Option<Vec<Delta>> {
    let [june, july] = books()?;
    Some(compare(&alone(june), &alone(july)))
}

#[test]
fn june_and_july_differ_as_counted() {
    let Some(found) = june_and_july() else { return };
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    found.iter().for_each(|d| *counts.entry(d.rule.id()).or_default() += 1);
    let want = [
        ("api-added", 129),
        // every mock host lost the note beside it
        ("api-mock-note-changed", 208),
        // 4,254 texts and 211 lists without a Type word are one loss; one list has another word
        ("column-lost", 1),
        ("type-word-changed", 1),
        ("error-added", 3),
        ("error-places-changed", 1),
        // the request examples of the realtime sheets were flattened
        ("example-changed", 19),
        ("json-type-changed", 38),
    ];
    assert_eq!(counts, want.into_iter().collect());
    let lost = found.iter().find(|d| d.rule == Rule::ColumnLost).expect("the loss");
    assert_eq!((lost.at.as_str(), lost.was.as_str()), ("Type", "4465 cells in 208 APIs"));
    let word = found.iter().find(|d| d.rule == Rule::TypeChanged).expect("the word");
    assert_eq!(
        (word.place(), word.words()),
        ("ka10173 response#2.data".into(), "type-word-changed: LIST -> List<Map>".into())
    );
    let added = |prefix: &str| found.iter().filter(|d| d.rule == Rule::ApiAdded && d.api.starts_with(prefix)).count();
    assert_eq!([added("us"), added("F")], [125, 4]);
    let codes: Vec<&str> = found.iter().filter(|d| d.rule == Rule::ErrorAdded).map(|d| d.at.as_str()).collect();
    assert_eq!(codes, ["errors.1701", "errors.1702", "errors.8200"]);
    assert!(found.iter().all(|d| !matches!(d.class(), Class::Meaning | Class::Source)));
}

#[test]
fn the_screen_of_june_and_july_names_what_matters_and_counts_the_rest() {
    let Some(found) = june_and_july() else { return };
    let mut report = Report::new(("June", "July"), found, &Settings::default());
    report.version = Version::parse("0.1.0");
    let text = report.text(Style::Plain);
    for part in [
        "warning docs Type column-lost: 4465 cells in 208 APIs",
        "warning decode in 19 APIs: request.data.type json-type-changed: 00 04 0A",
        "added (129): F4 F5 FE FT usa01980",
        "the next version is 0.1.1: nothing breaks",
    ] {
        assert!(text.contains(part), "should say {part:?}:\n{text}");
    }
    assert!(text.lines().count() < 50, "more than one screen: {}", text.lines().count());
}

#[test]
fn a_book_in_another_dress_is_no_change() {
    let Some(books) = books() else { return };
    for book in books {
        let facts = alone(book);
        let mut dressed = shuffle_rows(book, 7);
        for (n, sheet) in dressed.sheets.iter_mut().enumerate() {
            sheet.name = format!("Sheet{n}");
        }
        assert_ne!(dressed.sheets[9].rows, book.sheets[9].rows);
        // Saved with CRLF, a hidden sheet, and the last cell merged over further rows.
        for sheets in [&dressed.sheets, &book.sheets] {
            let saved = dump::read_bytes("saved.xlsx", &support::resave(sheets)).expect("a book");
            assert_eq!(compare(&facts, &alone(&saved)), []);
            assert_eq!(compare(&alone(&saved), &facts), []);
        }
    }
}

#[test]
fn an_older_book_after_a_newer_one_is_told_as_it_is() {
    let Some([june, july]) = books() else { return };
    let back = compare(&alone(july), &alone(june));
    let of = |rule| back.iter().filter(|d| d.rule == rule).count();
    assert_eq!((of(Rule::ApiRemoved), of(Rule::ColumnFilled), of(Rule::ErrorRemoved)), (129, 1, 3));
}
