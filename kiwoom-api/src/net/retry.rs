//! How often and how soon a read is retried.
//!
//! Knows no request: [`Error::is_transient`] decides whether an error may be temporary, and the pipeline makes sure
//! that trades are never retried.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use crate::Error;

/// When to retry a read that failed for a transient reason: connection, timeout, HTTP 5xx, request quota.
///
/// Trades are never retried, nor are errors that would only recur: wrong requests, too many codes in one request
/// (1634), replies that cannot be read. Independently of this, an invalid token (8005) is renewed and the read repeated
/// once.
///
/// ```
/// use std::time::Duration;
/// use kiwoom_api::{Client, Credentials, Retry, Server};
///
/// let patient = Retry::default().attempts(6).deadline(Duration::from_secs(300));
/// let client = Client::builder(Server::Mock, Credentials::new("key", "secret")).retry(patient).build()?;
/// # Ok::<(), kiwoom_api::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "give it to a client or a call"]
pub struct Retry {
    attempts: u32,
    first: Duration,
    longest: Duration,
    deadline: Duration,
}

impl Default for Retry {
    /// Four attempts within a minute; a pause of a quarter of a second before the second attempt, and twice as much
    /// before each further one.
    fn default() -> Retry {
        Retry {
            attempts: 4,
            first: Duration::from_millis(250),
            longest: Duration::from_secs(5),
            deadline: Duration::from_secs(60),
        }
    }
}

impl Retry {
    /// One attempt, whatever happens. An invalid token is still renewed once for a read.
    pub fn none() -> Retry {
        Retry { attempts: 1, ..Retry::default() }
    }

    /// The maximum number of attempts, including the first one; 0 counts as 1.
    pub fn attempts(mut self, attempts: u32) -> Retry {
        self.attempts = attempts.max(1);
        self
    }

    /// How long to pause before the second attempt; each further pause doubles, up to 5 seconds. The actual pause is
    /// random, between half of that and all of it, so that clients that failed together do not retry together.
    pub fn first_pause(mut self, pause: Duration) -> Retry {
        self.first = pause;
        self.longest = self.longest.max(pause);
        self
    }

    /// No attempt begins later than this after the first one began.
    pub fn deadline(mut self, deadline: Duration) -> Retry {
        self.deadline = deadline;
        self
    }

    /// How long to pause after `made` attempts, the last of which began `elapsed` after the first and ended in `error`;
    /// `None` to give up.
    pub(crate) fn pause(&self, error: &Error, made: u32, elapsed: Duration) -> Option<Duration> {
        if made >= self.attempts || !error.is_transient() {
            return None;
        }
        let doubled = self.first.saturating_mul(1 << (made.saturating_sub(1)).min(16)).min(self.longest);
        // at least half of it; the random part is less than the other half, so that no sum is too long for its type
        let half = doubled / 2;
        let drawn = half.saturating_add(half.mul_f64(fastrand::f64() * 0.999));
        let pause = drawn.max(error.retry_after().unwrap_or_default());
        (elapsed.saturating_add(pause) <= self.deadline).then_some(pause)
    }
}

/// Keeps a client from making an outage worse: in the long run, one retry for ten successful calls.
///
/// Quota refusals do not use it up: the broker works, and the limiter slows down.
pub(crate) struct Budget(AtomicU32);

/// Tenths of an attempt.
const FULL: u32 = 100;
const COST: u32 = 10;

impl Default for Budget {
    fn default() -> Budget {
        Budget(AtomicU32::new(FULL))
    }
}

impl Budget {
    /// A call succeeded.
    pub fn earn(&self) {
        // a full budget is the usual case: no write
        if self.0.load(Ordering::Relaxed) < FULL {
            let _ = self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |have| Some((have + 1).min(FULL)));
        }
    }

    /// Takes one retry after `error` from the budget, if there is one.
    pub fn spend(&self, error: &Error) -> bool {
        error.is_rate_limited()
            || self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |have| have.checked_sub(COST)).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Kind;
    use crate::error::refusal::Refusal;

    fn timeout() -> Error {
        Error::new(Kind::Timeout(Duration::from_secs(1)))
    }

    fn refused(text: &str) -> Error {
        Error::new(Kind::Refused(Refusal::new(Some(5), text)))
    }

    #[test]
    fn pauses_double_within_their_bounds() {
        let retry = Retry::default().attempts(20).deadline(Duration::MAX);
        for (made, most) in [(1, 250), (2, 500), (3, 1000), (5, 4000), (6, 5000), (19, 5000)] {
            for _ in 0..50 {
                let pause = retry.pause(&timeout(), made, Duration::ZERO).unwrap();
                assert!(
                    pause >= Duration::from_millis(most / 2) && pause <= Duration::from_millis(most),
                    "{made}: {pause:?}"
                );
            }
        }
    }

    #[test]
    fn attempts_and_deadline_end_it() {
        let retry = Retry::default();
        assert!(retry.pause(&timeout(), 3, Duration::from_secs(1)).is_some());
        assert_eq!(retry.pause(&timeout(), 4, Duration::from_secs(1)), None);
        assert_eq!(retry.pause(&timeout(), 1, Duration::from_secs(60)), None);
        assert_eq!(Retry::none().pause(&timeout(), 1, Duration::ZERO), None);
    }

    #[test]
    fn a_quota_costs_more_than_a_second_and_a_batch_that_is_too_long_is_final() {
        let pause = Retry::default().pause(&refused("[1700:초과. 유량=5, API ID=ka10081]"), 1, Duration::ZERO);
        assert!(pause > Some(Duration::from_secs(1)));
        assert_eq!(Retry::default().pause(&refused("[1634:초과]"), 1, Duration::ZERO), None);
    }

    #[test]
    fn the_budget_runs_dry_and_fills_up_slowly() {
        let budget = Budget::default();
        assert_eq!((0..100).filter(|_| budget.spend(&timeout())).count(), 10);
        assert!(budget.spend(&refused("[1700:초과]")));
        (0..10).for_each(|_| budget.earn());
        assert!(budget.spend(&timeout()) && !budget.spend(&timeout()));
        (0..10_000).for_each(|_| budget.earn());
        assert_eq!((0..100).filter(|_| budget.spend(&timeout())).count(), 10);
    }
}
