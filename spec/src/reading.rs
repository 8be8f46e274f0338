//! A document whose sheets are parsed: import, doubts and identities read it, and each of them parses nothing again.
//!
//! Owns what is the same for all readers of a document. Knows no committed facts.

use std::collections::HashMap;
use std::sync::Mutex;

use rayon::prelude::*;

use crate::describe::{Facts, describe};
use crate::dump::{Document, Format, Sheet};
use crate::ir::digest;
use crate::problem::Problem;
use crate::sheet::{self, ApiSheet, Kind};

/// A parsed document.
#[derive(Debug)]
pub struct Reading {
    /// The document's name, for messages.
    pub name: String,
    /// The kind of file it was.
    pub format: Format,
    /// Its sheets, in file order.
    pub sheets: Vec<ReadSheet>,
    /// What descriptions say, with their digests: hundreds of fields share one.
    said: Mutex<HashMap<String, (String, Facts)>>,
}

/// A parsed sheet.
#[derive(Debug)]
pub struct ReadSheet {
    /// `file:sheet`
    pub place: String,
    /// What it holds.
    pub kind: Result<Kind, Vec<Problem>>,
    /// What is odd about a list.
    pub doubts: Vec<Problem>,
}

impl Reading {
    /// Parses every sheet.
    pub fn of(document: &Document) -> Self {
        let read = |sheet: &Sheet| {
            let kind = sheet::read(sheet);
            let doubts = match kind {
                Ok(Kind::List(_) | Kind::Errors(_)) => sheet::list_doubts(sheet),
                _ => Vec::new(),
            };
            ReadSheet { place: format!("{}:{}", sheet.file, sheet.name), kind, doubts }
        };
        let sheets = document.sheets.par_iter().map(read).collect();
        Self { name: document.name.clone(), format: document.format, sheets, said: Mutex::default() }
    }

    /// The sheets that describe an API.
    pub fn apis(&self) -> impl Iterator<Item = &ApiSheet> {
        self.sheets.iter().filter_map(|sheet| match &sheet.kind {
            Ok(Kind::Api(api)) => Some(&**api),
            _ => None,
        })
    }

    /// What a description of this document says, and its digest.
    pub fn say(&self, text: &str) -> (String, Facts) {
        let said = || self.said.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(said) = said().get(text) {
            return said.clone();
        }
        // Not under the lock: sheets are imported in parallel, and two of them may describe the same text.
        let facts = (digest(text), describe(text));
        said().insert(text.to_owned(), facts.clone());
        facts
    }
}
