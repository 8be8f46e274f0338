//! Money, shares and grams through random orders of all markets and kinds, recounted after each step.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use kiwoom_api::jiff::Span;
use kiwoom_api::jiff::civil::DateTime;

use super::*;
use crate::market::{BehindAll, Happened, Market, OrderSide, Stay, tick};

/// `KIWOOM_SIM_SEEDS` seeds instead of a few.
fn seeds(usual: u64) -> std::ops::Range<u64> {
    0..std::env::var("KIWOOM_SIM_SEEDS").ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

/// An account in its market, and what was filled.
struct Bank {
    market: Market,
    account: Account,
    at: DateTime,
    dice: fastrand::Rng,
    /// Filled quantities by order, as the fills said.
    filled: BTreeMap<u64, i64>,
    fill_numbers: Vec<u64>,
}

impl Bank {
    fn new(seed: u64, at: &str) -> Bank {
        let at = at.parse().unwrap();
        let funds = Funds { won: 3_000_000_000, gold: 1_000_000_000, cents: 300_000_000 };
        Bank {
            market: Market::new(seed, at, &(Arc::new(BehindAll) as _)),
            account: Account::new(funds, Fees::REAL),
            at,
            dice: fastrand::Rng::with_seed(seed),
            filled: BTreeMap::new(),
            fill_numbers: Vec::new(),
        }
    }

    fn note(&mut self, changes: &[Change]) {
        for change in changes {
            if let Change::Filled(order) = change {
                let (number, _, qty) = order.last_fill.unwrap();
                *self.filled.entry(order.number).or_default() += qty;
                self.fill_numbers.push(number);
            }
        }
    }

    fn pass(&mut self, seconds: i64) {
        self.at = self.at.saturating_add(Span::new().seconds(seconds));
        let mut changes = Vec::new();
        let Bank { market, account, .. } = self;
        market.run_to(self.at, &mut |_, (_, Happened { began, fills, closed, .. })| {
            began.into_iter().for_each(|exchange| account.begin_day(exchange));
            changes.extend(fills.into_iter().map(|fill| account.book(fill).expect("a fill of an order that there is")));
            closed.into_iter().for_each(|exchange| account.close_day(exchange));
        });
        self.note(&changes);
    }

    /// A price on the grid, near the last one.
    fn near(&mut self, code: &str) -> i64 {
        let stock = self.market.find(code).unwrap();
        let near = stock.last() + stock.last() * self.dice.i64(-40..=40) / 1_000;
        near - near % tick(stock.listing.kind, near)
    }

    fn takes(&mut self, code: &str) -> Takes {
        let desk = Desk::of(self.market.find(code).unwrap().listing.kind).unwrap();
        let price = self.near(code);
        let codes: &[&str] = match desk {
            Desk::Stocks => &["0", "0", "0", "3", "3", "5", "6", "7", "10", "13", "16", "20", "23", "26"],
            Desk::Gold => &["00", "00", "10", "20"],
            Desk::Us => &["00", "00", "03"],
        };
        let kind = OrderKind::find(desk, codes[self.dice.usize(..codes.len())]).unwrap();
        let side = if self.dice.u8(0..9) < 5 { OrderSide::Buy } else { OrderSide::Sell };
        let today = desk.exchange().day(self.at);
        let credit = match (desk, side, self.dice.u8(0..6)) {
            (Desk::Stocks, OrderSide::Buy, 0..2) => Credit::Loan(Some(today)),
            (Desk::Stocks, OrderSide::Sell, 0) => Credit::Loan(None),
            (Desk::Stocks, OrderSide::Sell, 1..3) => {
                let loans: Vec<_> = self.account.positions(desk).filter_map(|(lot, _)| lot.loan).collect();
                if loans.is_empty() { Credit::Cash } else { Credit::Loan(Some(loans[self.dice.usize(..loans.len())])) }
            }
            _ => Credit::Cash,
        };
        let price = (kind.pricing == Pricing::Named).then_some(price);
        Takes { side, kind, price, qty: self.dice.i64(-1..300), venue: "KRX", credit }
    }

    /// One random order, change or cancellation.
    fn act(&mut self) -> Result<(), Refused> {
        let codes = ["005930", "007280", "069500", "035720", "M04020000", "M04020100", "NVDA", "KO"];
        let code = codes[self.dice.usize(..codes.len())];
        let open: Vec<u64> = self.account.open_orders().filter(|o| o.code == code).map(|o| o.number).collect();
        let (choice, when) = (self.dice.u8(0..10), (self.at, Duration::ZERO));
        if choice < 7 {
            let takes = self.takes(code);
            let stock = self.market.find_mut(code).unwrap();
            let (number, changes) = self.account.submit(takes, stock, when)?;
            self.note(&changes);
            self.check_kind(number);
            return Ok(());
        }
        if open.is_empty() {
            return Ok(());
        }
        let (number, qty) = (open[self.dice.usize(..open.len())], self.dice.i64(0..50));
        let price = self.near(code);
        let stock = self.market.find_mut(code).unwrap();
        let changes = match choice {
            7 => self.account.modify((number, qty, price), stock, when)?.2,
            _ => self.account.cancel((number, qty), stock, when)?.2,
        };
        self.note(&changes);
        Ok(())
    }

    /// What a kind promises: immediate orders leave nothing, and some fill all or nothing.
    fn check_kind(&self, number: u64) {
        let order = self.account.orders().iter().find(|order| order.number == number).unwrap();
        match order.kind.stay {
            Stay::Now => assert_eq!(order.left, 0, "{order:?}"),
            Stay::AllOrNothing => {
                assert!(order.left == 0 && (order.filled == 0 || order.filled == order.qty), "{order:?}");
            }
            _ => {}
        }
    }
}

/// Ten thousand orders of all markets over three days, nights included.
#[test]
fn money_and_shares_are_conserved_through_random_orders() {
    for seed in seeds(3) {
        let mut bank = Bank::new(seed, "2026-07-06T08:31:00");
        let (mut taken, mut refused) = (0, 0);
        for step in 0..10_000_u32 {
            if step % 4 == 0 {
                let seconds = bank.dice.i64(1..=180);
                bank.pass(seconds);
            }
            match bank.act() {
                Ok(()) => taken += 1,
                Err(_) => refused += 1,
            }
            bank.account.audit().unwrap_or_else(|broken| panic!("seed {seed}, step {step}: {broken}"));
        }
        bank.account.audit_all().unwrap();
        for order in bank.account.orders() {
            let filled = bank.filled.get(&order.number).copied().unwrap_or(0);
            assert_eq!(order.filled, filled, "seed {seed}: an order knows more or less than its fills: {order:?}");
        }
        let mut numbers = bank.fill_numbers.clone();
        numbers.sort_unstable();
        numbers.dedup();
        assert_eq!(numbers.len(), bank.fill_numbers.len(), "each fill has a number of its own");
        let orders = bank.account.orders();
        let of = |fits: &dyn Fn(&Order) -> bool| orders.iter().filter(|order| fits(order)).count();
        assert!(taken > 3_000 && refused > 100 && bank.fill_numbers.len() > 500, "{taken} {refused}");
        assert!(of(&|o| o.filled > 0 && o.filled < o.qty) > 50);
        for desk in Desk::ALL {
            assert!(of(&|o| o.desk == desk && o.filled > 0) > 50, "seed {seed}: {desk:?}");
            assert!(bank.account.purse(desk).commission > 0 && bank.account.sales(desk).count() > 10, "{desk:?}");
        }
        for credit in [OrderSide::Buy, OrderSide::Sell] {
            assert!(of(&|o| o.credit != Credit::Cash && o.side == credit && o.filled > 0) > 20, "{credit:?}");
        }
        for kind in ["3", "5", "6", "7", "10", "16", "20", "26"] {
            assert!(of(&|o| o.kind.code == kind && o.filled > 0) > 0, "seed {seed}: no order of kind {kind} filled");
        }
    }
}

#[test]
fn a_margin_purchase_borrows_and_its_sale_repays() {
    let mut bank = Bank::new(1, "2026-07-06T10:00:00");
    let today = bank.at.date();
    let market = OrderKind::find(Desk::Stocks, "3").unwrap();
    let buy = Takes {
        side: OrderSide::Buy,
        kind: market,
        price: None,
        qty: 100,
        venue: "KRX",
        credit: Credit::Loan(Some(today)),
    };
    let stock = bank.market.find_mut("005930").unwrap();
    bank.account.submit(buy, stock, (bank.at, Duration::ZERO)).unwrap();
    let purse = *bank.account.purse(Desk::Stocks);
    let (lot, held) = bank.account.positions(Desk::Stocks).next().unwrap();
    assert_eq!((lot.loan, held.qty), (Some(today), 100));
    assert_eq!(purse.loan, held.cost - held.cost * 2 / 5, "60 % are borrowed");
    assert_eq!(purse.cash, purse.initial - (held.cost - purse.loan) - purse.commission);
    // shares on credit are not sold as if they were paid
    let sell = Takes { side: OrderSide::Sell, qty: 40, ..buy };
    let when = (bank.at, Duration::ZERO);
    let stock = bank.market.find_mut("005930").unwrap();
    let paid = Takes { credit: Credit::Cash, ..sell };
    assert_eq!(bank.account.submit(paid, stock, when).unwrap_err(), Refused::Shares);
    bank.account.submit(sell, stock, when).unwrap();
    assert_eq!(bank.account.purse(Desk::Stocks).loan, purse.loan - purse.loan * 40 / 100);
    let rest = Takes { qty: 60, credit: Credit::Loan(None), ..sell };
    bank.account.submit(rest, stock, when).unwrap();
    assert_eq!(bank.account.purse(Desk::Stocks).loan, 0);
    assert_eq!(bank.account.positions(Desk::Stocks).count(), 0);
    bank.account.audit_all().unwrap();
}
