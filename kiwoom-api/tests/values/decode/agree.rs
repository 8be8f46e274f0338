//! A change and its sign code: what they mean together, and what happens to a row in which they disagree.
#![cfg(all(feature = "domestic-chart", feature = "domestic-realtime"))]

use kiwoom_api::codes::ChangeSign;
use kiwoom_api::decode::decode;
use kiwoom_api::id::{ka10079, ka10081, rt0_b};
use kiwoom_api::record::{Change, Keys, Num, Record, Slot, agree};
use kiwoom_api::value::{CodeSet, CodeTable, Decimal, Doubt};

fn day(change: &str, sign: &str) -> (Option<Decimal>, Vec<kiwoom_api::Anomaly>) {
    let text = format!(
        r#"{{"stk_dt_pole_chart_qry":[{{"dt":"20260703"}},{{"pred_pre":"{change}","cur_prc":"1","pred_pre_sig":"{sign}"}}]}}"#
    );
    let reply = ka10081::Reply::from_json(&text).expect("a page");
    (reply.stk_dt_pole_chart_qry[1].pred_pre, reply.anomalies().to_vec())
}

#[test]
fn trap_a_change_contradicts_its_sign_code() {
    for (change, sign) in [("+500", "5"), ("500", "4"), ("-500", "2"), ("-500", "1"), ("500", "3"), ("-500", "3")] {
        let (value, anomalies) = day(change, sign);
        let [anomaly] = &anomalies[..] else { panic!("{change} beside {sign}: {anomalies:?}") };
        assert_eq!(value, None, "{change} beside {sign} is not guessed");
        assert_eq!((anomaly.kind, anomaly.field, anomaly.row), (Doubt::Contradicts, "pred_pre", Some(1)));
        assert_eq!(anomaly.against, Some("pred_pre_sig"));
        let number = change.trim_start_matches('+');
        let want = format!("stk_dt_pole_chart_qry[1].pred_pre: {number:?} contradicts pred_pre_sig");
        assert_eq!(anomaly.to_string(), want);
    }
}

#[test]
fn trap_what_is_no_contradiction() {
    for (change, sign, want) in [
        ("+500", "2", Some(500)),
        ("500", "1", Some(500)),
        ("-500", "5", Some(-500)),
        ("--500", "4", Some(-500)),
        // small changes are rounded away
        ("0", "2", Some(0)),
        ("0", "3", Some(0)),
        ("", "5", None),
        // no code, or one that nobody knows (ka20004 sends 43)
        ("500", "", Some(500)),
        ("-500", "43", Some(-500)),
    ] {
        let (value, anomalies) = day(change, sign);
        assert_eq!((value, anomalies.len()), (want.map(Decimal::from), 0), "{change} beside {sign}");
    }
}

#[test]
fn trap_ka10079_leaves_the_sign_to_the_code() {
    for (change, sign, want) in [("500", "5", Some(-500)), ("500", "2", Some(500)), ("-500", "5", Some(-500))] {
        let text = format!(r#"{{"stk_tic_chart_qry":[{{"pred_pre":"{change}","pred_pre_sig":"{sign}"}}]}}"#);
        let reply = ka10079::Reply::from_json(&text).expect("a page");
        assert_eq!(reply.stk_tic_chart_qry[0].pred_pre, want.map(Decimal::from), "{change} beside {sign}");
        assert!(reply.anomalies().is_empty());
    }
    let text = r#"{"stk_tic_chart_qry":[{"pred_pre":"-500","pred_pre_sig":"2"}]}"#;
    let reply = ka10079::Reply::from_json(text).expect("a page");
    assert_eq!(reply.anomalies().first().map(|anomaly| anomaly.kind), Some(Doubt::Contradicts));
}

#[test]
fn trap_pushes_agree_too() {
    let reply = rt0_b::Push::from_json(r#"{"10":"-70100","11":"+100","25":"5"}"#).expect("values");
    let [anomaly] = reply.anomalies() else { panic!("{:?}", reply.anomalies()) };
    assert_eq!((anomaly.field, anomaly.against), ("11", Some("25")));
}

/// A row by position, as condition searches send them.
#[derive(Clone, Default)]
struct Positional {
    change: Option<Decimal>,
    sign: Option<ChangeSign>,
}

const SIGNS: CodeTable = &[("2", 1), ("5", 4)];

impl Record for Positional {
    fn keys(&self) -> &'static Keys {
        &Keys { api: "", record: "Positional", names: &["\"change\":", "\"sign\":"] }
    }
    fn slot(&mut self, index: usize) -> Slot<'_> {
        match index {
            0 => Slot::Decimal(&mut self.change, Num::PLAIN),
            _ => Slot::Code(&mut self.sign, SIGNS),
        }
    }
    fn changes(&self) -> &'static [Change] {
        &[Change { number: 0, sign: 1, bare: false }]
    }
    fn agrees(&self) -> bool {
        agree(&self.change, &self.sign)
    }
}

#[derive(Default)]
struct Listed {
    rows: Vec<Positional>,
}

impl Record for Listed {
    fn keys(&self) -> &'static Keys {
        &Keys { api: "", record: "Listed", names: &["\"rows\":"] }
    }
    fn slot(&mut self, _: usize) -> Slot<'_> {
        Slot::Tuples(&mut self.rows)
    }
}

#[test]
fn trap_positional_rows_agree_too() {
    let mut record = Listed::default();
    let decoded = decode(br#"{"rows":[["-5","5"],["-5","2"],{"sign":"5","change":"5"}]}"#, &mut record).expect("rows");
    let rows: Vec<_> = record.rows.iter().map(|row| row.change).collect();
    assert_eq!(rows, [Some(Decimal::from(-5)), None, None]);
    let said: Vec<_> = decoded.anomalies().iter().map(|anomaly| (anomaly.row, anomaly.against)).collect();
    assert_eq!(said, [(Some(1), Some("sign")), (Some(2), Some("sign"))]);
}

/// The decoder knows the sign codes by their order.
#[test]
fn trap_the_order_of_sign_codes() {
    assert_eq!(<ChangeSign as CodeSet>::NAMES, ["UpperLimit", "Up", "Flat", "LowerLimit", "Down"]);
}

#[test]
fn trap_positions_of_changes_are_those_of_their_keys() {
    let (row, push) = (ka10081::Row::default(), rt0_b::Push::default());
    let pairs: [(&dyn Record, [&str; 2]); 2] =
        [(&row, ["\"pred_pre\":", "\"pred_pre_sig\":"]), (&push, ["\"11\":", "\"25\":"])];
    for (record, want) in pairs {
        let change = record.changes()[0];
        let have = [change.number, change.sign].map(|at| record.keys()[usize::from(at)]);
        assert_eq!(have, want);
    }
}
