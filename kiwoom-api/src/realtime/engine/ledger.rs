//! What the broker has of all that: for each key whether it is wanted, on its way or confirmed on this connection.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::input::{Answer, Verdict};
use super::intent::{Intent, slots};
use super::key::{Item, Key};
use super::request::{Kind, Request};
use super::rules::Rules;

/// Where a key is between the wish and the broker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// Somebody wants it; nothing was sent.
    Wanted,
    /// Sent, not yet answered.
    Coming,
    /// The broker said yes.
    Confirmed,
    /// Its removal was sent, and is not yet answered.
    Leaving,
    /// The broker has no room for it.
    Full,
    /// The broker refuses it.
    Rejected,
    /// Its removal was refused again and again: the broker may still count it.
    Stuck,
}

#[derive(Clone, Debug)]
struct Entry {
    state: State,
    /// With how many others it may travel: fewer after each refusal, until the one at fault is alone.
    share: usize,
    /// How often its removal was refused.
    removals: usize,
    /// It was asked for on this connection, or a push of it came.
    asked: bool,
}

impl Entry {
    fn fresh(rules: &Rules) -> Entry {
        Entry { state: State::Wanted, share: rules.batch, removals: 0, asked: false }
    }
}

/// A request that waits for its answer.
#[derive(Clone, Debug)]
struct Flight {
    request: Request,
    until: Duration,
}

/// What an answer changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Change {
    /// Nobody waited for it.
    Nothing,
    /// The request it belongs to goes out again, because it was too fast.
    TooFast,
    /// The broker does not know this connection.
    NotLoggedIn,
    /// These are registered now.
    Confirmed(Vec<Key>),
    /// There is no room for these.
    Full(Vec<Key>),
    /// These are refused.
    Rejected(Vec<Key>),
    /// Anything else.
    Moved,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Ledger {
    entries: BTreeMap<Key, Entry>,
    flight: Option<Flight>,
    /// The list of conditions was asked for on this connection.
    listed: bool,
}

impl Ledger {
    pub fn state(&self, key: &Key) -> Option<State> {
        self.entries.get(key).map(|entry| entry.state)
    }

    pub fn states(&self) -> impl Iterator<Item = (&Key, State)> {
        self.entries.iter().map(|(key, entry)| (key, entry.state))
    }

    /// Until when the request on its way waits for its answer.
    pub fn deadline(&self) -> Option<Duration> {
        self.flight.as_ref().map(|flight| flight.until)
    }

    /// Somebody wants `key`. What was refused before is tried again.
    pub fn want(&mut self, key: &Key, rules: &Rules) {
        let fresh = Entry::fresh(rules);
        match self.entries.get_mut(key) {
            // the broker refused to let it go, so it may still send pushes
            Some(entry) if entry.state == State::Stuck => *entry = Entry { asked: true, ..fresh },
            Some(entry) if matches!(entry.state, State::Full | State::Rejected) => *entry = fresh,
            Some(_) => {}
            None => drop(self.entries.insert(key.clone(), fresh)),
        }
    }

    /// Nobody wants `key` any more.
    pub fn forgo(&mut self, key: &Key) {
        if matches!(self.state(key), Some(State::Wanted | State::Full | State::Rejected)) {
            self.entries.remove(key);
        }
    }

    /// The connection is gone: everything that is still wanted has to be registered anew. What the broker refused stays so.
    pub fn lost(&mut self, intent: &Intent, rules: &Rules) {
        self.flight = None;
        self.listed = false;
        self.entries.retain(|key, _| intent.wants(key));
        for entry in self.entries.values_mut().filter(|entry| entry.state != State::Rejected) {
            *entry = Entry::fresh(rules);
        }
    }

    /// What the broker counts now, or may count.
    fn held(&self) -> impl Iterator<Item = &Key> {
        let counts = |state| matches!(state, State::Coming | State::Confirmed | State::Leaving | State::Stuck);
        self.entries.iter().filter(move |(_, entry)| counts(entry.state)).map(|(key, _)| key)
    }

    /// Whether something is wanted that was not asked for on this connection.
    pub fn has_wishes(&self) -> bool {
        self.entries.values().any(|entry| entry.state == State::Wanted)
    }

    /// A push of `key` came, whatever was asked for: one of before its removal may be late.
    pub fn seen(&mut self, key: &Key) {
        if let Some(entry) = self.entries.get_mut(key) {
            entry.asked = true;
        }
    }

    /// Whether pushes of `key` may have come on this connection: it was asked for and not refused.
    pub fn had(&self, key: &Key) -> bool {
        let asked = |entry: &&Entry| entry.asked && !matches!(entry.state, State::Full | State::Rejected);
        self.entries.get(key).filter(asked).is_some()
    }

    /// Whether [`send`](Ledger::send) would find something.
    pub fn has_work(&self, intent: &Intent, rules: &Rules) -> bool {
        self.flight.is_none() && self.next(intent, rules).is_some()
    }

    /// The next request, which is now on its way: removals first, because they make room.
    pub fn send(&mut self, intent: &Intent, rules: &Rules, now: Duration) -> Option<Request> {
        if self.flight.is_some() {
            return None;
        }
        let request = self.next(intent, rules)?;
        let state = match request.kind() {
            Kind::Register | Kind::Search => State::Coming,
            _ => State::Leaving,
        };
        for key in request.keys() {
            if let Some(entry) = self.entries.get_mut(key) {
                entry.state = state;
                entry.asked = true;
            }
        }
        self.flight = Some(Flight { request: request.clone(), until: now.saturating_add(rules.answer) });
        Some(request)
    }

    fn next(&self, intent: &Intent, rules: &Rules) -> Option<Request> {
        let leaving = self.batch(rules, |key, entry| entry.state == State::Confirmed && !intent.wants(key));
        match leaving.first() {
            Some(search) if search.is_search() => return Some(Request::Clear(search.clone())),
            Some(_) => return Some(Request::Remove(leaving)),
            None => {}
        }
        let mut taken: BTreeSet<&Item> = slots(self.held());
        let coming = self.batch(rules, |key, entry| {
            let wanted = entry.state == State::Wanted && !key.is_search();
            let known = !key.item.takes_slot() || taken.contains(&key.item);
            wanted && (known || (taken.len() < rules.slots && taken.insert(&key.item)))
        });
        if !coming.is_empty() {
            return Some(Request::Register(coming));
        }
        let room = self.held().filter(|key| key.is_search()).count() < rules.searches;
        let search = self.entries.iter().find(|(key, entry)| key.is_search() && entry.state == State::Wanted)?;
        match (room, self.listed) {
            (false, _) => None,
            (true, false) => Some(Request::Conditions),
            (true, true) => Some(Request::Search(search.0.clone())),
        }
    }

    /// Keys of one topic that may travel together; a search travels alone.
    fn batch<'a>(&'a self, rules: &Rules, mut fits: impl FnMut(&'a Key, &'a Entry) -> bool) -> Vec<Key> {
        let (mut keys, mut most) = (Vec::<Key>::new(), rules.batch);
        for (key, entry) in &self.entries {
            let other = keys.first().is_some_and(|first| first.topic != key.topic);
            if other || !fits(key, entry) {
                continue;
            }
            most = if key.is_search() { 1 } else { most.min(entry.share).max(1) };
            if keys.len() >= most {
                break;
            }
            keys.push(key.clone());
        }
        keys
    }

    /// Takes the answer to the request on its way.
    pub fn answered(&mut self, kind: Kind, number: Option<&str>, answer: &Answer, intent: &Intent, rules: &Rules) -> Change {
        let Some(flight) = self.flight.take_if(|flight| flight.request.is_answered_by(kind, number)) else {
            return Change::Nothing;
        };
        let request = flight.request;
        match answer.verdict {
            Verdict::NotLoggedIn => return Change::NotLoggedIn,
            Verdict::TooFast => {
                let back = if matches!(kind, Kind::Register | Kind::Search) { State::Wanted } else { State::Confirmed };
                request.keys().iter().for_each(|key| self.put(key, back, intent));
                return Change::TooFast;
            }
            _ => {}
        }
        let keys = request.keys().to_vec();
        match (kind, answer.verdict) {
            (Kind::Conditions, Verdict::Fine) => {
                self.listed = true;
                Change::Moved
            }
            (Kind::Conditions, verdict) => {
                // without the list there are no searches, and the same question gets the same answer
                let searches: Vec<Key> = self.entries.keys().filter(|key| key.is_search()).cloned().collect();
                self.refuse(searches, verdict, intent)
            }
            (Kind::Register | Kind::Search, Verdict::Fine) => {
                keys.iter().for_each(|key| self.put(key, State::Confirmed, intent));
                Change::Confirmed(keys)
            }
            (Kind::Register | Kind::Search, verdict) if keys.len() == 1 => self.refuse(keys, verdict, intent),
            (Kind::Register | Kind::Search, _) => self.split(keys, State::Wanted, intent),
            (Kind::Remove | Kind::Clear, Verdict::Fine) => {
                for key in &keys {
                    self.entries.remove(key);
                    if intent.wants(key) {
                        self.want(key, rules);
                    }
                }
                self.make_room(rules);
                Change::Moved
            }
            (Kind::Remove | Kind::Clear, _) if keys.len() == 1 => {
                if let Some(entry) = self.entries.get_mut(&keys[0]) {
                    entry.removals += 1;
                    let over = entry.removals >= rules.removals;
                    entry.state = if over { State::Stuck } else { State::Confirmed };
                    if over && intent.wants(&keys[0]) {
                        self.want(&keys[0], rules);
                    }
                }
                Change::Moved
            }
            (Kind::Remove | Kind::Clear, _) => self.split(keys, State::Confirmed, intent),
        }
    }

    /// There is room again for what found none.
    fn make_room(&mut self, rules: &Rules) {
        for entry in self.entries.values_mut().filter(|entry| entry.state == State::Full) {
            *entry = Entry::fresh(rules);
        }
    }

    fn refuse(&mut self, keys: Vec<Key>, verdict: Verdict, intent: &Intent) -> Change {
        let state = if verdict == Verdict::NoSlot { State::Full } else { State::Rejected };
        keys.iter().for_each(|key| self.put(key, state, intent));
        if state == State::Full { Change::Full(keys) } else { Change::Rejected(keys) }
    }

    fn split(&mut self, keys: Vec<Key>, back: State, intent: &Intent) -> Change {
        for key in &keys {
            if let Some(entry) = self.entries.get_mut(key) {
                entry.share = (keys.len() / 2).max(1);
            }
            self.put(key, back, intent);
        }
        Change::Moved
    }

    /// Moves `key` to `state`, or forgets it where nobody wants it and the broker does not have it.
    fn put(&mut self, key: &Key, state: State, intent: &Intent) {
        if let Some(entry) = self.entries.get_mut(key) {
            entry.state = state;
            if !intent.wants(key) {
                self.forgo(key);
            }
        }
    }
}
