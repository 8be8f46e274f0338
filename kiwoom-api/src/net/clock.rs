//! The time that limits, tokens and retries use: the system's, or one that a test moves by hand.
//!
//! Two readings: a monotonic one for waiting, which no correction of the system time moves, and the wall time for what the
//! broker says in wall time. Network timeouts do not use this clock: real sockets answer in real time.

use std::collections::BTreeMap;
use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::Offset;
use tokio::time::Instant;

/// Korea has no summer time, so its zone needs no database.
const KST: Offset = Offset::constant(9);

/// A clock of a [`Client`](crate::Client): the system's unless a test brings its own.
#[derive(Clone)]
pub struct Clock(Works);

#[derive(Clone)]
enum Works {
    System { start: Instant },
    Manual(Arc<Mutex<Hands>>),
}

impl Clock {
    /// The system's clock.
    pub fn system() -> Clock {
        Clock(Works::System { start: Instant::now() })
    }

    /// Time since some fixed moment; never goes back.
    pub(crate) fn now(&self) -> Duration {
        match &self.0 {
            Works::System { start } => start.elapsed(),
            Works::Manual(hands) => lock(hands).now,
        }
    }

    /// The wall time.
    pub(crate) fn wall(&self) -> Timestamp {
        match &self.0 {
            Works::System { .. } => Timestamp::now(),
            Works::Manual(hands) => lock(hands).wall,
        }
    }

    /// Returns when it is a call's turn to go on at `at`: like [`sleep_until`](Clock::sleep_until), but a
    /// [hurried](ManualClock::hurried) clock is moved there at once.
    pub(crate) async fn pass_until(&self, at: Duration) {
        if let Works::Manual(hands) = &self.0 {
            let ahead = {
                let hands = lock(hands);
                if hands.hurried { at.saturating_sub(hands.now) } else { Duration::ZERO }
            };
            ManualClock(hands.clone()).advance(ahead);
        }
        self.sleep_until(at).await;
    }

    /// Returns when [`now`](Clock::now) has reached `at`.
    pub(crate) async fn sleep_until(&self, at: Duration) {
        match &self.0 {
            // `at` usually lies in this process's life; a sum that no clock can hold means "never"
            Works::System { start } => match start.checked_add(at) {
                Some(at) => tokio::time::sleep_until(at).await,
                None => std::future::pending().await,
            },
            Works::Manual(hands) => Alarm { hands, at, key: None }.await,
        }
    }
}

/// `at` as wall time in Korea.
pub(crate) fn in_korea(at: Timestamp) -> DateTime {
    KST.to_datetime(at)
}

/// The moment of a Korean wall time, if it exists.
pub(crate) fn from_korea(at: DateTime) -> Option<Timestamp> {
    KST.to_timestamp(at).ok()
}

impl Default for Clock {
    fn default() -> Clock {
        Clock::system()
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            Works::System { .. } => "Clock(system)",
            Works::Manual(_) => "Clock(manual)",
        })
    }
}

/// A clock that stands still until it is moved: hours of waiting in a test that takes milliseconds.
///
/// ```
/// use std::time::Duration;
/// use kiwoom_api::{Client, Credentials, ManualClock, Server};
///
/// let time = ManualClock::at("2026-07-06T09:00:00+09:00".parse().unwrap());
/// let client = Client::builder(Server::sandbox("http://127.0.0.1:8080"), Credentials::new("key", "secret"))
///     .clock(time.clock())
///     .build()?;
/// time.advance(Duration::from_secs(24 * 3600));
/// # Ok::<(), kiwoom_api::Error>(())
/// ```
#[derive(Clone)]
pub struct ManualClock(Arc<Mutex<Hands>>);

struct Hands {
    now: Duration,
    /// Calls do not wait: they move the clock.
    hurried: bool,
    wall: Timestamp,
    alarms: BTreeMap<(Duration, u64), Waker>,
    count: u64,
}

impl ManualClock {
    /// A clock that shows `wall`.
    pub fn at(wall: Timestamp) -> ManualClock {
        ManualClock(Arc::new(Mutex::new(Hands {
            now: Duration::ZERO,
            hurried: false,
            wall,
            alarms: BTreeMap::new(),
            count: 0,
        })))
    }

    /// The same clock, except that no call waits for it: where a call would wait for its turn, before its next attempt or
    /// before it looks again, and where realtime data would wait before it connects or registers, the clock moves there at
    /// once. Deadlines, tokens and silence still wait for [`advance`](Self::advance).
    ///
    /// ```
    /// use kiwoom_api::ManualClock;
    ///
    /// let time = ManualClock::at("2026-07-06T09:00:00+09:00".parse().unwrap()).hurried();
    /// assert_eq!(time.elapsed().as_secs(), 0);
    /// ```
    #[must_use]
    pub fn hurried(self) -> ManualClock {
        lock(&self.0).hurried = true;
        self
    }

    /// The clock for a client.
    pub fn clock(&self) -> Clock {
        Clock(Works::Manual(self.0.clone()))
    }

    /// The wall time in Korea, which the broker uses.
    pub fn korea(&self) -> DateTime {
        in_korea(lock(&self.0).wall)
    }

    /// How far the clock was moved since it was made.
    pub fn elapsed(&self) -> Duration {
        lock(&self.0).now
    }

    /// Moves both readings forward, and wakes everyone who waited for that.
    pub fn advance(&self, by: Duration) {
        let woken = {
            let mut hands = lock(&self.0);
            hands.now = hands.now.saturating_add(by);
            hands.wall = hands.wall.saturating_add(by).unwrap_or(Timestamp::MAX);
            let due = (hands.now, u64::MAX);
            let later = hands.alarms.split_off(&due);
            std::mem::replace(&mut hands.alarms, later)
        };
        woken.into_values().for_each(Waker::wake);
    }

    /// Moves the wall time alone, as a correction of the system time or a laptop's sleep does.
    pub fn jump_to(&self, wall: Timestamp) {
        lock(&self.0).wall = wall;
    }

    /// How long until the next waiter wakes, if there is one.
    pub fn next_alarm(&self) -> Option<Duration> {
        let hands = lock(&self.0);
        let ((at, _), _) = hands.alarms.first_key_value()?;
        Some(at.saturating_sub(hands.now))
    }
}

impl fmt::Debug for ManualClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ManualClock").field("elapsed", &self.elapsed()).finish_non_exhaustive()
    }
}

/// Waits until the clock reaches a time; leaves no trace when it is dropped.
struct Alarm<'a> {
    hands: &'a Mutex<Hands>,
    at: Duration,
    key: Option<(Duration, u64)>,
}

impl Future for Alarm<'_> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let mut hands = lock(self.hands);
        if hands.now >= self.at {
            return Poll::Ready(());
        }
        let key = self.key.unwrap_or((self.at, hands.count));
        hands.count += u64::from(self.key.is_none());
        hands.alarms.insert(key, context.waker().clone());
        drop(hands);
        self.key = Some(key);
        Poll::Pending
    }
}

impl Drop for Alarm<'_> {
    fn drop(&mut self) {
        if let Some(key) = self.key {
            lock(self.hands).alarms.remove(&key);
        }
    }
}

fn lock(hands: &Mutex<Hands>) -> MutexGuard<'_, Hands> {
    hands.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nine() -> ManualClock {
        ManualClock::at("2026-07-06T09:00:00+09:00".parse().unwrap())
    }

    #[tokio::test]
    async fn sleepers_wake_in_time_and_leave_no_trace() {
        let time = nine();
        let clock = time.clock();
        let early = tokio::spawn({
            let clock = clock.clone();
            async move { clock.sleep_until(Duration::from_secs(2)).await }
        });
        let late = tokio::spawn({
            let clock = clock.clone();
            async move { clock.sleep_until(Duration::from_secs(5)).await }
        });
        while lock(&time.0).alarms.len() < 2 {
            tokio::task::yield_now().await;
        }
        assert_eq!(time.next_alarm(), Some(Duration::from_secs(2)));
        time.advance(Duration::from_secs(3));
        early.await.unwrap();
        assert!(!late.is_finished());
        assert_eq!(time.next_alarm(), Some(Duration::from_secs(2)));
        late.abort();
        assert!(late.await.unwrap_err().is_cancelled());
        assert_eq!(time.next_alarm(), None);
    }

    #[tokio::test]
    async fn a_hurried_clock_lets_no_call_wait() {
        let time = nine().hurried();
        let clock = time.clock();
        clock.pass_until(Duration::from_secs(7)).await;
        clock.pass_until(Duration::from_secs(5)).await;
        assert_eq!(time.elapsed(), Duration::from_secs(7));
        let other = tokio::spawn(async move { clock.sleep_until(Duration::from_secs(9)).await });
        while time.next_alarm().is_none() {
            tokio::task::yield_now().await;
        }
        assert!(!other.is_finished());
        other.abort();
    }

    #[test]
    fn korea_is_nine_hours_ahead_all_year() {
        let clock = nine().clock();
        assert_eq!(in_korea(clock.wall()).to_string(), "2026-07-06T09:00:00");
        for wall in ["2026-01-01T00:00:00", "2026-07-01T23:59:59"] {
            let wall: DateTime = wall.parse().unwrap();
            assert_eq!(in_korea(from_korea(wall).unwrap()), wall);
        }
    }

    #[test]
    fn the_wall_may_jump_and_the_rest_does_not() {
        let time = nine();
        time.advance(Duration::from_secs(1));
        time.jump_to("2020-01-01T00:00:00Z".parse().unwrap());
        assert_eq!(time.clock().now(), Duration::from_secs(1));
        assert_eq!(in_korea(time.clock().wall()).to_string(), "2020-01-01T09:00:00");
    }
}
