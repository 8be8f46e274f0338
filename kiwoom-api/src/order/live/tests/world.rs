//! A broker, a line that loses things, and a user; and what must hold whatever they do.

mod chains;
mod truth;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use fastrand::Rng;

use super::super::book::{Blotter, Said, key_of};
use super::super::event::LiveEvent;
use super::super::order::{Origin, Proof};
use super::super::report::Report;
use super::broker::{Broker, DAY, Settled, Wish, name};
use super::tally::Tally;
use crate::order::{Action, Desk, Intent, OrderId, OrderRef};
use crate::value::{Decimal, Side};

/// How late lists are at most, in milliseconds, and what the book is told.
const LATE: u64 = 2_000;
const DELAY: Duration = Duration::from_millis(3_000);
/// How long nobody looks.
const EVERY: Duration = Duration::from_secs(300);
/// How long the fate of an order may be open before its absence is proof.
const TRAVEL: u64 = 90_000;

#[derive(Clone, Debug)]
enum Event {
    User,
    Exchange,
    Settle(u32),
    Trouble,
    Deliver(u64, Box<Report>),
    Reply(OrderId, Option<u32>, Outcome),
    /// What arrives although its reply is lost.
    Arrive(OrderId, Box<Intent>, Outcome),
    NotPlaced(OrderId),
    Connect,
    /// The lists are there: began, rows.
    Listed(u64, bool),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    Told,
    Lost,
}

pub struct World {
    random: Rng,
    now: u64,
    events: BTreeMap<(u64, u64), Event>,
    order: u64,
    broker: Broker,
    book: Blotter,
    /// Which connection it is; `None` while there is none.
    line: Option<u64>,
    lines: u64,
    faults: bool,
    reading: bool,
    /// Ids and the numbers that the broker gave them.
    truth: BTreeMap<OrderId, Option<u32>>,
    intents: BTreeMap<OrderId, Intent>,
    /// Increments as they were told, by number.
    told: BTreeMap<u32, (i64, Option<Decimal>)>,
    numbers: BTreeSet<(u32, String)>,
    announced: BTreeSet<u32>,
    lost_of: BTreeSet<u32>,
    primed: bool,
    ready: bool,
    next_id: u32,
    tally: Tally,
    trace: Option<Vec<String>>,
    seed: u64,
}

impl World {
    /// One schedule, from the first order to the last look.
    pub fn run(seed: u64) -> Tally {
        World::traced(seed, std::env::var("KIWOOM_TRACE").ok().map(|_| Vec::new()))
    }

    fn traced(seed: u64, trace: Option<Vec<String>>) -> Tally {
        let mut random = Rng::with_seed(seed);
        let broker = Broker::new(&mut random);
        let mut world = World {
            broker,
            random,
            now: 1_000,
            events: BTreeMap::new(),
            order: 0,
            book: Blotter::new(DELAY, EVERY),
            line: None,
            lines: 0,
            faults: true,
            reading: false,
            truth: BTreeMap::new(),
            intents: BTreeMap::new(),
            told: BTreeMap::new(),
            numbers: BTreeSet::new(),
            announced: BTreeSet::new(),
            lost_of: BTreeSet::new(),
            primed: false,
            ready: false,
            next_id: 0,
            tally: Tally::default(),
            trace,
            seed,
        };
        world.before();
        world.live();
        world.settle();
        world.compare();
        world.compare_chains();
        world.tally
    }

    /// What an earlier process and a hand left.
    fn before(&mut self) {
        for _ in 0..self.random.usize(0..4) {
            let wish = self.wish();
            let by_hand = self.random.bool();
            self.broker.take(self.now, wish, by_hand);
            self.exchange();
        }
        for report in std::mem::take(&mut self.broker.pushes) {
            self.lost(&report);
        }
        self.after(0, Event::Connect);
    }

    fn live(&mut self) {
        let steps = self.random.usize(60..240);
        self.after(8_000, Event::User);
        self.after(500, Event::Exchange);
        self.after(6_000, Event::Trouble);
        for _ in 0..steps {
            self.step();
        }
    }

    /// The faults end. After a while all must be known.
    fn settle(&mut self) {
        self.faults = false;
        self.events.retain(|_, event| !matches!(event, Event::User | Event::Exchange | Event::Trouble));
        if self.line.is_none() && !self.events.values().any(|event| matches!(event, Event::Connect)) {
            self.after(10, Event::Connect);
        }
        let end = self.now + 4 * TRAVEL;
        while self.now < end && (self.events.first_key_value().is_some() || self.book.looks.next().is_some()) {
            if !self.step() {
                break;
            }
        }
    }

    fn after(&mut self, wait: u64, event: Event) {
        self.order += 1;
        self.events.insert((self.now + wait, self.order), event);
    }

    fn time(&self) -> Duration {
        Duration::from_millis(self.now)
    }

    fn step(&mut self) -> bool {
        let next = self.events.first_key_value().map(|(at, _)| at.0);
        let look = self.book.looks.next().filter(|_| !self.reading && self.line.is_some());
        let look = look.map(|at| (at.as_millis() as u64).max(self.now));
        match (next, look) {
            (None, None) => return false,
            (next, Some(look)) if next.is_none_or(|next| look <= next) => {
                self.now = look;
                self.book.looks.taken();
                self.reading = true;
                let fails = self.faults && self.random.u8(..6) == 0;
                let takes = self.random.u64(5..1_500);
                self.after(takes, Event::Listed(self.now, fails));
            }
            _ => {
                let ((at, _), event) = self.events.pop_first().expect("there is one");
                self.now = at;
                self.happen(event);
            }
        }
        self.ship();
        self.take_events();
        self.check();
        true
    }

    fn happen(&mut self, event: Event) {
        if let Some(trace) = &mut self.trace {
            trace.push(format!("{} {event:?}", self.now));
        }
        match event {
            Event::User => {
                self.user();
                let wait = self.random.u64(50..4_000);
                self.after(wait, Event::User);
            }
            Event::Exchange => {
                self.exchange();
                let wait = self.random.u64(20..1_500);
                self.after(wait, Event::Exchange);
            }
            Event::Settle(number) => {
                match self.broker.settle(self.now, number) {
                    Settled::Part => self.tally.partial_takings += 1,
                    Settled::Refused => self.tally.races_lost += 1,
                    Settled::Whole => {}
                };
            }
            Event::Trouble => {
                if self.line.take().is_some() {
                    self.tally.disconnections += 1;
                    let wait = self.random.u64(100..8_000);
                    self.after(wait, Event::Connect);
                }
                let wait = self.random.u64(3_000..40_000);
                self.after(wait, Event::Trouble);
            }
            Event::Connect => {
                self.lines += 1;
                self.line = Some(self.lines);
                self.primed = false;
                self.book.connected(self.time());
            }
            Event::Deliver(line, report) => {
                if self.line == Some(line) {
                    self.tally.pushes += 1;
                    let number: u32 = report.number.as_str().parse().unwrap();
                    let flying = self.truth.iter().any(|(id, known)| {
                        *known == Some(number) && self.book.sendings.iter().any(|sending| sending.intent.id == *id)
                    });
                    self.tally.pushes_before_reply += u64::from(flying);
                    self.book.push(self.time(), *report);
                } else {
                    self.lost(&report);
                }
            }
            Event::Arrive(id, intent, outcome) => self.arrive(id, *intent, outcome),
            Event::Reply(id, number, outcome) => self.reply(id, number, outcome),
            Event::NotPlaced(id) => self.book.not_placed(self.time(), &id),
            Event::Listed(began, fails) => {
                self.reading = false;
                if fails {
                    self.tally.lists_failed += 1;
                    self.book.looks.failed(self.time(), Duration::from_secs(1));
                } else {
                    self.tally.lists_read += 1;
                    // each row is read at some moment of the walk over the pages
                    let at = self.random.u64(began..=self.now);
                    let rows = self.broker.rows(at, LATE.min(at), &mut self.random);
                    let began = Duration::from_millis(began);
                    self.book.listed(self.time(), began, rows, (&[DAY], DAY));
                }
            }
        }
    }

    /// The user, or somebody with the broker's own program, wants something.
    fn user(&mut self) {
        // nobody has the handle before all is known
        let by_hand = self.random.u8(..4) == 0 || !self.ready;
        let open: Vec<u32> =
            self.broker.orders.values().filter(|order| order.left > 0).map(|order| order.number).collect();
        let wish = match open.is_empty() || self.random.u8(..3) == 0 {
            true => self.wish(),
            false => {
                let number = open[self.random.usize(..open.len())];
                self.request(number)
            }
        };
        if by_hand {
            self.tally.by_hand += 1;
            self.take(wish, true);
            return;
        }
        self.next_id += 1;
        let id: OrderId = format!("id-{}", self.next_id).parse().unwrap();
        let intent = Intent {
            id: id.clone(),
            action: wish.action,
            desk: Desk::Stock,
            date: DAY,
            side: wish.side,
            symbol: wish.symbol.into(),
            venue: "KRX".into(),
            kind: if wish.price == 0 { "3" } else { "0" }.into(),
            qty: (wish.qty > 0).then_some(wish.qty),
            price: (wish.price > 0).then(|| Decimal::from(wish.price)),
            stop: None,
            repay: None,
            original: wish.original.map(name),
        };
        self.truth.insert(id.clone(), None);
        self.intents.insert(id.clone(), intent.clone());
        self.book.sent(self.time(), intent.clone());
        let lost = self.faults && self.random.u8(..6) == 0;
        let outcome = if lost { Outcome::Lost } else { Outcome::Told };
        if lost {
            self.tally.replies_lost += 1;
        }
        if lost && self.random.bool() {
            self.tally.never_arrived += 1;
            let wait = self.random.u64(1_000..5_000);
            self.after(wait, Event::Reply(id, None, Outcome::Lost));
        } else {
            let wait = self.random.u64(1..300);
            self.after(wait, Event::Arrive(id, Box::new(intent), outcome));
        }
    }

    fn wish(&mut self) -> Wish {
        let symbol = ["005930", "000660"][self.random.usize(..2)];
        let side = if self.random.bool() { Side::Buy } else { Side::Sell };
        // few kinds, so that many are alike
        let (qty, price) = ([5, 10][self.random.usize(..2)], [0, 100, 110][self.random.usize(..3)]);
        Wish { action: Action::Place, side, symbol, qty, price, original: None }
    }

    fn request(&mut self, number: u32) -> Wish {
        let original = self.broker.orders[&number].clone();
        let action = if self.random.bool() { Action::Modify } else { Action::Cancel };
        let qty = if self.random.bool() { 0 } else { self.random.i64(1..=original.left) };
        let price = if action == Action::Modify { [100, 110, 120][self.random.usize(..3)] } else { 0 };
        Wish { action, qty, price, original: Some(number), ..original.wish }
    }

    fn take(&mut self, wish: Wish, by_hand: bool) -> Option<u32> {
        let request = wish.original.is_some();
        match wish.action {
            Action::Place => self.tally.orders += 1,
            Action::Modify => self.tally.changes += 1,
            Action::Cancel => self.tally.cancellations += 1,
        }
        let number = self.broker.take(self.now, wish, by_hand)?;
        if request {
            let wait = self.random.u64(1..800);
            self.after(wait, Event::Settle(number));
        }
        Some(number)
    }

    fn arrive(&mut self, id: OrderId, intent: Intent, outcome: Outcome) {
        let wish = Wish {
            action: intent.action,
            side: intent.side,
            symbol: ["005930", "000660"].into_iter().find(|symbol| *symbol == intent.symbol).unwrap(),
            qty: intent.qty.unwrap_or(0),
            price: intent.price.map_or(0, |price| i64::try_from(price).unwrap()),
            original: intent.original.as_ref().map(|number| number.as_str().parse().unwrap()),
        };
        let number = self.take(wish, false);
        self.truth.insert(id.clone(), number);
        let wait = if outcome == Outcome::Lost { self.random.u64(1_000..5_000) } else { self.random.u64(1..900) };
        self.after(wait, Event::Reply(id, number, outcome));
    }

    fn reply(&mut self, id: OrderId, number: Option<u32>, outcome: Outcome) {
        let intent = self.intents[&id].clone();
        let said = match (outcome, number) {
            (Outcome::Lost, number) => {
                if number.is_none() {
                    self.after(TRAVEL, Event::NotPlaced(id.clone()));
                }
                Said::Unknown
            }
            (Outcome::Told, None) => Said::Nothing,
            (Outcome::Told, Some(number)) => {
                let order = OrderRef::new(Desk::Stock, DAY, name(number)).of(intent.side, intent.symbol).at("KRX");
                Said::Accepted(match intent.original {
                    Some(original) => order.instead_of(original),
                    None => order,
                })
            }
        };
        self.book.replied(self.time(), &id, said);
    }

    /// Something is filled, or taken back.
    fn exchange(&mut self) {
        let open: Vec<u32> =
            self.broker.orders.values().filter(|order| order.left > 0).map(|order| order.number).collect();
        if open.is_empty() || self.random.u8(..3) == 0 {
            return;
        }
        let number = open[self.random.usize(..open.len())];
        if self.random.u8(..24) == 0 {
            match self.broker.take_back(self.now, number) {
                Settled::Refused => self.tally.rejections_by_push += 1,
                _ => self.tally.leftovers_taken_back += 1,
            }
            return;
        }
        let left = self.broker.orders[&number].left;
        let qty = self.random.i64(1..=left);
        let price = self.random.i64(95..120);
        self.tally.fills += 1;
        self.tally.partial_fills += u64::from(qty < left);
        self.broker.fill(self.now, number, (qty, price));
    }

    /// What the broker pushes goes on its way.
    fn ship(&mut self) {
        for report in std::mem::take(&mut self.broker.pushes) {
            let Some(line) = self.line else {
                self.lost(&report);
                continue;
            };
            if self.faults && self.random.u8(..16) == 0 {
                self.tally.pushes_lost += 1;
                self.lost(&report);
                continue;
            }
            if self.faults && self.random.u8(..8) == 0 {
                self.tally.pushes_doubled += 1;
                let wait = self.random.u64(1..2_000);
                self.after(wait, Event::Deliver(line, Box::new(report.clone())));
            }
            let wait = if self.random.u8(..4) == 0 { self.random.u64(1..900) } else { 5 };
            self.after(wait, Event::Deliver(line, Box::new(report)));
        }
    }

    fn lost(&mut self, report: &Report) {
        self.lost_of.insert(report.number.as_str().parse().unwrap());
    }

    fn take_events(&mut self) {
        let events: Vec<LiveEvent> = self.book.events().collect();
        for event in events {
            if let Some(trace) = &mut self.trace {
                trace.push(format!("    {event}"));
            }
            let number = event.order().map(|order| order.order.number.as_str().parse::<u32>().unwrap());
            match &event {
                LiveEvent::Accepted(order) | LiveEvent::Adopted(order) => {
                    self.tally.settled_by_push += u64::from(order.origin == Origin::Ours(Proof::Push));
                    self.announced.insert(number.unwrap());
                }
                LiveEvent::Filled { fill, order } => {
                    let number = number.unwrap();
                    self.must(self.announced.contains(&number), || format!("{number} was filled before it was there"));
                    let told = self.told.entry(number).or_insert((0, Some(Decimal::ZERO)));
                    told.0 += i64::try_from(fill.qty).unwrap();
                    told.1 = told.1.zip(fill.price).map(|(value, price)| value + price * fill.qty);
                    match &fill.number {
                        None => self.tally.lost_fills_found += 1,
                        Some(fill) => {
                            let new = self.numbers.insert((number, fill.as_str().to_owned()));
                            self.must(new, || format!("fill {fill} of {number} was told twice"));
                        }
                    }
                    self.must(fill.qty > Decimal::ZERO && order.filled >= fill.qty, || format!("{event}"));
                }
                LiveEvent::Disowned { .. } => self.tally.disowned += 1,
                LiveEvent::Primed => (self.primed, self.ready) = (true, true),
                _ => {}
            }
        }
    }

    #[track_caller]
    fn must(&self, holds: bool, what: impl FnOnce() -> String) {
        if holds {
            return;
        }
        if self.trace.is_none() {
            // the same again, with its story
            let seed = self.seed;
            let again = std::panic::catch_unwind(|| World::traced(seed, Some(Vec::new())));
            std::panic::resume_unwind(again.err().unwrap_or_else(|| Box::new("it holds the second time")));
        }
        let trace = self.trace.as_ref().unwrap();
        let last = trace.len().saturating_sub(400);
        panic!("seed {}, {:?}: {}\n{}", self.seed, self.broker.manner, what(), trace[last..].join("\n"));
    }
}
