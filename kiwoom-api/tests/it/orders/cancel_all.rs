//! The kill switch as a panic button: what has left, what is open and gets cancelled, and that it is still engaged
//! after a restart.
#![cfg(all(feature = "domestic-order", feature = "domestic-account", feature = "us-order", feature = "us-account"))]

use std::time::Duration;

use crate::support::{self, Received, Script, Step, TestServer, reply};
use kiwoom_api::order::{Desk, Order, Orders};
use kiwoom_api::{Client, Credentials, Outcome, RealMoney, Server};

const ACCEPTED: &str = r#"{"ord_no":"0000999","return_code":0,"return_msg":"ok"}"#;

fn is(request: &Received, api: &str) -> bool {
    request.header("api-id") == Some(api)
}

fn open_row(number: &str, left: u32, more: &str) -> String {
    format!(
        r#"{{"ord_no":"{number}","stk_cd":"005930","ord_qty":"10","oso_qty":"{left}","io_tp_nm":"+매수","stex_tp_txt":"KRX","sor_yn":"N"{more}}}"#
    )
}

/// A broker with open orders on two pages, whose lists and cancellations fail as the test says.
async fn broker(answers: impl Fn(&Received) -> Option<Step> + Send + 'static) -> TestServer {
    let token = format!(
        r#"{{"expires_dt":"20991107083713","token_type":"bearer","token":"{}","return_code":0,"return_msg":"ok"}}"#,
        support::TOKEN
    );
    let json = |headers: &[&str], body: &str| Step::Write(reply("200 OK", headers, body));
    TestServer::answering(move |asked| {
        if asked.line().contains("/oauth2/") {
            return json(&[], &token);
        }
        if let Some(step) = answers(asked) {
            return step;
        }
        let body = |key: &str, rows: &[String]| format!(r#"{{"{key}":[{}],"return_code":0,"return_msg":""}}"#, rows.join(","));
        match asked.header("api-id").unwrap_or_default() {
            "ka10075" if asked.header("next-key").is_none() => {
                let rows = [open_row("0000001", 10, ""), open_row("0000002", 0, ""), open_row("0000003", 4, r#","sor_yn":"Y""#)];
                json(&["cont-yn: Y", "next-key: 2"], &body("oso", &rows))
            }
            "ka10075" => {
                let margin = r#"{"ord_no":"0000004","stk_cd":"000660","oso_qty":"1","io_tp_nm":"-매도신용","stex_tp_txt":"NXT"}"#;
                json(&[], &body("oso", &[margin.into()]))
            }
            "kt50075" => {
                json(&[], &body("acnt_ord_oso_prst", &[r#"{"ord_no":"00024","stk_cd":"M04020000","ord_remnq":"2"}"#.into()]))
            }
            "ust21050" => {
                let at = if asked.body.contains("\"NY\"") { r#"{"ord_no":"000000063","stk_cd":"KO","ord_remnq":"3.0000","slby_tp":"2"}"# } else { "" };
                json(&[], &body("result_list", &[at.into()]))
            }
            _ => json(&[], ACCEPTED),
        }
    })
    .await
}

fn orders_of(server: &TestServer) -> Orders {
    support::client(server).orders()
}

fn numbers(all: &kiwoom_api::order::CancelAll) -> Vec<&str> {
    all.cancellations.iter().map(|one| one.order.number.as_str()).collect()
}

#[tokio::test]
async fn kill_switch_10_one_call_cancels_all_that_is_open() {
    let server = broker(|_| None).await;
    let client = support::client(&server);
    client.kill_switch().engage("daily loss limit");
    let all = client.orders().cancel_all().await;
    assert!(all.is_complete(), "{all:?}");
    // the one that is filled is left alone
    assert_eq!(numbers(&all), ["0000001", "0000003", "0000004", "00024", "000000063"]);
    let desks: Vec<Desk> = all.cancellations.iter().map(|one| one.order.desk).collect();
    assert_eq!(desks, [Desk::Stock, Desk::Stock, Desk::Margin, Desk::Gold, Desk::Us]);
    let venues: Vec<&str> = all.cancellations.iter().map(|one| one.order.venue.as_str()).collect();
    assert_eq!(venues, ["KRX", "SOR", "NXT", "", "NY"]);
    let received = server.received().await;
    for (api, times) in [("kt10003", 2), ("kt10009", 1), ("kt50003", 1), ("ust20003", 1), ("ka10075", 2)] {
        assert_eq!(received.iter().filter(|asked| is(asked, api)).count(), times, "{api}");
    }
    let gold_only = client.orders().cancel_all_of(&[Desk::Gold]).await;
    assert_eq!(numbers(&gold_only), ["00024"]);
}

#[tokio::test]
async fn kill_switch_10_a_list_that_fails_is_named_and_the_others_are_cancelled() {
    for (fails, api) in
        [(vec![Desk::Stock, Desk::Margin], "ka10075"), (vec![Desk::Gold], "kt50075"), (vec![Desk::Us], "ust21050")]
    {
        // the second page of the first list
        let server = broker(move |asked| {
            let first = api == "ka10075" && asked.header("next-key").is_none();
            (is(asked, api) && !first).then(|| Step::Write(reply("500 Internal Server Error", &[], "")))
        })
        .await;
        let all = orders_of(&server).cancel_all().await;
        assert!(!all.is_complete());
        assert_eq!(all.unread.len(), 1, "{all:?}");
        assert_eq!(all.unread[0].desks, fails);
        assert!(all.unread[0].error.to_string().contains(api), "{}", all.unread[0].error);
        let expected = match api {
            // what came before it broke off is cancelled all the same
            "ka10075" => vec!["0000001", "0000003", "00024", "000000063"],
            "kt50075" => vec!["0000001", "0000003", "0000004", "000000063"],
            _ => vec!["0000001", "0000003", "0000004", "00024"],
        };
        assert_eq!(numbers(&all), expected, "{api}");
    }
}

#[tokio::test]
async fn kill_switch_10_each_cancellation_has_an_outcome_and_one_attempt() {
    let server = broker(|asked| {
        (is(asked, "kt10003") && asked.body.contains("0000001")).then_some(Step::Reset).or_else(|| {
            let refused = r#"{"return_code":20,"return_msg":"[2000](RC4032:원주문번호가 존재하지 않습니다)"}"#;
            (is(asked, "kt50003")).then(|| Step::Write(reply("200 OK", &[], refused)))
        })
    })
    .await;
    let all = orders_of(&server).cancel_all().await;
    assert!(!all.is_complete());
    let said =
        |number: &str| &all.cancellations.iter().find(|one| one.order.number.as_str() == number).unwrap().outcome;
    assert!(said("0000001").is_unknown());
    assert!(matches!(said("00024"), Outcome::Rejected(_)));
    for number in ["0000003", "0000004", "000000063"] {
        assert!(matches!(said(number), Outcome::Accepted(_)), "{number}");
    }
    let received = server.received().await;
    assert_eq!(received.iter().filter(|asked| is(asked, "kt10003")).count(), 2, "one each, and none again");
}

#[tokio::test]
async fn kill_switch_10_stopped_for_all_it_cancels_nothing_and_says_so() {
    let server = broker(|_| None).await;
    let client = support::client(&server);
    client.kill_switch().engage_for_all("the strategy runs wild");
    let all = client.orders().cancel_all().await;
    assert_eq!(all.cancellations.len(), 5);
    for one in &all.cancellations {
        let Outcome::NotSent(error) = &one.outcome else { panic!("{one:?}") };
        assert!(error.is_held(), "{error}");
    }
}

/// A server that keeps an order waiting for its reply.
async fn slow() -> TestServer {
    let hang = || Step::WriteAndHang(Vec::new(), Duration::from_secs(2));
    TestServer::start(Script::signed_in().step(hang()).step(hang()).step(hang())).await
}

#[tokio::test]
async fn kill_switch_10_engaged_it_says_what_is_out() {
    let directory = tempfile::tempdir().unwrap();
    for with_journal in [false, true] {
        let server = slow().await;
        let client = support::client(&server);
        client.sign_in().await.unwrap();
        let mut orders = client.orders().timeout(Duration::from_millis(400));
        if with_journal {
            orders = orders.journal(directory.path().join("orders.log")).await.unwrap();
        }
        assert!(client.kill_switch().outstanding().is_empty());
        let built = {
            let orders = orders.clone();
            tokio::spawn(async move { orders.submit(Order::buy("005930").market().qty(1).id("out")).await })
        };
        let raw = {
            let client = client.clone();
            tokio::spawn(async move { client.call_raw("kt99999", "/api/dostk/ordr", "{}").await })
        };
        tokio::time::sleep(Duration::from_millis(150)).await;
        let out = client.kill_switch().engage("a test");
        assert_eq!(out.in_flight.iter().map(|left| left.intent.id.as_str()).collect::<Vec<_>>(), ["out"]);
        assert_eq!((out.unsettled.len(), out.other_calls), (0, vec!["kt99999".to_owned()]));
        assert!(built.await.unwrap().is_unknown());
        raw.abort();
        let _ = raw.await;
        let out = client.kill_switch().outstanding();
        assert_eq!(out.in_flight, []);
        assert_eq!(out.unsettled.iter().map(|left| left.intent.id.as_str()).collect::<Vec<_>>(), ["out"]);
        assert_eq!(out.unsettled[0].until, None, "no reply told the broker's clock");
    }
}

#[tokio::test]
async fn kill_switch_10_a_dropped_order_that_left_is_unsettled() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("orders.log");
    for with_journal in [false, true] {
        let server = slow().await;
        let client = support::client(&server);
        client.sign_in().await.unwrap();
        let mut orders = client.orders();
        if with_journal {
            orders = orders.journal(&path).await.unwrap();
        }
        let submit = orders.submit(Order::buy("005930").market().qty(1).id("dropped"));
        assert!(tokio::time::timeout(Duration::from_millis(150), submit).await.is_err());
        let out = client.kill_switch().engage("a test");
        assert_eq!((out.in_flight.len(), out.unsettled.len()), (0, 1));
        assert_eq!(out.unsettled[0].until, None, "no reply told the broker's clock");
        // one that is held before it leaves is nothing
        let held = orders.submit(Order::buy("005930").market().qty(1).id("held")).await;
        assert!(matches!(held, Outcome::NotSent(_)), "{held:?}");
        assert_eq!(client.kill_switch().outstanding().unsettled.len(), 1);
    }
}

#[tokio::test]
async fn journal_9_an_order_dropped_while_it_waits_is_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("orders.log");
    // its token does not come
    let server =
        TestServer::start(Script::default().step(Step::WriteAndHang(Vec::new(), Duration::from_secs(2)))).await;
    let orders = orders_of(&server).journal(&path).await.unwrap();
    let submit = orders.submit(Order::buy("005930").market().qty(1).id("waits"));
    assert!(tokio::time::timeout(Duration::from_millis(150), submit).await.is_err());
    let journal = orders.as_journal().unwrap();
    assert_eq!(journal.unsettled(), []);
    journal.flush().await.unwrap();
    drop(orders);
    let orders = orders_of(&server).journal(&path).await;
    // the address is the same, so it is the same account
    assert_eq!(orders.unwrap().as_journal().unwrap().unsettled(), []);
}

#[tokio::test]
async fn kill_switch_10_a_restart_finds_it_engaged() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("orders.log");
    let client = || Client::new(Server::Mock, Credentials::new(support::APP_KEY, support::SECRET_KEY)).unwrap();
    let first = client();
    let orders = first.orders().journal(&path).await.unwrap();
    first.kill_switch().engage("daily loss limit");
    orders.as_journal().unwrap().flush().await.unwrap();
    drop(orders);

    let second = client();
    assert!(!second.kill_switch().is_engaged());
    let orders = second.orders().journal(&path).await.unwrap();
    assert_eq!(second.kill_switch().engaged().as_deref(), Some("daily loss limit"));
    let Outcome::NotSent(error) = orders.submit(Order::buy("005930").market().qty(1)).await else { panic!() };
    assert!(error.is_held(), "{error}");
    orders.as_journal().unwrap().compact("2026-01-01".parse().unwrap()).await.unwrap();
    second.kill_switch().engage_for_all("and more");
    drop(orders);

    let third = client();
    let orders = third.orders().journal(&path).await.unwrap();
    assert_eq!(third.kill_switch().engaged().as_deref(), Some("and more"));
    third.kill_switch().release();
    orders.as_journal().unwrap().flush().await.unwrap();
    drop(orders);
    let fourth = client();
    let _orders = fourth.orders().journal(&path).await.unwrap();
    assert!(!fourth.kill_switch().is_engaged());

    // engaged before the journal is opened: it is noted then
    let fifth_path = directory.path().join("another.log");
    let fifth = client();
    fifth.kill_switch().engage("from the start");
    drop(fifth.orders().journal(&fifth_path).await.unwrap());
    let sixth = client();
    let _orders = sixth.orders().journal(&fifth_path).await.unwrap();
    assert!(sixth.kill_switch().is_engaged());
}

#[tokio::test]
async fn kill_switch_10_what_is_armed_can_be_disarmed() {
    let server = Server::custom("https://192.0.2.1");
    let keys = Credentials::new(support::APP_KEY, support::SECRET_KEY);
    let client = Client::builder(server, keys).arm(RealMoney::IUnderstand).build().unwrap();
    client.clone().disarm();
    let Outcome::NotSent(error) = client.orders().submit(Order::buy("005930").market().qty(1)).await else { panic!() };
    assert!(error.is_held() && error.to_string().contains("RealMoney::IUnderstand"), "{error}");
}
