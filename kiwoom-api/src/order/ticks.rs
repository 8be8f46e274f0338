//! The prices an order may have: the public tick tables of the exchanges.
//!
//! Pure arithmetic. The caller says which table an instrument has: a Korean code does not tell a stock from a fund.

use crate::value::Decimal;

/// A table of tick sizes.
///
/// ```
/// use kiwoom_api::order::Ticks;
/// use kiwoom_api::value::Decimal;
///
/// let price = Decimal::from(70_130);
/// assert!(!Ticks::Stock.has(price));
/// assert_eq!(Ticks::Stock.round_down(price), Some(Decimal::from(70_100)));
/// assert_eq!(Ticks::Stock.round_up(price), Decimal::from(70_200));
/// assert_eq!(Ticks::Stock.next_up(Decimal::from(1_999)), Decimal::from(2_000));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Ticks {
    /// Stocks of KRX and NXT, since 2023-01-25: 1 won below 2,000, 5 below 5,000, 10 below 20,000, 50 below 50,000,
    /// 100 below 200,000, 500 below 500,000, 1,000 above that.
    Stock,
    /// ETF, ETN and ELW: 1 won below 2,000, 5 above that.
    Fund,
    /// Any domestic instrument: a price that is off this grid is off each of the two above. It is the grid of funds,
    /// because every tick of stocks is a multiple of theirs.
    Domestic,
    /// KRX gold: 10 won a gram.
    Gold,
    /// US stocks: 0.0001 USD below one dollar, 0.01 above that.
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
static GOLD: Steps = &[(won(0), won(10))];
static US: Steps =
    &[(won(0), Decimal::from_parts(1, 0, 0, false, 4)), (won(1), Decimal::from_parts(1, 0, 0, false, 2))];

impl Ticks {
    /// The distance from `price` to the next higher one, if `price` is on the grid.
    pub fn size(self, price: Decimal) -> Decimal {
        self.tick(|from| from <= price)
    }

    /// Whether `price` is on the grid. Zero and negative numbers are not prices.
    pub fn has(self, price: Decimal) -> bool {
        price > Decimal::ZERO && self.excess(price).is_zero()
    }

    /// The highest price on the grid that is not above `price`; `None` below the first tick.
    pub fn round_down(self, price: Decimal) -> Option<Decimal> {
        // each step of a table begins on a price of both grids
        price.checked_sub(self.excess(price)).map(|price| price.normalize()).filter(|price| *price > Decimal::ZERO)
    }

    /// The lowest price on the grid that is not below `price`.
    pub fn round_up(self, price: Decimal) -> Decimal {
        if self.has(price) { price.normalize() } else { self.next_up(price) }
    }

    /// The lowest price on the grid above `price`; `Decimal::MAX` if there is none.
    pub fn next_up(self, price: Decimal) -> Decimal {
        let price = price.max(Decimal::ZERO);
        let below = price.checked_sub(self.excess(price));
        below.and_then(|below| below.checked_add(self.size(price))).unwrap_or(Decimal::MAX).normalize()
    }

    /// The highest price on the grid below `price`; `None` at the first tick.
    pub fn next_down(self, price: Decimal) -> Option<Decimal> {
        if !self.has(price) {
            return self.round_down(price);
        }
        let size = self.tick(|from| from < price);
        price.checked_sub(size).map(|price| price.normalize()).filter(|price| *price > Decimal::ZERO)
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
            assert_eq!((ticks.round_down(dec(low)), ticks.round_up(dec(low))), (Some(dec(low)), dec(low)));
        }
    }

    #[test]
    fn below_the_first_tick_there_is_no_price() {
        for price in ["0", "-1", "0.5"] {
            assert!(!Ticks::Stock.has(dec(price)) && Ticks::Stock.round_down(dec(price)).is_none(), "{price}");
            assert_eq!(Ticks::Stock.round_up(dec(price)), Decimal::ONE, "{price}");
        }
        assert_eq!(Ticks::Us.next_down(dec("0.0001")), None);
    }

    #[test]
    fn what_is_on_a_grid_is_on_the_grid_of_all() {
        for price in (1..600_000).map(Decimal::from) {
            let some = Ticks::Stock.has(price) || Ticks::Fund.has(price);
            assert_eq!(Ticks::Domestic.has(price), some, "{price}");
        }
    }
}
