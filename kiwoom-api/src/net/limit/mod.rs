//! The request limiter: every request waits here for its turn (`BEHAVIOUR.md` R1 to R8).
//!
//! One limiter for a client and its clones, that is for one pair of keys. It decides when a request goes, never
//! whether; it knows neither what is sent nor what a refusal means for the caller. Invariant: the lock is held for a
//! few steps of a state machine and never while anyone waits.

mod bucket;
mod queue;
mod rate;
mod rules;
mod usage;

use std::borrow::Cow;
use std::future::poll_fn;
use std::pin::pin;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Poll, Waker};
use std::time::Duration;

pub use self::rate::Rate;
pub use self::rules::Limits;
pub use self::usage::{ApiUsage, Usage};

use self::queue::{After, Moment, Queues, Ticket, Turn};
use self::rules::season;
use crate::error::{PAUSE, Quota, QuotaScope};
use crate::meta::Effect;
use crate::net::broker_time::BrokerTime;
use crate::net::clock::Clock;

/// How much timer lateness the next request makes up for. Well within the headroom of [`Rate`].
const SLACK: Duration = Duration::from_millis(4);

/// A turn that is not taken within this time goes to the next request. Within the headroom of [`Rate`].
const LATE: Duration = Duration::from_millis(30);

/// The kind of a request: requests that agree in all of this share a queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Lane {
    pub api: Cow<'static, str>,
    pub path: Cow<'static, str>,
    pub effect: Effect,
    pub standing: Standing,
}

/// Whether a request has waited before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Standing {
    /// It is a retry: it does not wait behind all others once more.
    Again,
    /// It is new.
    First,
}

/// How a request got its turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Admitted {
    /// It did not wait, so everything checked before still holds.
    AtOnce,
    /// It waited.
    Later,
}

/// Decides when requests go.
pub(crate) struct Limiter {
    clock: Clock,
    broker: BrokerTime,
    queues: Mutex<Queues>,
}

impl Limiter {
    pub fn new(limits: Limits, clock: Clock) -> Limiter {
        let broker = BrokerTime::new(clock.clone());
        Limiter { clock, broker, queues: Mutex::new(Queues::new(limits)) }
    }

    /// The same, with a measured clock of the broker.
    pub fn by(self, broker: BrokerTime) -> Limiter {
        Limiter { broker, ..self }
    }

    /// Waits for the turn of one request. If it is dropped before, its place goes to others.
    pub async fn admit(&self, lane: &Lane) -> Admitted {
        let (ticket, mut turn) = self.step(|queues, moment, after| {
            let ticket = queues.enter(lane, moment);
            (ticket, queues.look(ticket, moment, Waker::noop(), after))
        });
        if turn == Turn::Now {
            return Admitted::AtOnce;
        }
        let mut place = Queued { limiter: self, ticket, over: false };
        while let Turn::Not(until) = turn {
            let mut alarm = pin!(self.clock.pass_until(until));
            let over = poll_fn(|context| match place.look(context.waker()) {
                Turn::Now => Poll::Ready(true),
                Turn::Not(still) if still == until => alarm.as_mut().poll(context).map(|()| false),
                Turn::Not(_) => Poll::Ready(false),
            });
            if over.await {
                break;
            }
            turn = place.look(Waker::noop());
        }
        Admitted::Later
    }

    /// The broker refused a request of `lane` for a quota: everything the quota counts pauses, and the limiter adopts
    /// its figure.
    pub fn refused(&self, lane: &Lane, quota: &Quota) {
        self.step(|queues, moment, after| {
            let learns = queues.limits().learns();
            let [api, group, class, _, all] = queues.buckets_of(lane);
            api.refused += 1;
            if !learns {
                return;
            }
            let resumes = moment.now.saturating_add(PAUSE);
            let foreign = quota.api_id.as_ref().is_some_and(|named| !named.eq_ignore_ascii_case(&lane.api));
            let refusing = match quota.scope {
                QuotaScope::All => all,
                QuotaScope::Group => group,
                QuotaScope::Api if foreign => {
                    // a quota that names another API counts more than one API
                    api.pause_until(resumes);
                    class
                }
                QuotaScope::Api => api,
            };
            refusing.pause_until(resumes);
            if let Some(count) = quota.rate {
                refusing.learn(count, moment);
            }
            queues.stir(moment, after);
        });
    }

    /// What is waiting, what was sent, and how fast.
    pub fn usage(&self) -> Usage {
        self.step(|queues, moment, _| Usage::of(queues, moment))
    }

    /// Wakes and drops wakers after the lock is released: both may run foreign code.
    fn step<T>(&self, step: impl FnOnce(&mut Queues, Moment, &mut After) -> T) -> T {
        // the hours are the broker's, even if this machine's clock is wrong
        let (season, near) = season(self.broker.korea().time());
        let moment = Moment { now: self.clock.now(), season, near };
        let mut after = After::default();
        let result = step(&mut self.lock(), moment, &mut after);
        after.wake();
        result
    }

    fn lock(&self) -> MutexGuard<'_, Queues> {
        self.queues.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A place in a queue; dropping it leaves the queue.
struct Queued<'a> {
    limiter: &'a Limiter,
    ticket: Ticket,
    over: bool,
}

impl Queued<'_> {
    fn look(&mut self, waker: &Waker) -> Turn {
        let turn = self.limiter.step(|queues, moment, after| queues.look(self.ticket, moment, waker, after));
        self.over = turn == Turn::Now;
        turn
    }
}

impl Drop for Queued<'_> {
    fn drop(&mut self) {
        if !self.over {
            self.limiter.step(|queues, moment, after| queues.leave(self.ticket, moment, after));
        }
    }
}

#[cfg(test)]
mod tests;
