//! Orders from end to end, with the typed client.

use std::time::Duration;

use kiwoom_api::codes::OrderVenue;
use kiwoom_api::id::ka10004;
use kiwoom_api::order::{Modification, Order, OrderRef, Orders};
use kiwoom_api::{Client, Outcome, Reject};
use kiwoom_sim::{Personality, Sim};
use serde_json::Value;

const SECOND: Duration = Duration::from_secs(1);

fn orders(client: &Client) -> Orders {
    client.orders().default_venue(OrderVenue::Krx)
}

#[track_caller]
fn taken(outcome: Outcome<OrderRef>) -> OrderRef {
    match outcome {
        Outcome::Accepted(order) => order,
        other => panic!("{other:?}"),
    }
}

/// A reply as JSON, so that requests need no more than their required fields.
async fn read(client: &Client, id: &str, path: &str, body: &str) -> Value {
    let reply = client.call_raw(id, path, body).read().await.unwrap();
    serde_json::from_str(reply.text()).unwrap()
}

async fn open(client: &Client) -> Vec<Value> {
    let body = r#"{"all_stk_tp":"0","trde_tp":"0","stex_tp":"0"}"#;
    read(client, "ka10075", "/api/dostk/acnt", body).await["oso"].as_array().unwrap().clone()
}

async fn filled(client: &Client) -> Vec<Value> {
    let body = r#"{"qry_tp":"0","sell_tp":"0","stex_tp":"0"}"#;
    read(client, "ka10076", "/api/dostk/acnt", body).await["cntr"].as_array().unwrap().clone()
}

/// Cash after all trades, and what may be ordered for.
async fn deposit(client: &Client) -> (i64, i64) {
    let reply = read(client, "kt00001", "/api/dostk/acnt", r#"{"qry_tp":"3"}"#).await;
    (whole(&reply["d2_entra"]), whole(&reply["ord_alow_amt"]))
}

async fn balance(client: &Client) -> Value {
    read(client, "kt00018", "/api/dostk/acnt", r#"{"qry_tp":"1","dmst_stex_tp":"KRX"}"#).await
}

fn whole(value: &Value) -> i64 {
    value.as_str().unwrap().parse().unwrap_or_else(|_| panic!("{value}"))
}

async fn best(client: &Client, code: &str) -> (i64, i64) {
    let book = client.call(&ka10004::Request::new(code)).await.unwrap();
    let amount = |price: Option<kiwoom_api::value::Price>| price.unwrap().won().unwrap();
    (amount(book.asks[0].price), amount(book.bids[0].price))
}

#[tokio::test]
async fn a_market_order_fills_and_the_account_agrees_to_the_won() {
    let sim = Sim::builder().cash(20_000_000).start().await.unwrap();
    let client = sim.client().unwrap();
    let (ask, _) = best(&client, "005930").await;
    let order = taken(orders(&client).submit(Order::buy("005930").market().qty(10)).await);
    sim.advance(3 * SECOND).await;
    let row = &filled(&client).await[0];
    assert_eq!((row["ord_no"].as_str(), row["cntr_qty"].as_str()), (Some(order.number.as_str()), Some("10")));
    assert_eq!((row["oso_qty"].as_str(), row["ord_stt"].as_str()), (Some("0"), Some("체결")));
    assert!(whole(&row["cntr_pric"]) >= ask);
    let account = balance(&client).await;
    let held = &account["acnt_evlt_remn_indv_tot"][0];
    assert_eq!(
        (held["stk_cd"].as_str(), whole(&held["rmnd_qty"]), whole(&held["trde_able_qty"])),
        (Some("A005930"), 10, 10)
    );
    let (cash, orderable) = deposit(&client).await;
    assert_eq!(cash, 20_000_000 - whole(&held["pur_amt"]) - whole(&held["pur_cmsn"]));
    assert_eq!(orderable, cash);
    assert_eq!(whole(&account["tot_pur_amt"]), whole(&held["pur_amt"]));
    let costs = ["pur_cmsn", "sell_cmsn", "tax"].map(|key| whole(&held[key])).iter().sum::<i64>();
    assert_eq!(whole(&held["evltv_prft"]), whole(&held["evlt_amt"]) - whole(&held["pur_amt"]) - costs);
    assert_eq!(whole(&held["evlt_amt"]), whole(&held["cur_prc"]) * 10);
    assert_eq!(whole(&account["prsm_dpst_aset_amt"]), cash + whole(&held["evlt_amt"]));
    assert_eq!(account["tot_pur_amt"].as_str().map(str::len), Some(15), "padded");

    let sale = taken(orders(&client).submit(Order::sell("005930").market().qty(10)).await);
    sim.advance(3 * SECOND).await;
    let rows = filled(&client).await;
    let sold = rows.iter().find(|row| row["ord_no"] == sale.number.as_str()).unwrap();
    let amount = whole(&sold["cntr_pric"]) * 10;
    let after = deposit(&client).await.0;
    // the average is rounded down to the won
    let paid = whole(&sold["tdy_trde_cmsn"]) + whole(&sold["tdy_trde_tax"]);
    assert!((0..10).contains(&(after - (cash + amount - paid))), "{after} {cash} {amount} {paid}");
    assert!(balance(&client).await["acnt_evlt_remn_indv_tot"].as_array().unwrap().is_empty());
    sim.audit().unwrap();
}

#[tokio::test]
async fn a_new_order_appears_late_is_modified_and_cancelled() {
    let sim = Sim::start().await.unwrap();
    let client = sim.client().unwrap();
    let orders = orders(&client);
    let (_, bid) = best(&client, "005930").await;
    let low = bid - 5_000 - bid % 100;
    let order = taken(orders.submit(Order::buy("005930").limit(low).qty(10)).await);
    assert!(open(&client).await.is_empty(), "the lists do not show it yet");
    sim.advance(2 * SECOND).await;
    let rows = open(&client).await;
    assert_eq!(
        (rows.len(), rows[0]["ord_no"].as_str(), rows[0]["oso_qty"].as_str()),
        (1, Some(order.number.as_str()), Some("10"))
    );
    let (cash, orderable) = deposit(&client).await;
    assert!(cash - orderable >= low * 10, "cash is kept for it");

    let changed = taken(orders.modify(&order, Modification::price(low - 100)).await);
    assert_ne!(changed.number, order.number);
    sim.advance(2 * SECOND).await;
    let rows = open(&client).await;
    assert_eq!((rows.len(), rows[0]["ord_no"].as_str()), (1, Some(changed.number.as_str())));
    assert_eq!(
        (whole(&rows[0]["ord_pric"]), rows[0]["orig_ord_no"].as_str()),
        (low - 100, Some(order.number.as_str()))
    );

    let gone = taken(orders.cancel(&changed).await);
    sim.advance(2 * SECOND).await;
    assert!(open(&client).await.is_empty() && filled(&client).await.is_empty());
    let body =
        r#"{"ord_dt":"","qry_tp":"1","stk_bond_tp":"0","sell_tp":"0","stk_cd":"","fr_ord_no":"","dmst_stex_tp":"%"}"#;
    let all = read(&client, "kt00007", "/api/dostk/acnt", body).await;
    let numbers: Vec<&str> =
        all["acnt_ord_cntr_prps_dtl"].as_array().unwrap().iter().map(|row| row["ord_no"].as_str().unwrap()).collect();
    assert_eq!(numbers, [order.number.as_str(), changed.number.as_str(), gone.number.as_str()]);
    assert_eq!(deposit(&client).await, (100_000_000, 100_000_000));
    match orders.cancel(&changed).await {
        Outcome::Rejected(rejection) => assert_eq!(rejection.reason(), Reject::UnknownOrder),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_limit_order_at_the_bid_fills_in_parts_when_its_turn_comes() {
    let mut partly = 0;
    for seed in 0..6 {
        let sim = Sim::builder().seed(seed).start().await.unwrap();
        let client = sim.client().unwrap();
        let (_, bid) = best(&client, "005930").await;
        let order = taken(orders(&client).submit(Order::buy("005930").limit(bid).qty(900)).await);
        let mut before = 0;
        for _ in 0..120 {
            sim.advance(20 * SECOND).await;
            let rows = filled(&client).await;
            let Some(row) = rows.iter().find(|row| row["ord_no"] == order.number.as_str()) else { continue };
            let now = whole(&row["cntr_qty"]);
            assert_eq!(now + whole(&row["oso_qty"]), 900);
            assert!(now >= before);
            partly += usize::from(now > before && now < 900);
            before = now;
            assert_eq!(whole(&row["cntr_pric"]), bid, "a resting order fills at its own price");
        }
        sim.audit().unwrap();
    }
    assert!(partly > 3, "{partly} partial fills");
}

#[tokio::test]
async fn the_broker_s_reasons_are_those_of_the_client() {
    let sim = Sim::builder().cash(1_000_000).start().await.unwrap();
    let client = sim.client().unwrap();
    let orders = orders(&client).unchecked();
    for (order, reason) in [
        (Order::buy("005930").limit(70_150).qty(1), Reject::TickSize),
        (Order::buy("005930").limit(500_000).qty(1), Reject::PriceLimit),
        (Order::buy("005930").market().qty(1_000), Reject::Funds),
        (Order::sell("005930").market().qty(1), Reject::Funds),
        (Order::buy("999999").market().qty(1), Reject::Other),
    ] {
        match orders.submit(order).await {
            Outcome::Rejected(rejection) if reason == Reject::Other => assert_eq!(rejection.code(), Some(1902)),
            Outcome::Rejected(rejection) => assert_eq!(rejection.reason(), reason, "{rejection:?}"),
            other => panic!("{reason:?}: {other:?}"),
        }
    }
    let mock = Sim::builder().personality(Personality::Mock).start().await.unwrap();
    let client = mock.client().unwrap();
    let nxt = client.orders().default_venue(OrderVenue::Sor).submit(Order::buy("005930").market().qty(1)).await;
    assert!(nxt.error().unwrap().is_not_offered_in_mock(), "{nxt:?}");
    mock.advance(Duration::from_secs(6 * 3600)).await;
    let closed = client.orders().default_venue(OrderVenue::Krx).submit(Order::buy("005930").market().qty(1)).await;
    assert!(closed.error().unwrap().is_market_closed(), "{closed:?}");
}

#[tokio::test]
async fn orders_of_the_opening_auction_fill_at_nine_and_the_day_ends_the_rest() {
    let sim = Sim::builder().at("2026-07-06T08:40:00".parse().unwrap()).start().await.unwrap();
    let client = sim.client().unwrap();
    let market = taken(orders(&client).submit(Order::buy("005930").market().qty(5)).await);
    let low = taken(orders(&client).submit(Order::buy("005930").limit(52_000).qty(5)).await);
    sim.advance(10 * 60 * SECOND).await;
    assert_eq!((open(&client).await.len(), filled(&client).await.len()), (2, 0));
    sim.advance(11 * 60 * SECOND).await;
    let rows = filled(&client).await;
    assert_eq!((rows.len(), rows[0]["ord_no"].as_str()), (1, Some(market.number.as_str())));
    assert_eq!(open(&client).await[0]["ord_no"].as_str(), Some(low.number.as_str()));
    sim.advance(7 * 3600 * SECOND).await;
    assert!(open(&client).await.is_empty());
    sim.advance(24 * 3600 * SECOND).await;
    let held = &balance(&client).await["acnt_evlt_remn_indv_tot"][0];
    assert_eq!((whole(&held["rmnd_qty"]), whole(&held["tdy_buyq"])), (5, 0));
    sim.audit().unwrap();
}

#[tokio::test]
async fn a_market_order_of_an_auction_keeps_its_cash() {
    let sim = Sim::builder().at("2026-07-06T08:40:00".parse().unwrap()).cash(1_300_000).start().await.unwrap();
    let client = sim.client().unwrap();
    let first = taken(orders(&client).submit(Order::buy("005930").market().qty(10)).await);
    let (cash, orderable) = deposit(&client).await;
    assert!(cash == 1_300_000 && orderable < 500_000, "{orderable}");
    match orders(&client).submit(Order::buy("005930").market().qty(10)).await {
        Outcome::Rejected(rejection) => assert_eq!(rejection.reason(), Reject::Funds),
        other => panic!("{other:?}"),
    }
    sim.advance(21 * 60 * SECOND).await;
    assert_eq!(filled(&client).await[0]["ord_no"].as_str(), Some(first.number.as_str()));
    let (cash, orderable) = deposit(&client).await;
    assert!(cash == orderable && cash > 0, "{cash} {orderable}");
    sim.audit().unwrap();
}
