//! The documents of `spec/samples`, as a table: facts of seven APIs in the layout of the broker's sheets, words our own.
//!
//! Knows the layout and how the files are called; compares nothing.

mod rest;
mod socket;

use std::collections::BTreeMap;

use kiwoom_spec::dump::Sheet;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatAlign, Workbook};

use crate::support;

/// One API.
pub struct Sample {
    pub id: &'static str,
    pub name: &'static str,
    /// 대분류, 중분류.
    pub menu: [&'static str; 2],
    pub host: Host,
    pub path: &'static str,
    pub overview: &'static str,
    /// `element | 한글명 | Type | Required | Length | Description`; what is missing at the end is blank.
    pub request: &'static [&'static str],
    pub response: &'static [&'static str],
    /// Request and response.
    pub examples: [&'static str; 2],
}

/// Which server answers.
#[derive(Clone, Copy)]
pub enum Host {
    Rest,
    Socket,
}

/// All of them, in the order of the list.
pub fn samples() -> [&'static Sample; 7] {
    [
        &rest::TOKEN,
        &rest::VOLUME_RENEWAL,
        &rest::PROGRAM_NET_BUYING,
        &rest::DAILY_CHART,
        &rest::BUY_ORDER,
        &socket::CONDITION_LIST,
        &socket::TRADE,
    ]
}

/// The sheets of the workbook: the list, each API, the error codes.
pub fn sheets() -> Vec<Sheet> {
    let mut sheets = vec![list()];
    sheets.extend(samples().map(sheet));
    sheets.push(errors());
    sheets
}

/// The Markdown files of both styles: path below `spec/samples` and text.
pub fn markdown() -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    let names = ["list"].into_iter().chain(samples().map(|s| s.id)).chain(["errors"]);
    for (sheet, name) in sheets().iter().zip(names) {
        files.insert(format!("style1/{name}.md"), support::write_style1(sheet));
        files.insert(format!("style2/{name}.md"), support::write_style2(sheet));
    }
    files
}

/// The workbook; the same bytes for the same writer.
pub fn workbook() -> Vec<u8> {
    let mut book = Workbook::new();
    let born = ExcelDateTime::from_ymd(2026, 1, 1).expect("a date");
    book.set_properties(&DocProperties::new().set_creation_datetime(&born));
    let wrapped = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    for sheet in sheets() {
        let page = book.add_worksheet();
        page.set_name(sheet.name.replace('/', "|")).expect("a legal sheet name");
        for row in &sheet.rows {
            for (cell, column) in row.cells.iter().zip(0..) {
                if let Some(cell) = cell {
                    page.write_string_with_format(row.number - 1, column, cell, &wrapped).expect("a cell");
                }
            }
        }
        for (column, width) in [(0, 18), (1, 28), (2, 26), (3, 10), (4, 10), (5, 8), (6, 60)] {
            page.set_column_width(column, width).expect("a width");
        }
    }
    book.save_to_buffer().expect("a workbook in memory")
}

const HEAD: [&str; 7] = ["구분", "Element", "한글명", "Type", "Required", "Length", "Description"];
const HEADERS: [[&str; 6]; 4] = [
    ["Header", "api-id", "TR명", "String", "Y", "10"],
    ["", "authorization", "접근토큰", "String", "Y", "1000"],
    ["", "cont-yn", "연속조회여부", "String", "N", "1"],
    ["", "next-key", "연속조회키", "String", "N", "50"],
];

fn sheet(sample: &Sample) -> Sheet {
    let menu = format!("{} > {} > {}({})", sample.menu[0], sample.menu[1], sample.name, sample.id);
    let (real, mock) = match sample.host {
        Host::Rest => ("https://api.kiwoom.com", "https://mockapi.kiwoom.com"),
        Host::Socket => ("wss://api.kiwoom.com:10000", "wss://mockapi.kiwoom.com:10000"),
    };
    let mut rows: Vec<Vec<&str>> = vec![
        vec!["◀ API 리스트 이동"],
        vec!["키움 REST API"],
        vec!["API 정보"],
        vec!["메뉴 위치", "", &menu],
        vec!["API 명", "", sample.name],
        vec!["API ID", "", sample.id],
        vec!["기본정보"],
        vec!["Method", "", "POST"],
        vec!["운영 도메인", "", real],
        vec!["모의투자 도메인", "", mock],
        vec!["URL", "", sample.path],
        vec!["Format", "", "JSON"],
        vec!["Content-Type", "", "application/json;charset=UTF-8"],
        vec!["개요"],
        vec![sample.overview],
    ];
    for (way, table) in [("Request", sample.request), ("Response", sample.response)] {
        rows.push(vec![way]);
        rows.push(HEAD.into());
        rows.extend(HEADERS.iter().filter(|h| way == "Request" || h[1] != "authorization").map(|h| h.to_vec()));
        for (n, line) in table.iter().enumerate() {
            let label = if n == 0 { "Body" } else { "" };
            rows.push([label].into_iter().chain(line.splitn(6, '|').map(str::trim)).collect());
        }
    }
    rows.extend([vec!["Request Example"], vec![sample.examples[0]]]);
    rows.extend([vec!["Response Example"], vec![sample.examples[1]]]);
    let rows: Vec<&[&str]> = rows.iter().map(Vec::as_slice).collect();
    support::sheet(&format!("{}({})", sample.name, sample.id), &rows)
}

fn list() -> Sheet {
    let head: &[&str] = &["No.", "API ID", "API 명", "대분류", "중분류", "URL", "바로가기"];
    let numbers: Vec<String> = (1..10).map(|n: u32| n.to_string()).collect();
    let mut rows: Vec<Vec<&str>> = vec![vec!["키움 REST API 목록"], head.to_vec()];
    for (sample, number) in samples().iter().zip(&numbers) {
        rows.push(vec![number, sample.id, sample.name, sample.menu[0], sample.menu[1], sample.path, "이동"]);
    }
    rows.push(vec!["8", "공통", "오류코드", "", "", "", "이동"]);
    let rows: Vec<&[&str]> = rows.iter().map(Vec::as_slice).collect();
    support::sheet("API 리스트", &rows)
}

fn errors() -> Sheet {
    support::sheet(
        "오류코드",
        &[
            &["◀ API 리스트 이동"],
            &["오류코드 목록"],
            &["No.", "오류코드", "오류메시지"],
            &["1", "1501", "API ID 없음"],
            &["2", "1504", "지원 안 함. API ID={?}, URI={?}"],
            &["3", "1700", "유량 초과. 유량={?}, API ID={?}"],
        ],
    )
}
