//! Prices are checked by the ticks of what the order, or the handle's table of codes, says the instrument is.
#![cfg(feature = "domestic-order")]

use kiwoom_api::codes::OrderVenue;
use kiwoom_api::order::{Cancel, Modification, Order, OrderRef, Orders, Ticks};
use kiwoom_api::{ManualClock, Outcome};

use crate::support::{self, Broker};

async fn desk() -> (Broker, Orders) {
    let clock = ManualClock::at("2026-07-06T01:00:00Z".parse().unwrap());
    tokio::spawn(support::pump(clock.clone()));
    let broker = Broker::start(clock.clone(), 1).await;
    let keys = kiwoom_api::Credentials::new(support::APP_KEY, support::SECRET_KEY);
    let client = kiwoom_api::Client::builder(broker.server(), keys).clock(clock.clock()).build().unwrap();
    let orders = client.orders().default_venue(OrderVenue::Krx);
    (broker, orders.symbols([("005930", Ticks::Stock), ("069500", Ticks::Fund)]))
}

fn accepted(outcome: Outcome<OrderRef>) -> OrderRef {
    match outcome {
        Outcome::Accepted(order) => order,
        other => panic!("{other:?}"),
    }
}

fn refused(outcome: &Outcome<OrderRef>) -> String {
    match outcome {
        Outcome::NotSent(error) => error.to_string(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn the_table_of_the_handle_decides() {
    let (broker, orders) = desk().await;
    let buy = |code: &'static str| orders.submit(Order::buy(code).limit(70_150).qty(1));
    let error = refused(&buy("005930").await);
    assert!(error.contains("70100 and 70200 for a stock, 70150 for an ETF"), "{error}");
    // a fund, and a code that nobody knows
    for code in ["069500", "000660"] {
        assert!(matches!(buy(code).await, Outcome::Accepted(_)), "{code}");
    }
    // the order goes first
    let order = Order::buy("005930").limit(70_150).qty(1).etf();
    assert!(matches!(orders.submit(order).await, Outcome::Accepted(_)));
    let error = refused(&orders.submit(Order::buy("069500").limit(70_150).qty(1).stock()).await);
    assert!(error.contains("70100 and 70200 for a stock"), "{error}");
    assert_eq!(broker.orders().len(), 3);
}

#[tokio::test]
async fn changes_are_checked_alike() {
    let (broker, orders) = desk().await;
    let order = accepted(orders.submit(Order::buy("005930").limit(70_100).qty(1)).await);
    let error = refused(&orders.modify(&order, Modification::price(70_150)).await);
    assert!(error.contains("mdfy_uv") && error.contains("70100 and 70200 for a stock"), "{error}");
    assert!(matches!(orders.modify(&order, Modification::price(70_150).etf()).await, Outcome::Accepted(_)));
    assert_eq!(broker.orders().len(), 2);
}

#[tokio::test]
async fn a_change_remembers_what_the_order_said() {
    let (broker, orders) = desk().await;
    // a code that the handle's table does not know
    let order = Order::buy("000660").limit(70_100).qty(3).stock();
    let order = accepted(orders.submit(order).await);
    let stored: OrderRef = order.to_string().parse().unwrap();
    for order in [&order, &stored] {
        let error = refused(&orders.modify(order, Modification::price(70_150)).await);
        assert!(error.contains("mdfy_uv") && error.contains("70100 and 70200 for a stock"), "{error}");
    }
    // a change hands it on to the next
    let changed = accepted(orders.modify(&order, Modification::price(70_200).qty(3)).await);
    refused(&orders.modify(&changed, Modification::price(70_150)).await);
    // what the change says goes first, and is remembered in turn, by a cancellation, too
    let fund = accepted(orders.modify(&changed, Modification::price(70_150).etf().qty(3)).await);
    assert_eq!(fund.ticks(), Some(Ticks::Fund));
    let error = refused(&orders.modify(&fund, Modification::price(70_152)).await);
    assert!(error.contains("70150 and 70155 for an ETF"), "{error}");
    let fund = accepted(orders.modify(&fund, Modification::price(70_155).qty(3)).await);
    assert_eq!(accepted(orders.cancel(Cancel::of(&fund)).await).ticks(), Some(Ticks::Fund));
    assert_eq!(broker.orders().len(), 5);
}

#[tokio::test]
async fn an_order_that_says_nothing_remembers_nothing() {
    let (_broker, orders) = desk().await;
    let order = accepted(orders.submit(Order::buy("000660").limit(70_100).qty(1)).await);
    assert_eq!((order.ticks(), order.to_string().split(' ').count()), (None, 7));
    assert!(matches!(orders.modify(&order, Modification::price(70_150)).await, Outcome::Accepted(_)));
    let error = refused(&orders.modify(&order, Modification::price(95_000).base_price(70_000)).await);
    assert!(error.contains("49000 to 91000"), "{error}");
    // ELW have a tick of their own, and no limits
    let order = Order::buy("57JBHH").limit(105).qty(10).elw().base_price(10);
    let order = accepted(orders.submit(order).await);
    let error = refused(&orders.modify(&order, Modification::price(107)).await);
    assert!(error.contains("105 and 110 for an ELW"), "{error}");
}
