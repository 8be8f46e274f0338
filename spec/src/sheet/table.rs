//! The rows of a table: its head row, its elements, the text of an example below it.

use super::label::{COLUMNS, ColumnLabel};
use super::parser::{Half, HeaderPart, Parser};
use super::tree::{depth, is_element, place};
use super::{BlockSheet, RowField};
use crate::dump::Row;

/// Columns of a table, found by the labels of its head row.
#[derive(Clone, Copy)]
pub(super) struct Columns {
    element: usize,
    name: Option<usize>,
    ty: Option<usize>,
    required: Option<usize>,
    length: Option<usize>,
    description: Option<usize>,
}

impl Parser<'_> {
    pub fn head(&mut self, row: &Row) -> Option<Columns> {
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

    pub fn table_row(
        &mut self,
        row: &Row,
        kind: ColumnLabel,
        way: Half,
        part: HeaderPart,
        columns: Columns,
    ) -> HeaderPart {
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

    pub fn example(&mut self, row: &Row, way: Half) {
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
