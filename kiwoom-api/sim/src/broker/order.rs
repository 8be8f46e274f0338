//! One order and what became of it.

use std::time::Duration;

use kiwoom_api::jiff::civil::{Date, DateTime};

use super::fees::Fees;
use super::kinds::OrderKind;
use super::purse::Desk;
use crate::market::{Listing, OrderSide};

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

/// What an order is paid with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Credit {
    Cash,
    /// A loan of this day; a sale without a day repays the oldest ones.
    Loan(Option<Date>),
}

/// One order of the account.
#[derive(Clone, Debug)]
pub(crate) struct Order {
    pub number: u64,
    /// The order that a change or a cancellation is about; 0 if none.
    pub original: u64,
    pub sort: Sort,
    pub desk: Desk,
    pub listing: &'static Listing,
    pub code: &'static str,
    pub kind: &'static OrderKind,
    pub credit: Credit,
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
    /// The day of its market.
    pub day: Date,
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
        own_part(self.credit, amount) + fees.commission_of(amount) + 1
    }

    /// Its number, as its market writes it.
    pub fn number_text(&self) -> String {
        number_text(self.desk, self.number)
    }

    /// The same for the order that it is about; zeros if there is none.
    pub fn original_text(&self) -> String {
        number_text(self.desk, self.original)
    }

    /// The average price of its fills, in whole won or cents.
    pub fn average(&self) -> i64 {
        if self.filled > 0 { self.amount / self.filled } else { 0 }
    }
}

/// What the buyer pays of an amount: all of it, or 40 % where the rest is borrowed.
pub(crate) fn own_part(credit: Credit, amount: i64) -> i64 {
    match credit {
        Credit::Cash => amount,
        Credit::Loan(_) => (i128::from(amount) * 2 / 5) as i64,
    }
}

/// `0000138` in Korea, `000000138` in the US.
pub(crate) fn number_text(desk: Desk, number: u64) -> String {
    if desk == Desk::Us { format!("{number:09}") } else { format!("{number:07}") }
}
