//! What fields hold: prices, quantities and units, percentages, codes of instruments, dates and times.
//!
//! Each type adds and compares as its meaning allows, and only with itself and plain numbers. A [`Price`] times a count, a
//! difference of prices and a [`won()`](MillionWon::won) are a [`Decimal`], which is exact. `Decimal` computes with decimals
//! only, so a count becomes one first:
//!
//! ```
//! use kiwoom_api::dec;
//! use kiwoom_api::value::{Decimal, Percent, Price};
//!
//! let (close, cost, shares) = (Price::up(70_100), dec!(68_250.5), 10);
//! assert_eq!(close * shares, dec!(701_000));
//! assert_eq!((close - cost) * Decimal::from(shares), dec!(18_495));
//! assert!(Percent::change(cost, close).is_some_and(|gain| gain > 2.7 && gain < 2.8));
//! ```

// Owns the reading and writing of their text, too. Knows nothing about JSON, records, or the APIs that use them.
mod base_code;
mod border;
#[cfg(feature = "chrono")]
mod chrono;
#[doc(hidden)]
pub mod code;
mod code_form;
mod code_macros;
mod code_words;
mod date;
mod day;
mod decimal;
pub(crate) mod id;
mod id_form;
mod layout;
mod limits;
mod mask;
pub(crate) mod number;
mod price;
pub(crate) mod scalar;
mod secret;
mod side;
mod stock_code;
mod structured;
mod text;
mod time_mark;
mod unit;
mod word;
mod zone;

#[cfg(feature = "serde")]
#[doc(hidden)]
pub mod plain;
#[cfg(feature = "serde")]
mod serde;

#[cfg(feature = "chrono")]
pub use self::chrono::ToChrono;
pub use base_code::BaseCode;
pub(crate) use border::bad_count;
#[allow(unused_imports, reason = "some categories have no request with a count")]
pub(crate) use border::count;
pub use border::{IntoPrice, IntoQty};
pub(crate) use code::spelling;
#[doc(inline)]
pub use code::{CodeSet, Unlisted};
#[doc(hidden)]
pub use code::{CodeSlot, CodeTable};
#[doc(hidden)]
pub use code::{Meanings, debug_code, display_code, meaning_of};
pub(crate) use code_form::Fault;
pub use code_words::BadCode;
#[doc(hidden)]
pub use code_words::{korean_of, parse_code};
pub use date::YearMonth;
pub(crate) use date::{is_nothing, read_date, read_date_time, read_time, read_time_mark, read_year_month};
pub(crate) use date::{write_date, write_date_time, write_time, write_time_mark, write_year_month};
pub use day::{BadDate, ToDate, date};
#[doc(hidden)]
pub use decimal::literal as __dec;
pub use id::{AccountNo, Code, GoldCode, Id, IndexCode, OrderNo, UsTicker};
#[doc(hidden)]
pub use id_form::Misuse;
pub use jiff::civil::{Date, DateTime, Time};
#[doc(hidden)]
pub use layout::{Dir, Layout, Num, Sign};
pub use mask::{FilterMask, Mask};
pub use number::f64_of;
pub use price::{Directed, Direction, Price};
pub use rust_decimal::Decimal;
pub use scalar::{BadNumber, ExactNumber, Scalar};
pub use secret::Secret;
pub use side::{Side, Sided};
pub use stock_code::{BadStockCode, StockCode, Venue};
pub use structured::{Joined, Part};
pub use time_mark::TimeMark;
pub use unit::{
    ByRequest, HundredMillionWon, HundredShares, MillionShares, MillionWon, Percent, TenMillionWon, TenThousandShares,
    TenThousandUsd, TenThousandWon, ThousandGrams, ThousandShares, ThousandUsd, ThousandWon, UnitSlot,
};
pub use word::Word;
pub use zone::Zone;

/// Why the text of a field did not become a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Doubt {
    /// The text is not of the expected kind.
    Misfit,
    /// A sentinel for a number the broker could not hold (`4294967295`, `2147483647`, `-21474836.00`).
    Saturated,
    /// The JSON value has an undocumented shape: an object for a list, a list for a text.
    Shape,
    /// A change whose sign contradicts its sign code: which of the two is right is unknown.
    Contradicts,
}

/// A value, nothing (blank), or a doubt.
pub(crate) type Reading<T> = Result<Option<T>, Doubt>;
