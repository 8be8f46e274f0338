//! Carry-forward: a filled cell replaces every fact that came from it, a blank one keeps them and is counted; known
//! fields keep their place.
#![cfg(feature = "workbook")]

use crate::import_support;
use crate::import_support::{api, field, findings, fold, imported, keys, markdown, set, workbook};
use crate::support;
use kiwoom_spec::describe::Unit;
use kiwoom_spec::diff::Change;
use kiwoom_spec::dump::Sheet;
use kiwoom_spec::import::{Import, digest};
use kiwoom_spec::ir::{Api, Shape, Source, Spec};
use kiwoom_spec::store;

const REQUEST: [&str; 2] = ["stk_cd | 종목코드 | String | Y | 6 |", "tp | 구분 | String | Y | 1 | 1:매수, 2:매도"];
const ANSWER: &str = r#"{"list":[{"prc":"-100","qty":"7"}],"return_code":0,"return_msg":"ok"}"#;

/// The state before: everything filled.
fn before() -> Sheet {
    let response = [
        "list | 목록 | LIST | N | 10 |",
        "- prc | 가격 | String | N | 20 | 단위: 원, 부호 포함",
        "- qty | 수량 | String | N | 20 | 단위: 1주",
    ];
    api("zz1", &REQUEST, &response, [r#"{"stk_cd":"000001","tp":"1"}"#, ANSWER])
}

fn with(response: &[&str], answer: &str) -> Sheet {
    api("zz1", &REQUEST, response, [r#"{"stk_cd":"000001","tp":"1"}"#, answer])
}

fn spec(sheet: &Sheet) -> Spec {
    fold(&Spec::default(), [&workbook([sheet.clone()])])
}

/// `sheet` onto the state before.
fn onto(sheet: Sheet) -> Import {
    imported(&spec(&before()), &workbook([sheet]))
}

fn lines(import: &Import) -> Vec<&str> {
    match import.changes.get("zz1") {
        Some(Change::Changed(lines)) => lines.iter().map(String::as_str).collect(),
        other => panic!("{other:?}"),
    }
}

fn kept(import: &Import) -> Vec<(&'static str, usize)> {
    import.kept.iter().map(|(column, n)| (*column, *n)).collect()
}

#[test]
fn a_blank_cell_keeps_each_fact_that_came_from_it() {
    let list = "list | 목록 | LIST | N | 10 |";
    let qty = "- qty | 수량 | String | N | 20 | 단위: 1주";
    for (row, column) in [
        ("- prc | | String | N | 20 | 단위: 원, 부호 포함", "한글명"),
        ("- prc | 가격 | | N | 20 | 단위: 원, 부호 포함", "Type"),
        ("- prc | 가격 | String | | 20 | 단위: 원, 부호 포함", "Required"),
        ("- prc | 가격 | String | N | | 단위: 원, 부호 포함", "Length"),
        ("- prc | 가격 | String | N | 20 |", "Description"),
    ] {
        let import = onto(with(&[list, row, qty], ANSWER));
        assert_eq!(import.spec, spec(&before()), "{column}");
        assert_eq!(import.changes.len(), 0, "{column}");
        assert_eq!(kept(&import), [(column, 1)]);
    }
    let import = onto(with(&["list", "- prc", "- qty"], ANSWER));
    assert_eq!(import.spec, spec(&before()), "a row of which only the element is left");
    assert_eq!(kept(&import), [("Description", 2), ("Length", 3), ("Required", 3), ("Type", 3), ("한글명", 3)]);
}

#[test]
fn a_filled_cell_replaces_every_fact_that_came_from_it() {
    let row = "- prc | 금액 | Number | Y | 15 | 단위: 백만원";
    let import =
        onto(with(&["list | 목록 | LIST | N | 10 |", row, "- qty | 수량 | String | N | 20 | 단위: 1주"], ANSWER));
    let prc = field(&import.spec.apis["zz1"], "response.list.prc");
    assert_eq!(prc.name, "금액");
    let words = [&prc.ty, &prc.required, &prc.length].map(|w| w.as_deref());
    assert_eq!(words, [Some("Number"), Some("Y"), Some("15")]);
    assert_eq!((prc.says.unit, prc.says.signed), (Some(Unit::MillionWon), false), "the sign came from the same cell");
    assert_eq!(prc.text.as_deref(), Some(digest("단위: 백만원").as_str()));
    assert_eq!(prc.seen, [Shape::SignedInt], "another cell");
    assert_eq!(kept(&import), []);
    let at = "response.list.prc";
    let want = [
        format!("{at} label-redefined: 가격 -> 금액"),
        format!("{at} type-word-changed: String -> Number"),
        format!("{at} response-required-changed: N -> Y"),
        format!("{at} response-length-changed: 20 -> 15"),
        format!("{at} unit-changed: won -> million-won"),
        format!("{at} sign-dropped"),
    ];
    assert_eq!(lines(&import), want);
}

#[test]
fn a_description_that_says_nothing_any_more_takes_its_facts_away() {
    let sheet = api("zz1", &["tp | 구분 | String | Y | 1 | 구분을 적는다"], &[], ["", ""]);
    let old = spec(&api("zz1", &["tp | 구분 | String | Y | 1 | 1:매수, 2:매도"], &[], ["", ""]));
    let import = imported(&old, &workbook([sheet]));
    let tp = field(&import.spec.apis["zz1"], "request.tp");
    assert!(tp.says.is_empty(), "{:?}", tp.says);
    assert_eq!(lines(&import), ["request.tp codes-unlisted: 1=매수 2=매도"]);
}

#[test]
fn a_blank_cell_beside_a_label_keeps_the_fact() {
    let want = spec(&before());
    for label in ["메뉴 위치", "API 명", "Method", "운영 도메인", "모의투자 도메인", "URL", "Format"] {
        let mut sheet = before();
        set(&mut sheet, label, "");
        assert_eq!(onto(sheet).spec, want, "{label}");
    }
    let mut sheet = before();
    for label in ["메뉴 위치", "API 명", "운영 도메인", "모의투자 도메인", "URL"] {
        set(&mut sheet, label, "");
    }
    let counted = [("API 명", 1), ("URL", 1), ("메뉴 위치", 1), ("모의투자 도메인", 1), ("운영 도메인", 1)];
    assert_eq!(kept(&onto(sheet)), counted);
}

#[test]
fn an_overview_is_kept_while_its_cell_is_blank() {
    let mut told = before();
    let at = told.rows.iter().position(|r| r.cell(0) == Some("개요")).expect("the label");
    let mut row = told.rows[at].clone();
    (row.number, row.cells) = (row.number + 1, vec![Some("- 한 줄\n- 두 줄".to_owned())]);
    told.rows.insert(at + 1, row);
    let old = spec(&told);
    assert_eq!(old.apis["zz1"].overview.as_deref(), Some(digest("- 한 줄 - 두 줄").as_str()));
    let import = imported(&old, &workbook([before()]));
    assert_eq!((import.spec, import.kept.get("개요")), (old, Some(&1)));
}

#[test]
fn a_blank_example_keeps_what_older_ones_showed() {
    let answer = r#"{"list":[{"prc":"-100","qty":"7","new":"0.5"}],"extra":"1"}"#;
    let rows = ["list | 목록 | LIST", "- prc | 가격", "- qty | 수량"];
    let old = spec(&with(&rows, answer));
    assert_eq!(field(&old.apis["zz1"], "response.list.new").source, Source::Example);
    let import = imported(&old, &workbook([api("zz1", &REQUEST, &rows, ["", ""])]));
    assert_eq!(import.spec, old);
    assert_eq!(kept(&import), [("Example", 2)]);

    let import = imported(&old, &workbook([with(&rows, r#"{"list":[{"prc":"100","qty":""}]}"#)]));
    let api = &import.spec.apis["zz1"];
    assert_eq!(
        keys(&field(api, "response.list").fields),
        ["prc", "qty"],
        "a new example replaces all that the old showed"
    );
    assert_eq!(keys(&api.response.blocks[0].fields), ["list"]);
    let shapes = ["prc", "qty"].map(|key| field(api, &format!("response.list.{key}")).seen.clone());
    assert_eq!(shapes, [[Shape::Int], [Shape::Blank]]);
}

#[test]
fn an_example_that_cannot_be_read_is_reported_and_its_evidence_stays() {
    let rows = ["list | 목록 | LIST | N | 10 |", "- prc | 가격 | String", "- qty | 수량 | String"];
    let old = spec(&with(&rows, ANSWER));
    let import = imported(&old, &workbook([with(&rows, "{\"list\": [\n{\"prc\": what}]}")]));
    assert_eq!(import.spec, old, "the digest too: it belongs to the example whose evidence is kept");
    let last = before().rows.last().expect("a row").number;
    assert_eq!(findings(&import), [("unreadable-example", format!("sample:견본(zz1)!A{last}").as_str())]);
    assert!(import.problems[0].what.contains("line 2 of the cell"), "{}", import.problems[0]);
}

#[test]
fn an_example_only_form_is_kept_beside_the_table() {
    let push = "#실시간\n{'trnm':'REAL','data':[{'type':'02','values':{'841':'1'}}]}";
    let rows = ["trnm | 서비스명", "data | 목록", "- jmcode | 종목코드"];
    let answer = r#"{"trnm":"CNSRREQ","data":[{"jmcode":"A000001"}]}"#;
    let old = spec(&with(&rows, &format!("#조회\n{answer}\n{push}")));
    let forms: Vec<_> = old.apis["zz1"].response.blocks.iter().map(|b| (b.title.as_deref(), b.source)).collect();
    assert_eq!(forms, [(None, Source::Table), (Some("실시간"), Source::Example)]);
    let import = imported(&old, &workbook([api("zz1", &REQUEST, &rows, ["", ""])]));
    assert_eq!(import.spec, old);
}

#[test]
fn a_new_field_follows_its_predecessor_on_the_wire() {
    let rows = ["d | 넷째", "a | 첫째", "c | 셋째"];
    let old = spec(&with(&rows, r#"{"a":"1","c":"3","d":"4"}"#));
    let more = ["d | 넷째", "x | 새것", "b | 둘째", "c | 셋째", "a | 첫째"];
    let import = imported(&old, &workbook([with(&more, r#"{"x":"0","a":"1","b":"2","c":"3","d":"4"}"#)]));
    assert_eq!(keys(&import.spec.apis["zz1"].response.blocks[0].fields), ["x", "a", "b", "c", "d"]);
    let want =
        ["response example-changed", "response.b response-field-added: 둘째", "response.x response-field-added: 새것"];
    assert_eq!(lines(&import), want);
    // Without an example nobody knows the wire: the name decides, numbers by their value.
    let rows = ["bid_10 | 열", "bid_2 | 둘", "bid_1 | 하나"];
    let old = spec(&api("zz1", &[], &rows, ["", ""]));
    let more = ["bid_9 | 아홉", "bid_10 | 열", "bid_2 | 둘", "bid_1 | 하나"];
    let import = imported(&old, &workbook([api("zz1", &[], &more, ["", ""])]));
    assert_eq!(keys(&import.spec.apis["zz1"].response.blocks[0].fields), ["bid_1", "bid_2", "bid_9", "bid_10"]);
}

#[test]
fn a_row_that_flips_changes_nothing() {
    for answer in [ANSWER, ""] {
        let rows = |a, b| ["list | 목록 | LIST", a, b, "end | 끝"];
        let (a, b) = ("- prc | 가격", "- qty | 수량");
        let old = spec(&with(&rows(a, b), answer));
        let import = imported(&old, &workbook([with(&rows(b, a), answer)]));
        assert_eq!(import.changes.len(), 0);
        assert_eq!(store::render(&import.spec), store::render(&old));
    }
    // Keys of an example may flip too: its digest changes, the order of the fields does not.
    let rows = ["a | 첫째", "b | 둘째"];
    let old = spec(&with(&rows, r#"{"b":"2","a":"1"}"#));
    let import = imported(&old, &workbook([with(&rows, r#"{"a":"1","b":"2"}"#)]));
    assert_eq!(keys(&import.spec.apis["zz1"].response.blocks[0].fields), ["b", "a"]);
    assert_eq!(lines(&import), ["response example-changed"]);
}

#[test]
fn a_sheet_is_complete_for_its_api() {
    let import = onto(with(
        &["list | 목록 | LIST | N | 10 |", "- prc | 가격 | String | N | 20 |"],
        r#"{"list":[{"prc":"-100"}]}"#,
    ));
    assert_eq!(lines(&import), ["response example-changed", "response.list.qty response-field-removed: 수량"]);
    // A row that goes while the example still shows the key leaves the evidence of the example.
    let import = onto(with(&["list | 목록 | LIST | N | 10 |", "- prc | 가격 | String | N | 20 |"], ANSWER));
    let qty = field(&import.spec.apis["zz1"], "response.list.qty");
    assert_eq!((qty.source, qty.name.as_str(), &qty.says.unit), (Source::Example, "", &None));
}

#[test]
fn a_document_touches_nothing_but_its_own_sheets() {
    let old = fold(&Spec::default(), [&workbook([before(), other("zz2"), support::sample_error_sheet()])]);
    for document in [workbook([other("zz3")]), markdown([other("zz3")])] {
        let import = imported(&old, &document);
        assert_eq!(import.changes.into_iter().collect::<Vec<_>>(), [("zz3".to_owned(), Change::Added)]);
        assert_eq!(import.spec.errors, old.errors);
        assert_eq!(import.spec.apis.len(), 3);
    }
}

fn other(id: &str) -> Sheet {
    api(id, &[], &["a | 값"], ["{}", r#"{"a":"1"}"#])
}

#[test]
fn unusual_headers_are_facts_and_the_usual_ones_are_not() {
    let mut sheet = before();
    let at = sheet.rows.iter().position(|r| r.cell(1) == Some("api-id")).expect("the header");
    let mut row = sheet.rows[at].clone();
    row.cells[0] = None;
    row.cells[1] = Some("x-trace".to_owned());
    sheet.rows.insert(at + 1, row);
    let api: Api = import_support::facts(&sheet);
    assert_eq!(keys(&api.request.headers), ["x-trace"]);
    assert_eq!(keys(&api.response.headers), <[&str; 0]>::default());
}
