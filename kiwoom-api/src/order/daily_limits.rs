//! How far from its base price an instrument may trade on one day, by the public rule of the exchange.

use std::ops::RangeInclusive;

use super::Ticks;
use crate::value::{Decimal, ExactNumber};

impl Ticks {
    /// The lower and the upper limit of a day (하한가, 상한가) around this base price, which is the close of the day
    /// before on most days: 30 % for stocks and funds, 10 % for gold. `None` for ELW and US stocks, which have none, and
    /// for a base that is no price.
    ///
    /// A fund with leverage has a multiple of that, a KONEX stock half of it: [`limits_of`](Self::limits_of). A stock has
    /// none on its first day and while it is wound up.
    ///
    /// ```
    /// use kiwoom_api::order::Ticks;
    ///
    /// let day = Ticks::Stock.limits(121_700).expect("a price");
    /// assert_eq!((day.start(), day.end()), (&85_200.into(), &158_200.into()));
    /// assert!(!day.contains(&158_300.into()));
    /// ```
    pub fn limits(self, base: impl ExactNumber) -> Option<RangeInclusive<Decimal>> {
        let percent = match self {
            Ticks::Stock | Ticks::Fund | Ticks::Domestic => 30,
            Ticks::Gold => 10,
            Ticks::Elw | Ticks::Us => return None,
        };
        self.limits_of(base, percent)
    }

    /// The limits `percent` away from the base price: 60 for a fund with twofold leverage, 15 for a KONEX stock, 10 for
    /// the single-price auctions after the close.
    ///
    /// The distance is cut to whole ticks of the base price; the upper limit is then rounded down to its own, which may be
    /// larger.
    pub fn limits_of(self, base: impl ExactNumber, percent: u32) -> Option<RangeInclusive<Decimal>> {
        let base = base.decimal();
        if base <= Decimal::ZERO {
            return None;
        }
        let reach = base.checked_mul(Decimal::from(percent))? / Decimal::ONE_HUNDRED;
        let reach = reach - reach.checked_rem(self.size(base))?;
        // a limit below the first tick is no limit
        let low = self.round_up(base.checked_sub(reach)?);
        let high = self.round_down(base.checked_add(reach)?)?;
        Some(low..=high)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits(ticks: Ticks, base: i64) -> Option<(i64, i64)> {
        let day = ticks.limits(base)?;
        let whole = |price: &Decimal| i64::try_from(*price).unwrap();
        Some((whole(day.start()), whole(day.end())))
    }

    /// The first three are what the broker's documents show.
    #[test]
    fn the_limits_of_the_exchange() {
        for (ticks, base, want) in [
            (Ticks::Stock, 135_300, Some((94_800, 175_800))),
            (Ticks::Stock, 121_700, Some((85_200, 158_200))),
            (Ticks::Gold, 151_680, Some((136_520, 166_840))),
            (Ticks::Stock, 56_700, Some((39_700, 73_700))),
            // the tick of 50 becomes one of 100 on the way up
            (Ticks::Stock, 49_950, Some((35_000, 64_900))),
            (Ticks::Fund, 10_005, Some((7_005, 13_005))),
            (Ticks::Stock, 1, Some((1, 1))),
            (Ticks::Elw, 1_000, None),
            (Ticks::Us, 100, None),
            (Ticks::Stock, 0, None),
            (Ticks::Stock, -56_700, None),
        ] {
            assert_eq!(limits(ticks, base), want, "{ticks:?} {base}");
        }
        let leveraged = Ticks::Fund.limits_of(10_000, 60).unwrap();
        assert_eq!((leveraged.start(), leveraged.end()), (&4_000.into(), &16_000.into()));
        // an inverse of twofold leverage can lose more than it is worth
        assert_eq!(*Ticks::Fund.limits_of(100, 120).unwrap().start(), Decimal::ONE);
        assert_eq!(Ticks::Stock.limits(Decimal::MAX), None);
    }

    #[test]
    fn limits_are_prices_within_the_percentage() {
        for base in (1..700_000).filter(|base| Ticks::Stock.has(*base)) {
            let (low, high) = limits(Ticks::Stock, base).unwrap();
            assert!(Ticks::Stock.has(low) && Ticks::Stock.has(high), "{base}: {low} to {high}");
            assert!(low * 10 >= base * 7 && high * 10 <= base * 13, "{base}: {low} to {high}");
            assert!(low <= base && base <= high, "{base}: {low} to {high}");
        }
    }
}
