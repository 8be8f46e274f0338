//! The price grid: tick sizes and daily limits.

use super::listing::Kind;

/// The distance to the next price above.
pub(crate) fn tick(kind: Kind, price: i64) -> i64 {
    match kind {
        Kind::Stock => match price {
            ..2_000 => 1,
            2_000..5_000 => 5,
            5_000..20_000 => 10,
            20_000..50_000 => 50,
            50_000..200_000 => 100,
            200_000..500_000 => 500,
            500_000.. => 1_000,
        },
        Kind::Etf => {
            if price < 2_000 {
                1
            } else {
                5
            }
        }
        Kind::Gold => 10,
        // hundredths of a point, cents
        Kind::Index | Kind::Us => 1,
    }
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

/// The highest price of a day: 30 % above the previous close, on the grid.
pub(crate) fn ceiling(kind: Kind, previous: i64) -> i64 {
    down(kind, previous + previous * 3 / 10)
}

/// The lowest price of a day.
pub(crate) fn floor(kind: Kind, previous: i64) -> i64 {
    let lowest = previous - previous * 3 / 10;
    if down(kind, lowest) == lowest { lowest } else { above(kind, lowest) }
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
    }
}
