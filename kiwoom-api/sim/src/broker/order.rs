//! One order and what became of it.

use std::time::Duration;

use kiwoom_api::jiff::civil::DateTime;

use super::fees::Fees;
use crate::market::{Kind, OrderSide};

/// What a row of the order book of the account is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sort {
    /// A new order.
    New,
    /// A change of another order: the new order that stands in its place.
    Modify,
    /// The record of a cancellation.
    Cancel,
}

/// Where an order stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stand {
    /// Something is left to be filled.
    Open,
    /// Nothing is left.
    Done,
}

/// One order of the account.
#[derive(Clone, Debug)]
pub(crate) struct Order {
    pub number: u64,
    /// The order that a change or a cancellation is about; 0 if none.
    pub original: u64,
    pub sort: Sort,
    pub code: &'static str,
    pub name: &'static str,
    pub kind: Kind,
    pub side: OrderSide,
    /// None for a market order.
    pub price: Option<i64>,
    /// What it may cost a share at most: its price, or the highest of the day.
    pub bound: i64,
    pub qty: i64,
    pub left: i64,
    pub filled: i64,
    /// Price times quantity of its fills.
    pub amount: i64,
    pub commission: i64,
    pub tax: i64,
    pub venue: &'static str,
    pub at: DateTime,
    /// When the lists begin to show it (`BEHAVIOUR.md` O4).
    pub shown_from: Duration,
    /// The last fill: its number, price and quantity.
    pub last_fill: Option<(u64, i64, i64)>,
}

impl Order {
    /// Open or done.
    pub fn stand(&self) -> Stand {
        if self.left > 0 { Stand::Open } else { Stand::Done }
    }

    /// The cash that is kept for what is left of a purchase.
    pub fn reserved(&self, fees: &Fees) -> i64 {
        if self.side == OrderSide::Sell || self.left == 0 {
            return 0;
        }
        let amount = self.bound * self.left;
        // the commission of a whole order is rounded down once, so it is never more than this
        amount + fees.commission_of(amount) + 1
    }

    /// The average price of its fills, in whole won.
    pub fn average(&self) -> i64 {
        if self.filled > 0 { self.amount / self.filled } else { 0 }
    }
}

/// `0000138`
pub(crate) fn number_text(number: u64) -> String {
    format!("{number:07}")
}
