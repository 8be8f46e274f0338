//! Cash and positions, and what orders do to them.

use std::collections::BTreeMap;
use std::time::Duration;

use kiwoom_api::jiff::civil::DateTime;

use super::fees::Fees;
use super::order::{Order, Sort, Stand};
use super::refusal::Refused;
use crate::market::{Fill, Kind, OrderSide, Stock, is_on_grid};
use crate::session::{Phase, phase, second_of};

/// Shares of one stock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Position {
    pub qty: i64,
    /// What the shares cost, without commission.
    pub cost: i64,
    /// What buying them cost in commission.
    pub commission: i64,
    pub bought_today: i64,
    pub sold_today: i64,
}

/// What an order asks for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Takes {
    pub side: OrderSide,
    /// None for a market order.
    pub price: Option<i64>,
    pub qty: i64,
    pub venue: &'static str,
}

/// A change of an order that the account is told of.
#[derive(Clone, Debug)]
pub(crate) enum Change {
    /// The order was taken.
    Accepted(Order),
    /// A part of it was filled.
    Filled(Order),
    /// A change or a cancellation was carried out.
    Confirmed(Order),
}

/// The account.
pub(crate) struct Account {
    fees: Fees,
    /// What it began with.
    pub initial: i64,
    /// Cash after all trades, settled or not.
    pub cash: i64,
    /// Cash at the beginning of the day.
    pub deposit: i64,
    /// Sums over all fills.
    bought: i64,
    sold: i64,
    pub commission: i64,
    pub tax: i64,
    /// Profit of sold shares, after costs.
    pub realized: i64,
    positions: BTreeMap<&'static str, Position>,
    /// Of all days; by number.
    orders: Vec<Order>,
    /// Positions in `orders` of those of which something is left.
    open: Vec<usize>,
    first_of_day: usize,
    next_number: u64,
    next_fill: u64,
}

impl Account {
    pub fn new(cash: i64, fees: Fees) -> Account {
        Account {
            fees,
            initial: cash,
            cash,
            deposit: cash,
            bought: 0,
            sold: 0,
            commission: 0,
            tax: 0,
            realized: 0,
            positions: BTreeMap::new(),
            orders: Vec::new(),
            open: Vec::new(),
            first_of_day: 0,
            next_number: 138,
            next_fill: 1,
        }
    }

    /// Takes a new order, or says why not.
    pub fn submit(
        &mut self,
        takes: Takes,
        stock: &mut Stock,
        (at, shown_from): (DateTime, Duration),
    ) -> Result<(u64, Vec<Change>), Refused> {
        self.check(&takes, stock, phase(at))?;
        self.enter((Sort::New, 0), takes, stock, (at, shown_from))
    }

    fn check(&self, takes: &Takes, stock: &Stock, phase: Phase) -> Result<(), Refused> {
        let kind = stock.listing.kind;
        if !matches!(kind, Kind::Stock | Kind::Etf) {
            return Err(Refused::Stock);
        }
        if phase == Phase::Closed {
            return Err(Refused::Closed);
        }
        if takes.qty <= 0 || takes.qty > 1_000_000_000 {
            return Err(Refused::Quantity);
        }
        if let Some(price) = takes.price {
            if !is_on_grid(kind, price) {
                return Err(Refused::TickSize);
            }
            if price > stock.highest() || price < stock.lowest() {
                return Err(Refused::Limit);
            }
        }
        match takes.side {
            OrderSide::Buy => {
                // a market order needs cash for the highest price of the day
                let amount = takes.price.unwrap_or(stock.highest()).checked_mul(takes.qty).ok_or(Refused::Funds)?;
                let needed = amount.checked_add(self.fees.commission_of(amount) + 1).ok_or(Refused::Funds)?;
                if needed > self.orderable() {
                    return Err(Refused::Funds);
                }
            }
            OrderSide::Sell if takes.qty > self.sellable(stock.listing.code) => return Err(Refused::Shares),
            OrderSide::Sell => {}
        }
        Ok(())
    }

    fn enter(
        &mut self,
        (sort, original): (Sort, u64),
        takes: Takes,
        stock: &mut Stock,
        (at, shown_from): (DateTime, Duration),
    ) -> Result<(u64, Vec<Change>), Refused> {
        let number = self.number();
        let Takes { side, price, qty, venue } = takes;
        let listing = stock.listing;
        self.orders.push(Order {
            number,
            original,
            sort,
            code: listing.code,
            name: listing.name,
            kind: listing.kind,
            side,
            price,
            bound: price.unwrap_or(stock.highest()),
            qty,
            left: qty,
            filled: 0,
            amount: 0,
            commission: 0,
            tax: 0,
            venue,
            at,
            shown_from,
            last_fill: None,
        });
        let place = self.orders.len() - 1;
        self.open.push(place);
        let taken = self.orders[place].clone();
        let mut changes = vec![if sort == Sort::New { Change::Accepted(taken) } else { Change::Confirmed(taken) }];
        let (fills, unfilled) = stock.place((number, side), (price, qty), (phase(at), second_of(at)));
        for fill in fills {
            changes.extend(self.book(fill));
        }
        // what a market order does not get is gone
        self.orders[place].left -= unfilled;
        self.forget_done();
        Ok((number, changes))
    }

    /// Changes price and quantity of an open order; 0 means all that is left. The part that is changed becomes an order of
    /// its own number.
    pub fn modify(
        &mut self,
        (original, qty, price): (u64, i64, i64),
        stock: &mut Stock,
        (at, shown_from): (DateTime, Duration),
    ) -> Result<(u64, i64, Vec<Change>), Refused> {
        if phase(at) == Phase::Closed {
            return Err(Refused::Closed);
        }
        let (order, qty) = self.open(original, stock.listing.code, qty)?;
        let takes = Takes { side: order.side, price: Some(price), qty, venue: order.venue };
        // what the old order holds is free for the new one
        let place = self.place_of(original).ok_or(Refused::Original)?;
        self.orders[place].left -= qty;
        if let Err(refused) = self.check(&takes, stock, phase(at)) {
            self.orders[place].left += qty;
            return Err(refused);
        }
        stock.lower(original, qty);
        let (number, changes) = self.enter((Sort::Modify, original), takes, stock, (at, shown_from))?;
        Ok((number, qty, changes))
    }

    /// Cancels an open order, or a part of it; 0 means all that is left.
    pub fn cancel(
        &mut self,
        (original, qty): (u64, i64),
        stock: &mut Stock,
        (at, shown_from): (DateTime, Duration),
    ) -> Result<(u64, i64, Vec<Change>), Refused> {
        if phase(at) == Phase::Closed {
            return Err(Refused::Closed);
        }
        let (order, qty) = self.open(original, stock.listing.code, qty)?;
        let place = self.place_of(original).ok_or(Refused::Original)?;
        self.orders[place].left -= qty;
        self.forget_done();
        stock.lower(original, qty);
        let number = self.number();
        let (filled, amount, commission, tax, last_fill) = (0, 0, 0, 0, None);
        let record = Order {
            number,
            original,
            sort: Sort::Cancel,
            qty,
            left: 0,
            filled,
            amount,
            commission,
            tax,
            at,
            shown_from,
            last_fill,
            ..order
        };
        self.orders.push(record.clone());
        Ok((number, qty, vec![Change::Confirmed(record)]))
    }

    /// An open order of today, and how much of it is meant.
    fn open(&self, number: u64, code: &str, qty: i64) -> Result<(Order, i64), Refused> {
        let order = self.open_orders().find(|order| order.number == number && order.code == code);
        let order = order.filter(|order| order.stand() == Stand::Open).ok_or(Refused::Original)?;
        match qty {
            0 => Ok((order.clone(), order.left)),
            qty if qty < 0 || qty > order.left => Err(Refused::Quantity),
            qty => Ok((order.clone(), qty)),
        }
    }

    /// Books one fill.
    pub fn book(&mut self, fill: Fill) -> Option<Change> {
        let place = self.place_of(fill.order)?;
        let order = &mut self.orders[place];
        let amount = fill.price * fill.qty;
        order.left -= fill.qty;
        order.filled += fill.qty;
        order.amount += amount;
        order.last_fill = Some((self.next_fill, fill.price, fill.qty));
        self.next_fill += 1;
        // of the whole order, so that many small fills cost what one costs
        let commission = self.fees.commission_of(order.amount) - order.commission;
        let taxed = order.side == OrderSide::Sell && order.kind == Kind::Stock;
        let tax = if taxed { self.fees.tax_of(order.amount) - order.tax } else { 0 };
        order.commission += commission;
        order.tax += tax;
        let position = self.positions.entry(order.code).or_default();
        match order.side {
            OrderSide::Buy => {
                self.cash -= amount + commission;
                self.bought += amount;
                position.qty += fill.qty;
                position.cost += amount;
                position.commission += commission;
                position.bought_today += fill.qty;
            }
            OrderSide::Sell => {
                self.cash += amount - commission - tax;
                self.sold += amount;
                let part = |whole: i64| (i128::from(whole) * i128::from(fill.qty) / i128::from(position.qty)) as i64;
                let (cost, bought_for) = (part(position.cost), part(position.commission));
                self.realized += amount - commission - tax - cost - bought_for;
                position.qty -= fill.qty;
                position.cost -= cost;
                position.commission -= bought_for;
                position.sold_today += fill.qty;
            }
        }
        self.commission += commission;
        self.tax += tax;
        Some(Change::Filled(order.clone()))
    }

    /// The day is over: nothing is open any more.
    pub fn close_day(&mut self) {
        for place in self.open.drain(..) {
            self.orders[place].left = 0;
        }
    }

    /// Another day begins.
    pub fn begin_day(&mut self) {
        self.close_day();
        self.first_of_day = self.orders.len();
        self.deposit = self.cash;
        for position in self.positions.values_mut() {
            (position.bought_today, position.sold_today) = (0, 0);
        }
        self.positions.retain(|_, position| position.qty > 0);
    }

    fn number(&mut self) -> u64 {
        self.next_number += 1;
        self.next_number
    }

    fn place_of(&self, number: u64) -> Option<usize> {
        self.open.iter().copied().find(|place| self.orders[*place].number == number)
    }

    fn forget_done(&mut self) {
        let orders = &self.orders;
        self.open.retain(|place| orders[*place].left > 0);
    }

    /// The orders of which something is left.
    fn open_orders(&self) -> impl Iterator<Item = &Order> {
        self.open.iter().map(|place| &self.orders[*place])
    }

    /// The orders of today, by number.
    pub fn today(&self) -> &[Order] {
        &self.orders[self.first_of_day..]
    }

    /// The orders of all days, by number.
    pub fn orders(&self) -> &[Order] {
        &self.orders
    }

    /// Positions with at least one share, by code.
    pub fn positions(&self) -> impl Iterator<Item = (&'static str, &Position)> {
        self.positions.iter().filter(|(_, position)| position.qty > 0).map(|(code, position)| (*code, position))
    }

    /// Shares that no open sale has promised.
    pub fn sellable(&self, code: &str) -> i64 {
        let promised: i64 =
            self.open_orders().filter(|o| o.code == code && o.side == OrderSide::Sell).map(|o| o.left).sum();
        self.positions.get(code).map_or(0, |position| position.qty) - promised
    }

    /// Cash that no open purchase has promised.
    pub fn orderable(&self) -> i64 {
        self.cash - self.open_orders().map(|order| order.reserved(&self.fees)).sum::<i64>()
    }

    /// What selling an amount now would cost: commission and tax.
    pub fn cost_of_sale(&self, amount: i64, kind: Kind) -> (i64, i64) {
        let tax = if kind == Kind::Stock { self.fees.tax_of(amount) } else { 0 };
        (self.fees.commission_of(amount), tax)
    }

    /// Recounts money and shares; says what does not agree.
    pub fn audit(&self) -> Result<(), String> {
        let cash = self.initial + self.sold - self.bought - self.commission - self.tax;
        if cash != self.cash {
            return Err(format!("cash is {} and should be {cash}", self.cash));
        }
        if self.orderable() < 0 {
            return Err(format!("more cash is promised than there is: {}", self.orderable()));
        }
        for (code, position) in &self.positions {
            if position.qty < 0
                || position.cost < 0
                || self.sellable(code) < 0
                || (position.qty == 0 && position.cost != 0)
            {
                return Err(format!("{code}: {position:?}, {} to sell", self.sellable(code)));
            }
        }
        for order in self.open_orders() {
            if order.left < 0 || order.filled + order.left > order.qty {
                return Err(format!(
                    "order {}: {} of {} filled, {} left",
                    order.number, order.filled, order.qty, order.left
                ));
            }
        }
        Ok(())
    }

    /// The same from the orders of all days, which takes longer.
    pub fn audit_all(&self) -> Result<(), String> {
        self.audit()?;
        let side = |side| self.orders.iter().filter(move |order| order.side == side);
        let amount = |of| side(of).map(|order| order.amount).sum::<i64>();
        let costs: i64 = self.orders.iter().map(|order| order.commission + order.tax).sum();
        let cash = self.initial + amount(OrderSide::Sell) - amount(OrderSide::Buy) - costs;
        if cash != self.cash {
            return Err(format!("cash is {} and its orders say {cash}", self.cash));
        }
        if let Some(order) = self.orders.iter().find(|order| order.filled + order.left > order.qty || order.filled < 0)
        {
            return Err(format!(
                "order {}: {} of {} filled, {} left",
                order.number, order.filled, order.qty, order.left
            ));
        }
        for (code, position) in &self.positions {
            let filled = |of| side(of).filter(|order| order.code == *code).map(|order| order.filled).sum::<i64>();
            let qty = filled(OrderSide::Buy) - filled(OrderSide::Sell);
            if qty != position.qty {
                return Err(format!("{code}: {} shares, and its orders say {qty}", position.qty));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::market::{BehindAll, Market};

    /// Ten thousand random orders, changes and cancellations over two days; recounted after each step.
    #[test]
    fn cash_and_shares_are_conserved_through_random_orders() {
        for seed in 0..3 {
            let mut dice = fastrand::Rng::with_seed(seed);
            let mut at: DateTime = "2026-07-06T08:31:00".parse().unwrap();
            let mut market = Market::new(seed, at, &(Arc::new(BehindAll) as _));
            let mut account = Account::new(3_000_000_000, Fees::REAL);
            let (mut taken, mut refused, mut fills) = (0, 0, 0);
            for step in 0..10_000_u32 {
                if step % 4 == 0 {
                    at = at.saturating_add(kiwoom_api::jiff::Span::new().seconds(dice.i64(1..=19)));
                    let mut day = at.date();
                    market.run_to(at, &mut |_, (at, happened)| {
                        if at.date() != day {
                            account.begin_day();
                            day = at.date();
                        }
                        for fill in happened.fills {
                            fills += 1;
                            account.book(fill).expect("a fill of an order that there is");
                        }
                        if happened.closed {
                            account.close_day();
                        }
                    });
                    account.audit().unwrap();
                }
                let code = ["005930", "007280", "069500", "035720"][dice.usize(..4)];
                let stock = market.find_mut(code).unwrap();
                let near = stock.last() + stock.last() * dice.i64(-40..=40) / 1_000;
                let price = near - near % crate::market::tick(stock.listing.kind, near);
                let open: Vec<u64> = account.open_orders().filter(|o| o.left > 0).map(|o| o.number).collect();
                let when = (at, Duration::ZERO);
                let done = match dice.u8(0..10) {
                    0..7 => {
                        let side = if dice.u8(0..9) < 5 { OrderSide::Buy } else { OrderSide::Sell };
                        let price = (dice.u8(0..4) > 0).then_some(price);
                        let takes = Takes { side, price, qty: dice.i64(-1..400), venue: "KRX" };
                        account.submit(takes, stock, when).map(|_| ())
                    }
                    7 if !open.is_empty() => {
                        let number = open[dice.usize(..open.len())];
                        account.modify((number, dice.i64(0..50), price), stock, when).map(|_| ())
                    }
                    _ if !open.is_empty() => {
                        let number = open[dice.usize(..open.len())];
                        account.cancel((number, dice.i64(0..50)), stock, when).map(|_| ())
                    }
                    _ => Ok(()),
                };
                match done {
                    Ok(()) => taken += 1,
                    Err(_) => refused += 1,
                }
                account.audit().unwrap_or_else(|broken| panic!("seed {seed}, step {step}: {broken}"));
            }
            account.audit_all().unwrap();
            let partly = account.orders().iter().filter(|o| o.filled > 0 && o.filled < o.qty).count();
            assert!(taken > 3_000 && refused > 100 && fills > 100 && partly > 50, "{taken} {refused} {fills} {partly}");
            assert!(account.commission > 0 && account.tax > 0);
        }
    }
}
