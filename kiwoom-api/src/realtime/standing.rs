//! Where a connection is, and what the broker has of what is wanted: for people and for health checks.

use super::engine::{Engine, Phase, State};

/// How many registrations are where.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Standing {
    /// The phase of the connection.
    pub phase: Stage,
    /// Wanted, and not yet asked for on this connection.
    pub wanted: usize,
    /// Asked for, and not yet answered.
    pub on_its_way: usize,
    /// The broker said yes.
    pub confirmed: usize,
    /// The broker said no, or has no room.
    pub refused: usize,
}

/// The phase of a connection.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Stage {
    /// Nobody wants anything.
    #[default]
    Idle,
    /// A pause before the next attempt.
    Wait,
    /// A token and a connection are on their way.
    Connect,
    /// LOGIN is not yet answered.
    Login,
    /// Registrations are on their way.
    Subscribe,
    /// Everything is registered.
    Live,
}

impl Standing {
    pub(super) fn of(engine: &Engine) -> Standing {
        let mut standing = Standing::default();
        for (_, state) in engine.states() {
            match state {
                State::Wanted => standing.wanted += 1,
                State::Coming => standing.on_its_way += 1,
                State::Confirmed => standing.confirmed += 1,
                State::Full | State::Rejected => standing.refused += 1,
                State::Leaving | State::Stuck => {}
            }
        }
        standing.phase = match engine.phase() {
            Phase::Idle => Stage::Idle,
            Phase::Wait { .. } => Stage::Wait,
            Phase::Connect { .. } => Stage::Connect,
            Phase::Login { .. } => Stage::Login,
            Phase::Open { .. } if standing.wanted + standing.on_its_way > 0 => Stage::Subscribe,
            Phase::Open { .. } => Stage::Live,
        };
        standing
    }
}
