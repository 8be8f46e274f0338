//! What is sent to the broker: unset, blank, bare, in the layout of the field.

use crate::decode_records::{self, Everything, Row, UsExchange};
use kiwoom_api::decode::decode;
use kiwoom_api::encode::{encode, encode_reply};
use kiwoom_api::record::Record;
use kiwoom_api::value::*;

fn sent(record: &mut dyn Record, blank: &[usize]) -> serde_json::Value {
    serde_json::from_slice(&encode(record, blank, &[]).expect("a request")).expect("JSON")
}

fn position(key: &str) -> usize {
    let quoted = format!("\"{key}\":");
    Everything::default().keys().iter().position(|known| *known == quoted).expect("a key")
}

#[test]
fn unset_is_omitted_or_blank_and_constants_are_always_sent() {
    let mut record = Everything::default();
    assert_eq!(sent(&mut record, &[]), serde_json::json!({ "constant": "1" }));
    let blank = [position("stock"), position("count"), position("code")];
    assert_eq!(sent(&mut record, &blank), serde_json::json!({ "constant": "1", "stock": "", "count": "", "code": "" }));
}

#[test]
fn requests_are_bare_and_replies_are_decorated() {
    let mut record = Everything {
        price: Some(Price::down(42_900)),
        bare_price: Some(Price::flat(5)),
        holding: StockCode::with_prefix("A005930").ok(),
        scaled: Some(Decimal::new(352, 2)),
        scaled_count: Some(-12),
        scaled_price: Some(Price::up(Decimal::new(265_381, 2))),
        date: Some(Date::constant(2025, 9, 8)),
        clock: Some(TimeMark::Late { hour: 27, minute: 44, second: 0 }),
        at: Some(Date::constant(2026, 6, 3).at(12, 5, 9, 0)),
        month: YearMonth::new(2025, 9),
        sided: Some(Sided { qty: 1793, side: Some(Side::Sell) }),
        code: Some(UsExchange::Nasdaq),
        secret: "key".into(),
        text: "따옴표 \" \\ \n \u{1}".into(),
        ..Everything::default()
    };
    let request = serde_json::json!({
        "price": "42900", "bare_price": "5", "holding": "005930", "scaled": "352", "scaled_count": "-12000", "scaled_price": "265381",
        "date": "20250908", "clock": "27:44", "at": "2026-06-03 12:05:09", "month": "202509", "sided": "-1793", "code": "2",
        "secret": "key", "text": "따옴표 \" \\ \n \u{1}", "constant": "1",
    });
    assert_eq!(sent(&mut record, &[]), request);
    let reply: serde_json::Value = serde_json::from_slice(&encode_reply(&mut record).expect("a reply")).expect("JSON");
    assert_eq!(
        (&reply["price"], &reply["bare_price"], &reply["holding"]),
        (&"-42900".into(), &" 5".into(), &"A005930".into())
    );
    assert_eq!(
        (&reply["count"], &reply["rows"], &reply["object"]["sum"]),
        (&"".into(), &serde_json::json!([]), &"".into())
    );
    let mut again = Everything::default();
    let decoded = decode(&encode_reply(&mut record).expect("a reply"), &mut again).expect("an object");
    assert!(decoded.anomalies().is_empty(), "{:?}", decoded.anomalies());
    assert_eq!((again.price, again.bare_price, again.holding), (record.price, record.bare_price, record.holding));
    assert_eq!(again.price.map(|price| price.parts()), record.price.map(|price| price.parts()));
    assert_eq!(
        (again.scaled, again.scaled_count, again.scaled_price),
        (record.scaled, record.scaled_count, record.scaled_price)
    );
    assert_eq!(
        (again.clock, again.at, again.month, again.sided),
        (record.clock, record.at, record.month, record.sided)
    );
}

#[test]
fn raw_overrides_and_adds() {
    let mut record = Everything { text: "typed".into(), ..Everything::default() };
    let raw = [("text".to_owned(), "raw".to_owned()), ("new".to_owned(), "".to_owned())];
    let sent = encode(&mut record, &[], &raw).expect("a request");
    assert_eq!(sent, br#"{"constant":"1","text":"raw","new":""}"#);
}

#[test]
fn a_meaning_that_the_field_does_not_offer_is_refused() {
    let mut record = decode_records::Listed { stex_tp: Some(UsExchange::All), ..Default::default() };
    let error = encode(&mut record, &[], &[]).expect_err("not listed");
    assert_eq!(error.field(), "stex_tp");
    assert_eq!(error.to_string(), "stex_tp: All is not offered here (use one of: Nasdaq, Nyse, Amex)");
    let mut record = decode_records::Listed { stex_tp: UsExchange::from_wire("ATS2"), ..Default::default() };
    assert_eq!(sent(&mut record, &[]), serde_json::json!({ "stex_tp": "ATS2" }), "unlisted codes go back as they came");
}

#[test]
fn lists_tuples_and_joined_values() {
    let mut record = Everything {
        rows: vec![Row { trde_qty: Some(5), ..Row::default() }],
        tuples: vec![decode_records::Pair { name: "둘".into(), ..Default::default() }],
        texts: vec!["a".into(), "b".into()],
        joined: vec!["005930".parse().expect("a code"), "000660_NX".parse().expect("a code")],
        ..Everything::default()
    };
    let want = serde_json::json!({
        "rows": [{ "trde_qty": "5" }], "tuples": [["", "둘"]], "texts": ["a", "b"], "joined": "005930|000660_NX", "constant": "1",
    });
    assert_eq!(sent(&mut record, &[]), want);
}
