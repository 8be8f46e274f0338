//! A sheet's cells to the tables they hold. Labels in column A decide, never row numbers, sheet names or file names.
//!
//! Owns the layout of the broker's sheets. Knows no API id, no meaning of a description, and nothing about older
//! documents.

mod label;
mod list;
mod parser;
mod table;
mod tree;
mod walk;

use std::sync::OnceLock;

use crate::dump::Sheet;
use crate::example::{self, Example};
use crate::problem::Problem;

use label::{ColumnLabel, label};
pub use list::list_doubts;
use list::{error_rows, list_rows};
use parser::Parser;

/// What a sheet turned out to be.
#[derive(Debug)]
pub enum Kind {
    /// The description of one API.
    Api(Box<ApiSheet>),
    /// The list of all APIs: id and name of each row, in order.
    List(Vec<ListRow>),
    /// The broker's error codes: code and message.
    Errors(Vec<(String, String)>),
    /// None of ours.
    Foreign,
}

/// A row of the list sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListRow {
    /// API ID
    pub id: String,
    /// API 명
    pub name: String,
    /// URL
    pub path: String,
    /// Its place, for messages.
    pub place: String,
}

/// The cells of one API sheet.
#[derive(Debug, Default)]
pub struct ApiSheet {
    /// Place of the id, for messages.
    pub place: String,
    /// API ID
    pub id: String,
    /// API 명
    pub name: Option<String>,
    /// 메뉴 위치
    pub menu: Option<String>,
    /// Method
    pub method: Option<String>,
    /// 운영 도메인
    pub real: Option<String>,
    /// 모의투자 도메인
    pub mock: Option<String>,
    /// URL
    pub path: Option<String>,
    /// Format
    pub format: Option<String>,
    /// 개요
    pub overview: Option<String>,
    /// Request tables
    pub request: SideSheet,
    /// Response tables
    pub response: SideSheet,
    /// Labels and columns that nobody knows: read over, but never without a word.
    pub doubts: Vec<Problem>,
    /// Columns that a table does not have at all: their cells are not blank, they are not there.
    pub absent: Vec<&'static str>,
}

/// The tables of one direction.
#[derive(Debug, Default)]
pub struct SideSheet {
    /// Header elements.
    pub headers: Vec<RowField>,
    /// Body tables; more than one where titled rows open them.
    pub blocks: Vec<BlockSheet>,
    /// The example's text and place.
    pub example: Option<(String, String)>,
    /// Its documents, once somebody has asked.
    read: OnceLock<Result<Vec<Example>, String>>,
}

impl SideSheet {
    /// The documents of the example, or why it cannot be read; none where there is no example.
    pub fn examples(&self) -> Option<Result<&[Example], &str>> {
        let (text, _) = self.example.as_ref()?;
        let read = self.read.get_or_init(|| example::read(text));
        Some(read.as_ref().map(Vec::as_slice).map_err(String::as_str))
    }
}

/// One body table.
#[derive(Debug, Default)]
pub struct BlockSheet {
    /// The title row's text.
    pub title: Option<String>,
    /// The elements, nested.
    pub fields: Vec<RowField>,
}

/// One element's cells.
#[derive(Debug, Default)]
pub struct RowField {
    /// Its row and column: as a text it is needed for messages only.
    pub at: (u32, usize),
    /// Element without depth marks.
    pub key: String,
    /// 한글명
    pub name: Option<String>,
    /// Type
    pub ty: Option<String>,
    /// Required
    pub required: Option<String>,
    /// Length
    pub length: Option<String>,
    /// Description
    pub description: Option<String>,
    /// Elements one level deeper.
    pub fields: Vec<RowField>,
}

/// Reads one sheet.
///
/// # Errors
/// Everything that is broken about its structure.
pub fn read(sheet: &Sheet) -> Result<Kind, Vec<Problem>> {
    if let Some(rows) = list_rows(sheet) {
        return Ok(Kind::List(rows));
    }
    if let Some(rows) = error_rows(sheet) {
        return Ok(Kind::Errors(rows));
    }
    if !sheet.rows.iter().any(|r| r.cell(0).is_some_and(|a| label(a) != ColumnLabel::Other)) {
        return Ok(Kind::Foreign);
    }
    let mut parser = Parser::of(sheet);
    parser.run();
    if parser.problems.is_empty() { Ok(Kind::Api(Box::new(parser.out))) } else { Err(parser.problems) }
}
