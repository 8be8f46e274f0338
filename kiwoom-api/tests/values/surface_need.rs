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
