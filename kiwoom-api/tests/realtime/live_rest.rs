//! What live orders do while something is under way: changes whose fate is open, orders that nobody knows, kicks, clocks that are
//! set back, and pushes that stop.

use std::future::IntoFuture;
use std::time::Duration;

use kiwoom_api::codes::OrderVenue;
use kiwoom_api::order::{LiveEvent, LiveOrders, Modification, Order, OrderRef};
use kiwoom_api::realtime::Event;
use kiwoom_api::{Client, Language, ManualClock, Outcome};
use tokio::time::timeout;

use crate::live::exchange::{Exchange, Hold};
use crate::server::SOON;

const DELAY: Duration = Duration::from_millis(20);
const NOW: &str = "2026-07-06T10:00:00+09:00";

async fn live(client: &Client) -> LiveOrders {
    let orders = client.orders().default_venue(OrderVenue::Krx).timeout(Duration::from_millis(700));
    timeout(SOON, orders.live().delay(DELAY).into_future()).await.expect("in time").expect("it opens")
}

/// Time passes, and the connection lives.
async fn pump((exchange, time): (Exchange, ManualClock)) {
    for beat in 0_u64.. {
        tokio::time::sleep(Duration::from_millis(1)).await;
        time.advance(Duration::from_millis(20));
        if beat % 50 == 0 {
            exchange.ping();
        }
    }
}

async fn place(live: &LiveOrders) -> OrderRef {
    match live.submit(Order::buy("005930").limit(70_100).qty(10)).await {
        Outcome::Accepted(order) => order,
        other => panic!("{other:?}"),
    }
}

/// Whatever becomes of the change, and whether pushes tell of it or not: nothing of the order is left.
#[tokio::test]
async fn the_rest_of_an_order_includes_what_a_change_on_its_way_makes_of_it() {
    const SOME: Duration = Duration::from_millis(150);
    for hold in [Hold::Request(SOME), Hold::Reply(Some(SOME)), Hold::Reply(None)] {
        for silent in [false, true] {
            for part in [false, true] {
                let what = format!("{hold:?}, silent: {silent}, part: {part}");
                let exchange = Exchange::open().await;
                let live = live(&exchange.client().unwrap()).await;
                let order = place(&live).await;
                live.refresh().await.unwrap();
                exchange.silence(silent);
                exchange.hold_changes(hold);
                let change = Modification::price(70_200);
                let change = if part { change.qty(4) } else { change };
                let (other, of) = (live.clone(), order.clone());
                let changing = tokio::spawn(async move { other.modify(&of, change).await });
                // the change has left, and may have arrived
                tokio::time::sleep(SOME / 3).await;
                let cancelled = timeout(SOON, live.cancel_rest(&order)).await.expect(&what);
                let changed = changing.await.unwrap();
                let orders = exchange.orders();
                assert!(orders.iter().all(|order| order.left == 0), "{what}: {changed:?} {cancelled:?} {orders:#?}");
                // never two for one
                let mut numbers: Vec<&str> = cancelled.iter().map(|one| one.order.number.as_str()).collect();
                numbers.sort_unstable();
                numbers.dedup();
                assert_eq!(numbers.len(), cancelled.len(), "{what}: {cancelled:?}");
                assert_eq!(exchange.requests("kt10003"), cancelled.len(), "{what}");
                assert_eq!(exchange.requests("kt10002"), 1, "{what}");
            }
        }
    }
}

/// Another task goes on changing the order.
#[tokio::test]
async fn the_rest_of_an_order_that_is_changed_again_and_again_is_cancelled() {
    let exchange = Exchange::open().await;
    let live = live(&exchange.client().unwrap()).await;
    let order = place(&live).await;
    exchange.silence(true);
    exchange.hold_changes(Hold::Reply(Some(Duration::from_millis(60))));
    let (other, mut newest) = (live.clone(), order.clone());
    let changing = tokio::spawn(async move {
        for price in 1..4 {
            if let Outcome::Accepted(changed) = other.modify(&newest, Modification::price(70_100 + 100 * price)).await {
                newest = changed;
            }
        }
    });
    tokio::time::sleep(Duration::from_millis(90)).await;
    let cancelled = timeout(SOON, live.cancel_rest(&order)).await.expect("in time");
    changing.await.unwrap();
    let orders = exchange.orders();
    assert!(orders.iter().all(|order| order.left == 0), "{cancelled:?} {orders:#?}");
}

#[tokio::test]
async fn waiting_for_an_order_that_nobody_knows_ends() {
    let exchange = Exchange::open().await;
    let client = exchange.client().unwrap();
    let live = live(&client).await;
    let known = place(&live).await;
    for unknown in ["0009999", "", "0000000"] {
        let order = OrderRef::new(known.desk, known.date, unknown).of(known.side, known.symbol.clone());
        let error = timeout(SOON, live.wait(&order)).await.expect("it ends").unwrap_err();
        assert!(error.to_string().contains("no push and no list shows order"), "{error}");
        assert!(error.display(Language::Korean).to_string().contains("내역에도 없습니다"), "{error}");
    }
    // one that no push announces is found in the lists
    exchange.silence(true);
    let Outcome::Accepted(unseen) = client.orders().submit(Order::buy("000660").limit(200_000).qty(1)).await else {
        panic!()
    };
    assert!(live.get(&unseen).is_none());
    let waiting = tokio::spawn({
        let (live, unseen) = (live.clone(), unseen.clone());
        async move { live.wait(&unseen).await }
    });
    while live.get(&unseen).is_none() {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    exchange.silence(false);
    exchange.fill(unseen.number.as_str(), (1, 200_000));
    let done = timeout(SOON, waiting).await.expect("it ends").unwrap().unwrap();
    assert_eq!(done.filled, 1.into());
}

#[tokio::test]
async fn a_kick_is_told_once() {
    let exchange = Exchange::open().await;
    let time = ManualClock::at(NOW.parse().unwrap()).hurried();
    let pump = tokio::spawn(pump((exchange.clone(), time.clone())));
    let live = live(&exchange.client_at(time.clock()).unwrap()).await;
    let mut events = live.events();
    exchange.kick();
    let mut lost = Vec::new();
    loop {
        match timeout(SOON, events.next()).await.expect("in time").expect("it goes on") {
            LiveEvent::Disconnected { why, .. } => lost.push(why),
            LiveEvent::Gap { .. } => break,
            _ => {}
        }
    }
    assert_eq!(lost.len(), 1, "{lost:?}");
    assert!(lost[0].contains("another session"), "{lost:?}");
    pump.abort();
}

#[tokio::test]
async fn a_gap_does_not_end_before_it_begins() {
    for jump in [-7_200, 0, 7_200] {
        let exchange = Exchange::open().await;
        let time = ManualClock::at(NOW.parse().unwrap()).hurried();
        let pump = tokio::spawn(pump((exchange.clone(), time.clone())));
        let client = exchange.client_at(time.clock()).unwrap();
        let live = live(&client).await;
        let mut feed = client.realtime().all::<kiwoom_api::domestic::realtime::AccountBalance>().open().await.unwrap();
        let mut events = live.events();
        let wall = jiff::tz::Offset::constant(9).to_timestamp(time.korea()).unwrap();
        time.jump_to(wall + jiff::SignedDuration::from_secs(jump));
        exchange.disconnect();
        let (from, to) = loop {
            if let LiveEvent::Gap { from, to } = timeout(SOON, events.next()).await.unwrap().unwrap() {
                break (from, to);
            }
        };
        assert!(from <= to, "{jump}: {from} {to}");
        loop {
            if let kiwoom_api::realtime::Item::Event(Event::Gap { from, to, .. }) =
                timeout(SOON, feed.next()).await.unwrap().unwrap()
            {
                assert!(from <= to, "{jump}: {from} {to}");
                break;
            }
        }
        pump.abort();
    }
}

/// The connection is well, and a push was lost: the next look finds it.
#[tokio::test]
async fn balances_find_what_no_push_tells() {
    let exchange = Exchange::open().await;
    exchange.hold_unseen("005930", 10);
    let time = ManualClock::at(NOW.parse().unwrap()).hurried();
    let balances = timeout(SOON, exchange.client_at(time.clock()).unwrap().balances()).await.unwrap().unwrap();
    assert_eq!(balances.qty("005930"), 10);
    for held in [15, 0, 7] {
        exchange.hold_unseen("005930", held);
        let began = std::time::Instant::now();
        while balances.qty("005930") != held {
            assert!(began.elapsed() < SOON, "{held} is not found");
            time.advance(Duration::from_secs(5));
            exchange.ping();
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
    assert_eq!(exchange.requests("LOGIN"), 1, "no reconnection told it");
}
