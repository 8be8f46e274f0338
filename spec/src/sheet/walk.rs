//! The walk over the rows of a sheet: which section a row belongs to, and the labels above the sections.

use super::label::{ColumnLabel, label};
use super::parser::{Half, HeaderPart, Parser};
use super::tree::adopt;
use crate::dump::Row;
use crate::problem::Problem;

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

impl Parser<'_> {
    pub fn run(&mut self) {
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
}
