//! The clocks of a run, the broker's and the client's: many times as fast as real time.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use kiwoom_api::ManualClock;

use crate::support::Broker;

/// While orders are sent: their time runs out by these clocks, too.
pub const TRADING: u64 = 10;
/// While nothing but time has to pass.
pub const WAITING: u64 = 250;
/// The broker asks whether connections live.
const PING: Duration = Duration::from_secs(10);

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
