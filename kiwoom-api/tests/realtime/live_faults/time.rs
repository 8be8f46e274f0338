//! The clocks of a run, the broker's and the client's: many times as fast as real time.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use kiwoom_api::ManualClock;

use crate::server::SOON;
use crate::support::Broker;

/// While orders are sent: their time runs out by these clocks, too.
pub const TRADING: u64 = 10;
/// While nothing but time has to pass.
pub const WAITING: u64 = 250;
/// The broker asks whether connections live.
const PING: Duration = Duration::from_secs(10);

/// Within this time everything is known. An order that never arrived is so after [`Reconcile::TRAVEL`], and two clocks that
/// differ by up to a quarter of an hour count both, at the beginning and at the end.
///
/// [`Reconcile::TRAVEL`]: kiwoom_api::order::Reconcile::TRAVEL
const LONG: Duration = Duration::from_secs(45 * 60);
/// The clocks move on, however busy the machine is.
const HUNG: Duration = SOON.saturating_mul(15);

/// How long a wait may take, by the clock of the run: real time says how busy the machine is.
pub struct Patience {
    time: ManualClock,
    since: Duration,
    began: Instant,
}

impl Patience {
    pub fn new(time: &ManualClock) -> Patience {
        Patience { time: time.clone(), since: time.elapsed(), began: Instant::now() }
    }

    pub fn is_over(&self) -> bool {
        let took = self.began.elapsed();
        took > HUNG || took > SOON && self.time.elapsed() - self.since > LONG
    }

    /// What comes of some work.
    ///
    /// # Panics
    /// It takes too long.
    pub async fn wait<T>(&self, (who, what): (&str, &str), work: impl Future<Output = T>) -> T {
        let over = async {
            while !self.is_over() {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::select! {
            biased;
            done = work => done,
            () = over => panic!("{who}: {what} takes more than {self:?}"),
        }
    }
}

impl std::fmt::Debug for Patience {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let passed = self.time.elapsed() - self.since;
        write!(f, "{passed:?} of the run, and {:?} of real time", self.began.elapsed())
    }
}

/// How many milliseconds pass in one of real time.
#[derive(Clone)]
pub struct Pace(Arc<AtomicU64>);

impl Pace {
    pub fn new(pace: u64) -> Pace {
        Pace(Arc::new(AtomicU64::new(pace)))
    }

    pub fn set(&self, pace: u64) {
        self.0.store(pace, Ordering::Relaxed);
    }
}

/// Moves both clocks, and leaves the broker the time to act on what is due. A machine that is busy makes time slow.
pub async fn pump(pace: Pace, broker: Arc<Broker>, (theirs, ours): (ManualClock, ManualClock)) {
    let mut pinged = Duration::ZERO;
    loop {
        tokio::time::sleep(Duration::from_millis(1)).await;
        let step = Duration::from_millis(pace.0.load(Ordering::Relaxed));
        theirs.advance(step);
        while broker.is_behind() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        ours.advance(step);
        if theirs.elapsed() >= pinged + PING {
            pinged = theirs.elapsed();
            broker.ping();
        }
    }
}
