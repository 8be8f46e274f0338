//! Values as other programs expect them: numbers as numbers, dates in ISO form, codes by their English names.
//!
//! The wire form, which a derive gives, is for storing what the broker sent. This one is for JSON lines, CSV, Polars and
//! pandas. Records are written by `json`, which knows their tables; here are the values and the names that users see.
//!
//! ```
//! use kiwoom_api::plain::Plain;
//! use kiwoom_api::value::{Date, MillionWon, Percent, Price, StockCode};
//! use serde::{Deserialize, Serialize};
//!
//! #[derive(Serialize, Deserialize)]
//! struct Bar {
//!     code: StockCode,
//!     day: Date,
//!     #[serde(with = "kiwoom_api::plain")]
//!     close: Price,
//!     #[serde(with = "kiwoom_api::plain")]
//!     change: Option<Percent>,
//!     value: Plain<MillionWon>,
//! }
//!
//! let bar = Bar {
//!     code: "005930".into(),
//!     day: Date::constant(2026, 7, 3),
//!     close: Price::down(70_100),
//!     change: Some("-3.52".parse()?),
//!     value: Plain(MillionWon::from(648_525)),
//! };
//! let text = serde_json::to_string(&bar)?;
//! assert_eq!(text, r#"{"code":"005930","day":"2026-07-03","close":70100,"change":-3.52,"value":648525}"#);
//! let again: Bar = serde_json::from_str(&text)?;
//! assert!(again.close == bar.close && again.change == bar.change && again.value == bar.value);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Rows of the broker are flat: each key is a column, with a second column if the wire has more than a number in one
//! field: `cur_prc` and `cur_prc_direction` (`Up`, `Down`, `Flat`), `cntr_qty` and `cntr_qty_side`. A missing value is
//! null.
//!
//! * Exact numbers are whole numbers or floats; one with more digits than a float holds (15) is a text. Fields keep
//!   their kind: a number with a decimal point on the wire is always a float.
//! * A price is its amount. If you need its direction, give it a separate field (`price.direction`), or use the wire
//!   form.
//! * An unlisted code is written as the broker sent it, with a `?` before it if it looks like a name.
//! * Formats that do not describe themselves (postcard, bincode) hold single values, but no records.

#[doc(hidden)]
pub use serde;

use std::fmt;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde::ser::SerializeStruct;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::scalar;
use super::{
    AccountNo, BaseCode, ByRequest, Code, CodeSlot, Directed, Direction, FilterMask, GoldCode, HundredMillionWon,
    HundredShares, IndexCode, MillionShares, MillionWon, OrderNo, Percent, Price, Side, Sided, StockCode,
    TenMillionWon, TenThousandShares, TenThousandUsd, TenThousandWon, ThousandGrams, ThousandShares, ThousandUsd,
    ThousandWon, TimeMark, Unlisted, UsTicker, Word, YearMonth, read_time_mark, read_year_month,
};

/// Types with a plain form: every value, enum and record of this crate, and options and lists of them.
pub trait ToPlain {
    /// Writes it.
    #[doc(hidden)]
    fn to_plain<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error>;
}

/// Types that can be read from their plain form.
pub trait FromPlain: Sized {
    /// Reads it.
    #[doc(hidden)]
    fn from_plain<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error>;
}

/// For `#[serde(with = "kiwoom_api::plain")]`.
///
/// # Errors
/// Those of the format.
pub fn serialize<T: ToPlain + ?Sized, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    value.to_plain(serializer)
}

/// For `#[serde(with = "kiwoom_api::plain")]`.
///
/// # Errors
/// A value of another kind.
pub fn deserialize<'de, T: FromPlain, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    T::from_plain(deserializer)
}

/// A value in plain form: `serde_json::to_string(&Plain(&row))`.
///
/// ```
/// # #[cfg(feature = "domestic-chart")] {
/// use kiwoom_api::Plain;
/// use kiwoom_api::id::ka10081::Row;
/// use kiwoom_api::value::{Date, Price};
///
/// let row = Row { dt: Some(Date::constant(2026, 7, 3)), cur_prc: Some(Price::down(70_100)), ..Row::default() };
/// let text = serde_json::to_string(&Plain(&row)).unwrap();
/// assert!(text.contains(r#""cur_prc":70100,"cur_prc_direction":"Down""#) && text.contains(r#""dt":"2026-07-03""#));
/// let Plain(again): Plain<Row> = serde_json::from_str(&text).unwrap();
/// assert_eq!(again.cur_prc.unwrap().parts(), row.cur_prc.unwrap().parts());
/// # }
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Plain<T>(pub T);

impl<T: ToPlain> Serialize for Plain<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.to_plain(serializer)
    }
}

impl<'de, T: FromPlain> Deserialize<'de> for Plain<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::from_plain(deserializer).map(Plain)
    }
}

impl<T: ToPlain + ?Sized> ToPlain for &T {
    fn to_plain<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (**self).to_plain(serializer)
    }
}

impl<T: ToPlain> ToPlain for Option<T> {
    fn to_plain<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Some(value) => serializer.serialize_some(&Plain(value)),
            None => serializer.serialize_none(),
        }
    }
}

impl<T: FromPlain> FromPlain for Option<T> {
    fn from_plain<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Option::<Plain<T>>::deserialize(deserializer)?.map(|Plain(value)| value))
    }
}

impl<T: ToPlain> ToPlain for [T] {
    fn to_plain<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter().map(Plain))
    }
}

impl<T: ToPlain> ToPlain for Vec<T> {
    fn to_plain<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.as_slice().to_plain(serializer)
    }
}

impl<T: FromPlain> FromPlain for Vec<T> {
    fn from_plain<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Vec::<Plain<T>>::deserialize(deserializer)?.into_iter().map(|Plain(value)| value).collect())
    }
}

/// Types whose wire form and plain form are the same.
macro_rules! as_derived {
    ($($name:ty)*) => {$(
        impl ToPlain for $name {
            fn to_plain<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                self.serialize(serializer)
            }
        }

        impl FromPlain for $name {
            fn from_plain<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                <$name>::deserialize(deserializer)
            }
        }
    )*};
}

as_derived! {
    bool i32 i64 u32 u64 usize f64 String Date Time DateTime Timestamp
    Word Unlisted StockCode BaseCode AccountNo Code GoldCode IndexCode OrderNo UsTicker FilterMask Direction
}

/// Types that are a number.
macro_rules! as_number {
    ($($name:ty: $number:expr, $value:expr;)*) => {$(
        impl ToPlain for $name {
            fn to_plain<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let number: fn(&$name) -> Decimal = $number;
                write_number(number(self), serializer)
            }
        }

        impl FromPlain for $name {
            fn from_plain<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let value: fn(Decimal) -> Result<$name, &'static str> = $value;
                value(read_number(deserializer)?).map_err(de::Error::custom)
            }
        }
    )*};
}

macro_rules! units {
    ($($name:ident)*) => {
        as_number! { $($name: |unit| unit.0, |number| Ok($name(number));)* }
    };
}

as_number! {
    Decimal: |number| *number, Ok;
    Price: |price| price.amount, |number| amount(number).map(Price::plain);
    Directed<Percent>: |ratio| ratio.amount.0, |number| amount(number).map(Directed::plain);
}

units! {
    Percent ThousandWon TenThousandWon MillionWon TenMillionWon HundredMillionWon ThousandUsd TenThousandUsd ThousandGrams
    HundredShares ThousandShares TenThousandShares MillionShares ByRequest
}

/// An amount of a directed value.
pub(crate) fn amount(number: Decimal) -> Result<Decimal, &'static str> {
    if number.is_sign_negative() && !number.is_zero() { Err("an amount is never negative") } else { Ok(number) }
}

/// Both parts, because neither follows from the other. Rows have two columns instead.
impl ToPlain for Sided {
    fn to_plain<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = serializer.serialize_struct("Sided", 2)?;
        out.serialize_field("qty", &self.qty)?;
        out.serialize_field("side", &self.side)?;
        out.end()
    }
}

impl FromPlain for Sided {
    fn from_plain<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Parts;

        impl<'de> de::Visitor<'de> for Parts {
            type Value = Sided;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a quantity with its side")
            }

            fn visit_map<A: de::MapAccess<'de>>(self, mut map: A) -> Result<Sided, A::Error> {
                let (mut qty, mut side) = (None, None);
                while let Some(key) = map.next_key::<String>()? {
                    match key.as_str() {
                        "qty" => qty = Some(map.next_value()?),
                        "side" => side = map.next_value::<Option<Side>>()?,
                        _ => drop(map.next_value::<de::IgnoredAny>()?),
                    }
                }
                Ok(Sided { qty: qty.ok_or_else(|| de::Error::missing_field("qty"))?, side })
            }

            fn visit_seq<A: de::SeqAccess<'de>>(self, mut seq: A) -> Result<Sided, A::Error> {
                let qty = seq.next_element()?.ok_or_else(|| de::Error::invalid_length(0, &self))?;
                Ok(Sided { qty, side: seq.next_element()?.flatten() })
            }
        }

        deserializer.deserialize_struct("Sided", &["qty", "side"], Parts)
    }
}

impl ToPlain for YearMonth {
    fn to_plain<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl FromPlain for YearMonth {
    fn from_plain<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        super::serde::text(deserializer, "a month such as 2025-09", |text| read_year_month(text).ok().flatten())
    }
}

impl ToPlain for TimeMark {
    fn to_plain<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl FromPlain for TimeMark {
    fn from_plain<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        super::serde::text(deserializer, "a time of day such as 17:05:00", clock_of)
    }
}

/// The inverse of its `Display`.
pub(crate) fn clock_of(text: &str) -> Option<TimeMark> {
    [TimeMark::Close, TimeMark::AfterHoursClose]
        .into_iter()
        .find(|mark| mark.to_string() == text)
        .or_else(|| read_time_mark(text).ok().flatten())
}

/// The name of a meaning, or the unlisted code, so that [`set_code_name`] makes the same of it.
#[doc(hidden)]
pub fn code_name(code: &dyn CodeSlot) -> Option<String> {
    if let Some(name) = code.index().and_then(|index| code.names().get(usize::from(index))) {
        return Some((*name).to_owned());
    }
    let unlisted = code.as_unlisted()?;
    let misleading = unlisted.starts_with('?') || code.names().contains(&unlisted);
    Some(if misleading { format!("?{unlisted}") } else { unlisted.to_owned() })
}

/// Sets a code by the name of its meaning, or to an unlisted code.
#[doc(hidden)]
pub fn set_code_name(code: &mut dyn CodeSlot, text: &str) -> Option<()> {
    match code.names().iter().position(|name| *name == text) {
        Some(index) => code.set_index(u8::try_from(index).ok()?),
        None => code.set_unlisted(Unlisted::new(text.strip_prefix('?').unwrap_or(text))?),
    }
    Some(())
}

/// Serde of every enum of meanings: one call each.
#[doc(hidden)]
pub fn write_code_name<S: Serializer>(code: &dyn CodeSlot, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&code_name(code).unwrap_or_default())
}

#[doc(hidden)]
pub fn read_code_name<'de, D: Deserializer<'de>>(code: &mut dyn CodeSlot, deserializer: D) -> Result<(), D::Error> {
    super::serde::text(deserializer, "the name of a code, or a code of 23 bytes at most", |text| {
        set_code_name(code, text)
    })
}

/// What stands where a number belongs.
pub(crate) enum Given {
    Number(Decimal),
    Text(String),
}

/// A number or a text: the one in formats that say which, the text in others.
pub(crate) fn given<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Given, D::Error> {
    struct Any;

    impl de::Visitor<'_> for Any {
        type Value = Given;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a number")
        }

        fn visit_i64<E: de::Error>(self, number: i64) -> Result<Given, E> {
            Ok(Given::Number(number.into()))
        }

        fn visit_u64<E: de::Error>(self, number: u64) -> Result<Given, E> {
            Ok(Given::Number(number.into()))
        }

        fn visit_i128<E: de::Error>(self, number: i128) -> Result<Given, E> {
            self.visit_str(&number.to_string())
        }

        fn visit_u128<E: de::Error>(self, number: u128) -> Result<Given, E> {
            self.visit_str(&number.to_string())
        }

        fn visit_f64<E: de::Error>(self, number: f64) -> Result<Given, E> {
            // as it is written: the nearest float of 3.52 is 3.52
            let mut exact = scalar::parse(&number.to_string()).map_err(E::custom)?;
            if exact.scale() == 0 {
                // a float stays one when it is written again
                exact.rescale(1);
            }
            Ok(Given::Number(exact))
        }

        fn visit_str<E: de::Error>(self, text: &str) -> Result<Given, E> {
            Ok(Given::Text(text.to_owned()))
        }
    }

    if deserializer.is_human_readable() { deserializer.deserialize_any(Any) } else { deserializer.deserialize_str(Any) }
}

/// An exact number from a number or its text.
pub(crate) fn read_number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Decimal, D::Error> {
    match given(deserializer)? {
        Given::Number(number) => Ok(number),
        Given::Text(text) => scalar::parse(&text).map_err(de::Error::custom),
    }
}

/// Significant digits that every float keeps.
const DIGITS: u128 = 1_000_000_000_000_000;

/// A whole number, a float that is exactly this number when it is read again, or the text.
pub(crate) fn write_number<S: Serializer>(number: Decimal, serializer: S) -> Result<S::Ok, S::Error> {
    if !serializer.is_human_readable() {
        return serializer.collect_str(&number);
    }
    if let Some(whole) = number.to_i64().filter(|_| number.scale() == 0) {
        return serializer.serialize_i64(whole);
    }
    let float = super::f64_of(number);
    let shortest = number.normalize();
    // parsers of JSON that round more than once still get these right: 10^22 is the last power of ten that a float holds
    let short = number.scale() > 0 && shortest.scale() <= 22 && shortest.mantissa().unsigned_abs() < DIGITS;
    if short && scalar::parse(&float.to_string()) == Ok(number) {
        return serializer.serialize_f64(float);
    }
    serializer.collect_str(&number)
}
