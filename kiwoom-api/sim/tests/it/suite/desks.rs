//! Orders on margin, of gold and of US stocks whose replies are lost: placed, changed and cancelled, each is looked up in the lists
//! of its market, and the account says whether that is true. Then the same from seeds, under every trouble.

use std::time::Duration;

use kiwoom_api::codes::{OrderVenue, UsExchange};
use kiwoom_api::jiff::tz::Offset;
use kiwoom_api::order::{Modification, Order, OrderRef, Orders, Reconcile, Us, Verdict};
use kiwoom_api::value::{Decimal, GoldCode};
use kiwoom_api::{Client, Limits, ManualClock, Outcome, Retry};
use kiwoom_sim::{Fault, Placed, Rule, Sim};

use super::house::Simulated;
use super::wire::{Break, Wire};

/// Where orders go that are no plain orders of stocks.
#[derive(Clone, Copy, Debug)]
enum Market {
    Margin,
    Gold,
    Us,
}

impl Market {
    /// When it trades, in Korea.
    fn open(self) -> &'static str {
        if matches!(self, Market::Us) { "2026-07-06T23:00:00" } else { "2026-07-06T10:00:00" }
    }

    /// The APIs of a purchase, a change and a cancellation.
    fn apis(self) -> [&'static str; 3] {
        match self {
            Market::Margin => ["kt10006", "kt10008", "kt10009"],
            Market::Gold => ["kt50000", "kt50002", "kt50003"],
            Market::Us => ["ust20000", "ust20002", "ust20003"],
        }
    }

    /// Two prices at which nobody sells for a while.
    fn prices(self) -> [Decimal; 2] {
        match self {
            Market::Margin => [60_000.into(), 60_100.into()],
            Market::Gold => [125_000.into(), 125_010.into()],
            Market::Us => [Decimal::new(60_01, 2), Decimal::new(60_02, 2)],
        }
    }

    async fn buy(self, orders: &Orders, (name, qty): (&str, i64)) -> Outcome<OrderRef> {
        let price = self.prices()[0];
        match self {
            Market::Margin => orders.submit(Order::buy("005930").on_margin().limit(price).qty(qty).id(name)).await,
            Market::Gold => {
                let gold: GoldCode = "M04020000".parse().unwrap();
                orders.submit(Order::buy(gold).limit(price).qty(qty).id(name)).await
            }
            Market::Us => {
                let ko = Us::new(UsExchange::Nyse, "KO");
                orders.submit(Order::buy(ko).limit(price).qty(qty).id(name)).await
            }
        }
    }
}

struct Bench {
    market: Market,
    sim: Sim,
    wire: Wire,
    time: ManualClock,
    orders: Orders,
    _directory: tempfile::TempDir,
}

impl Bench {
    async fn of(market: Market) -> Bench {
        let at = market.open().parse().unwrap();
        let sim = Sim::builder().at(at).without_quotas().start().await.unwrap();
        let wire = Wire::to(&sim, 1).await;
        let time = ManualClock::at(Offset::constant(9).to_timestamp(at).unwrap());
        let client = Client::builder(wire.server(), Simulated::keys())
            .clock(time.clock())
            .limits(Limits::unlimited())
            .retry(Retry::none())
            .build()
            .unwrap();
        client.sign_in().await.unwrap();
        let directory = tempfile::tempdir().unwrap();
        let orders = client.orders().default_venue(OrderVenue::Krx).timeout(Duration::from_millis(400));
        let orders = orders.journal(directory.path().join("orders.log")).await.unwrap();
        Bench { market, sim, wire, time, orders, _directory: directory }
    }

    /// What the lists say of the only thing in doubt, once absence is proof.
    async fn look(&self) -> Verdict {
        self.wire.heal();
        let by = Reconcile::TRAVEL + Duration::from_secs(2);
        self.sim.clock().advance(by);
        self.time.advance(by);
        let mut settled = self.orders.reconcile().delay(Duration::ZERO).await.unwrap();
        assert_eq!(settled.len(), 1, "{settled:?}");
        settled.remove(0).verdict
    }

    /// The last order of the account, which is the one of so many that was looked for.
    async fn found(&self, outcome: Outcome<OrderRef>, count: usize) -> OrderRef {
        let market = self.market;
        assert!(outcome.is_unknown(), "{market:?}: {outcome:?}");
        let Verdict::Found(listed) = self.look().await else { panic!("{market:?}: the {count}. order was placed") };
        let placed = self.sim.orders();
        assert_eq!(placed.len(), count, "{market:?}: {placed:#?}");
        let last = placed.last().unwrap();
        assert_eq!(listed.order.number.as_str(), last.number, "{market:?}");
        assert_eq!(last.api, market.apis()[count - 1]);
        self.sim.audit().unwrap();
        listed.order
    }
}

async fn what_is_lost_is_found(market: Market) {
    let bench = Bench::of(market).await;
    bench.wire.trouble(Break::TimeoutBefore, 1.0);
    assert!(market.buy(&bench.orders, ("never", 3)).await.is_unknown());
    assert_eq!(bench.look().await, Verdict::NotFound, "{market:?}");
    assert!(bench.sim.orders().is_empty());

    bench.wire.trouble(Break::TimeoutAfter, 1.0);
    let order = bench.found(market.buy(&bench.orders, ("ghost", 5)).await, 1).await;
    bench.wire.trouble(Break::TimeoutAfter, 1.0);
    let changed = bench.orders.modify(&order, Modification::price(market.prices()[1])).await;
    let changed = bench.found(changed, 2).await;
    bench.wire.trouble(Break::TimeoutBefore, 1.0);
    assert!(bench.orders.cancel(&changed).await.is_unknown());
    assert_eq!(bench.look().await, Verdict::NotFound, "{market:?}: it was not cancelled");
    bench.wire.trouble(Break::TimeoutAfter, 1.0);
    bench.found(bench.orders.cancel(&changed).await, 3).await;
    assert!(bench.sim.orders().iter().all(|order| order.left == 0 && order.filled == 0));
}

#[tokio::test]
async fn on_margin_what_is_lost_is_found() {
    what_is_lost_is_found(Market::Margin).await;
}

#[tokio::test]
async fn of_gold_what_is_lost_is_found() {
    what_is_lost_is_found(Market::Gold).await;
}

#[tokio::test]
async fn in_the_us_what_is_lost_is_found() {
    what_is_lost_is_found(Market::Us).await;
}

/// Troubles that end without a word of the client's clock.
const STORM: [Fault; 8] = [
    Fault::DropBefore,
    Fault::DropAfter,
    Fault::Html,
    Fault::Status500,
    Fault::Truncated,
    Fault::GhostQuota,
    Fault::Quota,
    Fault::UnknownField,
];

/// The orders that an action of a script may have placed.
fn placed(sim: &Sim, api: &str, (qty, original): (i64, Option<&str>)) -> Vec<Placed> {
    let is_it = |order: &Placed| {
        order.api == api && original.map_or(order.qty == qty, |number| order.original.as_deref() == Some(number))
    };
    sim.orders().into_iter().filter(is_it).collect()
}

/// Holds an outcome against what the account has; the order, if it was accepted.
fn check(outcome: Outcome<OrderRef>, there: &[Placed]) -> (Option<OrderRef>, bool) {
    assert!(there.len() <= 1, "placed twice: {there:#?}");
    match outcome {
        Outcome::Accepted(order) => {
            assert_eq!(there[0].number, order.number.as_str());
            (Some(order), false)
        }
        Outcome::Unknown(_) => (None, true),
        other => {
            assert!(there.is_empty(), "{other:?}, and yet {there:?}");
            (None, false)
        }
    }
}

/// Orders, changes and cancellations, four in ten of which meet a trouble; how many were accepted and in doubt.
async fn script(market: Market, seed: u64) -> (usize, usize) {
    let mut dice = fastrand::Rng::with_seed(seed);
    let bench = Bench::of(market).await;
    for fault in STORM {
        bench.sim.fault(Rule::new(fault).chance(0.4 / STORM.len() as f64));
    }
    let apis = market.apis();
    let (mut accepted, mut doubts) = (0, Vec::new());
    for step in 1..=5 {
        let outcome = market.buy(&bench.orders, (&format!("step-{step}"), step)).await;
        let (order, is_open) = check(outcome, &placed(&bench.sim, apis[0], (step, None)));
        doubts.extend(is_open.then(|| (apis[0], step, None)));
        let Some(order) = order else { continue };
        accepted += 1;
        let (act, original) = (dice.u8(0..3), order.number.as_str());
        let (api, outcome) = match act {
            0 => (apis[1], bench.orders.modify(&order, Modification::price(market.prices()[1])).await),
            1 => (apis[2], bench.orders.cancel(&order).await),
            _ => continue,
        };
        let (_, is_open) = check(outcome, &placed(&bench.sim, api, (step, Some(original))));
        doubts.extend(is_open.then(|| (api, step, Some(original.to_owned()))));
    }
    bench.sim.heal();
    let by = Reconcile::TRAVEL + Duration::from_secs(2);
    bench.sim.clock().advance(by);
    bench.time.advance(by);
    let settled = bench.orders.reconcile().delay(Duration::ZERO).await.unwrap();
    assert_eq!(settled.len(), doubts.len(), "{market:?} {seed}: {settled:#?}");
    let mut found = Vec::new();
    for settlement in settled {
        match settlement.verdict {
            Verdict::Found(listed) => found.push(listed.order.number.as_str().to_owned()),
            Verdict::NotFound => {}
            other => panic!("{market:?} {seed}: {other:?}"),
        }
    }
    let all = doubts.iter().flat_map(|(api, qty, original)| placed(&bench.sim, api, (*qty, original.as_deref())));
    let mut want: Vec<String> = all.map(|order| order.number).collect();
    found.sort();
    want.sort();
    assert_eq!(found, want, "{market:?} {seed}");
    bench.sim.audit().unwrap();
    (accepted, doubts.len())
}

#[tokio::test]
async fn scripts_of_all_markets_say_what_the_account_has() {
    for market in [Market::Us, Market::Gold, Market::Margin] {
        let (mut accepted, mut doubts) = (0, 0);
        for seed in 0..4 {
            let run = script(market, seed).await;
            (accepted, doubts) = (accepted + run.0, doubts + run.1);
        }
        assert!(accepted > 5 && doubts > 2, "{market:?}: {accepted} accepted, {doubts} in doubt");
    }
}
