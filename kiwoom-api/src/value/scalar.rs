//! The numbers our values combine with: exact ones in arithmetic, floats in comparisons only.
//!
//! One generic impl per operator of a type rests on these traits, so a type costs a few impls and not dozens.

use std::cmp::Ordering;
use std::fmt;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::f64_of;
use super::word::Short;
use crate::Language;
use crate::language::{Both, both, fixed};

/// An exact number: every integer type and [`Decimal`]. Sealed.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an exact number without a unit",
    note = "integers and `Decimal` are; write `dec!(1.5)` or `Decimal::try_from(x)?` in place of a float",
    note = "values with different units do not mix: convert first, as with `.won()` or `.shares()`"
)]
pub trait ExactNumber: Copy + sealed::Sealed {
    /// The same number. An integer of 128 bits that a [`Decimal`] cannot hold saturates.
    #[doc(hidden)]
    fn decimal(self) -> Decimal;
}

/// A number that a value compares with: a [`ExactNumber`] or a float. Sealed.
#[diagnostic::on_unimplemented(
    message = "this value does not compare with `{Self}`",
    note = "values with different units do not compare: convert first, as with `.won()` or `.shares()`"
)]
pub trait Scalar: Copy + sealed::Sealed {
    /// How `number` compares with it; `None` for NaN.
    #[doc(hidden)]
    fn compared_with(self, number: Decimal) -> Option<Ordering>;
}

macro_rules! integers {
    ($($type:ty)*) => {$(
        impl sealed::Sealed for $type {}

        impl ExactNumber for $type {
            fn decimal(self) -> Decimal {
                self.into()
            }
        }

        impl Scalar for $type {
            fn compared_with(self, number: Decimal) -> Option<Ordering> {
                Some(number.cmp(&self.into()))
            }
        }
    )*};
}

integers! { i8 i16 i32 i64 isize u8 u16 u32 u64 usize }

macro_rules! wide {
    ($($type:ty)*) => {$(
        impl sealed::Sealed for $type {}

        impl ExactNumber for $type {
            fn decimal(self) -> Decimal {
                let end = if self.checked_neg().is_some_and(|negated| negated > self) { Decimal::MIN } else { Decimal::MAX };
                Decimal::try_from_i128_with_scale(i128::try_from(self).unwrap_or(i128::MAX), 0).unwrap_or(end)
            }
        }

        impl Scalar for $type {
            fn compared_with(self, number: Decimal) -> Option<Ordering> {
                // a whole part fits; only what a Decimal cannot hold is beyond it
                let whole = number.trunc().to_i128().unwrap_or_default();
                Some(match <$type>::try_from(whole) {
                    Ok(same) if same == self => number.cmp(&number.trunc()),
                    Ok(other) => other.cmp(&self),
                    // a negative number against an unsigned one
                    Err(_) => Ordering::Less,
                })
            }
        }
    )*};
}

wide! { i128 u128 }

impl sealed::Sealed for Decimal {}

impl ExactNumber for Decimal {
    fn decimal(self) -> Decimal {
        self
    }
}

impl Scalar for Decimal {
    fn compared_with(self, number: Decimal) -> Option<Ordering> {
        Some(number.cmp(&self))
    }
}

impl<N: ExactNumber> sealed::Sealed for &N {}

impl<N: ExactNumber> ExactNumber for &N {
    fn decimal(self) -> Decimal {
        (*self).decimal()
    }
}

impl sealed::Sealed for f64 {}

/// By the nearest float of the exact number, so that 0.35 is `0.35`.
impl Scalar for f64 {
    fn compared_with(self, number: Decimal) -> Option<Ordering> {
        f64_of(number).partial_cmp(&self)
    }
}

impl sealed::Sealed for f32 {}

/// By the nearest float of the exact number, so that 0.35 is `0.35`.
impl Scalar for f32 {
    fn compared_with(self, number: Decimal) -> Option<Ordering> {
        (f64_of(number) as f32).partial_cmp(&self)
    }
}

/// The text or float is not a number that the value can hold.
///
/// ```
/// use kiwoom_api::value::{Percent, Price};
/// assert!("3.5x".parse::<Percent>().is_err());
/// let error = Price::new(-70_100).unwrap_err();
/// assert_eq!(error.to_string(), "-70100: a price is never negative: give the amount alone");
/// ```
#[derive(Clone, Copy)]
pub struct BadNumber {
    why: &'static Both,
    /// The number, if it is one and not too long.
    given: Option<Short>,
}

impl BadNumber {
    pub(crate) const TEXT: BadNumber = BadNumber {
        why: &fixed!(
            "not a number: digits, with a sign, a point or commas at most",
            "숫자가 아닙니다. 숫자와 부호, 소수점, 쉼표만 쓸 수 있습니다"
        ),
        given: None,
    };
    pub(crate) const FLOAT: BadNumber = BadNumber {
        why: &fixed!(
            "not a finite number, or too large for exact arithmetic",
            "유한한 숫자가 아니거나, 정확히 계산하기에는 너무 큽니다"
        ),
        given: None,
    };
    pub(crate) const NEGATIVE: BadNumber = BadNumber {
        why: &fixed!("a price is never negative: give the amount alone", "가격은 음수일 수 없습니다. 금액만 쓰세요"),
        given: None,
    };
    pub(crate) const FRACTION: BadNumber =
        BadNumber { why: &fixed!("a quantity is a whole number", "수량은 정수입니다"), given: None };
    pub(crate) const QUANTITY: BadNumber =
        BadNumber { why: &fixed!("no quantity is that large", "수량이 너무 큽니다"), given: None };

    /// The same of this number. Never of a text, which may be anything.
    pub(crate) fn of(self, number: impl fmt::Display) -> BadNumber {
        BadNumber { given: Short::new(&number.to_string()), ..self }
    }

    /// The same, whatever the number.
    pub(crate) fn is(self, other: BadNumber) -> bool {
        self.why == other.why
    }

    /// The text in this language. `Display` is English.
    pub fn display(&self, language: Language) -> impl fmt::Display + '_ {
        self.both().into_told(language)
    }

    /// The text in both languages.
    pub(crate) fn both(self) -> Both {
        match self.given {
            None => self.why.clone(),
            Some(given) => {
                let (given, why) = (given.as_str(), self.why);
                both!("{given}: {why}", "{given}: {why}", why)
            }
        }
    }
}

impl fmt::Display for BadNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.both().fmt(f)
    }
}

impl fmt::Debug for BadNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("BadNumber").field(&self.both().english()).finish()
    }
}

impl PartialEq for BadNumber {
    fn eq(&self, other: &Self) -> bool {
        let text = |bad: &BadNumber| bad.given.map(|given| given.as_str().to_owned());
        self.is(*other) && text(self) == text(other)
    }
}

impl Eq for BadNumber {}

impl std::error::Error for BadNumber {}

/// An exact number from text such as `3.52`, `+1,200`, `-0.5`.
pub(crate) fn parse(text: &str) -> Result<Decimal, BadNumber> {
    let text = text.trim();
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    if !unsigned.starts_with(|c: char| c.is_ascii_digit() || c == '.') || unsigned.contains('_') {
        return Err(BadNumber::TEXT);
    }
    if unsigned.contains(',') {
        return grouped(text);
    }
    // not every parser accepts a plus as part of a number
    Decimal::from_str_exact(text.strip_prefix('+').unwrap_or(text)).map_err(|_| BadNumber::TEXT)
}

/// Groups of three digits; `1,5` is neither 15 nor 1.5.
fn grouped(text: &str) -> Result<Decimal, BadNumber> {
    let (whole, fraction) = text.split_once('.').map_or((text, None), |(whole, fraction)| (whole, Some(fraction)));
    let mut groups = whole.trim_start_matches(['+', '-']).split(',');
    let first = groups.next().is_some_and(|group| (1..=3).contains(&group.len()));
    if !first || !groups.all(|group| group.len() == 3) || fraction.is_some_and(|digits| digits.contains(',')) {
        return Err(BadNumber::TEXT);
    }
    parse(&text.replace(',', ""))
}

/// The exact number that a float is written as: 179.5 for `179.5`.
pub(crate) fn from_f64(float: f64) -> Result<Decimal, BadNumber> {
    if !float.is_finite() {
        return Err(BadNumber::FLOAT.of(float));
    }
    Decimal::try_from(float).map_err(|_| BadNumber::FLOAT.of(float))
}

/// A sum of real amounts never comes near the limit of the type; one that does saturates instead of ending the program.
pub(crate) fn add(a: Decimal, b: Decimal) -> Decimal {
    a.saturating_add(b)
}

pub(crate) fn subtract(a: Decimal, b: Decimal) -> Decimal {
    a.saturating_sub(b)
}

pub(crate) fn multiply(a: Decimal, b: Decimal) -> Decimal {
    a.saturating_mul(b)
}

mod sealed {
    pub trait Sealed {}
}
