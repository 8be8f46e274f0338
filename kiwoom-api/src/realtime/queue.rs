//! What waits for the reader of one subscription: pushes by their policies, and events, in one order.

mod crowd;
mod waiting;

use std::collections::VecDeque;
use std::sync::Arc;
use std::task::Waker;

use self::waiting::Waiting;
use super::event::{Closed, Event};
use super::matches::Page;
use super::meter::Meter;
use super::policy::Policy;
use super::push::Push;
use super::snapshots::{Awaited, Snapshot};

/// What a subscription yields.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Item {
    /// Data.
    Push(Push),
    /// What happened to the subscription.
    Event(Event),
    /// An order book that was asked for by REST ([`Subscription::snapshots`](super::Subscription::snapshots)).
    Snapshot(Box<Snapshot>),
}

/// What stands in a queue.
#[derive(Clone, Debug)]
pub(super) enum Stored {
    Item(Item),
    /// Everything that a condition finds now.
    Hits(Vec<String>),
    /// One page of what a search found.
    Page(Page),
}

impl From<Push> for Item {
    fn from(push: Push) -> Item {
        Item::Push(push)
    }
}

impl From<Event> for Item {
    fn from(event: Event) -> Item {
        Item::Event(event)
    }
}

impl From<Snapshot> for Item {
    fn from(snapshot: Snapshot) -> Item {
        Item::Snapshot(Box::new(snapshot))
    }
}

/// A queue that never grows beyond the bounds of its policies; too many events become fewer (`crowd`).
#[derive(Default)]
pub(super) struct Queue {
    /// The place of the next one: each has its own, across topics and events.
    next: u64,
    /// What is no push, by its place.
    said: VecDeque<(u64, Stored)>,
    /// With so many of them it is time to make fewer.
    crowded: usize,
    topics: Vec<Waiting>,
    /// The last that is no push: nothing newer moves to before it.
    last_said: Option<u64>,
    /// Every key was registered or refused once.
    pub ready: bool,
    /// Nothing comes any more.
    pub ended: bool,
    pub waker: Option<Waker>,
    /// Counts what is dropped and what is handed out.
    pub meter: Arc<Meter>,
    /// Which order books are asked for by REST.
    pub awaited: Awaited,
}

impl Queue {
    pub fn new(policies: impl IntoIterator<Item = (&'static str, Policy)>) -> Queue {
        let topics = policies.into_iter().map(|(topic, policy)| Waiting::new(topic, policy)).collect();
        Queue { topics, ..Queue::default() }
    }

    /// Compares the cumulative volume of trades with their quantities from now on.
    pub fn check_volumes(&mut self) {
        self.topics.iter_mut().for_each(Waiting::check_volumes);
    }

    pub fn event(&mut self, event: Event) {
        self.ended |= matches!(event, Event::Closed { .. });
        self.say(Stored::Item(Item::Event(event)));
    }

    /// Items as they are, and nothing after them.
    #[cfg(feature = "testing")]
    pub fn fill(&mut self, items: impl IntoIterator<Item = Item>) {
        items.into_iter().for_each(|item| self.put(Stored::Item(item)));
        (self.ready, self.ended) = (true, true);
    }

    /// An order book by REST, unless a newer one was pushed meanwhile.
    pub fn snapshot(&mut self, snapshot: Snapshot, asked: u64) {
        if self.awaited.is_still(&snapshot.symbol, asked) {
            self.say(Stored::Item(Item::Snapshot(Box::new(snapshot))));
        }
    }

    pub fn say(&mut self, what: Stored) {
        self.put(what);
        self.thin_out();
    }

    fn put(&mut self, what: Stored) {
        self.last_said = Some(self.next);
        self.said.push_back((self.next, what));
        self.next += 1;
    }

    pub fn push(&mut self, push: Push) {
        let topic = push.topic().id;
        let at = match self.topics.iter().position(|waiting| waiting.topic == topic) {
            Some(at) => at,
            None => {
                self.topics.push(Waiting::new(topic, Policy::default()));
                self.topics.len() - 1
            }
        };
        self.awaited.pushed(topic, push.symbol());
        if let Some(missed) = self.topics[at].missed(&push) {
            self.event(missed);
        }
        let lost = self.topics[at].push(push, self.next, self.last_said);
        self.next += 1;
        self.meter.lost(lost);
    }

    /// The next item; before a push, what was dropped of its topic.
    pub fn pop(&mut self) -> Option<Stored> {
        let pushed = self.topics.iter().enumerate().filter_map(|(at, waiting)| Some((waiting.first()?, at))).min();
        let said = self.said.front().map(|(place, _)| *place);
        match (pushed, said) {
            (Some((push, at)), said) if said.is_none_or(|said| push < said) => {
                let waiting = &mut self.topics[at];
                let dropped = waiting.take_dropped();
                if dropped > 0 {
                    let topic = waiting.topic;
                    return Some(Stored::Item(Item::Event(Event::Lagged { topic, dropped })));
                }
                let push = waiting.pop()?;
                self.meter.taken(&push);
                Some(Stored::Item(Item::Push(push)))
            }
            _ => self.said.pop_front().map(|(_, what)| what),
        }
    }

    /// Why it is over, if that is said.
    pub fn why_closed(&self) -> Option<Closed> {
        self.said.iter().rev().find_map(|(_, entry)| match entry {
            Stored::Item(Item::Event(Event::Closed { why })) => Some(why.clone()),
            _ => None,
        })
    }

    /// What the broker refused.
    pub fn refusal(&self) -> Option<&Event> {
        self.said.iter().find_map(|(_, entry)| match entry {
            Stored::Item(Item::Event(event @ (Event::Rejected { .. } | Event::SlotsFull { .. }))) => Some(event),
            _ => None,
        })
    }

    #[cfg(test)]
    pub fn len(&self) -> usize {
        self.said.len() + self.topics.iter().map(Waiting::len).sum::<usize>()
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::endpoint::{Effect, Meta, Mock, Protocol, Topic};
    use crate::record::{Keys, Record, Slot};

    #[derive(Clone, Default)]
    pub struct Number(pub i64);

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
            Stored::Item(Item::Snapshot(snapshot)) => format!("book of {}", snapshot.symbol),
            Stored::Hits(codes) => codes.join(" "),
            Stored::Page(page) => format!("{page:?}"),
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
