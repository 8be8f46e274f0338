//! Recounts money and shares, and says what does not agree.

use super::account::Account;
use super::order::{Credit, Order};
use super::purse::Desk;
use crate::market::OrderSide;

impl Account {
    /// From the sums that are kept, after every step.
    ///
    /// # Errors
    /// What does not agree.
    pub fn audit(&self) -> Result<(), String> {
        for desk in Desk::ALL {
            let purse = self.purse(desk);
            if purse.counted() != purse.cash {
                return Err(format!("{desk:?}: cash is {} and should be {}", purse.cash, purse.counted()));
            }
            if self.orderable(desk) < 0 {
                return Err(format!("{desk:?}: more is promised than there is: {}", self.orderable(desk)));
            }
            let held = |of: fn(&super::Position) -> i64| self.positions(desk).map(|(_, held)| of(held)).sum::<i64>();
            let worth = purse.cash + held(|held| held.cost + held.commission - held.loan);
            if worth != purse.initial + purse.realized {
                return Err(format!("{desk:?}: cash and costs are {worth}, profits say otherwise: {purse:?}"));
            }
            if held(|held| held.loan) != purse.loan {
                return Err(format!("{desk:?}: {} are borrowed, and shares say otherwise", purse.loan));
            }
        }
        self.audit_shares()?;
        self.open_orders().try_for_each(audit_order)
    }

    fn audit_shares(&self) -> Result<(), String> {
        for (lot, held) in &self.lots {
            let credit = lot.loan.map_or(Credit::Cash, |day| Credit::Loan(Some(day)));
            let sellable = self.sellable(lot.code, credit);
            let is_empty = (held.qty, held.cost, held.commission, held.loan) == (0, 0, 0, 0);
            if held.qty < 0 || held.cost < 0 || held.loan < 0 || sellable < 0 || (held.qty == 0 && !is_empty) {
                return Err(format!("{lot:?}: {held:?}, {sellable} to sell"));
            }
        }
        Ok(())
    }

    /// The same from the orders of all days, which takes longer.
    ///
    /// # Errors
    /// What does not agree.
    pub fn audit_all(&self) -> Result<(), String> {
        self.audit()?;
        self.orders.iter().try_for_each(audit_order)?;
        for desk in Desk::ALL {
            let of = |side| self.orders.iter().filter(move |order| order.desk == desk && order.side == side);
            let amount = |side| of(side).map(|order| order.amount).sum::<i64>();
            let costs: i64 = [OrderSide::Buy, OrderSide::Sell]
                .into_iter()
                .flat_map(of)
                .map(|order| order.commission + order.tax)
                .sum();
            let purse = self.purse(desk);
            let cash = purse.initial + amount(OrderSide::Sell) - amount(OrderSide::Buy) - costs + purse.loan;
            if cash != purse.cash {
                return Err(format!("{desk:?}: cash is {} and its orders say {cash}", purse.cash));
            }
            let profit: i64 = self.sales(desk).map(super::Sale::profit).sum();
            if profit != purse.realized {
                return Err(format!("{desk:?}: realized {} and its sales say {profit}", purse.realized));
            }
        }
        self.audit_quantities()
    }

    fn audit_quantities(&self) -> Result<(), String> {
        let mut codes: Vec<&str> = self.orders.iter().map(|order| order.code).collect();
        codes.sort_unstable();
        codes.dedup();
        for code in codes {
            let of = |side| self.orders.iter().filter(move |order| order.code == code && order.side == side);
            let filled = |side| of(side).map(|order| order.filled).sum::<i64>();
            let qty = filled(OrderSide::Buy) - filled(OrderSide::Sell);
            let held: i64 = self.lots.iter().filter(|(lot, _)| lot.code == code).map(|(_, held)| held.qty).sum();
            if qty != held {
                return Err(format!("{code}: {held} shares, and its orders say {qty}"));
            }
        }
        Ok(())
    }
}

fn audit_order(order: &Order) -> Result<(), String> {
    if order.left < 0 || order.filled < 0 || order.filled + order.left > order.qty {
        return Err(format!("order {}: {} of {} filled, {} left", order.number, order.filled, order.qty, order.left));
    }
    Ok(())
}
