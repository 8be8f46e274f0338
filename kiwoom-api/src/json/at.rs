//! When a row happened, if its date and time are known.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};

use crate::record::{Record, Slot};
use crate::value::{TimeMark, Zone};

/// The moment of a row: its one date and time, or its one date with its one time of day.
///
/// `None` if a part is missing, if the row has several of them (choosing one would be a guess), and for closing marks.
/// Hours past 24 belong to the next calendar day. The caller states the time zone: times of domestic APIs are Korean;
/// the docs of each US field with a time name its zone, if it is known.
///
/// ```
/// # #[cfg(feature = "domestic-chart")] {
/// use kiwoom_api::at;
/// use kiwoom_api::id::ka10080::Row;
/// use kiwoom_api::value::{Date, Zone};
///
/// let bar = Row { cntr_tm: Some(Date::constant(2026, 7, 3).at(9, 30, 0, 0)), ..Row::default() };
/// assert_eq!(at(&bar, Zone::Korea).unwrap().to_string(), "2026-07-03T00:30:00Z");
/// assert_eq!(at(&Row::default(), Zone::Korea), None);
/// # }
/// ```
pub fn at<R: Record + Clone>(row: &R, zone: Zone) -> Option<Timestamp> {
    wall_of(&mut row.clone()).and_then(|wall| zone.instant(wall))
}

fn wall_of(row: &mut dyn Record) -> Option<DateTime> {
    let (mut both, mut dates, mut times) = (Vec::new(), Vec::new(), Vec::new());
    for index in 0..row.keys().len() {
        match row.slot(index) {
            Slot::DateTime(at, _) => both.push(*at),
            Slot::Date(date, _) => dates.push(*date),
            Slot::Time(time, _) => times.push(time.map(TimeMark::Time)),
            Slot::TimeMark(clock, _) => times.push(*clock),
            _ => {}
        }
    }
    match (both.as_slice(), dates.as_slice(), times.as_slice()) {
        ([at], _, []) => *at,
        ([], [date], [time]) => join((*date)?, (*time)?),
        _ => None,
    }
}

fn join(date: Date, clock: TimeMark) -> Option<DateTime> {
    let time: Time = clock.time()?;
    let date = if matches!(clock, TimeMark::Late { .. }) { date.tomorrow().ok()? } else { date };
    Some(date.to_datetime(time))
}
