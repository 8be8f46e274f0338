//! No way around the gates: what trades is a trade, and real money is armed.
#![cfg(feature = "domestic-order")]

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use std::time::{Duration, Instant};

use crate::support::{self, APP_KEY, SECRET_KEY, Step, TestServer, client};
use kiwoom_api::endpoint::{Effect, Endpoint, Meta};
use kiwoom_api::order::{Desk, Modification, Order, OrderRef};
use kiwoom_api::record::{Keys, Record, Slot};
use kiwoom_api::value::{Date, Side};
use kiwoom_api::{Client, Credentials, Error, Language, Limits, ManualClock, Outcome, Reply, Server};
use tokio::task::JoinSet;

const ORDR: &str = "/api/dostk/ordr";
const RAW: &str = r#"{"stk_cd":"005930"}"#;

/// A server that takes all that comes as an accepted order.
async fn taking_all() -> TestServer {
    TestServer::answering(|received| {
        let order = || r#"{"ord_no":"0000138","return_code":0}"#.to_owned();
        let body = if received.is_about_tokens() { support::token_body(support::TOKEN) } else { order() };
        Step::Write(support::reply("200 OK", &[], &body))
    })
    .await
}

/// A request as a user may write it, with a lie about its effect.
#[derive(Clone, Default)]
struct Liar;

impl Record for Liar {
    fn keys(&self) -> &'static Keys {
        &Keys { api: "kt10000", record: "Liar", names: &["\"stk_cd\":"] }
    }

    fn slot(&mut self, _: usize) -> Slot<'_> {
        Slot::Const("005930")
    }
}

impl Endpoint for Liar {
    type Reply = Liar;
    type Answer = Result<Reply<Liar>, Error>;
    const META: &'static Meta = &Meta::new("kt10000", ORDR, Effect::Read);
}

#[tokio::test]
async fn gate_7_a_known_trade_is_never_a_read() {
    let server = taking_all().await;
    let client = client(&server);
    client.kill_switch().engage_for_all("nothing trades here");
    for (api, path) in [
        ("kt10000", ORDR),
        ("KT10000", ORDR),
        ("kt10000", "/api/dostk/stkinfo"),
        ("kt10003", "/api/x"),
        ("kt10006", "/api/dostk/crdordr"),
        ("ust20000", "/api/us/ordr"),
        ("ust31302", "/api/us/exchange"),
        ("kt99999", ORDR),
        ("zz1", "/api/us/ordr"),
        ("ka10081", ORDR),
        ("ka10081", "/api/dostk//ORDR/"),
        ("ka10081", "/api/dostk/chart/../ordr"),
        (" kt10000", ORDR),
        ("kt10000 ", ORDR),
    ] {
        let error = client.call_raw(api, path, RAW).read().await.unwrap_err();
        assert!(!error.may_have_been_sent() && error.parameter().is_some(), "{api} {path}: {error}");
        let outcome = client.call_raw(api, path, RAW).await;
        assert!(matches!(outcome, Outcome::NotSent(_)), "{api} {path}: {outcome:?}");
    }
    let error = client.call(&Liar).await.unwrap_err();
    assert!(error.to_string().contains("this is a trade"), "{error}");
    assert!(server.received().await.is_empty(), "nothing was sent, no token either");
    // reads go on, those beside trades too
    client.call_raw("ust31490", "/api/us/ordr", "{}").read().await.unwrap();
    client.call_raw("ka10081", "/api/dostk/chart", "{}").read().await.unwrap();
}

/// Tokens have their own door: a raw call would issue one beside the client's.
#[tokio::test]
async fn gate_7_tokens_are_no_raw_calls() {
    let server = taking_all().await;
    let client = client(&server);
    for (api, path) in [("au10001", "/oauth2/token"), ("AU10002", "/oauth2/revoke"), ("zz1", "/oauth2/token")] {
        let error = client.call_raw(api, path, "{}").read().await.unwrap_err();
        assert!(error.to_string().contains("sign_in()"), "{error}");
        let outcome = client.call_raw(api, path, "{}").await;
        assert!(matches!(outcome, Outcome::NotSent(_)), "{outcome:?}");
    }
    assert!(server.received().await.is_empty());
}

#[cfg(feature = "registry")]
#[tokio::test]
async fn gate_7_every_generated_trade() {
    use kiwoom_api::registry::ENTRIES;
    let server = taking_all().await;
    let client = client(&server);
    let trades = ENTRIES.iter().filter(|entry| entry.meta.effect == Effect::Trade);
    let mut count = 0;
    for entry in trades {
        let error = client.call_raw(entry.meta.id, entry.meta.path, RAW).read().await.unwrap_err();
        assert!(!error.may_have_been_sent(), "{error}");
        count += 1;
    }
    assert!(count > 0 && server.received().await.is_empty());
}

#[tokio::test]
async fn gate_7_only_a_declared_sandbox_is_armed() {
    let server = taking_all().await;
    let http = server.address().http().to_owned();
    // as behind a tunnel to the real server
    let tunnel = Client::new(Server::custom(&http), Credentials::new(APP_KEY, SECRET_KEY)).unwrap();
    let outcome = tunnel.orders().submit(Order::buy("005930").market().qty(1)).await;
    let Outcome::NotSent(error) = outcome else { panic!("{outcome:?}") };
    assert!(error.is_held() && error.to_string().contains("RealMoney::IUnderstand"), "{error}");
    assert!(server.received().await.is_empty());
    let sandbox = Client::new(Server::sandbox(&http), Credentials::new(APP_KEY, SECRET_KEY)).unwrap();
    let outcome = sandbox.orders().submit(Order::buy("005930").market().qty(1)).await;
    assert!(matches!(outcome, Outcome::Accepted(_)), "{outcome:?}");
}

const TOKEN_REPLY: &str =
    r#"{"expires_dt":"20991107083713","token_type":"bearer","token":"TOKEN-for-a-slow-broker","return_code":0}"#;
const ACCEPTED: &str = r#"{"ord_no":"0000138","return_code":0}"#;

fn buy() -> Order {
    Order::buy("005930").market().qty(1).into()
}

async fn trades(server: &TestServer) -> usize {
    server.received().await.iter().filter(|request| request.line().contains("/ordr")).count()
}

#[tokio::test]
async fn gate_9_an_order_leaves_in_time_or_not_at_all() {
    const ORDERS: usize = 6;
    let server = taking_all().await;
    let client = support::builder(&server).limits(Limits::mock()).build().unwrap();
    client.sign_in().await.unwrap();
    let orders = client.orders().timeout(Duration::from_millis(1500));
    let started = Instant::now();
    let mut waiting = JoinSet::new();
    for _ in 0..ORDERS {
        let orders = orders.clone();
        waiting.spawn(async move { orders.submit(buy()).await });
    }
    let outcomes = waiting.join_all().await;
    assert!(started.elapsed() < Duration::from_millis(2500), "{:?}", started.elapsed());
    let accepted = outcomes.iter().filter(|outcome| outcome.accepted().is_some()).count();
    // one at once, one after its second
    assert_eq!(accepted, 2, "{outcomes:?}");
    for outcome in outcomes.iter().filter(|outcome| outcome.accepted().is_none()) {
        let Outcome::NotSent(error) = outcome else { panic!("{outcome:?}") };
        assert!(error.is_timeout() && error.to_string().contains("deadline"), "{error}");
    }
    assert_eq!(trades(&server).await, 2);

    // a deadline of its own: the turn may come later, and the answer has its time
    let patient = client.orders().timeout(Duration::from_secs(1)).deadline(Duration::from_secs(5));
    let (first, second) = tokio::join!(patient.submit(buy()), patient.submit(buy()));
    assert!(first.accepted().is_some() && second.accepted().is_some(), "{first:?} {second:?}");
}

/// The token, the generated method and the raw call are bounded alike.
#[tokio::test]
async fn gate_9_waiting_for_a_token_counts() {
    let slow = Step::WriteInTwo(Vec::new(), Duration::from_secs(2), support::reply("200 OK", &[], TOKEN_REPLY));
    let server = TestServer::answering(move |_| slow.clone()).await;
    let short = Duration::from_millis(300);
    let client = support::builder(&server).timeout(short).build().unwrap();
    let started = Instant::now();
    assert!(matches!(client.orders().submit(buy()).await, Outcome::NotSent(_)));
    let raw = client.call_raw("kt10000", ORDR, RAW).timeout(short).await;
    assert!(matches!(raw, Outcome::NotSent(_)), "{raw:?}");
    assert!(started.elapsed() < Duration::from_secs(1), "{:?}", started.elapsed());
    assert_eq!(trades(&server).await, 0);
}

/// Whatever used the time up: no time at all, a slow token, a laptop's sleep, a slow disk.
#[tokio::test]
async fn gate_9_an_order_whose_time_is_over_is_late_and_says_what_it_had() {
    let server = taking_all().await;
    let time = ManualClock::at("2026-07-06T00:00:00Z".parse().unwrap());
    let client = support::builder(&server).clock(time.clock()).timeout(Duration::from_secs(7)).build().unwrap();
    let is_late = |outcome: Outcome<OrderRef>, had: &str| {
        let Outcome::NotSent(error) = outcome else { panic!("{outcome:?}") };
        assert!(error.is_timeout() && !error.may_have_been_sent(), "{error}");
        let (english, korean) = (error.to_string(), error.display(Language::Korean).to_string());
        assert!(
            english.contains(&format!("not sent: no turn or connection in time to be answered within {had}")),
            "{english}"
        );
        assert!(korean.contains(&format!("보내지 않음: {had} 안에")), "{korean}");
    };
    let open = OrderRef::new(Desk::Stock, Date::constant(2026, 7, 6), "0000139").of(Side::Buy, "005930").at("KRX");
    let directory = tempfile::tempdir().unwrap();
    let noted = client.orders().journal(directory.path().join("orders.log")).await.unwrap();
    for orders in [client.orders(), noted] {
        for none in [orders.clone().timeout(Duration::ZERO), orders.clone().deadline(Duration::ZERO)] {
            is_late(none.submit(buy()).await, "0ns");
            is_late(none.modify(&open, Modification::price(70_200)).await, "0ns");
            is_late(none.cancel(&open).await, "0ns");
        }
        let cases = [(orders.clone(), "7s"), (orders.clone().timeout(Duration::from_secs(2)), "2s")];
        for (orders, had) in cases.into_iter().chain([(orders.clone().deadline(Duration::from_secs(3)), "3s")]) {
            // it passes between the first look at the clock and the last
            let mut submit = pin!(orders.submit(buy()));
            let begun = poll_fn(|context| Poll::Ready(submit.as_mut().poll(context))).await;
            assert!(begun.is_pending(), "it waits for a token: {begun:?}");
            time.advance(Duration::from_secs(8));
            is_late(submit.await, had);
            client.sign_out().await.unwrap();
        }
        assert!(orders.as_journal().is_none_or(|journal| journal.unsettled().is_empty()));
    }
    assert_eq!(trades(&server).await, 0);
}

#[tokio::test]
async fn gate_9_an_order_dropped_in_the_queue_is_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("orders.log");
    let server = taking_all().await;
    let client = support::builder(&server).limits(Limits::mock()).build().unwrap();
    let orders = client.orders().journal(&path).await.unwrap();
    let mut waiting = JoinSet::new();
    for _ in 0..4 {
        let orders = orders.clone();
        waiting.spawn(async move { orders.submit(buy()).await });
    }
    tokio::time::sleep(Duration::from_millis(400)).await;
    // one has left, three wait for their turn
    waiting.abort_all();
    while waiting.join_next().await.is_some() {}
    tokio::time::sleep(Duration::from_millis(1500)).await;
    assert_eq!(trades(&server).await, 1);
    assert_eq!(orders.as_journal().unwrap().unsettled().len(), 0);
    drop(orders);

    let next_run = client.orders().journal(&path).await.unwrap();
    let outcome = next_run.submit(buy()).await;
    assert!(outcome.accepted().is_some(), "the next run is not blocked: {outcome:?}");
}

/// What has left and was dropped stays in doubt.
#[tokio::test]
async fn gate_9_an_order_dropped_on_its_way_is_unsettled() {
    let directory = tempfile::tempdir().unwrap();
    let token = support::reply("200 OK", &[], TOKEN_REPLY);
    let slow = Step::WriteInTwo(Vec::new(), Duration::from_secs(3), support::reply("200 OK", &[], ACCEPTED));
    let server = TestServer::answering(move |received| match received.line().contains("/ordr") {
        true => slow.clone(),
        false => Step::Write(token.clone()),
    })
    .await;
    let orders = client(&server).orders().journal(directory.path().join("orders.log")).await.unwrap();
    let given_up = tokio::time::timeout(Duration::from_millis(500), orders.submit(buy())).await;
    assert!(given_up.is_err());
    assert_eq!(trades(&server).await, 1);
    assert_eq!(orders.as_journal().unwrap().unsettled().len(), 1);
}
