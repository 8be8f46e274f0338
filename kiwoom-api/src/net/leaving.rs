//! The atomic step that settles the race between a request leaving and its caller withdrawing it: it has left, or it
//! never will.

use std::sync::atomic::{AtomicU8, Ordering};

const HERE: u8 = 0;
const GONE: u8 = 1;
const WITHDRAWN: u8 = 2;

/// Whether something has left. Decided once; asking again changes nothing.
#[derive(Debug)]
pub(crate) struct Leaving(AtomicU8);

impl Default for Leaving {
    fn default() -> Leaving {
        Leaving(AtomicU8::new(HERE))
    }
}

impl Leaving {
    /// Marks that it leaves now. `false`: it was withdrawn before, and may not leave.
    pub fn leave(&self) -> bool {
        self.step(GONE) == GONE
    }

    /// Keeps it from leaving. `false`: too late, it has left.
    pub fn withdraw(&self) -> bool {
        self.step(WITHDRAWN) == WITHDRAWN
    }

    /// Moves from [`HERE`] to `to`, unless that was done before; returns the final state.
    fn step(&self, to: u8) -> u8 {
        match self.0.compare_exchange(HERE, to, Ordering::AcqRel, Ordering::Acquire) {
            Ok(_) => to,
            Err(other) => other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_step_stands() {
        let (gone, withdrawn) = (Leaving::default(), Leaving::default());
        assert!(gone.leave() && withdrawn.withdraw());
        for _ in 0..2 {
            assert!(gone.leave() && !gone.withdraw());
            assert!(withdrawn.withdraw() && !withdrawn.leave());
        }
    }

    #[test]
    fn of_a_race_one_side_wins() {
        for _ in 0..500 {
            let leaving = Leaving::default();
            let (left, withdrawn) = std::thread::scope(|scope| {
                let other = scope.spawn(|| leaving.withdraw());
                (leaving.leave(), other.join().unwrap())
            });
            assert_ne!(left, withdrawn);
        }
    }
}
