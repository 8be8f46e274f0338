//! What holds for every seed: pushes add up to charts, and a client knows every order and fill whatever goes wrong.
//! `KIWOOM_SIM_SEEDS` says how many seeds are tried.

use std::collections::BTreeMap;
use std::time::Duration;

use kiwoom_api::codes::OrderVenue;
use kiwoom_api::domestic::realtime::{SectorIndex, StockTrade};
use kiwoom_api::order::{Cancel, Modification, Order, OrderRef, Settled};
use kiwoom_api::realtime::{Feed, Item, Push, Symbol};
use kiwoom_api::registry::find;
use kiwoom_api::us::realtime::StockTrade as UsTrade;
use kiwoom_api::value::Decimal;
use kiwoom_api::{Client, Limits, Outcome};
use kiwoom_sim::{Fault, Rule, Sim};
use serde_json::Value;
use tokio::time::timeout;

const SECOND: Duration = Duration::from_secs(1);

/// `usual` seeds, or as many as `KIWOOM_SIM_SEEDS` says.
fn seeds(usual: u64) -> std::ops::Range<u64> {
    0..std::env::var("KIWOOM_SIM_SEEDS").ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

/// The rows of a list, all pages.
async fn rows(client: &Client, id: &str, body: &str) -> Vec<Value> {
    let (mut all, mut next) = (Vec::new(), None);
    loop {
        let mut call = client.call_raw(id, find(id).unwrap().meta.path, body).read();
        if let Some(next) = next.take() {
            call = call.continue_from(next);
        }
        let reply = call.await.unwrap();
        let json: Value = serde_json::from_str(reply.text()).unwrap();
        all.extend(json.as_object().unwrap().values().filter_map(Value::as_array).flatten().cloned());
        next = reply.continuation().cloned();
        if next.is_none() {
            return all;
        }
    }
}

#[track_caller]
fn number(row: &Value, key: &str) -> Decimal {
    row[key].as_str().unwrap().trim().trim_start_matches(['+', '-']).parse().unwrap_or_else(|_| panic!("{key}: {row}"))
}

/// Open, high, low, close and volume.
type Bar = [Decimal; 5];

fn add(bars: &mut BTreeMap<String, Bar>, minute: String, price: Decimal, qty: Decimal) {
    let bar = bars.entry(minute).or_insert([price, price, price, price, Decimal::ZERO]);
    *bar = [bar[0], bar[1].max(price), bar[2].min(price), price, bar[4] + qty];
}

/// Takes what has come; what it says of a trade.
async fn hear(
    feed: &mut Feed,
    bars: &mut BTreeMap<String, Bar>,
    read: fn(&Push) -> Option<(String, Decimal, Decimal)>,
) {
    while let Ok(Some(item)) = timeout(Duration::from_millis(150), feed.next()).await {
        let Item::Push(push) = item else { continue };
        if let Some((minute, price, qty)) = read(&push) {
            add(bars, minute, price, qty);
        }
    }
}

/// The whole minutes that were pushed are those of the chart.
async fn compare(client: &Client, (chart, body): (&str, &str), pushed: &BTreeMap<String, Bar>) {
    assert!(pushed.len() > 4, "{chart}: {} minutes", pushed.len());
    let listed = rows(client, chart, body).await;
    // the first and the last minute were not heard as a whole
    for (minute, bar) in pushed.iter().skip(1).take(pushed.len() - 2) {
        let row = listed.iter().find(|row| row["cntr_tm"].as_str().is_some_and(|time| time.get(8..12) == Some(minute)));
        let row = row.unwrap_or_else(|| panic!("{chart}: no bar of {minute}"));
        // the charts of indices leave the point of their prices out
        let scale = Decimal::from(if chart.starts_with("ka20") { 100 } else { 1 });
        let price = |key: &str| number(row, key) / scale;
        let told =
            [price("open_pric"), price("high_pric"), price("low_pric"), price("cur_prc"), number(row, "trde_qty")];
        assert_eq!(told, *bar, "{chart} {minute}");
    }
}

#[tokio::test]
async fn pushed_trades_add_up_to_the_minutes_of_charts() {
    for seed in seeds(2) {
        let start = |text: &str| Sim::builder().seed(seed).at(text.parse().unwrap()).without_quotas();
        let sim = start("2026-07-06T10:00:00").start().await.unwrap();
        let client = sim.client_builder().limits(Limits::unlimited()).build().unwrap();
        let realtime = client.realtime();
        let mut stocks = realtime.topic::<StockTrade>(["005930"]).open().await.unwrap();
        let mut indices = client.realtime().topic::<SectorIndex>(["001"]).open().await.unwrap();
        let (mut of_stock, mut of_index) = (BTreeMap::new(), BTreeMap::new());
        for _ in 0..7 {
            sim.advance(60 * SECOND).await;
            hear(&mut stocks, &mut of_stock, |push| {
                let trade = push.of::<StockTrade>()?;
                let minute = trade.time?.strftime("%H%M").to_string();
                Some((minute, trade.price?.amount, trade.trade_qty?.qty.into()))
            })
            .await;
            hear(&mut indices, &mut of_index, |push| {
                let trade = push.of::<SectorIndex>()?;
                let minute = trade.time?.time()?.strftime("%H%M").to_string();
                Some((minute, trade.price?.amount, trade.trade_qty?.qty.into()))
            })
            .await;
        }
        let today = r#""base_dt":"20260706","tic_scope":"1""#;
        let body = format!(r#"{{"stk_cd":"005930",{today},"upd_stkpc_tp":"1"}}"#);
        compare(&client, ("ka10080", &body), &of_stock).await;
        compare(&client, ("ka20005", &format!(r#"{{"inds_cd":"001",{today}}}"#)), &of_index).await;

        let sim = start("2026-07-06T23:00:00").start().await.unwrap();
        let client = sim.client_builder().limits(Limits::unlimited()).build().unwrap();
        let mut feed = client.realtime().topic::<UsTrade>([Symbol::nasdaq("NVDA")]).open().await.unwrap();
        let mut of_us = BTreeMap::new();
        for _ in 0..7 {
            sim.advance(60 * SECOND).await;
            hear(&mut feed, &mut of_us, |push| {
                let trade = push.of::<UsTrade>()?;
                let minute = trade.local_time?.time()?.strftime("%H%M").to_string();
                Some((minute, trade.price?.amount, Decimal::from(trade.trade_qty?.qty)))
            })
            .await;
        }
        let body = r#"{"stex_tp":"ND","stk_cd":"NVDA","strt_dt":"20260706","tic_scope":"1","upd_stkpc_tp":"1","exrt_appl_tp":"0"}"#;
        compare(&client, ("usa06011", body), &of_us).await;
    }
}

/// Lets time pass until something is done.
async fn during<T>(sim: &Sim, work: impl IntoFuture<Output = T>) -> T {
    let mut work = std::pin::pin!(work.into_future());
    loop {
        tokio::select! {
            biased;
            done = &mut work => return done,
            () = tokio::time::sleep(Duration::from_millis(3)) => sim.advance(SECOND / 2).await,
        }
    }
}

/// What went wrong in a run, drawn from a seed.
fn draw_faults(sim: &Sim, dice: &mut fastrand::Rng) {
    let of_calls = [
        Fault::DropBefore,
        Fault::DropAfter,
        Fault::Quota,
        Fault::GhostQuota,
        Fault::Html,
        Fault::Status500,
        Fault::Truncated,
        Fault::UnknownField,
    ];
    for api in ["kt10000", "kt10001", "kt10002", "kt10003"] {
        for fault in of_calls {
            if dice.bool() {
                sim.fault(Rule::new(fault).on(api).chance(0.08));
            }
        }
    }
    for list in ["ka10075", "ka10076", "kt00007"] {
        sim.fault(Rule::new(of_calls[dice.usize(..of_calls.len())]).on(list).chance(0.2));
    }
    sim.fault(Rule::new(Fault::Duplicate).on("00").chance(0.4));
    sim.fault(Rule::new(Fault::MissedAck).chance(0.2));
}

/// Orders of the account by number, as the simulator has them: quantity, filled, left; and the quantities of new orders.
async fn truth(client: &Client) -> (BTreeMap<String, [Decimal; 3]>, Vec<Decimal>) {
    let body =
        r#"{"ord_dt":"","qry_tp":"1","stk_bond_tp":"0","sell_tp":"0","stk_cd":"","fr_ord_no":"","dmst_stex_tp":"%"}"#;
    let rows = rows(client, "kt00007", body).await;
    let of = |row: &Value| ["ord_qty", "cntr_qty", "ord_remnq"].map(|key| number(row, key));
    let all = rows.iter().map(|row| (row["ord_no"].as_str().unwrap().to_owned(), of(row))).collect();
    let new = rows.iter().filter(|row| number(row, "ori_ord").is_zero()).map(|row| number(row, "ord_qty")).collect();
    (all, new)
}

#[tokio::test]
async fn nothing_is_lost_or_filled_twice_whatever_goes_wrong() {
    let (mut lost_in_all, mut settled_in_all) = (0, 0);
    for seed in seeds(2) {
        let mut dice = fastrand::Rng::with_seed(seed);
        let sim = Sim::builder().seed(seed).cash(100_000_000_000).without_quotas().start().await.unwrap();
        let client = sim.client_builder().limits(Limits::unlimited()).build().unwrap();
        let live = during(&sim, client.orders().default_venue(OrderVenue::Krx).live()).await.unwrap();
        draw_faults(&sim, &mut dice);
        let (mut placed, mut unknown, mut unsent) = (Vec::<(i64, OrderRef)>::new(), Vec::new(), Vec::new());
        for step in 0..50_i64 {
            // each quantity is used once, so that the lists tell which order is which
            let qty = 100 + step;
            let price = 60_000 + 100 * dice.i64(0..200);
            let known: Vec<OrderRef> = live.open_orders().into_iter().map(|order| order.order).collect();
            match dice.u8(0..8) {
                0..5 => {
                    let order = Order::buy("005930");
                    let sent = match dice.bool() {
                        true => live.submit(order.market().qty(qty)).await,
                        false => live.submit(order.limit(price).qty(qty)).await,
                    };
                    match sent {
                        Outcome::Accepted(order) => placed.push((qty, order)),
                        Outcome::Unknown(lost) => unknown.push((qty, lost)),
                        Outcome::Rejected(_) => {}
                        // time jumps where a list is read again, also past the deadline of an order
                        Outcome::NotSent(_) => unsent.push(qty),
                    }
                }
                5 if !known.is_empty() => {
                    let known = &known[dice.usize(..known.len())];
                    let _ = live.modify(known, Modification::price(price)).await;
                }
                6 if !known.is_empty() => {
                    let known = &known[dice.usize(..known.len())];
                    let _ = live.cancel(Cancel::from(known)).await;
                }
                7 if step % 20 == 7 => sim.kick(),
                _ => {}
            }
            sim.advance(SECOND * dice.u32(0..4)).await;
        }
        sim.heal();
        sim.advance(5 * SECOND).await;
        let mut settled = 0;
        for (qty, lost) in &unknown {
            let Some(id) = lost.order_id() else { continue };
            if let Settled::Placed(order) = during(&sim, live.settle(id)).await.unwrap() {
                placed.push((*qty, order));
                settled += 1;
            }
        }
        during(&sim, live.refresh()).await.unwrap();
        sim.advance(5 * SECOND).await;
        during(&sim, live.refresh()).await.unwrap();
        let (truth, mut new) = truth(&client).await;
        let count = new.len();
        new.sort_unstable();
        new.dedup();
        assert_eq!(new.len(), count, "seed {seed}: an order was placed twice");
        assert!(unsent.iter().all(|qty| !new.contains(&Decimal::from(*qty))), "seed {seed}: {unsent:?} {new:?}");
        let told: BTreeMap<String, Decimal> =
            live.all().into_iter().map(|order| (order.order.number.to_string(), order.filled)).collect();
        for (number, [qty, filled, left]) in &truth {
            // a cancellation is a row of its own, and no order
            let Some(told) = told.get(number) else {
                assert!(filled.is_zero() && left.is_zero(), "seed {seed}: order {number} of {qty} is lost");
                continue;
            };
            assert_eq!(told, filled, "seed {seed}: order {number} of {qty}");
        }
        assert!(told.keys().all(|number| truth.contains_key(number)), "seed {seed}: an order that nobody placed");
        for (qty, order) in &placed {
            let [listed, ..] = truth[order.number.as_str()];
            assert_eq!(listed, Decimal::from(*qty), "seed {seed}: {order:?} is another order");
        }
        let held = rows(&client, "kt00018", r#"{"qry_tp":"1","dmst_stex_tp":"KRX"}"#).await;
        let held: Decimal = held.iter().map(|row| number(row, "rmnd_qty")).sum();
        assert_eq!(held, told.values().copied().sum(), "seed {seed}: fills add up to the position");
        assert!(placed.len() > 10, "seed {seed}: {placed:?}");
        sim.audit().unwrap();
        lost_in_all += unknown.len();
        settled_in_all += settled;
    }
    assert!(lost_in_all > 2 && settled_in_all > 0, "{settled_in_all} of {lost_in_all} replies were settled");
}
