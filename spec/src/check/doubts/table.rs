//! Doubts that a table raises on its own.

use std::collections::{BTreeMap, BTreeSet};

use super::page::{Page, Place};
use super::{Doubt, Kind};
use crate::describe::Unit;
use crate::names::Names;
use crate::names::labels::Role;
use crate::sheet::RowField;

/// Doubts about one API.
pub fn doubts(page: &Page, fields: &[Place], names: &Names, out: &mut Vec<Doubt>) {
    let api = page.api.id.as_str();
    if page.sheet.response.blocks.len() > 1 || page.sheet.request.blocks.len() > 1 {
        let titles: Vec<&str> = page.sheet.response.blocks.iter().filter_map(|b| b.title.as_deref()).collect();
        out.push(Doubt::new(Kind::SeveralForms, api, "", titles.join(", ")));
    }
    let required: Vec<&str> = fields
        .iter()
        .filter(|p| !p.request && p.field.required.as_deref() == Some("Y"))
        .map(|p| p.field.key.as_str())
        .collect();
    if !required.is_empty() {
        out.push(Doubt::new(Kind::ResponseRequired, api, "response", required.join(" ")));
    }
    let market = names.menu(&page.api.menu).and_then(|m| m.module.split("::").next()).unwrap_or("domestic");
    for place in fields {
        let says = &place.field.says;
        let length: Option<usize> = place.field.length.as_deref().and_then(|l| l.parse().ok());
        let long: Vec<&str> = says
            .codes
            .iter()
            .map(|(c, _)| c.as_str())
            .chain(says.values.iter().map(String::as_str))
            .filter(|c| length.is_some_and(|l| c.chars().count() > l))
            .collect();
        if !long.is_empty() {
            let seen = format!("Length {}, codes {}", length.unwrap_or(0), long.join(" "));
            out.push(Doubt::new(Kind::CodeLonger, api, &place.path, seen));
        }
        let percent = matches!(says.unit, Some(Unit::Percent | Unit::PercentPoint));
        if percent && place.role(names, api, market) == Some(Role::Price) {
            out.push(Doubt::new(Kind::UnitAgainstLabel, api, &place.path, place.field.name.clone()));
        }
    }
    let mut rows = Vec::new();
    for (side, sheet) in [("request", &page.sheet.request), ("response", &page.sheet.response)] {
        sheet.blocks.iter().flat_map(|b| &b.fields).for_each(|f| walk(f, side, &mut rows));
    }
    for (path, row) in &rows {
        let Some(text) = &row.description else { continue };
        lists(api, path, text, out);
    }
}

/// What the grammar of descriptions forgives: a code twice, a code without a label.
fn lists(api: &str, path: &str, text: &str, out: &mut Vec<Doubt>) {
    let pairs: Vec<(&str, &str)> = text
        .split([',', '\n'])
        .filter_map(|part| part.split_once(':'))
        .map(|(code, label)| (code.trim(), label.trim()))
        .filter(|(code, _)| !code.is_empty() && code.len() <= 6 && code.bytes().all(|b| b.is_ascii_alphanumeric()))
        .collect();
    if pairs.len() < 2 {
        return;
    }
    let mut seen = BTreeMap::new();
    for (code, label) in &pairs {
        if seen.insert(code, label).is_some_and(|before| before == label) {
            out.push(Doubt::new(Kind::DuplicateCode, api, path, format!("{code}={label}")));
        }
    }
    let bare: Vec<&str> = pairs.iter().filter(|(_, label)| label.is_empty()).map(|(code, _)| *code).collect();
    if !bare.is_empty() && bare.len() < pairs.len() {
        out.push(Doubt::new(Kind::CodeWithoutLabel, api, path, bare.join(" ")));
    }
}

fn walk<'r>(row: &'r RowField, path: &str, out: &mut Vec<(String, &'r RowField)>) {
    let path = format!("{path}.{}", row.key);
    row.fields.iter().for_each(|f| walk(f, &path, out));
    out.push((path, row));
}

/// Fewer rows than this say nothing of a column.
const ROWS: usize = 30;

/// Columns that are blank in nearly all rows of the document.
pub fn columns(pages: &[Page], out: &mut Vec<Doubt>) {
    let mut rows = Vec::new();
    for page in pages {
        for side in [&page.sheet.request, &page.sheet.response] {
            side.blocks.iter().flat_map(|b| &b.fields).for_each(|f| walk(f, "", &mut rows));
        }
    }
    type Cell = fn(&RowField) -> bool;
    let columns: [(&str, Cell); 5] = [
        ("한글명", |r| r.name.is_some()),
        ("Type", |r| r.ty.is_some()),
        ("Required", |r| r.required.is_some()),
        ("Length", |r| r.length.is_some()),
        ("Description", |r| r.description.is_some()),
    ];
    let apis: BTreeSet<&str> = pages.iter().map(|p| p.api.id.as_str()).collect();
    for (column, filled) in columns {
        let blank = rows.iter().filter(|(_, r)| !filled(r)).count();
        if rows.len() >= ROWS && blank * 10 >= rows.len() * 9 {
            let seen = format!("{blank} of {} cells in {} APIs", rows.len(), apis.len());
            out.push(Doubt::new(Kind::ColumnBlank, "", column, seen));
        }
    }
}
