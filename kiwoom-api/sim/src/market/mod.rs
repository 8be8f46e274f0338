//! The market: seeded prices that come from a book in which others trade.
//!
//! Pure: it is told the time, and gives the same trades for the same seed. It knows orders of the account by their number
//! only; money is the broker's matter.

mod bars;
mod book;
mod condition;
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
pub use condition::Condition;
pub(crate) use condition::{Conditions, is_searched};
pub(crate) use deal::{Fill, OrderSide, Stay, Terms, Tick};
#[cfg(test)]
pub(crate) use grid::tick;
pub(crate) use grid::{above, below, is_on_grid};
pub(crate) use listing::{Kind, LISTED, Listing};
pub use queue::{BehindAll, QueueModel};
pub(crate) use stock::Stock;

use std::sync::Arc;

use kiwoom_api::jiff::civil::{Date, DateTime};

use crate::session::{Exchange, Phase, second_of};

/// All that is listed.
pub(crate) struct Market {
    stocks: Vec<Stock>,
    at: DateTime,
    /// The day on which KRX begins to trade.
    first_day: Date,
}

/// What happened in one second.
#[derive(Debug, Default)]
pub(crate) struct Happened {
    /// Exchanges of which another day has begun.
    pub began: Vec<Exchange>,
    /// Fills of the account's orders.
    pub fills: Vec<Fill>,
    /// Stocks that traded or whose book changed, by their position.
    pub moved: Vec<usize>,
    /// Exchanges that have just closed: their orders end.
    pub closed: Vec<Exchange>,
}

impl Market {
    /// A market that has traded since the morning of `start`; that of the US since its day began.
    pub fn new(seed: u64, start: DateTime, queue: &Arc<dyn QueueModel>) -> Market {
        let stock =
            |listing: &'static Listing| Stock::new(listing, seed, listing.kind.exchange().day(start), queue.clone());
        let us_day = Exchange::Us.day(start).at(9, 0, 0, 0);
        let mut market = Market {
            stocks: LISTED.iter().map(stock).collect(),
            at: us_day.min(start.date().at(0, 0, 0, 0)),
            first_day: start.date(),
        };
        market.run_to(start, &mut |_, _| {});
        market
    }

    /// Plays every second up to `to`, and tells what happened in each in which something did.
    pub fn run_to(&mut self, to: DateTime, tell: &mut dyn FnMut(&mut Market, (DateTime, Happened))) {
        while self.at < to {
            let next = Exchange::ALL.into_iter().map(|exchange| exchange.next(self.at)).min().unwrap_or(to).min(to);
            let mut happened = Happened::default();
            for exchange in Exchange::ALL {
                let day = exchange.day(next);
                if day != exchange.day(self.at) {
                    self.begin_day(exchange, day);
                    happened.began.push(exchange);
                }
            }
            self.at = next;
            self.play(&mut happened);
            if !(happened.began.is_empty() && happened.closed.is_empty() && happened.moved.is_empty()) {
                tell(self, (next, happened));
            }
        }
    }

    fn begin_day(&mut self, exchange: Exchange, day: Date) {
        for stock in self.stocks.iter_mut().filter(|stock| stock.listing.kind.exchange() == exchange) {
            stock.begin_day(day);
        }
    }

    fn play(&mut self, happened: &mut Happened) {
        for exchange in Exchange::ALL {
            if exchange == Exchange::Krx && self.at.date() < self.first_day {
                continue;
            }
            let (phase, second) = (exchange.phase(self.at), second_of(exchange.local(self.at)));
            let closes = exchange.closes(self.at);
            if phase == Phase::Closed && !closes {
                continue;
            }
            let of_exchange = |(_, stock): &(usize, &mut Stock)| stock.listing.kind.exchange() == exchange;
            for (index, stock) in self.stocks.iter_mut().enumerate().filter(of_exchange) {
                if stock.play(phase, second, &mut happened.fills) {
                    happened.moved.push(index);
                }
            }
            happened.closed.extend(closes.then_some(exchange));
        }
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

/// Seeds of a test: `usual` of them, or as many as `KIWOOM_SIM_SEEDS` says.
#[cfg(test)]
pub(crate) fn seeds(usual: u64) -> std::ops::Range<u64> {
    0..std::env::var("KIWOOM_SIM_SEEDS").ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}
