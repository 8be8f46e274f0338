//! Shared by the tests of the importer: the real books read once, the fold, rows in another order, small API sheets.
//!
//! Use: `mod import_support;` beside `mod support;`. Not every test file uses all of it.
#![allow(dead_code)]

pub mod fixes;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::OnceLock;

use kiwoom_spec::dump::{self, Document, Format, Row, Sheet};
use kiwoom_spec::import::{Import, import};
use kiwoom_spec::ir::{Api, Field, Spec};
use kiwoom_spec::problem::Level;
use kiwoom_spec::store;

use crate::support::{self, Random};

/// The books of 2026-06-30 and 2026-07-04, older first; `None` where there are no documents.
pub fn books() -> Option<&'static [Document; 2]> {
    static BOOKS: OnceLock<Option<[Document; 2]>> = OnceLock::new();
    let read = || {
        let dir = support::dumps_dir()?;
        Some(["kiwoom-rest-api-2026-06-30.xlsx", "kiwoom-rest-api-2026-07-04.xlsx"].map(|name| {
            let mut documents = dump::read_path(&dir.join(name)).expect(name);
            assert_eq!(documents.len(), 1);
            documents.remove(0)
        }))
    };
    BOOKS.get_or_init(read).as_ref()
}

/// Both books imported onto nothing, older first; computed once.
pub fn both_imported() -> Option<&'static Spec> {
    static SPEC: OnceLock<Option<Spec>> = OnceLock::new();
    SPEC.get_or_init(|| books().map(|books| fold(&Spec::default(), books))).as_ref()
}

/// The facts that are committed, path below `spec/` and text.
pub fn committed() -> BTreeMap<String, String> {
    let spec = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(spec.join("apis")).expect("spec/apis").map(|e| e.expect("an entry")) {
        let name = entry.file_name().into_string().expect("a name");
        files.insert(format!("apis/{name}"), fs::read_to_string(entry.path()).expect("a file"));
    }
    files.insert(store::ERRORS.to_owned(), fs::read_to_string(spec.join(store::ERRORS)).expect("errors.json"));
    files
}

/// Documents onto facts, in order; none of them may have an error.
pub fn fold<'a>(old: &Spec, documents: impl IntoIterator<Item = &'a Document>) -> Spec {
    documents.into_iter().fold(old.clone(), |spec, document| imported(&spec, document).spec)
}

/// One import without errors.
pub fn imported(old: &Spec, document: &Document) -> Import {
    let import = import(old, document);
    let errors: Vec<String> =
        import.problems.iter().filter(|p| p.level == Level::Error).map(ToString::to_string).collect();
    assert_eq!(errors, <[String; 0]>::default());
    import
}

/// The ids and places of all findings.
pub fn findings(import: &Import) -> Vec<(&'static str, &str)> {
    import.problems.iter().map(|p| (p.id, p.place.as_str())).collect()
}

/// Asserts equal files, naming the first line that differs.
pub fn assert_files(what: &str, got: &BTreeMap<String, String>, want: &BTreeMap<String, String>) {
    for (path, want) in want {
        let got = got.get(path).unwrap_or_else(|| panic!("{what}: {path} is missing"));
        for ((n, want), got) in (1..).zip(want.lines()).zip(got.lines()) {
            assert_eq!(got, want, "{what}: {path}:{n}");
        }
        assert_eq!(got, want, "{what}: {path}: its end");
    }
    let more: Vec<&String> = got.keys().filter(|path| !want.contains_key(*path)).collect();
    assert!(more.is_empty(), "{what}: nobody wants {more:?}");
}

/// A workbook of these sheets.
pub fn workbook(sheets: impl Into<Vec<Sheet>>) -> Document {
    Document { name: "book.xlsx".to_owned(), format: Format::Workbook, sheets: sheets.into() }
}

/// A Markdown folder of these sheets.
pub fn markdown(sheets: impl Into<Vec<Sheet>>) -> Document {
    Document { name: "folder".to_owned(), format: Format::Markdown, ..workbook(sheets) }
}

/// The facts of one sheet that no older document knows.
pub fn facts(sheet: &Sheet) -> Api {
    let mut spec = fold(&Spec::default(), [&workbook([sheet.clone()])]);
    let (_, api) = spec.apis.pop_first().expect("an API");
    api
}

/// The field at a path such as `response.list.cur_prc`.
pub fn field<'a, R>(api: &'a Api<R>, path: &str) -> &'a Field<R> {
    let mut found = None;
    api.walk(&mut |at, field| {
        if at == path {
            found = Some(field);
        }
    });
    found.unwrap_or_else(|| panic!("{} has no {path}", api.id))
}

/// The keys of fields, in order.
pub fn keys<R>(fields: &[Field<R>]) -> Vec<&str> {
    fields.iter().map(|f| f.key.as_str()).collect()
}

/// An API sheet. A row of a table is `element | 한글명 | Type | Required | Length | Description`, what is missing at the
/// end is blank; `= title` opens a titled form. Empty examples leave their cells blank.
pub fn api(id: &str, request: &[&str], response: &[&str], examples: [&str; 2]) -> Sheet {
    const HEAD: [&str; 7] = ["구분", "Element", "한글명", "Type", "Required", "Length", "Description"];
    let menu = format!("국내주식 > 견본 > 견본 조회({id})");
    let mut rows: Vec<Vec<&str>> = [
        ("메뉴 위치", menu.as_str()),
        ("API 명", "견본 조회"),
        ("API ID", id),
        ("Method", "POST"),
        ("운영 도메인", "https://api.example.com"),
        ("모의투자 도메인", "https://mock.example.com"),
        ("URL", "/api/sample"),
        ("Format", "JSON"),
        ("개요", ""),
        ("", ""),
    ]
    .map(|(label, value)| vec![label, "", value])
    .into();
    for (way, table) in [("Request", request), ("Response", response)] {
        rows.push(vec![way]);
        rows.push(HEAD.into());
        rows.push(vec!["Header", "api-id", "TR명", "String", "Y", "10"]);
        let mut part = "Body";
        for line in table {
            if let Some(title) = line.strip_prefix("= ") {
                rows.push(vec!["Body", title]);
                part = "";
                continue;
            }
            let cells = line.splitn(6, '|').map(str::trim);
            rows.push([std::mem::take(&mut part)].into_iter().chain(cells).collect());
        }
    }
    for (label, example) in ["Request Example", "Response Example"].into_iter().zip(examples) {
        rows.extend([vec![label], vec![example]]);
    }
    let rows: Vec<&[&str]> = rows.iter().map(Vec::as_slice).collect();
    support::sheet(&format!("견본({id})"), &rows)
}

/// Puts a value beside a label; a blank one empties the cell.
pub fn set(sheet: &mut Sheet, label: &str, value: &str) {
    let row = sheet.rows.iter_mut().find(|r| r.cell(0) == Some(label)).expect(label);
    row.cells.truncate(1);
    if !value.is_empty() {
        row.cells.extend([None, Some(value.to_owned())]);
    }
}

/// The list sheet of these API sheets, with the extra row that is no API.
pub fn list(sheets: &[Sheet]) -> Sheet {
    let mut rows = vec![
        vec!["목록".to_owned()],
        ["No.", "API ID", "API 명", "대분류", "중분류", "URL", "바로가기"].map(str::to_owned).into(),
    ];
    for (n, sheet) in (1..).zip(sheets) {
        let value = |label: &str| value(sheet, label).unwrap_or_default();
        let mut row = vec![n.to_string(), value("API ID"), value("API 명")];
        row.extend(["국내주식", "견본"].map(str::to_owned));
        row.push(value("URL"));
        rows.push(row);
    }
    rows.push(["99", "공통", "오류코드", "", "", "", "이동"].map(str::to_owned).into());
    let rows: Vec<Vec<&str>> = rows.iter().map(|r| r.iter().map(String::as_str).collect()).collect();
    let rows: Vec<&[&str]> = rows.iter().map(Vec::as_slice).collect();
    support::sheet("API 리스트", &rows)
}

/// The value beside a label.
pub fn value(sheet: &Sheet, label: &str) -> Option<String> {
    sheet.rows.iter().find(|r| r.cell(0) == Some(label))?.cell(2).map(str::to_owned)
}

/// Whether a sheet is the list of all APIs.
pub fn is_list(sheet: &Sheet) -> bool {
    list_head(sheet).is_some_and(|head| sheet.rows[head].cells.contains(&Some("API ID".to_owned())))
}

/// All sheets in another order, and in each the rows of every table: among siblings, children moving with their
/// parent. Row numbers stay ascending, as in a book somebody sorted by hand.
pub fn shuffle_rows(document: &Document, seed: u64) -> Document {
    let mut random = Random::new(seed);
    let sheets = support::shuffle_sheets(&document.sheets, seed);
    let sheets = sheets.iter().map(|sheet| shuffle_sheet(sheet, &mut random)).collect();
    Document { sheets, ..document.clone() }
}

fn shuffle_sheet(sheet: &Sheet, random: &mut Random) -> Sheet {
    let mut rows: Vec<Row> = Vec::new();
    let mut at = 0;
    if let Some(head) = list_head(sheet) {
        rows.extend_from_slice(&sheet.rows[..=head]);
        let mut rest = sheet.rows[head + 1..].to_vec();
        shuffle(&mut rest, random);
        rows.append(&mut rest);
        at = sheet.rows.len();
    }
    while at < sheet.rows.len() {
        let mut first = sheet.rows[at].clone();
        at += 1;
        if !matches!(first.cell(0), Some("Header" | "Body")) {
            rows.push(first);
            continue;
        }
        let end = (at..sheet.rows.len()).find(|&i| sheet.rows[i].cell(0).is_some()).unwrap_or(sheet.rows.len());
        let titled = first.cells.len() == 2;
        let label = if titled { None } else { first.cells[0].take() };
        let mut group = sheet.rows[at..end].to_vec();
        if titled {
            rows.push(first);
        } else {
            group.insert(0, first);
        }
        let mut group = shuffle_siblings(group, 0, random);
        if let (Some(label), Some(first)) = (label, group.first_mut()) {
            first.cells[0] = Some(label);
        }
        rows.append(&mut group);
        at = end;
    }
    for (row, old) in rows.iter_mut().zip(&sheet.rows) {
        row.number = old.number;
    }
    Sheet { rows, ..sheet.clone() }
}

fn shuffle_siblings(rows: Vec<Row>, depth: usize, random: &mut Random) -> Vec<Row> {
    let mut trees: Vec<Vec<Row>> = Vec::new();
    for row in rows {
        let marks = row.cell(1).map_or(0, |e| e.split("- ").take_while(|part| part.is_empty()).count());
        match trees.last_mut() {
            Some(tree) if marks > depth => tree.push(row),
            _ => trees.push(vec![row]),
        }
    }
    shuffle(&mut trees, random);
    let shuffled = trees.into_iter().flat_map(|mut tree| {
        let children = tree.split_off(1);
        tree.extend(if children.is_empty() { children } else { shuffle_siblings(children, depth + 1, random) });
        tree
    });
    shuffled.collect()
}

fn shuffle<T>(items: &mut [T], random: &mut Random) {
    for i in (1..items.len()).rev() {
        items.swap(i, random.below(i + 1));
    }
}

/// The head row of the list sheet or of the error sheet: below it each row stands for itself.
fn list_head(sheet: &Sheet) -> Option<usize> {
    sheet.rows.iter().position(|r| r.cell(0) == Some("No."))
}
