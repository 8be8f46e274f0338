//! The prices an order may have: the public tick tables of the exchanges.
//!
//! Pure arithmetic. The caller says which table an instrument has: a Korean code does not tell a stock from a fund.

use crate::value::{Decimal, ExactNumber};

/// A table of tick sizes: which prices an exchange takes for one kind of instrument.
///
/// The tables are the exchanges' public rules, as they hold since the day that each names. A rule that changes is a new
/// version of this crate; until then, [`unchecked`](super::Order::unchecked) sends a price as it is.
///
/// Prices are won or USD, as integers or [`Decimal`]s.
///
/// ```
/// use kiwoom_api::order::Ticks;
///
/// assert_eq!(Ticks::Stock.size(70_130), 100.into());
/// assert!(!Ticks::Stock.has(70_130));
/// assert_eq!(Ticks::Stock.round_down(70_130), Some(70_100.into()));
/// assert_eq!(Ticks::Stock.round_up(70_130), 70_200.into());
/// assert_eq!(Ticks::Stock.round_nearest(70_130), 70_100.into());
/// assert_eq!(Ticks::Stock.next_up(1_999), 2_000.into());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Ticks {
    /// Stocks of KRX and NXT, since 2023-01-25: 1 won below 2,000, 5 below 5,000, 10 below 20,000, 50 below 50,000,
    /// 100 below 200,000, 500 below 500,000, 1,000 from there on.
    Stock,
    /// ETF and ETN, since December 2023: 1 won below 2,000, 5 from there on.
    Fund,
    /// ELW: 5 won at every price.
    Elw,
    /// Any domestic instrument: a price that is off this grid is off each of those above. It is the grid of funds,
    /// because every tick of stocks and ELW is a multiple of theirs.
    Domestic,
    /// KRX gold: 10 won a gram.
    Gold,
    /// US stocks: 0.0001 USD below one dollar, 0.01 from there on.
    Us,
}

/// The tick from each price on.
type Steps = &'static [(Decimal, Decimal)];

const fn won(amount: u32) -> Decimal {
    Decimal::from_parts(amount, 0, 0, false, 0)
}

static STOCK: Steps = &[
    (won(0), won(1)),
    (won(2_000), won(5)),
    (won(5_000), won(10)),
    (won(20_000), won(50)),
    (won(50_000), won(100)),
    (won(200_000), won(500)),
    (won(500_000), won(1_000)),
];
static FUND: Steps = &[(won(0), won(1)), (won(2_000), won(5))];
static ELW: Steps = &[(won(0), won(5))];
static GOLD: Steps = &[(won(0), won(10))];
static US: Steps =
    &[(won(0), Decimal::from_parts(1, 0, 0, false, 4)), (won(1), Decimal::from_parts(1, 0, 0, false, 2))];

impl Ticks {
    /// The distance from `price` to the next higher one, if `price` is on the grid.
    #[doc(alias = "호가단위")]
    #[doc(alias = "호가 단위")]
    pub fn size(self, price: impl ExactNumber) -> Decimal {
        let price = price.decimal();
        self.tick(|from| from <= price)
    }

    /// Whether an order may name `price`: it is on the grid. Zero and negative numbers are not prices.
    pub fn has(self, price: impl ExactNumber) -> bool {
        let price = price.decimal();
        price > Decimal::ZERO && self.excess(price).is_zero()
    }

    /// The highest price on the grid that is not above `price`; `None` below the first tick.
    pub fn round_down(self, price: impl ExactNumber) -> Option<Decimal> {
        let price = price.decimal();
        // each step of a table begins on a price of both grids
        price.checked_sub(self.excess(price)).map(|price| price.normalize()).filter(|price| *price > Decimal::ZERO)
    }

    /// The lowest price on the grid that is not below `price`; `Decimal::MAX` if there is none.
    pub fn round_up(self, price: impl ExactNumber) -> Decimal {
        let price = price.decimal();
        if self.has(price) { price.normalize() } else { self.next_up(price) }
    }

    /// The price on the grid that is nearest to `price`; the higher one of two that are equally near.
    pub fn round_nearest(self, price: impl ExactNumber) -> Decimal {
        let price = price.decimal();
        let above = self.round_up(price);
        match self.round_down(price) {
            // neither subtraction overflows: `below <= price <= above`, and none is negative
            Some(below) if price - below < above - price => below,
            _ => above,
        }
    }

    /// The lowest price on the grid above `price`; `Decimal::MAX` if there is none.
    pub fn next_up(self, price: impl ExactNumber) -> Decimal {
        let price = price.decimal().max(Decimal::ZERO);
        let size = self.size(price);
        let below = price.checked_rem(size).and_then(|excess| price.checked_sub(excess));
        below.and_then(|below| below.checked_add(size)).unwrap_or(Decimal::MAX).normalize()
    }

    /// The highest price on the grid below `price`; `None` at the first tick.
    pub fn next_down(self, price: impl ExactNumber) -> Option<Decimal> {
        let price = price.decimal();
        if !self.has(price) {
            return self.round_down(price);
        }
        let size = self.tick(|from| from < price);
        // near the limit of the type a tick is lost in rounding
        let below = price.checked_sub(size).filter(|below| *below > Decimal::ZERO && *below < price);
        below.map(|below| below.normalize())
    }

    /// How far `price` is above the grid. Numbers near the limit of their type have no exact remainder, so they count
    /// as off the grid.
    fn excess(self, price: Decimal) -> Decimal {
        price.checked_rem(self.size(price)).unwrap_or(price)
    }

    fn tick(self, reached: impl Fn(Decimal) -> bool) -> Decimal {
        let steps = match self {
            Ticks::Stock => STOCK,
            Ticks::Fund | Ticks::Domestic => FUND,
            Ticks::Elw => ELW,
            Ticks::Gold => GOLD,
            Ticks::Us => US,
        };
        let step = steps.iter().rev().find(|(from, _)| reached(*from));
        step.unwrap_or(&steps[0]).1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dec(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn the_tick_changes_at_the_steps() {
        for (price, size) in [
            (1, 1),
            (1_999, 1),
            (2_000, 5),
            (4_995, 5),
            (5_000, 10),
            (19_990, 10),
            (20_000, 50),
            (49_950, 50),
            (50_000, 100),
            (199_900, 100),
            (200_000, 500),
            (499_500, 500),
            (500_000, 1_000),
        ] {
            let price = Decimal::from(price);
            assert_eq!(Ticks::Stock.size(price), Decimal::from(size), "{price}");
            assert!(Ticks::Stock.has(price), "{price}");
        }
    }

    #[test]
    fn up_and_down_are_neighbours() {
        for (ticks, low, high) in [
            (Ticks::Stock, "1", "2"),
            (Ticks::Stock, "1999", "2000"),
            (Ticks::Stock, "2000", "2005"),
            (Ticks::Stock, "4995", "5000"),
            (Ticks::Stock, "499500", "500000"),
            (Ticks::Stock, "500000", "501000"),
            (Ticks::Fund, "1999", "2000"),
            (Ticks::Fund, "69995", "70000"),
            (Ticks::Elw, "5", "10"),
            (Ticks::Elw, "1995", "2000"),
            (Ticks::Gold, "150000", "150010"),
            (Ticks::Us, "0.9999", "1"),
            (Ticks::Us, "1", "1.01"),
            (Ticks::Us, "213.04", "213.05"),
        ] {
            assert_eq!(ticks.next_up(dec(low)), dec(high), "{ticks:?} {low}");
            assert_eq!(ticks.next_down(dec(high)), Some(dec(low)), "{ticks:?} {high}");
            let between = (dec(low) + dec(high)) / Decimal::TWO;
            assert!(!ticks.has(between), "{ticks:?} {between}");
            assert_eq!((ticks.round_down(between), ticks.round_up(between)), (Some(dec(low)), dec(high)));
            let little = (dec(high) - dec(low)) / Decimal::from(100);
            for (price, nearest) in [(low, low), (high, high)]
                .map(|(price, nearest)| (dec(price), nearest))
                .into_iter()
                .chain([(between, high), (between - little, low), (between + little, high)])
            {
                assert_eq!(ticks.round_nearest(price), dec(nearest), "{ticks:?} {price}");
            }
            assert_eq!((ticks.round_down(dec(low)), ticks.round_up(dec(low))), (Some(dec(low)), dec(low)));
        }
    }

    #[test]
    fn below_the_first_tick_there_is_no_price() {
        for price in ["0", "-1", "0.5"] {
            assert!(!Ticks::Stock.has(dec(price)) && Ticks::Stock.round_down(dec(price)).is_none(), "{price}");
            assert_eq!(Ticks::Stock.round_up(dec(price)), Decimal::ONE, "{price}");
            assert_eq!(Ticks::Stock.round_nearest(dec(price)), Decimal::ONE, "{price}");
        }
        assert_eq!(Ticks::Us.next_down(dec("0.0001")), None);
    }

    #[test]
    fn what_is_on_a_grid_is_on_the_grid_of_all() {
        for price in (1..600_000).map(Decimal::from) {
            let some = [Ticks::Stock, Ticks::Fund, Ticks::Elw].into_iter().any(|ticks| ticks.has(price));
            assert_eq!(Ticks::Domestic.has(price), some, "{price}");
        }
    }

    #[test]
    fn numbers_at_the_limit_of_their_type_are_answered() {
        for ticks in [Ticks::Stock, Ticks::Fund, Ticks::Elw, Ticks::Domestic, Ticks::Gold, Ticks::Us] {
            for price in [Decimal::MAX, Decimal::MIN, Decimal::MAX - Decimal::ONE, Decimal::new(1, 28)] {
                let above = ticks.round_up(price);
                assert!(above >= price && ticks.next_up(price) >= above, "{ticks:?} {price}");
                assert!(ticks.round_down(price).is_none_or(|below| below <= price), "{ticks:?} {price}");
                assert!(ticks.next_down(price).is_none_or(|below| below < price), "{ticks:?} {price}");
                assert!(ticks.round_nearest(price) > Decimal::ZERO, "{ticks:?} {price}");
            }
        }
    }

    /// Integers of every kind, decimals, and references to them.
    #[test]
    fn a_price_is_any_exact_number() {
        let price = &70_130_i64;
        assert_eq!(Ticks::Stock.size(price), Ticks::Stock.size(70_130_u32));
        assert_eq!(Ticks::Us.size(dec("0.99")), dec("0.0001"));
        assert_eq!(Ticks::Elw.round_nearest(7_u8), Decimal::from(5));
    }
}
