//! An order and what changes made of it, as one.

use super::book::{Blotter, Key, key_of};
use super::order::{LiveOrder, LiveStatus};
use crate::value::Decimal;

/// An order together with the orders that changes made of it: what its owner thinks of as one order.
///
/// Once a list has shown its orders, `ordered = filled + remaining + cancelled + unexplained`, whatever was changed in between.
/// Before that, the push of a change may be there while the word about what it took is still missing.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct LiveChain {
    /// The orders, the first one first.
    pub orders: Vec<LiveOrder>,
    /// How many were ordered at first.
    pub ordered: Decimal,
    /// How many of them are filled, under any number.
    pub filled: Decimal,
    /// How many may still be filled.
    pub remaining: Decimal,
    /// How many were cancelled.
    pub cancelled: Decimal,
    /// How many are gone without a word: see [`LiveOrder::unexplained`].
    pub unexplained: Decimal,
    /// What the fills are worth together; `None` where the price of one was lost.
    pub value: Option<Decimal>,
}

impl LiveChain {
    /// The newest order: the one to change or to cancel.
    pub fn newest(&self) -> &LiveOrder {
        let open = self.orders.iter().rev().find(|order| order.is_open());
        open.or(self.orders.last()).unwrap_or_else(|| unreachable!("a chain has a first order"))
    }

    /// The average price of all fills, as [`LiveOrder::average`].
    pub fn average(&self) -> Option<Decimal> {
        self.value.filter(|_| !self.filled.is_zero()).map(|value| value / self.filled)
    }

    /// Whether nothing happens to any of them any more, and all numbers are final.
    pub fn is_done(&self) -> bool {
        self.orders.iter().all(LiveOrder::is_done)
    }
}

impl Blotter {
    /// The chain to which an order belongs, whichever of its orders is named.
    pub fn chain(&self, key: &Key) -> Option<LiveChain> {
        let mut first = key.clone();
        // a chain is no longer than the book, unless it is cyclic
        for _ in 0..self.entries.len() {
            match self.parent(&first) {
                Some(parent) => first = parent,
                None => break,
            }
        }
        let mut orders: Vec<LiveOrder> = Vec::new();
        let mut next = vec![first];
        while let Some(key) = next.pop() {
            let known = |order: &LiveOrder| key_of(order.order.date, &order.order.number) == key;
            if orders.iter().any(known) {
                continue;
            }
            let order = self.view(&key)?;
            next.extend(order.replaced_by.iter().rev().map(|number| key_of(key.0, number)));
            orders.push(order);
        }
        // a change that is not in force has nothing yet, and a refused one never had
        let real = |order: &&LiveOrder| !matches!(order.status, LiveStatus::Request);
        let sum = |part: fn(&LiveOrder) -> Decimal| -> Decimal { orders.iter().filter(real).map(part).sum() };
        Some(LiveChain {
            ordered: orders.first()?.ordered,
            filled: sum(|order| order.filled),
            remaining: sum(|order| order.remaining),
            cancelled: sum(|order| order.cancelled),
            unexplained: sum(|order| order.unexplained),
            value: orders.iter().filter(real).map(|order| order.value).sum(),
            orders,
        })
    }
}
