//! The others: what they think an instrument is worth, and how they trade, join and leave. The seed says it.

use super::book::Book;
use super::deal::OrderSide;
use super::grid::{above, below};
use super::listing::{Kind, Listing};

/// Levels of each side that others keep filled.
const DEPTH: usize = 12;

/// What the others do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Move {
    /// They take so many shares from the other side.
    Take(OrderSide, i64),
    Join(OrderSide),
    Leave(OrderSide),
}

/// The prices between which others trade on a day.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bounds {
    pub low: i64,
    pub high: i64,
}

/// The others of one instrument.
pub(super) struct Crowd {
    kind: Kind,
    lot: i64,
    pub rng: fastrand::Rng,
    /// What they think it is worth, in thousandths: the book follows it.
    worth: i64,
}

impl Crowd {
    pub fn new(listing: &Listing, seed: u64, price: i64) -> Crowd {
        let lot = (20_000_000 / listing.base.max(1)).clamp(3, 5_000);
        Crowd { kind: listing.kind, lot, rng: fastrand::Rng::with_seed(seed), worth: price * 1_000 }
    }

    /// A day begins at this price.
    pub fn begin_day(&mut self, price: i64) {
        self.worth = price * 1_000;
    }

    /// Shares that an auction trades.
    pub fn auctioned(&mut self) -> i64 {
        self.lot * self.rng.i64(5..=20)
    }

    /// A second passes; how often they act in it.
    pub fn think(&mut self, previous: i64) -> u8 {
        // about 1.5 % of the price in a day, never near its limits
        let step = previous * self.rng.i64(-170..=170) / 1_000;
        let reach = previous * 250;
        self.worth = (self.worth + step).clamp(previous * 1_000 - reach, previous * 1_000 + reach);
        self.rng.u8(0..=2)
    }

    /// What they do next.
    pub fn choose(&mut self, book: &Book) -> Move {
        let buys = self.rng.i64(0..100) < 50 + self.lean(book) * 25;
        let side = if buys { OrderSide::Buy } else { OrderSide::Sell };
        match self.rng.u8(0..10) {
            0..4 => Move::Take(side, self.rng.i64(1..=self.lot)),
            4..8 => Move::Join(side),
            _ => Move::Leave(side),
        }
    }

    /// Whether they think it is worth more (1) or less (-1) than the book says.
    fn lean(&self, book: &Book) -> i64 {
        let (Some(ask), Some(bid)) = (book.best(OrderSide::Sell), book.best(OrderSide::Buy)) else { return 0 };
        match self.worth {
            worth if worth > ask * 1_000 => 1,
            worth if worth < bid * 1_000 => -1,
            _ => 0,
        }
    }

    /// They add shares: near the best price, or between the two best if there is room.
    pub fn join(&mut self, book: &mut Book, side: OrderSide, Bounds { low, high }: Bounds) {
        let (Some(ask), Some(bid)) = (book.best(OrderSide::Sell), book.best(OrderSide::Buy)) else { return };
        let kind = self.kind;
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
        if low <= price && price <= high {
            let qty = self.rng.i64(1..=self.lot);
            *book.side_mut(side).entry(price).or_default() += qty;
        }
    }

    /// They take shares back.
    pub fn leave(&mut self, book: &mut Book, side: OrderSide) {
        let prices: Vec<i64> = book.side(side).keys().copied().collect();
        if prices.len() < 2 {
            return;
        }
        let price = prices[self.rng.usize(..prices.len())];
        let standing = book.standing(side, price);
        let left = standing - self.rng.i64(1..=standing);
        book.cancel_others(side, price, left);
    }

    /// They keep both sides filled, as far as the limits of the day allow, and the gap between them small.
    pub fn fill_up(&mut self, book: &mut Book, last: i64, Bounds { low, high }: Bounds) {
        let kind = self.kind;
        self.narrow(book);
        let (best_bid, best_ask) = (book.best(OrderSide::Buy), book.best(OrderSide::Sell));
        let mut price = match (best_ask, best_bid) {
            (Some(ask), _) => ask,
            (None, Some(bid)) => above(kind, bid.max(last)),
            (None, None) => above(kind, last),
        };
        while book.asks.len() < DEPTH && price <= high {
            let qty = self.rng.i64(1..=self.lot * 2);
            book.asks.entry(price).or_insert(qty);
            price = above(kind, price);
        }
        let ask = book.best(OrderSide::Sell);
        let mut price = match (best_bid, ask) {
            (Some(bid), _) => bid,
            (None, Some(ask)) => below(kind, ask.min(above(kind, last))),
            (None, None) => last,
        };
        while book.bids.len() < DEPTH && price >= low {
            let qty = self.rng.i64(1..=self.lot * 2);
            book.bids.entry(price).or_insert(qty);
            price = below(kind, price);
        }
        book.trim(DEPTH * 2);
    }

    /// No more than two ticks between the sides.
    fn narrow(&mut self, book: &mut Book) {
        let kind = self.kind;
        while let (Some(ask), Some(bid)) = (book.best(OrderSide::Sell), book.best(OrderSide::Buy)) {
            let next = above(kind, bid);
            if above(kind, next) >= ask {
                break;
            }
            let qty = self.rng.i64(1..=self.lot);
            if self.worth > (ask + bid) * 500 {
                book.bids.insert(next, qty);
            } else {
                book.asks.insert(below(kind, ask), qty);
            }
        }
    }
}
