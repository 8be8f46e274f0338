//! Live orders while replies are lost and the line breaks: in the end each one stands as the account has it, and each fill was
//! told once.
//!
//! `KIWOOM_SCHEDULES` says how many seeds, `KIWOOM_SEED` names the first one; the tests run a few.

use std::collections::BTreeMap;
use std::future::IntoFuture;
use std::time::Duration;

use kiwoom_api::codes::OrderVenue;
use kiwoom_api::id::ka10004;
use kiwoom_api::order::{LiveEvent, LiveOrders, Modification, Order};
use kiwoom_api::value::Decimal;
use kiwoom_sim::{Fault, Placed, Rule};

use super::super::wire::{Cut, Flow};
use super::Air;

const SECOND: Duration = Duration::from_secs(1);
const CODE: &str = "005930";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn live_orders_end_as_the_account_has_them() {
    let number = |name| std::env::var(name).ok().map(|text: String| text.parse::<u64>().expect("a number"));
    let (count, first) = (number("KIWOOM_SCHEDULES").unwrap_or(6), number("KIWOOM_SEED").unwrap_or(0));
    let (mut orders, mut fills) = (0, 0);
    for seeds in (first..first + count).collect::<Vec<_>>().chunks(3) {
        let runs: Vec<_> = seeds.iter().map(|seed| tokio::spawn(run(*seed))).collect();
        for (seed, run) in seeds.iter().zip(runs) {
            let placed = run.await.unwrap_or_else(|_| panic!("KIWOOM_SEED={seed} shows it again"));
            orders += placed.len();
            fills += placed.iter().filter(|order| order.filled > 0).count();
        }
    }
    println!("{count} seeds: {orders} orders, {fills} of them filled");
    assert!(orders > 20 && fills > 5, "{orders} orders, {fills} filled");
}

async fn run(seed: u64) -> Vec<Placed> {
    let mut dice = fastrand::Rng::with_seed(seed);
    let air = Air::new(seed).await;
    let bid = bid(&air).await;
    let orders = air.client.orders().default_venue(OrderVenue::Krx);
    let live = air.during(orders.live().into_future()).await.unwrap();
    let mut events = live.events();
    for step in 0..25 {
        match dice.u8(..12) {
            0 => air.wire.cut(if dice.bool() { Cut::Closed } else { Cut::Reset }),
            1 => air.wire.flow([Flow::Late, Flow::Dead][dice.usize(..2)]),
            2 => air.sim.fault(Rule::new(Fault::Duplicate).chance(0.5)),
            3 => {
                let fault = [Fault::DropAfter, Fault::DropBefore, Fault::Html, Fault::Status500][dice.usize(..4)];
                air.sim.fault(Rule::new(fault).chance(0.4));
            }
            4 | 5 => {
                air.wire.heal();
                air.sim.heal();
            }
            _ => trade(&air, &live, (&mut dice, bid), &format!("{seed}-{step}")).await,
        }
        air.pass(SECOND * dice.u32(..10)).await;
    }
    air.wire.heal();
    air.sim.heal();
    // pushes that are late come, and lists show everything
    air.pass(10 * SECOND).await;
    air.during(live.primed()).await.unwrap();
    air.during(live.refresh()).await.unwrap();
    let placed = air.sim.orders();
    assert_equal(&live, &placed);
    air.sim.audit().unwrap();
    drop(live);
    let mut told = BTreeMap::new();
    while let Some(event) = air.during(events.next()).await {
        if let LiveEvent::Filled { fill, order } = event {
            *told.entry(order.order.number.as_str().to_owned()).or_insert(Decimal::ZERO) += fill.qty;
        }
    }
    for order in &placed {
        let told = told.get(&order.number).copied().unwrap_or_default();
        assert_eq!(told, Decimal::from(order.filled), "fills that were told: {order:?}");
    }
    placed
}

/// An order, a change or a cancellation.
async fn trade(air: &Air, live: &LiveOrders, (dice, bid): (&mut fastrand::Rng, i64), id: &str) {
    let price = bid + 100 * dice.i64(-4..=4);
    let open = live.open_orders();
    let some = (!open.is_empty()).then(|| open[dice.usize(..open.len())].order.clone());
    match (dice.u8(..6), some) {
        (0, Some(order)) => drop(air.during(live.modify(&order, Modification::price(price))).await),
        (1, Some(order)) => drop(air.during(live.cancel(&order)).await),
        (2, _) => drop(air.during(live.submit(Order::buy(CODE).market().qty(dice.i64(1..40)).id(id))).await),
        (3, _) => drop(air.during(live.submit(Order::sell(CODE).limit(price).qty(dice.i64(1..9)).id(id))).await),
        _ => drop(air.during(live.submit(Order::buy(CODE).limit(price).qty(dice.i64(1..400)).id(id))).await),
    }
}

/// A price on every grid: a multiple of 100 won.
async fn bid(air: &Air) -> i64 {
    let book = air.during(air.client.call(&ka10004::Request::new(CODE)).into_future()).await.unwrap();
    book.bids[0].price.unwrap().won().unwrap() / 100 * 100
}

#[track_caller]
fn assert_equal(live: &LiveOrders, placed: &[Placed]) {
    let orders = live.all();
    for placed in placed.iter().filter(|order| order.api != "kt10003") {
        let order = orders.iter().find(|order| order.order.number.as_str() == placed.number);
        let order = order.unwrap_or_else(|| panic!("{placed:?} is not there"));
        let figures = [order.filled, order.remaining];
        assert_eq!(figures, [placed.filled, placed.left].map(Decimal::from), "{placed:?} {order:?}");
        assert_eq!(order.unexplained, Decimal::ZERO, "{order:?}");
    }
}
