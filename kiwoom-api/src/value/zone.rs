//! The time zone of a date and a time.

use std::sync::OnceLock;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::{Offset, TimeZone};

/// The time zone of a market. Needs no time zone database.
///
/// ```
/// use kiwoom_api::value::{Date, Zone};
/// let open = Date::constant(2026, 7, 6).at(9, 30, 0, 0);
/// // 09:30 in New York is 22:30 in Korea in summer, 23:30 in winter
/// let at = Zone::NewYork.instant(open).unwrap();
/// assert_eq!(Zone::Korea.wall(at), Date::constant(2026, 7, 6).at(22, 30, 0, 0));
/// let winter = Zone::NewYork.instant(Date::constant(2026, 1, 6).at(9, 30, 0, 0)).unwrap();
/// assert_eq!(Zone::Korea.wall(winter), Date::constant(2026, 1, 6).at(23, 30, 0, 0));
/// assert_eq!(Zone::NewYork.day(at), Date::constant(2026, 7, 6));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Zone {
    /// Korean time (KST), nine hours before UTC; no summer time.
    Korea,
    /// New York (ET), with the summer time of the rules since 2007.
    NewYork,
}

impl Zone {
    /// The moment of a wall time. `None` at the limits of the type. A wall time that occurs twice in autumn means the
    /// first; one that is skipped in spring is moved later by the length of the gap.
    pub fn instant(self, wall: DateTime) -> Option<Timestamp> {
        self.zone().to_timestamp(wall).ok()
    }

    /// The wall time at that moment.
    pub fn wall(self, at: Timestamp) -> DateTime {
        self.zone().to_datetime(at)
    }

    /// The day at that moment.
    pub fn day(self, at: Timestamp) -> Date {
        self.wall(at).date()
    }

    fn zone(self) -> &'static TimeZone {
        static KOREA: OnceLock<TimeZone> = OnceLock::new();
        static NEW_YORK: OnceLock<TimeZone> = OnceLock::new();
        match self {
            Zone::Korea => KOREA.get_or_init(|| TimeZone::fixed(Offset::constant(9))),
            // the rule is a constant that a test reads, so the fallback is never taken
            Zone::NewYork => NEW_YORK.get_or_init(|| {
                TimeZone::posix("EST5EDT,M3.2.0,M11.1.0").unwrap_or_else(|_| TimeZone::fixed(Offset::constant(-5)))
            }),
        }
    }
}
