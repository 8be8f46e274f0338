//! The kinds of orders that are simulated, by market and code.

use super::purse::Desk;
use crate::market::Stay;

/// Where the limit of an order comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pricing {
    /// From the order.
    Named,
    /// There is none.
    Market,
    /// The best price of the other side when it comes.
    BestOther,
    /// The best price of its own side when it comes.
    BestOwn,
}

/// One kind of order.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct OrderKind {
    pub code: &'static str,
    pub name: &'static str,
    pub pricing: Pricing,
    pub stay: Stay,
}

const fn kind(code: &'static str, name: &'static str, pricing: Pricing, stay: Stay) -> OrderKind {
    OrderKind { code, name, pricing, stay }
}

static STOCKS: [OrderKind; 11] = [
    kind("0", "보통", Pricing::Named, Stay::Day),
    kind("3", "시장가", Pricing::Market, Stay::Day),
    kind("5", "조건부지정가", Pricing::Named, Stay::UntilCall),
    kind("6", "최유리지정가", Pricing::BestOther, Stay::Day),
    kind("7", "최우선지정가", Pricing::BestOwn, Stay::Day),
    kind("10", "보통(IOC)", Pricing::Named, Stay::Now),
    kind("13", "시장가(IOC)", Pricing::Market, Stay::Now),
    kind("16", "최유리(IOC)", Pricing::BestOther, Stay::Now),
    kind("20", "보통(FOK)", Pricing::Named, Stay::AllOrNothing),
    kind("23", "시장가(FOK)", Pricing::Market, Stay::AllOrNothing),
    kind("26", "최유리(FOK)", Pricing::BestOther, Stay::AllOrNothing),
];

static GOLD: [OrderKind; 3] = [
    kind("00", "보통", Pricing::Named, Stay::Day),
    kind("10", "보통(IOC)", Pricing::Named, Stay::Now),
    kind("20", "보통(FOK)", Pricing::Named, Stay::AllOrNothing),
];

static US: [OrderKind; 2] =
    [kind("00", "지정가", Pricing::Named, Stay::Day), kind("03", "시장가", Pricing::Market, Stay::Day)];

impl OrderKind {
    /// The kind of a code.
    pub fn find(desk: Desk, code: &str) -> Option<&'static OrderKind> {
        let kinds: &[OrderKind] = match desk {
            Desk::Stocks => &STOCKS,
            Desk::Gold => &GOLD,
            Desk::Us => &US,
        };
        kinds.iter().find(|kind| kind.code == code)
    }

    /// The limit order of a market, which each changed order is.
    pub fn limit(desk: Desk) -> &'static OrderKind {
        match desk {
            Desk::Stocks => &STOCKS[0],
            Desk::Gold => &GOLD[0],
            Desk::Us => &US[0],
        }
    }

    /// It needs a book in which others stand.
    pub fn is_immediate(&self) -> bool {
        matches!(self.stay, Stay::Now | Stay::AllOrNothing)
            || matches!(self.pricing, Pricing::BestOther | Pricing::BestOwn)
    }
}
