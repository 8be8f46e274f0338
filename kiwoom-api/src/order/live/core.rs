//! What the task and the handles share: the book, the readers of its events, and those who wait for a change.

use std::sync::{Arc, Mutex, OnceLock, Weak};
use std::time::Duration;

use tokio::sync::watch;

use super::book::{Blotter, Said};
use super::event::LiveEvent;
use super::market::Place;
use super::stream::{Waiting, lock};
use crate::net::guard::Departure;
use crate::order::{Intent, OrderId, OrderRef, Orders};
use crate::{Clock, Outcome};

pub(super) struct Core {
    pub orders: Orders,
    pub place: Place,
    pub clock: Clock,
    inner: Mutex<Inner>,
    /// Counts what happened.
    pub changed: watch::Sender<u64>,
}

struct Inner {
    book: Blotter,
    readers: Vec<Weak<Mutex<Waiting>>>,
    standing: LiveStanding,
}

/// Where it stands.
#[derive(Clone, Debug, Default)]
pub(super) struct LiveStanding {
    pub primed: bool,
    /// The connection is gone, and that was told.
    pub lost: bool,
    /// Why it is over.
    pub ended: Option<LiveEvent>,
}

impl Core {
    pub fn new(orders: Orders, place: Place, (delay, every): (Duration, Duration)) -> Core {
        let clock = orders.client().clock().clone();
        let inner = Inner { book: Blotter::new(delay, every), readers: Vec::new(), standing: LiveStanding::default() };
        Core { orders, place, clock, inner: Mutex::new(inner), changed: watch::Sender::new(0) }
    }

    pub fn now(&self) -> Duration {
        self.clock.now()
    }

    /// Reads the book.
    pub fn read<T>(&self, read: impl FnOnce(&Blotter) -> T) -> T {
        read(&lock(&self.inner).book)
    }

    /// Changes the book, and tells everybody what came of it.
    pub fn change<T>(&self, change: impl FnOnce(&mut Blotter, Duration) -> T) -> T {
        let now = self.now();
        let mut inner = lock(&self.inner);
        let done = change(&mut inner.book, now);
        inner.publish();
        drop(inner);
        self.changed.send_modify(|count| *count += 1);
        done
    }

    pub fn standing(&self) -> LiveStanding {
        lock(&self.inner).standing.clone()
    }

    pub fn events(&self) -> Arc<Mutex<Waiting>> {
        let waiting = Arc::new(Mutex::new(Waiting::default()));
        let mut inner = lock(&self.inner);
        match inner.standing.ended {
            Some(_) => lock(&waiting).end(),
            None => inner.readers.push(Arc::downgrade(&waiting)),
        }
        waiting
    }

    /// Nothing comes any more.
    pub fn stop(&self) {
        let mut inner = lock(&self.inner);
        if inner.standing.ended.is_none() {
            inner.book.tell(LiveEvent::Ended);
            inner.publish();
        }
        for reader in inner.readers.drain(..).filter_map(|reader| reader.upgrade()) {
            lock(&reader).end();
        }
        drop(inner);
        self.changed.send_modify(|count| *count += 1);
    }
}

impl Inner {
    fn publish(&mut self) {
        self.readers.retain(|reader| reader.strong_count() > 0);
        for event in self.book.events() {
            match event {
                LiveEvent::Disconnected { .. } => self.standing.lost = true,
                LiveEvent::Connected | LiveEvent::Gap { .. } => self.standing.lost = false,
                _ => {}
            }
            match event {
                LiveEvent::Primed => self.standing.primed = true,
                LiveEvent::Disconnected { .. } | LiveEvent::Gap { .. } => self.standing.primed = false,
                _ if event.is_last() => self.standing.ended = Some(event.clone()),
                _ => {}
            }
            for reader in self.readers.iter().filter_map(Weak::upgrade) {
                lock(&reader).push(event.clone());
            }
        }
    }
}

/// One intent on its way. If its caller gives it up, it stays here, or its fate is unknown.
pub(super) struct Watched<'c> {
    core: &'c Core,
    id: OrderId,
    /// There once it may leave.
    pub departure: OnceLock<Departure>,
    over: bool,
}

impl<'c> Watched<'c> {
    pub fn new(core: &'c Core, intent: &Intent) -> Watched<'c> {
        core.change(|book, now| book.sent(now, intent.clone()));
        Watched { core, id: intent.id.clone(), departure: OnceLock::new(), over: false }
    }

    pub fn over(mut self, outcome: &Outcome<OrderRef>) {
        let said = match outcome {
            Outcome::Accepted(order) => Said::Accepted(order.clone()),
            Outcome::Rejected(_) | Outcome::NotSent(_) => Said::Nothing,
            Outcome::Unknown(_) => Said::Unknown,
        };
        self.over = true;
        self.core.change(|book, now| book.replied(now, &self.id, said));
    }
}

impl Drop for Watched<'_> {
    fn drop(&mut self) {
        if !self.over {
            let has_left = self.departure.get().is_some_and(|departure| !departure.withdraw());
            let said = if has_left { Said::Unknown } else { Said::Nothing };
            self.core.change(|book, now| book.replied(now, &self.id, said));
        }
    }
}
