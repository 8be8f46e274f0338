//! A table of a Markdown text to the rows of its sheet, and whether it is a sheet at all.

use super::layout::MarkdownTable;
use super::record::Rest;
use crate::dump::Row;
use crate::dump::frame::{Frame, Lines, is_unnamed};

/// What a table describes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Subject {
    /// The API of this id; empty where the sheet does not say it.
    Api(String),
    /// All APIs.
    List,
    /// The error codes.
    Errors,
}

impl MarkdownTable<'_> {
    /// The sheet that a table without a "raw" heading represents; none if it is not a sheet.
    ///
    /// The tables for people of style 2 repeat parts of a sheet; a part must never pass for the whole, because
    /// a sheet is complete for its API.
    pub fn what(&self) -> Option<Subject> {
        let unnamed = self.header.iter().any(|cell| is_unnamed(cell));
        let mut rest = Rest::Any;
        let (mut id, mut fields) = (None, false);
        let lists = |has: &dyn Fn(&str) -> bool| {
            let errors = has("오류코드") && has("오류메시지");
            let list = has("API ID") && (has("API 명") || has("No."));
            if errors { Some(Subject::Errors) } else { list.then_some(Subject::List) }
        };
        if let Some(what) = lists(&|name| self.header.iter().any(|cell| cell.trim() == name)) {
            return Some(what);
        }
        for record in &self.records {
            let cells = record.cells(self.shape, rest);
            rest = record.rest(self.shape);
            if let Some(what) = lists(&|name| cells.iter().any(|cell| cell.trim() == name)) {
                return Some(what);
            }
            match cells.get(self.shape.labels).map(|cell| cell.trim()) {
                Some("API ID") => {
                    let value = cells.iter().skip(self.shape.labels + 1).map(|c| c.trim()).find(|c| !c.is_empty());
                    id = Some(value.unwrap_or_default().to_owned());
                }
                Some("구분") => fields = true,
                _ => {}
            }
        }
        match id {
            Some(id) if fields || unnamed => Some(Subject::Api(id)),
            None if unnamed => Some(Subject::Api(String::new())),
            _ => None,
        }
    }

    /// The cells of its records, the header first.
    pub fn cells(&self) -> Vec<Vec<String>> {
        let mut rest = Rest::Any;
        let mut out = vec![self.header.clone()];
        for record in &self.records {
            out.push(record.cells(self.shape, rest).into_iter().map(|c| c.into_owned()).collect());
            rest = record.rest(self.shape);
        }
        out
    }

    /// The rows of the sheet.
    pub fn rows(&self) -> Result<Vec<Row>, (usize, String)> {
        if let Some((line, what)) = self.trouble {
            return Err((line, what.to_owned()));
        }
        let mut frame = Frame::new(&self.header, self.shape.labels, Lines::Wrapped);
        let mut rest = Rest::Any;
        for record in &self.records {
            let cells = record.cells(self.shape, rest);
            rest = record.rest(self.shape);
            frame.push(cells).map_err(|what| (record.line, what))?;
        }
        Ok(frame.finish())
    }
}
