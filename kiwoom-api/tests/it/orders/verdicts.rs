//! An outcome and a verdict are true when the network, the clock and the broker's words misbehave.
//!
//! Each test is one promise, over real sockets. Time is a clock that the test moves.
#![cfg(all(feature = "domestic-order", feature = "domestic-account", feature = "us-order", feature = "us-account"))]

use std::time::{Duration, Instant};

use crate::support::{self, Bars, Broker, Fault, Script, Step, TestServer};
use jiff::{SignedDuration, Timestamp};
use kiwoom_api::codes::{OrderVenue, UsExchange};
use kiwoom_api::order::{Order, OrderRef, Orders, Reconcile, Settlement, Us, Verdict};
use kiwoom_api::{Client, Credentials, Limits, ManualClock, Outcome, Retry};
use serde_json::{Value, json};

/// Ten in the morning in Korea.
const NOW: &str = "2026-07-06T01:00:00Z";

fn now() -> Timestamp {
    NOW.parse().unwrap()
}

/// A broker, a machine whose wall clock may be wrong, and its journal.
struct Bench {
    broker: Broker,
    theirs: ManualClock,
    ours: ManualClock,
    directory: tempfile::TempDir,
}

impl Bench {
    async fn new() -> Bench {
        Bench::with_clock(now(), SignedDuration::ZERO).await
    }

    async fn with_clock(truth: Timestamp, wrong: SignedDuration) -> Bench {
        let (theirs, ours) = (ManualClock::at(truth), ManualClock::at(truth + wrong));
        let broker = Broker::start(theirs.clone(), 1).await;
        Bench { broker, theirs, ours, directory: tempfile::tempdir().unwrap() }
    }

    fn client(&self) -> Client {
        Client::builder(self.broker.server(), Credentials::new(support::APP_KEY, support::SECRET_KEY))
            .clock(self.ours.clock())
            .limits(Limits::unlimited())
            .retry(Retry::none())
            .build()
            .unwrap()
    }

    /// A run of the program, with a token.
    async fn run(&self) -> (Client, Orders) {
        let client = self.client();
        client.sign_in().await.unwrap();
        let path = self.directory.path().join("orders.log");
        let orders = client.orders().timeout(Duration::from_millis(400)).journal(path).await.unwrap();
        (client, orders)
    }

    fn advance(&self, by: Duration) {
        self.theirs.advance(by);
        self.ours.advance(by);
    }

    /// An order of which the reply is lost.
    async fn lose(&self, orders: &Orders, fault: Fault) {
        self.broker.misbehave(fault, 1.0);
        let outcome = buy(orders, "lost").await;
        self.broker.heal();
        assert!(outcome.is_unknown(), "{outcome:?}");
    }
}

async fn buy(orders: &Orders, id: &str) -> Outcome<OrderRef> {
    orders.submit(Order::buy("005930").limit(70_100).qty(7).venue(OrderVenue::Krx).id(id)).await
}

/// The only verdict. The lists of these tests are never late.
async fn look(orders: &Orders) -> Verdict {
    one(orders.reconcile().delay(Duration::ZERO).await.unwrap())
}

#[track_caller]
fn one(settlements: Vec<Settlement>) -> Verdict {
    let [settled] = <[_; 1]>::try_from(settlements).unwrap();
    settled.verdict
}

fn is_early(verdict: &Verdict) -> bool {
    matches!(verdict, Verdict::TooEarly { .. })
}

#[tokio::test]
async fn verdict_1_no_duration_panics() {
    for by in [Duration::MAX, Duration::from_secs(u64::MAX / 2)] {
        let bench = Bench::new().await;
        let (_, orders) = bench.run().await;
        bench.lose(&orders, Fault::TimeoutAfter).await;
        let settlements = orders.reconcile().delay(Duration::ZERO).skew(by).await.unwrap();
        assert!(matches!(one(settlements), Verdict::Found(_)));
        bench.lose_another(&orders).await;
        let forever = orders.reconcile().delay(by).into_future();
        assert!(tokio::time::timeout(Duration::from_millis(50), forever).await.is_err(), "such a delay has no end");
    }
}

impl Bench {
    async fn lose_another(&self, orders: &Orders) {
        self.broker.misbehave(Fault::TimeoutBefore, 1.0);
        assert!(buy(orders, "another").await.is_unknown());
        self.broker.heal();
    }
}

/// Bytes that were not acknowledged when the attempt ended are never delivered, however it ended.
#[cfg(target_os = "linux")]
#[test]
fn verdict_1_a_dead_line_that_lives_again_has_nothing_left_to_deliver() {
    use std::io::Write;

    let line = support::DeadLine::start();
    // a runtime that nobody drives between two calls: nothing of the client runs in the background
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let client = Client::builder(line.server(), Credentials::new(support::APP_KEY, support::SECRET_KEY))
        .limits(Limits::unlimited())
        .build()
        .unwrap();
    let orders = client.orders().timeout(Duration::from_millis(300));
    let buy = |qty: i64| orders.submit(Order::buy("005930").limit(70_100).qty(qty).venue(OrderVenue::Krx));
    for (how, first, second) in [("timed out", 1, 2), ("dropped", 3, 4)] {
        assert!(runtime.block_on(buy(first)).accepted().is_some(), "the connection stands");
        let mut plain = std::net::TcpStream::connect(line.address).unwrap();
        std::thread::sleep(Duration::from_millis(20));
        line.cut();
        let closed = format!(r#"{{"ord_qty":"9{first}"}}"#);
        write!(plain, "POST / HTTP/1.1\r\nContent-Length: {}\r\n\r\n{closed}", closed.len()).unwrap();
        // closing is not cancelling
        drop(plain);
        if how == "timed out" {
            assert!(runtime.block_on(buy(second)).is_unknown());
        } else {
            let dropped = async { tokio::time::timeout(Duration::from_millis(200), buy(second)).await.is_err() };
            assert!(runtime.block_on(dropped));
        }
        line.mend();
        let arrived = line.arrived();
        assert!(arrived.contains(&format!("9{first}")), "the line lives: {arrived:?}");
        assert!(!arrived.contains(&second.to_string()), "{how}, and yet it arrived: {arrived:?}");
    }
}

/// A reply that is whole leaves the connection to the next order; an old one is not used any more.
#[tokio::test]
async fn verdict_16_orders_have_connections_of_their_own_and_none_is_old() {
    let order = r#"{"ord_no":"0000138","return_code":0}"#;
    let chart = r#"{"stk_dt_pole_chart_qry":[{"trde_qty":"7"}],"return_code":0}"#;
    let server = TestServer::start(Script::signed_in().json(chart).json(order).json(order).json(order)).await;
    let client = support::client(&server);
    client.call(&Bars::new("005930")).await.unwrap();
    let buy = || async { client.call(&support::Order::buy("005930", 10)).await.accepted().is_some() };
    assert!(buy().await && buy().await);
    // servers that close after 5 s are the most impatient
    tokio::time::sleep(Duration::from_millis(4_300)).await;
    let begun = Instant::now();
    assert!(buy().await);
    assert!(begun.elapsed() < Duration::from_secs(1));
    let connections: Vec<usize> = server.received().await.iter().map(|request| request.connection).collect();
    assert_eq!(connections, [0, 0, 1, 1, 2]);
}

/// Nine hours ahead: a hardware clock that keeps Korean time. At five in the afternoon it is the next day there.
#[tokio::test]
async fn verdict_4_a_wrong_clock_does_not_lose_a_filled_order() {
    let afternoon: Timestamp = "2026-07-06T17:00:00+09:00".parse().unwrap();
    let morning: Timestamp = "2026-07-06T08:30:00+09:00".parse().unwrap();
    for (truth, hours) in
        [(afternoon, 9), (afternoon, 12), (morning, -9), (morning, -12), (morning, 9), (afternoon, -1)]
    {
        let wrong = SignedDuration::from_hours(hours);
        let bench = Bench::with_clock(truth, wrong).await;
        let (client, orders) = bench.run().await;
        let skew = client.clock_skew().expect("the token's reply had a date");
        assert!((skew + wrong).abs() <= SignedDuration::from_secs(1), "{hours}: {skew:#}");
        bench.lose(&orders, Fault::TimeoutAfter).await;
        // another run knows no clock before its first reply
        drop((client, orders));
        let (_, orders) = bench.run().await;
        let verdict = look(&orders).await;
        let Verdict::Found(listed) = verdict else { panic!("{hours} hours: {verdict:?}") };
        assert_eq!(listed.order.date.to_string(), "2026-07-06");
        // and what did not arrive is not found, in the broker's time
        bench.lose_another(&orders).await;
        assert!(is_early(&look(&orders).await), "{hours}");
        bench.advance(Reconcile::TRAVEL);
        assert_eq!(look(&orders).await, Verdict::NotFound, "{hours}");
        let accepted = buy(&orders, "next").await;
        assert_eq!(accepted.accepted().unwrap().date.to_string(), "2026-07-06", "days are the broker's");
    }
}

/// The first order of a program asks for the token first, so that even that one is noted by the broker's clock.
#[tokio::test]
async fn verdict_4_the_first_order_of_all_has_the_brokers_day() {
    let bench = Bench::with_clock("2026-07-06T17:00:00+09:00".parse().unwrap(), SignedDuration::from_hours(9)).await;
    let client = bench.client();
    assert_eq!(client.clock_skew(), None);
    let orders = client.orders().journal(bench.directory.path().join("orders.log")).await.unwrap();
    let order = buy(&orders, "first").await;
    assert_eq!(order.accepted().unwrap().date.to_string(), "2026-07-06");
}

/// A token of the file, and the first request is an order without a reply: it is noted by a clock that nobody has checked.
#[tokio::test]
async fn verdict_4_an_order_noted_by_an_unchecked_clock_is_found_too() {
    let afternoon: Timestamp = "2026-07-06T17:00:00+09:00".parse().unwrap();
    for (hours, fault) in [
        (9, Fault::TimeoutAfter),
        (9, Fault::TimeoutBefore),
        (-9, Fault::TimeoutAfter),
        (-9, Fault::TimeoutBefore),
        (0, Fault::TimeoutBefore),
    ] {
        let bench = Bench::with_clock(afternoon, SignedDuration::from_hours(hours)).await;
        let client = || {
            let builder =
                Client::builder(bench.broker.server(), Credentials::new(support::APP_KEY, support::SECRET_KEY));
            let builder = builder.clock(bench.ours.clock()).limits(Limits::unlimited()).retry(Retry::none());
            builder.token_cache(bench.directory.path()).build().unwrap()
        };
        client().sign_in().await.unwrap();
        let client = client();
        let path = bench.directory.path().join("orders.log");
        let orders = client.orders().timeout(Duration::from_millis(150)).journal(path).await.unwrap();
        bench.lose(&orders, fault).await;
        assert_eq!(client.clock_skew(), None, "no reply so far");
        let first = look(&orders).await;
        assert!(client.clock_skew().is_some());
        if fault == Fault::TimeoutAfter {
            assert!(matches!(first, Verdict::Found(_)), "{hours}: {first:?}");
        } else {
            assert!(is_early(&first), "{hours}: {first:?}");
            bench.advance(Reconcile::TRAVEL);
            assert_eq!(look(&orders).await, Verdict::NotFound, "{hours}");
        }
    }
}

/// Without a date in any reply the machine's clock is all there is, and it may be hours off.
#[tokio::test]
async fn verdict_4_without_a_date_nothing_is_not_found() {
    let lists = || Script::signed_in().step(Step::Close).json(&list(json!([]))).json(r#"{"oso":[],"return_code":0}"#);
    for (stated, settled) in [(None, false), (Some(Duration::from_secs(5)), true)] {
        let server = TestServer::start(lists().json(&list(json!([]))).json(r#"{"oso":[],"return_code":0}"#)).await;
        let time = ManualClock::at(now());
        let client = support::builder(&server).clock(time.clock()).retry(Retry::none()).build().unwrap();
        let directory = tempfile::tempdir().unwrap();
        let orders = client.orders().journal(directory.path().join("orders.log")).await.unwrap();
        assert!(buy(&orders, "lost").await.is_unknown());
        assert_eq!(client.clock_skew(), None);
        let look = || async {
            let look = orders.reconcile().delay(Duration::ZERO);
            one(match stated {
                None => look.await,
                Some(skew) => look.skew(skew).await,
            }
            .unwrap())
        };
        let first = look().await;
        assert!(first != Verdict::NotFound);
        time.advance(Reconcile::TRAVEL);
        let second = look().await;
        assert_eq!(second == Verdict::NotFound, settled, "{second:?}");
        if let Verdict::StillUnknown(doubt) = second {
            assert!(doubt.to_string().contains("skew()"), "{doubt}");
        }
    }
}

fn list(rows: Value) -> String {
    json!({ "acnt_ord_cntr_prps_dtl": rows, "return_code": 0, "return_msg": "" }).to_string()
}

/// A row of kt00007 as the documents show it, with some words changed.
fn row(words: &[(&str, &str)]) -> Value {
    let mut row = json!({
        "ord_no": "0000139", "stk_cd": "A005930", "trde_tp": "보통", "crd_tp": "보통매매", "ord_qty": "0000000007",
        "ord_uv": "0000070100", "acpt_tp": "접수", "ord_tm": "10:00:00", "ori_ord": "0000000", "io_tp_nm": "현금매수",
        "cntr_qty": "0000000007", "ord_remnq": "0000000000", "comm_ord_tp": "REST API", "mdfy_cncl": "",
        "dmst_stex_tp": "KRX",
    });
    for (key, word) in words {
        row[*key] = json!(word);
    }
    row
}

/// Loses one order and looks it up long after in these lists.
async fn lose<F>(lists: &[String], send: impl FnOnce(Orders) -> F) -> Verdict
where
    F: Future<Output = Outcome<OrderRef>>,
{
    let dated = |script: Script, at: &str, body: &str| script.reply("200 OK", &[at], body);
    let token = r#"{"expires_dt":"20991107083713","token_type":"bearer","token":"T","return_code":0}"#;
    let script = dated(Script::default(), "Date: Mon, 06 Jul 2026 01:00:00 GMT", token).step(Step::Close);
    let later = "Date: Mon, 06 Jul 2026 01:05:00 GMT";
    let server = TestServer::start(lists.iter().fold(script, |script, list| dated(script, later, list))).await;
    let time = ManualClock::at(now());
    let client = support::builder(&server).clock(time.clock()).retry(Retry::none()).build().unwrap();
    let directory = tempfile::tempdir().unwrap();
    let orders = client.orders().journal(directory.path().join("orders.log")).await.unwrap();
    let outcome = send(orders.clone()).await;
    assert!(outcome.is_unknown(), "{outcome:?}");
    time.advance(Duration::from_secs(300));
    look(&orders).await
}

#[tokio::test]
async fn verdict_5_a_word_that_nobody_lists_contradicts_nothing() {
    let open = r#"{"oso":[],"return_code":0}"#.to_owned();
    for (words, found) in [
        (&[][..], true),
        (&[("io_tp_nm", "+현금매수")], true),
        (&[("io_tp_nm", "BUY")], false),
        (&[("trde_tp", "일반주문")], false),
        (&[("crd_tp", "위탁")], false),
        (&[("dmst_stex_tp", "ATS")], false),
        (&[("io_tp_nm", "BUY"), ("trde_tp", "31"), ("crd_tp", "?")], false),
    ] {
        let verdict =
            lose(&[list(json!([row(words)])), open.clone()], |orders| async move { buy(&orders, "a").await }).await;
        match verdict {
            Verdict::Found(_) => assert!(found, "{words:?}"),
            Verdict::Ambiguous(rows) => assert!(!found && rows.len() == 1, "{words:?}"),
            verdict => panic!("{words:?}: {verdict:?}"),
        }
    }
}

/// A row of that code in that time belongs to somebody, or nothing is "not found".
#[tokio::test]
async fn verdict_5_not_found_needs_an_owner_for_each_row() {
    let open = r#"{"oso":[],"return_code":0}"#.to_owned();
    for (words, want) in [
        (&[("ord_qty", "0000000008")][..], "ambiguous"),
        (&[("io_tp_nm", "현금매도")], "ambiguous"),
        (&[("comm_ord_tp", "영웅문4"), ("ord_uv", "0000070200")], "ambiguous"),
        (&[("stk_cd", "A000660")], "not found"),
        (&[("ord_qty", "0000000008"), ("ord_tm", "09:00:00")], "not found"),
    ] {
        let verdict =
            lose(&[list(json!([row(words)])), open.clone()], |orders| async move { buy(&orders, "a").await }).await;
        let got = match verdict {
            Verdict::Ambiguous(_) => "ambiguous",
            Verdict::NotFound => "not found",
            verdict => panic!("{words:?}: {verdict:?}"),
        };
        assert_eq!(got, want, "{words:?}");
    }
}

/// A market order of the US lists that is called `03`, with a side in words.
#[tokio::test]
async fn verdict_5_the_us_lists_may_use_codes() {
    for (kind, side, found) in
        [("03", "현금매수", true), ("시장가", "매수", true), ("31", "매수", false), ("03", "B", false)]
    {
        let daily = json!({ "result_lsit": [{
            "ord_no": "000000282", "crnc_code": "USD", "stk_cd": "NVDA", "frgn_trde_tp": kind, "ord_qty": "000000000005",
            "cntr_qty": "000000000005", "ord_time": "10:00:00", "slby_tp_nm": side, "ord_uv": "0.0000",
            "ord_remnq": "000000000000", "ord_stat_nm": "체결", "inpt_chnl_tp": "REST API",
        }], "return_code": 0 });
        let today = json!({ "result_lsit": [{
            "ord_no": "000000282", "orig_ord_no": "000000000", "stk_cd": "NVDA", "slby_tp": side, "ord_qty": "000000000005",
            "ord_uv": "0.0000", "cntr_qty": "000000000005", "ord_remnq": "000000000000", "ord_time": "10:00:00",
            "frgn_trde_nm": kind, "ord_stat": "체결",
        }], "return_code": 0 });
        let lists = [daily, json!({ "result_list": [], "return_code": 0 }), today].map(|list| list.to_string());
        let order = Order::buy(Us::new(UsExchange::Nasdaq, "NVDA")).market().qty(5);
        let verdict = lose(&lists, |orders| async move { orders.submit(order).await }).await;
        assert_eq!(matches!(verdict, Verdict::Found(_)), found, "{kind} {side}: {verdict:?}");
        assert_eq!(matches!(verdict, Verdict::Ambiguous(_)), !found, "{kind} {side}: {verdict:?}");
    }
}

#[tokio::test]
async fn verdict_6_a_refusal_that_nobody_explains_is_unknown() {
    for (rc, text, refused) in [
        (20, "[2000](RC4003:x)", true),
        (20, "[1902:x]", true),
        (2, "x", true),
        (3, "x", true),
        (20, "[2000](RC4999:x)", false),
        (20, "[2000:x]", false),
        (20, "조회된 데이터가 없습니다", false),
        (20, "", false),
        (2, "[2000](RC4999:x)", false),
    ] {
        let reply = json!({ "return_code": rc, "return_msg": text }).to_string();
        let server = TestServer::start(Script::signed_in().json(&reply)).await;
        let outcome = support::client(&server).call(&support::Order::buy("005930", 10)).await;
        assert_eq!(matches!(outcome, Outcome::Rejected(_)), refused, "{rc} {text}: {outcome:?}");
        assert_eq!(outcome.is_unknown(), !refused, "{rc} {text}: {outcome:?}");
    }
}

#[tokio::test]
async fn verdict_6_the_reply_of_another_api_answers_no_order() {
    let said = r#"{"ord_no":"0000138","return_code":0}"#;
    let refused = r#"{"return_code":20,"return_msg":"[2000](RC4003:x)"}"#;
    for (header, body, known) in [
        (None, said, true),
        (Some("api-id: kt10000"), said, true),
        (Some("Api-Id: KT10000 "), said, true),
        (Some("api-id: ka10081"), said, false),
        (Some("api-id: kt10001"), refused, false),
    ] {
        let headers: Vec<&str> = header.into_iter().collect();
        let server = TestServer::start(Script::signed_in().reply("200 OK", &headers, body).json(said)).await;
        let client = support::client(&server);
        let outcome = client.call(&support::Order::buy("005930", 10)).await;
        assert_eq!(outcome.accepted().is_some(), known, "{header:?}: {outcome:?}");
        assert_eq!(outcome.is_unknown(), !known, "{header:?}: {outcome:?}");
        // such a connection is out of step: the next order gets another
        assert!(client.call(&support::Order::buy("005930", 1)).await.accepted().is_some());
        let connections: Vec<usize> = server.received().await.iter().map(|request| request.connection).collect();
        assert_eq!(connections, if known { [0, 1, 1] } else { [0, 1, 2] }, "{header:?}");
    }
}

#[tokio::test]
async fn verdict_6_a_read_asks_again() {
    let chart = r#"{"stk_dt_pole_chart_qry":[{"trde_qty":"7"}],"return_code":0}"#;
    let script = Script::signed_in().reply("200 OK", &["api-id: kt10000"], chart).json(chart);
    let server = TestServer::start(script).await;
    let client =
        support::builder(&server).retry(Retry::default().first_pause(Duration::from_millis(1))).build().unwrap();
    let reply = client.call(&Bars::new("005930")).await.unwrap();
    assert_eq!((reply.bars[0].trde_qty, server.received().await.len()), (Some(7), 3));
}
