//! A sheet's cells to the tables they hold. Labels in column A decide, never row numbers, sheet names or file names.
//!
//! Owns the layout of the broker's sheets. Knows no API id, no meaning of a description, and nothing about older
//! documents.

mod list;
mod tree;

use std::sync::OnceLock;

use crate::dump::{Row, Sheet};
use crate::example::{self, Example};
use crate::problem::Problem;

pub use list::list_doubts;
use list::{error_rows, list_rows};
use tree::{adopt, depth, is_element, place};

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
    let mut parser = Parser {
        sheet,
        out: ApiSheet::default(),
        problems: Vec::new(),
        nameless: Vec::new(),
        heads: Vec::new(),
        labels: Vec::new(),
    };
    parser.run();
    if parser.problems.is_empty() { Ok(Kind::Api(Box::new(parser.out))) } else { Err(parser.problems) }
}

/// The labels of column A.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ColumnLabel {
    Menu,
    Name,
    Id,
    Method,
    Real,
    Mock,
    Url,
    Format,
    ContentType,
    Overview,
    Request,
    Response,
    RequestExample,
    ResponseExample,
    TableHead,
    Header,
    Body,
    /// Decoration that carries nothing: `API 정보`, `기본정보`, the back link.
    Title,
    Other,
}

fn label(text: &str) -> ColumnLabel {
    match text {
        "메뉴 위치" => ColumnLabel::Menu,
        "API 명" => ColumnLabel::Name,
        "API ID" => ColumnLabel::Id,
        "Method" => ColumnLabel::Method,
        "운영 도메인" => ColumnLabel::Real,
        "모의투자 도메인" => ColumnLabel::Mock,
        "URL" => ColumnLabel::Url,
        "Format" => ColumnLabel::Format,
        "Content-Type" => ColumnLabel::ContentType,
        "개요" => ColumnLabel::Overview,
        "Request" => ColumnLabel::Request,
        "Response" => ColumnLabel::Response,
        "Request Example" => ColumnLabel::RequestExample,
        "Response Example" => ColumnLabel::ResponseExample,
        "구분" => ColumnLabel::TableHead,
        "Header" => ColumnLabel::Header,
        "Body" => ColumnLabel::Body,
        "API 정보" | "기본정보" | "키움 REST API" | "◀ API 리스트 이동" => ColumnLabel::Title,
        _ => ColumnLabel::Other,
    }
}

/// The columns of a table of fields.
const COLUMNS: [&str; 7] = ["구분", "Element", "한글명", "Type", "Required", "Length", "Description"];
/// Where the walk over the rows stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Info,
    Overview,
    /// After `Request` or `Response`, before the table's head.
    Opened(Half),
    Table(Half, HeaderPart),
    Example(Half),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Half {
    Request,
    Response,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum HeaderPart {
    Unknown,
    Header,
    Body,
}

struct Parser<'a> {
    sheet: &'a Sheet,
    out: ApiSheet,
    problems: Vec<Problem>,
    /// Columns of the open table that no head names and that were reported.
    nameless: Vec<usize>,
    /// Which columns of the open table have a head.
    heads: Vec<bool>,
    /// Labels of the head of the sheet with their values.
    labels: Vec<(ColumnLabel, String)>,
}

/// Columns of a table, found by the labels of its head row.
#[derive(Clone, Copy)]
struct Columns {
    element: usize,
    name: Option<usize>,
    ty: Option<usize>,
    required: Option<usize>,
    length: Option<usize>,
    description: Option<usize>,
}

impl Parser<'_> {
    fn run(&mut self) {
        let sheet = self.sheet;
        let mut state = State::Info;
        let mut columns = None;
        let mut overview: Vec<&str> = Vec::new();
        let mut seen = [false; 2];
        for row in &sheet.rows {
            let first = row.cell(0);
            let kind = first.map_or(ColumnLabel::Other, label);
            // A section label stands alone in its row; the same word inside a value does not.
            let alone = row.cells.iter().skip(1).all(Option::is_none);
            match kind {
                ColumnLabel::Request | ColumnLabel::Response if alone => {
                    let way = if kind == ColumnLabel::Request { Half::Request } else { Half::Response };
                    seen[way as usize] = true;
                    columns = None;
                    state = State::Opened(way);
                    continue;
                }
                ColumnLabel::RequestExample if alone => {
                    state = State::Example(Half::Request);
                    continue;
                }
                ColumnLabel::ResponseExample if alone => {
                    state = State::Example(Half::Response);
                    continue;
                }
                ColumnLabel::Overview if alone && state == State::Info => {
                    state = State::Overview;
                    continue;
                }
                _ => {}
            }
            match state {
                State::Info if kind == ColumnLabel::Overview => {
                    overview.extend(row.cells.iter().skip(1).flatten().map(String::as_str));
                    state = State::Overview;
                }
                State::Info => self.info(row, kind),
                State::Overview => overview.extend(row.cells.iter().flatten().map(String::as_str)),
                State::Opened(way) => match kind {
                    ColumnLabel::TableHead => {
                        columns = self.head(row);
                        state = State::Table(way, HeaderPart::Unknown);
                    }
                    _ => {
                        self.fail("no-header-row", row, 0, "the table has no head row", "the row after Request or Response must be 구분 | Element | 한글명 | Type | Required | Length | Description");
                        state = State::Table(way, HeaderPart::Unknown);
                    }
                },
                State::Table(way, part) => {
                    let Some(columns) = columns else { continue };
                    state = State::Table(way, self.table_row(row, kind, way, part, columns));
                }
                // An example stands alone in column A; a label with its value is the head of another sheet.
                State::Example(_)
                    if !alone && matches!(kind, ColumnLabel::Id | ColumnLabel::Name | ColumnLabel::Menu) =>
                {
                    let fix = "give one sheet a file, or a heading above each";
                    self.fail("second-sheet", row, 0, "a second sheet begins here: were two files joined?", fix);
                    break;
                }
                State::Example(way) => self.example(row, way),
            }
        }
        self.out.overview = Some(overview.join("\n")).filter(|t| !t.is_empty());
        self.adopt_children();
        self.finish(seen);
    }

    fn finish(&mut self, seen: [bool; 2]) {
        let top = Row { number: 1, cells: Vec::new() };
        if self.out.id.is_empty() && !self.problems.iter().any(|p| p.id == "bad-id") {
            self.fail(
                "no-api-id",
                &top,
                0,
                "the sheet has no API ID",
                "fill the cell next to the label API ID, or leave the sheet out",
            );
        }
        for (way, name) in [(0, "Request"), (1, "Response")] {
            if !seen[way] {
                self.fail(
                    "no-section",
                    &top,
                    0,
                    &format!("the sheet has no section {name}"),
                    "a sheet is complete for its API: add the section, or leave the sheet out",
                );
            }
        }
    }

    fn adopt_children(&mut self) {
        for block in self.out.request.blocks.iter_mut().chain(&mut self.out.response.blocks) {
            if let Err(((row, column), key)) = adopt(&mut block.fields) {
                let what = format!("{key:?} belongs to the envelope and cannot contain the deeper rows below it");
                self.problems.push(Problem::error(
                    "envelope-children",
                    self.sheet.place(row, column),
                    what,
                    "move the rows below the element that contains them",
                ));
            }
        }
    }

    fn doubt(&mut self, row: &Row, column: usize, what: String, loss: &str) {
        let fix = format!("{loss}: look whether the reader (spec/src/sheet.rs) should know it");
        self.out.doubts.push(Problem::warning("unknown-label", self.sheet.place(row.number, column), what, fix));
    }

    fn fail(&mut self, id: &'static str, row: &Row, column: usize, what: &str, fix: &str) {
        self.problems.push(Problem::error(id, self.sheet.place(row.number, column), what, fix));
    }

    fn info(&mut self, row: &Row, kind: ColumnLabel) {
        // The value stands in C (A:B is merged); a hand-made dump may have it in B.
        let value = row.cells.iter().skip(1).flatten().next().cloned();
        let place = || self.sheet.place(row.number, 2);
        if kind != ColumnLabel::Other && kind != ColumnLabel::Title {
            let values: Vec<(usize, &String)> =
                row.cells.iter().enumerate().skip(1).filter_map(|(i, c)| Some((i, c.as_ref()?))).collect();
            if let [_, (column, more), ..] = values[..] {
                let shown: String = more.chars().take(30).collect();
                self.doubt(row, column, format!("{shown:?} is a second value of its label"), "it is not read");
            }
            if let Some((_, text)) = values.first() {
                let other = self.labels.iter().find(|(label, have)| *label == kind && have != *text);
                if let Some((_, have)) = other {
                    let label = row.cell(0).unwrap_or_default();
                    let what = format!("{label} stands twice, as {have:?} and as {text:?}");
                    self.fail("label-twice", row, 2, &what, "delete the wrong row; two sheets need a heading each");
                }
                self.labels.push((kind, (*text).clone()));
            }
        }
        match kind {
            ColumnLabel::Menu => self.out.menu = value,
            ColumnLabel::Name => self.out.name = value,
            ColumnLabel::Id => match value {
                Some(id) if !id.is_empty() && id.len() <= 16 && id.bytes().all(|b| b.is_ascii_alphanumeric()) => {
                    self.out.place = place();
                    self.out.id = id;
                }
                Some(id) => {
                    let shown: String = id.chars().take(30).collect();
                    self.fail(
                        "bad-id",
                        row,
                        2,
                        &format!("{shown:?} is no API id"),
                        "an id is up to 16 letters and digits, such as ka10081 or 0B",
                    );
                }
                None => {}
            },
            ColumnLabel::Method => self.out.method = value,
            ColumnLabel::Real => self.out.real = value,
            ColumnLabel::Mock => self.out.mock = value,
            ColumnLabel::Url => self.out.path = value,
            ColumnLabel::Format => self.out.format = value,
            ColumnLabel::TableHead | ColumnLabel::Header | ColumnLabel::Body => {
                self.fail(
                    "no-section",
                    row,
                    0,
                    "a table stands before Request and Response",
                    "add the row Request or Response above its head row",
                );
            }
            // A row of a later layout: nothing that is known is lost by reading on, but it may say something new.
            ColumnLabel::Other if row.cell(0).is_some() => {
                let shown: String = row.cell(0).unwrap_or_default().chars().take(30).collect();
                self.doubt(row, 0, format!("{shown:?} is not a known label of a sheet"), "what it says is not read");
            }
            _ => {}
        }
    }

    fn head(&mut self, row: &Row) -> Option<Columns> {
        let is = |cell: &Option<String>, want: &str| cell.as_deref().is_some_and(|c| c.eq_ignore_ascii_case(want));
        let find = |want: &str| row.cells.iter().position(|c| is(c, want));
        self.nameless.clear();
        self.heads = row.cells.iter().map(Option::is_some).collect();
        for (column, name) in row.cells.iter().enumerate().filter_map(|(i, c)| Some((i, c.as_deref()?))) {
            let first = find(name) == Some(column);
            if !first || !COLUMNS.iter().any(|known| name.eq_ignore_ascii_case(known)) {
                let shown: String = name.chars().take(30).collect();
                self.doubt(
                    row,
                    column,
                    format!("{shown:?} is not a known column of a table"),
                    "its cells are not read",
                );
            }
        }
        for column in COLUMNS.iter().skip(2).filter(|c| find(c).is_none()) {
            if !self.out.absent.contains(column) {
                self.out.absent.push(column);
            }
        }
        let Some(element) = find("Element") else {
            self.fail(
                "no-header-row",
                row,
                1,
                "the head row names no Element column",
                "the row must be 구분 | Element | 한글명 | Type | Required | Length | Description",
            );
            return None;
        };
        Some(Columns {
            element,
            name: find("한글명"),
            ty: find("Type"),
            required: find("Required"),
            length: find("Length"),
            description: find("Description"),
        })
    }

    fn table_row(&mut self, row: &Row, kind: ColumnLabel, way: Half, part: HeaderPart, columns: Columns) -> HeaderPart {
        // A head cell that spans two columns, or was cut off, names one column less than there are.
        let named = |column: usize| self.heads.get(column).is_some_and(|named| *named);
        let more = row
            .cells
            .iter()
            .enumerate()
            .position(|(c, text)| text.is_some() && c > 0 && !named(c) && !self.nameless.contains(&c));
        if let Some(column) = more {
            self.nameless.push(column);
            self.doubt(row, column, "the column has no head".to_owned(), "its cells are not read");
        }
        let side = match way {
            Half::Request => &mut self.out.request,
            Half::Response => &mut self.out.response,
        };
        let part = match (kind, row.cell(0)) {
            (_, None) => part,
            (ColumnLabel::Header, _) => HeaderPart::Header,
            (ColumnLabel::Body, _) => {
                let rest_blank = row.cells.iter().skip(columns.element + 1).all(Option::is_none);
                if let Some(title) = row.cell(columns.element).filter(|t| rest_blank && !is_element(t)) {
                    side.blocks.push(BlockSheet { title: Some(title.to_owned()), fields: Vec::new() });
                    return HeaderPart::Body;
                }
                if side.blocks.is_empty() {
                    side.blocks.push(BlockSheet::default());
                }
                HeaderPart::Body
            }
            (_, Some(other)) => {
                let shown: String = other.chars().take(30).collect();
                self.fail(
                    "unknown-section",
                    row,
                    0,
                    &format!("{shown:?} is not a known section label"),
                    "column A of a table holds Header, Body, or nothing",
                );
                return part;
            }
        };
        let Some(element) = row.cell(columns.element) else {
            if row.cells.iter().skip(1).any(Option::is_some) {
                self.fail(
                    "no-element",
                    row,
                    columns.element,
                    "the row names no element",
                    "fill the Element cell, or delete the row",
                );
            }
            return part;
        };
        let (depth, key) = depth(element);
        let cell = |c: Option<usize>| c.and_then(|c| row.cell(c)).map(str::to_owned);
        let field = RowField {
            at: (row.number, columns.element),
            key: key.to_owned(),
            name: cell(columns.name),
            ty: cell(columns.ty),
            required: cell(columns.required),
            length: cell(columns.length),
            description: cell(columns.description),
            fields: Vec::new(),
        };
        let fields = match part {
            HeaderPart::Header => &mut side.headers,
            HeaderPart::Body => match side.blocks.last_mut() {
                Some(block) => &mut block.fields,
                None => return part,
            },
            HeaderPart::Unknown => {
                self.fail(
                    "unknown-section",
                    row,
                    0,
                    "the row belongs to neither Header nor Body",
                    "column A of the first row of a group must say Header or Body",
                );
                return part;
            }
        };
        if let Err((id, what, fix)) = place(fields, depth, field) {
            self.fail(id, row, columns.element, &what, fix);
        }
        part
    }

    fn example(&mut self, row: &Row, way: Half) {
        let filled: Vec<usize> = row.cells.iter().enumerate().filter_map(|(i, c)| c.as_ref().map(|_| i)).collect();
        if let [_, column, ..] = filled[..] {
            self.doubt(row, column, "a second cell beside the example".to_owned(), "it is not read");
        }
        let side = match way {
            Half::Request => &mut self.out.request,
            Half::Response => &mut self.out.response,
        };
        let Some(text) = row.cells.iter().flatten().next() else { return };
        match &mut side.example {
            Some((have, _)) => {
                have.push('\n');
                have.push_str(text);
            }
            None => side.example = Some((text.clone(), self.sheet.place(row.number, 0))),
        }
    }
}
