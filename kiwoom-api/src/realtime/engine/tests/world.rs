//! A broker and its users, by a script of chance, and what must hold whatever they do.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::Duration;

use fastrand::Rng;
use jiff::{SignedDuration, Timestamp};

use super::super::*;

const TOPICS: [&str; 3] = ["0B", "0D", "1h"];

/// What a run reached, so that nobody takes an idle script for a proof.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    pub delivered: u64,
    gaps: u64,
    connections: u64,
    kicks: u64,
    dead_tokens: u64,
    refusals: u64,
    late: u64,
    lost: u64,
    doubled: u64,
    full: u64,
    removed: u64,
    closed: u64,
    searches: u64,
    ended: u64,
}

impl Tally {
    pub fn all(&self) -> [(&'static str, u64); 14] {
        [
            ("a delivery", self.delivered),
            ("a gap", self.gaps),
            ("a connection", self.connections),
            ("a kick", self.kicks),
            ("a dead token", self.dead_tokens),
            ("a refusal", self.refusals),
            ("a late answer", self.late),
            ("a lost answer", self.lost),
            ("a doubled answer", self.doubled),
            ("a full broker", self.full),
            ("a removal", self.removed),
            ("a stop rule", self.closed),
            ("a search", self.searches),
            ("an end", self.ended),
        ]
    }

    pub fn add(&mut self, other: &Tally) {
        for (to, from) in [
            (&mut self.delivered, other.delivered),
            (&mut self.gaps, other.gaps),
            (&mut self.connections, other.connections),
            (&mut self.kicks, other.kicks),
            (&mut self.dead_tokens, other.dead_tokens),
            (&mut self.refusals, other.refusals),
            (&mut self.late, other.late),
            (&mut self.lost, other.lost),
            (&mut self.doubled, other.doubled),
            (&mut self.full, other.full),
            (&mut self.removed, other.removed),
            (&mut self.closed, other.closed),
            (&mut self.searches, other.searches),
            (&mut self.ended, other.ended),
        ] {
            *to += from;
        }
    }
}

/// A line that is on its way to the engine.
#[derive(Clone, Debug)]
enum Owned {
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
enum Event {
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
struct Connection {
    epoch: Epoch,
    /// The engine heard that LOGIN was taken.
    welcome: bool,
    login_sent: bool,
    logged_in: bool,
    listed: bool,
    registered: BTreeSet<Key>,
    /// The engine heard that these are registered, or a push of them.
    told: BTreeSet<Key>,
    /// Removal was refused.
    stuck: BTreeSet<Key>,
    open_request: Option<Request>,
    pings: VecDeque<String>,
    heard: Duration,
    /// Nothing comes through any more, and nobody said so.
    dead: bool,
}

#[derive(Clone, Debug, Default)]
struct User {
    keys: BTreeSet<Key>,
    /// Pushes of these may be missing, and nobody said so yet.
    owed: BTreeMap<Key, Duration>,
    refused: BTreeSet<Key>,
    ready: bool,
}

pub struct World {
    seed: u64,
    random: Rng,
    now: Duration,
    engine: Engine,
    rules: Rules,
    events: BTreeMap<(Duration, u64), Event>,
    order: u64,
    line: Option<Connection>,
    users: BTreeMap<SetId, User>,
    next_set: u64,
    sent: VecDeque<Duration>,
    hung: Option<Duration>,
    token_dead: bool,
    faults: bool,
    tally: Tally,
    /// What happened; kept only when a schedule that failed is run again.
    trace: Option<Vec<String>>,
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

    /// The faults end. After a while all must be well.
    fn settle(&mut self) {
        self.faults = false;
        self.token_dead = false;
        self.events.retain(|_, event| matches!(event, Event::Line(..) | Event::Beat(_)));
        if let Some(line) = &mut self.line
            && line.dead
        {
            line.dead = false;
        }
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
        self.demand(confirmed.union(&stuck).cloned().collect::<BTreeSet<_>>() == line.registered, "the broker has the same");
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
    }

    fn after(&mut self, ms: u64, event: Event) {
        self.order += 1;
        self.events.insert((self.now + Duration::from_millis(ms), self.order), event);
    }

    fn say(&mut self, ms: u64, line: Owned) {
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
        let current = self.line.as_mut().filter(|line| line.epoch == epoch);
        let live = current.is_some();
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
        } else if let Owned::Push(key) = owned {
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
        let blank = Key::topic(key.topic, Item::of(""));
        let want: Vec<SetId> = self
            .users
            .iter()
            .filter(|(_, user)| user.keys.contains(key) || (!key.is_search() && user.keys.contains(&blank)))
            .map(|(set, _)| *set)
            .collect();
        got.sort();
        self.demand(got == want, "a push goes to those who want it, once");
        if let Some(line) = &mut self.line {
            line.told.insert(key.clone());
            if line.registered.contains(&blank) {
                line.told.insert(blank);
            }
        }
        self.tally.delivered += got.len() as u64;
    }

    fn now(&self) -> Now {
        let wall = Timestamp::UNIX_EPOCH + SignedDuration::try_from(self.now).expect("a short life");
        Now { at: self.now, wall }
    }

    fn tell(&mut self, input: Input<'_>) -> Vec<Action> {
        if let Some(trace) = &mut self.trace {
            trace.push(format!("{:?} {input:?}", self.now));
        }
        let push = match &input {
            Input::Line(_, Line::Push { topic, item }) => Some(((*topic).to_owned(), (*item).to_owned())),
            _ => None,
        };
        let mut actions = Vec::new();
        self.engine.on(input, self.now(), &mut actions);
        if let Some(trace) = &mut self.trace {
            trace.extend(actions.iter().map(|action| format!("    {action:?}")));
        }
        for action in &actions {
            self.perform(action, push.as_ref());
        }
        self.check_slots();
        actions
    }

    fn check_slots(&mut self) {
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
                let owes = user.owed.keys().any(|key| {
                    key.topic == topic && (key.item.code.as_str() == item || !key.item.takes_slot())
                });
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
                self.demand(!again, "ready once");
            }
            Notice::Closed(why) => {
                self.tally.closed += 1;
                let due = self.faults || !matches!(why, Why::Keys(_));
                self.demand(due, "it is over for a reason");
                self.users.remove(&set);
            }
            _ => {}
        }
    }

    fn dial(&mut self, epoch: Epoch, renew: bool) {
        self.demand(self.line.is_none(), "one connection at a time");
        let rested = self.hung.is_none_or(|hung| self.now >= hung + self.rules.pauses.0 / 2);
        self.demand(rested, "a pause before each connection");
        self.demand(!self.users.is_empty(), "somebody wants a connection");
        self.tally.connections += 1;
        if renew {
            self.token_dead = false;
        }
        self.line = Some(Connection { epoch, ..Connection::default() });
        let ms = self.random.u64(1..900);
        match self.chance() {
            0..12 => self.say(ms, Owned::Failed(Failure::Line("refused".into()))),
            12..15 => self.say(ms, Owned::Failed(Failure::Keys("8001".into()))),
            15..18 => {}
            18..20 => self.say(ms, Owned::Closed(Farewell::Lost("1000 in the handshake".into()))),
            _ => self.say(ms, Owned::Opened),
        }
    }

    fn login(&mut self, epoch: Epoch) {
        let dead = self.token_dead;
        let line = self.line.as_mut().filter(|line| line.epoch == epoch && !line.login_sent);
        let Some(line) = line else { return self.fail("one login on a connection") };
        line.login_sent = true;
        line.logged_in = !dead;
        let ms = self.random.u64(1..400);
        if self.random.u8(..5) == 0 {
            self.say(ms / 2, Owned::Ping("{\"trnm\":\"PING\"}".into()));
        }
        if dead {
            self.tally.dead_tokens += 1;
            let answer = Answer { verdict: Verdict::NotLoggedIn, code: "805004".into(), message: String::new() };
            return self.say(ms, Owned::Login(answer));
        }
        match self.chance() {
            0..3 => {
                let answer = Answer { verdict: Verdict::Refused, code: "8050".into(), message: String::new() };
                self.say(ms, Owned::Login(answer));
            }
            3..6 => {}
            6..8 => self.say(ms, Owned::Closed(Farewell::Lost("R10004".into()))),
            _ => {
                self.say(ms, Owned::Login(Answer::fine()));
                self.after(ms + 10_000, Event::Beat(epoch));
            }
        }
    }

    fn serve(&mut self, epoch: Epoch, request: &Request) {
        let line = self.line.clone().filter(|line| line.epoch == epoch && line.welcome && line.logged_in);
        let Some(mut line) = line else { return self.fail("no request before the login is answered") };
        self.demand(line.open_request.is_none(), "one request at a time");
        self.sent.push_back(self.now);
        self.sent.retain(|at| *at + Duration::from_secs(1) > self.now);
        self.demand(self.sent.len() <= 5, "the rate is kept");
        let keys = request.keys();
        self.demand(keys.len() <= self.rules.batch && keys.iter().all(|key| key.topic == keys[0].topic), "small batches");
        self.demand(keys.iter().collect::<BTreeSet<_>>().len() == keys.len(), "no key twice in a request");
        let (verdict, code) = match self.chance() {
            0..3 => (Verdict::TooFast, "105110"),
            3..8 => (Verdict::Refused, "105101"),
            8..11 => (Verdict::NoSlot, "105115"),
            11..12 => (Verdict::NotLoggedIn, "100013"),
            _ => (Verdict::Fine, ""),
        };
        if verdict == Verdict::Fine {
            match request {
                Request::Register(keys) => {
                    let twice = keys.iter().any(|key| line.registered.contains(key) && !line.stuck.contains(key));
                    self.demand(!twice, "nothing is registered twice");
                    line.registered.extend(keys.iter().cloned());
                }
                Request::Search(key) => {
                    self.demand(line.listed, "the list comes before a search");
                    self.demand(!line.registered.contains(key) || line.stuck.contains(key), "no search twice");
                    line.registered.insert(key.clone());
                    self.tally.searches += 1;
                }
                Request::Remove(keys) => {
                    line.registered.retain(|key| !keys.contains(key));
                    self.tally.removed += 1;
                }
                Request::Clear(key) => line.registered.retain(|known| known != key),
                Request::Conditions => line.listed = true,
            }
        } else {
            self.tally.refusals += 1;
            if matches!(request, Request::Remove(_) | Request::Clear(_)) {
                line.stuck.extend(keys.iter().cloned());
            }
        }
        line.open_request = Some(request.clone());
        self.line = Some(line);
        let number = match request {
            Request::Search(key) | Request::Clear(key) if self.random.bool() => {
                Some(format!("{}  ", key.item.code.as_str()))
            }
            _ => None,
        };
        let answer = Owned::Answered(request.kind(), number, Answer { verdict, code: code.into(), message: String::new() });
        let ms = self.random.u64(1..200);
        // a push may come before the answer
        if verdict == Verdict::Fine
            && self.random.u8(..4) == 0
            && let Request::Register(keys) = request
        {
            let key = keys[self.random.usize(..keys.len())].clone();
            self.say(ms / 2, Owned::Push(key));
        }
        match self.chance() {
            0..3 => self.tally.lost += 1,
            3..6 => {
                self.tally.late += 1;
                let late = self.random.u64(1_000..30_000);
                self.say(late, answer);
            }
            6..10 => {
                self.tally.doubled += 1;
                let again = ms + self.random.u64(..50);
                self.say(ms, answer.clone());
                self.say(again, answer);
            }
            _ => self.say(ms, answer),
        }
    }

    /// A number of 0 to 99; no fault when all is to be well.
    fn chance(&mut self) -> u32 {
        if self.faults { self.random.u32(..100) } else { 99 }
    }

    /// The connection is gone: what its sets had on it may be missing from its last frame on.
    fn hang(&mut self) {
        let Some(line) = self.line.take() else { return };
        self.hung = Some(self.now);
        for user in self.users.values_mut() {
            for key in user.keys.intersection(&line.told) {
                user.owed.entry(key.clone()).or_insert(line.heard);
            }
        }
    }

    fn trouble(&mut self) {
        match self.random.u8(..12) {
            0..4 => self.say(0, Owned::Closed(Farewell::Lost("reset".into()))),
            4..6 => {
                if self.line.as_ref().is_some_and(|line| line.logged_in) {
                    self.tally.kicks += 1;
                    if self.random.bool() {
                        self.say(0, Owned::Kicked);
                    }
                    self.say(1, Owned::Closed(Farewell::Kicked));
                }
            }
            6..8 => self.token_dead = true,
            8 => {
                if let Some(line) = &mut self.line {
                    line.dead = true;
                }
            }
            9 => self.say(0, Owned::Other),
            _ => {}
        }
    }

    fn market(&mut self) {
        let Some(line) = &self.line else { return };
        let registered: Vec<Key> = line.registered.iter().cloned().collect();
        for _ in 0..self.random.usize(..4) {
            if registered.is_empty() {
                return;
            }
            let mut key = registered[self.random.usize(..registered.len())].clone();
            if !key.item.takes_slot() {
                // whoever names no item gets the pushes of all
                key = Key::topic(key.topic, Item::of("777777"));
            }
            let ms = self.random.u64(..300);
            self.say(ms, Owned::Push(key));
        }
    }

    fn user(&mut self) {
        let drop_one = !self.users.is_empty() && self.random.u8(..5) < 2;
        if drop_one {
            let at = self.random.usize(..self.users.len());
            let set = *self.users.keys().nth(at).expect("one of them");
            return self.drop_set(set);
        }
        let mut keys = Vec::new();
        for _ in 0..self.random.usize(1..10) {
            keys.push(match self.random.u8(..12) {
                0 => Key::topic("00", Item::of("")),
                1 => Key::topic("1h", Item::of("")),
                2..4 => Key::search("02", &self.random.u8(..4).to_string()),
                _ => {
                    let item = format!("{:06}", self.random.u32(..20));
                    Key::topic(TOPICS[self.random.usize(..3)], Item::of(&item))
                }
            });
        }
        if self.engine.check(&keys).is_err() {
            let all = || self.users.values().flat_map(|user| &user.keys).chain(&keys);
            let slots = super::super::intent::slots(all()).len();
            let searches = all().filter(|key| key.is_search()).collect::<BTreeSet<_>>().len();
            let due = slots > self.rules.slots || searches > self.rules.searches;
            return self.demand(due, "refused for want of room only");
        }
        let set = SetId(self.next_set);
        self.next_set += 1;
        self.users.insert(set, User { keys: keys.iter().cloned().collect(), ..User::default() });
        let stale_after = self.random.bool().then(|| Duration::from_secs(20));
        self.tell(Input::Subscribe { set, keys, stale_after });
    }

    fn drop_set(&mut self, set: SetId) {
        self.users.remove(&set);
        let idle = self.engine.phase() == Phase::Idle;
        let actions = self.tell(Input::Drop(set));
        if self.users.is_empty() && !idle {
            self.demand(matches!(actions.last(), Some(Action::End)), "dropping the last set ends it in every phase");
        }
    }

    #[track_caller]
    fn demand(&self, holds: bool, what: &str) {
        if !holds {
            self.fail(what);
        }
    }

    #[track_caller]
    fn fail(&self, what: &str) {
        let Some(trace) = &self.trace else {
            // the same once more, noting what happens
            World::traced(self.seed, Some(Vec::new()));
            panic!("seed {}: not so: {what}, but only once", self.seed);
        };
        let from = trace.len().saturating_sub(60);
        panic!("seed {}: not so: {what}\n{}", self.seed, trace[from..].join("\n"));
    }
}
