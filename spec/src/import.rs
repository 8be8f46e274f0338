//! The fold: combines committed facts and one document into new facts.
//!
//! Invariant: the result depends on the facts and the document's content only; not on the order of sheets or rows,
//! not on file or sheet names, not on what else is imported in the same run. A filled cell replaces every fact that
//! came from that cell, a blank one keeps them.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;
use serde_json::{Map, Value};

use crate::age::{Age, Step};
use crate::diff::{self, Change};
use crate::dump::{Document, Format};
use crate::example::{self, Example};
pub use crate::ir::digest;
use crate::ir::{Api, Block, ErrorCode, Field, MAX_DEPTH, Shape, Side, Source, Spec, is_envelope};
use crate::problem::{Level, Problem};
use crate::reading::Reading;
use crate::sheet::{ApiSheet, BlockSheet, Kind, ListRow, RowField, SideSheet};

/// What an import gave.
#[derive(Debug, Default)]
pub struct Import {
    /// The new facts; the old ones where there is an error.
    pub spec: Spec,
    /// Everything there is to say.
    pub problems: Vec<Problem>,
    /// What happened to each API, by id; unchanged APIs are not in it.
    pub changes: BTreeMap<String, Change>,
    /// How many facts a blank cell left as they were, by column.
    pub kept: BTreeMap<&'static str, usize>,
    /// How many API sheets the document holds.
    pub sheets: usize,
    /// The document has the list of all APIs.
    pub complete: bool,
    /// What it says about the age of the document, by API.
    pub ages: BTreeMap<String, Age>,
}

impl Import {
    /// What [`age::question`](crate::age::question) wants to know of it.
    pub fn step<'a>(&'a self, document: &'a str) -> Step<'a> {
        Step { document, spec: &self.spec, ages: &self.ages }
    }
}

/// Imports one document onto `old`.
pub fn import(old: &Spec, document: &Document) -> Import {
    fold(old, &Reading::of(document))
}

/// The same of a document that is parsed already.
pub fn fold(old: &Spec, document: &Reading) -> Import {
    let mut out = merge(old, document);
    if !out.problems.iter().any(|p| p.level == Level::Error) {
        out.changes = diff::apis(old, &out.spec);
    }
    out
}

/// [`fold`] without `changes`, for callers that compare the facts themselves.
pub fn merge(old: &Spec, document: &Reading) -> Import {
    let mut out = Import::default();
    let mut list: Option<Vec<&ListRow>> = None;
    let mut errors: Vec<ErrorTable> = Vec::new();
    let mut sheets: BTreeMap<String, &ApiSheet> = BTreeMap::new();
    for sheet in &document.sheets {
        out.problems.extend(sheet.doubts.iter().cloned());
        match &sheet.kind {
            Err(problems) => out.problems.extend(problems.iter().cloned()),
            Ok(Kind::List(rows)) => list.get_or_insert_default().extend(rows),
            Ok(Kind::Errors(rows)) => {
                errors.push(rows.iter().map(|(c, m)| (c.clone(), error_code(c, m))).collect());
            }
            Ok(Kind::Foreign) => out.problems.push(Problem::note(
                "foreign-sheet",
                &sheet.place,
                "the sheet describes no API and was left out",
                "",
            )),
            Ok(Kind::Api(api)) => {
                out.problems.extend(api.doubts.iter().cloned());
                if let Some(first) = sheets.get(&api.id) {
                    let what = format!("{} is described twice, first at {}", api.id, first.place);
                    out.problems.push(Problem::error("duplicate-id", &api.place, what, "keep one of the two sheets"));
                } else {
                    sheets.insert(api.id.clone(), api);
                }
            }
        }
    }
    // A file with only the list or the error codes is a part like any other.
    let nothing = sheets.is_empty() && list.is_none() && errors.is_empty();
    if nothing && !out.problems.iter().any(|p| p.level == Level::Error) {
        let fix = "give a workbook or Markdown dump of the broker's API sheets";
        out.problems.push(Problem::error("no-api", &document.name, "no sheet of this document describes an API", fix));
    }
    out.sheets = sheets.len();
    let kept = old.apis.iter().filter(|(id, _)| !sheets.contains_key(*id));
    out.spec.apis = kept.map(|(id, api)| (id.clone(), api.clone())).collect();
    out.spec.errors.clone_from(&old.errors);
    let merged = sheets.par_iter().map(|(id, sheet)| {
        let mut merge = Merge::new(document, &sheet.absent);
        let api = merge.api(old.apis.get(id), sheet);
        (id, api, merge)
    });
    for (id, api, merge) in merged.collect::<Vec<_>>() {
        out.problems.extend(merge.problems);
        for (column, kept) in merge.kept {
            *out.kept.entry(column).or_default() += kept;
        }
        out.spec.apis.insert(id.clone(), api);
        out.ages.insert(id.clone(), merge.age);
    }
    // Only a workbook can be the whole specification; a list in a Markdown folder may have been cut like the rest.
    match list.filter(|_| document.format == Format::Workbook) {
        Some(_) if sheets.is_empty() => {
            let fix = "nothing is removed; give the workbook with all of its sheets, if APIs are to go";
            out.problems.push(Problem::note(
                "list-alone",
                &document.name,
                "the list stands without any API sheet",
                fix,
            ));
        }
        Some(list) if list.is_empty() => {
            let fix = "nothing is removed; give a workbook whose list is whole, if APIs are to go";
            out.problems.push(Problem::warning("empty-list", &document.name, "the list sheet names no API", fix));
        }
        Some(list) => {
            out.complete = true;
            compare_with_list(&mut out, &list, &sheets);
        }
        None => {}
    }
    take_errors(&mut out, errors, &document.name);
    if out.problems.iter().any(|p| p.level == Level::Error) {
        out.spec = old.clone();
    }
    out
}

type ErrorTable = BTreeMap<String, ErrorCode>;

/// A complete document replaces the error codes. A table that leaves known ones out is a part: it adds codes, and
/// neither removes nor rewrites any. Of several tables in a document the largest is the whole, the others are parts.
fn take_errors(out: &mut Import, mut tables: Vec<ErrorTable>, document: &str) {
    let texts = |table: &ErrorTable| table.values().map(|e| e.text.clone()).collect::<Vec<_>>();
    tables.sort_by_cached_key(|table| (std::cmp::Reverse(table.len()), texts(table)));
    let mut tables = tables.into_iter();
    let Some(mut errors) = tables.next() else { return };
    for part in tables {
        add_errors(&mut errors, part, (&mut out.problems, document));
    }
    let missing = out.spec.errors.keys().filter(|code| !errors.contains_key(*code)).count();
    if out.complete || missing == 0 {
        out.spec.errors = errors;
        return;
    }
    let what = format!("the table of error codes has {} codes and leaves out {missing}", errors.len());
    let fix = "they stay as they are; give the whole workbook, if codes are to go";
    out.problems.push(Problem::note("part-of-errors", document, what, fix));
    add_errors(&mut out.spec.errors, errors, (&mut out.problems, document));
}

/// Adds the codes that are new.
fn add_errors(whole: &mut ErrorTable, part: ErrorTable, (problems, document): (&mut Vec<Problem>, &str)) {
    let mut other = Vec::new();
    for (code, error) in part {
        match whole.get(&code) {
            Some(known) if known.text != error.text => other.push(code),
            Some(_) => {}
            None => drop(whole.insert(code, error)),
        }
    }
    if !other.is_empty() {
        let what = format!("a part of the error codes has another text for {}", other.join(", "));
        let fix = "the text of the whole table stays; give the whole table, if the new text is right";
        problems.push(Problem::warning("errors-differ", document, what, fix));
    }
}

fn compare_with_list(out: &mut Import, list: &[&ListRow], sheets: &BTreeMap<String, &ApiSheet>) {
    let mut listed = BTreeSet::new();
    for row in list {
        if !listed.insert(row.id.as_str()) {
            let what = format!("{} is listed twice", row.id);
            out.problems.push(Problem::warning("listed-twice", &row.place, what, "the list should name each API once"));
        }
        let Some(sheet) = sheets.get(&row.id) else {
            let what = format!("{} is listed, but has no sheet", row.id);
            let fix = if out.spec.apis.contains_key(&row.id) {
                "its committed facts stay as they are"
            } else {
                "import a document that has the sheet"
            };
            out.problems.push(Problem::warning("listed-without-sheet", &row.place, what, fix));
            continue;
        };
        if sheet.name.as_ref().is_some_and(|n| *n != row.name) || sheet.path.as_ref().is_some_and(|p| *p != row.path) {
            let what = format!("name or URL of {} differ between the list and its sheet", row.id);
            out.problems.push(Problem::warning(
                "list-differs",
                &row.place,
                what,
                "the sheet was taken; look which one is right",
            ));
        }
    }
    for (id, sheet) in sheets {
        if !listed.contains(id.as_str()) {
            let what = format!("{id} has a sheet, but is not listed");
            out.problems.push(Problem::warning(
                "sheet-not-listed",
                &sheet.place,
                what,
                "it was imported; look whether the list is older",
            ));
        }
    }
    out.spec.apis.retain(|id, _| listed.contains(id.as_str()) || sheets.contains_key(id));
}

fn error_code(code: &str, message: &str) -> ErrorCode {
    let mut pieces: Vec<&str> = message.split("{?}").collect();
    pieces.pop();
    let hole = |piece: &str| {
        let name = piece.trim_end().strip_suffix('=')?.trim_end();
        let start = name.rfind(['.', ',', '(']).map_or(0, |i| i + 1);
        let name = name[start..].trim();
        // After `파라미터={?} ` the next name follows without a mark.
        Some(name.to_owned())
    };
    ErrorCode { code: code.to_owned(), holes: pieces.iter().filter_map(|p| hole(p)).collect(), text: digest(message) }
}

struct Merge<'a> {
    problems: Vec<Problem>,
    kept: BTreeMap<&'static str, usize>,
    age: Age,
    absent: &'a [&'static str],
    document: &'a Reading,
}

impl<'a> Merge<'a> {
    fn new(document: &'a Reading, absent: &'a [&'static str]) -> Self {
        Self { problems: Vec::new(), kept: BTreeMap::new(), age: Age::default(), absent, document }
    }

    /// The new cell if it is filled, else the old fact.
    fn cell(&mut self, column: &'static str, new: Option<&String>, old: Option<&String>) -> Option<String> {
        self.count(column, new.is_none() && old.is_some());
        self.age.cell(column, new.is_some(), old.is_some());
        new.or(old).cloned()
    }

    fn count(&mut self, column: &'static str, kept: bool) {
        if kept {
            *self.kept.entry(column).or_default() += 1;
            if !self.absent.contains(&column) {
                *self.age.blanked.entry(column).or_default() += 1;
            }
        }
    }

    fn api(&mut self, old: Option<&Api>, sheet: &ApiSheet) -> Api {
        let non_empty = |text: Option<&String>| text.filter(|t| !t.is_empty()).cloned();
        let mut api = Api { id: sheet.id.clone(), ..Api::default() };
        api.name =
            self.cell("API 명", sheet.name.as_ref(), non_empty(old.map(|o| &o.name)).as_ref()).unwrap_or_default();
        api.path = self.cell("URL", sheet.path.as_ref(), non_empty(old.map(|o| &o.path)).as_ref()).unwrap_or_default();
        api.real =
            self.cell("운영 도메인", sheet.real.as_ref(), non_empty(old.map(|o| &o.real)).as_ref()).unwrap_or_default();
        api.real = host(&api.real).0;
        for (label, value) in [("API 명", &api.name), ("URL", &api.path), ("운영 도메인", &api.real)] {
            if value.is_empty() {
                let what = format!("{} has no {label}", sheet.id);
                self.problems.push(Problem::error("no-info", &sheet.place, what, "fill the cell next to the label"));
            }
        }
        api.menu = match &sheet.menu {
            // The last part is the API's own name, which may itself contain any character.
            Some(menu) => menu.split('>').map(|p| p.trim().to_owned()).take(2).collect(),
            None => {
                let old = old.map(|o| o.menu.clone()).unwrap_or_default();
                self.count("메뉴 위치", !old.is_empty());
                old
            }
        };
        (api.mock, api.mock_note) = match &sheet.mock {
            Some(text) => {
                let (host, note) = host(text);
                (Some(host), note)
            }
            None => {
                let old = old.map(|o| (o.mock.clone(), o.mock_note.clone())).unwrap_or_default();
                self.count("모의투자 도메인", old.0.is_some());
                old
            }
        };
        let method = self.cell("Method", sheet.method.as_ref(), old.and_then(|o| o.method.as_ref()));
        api.method = method.filter(|m| m != "POST");
        let format = self.cell("Format", sheet.format.as_ref(), old.and_then(|o| o.format.as_ref()));
        api.format = format.filter(|f| f != "JSON");
        let overview = sheet.overview.as_deref().map(digest);
        api.overview = self.cell("개요", overview.as_ref(), old.and_then(|o| o.overview.as_ref()));
        api.request = self.side(old.map(|o| &o.request), &sheet.request);
        api.response = self.side(old.map(|o| &o.response), &sheet.response);
        api
    }

    fn side(&mut self, old: Option<&Side>, sheet: &SideSheet) -> Side {
        let mut side = Side::default();
        let unusual: Vec<_> = sheet.headers.iter().filter(|h| !USUAL_HEADERS.contains(&h.key.as_str())).collect();
        side.headers = unusual
            .iter()
            .map(|h| self.field(old.and_then(|o| o.headers.iter().find(|f| f.key == h.key)), h))
            .collect();
        let place = sheet.example.as_ref().map_or("", |(_, place)| place);
        let examples = sheet.examples().and_then(|read| match read {
            Ok(examples) => Some(examples),
            Err(what) => {
                let what = format!("the example cannot be read: {what}");
                self.problems.push(Problem::warning("unreadable-example", place, what, "its evidence stays as it was"));
                None
            }
        });
        let digested = sheet.example.as_ref().map(|(text, _)| digest(text)).filter(|_| examples.is_some());
        side.example = self.cell("Example", digested.as_ref(), old.and_then(|o| o.example.as_ref()));
        let mut blocks: Vec<(Block, Option<&Block>)> = Vec::new();
        for (i, new) in sheet.blocks.iter().enumerate() {
            let before = old.and_then(|o| match &new.title {
                Some(title) => o.blocks.iter().find(|b| b.title.as_ref() == Some(title)),
                None => o.blocks.get(i).filter(|b| b.source == Source::Table),
            });
            blocks.push((self.block(before, new), before));
        }
        match examples {
            Some(examples) => show_examples(&mut blocks, examples),
            None => {
                for (block, before) in &mut blocks {
                    keep_seen(&mut block.fields, before.map_or(&[], |b| &b.fields));
                }
                let only_seen = old.iter().flat_map(|o| &o.blocks).filter(|b| b.source == Source::Example);
                blocks.extend(only_seen.map(|b| (b.clone(), None)));
            }
        }
        let shown = examples.is_some();
        side.blocks = blocks
            .into_iter()
            .map(|(mut block, before)| {
                keep_places(&mut block.fields, before.map_or(&[], |b| &b.fields), shown);
                block
            })
            .collect();
        side
    }

    fn block(&mut self, old: Option<&Block>, sheet: &BlockSheet) -> Block {
        let fields = self.fields(old.map_or(&[], |b| &b.fields), &sheet.fields);
        Block { title: sheet.title.clone(), source: Source::Table, fields }
    }

    fn fields(&mut self, old: &[Field], rows: &[RowField]) -> Vec<Field> {
        let known = |row: &&RowField| old.iter().any(|f| f.key == row.key);
        self.age.added += if old.is_empty() { 0 } else { rows.iter().filter(|r| !known(r)).count() };
        rows.iter().map(|row| self.field(old.iter().find(|f| f.key == row.key), row)).collect()
    }

    fn field(&mut self, old: Option<&Field>, row: &RowField) -> Field {
        let old_name = old.map(|o| &o.name).filter(|n| !n.is_empty());
        let mut field = Field { key: row.key.clone(), ..Field::default() };
        field.name = self.cell("한글명", row.name.as_ref(), old_name).unwrap_or_default();
        field.ty = self.cell("Type", row.ty.as_ref(), old.and_then(|o| o.ty.as_ref()));
        field.required = self.cell("Required", row.required.as_ref(), old.and_then(|o| o.required.as_ref()));
        field.length = self.cell("Length", row.length.as_ref(), old.and_then(|o| o.length.as_ref()));
        let said = row.description.as_deref().map(|text| self.document.say(text));
        let (text, says) = said.unzip();
        field.text = self.cell("Description", text.as_ref(), old.and_then(|o| o.text.as_ref()));
        field.says = says.or_else(|| old.map(|o| o.says.clone())).unwrap_or_default();
        field.fields = self.fields(old.map_or(&[], |o| &o.fields), &row.fields);
        field
    }
}

/// In every table of every document; a name that is not among them is kept as a fact.
const USUAL_HEADERS: [&str; 4] = ["api-id", "authorization", "cont-yn", "next-key"];

/// `https://mockapi.kiwoom.com(KRX만 지원가능)` is an address and a note.
fn host(text: &str) -> (String, Option<String>) {
    match text.split_once('(') {
        Some((host, note)) => (host.trim().to_owned(), Some(note.trim_end_matches(')').trim().to_owned())),
        None => (text.trim().to_owned(), None),
    }
}

/// Hands each example document to the block whose form it has.
fn show_examples(blocks: &mut Vec<(Block, Option<&Block>)>, examples: &[Example]) {
    let is_push_block = |b: &Block| b.fields.iter().any(|f| f.fields.iter().any(|c| c.key == "values"));
    let push = blocks.iter().position(|(b, _)| is_push_block(b));
    let other = blocks.iter().position(|(b, _)| !is_push_block(b)).or(push);
    let maps = |pushes: bool| -> Vec<&Map<String, Value>> {
        examples.iter().filter(|e| e.is_push() == pushes).filter_map(|e| e.value.as_object()).collect()
    };
    let (answers, pushes) = (maps(false), maps(true));
    match (push, other) {
        (Some(p), Some(o)) if p == o => see(&mut blocks[p].0.fields, &[answers, pushes].concat(), 0),
        (p, o) => {
            if let Some(o) = o {
                see(&mut blocks[o].0.fields, &answers, 0);
            } else if !answers.is_empty() {
                let mut block = Block::default();
                see(&mut block.fields, &answers, 0);
                if !block.fields.is_empty() {
                    block.source = Source::Example;
                    blocks.push((block, None));
                }
            }
            if let Some(p) = p {
                see(&mut blocks[p].0.fields, &pushes, 0);
            } else if !pushes.is_empty() {
                let title = examples.iter().find(|e| e.is_push()).and_then(|e| e.label.clone());
                let mut block = Block { title, source: Source::Example, fields: Vec::new() };
                see(&mut block.fields, &pushes, 0);
                blocks.push((block, None));
            }
        }
    }
}

/// Notes the shapes of the values of each field and adds the keys that no row names; puts the fields into the order
/// in which the examples send them, because that is the order of the wire. Without an example: by name.
fn see(fields: &mut Vec<Field>, objects: &[&Map<String, Value>], depth: usize) {
    if depth == MAX_DEPTH {
        return;
    }
    let mut order: Vec<&str> = Vec::new();
    for key in objects.iter().flat_map(|o| o.keys()) {
        if !order.contains(&key.as_str()) {
            order.push(key);
        }
    }
    for key in &order {
        let of_the_envelope = depth == 0 && is_envelope(key);
        if !of_the_envelope && !fields.iter().any(|f| f.key == **key) {
            fields.push(Field { key: (*key).to_owned(), source: Source::Example, ..Field::default() });
        }
    }
    for field in fields.iter_mut() {
        let values: Vec<&Value> = objects.iter().filter_map(|o| o.get(&field.key)).collect();
        let shapes: BTreeSet<Shape> = values.iter().map(|v| example::shape(v)).collect();
        field.seen = shapes.into_iter().collect();
        let embedded: Vec<Value> = values.iter().filter_map(|v| embedded(v)).collect();
        let inner: Vec<&Map<String, Value>> = values.into_iter().chain(&embedded).flat_map(rows_of).collect();
        see(&mut field.fields, &inner, depth + 1);
    }
    sort_fields(fields, &order);
}

/// The objects inside a value: itself, or its elements. Arrays inside an array have no keys: which position is which
/// element cannot be read from them (an erratum `order` says it).
fn rows_of(value: &Value) -> Vec<&Map<String, Value>> {
    match value {
        Value::Object(map) => vec![map],
        Value::Array(items) => items.iter().filter_map(Value::as_object).collect(),
        _ => Vec::new(),
    }
}

/// What a text holds that is JSON itself.
fn embedded(value: &Value) -> Option<Value> {
    let text = value.as_str().filter(|_| example::shape(value) == Shape::Embedded)?;
    serde_json::from_str(text).ok()
}

fn sort_fields(fields: &mut [Field], order: &[&str]) {
    let place = |f: &Field| order.iter().position(|k| *k == f.key).unwrap_or(usize::MAX);
    fields.sort_by(|a, b| place(a).cmp(&place(b)).then_with(|| natural(&a.key).cmp(&natural(&b.key))));
}

/// `sel_10bid` after `sel_9bid`.
fn natural(key: &str) -> Vec<(String, u64)> {
    let mut parts = vec![(String::new(), 0)];
    let mut digits = String::new();
    for c in key.chars() {
        if c.is_ascii_digit() {
            digits.push(c);
            continue;
        }
        if let (false, Some(last)) = (digits.is_empty(), parts.last_mut()) {
            last.1 = digits.parse().unwrap_or(u64::MAX);
            digits.clear();
            parts.push((String::new(), 0));
        }
        if let Some(last) = parts.last_mut() {
            last.0.push(c);
        }
    }
    if let (false, Some(last)) = (digits.is_empty(), parts.last_mut()) {
        last.1 = digits.parse().unwrap_or(u64::MAX);
    }
    parts
}

/// No example in this document: what older ones showed stays.
fn keep_seen(fields: &mut Vec<Field>, old: &[Field]) {
    for field in fields.iter_mut() {
        let before = old.iter().find(|f| f.key == field.key);
        field.seen = before.map(|f| f.seen.clone()).unwrap_or_default();
        keep_seen(&mut field.fields, before.map_or(&[], |f| &f.fields));
    }
    for gone in old.iter().filter(|f| f.source == Source::Example) {
        if !fields.iter().any(|f| f.key == gone.key) {
            fields.push(gone.clone());
        }
    }
    sort_fields(fields, &[]);
}

/// Known fields keep their place; a new one follows the field that it follows in the document. A field that no example
/// had shown stood by its name only: when an example arrives, it is like a new one.
fn keep_places(fields: &mut Vec<Field>, old: &[Field], shown: bool) {
    let order: Vec<String> = fields.iter().map(|f| f.key.clone()).collect();
    let mut rest: Vec<Option<Field>> = std::mem::take(fields).into_iter().map(Some).collect();
    for known in old.iter().filter(|known| !shown || !known.seen.is_empty()) {
        let place = order.iter().position(|k| *k == known.key);
        if let Some(mut field) = place.and_then(|at| rest[at].take()) {
            keep_places(&mut field.fields, &known.fields, shown);
            fields.push(field);
        }
    }
    for (at, mut field) in rest.into_iter().enumerate().filter_map(|(at, field)| Some((at, field?))) {
        let before = old.iter().find(|f| f.key == field.key);
        keep_places(&mut field.fields, before.map_or(&[], |f| &f.fields), shown);
        let before = order[..at].iter().rev().find_map(|k| fields.iter().position(|f| f.key == *k));
        fields.insert(before.map_or(0, |i| i + 1), field);
    }
}
