//! Quoted values whose sign on the wire is a colour, not a sign.

use std::fmt;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::{Percent, f64_of};

/// Where a quoted value stands against the previous close.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// Above (`+` on the wire, red on Korean screens).
    Up,
    /// Below (`-` on the wire, blue on Korean screens).
    Down,
    /// Unchanged (no sign where signs are documented, or a blank in its place).
    Flat,
}

/// A quoted value and its direction. The sign on the wire is never part of the amount.
///
/// There is no `Neg` and no order: compare `amount`. Equality compares both parts.
///
/// `direction` is `None` where the API does not say.
///
/// `Display` shows the amount alone, with width and precision as usual; `{:#}` puts the arrow of Korean screens before it.
///
/// ```
/// use kiwoom_api::value::Price;
/// assert_eq!(Price::down(42_900).to_string(), "42900");
/// assert_eq!(format!("{:>8}|{:#}|{:#}", Price::up(42_900), Price::up(42_900), Price::down(42_900)), "   42900|▲42900|▼42900");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Directed<T> {
    /// The value, never negative.
    pub amount: T,
    /// Against the previous close.
    pub direction: Option<Direction>,
}

/// A market price, in the unit of its market (won, USD, index points): `-42900` is 42,900, lower than yesterday.
///
/// A price of 0 on the wire means "no price" and decodes to `None`.
///
/// ```
/// use kiwoom_api::value::{Direction, Price};
/// let price = Price::down(42_900);
/// assert_eq!(price.won(), Some(42_900));
/// assert_eq!(price.direction, Some(Direction::Down));
/// ```
pub type Price = Directed<Decimal>;

impl<T: fmt::Display> fmt::Display for Directed<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if f.alternate() {
            f.write_str(match self.direction {
                Some(Direction::Up) => "▲",
                Some(Direction::Down) => "▼",
                Some(Direction::Flat) | None => "",
            })?;
        }
        self.amount.fmt(f)
    }
}

impl<T: Magnitude> Directed<T> {
    /// Higher than the previous close.
    pub fn up(amount: impl Into<T>) -> Self {
        Directed { amount: amount.into().magnitude(), direction: Some(Direction::Up) }
    }

    /// Lower than the previous close.
    pub fn down(amount: impl Into<T>) -> Self {
        Directed { amount: amount.into().magnitude(), direction: Some(Direction::Down) }
    }

    /// As the previous close.
    pub fn flat(amount: impl Into<T>) -> Self {
        Directed { amount: amount.into().magnitude(), direction: Some(Direction::Flat) }
    }

    /// Without a word about the previous close.
    pub fn plain(amount: impl Into<T>) -> Self {
        Directed { amount: amount.into().magnitude(), direction: None }
    }
}

impl Directed<Decimal> {
    /// The whole number, `None` if there is a fraction (US prices, index points).
    pub fn won(&self) -> Option<i64> {
        if self.amount.fract().is_zero() { self.amount.to_i64() } else { None }
    }

    /// The nearest `f64`, for charts and indicators.
    pub fn to_f64(&self) -> f64 {
        f64_of(self.amount)
    }
}

impl Directed<Percent> {
    /// The nearest `f64` in percent, for charts and indicators.
    pub fn to_f64(&self) -> f64 {
        self.amount.to_f64()
    }
}

/// Values that have a magnitude. Sealed.
pub trait Magnitude: sealed::Sealed {
    /// Without the sign.
    #[doc(hidden)]
    fn magnitude(self) -> Self;
}

impl Magnitude for Decimal {
    fn magnitude(self) -> Self {
        self.abs()
    }
}

impl Magnitude for Percent {
    fn magnitude(self) -> Self {
        Percent(self.0.abs())
    }
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for rust_decimal::Decimal {}
    impl Sealed for super::Percent {}
}
