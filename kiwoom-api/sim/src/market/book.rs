//! The book of one instrument: shares of others by price, and the orders of the account among them.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::deal::{Fill, OrderSide};
use super::queue::QueueModel;

/// An order of the account in the book.
#[derive(Clone, Copy, Debug)]
pub(super) struct Resting {
    pub order: u64,
    pub side: OrderSide,
    pub price: i64,
    pub left: i64,
    /// Shares of others that trade before it.
    pub ahead: i64,
    /// The price that it gets in the call before the close.
    in_call: Option<i64>,
}

/// Both sides.
pub(super) struct Book {
    pub asks: BTreeMap<i64, i64>,
    pub bids: BTreeMap<i64, i64>,
    pub resting: Vec<Resting>,
    queue: Arc<dyn QueueModel>,
}

impl Book {
    pub fn new(queue: Arc<dyn QueueModel>) -> Book {
        Book { asks: BTreeMap::new(), bids: BTreeMap::new(), resting: Vec::new(), queue }
    }

    /// Only the account stands in it.
    pub fn clear_others(&mut self) {
        self.asks.clear();
        self.bids.clear();
    }

    /// Shares of others, by price.
    pub fn side(&self, side: OrderSide) -> &BTreeMap<i64, i64> {
        if side == OrderSide::Sell { &self.asks } else { &self.bids }
    }

    /// The same, to be changed.
    pub fn side_mut(&mut self, side: OrderSide) -> &mut BTreeMap<i64, i64> {
        if side == OrderSide::Sell { &mut self.asks } else { &mut self.bids }
    }

    /// Shares of others at a price.
    pub fn standing(&self, side: OrderSide, price: i64) -> i64 {
        self.side(side).get(&price).copied().unwrap_or(0)
    }

    /// The best price of a side, orders of the account included.
    pub fn best(&self, side: OrderSide) -> Option<i64> {
        let own = self.resting.iter().filter(|order| order.side == side).map(|order| order.price);
        match side {
            OrderSide::Sell => self.asks.keys().next().copied().into_iter().chain(own).min(),
            OrderSide::Buy => self.bids.keys().next_back().copied().into_iter().chain(own).max(),
        }
    }

    /// All levels of a side, the best first, orders of the account included: price and quantity.
    pub fn levels(&self, side: OrderSide) -> Vec<(i64, i64)> {
        let mut all = self.side(side).clone();
        for order in self.resting.iter().filter(|order| order.side == side) {
            *all.entry(order.price).or_default() += order.left;
        }
        match side {
            OrderSide::Sell => all.into_iter().collect(),
            OrderSide::Buy => all.into_iter().rev().collect(),
        }
    }

    /// Takes up to `qty` shares at one price, in the order in which they stand; how many that were.
    pub fn take(&mut self, maker: OrderSide, price: i64, qty: i64, fills: &mut Vec<Fill>) -> i64 {
        let mut others = 0;
        let mut left = qty;
        let standing = self.standing(maker, price);
        for order in self.resting.iter_mut().filter(|order| order.side == maker && order.price == price) {
            let before = (order.ahead.min(standing) - others).clamp(0, left);
            others += before;
            left -= before;
            let filled = order.left.min(left);
            if filled > 0 {
                order.left -= filled;
                left -= filled;
                fills.push(Fill { order: order.order, price, qty: filled });
            }
        }
        let behind = (standing - others).min(left);
        others += behind;
        left -= behind;
        self.set(maker, price, standing - others);
        for order in self.resting.iter_mut().filter(|order| order.side == maker && order.price == price) {
            order.ahead = (order.ahead - others).max(0);
        }
        self.resting.retain(|order| order.left > 0);
        qty - left
    }

    /// Others cancel, so that `left` of their shares stand at a price.
    pub fn cancel_others(&mut self, side: OrderSide, price: i64, left: i64) {
        self.set(side, price, left);
        let queue = self.queue.clone();
        for order in self.resting.iter_mut().filter(|order| order.side == side && order.price == price) {
            order.ahead = queue.ahead_after_cancel(order.ahead, left).clamp(0, left);
        }
    }

    /// Others keep so many levels of each side, the best ones.
    pub fn trim(&mut self, levels: usize) {
        while self.asks.len() > levels {
            let Some((price, _)) = self.asks.last_key_value() else { break };
            self.cancel_others(OrderSide::Sell, *price, 0);
        }
        while self.bids.len() > levels {
            let Some((price, _)) = self.bids.first_key_value() else { break };
            self.cancel_others(OrderSide::Buy, *price, 0);
        }
    }

    fn set(&mut self, side: OrderSide, price: i64, qty: i64) {
        match qty {
            0 => self.side_mut(side).remove(&price),
            qty => self.side_mut(side).insert(price, qty),
        };
    }

    /// An order of the account joins the queue of its price.
    pub fn stand(&mut self, (order, side): (u64, OrderSide), (price, left): (i64, i64), in_call: Option<i64>) {
        let ahead = self.queue.ahead_of_new(self.standing(side, price));
        self.resting.push(Resting { order, side, price, left, ahead, in_call });
    }

    /// The call before the close begins.
    pub fn call(&mut self) {
        for order in &mut self.resting {
            order.price = order.in_call.unwrap_or(order.price);
        }
        self.stand_anew();
    }

    /// Shares that an order of this side could take up to its limit.
    pub fn within(&self, taker: OrderSide, limit: i64) -> i64 {
        let levels = self.levels(taker.other()).into_iter();
        levels.filter(|(price, _)| taker.reaches(Some(limit), *price)).map(|(_, qty)| qty).sum()
    }

    /// An auction ends: orders of the account trade at one price; the larger of what they bought and sold.
    pub fn uncross(&mut self, price: i64, fills: &mut Vec<Fill>) -> i64 {
        let stands_at = |side| self.resting.iter().any(|order| order.side == side && order.price == price);
        // an order at the price itself may or may not trade: it stays, unless the book would be crossed
        let is_crossed = stands_at(OrderSide::Buy) && stands_at(OrderSide::Sell);
        let mut traded = [0, 0];
        for order in &mut self.resting {
            let is_better = order.side.reaches(Some(order.price), price) && order.price != price;
            if is_better || (is_crossed && order.price == price) {
                fills.push(Fill { order: order.order, price, qty: order.left });
                traded[usize::from(order.side == OrderSide::Buy)] += order.left;
                order.left = 0;
            }
        }
        self.resting.retain(|order| order.left > 0);
        traded[0].max(traded[1])
    }

    /// All orders of the account join the queue of their price anew.
    pub fn stand_anew(&mut self) {
        for index in 0..self.resting.len() {
            let Resting { side, price, .. } = self.resting[index];
            self.resting[index].ahead = self.queue.ahead_of_new(self.standing(side, price));
        }
    }

    /// Lowers the quantity of an order in its place.
    pub fn lower(&mut self, order: u64, by: i64) {
        for resting in self.resting.iter_mut().filter(|resting| resting.order == order) {
            resting.left -= by;
        }
        self.resting.retain(|resting| resting.left > 0);
    }
}
