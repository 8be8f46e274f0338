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
