//! Orders that arrive while the lists are read: one list has them, another one does not yet.
#![cfg(all(feature = "domestic-order", feature = "domestic-account", feature = "us-order", feature = "us-account"))]

use std::future::IntoFuture;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use kiwoom_api::codes::{OrderVenue, UsExchange};
use kiwoom_api::order::{Order, Us, Verdict};
use kiwoom_api::{Limits, ManualClock};
use serde_json::{Value, json};

use crate::support::{self, Step, TestServer};

const NOW: &str = "2026-07-06T10:00:00+09:00";
const DATE: &str = "Date: Mon, 06 Jul 2026 01:00:00 GMT";

/// Which list lacks the order, and for how many looks.
#[derive(Clone, Copy, Debug)]
struct Lacking {
    api: &'static str,
    looks: usize,
}

fn rows(api: &str) -> Value {
    match api {
        "kt00007" => json!({ "acnt_ord_cntr_prps_dtl": [{
            "ord_no": "0000137", "stk_cd": "A005930", "trde_tp": "보통", "crd_tp": "보통매매", "ord_qty": "0000000010",
            "ord_uv": "0000070100", "ori_ord": "0000000", "io_tp_nm": "현금매수", "cntr_qty": "0000000000",
            "ord_remnq": "0000000010", "comm_ord_tp": "REST API", "dmst_stex_tp": "KRX", "ord_tm": "10:00:00",
        }]}),
        "ka10075" => json!({ "oso": [{
            "ord_no": "0000137", "stk_cd": "005930", "ord_qty": "10", "ord_pric": "70100", "oso_qty": "10",
            "orig_ord_no": "0000000", "io_tp_nm": "+매수", "trde_tp": "보통", "tm": "100000", "stex_tp_txt": "KRX",
        }]}),
        "ust21150" => json!({ "result_lsit": [{
            "ord_no": "000000137", "crnc_code": "USD", "stk_cd": "NVDA", "frgn_trde_tp": "00", "ord_qty": "000000000010",
            "cntr_qty": "000000000000", "ord_time": "10:00:00", "slby_tp_nm": "매수", "ord_uv": "210.0000",
            "ord_remnq": "000000000010", "ord_stat_nm": "접수", "inpt_chnl_tp": "REST API",
        }]}),
        "ust21050" => json!({ "result_list": us_rows() }),
        "ust21510" => json!({ "result_lsit": us_rows() }),
        _ => json!({}),
    }
}

fn us_rows() -> Value {
    json!([{
            "ord_no": "000000137", "orig_ord_no": "000000000", "stk_cd": "NVDA", "slby_tp": "2", "ord_qty": "000000000010",
            "ord_uv": "210.0000", "cntr_qty": "000000000000", "ord_remnq": "000000000010", "ord_time": "10:00:00",
            "frgn_trde_nm": "지정가", "ord_stat": "접수",
    }])
}

/// The verdict on an order whose reply was lost, and how often the list was read that lacked it.
async fn verdict(lacking: Lacking, wait: bool) -> (Verdict, usize) {
    let read = Arc::new(AtomicUsize::new(0));
    let counted = read.clone();
    let server = TestServer::answering(move |request| {
        let api = request.header("api-id").unwrap_or_default().to_owned();
        if api.starts_with("kt1") || api.starts_with("ust2000") {
            return Step::Close;
        }
        let mut body = if request.is_about_tokens() {
            serde_json::from_str(&support::token_body("TOKEN")).unwrap()
        } else {
            rows(&api)
        };
        if api == lacking.api && counted.fetch_add(1, Ordering::Relaxed) < lacking.looks {
            body = json!({});
        }
        body["return_code"] = json!(0);
        Step::Write(support::reply("200 OK", &[DATE], &body.to_string()))
    })
    .await;
    let time = ManualClock::at(NOW.parse().unwrap()).hurried();
    let client = support::builder(&server).clock(time.clock()).limits(Limits::unlimited()).build().unwrap();
    let directory = tempfile::tempdir().unwrap();
    let orders = client.orders().journal(directory.path().join("orders.log")).await.unwrap();
    let outcome = if lacking.api.starts_with("ust") {
        orders.submit(Order::buy(Us::new(UsExchange::Nasdaq, "NVDA")).limit(210).qty(10)).await
    } else {
        orders.submit(Order::buy("005930").limit(70_100).qty(10).venue(OrderVenue::Krx)).await
    };
    assert!(outcome.is_unknown(), "{outcome:?}");
    let mut reconcile = orders.reconcile().delay(Duration::from_secs(2));
    if wait {
        reconcile = reconcile.wait_until_certain();
    }
    let settlements =
        tokio::time::timeout(Duration::from_secs(20), reconcile.into_future()).await.expect("it ends").unwrap();
    let [settled] = <[_; 1]>::try_from(settlements).unwrap();
    (settled.verdict, read.load(Ordering::Relaxed))
}

#[tokio::test]
async fn an_order_that_arrives_between_two_lists_is_found_at_the_next_look() {
    // what the list of today lacks, that of open orders says
    for (api, most) in [("kt00007", 2), ("ust21150", 2), ("ust21510", 1)] {
        for wait in [false, true] {
            let (verdict, looks) = verdict(Lacking { api, looks: 1 }, wait).await;
            let Verdict::Found(listed) = verdict else { panic!("{api} {wait}: {verdict:?}") };
            assert_eq!(listed.channel, "REST API", "{api} {wait}");
            assert_eq!(looks, most, "{api} {wait}");
        }
    }
}

/// Nothing says how it was entered, however often the lists are read: a person has to look.
#[tokio::test]
async fn an_order_that_only_one_list_ever_shows_stays_ambiguous() {
    for api in ["kt00007", "ust21150"] {
        for wait in [false, true] {
            let (verdict, looks) = verdict(Lacking { api, looks: usize::MAX }, wait).await;
            let Verdict::Ambiguous(candidates) = verdict else { panic!("{api} {wait}: {verdict:?}") };
            assert_eq!(candidates.len(), 1);
            assert_eq!(looks, 2, "{api} {wait}: two looks agree");
        }
    }
}
