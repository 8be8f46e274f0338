//! The broker's time, by the `Date` header of its replies.
//!
//! Days, order times and bounds are the broker's; this machine's wall clock may be hours off (a hardware clock that keeps
//! Korean time) or be corrected at any moment. Pure except for the clock it reads: header in, span of time out.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::civil::DateTime;
use jiff::fmt::rfc2822::DateTimeParser;
use jiff::{SignedDuration, Timestamp};
use reqwest::header::{AGE, DATE, HeaderMap};

use crate::Clock;
use crate::net::clock::in_korea;

/// A `Date` header names whole seconds.
pub(crate) const RESOLUTION: Duration = Duration::from_secs(1);

/// If a server of the broker is off by at most this much, the next server may be off differently, so this machine's
/// clock counts as well. A larger difference means that this machine's clock is wrong.
const DOUBT: SignedDuration = SignedDuration::from_mins(15);

/// The broker's clock as this client knows it; clones share what they know.
#[derive(Clone)]
pub(crate) struct BrokerTime {
    clock: Clock,
    seen: Arc<Mutex<Option<LastDate>>>,
}

/// What the last good header said.
#[derive(Clone, Copy, Debug)]
struct LastDate {
    /// When the reply arrived, by both readings of this machine.
    now: Duration,
    wall: Timestamp,
    /// The broker's time then, give or take `error`.
    broker: Timestamp,
    error: SignedDuration,
}

/// When something began, by both readings of this machine.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Started {
    now: Duration,
    wall: Timestamp,
}

/// The moments between which the broker's clock is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct BrokerNow {
    pub earliest: Timestamp,
    pub latest: Timestamp,
    pub source: Source,
}

/// The source of a reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// The broker's replies.
    Replies,
    /// This machine's wall clock: no reply had a date yet.
    ThisMachine,
}

impl fmt::Debug for BrokerTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BrokerTime").field("skew", &self.skew()).finish_non_exhaustive()
    }
}

impl BrokerTime {
    pub fn new(clock: Clock) -> BrokerTime {
        BrokerTime { clock, seen: Arc::default() }
    }

    /// For measuring how long a request and its reply took.
    pub fn started(&self) -> Started {
        Started { now: self.clock.now(), wall: self.clock.wall() }
    }

    /// How long ago that was at most: one clock stops while a laptop sleeps, the other is sometimes set back.
    pub fn since(&self, started: Started) -> Duration {
        let wall = Duration::try_from(self.clock.wall().duration_since(started.wall)).unwrap_or_default();
        self.clock.now().saturating_sub(started.now).max(wall)
    }

    /// Takes in the headers of a reply whose request began at `started`.
    pub fn note(&self, headers: &HeaderMap, started: Started) {
        // a reply from a cache has an old date
        let stored = headers.get(AGE).is_some_and(|age| age.as_bytes() != b"0");
        let date = headers.get(DATE).and_then(|date| DateTimeParser::new().parse_timestamp(date.as_bytes()).ok());
        let Some(date) = date.filter(|_| !stored) else { return };
        let (now, wall) = (self.clock.now(), self.clock.wall());
        // written within that second, at some moment of the exchange
        let doubt = self.since(started).saturating_add(RESOLUTION) / 2;
        let Some((error, broker)) =
            SignedDuration::try_from(doubt).ok().and_then(|error| Some((error, date.checked_add(error).ok()?)))
        else {
            return;
        };
        let new = LastDate { now, wall, broker, error };
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        // a slow reply says less than an earlier quick one, unless they contradict each other: then a clock was moved
        match &*seen {
            Some(old) if old.error < new.error && old.agrees(&new) => {}
            _ => *seen = Some(new),
        }
    }

    /// The broker's time.
    pub fn read(&self) -> BrokerNow {
        let (now, wall) = (self.clock.now(), self.clock.wall());
        match self.seen() {
            None => BrokerNow { earliest: wall, latest: wall, source: Source::ThisMachine },
            Some(seen) => {
                // a sleep of the machine stops one clock, a correction moves the other; they cannot be told apart here
                let (by_now, by_wall) = (seen.by_now(now), seen.by_wall(wall));
                let earliest = by_now.min(by_wall).saturating_sub(seen.error).unwrap_or(Timestamp::MIN);
                let latest = by_now.max(by_wall).saturating_add(seen.error).unwrap_or(Timestamp::MAX);
                let ours = if seen.broker.duration_since(seen.wall).abs() <= DOUBT { wall } else { by_now };
                BrokerNow { earliest: earliest.min(ours), latest: latest.max(ours), source: Source::Replies }
            }
        }
    }

    /// The broker's time as one moment: for the day of an order.
    pub fn moment(&self) -> Timestamp {
        self.seen().map_or_else(|| self.clock.wall(), |seen| seen.by_now(self.clock.now()))
    }

    /// The same as wall time in Korea.
    pub fn korea(&self) -> DateTime {
        in_korea(self.moment())
    }

    /// How far the broker's clock was ahead of this machine's when its last reply came.
    pub fn skew(&self) -> Option<SignedDuration> {
        self.seen().map(|seen| seen.broker.duration_since(seen.wall))
    }

    fn seen(&self) -> Option<LastDate> {
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl LastDate {
    fn by_now(&self, now: Duration) -> Timestamp {
        self.broker.saturating_add(now.saturating_sub(self.now)).unwrap_or(Timestamp::MAX)
    }

    fn by_wall(&self, wall: Timestamp) -> Timestamp {
        self.broker.saturating_add(wall.duration_since(self.wall)).unwrap_or(self.broker)
    }

    /// Whether both can be true at once.
    fn agrees(&self, new: &LastDate) -> bool {
        let apart = |expected: Timestamp| expected.duration_since(new.broker).abs() <= self.error + new.error;
        apart(self.by_now(new.now)) && apart(self.by_wall(new.wall))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ManualClock;

    fn headers(date: &str) -> HeaderMap {
        HeaderMap::from_iter([(DATE, date.parse().unwrap())])
    }

    fn nine() -> (ManualClock, BrokerTime) {
        let time = ManualClock::at("2026-07-06T09:00:00Z".parse().unwrap());
        let broker = BrokerTime::new(time.clock());
        (time, broker)
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_machine_nine_hours_ahead() {
        let (time, broker) = nine();
        assert_eq!((broker.skew(), broker.read().source), (None, Source::ThisMachine));
        let started = broker.started();
        time.advance(Duration::from_secs(1));
        broker.note(&headers("Mon, 06 Jul 2026 00:00:00 GMT"), started);
        // one second there and back, one second of resolution
        assert_eq!(broker.skew(), Some(SignedDuration::from_hours(-9)));
        let reading = broker.read();
        assert_eq!((reading.earliest, reading.latest), (at("2026-07-06T00:00:00Z"), at("2026-07-06T00:00:02Z")));
        assert_eq!(broker.korea().to_string(), "2026-07-06T09:00:01");
        time.advance(Duration::from_secs(60));
        assert_eq!(broker.read().earliest, at("2026-07-06T00:01:00Z"));
    }

    #[test]
    fn a_jump_of_the_wall_clock_makes_the_reading_wide_and_the_next_reply_narrow() {
        let (time, broker) = nine();
        broker.note(&headers("Mon, 06 Jul 2026 09:00:00 GMT"), broker.started());
        time.jump_to(at("2026-07-06T10:00:00Z"));
        let reading = broker.read();
        assert_eq!((reading.earliest, reading.latest), (at("2026-07-06T09:00:00Z"), at("2026-07-06T10:00:01Z")));
        let started = broker.started();
        time.advance(Duration::from_secs(20));
        broker.note(&headers("Mon, 06 Jul 2026 09:00:20 GMT"), started);
        let reading = broker.read();
        assert!(reading.latest < at("2026-07-06T09:00:50Z"), "{reading:?}");
    }

    #[test]
    fn a_slow_reply_does_not_replace_a_quick_one() {
        let (time, broker) = nine();
        broker.note(&headers("Mon, 06 Jul 2026 09:00:00 GMT"), broker.started());
        let started = broker.started();
        time.advance(Duration::from_secs(25));
        broker.note(&headers("Mon, 06 Jul 2026 09:00:02 GMT"), started);
        let reading = broker.read();
        assert_eq!(reading.latest.duration_since(reading.earliest), SignedDuration::from_secs(1));
    }

    /// Two servers of the broker, ten minutes apart: what one says and what the other says later is not ten minutes.
    #[test]
    fn two_servers_that_disagree() {
        let (time, broker) = nine();
        broker.note(&headers("Mon, 06 Jul 2026 08:50:00 GMT"), broker.started());
        let ended = broker.read().latest;
        time.advance(Duration::from_secs(1));
        broker.note(&headers("Mon, 06 Jul 2026 09:00:01 GMT"), broker.started());
        assert!(broker.read().earliest.duration_since(ended) <= SignedDuration::from_secs(2));
        // the other way round nothing is late enough either
        broker.note(&headers("Mon, 06 Jul 2026 09:10:00 GMT"), broker.started());
        assert!(broker.read().earliest.duration_since(ended) <= SignedDuration::from_secs(2));
    }

    /// Written before a laptop slept, read after it.
    #[test]
    fn a_reply_that_lay_there_while_the_machine_slept() {
        let (time, broker) = nine();
        let started = broker.started();
        time.jump_to(at("2026-07-06T11:00:00Z"));
        broker.note(&headers("Mon, 06 Jul 2026 09:00:00 GMT"), started);
        let reading = broker.read();
        assert!(
            reading.earliest <= at("2026-07-06T09:00:01Z") && reading.latest >= at("2026-07-06T11:00:00Z"),
            "{reading:?}"
        );
    }

    #[test]
    fn what_is_no_date_says_nothing() {
        let (_, broker) = nine();
        for date in ["", "yesterday", "Mon, 06 Jul 2026", "2026-07-06T09:00:00", "Mon, 36 Jul 2026 09:00:00 GMT"] {
            broker.note(&headers(date), broker.started());
        }
        let mut stored = headers("Mon, 06 Jul 2026 00:00:00 GMT");
        stored.insert(AGE, "60".parse().unwrap());
        broker.note(&stored, broker.started());
        assert_eq!(broker.skew(), None);
    }
}
