//! Blank records: what counts as nothing, and what does not.

use crate::decode_records::Everything;
use kiwoom_api::decode::decode;
use kiwoom_api::is_blank;
use kiwoom_api::record::{Record, Slot};

fn everything(text: &str) -> Everything {
    let mut record = Everything::default();
    decode(text.as_bytes(), &mut record).expect("an object");
    record
}

#[test]
fn trap_a_blank_row_is_the_answer_to_an_unknown_code() {
    for blank in ["\"\"", "\"   \"", "null"] {
        let keys = Everything::default().keys();
        let all: Vec<String> = keys.iter().map(|key| format!("{key}{blank}")).collect();
        assert!(is_blank(&everything(&format!("{{{}}}", all.join(",")))), "every value is {blank}");
    }
    assert!(is_blank(&everything("{}")), "nothing was sent");
    assert!(is_blank(&Everything { text: "  ".to_owned(), ..Everything::default() }), "blank text set by hand");
}

/// Each kind of place takes one of these.
const FILLED: [&str; 12] = [
    r#""1000""#,
    r#""20260703""#,
    r#""170500""#,
    r#""20260703170500""#,
    r#""202607""#,
    r#""005930""#,
    r#""100000000""#,
    r#""[{\"stk_cd\":\"A\"}]""#,
    r#"[["1"]]"#,
    r#"[{"trde_qty":"1"}]"#,
    r#"["1"]"#,
    r#"{"sum":"1"}"#,
];

#[test]
fn trap_one_value_of_any_kind_makes_a_row() {
    let mut record = Everything::default();
    for (index, key) in record.keys().iter().enumerate() {
        let makes_a_row = |value: &&str| !is_blank(&everything(&format!("{{{key}{value}}}")));
        let is_constant = matches!(record.slot(index), Slot::Const(_));
        assert_eq!(FILLED.iter().any(makes_a_row), !is_constant, "{key}");
    }
}

#[test]
fn trap_zeros_are_values_but_a_price_of_zero_is_none() {
    assert!(!is_blank(&everything(r#"{"count":"0"}"#)));
    assert!(is_blank(&everything(r#"{"price":"0"}"#)));
}
