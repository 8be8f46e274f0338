//! The state machine of live orders: replies, pushes and lists in, one state per order and events out.
//!
//! It has no clock, no socket and no task; it is told the time. It never sends anything: what it wants is a look at the lists.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::Duration;

use jiff::civil::Date;

use super::entry::{Offspring, Pending, Tracked};
use super::event::LiveEvent;
use super::facts::Finish;
use super::handle::Settled;
use super::looks::Looks;
use super::order::{LiveFill, LiveOrder, LiveStatus, Origin, Proof};
use super::report::{Report, ReportKind, Witness, number_of};
use super::sending::InFlight;
use crate::order::reconcile::row::bare;
use crate::order::{Action, Intent, OrderId, OrderRef};
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
            self.decide();
            self.doubt(now);
        }
    }

    /// An order of this client is found in the lists, by somebody who looked closer.
    pub fn found(&mut self, now: Duration, id: &OrderId, order: &OrderRef) {
        let Some(at) = self.sendings.iter().position(|sending| sending.intent.id == *id) else { return };
        let sending = self.sendings.swap_remove(at);
        let key = key_of(order.date, &order.number);
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
        entry.claimed = (proof == Proof::Push).then(|| sending.clone());
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

    /// The order that this one changes or cancels.
    pub(super) fn parent(&self, key: &Key) -> Option<Key> {
        let original = self.entries.get(key)?.order.original.as_ref()?;
        let parent = key_of(key.0, original);
        (parent != *key && self.entries.contains_key(&parent)).then_some(parent)
    }

    /// Notes a change or cancellation with the order that it is about, and what it took of it.
    fn adopt_by_parent(&mut self, key: &Key) {
        let Some(entry) = self.entries.get(key).filter(|entry| entry.is_request()) else { return };
        let Some(original) = entry.order.original.clone().filter(|number| !bare(number).is_empty()) else { return };
        let (heard, action, number) = (entry.heard, entry.action, entry.order.number.clone());
        // what a change was asked for may be more than it found
        let qty = if entry.is_cancellation() { entry.asked } else { entry.facts.sums().ordered };
        let took = qty.filter(|_| entry.confirmed && !entry.is_rejected());
        let parent = key_of(key.0, &original);
        if parent == *key {
            return;
        }
        let mut order = entry.order.clone();
        (order.number, order.original) = (original, None);
        let parent = self.entries.entry(parent).or_insert_with(|| Tracked::new(order, heard));
        if !parent.children.iter().any(|child| bare(child) == bare(&number)) {
            parent.children.push(number.clone());
        }
        if let (Some(qty), Some(action)) = (took, action) {
            if !parent.facts.is_taken_by(bare(&number)) {
                parent.listed = false;
            }
            parent.facts.taken(bare(&number), action, qty);
            // what can be changed or cancelled was in force
            parent.confirmed = true;
        }
    }

    fn offspring(&self, key: &Key) -> Offspring {
        let mut offspring = Offspring::default();
        let Some(entry) = self.entries.get(key) else { return offspring };
        for number in &entry.children {
            let Some(child) = self.entries.get(&key_of(key.0, number)) else { continue };
            if child.action != Some(Action::Modify) || child.is_rejected() {
                continue;
            }
            offspring.changes.push(number.clone());
            if !entry.facts.is_taken_by(bare(number)) {
                let qty = child.qty().map_or(Pending::All, Pending::Some);
                offspring.pending = match (offspring.pending, qty) {
                    (None, qty) => Some(qty),
                    (Some(Pending::Some(a)), Pending::Some(b)) => Some(Pending::Some(a + b)),
                    _ => Some(Pending::All),
                };
            }
        }
        offspring
    }

    /// As an order is shown now.
    pub fn view(&self, key: &Key) -> Option<LiveOrder> {
        Some(self.entries.get(key)?.view(self.offspring(key)))
    }

    /// Tells what is new about an order and those it is related to.
    fn touch_family(&mut self, key: &Key, hint: Option<LiveFill>) {
        self.touch(key, hint);
        if let Some(parent) = self.parent(key) {
            self.touch(&parent, None);
        }
        let children = self.entries.get(key).map_or(Vec::new(), |entry| entry.children.clone());
        for child in children {
            self.touch(&key_of(key.0, &child), None);
        }
    }

    /// Tells what is new about an order. `hint` is the fill that was just pushed.
    pub(super) fn touch(&mut self, key: &Key, hint: Option<LiveFill>) {
        let Some(view) = self.view(key) else { return };
        let Some(entry) = self.entries.get_mut(key) else { return };
        // of an order that only its change or cancellation named, nothing is known yet
        if entry.told.is_none() && view.ordered.is_zero() && entry.id.is_none() {
            return;
        }
        let order = || Box::new(view.clone());
        let mut events = Vec::new();
        let old = entry.told.replace(view.clone());
        let fresh = old.is_none() || old.as_ref().is_some_and(|old| old.origin != view.origin);
        if fresh && !entry.is_cancellation() && view.origin != Origin::Undecided {
            // those that only confirm what was told are none
            match (old.as_ref().map(|old| old.origin), view.origin) {
                (Some(Origin::Ours(_)), Origin::Ours(_)) => {}
                (_, Origin::Ours(_)) => events.push(LiveEvent::Accepted(order())),
                (Some(Origin::Ours(_)), _) => {
                    events.extend(
                        old.as_ref()
                            .and_then(|old| old.id.clone())
                            .map(|id| LiveEvent::Disowned { id, order: order() }),
                    );
                }
                _ => events.push(LiveEvent::Adopted(order())),
            }
        }
        let before = old.as_ref().map_or(Decimal::ZERO, |old| old.filled);
        let filled = view.filled - before;
        if filled > Decimal::ZERO {
            let fill = hint.filter(|hint| hint.qty == filled).unwrap_or_else(|| LiveFill {
                number: None,
                qty: filled,
                price: price_of(old.as_ref(), &view),
            });
            events.push(LiveEvent::Filled { fill, order: order() });
        }
        if let Some(old) = &old {
            events.extend(changed(old, &view));
        } else if view.status == LiveStatus::Rejected {
            events.push(LiveEvent::Rejected(order()));
        }
        if view.origin == Origin::Undecided {
            entry.held.extend(events);
            return;
        }
        let held = std::mem::take(&mut entry.held);
        if !held.is_empty() {
            // whose it is comes first, then what happened before that was known
            let first =
                events.iter().position(|event| matches!(event, LiveEvent::Filled { .. })).unwrap_or(events.len());
            let rest = events.split_off(first.min(1));
            events.extend(held.into_iter().map(|event| event.of(&view)));
            events.extend(rest);
        }
        self.events.extend(events);
    }

    /// Those that no reply can claim any more were placed elsewhere.
    fn decide(&mut self) {
        let undecided = self.entries.iter().filter(|(_, entry)| entry.origin == Origin::Undecided);
        let free = |entry: &Tracked| !self.sendings.iter().any(|sending| !sending.lost && sending.fits(entry));
        let free: Vec<Key> = undecided.filter(|(_, entry)| free(entry)).map(|(key, _)| key.clone()).collect();
        for key in free {
            self.entries.get_mut(&key).expect("it was found").origin = Origin::Elsewhere;
            self.touch(&key, None);
        }
    }

    /// Domestic orders end with their day.
    fn expire(&mut self, began: Duration, days: &[Date], today: Date) {
        let over = |key: &Key, entry: &Tracked| {
            let late = began >= entry.pushed.saturating_add(self.looks.delay);
            let domestic = entry.order.desk != crate::order::Desk::Us;
            key.0 < today && days.contains(&key.0) && domestic && late && entry.facts.ended().is_none()
        };
        let over = self.entries.iter().filter(|(key, entry)| over(key, entry)).map(|(key, _)| key.clone());
        for key in over.collect::<Vec<_>>() {
            let entry = self.entries.get_mut(&key).expect("it was found");
            if entry.facts.sums().remaining.is_none_or(|left| !left.is_zero()) {
                entry.facts.end(Finish::Expired);
                self.touch(&key, None);
            }
        }
    }

    /// Asks for a look where only the lists can tell.
    fn doubt(&mut self, now: Duration) {
        let mut doubts = self.sendings.iter().filter(|sending| sending.lost).count();
        for entry in self.entries.values() {
            let Some(view) = &entry.told else {
                doubts += 1;
                continue;
            };
            doubts += usize::from(entry.is_doubtful(view) || entry.origin == Origin::Ours(Proof::Push));
        }
        self.looks.wish(now, doubts);
    }

    /// Orders of earlier days that are done are not needed any more.
    fn forget(&mut self, today: Date) {
        let old = |day: Date| day.tomorrow().is_ok_and(|next| next < today);
        if self.entries.keys().any(|(day, _)| old(*day)) {
            self.nothing.clear();
        }
        self.entries.retain(|(day, _), entry| !(old(*day) && entry.told.as_ref().is_none_or(LiveOrder::is_done)));
        self.ids.retain(|_, key| self.entries.contains_key(key));
    }

    /// The days that a look must cover, besides today.
    pub fn days(&self) -> BTreeSet<Date> {
        let open = self.entries.iter().filter(|(_, entry)| entry.told.as_ref().is_none_or(|told| !told.is_done()));
        open.map(|((day, _), _)| *day).collect()
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

    /// The fills that were pushed.
    pub fn fills(&self, key: &Key) -> Vec<LiveFill> {
        self.entries.get(key).map_or(Vec::new(), |entry| entry.facts.pushed())
    }

    /// Every order, the earliest first.
    pub fn all(&self) -> impl Iterator<Item = &LiveOrder> {
        self.entries.values().filter_map(|entry| entry.told.as_ref())
    }
}

/// Takes over what an order is, from the first who says so.
fn describe(entry: &mut Tracked, report: &Report) {
    let order = &mut entry.order;
    if order.symbol.is_empty() {
        order.symbol.clone_from(&report.symbol);
    }
    if let Some(side) = report.side
        && entry.id.is_none()
    {
        order.side = side;
    }
    if order.venue.is_empty() {
        order.venue.clone_from(&report.venue);
    }
    if order.original.is_none() {
        order.original.clone_from(&report.original);
    }
    entry.action = entry.action.or(report.action);
    entry.price = entry.price.or(report.price);
    entry.average = report.average.or(entry.average);
    if entry.channel.is_empty() {
        entry.channel.clone_from(&report.channel);
    }
    if report.stage == ReportKind::Rejected && entry.reason.is_empty() {
        entry.reason.clone_from(&report.reason);
    }
}

/// Takes over the quantities; the fill, if it is a new one.
fn quantities(entry: &mut Tracked, report: &Report, late: bool) -> Option<LiveFill> {
    let positive = |qty: Option<Decimal>| qty.filter(|qty| *qty > Decimal::ZERO);
    let cancellation = entry.is_cancellation();
    let request = entry.is_request();
    let facts = &mut entry.facts;
    match positive(report.ordered) {
        Some(qty) if !request && report.filled.is_some() => facts.ordered_for_certain(qty),
        Some(qty) if !request => facts.ordered(qty),
        Some(qty) if entry.asked.is_none() || report.stage == ReportKind::Confirmed || report.filled.is_some() => {
            entry.asked = Some(qty)
        }
        _ => {}
    }
    match report.stage {
        ReportKind::Rejected => facts.end(Finish::Rejected),
        ReportKind::Confirmed => entry.confirmed = true,
        // of a cancellation, the exchange's word for its success
        ReportKind::Cancelled if cancellation => entry.confirmed = true,
        ReportKind::Accepted | ReportKind::Filled | ReportKind::Cancelled | ReportKind::Unknown => {}
    }
    let positive_left = positive(report.remaining).is_some();
    if report.stage != ReportKind::Rejected {
        // what a list shows after that time without a word of a refusal took effect, and so did a change that holds or
        // filled something
        entry.confirmed |= late || report.fill.is_some();
        entry.confirmed |= report.filled.is_some() && (positive_left || positive(report.filled).is_some());
    }
    if cancellation {
        return None;
    }
    // a change that is not in force has nothing left yet, and how many it will be about is not certain
    let holds = positive_left || positive(report.filled).is_some() || late;
    let in_force =
        !request || holds || matches!(report.stage, ReportKind::Filled | ReportKind::Cancelled | ReportKind::Confirmed);
    let is_asked_only = report.stage == ReportKind::Accepted && report.filled.is_none();
    if let Some(qty) = positive(report.ordered).filter(|_| request && in_force && !is_asked_only) {
        match report.filled {
            Some(_) => facts.ordered_for_certain(qty),
            None => facts.ordered(qty),
        }
    }
    let tells_left =
        matches!(report.stage, ReportKind::Accepted | ReportKind::Filled | ReportKind::Cancelled) && in_force;
    if let Some(left) = report.remaining.filter(|_| tells_left) {
        if late {
            facts.left_for_certain(left);
        }
        facts.left(left);
        if let Some(filled) = report.filled {
            facts.both(left, filled);
        }
        if let Some(value) = positive(report.value) {
            facts.worth(left, value);
        }
    }
    let (key, unit) = report.fill.clone()?;
    let (qty, price) = match (unit.qty, unit.reported) {
        (Some(qty), _) => (qty, unit.price),
        (None, Some((qty, price))) => (qty, Some(price)),
        (None, None) => return None,
    };
    let number = number_of(&key);
    facts.fill(key, unit).then_some(LiveFill { number, qty, price })
}

/// What the fills between two views cost each, if both values are known.
fn price_of(old: Option<&LiveOrder>, new: &LiveOrder) -> Option<Decimal> {
    let (before, worth) = match old {
        None => (Decimal::ZERO, Some(Decimal::ZERO)),
        Some(old) if old.filled.is_zero() => (Decimal::ZERO, Some(Decimal::ZERO)),
        Some(old) => (old.filled, old.value),
    };
    Some((new.value? - worth?) / (new.filled - before))
}

/// What is new besides fills.
fn changed(old: &LiveOrder, new: &LiveOrder) -> Option<LiveEvent> {
    let order = Box::new(new.clone());
    if old.status != new.status {
        match new.status {
            LiveStatus::Cancelled => return Some(LiveEvent::Cancelled(order)),
            LiveStatus::Replaced => return Some(LiveEvent::Replaced(order)),
            LiveStatus::Rejected => return Some(LiveEvent::Rejected(order)),
            LiveStatus::Expired => return Some(LiveEvent::Expired(order)),
            _ => {}
        }
    }
    let parts = |order: &LiveOrder| (order.ordered, order.cancelled, order.moved, order.price);
    let other = parts(old) != parts(new) || old.replaced_by != new.replaced_by;
    other.then_some(LiveEvent::Changed(order))
}
