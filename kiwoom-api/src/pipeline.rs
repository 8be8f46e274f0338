//! A call on its way: a token, one attempt, and for reads further attempts.
//!
//! Invariant: whatever is no read makes exactly one attempt. What the typed reply says is not known here, only whether a
//! short reply is a refusal.

use std::time::Duration;

use tracing::{Instrument, warn};

use crate::client::Shared;
use crate::endpoint::Effect;
use crate::error::{Error, Kind};
use crate::guard::Gate;
use crate::observe::{Trail, Watch};
use crate::retry::Retry;
use crate::token::{Need, Nothing};
use crate::transport::verdict::judge;
use crate::transport::{Arrived, Deadline, Outgoing, Pass};

/// The code for a token that the broker no longer takes (`api-behaviour.md` A3).
const TOKEN_INVALID: u16 = 8005;
/// The code for a token that was issued to another address (`api-behaviour.md` A6): of no use any more where the address of
/// this machine has changed.
const TOKEN_ELSEWHERE: u16 = 8010;

/// A longer reply is content: no refusal was seen that comes near.
const SHORT: usize = 16 << 10;

/// What a caller chose for one call; the client's choices where nothing is said.
#[derive(Clone, Debug, Default)]
pub(crate) struct Terms {
    /// For one attempt, a token included if one is needed.
    pub timeout: Option<Duration>,
    /// For everything: waiting, attempts, pauses.
    pub deadline: Option<Duration>,
    pub retry: Option<Retry>,
}

/// A reply that is no refusal as far as was looked, and how it came about.
pub(crate) struct Answered {
    pub arrived: Arrived,
    pub watch: Watch,
}

impl Shared {
    /// Sends `outgoing` as often as its effect and `terms` allow.
    pub async fn run(&self, outgoing: Outgoing, effect: Effect, terms: Terms) -> Result<Answered, Error> {
        let mut watch = Watch::new(outgoing.api.clone(), effect, self.observer.clone());
        let span = watch.span.clone();
        match self.attempts(&outgoing, effect, terms, &mut watch.trail).instrument(span).await {
            Ok(arrived) => Ok(Answered { arrived, watch }),
            Err(error) => Err(failed(watch, error)),
        }
    }

    async fn attempts(
        &self,
        outgoing: &Outgoing,
        effect: Effect,
        terms: Terms,
        trail: &mut Trail,
    ) -> Result<Arrived, Error> {
        let started = self.clock.now();
        let retry = terms.retry.as_ref().unwrap_or(&self.retry);
        let (mut made, mut renewed) = (0, false);
        loop {
            let left = left(terms.deadline, self.clock.now().saturating_sub(started))?;
            let bound = terms.timeout.unwrap_or(self.transport.bounds.call).min(left);
            let error = match self.attempt(outgoing, effect, bound, trail).await {
                Ok(arrived) => {
                    self.budget.earn();
                    return Ok(arrived);
                }
                Err(error) => error,
            };
            if effect != Effect::Read {
                return Err(error);
            }
            if error.code() == Some(TOKEN_INVALID) && !renewed {
                renewed = true;
                warn!(target: "kiwoom_api", "the token was refused: once more with another");
                continue;
            }
            // counted here, because a token that cannot be had ends an attempt before its request
            made += 1;
            let elapsed = self.clock.now().saturating_sub(started);
            let Some(pause) = retry.pause(&error, made, elapsed).filter(|_| self.budget.spend(&error)) else {
                return Err(error);
            };
            warn!(target: "kiwoom_api", %error, attempt = made, pause_ms = pause.as_millis() as u64, "trying again");
            if terms.deadline.is_some_and(|deadline| elapsed.saturating_add(pause) >= deadline) {
                return Err(error);
            }
            self.clock.sleep_until(self.clock.now().saturating_add(pause)).await;
            trail.waited += pause;
        }
    }

    /// One request, one reply. The token is forgotten where the broker no longer takes it.
    async fn attempt(
        &self,
        outgoing: &Outgoing,
        effect: Effect,
        bound: Duration,
        trail: &mut Trail,
    ) -> Result<Arrived, Error> {
        let gate = self.guard.gate(effect, outgoing.api.clone());
        gate.as_ref().map_or(Ok(()), Gate::check)?;
        let deadline = Deadline::after(bound);
        let token = match effect {
            Effect::Auth => None,
            Effect::Read => Some(self.auth.token(&self.transport, Need::Read, deadline).await?),
            Effect::Trade => Some(self.auth.token(&self.transport, Need::Trade, deadline).await?),
        };
        trail.attempts += 1;
        let authorization = token.as_ref().map(|token| token.bearer());
        let pass = Pass { authorization, gate: gate.clone() };
        let arrived = match self.transport.exchange(outgoing.clone(), pass, deadline).await {
            Ok(arrived) => arrived,
            // where it never left, the reason may be that the gate was closed while it waited for a connection
            Err(error) if !error.may_have_been_sent() => {
                return Err(gate.and_then(|gate| gate.check().err()).unwrap_or(error));
            }
            Err(error) => return Err(error),
        };
        let Some(error) = refusal(&arrived) else {
            return Ok(arrived);
        };
        if let (Some(TOKEN_INVALID | TOKEN_ELSEWHERE), Some(token)) = (error.code(), &token) {
            self.auth.forget(token);
        }
        Err(error)
    }
}

/// Ends the watch over a call that failed, and says in the error whose call it was.
pub(crate) fn failed(watch: Watch, error: Error) -> Error {
    let error = error.within(watch.api.clone(), watch.trail);
    watch.failed(&error);
    error
}

/// What a reply says against the call, if it is short or no success.
fn refusal(arrived: &Arrived) -> Option<Error> {
    if (200..300).contains(&arrived.status) && arrived.body.len() > SHORT {
        return None;
    }
    judge(arrived, &mut Nothing).err()
}

/// What is left of the caller's deadline.
fn left(deadline: Option<Duration>, elapsed: Duration) -> Result<Duration, Error> {
    match deadline {
        None => Ok(Duration::MAX),
        Some(deadline) if elapsed < deadline => Ok(deadline - elapsed),
        Some(deadline) => Err(Error::new(Kind::Timeout(deadline))),
    }
}
