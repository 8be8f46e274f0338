//! `need!` says where a value is missing: API, record, field.
#![cfg(feature = "domestic-chart")]

use kiwoom_api::id::ka10081::{Reply, Row};
use kiwoom_api::need;

#[test]
fn trap_a_missing_value_names_its_api() {
    let reply = Reply::from_json(r#"{"stk_dt_pole_chart_qry":[{"cur_prc":"","dt":"20260703"}]}"#).expect("a page");
    let row = &reply.stk_dt_pole_chart_qry[0];
    let (_, error) = (need!(row => dt).expect("a date"), need!(row => cur_prc).expect_err("no price"));
    let text =
        "ka10081: no value for StockDailyChartRow.cur_prc (blank, or of another kind: see anomalies() of the reply)";
    assert_eq!((error.api_id(), error.to_string().as_str()), (Some("ka10081"), text));
    assert_eq!(error.parameter(), Some("StockDailyChartRow.cur_prc"));
    assert!(error.is_missing_value() && !error.may_have_been_sent());

    let error = need!(reply => stk_cd).expect_err("a field of the reply itself, through `Reply`");
    assert_eq!((error.api_id(), error.parameter()), (Some("ka10081"), Some("StockDailyChartReply.stk_cd")));
    let error = need!(Row::default() => dt, trde_qty).expect_err("a value that is no place");
    assert_eq!(error.parameter(), Some("StockDailyChartRow.dt"));
}

/// A value that came and did not fit is no unknown code.
#[test]
fn a_misfit_is_told_as_one() {
    use kiwoom_api::Language::Korean;
    let reply = Reply::from_json(r#"{"stk_cd":{"x":1},"stk_dt_pole_chart_qry":[]}"#).expect("a page");
    assert_eq!(reply.anomalies().len(), 1);
    for error in [
        need!(reply => stk_cd).expect_err("a misfit"),
        need!(&reply => stk_cd).expect_err("a misfit"),
        need!(Box::new(&reply) => stk_cd).expect_err("a misfit behind two references"),
    ] {
        assert!(error.is_missing_value() && !error.to_string().contains("unknown code"), "{error}");
    }
    let error = need!(&reply => stk_cd).expect_err("a misfit");
    let text = "ka10081: no value for StockDailyChartReply.stk_cd: the broker sent a value that does not fit the field, \
                which takes a stock code (see anomalies() of the reply for what it sent, or exact() to get this as an error of \
                the call)";
    assert_eq!(error.to_string(), text);
    assert!(error.display(Korean).to_string().contains("종목코드"), "{}", error.display(Korean));
    // the row below has anomalies of its own, and they are not those of this field
    let reply = Reply::from_json(r#"{"stk_cd":"","stk_dt_pole_chart_qry":[{"cur_prc":"x"}]}"#).expect("a page");
    let error = need!(reply => stk_cd).expect_err("blank");
    assert!(error.to_string().contains("blank, or of another kind"), "{error}");
    // a row does not know its reply, so it asks and points there
    let error = need!(reply.stk_dt_pole_chart_qry[0] => cur_prc).expect_err("a misfit");
    assert!(error.to_string().contains("unknown code?") && error.to_string().contains("anomalies()"), "{error}");
    // nothing at all
    let reply = Reply::from_json(r#"{"stk_cd":"","stk_dt_pole_chart_qry":[{"cur_prc":""}]}"#).expect("a page");
    let error = need!(reply => stk_cd).expect_err("blank");
    assert!(error.to_string().contains("unknown code?"), "{error}");
}

#[test]
fn records_of_others_have_no_api() {
    struct Own {
        qty: Option<i64>,
    }
    let error = need!(Own { qty: None } => qty).expect_err("nothing");
    assert_eq!((error.api_id(), error.parameter()), (None, Some("Own.qty")));
}

/// Renamed, moved or exported elsewhere: a record says its API itself.
#[cfg(feature = "registry")]
#[test]
fn every_record_of_an_api_says_which_one() {
    use kiwoom_api::record::{Record, Slot};

    fn look(record: &mut dyn Record, api: &str) -> usize {
        assert_eq!(record.keys().api(), Some(api), "{}", record.keys().record);
        let inside = (0..record.keys().len()).map(|index| match record.slot(index) {
            Slot::List(list) | Slot::Tuples(list) => look(list.push(), api),
            Slot::Embedded(list) => look(list.list_mut().push(), api),
            Slot::Object(record) => look(record, api),
            _ => 0,
        });
        inside.sum::<usize>() + 1
    }

    let entries = kiwoom_api::registry::ENTRIES;
    let records = entries.iter().flat_map(|entry| {
        let makes = [entry.request, Some(entry.reply), entry.push].into_iter().flatten();
        makes.map(|make| look(make().as_mut(), entry.meta.id))
    });
    let records: usize = records.sum();
    assert!(records > 2 * entries.len(), "{records} records of {} APIs", entries.len());
}
