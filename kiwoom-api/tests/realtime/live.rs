//! Live orders over sockets: HTTP for orders and lists, WebSocket for pushes, and the broker's own figures to compare with.

#[allow(clippy::duplicate_mod, reason = "the broker brings its own HTTP, as it does for the examples")]
#[path = "../support/exchange.rs"]
pub mod exchange;

use std::future::IntoFuture;
use std::time::Duration;

use exchange::Exchange;
use kiwoom_api::codes::OrderVenue;
use kiwoom_api::order::{
    LiveEvent, LiveEvents, LiveOrders, LiveStatus, Modification, Order, OrderRef, Origin, Proof, Settled,
};
use kiwoom_api::value::Decimal;
use kiwoom_api::{Client, Outcome};
use tokio::time::timeout;

use crate::server::SOON;

/// The lists of this broker are never late.
const DELAY: Duration = Duration::from_millis(20);

async fn live(client: &Client) -> LiveOrders {
    let orders = client.orders().default_venue(OrderVenue::Krx);
    timeout(SOON, orders.live().delay(DELAY).into_future()).await.expect("in time").expect("it opens")
}

async fn place(live: &LiveOrders, (qty, price): (i64, i64)) -> OrderRef {
    match live.submit(Order::buy("005930").limit(price).qty(qty)).await {
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

#[track_caller]
fn assert_equal(live: &LiveOrders, exchange: &Exchange) {
    let orders = live.all();
    for placed in exchange.orders().iter().filter(|order| order.api != "kt10003") {
        let order = orders.iter().find(|order| order.order.number.as_str() == placed.number);
        let order = order.unwrap_or_else(|| panic!("{placed:?} is not there"));
        let figures = [order.filled, order.remaining];
        assert_eq!(figures, [placed.filled(), placed.left].map(Decimal::from), "{placed:?} {order:?}");
        assert_eq!(order.unexplained, Decimal::ZERO);
    }
}

#[tokio::test]
async fn everything_that_was_there_before_is_adopted_from_all_pages() {
    let exchange = Exchange::open().await;
    let numbers: Vec<String> = (1..=5).map(|n| exchange.enter_by_hand("000660", (n, 200_000))).collect();
    exchange.fill_unseen(&numbers[4], (2, 199_000));
    let live = live(&exchange.client().unwrap()).await;
    assert_equal(&live, &exchange);
    let open = live.open_orders();
    assert_eq!(open.len(), 5);
    assert!(open.iter().all(|order| order.origin == Origin::Elsewhere && order.id.is_none()), "{open:?}");
    // two rows a page, two lists, and one look at once and one after the delay
    assert!(exchange.requests("kt00007") >= 6 && exchange.requests("ka10075") >= 6);
    assert_eq!(open[4].average(), Some(199_000.into()));
}

#[tokio::test]
async fn a_lost_reply_is_settled_by_the_push_and_nothing_is_sent_again() {
    let exchange = Exchange::open().await;
    let live = live(&exchange.client().unwrap()).await;
    let mut events = live.events();
    exchange.lose_a_reply();
    let outcome = live.submit(Order::buy("005930").limit(70_100).qty(10).id("mine")).await;
    assert!(outcome.is_unknown(), "{outcome:?}");
    let id = "mine".parse().unwrap();
    let settled = timeout(SOON, live.settle(&id)).await.unwrap().unwrap();
    let Settled::Placed(order) = settled else { panic!("{settled:?}") };
    assert_eq!(exchange.orders()[0].number, order.number.as_str());
    assert_eq!(exchange.requests("kt10000"), 1);
    // the list says that it was entered through the API
    live.refresh().await.unwrap();
    assert_eq!(live.find(&id).unwrap().origin, Origin::Ours(Proof::List));
    let accepted = until(&mut events, |event| matches!(event, LiveEvent::Accepted(_))).await;
    assert_eq!(accepted.order().unwrap().id, Some(id));
}

#[tokio::test]
async fn fills_count_once_whatever_happens_to_the_pushes() {
    let exchange = Exchange::open().await;
    let live = live(&exchange.client().unwrap()).await;
    let (mut events, mut counted) = (live.events(), live.events());
    let order = place(&live, (10, 70_100)).await;
    let number = order.number.as_str();
    exchange.fill(number, (3, 70_000));
    exchange.repeat_last_fill(number);
    exchange.repeat_last_fill(number);
    until(&mut events, |event| matches!(event, LiveEvent::Filled { .. })).await;
    exchange.fill_unseen(number, (1, 69_900));
    live.refresh().await.unwrap();
    assert_equal(&live, &exchange);
    exchange.disconnect();
    exchange.fill_unseen(number, (2, 70_100));
    until(&mut events, |event| matches!(event, LiveEvent::Gap { .. })).await;
    timeout(SOON, live.primed()).await.unwrap().unwrap();
    exchange.fill(number, (1, 70_100));
    live.refresh().await.unwrap();
    assert_equal(&live, &exchange);
    let now = live.get(&order).unwrap();
    let value = 3 * 70_000 + 69_900 + 3 * 70_100;
    assert_eq!((now.filled, now.remaining, now.value), (7.into(), 3.into(), Some(value.into())));
    assert_eq!(now.average(), Some(Decimal::from(value) / Decimal::from(7)));
    // increments add up to what is filled
    exchange.fill(number, (3, 70_100));
    let mut told = Decimal::ZERO;
    while told < Decimal::TEN {
        let LiveEvent::Filled { fill, .. } =
            until(&mut counted, |event| matches!(event, LiveEvent::Filled { .. })).await
        else {
            unreachable!()
        };
        told += fill.qty;
    }
    assert_eq!(told, Decimal::TEN);
    let done = timeout(SOON, live.wait(&order)).await.unwrap().unwrap();
    assert_eq!((done.orders[0].status, done.filled), (LiveStatus::Filled, 10.into()));
}

#[tokio::test]
async fn changes_are_followed_and_what_is_left_is_cancelled_through_the_kill_switch() {
    let exchange = Exchange::open().await;
    let client = exchange.client().unwrap();
    let live = live(&client).await;
    let order = place(&live, (10, 70_100)).await;
    exchange.fill(order.number.as_str(), (2, 70_100));
    // a part goes on at another price
    let Outcome::Accepted(part) = live.modify(&order, Modification::price(70_300).qty(3)).await else { panic!() };
    exchange.fill(part.number.as_str(), (1, 70_300));
    live.refresh().await.unwrap();
    assert_equal(&live, &exchange);
    let chain = live.chain(&part).unwrap();
    assert_eq!((chain.ordered, chain.filled, chain.remaining), (10.into(), 3.into(), 7.into()));
    assert_eq!(live.get(&order).unwrap().replaced_by, std::slice::from_ref(&part.number));
    // waiting can be given up at any time
    assert!(timeout(Duration::from_millis(5), live.wait(&order)).await.is_err());
    client.kill_switch().engage("enough");
    let refused = live.submit(Order::buy("005930").limit(70_100).qty(1)).await;
    assert!(matches!(refused, Outcome::NotSent(_)), "{refused:?}");
    let cancelled = live.cancel_rest(&order).await;
    assert!(cancelled.len() == 2 && cancelled.iter().all(|one| one.outcome.accepted().is_some()), "{cancelled:?}");
    let done = timeout(SOON, live.wait(&order)).await.unwrap().unwrap();
    assert_eq!((done.filled, done.remaining, done.cancelled), (3.into(), 0.into(), 7.into()));
    assert_eq!(done.value, Some((2 * 70_100 + 70_300).into()));
    assert_equal(&live, &exchange);
    assert!(live.cancel_rest(&order).await.is_empty(), "nothing is left");
    assert_eq!(exchange.requests("kt10000"), 1);
}

#[tokio::test]
async fn it_ends_when_it_is_closed() {
    let exchange = Exchange::open().await;
    let live = live(&exchange.client().unwrap()).await;
    let mut events = live.events();
    let order = place(&live, (10, 70_100)).await;
    let other = live.clone();
    live.close().await;
    while timeout(SOON, events.next()).await.unwrap().is_some() {}
    let error = timeout(SOON, other.wait(&order)).await.unwrap().unwrap_err();
    assert!(error.to_string().contains("closed"), "{error}");
    assert!(!other.is_primed());
}

#[tokio::test]
async fn balances_are_the_latest_of_list_and_push() {
    let exchange = Exchange::open().await;
    // two rows a page
    for (symbol, qty) in [("000660", 3), ("005930", 10), ("035720", 5)] {
        exchange.hold_unseen(symbol, qty);
    }
    let balances = timeout(SOON, exchange.client().unwrap().balances()).await.unwrap().unwrap();
    let all: Vec<_> = balances.all().into_iter().map(|held| (held.symbol, held.qty, held.sellable)).collect();
    assert_eq!(all, [("000660".into(), 3, 3), ("005930".into(), 10, 10), ("035720".into(), 5, 5)]);
    assert_eq!(balances.all()[0].purchase_price, Some(70_000.into()));
    let until = async |qty: i64, other: i64| {
        while (balances.qty("005930"), balances.qty("000660")) != (qty, other) {
            timeout(SOON, balances.changed()).await.expect("in time").unwrap();
        }
    };
    exchange.hold("005930", 12);
    until(12, 3).await;
    exchange.disconnect();
    exchange.hold_unseen("000660", 0);
    exchange.hold_unseen("005930", 15);
    until(15, 0).await;
    assert!(balances.is_primed() && !format!("{balances:?}").contains("005930"));
}

/// Orders, fills, changes, losses and broken lines in an order that a seed chooses.
#[tokio::test]
async fn a_seeded_day_over_sockets() {
    for seed in 0..6 {
        let mut random = fastrand::Rng::with_seed(seed);
        let exchange = Exchange::open().await;
        let live = live(&exchange.client().unwrap()).await;
        let mut events = live.events();
        for step in 0..40 {
            let open: Vec<_> = exchange.orders().into_iter().filter(|order| order.left > 0).collect();
            let some = (!open.is_empty()).then(|| open[random.usize(..open.len())].clone());
            match (random.u8(..10), some) {
                (0..=1, _) | (_, None) => {
                    if random.u8(..3) == 0 {
                        exchange.lose_a_reply();
                    }
                    let qty = random.i64(1..9);
                    let _ = live.submit(Order::buy("005930").limit(70_100).qty(qty).id(format!("{seed}-{step}"))).await;
                }
                (2..=4, Some(order)) => exchange.fill(&order.number, (random.i64(1..=order.left), 70_100 + step)),
                (5, Some(order)) => exchange.fill_unseen(&order.number, (1, 70_000)),
                (6, Some(order)) if order.filled() > 0 => exchange.repeat_last_fill(&order.number),
                (7, Some(order)) => {
                    if let Some(known) =
                        live.open_orders().iter().find(|known| known.order.number.as_str() == order.number)
                    {
                        let _ = live.modify(&known.order, Modification::price(70_200)).await;
                    }
                }
                (8, Some(order)) => {
                    if let Some(known) =
                        live.open_orders().iter().find(|known| known.order.number.as_str() == order.number)
                    {
                        let _ = live.cancel(&known.order).await;
                    }
                }
                _ if step % 4 == 0 => exchange.disconnect(),
                _ => {}
            }
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
        timeout(SOON, live.primed()).await.unwrap().unwrap();
        tokio::time::sleep(DELAY * 2).await;
        live.refresh().await.unwrap();
        assert_equal(&live, &exchange);
        drop(live);
        let mut told = std::collections::HashMap::new();
        while let Some(event) = timeout(SOON, events.next()).await.unwrap() {
            if let LiveEvent::Filled { fill, order } = event {
                *told.entry(order.order.number.as_str().to_owned()).or_insert(Decimal::ZERO) += fill.qty;
            }
        }
        for placed in exchange.orders() {
            let told = told.get(&placed.number).copied().unwrap_or_default();
            assert_eq!(told, Decimal::from(placed.filled()), "seed {seed}: {placed:?}");
        }
    }
}
