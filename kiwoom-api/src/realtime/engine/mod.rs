//! What decides on a socket: a state machine `(state, input, now) -> actions`, without a socket, a task or a clock.
//!
//! It owns the phases of a connection, what the broker says (`line`: login, pings, kicks), who wants what (`intent`), what the
//! broker has of it (`ledger`), the pace of requests, the pauses between connections (`backoff`) and when it is over
//! (`strikes`). It never sees a frame.
//!
//! Answers carry no number, so one request is on its way at a time, and one that stays unanswered costs the connection: the
//! alternative is to take the late answer of one request for that of the next.

mod action;
mod backoff;
mod input;
mod intent;
mod key;
mod ledger;
mod line;
mod pace;
mod phase;
mod request;
mod rules;
mod strikes;
#[cfg(test)]
mod tests;

use std::time::Duration;

pub(crate) use self::action::{Action, Notice, Why};
use self::backoff::Backoff;
pub(crate) use self::input::{Answer, Epoch, Failure, Farewell, Input, Line, Now, SetId, Verdict};
use self::intent::Intent;
pub(crate) use self::key::{Key, KeyItem};
use self::ledger::Ledger;
pub(crate) use self::ledger::State;
use self::pace::Pace;
pub(crate) use self::phase::{Phase, TooMany};
pub(crate) use self::request::{Kind, Request};
pub(crate) use self::rules::Rules;
use self::strikes::Strikes;

/// The state of one socket.
#[derive(Clone, Debug)]
pub(crate) struct Engine {
    rules: Rules,
    phase: Phase,
    epoch: Epoch,
    intent: Intent,
    ledger: Ledger,
    pace: Pace,
    backoff: Backoff,
    strikes: Strikes,
    /// The last frame of this connection.
    heard: Option<Now>,
    /// Pings that came before the answer to LOGIN: until then nothing may be sent.
    pings: Vec<String>,
    /// Why the broker is about to close this connection, if it said so.
    parting: Option<&'static str>,
    /// The last token was refused.
    renew: bool,
    /// No connection is opened before.
    free: Duration,
    /// There may be something to send: nobody looked since something changed.
    work: bool,
    /// Some key is anything but confirmed, so that a push may tell something about it.
    unsettled: bool,
}

impl Engine {
    pub fn new(rules: Rules, seed: u64) -> Engine {
        let backoff = Backoff::new(rules.pauses, seed);
        Engine {
            rules,
            phase: Phase::Idle,
            epoch: Epoch::default(),
            intent: Intent::default(),
            ledger: Ledger::default(),
            pace: Pace::default(),
            backoff,
            strikes: Strikes::default(),
            heard: None,
            pings: Vec::new(),
            parting: None,
            renew: false,
            free: Duration::ZERO,
            work: false,
            unsettled: false,
        }
    }

    pub fn phase(&self) -> Phase {
        self.phase
    }

    /// Where each key is: wanted, on its way, confirmed.
    pub fn states(&self) -> impl Iterator<Item = (&Key, State)> {
        self.ledger.states()
    }

    /// The search whose answer is awaited.
    pub fn search(&self) -> Option<&Key> {
        self.ledger.search()
    }

    /// Whether a request is on its way.
    #[cfg(any(feature = "record", feature = "testing"))]
    pub fn awaits_answer(&self) -> bool {
        self.ledger.is_waiting()
    }

    /// The sets that want `key`.
    pub fn owners(&self, key: &Key) -> &[SetId] {
        self.intent.owners(key)
    }

    /// The places for symbols that all sets take together.
    pub fn slots(&self) -> usize {
        self.intent.slots(&[])
    }

    /// Whether there is room for `keys` beside what is wanted already.
    pub fn check(&self, keys: &[Key]) -> Result<(), TooMany> {
        let (slots, searches) = (self.intent.slots(keys), self.intent.searches(keys));
        if slots > self.rules.slots {
            return Err(TooMany::Symbols { wanted: slots, most: self.rules.slots });
        }
        if searches > self.rules.searches {
            return Err(TooMany::Searches { wanted: searches, most: self.rules.searches });
        }
        Ok(())
    }

    /// Takes one input and adds what is to be done.
    pub fn on(&mut self, input: Input<'_>, now: Now, out: &mut Vec<Action>) {
        let mere_sign =
            matches!(input, Input::Tick | Input::Line(_, Line::Ping(_) | Line::Other | Line::System { .. }));
        match input {
            Input::Line(epoch, _) if epoch != self.epoch || matches!(self.phase, Phase::Idle | Phase::Wait { .. }) => {
                return;
            }
            Input::Line(_, Line::Push { topic, item }) => {
                self.heard = Some(now);
                return self.push(topic, item, now, out);
            }
            Input::Line(_, line) => self.line(line, now, out),
            Input::Subscribe { set, keys, stale_after } => self.subscribe(set, keys, stale_after, now, out),
            Input::Drop(set) => {
                for key in self.intent.remove(set) {
                    self.ledger.forgo(&key);
                }
            }
            Input::Stopped => self.give_up(Why::Stopped, now, out),
            Input::Tick => {}
        }
        self.work |= !mere_sign;
        self.advance(now, out);
        if !mere_sign {
            self.unsettled = self.ledger.is_unsettled();
        }
    }

    /// When it wants to be told the time again.
    pub fn wake(&self) -> Option<Duration> {
        match self.phase {
            Phase::Idle => None,
            Phase::Wait { until } | Phase::Connect { until } | Phase::Login { until } => Some(until),
            Phase::Open { .. } => {
                let silence = self.heard.map(|heard| heard.at.saturating_add(self.rules.silence));
                let request = (self.work && !self.ledger.is_waiting()).then(|| self.pace.free());
                let stale = self.intent.first_stale();
                [silence, self.ledger.deadline(), request, stale].into_iter().flatten().min()
            }
        }
    }

    /// When its turn comes, if all it waits for is that: the pause before another connection or another request.
    pub fn turn(&self) -> Option<Duration> {
        match self.phase {
            Phase::Wait { until } => Some(until),
            Phase::Open { .. } if self.work && !self.ledger.is_waiting() => Some(self.pace.free()),
            _ => None,
        }
    }

    fn subscribe(
        &mut self,
        set: SetId,
        keys: Vec<Key>,
        stale_after: Option<Duration>,
        now: Now,
        out: &mut Vec<Action>,
    ) {
        for key in &keys {
            self.ledger.want(key, &self.rules);
        }
        self.intent.add(set, keys, stale_after, now);
        if matches!(self.phase, Phase::Open { .. }) {
            out.push(Action::Notify(set, Notice::Connected));
        }
    }

    /// What time alone brings about, and what the last input made possible.
    fn advance(&mut self, now: Now, out: &mut Vec<Action>) {
        if self.intent.is_empty() {
            return self.rest(now, out);
        }
        match self.phase {
            Phase::Idle => {
                self.phase = Phase::Wait { until: self.free.max(now.at) };
                self.advance(now, out);
            }
            Phase::Wait { until } if now.at >= until => {
                self.epoch.0 += 1;
                self.heard = None;
                self.phase = Phase::Connect { until: now.at.saturating_add(self.rules.dial) };
                out.push(Action::Dial { epoch: self.epoch, renew: std::mem::take(&mut self.renew) });
            }
            Phase::Connect { until } if now.at >= until => {
                self.lost("no connection in time".into(), Duration::ZERO, now, out);
            }
            Phase::Login { until } if now.at >= until => {
                self.lost("no answer to the login".into(), Duration::ZERO, now, out);
            }
            Phase::Open { .. } => self.serve(now, out),
            Phase::Wait { .. } | Phase::Connect { .. } | Phase::Login { .. } => {}
        }
    }

    fn serve(&mut self, now: Now, out: &mut Vec<Action>) {
        let silent = self.heard.is_some_and(|heard| now.at >= heard.at.saturating_add(self.rules.silence));
        if silent {
            return self.lost("nothing was heard, not even a ping".into(), Duration::ZERO, now, out);
        }
        if self.ledger.deadline().is_some_and(|until| now.at >= until) {
            return self.lost("a request was not answered".into(), Duration::ZERO, now, out);
        }
        if self.work && !self.ledger.is_waiting() && now.at >= self.pace.free() {
            match self.ledger.send(&self.intent, &self.rules, now.at) {
                Some(request) => {
                    self.pace.hold(now.at.saturating_add(self.rules.spacing));
                    out.push(Action::Send { epoch: self.epoch, request });
                }
                None => {
                    self.work = false;
                    let full = self.ledger.crowd_out();
                    self.tell_full(&full, out);
                }
            }
        }
        for (id, set) in self.intent.sets() {
            let settled =
                |key| matches!(self.ledger.state(key), Some(State::Confirmed | State::Full | State::Rejected));
            if !set.ready && set.keys.iter().all(settled) {
                set.ready = true;
                out.push(Action::Notify(id, Notice::Ready));
            }
            if set.stale_at().is_some_and(|at| now.at >= at) {
                set.stale = true;
                out.push(Action::Notify(id, Notice::Stale { since: set.last_push }));
            }
        }
    }

    /// Nobody wants anything: whatever phase this is, it ends here.
    fn rest(&mut self, now: Now, out: &mut Vec<Action>) {
        if self.phase == Phase::Idle {
            return;
        }
        self.hang(now, out);
        self.phase = Phase::Idle;
        out.push(Action::End);
    }

    fn kicked(&mut self, now: Now, out: &mut Vec<Action>) {
        if self.strikes.kick(now.at, self.rules.kicks) {
            return self.give_up(Why::Kicked, now, out);
        }
        self.lost("another session took this place".into(), self.rules.kicked, now, out);
        let retry_in = self.until_next(now);
        out.extend(self.intent.ids().map(|set| Action::Notify(set, Notice::Kicked { retry_in })));
    }

    /// The connection is gone or of no use: another one after a pause.
    fn lost(&mut self, why: String, at_least: Duration, now: Now, out: &mut Vec<Action>) {
        if let Phase::Open { since } = self.phase {
            self.remember_gaps(now);
            if now.at.saturating_sub(since) >= self.rules.stable {
                self.backoff.reset();
            }
        }
        self.hang(now, out);
        let pause = self.backoff.pause().max(at_least);
        self.phase = Phase::Wait { until: now.at.saturating_add(pause) };
        for set in self.intent.ids() {
            out.push(Action::Notify(set, Notice::Disconnected { why: why.clone(), retry_in: pause }));
        }
    }

    /// Pushes may be missing from the last frame on: of what was registered, and of what was about to be.
    fn remember_gaps(&mut self, now: Now) {
        let from = self.heard.unwrap_or(now);
        let ledger = &self.ledger;
        for (_, set) in self.intent.sets() {
            for key in &set.keys {
                if ledger.had(key) && !set.gaps.contains_key(key) {
                    set.gaps.insert(key.clone(), from);
                }
            }
        }
    }

    fn hang(&mut self, now: Now, out: &mut Vec<Action>) {
        if matches!(self.phase, Phase::Connect { .. } | Phase::Login { .. } | Phase::Open { .. }) {
            out.push(Action::Hang { epoch: self.epoch });
            self.free = now.at.saturating_add(self.rules.pauses.0);
        }
        self.pings.clear();
        self.parting = None;
        self.ledger.lost(&self.intent, &self.rules);
        self.unsettled = true;
    }

    fn until_next(&self, now: Now) -> Duration {
        if let Phase::Wait { until } = self.phase { until.saturating_sub(now.at) } else { Duration::ZERO }
    }

    fn give_up(&mut self, why: Why, now: Now, out: &mut Vec<Action>) {
        out.extend(self.intent.ids().map(|set| Action::Notify(set, Notice::Closed(why.clone()))));
        let ids: Vec<SetId> = self.intent.ids().collect();
        for id in ids {
            self.intent.remove(id);
        }
        self.strikes = Strikes::default();
        self.rest(now, out);
    }
}
