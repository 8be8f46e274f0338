//! The path of a call: a token, its turn, one attempt, and for reads further attempts.
//!
//! Invariant: anything that is not a read makes exactly one attempt. This file does not know the content of a typed
//! reply, only whether a short reply is a refusal.

use std::borrow::Cow;
use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use jiff::Timestamp;
use tracing::{Instrument, debug, trace, warn};

use crate::drift::Drift;
use crate::error::{Error, Kind, Trail};
use crate::json::show::Shown;
use crate::meta::Effect;
use crate::net::clock::Clock;
use crate::net::guard::{Closing, Departure, Gate, Guard};
use crate::net::identity::Identity;
use crate::net::limit::{Admitted, Lane, Limiter, Standing};
use crate::net::observe::{Observer, Watch};
use crate::net::retry::{Budget, Retry};
use crate::net::server::Server;
use crate::net::token::{Auth, Need, Token};
use crate::net::transport::verdict::judge;
use crate::net::transport::{Arrived, Connections, Deadline, Outgoing, Pass, Transport, continuation};
use crate::record::{Nothing, Record};
use crate::reply::About;

/// The code for a token that the broker no longer accepts (`BEHAVIOUR.md` A3).
const TOKEN_INVALID: u16 = 8005;
/// The code for a token that was issued to another address (`BEHAVIOUR.md` A6): useless once the address of this
/// machine has changed.
const TOKEN_ELSEWHERE: u16 = 8010;

/// A longer reply is content: every refusal seen was far shorter.
const SHORT: usize = 16 << 10;

/// The envelope is usually within this many bytes of the end.
const ENVELOPE: usize = 128;

/// What clones share.
pub(crate) struct Shared {
    pub server: Server,
    pub identity: Identity,
    pub transport: Transport,
    pub auth: Auth,
    pub clock: Clock,
    pub limiter: Arc<Limiter>,
    pub retry: Retry,
    pub budget: Budget,
    pub observer: Observer,
    pub guard: Guard,
    pub drift: Option<Drift>,
    #[cfg(feature = "realtime")]
    pub attached: crate::net::attached::Attached,
}

/// What happens to a reply with values that do not fit their types.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fit {
    /// Those values are `None`, and listed in [`Reply::anomalies`](crate::Reply::anomalies).
    Lenient,
    /// The call fails.
    Strict,
}

/// The options of one call; the client's where none are set.
#[derive(Clone, Debug, Default)]
pub(crate) struct Terms {
    /// For one attempt, and the same again for a token if one is needed.
    pub timeout: Option<Duration>,
    /// For everything: waiting, attempts, pauses.
    pub deadline: Option<Duration>,
    /// How much of that had passed when the call was made.
    pub spent: Duration,
    pub retry: Option<Retry>,
    /// Learns when the request leaves; for trades built by the order layer.
    pub departure: Option<Departure>,
}

/// A reply that is not a refusal as far as it was checked, and how the call went.
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

    /// A call that is refused on this machine: those who watch see it like any other.
    pub fn refuse(&self, api: Cow<'static, str>, effect: Effect, error: Error) -> Error {
        let mut watch = Watch::new(api, effect, self.observer.clone());
        watch.trail.attempts = u32::from(error.failed_to_sign_in());
        failed(watch, error)
    }

    /// What the reply says; its content goes to `body`.
    pub fn settle(
        &self,
        answered: Result<Answered, Error>,
        body: &mut dyn Record,
        fit: Fit,
    ) -> Result<Box<About>, Error> {
        let Answered { arrived, watch } = answered?;
        let decoded = match judge(&arrived, body) {
            Ok(decoded) => decoded,
            Err(error) => return Err(failed(watch, error)),
        };
        watch.span.in_scope(|| trace!(target: "kiwoom_api::body", reply = ?Shown::record(body), "reply"));
        if let Some(drift) = &self.drift {
            drift.reply(&watch.api, &arrived.body, body, &decoded);
        }
        if fit == Fit::Strict && watch.effect == Effect::Read && !decoded.anomalies().is_empty() {
            let (anomalies, omitted) = decoded.into_anomalies();
            let error = Error::new(Kind::Inexact(anomalies, omitted));
            return Err(failed(watch, error.status(arrived.status).with_body(arrived.body)));
        }
        let about = About::of_call((watch.api.clone(), watch.trail), continuation(&arrived.headers), decoded);
        watch.succeeded(arrived.status, arrived.body.len(), about.rows());
        Ok(about)
    }

    async fn attempts(
        &self,
        outgoing: &Outgoing,
        effect: Effect,
        terms: Terms,
        trail: &mut Trail,
    ) -> Result<Arrived, Error> {
        let retry = terms.retry.as_ref().unwrap_or(&self.retry);
        let bound = terms.timeout.unwrap_or(self.transport.bounds.call);
        // a read may wait for its turn as long as necessary; an order that leaves minutes later is a different order
        let deadline = terms.deadline.or((effect == Effect::Trade).then_some(bound));
        let kept = if effect == Effect::Trade { kept_for_the_answer(deadline) } else { Duration::ZERO };
        // a call with a deadline waits for its turn that long; without one, further waiting is useless
        let early = if terms.deadline.is_some() { Duration::ZERO } else { kept };
        let departure = terms.departure.as_ref();
        let wall = (effect == Effect::Trade).then(|| self.clock.wall());
        let (clock, started, spent) = (&self.clock, self.clock.now(), terms.spent);
        let time = Time { clock, started, spent, wall, deadline, bound, kept, early, departure };
        let (api, path) = (outgoing.api.clone(), outgoing.path.clone());
        let mut lane = Lane { api, path, effect, standing: Standing::First };
        let (mut made, mut renewed) = (0, false);
        loop {
            let error = match self.attempt(outgoing, &lane, &time, trail).await {
                Ok(arrived) => {
                    self.budget.earn();
                    return Ok(arrived);
                }
                Err(error) => error,
            };
            if error.failed_to_sign_in() {
                // the token that the request needed was asked for, and did not come
                trail.attempts += 1;
            }
            if effect != Effect::Read {
                return Err(error);
            }
            lane.standing = Standing::Again;
            if error.code() == Some(TOKEN_INVALID) && !renewed {
                renewed = true;
                let api_id = &*outgoing.api;
                warn!(target: "kiwoom_api", api_id, code = TOKEN_INVALID, "the token was refused: once more with another");
                continue;
            }
            // counted here, because a failure to get a token ends an attempt before its request
            made += 1;
            // a call that waited an hour for its turn has not been trying for an hour
            let trying = time.elapsed().saturating_sub(trail.turns);
            let Some(pause) = retry.pause(&error, made, trying).filter(|_| self.budget.spend(&error)) else {
                return Err(error);
            };
            if terms.deadline.is_some_and(|deadline| time.elapsed().saturating_add(pause) >= deadline) {
                return Err(error);
            }
            let (api_id, code, rc) = (&*outgoing.api, error.code(), error.rc());
            let error = error.within(outgoing.api.clone(), effect, *trail);
            let pause_ms = pause.as_millis() as u64;
            warn!(target: "kiwoom_api", api_id, code, rc, %error, attempt = made, pause_ms, "trying again");
            self.clock.pass_until(self.clock.now().saturating_add(pause)).await;
            trail.waited += pause;
        }
    }

    /// One request, one reply. Drops the token if the broker no longer accepts it.
    async fn attempt(
        &self,
        outgoing: &Outgoing,
        lane: &Lane,
        time: &Time<'_>,
        trail: &mut Trail,
    ) -> Result<Arrived, Error> {
        let gate = self.guard.gate(lane.effect, outgoing.api.clone(), time.departure);
        gate.as_ref().map_or(Ok(()), Gate::check)?;
        let token = self.turn(lane, time, trail).await?;
        let deadline = time.bound()?;
        let gate = gate.map(|gate| time.close(gate)).transpose()?;
        trail.attempts += 1;
        let authorization = token.as_ref().map(|token| token.bearer());
        let line = if lane.effect == Effect::Trade { Connections::Orders } else { Connections::Shared };
        let pass = Pass { authorization, gate: gate.clone(), line };
        let arrived = match self.transport.exchange(outgoing.clone(), pass, deadline).await {
            Ok(arrived) => arrived,
            // if it never left, the gate may have closed while it waited for a connection
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
        if let Some(quota) = error.quota() {
            // the refusal itself is told where it is known what becomes of the call
            debug!(target: "kiwoom_api", scope = ?quota.scope, "too many requests: the next ones wait");
            self.limiter.refused(lane, &quota);
        }
        Err(error)
    }

    /// Waits for a token and for the turn of one request.
    ///
    /// The token comes first: calls that wait for one together would otherwise leave together when it arrives, no
    /// matter how well their turns were spaced. For the same reason, a token that was renewed in the meantime costs
    /// another turn.
    async fn turn(&self, lane: &Lane, time: &Time<'_>, trail: &mut Trail) -> Result<Option<Arc<Token>>, Error> {
        let before = self.token(lane.effect, time.leaving()?).await?;
        if self.admitted(lane, time, trail).await? == Admitted::AtOnce {
            return Ok(before);
        }
        let token = self.token(lane.effect, time.leaving()?).await?;
        if before.as_ref().map(Arc::as_ptr) != token.as_ref().map(Arc::as_ptr) {
            self.admitted(lane, time, trail).await?;
        }
        Ok(token)
    }

    async fn token(&self, effect: Effect, deadline: Deadline) -> Result<Option<Arc<Token>>, Error> {
        let need = match effect {
            Effect::Auth => return Ok(None),
            Effect::Read => Need::Read,
            Effect::Trade => Need::Trade,
        };
        self.auth.token(&self.transport, need, deadline).await.map(Some)
    }

    async fn admitted(&self, lane: &Lane, time: &Time<'_>, trail: &mut Trail) -> Result<Admitted, Error> {
        let came = time.elapsed();
        let admitted = time.limit(self.limiter.admit(lane)).await;
        if let Ok(Admitted::AtOnce) = admitted {
            return admitted;
        }
        let waited = time.elapsed().saturating_sub(came);
        trail.waited += waited;
        trail.turns += waited;
        admitted
    }
}

/// The time that a call may take, and who learns when it leaves.
struct Time<'a> {
    clock: &'a Clock,
    started: Duration,
    /// Passed before that, of the deadline.
    spent: Duration,
    /// When a trade began, by the wall clock: an order from before a laptop's sleep must not leave after it.
    wall: Option<Timestamp>,
    /// For everything.
    deadline: Option<Duration>,
    /// For one attempt.
    bound: Duration,
    /// The last part of the deadline, in which nothing may leave any more: an answer has at least this long.
    kept: Duration,
    /// How long before the deadline the wait for a turn ends.
    early: Duration,
    /// Learns when the request leaves.
    departure: Option<&'a Departure>,
}

/// The part of a trade's time that is kept for its answer. An order that leaves at the last moment could only become
/// `Unknown`.
pub(crate) fn kept_for_the_answer(deadline: Option<Duration>) -> Duration {
    const MOST: Duration = Duration::from_secs(5);
    deadline.map_or(Duration::ZERO, |deadline| (deadline / 4).min(MOST))
}

impl Time<'_> {
    fn elapsed(&self) -> Duration {
        let slept =
            self.wall.map(|wall| Duration::try_from(self.clock.wall().duration_since(wall)).unwrap_or_default());
        let passed = self.clock.now().saturating_sub(self.started).max(slept.unwrap_or_default());
        self.spent.saturating_add(passed)
    }

    /// When an attempt that begins now gives up.
    fn bound(&self) -> Result<Deadline, Error> {
        let left = self.left(Duration::ZERO);
        if left.is_zero() { Err(self.over()) } else { Ok(Deadline::after(self.bound.min(left))) }
    }

    /// When waiting for what a request needs before it leaves is given up.
    fn leaving(&self) -> Result<Deadline, Error> {
        let left = self.left(self.kept);
        if left.is_zero() { Err(self.over()) } else { Ok(Deadline::after(self.bound.min(left))) }
    }

    /// The gate of an attempt that begins now.
    fn close(&self, gate: Gate) -> Result<Gate, Error> {
        let left = self.leaving()?;
        let wall = self.clock.wall().saturating_add(left.after).unwrap_or(Timestamp::MAX);
        let after = self.deadline.unwrap_or(self.bound);
        Ok(gate.closing(Closing { at: left.at, wall, clock: self.clock.clone(), after }))
    }

    /// What is left of the deadline, without its last part.
    fn left(&self, end: Duration) -> Duration {
        match self.deadline {
            None => Duration::MAX,
            Some(deadline) => deadline.saturating_sub(end).saturating_sub(self.elapsed()),
        }
    }

    /// Gives up `work` and drops it when it is too late for a request to leave.
    async fn limit<T>(&self, work: impl Future<Output = T>) -> Result<T, Error> {
        let Some(deadline) = self.deadline else {
            return Ok(work.await);
        };
        let mut work = pin!(work);
        let left = deadline.saturating_sub(self.early).saturating_sub(self.spent);
        let mut alarm = pin!(self.clock.sleep_until(self.started.saturating_add(left)));
        poll_fn(|context| match work.as_mut().poll(context) {
            Poll::Ready(result) => Poll::Ready(Ok(result)),
            Poll::Pending => alarm.as_mut().poll(context).map(|()| Err(self.over())),
        })
        .await
    }

    fn over(&self) -> Error {
        let whole = self.deadline.unwrap_or(self.bound);
        let is_trade = self.wall.is_some();
        Error::new(if is_trade { Kind::Late(whole) } else { Kind::Timeout(whole) })
    }
}

/// Ends the observation of a failed call, and adds the API to the error.
pub(crate) fn failed(watch: Watch, error: Error) -> Error {
    let error = error.within(watch.api.clone(), watch.effect, watch.trail);
    watch.failed(&error);
    error
}

/// The refusal in a reply, if the reply is short or not a success.
///
/// The usual success is recognised by its end, so that it is not decoded twice. Anything that passes here is judged
/// when it is decoded.
fn refusal(arrived: &Arrived) -> Option<Error> {
    const SUCCESS: &[u8] = br#""return_code":0"#;
    let (success, body) = ((200..300).contains(&arrived.status), &arrived.body);
    let end = &body[body.len().saturating_sub(ENVELOPE)..];
    if success && (body.len() > SHORT || end.windows(SUCCESS.len()).any(|text| text == SUCCESS)) {
        return None;
    }
    judge(arrived, &mut Nothing).err()
}
