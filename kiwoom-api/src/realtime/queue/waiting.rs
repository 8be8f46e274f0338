//! The pushes of one topic that nobody has read yet, by its policy.

mod volumes;

use std::collections::{BTreeMap, HashMap, VecDeque};

use self::volumes::Volumes;
use crate::realtime::event::Event;
use crate::realtime::meter::Lost;
use crate::realtime::policy::{MOST, Policy};
use crate::realtime::push::Push;
use crate::value::Word;

/// Each push has a place in the queue of its subscription.
pub(super) struct Waiting {
    pub topic: &'static str,
    policy: Policy,
    order: VecDeque<(u64, Push)>,
    /// The newest of each symbol, where only that counts.
    latest: BTreeMap<u64, Push>,
    places: HashMap<Word, u64>,
    dropped: u64,
    volumes: Option<Volumes>,
}

impl Waiting {
    pub fn new(topic: &'static str, policy: Policy) -> Waiting {
        Waiting {
            topic,
            policy,
            order: VecDeque::new(),
            latest: BTreeMap::new(),
            places: HashMap::new(),
            dropped: 0,
            volumes: None,
        }
    }

    pub fn check_volumes(&mut self) {
        self.volumes = Volumes::of(self.topic);
    }

    /// Trades that never came, as far as `push` shows it.
    pub fn missed(&mut self, push: &Push) -> Option<Event> {
        self.volumes.as_mut()?.missed(push)
    }

    /// Takes `push` at `place`; says what had to go for it.
    pub fn push(&mut self, push: Push, place: u64, last_said: Option<u64>) -> Lost {
        let most = match self.policy {
            Policy::DropOldest(most) => most.max(1),
            Policy::Keep => MOST,
            Policy::Latest => return self.put_latest(push, place, last_said),
        };
        let mut lost = Lost::Nothing;
        if self.order.len() >= most && self.order.pop_front().is_some() {
            self.dropped += 1;
            lost = Lost::Dropped;
        }
        self.order.push_back((place, push));
        lost
    }

    fn put_latest(&mut self, push: Push, place: u64, last_said: Option<u64>) -> Lost {
        let symbol = Word::new(push.symbol());
        let old = self.places.get(&symbol).copied();
        // in its place, unless an event came after it: that one must not come after the newer data
        let to = old.filter(|old| last_said.is_none_or(|said| said < *old)).unwrap_or(place);
        if let Some(old) = old.filter(|old| *old != to) {
            self.latest.remove(&old);
        }
        self.latest.insert(to, push);
        self.places.insert(symbol, to);
        if old.is_some() { Lost::Replaced } else { Lost::Nothing }
    }

    /// The place of the first one.
    pub fn first(&self) -> Option<u64> {
        match self.policy {
            Policy::Latest => self.latest.first_key_value().map(|(place, _)| *place),
            _ => self.order.front().map(|(place, _)| *place),
        }
    }

    pub fn pop(&mut self) -> Option<Push> {
        if self.policy != Policy::Latest {
            return self.order.pop_front().map(|(_, push)| push);
        }
        let (_, push) = self.latest.pop_first()?;
        self.places.remove(push.symbol());
        Some(push)
    }

    pub fn take_dropped(&mut self) -> u64 {
        std::mem::take(&mut self.dropped)
    }

    #[cfg(test)]
    pub fn len(&self) -> usize {
        self.order.len() + self.latest.len()
    }
}
