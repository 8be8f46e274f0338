//! Faults of all kinds, from a seed.

use std::time::Duration;

use super::rule::Scene;
use super::{Event, Fault};

/// How much goes wrong: the chances of a call, of a frame of a client, and of a push.
///
/// The same seed strikes at the same calls, as long as they come in the same order.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Chaos {
    calls: f64,
    frames: f64,
    pushes: f64,
}

impl Chaos {
    /// The same chance for all, from 0 to 1.
    pub fn new(chance: f64) -> Chaos {
        Chaos { calls: chance, frames: chance, pushes: chance }
    }

    /// The chance of a call.
    #[must_use]
    pub fn calls(mut self, chance: f64) -> Chaos {
        self.calls = chance;
        self
    }

    /// The chance of a frame of a client.
    #[must_use]
    pub fn frames(mut self, chance: f64) -> Chaos {
        self.frames = chance;
        self
    }

    /// The chance of a push.
    #[must_use]
    pub fn pushes(mut self, chance: f64) -> Chaos {
        self.pushes = chance;
        self
    }
}

/// Chaos in force.
#[derive(Debug)]
pub(super) struct Storm {
    chaos: Chaos,
    dice: fastrand::Rng,
    /// Refusals that are still to come: quotas strike in bursts.
    burst: u32,
}

impl Storm {
    pub fn new(seed: u64, chaos: Chaos) -> Storm {
        Storm { chaos, dice: fastrand::Rng::with_seed(seed ^ 0xc4a0), burst: 0 }
    }

    /// The fault that strikes, if one does.
    pub fn strike(&mut self, scene: &Scene<'_>) -> Option<Fault> {
        let chance = match scene.event {
            Event::Call => self.chaos.calls,
            Event::Frame => self.chaos.frames,
            Event::Push => self.chaos.pushes,
            Event::Handshake => return None,
        };
        if scene.event == Event::Call && self.burst > 0 {
            self.burst -= 1;
            return Some(Fault::Quota);
        }
        if self.dice.f64() >= chance {
            return None;
        }
        let fault = match scene.event {
            Event::Call => self.of_call(),
            Event::Frame => self.of_frame(),
            _ => self.of_push(),
        };
        if fault == Fault::Quota {
            self.burst = self.dice.u32(0..4);
        }
        Some(fault)
    }

    fn of_call(&mut self) -> Fault {
        match self.dice.u32(0..14) {
            0 => Fault::Latency(Duration::from_millis(self.dice.u64(1..30))),
            1 => Fault::DropBefore,
            2 => Fault::DropAfter,
            3 => Fault::ArrivesLate(Duration::from_millis(self.dice.u64(500..20_000))),
            4 => Fault::Quota,
            5 => Fault::TotalQuota,
            6 => Fault::GroupQuota,
            7 => Fault::GhostQuota,
            8 => Fault::Html,
            9 => Fault::Status500,
            10 => Fault::Truncated,
            11 => Fault::TokenDeath,
            12 => Fault::UnknownField,
            _ => Fault::WrongType,
        }
    }

    fn of_frame(&mut self) -> Fault {
        [Fault::Kick, Fault::Break, Fault::Mute, Fault::MissedAck, Fault::PingFirst][self.dice.usize(0..5)]
    }

    fn of_push(&mut self) -> Fault {
        match self.dice.u32(0..5) {
            0 => Fault::Duplicate,
            1 => Fault::LostPush,
            2 => Fault::LatePush(Duration::from_millis(self.dice.u64(100..5_000))),
            3 => Fault::UnknownField,
            _ => Fault::WrongType,
        }
    }
}
