//! Commission and tax, as whole won.

/// What trading costs, in millionths of the amount; fractions of a won are dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fees {
    /// Commission of both sides.
    pub commission: i64,
    /// Tax of a sale of stocks. ETFs have none.
    pub tax: i64,
}

impl Fees {
    /// 0.015 % commission and 0.20 % tax.
    pub const REAL: Fees = Fees { commission: 150, tax: 2_000 };
    /// 0.35 % commission (`BEHAVIOUR.md` N14) and 0.20 % tax.
    pub const MOCK: Fees = Fees { commission: 3_500, tax: 2_000 };

    /// The commission for an amount.
    pub(crate) fn commission_of(&self, amount: i64) -> i64 {
        share(amount, self.commission)
    }

    /// The tax for an amount.
    pub(crate) fn tax_of(&self, amount: i64) -> i64 {
        share(amount, self.tax)
    }
}

fn share(amount: i64, millionths: i64) -> i64 {
    let won = i128::from(amount) * i128::from(millionths) / 1_000_000;
    i64::try_from(won).unwrap_or(i64::MAX)
}
