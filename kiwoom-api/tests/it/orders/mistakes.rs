//! The mistakes that cost money, each with a test: nothing leaves, or leaves once, and no outcome says otherwise.
#![cfg(all(feature = "domestic-order", feature = "us-order"))]

use std::time::Duration;

use crate::support::{self, Received, Script, Step, TestServer, assert_clean, client};
use kiwoom_api::codes::{OrderVenue, UsExchange};
use kiwoom_api::order::{Cancel, Desk, Modification, Order, OrderRef, Us};
use kiwoom_api::value::{Date, Decimal, Side, StockCode};
use kiwoom_api::{Client, ManualClock, Outcome};

const ACCEPTED: &str = r#"{"ord_no":"0000138","dmst_stex_tp":"SOR","return_code":0,"return_msg":"ok"}"#;

/// The orders that arrived.
async fn arrived(server: &TestServer) -> Vec<Received> {
    server.received().await.into_iter().filter(|request| request.line().contains("/ordr")).collect()
}

/// Why it was not sent; and nothing was, not even a request for a token.
async fn held_back(outcome: &Outcome<OrderRef>, server: &TestServer) -> String {
    let Outcome::NotSent(error) = outcome else { panic!("{outcome:?}") };
    assert!(server.received().await.is_empty());
    assert_clean(&support::texts(error));
    error.to_string()
}

fn client_at(server: &TestServer, wall: &str) -> Client {
    let time = ManualClock::at(wall.parse().unwrap());
    support::builder(server).clock(time.clock()).build().unwrap()
}

fn open_order() -> OrderRef {
    OrderRef::new(Desk::Stock, Date::constant(2026, 7, 6), "0000138").of(Side::Buy, "005930").at("NXT")
}

#[tokio::test]
async fn an_al_code_in_an_order() {
    let server = TestServer::start(Script::signed_in().json(ACCEPTED)).await;
    let orders = client(&server).orders();
    for code in ["005930_AL", "005930_NX"] {
        let outcome = orders.submit(Order::buy(code).limit(70_100).qty(10).venue(OrderVenue::Sor)).await;
        let text = held_back(&outcome, &server).await;
        assert!(text.contains("stk_cd") && text.contains(code) && text.contains("base()"), "{text}");
    }
    // what the message advises
    let quoted = StockCode::from("005930_AL");
    let outcome = orders.submit(Order::buy(quoted.base()).limit(70_100).qty(10)).await;
    assert!(matches!(outcome, Outcome::Accepted(_)), "{outcome:?}");
    assert!(arrived(&server).await[0].body.contains(r#""stk_cd":"005930""#));
}

#[tokio::test]
async fn an_intended_second_identical_order_swallowed() {
    let second = ACCEPTED.replace("0000138", "0000139");
    let server = TestServer::start(Script::signed_in().json(ACCEPTED).json(&second)).await;
    let orders = client(&server).orders();
    let mut numbers = Vec::new();
    for id in ["grid-1", "grid-2"] {
        match orders.submit(Order::buy("005930").limit(70_100).qty(10).id(id)).await {
            Outcome::Accepted(order) => numbers.push(order.number.to_string()),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(numbers, ["0000138", "0000139"]);
    let arrived = arrived(&server).await;
    assert_eq!(arrived.len(), 2);
    assert_eq!(arrived[0].body, arrived[1].body);
}

#[tokio::test]
async fn an_order_sent_again_after_a_timeout() {
    let hang = Step::WriteAndHang(Vec::new(), Duration::from_secs(30));
    let server = TestServer::start(Script::signed_in().step(hang).json(ACCEPTED)).await;
    let orders = client(&server).orders().timeout(Duration::from_millis(300));
    let outcome = orders.submit(Order::buy("005930").market().qty(10).id("mr-17")).await;
    let Outcome::Unknown(unknown) = outcome else { panic!("{outcome:?}") };
    // by this name it is settled later
    assert_eq!(unknown.order_id().map(|id| id.as_str()), Some("mr-17"));
    assert!(unknown.to_string().contains("mr-17"), "{unknown}");
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert_eq!(arrived(&server).await.len(), 1);
}

#[tokio::test]
async fn everything_else_has_a_name_too() {
    let server = TestServer::start(Script::signed_in().step(Step::Reset).step(Step::Reset)).await;
    let orders = client(&server).orders();
    let changed = orders.modify(&open_order(), Modification::price(70_200).id("mr-18")).await;
    let cancelled = orders.cancel(Cancel::of(&open_order()).id("mr-19")).await;
    for (outcome, id) in [(changed, "mr-18"), (cancelled, "mr-19")] {
        let Outcome::Unknown(unknown) = outcome else { panic!("{outcome:?}") };
        assert_eq!(unknown.order_id().map(|id| id.as_str()), Some(id));
    }
}

#[tokio::test]
async fn a_cancellation_of_whatever_has_no_number() {
    let server = TestServer::start(Script::signed_in()).await;
    let orders = client(&server).orders();
    for number in ["", "   ", "0000000", "A-17", "{..}"] {
        let open = open_order();
        let order = OrderRef::new(open.desk, open.date, number).of(open.side, open.symbol).at(open.venue);
        assert!(!order.is_numbered(), "{number}");
        let cancelled = orders.cancel(&order).await;
        let changed = orders.modify(&order, Modification::price(70_200)).await;
        for outcome in [cancelled, changed] {
            let Outcome::NotSent(error) = outcome else { panic!("{number}: {outcome:?}") };
            assert_eq!(error.parameter(), Some("orig_ord_no"));
        }
    }
    assert_eq!(arrived(&server).await.len(), 0);
}

#[tokio::test]
async fn a_cancellation_sent_to_another_venue() {
    let cancelled = r#"{"ord_no":"0000141","base_orig_ord_no":"0000138","cncl_qty":"000000000010","return_code":0}"#;
    let server = TestServer::start(Script::signed_in().json(ACCEPTED).json(cancelled)).await;
    let orders = client(&server).orders();
    let order = Order::buy("005930").limit(70_100).qty(10).venue(OrderVenue::Nxt);
    let Outcome::Accepted(order) = orders.submit(order).await else { panic!() };
    // another default in between changes nothing
    let Outcome::Accepted(cancellation) = orders.clone().default_venue(OrderVenue::Krx).cancel(&order).await else {
        panic!()
    };
    assert!(arrived(&server).await[1].body.starts_with(r#"{"dmst_stex_tp":"NXT","orig_ord_no":"0000138""#));
    assert_eq!((cancellation.number.as_str(), cancellation.venue.as_str()), ("0000141", "NXT"));
    assert_eq!(cancellation.original, Some("0000138".into()));
    assert_eq!((cancellation.side, cancellation.symbol.as_str()), (Side::Buy, "005930"));

    let nowhere = OrderRef::new(Desk::Stock, order.date, "0000138").of(Side::Buy, "005930");
    let Outcome::NotSent(error) = orders.cancel(&nowhere).await else { panic!() };
    assert_eq!(error.parameter(), Some("dmst_stex_tp"));
}

#[tokio::test]
async fn a_default_venue_that_the_kind_does_not_have() {
    let orders: [(Order, &str); 4] = [
        (Order::buy("005930").limit(70_100).qty(1).into(), "SOR"),
        (Order::buy("005930").after_hours().qty(1).into(), "KRX"),
        (Order::buy("005930").pre_market().qty(1).into(), "KRX"),
        (Order::buy("005930").after_hours_single_price(70_100).qty(1).into(), "KRX"),
    ];
    for (order, venue) in orders {
        let server = TestServer::start(Script::signed_in().json(ACCEPTED)).await;
        let outcome = client(&server).orders().submit(order).await;
        assert_eq!(outcome.accepted().map(|order| order.venue.as_str()), Some(venue));
    }
}

#[tokio::test]
async fn a_us_price_with_too_many_decimals() {
    let server = TestServer::start(Script::default()).await;
    let orders = client(&server).orders();
    let nvda = Us::new(UsExchange::Nasdaq, "NVDA");
    let outcome = orders.submit(Order::buy(&nvda).limit(Decimal::new(213_041, 3)).qty(10)).await;
    let text = held_back(&outcome, &server).await;
    assert!(text.contains("ord_uv") && text.contains("213.04 and 213.05"), "{text}");
    let order = OrderRef::new(Desk::Us, Date::constant(2026, 7, 6), "000000282").of(Side::Buy, "NVDA").at("ND");
    let outcome = orders.modify(&order, Modification::price(Decimal::new(213_041, 3))).await;
    assert!(held_back(&outcome, &server).await.contains("mdfy_uv"));
    // and a part of a US order cannot be changed or cancelled
    for outcome in
        [orders.modify(&order, Modification::price(213).qty(3)).await, orders.cancel(Cancel::of(&order).qty(3)).await]
    {
        assert!(held_back(&outcome, &server).await.contains("as a whole"));
    }
}

#[tokio::test]
async fn a_whole_price_written_with_decimals() {
    let server = TestServer::start(Script::signed_in().json(ACCEPTED).json(ACCEPTED)).await;
    let orders = client(&server).orders();
    let price = Decimal::new(7_010_000, 2);
    let _ = orders.submit(Order::buy("005930").limit(price).qty(10)).await;
    let _ = orders.modify(&open_order(), Modification::price(price)).await;
    let arrived = arrived(&server).await;
    assert!(arrived[0].body.contains(r#""ord_uv":"70100""#), "{}", arrived[0].body);
    assert!(arrived[1].body.contains(r#""mdfy_uv":"70100""#), "{}", arrived[1].body);
}

#[tokio::test]
async fn a_check_that_cannot_be_switched_off() {
    let odd = || Order::buy("005930").limit(70_101).qty(10);
    let server = TestServer::start(Script::signed_in().json(ACCEPTED).json(ACCEPTED).json(ACCEPTED)).await;
    let orders = client(&server).orders();
    assert!(held_back(&orders.submit(odd()).await, &server).await.contains("70100 and 70105"));
    let changed = orders.modify(&open_order(), Modification::price(70_101)).await;
    assert!(held_back(&changed, &server).await.contains("mdfy_uv"));
    for outcome in [
        orders.submit(odd().unchecked()).await,
        orders.clone().unchecked().submit(odd()).await,
        orders.modify(&open_order(), Modification::price(70_101).unchecked()).await,
    ] {
        assert!(matches!(outcome, Outcome::Accepted(_)), "{outcome:?}");
    }
    assert!(arrived(&server).await.iter().all(|order| order.body.contains("70101")));
}

#[tokio::test]
async fn the_day_of_an_order_read_from_the_wrong_clock() {
    let server = TestServer::start(Script::signed_in().json(ACCEPTED).json(ACCEPTED).sign_in().json(ACCEPTED)).await;
    // 23:40 in Korea: the US market has been open for ten minutes
    let client = client_at(&server, "2026-07-06T23:40:00+09:00");
    let nvda = Us::new(UsExchange::Nasdaq, "NVDA");
    let stock = client.orders().submit(Order::buy("005930").market().qty(1)).await;
    let us = client.orders().submit(Order::buy(&nvda).market().qty(1)).await;
    for outcome in [stock, us] {
        assert_eq!(outcome.accepted().unwrap().date, Date::constant(2026, 7, 6));
    }
    // the same US session, after midnight in Korea
    let client = client_at(&server, "2026-07-07T04:00:00+09:00");
    let us = client.orders().submit(Order::sell(&nvda).market().qty(1)).await;
    assert_eq!(us.accepted().unwrap().date, Date::constant(2026, 7, 6));
}
