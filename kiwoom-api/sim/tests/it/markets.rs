//! Gold, margin and US orders from end to end: lists, balances, profits and pushes agree to the won and to the cent.

use std::time::Duration;

use kiwoom_api::codes::{OrderVenue, UsExchange};
use kiwoom_api::jiff::civil::DateTime;
use kiwoom_api::order::{Modification, Order, OrderRef, Us};
use kiwoom_api::registry::find;
use kiwoom_api::value::Decimal;
use kiwoom_api::{Client, Outcome, Reject};
use kiwoom_sim::{Fees, Sim};
use serde_json::Value;

const SECOND: Duration = Duration::from_secs(1);

#[track_caller]
fn taken<T: std::fmt::Debug>(outcome: Outcome<T>) -> T {
    match outcome {
        Outcome::Accepted(order) => order,
        other => panic!("{other:?}"),
    }
}

async fn read(client: &Client, id: &str, body: &str) -> Value {
    let reply = client.call_raw(id, find(id).unwrap().meta.path, body).read().await.unwrap();
    serde_json::from_str(reply.text()).unwrap()
}

/// Places an order; its number.
async fn send(client: &Client, id: &str, body: &str) -> Result<String, (i64, String)> {
    match client.call_raw(id, find(id).unwrap().meta.path, body).await {
        Outcome::Accepted(reply) => {
            let json: Value = serde_json::from_str(reply.text()).unwrap();
            Ok(json["ord_no"].as_str().unwrap().to_owned())
        }
        Outcome::Rejected(rejection) => Err((rejection.rc().unwrap_or(0), rejection.to_string())),
        other => panic!("{id} {body}: {other:?}"),
    }
}

#[track_caller]
fn number(value: &Value) -> Decimal {
    value.as_str().unwrap().trim().parse().unwrap_or_else(|_| panic!("{value}"))
}

fn rows<'a>(reply: &'a Value, key: &str) -> &'a Vec<Value> {
    reply[key].as_array().unwrap_or_else(|| panic!("{key}: {reply}"))
}

fn night() -> DateTime {
    "2026-07-06T23:00:00".parse().unwrap()
}

#[tokio::test]
async fn a_us_position_is_told_to_the_cent_in_every_list() {
    let sim = Sim::builder().at(night()).dollars(50_000).start().await.unwrap();
    let client = sim.client().unwrap();
    let nvda = || Us::new(UsExchange::Nasdaq, "NVDA");
    let orders = client.orders();
    let bought = taken(orders.submit(Order::buy(nvda()).market().qty(30)).await);
    assert_eq!(bought.number.as_str().len(), 9, "{bought:?}");
    sim.advance(3 * SECOND).await;
    let sold = taken(orders.submit(Order::sell(nvda()).market().qty(10)).await);
    sim.advance(3 * SECOND).await;

    let today = read(&client, "ust21510", "{}").await;
    let list = ["result_list", "result_lsit"].into_iter().find(|key| today[*key].is_array()).unwrap();
    let of = |order: &OrderRef| {
        let row = rows(&today, list).iter().find(|row| row["ord_no"] == order.number.as_str());
        row.unwrap_or_else(|| panic!("{order:?}: {today}")).clone()
    };
    let (buy, sell) = (of(&bought), of(&sold));
    assert_eq!((number(&buy["cntr_qty"]), number(&buy["ord_remnq"])), (30.into(), 0.into()));
    let balance = read(&client, "ust21070", "{}").await;
    let held = &rows(&balance, "result_list")[0];
    assert_eq!(number(&held["poss_qty"]), 20.into());
    let deposit = read(&client, "ust21110", "{}").await;
    let cash = number(&rows(&deposit, "result_list")[0]["fc_entra"]);
    let gained = read(&client, "ust21530", "{}").await;
    let profit = number(&gained["tot_pl_amt"]);
    assert_eq!(profit, number(&read(&client, "ust21630", r#"{"fc_krw_tp":"0"}"#).await["tot_tdy_pl_amt"]));
    assert_eq!(profit, number(&balance["tdy_pl_amt"]));
    let daily = r#"{"strt_dt":"20260706","end_dt":"20260706"}"#;
    assert_eq!(profit, number(&read(&client, "ust21660", daily).await["tot_pl_amt"]));
    // what is left of the money, what the rest cost, and what the sale gained
    let commission = Decimal::new(Fees::REAL.commission, 6) * number(&held["frgn_stk_book_amt"]);
    let whole = cash + number(&held["frgn_stk_book_amt"]) - profit;
    let missing = Decimal::from(50_000) - whole;
    assert!((missing - commission).abs() <= Decimal::new(2, 2), "{missing} {commission}: {buy} {sell}");
    assert_eq!(number(&held["evlt_amt"]), number(&held["now_pric"]) * Decimal::from(20));
    sim.audit().unwrap();
}

#[tokio::test]
async fn a_us_order_is_changed_and_cancelled_as_a_whole() {
    let sim = Sim::builder().at(night()).start().await.unwrap();
    let client = sim.client().unwrap();
    let orders = client.orders();
    let order = Order::buy(Us::new(UsExchange::Nyse, "KO")).limit(Decimal::new(60_01, 2)).qty(7);
    let first = taken(orders.submit(order).await);
    sim.advance(2 * SECOND).await;
    let open = read(&client, "ust21050", r#"{"stex_tp":"NY"}"#).await;
    assert_eq!(rows(&open, "result_list")[0]["ord_no"], first.number.as_str());
    assert!(rows(&read(&client, "ust21050", r#"{"stex_tp":"ND"}"#).await, "result_list").is_empty());
    let second = taken(orders.modify(&first, Modification::price(Decimal::new(60_02, 2))).await);
    sim.advance(2 * SECOND).await;
    let open = read(&client, "ust21050", "{}").await;
    let [row] = &rows(&open, "result_list")[..] else { panic!("{open}") };
    assert_eq!(
        (row["ord_no"].as_str(), row["orig_ord_no"].as_str()),
        (Some(second.number.as_str()), Some(first.number.as_str()))
    );
    assert_eq!((number(&row["ord_uv"]), number(&row["ord_remnq"])), (Decimal::new(60_02, 2), 7.into()));
    taken(orders.cancel(&second).await);
    sim.advance(2 * SECOND).await;
    assert!(rows(&read(&client, "ust21050", "{}").await, "result_list").is_empty());
    let cash = read(&client, "ust21110", "{}").await;
    assert_eq!(number(&rows(&cash, "result_list")[0]["fc_ord_alowa"]), 100_000.into());
}

#[tokio::test]
async fn the_us_trade_at_night_and_orders_of_the_day_wait_for_it() {
    let sim = Sim::start().await.unwrap();
    let client = sim.client().unwrap();
    let market = r#"{"stex_tp":"ND","stk_cd":"NVDA","ord_qty":"3","ord_uv":"","trde_tp":"03"}"#;
    let order = send(&client, "ust20000", market).await.unwrap();
    sim.advance(12 * 3600 * SECOND).await;
    let open = read(&client, "ust21050", "{}").await;
    assert_eq!(rows(&open, "result_list")[0]["ord_no"], order.as_str(), "22:00: New York sleeps");
    sim.advance(3600 * SECOND).await;
    assert!(rows(&read(&client, "ust21050", "{}").await, "result_list").is_empty());
    let body = r#"{"stex_tp":"ND","stk_cd":"NVDA","strt_dt":"20260701","tic_scope":"1","upd_stkpc_tp":"1","exrt_appl_tp":"0"}"#;
    let bars = read(&client, "usa06011", body).await;
    let bars = bars.as_object().unwrap().values().find_map(Value::as_array).unwrap();
    let times: Vec<&str> = bars.iter().filter_map(|bar| bar["cntr_tm"].as_str()).collect();
    assert_eq!(times[0].get(..12), Some("202607061000"), "10:00 in New York");
    assert_eq!(times.iter().rfind(|time| time.starts_with("20260706")).unwrap().get(8..12), Some("0930"));
    // the exchange closes at 05:00 in Korea, and takes no order before 09:00
    sim.advance(7 * 3600 * SECOND).await;
    let closed = send(&client, "ust20000", market).await.unwrap_err();
    assert!(closed.1.contains("RC4058"), "{closed:?}");
    let places = market.replace(r#""ord_uv":"","trde_tp":"03""#, r#""ord_uv":"178.555","trde_tp":"00""#);
    assert!(send(&client, "ust20000", &places).await.unwrap_err().1.contains("1517"));
    assert!(send(&client, "ust20000", &market.replace("ND", "NY")).await.unwrap_err().1.contains("1902"));
    sim.audit().unwrap();
}

#[tokio::test]
async fn gold_is_counted_in_grams_with_a_deposit_of_its_own() {
    let sim = Sim::builder().gold_cash(10_000_000).start().await.unwrap();
    let client = sim.client().unwrap();
    let order = |id: &str, qty: &str, price: &str, kind: &str| {
        (id.to_owned(), format!(r#"{{"stk_cd":"M04020000","ord_qty":"{qty}","ord_uv":"{price}","trde_tp":"{kind}"}}"#))
    };
    let (id, body) = order("kt50000", "20", "150000", "00");
    let bought = send(&client, &id, &body).await.unwrap();
    let (id, body) = order("kt50001", "5", "132000", "10");
    send(&client, &id, &body).await.unwrap();
    let (id, body) = order("kt50000", "10", "130000", "00");
    let waiting = send(&client, &id, &body).await.unwrap();
    sim.advance(3 * SECOND).await;
    let balance = read(&client, "kt50020", "{}").await;
    let held = &rows(&balance, "gold_acnt_evlt_prst")[0];
    assert_eq!((number(&held["real_qty"]), number(&held["able_qty"])), (15.into(), 15.into()));
    let deposit = read(&client, "kt50021", "{}").await;
    let cash = number(&deposit["prsm_entra"]);
    assert_eq!(cash, number(&balance["net_entr"]));
    assert_eq!(number(&deposit["entra"]), 10_000_000.into(), "settled tomorrow");
    assert_eq!(cash, number(&deposit["entra"]) + number(&deposit["sell_exct_amt"]) - number(&deposit["buy_exct_amt"]));
    let kept = cash - number(&deposit["ord_alow_amt"]);
    assert!((kept - Decimal::from(1_300_000)).abs() < Decimal::from(500), "{kept}");
    let all = r#"{"ord_dt":"20260706","qry_tp":"1","stk_bond_tp":"0","sell_tp":"0","dmst_stex_tp":"%"}"#;
    let list = read(&client, "kt50031", all).await;
    let numbers: Vec<&str> =
        rows(&list, "acnt_ord_cntr_prps_dtl").iter().map(|row| row["ord_no"].as_str().unwrap()).collect();
    assert_eq!((numbers.len(), numbers[0], numbers[2]), (3, &*bought, &*waiting));
    let cancel = format!(r#"{{"orig_ord_no":"{waiting}","stk_cd":"M04020000","cncl_qty":"0"}}"#);
    send(&client, "kt50003", &cancel).await.unwrap();
    let deposit = read(&client, "kt50021", "{}").await;
    assert_eq!(number(&deposit["ord_alow_amt"]), cash);
    // won for stocks are another purse
    assert_eq!(number(&read(&client, "kt00001", r#"{"qry_tp":"3"}"#).await["d2_entra"]), 100_000_000.into());
    // gold has no market order
    let (id, body) = order("kt50000", "1", "150000", "03");
    assert!(send(&client, &id, &body).await.unwrap_err().1.contains("1517"));
    sim.audit().unwrap();
}

#[tokio::test]
async fn a_margin_position_shows_its_loan_and_has_doors_of_its_own() {
    let sim = Sim::builder().cash(10_000_000).start().await.unwrap();
    let client = sim.client().unwrap();
    let buy = r#"{"dmst_stex_tp":"KRX","stk_cd":"005930","ord_qty":"200","ord_uv":"","trde_tp":"3"}"#;
    send(&client, "kt10006", buy).await.unwrap();
    assert!(send(&client, "kt10000", buy).await.unwrap_err().1.contains("RC4025"), "cash would not do");
    let low = buy.replace(r#""ord_uv":"","trde_tp":"3""#, r#""ord_uv":"60000","trde_tp":"0""#).replace("200", "10");
    let open = send(&client, "kt10006", &low).await.unwrap();
    sim.advance(3 * SECOND).await;
    let balance = read(&client, "kt00018", r#"{"qry_tp":"2","dmst_stex_tp":"KRX"}"#).await;
    let held = &rows(&balance, "acnt_evlt_remn_indv_tot")[0];
    assert_eq!((held["crd_tp"].as_str(), held["crd_loan_dt"].as_str()), (Some("03"), Some("20260706")));
    let (cost, loan) = (number(&held["pur_amt"]), number(&balance["tot_crd_loan_amt"]));
    assert_eq!(loan, cost - (cost * Decimal::new(4, 1)).trunc());
    let cancel = format!(r#"{{"dmst_stex_tp":"KRX","orig_ord_no":"{open}","stk_cd":"005930","cncl_qty":"0"}}"#);
    assert!(send(&client, "kt10003", &cancel).await.unwrap_err().1.contains("RC4032"), "the door of cash orders");
    send(&client, "kt10009", &cancel).await.unwrap();
    let sell = buy.replace("200", "50");
    assert!(send(&client, "kt10001", &sell).await.unwrap_err().1.contains("RC4025"), "shares on credit");
    let repay =
        |kind: &str, day: &str| sell.replace('}', &format!(r#","crd_deal_tp":"{kind}","crd_loan_dt":"{day}"}}"#));
    assert!(send(&client, "kt10007", &repay("33", "20260703")).await.is_err(), "there is no such loan");
    send(&client, "kt10007", &repay("33", "20260706")).await.unwrap();
    send(&client, "kt10007", &repay("99", "").replace("50", "150")).await.unwrap();
    let balance = read(&client, "kt00018", r#"{"qry_tp":"2","dmst_stex_tp":"KRX"}"#).await;
    assert_eq!(number(&balance["tot_crd_loan_amt"]), 0.into());
    let profit = read(&client, "ka10077", r#"{"stk_cd":"005930"}"#).await;
    let cash = number(&read(&client, "kt00001", r#"{"qry_tp":"3"}"#).await["d2_entra"]);
    assert_eq!(cash, Decimal::from(10_000_000) + number(&profit["tdy_rlzt_pl"]));
    let days = read(&client, "ka10074", r#"{"strt_dt":"20260701","end_dt":"20260731"}"#).await;
    assert_eq!(number(&days["rlzt_pl"]), number(&profit["tdy_rlzt_pl"]));
    sim.audit().unwrap();
}

#[tokio::test]
async fn immediate_orders_leave_nothing_and_other_kinds_are_refused() {
    let sim = Sim::builder().cash(100_000_000_000).start().await.unwrap();
    let client = sim.client().unwrap();
    let order = |kind: &str, qty: &str, price: &str| {
        format!(r#"{{"dmst_stex_tp":"KRX","stk_cd":"005930","ord_qty":"{qty}","ord_uv":"{price}","trde_tp":"{kind}"}}"#)
    };
    let book = read(&client, "ka10004", r#"{"stk_cd":"005930"}"#).await;
    let price = |key: &str| number(&book[key]).abs().to_string();
    let (ask, bid) = (price("sel_fpr_bid"), price("buy_fpr_bid"));
    let standing = number(&book["sel_fpr_req"]).to_string();
    // more than stands at the best price: nothing, a part, and a part with a rest that stands
    let more = (number(&book["sel_fpr_req"]) + Decimal::from(5)).to_string();
    let none = send(&client, "kt10000", &order("26", &more, "")).await.unwrap();
    let part = send(&client, "kt10000", &order("10", &more, &ask)).await.unwrap();
    let low = send(&client, "kt10000", &order("10", "5", &bid)).await.unwrap();
    let rest = send(&client, "kt10000", &order("7", "5", "")).await.unwrap();
    sim.advance(2 * SECOND).await;
    let body =
        r#"{"ord_dt":"","qry_tp":"1","stk_bond_tp":"0","sell_tp":"0","stk_cd":"","fr_ord_no":"","dmst_stex_tp":"%"}"#;
    let list = read(&client, "kt00007", body).await;
    let of = |order: &str| {
        let row = rows(&list, "acnt_ord_cntr_prps_dtl").iter().find(|row| row["ord_no"] == order).unwrap();
        (number(&row["cntr_qty"]), number(&row["ord_remnq"]))
    };
    assert_eq!((of(&none), of(&low)), ((0.into(), 0.into()), (0.into(), 0.into())));
    assert_eq!(of(&part), (standing.parse().unwrap(), 0.into()));
    let (filled, left) = of(&rest);
    assert_eq!(filled + left, 5.into());
    for kind in ["28", "29", "61", "62", "81", "99"] {
        assert!(send(&client, "kt10000", &order(kind, "1", "")).await.unwrap_err().1.contains("1517"), "{kind}");
    }
    sim.audit().unwrap();
}

#[tokio::test]
async fn an_order_is_changed_at_its_own_venue() {
    let sim = Sim::start().await.unwrap();
    let client = sim.client().unwrap();
    let nxt = client.orders().default_venue(OrderVenue::Nxt);
    let order = taken(nxt.submit(Order::buy("005930").limit(60_000).qty(3)).await);
    let body = |venue: &str| {
        format!(r#"{{"dmst_stex_tp":"{venue}","orig_ord_no":"{}","stk_cd":"005930","cncl_qty":"0"}}"#, order.number)
    };
    assert!(send(&client, "kt10003", &body("KRX")).await.unwrap_err().1.contains("RC4032"));
    send(&client, "kt10003", &body("NXT")).await.unwrap();
    match client.orders().unchecked().submit(Order::buy("005930").limit(500_000).qty(1)).await {
        Outcome::Rejected(rejection) => assert_eq!(rejection.reason(), Reject::PriceLimit),
        other => panic!("{other:?}"),
    }
}
