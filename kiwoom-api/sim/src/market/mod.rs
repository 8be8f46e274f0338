//! The market: seeded prices that come from a book in which others trade.
//!
//! Pure: it is told the time, and gives the same trades for the same seed. It knows orders of the account by their number
//! only; money is the broker's matter.

mod bars;
mod book;
mod crowd;
mod deal;
mod grid;
mod history;
mod listing;
mod queue;
mod stock;
#[cfg(test)]
mod tests;

pub(crate) use bars::{Bar, joined, whole};
pub(crate) use deal::{Fill, OrderSide, Tick};
pub(crate) use grid::is_on_grid;
#[cfg(test)]
pub(crate) use grid::tick;
pub(crate) use listing::{Kind, LISTED};
pub use queue::{BehindAll, QueueModel};
pub(crate) use stock::Stock;

use std::sync::Arc;

use kiwoom_api::jiff::civil::{Date, DateTime};

use crate::session::{CLOSE, PRE_OPEN, is_trading_day, second_of};

/// All that is listed.
pub(crate) struct Market {
    stocks: Vec<Stock>,
    at: DateTime,
}

/// What happened in one second.
#[derive(Debug, Default)]
pub(crate) struct Happened {
    /// Fills of the account's orders.
    pub fills: Vec<Fill>,
    /// Stocks that traded or whose book changed, by their position.
    pub moved: Vec<usize>,
    /// The session has just closed: orders of the day end.
    pub closed: bool,
}

impl Market {
    /// A market that has traded since the morning of `start`.
    pub fn new(seed: u64, start: DateTime, queue: &Arc<dyn QueueModel>) -> Market {
        let day = start.date();
        let stocks = LISTED.iter().map(|listing| Stock::new(listing, seed, day, queue.clone())).collect();
        let midnight = day.at(0, 0, 0, 0);
        let mut market = Market { stocks, at: midnight };
        market.run_to(start, &mut |_, _| {});
        market
    }

    /// Plays every second up to `to`, and tells what happened in each in which something did.
    pub fn run_to(&mut self, to: DateTime, tell: &mut dyn FnMut(&mut Market, (DateTime, Happened))) {
        while self.at < to {
            let next = self.next_second(to);
            if next.date() != self.at.date() {
                self.begin_day(next.date());
            }
            self.at = next;
            let happened = self.play();
            if happened.closed || !happened.moved.is_empty() {
                tell(self, (next, happened));
            }
        }
    }

    /// The next second at which something may happen, at most `to`.
    fn next_second(&self, to: DateTime) -> DateTime {
        let day = self.at.date();
        let second = second_of(self.at);
        let on = |second: u32| day.at(0, 0, 0, 0).saturating_add(kiwoom_api::jiff::Span::new().seconds(second));
        let tomorrow = || day.tomorrow().map_or(DateTime::MAX, |day| day.at(0, 0, 0, 0));
        let next = if !is_trading_day(day) || second >= CLOSE {
            tomorrow()
        } else if second < PRE_OPEN {
            on(PRE_OPEN)
        } else {
            on(second + 1)
        };
        next.min(to)
    }

    fn begin_day(&mut self, day: Date) {
        for stock in &mut self.stocks {
            stock.begin_day(day);
        }
    }

    fn play(&mut self) -> Happened {
        let (phase, second) = (crate::session::phase(self.at), second_of(self.at));
        let mut happened =
            Happened { closed: is_trading_day(self.at.date()) && second == CLOSE, ..Happened::default() };
        for (index, stock) in self.stocks.iter_mut().enumerate() {
            if stock.play(phase, second, &mut happened.fills) {
                happened.moved.push(index);
            }
        }
        happened
    }

    /// A stock by its code, whatever venue or prefix is written with it.
    pub fn find(&self, code: &str) -> Option<&Stock> {
        let code = bare(code);
        self.stocks.iter().find(|stock| stock.listing.code == code)
    }

    /// The same, for orders.
    pub fn find_mut(&mut self, code: &str) -> Option<&mut Stock> {
        let code = bare(code);
        self.stocks.iter_mut().find(|stock| stock.listing.code == code)
    }

    /// All of a kind.
    pub fn of(&self, kind: Kind) -> impl Iterator<Item = &Stock> {
        self.stocks.iter().filter(move |stock| stock.listing.kind == kind)
    }

    /// The position of a stock.
    pub fn position(&self, code: &str) -> Option<usize> {
        self.stocks.iter().position(|stock| stock.listing.code == code)
    }

    /// How many instruments there are.
    pub fn len(&self) -> usize {
        self.stocks.len()
    }

    /// By position.
    pub fn stock(&self, index: usize) -> &Stock {
        &self.stocks[index]
    }
}

/// `005930` of `A005930`, `005930_AL` and `005930`.
fn bare(code: &str) -> &str {
    let code = code.trim();
    let code = code.split('_').next().unwrap_or(code);
    match code.as_bytes() {
        [b'A' | b'J' | b'Q', rest @ ..] if rest.len() == 6 => &code[1..],
        _ => code,
    }
}
