//! Simulated Korean time: which day it is, and what the exchange does at this second.
//!
//! Pure arithmetic on civil times. It knows neither prices nor orders.

use std::time::Duration;

use kiwoom_api::jiff::ToSpan;
use kiwoom_api::jiff::civil::{Date, DateTime, Weekday};

/// What the exchange does (`BEHAVIOUR.md` T2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    /// Orders are taken and nothing trades, until 09:00.
    OpeningAuction,
    /// Orders trade as they come.
    Continuous,
    /// Orders are taken and nothing trades, until 15:30.
    ClosingAuction,
    /// No orders are taken.
    Closed,
}

/// Seconds of the day at which something begins.
pub(crate) const PRE_OPEN: u32 = 8 * 3600 + 30 * 60;
pub(crate) const OPEN: u32 = 9 * 3600;
pub(crate) const LAST_CALL: u32 = 15 * 3600 + 20 * 60;
pub(crate) const CLOSE: u32 = 15 * 3600 + 30 * 60;

/// The clock on the wall of the exchange.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Session {
    start: DateTime,
    elapsed: Duration,
}

impl Session {
    /// Time begins at `start`, Korean wall time.
    pub fn new(start: DateTime) -> Session {
        Session { start, elapsed: Duration::ZERO }
    }

    /// Moves to `elapsed` since the start; never back.
    pub fn move_to(&mut self, elapsed: Duration) {
        self.elapsed = self.elapsed.max(elapsed);
    }

    /// Time since the start.
    pub fn elapsed(&self) -> Duration {
        self.elapsed
    }

    /// Korean wall time.
    pub fn now(&self) -> DateTime {
        let seconds = i64::try_from(self.elapsed.as_secs()).unwrap_or(i64::MAX);
        self.start.checked_add(seconds.seconds()).unwrap_or(DateTime::MAX)
    }

    /// The day in Korea.
    pub fn today(&self) -> Date {
        self.now().date()
    }

    /// The second of the day.
    pub fn second(&self) -> u32 {
        second_of(self.now())
    }
}

/// The second of the day.
pub(crate) fn second_of(at: DateTime) -> u32 {
    let parts = [at.hour(), at.minute(), at.second()].map(|part| u32::from(part.unsigned_abs()));
    parts[0] * 3600 + parts[1] * 60 + parts[2]
}

/// `HHmmss` of a second of the day.
pub(crate) fn clock_text(second: u32) -> String {
    format!("{:02}{:02}{:02}", second / 3600, second / 60 % 60, second % 60)
}

/// What the exchange does at a Korean wall time. Holidays are weekends only.
pub(crate) fn phase(at: DateTime) -> Phase {
    if !is_trading_day(at.date()) {
        return Phase::Closed;
    }
    match second_of(at) {
        PRE_OPEN..OPEN => Phase::OpeningAuction,
        OPEN..LAST_CALL => Phase::Continuous,
        LAST_CALL..CLOSE => Phase::ClosingAuction,
        _ => Phase::Closed,
    }
}

/// Monday to Friday.
pub(crate) fn is_trading_day(day: Date) -> bool {
    !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
}

/// The trading day before `day`.
pub(crate) fn trading_day_before(day: Date) -> Date {
    let mut before = day;
    loop {
        let Ok(yesterday) = before.yesterday() else { return before };
        before = yesterday;
        if is_trading_day(before) {
            return before;
        }
    }
}

/// `day`, or the first trading day after it.
pub(crate) fn trading_day_from(day: Date) -> Date {
    let mut from = day;
    while !is_trading_day(from) {
        let Ok(tomorrow) = from.tomorrow() else { return from };
        from = tomorrow;
    }
    from
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_has_four_phases_and_the_weekend_has_one() {
        for (at, want) in [
            ("2026-07-06T08:29:59", Phase::Closed),
            ("2026-07-06T08:30:00", Phase::OpeningAuction),
            ("2026-07-06T09:00:00", Phase::Continuous),
            ("2026-07-06T15:20:00", Phase::ClosingAuction),
            ("2026-07-06T15:30:00", Phase::Closed),
            ("2026-07-05T10:00:00", Phase::Closed),
        ] {
            assert_eq!(phase(at.parse().unwrap()), want, "{at}");
        }
    }

    #[test]
    fn time_goes_forward_only_and_days_follow_each_other() {
        let mut session = Session::new("2026-07-06T23:59:58".parse().unwrap());
        session.move_to(Duration::from_secs(3));
        session.move_to(Duration::from_secs(1));
        assert_eq!(session.now().to_string(), "2026-07-07T00:00:01");
        assert_eq!(trading_day_before(session.today().yesterday().unwrap()).to_string(), "2026-07-03");
        assert_eq!(clock_text(session.second()), "000001");
        for (day, want) in [("2026-07-03", "2026-07-03"), ("2026-07-04", "2026-07-06"), ("2026-07-05", "2026-07-06")] {
            assert_eq!(trading_day_from(day.parse().unwrap()).to_string(), want);
        }
    }
}
