//! A broker and its users, by a script of chance, and what must hold whatever they do.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::Duration;

use fastrand::Rng;
use jiff::{SignedDuration, Timestamp};

use super::super::*;
use super::checks::Past;
use super::tally::Tally;

/// A line that is on its way to the engine.
#[derive(Clone, Debug)]
pub enum Owned {
    Opened,
    Failed(Failure),
    Closed(Farewell),
    Login(Answer),
    Answered(Kind, Option<String>, Answer),
    Ping(String),
    Kicked,
    Push(Key),
    Other,
}

/// What happens next in the world.
#[derive(Clone, Debug)]
pub enum Event {
    Line(Epoch, Owned),
    /// The server says ping, and goes on to.
    Beat(Epoch),
    /// Somebody does something.
    User,
    /// Something breaks.
    Trouble,
    /// The market moves.
    Market,
}

#[derive(Clone, Debug, Default)]
pub struct Connection {
    pub epoch: Epoch,
    /// The engine heard that LOGIN was taken.
    pub welcome: bool,
    pub login_sent: bool,
    pub logged_in: bool,
    pub listed: bool,
    pub registered: BTreeSet<Key>,
    /// The engine heard that these are registered, and that the list of conditions came.
    pub told: BTreeSet<Key>,
    pub list_told: bool,
    /// Removal was refused.
    pub stuck: BTreeSet<Key>,
    pub open_request: Option<Request>,
    pub pings: VecDeque<String>,
    pub heard: Duration,
    /// Nothing comes through any more, and nobody said so.
    pub dead: bool,
}

#[derive(Clone, Debug, Default)]
pub struct User {
    pub keys: BTreeSet<Key>,
    /// Pushes of these came on this connection.
    pub seen: BTreeSet<Key>,
    /// Pushes of these may be missing, and nobody said so yet.
    pub owed: BTreeMap<Key, Duration>,
    pub refused: BTreeSet<Key>,
    pub ready: bool,
    /// It was told of a connection, and not yet of its end.
    pub online: bool,
}

pub struct World {
    pub(super) seed: u64,
    pub(super) random: Rng,
    pub(super) now: Duration,
    pub(super) engine: Engine,
    pub(super) rules: Rules,
    pub(super) events: BTreeMap<(Duration, u64), Event>,
    pub(super) order: u64,
    pub(super) line: Option<Connection>,
    pub(super) users: BTreeMap<SetId, User>,
    pub(super) next_set: u64,
    pub(super) sent: VecDeque<Duration>,
    pub(super) hung: Option<Duration>,
    pub(super) token_dead: bool,
    pub(super) faults: bool,
    /// The broker said once that it does not know the keys.
    pub(super) keys_refused: bool,
    /// This broker refuses to let go of what is registered.
    pub(super) stubborn: bool,
    pub(super) past: Past,
    /// The line at hand is the answer to the request on its way.
    pub(super) was_answered: bool,
    pub(super) tally: Tally,
    /// What happened; kept only when a schedule that failed is run again.
    pub(super) trace: Option<Vec<String>>,
}

impl World {
    /// One schedule, from the first wish to the last.
    pub fn run(seed: u64) -> Tally {
        World::traced(seed, None)
    }

    fn traced(seed: u64, trace: Option<Vec<String>>) -> Tally {
        let mut random = Rng::with_seed(seed);
        let mut rules = Rules::default();
        if random.bool() {
            (rules.slots, rules.batch, rules.searches) = (12, 4, 2);
        }
        if random.u8(..4) == 0 {
            // a pair of programs that fight for one place
            rules.kicks.0 = 1;
        }
        let stubborn = random.u8(..8) == 0;
        let mut world = World {
            seed,
            engine: Engine::new(rules.clone(), random.u64(..)),
            random,
            now: Duration::from_secs(1),
            rules,
            events: BTreeMap::new(),
            order: 0,
            line: None,
            users: BTreeMap::new(),
            next_set: 0,
            sent: VecDeque::new(),
            hung: None,
            token_dead: false,
            faults: true,
            keys_refused: false,
            stubborn,
            past: Past::default(),
            was_answered: false,
            tally: Tally::default(),
            trace,
        };
        world.live();
        world.settle();
        world.leave();
        world.tally
    }

    fn live(&mut self) {
        let steps = self.random.usize(10..60);
        self.after(0, Event::User);
        self.after(3_000, Event::Trouble);
        self.after(500, Event::Market);
        for _ in 0..steps * 4 {
            self.step();
        }
    }

    /// The faults end, but for a line that is dead: nobody says so. After a while all must be well.
    fn settle(&mut self) {
        self.faults = false;
        self.token_dead = false;
        self.events.retain(|_, event| matches!(event, Event::Line(..) | Event::Beat(_)));
        let end = self.now + Duration::from_secs(400);
        while self.next().is_some_and(|next| next <= end) {
            self.step();
        }
        self.now = end;
        self.check_quiet();
    }

    fn check_quiet(&mut self) {
        let wanted: BTreeSet<Key> = self.users.values().flat_map(|user| user.keys.iter().cloned()).collect();
        if wanted.is_empty() {
            self.demand(self.engine.phase() == Phase::Idle, "idle where nobody wants anything");
            return;
        }
        self.demand(matches!(self.engine.phase(), Phase::Open { .. }), "a connection when all is well");
        let states: BTreeMap<Key, State> = self.engine.states().map(|(key, state)| (key.clone(), state)).collect();
        let of = |wanted: &[State]| -> BTreeSet<Key> {
            states.iter().filter(|(_, state)| wanted.contains(state)).map(|(key, _)| key.clone()).collect()
        };
        let line = self.line.clone().unwrap_or_default();
        let (confirmed, refused, stuck) =
            (of(&[State::Confirmed]), of(&[State::Rejected, State::Full]), of(&[State::Stuck]));
        self.demand(of(&[State::Wanted, State::Coming, State::Leaving]).is_empty(), "nothing is left to do");
        self.demand(confirmed.union(&refused).cloned().collect::<BTreeSet<_>>() == wanted, "confirmed equals intent");
        let had: BTreeSet<Key> = confirmed.union(&stuck).filter(|key| !key.is_list()).cloned().collect();
        // what it refused to let go of may be refused when it is wanted again
        let more = line.registered.difference(&had).all(|key| line.stuck.contains(key));
        self.demand(had.is_subset(&line.registered) && more, "the broker has the same");
        for user in self.users.values() {
            self.demand(user.ready, "every set is ready");
            self.demand(user.owed.keys().all(|key| refused.contains(key)), "every gap was told");
            let refused: BTreeSet<Key> = user.keys.intersection(&refused).cloned().collect();
            self.demand(refused.is_subset(&user.refused), "every refusal was told");
        }
    }

    /// Everybody goes, and it ends at once.
    fn leave(&mut self) {
        for set in self.users.keys().copied().collect::<Vec<_>>() {
            self.drop_set(set);
        }
        self.demand(self.engine.phase() == Phase::Idle && self.engine.wake().is_none(), "the end");
        self.demand(self.line.is_none(), "no connection is left");
    }

    fn next(&self) -> Option<Duration> {
        let event = self.events.keys().next().map(|(at, _)| *at);
        event.into_iter().chain(self.engine.wake()).min()
    }

    fn step(&mut self) {
        let Some(next) = self.next() else { return };
        self.now = self.now.max(next);
        match self.events.first_key_value() {
            Some(((at, _), _)) if *at <= self.now => {
                let (_, event) = self.events.pop_first().expect("it was there");
                self.happen(event);
            }
            _ => {
                self.tell(Input::Tick);
                self.demand(self.engine.wake().is_none_or(|wake| wake > self.now), "time goes on");
            }
        }
        self.check_always();
    }

    pub(super) fn after(&mut self, ms: u64, event: Event) {
        self.order += 1;
        self.events.insert((self.now + Duration::from_millis(ms), self.order), event);
    }

    pub(super) fn say(&mut self, ms: u64, line: Owned) {
        if let Some(epoch) = self.line.as_ref().map(|line| line.epoch) {
            self.after(ms, Event::Line(epoch, line));
        }
    }

    fn happen(&mut self, event: Event) {
        match event {
            Event::User => {
                self.user();
                let pause = self.random.u64(1..8_000);
                self.after(pause, Event::User);
            }
            Event::Trouble => {
                self.trouble();
                let pause = self.random.u64(1..40_000);
                self.after(pause, Event::Trouble);
            }
            Event::Market => {
                self.market();
                let pause = self.random.u64(1..4_000);
                self.after(pause, Event::Market);
            }
            Event::Beat(epoch) => {
                if self.line.as_ref().is_some_and(|line| line.epoch == epoch) {
                    self.say(0, Owned::Ping(format!("{{\"trnm\":\"PING\",\"n\":{}}}", self.order)));
                    self.after(10_000, Event::Beat(epoch));
                }
            }
            Event::Line(epoch, line) => self.hear(epoch, line),
        }
    }

    /// A line arrives; what an older connection says goes to the engine as well, which must not listen.
    fn hear(&mut self, epoch: Epoch, owned: Owned) {
        let before = self.engine.phase();
        let current = self.line.as_mut().filter(|line| line.epoch == epoch);
        let live = current.is_some();
        self.was_answered = false;
        if let Some(line) = current {
            if line.dead {
                return;
            }
            if !matches!(owned, Owned::Closed(_) | Owned::Failed(_)) {
                line.heard = self.now;
            }
            match &owned {
                Owned::Login(answer) if answer.verdict == Verdict::Fine => line.welcome = true,
                Owned::Ping(text) => line.pings.push_back(text.clone()),
                Owned::Answered(kind, number, answer) => {
                    let own = line.open_request.take_if(|open| open.is_answered_by(*kind, number.as_deref()));
                    self.was_answered = own.is_some();
                    line.list_told |= self.was_answered && *kind == Kind::Conditions && answer.verdict == Verdict::Fine;
                    if let (Some(own), Verdict::Fine) = (own, answer.verdict) {
                        match own {
                            Request::Register(_) | Request::Search(_) => line.told.extend(own.keys().iter().cloned()),
                            _ => line.told.retain(|key| !own.keys().contains(key)),
                        }
                    }
                }
                _ => {}
            }
        }
        let number;
        let line = match &owned {
            Owned::Opened => Line::Opened,
            Owned::Failed(failure) => Line::Failed(failure.clone()),
            Owned::Closed(farewell) => Line::Closed(farewell.clone()),
            Owned::Login(answer) => Line::Login(answer.clone()),
            Owned::Answered(kind, asked, answer) => {
                number = asked.clone();
                Line::Answered(*kind, number.as_deref(), answer.clone())
            }
            Owned::Ping(text) => Line::Ping(text),
            Owned::Kicked => Line::System { code: "R10001" },
            Owned::Push(key) => Line::Push { topic: key.topic, item: key.item.code.as_str() },
            Owned::Other => Line::Other,
        };
        let actions = self.tell(Input::Line(epoch, line));
        if !live {
            self.demand(actions.is_empty(), "an older connection is not heard");
            return;
        }
        self.check_line(&owned, before, &actions);
        if let Owned::Push(key) = owned {
            self.pushed(&key, &actions);
        }
    }

    /// A push reaches each set that wants it, once, and nobody else.
    fn pushed(&mut self, key: &Key, actions: &[Action]) {
        let mut got = Vec::new();
        for action in actions {
            if let Action::Deliver(set) = action {
                got.push(*set);
            }
        }
        let blank = Key::topic(key.topic, KeyItem::of(""));
        let want: Vec<SetId> = self
            .users
            .iter()
            .filter(|(_, user)| user.keys.contains(key) || (!key.is_search() && user.keys.contains(&blank)))
            .map(|(set, _)| *set)
            .collect();
        got.sort();
        self.demand(got == want, "a push goes to those who want it, once");
        for set in &got {
            if let Some(user) = self.users.get_mut(set) {
                let own: Vec<Key> = user.keys.iter().filter(|own| *own == key || **own == blank).cloned().collect();
                user.seen.extend(own);
            }
        }
        self.tally.delivered += got.len() as u64;
    }

    pub(super) fn now(&self) -> Now {
        let wall = Timestamp::UNIX_EPOCH + SignedDuration::try_from(self.now).expect("a short life");
        Now { at: self.now, wall }
    }

    pub(super) fn tell(&mut self, input: Input<'_>) -> Vec<Action> {
        let worth_noting = self.trace.is_some() && !matches!(input, Input::Line(_, Line::Ping(_)));
        if let Some(trace) = self.trace.as_mut().filter(|_| worth_noting) {
            trace.push(format!("{:?} {input:?}", self.now));
        }
        let push = match &input {
            Input::Line(_, Line::Push { topic, item }) => Some(((*topic).to_owned(), (*item).to_owned())),
            _ => None,
        };
        let mut actions = Vec::new();
        self.engine.on(input, self.now(), &mut actions);
        if let Some(trace) = self.trace.as_mut().filter(|_| worth_noting) {
            trace.extend(actions.iter().map(|action| format!("    {action:?}")));
        }
        for action in &actions {
            self.perform(action, push.as_ref());
        }
        actions
    }

    pub(super) fn check_slots(&self) {
        let Some(line) = &self.line else { return };
        let counted = super::super::intent::slots(line.registered.iter()).len();
        self.demand(counted <= self.rules.slots, "slots are kept");
    }

    fn perform(&mut self, action: &Action, push: Option<&(String, String)>) {
        match action {
            Action::Dial { epoch, renew } => self.dial(*epoch, *renew),
            Action::Login { epoch } => self.login(*epoch),
            Action::Send { epoch, request } => self.serve(*epoch, request),
            Action::Echo { epoch, text } => {
                let line = self.line.as_mut().filter(|line| line.epoch == *epoch && line.welcome);
                let expected = line.and_then(|line| line.pings.pop_front());
                self.demand(expected.as_ref() == Some(text), "a ping comes back as it is, after the login");
            }
            Action::Hang { epoch } => {
                self.demand(self.line.as_ref().is_some_and(|line| line.epoch == *epoch), "it hangs up what it has");
                self.hang();
            }
            Action::Deliver(set) => {
                let (topic, item) = push.expect("there is a push");
                let user = &self.users[set];
                let owes = user
                    .owed
                    .keys()
                    .any(|key| key.topic == topic && (key.item.code.as_str() == item || !key.item.takes_slot()));
                self.demand(!owes, "a gap is told before the first item after it");
            }
            Action::Unwanted => {}
            Action::Notify(set, notice) => self.noticed(*set, notice),
            Action::End => {
                self.demand(self.users.is_empty() && self.line.is_none(), "it ends when nobody is left");
                self.tally.ended += 1;
            }
        }
    }

    fn noticed(&mut self, set: SetId, notice: &Notice) {
        self.demand(self.users.contains_key(&set), "nobody else is told");
        let Some(user) = self.users.get_mut(&set) else { return };
        match notice {
            Notice::Gap { keys, from, to } => {
                self.tally.gaps += 1;
                let mut good = from.at <= to.at && to.at == self.now;
                for key in keys {
                    // told from the last sign of life of the connection that was lost first
                    good &= user.owed.remove(key).is_none_or(|since| from.at <= since) && user.keys.contains(key);
                }
                self.demand(good, "a gap covers what may be missing");
            }
            Notice::SlotsFull { keys } => {
                user.refused.extend(keys.iter().cloned());
                self.tally.full += 1;
            }
            Notice::Rejected { key, .. } => user.refused.extend([key.clone()]),
            Notice::Ready => {
                let again = std::mem::replace(&mut user.ready, true);
                let line = self.line.as_ref();
                let told =
                    |key: &Key| line.is_some_and(|line| line.told.contains(key) || (key.is_list() && line.list_told));
                let settled = user.keys.iter().all(|key| told(key) || user.refused.contains(key));
                self.demand(!again && settled, "ready once, when everything is answered");
            }
            Notice::Connected => user.online = true,
            Notice::Disconnected { .. } => user.online = false,
            Notice::Closed(why) => {
                self.tally.closed += 1;
                let due = self.keys_refused || !matches!(why, Why::Keys(_));
                self.demand(due, "it is over for a reason");
                self.users.remove(&set);
            }
            _ => {}
        }
    }

    /// The connection is gone: what its sets had on it may be missing from its last frame on.
    fn hang(&mut self) {
        let Some(line) = self.line.take() else { return };
        self.hung = Some(self.now);
        for user in self.users.values_mut() {
            let seen = std::mem::take(&mut user.seen);
            for key in user.keys.iter().filter(|key| line.told.contains(key) || seen.contains(key)) {
                user.owed.entry(key.clone()).or_insert(line.heard);
            }
        }
    }

    #[track_caller]
    pub(super) fn demand(&self, holds: bool, what: &str) {
        if !holds {
            self.fail(what);
        }
    }

    #[track_caller]
    pub(super) fn fail(&self, what: &str) {
        let Some(trace) = &self.trace else {
            // the same once more, noting what happens
            World::traced(self.seed, Some(Vec::new()));
            panic!("seed {}: not so: {what}, but only once", self.seed);
        };
        let from = trace.len().saturating_sub(200);
        panic!("seed {}: not so: {what}\n{}", self.seed, trace[from..].join("\n"));
    }
}
