//! What answers change in the ledger.

use super::{Entry, Ledger, State};
use crate::realtime::engine::input::{Answer, Verdict};
use crate::realtime::engine::intent::Intent;
use crate::realtime::engine::key::Key;
use crate::realtime::engine::request::Kind;
use crate::realtime::engine::rules::Rules;

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

impl Ledger {
    /// Takes the answer to the request on its way.
    pub fn answered(
        &mut self,
        kind: Kind,
        number: Option<&str>,
        answer: &Answer,
        intent: &Intent,
        rules: &Rules,
    ) -> Change {
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
                let lists = self.searches(|key, entry| key.is_list() && entry.state == State::Wanted);
                lists.iter().for_each(|key| self.put(key, State::Confirmed, intent));
                Change::Confirmed(lists)
            }
            (Kind::Conditions, verdict) => {
                // without the list there are no searches, and the same question gets the same answer
                let searches = self.searches(|_, entry| entry.state == State::Wanted);
                self.refuse(searches, verdict, intent)
            }
            (Kind::Register | Kind::Search, Verdict::Fine) => {
                for key in &keys {
                    if let Some(entry) = self.entries.get_mut(key) {
                        entry.kept = false;
                    }
                    self.put(key, State::Confirmed, intent);
                }
                Change::Confirmed(keys)
            }
            (Kind::Register | Kind::Search, verdict) if keys.len() == 1 => self.refuse(keys, verdict, intent),
            (Kind::Register | Kind::Search, _) => self.split(keys, State::Wanted, intent),
            (Kind::Remove | Kind::Clear, Verdict::Fine) => {
                for key in &keys {
                    self.entries.remove(key);
                    if intent.wants(key) {
                        // whoever came in the meantime may have had pushes of before
                        self.entries.insert(key.clone(), Entry { seen: true, ..Entry::fresh(rules) });
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
            *entry = Entry { seen: entry.seen, kept: entry.kept, ..Entry::fresh(rules) };
        }
    }

    fn searches(&self, which: impl Fn(&Key, &Entry) -> bool) -> Vec<Key> {
        let found = self.entries.iter().filter(|(key, entry)| key.is_search() && which(key, entry));
        found.map(|(key, _)| key.clone()).collect()
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
