//! Prices are checked by the ticks of what the order, or the handle's table of codes, says the instrument is.
#![cfg(feature = "domestic-order")]

use kiwoom_api::codes::OrderVenue;
use kiwoom_api::order::{Modification, Order, Orders, Ticks};
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

fn refused(outcome: &Outcome<kiwoom_api::order::OrderRef>) -> String {
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
    let Outcome::Accepted(order) = orders.submit(Order::buy("005930").limit(70_100).qty(1)).await else { panic!() };
    let error = refused(&orders.modify(&order, Modification::price(70_150)).await);
    assert!(error.contains("mdfy_uv") && error.contains("70100 and 70200 for a stock"), "{error}");
    assert!(matches!(orders.modify(&order, Modification::price(70_150).etf()).await, Outcome::Accepted(_)));
    assert_eq!(broker.orders().len(), 2);
}
