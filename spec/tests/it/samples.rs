//! The documents of `spec/samples` give the committed facts, in each format and from nothing.
//!
//! After a change of the table in `sample_data`, write the files anew:
//! `cargo test -p kiwoom-spec --features workbook --test it -- --ignored write`
#![cfg(feature = "workbook")]

use crate::import_support;
use crate::sample_data;
use crate::support;
use std::fs;
use std::path::PathBuf;

use kiwoom_spec::dump::{self, Document, Format, Sheet};
use kiwoom_spec::import::import;
use kiwoom_spec::ir::{Api, Field, Spec};
use kiwoom_spec::store;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("samples")
}

/// The documents: what is read, and whether it names all APIs there are.
fn documents() -> [(Document, bool); 3] {
    let read = |name: &str| {
        let documents = dump::read_path(&folder().join(name)).unwrap_or_else(|p| panic!("{name}: {p:?}"));
        let format = documents[0].format;
        let sheets = documents.into_iter().flat_map(|d| d.sheets).collect();
        Document { name: name.to_owned(), format, sheets }
    };
    [(read("samples.xlsx"), true), (read("style1"), false), (read("style2"), false)]
}

#[test]
fn each_document_onto_nothing_gives_the_committed_facts_but_for_digests() {
    let committed = committed();
    for (document, complete) in documents() {
        let import = import(&Spec::default(), &document);
        assert_eq!(import.problems, [], "{}", document.name);
        assert_eq!((import.sheets, import.complete), (7, complete), "{}", document.name);
        for (id, api) in import.spec.apis {
            let (got, want) = (without_digests(api), &committed.apis[&id]);
            for (got, want) in render(&got).lines().zip(render(want).lines()) {
                assert_eq!(got, want, "{}: {id}", document.name);
            }
            assert_eq!(&got, want, "{}: {id}", document.name);
        }
        for (code, error) in import.spec.errors {
            assert_eq!(error.holes, committed.errors[&code].holes, "{}: {code}", document.name);
        }
    }
}

#[test]
fn a_sample_that_was_shuffled_or_saved_again_gives_the_same_facts() {
    let [(book, _), ..] = documents();
    let want = store::render(&import(&Spec::default(), &book).spec);
    for seed in 1..=20 {
        let shuffled = import_support::shuffle_rows(&book, seed);
        assert_ne!(shuffled, book);
        import_support::assert_files("shuffled", &store::render(&import(&Spec::default(), &shuffled).spec), &want);
    }
    let saved = dump::read_bytes("saved.xlsx", &support::resave(&book.sheets)).expect("a workbook");
    import_support::assert_files("saved again", &store::render(&import(&Spec::default(), &saved).spec), &want);
}

#[test]
fn the_three_documents_hold_the_same_sheets() {
    let want = sample_data::sheets();
    for (document, _) in documents() {
        let format = if document.name == "samples.xlsx" { Format::Workbook } else { Format::Markdown };
        assert_eq!(document.format, format);
        let mut got: Vec<&Sheet> = document.sheets.iter().collect();
        let mut want: Vec<&Sheet> = want.iter().collect();
        for sheets in [&mut got, &mut want] {
            sheets.sort_by_key(|s| format!("{:?}", s.rows));
        }
        assert_eq!(got.len(), want.len());
        for (got, want) in got.iter().zip(want) {
            assert_eq!(got.rows, want.rows, "{}: {}", document.name, want.name);
        }
    }
}

#[test]
fn the_files_are_what_the_table_says() {
    for (path, text) in sample_data::markdown() {
        let have = fs::read_to_string(folder().join(&path)).unwrap_or_default();
        assert!(have == text, "spec/samples/{path} is stale: see the head of {}", file!());
    }
    let have = fs::read(folder().join("samples.xlsx")).expect("samples.xlsx");
    let have = dump::read_bytes("samples.xlsx", &have).expect("a workbook");
    let want = dump::read_bytes("samples.xlsx", &sample_data::workbook()).expect("a workbook");
    // Not byte by byte: another version of the compressor may pack the same cells otherwise.
    assert!(have == want, "spec/samples/samples.xlsx is stale: see the head of {}", file!());
    assert_eq!(sample_data::workbook(), sample_data::workbook());
}

#[test]
#[ignore = "writes spec/samples"]
fn write() {
    for (path, text) in sample_data::markdown() {
        let path = folder().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }
    fs::write(folder().join("samples.xlsx"), sample_data::workbook()).expect("a file");
}

/// The committed facts of the seven, and all error codes.
fn committed() -> Spec {
    let spec = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let paths = sample_data::samples().map(|s| store::api_path(s.id)).into_iter().chain([store::ERRORS.to_owned()]);
    let files = paths.map(|p| (p.clone(), fs::read_to_string(spec.join(&p)).expect(&p))).collect();
    let mut spec = store::parse(&files).expect("the committed facts");
    spec.apis = spec.apis.into_iter().map(|(id, api)| (id, without_digests(api))).collect();
    spec
}

fn render(api: &Api) -> String {
    let spec = Spec { apis: [(api.id.clone(), api.clone())].into(), ..Spec::default() };
    store::render(&spec).remove(&store::api_path(&api.id)).expect("its file")
}

/// Digests stand for words, and the words of the samples are ours.
fn without_digests(mut api: Api) -> Api {
    api.overview = None;
    for side in [&mut api.request, &mut api.response] {
        side.example = None;
        let fields = side.headers.iter_mut().chain(side.blocks.iter_mut().flat_map(|b| &mut b.fields));
        fields.for_each(clear);
    }
    api
}

fn clear(field: &mut Field) {
    field.text = None;
    field.fields.iter_mut().for_each(clear);
}
