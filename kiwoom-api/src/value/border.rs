//! What orders accept as a price or a quantity: any sensible number. Anything else is an error, before anything is
//! sent.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::scalar::{self, BadNumber};
use super::{Price, Sided};

/// A price for an order: an integer, a [`Decimal`], an `f64` (179.5 is exactly 179.5), a [`Price`]. Sealed.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a price",
    note = "a price is an integer, a `Decimal` (`dec!(179.5)`), an `f64` or a `Price`; take it out of an `Option` first"
)]
pub trait IntoPrice: sealed::ToPrice {
    /// The exact amount.
    ///
    /// # Errors
    /// The float is not a number.
    fn into_price(self) -> Result<Decimal, BadNumber>;
}

/// A quantity: any integer, a [`Decimal`] without a fraction, the quantity of a trade. Sealed.
///
/// Nothing wraps: a number that does not fit an `i64` is an error, and so is a fraction; a generated request says so when
/// it is sent. An order of [`crate::order`] also checks whether a number that fits is a quantity (1 or more).
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a quantity",
    note = "a quantity is an integer, or a `Decimal` without a fraction; take it out of an `Option` first"
)]
pub trait IntoQty: sealed::ToQty {
    /// The number.
    ///
    /// # Errors
    /// The number has a fraction, or does not fit an `i64`.
    fn into_qty(self) -> Result<i64, BadNumber>;
}

/// What a count of a generated request stands at where the number given was no count: its request is not sent.
pub(crate) const TOO_LARGE: i64 = i64::MAX;
pub(crate) const FRACTION: i64 = i64::MIN;

/// A count of a generated request, whose field is a plain `i64`: what does not fit is kept as a number that no count is.
#[allow(dead_code, reason = "some categories have no request with a count")]
pub(crate) fn count(qty: impl IntoQty) -> i64 {
    qty.into_qty().unwrap_or_else(|bad| if bad.is(BadNumber::FRACTION) { FRACTION } else { TOO_LARGE })
}

/// What is wrong with a number that [`count`] made.
pub(crate) fn bad_count(count: i64) -> Option<BadNumber> {
    match count {
        TOO_LARGE => Some(BadNumber::QUANTITY),
        FRACTION => Some(BadNumber::FRACTION),
        _ => None,
    }
}

macro_rules! integers {
    ($($type:ty)*) => {$(
        impl sealed::ToPrice for $type {}
        impl sealed::ToQty for $type {}

        impl IntoPrice for $type {
            fn into_price(self) -> Result<Decimal, BadNumber> {
                Ok(scalar::ExactNumber::decimal(self))
            }
        }

        impl IntoQty for $type {
            fn into_qty(self) -> Result<i64, BadNumber> {
                self.try_into().map_err(|_| BadNumber::QUANTITY.of(self))
            }
        }
    )*};
}

integers! { i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize }

impl IntoPrice for Decimal {
    fn into_price(self) -> Result<Decimal, BadNumber> {
        Ok(self)
    }
}

impl IntoPrice for f64 {
    fn into_price(self) -> Result<Decimal, BadNumber> {
        scalar::from_f64(self)
    }
}

impl IntoPrice for Price {
    fn into_price(self) -> Result<Decimal, BadNumber> {
        Ok(self.amount)
    }
}

impl<P: IntoPrice + Copy> IntoPrice for &P {
    fn into_price(self) -> Result<Decimal, BadNumber> {
        (*self).into_price()
    }
}

impl IntoQty for Decimal {
    fn into_qty(self) -> Result<i64, BadNumber> {
        if !self.fract().is_zero() {
            return Err(BadNumber::FRACTION.of(self));
        }
        self.to_i64().ok_or(BadNumber::QUANTITY.of(self))
    }
}

impl IntoQty for Sided {
    fn into_qty(self) -> Result<i64, BadNumber> {
        Ok(self.qty)
    }
}

impl<Q: IntoQty + Copy> IntoQty for &Q {
    fn into_qty(self) -> Result<i64, BadNumber> {
        (*self).into_qty()
    }
}

mod sealed {
    pub trait ToPrice {}
    pub trait ToQty {}
    impl ToPrice for rust_decimal::Decimal {}
    impl ToPrice for f64 {}
    impl ToPrice for super::super::Price {}
    impl<P: ToPrice> ToPrice for &P {}
    impl ToQty for rust_decimal::Decimal {}
    impl ToQty for super::super::Sided {}
    impl<Q: ToQty> ToQty for &Q {}
}
