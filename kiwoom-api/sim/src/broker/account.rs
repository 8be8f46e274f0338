//! Money and positions, and what orders do to them.

use std::time::Duration;

use kiwoom_api::jiff::civil::{Date, DateTime};

use super::fees::Fees;
use super::holding::{Lot, Lots, Position, Promised};
use super::kinds::{OrderKind, Pricing};
use super::order::{Credit, Order, Sort, Stand, own_part};
use super::purse::{Desk, Funds, Purse};
use super::refusal::Refused;
use super::sale::Sale;
use crate::market::{Fill, Kind, OrderSide, Stay, Stock, Terms, is_on_grid};
use crate::session::{Exchange, Phase, second_of};

/// What an order asks for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Takes {
    pub side: OrderSide,
    pub kind: &'static OrderKind,
    /// None where its kind has none.
    pub price: Option<i64>,
    pub qty: i64,
    pub venue: &'static str,
    pub credit: Credit,
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
    pub(super) fees: Fees,
    pub(super) purses: [Purse; 3],
    pub(super) lots: Lots,
    pub(super) sales: Vec<Sale>,
    /// Of all days; by number.
    pub(super) orders: Vec<Order>,
    /// Positions in `orders` of those of which something is left.
    open: Vec<usize>,
    next_number: u64,
    next_fill: u64,
}

impl Account {
    pub fn new(funds: Funds, fees: Fees) -> Account {
        Account {
            fees,
            purses: [funds.won, funds.gold, funds.cents].map(Purse::new),
            lots: Lots::new(),
            sales: Vec::new(),
            orders: Vec::new(),
            open: Vec::new(),
            next_number: 138,
            next_fill: 1,
        }
    }

    /// Takes a new order, or says why not.
    pub fn submit(
        &mut self,
        mut takes: Takes,
        stock: &mut Stock,
        when: (DateTime, Duration),
    ) -> Result<(u64, Vec<Change>), Refused> {
        let exchange = stock.listing.kind.exchange();
        if !exchange.takes_orders(when.0) {
            return Err(Refused::Closed);
        }
        let phase = exchange.phase(when.0);
        if takes.kind.is_immediate() && phase != Phase::Continuous {
            return Err(Refused::OrderType);
        }
        // where the other side is empty, nothing says what the best price is
        let best = |side| stock.best(side).ok_or(Refused::OrderType);
        takes.price = match takes.kind.pricing {
            Pricing::Named => takes.price,
            Pricing::Market => None,
            Pricing::BestOther => Some(best(takes.side.other())?),
            Pricing::BestOwn => Some(best(takes.side)?),
        };
        let desk = self.check(&takes, stock, when.0)?;
        self.enter((desk, Sort::New, 0), takes, stock, when)
    }

    fn check(&self, takes: &Takes, stock: &Stock, at: DateTime) -> Result<Desk, Refused> {
        let kind = stock.listing.kind;
        let desk = Desk::of(kind).ok_or(Refused::Stock)?;
        if !kind.exchange().takes_orders(at) {
            return Err(Refused::Closed);
        }
        if takes.qty <= 0 || takes.qty > 1_000_000_000 {
            return Err(Refused::Quantity);
        }
        if let Some(price) = takes.price {
            if !is_on_grid(kind, price) {
                return Err(Refused::TickSize);
            }
            // US stocks have no limits of a day
            if desk != Desk::Us && (price > stock.highest() || price < stock.lowest()) {
                return Err(Refused::Limit);
            }
        }
        match takes.side {
            OrderSide::Buy => {
                let amount = bound(takes, stock).checked_mul(takes.qty).ok_or(Refused::Funds)?;
                let commission = self.fees.commission_of(amount) + 1;
                let needed = own_part(takes.credit, amount).checked_add(commission).ok_or(Refused::Funds)?;
                if needed > self.orderable(desk) {
                    return Err(Refused::Funds);
                }
            }
            OrderSide::Sell if takes.qty > self.sellable(stock.listing.code, takes.credit) => {
                return Err(Refused::Shares);
            }
            OrderSide::Sell => {}
        }
        Ok(desk)
    }

    fn enter(
        &mut self,
        (desk, sort, original): (Desk, Sort, u64),
        takes: Takes,
        stock: &mut Stock,
        (at, shown_from): (DateTime, Duration),
    ) -> Result<(u64, Vec<Change>), Refused> {
        let number = self.number();
        let Takes { side, kind, price, qty, venue, credit } = takes;
        let (listing, exchange) = (stock.listing, desk.exchange());
        self.orders.push(Order {
            number,
            original,
            sort,
            desk,
            listing,
            code: listing.code,
            kind,
            credit,
            side,
            price,
            bound: bound(&takes, stock),
            qty,
            left: qty,
            filled: 0,
            amount: 0,
            commission: 0,
            tax: 0,
            venue,
            at,
            day: exchange.day(at),
            shown_from,
            last_fill: None,
        });
        let place = self.orders.len() - 1;
        self.open.push(place);
        let taken = self.orders[place].clone();
        let mut changes = vec![if sort == Sort::New { Change::Accepted(taken) } else { Change::Confirmed(taken) }];
        let now = (exchange.phase(at), second_of(exchange.local(at)));
        let (fills, unfilled) = stock.place((number, side), Terms { price, qty, stay: kind.stay }, now);
        for fill in fills {
            changes.extend(self.book(fill));
        }
        // what neither trades nor stands is gone
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
        when: (DateTime, Duration),
    ) -> Result<(u64, i64, Vec<Change>), Refused> {
        let (order, qty) = self.open(original, stock, (qty, when.0))?;
        let kind = if order.kind.stay == Stay::UntilCall { order.kind } else { OrderKind::limit(order.desk) };
        let takes = Takes { side: order.side, kind, price: Some(price), qty, venue: order.venue, credit: order.credit };
        // what the old order holds is free for the new one
        let place = self.place_of(original).ok_or(Refused::Original)?;
        self.orders[place].left -= qty;
        let desk = match self.check(&takes, stock, when.0) {
            Ok(desk) => desk,
            Err(refused) => {
                self.orders[place].left += qty;
                return Err(refused);
            }
        };
        stock.lower(original, qty);
        let (number, changes) = self.enter((desk, Sort::Modify, original), takes, stock, when)?;
        Ok((number, qty, changes))
    }

    /// Cancels an open order, or a part of it; 0 means all that is left.
    pub fn cancel(
        &mut self,
        (original, qty): (u64, i64),
        stock: &mut Stock,
        (at, shown_from): (DateTime, Duration),
    ) -> Result<(u64, i64, Vec<Change>), Refused> {
        let (order, qty) = self.open(original, stock, (qty, at))?;
        let place = self.place_of(original).ok_or(Refused::Original)?;
        self.orders[place].left -= qty;
        self.forget_done();
        stock.lower(original, qty);
        let number = self.number();
        let record = Order {
            number,
            original,
            sort: Sort::Cancel,
            qty,
            left: 0,
            filled: 0,
            amount: 0,
            commission: 0,
            tax: 0,
            at,
            shown_from,
            last_fill: None,
            ..order
        };
        self.orders.push(record.clone());
        Ok((number, qty, vec![Change::Confirmed(record)]))
    }

    /// An open order, and how much of it is meant.
    fn open(&self, number: u64, stock: &Stock, (qty, at): (i64, DateTime)) -> Result<(Order, i64), Refused> {
        if !stock.listing.kind.exchange().takes_orders(at) {
            return Err(Refused::Closed);
        }
        let order = self.open_orders().find(|order| order.number == number && order.code == stock.listing.code);
        let order = order.filter(|order| order.stand() == Stand::Open).ok_or(Refused::Original)?;
        match qty {
            0 => Ok((order.clone(), order.left)),
            qty if qty < 0 || qty > order.left => Err(Refused::Quantity),
            qty => Ok((order.clone(), qty)),
        }
    }

    /// An open order by its number, for who must know what it is before it is changed.
    pub fn find_open(&self, number: u64) -> Option<&Order> {
        self.open_orders().find(|order| order.number == number)
    }

    /// Books one fill.
    pub fn book(&mut self, fill: Fill) -> Option<Change> {
        let place = self.place_of(fill.order)?;
        for (lot, qty) in self.lots_of(place, fill.qty) {
            self.settle(place, lot, (fill.price, qty));
        }
        let order = &mut self.orders[place];
        order.left -= fill.qty;
        order.filled += fill.qty;
        order.last_fill = Some((self.next_fill, fill.price, fill.qty));
        self.next_fill += 1;
        Some(Change::Filled(order.clone()))
    }

    /// The lots that a fill changes, and by how much: a sale of borrowed shares begins with the oldest loan.
    fn lots_of(&self, place: usize, qty: i64) -> Vec<(Lot, i64)> {
        let order = &self.orders[place];
        let loan = match order.credit {
            Credit::Cash => None,
            Credit::Loan(Some(day)) => Some(day),
            Credit::Loan(None) => {
                let promised = Promised::of(self.open_orders());
                let mut left = qty;
                let borrowed = self.lots.iter().filter(|(lot, _)| lot.code == order.code && lot.loan.is_some());
                let parts = borrowed.map(|(lot, position)| {
                    let part = promised.free(lot, position).clamp(0, left);
                    left -= part;
                    (*lot, part)
                });
                return parts.filter(|(_, part)| *part > 0).collect();
            }
        };
        vec![(Lot { code: order.code, loan }, qty)]
    }

    /// Moves money and shares.
    fn settle(&mut self, place: usize, lot: Lot, (price, qty): (i64, i64)) {
        let order = &mut self.orders[place];
        let amount = price * qty;
        let own_before = own_part(order.credit, order.amount);
        order.amount += amount;
        // of the whole order, so that many small fills cost what one costs
        let commission = self.fees.commission_of(order.amount) - order.commission;
        let taxed = order.side == OrderSide::Sell && order.listing.kind == Kind::Stock;
        let tax = if taxed { self.fees.tax_of(order.amount) - order.tax } else { 0 };
        order.commission += commission;
        order.tax += tax;
        let purse = &mut self.purses[order.desk as usize];
        let position = self.lots.entry(lot).or_insert_with(|| Position::empty(order.desk));
        match order.side {
            OrderSide::Buy => {
                let loan = amount - (own_part(order.credit, order.amount) - own_before);
                purse.cash -= amount - loan + commission;
                purse.loan += loan;
                purse.bought += amount;
                position.qty += qty;
                position.cost += amount;
                position.commission += commission;
                position.loan += loan;
                position.bought_today += qty;
            }
            OrderSide::Sell => {
                let (cost, bought_for, loan) = position.take(qty);
                let (day, listing, is_credit) = (order.day, order.listing, lot.loan.is_some());
                let sale = Sale { day, listing, is_credit, qty, amount, cost, bought_for, commission, tax };
                purse.cash += amount - commission - tax - loan;
                purse.loan -= loan;
                purse.sold += amount;
                purse.realized += sale.profit();
                self.sales.push(sale);
            }
        }
        purse.commission += commission;
        purse.tax += tax;
    }

    /// The day of an exchange is over: none of its orders is open any more.
    pub fn close_day(&mut self, exchange: Exchange) {
        for place in &self.open {
            let order = &mut self.orders[*place];
            if order.desk.exchange() == exchange {
                order.left = 0;
            }
        }
        self.forget_done();
    }

    /// Another day of an exchange begins.
    pub fn begin_day(&mut self, exchange: Exchange) {
        self.close_day(exchange);
        for desk in Desk::ALL.into_iter().filter(|desk| desk.exchange() == exchange) {
            let purse = &mut self.purses[desk as usize];
            purse.deposit = purse.cash;
        }
        for position in self.lots.values_mut().filter(|position| position.desk.exchange() == exchange) {
            (position.bought_today, position.sold_today) = (0, 0);
        }
        self.lots.retain(|_, position| position.qty > 0 || position.desk.exchange() != exchange);
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
    pub fn open_orders(&self) -> impl Iterator<Item = &Order> {
        self.open.iter().map(|place| &self.orders[*place])
    }

    /// The orders of a day, by number.
    pub fn orders_of(&self, desk: Desk, day: Date) -> impl DoubleEndedIterator<Item = &Order> {
        self.orders.iter().filter(move |order| order.desk == desk && order.day == day)
    }

    /// The orders of all days, by number.
    pub fn orders(&self) -> &[Order] {
        &self.orders
    }

    /// The money of a market.
    pub fn purse(&self, desk: Desk) -> &Purse {
        &self.purses[desk as usize]
    }

    /// All that was sold, oldest first.
    pub fn sales(&self, desk: Desk) -> impl Iterator<Item = &Sale> {
        self.sales.iter().filter(move |sale| Desk::of(sale.listing.kind) == Some(desk))
    }

    /// What a market has of positions of at least one share, by code.
    pub fn positions(&self, desk: Desk) -> impl Iterator<Item = (&Lot, &Position)> {
        self.lots.iter().filter(move |(_, position)| position.desk == desk && position.qty > 0)
    }

    /// Shares that no open sale has promised.
    pub fn sellable(&self, code: &str, credit: Credit) -> i64 {
        Promised::of(self.open_orders()).sellable(&self.lots, (code, credit))
    }

    /// Money that no open purchase has promised.
    pub fn orderable(&self, desk: Desk) -> i64 {
        let open = self.open_orders().filter(|order| order.desk == desk);
        self.purse(desk).cash - open.map(|order| order.reserved(&self.fees)).sum::<i64>()
    }

    /// What selling an amount now would cost: commission and tax.
    pub fn cost_of_sale(&self, amount: i64, kind: Kind) -> (i64, i64) {
        let tax = if kind == Kind::Stock { self.fees.tax_of(amount) } else { 0 };
        (self.fees.commission_of(amount), tax)
    }
}

/// The highest price that an order can get: a market order, and one that becomes one, needs money for that of the day.
fn bound(takes: &Takes, stock: &Stock) -> i64 {
    let highest = stock.highest();
    match takes.price {
        Some(price) if takes.kind.stay == Stay::UntilCall => price.max(highest),
        Some(price) => price,
        None => highest,
    }
}
