//! Doubts about a document: compares its tables with its examples and with other APIs.
//!
//! Each has a stable id, a place and evidence, so that it can be accepted until the document changes. Knows no Rust
//! and no API by its id.

mod across;
mod keys;
mod kinds;
mod page;
mod table;
mod values;

use std::collections::BTreeSet;

pub use kinds::{Kind, Row};

use rayon::prelude::*;

use crate::ir::Spec;
use crate::ir::digest;
use crate::names::Names;
use crate::reading::Reading;
use crate::sheet::ApiSheet;
use page::{Page, Place};

/// One doubt.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Doubt {
    /// The API; empty where an element of several is meant.
    pub api: String,
    /// `response.list.dt`, an element, a column; empty for the API itself.
    pub at: String,
    /// What kind.
    pub kind: Kind,
    /// What was seen.
    pub seen: String,
}

impl Doubt {
    fn new(kind: Kind, api: &str, at: &str, seen: impl Into<String>) -> Self {
        Self { api: api.to_owned(), at: at.to_owned(), kind, seen: seen.into() }
    }

    /// `ka10081 response.list.dt`
    pub fn place(&self) -> String {
        [self.api.as_str(), self.at.as_str()].into_iter().filter(|p| !p.is_empty()).collect::<Vec<_>>().join(" ")
    }

    /// What an accepted finding must name: it is void as soon as the document says something else.
    pub fn evidence(&self) -> String {
        digest(&format!("{} {} {}", self.kind.id(), self.place(), self.seen))
    }

    /// What is the matter, in one line.
    pub fn words(&self) -> String {
        let text = self.kind.row().text;
        let words = if self.seen.is_empty() { text.to_owned() } else { format!("{text}: {}", self.seen) };
        words.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
    }
}

/// Every doubt about a document whose facts are in `facts`, each once, by place.
pub fn doubts(document: &Reading, facts: &Spec, names: &Names) -> Vec<Doubt> {
    let sheets: Vec<&ApiSheet> = document.apis().collect();
    let pages: Vec<Page> = sheets.par_iter().filter_map(|sheet| Page::of(sheet, facts)).collect();
    let placed: Vec<(&Page, Vec<Place>)> = pages.par_iter().map(|page| (page, page.fields())).collect();
    let each = placed.par_iter().flat_map_iter(|(page, fields)| {
        let mut out = Vec::new();
        table::doubts(page, fields, names, &mut out);
        keys::doubts(page, &mut out);
        values::doubts(page, fields, names, &mut out);
        out
    });
    let mut out: Vec<Doubt> = each.collect();
    table::columns(&pages, &mut out);
    across::doubts(&placed, &mut out);
    keys::shared(&pages, &mut out);
    keys::envelopes(&pages, &mut out);
    let unique: BTreeSet<Doubt> = out.into_iter().collect();
    unique.into_iter().collect()
}
