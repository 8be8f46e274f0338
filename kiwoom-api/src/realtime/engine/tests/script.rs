//! What chance brings: faults, pushes, and users who come and go.

use std::collections::BTreeSet;
use std::time::Duration;

use super::super::*;
use super::world::{Owned, User, World};

const TOPICS: [&str; 3] = ["0B", "0D", "1h"];

impl World {
    pub(super) fn trouble(&mut self) {
        match self.random.u8(..12) {
            0..4 => self.say(0, Owned::Closed(Farewell::Lost("reset".into()))),
            4..6 if self.line.as_ref().is_some_and(|line| line.logged_in) => {
                self.tally.kicks += 1;
                let told = self.random.u8(..3);
                if told > 0 {
                    self.say(0, Owned::Kicked);
                }
                // one of both is enough
                let farewell = if told == 2 { Farewell::Lost("reset".into()) } else { Farewell::Kicked };
                self.say(1, Owned::Closed(farewell));
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

    pub(super) fn market(&mut self) {
        let Some(line) = &self.line else { return };
        let registered: Vec<Key> = line.registered.iter().cloned().collect();
        for _ in 0..self.random.usize(..4) {
            if registered.is_empty() {
                return;
            }
            let mut key = registered[self.random.usize(..registered.len())].clone();
            if !key.item.takes_slot() {
                // whoever names no item gets the pushes of all
                key = Key::topic(key.topic, KeyItem::of("777777"));
            }
            let ms = self.random.u64(..300);
            self.say(ms, Owned::Push(key));
        }
    }

    pub(super) fn user(&mut self) {
        let drop_one = !self.users.is_empty() && self.random.u8(..5) < 2;
        if drop_one {
            let at = self.random.usize(..self.users.len());
            let set = *self.users.keys().nth(at).expect("one of them");
            return self.drop_set(set);
        }
        let mut keys = Vec::new();
        for _ in 0..self.random.usize(1..10) {
            keys.push(match self.random.u8(..12) {
                0 => Key::topic("00", KeyItem::of("")),
                1 => Key::topic("1h", KeyItem::of("")),
                2 if self.random.bool() => Key::conditions(),
                2..4 => Key::search("02", &self.random.u8(..4).to_string()),
                _ => {
                    let item = format!("{:06}", self.random.u32(..20));
                    Key::topic(TOPICS[self.random.usize(..3)], KeyItem::of(&item))
                }
            });
        }
        if self.engine.check(&keys).is_err() {
            let all = || self.users.values().flat_map(|user| &user.keys).chain(&keys);
            let slots = super::super::intent::slots(all()).len();
            let searches = all().filter(|key| key.is_search() && !key.is_list()).collect::<BTreeSet<_>>().len();
            let due = slots > self.rules.slots || searches > self.rules.searches;
            return self.demand(due, "refused for want of room only");
        }
        let set = SetId(self.next_set);
        self.next_set += 1;
        self.users.insert(set, User { keys: keys.iter().cloned().collect(), ..User::default() });
        let stale_after = self.random.bool().then(|| Duration::from_secs(20));
        self.tell(Input::Subscribe { set, keys, stale_after });
    }

    pub(super) fn drop_set(&mut self, set: SetId) {
        self.users.remove(&set);
        let idle = self.engine.phase() == Phase::Idle;
        let actions = self.tell(Input::Drop(set));
        if self.users.is_empty() && !idle {
            self.demand(matches!(actions.last(), Some(Action::End)), "dropping the last set ends it in every phase");
        }
    }
}
