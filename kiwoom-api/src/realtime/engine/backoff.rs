//! How long to wait before another connection: longer each time, and never in step with others.

use std::time::Duration;

use fastrand::Rng;

/// Pauses that double, each drawn from the upper half of its length.
#[derive(Clone, Debug)]
pub(crate) struct Backoff {
    first: Duration,
    most: Duration,
    next: Duration,
    random: Rng,
}

impl Backoff {
    pub fn new((first, most): (Duration, Duration), seed: u64) -> Backoff {
        Backoff { first, most, next: first, random: Rng::with_seed(seed) }
    }

    pub fn pause(&mut self) -> Duration {
        let whole = self.next;
        self.next = whole.saturating_mul(2).min(self.most);
        let half = whole / 2;
        half + half.mul_f64(self.random.f64())
    }

    /// The last connection was a good one.
    pub fn reset(&mut self) {
        self.next = self.first;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_a_bound_and_differ_by_seed() {
        let bounds = (Duration::from_secs(1), Duration::from_secs(60));
        let pauses = |seed| {
            let mut backoff = Backoff::new(bounds, seed);
            (0..12).map(|_| backoff.pause()).collect::<Vec<_>>()
        };
        for (at, pause) in pauses(1).into_iter().enumerate() {
            let whole = Duration::from_secs(1 << at.min(6)).min(bounds.1);
            assert!(pause >= whole / 2 && pause <= whole, "{at}: {pause:?}");
        }
        assert_eq!(pauses(1), pauses(1));
        assert_ne!(pauses(1), pauses(2));
        let mut backoff = Backoff::new(bounds, 1);
        for _ in 0..9 {
            backoff.pause();
        }
        backoff.reset();
        assert!(backoff.pause() <= bounds.0);
    }
}
