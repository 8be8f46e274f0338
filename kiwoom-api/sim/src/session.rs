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
    /// Nothing trades; KRX takes no orders.
    Closed,
}

/// Whose hours an instrument keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exchange {
    /// KRX, by Korean time.
    Krx,
    /// The exchanges of the US, by the time of New York.
    Us,
}

/// Seconds of the local day at which something begins.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Hours {
    pub pre_open: u32,
    pub open: u32,
    pub last_call: u32,
    pub close: u32,
}

static KRX: Hours = Hours { pre_open: 30_600, open: 32_400, last_call: 55_200, close: 55_800 };
/// Before the opening, orders wait; there is no call before the close.
static US: Hours = Hours { pre_open: 14_400, open: 34_200, last_call: 57_600, close: 57_600 };

/// When the broker's US day begins, Korean time (`BEHAVIOUR.md` R1).
const US_DAY: i64 = 9;

impl Exchange {
    pub const ALL: [Exchange; 2] = [Exchange::Krx, Exchange::Us];

    pub fn hours(self) -> &'static Hours {
        match self {
            Exchange::Krx => &KRX,
            Exchange::Us => &US,
        }
    }

    /// Local time.
    pub fn local(self, korean: DateTime) -> DateTime {
        match self {
            Exchange::Krx => korean,
            Exchange::Us => korean.saturating_add((-new_york_lag(korean)).hours()),
        }
    }

    /// The day that is traded, or is traded next. That of the US lasts until the next one begins in Korea, so that an order and
    /// its fill belong to one day.
    pub fn day(self, korean: DateTime) -> Date {
        match self {
            Exchange::Krx => korean.date(),
            Exchange::Us => korean.saturating_add((-US_DAY).hours()).date(),
        }
    }

    /// What it does at a Korean wall time. Holidays are weekends only.
    pub fn phase(self, korean: DateTime) -> Phase {
        let (local, hours) = (self.local(korean), self.hours());
        let second = second_of(local);
        if !is_trading_day(local.date()) || second < hours.pre_open || second >= hours.close {
            Phase::Closed
        } else if second < hours.open {
            Phase::OpeningAuction
        } else if second < hours.last_call {
            Phase::Continuous
        } else {
            Phase::ClosingAuction
        }
    }

    /// Whether it takes orders: KRX from its opening auction to its close, the US from the beginning of the broker's day to
    /// the close in New York.
    pub fn takes_orders(self, korean: DateTime) -> bool {
        match self {
            Exchange::Krx => self.phase(korean) != Phase::Closed,
            Exchange::Us => {
                let (day, local) = (self.day(korean), self.local(korean));
                is_trading_day(day) && (local.date() < day || second_of(local) < self.hours().close)
            }
        }
    }

    /// Whether it closes at this second.
    pub fn closes(self, korean: DateTime) -> bool {
        let local = self.local(korean);
        is_trading_day(local.date()) && second_of(local) == self.hours().close
    }

    /// The next second after `korean` at which something may happen.
    pub fn next(self, korean: DateTime) -> DateTime {
        let (local, hours) = (self.local(korean), self.hours());
        let second = second_of(local);
        let wait = if !is_trading_day(local.date()) || second >= hours.close {
            86_400 - second
        } else if second < hours.pre_open {
            hours.pre_open - second
        } else {
            1
        };
        let day = match self {
            Exchange::Krx => 0,
            Exchange::Us => 3_600 * US_DAY as u32,
        };
        let until_day = (day + 86_400 - second_of(korean) - 1) % 86_400 + 1;
        korean.saturating_add(i64::from(wait.min(until_day)).seconds())
    }
}

/// What KRX announces about its session (`BEHAVIOUR.md` T2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Notice {
    pub code: &'static str,
    /// The second of the day.
    pub second: u32,
    /// Seconds until what it announces.
    pub left: u32,
}

/// What is announced after `from` and up to `to`: each minute from 08:40 that it will open and from 15:20 that it will close,
/// then that it has done so.
pub(crate) fn notices(from: DateTime, to: DateTime) -> Vec<Notice> {
    let every_minute = |code, from: u32, until: u32| {
        (from..until).step_by(60).map(move |second| Notice { code, second, left: until - second })
    };
    let once = |code, second| std::iter::once(Notice { code, second, left: 0 });
    let of_day = || {
        let opening = every_minute("0", KRX.open - 1_200, KRX.open).chain(once("3", KRX.open));
        opening
            .chain(every_minute("2", KRX.last_call, KRX.close))
            .chain(once("4", KRX.close))
            .chain(once("8", KRX.close))
    };
    let mut all = Vec::new();
    let mut day = from.date();
    while day <= to.date() {
        let at = |second: u32| day.at(0, 0, 0, 0).saturating_add(i64::from(second).seconds());
        if is_trading_day(day) {
            all.extend(of_day().filter(|notice| from < at(notice.second) && at(notice.second) <= to));
        }
        let Ok(next) = day.tomorrow() else { break };
        day = next;
    }
    all
}

/// How many hours New York is behind Korea: 13 from the second Sunday of March to the first of November, 14 otherwise.
fn new_york_lag(korean: DateTime) -> i64 {
    let sunday = |month: i8, nth: i8| {
        let first = Date::constant(korean.year(), month, 1);
        first.nth_weekday_of_month(nth, Weekday::Sunday).unwrap_or(first)
    };
    // 2:00 in New York on that Sunday: 16:00 in Korea before the change of March, 15:00 before that of November
    let (from, to) = (sunday(3, 2).at(16, 0, 0, 0), sunday(11, 1).at(15, 0, 0, 0));
    if from <= korean && korean < to { 13 } else { 14 }
}

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
            assert_eq!(Exchange::Krx.phase(at.parse().unwrap()), want, "{at}");
        }
    }

    #[test]
    fn the_us_trade_by_the_time_of_new_york() {
        for (korean, local, day, phase) in [
            ("2026-07-06T10:00:00", "2026-07-05T21:00:00", "2026-07-06", Phase::Closed),
            ("2026-07-06T22:29:59", "2026-07-06T09:29:59", "2026-07-06", Phase::OpeningAuction),
            ("2026-07-06T22:30:00", "2026-07-06T09:30:00", "2026-07-06", Phase::Continuous),
            ("2026-07-07T04:59:59", "2026-07-06T15:59:59", "2026-07-06", Phase::Continuous),
            ("2026-07-07T05:00:00", "2026-07-06T16:00:00", "2026-07-06", Phase::Closed),
            ("2026-07-07T09:00:00", "2026-07-06T20:00:00", "2026-07-07", Phase::Closed),
            ("2026-07-11T04:00:00", "2026-07-10T15:00:00", "2026-07-10", Phase::Continuous),
            ("2026-07-11T23:00:00", "2026-07-11T10:00:00", "2026-07-11", Phase::Closed),
            // daylight saving time begins and ends
            ("2026-03-06T23:00:00", "2026-03-06T09:00:00", "2026-03-06", Phase::OpeningAuction),
            ("2026-03-08T15:59:59", "2026-03-08T01:59:59", "2026-03-08", Phase::Closed),
            ("2026-03-08T16:00:00", "2026-03-08T03:00:00", "2026-03-08", Phase::Closed),
            ("2026-11-01T14:59:59", "2026-11-01T01:59:59", "2026-11-01", Phase::Closed),
            ("2026-11-01T15:00:00", "2026-11-01T01:00:00", "2026-11-01", Phase::Closed),
            ("2026-11-02T23:30:00", "2026-11-02T09:30:00", "2026-11-02", Phase::Continuous),
        ] {
            let at = korean.parse().unwrap();
            let told = (Exchange::Us.local(at).to_string(), Exchange::Us.day(at).to_string(), Exchange::Us.phase(at));
            assert_eq!(told, (local.to_owned(), day.to_owned(), phase), "{korean}");
        }
    }

    #[test]
    fn nothing_that_happens_lies_between_two_steps() {
        for exchange in Exchange::ALL {
            let mut at: DateTime = "2026-03-05T00:00:00".parse().unwrap();
            let (mut steps, mut days, mut closes) = (0, 0, 0);
            while at < "2026-03-12T00:00:00".parse().unwrap() {
                let next = exchange.next(at);
                assert!(next > at && (next - at).get_hours() <= 24);
                days += i32::from(exchange.day(next) != exchange.day(at));
                closes += i32::from(exchange.closes(next));
                (at, steps) = (next, steps + 1);
            }
            assert_eq!((days, closes), (7, 5), "{exchange:?}, {steps} steps");
        }
    }

    #[test]
    fn the_session_is_announced() {
        let told = |from: &str, to: &str| -> Vec<(&str, u32)> {
            notices(from.parse().unwrap(), to.parse().unwrap()).iter().map(|n| (n.code, n.left)).collect()
        };
        assert_eq!(told("2026-07-06T08:58:00", "2026-07-06T09:00:00"), [("0", 60), ("3", 0)]);
        assert_eq!(told("2026-07-06T15:28:30", "2026-07-06T15:30:00"), [("2", 60), ("4", 0), ("8", 0)]);
        assert_eq!(told("2026-07-06T09:00:00", "2026-07-06T15:19:59"), []);
        assert_eq!(told("2026-07-03T16:00:00", "2026-07-06T08:40:00"), [("0", 1_200)], "over a weekend");
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
