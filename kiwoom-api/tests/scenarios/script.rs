//! A trading script against a broker that misbehaves: never more orders than intended, and no untrue outcome.
//!
//! The broker counts.

use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use kiwoom_api::codes::OrderVenue;
use kiwoom_api::order::{Journal, Modification, Order, OrderRef, Orders, Verdict};
use kiwoom_api::{Client, Credentials, Limits, ManualClock, Outcome};

use super::{House, Opening, Placed, builder, caught_up, is_true, pump};

/// Seeds that run at the same time.
const ABREAST: u64 = 16;
/// The time until a list that could not be read is asked for again.
const BREATH: Duration = Duration::from_secs(60);

/// What runs did and learned.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tally {
    pub accepted: usize,
    pub rejected: usize,
    pub not_sent: usize,
    pub unknown: usize,
    /// Unknown ones that the broker has.
    pub ghosts: usize,
    /// Submissions whose future was dropped in the middle.
    pub dropped: usize,
    /// What the journal had left over in the end.
    pub left: usize,
    /// Of those, what was settled by looking it up.
    pub settled: usize,
    /// Of those, what the broker has.
    pub found: usize,
}

impl Tally {
    pub fn add(&mut self, other: Tally) {
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

/// Runs the script under one trouble with these seeds.
pub async fn all_seeds<H: House>(trouble: H::Trouble, seeds: Range<u64>) -> Tally {
    let mut tally = Tally::default();
    for first in seeds.clone().step_by(ABREAST as usize) {
        let runs: Vec<_> =
            (first..seeds.end.min(first + ABREAST)).map(|seed| tokio::spawn(run::<H>(trouble, seed))).collect();
        for run in runs {
            tally.add(run.await.unwrap());
        }
    }
    println!("{trouble:?}: seeds {seeds:?}, {tally:?}");
    assert!(tally.left >= tally.unknown, "{trouble:?}: {tally:?}");
    assert_eq!(tally.settled, tally.left, "{trouble:?}: the broker's lists say what became of each");
    tally
}

/// One order after another, changed, cancelled and dropped at times, while every second request meets the trouble, on a
/// machine whose clock is wrong by up to twelve hours in three of four runs.
async fn run<H: House>(trouble: H::Trouble, seed: u64) -> Tally {
    let mut rng = fastrand::Rng::with_seed(seed);
    let opening = Opening::seed(seed);
    let wrong = kiwoom_api::jiff::SignedDuration::from_secs(if seed.is_multiple_of(4) {
        0
    } else {
        rng.i64(-12 * 3600..=12 * 3600)
    });
    let house = Arc::new(H::open(opening).await);
    let time = ManualClock::at(opening.at + wrong);
    let pump = tokio::spawn(pump(time.clone(), house.clone()));
    let builder = builder(&*house, &time).timeout(Duration::from_millis(300));
    // half of them wait for their turn, which takes some orders too long
    let builder = if seed.is_multiple_of(2) { builder } else { builder.limits(Limits::unlimited()) };
    let client = builder.build().unwrap();
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("orders.log");
    let journal = Journal::open(&path, &client).await.unwrap();
    let mut chance = fastrand::Rng::with_seed(!seed);
    let orders = client.orders().default_venue(OrderVenue::Krx).with_journal(journal.clone()).unwrap();
    house.misbehave(trouble, 0.4);

    let mut script = Script { orders: &orders, house: &*house, tally: Tally::default() };
    for step in 1..=4 {
        // quantity and price are the fingerprint by which an order is known again
        let (qty, price) = (step, house.limit(rng.u8(0..50)));
        let (api, ticket) = match rng.bool() {
            true => ("kt10000", Order::buy("005930").limit(price).qty(qty)),
            false => ("kt10001", Order::sell("005930").limit(price).qty(qty)),
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
        let placed = script.check(outcome, |order| order.api == api && order.qty == qty);
        let Some(order) = placed else { continue };
        match rng.u8(0..3) {
            0 => script.cancel(&order).await,
            1 => script.modify(&order, house.limit(rng.u8(0..50))).await,
            _ => {}
        }
    }
    house.heal();
    if seed.is_multiple_of(12) {
        house.second_process(&path).await;
    }
    let mut tally = script.tally;
    settle(&journal, (&client, &time), &*house, &mut tally).await;
    house.audit();
    pump.abort();
    tally
}

/// Looks up what is left, and holds each verdict against what the broker has in the end.
async fn settle(journal: &Journal, (client, time): (&Client, &ManualClock), house: &impl House, tally: &mut Tally) {
    // what was dropped while it was being noted is noted in a moment
    tokio::time::sleep(Duration::from_millis(5)).await;
    let sent = || ["kt10000", "kt10001", "kt10002", "kt10003"].map(|api| house.requests(api));
    // what is held up may still arrive; so what is said now must be true in the end
    let mut settlements = journal.reconcile(client).await.unwrap();
    settlements.retain(|settlement| settlement.verdict.is_settled());
    for _ in 0..5 {
        let looked = journal.reconcile(client).wait_until_certain().await.unwrap();
        let (settled, open): (Vec<_>, Vec<_>) = looked.into_iter().partition(|looked| looked.verdict.is_settled());
        settlements.extend(settled);
        // a list could not be read, and the verdict says to try again: a busy machine took longer than the client waits, or
        // one token after another died, and the client does not ask for the next one at once
        if !open.iter().any(|looked| matches!(looked.verdict, Verdict::StillUnknown(_))) {
            break;
        }
        println!("asked again: {open:?}");
        house.time().advance(BREATH);
        time.advance(BREATH);
    }
    let before = sent();
    house.time().advance(Duration::from_secs(3600));
    caught_up(house).await;
    assert_eq!(sent(), before, "looking is not sending, and nothing comes after its verdict");
    tally.left = settlements.len() + journal.unsettled().len();
    tally.found = settlements.iter().filter(|settlement| matches!(settlement.verdict, Verdict::Found(_))).count();
    tally.settled = settlements.iter().filter(|settlement| is_true(settlement, house)).count();
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
                let kept = journal.compact(kiwoom_api::jiff::civil::Date::MAX).await.unwrap();
                assert!(kept >= before.len(), "compaction keeps what is unsettled");
                let after = journal.unsettled();
                assert!(before.iter().all(|left| after.contains(left)), "{before:?} became {after:?}");
            }
            Disturbance::Stranger => {
                let builder = Client::builder(client.server().clone(), Credentials::new("another key", "its secret"));
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

struct Script<'a, H> {
    orders: &'a Orders,
    house: &'a H,
    tally: Tally,
}

impl<H: House> Script<'_, H> {
    /// Holds an outcome against what the broker has, and gives the order if it was accepted.
    fn check(&mut self, outcome: Outcome<OrderRef>, is_it: impl Fn(&Placed) -> bool) -> Option<OrderRef> {
        self.house.look_at(&format!("{outcome:?}"));
        let there: Vec<Placed> = self.house.placed().into_iter().filter(is_it).collect();
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
