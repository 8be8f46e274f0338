//! Dates and times from and for chrono (feature `chrono`).

use chrono::{DateTime as Moment, Datelike, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};

use super::day::{BadDate, ToDate};

impl ToDate for NaiveDate {
    fn to_date(&self) -> Result<Date, BadDate> {
        let year = i16::try_from(self.year()).map_err(|_| BadDate)?;
        // a month and a day fit
        Date::new(year, self.month() as i8, self.day() as i8).map_err(|_| BadDate)
    }
}

impl ToDate for NaiveDateTime {
    fn to_date(&self) -> Result<Date, BadDate> {
        self.date().to_date()
    }
}

/// The day in the zone of the value.
impl<Z: chrono::TimeZone> ToDate for Moment<Z> {
    fn to_date(&self) -> Result<Date, BadDate> {
        self.naive_local().to_date()
    }
}

/// Dates and times as those of chrono.
///
/// ```
/// use kiwoom_api::value::{Date, ToChrono, date};
/// let day = Date::constant(2026, 7, 3);
/// let naive = chrono::NaiveDate::from_ymd_opt(2026, 7, 3).unwrap();
/// assert_eq!(day.to_chrono(), naive);
/// assert_eq!(date(naive)?, day);
/// assert_eq!(day.at(9, 30, 0, 0).to_chrono(), naive.and_hms_opt(9, 30, 0).unwrap());
/// # Ok::<(), kiwoom_api::value::BadDate>(())
/// ```
pub trait ToChrono {
    /// The corresponding type of chrono.
    type Chrono;
    /// The same there.
    fn to_chrono(&self) -> Self::Chrono;
}

// chrono's range is larger than jiff's, so the fallbacks are never used

impl ToChrono for Date {
    type Chrono = NaiveDate;
    fn to_chrono(&self) -> NaiveDate {
        NaiveDate::from_ymd_opt(
            self.year().into(),
            self.month().unsigned_abs().into(),
            self.day().unsigned_abs().into(),
        )
        .unwrap_or_default()
    }
}

impl ToChrono for Time {
    type Chrono = NaiveTime;
    fn to_chrono(&self) -> NaiveTime {
        let part = |part: i8| u32::from(part.unsigned_abs());
        let nano = self.subsec_nanosecond().unsigned_abs();
        NaiveTime::from_hms_nano_opt(part(self.hour()), part(self.minute()), part(self.second()), nano)
            .unwrap_or_default()
    }
}

impl ToChrono for DateTime {
    type Chrono = NaiveDateTime;
    fn to_chrono(&self) -> NaiveDateTime {
        self.date().to_chrono().and_time(self.time().to_chrono())
    }
}

impl ToChrono for Timestamp {
    type Chrono = Moment<Utc>;
    fn to_chrono(&self) -> Moment<Utc> {
        let second = self.as_nanosecond().div_euclid(1_000_000_000);
        let nano = self.as_nanosecond().rem_euclid(1_000_000_000);
        Moment::from_timestamp(second as i64, nano as u32).unwrap_or_default()
    }
}
