//! One instrument: its book, its trades, and the orders of the account that stand in the book.
//!
//! Every trade takes shares from a level of the book, so book and trades cannot disagree. Others trade as the seed says.

use std::collections::BTreeMap;
use std::sync::Arc;

use kiwoom_api::jiff::civil::Date;

use super::bars::{Bar, minutes};
use super::grid::{above, below, ceiling, down, floor};
use super::history::History;
use super::listing::Listing;
use super::queue::QueueModel;
use crate::session::{CLOSE, OPEN, Phase};

/// Levels of each side that others keep filled.
const DEPTH: usize = 12;

/// The side of an order or of the one who started a trade.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OrderSide {
    Buy,
    Sell,
}

/// One trade.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Tick {
    /// The second of the day.
    pub second: u32,
    pub price: i64,
    pub qty: i64,
    /// Who started it; none in an auction.
    pub side: Option<OrderSide>,
}

/// A fill of an order of the account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fill {
    /// The number of the order.
    pub order: u64,
    pub price: i64,
    pub qty: i64,
}

/// An order of the account in the book.
#[derive(Clone, Copy, Debug)]
struct Resting {
    order: u64,
    side: OrderSide,
    price: i64,
    left: i64,
    /// Shares of others that trade before it.
    ahead: i64,
}

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
    asks: BTreeMap<i64, i64>,
    bids: BTreeMap<i64, i64>,
    resting: Vec<Resting>,
    tape: Vec<Tick>,
    /// The bar of today so far.
    today: Option<Bar>,
    rng: fastrand::Rng,
    /// What others think it is worth, in thousandths: the book follows it.
    worth: i64,
    queue: Arc<dyn QueueModel>,
}

impl Stock {
    pub fn new(listing: &'static Listing, seed: u64, day: Date, queue: Arc<dyn QueueModel>) -> Stock {
        let seed = listing.code.bytes().fold(seed, |seed, byte| seed.rotate_left(7) ^ u64::from(byte));
        let history = History::new(listing, seed, day);
        let previous = history.last_close();
        Stock {
            listing,
            history,
            past: Vec::new(),
            day,
            previous,
            last: previous,
            asks: BTreeMap::new(),
            bids: BTreeMap::new(),
            resting: Vec::new(),
            tape: Vec::new(),
            today: None,
            rng: fastrand::Rng::with_seed(seed),
            worth: previous * 1_000,
            queue,
        }
    }

    /// The trades of today become history.
    pub fn begin_day(&mut self, day: Date) {
        if !self.tape.is_empty() {
            let minutes = minutes(&self.tape, 1);
            self.past.push(Past { day: self.day, previous: self.previous, minutes });
            self.tape.clear();
            self.today = None;
            self.previous = self.last;
        }
        self.day = day;
        self.worth = self.last * 1_000;
        self.resting.clear();
        self.asks.clear();
        self.bids.clear();
    }

    /// Plays one second; whether anything changed.
    pub fn play(&mut self, phase: Phase, second: u32, fills: &mut Vec<Fill>) -> bool {
        match phase {
            Phase::Continuous if second == OPEN => self.uncross(second, 80, fills),
            Phase::Continuous => return self.trade_on(second, fills),
            Phase::Closed if second == CLOSE => {
                self.uncross(second, 15, fills);
                self.resting.clear();
            }
            _ => return false,
        }
        true
    }

    /// An auction ends: one price for everything.
    fn uncross(&mut self, second: u32, spread: i64, fills: &mut Vec<Fill>) {
        let from = if self.tape.is_empty() { self.previous } else { self.last };
        let wanted = from + from * self.rng.i64(-spread..=spread) / 10_000;
        let price = down(self.listing.kind, wanted.clamp(self.lowest(), self.highest())).max(self.lowest());
        let mut qty = self.lot() * self.rng.i64(5..=20);
        for order in &mut self.resting {
            // an order at the price itself may or may not be filled: it stays
            let better = match order.side {
                OrderSide::Buy => order.price > price,
                OrderSide::Sell => order.price < price,
            };
            if better {
                fills.push(Fill { order: order.order, price, qty: order.left });
                qty = qty.max(order.left);
                order.left = 0;
            }
        }
        self.resting.retain(|order| order.left > 0);
        self.print(Tick { second, price, qty, side: None });
        self.asks.clear();
        self.bids.clear();
        self.fill_up();
        for index in 0..self.resting.len() {
            self.resting[index].ahead =
                self.queue.ahead_of_new(self.standing(self.resting[index].side, self.resting[index].price));
        }
    }

    /// What others do in one second of continuous trading.
    fn trade_on(&mut self, second: u32, fills: &mut Vec<Fill>) -> bool {
        if self.asks.is_empty() && self.bids.is_empty() {
            self.fill_up();
        }
        // about 1.5 % of the price in a day, never near its limits
        let step = self.previous * self.rng.i64(-170..=170) / 1_000;
        let reach = self.previous * 250;
        self.worth = (self.worth + step).clamp(self.previous * 1_000 - reach, self.previous * 1_000 + reach);
        let events = self.rng.u8(0..=2);
        for _ in 0..events {
            let buys = self.rng.i64(0..100) < 50 + self.lean() * 25;
            let side = if buys { OrderSide::Buy } else { OrderSide::Sell };
            match self.rng.u8(0..10) {
                0..4 => {
                    let qty = self.rng.i64(1..=self.lot());
                    self.sweep(side, qty, None, second, fills);
                }
                4..8 => self.join(side),
                _ => self.leave(side),
            }
            self.fill_up();
        }
        events > 0
    }

    /// Takes shares from the other side up to `limit`, the best price first; what was taken.
    fn sweep(
        &mut self,
        taker: OrderSide,
        qty: i64,
        limit: Option<i64>,
        second: u32,
        fills: &mut Vec<Fill>,
    ) -> Vec<(i64, i64)> {
        let maker = if taker == OrderSide::Buy { OrderSide::Sell } else { OrderSide::Buy };
        let (mut left, mut taken) = (qty, Vec::new());
        while left > 0 {
            let Some(price) = self.best(maker) else { break };
            let reached = match taker {
                OrderSide::Buy => limit.is_none_or(|limit| price <= limit),
                OrderSide::Sell => limit.is_none_or(|limit| price >= limit),
            };
            if !reached {
                break;
            }
            let traded = self.take_level(maker, price, left, fills);
            left -= traded;
            taken.push((price, traded));
            self.print(Tick { second, price, qty: traded, side: Some(taker) });
        }
        taken
    }

    /// Takes up to `qty` shares at one price, in the order in which they stand; how many that were.
    fn take_level(&mut self, maker: OrderSide, price: i64, qty: i64, fills: &mut Vec<Fill>) -> i64 {
        let mut others = 0;
        let mut left = qty;
        let level = if maker == OrderSide::Sell { &mut self.asks } else { &mut self.bids };
        let standing = level.get(&price).copied().unwrap_or(0);
        for order in self.resting.iter_mut().filter(|order| order.side == maker && order.price == price) {
            let before = (order.ahead - others).clamp(0, left);
            others += before;
            left -= before;
            let filled = order.left.min(left);
            if filled > 0 {
                order.left -= filled;
                left -= filled;
                fills.push(Fill { order: order.order, price, qty: filled });
            }
        }
        let behind = (standing - others).min(left);
        others += behind;
        left -= behind;
        match standing - others {
            0 => level.remove(&price),
            rest => level.insert(price, rest),
        };
        for order in self.resting.iter_mut().filter(|order| order.side == maker && order.price == price) {
            order.ahead = (order.ahead - others).max(0);
        }
        self.resting.retain(|order| order.left > 0);
        qty - left
    }

    /// Others add shares: near the best price, or between the two best if there is room.
    fn join(&mut self, side: OrderSide) {
        let (Some(ask), Some(bid)) = (self.best(OrderSide::Sell), self.best(OrderSide::Buy)) else { return };
        let kind = self.listing.kind;
        let mut price = match side {
            OrderSide::Buy => above(kind, bid),
            OrderSide::Sell => below(kind, ask),
        };
        let inside = bid < price && price < ask;
        if !inside || self.rng.bool() {
            price = if side == OrderSide::Buy { bid } else { ask };
            for _ in 0..self.rng.u8(0..6) {
                price = if side == OrderSide::Buy { below(kind, price) } else { above(kind, price) };
            }
        }
        if self.lowest() <= price && price <= self.highest() {
            let qty = self.rng.i64(1..=self.lot());
            *self.level(side).entry(price).or_default() += qty;
        }
    }

    /// Others take shares back.
    fn leave(&mut self, side: OrderSide) {
        let level = if side == OrderSide::Sell { &self.asks } else { &self.bids };
        let prices: Vec<i64> = level.keys().copied().collect();
        if prices.len() < 2 {
            return;
        }
        let price = prices[self.rng.usize(..prices.len())];
        let standing = level[&price];
        let left = standing - self.rng.i64(1..=standing);
        match left {
            0 => self.level(side).remove(&price),
            left => self.level(side).insert(price, left),
        };
        let queue = self.queue.clone();
        for order in self.resting.iter_mut().filter(|order| order.side == side && order.price == price) {
            order.ahead = queue.ahead_after_cancel(order.ahead, left).clamp(0, left);
        }
    }

    /// Whether others think it is worth more (1) or less (-1) than the book says.
    fn lean(&self) -> i64 {
        let (Some(ask), Some(bid)) = (self.best(OrderSide::Sell), self.best(OrderSide::Buy)) else { return 0 };
        match self.worth {
            worth if worth > ask * 1_000 => 1,
            worth if worth < bid * 1_000 => -1,
            _ => 0,
        }
    }

    /// Others keep both sides filled, as far as the limits of the day allow, and the gap between them small.
    fn fill_up(&mut self) {
        let kind = self.listing.kind;
        let (low, high) = (self.lowest(), self.highest());
        while let (Some(ask), Some(bid)) = (self.best(OrderSide::Sell), self.best(OrderSide::Buy)) {
            let next = above(kind, bid);
            if above(kind, next) >= ask {
                break;
            }
            let qty = self.rng.i64(1..=self.lot());
            if self.worth > (ask + bid) * 500 {
                self.bids.insert(next, qty);
            } else {
                self.asks.insert(below(kind, ask), qty);
            }
        }
        let (best_bid, best_ask) = (self.best(OrderSide::Buy), self.best(OrderSide::Sell));
        let mut price = match (best_ask, best_bid) {
            (Some(ask), _) => ask,
            (None, Some(bid)) => above(kind, bid.max(self.last)),
            (None, None) => above(kind, self.last),
        };
        while self.asks.len() < DEPTH && price <= high {
            let qty = self.rng.i64(1..=self.lot() * 2);
            self.asks.entry(price).or_insert(qty);
            price = above(kind, price);
        }
        let ask = self.best(OrderSide::Sell);
        let mut price = match (best_bid, ask) {
            (Some(bid), _) => bid,
            (None, Some(ask)) => below(kind, ask.min(above(kind, self.last))),
            (None, None) => self.last,
        };
        while self.bids.len() < DEPTH && price >= low {
            let qty = self.rng.i64(1..=self.lot() * 2);
            self.bids.entry(price).or_insert(qty);
            price = below(kind, price);
        }
        while self.asks.len() > DEPTH * 2 {
            self.asks.pop_last();
        }
        while self.bids.len() > DEPTH * 2 {
            self.bids.pop_first();
        }
    }

    /// An order of the account: what can trade trades at once, the rest stands in the book. A market order (no price) does
    /// not stand: what is left of it is the second value.
    pub fn place(
        &mut self,
        (order, side): (u64, OrderSide),
        (price, qty): (Option<i64>, i64),
        (phase, second): (Phase, u32),
    ) -> (Vec<Fill>, i64) {
        let mut fills = Vec::new();
        let mut left = qty;
        if phase == Phase::Continuous {
            for (at, qty) in self.sweep(side, qty, price, second, &mut fills) {
                fills.push(Fill { order, price: at, qty });
                left -= qty;
            }
            self.fill_up();
        }
        // in an auction, a market order stands at the limit of the day
        let in_auction = (phase != Phase::Continuous).then(|| match side {
            OrderSide::Buy => self.highest(),
            OrderSide::Sell => self.lowest(),
        });
        if let Some(price) = price.or(in_auction).filter(|_| left > 0) {
            let ahead = self.queue.ahead_of_new(self.standing(side, price));
            self.resting.push(Resting { order, side, price, left, ahead });
            left = 0;
        }
        (fills, left)
    }

    /// Lowers the quantity of an order in its place.
    pub fn lower(&mut self, order: u64, by: i64) {
        for resting in self.resting.iter_mut().filter(|resting| resting.order == order) {
            resting.left -= by;
        }
        self.resting.retain(|resting| resting.left > 0);
    }

    fn print(&mut self, tick: Tick) {
        self.last = tick.price;
        self.tape.push(tick);
        let bar = Bar::of(&tick, 0);
        match &mut self.today {
            Some(today) => today.join(&bar),
            None => self.today = Some(bar),
        }
    }

    fn level(&mut self, side: OrderSide) -> &mut BTreeMap<i64, i64> {
        if side == OrderSide::Sell { &mut self.asks } else { &mut self.bids }
    }

    /// Shares of others at a price.
    fn standing(&self, side: OrderSide, price: i64) -> i64 {
        let level = if side == OrderSide::Sell { &self.asks } else { &self.bids };
        level.get(&price).copied().unwrap_or(0)
    }

    /// The best price of a side, orders of the account included.
    pub fn best(&self, side: OrderSide) -> Option<i64> {
        let own = self.resting.iter().filter(|order| order.side == side).map(|order| order.price);
        match side {
            OrderSide::Sell => self.asks.keys().next().copied().into_iter().chain(own).min(),
            OrderSide::Buy => self.bids.keys().next_back().copied().into_iter().chain(own).max(),
        }
    }

    /// The ten best levels of a side, orders of the account included: price and quantity.
    pub fn levels(&self, side: OrderSide) -> Vec<(i64, i64)> {
        let mut all = if side == OrderSide::Sell { self.asks.clone() } else { self.bids.clone() };
        for order in self.resting.iter().filter(|order| order.side == side) {
            *all.entry(order.price).or_default() += order.left;
        }
        match side {
            OrderSide::Sell => all.into_iter().take(10).collect(),
            OrderSide::Buy => all.into_iter().rev().take(10).collect(),
        }
    }

    /// A usual quantity of one trade.
    fn lot(&self) -> i64 {
        (20_000_000 / self.listing.base.max(1)).clamp(3, 5_000)
    }

    pub fn highest(&self) -> i64 {
        ceiling(self.listing.kind, self.previous)
    }

    pub fn lowest(&self) -> i64 {
        floor(self.listing.kind, self.previous)
    }

    /// The price of the last trade.
    pub fn last(&self) -> i64 {
        self.last
    }

    /// The trades of today, oldest first.
    pub fn tape(&self) -> &[Tick] {
        &self.tape
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::market::{BehindAll, LISTED, Market, is_on_grid, whole};

    fn market(seed: u64, to: &str) -> Market {
        let mut market = Market::new(seed, "2026-07-06T08:00:00".parse().unwrap(), &(Arc::new(BehindAll) as _));
        market.run_to(to.parse().unwrap(), &mut |_, _| {});
        market
    }

    #[test]
    fn trades_books_and_bars_of_a_day_agree_for_every_seed() {
        for seed in 0..6 {
            let market = market(seed, "2026-07-06T15:30:00");
            for index in 0..LISTED.len() {
                let stock = market.stock(index);
                let tape = stock.tape();
                assert!(tape.len() > 1_000, "{}: {} trades", stock.listing.code, tape.len());
                let (low, high) = (stock.lowest(), stock.highest());
                assert!(
                    tape.iter().all(|t| is_on_grid(stock.listing.kind, t.price) && (low..=high).contains(&t.price))
                );
                for count in [1, 60] {
                    let bars = minutes(tape, count);
                    let volume: i64 = tape.iter().map(|t| t.qty).sum();
                    assert_eq!(bars.iter().map(|bar| bar.volume).sum::<i64>(), volume);
                    let mut inside = tape.chunk_by(|a, b| a.second / (count * 60) == b.second / (count * 60));
                    for bar in &bars {
                        let inside = inside.next().expect("a trade for each bar");
                        assert_eq!(bar.second / (count * 60), inside[0].second / (count * 60));
                        assert_eq!((bar.open, bar.close), (inside[0].price, inside[inside.len() - 1].price));
                        assert_eq!(bar.high, inside.iter().map(|t| t.price).max().unwrap());
                        assert_eq!(bar.low, inside.iter().map(|t| t.price).min().unwrap());
                    }
                    assert!(inside.next().is_none());
                }
                let (day, _, bars) = stock.days().next().unwrap();
                assert_eq!(day.to_string(), "2026-07-06");
                assert_eq!(whole(bars), stock.today());
            }
        }
    }

    #[test]
    fn each_trade_takes_from_the_best_level_of_the_book() {
        for seed in 0..20 {
            let mut market = market(seed, "2026-07-06T09:00:00");
            let stock = &mut market.stocks[0];
            for second in OPEN + 1..OPEN + 1_200 {
                let (ask, bid) = (stock.best(OrderSide::Sell).unwrap(), stock.best(OrderSide::Buy).unwrap());
                assert!(bid < ask, "seed {seed}, second {second}: {bid} {ask}");
                let side = if second % 2 == 0 { OrderSide::Buy } else { OrderSide::Sell };
                let maker = if side == OrderSide::Buy { OrderSide::Sell } else { OrderSide::Buy };
                let before = stock.levels(maker);
                let volume: i64 = stock.tape().iter().map(|t| t.qty).sum();
                let mut fills = Vec::new();
                let taken = stock.sweep(side, before[0].1 + 1, None, second, &mut fills);
                assert_eq!(taken[0], before[0]);
                assert_eq!(taken.get(1).copied(), before.get(1).map(|next| (next.0, 1)));
                // at the limit of the day there may be no second level
                let there: i64 = before.iter().map(|level| level.1).sum();
                let traded = stock.tape().iter().map(|t| t.qty).sum::<i64>() - volume;
                assert_eq!(traded, there.min(before[0].1 + 1));
                stock.fill_up();
                stock.trade_on(second, &mut fills);
                assert!(fills.is_empty());
            }
        }
    }

    #[test]
    fn an_order_waits_behind_what_stood_before_it() {
        let mut market = market(3, "2026-07-06T09:00:05");
        let stock = &mut market.stocks[0];
        let (bid, standing) = stock.levels(OrderSide::Buy)[0];
        let (fills, left) = stock.place((7, OrderSide::Buy), (Some(bid), 10), (Phase::Continuous, OPEN + 5));
        assert_eq!((fills.len(), left), (0, 0));
        assert_eq!(stock.levels(OrderSide::Buy)[0], (bid, standing + 10));
        let mut fills = Vec::new();
        stock.sweep(OrderSide::Sell, standing, None, OPEN + 6, &mut fills);
        assert!(fills.is_empty(), "others stood before it");
        stock.sweep(OrderSide::Sell, 4, None, OPEN + 6, &mut fills);
        assert_eq!(fills, [Fill { order: 7, price: bid, qty: 4 }]);
        assert_eq!(stock.levels(OrderSide::Buy)[0], (bid, 6));
    }

    #[test]
    fn a_day_is_a_usual_one() {
        let mut changes = Vec::new();
        for seed in 0..6 {
            let market = market(seed, "2026-07-06T15:30:00");
            let rates = market.stocks.iter().map(|s| (s.last() - s.previous) * 1_000 / s.previous);
            changes.extend(rates);
        }
        changes.sort_unstable();
        let (low, middle, high) =
            (changes[changes.len() / 20], changes[changes.len() / 2], changes[changes.len() * 19 / 20]);
        assert!(low > -120 && high < 120 && (-20..20).contains(&middle), "{low} {middle} {high} of 1000");
    }

    #[test]
    fn the_same_seed_gives_the_same_day() {
        let tapes = [1, 1, 2].map(|seed| market(seed, "2026-07-06T09:30:00").stocks[0].tape.clone());
        assert_eq!(tapes[0], tapes[1]);
        assert_ne!(tapes[0], tapes[2]);
    }

    #[test]
    fn history_ends_where_today_begins() {
        let market = market(5, "2026-07-08T09:10:00");
        let stock = market.stock(2);
        let days: Vec<(Date, i64, Bar)> =
            stock.days().map(|(day, previous, bars)| (day, previous, whole(bars).unwrap())).collect();
        assert!(days.len() > 600, "{}", days.len());
        for pair in days.windows(2) {
            assert_eq!(pair[0].1, pair[1].2.close, "{}", pair[0].0);
            let bar = pair[1].2;
            assert!(bar.low <= bar.open.min(bar.close) && bar.high >= bar.open.max(bar.close));
            assert!(is_on_grid(stock.listing.kind, bar.high) && is_on_grid(stock.listing.kind, bar.low));
        }
    }
}
