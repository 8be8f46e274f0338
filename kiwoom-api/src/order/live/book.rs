//! The state machine of live orders: replies, pushes and lists in, one state per order and events out.
//!
//! It has no clock, no socket and no task; it is told the time. It never sends anything: what it wants is a look at the lists.

mod family;
mod reading;
mod telling;
mod upkeep;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::Duration;

use jiff::civil::Date;

use self::reading::{describe, quantities};
use super::entry::Tracked;
use super::event::LiveEvent;
use super::handle::Settled;
use super::looks::Looks;
use super::order::{LiveFill, LiveOrder, Origin, Proof};
use super::report::{Report, Witness};
use super::sending::InFlight;
use crate::order::reconcile::row::bare;
use crate::order::{Action, Desk, Intent, OrderId, OrderRef};
use crate::value::{Decimal, OrderNo};

/// The day and the number without its zeros.
pub(super) type Key = (Date, Box<str>);

/// What a reply says.
#[derive(Clone, Debug)]
pub(super) enum Said {
    Accepted(OrderRef),
    /// Refused, or never sent.
    Nothing,
    /// Lost.
    Unknown,
}

/// All orders of one market.
pub(super) struct Blotter {
    pub(super) entries: BTreeMap<Key, Tracked>,
    /// What was sent and has no number yet.
    pub(super) sendings: Vec<InFlight>,
    pub(super) ids: BTreeMap<OrderId, Key>,
    /// How orders of this client are entered, in the broker's words.
    pub(super) channels: BTreeSet<String>,
    pub(super) looks: Looks,
    /// What is certainly not at the broker.
    nothing: BTreeSet<OrderId>,
    events: VecDeque<LiveEvent>,
}

pub(super) fn key_of(date: Date, number: &OrderNo) -> Key {
    (date, bare(number).into())
}

impl Blotter {
    /// Where an order stands. Korean midnight lies within a session of the US market, so another list may name the day before
    /// or after.
    pub fn key_for(&self, order: &OrderRef) -> Key {
        let key = key_of(order.date, &order.number);
        if order.desk != Desk::Us || self.entries.contains_key(&key) {
            return key;
        }
        let same = |key: &Key| self.entries.get(key).is_some_and(|entry| entry.order.symbol == order.symbol);
        let days = [order.date.yesterday(), order.date.tomorrow()].into_iter().flatten();
        days.map(|day| (day, key.1.clone())).find(same).unwrap_or(key)
    }

    /// With this delay of the lists, and a look at them at least so often.
    pub fn new(delay: Duration, every: Duration) -> Blotter {
        Blotter {
            entries: BTreeMap::new(),
            sendings: Vec::new(),
            ids: BTreeMap::new(),
            channels: BTreeSet::new(),
            looks: Looks::new(delay, every),
            nothing: BTreeSet::new(),
            events: VecDeque::new(),
        }
    }

    /// What happened since it was last asked.
    pub fn events(&mut self) -> impl Iterator<Item = LiveEvent> + '_ {
        self.events.drain(..)
    }

    pub(super) fn tell(&mut self, event: LiveEvent) {
        self.events.push_back(event);
    }

    /// An intent is about to leave.
    pub fn sent(&mut self, now: Duration, intent: Intent) {
        self.nothing.remove(&intent.id);
        self.sendings.push(InFlight::new(intent, now));
    }

    /// The one attempt is over.
    pub fn replied(&mut self, now: Duration, id: &OrderId, said: Said) {
        let Some(at) = self.sendings.iter().position(|sending| sending.intent.id == *id) else { return };
        match said {
            Said::Accepted(order) if order.is_numbered() => {
                let sending = self.sendings.swap_remove(at);
                let key = key_of(order.date, &order.number);
                let entry = self.entries.entry(key.clone()).or_insert_with(|| Tracked::new(order.clone(), now));
                entry.order = order;
                if let Some(qty) = sending.intent.qty {
                    let qty = Decimal::from(qty);
                    match sending.intent.action {
                        Action::Place => entry.facts.ordered_for_certain(qty),
                        Action::Modify | Action::Cancel => entry.asked = Some(qty),
                    }
                }
                self.own(&key, sending, Proof::Reply);
            }
            Said::Nothing => {
                self.sendings.swap_remove(at);
                self.nothing.insert(id.clone());
                self.tell(LiveEvent::NotPlaced { id: id.clone() });
            }
            Said::Accepted(_) | Said::Unknown => {
                self.sendings[at].lost = true;
                self.tell(LiveEvent::Unknown { id: id.clone() });
            }
        }
        self.claim();
        self.decide();
        self.doubt(now);
    }

    /// It was looked for long enough: it never arrived.
    pub fn not_placed(&mut self, now: Duration, id: &OrderId) {
        let before = self.sendings.len();
        self.sendings.retain(|sending| sending.intent.id != *id);
        if self.sendings.len() < before {
            self.nothing.insert(id.clone());
            self.tell(LiveEvent::NotPlaced { id: id.clone() });
            // one rival less
            self.claim();
            self.decide();
            self.doubt(now);
        }
    }

    /// An order of this client is found in the lists, by somebody who looked closer.
    pub fn found(&mut self, now: Duration, id: &OrderId, order: &OrderRef) {
        let Some(at) = self.sendings.iter().position(|sending| sending.intent.id == *id) else { return };
        let sending = self.sendings.swap_remove(at);
        let mut order = order.clone();
        let mut key = self.key_for(&order);
        if order.desk == Desk::Us && !self.entries.contains_key(&key) {
            order.date = sending.intent.date;
            key = key_of(order.date, &order.number);
        }
        let entry = self.entries.entry(key.clone()).or_insert_with(|| Tracked::new(order.clone(), now));
        if entry.order.venue.is_empty() {
            entry.order.venue.clone_from(&order.venue);
        }
        self.own(&key, sending, Proof::List);
        self.decide();
        self.doubt(now);
    }

    /// The sender of an order is known.
    pub(super) fn own(&mut self, key: &Key, sending: InFlight, proof: Proof) {
        let Some(entry) = self.entries.get_mut(key) else { return };
        // a push was taken for another one
        if let Some(other) = entry.id.take().filter(|other| *other != sending.intent.id) {
            self.ids.remove(&other);
            self.sendings.extend(entry.claimed.take());
            self.events.push_back(LiveEvent::Unknown { id: other });
        }
        // only the reply is final
        entry.claimed = (proof != Proof::Reply).then(|| sending.clone());
        let Intent { id, action, price, original, venue, .. } = sending.intent;
        (entry.origin, entry.id) = (Origin::Ours(proof), Some(id.clone()));
        entry.action = Some(action);
        entry.price = price.or(entry.price);
        if entry.order.original.is_none() {
            entry.order.original = original;
        }
        // a list may name the venue where it was routed to; a cancellation goes to the one that was sent
        if !venue.is_empty() {
            entry.order.venue = venue;
        }
        if !entry.channel.is_empty() {
            self.channels.insert(entry.channel.clone());
        }
        self.ids.insert(id, key.clone());
        self.adopt_by_parent(key);
        self.touch_family(key, None);
    }

    /// A push came.
    pub fn push(&mut self, now: Duration, report: Report) {
        self.apply(now, report, Witness::Push);
        self.claim();
        self.decide();
        self.doubt(now);
    }

    /// All pages of the lists of these days, whose reading began at that time. `today` is the broker's.
    pub fn listed(&mut self, now: Duration, began: Duration, rows: Vec<Report>, (days, today): (&[Date], Date)) {
        for row in rows {
            self.apply(now, row, Witness::List(began));
        }
        self.disown();
        self.claim();
        self.expire(began, days, today);
        self.forget(today);
        self.decide();
        if self.looks.read(now, began) {
            self.tell(LiveEvent::Primed);
        }
        self.doubt(now);
    }

    fn apply(&mut self, now: Duration, report: Report, witness: Witness) {
        if bare(&report.number).is_empty() {
            return;
        }
        let key = key_of(report.date, &report.number);
        let new = !self.entries.contains_key(&key);
        let entry = self.entries.entry(key.clone()).or_insert_with(|| {
            let order = OrderRef::new(report.desk, report.date, report.number.clone());
            Tracked::new(order.of(report.side.unwrap_or(crate::value::Side::Buy), report.symbol.clone()), now)
        });
        let late = match witness {
            Witness::Push => {
                entry.pushed = now;
                entry.listed = false;
                false
            }
            Witness::List(began) => began >= entry.pushed.saturating_add(self.looks.delay),
        };
        entry.listed |= late;
        describe(entry, &report);
        let hint = quantities(entry, &report, late);
        if new && self.sendings.iter().any(|sending| sending.fits(&self.entries[&key])) {
            self.entries.get_mut(&key).expect("just made").origin = Origin::Undecided;
        }
        self.adopt_by_parent(&key);
        if let Some(parent) = self.parent(&key)
            && witness == Witness::Push
        {
            self.entries.get_mut(&parent).expect("there is a parent").pushed = now;
        }
        self.touch_family(&key, hint);
    }

    /// As an order is shown now.
    pub fn view(&self, key: &Key) -> Option<LiveOrder> {
        Some(self.entries.get(key)?.view(self.offspring(key)))
    }

    pub fn connected(&mut self, now: Duration) {
        self.looks.connected(now);
    }

    /// What became of an intent; `None` as long as that is open.
    pub fn settled(&self, id: &OrderId) -> Option<Settled> {
        if let Some(entry) = self.ids.get(id).and_then(|key| self.entries.get(key)) {
            return Some(Settled::Placed(entry.order.clone()));
        }
        self.nothing.contains(id).then_some(Settled::NotPlaced)
    }

    /// Whether its reply is still to come.
    pub fn is_awaited(&self, id: &OrderId) -> bool {
        self.sendings.iter().any(|sending| sending.intent.id == *id && !sending.lost)
    }

    /// The fills that were pushed.
    pub fn fills(&self, key: &Key) -> Vec<LiveFill> {
        self.entries.get(key).map_or(Vec::new(), |entry| entry.facts.pushed())
    }

    /// Every order, the earliest first.
    pub fn all(&self) -> impl Iterator<Item = &LiveOrder> {
        self.entries.values().filter_map(|entry| entry.told.as_ref())
    }
}
