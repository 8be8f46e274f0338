//! Who waits, and whose turn it is.
//!
//! First come, first served within a queue, one for each API; between queues, trades go first, then retries, then the
//! queue that was served longest ago. A plain state machine: it is told the time, returns whom to wake, and knows no
//! lock, no timer and no task.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::task::Waker;
use std::time::Duration;

use super::bucket::Bucket;
use super::rules::{Limits, Scope, Season, scopes};
use super::{LATE, Lane};
use crate::meta::Effect;

/// A place in a queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Ticket {
    pub queue: usize,
    pub place: u64,
}

/// The moment a step happens.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moment {
    pub now: Duration,
    pub season: Season,
    /// The season is about to change.
    pub near: bool,
}

/// What remains to be done after a step.
#[derive(Default)]
pub(super) struct After {
    wake: Vec<Waker>,
    drop: Vec<Waker>,
}

impl After {
    pub fn wake(self) {
        self.wake.into_iter().for_each(Waker::wake);
    }
}

/// The answer to a waiter.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Turn {
    /// It may go.
    Now,
    /// Not before then.
    Not(Duration),
}

#[derive(Debug)]
pub(super) struct Queues {
    limits: Limits,
    buckets: Vec<Bucket>,
    scopes: HashMap<Scope, usize>,
    queues: Vec<Queue>,
    /// The queues of an API: usually one, more if raw calls declare it differently.
    of_api: HashMap<Cow<'static, str>, Vec<usize>>,
    /// Places that have been granted but do not know it yet, and since when.
    granted: HashMap<Ticket, Duration>,
    /// No place can be granted before this.
    next: Duration,
    served: u64,
}

#[derive(Debug)]
pub(super) struct Queue {
    pub lane: Lane,
    /// Positions of buckets, in the order of [`scopes`].
    pub buckets: [usize; 5],
    waiting: BTreeMap<u64, Waiter>,
    places: u64,
    /// When it was last served, in grants.
    served: u64,
}

#[derive(Debug)]
struct Waiter {
    waker: Option<Waker>,
    /// It checks at this time, if nobody wakes it before.
    comes: Duration,
}

impl Queues {
    pub fn new(limits: Limits) -> Queues {
        let (buckets, queues, next) = (Vec::new(), Vec::new(), Duration::MAX);
        let (scopes, of_api, granted) = (HashMap::new(), HashMap::new(), HashMap::new());
        Queues { limits, buckets, scopes, queues, of_api, granted, next, served: 0 }
    }

    /// Takes the last place of its queue.
    pub fn enter(&mut self, lane: &Lane, moment: Moment) -> Ticket {
        let queue = self.queue(lane);
        let place = self.queues[queue].places;
        self.queues[queue].places += 1;
        let ticket = Ticket { queue, place };
        self.insert(ticket, moment);
        ticket
    }

    /// Whether it is the turn of `ticket`; if not, `waker` is called when it is.
    pub fn look(&mut self, ticket: Ticket, moment: Moment, waker: &Waker, after: &mut After) -> Turn {
        self.serve(moment, after);
        if let Some(since) = self.granted.remove(&ticket) {
            if moment.now.saturating_sub(since) <= LATE {
                return Turn::Now;
            }
            // its task was delayed: if it went now, it would go together with others
            self.give_back(ticket);
            self.insert(ticket, moment);
            self.serve(moment, after);
            if self.granted.remove(&ticket).is_some() {
                return Turn::Now;
            }
        }
        let queue = &self.queues[ticket.queue];
        let comes = self.ready(queue, moment.season).saturating_add(self.behind(queue, ticket.place, moment.season));
        if let Some(waiter) = self.queues[ticket.queue].waiting.get_mut(&ticket.place) {
            waiter.comes = comes;
            if !waiter.waker.as_ref().is_some_and(|known| known.will_wake(waker)) {
                after.drop.extend(waiter.waker.replace(waker.clone()));
            }
        }
        Turn::Not(comes)
    }

    /// Gives up a place that is no longer needed, whether it was its turn or not.
    pub fn leave(&mut self, ticket: Ticket, moment: Moment, after: &mut After) {
        if self.granted.remove(&ticket).is_some() {
            self.give_back(ticket);
        } else {
            let waiter = self.queues[ticket.queue].waiting.remove(&ticket.place);
            after.drop.extend(waiter.and_then(|waiter| waiter.waker));
        }
        self.stir(moment, after);
    }

    /// The bucket of each kind that `lane` takes its places from.
    pub fn buckets_of(&mut self, lane: &Lane) -> [&mut Bucket; 5] {
        let queue = self.queue(lane);
        let mine = self.queues[queue].buckets;
        self.buckets.get_disjoint_mut(mine).expect("one bucket for each scope")
    }

    /// Makes sure that the first of each queue checks in time after any change: all others wait behind it.
    pub fn stir(&mut self, moment: Moment, after: &mut After) {
        self.next = Duration::MAX;
        for index in 0..self.queues.len() {
            if self.queues[index].waiting.is_empty() {
                continue;
            }
            let ready = self.ready(&self.queues[index], moment.season);
            self.next = self.next.min(ready);
            if let Some(mut first) = self.queues[index].waiting.first_entry()
                && first.get().comes > ready
            {
                after.wake.extend(first.get_mut().waker.take());
            }
        }
    }

    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    pub fn all(&self) -> impl Iterator<Item = (&Queue, usize)> {
        self.queues.iter().map(|queue| (queue, queue.waiting.len()))
    }

    pub fn bucket(&self, index: usize) -> &Bucket {
        &self.buckets[index]
    }

    pub fn bucket_count(&self) -> usize {
        self.buckets.len()
    }

    /// Grants places to all whose turn it is.
    fn serve(&mut self, moment: Moment, after: &mut After) {
        if moment.now < self.next {
            return;
        }
        while let Some(queue) = self.first_in_turn(moment) {
            let Some((place, waiter)) = self.queues[queue].waiting.pop_first() else {
                break;
            };
            let ticket = Ticket { queue, place };
            self.served += 1;
            self.queues[queue].served = self.served;
            for index in self.queues[queue].buckets {
                self.buckets[index].take(moment.now, moment.season, ticket);
            }
            self.granted.insert(ticket, moment.now);
            after.wake.extend(waiter.waker);
        }
        self.stir(moment, after);
    }

    fn first_in_turn(&self, moment: Moment) -> Option<usize> {
        self.busy()
            .filter(|(_, queue)| self.ready(queue, moment.season) <= moment.now)
            .min_by_key(|(_, queue)| (queue.lane.effect == Effect::Read, queue.lane.standing, queue.served))
            .map(|(index, _)| index)
    }

    fn insert(&mut self, ticket: Ticket, moment: Moment) {
        // the one that enters checks next, so nobody needs to be woken
        self.queues[ticket.queue].waiting.insert(ticket.place, Waiter { waker: None, comes: Duration::ZERO });
        let ready = self.ready(&self.queues[ticket.queue], moment.season);
        self.next = self.next.min(ready);
    }

    fn give_back(&mut self, ticket: Ticket) {
        for index in self.queues[ticket.queue].buckets {
            self.buckets[index].give_back(ticket);
        }
    }

    fn busy(&self) -> impl Iterator<Item = (usize, &Queue)> {
        self.queues.iter().enumerate().filter(|(_, queue)| !queue.waiting.is_empty())
    }

    /// When the first of a queue may go.
    fn ready(&self, queue: &Queue, season: Season) -> Duration {
        queue.buckets.iter().map(|index| self.buckets[*index].ready(season)).max().unwrap_or_default()
    }

    /// How much later than the first of its queue a place has its turn, if those between stay and no other queue
    /// comes in between.
    fn behind(&self, queue: &Queue, place: u64, season: Season) -> Duration {
        let first = queue.waiting.first_key_value().map_or(place, |(first, _)| *first);
        let ahead = u32::try_from(place - first.min(place)).unwrap_or(u32::MAX);
        self.spacing(queue, season).saturating_mul(ahead)
    }

    fn spacing(&self, queue: &Queue, season: Season) -> Duration {
        let rates = queue.buckets.iter().filter_map(|index| self.buckets[*index].rate(season));
        rates.map(|rate| rate.spacing()).max().unwrap_or_default()
    }

    fn queue(&mut self, lane: &Lane) -> usize {
        let known = self.of_api.get(lane.api.as_ref()).into_iter().flatten();
        if let Some(index) = known.copied().find(|index| self.queues[*index].lane == *lane) {
            return index;
        }
        let buckets = scopes(lane).map(|scope| match self.scopes.get(&scope) {
            Some(index) => *index,
            None => {
                self.buckets.push(Bucket::new(self.limits.tariff(&scope, lane)));
                self.scopes.insert(scope, self.buckets.len() - 1);
                self.buckets.len() - 1
            }
        });
        let queue = Queue { lane: lane.clone(), buckets, waiting: BTreeMap::new(), places: 0, served: 0 };
        self.queues.push(queue);
        let index = self.queues.len() - 1;
        self.of_api.entry(lane.api.clone()).or_default().push(index);
        index
    }
}
