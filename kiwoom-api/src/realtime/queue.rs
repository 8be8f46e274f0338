//! What waits for the reader of one subscription: pushes by their policies, and events, in one order.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::task::Waker;

use super::event::Event;
use super::policy::{MOST, Policy};
use super::push::Push;

/// What a subscription yields.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Item {
    /// Data.
    Push(Push),
    /// What happened to the subscription.
    Event(Event),
}

/// What stands in a queue.
#[derive(Clone, Debug)]
pub(super) enum Stored {
    Item(Item),
    /// Everything that a condition finds now.
    Hits(Vec<String>),
}

/// A queue that never grows beyond the bounds of its policies; events are few and always kept.
#[derive(Default)]
pub(super) struct Queue {
    items: BTreeMap<u64, Stored>,
    next: u64,
    topics: HashMap<&'static str, Waiting>,
    /// The last event: nothing newer moves to before it.
    last_event: Option<u64>,
    /// Every key was registered or refused once.
    pub ready: bool,
    /// Nothing comes any more.
    pub ended: bool,
    pub waker: Option<Waker>,
}

#[derive(Default)]
struct Waiting {
    policy: Policy,
    order: VecDeque<u64>,
    latest: HashMap<Box<str>, u64>,
    dropped: u64,
}

impl Queue {
    pub fn new(policies: impl IntoIterator<Item = (&'static str, Policy)>) -> Queue {
        let of = |policy| Waiting { policy, ..Waiting::default() };
        Queue { topics: policies.into_iter().map(|(topic, policy)| (topic, of(policy))).collect(), ..Queue::default() }
    }

    pub fn event(&mut self, event: Event) {
        self.ended |= matches!(event, Event::Closed { .. });
        self.last_event = Some(self.next);
        self.items.insert(self.next, Stored::Item(Item::Event(event)));
        self.next += 1;
    }

    pub fn hits(&mut self, codes: Vec<String>) {
        self.last_event = Some(self.next);
        self.items.insert(self.next, Stored::Hits(codes));
        self.next += 1;
    }

    pub fn push(&mut self, push: Push) {
        let waiting = self.topics.entry(push.topic().id).or_default();
        let most = match waiting.policy {
            Policy::DropOldest(most) => most.max(1),
            Policy::Keep => MOST,
            Policy::Latest => {
                if let Some(old) = waiting.latest.get(push.symbol()).copied() {
                    // in its place, unless an event came after it: that one must not come after the newer data
                    if self.last_event.is_none_or(|event| event < old) {
                        self.items.insert(old, Stored::Item(Item::Push(push)));
                        return;
                    }
                    self.items.remove(&old);
                }
                waiting.latest.insert(push.symbol().into(), self.next);
                self.items.insert(self.next, Stored::Item(Item::Push(push)));
                self.next += 1;
                return;
            }
        };
        if waiting.order.len() >= most
            && let Some(oldest) = waiting.order.pop_front()
        {
            self.items.remove(&oldest);
            waiting.dropped += 1;
        }
        waiting.order.push_back(self.next);
        self.items.insert(self.next, Stored::Item(Item::Push(push)));
        self.next += 1;
    }

    /// The next item; before a push, what was dropped of its topic.
    pub fn pop(&mut self) -> Option<Stored> {
        let (at, item) = self.items.pop_first()?;
        let Stored::Item(Item::Push(push)) = &item else { return Some(item) };
        let topic = push.topic().id;
        let Some(waiting) = self.topics.get_mut(topic) else { return Some(item) };
        let dropped = std::mem::take(&mut waiting.dropped);
        if dropped > 0 {
            self.items.insert(at, item);
            return Some(Stored::Item(Item::Event(Event::Lagged { topic, dropped })));
        }
        if waiting.policy == Policy::Latest {
            waiting.latest.remove(push.symbol());
        } else {
            waiting.order.pop_front();
        }
        Some(item)
    }

    /// What the broker refused.
    pub fn refusal(&self) -> Option<&Event> {
        self.items.values().find_map(|entry| match entry {
            Stored::Item(Item::Event(event @ (Event::Rejected { .. } | Event::SlotsFull { .. }))) => Some(event),
            _ => None,
        })
    }

    #[cfg(test)]
    pub fn len(&self) -> usize {
        self.items.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::endpoint::{Effect, Meta, Mock, Protocol, Topic};
    use crate::record::{Keys, Record, Slot};

    #[derive(Clone, Default)]
    struct Number(i64);

    impl Record for Number {
        fn keys(&self) -> &'static Keys {
            &Keys { api: "", record: "Number", names: &[] }
        }

        fn slot(&mut self, _: usize) -> Slot<'_> {
            Slot::Const("")
        }
    }

    impl Topic for Number {
        const META: &'static Meta = &Meta {
            id: "0B",
            name: "Number",
            korean: "",
            menu: "",
            path: "/x",
            effect: Effect::Read,
            protocol: Protocol::Realtime,
            paged: false,
            mock: Mock::Yes,
        };
    }

    fn drain(queue: &mut Queue) -> Vec<String> {
        let say = |item| match item {
            Stored::Item(Item::Push(push)) => format!("{}={}", push.symbol(), push.of::<Number>().unwrap().0),
            Stored::Item(Item::Event(event)) => event.to_string(),
            Stored::Hits(codes) => codes.join(" "),
        };
        std::iter::from_fn(|| queue.pop()).map(say).collect()
    }

    #[test]
    fn the_oldest_goes_and_that_is_said_before_the_next() {
        let mut queue = Queue::new([("0B", Policy::DropOldest(2))]);
        (0..5).for_each(|n| queue.push(Push::new("A", Number(n))));
        assert_eq!(drain(&mut queue), ["3 pushes of 0B were dropped: the reader is slow", "A=3", "A=4"]);
        queue.push(Push::new("A", Number(5)));
        assert_eq!(drain(&mut queue), ["A=5"]);
    }

    #[test]
    fn the_newest_of_each_symbol_stays_and_never_passes_an_event() {
        let mut queue = Queue::new([("0B", Policy::Latest)]);
        queue.push(Push::new("A", Number(1)));
        queue.push(Push::new("B", Number(2)));
        queue.push(Push::new("A", Number(3)));
        queue.event(Event::Connected);
        queue.push(Push::new("B", Number(4)));
        assert_eq!(drain(&mut queue), ["A=3", "connected", "B=4"]);
    }

    #[test]
    fn a_queue_that_nobody_reads_stays_small() {
        let mut queue = Queue::new([("0B", Policy::DropOldest(100))]);
        (0..100_000).for_each(|n| queue.push(Push::new("A", Number(n))));
        assert_eq!(queue.len(), 100);
        let mut queue = Queue::new([("0B", Policy::Latest)]);
        (0..100_000).for_each(|n| queue.push(Push::new(["A", "B"][n as usize % 2], Number(n))));
        assert_eq!(queue.len(), 2);
    }
}
