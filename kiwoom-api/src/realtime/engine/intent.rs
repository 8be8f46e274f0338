//! Who wants what: sets of subscriptions, counted by key, and the way of a push to its sets.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Duration;

use super::input::{Now, SetId};
use super::key::{Key, KeyItem};

/// All sets. A key that several of them want is registered once.
#[derive(Clone, Debug, Default)]
pub(crate) struct Intent {
    sets: BTreeMap<SetId, Set>,
    wanted: BTreeMap<Key, Vec<SetId>>,
    /// By topic and code, because a push knows no more of its key.
    routes: HashMap<&'static str, HashMap<Box<str>, Route>>,
}

/// Where pushes of one topic and code go.
#[derive(Clone, Debug, Default)]
struct Route {
    /// More than one where two exchanges list the same code.
    keys: Vec<Key>,
    sets: Vec<SetId>,
}

/// One set.
#[derive(Clone, Debug)]
pub(crate) struct Set {
    pub keys: Vec<Key>,
    /// Every key was registered or refused once.
    pub ready: bool,
    /// Since when pushes may be missing, until that is told.
    pub gaps: BTreeMap<Key, Now>,
    pub stale_after: Option<Duration>,
    pub last_push: Now,
    pub stale: bool,
}

impl Set {
    /// When its silence is worth a word.
    pub fn stale_at(&self) -> Option<Duration> {
        self.stale_after.filter(|_| !self.stale).map(|after| self.last_push.at.saturating_add(after))
    }
}

impl Intent {
    /// When the silence of a set is worth a word next.
    pub fn first_stale(&self) -> Option<Duration> {
        self.sets.values().filter_map(Set::stale_at).min()
    }

    pub fn is_empty(&self) -> bool {
        self.sets.is_empty()
    }

    /// Adds a set; a key that it names twice counts once.
    pub fn add(&mut self, id: SetId, keys: Vec<Key>, stale_after: Option<Duration>, now: Now) {
        let keys: Vec<Key> = keys.into_iter().collect::<BTreeSet<_>>().into_iter().collect();
        for key in &keys {
            self.wanted.entry(key.clone()).or_default().push(id);
            let route = self.routes.entry(key.topic).or_default().entry(key.item.code.as_str().into()).or_default();
            if !route.keys.contains(key) {
                route.keys.push(key.clone());
            }
            if !route.sets.contains(&id) {
                route.sets.push(id);
            }
        }
        let set = Set { keys, ready: false, gaps: BTreeMap::new(), stale_after, last_push: now, stale: false };
        self.sets.insert(id, set);
    }

    /// Takes a set away; gives the keys that nobody wants any more.
    pub fn remove(&mut self, id: SetId) -> Vec<Key> {
        let Some(set) = self.sets.remove(&id) else { return Vec::new() };
        let mut orphans = Vec::new();
        for key in set.keys {
            let Some(owners) = self.wanted.get_mut(&key) else { continue };
            owners.retain(|owner| *owner != id);
            let orphan = owners.is_empty();
            if let Some(codes) = self.routes.get_mut(key.topic)
                && let Some(route) = codes.get_mut(key.item.code.as_str())
            {
                route.sets.retain(|owner| *owner != id);
                route.keys.retain(|known| !orphan || *known != key);
                if route.sets.is_empty() {
                    codes.remove(key.item.code.as_str());
                }
            }
            if orphan {
                self.wanted.remove(&key);
                orphans.push(key);
            }
        }
        orphans
    }

    pub fn wants(&self, key: &Key) -> bool {
        self.wanted.contains_key(key)
    }

    /// The sets that want `key`.
    pub fn owners(&self, key: &Key) -> &[SetId] {
        self.wanted.get(key).map_or(&[], Vec::as_slice)
    }

    pub fn ids(&self) -> impl Iterator<Item = SetId> {
        self.sets.keys().copied()
    }

    pub fn sets(&mut self) -> impl Iterator<Item = (SetId, &mut Set)> {
        self.sets.iter_mut().map(|(id, set)| (*id, set))
    }

    /// Calls `each` with every set that a push of `topic` and `item` belongs to, and with the keys that it came by.
    ///
    /// An item with a venue (`005930_AL`) that nobody asked for belongs to its code (`BEHAVIOUR.md` W4). Whoever named no item
    /// gets all of them (W5).
    pub fn route(&mut self, topic: &str, item: &str, mut each: impl FnMut(SetId, &mut Set, [&[Key]; 2])) {
        let Some(codes) = self.routes.get(topic) else { return };
        let base = item.split_once('_').map(|(base, _)| base);
        let named = codes.get(item).or_else(|| codes.get(base?)).filter(|_| !item.is_empty());
        let all = codes.get("");
        for (route, other) in [(named, all), (all, named)] {
            let Some(route) = route else { continue };
            for id in &route.sets {
                let both = other.filter(|other| other.sets.contains(id));
                // a set that asked for both gets the push once, by its first way
                if (both.is_none() || std::ptr::eq(route, named.unwrap_or(route)))
                    && let Some(set) = self.sets.get_mut(id)
                {
                    each(*id, set, [&route.keys, both.map_or(&[], |other| &other.keys)]);
                }
            }
        }
    }

    /// The places for symbols that the sets take together with `more`.
    pub fn slots<'a>(&'a self, more: &'a [Key]) -> usize {
        slots(self.wanted.keys().chain(more)).len()
    }

    /// The condition searches that the sets take together with `more`.
    pub fn searches<'a>(&'a self, more: &'a [Key]) -> usize {
        self.wanted.keys().chain(more).filter(|key| key.is_watch()).collect::<BTreeSet<_>>().len()
    }
}

/// The symbols among `keys`: each takes one place, however many topics it has (`BEHAVIOUR.md` R13).
pub(crate) fn slots<'a>(keys: impl Iterator<Item = &'a Key>) -> BTreeSet<&'a KeyItem> {
    keys.filter(|key| !key.is_search() && key.item.takes_slot()).map(|key| &key.item).collect()
}
