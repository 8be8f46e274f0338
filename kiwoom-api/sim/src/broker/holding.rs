//! Shares and grams that the account has, and what was bought on credit apart from the rest.

use std::collections::BTreeMap;

use kiwoom_api::jiff::civil::Date;

use super::order::{Credit, Order};
use super::purse::Desk;
use crate::market::OrderSide;

/// Shares that are counted together: those of one instrument, and of one day of borrowing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Lot {
    pub code: &'static str,
    /// When they were bought with a loan; none if they were paid.
    pub loan: Option<Date>,
}

/// How many they are, and what they cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Position {
    pub desk: Desk,
    pub qty: i64,
    /// What the shares cost, without commission.
    pub cost: i64,
    /// What buying them cost in commission.
    pub commission: i64,
    /// How much of the cost is borrowed.
    pub loan: i64,
    pub bought_today: i64,
    pub sold_today: i64,
}

impl Position {
    pub fn empty(desk: Desk) -> Position {
        Position { desk, qty: 0, cost: 0, commission: 0, loan: 0, bought_today: 0, sold_today: 0 }
    }

    /// Takes shares out: their cost, commission and loan.
    pub fn take(&mut self, qty: i64) -> (i64, i64, i64) {
        let of = self.qty;
        let part = |whole: i64| (i128::from(whole) * i128::from(qty) / i128::from(of)) as i64;
        let (cost, commission, loan) = (part(self.cost), part(self.commission), part(self.loan));
        self.qty -= qty;
        self.cost -= cost;
        self.commission -= commission;
        self.loan -= loan;
        self.sold_today += qty;
        (cost, commission, loan)
    }
}

/// All lots.
pub(crate) type Lots = BTreeMap<Lot, Position>;

/// What open sales have promised: of one lot, or of any lot that was bought on credit.
#[derive(Default)]
pub(super) struct Promised {
    named: BTreeMap<Lot, i64>,
    any_loan: BTreeMap<&'static str, i64>,
}

impl Promised {
    pub fn of<'a>(open: impl Iterator<Item = &'a Order>) -> Promised {
        let mut promised = Promised::default();
        for order in open.filter(|order| order.side == OrderSide::Sell) {
            match order.credit {
                Credit::Cash => *promised.named.entry(Lot { code: order.code, loan: None }).or_default() += order.left,
                Credit::Loan(Some(day)) => {
                    *promised.named.entry(Lot { code: order.code, loan: Some(day) }).or_default() += order.left;
                }
                Credit::Loan(None) => *promised.any_loan.entry(order.code).or_default() += order.left,
            }
        }
        promised
    }

    /// Shares of a lot that no sale has named.
    pub fn free(&self, lot: &Lot, position: &Position) -> i64 {
        position.qty - self.named.get(lot).copied().unwrap_or(0)
    }

    /// Shares that another sale may promise.
    pub fn sellable(&self, lots: &Lots, (code, credit): (&str, Credit)) -> i64 {
        let of_code = |lot: &&Lot| lot.code == code;
        let free = |lot: &Lot| lots.get(lot).map_or(0, |position| self.free(lot, position));
        let on_loan: i64 = lots.keys().filter(of_code).filter(|lot| lot.loan.is_some()).map(free).sum();
        let on_loan = on_loan - self.any_loan.get(code).copied().unwrap_or(0);
        match credit {
            Credit::Cash => lots.keys().find(|lot| lot.code == code && lot.loan.is_none()).map_or(0, free),
            Credit::Loan(None) => on_loan,
            Credit::Loan(day) => {
                lots.keys().find(|lot| lot.code == code && lot.loan == day).map_or(0, free).min(on_loan)
            }
        }
    }
}
