//! US and gold orders whose replies were lost, found in lists as the documents show them.
#![cfg(all(feature = "domestic-order", feature = "domestic-account", feature = "us-order", feature = "us-account"))]

use std::time::Duration;

use crate::support::{self, Script, Step, TestServer};
use kiwoom_api::codes::UsExchange;
use kiwoom_api::order::{Desk, Order, OrderRef, Us, Verdict};
use kiwoom_api::value::{GoldCode, Side};
use kiwoom_api::{Client, Credentials, ManualClock, Outcome, Retry};
use serde_json::json;

/// An hour after the US market opened: the same day in Korea, New York and UTC.
const NOW: &str = "2026-07-06T23:30:00+09:00";

struct Run {
    verdict: Verdict,
    /// The APIs that were asked, with their bodies, without the token.
    asked: Vec<(String, String)>,
}

/// Loses one order, then looks it up in these lists.
async fn lose<F>(send: impl FnOnce(kiwoom_api::order::Orders) -> F, lists: &[String]) -> Run
where
    F: Future<Output = Outcome<OrderRef>>,
{
    let script = lists.iter().fold(Script::signed_in().step(Step::Close), |script, list| script.json(list));
    let server = TestServer::start(script).await;
    // quotas are waited for on the clock
    let time = ManualClock::at(NOW.parse().unwrap());
    let pump = tokio::spawn(support::pump(time.clone()));
    let client = Client::builder(server.address(), Credentials::new(support::APP_KEY, support::SECRET_KEY))
        .clock(time.clock())
        .retry(Retry::none())
        .build()
        .unwrap();
    let directory = tempfile::tempdir().unwrap();
    let orders = client.orders().journal(directory.path().join("orders.log")).await.unwrap();
    let outcome = send(orders.clone()).await;
    assert!(outcome.is_unknown(), "{:?}", outcome.error());
    let settlements = orders.reconcile().delay(Duration::ZERO).await.unwrap();
    pump.abort();
    assert_eq!(settlements.len(), 1);
    let verdict = settlements.into_iter().next().unwrap().verdict;
    let asked = server.received().await.into_iter().skip(1);
    let asked = asked.map(|asked| (asked.header("api-id").unwrap().to_owned(), asked.body)).collect();
    Run { verdict, asked }
}

fn list(key: &str, rows: serde_json::Value) -> String {
    json!({ key: rows, "return_code": 0, "return_msg": "" }).to_string()
}

/// A row of `ust21150`: how it was entered, and not what it is about.
fn daily(number: &str, remaining: &str) -> serde_json::Value {
    json!({
        "ord_no": number, "crnc_code": "USD", "stk_cd": "NVDA", "frgn_trde_tp": "지정가", "ord_qty": "000000000005",
        "cntr_qty": "000000000000", "mdfy_qty": "000000000000", "cncl_qty": "000000000000", "rsrv_tp": "일반",
        "comm_ord_tp_nm": "REST API", "ord_time": "23:30:00", "slby_tp_nm": "매수", "ord_uv": "200.0000",
        "stop_pric": "0.0000", "ord_remnq": remaining, "ord_stat_nm": "접수", "inpt_chnl_tp": "REST API",
    })
}

/// A row of `ust21510`: what it is about, and not how it was entered.
fn today(number: &str, original: &str, state: &str) -> serde_json::Value {
    json!({
        "ord_no": number, "orig_ord_no": original, "stk_cd": "NVDA", "frgn_trde_tp": "00", "frgn_trde_nm": "지정가",
        "slby_tp": "2", "slby_tp_nm": "매수", "ord_qty": "000000000005", "ord_uv": "200.0000", "cntr_qty": "000000000000",
        "ord_remnq": "000000000000", "ord_time": "23:30:00", "ord_stat": state, "rsrv_tp": "일반",
    })
}

fn nvda() -> Us {
    Us::new(UsExchange::Nasdaq, "NVDA")
}

#[tokio::test]
async fn a_us_order_is_found_in_three_lists_together() {
    let lists = [
        list("result_lsit", json!([daily("000000282", "000000000005")])),
        list("result_list", json!([])),
        list("result_lsit", json!([today("000000282", "000000000000", "접수")])),
    ];
    let run = lose(|orders| async move { orders.submit(Order::buy(nvda()).limit(200).qty(5)).await }, &lists).await;
    let Verdict::Found(listed) = run.verdict else { panic!("{:?}", run.verdict) };
    assert_eq!(listed.order.to_string(), "2026-07-06 000000282 us buy NVDA ND -");
    let apis: Vec<&str> = run.asked.iter().map(|(api, _)| api.as_str()).collect();
    assert_eq!(apis, ["ust20000", "ust21150", "ust21050", "ust21510"]);
    assert!(run.asked[1].1.contains(r#""ord_dt":"20260706""#), "{}", run.asked[1].1);
}

#[tokio::test]
async fn a_us_cancellation_is_judged_by_its_row_and_not_by_the_state_of_the_original() {
    let original = OrderRef::new(Desk::Us, "2026-07-06".parse().unwrap(), "000000282").of(Side::Buy, "NVDA").at("ND");
    let lists = [
        list("result_lsit", json!([daily("000000282", "000000000000"), daily("000000285", "000000000000")])),
        list("result_list", json!([])),
        list(
            "result_lsit",
            json!([today("000000282", "000000000000", "접수"), today("000000285", "000000282", "취소확인")]),
        ),
    ];
    let cancel = |orders: kiwoom_api::order::Orders| async move { orders.cancel(&original).await };
    let run = lose(cancel, &lists).await;
    let Verdict::Found(listed) = run.verdict else { panic!("{:?}", run.verdict) };
    assert_eq!(listed.order.number.as_str(), "000000285");
}

#[tokio::test]
async fn gold_is_looked_up_in_its_own_list() {
    let row = |number: &str, channel: &str| {
        json!({
            "ord_no": number, "stk_cd": "M04020000", "trde_tp": "지정가", "crd_tp": "보통매매", "ord_qty": "0000000001",
            "ord_uv": "0000140000", "acpt_tp": "접수", "ord_tm": "23:30:00", "ori_ord": "0000000", "io_tp_nm": "매수",
            "cntr_qty": "0000000000", "ord_remnq": "0000000001", "comm_ord_tp": channel, "mdfy_cncl": "",
            "dmst_stex_tp": "KRX",
        })
    };
    for (channel, found) in [("REST API", true), ("영웅문4", false)] {
        let lists = [list("acnt_ord_cntr_prps_dtl", json!([row("0000010", channel)]))];
        let gold = Order::buy(GoldCode::from("M04020000")).limit(140_000).qty(1);
        let run = lose(|orders| async move { orders.submit(gold).await }, &lists).await;
        assert_eq!(run.asked[1].0, "kt50031");
        assert_eq!(matches!(run.verdict, Verdict::Found(_)), found, "{:?}", run.verdict);
        assert_eq!(matches!(run.verdict, Verdict::Ambiguous(_)), !found, "{:?}", run.verdict);
    }
}
