//! One mini-sheet, imported into an empty spec, named by tables in the test, generated.

use std::collections::BTreeMap;

use kiwoom_codegen::Output;
use kiwoom_codegen::lower::lower;
use kiwoom_codegen::model::{Api, Model};
use kiwoom_spec::dump::{Document, Format, Row, Sheet};
use kiwoom_spec::errata::Mended;
use kiwoom_spec::import::import;
use kiwoom_spec::ir::Spec;
use kiwoom_spec::problem::{Level, Problem};
use kiwoom_spec::{errata, names};

/// What the mini-documents call things: labels of every role that the quirks need.
const LABELS: &str = r#"
label = [
    { ko = ["시세"], role = "price" },
    { ko = ["등락"], role = "change" },
    { ko = ["비율"], role = "percent" },
    { ko = ["물량"], role = "count" },
    { ko = ["대금"], role = "amount" },
    { ko = ["일자"], role = "date" },
    { ko = ["시각"], role = "clock" },
    { ko = ["종목"], role = "stock-code" },
    { ko = ["구분"], role = "code" },
    { ko = ["주문번호"], role = "order-no" },
    { ko = ["이름"], role = "text" },
]
"#;

const MENUS: &str = r#"
[[market]]
module = "domestic"
title = "The market of the samples."

[[menu]]
path = ["견본", "시세"]
module = "domestic::sample"
title = "Samples"

[[menu]]
path = ["견본", "주문"]
module = "domestic::sample_order"
title = "Sample orders"
"#;

const FIELD_HEAD: [&str; 7] = ["구분", "Element", "한글명", "Type", "Required", "Length", "Description"];

/// Where Length stands.
const LENGTH: usize = 5;

/// One element: key with depth marks, label, type, required, description.
pub type Element<'a> = [&'a str; 5];

/// A sheet in the making.
#[derive(Clone, Debug)]
pub struct Draft {
    id: &'static str,
    name: &'static str,
    info: [[String; 2]; 7],
    request: Vec<Vec<String>>,
    response: Vec<Vec<String>>,
    examples: [Option<String>; 2],
    names: Vec<String>,
    codes: String,
    fids: String,
    errata: String,
}

/// What became of a draft.
pub struct Made {
    /// The facts.
    pub facts: Spec,
    /// The facts after errata.
    pub mended: Mended,
    /// The model.
    pub model: Model,
    /// The files.
    pub output: Output,
    /// What import, errata and names had to say, errors excluded.
    pub problems: Vec<Problem>,
}

impl Draft {
    /// A paged read `SampleList` in the menu `domestic::sample`, with empty tables.
    pub fn new(id: &'static str) -> Self {
        let info = [
            ["메뉴 위치", "견본 > 시세 > 견본조회"],
            ["API 명", "견본조회"],
            ["Method", "POST"],
            ["운영 도메인", "https://api.example.com"],
            ["모의투자 도메인", "https://mock.example.com"],
            ["URL", "/api/sample/list"],
            ["Format", "JSON"],
        ];
        Draft {
            id,
            name: id,
            info: info.map(|row| row.map(str::to_owned)),
            request: Vec::new(),
            response: Vec::new(),
            examples: [None, None],
            names: Vec::new(),
            codes: String::new(),
            fids: String::new(),
            errata: String::new(),
        }
    }

    /// Replaces a cell of the sheet's head.
    pub fn info(mut self, label: &str, text: &str) -> Self {
        let row = self.info.iter_mut().find(|r| r[0] == label).expect("a label of the sheet's head");
        text.clone_into(&mut row[1]);
        self
    }

    /// A WebSocket sheet.
    pub fn socket(self) -> Self {
        self.info("운영 도메인", "wss://api.example.com").info("URL", "/api/sample/websocket")
    }

    /// Adds a body block to the request.
    pub fn request(mut self, rows: &[Element]) -> Self {
        self.request.extend(block(None, rows));
        self
    }

    /// Adds a body block to the response.
    pub fn response(mut self, rows: &[Element]) -> Self {
        self.response.extend(block(None, rows));
        self
    }

    /// Adds a titled body block to the response.
    pub fn response_block(mut self, title: &str, rows: &[Element]) -> Self {
        self.response.extend(block(Some(title), rows));
        self
    }

    /// Sets the request example.
    pub fn sends(mut self, text: &str) -> Self {
        self.examples[0] = Some(text.to_owned());
        self
    }

    /// Sets the response example.
    pub fn shows(mut self, text: &str) -> Self {
        self.examples[1] = Some(text.to_owned());
        self
    }

    /// Fills the Length column of every body row.
    pub fn lengths(mut self, length: &str) -> Self {
        for row in self.request.iter_mut().chain(&mut self.response).filter(|r| r.len() > LENGTH) {
            length.clone_into(&mut row[LENGTH]);
        }
        self
    }

    /// Names the sheet, which is otherwise called like its API.
    pub fn called(mut self, name: &'static str) -> Self {
        self.name = name;
        self
    }

    /// Turns the body rows of the response round.
    pub fn shuffled(mut self) -> Self {
        self.response.reverse();
        let (first, last) = (self.response.len() - 1, 0);
        let label = std::mem::take(&mut self.response[first][0]);
        self.response[last][0] = label;
        self
    }

    /// Adds the row of `apis.toml`.
    pub fn named(mut self, row: &str) -> Self {
        self.names.push(format!("[{}]\n{row}\n", self.id));
        self
    }

    /// Adds to `codes.toml`.
    pub fn codes(mut self, text: &str) -> Self {
        self.codes.push_str(text);
        self
    }

    /// Adds to `fids.toml`.
    pub fn fids(mut self, text: &str) -> Self {
        self.fids.push_str(text);
        self
    }

    /// Adds a fix to `errata.toml`: `at`, `op`, `was`, `now`.
    pub fn erratum(mut self, [at, op, was, now]: [&str; 4]) -> Self {
        let id = self.id;
        self.errata += &format!(
            "[[fix]]\napi = {id:?}\nat = {at:?}\nop = {op:?}\nwas = {was:?}\nnow = {now:?}\nwhy = \"a test\"\nseen = \"a test\"\n"
        );
        self
    }

    /// The sheet, as a reader gives it.
    pub fn sheet(&self) -> Sheet {
        let mut rows: Vec<Vec<String>> = Vec::new();
        let own = |cells: &[&str]| cells.iter().map(|c| (*c).to_owned()).collect::<Vec<_>>();
        rows.push(own(&["API 정보"]));
        rows.push(own(&["API ID", "", self.id]));
        rows.extend(self.info.iter().map(|[label, text]| own(&[label, "", text])));
        rows.push(own(&["개요"]));
        rows.push(own(&["견본"]));
        for (title, body) in [("Request", &self.request), ("Response", &self.response)] {
            rows.push(own(&[title]));
            rows.push(own(&FIELD_HEAD));
            rows.push(own(&["Header", "api-id", "아이디", "String", "Y", "10", ""]));
            rows.extend(body.iter().cloned());
        }
        for (title, example) in ["Request Example", "Response Example"].iter().zip(&self.examples) {
            rows.push(own(&[title]));
            rows.push(vec![example.clone().unwrap_or_default()]);
        }
        Sheet { file: "견본".into(), name: self.name.into(), rows: numbered(&rows) }
    }
}

fn block(title: Option<&str>, rows: &[Element]) -> Vec<Vec<String>> {
    let mut out: Vec<Vec<String>> = title.iter().map(|t| vec!["Body".to_owned(), (*t).to_owned()]).collect();
    for (i, [key, name, ty, required, text]) in rows.iter().enumerate() {
        let first = if i == 0 && title.is_none() { "Body" } else { "" };
        out.push([first, key, name, ty, required, "", text].map(str::to_owned).to_vec());
    }
    out
}

fn numbered(rows: &[Vec<String>]) -> Vec<Row> {
    let rows = rows.iter().zip(1..).filter_map(|(cells, number)| {
        let cells: Vec<_> = cells.iter().map(|c| kiwoom_spec::dump::clean(c)).collect();
        let filled = cells.iter().rposition(Option::is_some)? + 1;
        Some(Row { number, cells: cells[..filled].to_vec() })
    });
    rows.collect()
}

/// Imports the drafts as one document into an empty spec and generates. Panics where anything is an error.
pub fn generate(drafts: &[Draft]) -> Made {
    let document =
        Document { name: "견본".into(), format: Format::Markdown, sheets: drafts.iter().map(Draft::sheet).collect() };
    let imported = import(&Spec::default(), &document);
    let mut problems = imported.problems;
    assert_no_error(&problems);
    let fixes = errata::parse(&drafts.iter().map(|d| d.errata.as_str()).collect::<String>()).expect("errata");
    let (mended, stale) = errata::apply(&imported.spec, &fixes);
    problems.extend(stale);
    let tables = [
        ("apis.toml", drafts.iter().flat_map(|d| &d.names).cloned().collect::<String>()),
        ("menus.toml", MENUS.to_owned()),
        ("labels.toml", LABELS.to_owned()),
        ("codes.toml", drafts.iter().map(|d| d.codes.as_str()).collect()),
        ("fids.toml", drafts.iter().map(|d| d.fids.as_str()).collect()),
    ];
    let tables: BTreeMap<String, String> = tables.into_iter().map(|(f, t)| (f.to_owned(), t)).collect();
    let names = names::parse(&tables).expect("names");
    problems.extend(names.check(&imported.spec));
    let (output, found) = kiwoom_codegen::generate(&mended, &names);
    problems.extend(found);
    assert_no_error(&problems);
    let model = lower(&mended, &names);
    Made { facts: imported.spec, mended, model, output, problems }
}

fn assert_no_error(problems: &[Problem]) {
    let errors: Vec<String> =
        problems.iter().filter(|p| p.level == Level::Error).map(|p| format!("{}: {p}", p.id)).collect();
    assert!(errors.is_empty(), "{}", errors.join("\n"));
}

impl Made {
    /// The text of the only generated file whose path ends so.
    pub fn file(&self, end: &str) -> &str {
        let mut found = self.output.files.iter().filter(|(path, _)| path.ends_with(end));
        let (path, text) =
            found.next().unwrap_or_else(|| panic!("no file ends in {end}: {:?}", self.output.files.keys()));
        assert!(found.next().is_none(), "{end} is ambiguous: {path} is not the only one");
        text
    }

    /// The only API of the model.
    pub fn api(&self) -> &Api {
        let all: Vec<&Api> = self.model.menus.iter().flat_map(|m| &m.apis).collect();
        let [api] = all[..] else { panic!("{} APIs", all.len()) };
        api
    }

    /// The ids of the findings.
    pub fn findings(&self) -> Vec<&'static str> {
        self.problems.iter().map(|p| p.id).collect()
    }
}

/// The top-level items of a generated file that hold a line beginning with one of `wanted`, leading blanks aside.
///
/// # Panics
/// Where one of `wanted` is in no item: the snapshot would silently lose what it is about.
pub fn items(text: &str, wanted: &[&str]) -> String {
    let items: Vec<&str> = text.trim_end().split("\n\n").collect();
    let holds = |item: &str, want: &str| item.lines().any(|l| l.trim_start().starts_with(want));
    for want in wanted {
        assert!(items.iter().any(|i| holds(i, want)), "no item has a line that begins with {want:?} in\n{text}");
    }
    let chosen: Vec<&str> = items.into_iter().filter(|i| wanted.iter().any(|w| holds(i, w))).collect();
    chosen.join("\n\n")
}

/// Compares with `tests/snapshots/<binary>__<name>.snap`.
#[macro_export]
macro_rules! show {
    ($name:expr, $text:expr) => {{
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/snapshots"));
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| insta::assert_snapshot!($name, $text));
    }};
}
pub use show;
