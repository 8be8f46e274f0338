//! Wire form of single values (feature `serde`): the text that the broker sends, as far as it does not depend on the field.
//!
//! Codes depend on the field, so an enum is stored by its English name here and in plain form.

use std::fmt;

use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::plain::{Given, given};
use super::scalar::{self, BadNumber};
use super::{
    AccountNo, BaseCode, ByRequest, Code, Directed, Direction, FilterMask, GoldCode, HundredMillionWon, HundredShares,
    IndexCode, Layout, Mask, MillionShares, MillionWon, OrderNo, Percent, Price, Side, Sided, StockCode, TenMillionWon,
    TenThousandShares, TenThousandUsd, TenThousandWon, ThousandGrams, ThousandShares, ThousandUsd, ThousandWon,
    TimeMark, Unlisted, UsTicker, Word, YearMonth, read_time_mark, read_year_month, write_time_mark,
};

/// Reads a text with a function; the error says what was expected.
pub(super) fn text<'de, D: Deserializer<'de>, T>(
    deserializer: D,
    expected: &'static str,
    read: impl FnOnce(&str) -> Option<T>,
) -> Result<T, D::Error> {
    struct Text<F>(&'static str, F);

    impl<T, F: FnOnce(&str) -> Option<T>> de::Visitor<'_> for Text<F> {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(self.0)
        }

        fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
            // the text may be an account, so the error does not repeat it
            (self.1)(text).ok_or_else(|| E::custom(format_args!("not {}", self.0)))
        }
    }

    deserializer.deserialize_str(Text(expected, read))
}

macro_rules! by_text {
    ($($name:ty, $expected:literal, $write:expr, $read:expr;)*) => {$(
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let write: fn(&$name) -> String = $write;
                serializer.serialize_str(&write(self))
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                text(deserializer, $expected, $read)
            }
        }
    )*};
}

by_text! {
    Word, "a text", |word| word.as_str().to_owned(), |text| Some(Word::new(text));
    Unlisted, "a code of 23 bytes at most", |code| code.as_str().to_owned(), Unlisted::new;
    StockCode, "a stock code", |code| code.as_str().to_owned(), |text| text.parse().ok();
    BaseCode, "a stock code", |code| code.as_str().to_owned(), |text| Some(BaseCode::from(text)).filter(|code| code.code().is_valid());
    AccountNo, "an account number", |id| id.as_str().to_owned(), |text| Some(text.into());
    Code, "a code", |id| id.as_str().to_owned(), |text| Some(text.into());
    GoldCode, "a gold product", |id| id.as_str().to_owned(), |text| Some(text.into());
    IndexCode, "an index code", |id| id.as_str().to_owned(), |text| Some(text.into());
    OrderNo, "an order number", |id| id.as_str().to_owned(), |text| Some(text.into());
    UsTicker, "a US symbol", |id| id.as_str().to_owned(), |text| Some(text.into());
    Price, "a price as text such as \"-42900\"; numbers are for kiwoom_api::plain",
        |price| directed(price.direction, price.amount), |text| read_directed(text).map(|(amount, direction)| Directed { amount, direction });
    Directed<Percent>, "a ratio as text such as \"-96.64\"; numbers are for kiwoom_api::plain",
        |ratio| directed(ratio.direction, ratio.amount.0),
        |text| read_directed(text).map(|(amount, direction)| Directed { amount: Percent(amount), direction });
    Sided, "a traded quantity as text such as \"-1793\"; numbers are for kiwoom_api::plain", write_sided, read_sided;
    YearMonth, "a month such as 202509 or 2025-09", |month| format!("{:04}{:02}", month.year(), month.month()),
        |text| read_year_month(text).ok().flatten();
    TimeMark, "a time of day such as 170500, or 888888", |clock| {
        let mut out = String::new();
        write_time_mark(&mut out, *clock, Layout::Plain);
        out
    }, read_any_mark;
    FilterMask, "nine digits 0 or 1", |mask| mask.to_string(), |text| {
        let mut mask = None::<FilterMask>;
        mask.read(text).ok()?;
        mask
    };
    Direction, "Up, Down or Flat", |direction| direction.name().to_owned(), Direction::from_name;
}

/// Midnight is a time here: in a field where zeros mean none, there is no value, and nothing is stored.
fn read_any_mark(text: &str) -> Option<TimeMark> {
    read_time_mark(text).ok().flatten()
}

fn directed(direction: Option<Direction>, amount: Decimal) -> String {
    let sign = match direction {
        Some(Direction::Up) => "+",
        Some(Direction::Down) => "-",
        Some(Direction::Flat) => " ",
        None => "",
    };
    format!("{sign}{}", amount.abs())
}

fn read_directed(text: &str) -> Option<(Decimal, Option<Direction>)> {
    Some((scalar::parse(text).ok()?.abs(), super::price::direction_of(text)))
}

fn write_sided(sided: &Sided) -> String {
    let sign = match sided.side {
        Some(Side::Buy) => "+",
        Some(Side::Sell) => "-",
        Some(Side::Unlisted(_)) | None => "",
    };
    format!("{sign}{}", sided.qty.unsigned_abs())
}

fn read_sided(text: &str) -> Option<Sided> {
    let side = match text.as_bytes() {
        [b'+', ..] => Some(Side::Buy),
        [b'-', ..] => Some(Side::Sell),
        _ => None,
    };
    let qty = text.strip_prefix(['+', '-']).unwrap_or(text);
    // no second sign
    qty.starts_with(|c: char| c.is_ascii_digit()).then_some(())?;
    Some(Sided { qty: qty.parse().ok()?, side })
}

macro_rules! units {
    ($($name:ident)*) => {$(
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(&self.0)
            }
        }

        /// From the text, or from a number.
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                match given(deserializer)? {
                    Given::Number(number) => Ok($name(number)),
                    Given::Text(text) => text.parse().map_err(|bad: BadNumber| de::Error::custom(bad)),
                }
            }
        }
    )*};
}

units! {
    Percent ThousandWon TenThousandWon MillionWon TenMillionWon HundredMillionWon ThousandUsd TenThousandUsd ThousandGrams
    HundredShares ThousandShares TenThousandShares MillionShares ByRequest
}
