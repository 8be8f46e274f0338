//! The traps of the documents that the decoder meets, each with the shape that springs it.

use crate::decode_records::{Everything, Listed, Row, UsExchange};
use kiwoom_api::decode::{Decoded, Memory, PushSink, clear, decode, decode_push};
use kiwoom_api::encode::{encode, encode_reply};
use kiwoom_api::record::Record;
use kiwoom_api::value::{AccountNo, Doubt, FilterMask, Price, UsTicker};
use kiwoom_api::{Anomaly, need};

fn read(text: &str) -> (Everything, Decoded) {
    let mut record = Everything::default();
    let decoded = decode(text.as_bytes(), &mut record).expect("an object");
    (record, decoded)
}

/// Keeps the pushes that it is given.
#[derive(Default)]
struct Kept {
    row: Row,
    seen: Vec<(String, String, Option<Price>)>,
    open: (String, String),
    anomalies: usize,
}

impl PushSink for Kept {
    fn open(&mut self, topic: &str, item: &str) -> Option<&mut dyn Record> {
        self.open = (topic.to_owned(), item.to_owned());
        clear(&mut self.row);
        (topic != "??").then_some(&mut self.row as &mut dyn Record)
    }
    fn close(&mut self, anomalies: &mut Vec<Anomaly>) {
        self.anomalies += anomalies.len();
        self.seen.push((self.open.0.clone(), self.open.1.clone(), self.row.cur_prc));
    }
}

#[test]
fn trap_04_values_is_an_object() {
    let push = |text: &str| {
        let (mut sink, mut memory) = (Kept::default(), Memory::default());
        let decoded = decode_push(text.as_bytes(), &mut memory, &mut sink).expect("a push");
        (sink, decoded)
    };
    let (sink, decoded) = push(
        r#"{"trnm":"REAL","data":[{"type":"0B","name":"주식체결","item":"005930","values":{"cur_prc":"-70100","new":"1"}},
            {"type":"??","item":"1","values":{"cur_prc":"5"}},{"type":"0B","item":"000660","values":{"cur_prc":"x"}}]}"#,
    );
    assert_eq!(decoded.trnm(), Some("REAL"));
    let want = ("0B".to_owned(), "005930".to_owned(), Some(Price::down(70_100)));
    assert_eq!(sink.seen, [want.clone(), ("0B".to_owned(), "000660".to_owned(), None)]);
    assert_eq!((sink.anomalies, decoded.unknown_keys().collect::<Vec<_>>()), (1, vec!["new"]));
    // values before type and item, blanks, escapes
    let (sink, _) = push(
        "{ \"data\" : [ { \"values\" : { \"cur_prc\" : \"-70100\" } , \"item\" : \"005930\", \"type\" : \"\\u0030B\" } ] , \"trnm\" : \"REAL\" }",
    );
    assert_eq!(sink.seen, [want]);
    // replies on the same socket
    let (sink, decoded) =
        push(r#"{"trnm":"LOGIN","return_code":0,"return_msg":"","data":[{"type":"0B","values":null},5]}"#);
    assert_eq!((sink.seen.len(), decoded.trnm(), decoded.return_code()), (0, Some("LOGIN"), Some(0)));
    assert!(decode_push(b"[]", &mut Memory::default(), &mut Kept::default()).is_err());
    assert!(
        decode_push(br#"{"data":[{"values":{"cur_prc":"1"}]}"#, &mut Memory::default(), &mut Kept::default()).is_err()
    );
}

#[test]
fn trap_05_array_of_arrays() {
    let (record, decoded) =
        read(r#"{"tuples":[["0","조건 하나"],["1","둘"],{"name":"셋","seq":"2"},[],["3","넷","more"],null,"x"]}"#);
    let names: Vec<&str> = record.tuples.iter().map(|pair| pair.name.as_str()).collect();
    assert_eq!(names, ["조건 하나", "둘", "셋", "", "넷"]);
    assert_eq!(record.tuples[0].seq, Some("0".into()));
    assert_eq!(decoded.unknown(), 1);
    let [anomaly] = decoded.anomalies() else { panic!("{:?}", decoded.anomalies()) };
    assert_eq!((anomaly.path.as_str(), anomaly.row, anomaly.kind), ("tuples[6]", Some(6), Doubt::Shape));
}

#[test]
fn trap_09_return_code() {
    for text in [
        r#"{"return_code":0,"return_msg":"ok"}"#,
        r#"{"returnCode":"0","returnMsg":"ok"}"#,
        r#"{"return_code":"0000","return_msg":"ok"}"#,
    ] {
        let (_, decoded) = read(text);
        assert_eq!((decoded.return_code(), decoded.return_msg()), (Some(0), Some("ok")), "{text}");
        assert_eq!((decoded.unknown(), decoded.anomalies().len()), (0, 0), "{text}");
    }
    assert_eq!(read(r#"{"return_code":20}"#).1.return_code(), Some(20));
    assert_eq!(read("{}").1.return_code(), None);
    let (_, decoded) = read(r#"{"return_code":"S"}"#);
    assert_eq!((decoded.return_code(), decoded.anomalies().len()), (None, 1));
    // inside a row it is an unknown key
    assert_eq!(read(r#"{"rows":[{"return_code":5}]}"#).1.return_code(), None);
}

#[test]
fn trap_10_signs_and_blanks_in_a_row() {
    let (record, decoded) = read(
        r#"{"rows":[{"cur_prc":"-42900","trde_qty":"--335","flu_rt":"++0.34"},{"cur_prc":" 67300"},{"cur_prc":""}]}"#,
    );
    let prices: Vec<_> = record.rows.iter().map(|row| row.cur_prc.map(|price| price.parts())).collect();
    assert_eq!(prices, [Some(Price::down(42_900).parts()), Some(Price::flat(67_300).parts()), None]);
    assert_eq!(record.rows[0].trde_qty, Some(-335));
    assert_eq!((decoded.rows(), decoded.anomalies().len()), (3, 0));
}

#[test]
fn trap_21_structured_strings() {
    let wire = r#"{"mask":"000000011","joined":"005930|000660_NX","embedded":"[{\"stex_tp\":\"NY\",\"stk_cd\":\"BA\"}]","constant":"1"}"#;
    let (mut record, decoded) = read(wire);
    assert!(decoded.anomalies().is_empty());
    assert_eq!(record.mask, Some(FilterMask { etf: true, etn: true, ..FilterMask::NONE }));
    assert_eq!(record.joined.iter().map(|code| code.as_str()).collect::<Vec<_>>(), ["005930", "000660_NX"]);
    assert_eq!(record.embedded[0].stex_tp, Some(UsExchange::Nyse));
    assert_eq!(record.embedded[0].stk_cd, Some(UsTicker::from("BA")));
    let sent = String::from_utf8(encode(&mut record, &[], &[]).expect("text")).expect("UTF-8");
    assert_eq!(sent, wire);

    let (record, decoded) = read(r#"{"embedded":"[{\"stex_tp\":5","mask":"012","joined":"005930|삼성"}"#);
    assert!(record.embedded.is_empty() && record.mask.is_none() && record.joined.is_empty());
    assert_eq!(decoded.anomalies().len(), 3);
    assert_eq!(Listed::default().keys().len(), 2);
}

#[test]
fn other_shapes_than_documented() {
    let (record, decoded) = read(
        r#"{"rows":{"cur_prc":"5"},"texts":"alone","object":"","tuples":null,"text":{"secret":"x"},"count":[1],"unit":true}"#,
    );
    assert_eq!((record.rows.len(), record.texts.as_slice()), (1, &["alone".to_owned()][..]));
    let found: Vec<_> = decoded.anomalies().iter().map(|a| (a.path.as_str(), a.raw.as_str())).collect();
    assert_eq!(found, [("rows", "{..}"), ("texts", "alone"), ("text", "{..}"), ("count", "[..]"), ("unit", "true")]);
    for nothing in ["null", "\"\"", "\"  \"", "[]"] {
        let (record, decoded) = read(&format!(r#"{{"rows":{nothing},"texts":{nothing}}}"#));
        assert_eq!((record.rows.len(), record.texts.len(), decoded.anomalies().len()), (0, 0, 0), "{nothing}");
    }
    let (record, _) = read(r#"{"count":42,"price":-42900,"text":7,"order":138,"date":20250908,"texts":[1,"2",null]}"#);
    assert_eq!((record.count, record.price), (Some(42), Some(Price::down(42_900))), "a number counts as its text");
    assert_eq!((record.text.as_str(), record.date.map(|d| d.to_string()).as_deref()), ("7", Some("2025-09-08")));
    assert_eq!(record.texts, ["1", "2"]);
}

#[test]
fn the_last_of_two_equal_keys_counts() {
    let (record, _) = read(
        r#"{"count":"1","rows":[{},{}],"object":{"sum":"1","acnt_no":"5"},"text":"a","count":"","rows":[{}],"object":{"sum":"2"},"text":"b"}"#,
    );
    assert_eq!((record.count, record.rows.len(), record.text.as_str()), (None, 1, "b"));
    assert_eq!((record.object.sum, record.object.acnt_no.is_none()), (Some(2.into()), true));
}

#[test]
fn anomalies_say_where_and_hide_what_is_private() {
    let (_, decoded) = read(
        r#"{"object":{"acnt_no":{"no":"12345678"},"sum":"x","rows":[{},{"flu_rt":"안녕"}]},"secret":["token"],"account":true}"#,
    );
    let found: Vec<_> = decoded.anomalies().iter().map(|a| (a.path.as_str(), a.row, a.field, a.raw.as_str())).collect();
    assert_eq!(
        found,
        [
            ("object.acnt_no", None, "acnt_no", "[redacted]"),
            ("object.sum", None, "sum", "x"),
            ("object.rows[1].flu_rt", Some(1), "flu_rt", "안녕"),
            ("secret", None, "secret", "[redacted]"),
            ("account", None, "account", "[redacted]"),
        ]
    );
    let long = "가".repeat(50);
    let (_, decoded) = read(&format!(r#"{{"count":"{long}"}}"#));
    assert_eq!(decoded.anomalies()[0].raw, "가".repeat(21), "cut between characters");
}

#[test]
fn unknown_keys_are_counted_and_named_once() {
    let rows = vec![r#"{"new":"1","cur_prc":"1"}"#; 20].join(",");
    let (record, decoded) = read(&format!(r#"{{"rows":[{rows}],"another":[{{"x":[1]}}]}}"#));
    assert_eq!((record.rows.len(), decoded.unknown()), (20, 21));
    assert_eq!(decoded.unknown_keys().collect::<Vec<_>>(), ["new", "another"]);
}

#[test]
fn keys_in_any_order_with_any_blanks() {
    let row = |keys: [usize; 4]| {
        let fields =
            [r#""cur_prc" : "-5""#, r#""trde_qty": "7""#, "\n\t\"stk_nm\":\r\n\"이름\"", r#""stk_cd":"A005930""#];
        format!("{{ {} }}", keys.map(|key| fields[key]).join(" , "))
    };
    let orders = [[0, 1, 2, 3], [3, 2, 1, 0], [1, 3, 0, 2], [2, 0, 3, 1]];
    let (record, decoded) = read(&format!("{{\"rows\": [{}]}}", orders.map(row).join(",\n        ")));
    assert!(decoded.anomalies().is_empty());
    for row in &record.rows {
        assert_eq!((row.cur_prc, row.trde_qty, row.stk_nm.as_str()), (Some(Price::down(5)), Some(7), "이름"));
        assert_eq!(row.stk_cd, "005930".parse().ok());
    }
    assert_eq!(record.rows.len(), 4);
}

#[test]
fn errors_have_a_place_and_no_content() {
    for (text, position) in [
        ("", 0),
        ("[]", 0),
        ("{\"text\":\"secret", 15),
        ("{\"a\":1}x", 7),
        ("{\"a\":tru}", 5),
        ("{\"a\":\"\u{1}\"}", 6),
    ] {
        let error = decode(text.as_bytes(), &mut Everything::default()).expect_err(text);
        assert_eq!(error.position(), position, "{text}: {error}");
        assert!(!format!("{error} {error:?}").contains("secret"));
    }
    assert!(decode(b"{\"text\":\"\xff\"}", &mut Everything::default()).is_err());
}

#[test]
fn debug_shows_what_is_set_and_nothing_private() {
    let text = r#"{"text":"이름","price":"-42900","account":"12345678","secret":"token","sign":"2","rows":[{"cur_prc":"+5"}],"object":{"acnt_no":"999"}}"#;
    let (record, _) = read(text);
    let shown = format!("{record:?}");
    for part in ["price: -42900", "text: \"이름\"", "sign: Up(\"2\")", "account: [redacted]", "cur_prc: +5"] {
        assert!(shown.contains(part), "{part} in {shown}");
    }
    for part in ["12345678", "token", "999", "decimal"] {
        assert!(!shown.contains(part), "{part} in {shown}");
    }
    assert!(format!("{record:#?}").lines().count() > 8);
}

#[test]
fn replies_are_read_from_json_and_values_are_demanded() {
    let row = Row::from_json(r#"{"cur_prc":"+70100","trde_qty":"x"}"#).expect("a row");
    assert_eq!((row.cur_prc, row.anomalies().len()), (Some(Price::up(70_100)), 1));
    assert!(Row::from_json("[]").is_err());
    let price = need!(row => cur_prc).expect("there");
    assert_eq!(price.parts(), Price::up(70_100).parts());
    let error = need!(row => cur_prc, trde_qty, stk_nm).expect_err("missing");
    assert!(error.is_missing_value() && error.to_string().contains("trde_qty"), "{error}");
    assert!(need!(row => stk_nm).is_err(), "blank text is missing");
}

#[test]
fn clear_and_encode_bring_a_record_back() {
    let text = r#"{"text":"a","count":"5","price":"-1","rows":[{"cur_prc":" 3"}],"account":"12","texts":["x"],"object":{"sum":"1"},"code":"ATS2"}"#;
    let (mut record, _) = read(text);
    let reply = encode_reply(&mut record).expect("a reply");
    let (again, decoded) = read(std::str::from_utf8(&reply).expect("UTF-8"));
    assert!(decoded.anomalies().is_empty(), "{:?}", decoded.anomalies());
    assert_eq!(format!("{record:?}"), format!("{again:?}"));
    assert_eq!(record.account, Some(AccountNo::from("12")));
    clear(&mut record);
    assert_eq!(format!("{record:?}"), format!("{:?}", Everything::default()));
}
