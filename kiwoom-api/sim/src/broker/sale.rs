//! What was sold, and what it gained.

use kiwoom_api::jiff::civil::Date;

use crate::market::Listing;

/// One fill of a sale.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sale {
    /// The day of its market.
    pub day: Date,
    pub listing: &'static Listing,
    /// The shares were bought with a loan.
    pub is_credit: bool,
    pub qty: i64,
    pub amount: i64,
    /// What the shares had cost, and the commission of buying them.
    pub cost: i64,
    pub bought_for: i64,
    pub commission: i64,
    pub tax: i64,
}

impl Sale {
    /// After all costs.
    pub fn profit(&self) -> i64 {
        self.amount - self.cost - self.costs()
    }

    /// Commissions of both sides, and tax.
    pub fn costs(&self) -> i64 {
        self.bought_for + self.commission + self.tax
    }
}
