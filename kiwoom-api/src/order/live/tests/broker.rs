//! A broker by the book: what it does is the truth that live orders are compared with.

use std::collections::BTreeMap;

use fastrand::Rng;
use jiff::civil::Date;

use super::super::facts::Unit;
use super::super::report::{Report, ReportKind};
use crate::order::{Action, Desk};
use crate::value::{Decimal, OrderNo, Side};

pub const DAY: Date = Date::constant(2026, 7, 6);

/// How this broker words things; the documents do not say.
#[derive(Clone, Copy, Debug)]
pub struct Manner {
    /// Fills come with the value of all of them (FID 903).
    pub sums: bool,
    /// The ordered quantity shrinks when a part is taken away.
    pub shrinks: bool,
    /// A confirmation is followed by a push about the order that it is about.
    pub echoes: bool,
    /// A request for all that is left names no quantity.
    pub wordless: bool,
    /// Changes and cancellations are confirmed by a push.
    pub confirms: bool,
    /// The lists of open orders show the value of all fills.
    pub values: bool,
}

#[derive(Clone, Debug)]
pub struct Wish {
    pub action: Action,
    pub side: Side,
    pub symbol: &'static str,
    /// 0 for all that is left.
    pub qty: i64,
    pub price: i64,
    pub original: Option<u32>,
}

#[derive(Clone, Debug)]
pub struct Placed {
    pub number: u32,
    pub wish: Wish,
    pub by_hand: bool,
    pub left: i64,
    /// What the order is worth is the sum of these.
    pub fills: Vec<(i64, i64)>,
    pub cancelled: i64,
    pub moved: i64,
    pub rejected: bool,
    /// Of a change or cancellation: of all that is left when it arrives.
    pub whole: bool,
    /// Of a change or cancellation: the exchange has spoken.
    pub settled: bool,
    /// Its row as it was at these times, in milliseconds.
    pub past: Vec<(u64, Report)>,
}

impl Placed {
    pub fn filled(&self) -> i64 {
        self.fills.iter().map(|(qty, _)| qty).sum()
    }

    pub fn value(&self) -> i64 {
        self.fills.iter().map(|(qty, price)| qty * price).sum()
    }

    pub fn is_order(&self) -> bool {
        self.wish.action != Action::Cancel
    }
}

pub(crate) struct Broker {
    pub manner: Manner,
    pub orders: BTreeMap<u32, Placed>,
    next: u32,
    next_fill: u32,
    /// Pushes that were not yet taken.
    pub pushes: Vec<Report>,
}

impl Broker {
    pub fn new(random: &mut Rng) -> Broker {
        let mut coin = || random.bool();
        let manner = Manner {
            sums: coin(),
            shrinks: coin(),
            echoes: coin(),
            wordless: coin(),
            confirms: coin() || coin(),
            values: coin(),
        };
        Broker { manner, orders: BTreeMap::new(), next: 41, next_fill: 1, pushes: Vec::new() }
    }

    /// Takes an order, change or cancellation; its number. `None`: there is nothing left of the original.
    pub fn take(&mut self, now: u64, wish: Wish, by_hand: bool) -> Option<u32> {
        if let Some(original) = wish.original
            && self.orders.get(&original).is_none_or(|order| order.left == 0 || order.left < wish.qty || order.rejected)
        {
            return None;
        }
        let number = self.next;
        self.next += 1;
        let asked = wish.original.map_or(wish.qty, |original| {
            let left = self.orders[&original].left;
            if wish.qty == 0 { left } else { wish.qty.min(left) }
        });
        let left = if wish.original.is_some() { 0 } else { asked };
        let placed = Placed {
            number,
            wish: Wish { qty: asked, ..wish.clone() },
            by_hand,
            left,
            fills: Vec::new(),
            cancelled: 0,
            moved: 0,
            rejected: false,
            whole: wish.qty == 0,
            settled: wish.original.is_none(),
            past: Vec::new(),
        };
        self.orders.insert(number, placed);
        let mut report = self.report(number, ReportKind::Accepted);
        if wish.original.is_some() {
            report.remaining = report.ordered;
        }
        self.pushes.push(report);
        self.note(now, number);
        Some(number)
    }

    /// The exchange acts on a change or cancellation.
    pub fn settle(&mut self, now: u64, number: u32) -> Settled {
        let request = self.orders[&number].clone();
        let original = request.wish.original.expect("a request is about an order");
        let left = self.orders[&original].left;
        let qty = request.wish.qty.min(left);
        // what was asked for is not there any more: all of it, or nothing
        if qty < request.wish.qty && !request.whole || qty == 0 {
            let order = self.orders.get_mut(&number).expect("taken");
            (order.rejected, order.settled) = (true, true);
            let report = Report { reason: "원주문 없음".into(), ..self.report(number, ReportKind::Rejected) };
            self.pushes.push(report);
            self.note(now, number);
            return Settled::Refused;
        }
        let order = self.orders.get_mut(&original).expect("it is there");
        order.left -= qty;
        match request.wish.action {
            Action::Cancel => order.cancelled += qty,
            _ => order.moved += qty,
        }
        let rest = order.left;
        let order = self.orders.get_mut(&number).expect("taken");
        (order.settled, order.wish.qty) = (true, qty);
        if order.is_order() {
            order.left = qty;
        }
        if self.manner.confirms {
            self.pushes.push(self.report(number, ReportKind::Confirmed));
        }
        if self.manner.echoes {
            self.pushes
                .push(self.report(original, if rest == 0 { ReportKind::Confirmed } else { ReportKind::Accepted }));
        }
        self.note(now, number);
        self.note(now, original);
        if rest == 0 { Settled::Whole } else { Settled::Part }
    }

    pub fn fill(&mut self, now: u64, number: u32, (qty, price): (i64, i64)) {
        let order = self.orders.get_mut(&number).expect("it is open");
        order.left -= qty;
        order.fills.push((qty, price));
        let number_of_fill = self.next_fill;
        self.next_fill += 1;
        let mut report = self.report(number, ReportKind::Filled);
        let unit = Unit {
            qty: Some(Decimal::from(qty)),
            price: Some(Decimal::from(price)),
            reported: None,
            left: report.remaining,
        };
        report.fill = Some((("KRX".into(), number_of_fill.to_string().into()), unit));
        if self.manner.sums {
            report.value = Some(Decimal::from(self.orders[&number].value()));
        }
        self.pushes.push(report);
        self.note(now, number);
    }

    /// The exchange takes back what is left, or rejects all of it.
    pub fn take_back(&mut self, now: u64, number: u32) -> Settled {
        let order = self.orders.get_mut(&number).expect("it is open");
        let new = order.wish.action == Action::Place;
        let untouched = new && order.fills.is_empty() && order.cancelled + order.moved == 0;
        order.cancelled += order.left;
        order.left = 0;
        order.rejected = untouched;
        let report = if untouched {
            Report { reason: "호가 오류".into(), ..self.report(number, ReportKind::Rejected) }
        } else {
            self.report(number, ReportKind::Cancelled)
        };
        self.pushes.push(report);
        self.note(now, number);
        if untouched { Settled::Refused } else { Settled::Part }
    }

    fn report(&self, number: u32, stage: ReportKind) -> Report {
        let order = &self.orders[&number];
        let wordless = self.manner.wordless && order.wish.original.is_some() && stage == ReportKind::Accepted;
        let taken = order.cancelled + order.moved;
        let ordered = if self.manner.shrinks { order.wish.qty - taken } else { order.wish.qty };
        Report {
            symbol: order.wish.symbol.into(),
            side: Some(order.wish.side),
            action: Some(order.wish.action),
            original: order.wish.original.map(name),
            venue: "KRX".into(),
            price: Some(Decimal::from(order.wish.price)).filter(|price| !price.is_zero()),
            ordered: Some(Decimal::from(if wordless { 0 } else { ordered })),
            remaining: Some(Decimal::from(order.left)),
            stage,
            ..Report::new(Desk::Stock, DAY, name(number))
        }
    }

    /// Keeps the row of an order as it is now.
    fn note(&mut self, now: u64, number: u32) {
        let order = &self.orders[&number];
        let stage = if order.rejected { ReportKind::Rejected } else { ReportKind::Accepted };
        let mut row = self.report(number, stage);
        // the lists show what was ordered, whatever became of it
        row.ordered = Some(Decimal::from(order.wish.qty));
        row.filled = Some(Decimal::from(order.filled()));
        row.value = (self.manner.values && order.left > 0).then(|| Decimal::from(order.value()));
        row.channel = if order.by_hand { "영웅문4" } else { "REST API" }.into();
        row.reason.clear();
        self.orders.get_mut(&number).expect("it is there").past.push((now, row));
    }

    /// The rows that a list shows: each as it was at most `late` milliseconds ago.
    pub fn rows(&self, now: u64, late: u64, random: &mut Rng) -> Vec<Report> {
        let row = |order: &Placed| {
            let at = now.saturating_sub(random.u64(0..=late));
            order.past.iter().rev().find(|(since, _)| *since <= at).map(|(_, row)| row.clone())
        };
        self.orders.values().filter_map(row).collect()
    }
}

/// What came of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settled {
    Whole,
    Part,
    Refused,
}

pub fn name(number: u32) -> OrderNo {
    OrderNo::from(format!("{number:07}"))
}
