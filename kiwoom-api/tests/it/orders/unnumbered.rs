//! Orders that the broker accepts without a number that can be found again: nobody may take them for numbered ones.
#![cfg(all(feature = "domestic-order", feature = "domestic-margin-order", feature = "us-order"))]

use kiwoom_api::codes::UsExchange;
use kiwoom_api::order::{Cancel, Desk, Modification, Order, OrderRef, Us};
use kiwoom_api::value::{Date, GoldCode, Side};
use kiwoom_api::{Language, Outcome};

use crate::support::{self, Script, TestServer};

const DAY: Date = Date::constant(2026, 7, 6);

/// What names no order.
const NOTHING: [&str; 18] = [
    "",
    r#""ord_no":null,"#,
    r#""ord_no":"","#,
    r#""ord_no":"   ","#,
    r#""ord_no":"\t\n","#,
    r#""ord_no":"0000000","#,
    r#""ord_no":"-138","#,
    r#""ord_no":"13 8","#,
    r#""ord_no":"A-17","#,
    r#""ord_no":"\uff11\uff13\uff18","#,
    r#""ord_no":0,"#,
    r#""ord_no":-138,"#,
    r#""ord_no":138.5,"#,
    r#""ord_no":1e3,"#,
    r#""ord_no":true,"#,
    r#""ord_no":["0000138"],"#,
    r#""ord_no":[],"#,
    r#""ord_no":{"ord_no":"0000138"},"#,
];

/// A new order, a change and a cancellation of each desk.
const ACTS: usize = 12;

fn orders_of_each_desk() -> [(Order, OrderRef); 4] {
    let listed = |desk, number: &str, symbol: &str| OrderRef::new(desk, DAY, number).of(Side::Buy, symbol);
    let (bar, nvda) = (GoldCode::from("M04020000"), Us::new(UsExchange::Nasdaq, "NVDA"));
    [
        (Order::buy("005930").limit(70_100).qty(10).into(), listed(Desk::Stock, "0000139", "005930").at("SOR")),
        (
            Order::buy("005930").on_margin().limit(70_100).qty(10).into(),
            listed(Desk::Margin, "0000140", "005930").at("SOR"),
        ),
        (Order::buy(&bar).limit(150_000).qty(1).into(), listed(Desk::Gold, "00024", "M04020000")),
        (Order::buy(nvda).limit(210).qty(10).into(), listed(Desk::Us, "000000050", "NVDA").at("ND")),
    ]
}

/// The outcomes of all acts, each answered like this.
async fn answered(number: &str) -> Vec<Outcome<OrderRef>> {
    let reply = format!(r#"{{{number}"return_code":0,"return_msg":"ok"}}"#);
    let script = (0..ACTS).fold(Script::default().sign_in(), |script, _| script.json(&reply));
    let server = TestServer::start(script).await;
    let client = support::builder(&server).limits(kiwoom_api::Limits::unlimited()).build().unwrap();
    let orders = client.orders();
    let mut outcomes = Vec::new();
    for (order, listed) in orders_of_each_desk() {
        outcomes.push(orders.submit(order.id("a")).await);
        outcomes.push(
            orders
                .modify(&listed, Modification::price(if listed.desk == Desk::Us { 211 } else { 150_100 }).id("a"))
                .await,
        );
        outcomes.push(orders.cancel(Cancel::of(&listed).id("a")).await);
    }
    assert_eq!(outcomes.len(), ACTS);
    outcomes
}

#[tokio::test]
async fn an_order_accepted_without_a_number_is_unknown() {
    for number in NOTHING {
        for outcome in answered(number).await {
            let Outcome::Unknown(unknown) = outcome else { panic!("{number}: {outcome:?}") };
            assert_eq!(unknown.order_id().map(|id| id.as_str()), Some("a"));
            let error = unknown.as_error();
            assert!(error.may_have_been_sent() && !error.is_transient(), "{error}");
            assert_eq!(error.http_status(), Some(200));
            assert!(error.api_id().is_some_and(|api| api.starts_with("kt") || api.starts_with("ust")), "{error:?}");
            assert!(error.to_string().contains("accepted, but the reply holds no order number"), "{error}");
            assert!(error.display(Language::Korean).to_string().contains("접수되었지만"), "{error}");
        }
    }
}

#[tokio::test]
async fn a_number_is_kept_as_it_is_written() {
    for (number, kept) in [
        (r#""ord_no":"00024","#, "00024"),
        (r#""ord_no":"0000138","#, "0000138"),
        (r#""ord_no":"000000282","#, "000000282"),
        (r#""ord_no":138,"#, "138"),
        (r#""ord_no":12345678901234567890123456789,"#, "12345678901234567890123456789"),
    ] {
        for outcome in answered(number).await {
            let Outcome::Accepted(order) = outcome else { panic!("{number}: {outcome:?}") };
            assert_eq!(order.number.as_str(), kept);
            assert!(order.is_numbered());
        }
    }
}
