//! Orders whose replies were lost: what the journal and the broker's lists say about them. Nothing is sent twice.
#![cfg(all(feature = "domestic-order", feature = "domestic-account"))]

use std::time::Duration;

use crate::support::{self, Broker, Fault, Placed, Script, Step, TestServer};
use kiwoom_api::codes::OrderVenue;
use kiwoom_api::order::{Declared, Order, OrderId, OrderRef, Orders, Reconcile, Verdict};
use kiwoom_api::{Client, Credentials, ManualClock, Outcome, Retry};

struct Bench {
    broker: Broker,
    client: Client,
    time: ManualClock,
    directory: tempfile::TempDir,
}

/// A morning, so that no test crosses midnight.
const NOW: &str = "2026-07-06T10:00:00+09:00";

impl Bench {
    async fn new() -> Bench {
        Bench::with_seed(1).await
    }

    async fn with_seed(seed: u64) -> Bench {
        Bench::at(NOW, seed).await
    }

    async fn at(now: &str, seed: u64) -> Bench {
        let time = ManualClock::at(now.parse().unwrap());
        let broker = Broker::start(time.clone(), seed).await;
        let client = Client::builder(broker.server(), Credentials::new(support::APP_KEY, support::SECRET_KEY))
            .clock(time.clock())
            .limits(kiwoom_api::Limits::unlimited())
            .retry(Retry::none())
            .build()
            .unwrap();
        client.sign_in().await.unwrap();
        Bench { broker, client, time, directory: tempfile::tempdir().unwrap() }
    }

    /// A run of the program. The journal can be opened by one at a time.
    async fn run(&self) -> Orders {
        let path = self.directory.path().join("orders.log");
        self.client.orders().timeout(Duration::from_millis(400)).journal(path).await.unwrap()
    }

    /// An order whose fate is lost: placed ([`Fault::TimeoutAfter`]) or not ([`Fault::TimeoutBefore`]).
    async fn lose(&self, orders: &Orders, name: &str, fault: Fault) {
        self.broker.misbehave(fault, 1.0);
        let outcome = buy(orders, name).await;
        self.broker.heal();
        // absence is no proof before that
        self.time.advance(Reconcile::TRAVEL + Duration::from_secs(2));
        let Outcome::Unknown(unknown) = outcome else { panic!("{:?}", outcome.error()) };
        assert_eq!(unknown.order_id().map(OrderId::as_str), Some(name));
    }

    /// One of this program's orders, typed into the broker's own program.
    fn type_by_hand(&self, price: i64) {
        let like = self.broker.orders().into_iter().next_back().expect("an order to copy");
        self.broker.typed_by_hand(Placed { price, ..like });
    }
}

const PRICE: i64 = 70_100;

async fn buy(orders: &Orders, name: &str) -> Outcome<OrderRef> {
    orders.submit(Order::buy("005930").limit(PRICE).qty(10).venue(OrderVenue::Krx).id(name)).await
}

/// Reconciles without waiting: the broker of these tests has no delay.
async fn reconcile(orders: &Orders) -> Vec<(String, Verdict)> {
    let settlements = orders.reconcile().delay(Duration::ZERO).await.unwrap();
    settlements.into_iter().map(|settled| (settled.intent.id.to_string(), settled.verdict)).collect()
}

#[track_caller]
fn only(settlements: Vec<(String, Verdict)>) -> Verdict {
    let [(_, verdict)] = <[_; 1]>::try_from(settlements).unwrap();
    verdict
}

fn unsettled(orders: &Orders) -> usize {
    orders.as_journal().unwrap().unsettled().len()
}

fn id(text: &str) -> OrderId {
    text.parse().unwrap()
}

#[tokio::test]
async fn the_first_30_orders_taken_for_all() {
    let bench = Bench::new().await;
    let orders = bench.run().await;
    buy(&orders, "first").await.accepted().unwrap();
    for price in 0..29 {
        bench.type_by_hand(50_000 + 100 * price);
    }
    bench.lose(&orders, "31st", Fault::TimeoutAfter).await;
    assert_eq!(bench.broker.orders().len(), 31);
    let Verdict::Found(listed) = only(reconcile(&orders).await) else { panic!("31st order not found") };
    assert_eq!(listed.order.number.as_str(), bench.broker.orders()[30].number);
}

/// The next run has not heard from the broker yet, and its machine believes that it is yesterday, or tomorrow.
#[cfg(all(feature = "us-order", feature = "us-account"))]
#[tokio::test]
async fn the_first_reply_tells_which_lists_are_those_of_today() {
    use kiwoom_api::codes::UsExchange;
    use kiwoom_api::order::Us;

    for wrong in ["2026-07-05T23:00:00+09:00", "2026-07-07T01:00:00+09:00", NOW] {
        for us in [false, true] {
            let bench = Bench::new().await;
            let orders = bench.run().await;
            bench.broker.misbehave(Fault::TimeoutAfter, 1.0);
            let nvda = Us::new(UsExchange::Nasdaq, "NVDA");
            let outcome =
                if us { orders.submit(Order::buy(nvda).limit(210).qty(5)).await } else { buy(&orders, "a").await };
            assert!(outcome.is_unknown(), "{outcome:?}");
            bench.broker.heal();
            // it is filled, and stands in no list of open orders
            let number = bench.broker.orders()[0].number.clone();
            bench.broker.fill(&number, (10, 21_000));
            drop(orders);
            let time = ManualClock::at(wrong.parse().unwrap());
            let client =
                Client::builder(bench.broker.server(), Credentials::new(support::APP_KEY, support::SECRET_KEY))
                    .clock(time.clock())
                    .limits(kiwoom_api::Limits::unlimited())
                    .build()
                    .unwrap();
            let orders = client.orders().journal(bench.directory.path().join("orders.log")).await.unwrap();
            let Verdict::Found(listed) = only(reconcile(&orders).await) else { panic!("{wrong} {us}: not found") };
            assert_eq!(listed.order.number.as_str(), number, "{wrong} {us}");
            assert!(bench.broker.requests(if us { "ust21510" } else { "ka10075" }) > 0, "{wrong} {us}");
        }
    }
}

/// The US market is open over midnight in Korea: an order of before that stands in the list of "today" after it.
#[cfg(all(feature = "us-order", feature = "us-account"))]
#[tokio::test]
async fn a_us_order_is_found_after_midnight_in_korea() {
    use kiwoom_api::codes::UsExchange;
    use kiwoom_api::order::Us;

    for (sent, later) in [("23:30", 3_600), ("23:59", 120), ("00:30", 3_600), ("08:30", 600), ("22:30", 10 * 3_600)] {
        for filled in [0, 2, 5] {
            let bench = Bench::at(&format!("2026-07-06T{sent}:00+09:00"), 1).await;
            let orders = bench.run().await;
            bench.broker.misbehave(Fault::TimeoutAfter, 1.0);
            let nvda = Us::new(UsExchange::Nasdaq, "NVDA");
            let outcome = orders.submit(Order::buy(nvda).limit(210).qty(5)).await;
            assert!(outcome.is_unknown(), "{outcome:?}");
            bench.broker.heal();
            let number = bench.broker.orders()[0].number.clone();
            bench.broker.fill(&number, (filled, 21_000));
            bench.time.advance(Duration::from_secs(later));
            let verdict = only(reconcile(&orders).await);
            let Verdict::Found(listed) = verdict else { panic!("{sent}, {filled} filled: {verdict:?}") };
            assert_eq!(listed.order.number.as_str(), number, "{sent}, {filled} filled");
        }
    }
}

#[tokio::test]
async fn a_page_that_fails_proves_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let row =
        r#"{"ord_no":"0000137","stk_cd":"A005930","io_tp_nm":"현금매도","ord_qty":"0000000001","ord_tm":"09:00:01"}"#;
    let page = format!(r#"{{"acnt_ord_cntr_prps_dtl":[{row}],"return_code":0,"return_msg":""}}"#);
    let script = Script::signed_in().step(Step::Close).reply("200 OK", &["cont-yn: Y", "next-key: 2"], &page).reply(
        "500 Internal Server Error",
        &[],
        "",
    );
    let server = TestServer::start(script).await;
    let client = support::client(&server);
    let orders = client.orders().journal(directory.path().join("orders.log")).await.unwrap();
    assert!(buy(&orders, "ghost").await.is_unknown());
    let Verdict::StillUnknown(doubt) = only(reconcile(&orders).await) else { panic!("page 2 did not come") };
    assert!(doubt.to_string().contains("kt00007") && doubt.to_string().contains("500"), "{doubt}");
    assert_eq!(unsettled(&orders), 1);
    let asked = server.received().await;
    assert_eq!(asked.iter().filter(|asked| asked.header("api-id") == Some("kt10000")).count(), 1);
    assert_eq!(asked.last().unwrap().header("next-key"), Some("2"));
}

#[tokio::test]
async fn an_order_typed_by_hand_is_not_taken_for_ones_own() {
    let bench = Bench::new().await;
    let orders = bench.run().await;
    buy(&orders, "first").await.accepted().unwrap();
    bench.lose(&orders, "lost", Fault::TimeoutBefore).await;
    bench.type_by_hand(PRICE);
    let Verdict::Ambiguous(candidates) = only(reconcile(&orders).await) else { panic!("somebody typed it") };
    assert_eq!(candidates.len(), 1);
    assert_eq!(candidates[0].channel, "영웅문4");
    assert_eq!(unsettled(&orders), 1);

    let journal = orders.as_journal().unwrap();
    journal.declare(&id("lost"), Declared::NotPlaced).await.unwrap();
    assert_eq!(unsettled(&orders), 0);
    let again = journal.declare(&id("lost"), Declared::NotPlaced).await.unwrap_err();
    assert!(again.to_string().contains("nothing is unsettled"), "{again}");
}

#[tokio::test]
async fn no_journal_nothing_to_reconcile() {
    let bench = Bench::new().await;
    let error = bench.client.orders().reconcile().await.unwrap_err();
    assert!(error.to_string().contains("call journal()"), "{error}");
}
