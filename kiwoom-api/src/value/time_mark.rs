//! Times of day of a field that also carries marks and hours past midnight.

use std::fmt;

use jiff::civil::Time;

/// A time of day, or what the broker sends in its place.
///
/// ```
/// use kiwoom_api::value::{TimeMark, Time};
/// let at = TimeMark::Time(Time::constant(17, 5, 0, 0));
/// assert_eq!(at.time(), Some(Time::constant(17, 5, 0, 0)));
/// assert_eq!(TimeMark::Close.time(), None);
/// assert_eq!(format!("{at} {} {}", TimeMark::Close, TimeMark::Late { hour: 27, minute: 44, second: 0 }), "17:05:00 close 27:44:00");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TimeMark {
    /// A time of day, Korean time unless the API says otherwise.
    Time(Time),
    /// `888888`: the regular session has closed.
    Close,
    /// `999999`: trading after hours has closed.
    AfterHoursClose,
    /// An hour past 24, as in `27:44`: 03:44 of the next calendar day, counted to the trading day that it ends.
    Late {
        /// 24 to 47
        hour: u8,
        /// 0 to 59
        minute: u8,
        /// 0 to 59
        second: u8,
    },
}

impl TimeMark {
    /// The time of day; that of the next calendar day for hours past 24, `None` for marks.
    pub fn time(self) -> Option<Time> {
        match self {
            TimeMark::Time(time) => Some(time),
            TimeMark::Late { hour, minute, second } => Time::new((hour % 24) as i8, minute as i8, second as i8, 0).ok(),
            TimeMark::Close | TimeMark::AfterHoursClose => None,
        }
    }
}

impl fmt::Display for TimeMark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TimeMark::Time(time) => time.fmt(f),
            TimeMark::Close => f.pad("close"),
            TimeMark::AfterHoursClose => f.pad("after-hours close"),
            TimeMark::Late { hour, minute, second } => f.pad(&format!("{hour:02}:{minute:02}:{second:02}")),
        }
    }
}

impl From<Time> for TimeMark {
    fn from(time: Time) -> Self {
        TimeMark::Time(time)
    }
}
