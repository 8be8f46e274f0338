//! Where journal, gates and time meet: the kill switch on a bad disk, a laptop that slept, more cancellations than
//! turns.
#![cfg(all(feature = "domestic-order", feature = "domestic-account"))]

use std::time::{Duration, Instant};

use crate::support::{self, Received, Step, TestServer, reply};
use jiff::civil::Date;
use kiwoom_api::order::{Desk, Order, OrderRef};
use kiwoom_api::value::Side;
use kiwoom_api::{Client, Credentials, Limits, ManualClock, Outcome, Rate, Retry, Server};

const ACCEPTED: &str = r#"{"ord_no":"0000999","return_code":0,"return_msg":"ok"}"#;

fn token() -> String {
    format!(r#"{{"expires_dt":"20991107083713","token_type":"bearer","token":"{}","return_code":0}}"#, support::TOKEN)
}

fn order() -> OrderRef {
    OrderRef::new(Desk::Stock, Date::constant(2026, 7, 6), "0000001").of(Side::Buy, "005930").at("KRX")
}

fn is(request: &Received, api: &str) -> bool {
    request.header("api-id") == Some(api)
}

/// A broker with so many open orders.
async fn broker(open: usize) -> TestServer {
    let rows: Vec<String> = (1..=open)
        .map(|n| {
            format!(r#"{{"ord_no":"{n:07}","stk_cd":"005930","oso_qty":"1","io_tp_nm":"+매수","stex_tp_txt":"KRX"}}"#)
        })
        .collect();
    let list = format!(r#"{{"oso":[{}],"return_code":0,"return_msg":""}}"#, rows.join(","));
    TestServer::answering(move |asked| {
        let body = match asked.header("api-id") {
            Some("ka10075") => list.clone(),
            _ if asked.line().contains("/oauth2/") => token(),
            _ => ACCEPTED.to_owned(),
        };
        Step::Write(reply("200 OK", &[], &body))
    })
    .await
}

#[tokio::test]
async fn more_cancellations_than_turns_in_the_time_of_one_call() {
    let server = broker(6).await;
    let limits = Limits::unlimited().api("kt10003", Rate::per_second(2));
    let client = support::builder(&server).limits(limits).timeout(Duration::from_secs(1)).build().unwrap();
    client.kill_switch().engage("a test");
    let all = client.orders().cancel_all_of(&[Desk::Stock]).await;
    assert_eq!(all.cancellations.len(), 6);
    assert!(all.is_complete(), "{all:?}");
    // who names a deadline gets it
    let begun = Instant::now();
    let all = client.orders().deadline(Duration::from_secs(1)).cancel_all_of(&[Desk::Stock]).await;
    assert!(!all.is_complete() && begun.elapsed() < Duration::from_secs(3));
}

#[tokio::test]
async fn a_cancellation_goes_out_although_the_journal_cannot_be_written() {
    let server = broker(2).await;
    let client = support::client(&server);
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("orders.log");
    let orders = client.orders().journal(&path).await.unwrap();
    std::fs::rename(&path, directory.path().join("moved.log")).unwrap();
    let refused = orders.submit(Order::buy("005930").market().qty(1)).await;
    assert!(matches!(refused, Outcome::NotSent(_)), "{refused:?}");
    client.kill_switch().engage("the disk is gone");
    assert!(orders.cancel(&order()).await.accepted().is_some());
    let all = orders.cancel_all_of(&[Desk::Stock]).await;
    assert!(all.is_complete() && all.cancellations.len() == 2, "{all:?}");
    let why = orders.as_journal().unwrap().failure().unwrap();
    assert!(why.contains("cancellation") && why.contains("moved"), "{why}");
    assert!(orders.as_journal().unwrap().flush().await.is_err());
    let received = server.received().await;
    assert_eq!(received.iter().filter(|asked| is(asked, "kt10003")).count(), 3);
    assert_eq!(received.iter().filter(|asked| is(asked, "kt10000")).count(), 0);
}

/// The monotonic clock stands still while a laptop sleeps.
#[tokio::test]
async fn an_order_of_before_a_laptops_sleep_does_not_leave_after_it() {
    for raw in [false, true] {
        let server = TestServer::answering(|asked| {
            let body = if asked.line().contains("/oauth2/") { token() } else { ACCEPTED.to_owned() };
            Step::WriteInTwo(Vec::new(), Duration::from_millis(300), reply("200 OK", &[], &body))
        })
        .await;
        let time = ManualClock::at("2026-07-06T01:00:00Z".parse().unwrap());
        let client = support::builder(&server).clock(time.clock()).retry(Retry::none()).build().unwrap();
        let sent = {
            let client = client.clone();
            tokio::spawn(async move {
                if raw {
                    client.call_raw("kt10000", "/api/dostk/ordr", "{}").await.map(drop)
                } else {
                    client.orders().submit(Order::buy("005930").market().qty(1)).await.map(drop)
                }
            })
        };
        tokio::time::sleep(Duration::from_millis(100)).await;
        time.jump_to("2026-07-06T03:00:00Z".parse().unwrap());
        let outcome = sent.await.unwrap();
        assert!(matches!(outcome, Outcome::NotSent(_)), "{outcome:?}");
        assert!(
            !server.received().await.iter().any(|asked| is(asked, "kt10000")),
            "two hours later it is another order"
        );
    }
}

#[tokio::test]
async fn a_halt_that_one_journal_kept_is_noted_in_the_others() {
    let directory = tempfile::tempdir().unwrap();
    let client = || Client::new(Server::Mock, Credentials::new(support::APP_KEY, support::SECRET_KEY)).unwrap();
    let first = client();
    let journal = first.orders().journal(directory.path().join("a.log")).await.unwrap();
    first.kill_switch().engage("loss");
    drop(journal);
    let second = client();
    let open = second.orders().journal(directory.path().join("b.log")).await.unwrap();
    let halted = second.orders().journal(directory.path().join("a.log")).await.unwrap();
    assert!(second.kill_switch().is_engaged());
    drop((open, halted));
    let third = client();
    let _open = third.orders().journal(directory.path().join("b.log")).await.unwrap();
    assert!(third.kill_switch().is_engaged());
}

#[tokio::test]
async fn an_address_that_leads_to_trades_by_another_spelling() {
    for base in [
        "https:\\\\192.0.2.1\\api\\dostk\\ordr",
        "https://192.0.2.1/api/dostk/%6Frdr",
        "https://192.0.2.1/api/dostk/o%72dr/",
    ] {
        let keys = Credentials::new(support::APP_KEY, support::SECRET_KEY);
        let Ok(client) = Client::new(Server::custom(base), keys) else { continue };
        let error =
            client.call_raw("ka99999", "/x", "{}").read().deadline(Duration::from_millis(50)).await.unwrap_err();
        assert!(error.to_string().contains("this is a trade"), "{base}: {error}");
    }
}

/// A list that hangs keeps back no cancellation of what another one shows.
#[tokio::test]
async fn a_list_that_hangs_does_not_hold_up_the_panic_button() {
    let gold = r#"{"acnt_ord_oso_prst":[{"ord_no":"00024","stk_cd":"M04020000","ord_remnq":"2"}],"return_code":0}"#;
    let server = TestServer::answering(move |asked| {
        let body = match asked.header("api-id") {
            Some("ka10075") => return Step::WriteAndHang(Vec::new(), Duration::from_secs(5)),
            Some("kt50075") => gold.to_owned(),
            _ if asked.line().contains("/oauth2/") => token(),
            _ => ACCEPTED.to_owned(),
        };
        Step::Write(reply("200 OK", &[], &body))
    })
    .await;
    let client = support::builder(&server).timeout(Duration::from_secs(2)).retry(Retry::none()).build().unwrap();
    let cancelling = tokio::spawn(async move { client.orders().cancel_all_of(&[Desk::Stock, Desk::Gold]).await });
    tokio::time::sleep(Duration::from_millis(700)).await;
    assert!(server.received().await.iter().any(|asked| is(asked, "kt50003")), "gold waits for nobody");
    let all = cancelling.await.unwrap();
    assert_eq!((all.unread.len(), all.cancellations.len()), (1, 1));
}

/// An odd value in a column that nobody compares leaves an order in no doubt.
#[tokio::test]
async fn a_strict_client_looks_orders_up_too() {
    let row = r#"{"ord_no":"0000139","stk_cd":"A005930","trde_tp":"보통","crd_tp":"보통매매","ord_qty":"0000000007","ord_uv":"0000070100",
        "ori_ord":"0000000","io_tp_nm":"현금매수","cntr_qty":"0000000000","ord_remnq":"0000000007","comm_ord_tp":"REST API",
        "dmst_stex_tp":"KRX","ord_tm":"10:00:00","cnfm_qty":"many"}"#;
    let list = format!(r#"{{"acnt_ord_cntr_prps_dtl":[{row}],"return_code":0}}"#);
    let server = TestServer::answering(move |asked| {
        let dated = |body: &str| Step::Write(reply("200 OK", &["Date: Mon, 06 Jul 2026 01:00:00 GMT"], body));
        match asked.header("api-id") {
            Some("kt10000") => Step::Close,
            Some("kt00007") => dated(&list),
            Some("ka10075") => dated(r#"{"oso":[],"return_code":0}"#),
            _ => dated(&token()),
        }
    })
    .await;
    let time = ManualClock::at("2026-07-06T01:00:00Z".parse().unwrap());
    let client = support::builder(&server).clock(time.clock()).retry(Retry::none()).build().unwrap().strict();
    let directory = tempfile::tempdir().unwrap();
    let orders = client.orders().journal(directory.path().join("orders.log")).await.unwrap();
    let order = Order::buy("005930").limit(70_100).qty(7).venue(kiwoom_api::codes::OrderVenue::Krx);
    assert!(orders.submit(order).await.is_unknown());
    let verdict = orders.reconcile().delay(Duration::ZERO).await.unwrap().remove(0).verdict;
    assert!(matches!(verdict, kiwoom_api::order::Verdict::Found(_)), "{verdict:?}");
}

/// The first list was read before a laptop slept, the second one after it: what the first one lacks may have come since.
#[tokio::test]
async fn lists_that_a_laptops_sleep_parts_prove_nothing() {
    let dated = |at: &str, body: &str| reply("200 OK", &[&format!("Date: Mon, 06 Jul 2026 {at} GMT")], body);
    let asked_first = std::sync::atomic::AtomicUsize::new(0);
    let server = TestServer::answering(move |asked| {
        let first = asked_first.load(std::sync::atomic::Ordering::Relaxed) == 0;
        match asked.header("api-id") {
            Some("kt10000") => Step::Close,
            Some("kt00007") => Step::Write(dated("01:00:01", r#"{"acnt_ord_cntr_prps_dtl":[],"return_code":0}"#)),
            Some("ka10075") => {
                asked_first.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                let wait = if first { Duration::from_millis(400) } else { Duration::ZERO };
                Step::WriteInTwo(Vec::new(), wait, dated("03:00:00", r#"{"oso":[],"return_code":0}"#))
            }
            _ => Step::Write(dated("01:00:00", &token())),
        }
    })
    .await;
    let time = ManualClock::at("2026-07-06T01:00:00Z".parse().unwrap());
    let client = support::builder(&server).clock(time.clock()).retry(Retry::none()).build().unwrap();
    let directory = tempfile::tempdir().unwrap();
    let orders = client.orders().journal(directory.path().join("orders.log")).await.unwrap();
    assert!(orders.submit(Order::buy("005930").limit(70_100).qty(7)).await.is_unknown());
    let looking = {
        let orders = orders.clone();
        tokio::spawn(async move { orders.reconcile().delay(Duration::ZERO).await.unwrap() })
    };
    while !server.received().await.iter().any(|asked| is(asked, "ka10075")) {}
    time.jump_to("2026-07-06T03:00:00Z".parse().unwrap());
    let verdict = looking.await.unwrap().remove(0).verdict;
    assert!(!verdict.is_settled(), "{verdict:?}");
}

/// A reply that nobody asked for answers no later order.
#[tokio::test]
async fn a_second_reply_to_one_order_is_not_taken_for_the_next_ones() {
    for late in [None, Some(Duration::from_millis(40))] {
        let mut number = 0;
        let server = TestServer::answering(move |asked| {
            if asked.line().contains("/oauth2/") {
                return Step::Write(reply("200 OK", &[], &token()));
            }
            number += 1;
            let numbered = |of: &str| reply("200 OK", &[], &format!(r#"{{"ord_no":"{number}{of}","return_code":0}}"#));
            let (good, stray) = (numbered("1"), numbered("2"));
            match late {
                None => Step::Write([good, stray].concat()),
                Some(wait) => Step::WriteInTwo(good, wait, stray),
            }
        })
        .await;
        let orders = support::client(&server).orders();
        for expected in ["11", "21", "31"] {
            let outcome = orders.submit(Order::buy("005930").market().qty(1)).await;
            match outcome {
                Outcome::Accepted(order) => assert_eq!(order.number.as_str(), expected, "{late:?}"),
                other => panic!("{late:?}: {other:?}"),
            }
            tokio::time::sleep(Duration::from_millis(80)).await;
        }
    }
}

#[tokio::test]
async fn a_strict_client_cancels_what_an_odd_value_stands_beside() {
    let list = r#"{"oso":[{"ord_no":"0000001","stk_cd":"005930","oso_qty":"1","io_tp_nm":"+매수","stex_tp_txt":"KRX","tm":"soon"},
        {"ord_no":"0000002","stk_cd":"005930","oso_qty":"many","io_tp_nm":"+매수","stex_tp_txt":"KRX"}],"return_code":0}"#;
    let server = TestServer::answering(move |asked| {
        let body = match asked.header("api-id") {
            Some("ka10075") => list.to_owned(),
            _ if asked.line().contains("/oauth2/") => token(),
            _ => ACCEPTED.to_owned(),
        };
        Step::Write(reply("200 OK", &[], &body))
    })
    .await;
    let all = support::client(&server).strict().orders().cancel_all_of(&[Desk::Stock]).await;
    assert!(all.is_complete() && all.cancellations.len() == 2, "{all:?}");
}
