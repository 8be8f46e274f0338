//! Records in wire form through `serde`, for users who store them.

#![cfg(feature = "serde")]

use crate::decode_records::{self, Everything, Row};
use kiwoom_api::value::{Price, StockCode};

#[test]
fn a_stored_record_comes_back_without_its_secrets() {
    let record = Everything {
        price: Some(Price::down(42_900)),
        bare_price: Some(Price::flat(5)),
        holding: StockCode::with_prefix("A005930").ok(),
        secret: "token".into(),
        rows: vec![Row { trde_qty: Some(-5), stk_nm: "이름".into(), ..Row::default() }],
        embedded: vec![decode_records::Listed { stk_cd: Some("BA".into()), ..Default::default() }],
        tuples: vec![decode_records::Pair { name: "둘".into(), ..Default::default() }],
        texts: vec!["a".into()],
        ..Everything::default()
    };
    let stored = serde_json::to_string(&record).expect("text");
    assert!(!stored.contains("token"), "{stored}");
    assert!(stored.contains(r#""price":"-42900""#), "{stored}");
    let again: Everything = serde_json::from_str(&stored).expect("a record");
    let expected = Everything { secret: Default::default(), ..record };
    assert_eq!(format!("{again:?}"), format!("{expected:?}"));
    assert_eq!((again.price, again.bare_price, again.holding), (expected.price, expected.bare_price, expected.holding));
    assert!(serde_json::from_str::<Row>(r#"{"trde_qty":"x"}"#).is_err(), "no reply could carry the anomaly");
    let code: StockCode = serde_json::from_str("\"005930\"").expect("a code");
    assert_eq!(serde_json::to_string(&code).expect("text"), "\"005930\"");
}
