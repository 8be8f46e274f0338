//! A column that became blank is one loss, not thousands; the same applies to one that was filled.

use std::collections::BTreeMap;

use super::delta::Delta;
use super::field::COLUMNS;
use super::rules::Rule;
use crate::ir::{Api, Field, Spec};

/// From this many cells on, a change of most of a column is one change.
const MANY: usize = 10;

/// Gathers lost and filled cells by column where they are most of what could be lost or filled.
pub fn gather<R>(deltas: Vec<Delta>, old: &Spec<R>) -> Vec<Delta> {
    let (mut lost, mut filled): (Cells, Cells) = (BTreeMap::new(), BTreeMap::new());
    for (n, delta) in deltas.iter().enumerate() {
        if let Some(column) = lost_column(delta) {
            lost.entry(column).or_default().push(n);
        } else if let Some(column) = filled_column(delta) {
            filled.entry(column).or_default().push(n);
        }
    }
    let mut out = Vec::new();
    let mut gone = vec![false; deltas.len()];
    for (cells, all, rule) in
        [(&lost, count(old, Count::Filled), Rule::ColumnLost), (&filled, count(old, Count::Blank), Rule::ColumnFilled)]
    {
        for (column, positions) in cells {
            let of = all.get(column).copied().unwrap_or(0);
            if positions.len() < MANY || positions.len() * 2 < of {
                continue;
            }
            positions.iter().for_each(|n| gone[*n] = true);
            let apis: std::collections::BTreeSet<&str> = positions.iter().map(|n| deltas[*n].api.as_str()).collect();
            let cells = format!("{} cells in {} APIs", positions.len(), apis.len());
            let (was, now) = if rule == Rule::ColumnLost { (cells, String::new()) } else { (String::new(), cells) };
            out.push(Delta::new(rule, "", column, was, now));
        }
    }
    out.extend(deltas.into_iter().enumerate().filter(|(n, _)| !gone[*n]).map(|(_, d)| d));
    out
}

type Cells = BTreeMap<&'static str, Vec<usize>>;

fn column(words: &str) -> Option<&'static str> {
    let word = words.split(' ').next().unwrap_or("");
    COLUMNS.into_iter().chain(["개요"]).find(|c| *c == word)
}

fn lost_column(delta: &Delta) -> Option<&'static str> {
    match delta.rule {
        Rule::CellLost => column(&delta.was),
        Rule::DescriptionLost => Some("Description"),
        Rule::ExampleLost => Some("Example"),
        Rule::ApiMockLost => Some("모의투자 도메인"),
        _ => None,
    }
}

/// Descriptions, examples and overviews say something of their own wherever they are filled; the other cells do not.
fn filled_column(delta: &Delta) -> Option<&'static str> {
    match delta.rule {
        Rule::CellFilled => column(&delta.now),
        _ => None,
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Count {
    Filled,
    Blank,
}

/// How many cells of each column are filled, or blank.
fn count<R>(spec: &Spec<R>, what: Count) -> BTreeMap<&'static str, usize> {
    let mut out = BTreeMap::new();
    let mut add = |column, filled: bool| {
        if filled == (what == Count::Filled) {
            *out.entry(column).or_default() += 1;
        }
    };
    for api in spec.apis.values() {
        each(api, &mut |field| {
            for (column, filled) in COLUMNS.into_iter().zip([
                !field.name.is_empty(),
                field.ty.is_some(),
                field.required.is_some(),
                field.length.is_some(),
                field.text.is_some(),
            ]) {
                add(column, filled);
            }
        });
        add("개요", api.overview.is_some());
        add("Example", api.request.example.is_some());
        add("Example", api.response.example.is_some());
        add("모의투자 도메인", api.mock.is_some());
    }
    out
}

fn each<R>(api: &Api<R>, visit: &mut dyn FnMut(&Field<R>)) {
    api.walk(&mut |_, field| {
        if field.source == crate::ir::Source::Table {
            visit(field);
        }
    });
}
