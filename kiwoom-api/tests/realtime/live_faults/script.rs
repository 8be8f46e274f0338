//! One run: orders are sent, changed, cancelled and dropped while the broker fills them and everything fails, and the process
//! begins anew in the middle.

use std::collections::{BTreeMap, BTreeSet};
use std::future::IntoFuture;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use fastrand::Rng;
use kiwoom_api::order::{Cancel, Journal, LiveEvents, LiveOrders, OrderId, OrderRef, Orders, Settled, Verdict};
use kiwoom_api::{Client, Credentials, ManualClock, Outcome};
use tokio::time::timeout;

use super::market::Market;
use super::time::{Pace, Patience, TRADING, WAITING, pump};
use super::truth::{Told, assert_same};
use crate::server::SOON;
use crate::support::{self, APP_KEY, Broker, Fault, LineTally, Placed, SECRET_KEY, TRADES};

/// What a run did and learned.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    pub accepted: usize,
    rejected: usize,
    pub not_sent: usize,
    pub unknown: usize,
    dropped: usize,
    settled_as_placed: usize,
    settled_as_nothing: usize,
    restarts: usize,
    partly_filled: usize,
    changes: usize,
    fills_without_a_push: usize,
    asked_again: usize,
    line: LineTally,
}

impl Tally {
    pub fn add(&mut self, other: &Tally) {
        self.accepted += other.accepted;
        self.rejected += other.rejected;
        self.not_sent += other.not_sent;
        self.unknown += other.unknown;
        self.dropped += other.dropped;
        self.settled_as_placed += other.settled_as_placed;
        self.settled_as_nothing += other.settled_as_nothing;
        self.restarts += other.restarts;
        self.partly_filled += other.partly_filled;
        self.changes += other.changes;
        self.fills_without_a_push += other.fills_without_a_push;
        self.asked_again += other.asked_again;
        self.line.add(other.line);
    }

    /// What all runs together must reach.
    pub fn reached(&self) -> [(&'static str, usize); 13] {
        [
            ("accepted", self.accepted),
            ("unknown", self.unknown),
            ("not sent", self.not_sent),
            ("dropped", self.dropped),
            ("settled as placed", self.settled_as_placed),
            ("settled as nothing", self.settled_as_nothing),
            ("restart", self.restarts),
            ("partly filled", self.partly_filled),
            ("change", self.changes),
            ("fill without a push", self.fills_without_a_push),
            ("push doubled", self.line.doubled),
            ("push late", self.line.late),
            ("line cut", self.line.cuts),
        ]
    }
}

/// What was intended, and what was said of it.
struct Intended {
    id: OrderId,
    /// `kt10000`, or that of a change or cancellation.
    api: String,
    /// How many were ordered: no two new orders are alike.
    qty: i64,
    original: String,
    said: Said,
}

#[derive(Clone, Debug)]
enum Said {
    Accepted(String),
    Nothing,
    Unknown,
}

/// The program of the trader, as long as it lives.
struct Life {
    orders: Orders,
    live: LiveOrders,
    events: LiveEvents,
    /// Which intents it sent.
    from: usize,
}

struct Run {
    market: Market,
    rng: Rng,
    broker: Arc<Broker>,
    time: ManualClock,
    pace: Pace,
    path: PathBuf,
    intended: Vec<Intended>,
    /// Orders that a change or a cancellation was sent for.
    touched: BTreeSet<String>,
    tally: Tally,
    what: String,
}

pub async fn run(market: Market, (fault, seed): (Fault, u64)) -> Tally {
    let mut rng = Rng::with_seed(seed);
    // the US market is open over midnight in Korea
    let night = market == Market::Us && seed % 2 == 1;
    let start = if night { "2026-07-06T23:59:50+09:00" } else { "2026-07-06T10:00:00+09:00" };
    let truth: jiff::Timestamp = start.parse().unwrap();
    let wrong = jiff::SignedDuration::from_secs(if seed.is_multiple_of(4) { 0 } else { rng.i64(-43_200..=43_200) });
    let (theirs, time) = (ManualClock::at(truth), ManualClock::at(truth + wrong));
    let broker = Arc::new(Broker::start(theirs.clone(), seed).await);
    let pace = Pace::new(WAITING);
    let pump = tokio::spawn(pump(pace.clone(), broker.clone(), (theirs, time.clone())));
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("orders.log");
    let what = format!("{market:?} {fault:?} {seed}");
    let mut run = Run {
        market,
        rng,
        broker: broker.clone(),
        time,
        pace,
        path,
        intended: Vec::new(),
        touched: BTreeSet::new(),
        tally: Tally::default(),
        what,
    };
    let mut life = run.begin().await;
    let exchange = tokio::spawn(exchange(broker.clone(), (market, seed)));
    broker.break_the_line(true);
    broker.misbehave(fault, 0.4);
    let crash = run.rng.bool().then(|| run.rng.usize(1..6));
    for step in 0..6 {
        if crash == Some(step) {
            broker.heal();
            life = run.crash(life).await;
            broker.misbehave(fault, 0.4);
        }
        run.step(&life).await;
    }
    broker.heal();
    broker.break_the_line(false);
    exchange.abort();
    run.end(life).await;
    pump.abort();
    run.tally
}

impl Run {
    async fn begin(&mut self) -> Life {
        self.pace.set(WAITING);
        support::log::capture();
        let client = Client::builder(self.broker.server(), Credentials::new(APP_KEY, SECRET_KEY))
            .clock(self.time.clock())
            .timeout(Duration::from_millis(400))
            .build()
            .unwrap();
        let journal = loop {
            match Journal::open(&self.path, &client).await {
                Ok(journal) => break journal,
                // the tasks of an earlier life are still ending
                Err(error) if error.to_string().contains("in use") => {
                    tokio::time::sleep(Duration::from_millis(5)).await
                }
                Err(error) => panic!("{}: {error}", self.what),
            }
        };
        let orders = client.orders().default_venue(kiwoom_api::codes::OrderVenue::Krx).with_journal(journal).unwrap();
        self.reconcile(&orders).await;
        let live = self.patience().wait((&self.what, "opening"), self.market.live(&orders)).await.unwrap();
        let events = live.events();
        self.pace.set(TRADING);
        Life { orders, live, events, from: self.intended.len() }
    }

    /// The process is gone in the middle of everything; another one takes over.
    async fn crash(&mut self, life: Life) -> Life {
        self.tally.restarts += 1;
        let Life { live, events, orders, .. } = life;
        drop((live, orders));
        let told = Told::all(events, (self.patience(), &self.what)).await;
        told.assert_all(&self.broker, (false, &self.what));
        let life = self.begin().await;
        // a push that was lost is found by the next look
        self.pace.set(WAITING);
        assert_same((&life.live, self.patience()), &self.broker, (self.market, &self.what)).await;
        self.pace.set(TRADING);
        life
    }

    /// A new order, and perhaps something about one that is open.
    async fn step(&mut self, life: &Life) {
        let id = format!("id-{}", self.intended.len());
        let qty = 5 + self.intended.len() as i64;
        let order = self.market.order(&mut self.rng, (qty, &id));
        let patience = match self.rng.u8(0..6) {
            // before it began, on its way, or after it arrived
            0 => Duration::from_micros(self.rng.u64(0..20_000)),
            _ => SOON,
        };
        let outcome = timeout(patience, life.live.submit(order)).await.ok();
        // buys and sells differ in nothing else here
        self.note((id.parse().unwrap(), String::new()), (qty, String::new()), outcome);
        let pause = self.rng.u64(0..8);
        tokio::time::sleep(Duration::from_millis(pause)).await;
        let mut open = life.live.open_orders();
        open.retain(|order| order.order.symbol != self.market.other() && !self.is_touched(&order.order));
        if !open.is_empty() && self.rng.u8(0..3) > 0 {
            let order = open[self.rng.usize(..open.len())].clone();
            self.touched.insert(order.order.number.as_str().to_owned());
            let left = i64::try_from(order.remaining).unwrap().max(1);
            let change = self.rng.bool();
            let id = format!("id-{}", self.intended.len());
            let outcome = if change {
                life.live.modify(&order.order, self.market.change(&mut self.rng, left).id(&id)).await
            } else {
                let cancel = Cancel::of(&order.order).id(&id);
                let part = self.market == Market::Domestic && self.rng.bool();
                life.live.cancel(if part { cancel.qty(self.rng.i64(1..=left)) } else { cancel }).await
            };
            let api = format!("{}{}", self.market.api(), if change { 2 } else { 3 });
            let original = order.order.number.as_str().to_owned();
            self.note((id.parse().unwrap(), api), (0, original), Some(outcome));
        }
        if self.rng.u8(0..4) == 0 {
            // of another code: what somebody types at that moment keeps anything lost of the same code in doubt
            let (symbol, price) = (self.market.other().to_owned(), self.market.price(&mut self.rng));
            let order = Placed { symbol, ..Placed::by_hand(self.market == Market::Us, (100, price)) };
            self.broker.typed_by_hand(order);
        }
    }

    fn is_touched(&self, order: &OrderRef) -> bool {
        self.touched.contains(order.number.as_str())
    }

    fn note(
        &mut self,
        (id, api): (OrderId, String),
        (qty, original): (i64, String),
        outcome: Option<Outcome<OrderRef>>,
    ) {
        if let Some(outcome) = &outcome {
            support::assert_clean(&format!("{outcome:?}"));
        }
        let said = match outcome {
            Some(Outcome::Accepted(order)) => {
                self.tally.accepted += 1;
                Said::Accepted(order.number.as_str().to_owned())
            }
            Some(Outcome::Rejected(_)) => {
                self.tally.rejected += 1;
                Said::Nothing
            }
            Some(Outcome::NotSent(_)) => {
                self.tally.not_sent += 1;
                Said::Nothing
            }
            Some(Outcome::Unknown(_)) => {
                self.tally.unknown += 1;
                Said::Unknown
            }
            None => {
                self.tally.dropped += 1;
                Said::Unknown
            }
        };
        self.intended.push(Intended { id, api, qty, original, said });
    }

    /// Everything is settled, and everything is known.
    async fn end(&mut self, life: Life) {
        self.pace.set(WAITING);
        let sent = |broker: &Broker| TRADES.map(|api| broker.requests(api));
        while self.broker.is_behind() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        for intended in &self.intended[life.from..] {
            if matches!(intended.said, Said::Nothing) {
                // what this machine refused, it never watched
                continue;
            }
            let (settled, again) = self.settle(&life.live, &intended.id).await;
            self.tally.asked_again += again;
            match (&settled, &intended.said) {
                (Settled::Placed(order), Said::Accepted(number)) => assert_eq!(order.number.as_str(), number),
                (Settled::Placed(order), Said::Unknown) => {
                    self.tally.settled_as_placed += 1;
                    let there = self.there(intended);
                    assert_eq!(
                        there.map(|there| there.number).as_deref(),
                        Some(order.number.as_str()),
                        "{}",
                        self.what
                    );
                }
                (Settled::NotPlaced, Said::Unknown) => self.tally.settled_as_nothing += 1,
                (settled, said) => panic!("{}: {}: said {said:?}, settled {settled:?}", self.what, intended.id),
            }
        }
        let before = sent(&self.broker);
        self.reconcile(&life.orders).await;
        self.patience().wait((&self.what, "a refresh"), life.live.refresh()).await.unwrap();
        assert_same((&life.live, self.patience()), &self.broker, (self.market, &self.what)).await;
        assert_eq!(sent(&self.broker), before, "{}: looking is not sending", self.what);
        self.check(&life);
        let placed = self.broker.orders();
        self.tally.partly_filled += placed.iter().filter(|order| order.filled() > 0 && order.remaining > 0).count();
        self.tally.changes += placed.iter().filter(|order| order.is_change()).count();
        self.tally.line = self.broker.line();
        let Life { live, events, .. } = life;
        drop(live);
        let told = Told::all(events, (self.patience(), &self.what)).await;
        told.assert_all(&self.broker, (self.tally.restarts == 0, &self.what));
        self.tally.fills_without_a_push += told.unnumbered;
    }

    fn patience(&self) -> Patience {
        Patience::new(&self.time)
    }

    /// What became of an intent, and how often a busy machine made the lists come too late to say it.
    async fn settle(&self, live: &LiveOrders, id: &OrderId) -> (Settled, usize) {
        let (patience, mut again) = (self.patience(), 0);
        loop {
            let settled = patience.wait((&self.what, id.as_str()), live.settle(id)).await.unwrap();
            match &settled {
                Settled::Undecided(Some(verdict)) if is_unread(verdict) && !patience.is_over() => again += 1,
                _ => return (settled, again),
            }
        }
    }

    /// Settles everything.
    async fn reconcile(&self, orders: &Orders) {
        let patience = self.patience();
        loop {
            let settling = orders.reconcile().wait_until_certain().into_future();
            let settlements = patience.wait((&self.what, "reconcile"), settling).await.unwrap();
            if settlements.iter().all(|settled| settled.verdict.is_settled()) {
                return;
            }
            let unread = |verdict: &Verdict| verdict.is_settled() || is_unread(verdict);
            assert!(settlements.iter().all(|settled| unread(&settled.verdict)), "{}: {settlements:?}", self.what);
            assert!(!patience.is_over(), "{}: after {patience:?}: {settlements:?}", self.what);
        }
    }

    /// What the broker has of an intent.
    fn there(&self, intended: &Intended) -> Option<Placed> {
        let is_it = |order: &Placed| match intended.api.as_str() {
            "" => order.original.is_empty() && order.quantity == intended.qty,
            api => order.api == api && order.original == intended.original,
        };
        let mut there = self.broker.orders().into_iter().filter(is_it);
        let first = there.next();
        assert!(there.next().is_none(), "{}: sent twice: {first:?}", self.what);
        first
    }

    /// No outcome was untrue, nothing was sent twice, and every id has the number that the broker gave it.
    fn check(&self, life: &Life) {
        let mut numbers = BTreeMap::new();
        for (at, intended) in self.intended.iter().enumerate() {
            let there = self.there(intended).map(|order| order.number);
            match &intended.said {
                Said::Accepted(number) => assert_eq!(there.as_ref(), Some(number), "{}", self.what),
                Said::Nothing => assert_eq!(there, None, "{}: {} was not placed", self.what, intended.id),
                Said::Unknown => {}
            }
            if at >= life.from {
                let known = life.live.find(&intended.id).map(|order| order.order.number.as_str().to_owned());
                assert_eq!(known, there, "{}: {}", self.what, intended.id);
            }
            if let Some(number) = there {
                assert_eq!(numbers.insert(number, &intended.id), None, "{}", self.what);
            }
        }
        let by_us = self.broker.orders().iter().filter(|order| order.channel == "REST API").count();
        assert_eq!(by_us, numbers.len(), "{}: more than was intended", self.what);
    }
}

/// A page of a list did not come: nothing listens yet, or a busy machine took longer than the client waits.
fn is_unread(verdict: &Verdict) -> bool {
    let reasons = ["no whole reply within", "no connection", "connection broke"];
    matches!(verdict, Verdict::StillUnknown(why) if reasons.iter().any(|reason| why.to_string().contains(reason)))
}

/// Fills a part of what is open every few milliseconds; sometimes nothing is pushed, sometimes the last fill once more.
async fn exchange(broker: Arc<Broker>, (market, seed): (Market, u64)) {
    let mut rng = Rng::with_seed(!seed);
    loop {
        tokio::time::sleep(Duration::from_millis(rng.u64(2..25))).await;
        let open: Vec<Placed> = broker.orders().into_iter().filter(|order| order.remaining > 0).collect();
        if open.is_empty() {
            continue;
        }
        let order = &open[rng.usize(..open.len())];
        match rng.u8(0..10) {
            0 => broker.fill_unseen(&order.number, (1, market.price(&mut rng))),
            1 if order.filled() > 0 => broker.repeat_last_fill(&order.number),
            _ => broker.fill(&order.number, (rng.i64(1..4), market.price(&mut rng))),
        }
    }
}
