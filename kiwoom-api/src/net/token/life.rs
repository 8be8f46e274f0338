//! How long a token may be used: measured by two clocks, expired as soon as either says so.
//!
//! The monotonic clock stops while a laptop sleeps, the wall clock jumps when it is corrected. What the broker
//! reports is Korean wall time (`BEHAVIOUR.md` A2): the time zone of the process plays no part.

use std::time::Duration;

use jiff::civil::DateTime;
use jiff::{SignedDuration, Timestamp};

use super::PAUSE;
use crate::Clock;
use crate::net::clock::from_korea;

/// No token lives longer (`BEHAVIOUR.md` A2).
const LONGEST: Duration = Duration::from_secs(24 * 3600);
/// A token that seems to live longer than this, or to have expired when it was issued, shows that the wall clock is
/// wrong.
const PLAUSIBLE: Duration = Duration::from_secs(25 * 3600);

/// The largest correction of a wall clock that is about right.
const SKEW: Duration = Duration::from_secs(300);

/// Both readings of a clock.
#[derive(Clone, Copy)]
pub(super) struct Now {
    pub steady: Duration,
    pub wall: Timestamp,
}

impl Now {
    pub fn of(clock: &Clock) -> Now {
        Now { steady: clock.now(), wall: clock.wall() }
    }
}

/// When a token ends, by both clocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Life {
    steady: Duration,
    wall: Timestamp,
}

impl Life {
    /// For a token that was issued `now` and is reported to expire at `expires`, Korean wall time.
    ///
    /// If the report cannot be true, the wall clock is wrong by hours or days. Then the usual 24 hours count from now,
    /// and a refusal shows if the token expires earlier. Asking again would give the same answer.
    pub fn reported(expires: Option<DateTime>, now: Now) -> Life {
        let left = expires.and_then(from_korea).map(|end| until(end, now.wall));
        let plausible = left.filter(|left| !left.is_zero() && *left <= PLAUSIBLE);
        Life::lasting(plausible.unwrap_or(LONGEST), now)
    }

    /// For a token that was stored at `issued` and expires at `ends`, Korean wall time: by the clock of this machine,
    /// right or wrong. `None` if it has expired, or if that clock has been set since, so that nothing is known.
    pub fn kept(issued: DateTime, ends: DateTime, now: Now) -> Option<Life> {
        let left = until(from_korea(ends)?, now.wall);
        let from_the_future = until(from_korea(issued)?, now.wall) > SKEW;
        (!left.is_zero() && left <= LONGEST + SKEW && !from_the_future).then(|| Life::lasting(left, now))
    }

    /// When it ends by the wall clock.
    pub fn wall(&self) -> Timestamp {
        self.wall
    }

    /// At least for a [`PAUSE`]: the token that the broker has just issued is the best there is.
    fn lasting(left: Duration, now: Now) -> Life {
        let left = left.clamp(PAUSE, LONGEST);
        Life { steady: now.steady.saturating_add(left), wall: now.wall.saturating_add(left).unwrap_or(Timestamp::MAX) }
    }

    /// What is left of it; zero if either clock says that it has expired.
    pub fn left(&self, now: Now) -> Duration {
        self.steady.saturating_sub(now.steady).min(until(self.wall, now.wall))
    }

    /// For a token that the broker has issued once more (`BEHAVIOUR.md` A4): what was measured when it was new still
    /// holds, and the wall clock counts from here.
    pub fn repeated(&self, again: Life, now: Now) -> Life {
        let measured = self.steady.saturating_sub(now.steady);
        Life::lasting(measured.min(again.left(now)), now)
    }
}

/// Zero if `end` has passed.
fn until(end: Timestamp, now: Timestamp) -> Duration {
    Duration::try_from(end.duration_since(now).max(SignedDuration::ZERO)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Duration = Duration::from_secs(3600);

    fn at(wall: &str, steady: Duration) -> Now {
        Now { steady, wall: wall.parse().unwrap() }
    }

    fn issued(expires: &str, now: Now) -> Life {
        Life::reported(Some(expires.parse().unwrap()), now)
    }

    #[test]
    fn korean_wall_time_is_nine_hours_ahead() {
        let now = at("2026-07-06T00:00:00Z", HOUR);
        assert_eq!(issued("2026-07-07T09:00:00", now).left(now), 24 * HOUR);
        assert_eq!(issued("2026-07-06T10:00:00", now).left(now), HOUR);
    }

    #[test]
    fn either_clock_ends_it() {
        let now = at("2026-07-06T00:00:00Z", HOUR);
        let life = issued("2026-07-06T19:00:00", now);
        assert_eq!(life.left(at("2026-07-06T09:59:00Z", 2 * HOUR)), HOUR / 60, "the laptop slept");
        assert_eq!(life.left(at("2026-07-01T00:00:00Z", 10 * HOUR)), HOUR, "the wall clock was set back");
        assert_eq!(life.left(at("2026-07-06T10:00:00Z", 2 * HOUR)), Duration::ZERO);
        assert_eq!(life.left(at("2026-07-06T00:00:00Z", 11 * HOUR)), Duration::ZERO);
    }

    #[test]
    fn a_wrong_wall_clock_is_not_believed() {
        let now = at("2026-07-06T00:00:00Z", HOUR);
        for expires in ["2026-07-03T09:00:00", "2026-07-06T09:00:00", "2026-07-07T10:00:01", "2099-11-07T08:37:13"] {
            assert_eq!(issued(expires, now).left(now), 24 * HOUR, "{expires}");
        }
        assert_eq!(Life::reported(None, now).left(now), 24 * HOUR);
        assert_eq!(issued("2026-07-07T09:59:00", now).left(now), 24 * HOUR, "a little wrong");
    }

    #[test]
    fn a_kept_token_is_believed_only_by_the_clock_it_was_kept_by() {
        let kept = |now: &str| {
            let now = at(now, HOUR);
            let (issued, ends) = ("2026-07-06T09:00:00".parse().unwrap(), "2026-07-07T09:00:00".parse().unwrap());
            Life::kept(issued, ends, now).map(|life| life.left(now))
        };
        assert_eq!(kept("2026-07-06T10:00:00Z"), Some(14 * HOUR));
        assert_eq!(kept("2026-07-05T23:59:00Z"), Some(24 * HOUR));
        assert_eq!(kept("2026-07-05T23:00:00Z"), None, "set back");
        assert_eq!(kept("2026-07-07T00:00:00Z"), None, "over");
        assert_eq!(kept("2030-07-07T00:00:00Z"), None);
    }

    #[test]
    fn ends_of_time() {
        let now = Now { steady: Duration::MAX, wall: Timestamp::MAX };
        assert_eq!(Life::reported(None, now).left(now), Duration::ZERO);
        let early = Now { steady: Duration::ZERO, wall: Timestamp::MIN };
        assert_eq!(Life::reported(None, early).left(early), 24 * HOUR);
        assert_eq!(Life::reported(None, early).left(now), Duration::ZERO);
    }

    #[test]
    fn the_same_token_again_lives_no_longer() {
        let new = at("2026-07-06T00:00:00Z", Duration::ZERO);
        let life = issued("2026-07-07T09:00:00", new);
        for (wall, left) in [
            ("2026-07-06T20:00:00Z", 4), // as measured
            ("2026-07-06T10:00:00Z", 4), // set back: the first measure holds
            ("2026-07-06T22:00:00Z", 2), // it slept for two hours
            ("2026-07-09T00:00:00Z", 4), // days ahead: not believed
        ] {
            let now = at(wall, 20 * HOUR);
            let again = life.repeated(issued("2026-07-07T09:00:00", now), now);
            assert_eq!(again.left(now), left * HOUR, "{wall}");
        }
    }
}
