//! The price grid in whole numbers: tick sizes and daily limits, by the tables of the client.

use kiwoom_api::order::Ticks;
use kiwoom_api::value::Decimal;

use super::listing::Kind;

/// The public table of a kind; `None` where the market counts in hundredths of a point or in cents, one at a time.
fn table(kind: Kind) -> Option<Ticks> {
    match kind {
        Kind::Stock => Some(Ticks::Stock),
        Kind::Etf => Some(Ticks::Fund),
        Kind::Gold => Some(Ticks::Gold),
        Kind::Index | Kind::Us => None,
    }
}

/// The distance to the next price above.
pub(crate) fn tick(kind: Kind, price: i64) -> i64 {
    table(kind).map_or(1, |ticks| whole(ticks.size(price)))
}

/// Prices and ticks of markets that count in won have no fraction.
fn whole(amount: Decimal) -> i64 {
    i64::try_from(amount).unwrap_or(i64::MAX)
}

/// Whether an order may name this price.
pub(crate) fn is_on_grid(kind: Kind, price: i64) -> bool {
    price > 0 && price % tick(kind, price) == 0
}

/// The nearest price on the grid that is not above `price`.
pub(crate) fn down(kind: Kind, price: i64) -> i64 {
    price - price % tick(kind, price)
}

/// The next price above.
pub(crate) fn above(kind: Kind, price: i64) -> i64 {
    down(kind, price) + tick(kind, price)
}

/// The next price below.
pub(crate) fn below(kind: Kind, price: i64) -> i64 {
    down(kind, price - 1)
}

/// The highest price of a day: 30 % above the previous close, 10 % for gold, on the grid.
pub(crate) fn ceiling(kind: Kind, previous: i64) -> i64 {
    limits(kind, previous).1
}

/// The lowest price of a day.
pub(crate) fn floor(kind: Kind, previous: i64) -> i64 {
    limits(kind, previous).0
}

/// Indices and US stocks have no limits; theirs keep the simulated prices of a day together.
fn limits(kind: Kind, previous: i64) -> (i64, i64) {
    match table(kind).and_then(|ticks| ticks.limits(previous)) {
        Some(day) => (whole(*day.start()), whole(*day.end())),
        None => (previous - previous * 3 / 10, previous + previous * 3 / 10),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_meet_where_the_tick_changes() {
        for (price, up, low) in
            [(1_999, 2_000, 1_998), (2_000, 2_005, 1_999), (49_950, 50_000, 49_900), (50_000, 50_100, 49_950)]
        {
            assert_eq!((above(Kind::Stock, price), below(Kind::Stock, price)), (up, low), "{price}");
        }
        assert!(is_on_grid(Kind::Stock, 70_100) && !is_on_grid(Kind::Stock, 70_150) && !is_on_grid(Kind::Stock, 0));
    }

    #[test]
    fn limits_are_on_the_grid_and_within_thirty_percent() {
        for previous in [1_235, 4_980, 19_990, 70_100, 412_500, 1_001_000] {
            let (high, low) = (ceiling(Kind::Stock, previous), floor(Kind::Stock, previous));
            assert!(is_on_grid(Kind::Stock, high) && is_on_grid(Kind::Stock, low), "{previous}");
            assert!(high * 10 <= previous * 13 && low * 10 >= previous * 7, "{previous}: {low} to {high}");
        }
        assert_eq!((floor(Kind::Gold, 151_680), ceiling(Kind::Gold, 151_680)), (136_520, 166_840));
        assert_eq!((floor(Kind::Us, 20_004), ceiling(Kind::Us, 20_004)), (14_003, 26_005));
    }
}
