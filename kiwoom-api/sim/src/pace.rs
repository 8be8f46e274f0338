//! How fast time passes by itself; a watch, so that whoever moves the clock sleeps while it stands still.

use tokio::sync::watch;

/// The fastest pace.
const FASTEST: f64 = 100_000.0;

/// Seconds of simulated time for each second on the wall; 0 stands still.
#[derive(Debug)]
pub(crate) struct Pace(watch::Sender<f64>);

impl Pace {
    pub fn new(factor: f64) -> Pace {
        Pace(watch::Sender::new(factor.clamp(0.0, FASTEST)))
    }

    pub fn get(&self) -> f64 {
        *self.0.borrow()
    }

    pub fn set(&self, factor: f64) {
        self.0.send_replace(factor.clamp(0.0, FASTEST));
    }

    /// Waits until time passes.
    pub async fn moves(&self) {
        // the sender lives as long as the waiting
        let _ = self.0.subscribe().wait_for(|factor| *factor > 0.0).await;
    }
}
