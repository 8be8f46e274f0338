//! Numbers whose unit is not the base unit: the type says which, a method converts.
//!
//! If a unit is corrected, the type changes, so old code stops compiling instead of being wrong by a factor. `Display`
//! shows the number as it is counted, without its unit.
//!
//! Arithmetic stays within the unit: values of one unit add, subtract, compare and sum, numbers multiply them, and nothing
//! mixes two units. There is no `/`, because no operator here may panic: `ratio` divides, and returns `None` if it
//! cannot.

use std::cmp::Ordering;
use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Mul, MulAssign, Neg, Sub, SubAssign};
use std::str::FromStr;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::f64_of;
use super::scalar::{self, BadNumber, ExactNumber, Scalar};

/// The optional unit value of a field, in any unit. Implemented for `Option` of the unit types.
pub trait UnitSlot {
    /// The number as it is counted in the unit.
    fn get(&self) -> Option<Decimal>;
    /// Sets or clears it.
    fn set(&mut self, number: Option<Decimal>);
    /// Sets it to `digits` / 10^`scale`, which must be a legal [`Decimal`]. The parts go in registers, a `Decimal` would not.
    #[doc(hidden)]
    fn set_parts(&mut self, digits: u128, negative: bool, scale: u32);
}

macro_rules! units {
    ($($(#[$meta:meta])* $name:ident;)*) => {$(
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub Decimal);

        impl $name {
            /// The nearest `f64`, still counted in this unit.
            pub fn to_f64(self) -> f64 {
                f64_of(self.0)
            }
        }

        impl $name {
            /// How many times `other` this is; `None` if that is zero.
            pub fn ratio(self, other: $name) -> Option<Decimal> {
                self.0.checked_div(other.0)
            }

            /// Without the sign.
            pub fn abs(self) -> $name {
                $name(self.0.abs())
            }
        }

        /// Counted in this unit.
        impl<N: ExactNumber> From<N> for $name {
            fn from(number: N) -> Self {
                $name(number.decimal())
            }
        }

        /// Counted in this unit.
        impl TryFrom<f64> for $name {
            type Error = BadNumber;
            fn try_from(number: f64) -> Result<Self, BadNumber> {
                scalar::from_f64(number).map($name)
            }
        }

        /// Counted in this unit.
        impl FromStr for $name {
            type Err = BadNumber;
            fn from_str(text: &str) -> Result<Self, BadNumber> {
                scalar::parse($name::bare(text)).map($name)
            }
        }

        impl Add for $name {
            type Output = $name;
            fn add(self, other: $name) -> $name {
                $name(scalar::add(self.0, other.0))
            }
        }

        impl Sub for $name {
            type Output = $name;
            fn sub(self, other: $name) -> $name {
                $name(scalar::subtract(self.0, other.0))
            }
        }

        impl Neg for $name {
            type Output = $name;
            fn neg(self) -> $name {
                $name(-self.0)
            }
        }

        impl<N: ExactNumber> Mul<N> for $name {
            type Output = $name;
            fn mul(self, times: N) -> $name {
                $name(scalar::multiply(self.0, times.decimal()))
            }
        }

        times!($name: i32 i64 Decimal);

        impl AddAssign for $name {
            fn add_assign(&mut self, other: $name) {
                *self = *self + other;
            }
        }

        impl SubAssign for $name {
            fn sub_assign(&mut self, other: $name) {
                *self = *self - other;
            }
        }

        impl<N: ExactNumber> MulAssign<N> for $name {
            fn mul_assign(&mut self, times: N) {
                *self = *self * times;
            }
        }

        impl Sum for $name {
            fn sum<I: Iterator<Item = $name>>(values: I) -> $name {
                values.fold($name::default(), Add::add)
            }
        }

        impl<'a> Sum<&'a $name> for $name {
            fn sum<I: Iterator<Item = &'a $name>>(values: I) -> $name {
                values.copied().sum()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl UnitSlot for Option<$name> {
            fn get(&self) -> Option<Decimal> {
                self.map(|unit| unit.0)
            }
            fn set(&mut self, number: Option<Decimal>) {
                *self = number.map($name);
            }
            fn set_parts(&mut self, digits: u128, negative: bool, scale: u32) {
                let (low, middle, high) = (digits as u32, (digits >> 32) as u32, (digits >> 64) as u32);
                *self = Some($name(Decimal::from_parts(low, middle, high, negative, scale)));
            }
        }
    )*};
}

/// A number before the value.
macro_rules! times {
    ($name:ident: $($number:ty)*) => {$(
        impl Mul<$name> for $number {
            type Output = $name;
            fn mul(self, value: $name) -> $name {
                value * self
            }
        }
    )*};
}

units! {
    /// A percentage: `0.35` is 0.35 %.
    ///
    /// ```
    /// use kiwoom_api::value::{Decimal, Percent};
    /// assert_eq!(Percent::from(35).fraction(), Decimal::new(35, 2));
    /// ```
    ///
    /// Percentages compare with plain numbers, floats included, and add up:
    ///
    /// ```
    /// use kiwoom_api::value::{Decimal, Percent};
    /// let change: Percent = "-3.52%".parse()?;
    /// assert!(change < -3 && change == -3.52 && change + Percent::from(5) > 1.4);
    /// assert_eq!([change, change].iter().sum::<Percent>(), 2 * change);
    /// assert_eq!(Percent::from(5).of(70_000), Decimal::from(3_500));
    /// # Ok::<(), kiwoom_api::value::BadNumber>(())
    /// ```
    Percent;
    /// Money in 천원 (1,000 won).
    ThousandWon;
    /// Money in 만원 (10,000 won).
    TenThousandWon;
    /// Money in 백만원 (1,000,000 won).
    ///
    /// ```
    /// use kiwoom_api::value::{Decimal, MillionWon};
    /// assert_eq!(MillionWon::from(648_525).won(), Decimal::from(648_525_000_000_i64));
    ///
    /// let days = [MillionWon::from(300), MillionWon::from(200)];
    /// let total: MillionWon = days.iter().sum();
    /// assert!(total > days[0] && total - days[0] == days[1] && total * 2 == MillionWon::from(1_000));
    /// ```
    ///
    /// Another unit is another type, and a bare number has no unit:
    ///
    /// ```compile_fail,E0308
    /// # use kiwoom_api::value::{MillionWon, ThousandWon};
    /// let sum = MillionWon::from(1) + ThousandWon::from(1);
    /// ```
    /// ```compile_fail,E0308
    /// # use kiwoom_api::value::MillionWon;
    /// let large = MillionWon::from(1) > 1_000;
    /// ```
    MillionWon;
    /// Money in 천만원 (10,000,000 won).
    TenMillionWon;
    /// Money in 억원 (100,000,000 won).
    HundredMillionWon;
    /// Money in 천USD (1,000 US dollars).
    ThousandUsd;
    /// Money in 만USD (10,000 US dollars).
    TenThousandUsd;
    /// A weight of gold in 1,000 grams.
    ThousandGrams;
    /// A quantity in 100 shares.
    HundredShares;
    /// A quantity in 1,000 shares (천주).
    ThousandShares;
    /// A quantity in 10,000 shares (만주).
    TenThousandShares;
    /// A quantity in 1,000,000 shares (백만주).
    MillionShares;
    /// A number whose unit a parameter of the request chooses (금액 or 수량, won or shares).
    ///
    /// ```
    /// use kiwoom_api::value::{ByRequest, MillionWon};
    /// let net = ByRequest::from(120);
    /// assert_eq!(net.as_million_won(), MillionWon::from(120)); // asked with amt_qty_tp = 1 (금액)
    /// assert_eq!(net.as_shares(), Some(120)); //                  asked with amt_qty_tp = 2 (수량)
    /// ```
    ByRequest;
}

impl Percent {
    /// The value as a part of one: 35 % is 0.35.
    pub fn fraction(self) -> Decimal {
        times(self.0, 1, 100)
    }

    /// This much of an amount: 5 % of 70,000 is 3,500. The amount is a number or a price.
    pub fn of(self, amount: impl Into<Decimal>) -> Decimal {
        // first the product: a hundredth of it is exact where a hundredth of the percentage may not be
        times(scalar::multiply(self.0, amount.into()), 1, 100)
    }

    /// A part of one as a percentage: 0.35 is 35 %.
    pub fn from_fraction(fraction: impl Into<Decimal>) -> Percent {
        Percent(times(fraction.into(), 100, 1))
    }

    /// How much `to` is above `from`: from 50 to 60 it is 20 %. `None` if `from` is zero.
    ///
    /// ```
    /// use kiwoom_api::value::{Percent, Price};
    /// let (open, close) = (Price::plain(50_000), Price::up(60_000));
    /// assert_eq!(Percent::change(open, close), Some(Percent::from(20)));
    /// ```
    pub fn change(from: impl Into<Decimal>, to: impl Into<Decimal>) -> Option<Percent> {
        let from = from.into();
        let change = scalar::subtract(to.into(), from);
        scalar::multiply(change, Decimal::ONE_HUNDRED).checked_div(from.abs()).map(Percent)
    }

    fn bare(text: &str) -> &str {
        text.trim_end().strip_suffix('%').unwrap_or(text)
    }
}

impl<N: Scalar> PartialEq<N> for Percent {
    fn eq(&self, other: &N) -> bool {
        other.compared_with(self.0) == Some(Ordering::Equal)
    }
}

impl<N: Scalar> PartialOrd<N> for Percent {
    fn partial_cmp(&self, other: &N) -> Option<Ordering> {
        other.compared_with(self.0)
    }
}

/// The text of a unit is only its number.
macro_rules! bare {
    ($($name:ident)*) => {$(
        impl $name {
            fn bare(text: &str) -> &str {
                text
            }
        }
    )*};
}

bare! {
    ThousandWon TenThousandWon MillionWon TenMillionWon HundredMillionWon ThousandUsd TenThousandUsd ThousandGrams
    HundredShares ThousandShares TenThousandShares MillionShares ByRequest
}

macro_rules! conversions {
    ($($name:ident.$method:ident() = $factor:literal, $unit:literal;)*) => {$(
        impl $name {
            #[doc = concat!("The value in ", $unit, ".")]
            pub fn $method(self) -> Decimal {
                times(self.0, $factor, 1)
            }
        }
    )*};
}

conversions! {
    ThousandWon.won() = 1_000, "won";
    TenThousandWon.won() = 10_000, "won";
    MillionWon.won() = 1_000_000, "won";
    TenMillionWon.won() = 10_000_000, "won";
    HundredMillionWon.won() = 100_000_000, "won";
    ThousandUsd.usd() = 1_000, "US dollars";
    TenThousandUsd.usd() = 10_000, "US dollars";
    ThousandGrams.grams() = 1_000, "grams";
    HundredShares.shares() = 100, "shares";
    ThousandShares.shares() = 1_000, "shares";
    TenThousandShares.shares() = 10_000, "shares";
    MillionShares.shares() = 1_000_000, "shares";
}

impl ByRequest {
    /// Read as won.
    pub fn as_won(self) -> Decimal {
        self.0
    }

    /// Read as thousands of won (천원).
    pub fn as_thousand_won(self) -> ThousandWon {
        ThousandWon(self.0)
    }

    /// Read as millions of won (백만원).
    pub fn as_million_won(self) -> MillionWon {
        MillionWon(self.0)
    }

    /// Read as hundreds of millions of won (억원).
    pub fn as_hundred_million_won(self) -> HundredMillionWon {
        HundredMillionWon(self.0)
    }

    /// Read as US dollars.
    pub fn as_usd(self) -> Decimal {
        self.0
    }

    /// Read as shares; `None` if there is a fraction.
    pub fn as_shares(self) -> Option<i64> {
        if self.0.fract().is_zero() { self.0.to_i64() } else { None }
    }

    /// Read as thousands of shares (천주).
    pub fn as_thousand_shares(self) -> ThousandShares {
        ThousandShares(self.0)
    }
}

/// Multiplies; a number too large for its type saturates instead of ending the program (no real amount comes near).
fn times(number: Decimal, factor: i64, divisor: i64) -> Decimal {
    let product = number.checked_mul(Decimal::from(factor)).and_then(|n| n.checked_div(Decimal::from(divisor)));
    product.unwrap_or(if number.is_sign_negative() { Decimal::MIN } else { Decimal::MAX })
}
