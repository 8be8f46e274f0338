//! Dates and times in every layout that the broker sends, and in the one that a request asks for.
//!
//! Zeros are not a date. A part for which the field has no place (a time in a date) is a misfit unless it is midnight.

use std::fmt::{self, Write};

use jiff::civil::{Date, DateTime, Time};

use super::Layout;
use super::{Doubt, Reading, TimeMark};

/// A month such as `202509`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct YearMonth {
    year: i16,
    month: i8,
}

impl YearMonth {
    /// `None` unless the year is 1 to 9999 and the month 1 to 12.
    ///
    /// ```
    /// use kiwoom_api::value::YearMonth;
    /// assert_eq!(YearMonth::new(2025, 9).map(|m| m.to_string()).as_deref(), Some("2025-09"));
    /// assert_eq!(YearMonth::new(2025, 13), None);
    /// ```
    pub fn new(year: i16, month: i8) -> Option<YearMonth> {
        (matches!(year, 1..=9999) && matches!(month, 1..=12)).then_some(YearMonth { year, month })
    }

    /// The year.
    pub fn year(self) -> i16 {
        self.year
    }

    /// The month, 1 to 12.
    pub fn month(self) -> i8 {
        self.month
    }
}

impl fmt::Display for YearMonth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

pub(crate) fn read_date(text: &str) -> Reading<Date> {
    match day_and_time(text)? {
        None => Ok(None),
        Some((date, time)) if time.is_none_or(|t| t == Time::midnight()) => Ok(Some(date)),
        Some(_) => Err(Doubt::Misfit),
    }
}

/// A date alone is its midnight: ka50082 sends `20250825000000` where its neighbours send `20250825`.
pub(crate) fn read_date_time(text: &str) -> Reading<DateTime> {
    let parts = day_and_time(text)?;
    Ok(parts.map(|(date, time)| date.to_datetime(time.unwrap_or(Time::midnight()))))
}

pub(crate) fn read_time(text: &str) -> Reading<Time> {
    let Some((hour, minute, second)) = clock_parts(text)? else { return Ok(None) };
    time_of(hour, minute, second).map(Some)
}

/// Whether midnight in this layout says that nothing has happened.
pub(crate) fn is_nothing(time: Time, layout: Layout) -> bool {
    layout == Layout::Happened && time == Time::midnight()
}

pub(crate) fn read_time_mark(text: &str) -> Reading<TimeMark> {
    match text.trim() {
        "888888" => return Ok(Some(TimeMark::Close)),
        "999999" => return Ok(Some(TimeMark::AfterHoursClose)),
        _ => {}
    }
    let Some((hour, minute, second)) = clock_parts(text)? else { return Ok(None) };
    if matches!((hour, minute, second), (24..=47, 0..=59, 0..=59)) {
        return Ok(Some(TimeMark::Late { hour, minute, second }));
    }
    Ok(Some(TimeMark::Time(time_of(hour, minute, second)?)))
}

pub(crate) fn read_year_month(text: &str) -> Reading<YearMonth> {
    let text = text.trim();
    if is_blank(text) {
        return Ok(None);
    }
    let (year, month) = match *text.as_bytes() {
        [a, b, c, d, e, f] => ([a, b, c, d], [e, f]),
        [a, b, c, d, b'-' | b'/' | b'.', e, f] => ([a, b, c, d], [e, f]),
        _ => return Err(Doubt::Misfit),
    };
    let month = YearMonth::new(digits(&year)? as i16, digits(&month)? as i8);
    month.map(Some).ok_or(Doubt::Misfit)
}

/// `00000000`, `0000-00-00`, `:  :` and the like.
fn is_blank(text: &str) -> bool {
    text.bytes().all(|b| matches!(b, b'0' | b'-' | b'/' | b'.' | b':' | b' '))
}

/// `20250908`, `2025-09-08`, either with a time behind it.
fn day_and_time(text: &str) -> Reading<(Date, Option<Time>)> {
    let text = text.trim();
    if is_blank(text) {
        return Ok(None);
    }
    let bytes = text.as_bytes();
    let (date, rest): ([u8; 8], &[u8]) = match *bytes {
        [a, b, c, d, s @ (b'-' | b'/' | b'.'), e, f, t, g, h, ref rest @ ..] if s == t => {
            ([a, b, c, d, e, f, g, h], rest)
        }
        [a, b, c, d, e, f, g, h, ref rest @ ..] => ([a, b, c, d, e, f, g, h], rest),
        _ => return Err(Doubt::Misfit),
    };
    let (year, month, day) = (digits(&date[..4])?, digits(&date[4..6])?, digits(&date[6..])?);
    let date = Date::new(year as i16, month as i8, day as i8).map_err(|_| Doubt::Misfit)?;
    let rest = match rest {
        [b' ' | b'T', rest @ ..] => rest,
        rest => rest,
    };
    if rest.is_empty() {
        return Ok(Some((date, None)));
    }
    let (hour, minute, second) = hour_minute_second(rest)?;
    Ok(Some((date, Some(time_of(hour, minute, second)?))))
}

/// `170500`, `1705`, `17:05:00`, `17:05`; none are `00000000`, `0`, `0.00` and `:  :`.
fn clock_parts(text: &str) -> Reading<(u8, u8, u8)> {
    let text = text.trim();
    // `0` and `0.00`: a number in the place of a missing time
    let zero = matches!(text, "0" | "00000000") || text.contains('.') && is_blank(text);
    if zero || text.bytes().all(|b| matches!(b, b':' | b' ')) {
        return Ok(None);
    }
    hour_minute_second(text.as_bytes()).map(Some)
}

fn hour_minute_second(text: &[u8]) -> Result<(u8, u8, u8), Doubt> {
    let (hour, minute, second) = match *text {
        [a, b, c, d] | [a, b, b':', c, d] => ([a, b], [c, d], *b"00"),
        [a, b, c, d, e, f] => ([a, b], [c, d], [e, f]),
        [a, b, b':', c, d, b':', e, f] => ([a, b], [c, d], [e, f]),
        // usa21731: `00:00:00.0`
        [a, b, b':', c, d, b':', e, f, b'.', ref rest @ ..] if rest.iter().all(|b| *b == b'0') => {
            ([a, b], [c, d], [e, f])
        }
        _ => return Err(Doubt::Misfit),
    };
    Ok((digits(&hour)? as u8, digits(&minute)? as u8, digits(&second)? as u8))
}

fn time_of(hour: u8, minute: u8, second: u8) -> Result<Time, Doubt> {
    // two digits each, so the casts keep the value
    Time::new(hour as i8, minute as i8, second as i8, 0).map_err(|_| Doubt::Misfit)
}

/// The value of up to four digits.
fn digits(text: &[u8]) -> Result<u16, Doubt> {
    text.iter().try_fold(0, |value, byte| match byte {
        b'0'..=b'9' => Ok(value * 10 + u16::from(byte - b'0')),
        _ => Err(Doubt::Misfit),
    })
}

// Writing to a String cannot fail; the results are dropped for that reason.

pub(crate) fn write_date(out: &mut String, date: Date, layout: Layout) {
    let dash = dash(layout);
    let _ = write!(out, "{:04}{dash}{:02}{dash}{:02}", date.year(), date.month(), date.day());
}

pub(crate) fn write_time(out: &mut String, time: Time, layout: Layout) {
    write_parts(out, (time.hour() as u8, time.minute() as u8, time.second() as u8), layout);
}

pub(crate) fn write_time_mark(out: &mut String, clock: TimeMark, layout: Layout) {
    match clock {
        TimeMark::Time(time) => write_time(out, time, layout),
        TimeMark::Close => out.push_str("888888"),
        TimeMark::AfterHoursClose => out.push_str("999999"),
        TimeMark::Late { hour, minute, second } => write_parts(out, (hour, minute, second), layout),
    }
}

pub(crate) fn write_date_time(out: &mut String, at: DateTime, layout: Layout) {
    write_date(out, at.date(), layout);
    if dash(layout) == "-" {
        out.push(' ');
    }
    write_time(out, at.time(), layout);
}

pub(crate) fn write_year_month(out: &mut String, month: YearMonth, layout: Layout) {
    let _ = write!(out, "{:04}{}{:02}", month.year(), dash(layout), month.month());
}

fn write_parts(out: &mut String, (hour, minute, second): (u8, u8, u8), layout: Layout) {
    let _ = match layout {
        Layout::Plain | Layout::Happened => write!(out, "{hour:02}{minute:02}{second:02}"),
        Layout::Marked => write!(out, "{hour:02}:{minute:02}:{second:02}"),
        Layout::Minute => write!(out, "{hour:02}{minute:02}"),
        Layout::MinuteMarked => write!(out, "{hour:02}:{minute:02}"),
    };
}

fn dash(layout: Layout) -> &'static str {
    match layout {
        Layout::Plain | Layout::Minute | Layout::Happened => "",
        Layout::Marked | Layout::MinuteMarked => "-",
    }
}
