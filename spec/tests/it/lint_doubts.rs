//! Every kind of doubt, on small sheets of our own.
#![cfg(feature = "workbook")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::import_support::{api, imported, workbook};
use kiwoom_spec::check::doubts::{Doubt, Kind, doubts};
use kiwoom_spec::dump::Sheet;
use kiwoom_spec::ir::Spec;
use kiwoom_spec::names;
use kiwoom_spec::reading::Reading;

fn find(sheets: Vec<Sheet>) -> Vec<Doubt> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("names");
    let files = fs::read_dir(folder).expect("spec/names").map(|e| e.expect("an entry").path());
    let text = |p: std::path::PathBuf| {
        (p.file_name().unwrap_or_default().to_string_lossy().into_owned(), fs::read_to_string(&p).expect("a table"))
    };
    let names = names::parse(&files.map(text).collect()).expect("the tables");
    let book = workbook(sheets);
    let facts = imported(&Spec::default(), &book).spec;
    doubts(&Reading::of(&book), &facts, &names)
}

/// Request rows, response rows, their examples, and the doubts as `kind place`.
type Case = (&'static [&'static str], &'static [&'static str], [&'static str; 2], &'static [&'static str]);

const CASES: &[Case] = &[
    (&["tp | 구분 | String | N | 1 | 1:매수, 2:매도"], &[], [r#"{"tp":"1"}"#, ""], &[]),
    (&["tp | 구분 | String | N | 1 | 1:매수, 2:매도"], &[], [r#"{"tp":"3"}"#, ""], &["unlisted-code zz1 request.tp"]),
    (&["tp | 구분 | String | N | 1 | 1:매수, 2:매도"], &[], [r#"{"tp":""}"#, ""], &["blank-code zz1 request.tp"]),
    (
        &["tp | 구분 | String | N | 1 | 1:매수, 10:매도"],
        &[],
        [r#"{"tp":"1"}"#, ""],
        &["code-longer-than-length zz1 request.tp"],
    ),
    (
        &["tp | 구분 | String | N | 2 | 1:매수, 1:매수, 2:매도"],
        &[],
        [r#"{"tp":"1"}"#, ""],
        &["duplicate-code zz1 request.tp"],
    ),
    (
        &["tp | 구분 | String | N | 2 | 1:매수, 2:매도, 3:"],
        &[],
        [r#"{"tp":"1"}"#, ""],
        &["code-without-label zz1 request.tp"],
    ),
    (&["tp | 구분 | String | Y | 1 |"], &[], [r#"{"tp":""}"#, ""], &["required-but-blank zz1 request.tp"]),
    (
        &["tp | 구분 | String | N | 3 | ABC 고정값"],
        &[],
        [r#"{"tp":"ABD"}"#, ""],
        &["fixed-value-differs zz1 request.tp"],
    ),
    (&["dt | 일자 | String | N | 8 | YYYYMMDD"], &[], [r#"{"dt":"162000"}"#, ""], &["format-wrong zz1 request.dt"]),
    (&[], &["nm | 이름 | String | N | 2 |"], ["", r#"{"nm":"세글자"}"#], &["longer-than-length zz1 response.nm"]),
    (&[], &["nm | 이름 | String | Y | 9 |"], ["", r#"{"nm":"가"}"#], &["response-required zz1 response"]),
    (
        &[],
        &["a | 가 | String | N | 9 |", "b | 나 | String | N | 9 |"],
        ["", r#"{"a":"가"}"#],
        &["only-in-table zz1 response.b"],
    ),
    (&[], &["a | 가 | String | N | 9 |"], ["", r#"{"a":"가","c":"x"}"#], &["only-in-example zz1 response.c"]),
    (
        &[],
        &["a | 가 | String | N | 9 |", "b | 나 | String | N | 9 |"],
        ["", r#"{"a":"가","c":"x"}"#],
        &["key-misspelt zz1 response.b"],
    ),
    (
        &[],
        &["list | 목록 | LIST | N | |", "- a | 가 | String | N | 9 |"],
        ["", r#"{"lsit":[{"a":"x"}]}"#],
        &["list-misspelt zz1 response.list"],
    ),
    (
        &[],
        &["list | 목록 | LIST | N | |", "- a | 가 | String | N | 9 |"],
        ["", r#"{"rows":[{"z":"x"}]}"#],
        &["foreign-example zz1 response.list"],
    ),
    (
        &[],
        &["list | 목록 | LIST | N | |", "- a | 가 | String | N | 9 |", "- b | 나 | String | N | 9 |"],
        ["", r#"{"list":[{"a":"x"}],"b":"y"}"#],
        &["key-elsewhere zz1 response.list.b"],
    ),
    (&[], &["a | 가 | String | N | 9 |"], ["", "{'a':'x',}"], &["example-not-json zz1 response"]),
    (&[], &["a | 가 | String | N | 9 |"], ["", r#"{"a":"x","returnCode":0}"#], &["envelope-spelling zz1 response"]),
    (
        &["data | 자료 | LIST | N | |", "- a | 가 | String | N | 9 |"],
        &[],
        [r#"{"data":null,"- a":"x"}"#, ""],
        &["example-flattened zz1 request"],
    ),
    (
        &[],
        &["cur_prc | 현재가 | String | N | 9 | 단위: %"],
        ["", r#"{"cur_prc":"1"}"#],
        &["unit-against-label zz1 response.cur_prc"],
    ),
    (
        &[],
        &["q | 수량 | String | N | 20 | 단위: 1주, 좌측 0-padding 처리된 12자리 숫자"],
        ["", r#"{"q":"000000001"}"#],
        &["padding-wrong zz1 response.q"],
    ),
    (
        &[],
        &["r | 값 | String | N | 20 | 단위: %, 소수점 둘째 자리까지"],
        ["", r#"{"r":"1.5"}"#],
        &["decimals-wrong zz1 response.r"],
    ),
    (&[], &["q | 값 | String | N | 20 | 단위: 1주"], ["", r#"{"q":"-5"}"#], &["sign-undocumented zz1 response.q"]),
    (
        &[],
        &["q | 값 | String | N | 20 | 단위: 1주, 부호가 포함된 숫자"],
        ["", r#"{"q":"5"}"#],
        &["sign-not-shown zz1 response.q"],
    ),
    (
        &[],
        &["cur_prc | 현재가 | String | N | 9 |"],
        ["", r#"{"cur_prc":"없음"}"#],
        &["not-a-number zz1 response.cur_prc"],
    ),
    (&[], &["dt | 일자 | String | N | 9 |"], ["", r#"{"dt":"012"}"#], &["not-a-date zz1 response.dt"]),
    (&[], &["a | 가 | String | N | 9 |"], ["", r#"{"a":"--335"}"#], &["double-sign zz1 response.a"]),
    (&[], &["a | 가 | String | N | 9 |"], ["", r#"{"a":"-0"}"#], &["signed-zero zz1 response.a"]),
    (&[], &["a | 가 | String | N | 9 |"], ["", r#"{"a":"20%"}"#], &["percent-sign zz1 response.a"]),
    (&[], &["a | 가 | String | N | 9 |"], ["", r#"{"a":"56,900"}"#], &["grouped-number zz1 response.a"]),
    (&[], &["a | 가 | String | N | 9 |"], ["", r#"{"a":" 450"}"#], &["blank-padded zz1 response.a"]),
    (&[], &["a | 가 | String | N | 9 |"], ["", r#"{"a":"+매수"}"#], &["signed-text zz1 response.a"]),
    (&[], &["a | 가 | String | N | 20 |"], ["", r#"{"a":"-21474836.00"}"#], &["sentinel zz1 response.a"]),
    (&[], &["a | 가 | String | N | 20 |"], ["", r#"{"a":"27:44"}"#], &["marked-date zz1 response.a"]),
];

#[test]
fn each_kind_is_found_where_it_is_and_nowhere_else() {
    let mut wrong = Vec::new();
    for (request, response, examples, want) in CASES {
        let found = find(vec![api("zz1", request, response, *examples)]);
        let places: Vec<String> = found.iter().map(|d| format!("{} {}", d.kind.id(), d.place())).collect();
        if places != *want {
            wrong.push(format!("{request:?} {response:?} {examples:?}: {places:?} instead of {want:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn elements_are_compared_across_apis() {
    let (a, b) = (r#"{"x":"1"}"#, r#"{"x":"1.5"}"#);
    let rows = |text: &'static str| [format!("x | 구분 | String | N | 20 | {text}")];
    let sheet = |id, text, example| {
        let rows = rows(text);
        api(id, &[], &rows.each_ref().map(String::as_str), ["", example])
    };
    let kinds = |one: (&'static str, &'static str), two: (&'static str, &'static str)| -> Vec<String> {
        let found = find(vec![sheet("zz1", one.0, one.1), sheet("zz2", two.0, two.1)]);
        found.iter().filter(|d| d.api.is_empty()).map(|d| format!("{} {}", d.kind.id(), d.at)).collect()
    };
    assert_eq!(kinds(("1:매수, 2:매도", a), ("1:매도, 2:매수", a)), ["opposite-codes x"]);
    assert_eq!(kinds(("1:매수, 2:매도", a), ("1:매수, 2:매도, 3:전체", a)), [""; 0]);
    assert_eq!(kinds(("단위: 원", a), ("단위: 백만원", a)), ["unit-differs x"]);
    assert_eq!(kinds(("", a), ("", b)), ["integer-and-decimal x"]);
    assert_eq!(kinds(("", a), ("", r#"{"x":"가"}"#)), ["number-and-text x"]);
}

#[test]
fn a_doubt_names_its_evidence() {
    let found = |value: &str| {
        let example = format!(r#"{{"tp":"{value}"}}"#);
        find(vec![api("zz1", &["tp | 구분 | String | N | 1 | 1:매수, 2:매도"], &[], [example.as_str(), ""])]).remove(0)
    };
    assert_eq!(found("3").evidence(), found("3").evidence());
    assert_ne!(found("3").evidence(), found("4").evidence());
    assert!(found("3").words().ends_with(": 3"));
    let ids: BTreeSet<&str> = Kind::ALL.iter().map(|k| k.id()).collect();
    assert_eq!(ids.len(), Kind::ALL.len());
    assert!(Kind::ALL.iter().all(|k| Kind::of(k.id()) == Some(*k) && !k.row().fix.is_empty()));
}
