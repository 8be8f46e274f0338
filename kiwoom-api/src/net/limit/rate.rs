//! How many requests in how long.
//!
//! Owns the arithmetic of spacing, including headroom. Knows neither the requests nor the time.

use std::fmt;
use std::time::Duration;

/// Requests are spaced 4 % wider than the rate asks for: any `n + 1` of them take 1.04 s, so up to 40 ms of jitter
/// between this machine and the broker's counter does not lead to one request too many.
const HEADROOM: (u32, u32) = (104, 100);

/// More than any figure of the broker; a larger figure in a message is ignored.
const MOST: u32 = 1000;

/// A number of requests per period.
///
/// ```
/// use kiwoom_api::Rate;
///
/// assert_eq!(Rate::per_second(5).to_string(), "5/s");
/// assert_eq!(Rate::per_minute(5).to_string(), "5/min");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Rate {
    count: u32,
    per: Per,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Per {
    Second,
    Minute,
}

impl Rate {
    /// This many requests a second: 1 to 1000; values outside are clamped.
    pub const fn per_second(count: u32) -> Rate {
        Rate { count: sane(count), per: Per::Second }
    }

    /// This many requests a minute: 1 to 1000; values outside are clamped.
    pub const fn per_minute(count: u32) -> Rate {
        Rate { count: sane(count), per: Per::Minute }
    }

    /// How many requests.
    pub const fn count(self) -> u32 {
        self.count
    }

    /// The period.
    pub const fn per(self) -> Duration {
        match self.per {
            Per::Second => Duration::from_secs(1),
            Per::Minute => Duration::from_secs(60),
        }
    }

    /// The time from one request to the next, including headroom.
    pub(crate) fn spacing(self) -> Duration {
        self.per() * HEADROOM.0 / (HEADROOM.1 * self.count)
    }

    /// The rate that a message with only a number means: that number in the period of this rate. Numbers that no quota
    /// can have mean nothing.
    pub(super) fn corrected(self, count: u32) -> Option<Rate> {
        (1..=MOST).contains(&count).then_some(Rate { count, ..self })
    }

    pub(super) fn slower(self, other: Rate) -> Rate {
        if self.spacing() >= other.spacing() { self } else { other }
    }
}

/// `5/s`, `5/min`.
impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let per = match self.per {
            Per::Second => "s",
            Per::Minute => "min",
        };
        write!(f, "{}/{per}", self.count)
    }
}

const fn sane(count: u32) -> u32 {
    match count {
        0 => 1,
        MOST.. => MOST,
        _ => count,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_than_nine_tenths_and_never_all() {
        for rate in (1..=MOST).flat_map(|count| [Rate::per_second(count), Rate::per_minute(count)]) {
            let whole = rate.spacing() * rate.count();
            assert!(whole > rate.per() && whole * 90 <= rate.per() * 100, "{rate}: {whole:?}");
        }
    }

    #[test]
    fn senseless_figures() {
        assert_eq!(Rate::per_second(0), Rate::per_second(1));
        assert_eq!(Rate::per_second(u32::MAX), Rate::per_second(1000));
        assert_eq!(Rate::per_second(5).corrected(0), None);
        assert_eq!(Rate::per_second(5).corrected(u32::MAX), None);
        assert_eq!(Rate::per_minute(5).corrected(3), Some(Rate::per_minute(3)));
    }
}
