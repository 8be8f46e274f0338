//! What must hold for the whole: the sources, the curated tables, the generated tree.

mod changes;
mod conditions;
mod curated;
mod evidence;
mod field_notes;
mod finding;
mod foreign;
mod fresh;
mod glosses;
mod growth;
mod impact;
mod names;
mod readmes;
mod rooms;
mod shape;
mod sources;
#[path = "../support/mod.rs"]
mod support;
mod surface;
mod trades;
mod traps;
mod units;

use std::sync::LazyLock;

use kiwoom_codegen::Output;
use kiwoom_codegen::model::{Api, Model, Struct};

use support::Committed;

/// What is committed under `spec/`, read once.
static COMMITTED: LazyLock<Committed> = LazyLock::new(support::committed);

/// Its model.
static MODEL: LazyLock<Model> = LazyLock::new(|| kiwoom_codegen::lower::lower(&COMMITTED.spec, &COMMITTED.names));

/// What is generated from it.
static OUTPUT: LazyLock<Output> = LazyLock::new(|| kiwoom_codegen::generate(&COMMITTED.spec, &COMMITTED.names).0);

/// Every API of the model.
fn apis() -> impl Iterator<Item = &'static Api> {
    MODEL.menus.iter().flat_map(|m| &m.apis)
}

/// Every struct of an API.
fn structs(api: &Api) -> impl Iterator<Item = &Struct> {
    api.request.iter().map(|r| &r.body).chain([&api.reply]).chain(&api.push).chain(&api.nested)
}

/// Fails with one finding a line.
#[track_caller]
fn none(findings: Vec<String>) {
    assert!(findings.is_empty(), "{} findings:\n{}", findings.len(), findings.join("\n"));
}
