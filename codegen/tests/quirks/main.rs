//! One mini-sheet per quirk of the broker's documents, from cells to Rust.
//!
//! Each test writes its own sheet, imports it into an empty spec, names it by small tables and shows the items that
//! the quirk is about. Accept what changed with `INSTA_UPDATE=always cargo test -p kiwoom-codegen` and read the diff.

mod calls;
mod meanings;
mod naming;
mod page;
mod structure;
#[path = "../support/mod.rs"]
mod support;
mod values;
