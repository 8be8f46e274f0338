//! Numbers whose unit is not the base unit: the type says which, a method converts.
//!
//! A corrected unit then changes a type, so old code stops compiling instead of being wrong by a factor. `Display` shows
//! the number as it is counted, without its unit.

use std::fmt;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::f64_of;

/// The optional unit value of a field, whatever its unit. Implemented for `Option` of the unit types.
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

        impl From<Decimal> for $name {
            fn from(number: Decimal) -> Self {
                $name(number)
            }
        }

        impl From<i32> for $name {
            fn from(number: i32) -> Self {
                $name(number.into())
            }
        }

        impl From<i64> for $name {
            fn from(number: i64) -> Self {
                $name(number.into())
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

units! {
    /// A percentage: `0.35` is 0.35 %.
    ///
    /// ```
    /// use kiwoom_api::value::{Decimal, Percent};
    /// assert_eq!(Percent::from(35).fraction(), Decimal::new(35, 2));
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
    /// A number whose unit a parameter of the request chose (금액 or 수량, won or shares).
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
