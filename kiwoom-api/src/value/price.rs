//! Quoted values whose sign on the wire is a direction, not part of the number.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::iter::Sum;
use std::ops::{Add, Mul, Sub};
use std::str::FromStr;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::scalar::{self, BadNumber, ExactNumber, Scalar};
use super::{IntoPrice, Percent, f64_of};

/// How a quoted value compares with the previous close.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// Above (`+` on the wire, red on Korean screens).
    Up,
    /// Below (`-` on the wire, blue on Korean screens).
    Down,
    /// Unchanged (no sign where signs are documented, or a blank in its place).
    Flat,
}

impl Direction {
    /// `Up`, `Down`, `Flat`.
    pub fn name(self) -> &'static str {
        match self {
            Direction::Up => "Up",
            Direction::Down => "Down",
            Direction::Flat => "Flat",
        }
    }

    /// The inverse of [`name`](Direction::name).
    pub fn from_name(name: &str) -> Option<Direction> {
        [Direction::Up, Direction::Down, Direction::Flat].into_iter().find(|direction| direction.name() == name)
    }
}

/// A quoted value and its direction. The sign on the wire is never part of the amount.
///
/// Equality, order and hash are those of the amount, because whether a price is reached must not depend on whether an
/// API reports a direction; compare [`parts`](Directed::parts) if both count. There is no `Neg`.
///
/// `direction` is `None` if the API does not say.
///
/// `Display` shows the amount alone, with width and precision as usual; `{:#}` puts the arrow of Korean screens before it.
///
/// ```
/// use kiwoom_api::value::Price;
/// assert_eq!(Price::down(42_900).to_string(), "42900");
/// assert_eq!(format!("{:>8}|{:#}|{:#}", Price::up(42_900), Price::up(42_900), Price::down(42_900)), "   42900|▲42900|▼42900");
/// ```
#[derive(Clone, Copy, Debug)]
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
///
/// A price compares with other prices and with numbers, by its amount. Write it on the left; floats may be compared, but not
/// added:
///
/// ```
/// use kiwoom_api::value::{Decimal, Percent, Price};
/// let (bid, ask) = (Price::down(70_000), Price::down(70_100));
/// assert!(bid > 69_999 && ask == 70_100 && bid < ask && Price::plain(70_000) == bid);
/// assert_eq!(ask - bid, Decimal::from(100));
/// assert_eq!(bid * 10, Decimal::from(700_000)); // 10 shares at that price
/// assert_eq!(bid + Percent::from(5).of(bid), Decimal::from(73_500));
/// assert_eq!([bid, ask].iter().max(), Some(&ask));
/// assert!(Price::try_from(179.5)? > 179.4 && Price::try_from(-5).is_err());
/// # Ok::<(), kiwoom_api::value::BadNumber>(())
/// ```
///
/// Differences are numbers with a sign, never prices. A price has none:
///
/// ```compile_fail,E0600
/// # use kiwoom_api::value::Price;
/// let short = -Price::up(70_100);
/// ```
///
/// Fields are `Option<Price>`. In Rust, `None` is less than every `Some`, so a stop rule that compares the options
/// sells if there is no price: unwrap the price first.
///
/// ```
/// use kiwoom_api::value::Price;
/// let (none, stop) = (None::<Price>, Price::plain(65_000));
/// assert!(none < Some(stop));
/// assert!(!none.is_some_and(|price| price < stop));
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

    /// Without a direction against the previous close.
    pub fn plain(amount: impl Into<T>) -> Self {
        Directed { amount: amount.into().magnitude(), direction: None }
    }
}

impl<T: Copy> Directed<T> {
    /// Amount and direction, for comparisons of both.
    ///
    /// ```
    /// use kiwoom_api::value::Price;
    /// assert_eq!(Price::up(5), Price::down(5));
    /// assert_ne!(Price::up(5).parts(), Price::down(5).parts());
    /// ```
    pub fn parts(&self) -> (T, Option<Direction>) {
        (self.amount, self.direction)
    }
}

impl<T: PartialEq> PartialEq for Directed<T> {
    fn eq(&self, other: &Self) -> bool {
        self.amount == other.amount
    }
}

impl<T: Eq> Eq for Directed<T> {}

impl<T: PartialOrd> PartialOrd for Directed<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        self.amount.partial_cmp(&other.amount)
    }
}

impl<T: Ord> Ord for Directed<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.amount.cmp(&other.amount)
    }
}

impl<T: Hash> Hash for Directed<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.amount.hash(state);
    }
}

impl<T: Magnitude, N: Scalar> PartialEq<N> for Directed<T> {
    fn eq(&self, other: &N) -> bool {
        other.compared_with(self.amount.number()) == Some(Ordering::Equal)
    }
}

impl<T: Magnitude, N: Scalar> PartialOrd<N> for Directed<T> {
    fn partial_cmp(&self, other: &N) -> Option<Ordering> {
        other.compared_with(self.amount.number())
    }
}

/// The amount.
impl From<Price> for Decimal {
    fn from(price: Price) -> Decimal {
        price.amount
    }
}

/// The amount.
impl From<&Price> for Decimal {
    fn from(price: &Price) -> Decimal {
        price.amount
    }
}

// a generic one would meet the blanket impl of `TryFrom` for types that convert without fail
macro_rules! from_numbers {
    ($($number:ty)*) => {$(
        /// Without a direction; a negative number is not a price.
        impl TryFrom<$number> for Price {
            type Error = BadNumber;
            fn try_from(amount: $number) -> Result<Price, BadNumber> {
                not_negative(amount.decimal()).map(Price::plain)
            }
        }
    )*};
}

from_numbers! { i32 i64 u32 u64 usize Decimal }

fn not_negative(amount: Decimal) -> Result<Decimal, BadNumber> {
    if amount.is_sign_negative() && !amount.is_zero() { Err(BadNumber::NEGATIVE.of(amount)) } else { Ok(amount) }
}

/// Without a direction; negative numbers, infinities and NaN are not prices. 179.5 is exactly 179.5.
impl TryFrom<f64> for Price {
    type Error = BadNumber;

    fn try_from(amount: f64) -> Result<Price, BadNumber> {
        not_negative(scalar::from_f64(amount)?).map(Price::plain)
    }
}

/// As the broker writes it: `-42900` is 42,900, lower than the close of the day before. A blank before the digits is
/// [`Direction::Flat`], which the broker sends in the place of a sign.
impl FromStr for Price {
    type Err = BadNumber;

    fn from_str(text: &str) -> Result<Price, BadNumber> {
        let amount = scalar::parse(text)?;
        Ok(Directed { amount: amount.abs(), direction: direction_of(text) })
    }
}

pub(crate) fn direction_of(text: &str) -> Option<Direction> {
    match text.as_bytes() {
        [b'+', ..] => Some(Direction::Up),
        [b'-', ..] => Some(Direction::Down),
        [b' ', b'0'..=b'9' | b'.', ..] => Some(Direction::Flat),
        _ => None,
    }
}

/// Operators whose result is a number, not a price.
macro_rules! numbers {
    ($($trait:ident $method:ident = $does:path;)*) => {$(
        impl $trait for Price {
            type Output = Decimal;
            fn $method(self, other: Price) -> Decimal {
                $does(self.amount, other.amount)
            }
        }

        impl<N: ExactNumber> $trait<N> for Price {
            type Output = Decimal;
            fn $method(self, other: N) -> Decimal {
                $does(self.amount, other.decimal())
            }
        }

        impl $trait<Price> for Decimal {
            type Output = Decimal;
            fn $method(self, other: Price) -> Decimal {
                $does(self, other.amount)
            }
        }
    )*};
}

numbers! {
    Add add = scalar::add;
    Sub sub = scalar::subtract;
}

/// The cost of that many.
impl<N: ExactNumber> Mul<N> for Price {
    type Output = Decimal;
    fn mul(self, qty: N) -> Decimal {
        scalar::multiply(self.amount, qty.decimal())
    }
}

/// That share of the price.
impl Mul<Percent> for Price {
    type Output = Decimal;
    fn mul(self, percent: Percent) -> Decimal {
        percent.of(self)
    }
}

macro_rules! times {
    ($($number:ty)*) => {$(
        /// The cost of that many.
        impl Mul<Price> for $number {
            type Output = Decimal;
            fn mul(self, price: Price) -> Decimal {
                price * self
            }
        }
    )*};
}

times! { i32 i64 u32 u64 usize Decimal }

/// For averages.
impl Sum<Price> for Decimal {
    fn sum<I: Iterator<Item = Price>>(prices: I) -> Decimal {
        prices.fold(Decimal::ZERO, |sum, price| sum + price)
    }
}

/// For averages.
impl<'a> Sum<&'a Price> for Decimal {
    fn sum<I: Iterator<Item = &'a Price>>(prices: I) -> Decimal {
        prices.copied().sum()
    }
}

impl Directed<Decimal> {
    /// A price without a direction, from any sensible number.
    ///
    /// ```
    /// use kiwoom_api::dec;
    /// use kiwoom_api::value::Price;
    /// assert!(Price::new(70_100)? == 70_100 && Price::new(179.5)? == dec!(179.5));
    /// assert!(Price::new(-1).is_err() && Price::new(f64::NAN).is_err());
    /// # Ok::<(), kiwoom_api::value::BadNumber>(())
    /// ```
    ///
    /// # Errors
    /// The number is negative, or the float is not a number.
    pub fn new(amount: impl IntoPrice) -> Result<Price, BadNumber> {
        not_negative(amount.into_price()?).map(Price::plain)
    }

    /// How many times `other` this is; `None` if that is zero.
    pub fn ratio(self, other: impl Into<Decimal>) -> Option<Decimal> {
        self.amount.checked_div(other.into())
    }

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
pub trait Magnitude: Copy + sealed::Sealed {
    /// Without the sign.
    #[doc(hidden)]
    fn magnitude(self) -> Self;
    /// The bare number.
    #[doc(hidden)]
    fn number(self) -> Decimal;
}

impl Magnitude for Decimal {
    fn magnitude(self) -> Self {
        self.abs()
    }
    fn number(self) -> Decimal {
        self
    }
}

impl Magnitude for Percent {
    fn magnitude(self) -> Self {
        Percent(self.0.abs())
    }
    fn number(self) -> Decimal {
        self.0
    }
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for rust_decimal::Decimal {}
    impl Sealed for super::Percent {}
}
