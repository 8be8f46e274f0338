//! The money of one market: won for stocks, won for gold, US cents for US stocks.

use crate::market::Kind;
use crate::session::Exchange;

/// A market with money and lists of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Desk {
    Stocks,
    Gold,
    Us,
}

impl Desk {
    pub const ALL: [Desk; 3] = [Desk::Stocks, Desk::Gold, Desk::Us];

    /// Where an instrument is traded; indices are traded nowhere.
    pub fn of(kind: Kind) -> Option<Desk> {
        match kind {
            Kind::Stock | Kind::Etf => Some(Desk::Stocks),
            Kind::Gold => Some(Desk::Gold),
            Kind::Us => Some(Desk::Us),
            Kind::Index => None,
        }
    }

    pub fn exchange(self) -> Exchange {
        if self == Desk::Us { Exchange::Us } else { Exchange::Krx }
    }
}

/// Money, and the sums of all that changed it.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Purse {
    /// What it began with.
    pub initial: i64,
    /// Cash after all trades, settled or not.
    pub cash: i64,
    /// Cash at the beginning of the day.
    pub deposit: i64,
    /// Sums over all fills.
    pub bought: i64,
    pub sold: i64,
    pub commission: i64,
    pub tax: i64,
    /// Borrowed and not repaid.
    pub loan: i64,
    /// Profit of sold shares, after costs.
    pub realized: i64,
}

impl Purse {
    pub fn new(cash: i64) -> Purse {
        Purse { initial: cash, cash, deposit: cash, ..Purse::default() }
    }

    /// The cash that its sums say.
    pub fn counted(&self) -> i64 {
        self.initial + self.sold - self.bought - self.commission - self.tax + self.loan
    }
}

/// What the account begins with.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Funds {
    /// Won, for stocks.
    pub won: i64,
    /// Won, for gold.
    pub gold: i64,
    /// US cents.
    pub cents: i64,
}
