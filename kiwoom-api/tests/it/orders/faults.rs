//! A trading script against a broker that misbehaves: never more orders than intended, and no untrue outcome.
//!
//! The broker counts. `KIWOOM_FAULTS` says how many seeds each fault gets; 1,000 is the full measure, the tests run a few.
#![cfg(all(feature = "domestic-order", feature = "domestic-account"))]

use std::sync::Arc;
use std::time::Duration;

use crate::support::{self, APP_KEY, Broker, FAULTS, Fault, Placed, SECRET_KEY};
use kiwoom_api::codes::OrderVenue;
use kiwoom_api::order::{Action, Journal, Modification, Order, OrderRef, Orders, Settlement, Verdict};
use kiwoom_api::value::{OrderNo, Side};
use kiwoom_api::{Client, Credentials, ManualClock, Outcome, Retry};

/// Seeds that run at the same time.
const ABREAST: u64 = 16;

/// What one run did and learned.
#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    accepted: usize,
    rejected: usize,
    not_sent: usize,
    unknown: usize,
    /// Unknown ones that the broker has.
    ghosts: usize,
    /// Submissions whose future was dropped in the middle.
    dropped: usize,
    /// What the journal had left over in the end.
    left: usize,
    /// Of those, what was settled by looking it up.
    settled: usize,
    /// Of those, what the broker has.
    found: usize,
}

impl Tally {
    fn add(&mut self, other: Tally) {
        self.accepted += other.accepted;
        self.rejected += other.rejected;
        self.not_sent += other.not_sent;
        self.unknown += other.unknown;
        self.ghosts += other.ghosts;
        self.dropped += other.dropped;
        self.left += other.left;
        self.settled += other.settled;
        self.found += other.found;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_fault_makes_a_second_order_or_an_untrue_outcome() {
    let seeds: u64 = std::env::var("KIWOOM_FAULTS").map_or(24, |text| text.parse().expect("a number of seeds"));
    for fault in FAULTS {
        let mut tally = Tally::default();
        for first in (0..seeds).step_by(ABREAST as usize) {
            let runs: Vec<_> = (first..seeds.min(first + ABREAST)).map(|seed| tokio::spawn(run(fault, seed))).collect();
            for run in runs {
                tally.add(run.await.unwrap());
            }
        }
        println!("{fault:?}: {seeds} runs, {tally:?}");
        assert!(tally.accepted > 0 && tally.unknown + tally.not_sent > 0, "{fault:?} had no effect: {tally:?}");
        assert!(tally.left >= tally.unknown, "{tally:?}");
        let late = matches!(fault, Fault::DeadLine | Fault::LateRead);
        assert!(!late || tally.found > 0, "some arrive after they were given up: {tally:?}");
        assert_eq!(tally.settled, tally.left, "the broker's lists say what became of each");
    }
}

/// One order after another, changed, cancelled and dropped at times, while every second request meets `fault`, on a machine
/// whose clock is wrong by up to twelve hours in three of four runs.
async fn run(fault: Fault, seed: u64) -> Tally {
    let mut rng = fastrand::Rng::with_seed(seed);
    let truth: jiff::Timestamp = "2026-07-06T10:00:00+09:00".parse().unwrap();
    let wrong =
        jiff::SignedDuration::from_secs(if seed.is_multiple_of(4) { 0 } else { rng.i64(-12 * 3600..=12 * 3600) });
    let (theirs, time) = (ManualClock::at(truth), ManualClock::at(truth + wrong));
    let broker = Arc::new(Broker::start(theirs.clone(), seed).await);
    let pump = tokio::spawn(support::pump_both(time.clone(), broker.clone(), theirs.clone()));
    let client = client(&broker, &time);
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("orders.log");
    let journal = Journal::open(&path, &client).await.unwrap();
    let mut chance = fastrand::Rng::with_seed(!seed);
    let orders = client.orders().default_venue(OrderVenue::Krx).with_journal(journal.clone()).unwrap();
    broker.misbehave(fault, 0.4);

    let mut script = Script { orders: &orders, broker: &broker, tally: Tally::default() };
    for step in 1..=4 {
        // quantity and price are the fingerprint by which an order is known again
        let (quantity, price) = (step, 70_000 + 100 * i64::from(rng.u8(0..50)));
        let ticket = match rng.bool() {
            true => Order::buy("005930").limit(price).qty(quantity),
            false => Order::sell("005930").limit(price).qty(quantity),
        };
        if rng.u8(0..6) == 0 {
            // before it began, on its way, or after it arrived
            let patience = Duration::from_micros(rng.u64(0..20_000));
            if tokio::time::timeout(patience, orders.submit(ticket)).await.is_err() {
                script.tally.dropped += 1;
            }
            continue;
        }
        let disturbance = Disturbance::of(&mut chance);
        let (outcome, ()) = tokio::join!(orders.submit(ticket), disturbance.strike(&journal, &client, &time));
        let placed = script.check(outcome, |order| order.original.is_empty() && order.quantity == quantity);
        let Some(order) = placed else { continue };
        match rng.u8(0..3) {
            0 => script.cancel(&order).await,
            1 => script.modify(&order, price + 100).await,
            _ => {}
        }
    }
    broker.heal();
    if seed.is_multiple_of(12) {
        assert_eq!(second_process(&path, &broker).await, "refused", "one process at a time");
    }
    let mut tally = script.tally;
    // what was dropped while it was being noted is noted in a moment
    tokio::time::sleep(Duration::from_millis(5)).await;
    let sent = |broker: &Broker| ["kt10000", "kt10001", "kt10002", "kt10003"].map(|api| broker.requests(api));
    // what is held up may still arrive; so what is said now must be true in the end
    let mut settlements = journal.reconcile(&client).await.unwrap();
    settlements.retain(|settlement| settlement.verdict.is_settled());
    settlements.extend(journal.reconcile(&client).wait_until_certain().await.unwrap());
    let before = sent(&broker);
    theirs.advance(Duration::from_secs(3600));
    while broker.is_behind() {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    assert_eq!(sent(&broker), before, "looking is not sending, and nothing comes after its verdict");
    tally.left = settlements.len() + journal.unsettled().len();
    tally.found = settlements.iter().filter(|settlement| matches!(settlement.verdict, Verdict::Found(_))).count();
    tally.settled = settlements.iter().filter(|settlement| is_true(settlement, &broker)).count();
    pump.abort();
    tally
}

/// What happens to the journal while an order is on its way.
#[derive(Clone, Copy)]
enum Disturbance {
    None,
    /// It is compacted as far as it goes.
    Compaction,
    /// A client with other keys wants it.
    Stranger,
}

impl Disturbance {
    fn of(chance: &mut fastrand::Rng) -> Disturbance {
        [Disturbance::Compaction, Disturbance::Stranger, Disturbance::None][chance.usize(0..3)]
    }

    async fn strike(self, journal: &Journal, client: &Client, time: &ManualClock) {
        match self {
            Disturbance::None => {}
            Disturbance::Compaction => {
                let before = journal.unsettled();
                let kept = journal.compact(jiff::civil::Date::MAX).await.unwrap();
                assert!(kept >= before.len(), "compaction keeps what is unsettled");
                let after = journal.unsettled();
                assert!(before.iter().all(|left| after.contains(left)), "{before:?} became {after:?}");
            }
            Disturbance::Stranger => {
                let builder = Client::builder(client.server().clone(), Credentials::new("another key", SECRET_KEY));
                let stranger = builder.clock(time.clock()).build().unwrap();
                for refused in [
                    journal.reconcile(&stranger).await.map(drop),
                    stranger.orders().with_journal(journal.clone()).map(drop),
                ] {
                    let error = refused.unwrap_err().to_string();
                    assert!(error.contains("adopt"), "{error}");
                }
            }
        }
    }
}

const SECOND: &str = "KIWOOM_SECOND_PROCESS";

/// What another process is told that opens the journal of this one.
async fn second_process(path: &std::path::Path, broker: &Broker) -> String {
    let mut command = tokio::process::Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "orders::faults::a_second_process", "--nocapture"]).env(SECOND, path);
    let output = command.env("KIWOOM_SECOND_SERVER", broker.server().http()).output().await.unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let told = text.lines().find_map(|line| line.split_once("second process: "));
    told.map_or(text.clone(), |(_, told)| told.trim().to_owned())
}

/// The other process of [`second_process`]; nothing where no other process asked for it.
#[tokio::test]
async fn a_second_process() {
    let (Ok(path), Ok(server)) = (std::env::var(SECOND), std::env::var("KIWOOM_SECOND_SERVER")) else { return };
    let client = Client::new(kiwoom_api::Server::sandbox(server), Credentials::new(APP_KEY, SECRET_KEY)).unwrap();
    let told = match Journal::open(path, &client).await {
        Ok(_) => "opened".to_owned(),
        Err(error) if error.to_string().contains("in use") => "refused".to_owned(),
        Err(error) => error.to_string(),
    };
    println!("second process: {told}");
}

/// The verdict says what the broker has, and is one that settles.
fn is_true(settlement: &Settlement, broker: &Broker) -> bool {
    let Settlement { intent, verdict, .. } = settlement;
    let original = intent.original.as_ref().map_or("", OrderNo::as_str);
    let api = match (intent.action, intent.side) {
        (Action::Place, Side::Buy) => "kt10000",
        (Action::Place, _) => "kt10001",
        (Action::Modify, _) => "kt10002",
        _ => "kt10003",
    };
    let is_it = |order: &Placed| {
        order.api == api && order.original == original && intent.qty.is_none_or(|qty| qty == order.quantity)
    };
    let there = broker.orders().into_iter().find(is_it);
    match (verdict, there) {
        (Verdict::Found(listed), Some(order)) => assert_eq!(listed.order.number.as_str(), order.number),
        (Verdict::NotFound, None) => {}
        (Verdict::Found(_) | Verdict::NotFound, there) => panic!("{settlement:?}, and the broker has {there:?}"),
        _ => return false,
    }
    true
}

fn client(broker: &Broker, time: &ManualClock) -> Client {
    support::log::capture();
    Client::builder(broker.server(), Credentials::new(APP_KEY, SECRET_KEY))
        .clock(time.clock())
        .timeout(Duration::from_millis(150))
        .retry(Retry::default())
        .build()
        .unwrap()
}

struct Script<'a> {
    orders: &'a Orders,
    broker: &'a Broker,
    tally: Tally,
}

impl Script<'_> {
    /// Holds an outcome against what the broker has, and gives the order if it was accepted.
    fn check(&mut self, outcome: Outcome<OrderRef>, is_it: impl Fn(&Placed) -> bool) -> Option<OrderRef> {
        support::assert_clean(&format!("{outcome:?}"));
        let there: Vec<Placed> = self.broker.orders().into_iter().filter(is_it).collect();
        assert!(there.len() <= 1, "sent twice: {there:#?}");
        match outcome {
            Outcome::Accepted(order) => {
                self.tally.accepted += 1;
                assert_eq!(there[0].number, order.number.as_str(), "another order's number");
                return Some(order);
            }
            Outcome::Rejected(rejection) => {
                self.tally.rejected += 1;
                assert!(there.is_empty(), "rejected ({rejection}), and yet {there:?}");
            }
            Outcome::NotSent(error) => {
                self.tally.not_sent += 1;
                assert!(there.is_empty(), "not sent ({error}), and yet {there:?}");
            }
            Outcome::Unknown(_) => {
                self.tally.unknown += 1;
                self.tally.ghosts += there.len();
            }
        }
        None
    }

    async fn cancel(&mut self, order: &OrderRef) {
        let outcome = self.orders.cancel(order).await;
        let original = order.number.as_str().to_owned();
        self.check(outcome, |placed| placed.api == "kt10003" && placed.original == original);
    }

    async fn modify(&mut self, order: &OrderRef, price: i64) {
        let outcome = self.orders.modify(order, Modification::price(price)).await;
        let original = order.number.as_str().to_owned();
        self.check(outcome, |placed| placed.api == "kt10002" && placed.original == original);
    }
}
