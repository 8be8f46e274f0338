//! An order book with its usual questions: the same type for pushes and replies of both markets.

mod sources;
mod sweep;

use rust_decimal::Decimal;

pub(super) use self::sources::of_record;
pub use self::sweep::Sweep;
use crate::value::{Price, Time};

/// How many levels the broker sends for each side.
const LEVELS: usize = 10;

/// One level of an order book: a price and what rests there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Quote {
    /// The price: won, or USD.
    pub price: Decimal,
    /// Shares; more than none.
    pub qty: i64,
}

/// An order book, up to ten levels on each side, the best one first. Levels without a price or without shares are left out.
///
/// It comes of `0D`, of `FT`, and of the replies to `ka10004` and `usa20101`, by `Book::from` or by
/// [`Push::book`](super::Push::book). It allocates nothing.
///
/// ```
/// # #[cfg(feature = "domestic-realtime")] {
/// use kiwoom_api::domestic::realtime::OrderBook;
/// use kiwoom_api::realtime::Book;
/// use kiwoom_api::value::{Decimal, Price};
///
/// let mut push = OrderBook::default();
/// (push.asks[0].price, push.asks[0].qty) = (Some(Price::up(70_200)), Some(30));
/// (push.asks[1].price, push.asks[1].qty) = (Some(Price::up(70_300)), Some(50));
/// (push.bids[0].price, push.bids[0].qty) = (Some(Price::up(70_100)), Some(90));
///
/// let book = Book::from(&push);
/// assert_eq!(book.spread(), Some(Decimal::from(100)));
/// assert_eq!(book.mid(), Some(Decimal::from(70_150)));
/// assert_eq!(book.imbalance(1), Some(0.5)); // (90 - 30) / (90 + 30)
/// let buy = book.buy(40);
/// assert_eq!((buy.filled, buy.worst), (40, Some(Decimal::from(70_300))));
/// assert_eq!(buy.average(), Some(Decimal::from(70_225)));
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Book {
    time: Option<Time>,
    asks: Rungs,
    bids: Rungs,
}

/// A level as the broker sends it.
type Rung = (Option<Price>, Option<i64>);

/// The levels of one side that have a price and shares.
#[derive(Clone, Copy, Debug)]
struct Rungs {
    quotes: [Quote; LEVELS],
    count: usize,
}

impl Book {
    fn new(time: Option<Time>, asks: impl Iterator<Item = Rung>, bids: impl Iterator<Item = Rung>) -> Book {
        Book { time, asks: Rungs::of(asks), bids: Rungs::of(bids) }
    }

    /// The time of day that the broker gives it, in Korea.
    pub fn time(&self) -> Option<Time> {
        self.time
    }

    /// What is offered, the lowest price first.
    pub fn asks(&self) -> &[Quote] {
        self.asks.all()
    }

    /// What is bid, the highest price first.
    pub fn bids(&self) -> &[Quote] {
        self.bids.all()
    }

    /// The lowest price that somebody sells for.
    pub fn best_ask(&self) -> Option<Quote> {
        self.asks().first().copied()
    }

    /// The highest price that somebody buys for.
    pub fn best_bid(&self) -> Option<Quote> {
        self.bids().first().copied()
    }

    /// Best ask less best bid; negative where an auction lets them cross. `None` if a side is empty.
    pub fn spread(&self) -> Option<Decimal> {
        self.best_ask()?.price.checked_sub(self.best_bid()?.price)
    }

    /// The middle of best ask and best bid. `None` if a side is empty.
    pub fn mid(&self) -> Option<Decimal> {
        self.best_ask()?.price.checked_add(self.best_bid()?.price)?.checked_div(Decimal::TWO)
    }

    /// Which side is heavier over the best `levels`: (bids - asks) / (bids + asks), from -1 to 1. `None` if there is nothing.
    pub fn imbalance(&self, levels: usize) -> Option<f64> {
        let shares = |side: &[Quote]| side.iter().take(levels).map(|quote| quote.qty as f64).sum::<f64>();
        let (bids, asks) = (shares(self.bids()), shares(self.asks()));
        (bids + asks > 0.0).then(|| (bids - asks) / (bids + asks))
    }

    /// What it takes to buy `qty` shares at once: how deep that goes into the asks.
    pub fn buy(&self, qty: i64) -> Sweep {
        Sweep::through(self.asks(), qty)
    }

    /// What it takes to sell `qty` shares at once: how deep that goes into the bids.
    pub fn sell(&self, qty: i64) -> Sweep {
        Sweep::through(self.bids(), qty)
    }
}

impl Rungs {
    fn of(levels: impl Iterator<Item = Rung>) -> Rungs {
        let mut rungs = Rungs { quotes: [Quote { price: Decimal::ZERO, qty: 0 }; LEVELS], count: 0 };
        let real = levels.filter_map(|(price, qty)| Some((price?.amount, qty?)));
        for (to, (price, qty)) in rungs.quotes.iter_mut().zip(real.filter(|(_, qty)| *qty > 0)) {
            *to = Quote { price, qty };
            rungs.count += 1;
        }
        rungs
    }

    fn all(&self) -> &[Quote] {
        self.quotes.get(..self.count).unwrap_or_default()
    }
}

impl PartialEq for Rungs {
    fn eq(&self, other: &Rungs) -> bool {
        self.all() == other.all()
    }
}

impl Eq for Rungs {}

#[cfg(test)]
mod tests {
    use super::*;

    fn side(levels: &[(u32, i64)]) -> impl Iterator<Item = Rung> {
        levels.iter().map(|(price, qty)| ((*price > 0).then(|| Price::up(*price)), Some(*qty)))
    }

    fn book(asks: &[(u32, i64)], bids: &[(u32, i64)]) -> Book {
        Book::new(None, side(asks), side(bids))
    }

    #[test]
    fn empty_levels_are_left_out() {
        // the upper limit: nobody sells; an auction: shares without a price
        let book = book(&[(0, 0), (0, 500), (300, 0)], &[(0, 90), (200, 5), (0, 0), (190, 7)]);
        assert!(book.asks().is_empty());
        assert_eq!(book.best_ask(), None);
        assert_eq!((book.spread(), book.mid()), (None, None));
        assert_eq!(book.bids().iter().map(|quote| quote.qty).collect::<Vec<_>>(), [5, 7]);
        assert_eq!(book.imbalance(10), Some(1.0));
        assert_eq!(super::tests::book(&[], &[]).imbalance(10), None);
        assert_eq!(book.imbalance(0), None);
    }

    #[test]
    fn the_levels_asked_for_count() {
        let book = book(&[(101, 10), (102, 1000)], &[(100, 30), (99, 10)]);
        assert_eq!(book.imbalance(1), Some(0.5));
        assert!(book.imbalance(10).is_some_and(|imbalance| imbalance < -0.9));
        // crossed in an auction
        let crossed = super::tests::book(&[(99, 1)], &[(101, 1)]);
        assert_eq!(crossed.spread(), Some(Decimal::from(-2)));
        assert_eq!(crossed.mid(), Some(Decimal::from(100)));
    }

    #[test]
    fn a_sweep_goes_as_deep_as_it_must() {
        let book = book(&[(101, 10), (102, 20), (110, 1)], &[(100, 5)]);
        let sweep = book.buy(15);
        assert_eq!((sweep.filled, sweep.missing, sweep.levels), (15, 0, 2));
        assert_eq!((sweep.value, sweep.worst), (Decimal::from(101 * 10 + 102 * 5), Some(Decimal::from(102))));
        let all = book.buy(i64::MAX);
        assert_eq!((all.filled, all.missing, all.levels), (31, i64::MAX - 31, 3));
        let none = book.sell(0);
        assert_eq!((none.filled, none.missing, none.worst, none.average()), (0, 0, None, None));
        assert_eq!(book.sell(-3).filled, 0);
        assert_eq!(book.sell(7).missing, 2);
    }

    #[test]
    fn absurd_numbers_do_not_panic() {
        let level = (Some(Price { amount: Decimal::MAX, direction: None }), Some(i64::MAX));
        let side = || std::iter::repeat_n(level, 12);
        let book = Book::new(None, side(), side());
        assert_eq!(book.asks().len(), LEVELS);
        assert_eq!(book.mid(), None);
        assert_eq!(book.imbalance(10), Some(0.0));
        let sweep = book.buy(i64::MAX);
        assert_eq!(sweep.value, Decimal::MAX);
        assert_eq!(sweep.filled, i64::MAX);
    }
}
