//! No trade leaves for real money unless the client is armed, and nothing new leaves once the kill switch is engaged.
#![cfg(feature = "domestic-order")]

use std::time::Duration;

use crate::support::{self, Bars, Script, Step, TestServer, assert_clean, client};
use kiwoom_api::codes::{OrderType, OrderVenue};
use kiwoom_api::domestic::order::BuyOrder;
use kiwoom_api::order::{Desk, Order, OrderRef};
use kiwoom_api::value::{Date, Side};
use kiwoom_api::{Client, Credentials, Error, Limits, ManualClock, Outcome, Server};
use tokio::task::JoinSet;

const ACCEPTED: &str = r#"{"ord_no":"0000138","return_code":0,"return_msg":"ok"}"#;
const RAW: &str = r#"{"stk_cd":"005930"}"#;

fn request() -> BuyOrder {
    BuyOrder::new("005930", 1, OrderType::Market, OrderVenue::Krx)
}

fn open_order() -> OrderRef {
    OrderRef::new(Desk::Stock, Date::constant(2026, 7, 6), "0000138").of(Side::Buy, "005930").at("KRX")
}

/// What each way to trade says: built, generated, raw, of an API that nobody knows.
async fn every_way(client: &Client) -> [Option<Error>; 4] {
    fn held<T>(outcome: Outcome<T>) -> Option<Error> {
        match outcome {
            Outcome::NotSent(error) => Some(error),
            _ => None,
        }
    }
    [
        held(client.orders().submit(Order::buy("005930").market().qty(1)).await),
        held(client.domestic_order().buy_order(&request()).await),
        held(client.call_raw("kt10000", "/api/dostk/ordr", RAW).await),
        held(client.call_raw("kt99999", "/api/dostk/ordr", RAW).await),
    ]
}

#[tokio::test]
async fn real_money_needs_a_word() {
    // not of this machine, so it may stand before the real server; nobody is there
    let server = Server::custom("https://192.0.2.1");
    let client = Client::builder(server, Credentials::new(support::APP_KEY, support::SECRET_KEY)).build().unwrap();
    for error in every_way(&client).await {
        let error = error.expect("nothing is sent");
        assert!(error.is_held() && error.to_string().contains("RealMoney::IUnderstand"), "{error}");
        assert_clean(&support::texts(&error));
    }
}

#[tokio::test]
async fn a_switched_off_client_trades_in_no_way() {
    let page = Script::signed_in().page(&["1"], None).json(ACCEPTED).json(ACCEPTED);
    let server = TestServer::start(page).await;
    let client = client(&server);
    let switch = client.kill_switch();
    switch.engage("daily loss limit");
    for error in every_way(&client.clone()).await {
        let error = error.expect("nothing is sent");
        assert!(error.is_held() && error.to_string().contains("daily loss limit"), "{error}");
    }
    assert!(server.received().await.is_empty(), "not even a token was asked for");

    // reading goes on, and what is open can be cancelled
    client.call(&Bars::new("005930")).await.unwrap();
    let orders = client.orders();
    assert!(matches!(orders.cancel(&open_order()).await, Outcome::Accepted(_)));
    switch.engage_for_all("the strategy runs wild");
    let Outcome::NotSent(error) = orders.cancel(&open_order()).await else { panic!() };
    assert!(error.is_held(), "{error}");

    switch.release();
    assert!(matches!(orders.submit(Order::buy("005930").market().qty(1)).await, Outcome::Accepted(_)));
    let trades = server.received().await.iter().filter(|request| request.line().contains("/ordr")).count();
    assert_eq!(trades, 2);
}

#[tokio::test]
async fn an_order_that_waits_does_not_leave_any_more() {
    let token = support::reply(
        "200 OK",
        &[],
        &format!(
            r#"{{"expires_dt":"20991107083713","token_type":"bearer","token":"{}","return_code":0,"return_msg":"ok"}}"#,
            support::TOKEN
        ),
    );
    let slow = Step::WriteInTwo(Vec::new(), Duration::from_millis(400), token);
    let server = TestServer::start(Script::default().step(slow).json(ACCEPTED)).await;
    let client = client(&server);
    let orders = client.orders();
    let waiting = tokio::spawn(async move { orders.submit(Order::buy("005930").market().qty(1)).await });
    tokio::time::sleep(Duration::from_millis(150)).await;
    client.kill_switch().engage("while it waited for its token");
    let Outcome::NotSent(error) = waiting.await.unwrap() else { panic!() };
    assert!(error.is_held() && error.to_string().contains("while it waited"), "{error}");
    assert_eq!(server.received().await.len(), 1, "the token only");
}

#[tokio::test]
async fn orders_in_the_queue_of_the_limiter_do_not_leave_any_more() {
    const ORDERS: usize = 20;
    let script = (0..ORDERS).fold(Script::signed_in(), |script, _| script.json(ACCEPTED));
    let server = TestServer::start(script).await;
    let time = ManualClock::at("2026-07-06T10:00:00+09:00".parse().unwrap());
    let client = support::builder(&server).limits(Limits::official()).clock(time.clock()).build().unwrap();
    let mut waiting = JoinSet::new();
    for _ in 0..ORDERS {
        let orders = client.orders();
        waiting.spawn(async move { orders.submit(Order::buy("005930").market().qty(1)).await });
    }
    // the clock stands still: those of the first moment leave, the others wait for their turn
    tokio::time::sleep(Duration::from_millis(300)).await;
    client.kill_switch().engage("a second thought");
    let (mut accepted, mut held) = (0, 0);
    while accepted + held < ORDERS {
        time.advance(Duration::from_secs(1));
        match tokio::time::timeout(Duration::from_millis(50), waiting.join_next()).await {
            Ok(Some(Ok(Outcome::Accepted(_)))) => accepted += 1,
            Ok(Some(Ok(Outcome::NotSent(error)))) => held += usize::from(error.is_held()),
            Ok(other) => panic!("{other:?}"),
            Err(_) => {}
        }
    }
    assert!(accepted > 0 && held > 0, "{accepted} left, {held} were held");
    let trades = server.received().await.iter().filter(|request| request.line().contains("/ordr")).count();
    assert_eq!(trades, accepted);
}
