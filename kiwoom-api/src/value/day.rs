//! A date from any form a caller has: text in the forms of the broker and of ISO 8601, jiff, chrono.

use std::borrow::Cow;
use std::fmt;

use jiff::Zoned;
use jiff::civil::{Date, DateTime};

use super::date::read_date;
use crate::Language;
use crate::language::{Both, fixed};

/// The text is not a date, or chrono's date is beyond the year 9999.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadDate;

impl BadDate {
    const TEXT: Both = fixed!(
        "no such date (give a day of the calendar as 20260703 or 2026-07-03)",
        "없는 날짜입니다 (달력에 있는 날을 20260703이나 2026-07-03처럼 쓰세요)"
    );

    /// The text in this language. `Display` is English.
    pub fn display(&self, language: Language) -> impl fmt::Display + '_ {
        Self::TEXT.into_told(language)
    }
}

impl fmt::Display for BadDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Self::TEXT.fmt(f)
    }
}

impl std::error::Error for BadDate {}

/// A type that can name a day: text, a [`Date`], a [`DateTime`], and under the feature `chrono` its dates.
pub trait ToDate {
    /// The day.
    ///
    /// # Errors
    /// The text is not a date.
    fn to_date(&self) -> Result<Date, BadDate>;
}

/// The day that a text or another type of date names.
///
/// ```
/// use kiwoom_api::value::{Date, date};
/// let day = Date::constant(2026, 7, 3);
/// assert_eq!((date("20260703")?, date("2026-07-03")?, date(String::from("2026.07.03"))?), (day, day, day));
/// assert_eq!(date("20260230").unwrap_err().to_string(), "no such date (give a day of the calendar as 20260703 or 2026-07-03)");
/// # Ok::<(), kiwoom_api::value::BadDate>(())
/// ```
///
/// # Errors
/// The text is not a date.
pub fn date(day: impl ToDate) -> Result<Date, BadDate> {
    day.to_date()
}

impl ToDate for str {
    fn to_date(&self) -> Result<Date, BadDate> {
        read_date(self).ok().flatten().ok_or(BadDate)
    }
}

impl ToDate for String {
    fn to_date(&self) -> Result<Date, BadDate> {
        self.as_str().to_date()
    }
}

impl ToDate for Cow<'_, str> {
    fn to_date(&self) -> Result<Date, BadDate> {
        (**self).to_date()
    }
}

impl ToDate for Date {
    fn to_date(&self) -> Result<Date, BadDate> {
        Ok(*self)
    }
}

impl ToDate for DateTime {
    fn to_date(&self) -> Result<Date, BadDate> {
        Ok(self.date())
    }
}

impl ToDate for Zoned {
    fn to_date(&self) -> Result<Date, BadDate> {
        Ok(self.date())
    }
}

impl<T: ToDate + ?Sized> ToDate for &T {
    fn to_date(&self) -> Result<Date, BadDate> {
        (**self).to_date()
    }
}
