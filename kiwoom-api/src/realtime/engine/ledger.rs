//! What the broker has of all that: for each key whether it is wanted, on its way or confirmed on this connection.

mod answers;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

pub(crate) use self::answers::Change;
use super::intent::{Intent, slots};
use super::key::{Key, KeyItem};
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
    /// Pushes of it may have come on this connection, wherever it stands now.
    seen: bool,
    /// The broker refused to let go of it before it was wanted again, so it may still count it.
    kept: bool,
}

impl Entry {
    fn fresh(rules: &Rules) -> Entry {
        Entry { state: State::Wanted, share: rules.batch, removals: 0, seen: false, kept: false }
    }
}

/// A request that waits for its answer.
#[derive(Clone, Debug)]
struct Flight {
    request: Request,
    until: Duration,
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

    /// A request is on its way.
    pub fn is_waiting(&self) -> bool {
        self.flight.is_some()
    }

    /// Until when the request on its way waits for its answer.
    pub fn deadline(&self) -> Option<Duration> {
        self.flight.as_ref().map(|flight| flight.until)
    }

    /// The search on its way.
    pub fn search(&self) -> Option<&Key> {
        match &self.flight.as_ref()?.request {
            Request::Search(key) => Some(key),
            _ => None,
        }
    }

    /// Somebody wants `key`. What was refused before is tried again.
    pub fn want(&mut self, key: &Key, rules: &Rules) {
        let fresh = Entry::fresh(rules);
        match self.entries.get_mut(key) {
            // the broker refused to let it go, so it may still send pushes
            Some(entry) if entry.state == State::Stuck => *entry = Entry { seen: true, kept: true, ..fresh },
            Some(entry) if matches!(entry.state, State::Full | State::Rejected) => {
                *entry = Entry { seen: entry.seen, kept: entry.kept, ..fresh };
            }
            Some(_) => {}
            None => drop(self.entries.insert(key.clone(), fresh)),
        }
    }

    /// Nobody wants `key` any more.
    pub fn forgo(&mut self, key: &Key) {
        if key.is_list()
            || key.is_once()
            || matches!(self.state(key), Some(State::Wanted | State::Full | State::Rejected))
        {
            match self.entries.get_mut(key).filter(|entry| entry.kept) {
                Some(entry) => entry.state = State::Stuck,
                None => drop(self.entries.remove(key)),
            }
        }
    }

    /// The connection is gone: everything that is still wanted has to be registered anew. What the broker refused stays so.
    pub fn lost(&mut self, intent: &Intent, rules: &Rules) {
        self.flight = None;
        self.listed = false;
        self.entries.retain(|key, _| intent.wants(key));
        for entry in self.entries.values_mut() {
            let state = if entry.state == State::Rejected { State::Rejected } else { State::Wanted };
            *entry = Entry { state, ..Entry::fresh(rules) };
        }
    }

    /// What the broker counts now, or may count.
    fn held(&self) -> impl Iterator<Item = &Key> {
        let counts = |state| matches!(state, State::Coming | State::Confirmed | State::Leaving | State::Stuck);
        self.entries.iter().filter(move |(_, entry)| entry.kept || counts(entry.state)).map(|(key, _)| key)
    }

    /// Whether some key is anything but confirmed.
    pub fn is_unsettled(&self) -> bool {
        self.entries.values().any(|entry| entry.state != State::Confirmed)
    }

    /// A push of `key` came, whatever was asked for: late, or because another key asks for the same.
    pub fn seen(&mut self, key: &Key) {
        if let Some(entry) = self.entries.get_mut(key) {
            entry.seen = true;
        }
    }

    /// Whether pushes of `key` may have come on this connection.
    pub fn had(&self, key: &Key) -> bool {
        let asked = |state| matches!(state, State::Coming | State::Confirmed | State::Leaving);
        self.entries.get(key).is_some_and(|entry| entry.seen || asked(entry.state))
    }

    /// The next request, if none is on its way: removals first, because they make room.
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
            }
        }
        self.flight = Some(Flight { request: request.clone(), until: now.saturating_add(rules.answer) });
        Some(request)
    }

    /// What is wanted and finds no room, when nothing can be sent any more: what the broker refuses to let go of holds the places.
    pub fn crowd_out(&mut self) -> Vec<Key> {
        let mut keys = Vec::new();
        for (key, entry) in self.entries.iter_mut().filter(|(_, entry)| entry.state == State::Wanted) {
            entry.state = State::Full;
            keys.push(key.clone());
        }
        keys
    }

    fn next(&self, intent: &Intent, rules: &Rules) -> Option<Request> {
        let leaving = self.batch(rules, |key, entry| entry.state == State::Confirmed && !intent.wants(key));
        match leaving.first() {
            Some(search) if search.is_search() => return Some(Request::Clear(search.clone())),
            Some(_) => return Some(Request::Remove(leaving)),
            None => {}
        }
        let mut taken: BTreeSet<&KeyItem> = slots(self.held());
        let coming = self.batch(rules, |key, entry| {
            let wanted = entry.state == State::Wanted && !key.is_search();
            let known = !key.item.takes_slot() || taken.contains(&key.item);
            wanted && (known || (taken.len() < rules.slots && taken.insert(&key.item)))
        });
        if !coming.is_empty() {
            return Some(Request::Register(coming));
        }
        let room = self.held().filter(|key| key.is_watch()).count() < rules.searches;
        let fits = |key: &Key, entry: &Entry| room || entry.kept || !key.is_watch();
        let wanted = |key: &Key, entry: &Entry| key.is_search() && entry.state == State::Wanted && fits(key, entry);
        let (search, _) = self.entries.iter().find(|(key, entry)| wanted(key, entry))?;
        match search.is_list() || !self.listed {
            true => Some(Request::Conditions),
            false => Some(Request::Search(search.clone())),
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
}
