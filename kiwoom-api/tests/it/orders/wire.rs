//! What is sent for each kind of order, side and action, byte for byte, and that no documented kind is missing.
#![cfg(all(feature = "domestic-order", feature = "domestic-margin-order", feature = "us-order"))]

use std::collections::BTreeSet;

use crate::support::{self, Received, Script, TestServer};
use kiwoom_api::Outcome;
use kiwoom_api::codes::{OrderVenue, UsExchange};
use kiwoom_api::endpoint::Endpoint;
use kiwoom_api::id;
use kiwoom_api::order::{Cancel, Desk, Domestic, Draft, Gold, Modification, Order, OrderRef, Priced, Repay};
use kiwoom_api::order::{Sell, Us, UsStock};
use kiwoom_api::record::{Empty, Record, Slot};
use kiwoom_api::value::{Date, Decimal, GoldCode, Side};

const DAY: Date = Date::constant(2026, 7, 6);

fn usd(text: &str) -> Decimal {
    text.parse().unwrap()
}

/// What is done with the handle.
enum Act {
    Submit(Order),
    Modify(OrderRef, Modification),
    Cancel(Cancel),
}

fn submit(order: impl Into<Order>) -> Act {
    Act::Submit(order.into())
}

/// The requests that these acts made, one each.
async fn sent(acts: Vec<Act>) -> Vec<(String, String)> {
    let (count, mut script) = (acts.len(), Script::default());
    for _ in &acts {
        script = script.sign_in().json(r#"{"ord_no":"0000138","return_code":0,"return_msg":"ok"}"#);
    }
    let server = TestServer::start(script).await;
    for act in acts {
        // a client of its own, so that no request waits for the limit of another
        let orders = support::client(&server).orders();
        let outcome = match act {
            Act::Submit(order) => orders.submit(order).await,
            Act::Modify(order, to) => orders.modify(&order, to).await,
            Act::Cancel(cancel) => orders.cancel(cancel).await,
        };
        assert!(matches!(outcome, Outcome::Accepted(_)), "{outcome:?}");
    }
    let trade = |request: &Received| request.header("api-id").map(|api| (api.to_owned(), request.body.clone()));
    let sent: Vec<_> = server.received().await.iter().filter_map(trade).filter(|(api, _)| api != "au10001").collect();
    assert_eq!(sent.len(), count);
    sent
}

/// An order, its code, price and trigger on the wire.
type Case = (Order, &'static str, &'static str, &'static str);

/// Every kind of the two domestic desks.
fn domestic<D: Domestic, S>(draft: impl Fn() -> Draft<D, S>) -> Vec<Case> {
    let ready =
        |priced: Priced<D>, code, price, stop| (priced.qty(10).venue(OrderVenue::Nxt).into(), code, price, stop);
    vec![
        ready(draft().limit(70_100), "0", "70100", ""),
        ready(draft().market(), "3", "", ""),
        ready(draft().conditional_limit(70_100), "5", "70100", ""),
        ready(draft().best_opposite(), "6", "", ""),
        ready(draft().best_own_side(), "7", "", ""),
        ready(draft().limit_ioc(70_100), "10", "70100", ""),
        ready(draft().market_ioc(), "13", "", ""),
        ready(draft().best_opposite_ioc(), "16", "", ""),
        ready(draft().limit_fok(70_100), "20", "70100", ""),
        ready(draft().market_fok(), "23", "", ""),
        ready(draft().best_opposite_fok(), "26", "", ""),
        ready(draft().stop_limit(70_000, 70_100), "28", "70100", "70000"),
        ready(draft().midpoint(), "29", "", ""),
        ready(draft().midpoint_ioc(), "30", "", ""),
        ready(draft().midpoint_fok(), "31", "", ""),
        ready(draft().pre_market(), "61", "", ""),
        ready(draft().after_hours_single_price(70_100), "62", "70100", ""),
        ready(draft().after_hours(), "81", "", ""),
    ]
}

fn gold<S>(draft: impl Fn() -> Draft<Gold, S>) -> Vec<Case> {
    vec![
        (draft().limit(160_010).qty(10).into(), "00", "160010", ""),
        (draft().limit_ioc(160_010).qty(10).into(), "10", "160010", ""),
        (draft().limit_fok(160_010).qty(10).into(), "20", "160010", ""),
    ]
}

fn us<S>(draft: impl Fn() -> Draft<UsStock, S>) -> Vec<Case> {
    let price = || usd("213.04");
    vec![
        (draft().limit(price()).qty(10).into(), "00", "213.04", ""),
        (draft().market().qty(10).into(), "03", "", ""),
        (draft().vwap_limit(price()).qty(10).into(), "26", "213.04", ""),
        (draft().twap_limit(price()).qty(10).into(), "27", "213.04", ""),
        (draft().limit_on_close(price()).qty(10).into(), "30", "213.04", ""),
        (draft().vwap_market().qty(10).into(), "36", "", ""),
        (draft().twap_market().qty(10).into(), "37", "", ""),
    ]
}

/// What the broker offers for US sales only.
fn us_sales(draft: impl Fn() -> Draft<UsStock, Sell>) -> Vec<Case> {
    let price = || usd("213.04");
    vec![
        (draft().market_on_close().qty(10).into(), "33", "", ""),
        (draft().stop_limit(214, price()).qty(10).into(), "34", "213.04", "214"),
        (draft().stop_market(214).qty(10).into(), "35", "", "214"),
    ]
}

/// The codes that the field `trde_tp` of a request offers.
fn offered(request: &mut dyn Record) -> BTreeSet<&'static str> {
    let at = request.keys().iter().position(|key| *key == "\"trde_tp\":").unwrap();
    let Slot::Code(_, table) = request.slot(at) else { panic!("trde_tp is no code") };
    table.iter().map(|(code, _)| *code).collect()
}

/// Sends all cases, compares each body with what `body` makes of code, price and trigger, and the codes with those that the
/// document lists for the request.
async fn every_kind<R>(cases: Vec<Case>, body: impl Fn(&str, &str, &str) -> String)
where
    R: Endpoint + Empty,
{
    let codes: BTreeSet<&str> = cases.iter().map(|(_, code, ..)| *code).collect();
    assert_eq!(codes, offered(&mut R::empty()), "{}: kinds of the builder and of the document", R::META.id);
    let wanted: Vec<_> =
        cases.iter().map(|(_, code, price, stop)| (R::META.id.to_owned(), body(code, price, stop))).collect();
    assert_eq!(sent(cases.into_iter().map(|(order, ..)| submit(order)).collect()).await, wanted);
}

#[tokio::test]
async fn every_kind_of_stock_order() {
    let body = |code: &str, price: &str, stop: &str| {
        let price = format!(r#""ord_qty":"10","ord_uv":"{price}","trde_tp":"{code}","cond_uv":"{stop}""#);
        format!(r#"{{"dmst_stex_tp":"NXT","stk_cd":"005930",{price}}}"#)
    };
    every_kind::<id::kt10000::Request>(domestic(|| Order::buy("005930")), body).await;
    every_kind::<id::kt10001::Request>(domestic(|| Order::sell("A005930")), body).await;
    every_kind::<id::kt10006::Request>(domestic(|| Order::buy("005930").on_margin()), body).await;
}

#[tokio::test]
async fn every_kind_of_margin_sale() {
    for (repay, deal, loan) in [(Repay::AllLoans, "99", ""), (Repay::LoanOf(DAY), "33", "20260706")] {
        let body = |code: &str, price: &str, stop: &str| {
            let price = format!(r#""ord_qty":"10","ord_uv":"{price}","trde_tp":"{code}""#);
            let loan = format!(r#""crd_deal_tp":"{deal}","crd_loan_dt":"{loan}","cond_uv":"{stop}""#);
            format!(r#"{{"dmst_stex_tp":"NXT","stk_cd":"005930",{price},{loan}}}"#)
        };
        every_kind::<id::kt10007::Request>(domestic(|| Order::sell("005930").repaying(repay)), body).await;
    }
}

#[tokio::test]
async fn every_kind_of_gold_order() {
    let body = |code: &str, price: &str, _: &str| {
        format!(r#"{{"stk_cd":"M04020000","ord_qty":"10","ord_uv":"{price}","trde_tp":"{code}"}}"#)
    };
    let bar = GoldCode::from("M04020000");
    every_kind::<id::kt50000::Request>(gold(|| Order::buy(&bar)), body).await;
    every_kind::<id::kt50001::Request>(gold(|| Order::sell(&bar)), body).await;
}

#[tokio::test]
async fn every_kind_of_us_order() {
    let nvda = Us::new(UsExchange::Nasdaq, "NVDA");
    let buy = |code: &str, price: &str, _: &str| {
        format!(r#"{{"stex_tp":"ND","stk_cd":"NVDA","ord_qty":"10","ord_uv":"{price}","trde_tp":"{code}"}}"#)
    };
    every_kind::<id::ust20000::Request>(us(|| Order::buy(&nvda)), buy).await;

    let sell = |code: &str, price: &str, stop: &str| {
        let price = format!(r#""ord_qty":"10","ord_uv":"{price}","stop_pric":"{stop}","trde_tp":"{code}""#);
        format!(r#"{{"stk_cd":"NVDA","stex_tp":"ND",{price}}}"#)
    };
    let mut sales = us(|| Order::sell(&nvda));
    sales.extend(us_sales(|| Order::sell(&nvda)));
    every_kind::<id::ust20001::Request>(sales, sell).await;
}

#[tokio::test]
async fn every_exchange_and_venue() {
    let exchanges = [(UsExchange::Nyse, "NY"), (UsExchange::Nasdaq, "ND"), (UsExchange::Amex, "NA")];
    let us = exchanges.map(|(exchange, code)| (submit(Order::buy(Us::new(exchange, "X")).market().qty(1)), code));
    let venues = [(OrderVenue::Krx, "KRX"), (OrderVenue::Nxt, "NXT"), (OrderVenue::Sor, "SOR")];
    let domestic = venues.map(|(venue, code)| (submit(Order::buy("005930").market().qty(1).venue(venue)), code));
    let (acts, codes): (Vec<Act>, Vec<_>) = us.into_iter().chain(domestic).unzip();
    for ((_, body), code) in sent(acts).await.iter().zip(codes) {
        assert!(body.contains(&format!(r#"stex_tp":"{code}""#)), "{body}");
    }
}

#[tokio::test]
async fn changes_and_cancellations() {
    let stock = OrderRef::new(Desk::Stock, DAY, "0000139").of(Side::Buy, "005930").at("SOR");
    let margin = OrderRef::new(Desk::Margin, DAY, "0000139").of(Side::Buy, "005930").at("SOR");
    let gold = OrderRef::new(Desk::Gold, DAY, "0000012").of(Side::Sell, "M04020000");
    let us = OrderRef::new(Desk::Us, DAY, "000000050").of(Side::Sell, "NVDA").at("ND");
    let cases = [
        (
            Act::Modify(stock.clone(), Modification::price(70_200)),
            "kt10002",
            r#"{"dmst_stex_tp":"SOR","orig_ord_no":"0000139","stk_cd":"005930","mdfy_qty":"0","mdfy_uv":"70200","mdfy_cond_uv":""}"#,
        ),
        (
            Act::Modify(margin.clone(), Modification::price(70_200).with_stop(70_000).qty(3)),
            "kt10008",
            r#"{"dmst_stex_tp":"SOR","orig_ord_no":"0000139","stk_cd":"005930","mdfy_qty":"3","mdfy_uv":"70200","mdfy_cond_uv":"70000"}"#,
        ),
        (
            Act::Modify(gold.clone(), Modification::price(150_000).qty(1)),
            "kt50002",
            r#"{"stk_cd":"M04020000","orig_ord_no":"0000012","mdfy_qty":"1","mdfy_uv":"150000"}"#,
        ),
        (
            Act::Modify(us.clone(), Modification::price(210)),
            "ust20002",
            r#"{"orig_ord_no":"000000050","stex_tp":"ND","stk_cd":"NVDA","mdfy_uv":"210","stop_pric":""}"#,
        ),
        (
            Act::Modify(us.clone(), Modification::stop(usd("209.5"))),
            "ust20002",
            r#"{"orig_ord_no":"000000050","stex_tp":"ND","stk_cd":"NVDA","stop_pric":"209.5"}"#,
        ),
        (
            Act::Cancel(Cancel::of(&stock)),
            "kt10003",
            r#"{"dmst_stex_tp":"SOR","orig_ord_no":"0000139","stk_cd":"005930","cncl_qty":"0"}"#,
        ),
        (
            Act::Cancel(Cancel::of(&margin).qty(1)),
            "kt10009",
            r#"{"dmst_stex_tp":"SOR","orig_ord_no":"0000139","stk_cd":"005930","cncl_qty":"1"}"#,
        ),
        (Act::Cancel(Cancel::of(&gold)), "kt50003", r#"{"orig_ord_no":"0000012","stk_cd":"M04020000","cncl_qty":"0"}"#),
        (Act::Cancel(Cancel::of(&us)), "ust20003", r#"{"orig_ord_no":"000000050","stex_tp":"ND","stk_cd":"NVDA"}"#),
    ];
    let (acts, wanted): (Vec<Act>, Vec<_>) =
        cases.into_iter().map(|(act, api, body)| (act, (api.to_owned(), body.to_owned()))).unzip();
    assert_eq!(sent(acts).await, wanted);
}
