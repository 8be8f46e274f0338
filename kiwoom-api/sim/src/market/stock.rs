//! One instrument through its days: it plays each second, and takes orders of the account.
//!
//! Every trade takes shares from a level of the book, so book and trades cannot disagree. Others trade as the seed says.

use std::sync::Arc;

use kiwoom_api::jiff::civil::Date;

use super::bars::{Bar, minutes};
use super::book::Book;
use super::crowd::{Bounds, Crowd, Move};
use super::deal::{Fill, OrderSide, Stay, Terms, Tick};
use super::grid::{ceiling, down, floor};
use super::history::History;
use super::listing::Listing;
use super::queue::QueueModel;
use crate::session::Phase;

/// A day that is over.
struct Past {
    day: Date,
    previous: i64,
    minutes: Vec<Bar>,
}

/// One instrument.
pub(crate) struct Stock {
    pub listing: &'static Listing,
    history: History,
    past: Vec<Past>,
    day: Date,
    /// The close of the day before.
    pub previous: i64,
    last: i64,
    pub(super) book: Book,
    pub(super) crowd: Crowd,
    tape: Vec<Tick>,
    /// The bar of today so far.
    today: Option<Bar>,
    /// Shares that were bought from the book today, and sold to it.
    taken: [i64; 2],
    /// The volume of the day before.
    volume_before: i64,
}

impl Stock {
    pub fn new(listing: &'static Listing, seed: u64, day: Date, queue: Arc<dyn QueueModel>) -> Stock {
        let seed = listing.code.bytes().fold(seed, |seed, byte| seed.rotate_left(7) ^ u64::from(byte));
        let history = History::new(listing, seed, day);
        let previous = history.last_close();
        let volume_before = history.last_volume();
        Stock {
            listing,
            history,
            past: Vec::new(),
            day,
            previous,
            last: previous,
            book: Book::new(queue),
            crowd: Crowd::new(listing, seed, previous),
            tape: Vec::new(),
            today: None,
            taken: [0; 2],
            volume_before,
        }
    }

    /// The trades of today become history.
    pub fn begin_day(&mut self, day: Date) {
        if !self.tape.is_empty() {
            let minutes = minutes(&self.tape, 1);
            self.past.push(Past { day: self.day, previous: self.previous, minutes });
            self.volume_before = self.tape.iter().map(|tick| tick.qty).sum();
            self.tape.clear();
            self.today = None;
            self.taken = [0; 2];
            self.previous = self.last;
        }
        self.day = day;
        self.crowd.begin_day(self.last);
        // orders that came after the close wait for this day
        self.book.clear_others();
    }

    /// Plays one second; whether anything changed.
    pub fn play(&mut self, phase: Phase, second: u32, fills: &mut Vec<Fill>) -> bool {
        let hours = self.listing.kind.exchange().hours();
        match phase {
            Phase::Continuous if second == hours.open => self.uncross(second, 80, fills),
            Phase::Continuous => return self.trade_on(second, fills),
            Phase::ClosingAuction if second == hours.last_call => self.book.call(),
            Phase::Closed if second == hours.close => {
                self.uncross(second, 15, fills);
                self.book.resting.clear();
            }
            _ => return false,
        }
        true
    }

    /// An auction ends: one price for everything.
    fn uncross(&mut self, second: u32, spread: i64, fills: &mut Vec<Fill>) {
        let from = if self.tape.is_empty() { self.previous } else { self.last };
        let wanted = from + from * self.crowd.rng.i64(-spread..=spread) / 10_000;
        let price = down(self.listing.kind, wanted.clamp(self.lowest(), self.highest())).max(self.lowest());
        let qty = self.crowd.auctioned().max(self.book.uncross(price, fills));
        self.print(Tick { second, price, qty, side: None });
        self.book.clear_others();
        self.fill_up();
        self.book.stand_anew();
    }

    /// What others do in one second of continuous trading.
    pub(super) fn trade_on(&mut self, second: u32, fills: &mut Vec<Fill>) -> bool {
        if self.book.asks.is_empty() && self.book.bids.is_empty() {
            self.fill_up();
        }
        let events = self.crowd.think(self.previous);
        for _ in 0..events {
            match self.crowd.choose(&self.book) {
                Move::Take(side, qty) => {
                    self.sweep(side, (qty, None), second, fills);
                }
                Move::Join(side) => {
                    let bounds = self.bounds();
                    self.crowd.join(&mut self.book, side, bounds);
                }
                Move::Leave(side) => self.crowd.leave(&mut self.book, side),
            }
            self.fill_up();
        }
        events > 0
    }

    pub(super) fn fill_up(&mut self) {
        let bounds = self.bounds();
        self.crowd.fill_up(&mut self.book, self.last, bounds);
    }

    fn bounds(&self) -> Bounds {
        Bounds { low: self.lowest(), high: self.highest() }
    }

    /// Takes shares from the other side up to a limit, the best price first; what was taken.
    pub(super) fn sweep(
        &mut self,
        taker: OrderSide,
        (qty, limit): (i64, Option<i64>),
        second: u32,
        fills: &mut Vec<Fill>,
    ) -> Vec<(i64, i64)> {
        let maker = taker.other();
        let (mut left, mut taken) = (qty, Vec::new());
        while left > 0 {
            let Some(price) = self.best(maker).filter(|price| taker.reaches(limit, *price)) else { break };
            let traded = self.book.take(maker, price, left, fills);
            left -= traded;
            taken.push((price, traded));
            self.print(Tick { second, price, qty: traded, side: Some(taker) });
        }
        taken
    }

    /// An order of the account: what can trade trades at once, and the rest stands in the book if it may. What neither traded
    /// nor stands is the second value.
    pub fn place(
        &mut self,
        (order, side): (u64, OrderSide),
        placed: Terms,
        (phase, second): (Phase, u32),
    ) -> (Vec<Fill>, i64) {
        let Terms { price, qty, stay } = placed;
        // no price is worse than the last one of the day
        let worst = match side {
            OrderSide::Buy => self.highest(),
            OrderSide::Sell => self.lowest(),
        };
        let (mut fills, mut left) = (Vec::new(), qty);
        if phase == Phase::Continuous {
            let limit = price.unwrap_or(worst);
            if stay == Stay::AllOrNothing && self.book.within(side, limit) < qty {
                return (fills, left);
            }
            for (at, qty) in self.sweep(side, (qty, Some(limit)), second, &mut fills) {
                fills.push(Fill { order, price: at, qty });
                left -= qty;
            }
            self.fill_up();
        }
        let stands = match (phase, stay) {
            // what a market order does not get is gone; before a call it waits
            (Phase::Continuous, Stay::Day | Stay::UntilCall) => price,
            (_, Stay::Day | Stay::UntilCall) => price.or(Some(worst)),
            (_, Stay::Now | Stay::AllOrNothing) => None,
        };
        if let Some(price) = stands.filter(|_| left > 0) {
            self.book.stand((order, side), (price, left), (stay == Stay::UntilCall).then_some(worst));
            left = 0;
        }
        (fills, left)
    }

    /// Lowers the quantity of an order in its place.
    pub fn lower(&mut self, order: u64, by: i64) {
        self.book.lower(order, by);
    }

    fn print(&mut self, tick: Tick) {
        self.last = tick.price;
        if let Some(side) = tick.side {
            self.taken[usize::from(side == OrderSide::Sell)] += tick.qty;
        }
        self.tape.push(tick);
        let bar = Bar::of(&tick, 0);
        match &mut self.today {
            Some(today) => today.join(&bar),
            None => self.today = Some(bar),
        }
    }

    /// The best price of a side, orders of the account included.
    pub fn best(&self, side: OrderSide) -> Option<i64> {
        self.book.best(side)
    }

    /// The ten best levels of a side, orders of the account included: price and quantity.
    pub fn levels(&self, side: OrderSide) -> Vec<(i64, i64)> {
        let mut levels = self.book.levels(side);
        levels.truncate(10);
        levels
    }

    pub fn highest(&self) -> i64 {
        ceiling(self.listing.kind, self.previous)
    }

    pub fn lowest(&self) -> i64 {
        floor(self.listing.kind, self.previous)
    }

    /// The day that is traded, or is traded next.
    pub fn day(&self) -> Date {
        self.day
    }

    /// The price of the last trade.
    pub fn last(&self) -> i64 {
        self.last
    }

    /// The trades of today, oldest first.
    pub fn tape(&self) -> &[Tick] {
        &self.tape
    }

    /// Shares that were bought from the book today, and sold to it.
    pub fn taken(&self) -> [i64; 2] {
        self.taken
    }

    /// The volume of the day before.
    pub fn volume_before(&self) -> i64 {
        self.volume_before
    }

    /// The bar of today, if there was a trade.
    pub fn today(&self) -> Option<Bar> {
        self.today
    }

    /// Days with their previous close and their minutes, newest first.
    pub fn days(&self) -> impl Iterator<Item = (Date, i64, Vec<Bar>)> + '_ {
        let today = (!self.tape.is_empty()).then(|| (self.day, self.previous, minutes(&self.tape, 1)));
        let past = self.past.iter().rev().map(|past| (past.day, past.previous, past.minutes.clone()));
        let older =
            self.history.days().map(|(day, close, before)| (day, before, self.history.minutes(day, close, before)));
        today.into_iter().chain(past).chain(older)
    }
}
