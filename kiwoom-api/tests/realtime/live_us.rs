//! Live orders of US stocks over sockets: `F4` and `F5` in, modified and cancelled as a whole, and the broker's own figures to
//! compare with.

use std::future::IntoFuture;
use std::time::Duration;

use kiwoom_api::codes::UsExchange;
use kiwoom_api::order::{LiveEvent, LiveEvents, LiveOrders, LiveStatus, Modification, Order, OrderRef, Origin, Us};
use kiwoom_api::value::Decimal;
use kiwoom_api::{Client, Credentials, Limits, ManualClock, Outcome, dec};
use tokio::time::timeout;

use crate::server::SOON;
use crate::support::{APP_KEY, Broker, Placed, SECRET_KEY};

/// The lists of this broker are never late.
const DELAY: Duration = Duration::from_millis(20);

async fn broker() -> (Broker, Client) {
    let broker = Broker::start(ManualClock::at("2026-07-06T23:40:00+09:00".parse().unwrap()), 1).await;
    let keys = Credentials::new(APP_KEY, SECRET_KEY);
    let client = Client::builder(broker.server(), keys).limits(Limits::unlimited()).build().unwrap();
    (broker, client)
}

async fn live(client: &Client) -> LiveOrders {
    timeout(SOON, client.orders().live_us().delay(DELAY).into_future()).await.expect("in time").expect("it opens")
}

fn nvda() -> Us {
    Us::new(UsExchange::Nasdaq, "NVDA")
}

async fn place(live: &LiveOrders, (qty, price): (i64, Decimal)) -> OrderRef {
    match live.submit(Order::buy(nvda()).limit(price).qty(qty)).await {
        Outcome::Accepted(order) => order,
        other => panic!("{other:?}"),
    }
}

async fn until(events: &mut LiveEvents, want: impl Fn(&LiveEvent) -> bool) -> LiveEvent {
    loop {
        let event = timeout(SOON, events.next()).await.expect("in time").expect("it goes on");
        if want(&event) {
            return event;
        }
    }
}

#[tokio::test]
async fn everything_that_was_there_before_is_adopted_and_can_be_cancelled() {
    let (broker, client) = broker().await;
    for qty in 1..=5 {
        broker.typed_by_hand(Placed::by_hand(true, (qty, 19_842)));
    }
    broker.fill_unseen(&broker.orders()[4].number, (2, 19_840));
    let live = live(&client).await;
    let open = live.open_orders();
    let figures: Vec<_> = open.iter().map(|order| (order.ordered, order.filled, order.remaining)).collect();
    let want = [(1, 0, 1), (2, 0, 2), (3, 0, 3), (4, 0, 4), (5, 2, 3)];
    assert_eq!(figures, want.map(|(ordered, filled, left)| (ordered.into(), filled.into(), left.into())));
    assert!(
        open.iter().all(|order| order.origin == Origin::Elsewhere && order.price == Some(dec!(198.42))),
        "{open:?}"
    );
    let cancelled = live.cancel_rest(&open[4].order).await;
    assert!(cancelled.len() == 1 && cancelled[0].outcome.accepted().is_some(), "{cancelled:?}");
    let done = timeout(SOON, live.wait(&open[4].order)).await.unwrap().unwrap();
    assert_eq!((done.filled, done.cancelled, done.orders[0].status), (2.into(), 3.into(), LiveStatus::Cancelled));
    assert_eq!(broker.orders().last().unwrap().venue, "ND", "it goes to the exchange of the order");
}

#[tokio::test]
async fn fills_count_once_whatever_happens_to_the_pushes() {
    let (broker, client) = broker().await;
    let live = live(&client).await;
    let (mut events, mut counted) = (live.events(), live.events());
    let order = place(&live, (10, dec!(198.42))).await;
    let number = order.number.as_str();
    broker.fill(number, (3, 19_840));
    broker.repeat_last_fill(number);
    broker.repeat_last_fill(number);
    let LiveEvent::Filled { fill, .. } = until(&mut events, |event| matches!(event, LiveEvent::Filled { .. })).await
    else {
        unreachable!()
    };
    assert_eq!((fill.qty, fill.price), (3.into(), Some(dec!(198.4))));
    live.refresh().await.unwrap();
    let now = live.get(&order).unwrap();
    assert_eq!((now.filled, now.remaining, now.value), (3.into(), 7.into(), Some(dec!(595.2))));
    broker.fill_unseen(number, (1, 19_841));
    broker.disconnect();
    broker.fill_unseen(number, (1, 19_841));
    until(&mut events, |event| matches!(event, LiveEvent::Gap { .. })).await;
    timeout(SOON, live.primed()).await.unwrap().unwrap();
    let now = live.get(&order).unwrap();
    // at which price two of them were filled, nothing says
    assert_eq!((now.filled, now.remaining, now.average()), (5.into(), 5.into(), None));
    broker.fill(number, (5, 19_842));
    let mut told = Decimal::ZERO;
    while told < Decimal::TEN {
        let event = until(&mut counted, |event| matches!(event, LiveEvent::Filled { .. })).await;
        let LiveEvent::Filled { fill, .. } = event else { unreachable!() };
        told += fill.qty;
    }
    assert_eq!(told, Decimal::TEN);
    let done = timeout(SOON, live.wait(&order)).await.unwrap().unwrap();
    assert_eq!((done.orders[0].status, done.filled), (LiveStatus::Filled, 10.into()));
}

#[tokio::test]
async fn changes_are_followed_to_their_new_numbers_and_the_rest_is_cancelled() {
    let (broker, client) = broker().await;
    let live = live(&client).await;
    let order = place(&live, (10, dec!(198.42))).await;
    broker.fill(order.number.as_str(), (2, 19_842));
    let Outcome::Accepted(second) = live.modify(&order, Modification::price(dec!(198.43))).await else { panic!() };
    broker.fill(second.number.as_str(), (3, 19_843));
    let Outcome::Accepted(third) = live.modify(&second, Modification::price(dec!(198.44))).await else { panic!() };
    live.refresh().await.unwrap();
    let chain = live.chain(&second).unwrap();
    let numbers: Vec<_> = chain.orders.iter().map(|order| order.order.number.clone()).collect();
    assert_eq!(numbers, [&order, &second, &third].map(|order| order.number.clone()));
    assert_eq!(
        (chain.ordered, chain.filled, chain.remaining, chain.value),
        (10.into(), 5.into(), 5.into(), Some(dec!(992.13)))
    );
    assert_eq!(chain.orders[0].status, LiveStatus::Replaced);
    assert_eq!(chain.newest().order.number, third.number);
    let cancelled = live.cancel_rest(&order).await;
    assert_eq!(cancelled.len(), 1, "{cancelled:?}");
    let done = timeout(SOON, live.wait(&order)).await.unwrap().unwrap();
    assert_eq!((done.filled, done.cancelled, done.remaining), (5.into(), 5.into(), 0.into()));
    assert_eq!([broker.requests("ust20000"), broker.requests("ust20002"), broker.requests("ust20003")], [1, 2, 1]);
    // orders of the other market have a handle of their own
    let other = live.submit(Order::buy("005930").limit(70_100).qty(1)).await;
    assert!(matches!(&other, Outcome::NotSent(error) if error.to_string().contains("live()")), "{other:?}");
}

/// All pushes about a change are lost: the lists alone say what it is about, and what it filled.
#[tokio::test]
async fn a_change_that_no_push_named_is_followed() {
    let (broker, client) = broker().await;
    let live = live(&client).await;
    let order = place(&live, (10, dec!(198.42))).await;
    broker.silence(true);
    let change = client.orders().modify(&order, Modification::price(dec!(198.43))).await;
    let Outcome::Accepted(change) = change else { panic!("{change:?}") };
    for fill in [(4, 19_843), (6, 19_843)] {
        broker.fill(change.number.as_str(), fill);
        live.refresh().await.unwrap();
        let chain = live.chain(&order).unwrap();
        assert_eq!((chain.orders.len(), chain.ordered), (2, 10.into()), "{chain:?}");
        assert_eq!(chain.filled + chain.remaining, 10.into());
    }
    let done = timeout(SOON, live.wait(&order)).await.unwrap().unwrap();
    assert_eq!(
        (done.filled, done.orders[0].status, done.orders[1].status),
        (10.into(), LiveStatus::Replaced, LiveStatus::Filled)
    );
}

/// A push names no exchange, and a cancellation has to: the lists are looked at for it.
#[tokio::test]
async fn an_order_that_only_a_push_announced_can_be_cancelled() {
    let (broker, client) = broker().await;
    let live = live(&client).await;
    let mut events = live.events();
    let mut announced = async |qty| {
        broker.typed_by_hand(Placed::by_hand(true, (qty, 19_842)));
        let adopted = until(&mut events, |event| matches!(event, LiveEvent::Adopted(_))).await;
        let order = adopted.order().unwrap().order.clone();
        assert_eq!(order.venue, "");
        order
    };
    let (rest, other) = (announced(5).await, announced(7).await);
    let cancelled = live.cancel_rest(&rest).await;
    assert!(cancelled.len() == 1 && cancelled[0].outcome.accepted().is_some(), "{cancelled:?}");
    let done = timeout(SOON, live.wait(&rest)).await.unwrap().unwrap();
    assert_eq!(done.cancelled, 5.into());
    // without being asked, they are looked at soon; the reference of before is as good as a new one
    let started = std::time::Instant::now();
    while live.get(&other).unwrap().order.venue.is_empty() {
        assert!(started.elapsed() < SOON, "no look at the lists");
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    let outcome = live.cancel(&other).await;
    assert!(outcome.accepted().is_some(), "{outcome:?}");
    let done = timeout(SOON, live.wait(&other)).await.unwrap().unwrap();
    assert_eq!(done.cancelled, 7.into());
    assert!(broker.orders().iter().all(|order| order.venue == "ND"));
}
