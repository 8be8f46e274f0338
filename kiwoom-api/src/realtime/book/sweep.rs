//! What it takes to trade a quantity at once.

use rust_decimal::Decimal;

use super::Quote;

/// What a quantity costs, or brings, against the levels of a book as they stand. An estimate: others trade, too, and ten
/// levels are all there is to see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Sweep {
    /// The shares that the visible levels hold of it.
    pub filled: i64,
    /// The shares beyond them.
    pub missing: i64,
    /// Price times shares, over what is filled.
    pub value: Decimal,
    /// The last price that is touched: a limit there would fill it.
    pub worst: Option<Decimal>,
    /// How many levels are touched.
    pub levels: usize,
}

impl Sweep {
    pub(super) fn through(side: &[Quote], qty: i64) -> Sweep {
        let wanted = qty.max(0);
        let mut sweep = Sweep { filled: 0, missing: wanted, value: Decimal::ZERO, worst: None, levels: 0 };
        for quote in side {
            if sweep.missing == 0 {
                break;
            }
            let part = quote.qty.min(sweep.missing);
            let cost = quote.price.saturating_mul(Decimal::from(part));
            sweep.value = sweep.value.saturating_add(cost);
            sweep.filled += part;
            sweep.missing -= part;
            sweep.worst = Some(quote.price);
            sweep.levels += 1;
        }
        sweep
    }

    /// The average price of what is filled; `None` if nothing is.
    pub fn average(&self) -> Option<Decimal> {
        self.value.checked_div(Decimal::from(self.filled))
    }
}
