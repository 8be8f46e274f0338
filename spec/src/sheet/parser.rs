//! What is known of a sheet while it is read, and what is wrong with it.

use super::ApiSheet;
use super::label::ColumnLabel;
use crate::dump::{Row, Sheet};
use crate::problem::Problem;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Half {
    Request,
    Response,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum HeaderPart {
    Unknown,
    Header,
    Body,
}

pub(super) struct Parser<'a> {
    pub sheet: &'a Sheet,
    pub out: ApiSheet,
    pub problems: Vec<Problem>,
    /// Columns of the open table that no head names and that were reported.
    pub nameless: Vec<usize>,
    /// Which columns of the open table have a head.
    pub heads: Vec<bool>,
    /// Labels of the head of the sheet with their values.
    pub labels: Vec<(ColumnLabel, String)>,
}

impl Parser<'_> {
    pub fn of(sheet: &Sheet) -> Parser<'_> {
        Parser {
            sheet,
            out: ApiSheet::default(),
            problems: Vec::new(),
            nameless: Vec::new(),
            heads: Vec::new(),
            labels: Vec::new(),
        }
    }

    pub fn doubt(&mut self, row: &Row, column: usize, what: String, loss: &str) {
        let fix = format!("{loss}: look whether the reader (spec/src/sheet/label.rs) should know it");
        self.out.doubts.push(Problem::warning("unknown-label", self.sheet.place(row.number, column), what, fix));
    }

    pub fn fail(&mut self, id: &'static str, row: &Row, column: usize, what: &str, fix: &str) {
        self.problems.push(Problem::error(id, self.sheet.place(row.number, column), what, fix));
    }
}
