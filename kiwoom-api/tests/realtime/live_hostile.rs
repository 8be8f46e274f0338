//! Moments in which live orders and balances know less than the broker: none of them passes in silence.

use std::future::IntoFuture;
use std::time::Duration;

use kiwoom_api::Outcome;
use kiwoom_api::codes::OrderVenue;
use kiwoom_api::order::{LiveEvent, Order};
use tokio::time::timeout;

use crate::live::exchange::Exchange;
use crate::server::{SOON, Socket, Talk};
use crate::support::Script;

const DELAY: Duration = Duration::from_millis(20);

/// An order that another handle placed while the line was down is cancelled all the same.
#[tokio::test]
async fn the_rest_of_an_order_that_nothing_announced_yet_is_cancelled() {
    let exchange = Exchange::open().await;
    let client = exchange.client().unwrap();
    let orders = client.orders().default_venue(OrderVenue::Krx);
    let live = timeout(SOON, orders.live().delay(DELAY).into_future()).await.unwrap().unwrap();
    let mut events = live.events();
    exchange.disconnect();
    while !matches!(timeout(SOON, events.next()).await.unwrap(), Some(LiveEvent::Disconnected { .. })) {}
    let Outcome::Accepted(order) = orders.submit(Order::buy("005930").limit(70_100).qty(10)).await else { panic!() };
    assert!(live.get(&order).is_none());
    let cancelled = live.cancel_rest(&order).await;
    assert_eq!(cancelled.len(), 1, "{cancelled:?}");
    assert!(matches!(cancelled[0].outcome, Outcome::Accepted(_)), "{cancelled:?}");
    assert_eq!(exchange.orders()[0].left, 0);
}

/// What is in no list is cancelled as it was given, and the broker says what it thinks of that.
#[tokio::test]
async fn the_rest_of_an_order_that_no_list_knows_is_asked_of_the_broker() {
    let exchange = Exchange::open().await;
    let client = exchange.client().unwrap();
    let orders = client.orders().default_venue(OrderVenue::Krx);
    let live = timeout(SOON, orders.live().delay(DELAY).into_future()).await.unwrap().unwrap();
    let Outcome::Accepted(mut order) = live.submit(Order::buy("005930").limit(70_100).qty(10)).await else { panic!() };
    order.number = "0009999".parse().expect("a number");
    let cancelled = live.cancel_rest(&order).await;
    assert_eq!(cancelled.len(), 1, "{cancelled:?}");
    assert!(matches!(cancelled[0].outcome, Outcome::Rejected(_)), "{cancelled:?}");
}

/// A broker that refuses every registration so.
async fn refusing(code: i64) -> Socket {
    let list = r#"{"return_code":0,"return_msg":"","acnt_evlt_remn_indv_tot":[],"acnt_ord_cntr_prps_dtl":[],"oso":[]}"#;
    let calls = (0..9).fold(Script::signed_in(), |script, _| script.json(list));
    Socket::beside(calls, move |stream, _| async move {
        let mut talk = Talk::welcome(stream).await;
        while talk.hear_within(SOON).await.is_some() {
            talk.answer("REG", code, "no").await;
        }
    })
    .await
}

#[tokio::test]
async fn balances_without_pushes_do_not_open() {
    for code in [105_101, 105_115] {
        let socket = refusing(code).await;
        let balances = timeout(SOON, socket.client().balances()).await.expect("it says so in time");
        let error = balances.expect_err("pushes are refused").to_string();
        assert!(error.contains("04"), "{error}");
    }
}

#[tokio::test]
async fn live_orders_without_pushes_do_not_open() {
    for code in [105_101, 105_115] {
        let socket = refusing(code).await;
        let orders = socket.client().orders().default_venue(OrderVenue::Krx);
        let live = timeout(SOON, orders.live().delay(DELAY).into_future()).await.expect("it says so in time");
        let error = live.expect_err("pushes are refused").to_string();
        assert!(error.contains("refused"), "{error}");
    }
}
