//! What is told: the difference between how an order was last told and how it is now.

use super::super::entry::Tracked;
use super::super::event::LiveEvent;
use super::super::order::{LiveFill, LiveOrder, LiveStatus, Origin};
use super::{Blotter, Key};
use crate::value::Decimal;

impl Blotter {
    /// Tells what is new about an order. `hint` is the fill that was just pushed.
    pub(in crate::order::live) fn touch(&mut self, key: &Key, hint: Option<LiveFill>) {
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
    pub(super) fn decide(&mut self) {
        let undecided = self.entries.iter().filter(|(_, entry)| entry.origin == Origin::Undecided);
        let free = |entry: &Tracked| !self.sendings.iter().any(|sending| !sending.lost && sending.fits(entry));
        let free: Vec<Key> = undecided.filter(|(_, entry)| free(entry)).map(|(key, _)| key.clone()).collect();
        for key in free {
            self.entries.get_mut(&key).expect("it was found").origin = Origin::Elsewhere;
            self.touch(&key, None);
        }
    }
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
