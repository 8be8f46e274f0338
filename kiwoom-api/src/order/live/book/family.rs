//! Orders and the changes and cancellations of them: who belongs to whom, and what one took of another.

use super::super::entry::{Offspring, Pending, Tracked};
use super::super::order::LiveFill;
use super::{Blotter, Key, key_of};
use crate::order::Action;
use crate::order::reconcile::row::bare;

impl Blotter {
    /// The order that this one changes or cancels.
    pub(in crate::order::live) fn parent(&self, key: &Key) -> Option<Key> {
        let original = self.entries.get(key)?.order.original.as_ref()?;
        let parent = key_of(key.0, original);
        (parent != *key && self.entries.contains_key(&parent)).then_some(parent)
    }

    /// Notes a change or cancellation with the order that it is about, and what it took of it.
    pub(super) fn adopt_by_parent(&mut self, key: &Key) {
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

    pub(super) fn offspring(&self, key: &Key) -> Offspring {
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

    /// Tells what is new about an order and those it is related to.
    pub(super) fn touch_family(&mut self, key: &Key, hint: Option<LiveFill>) {
        self.touch(key, hint);
        if let Some(parent) = self.parent(key) {
            self.touch(&parent, None);
        }
        let children = self.entries.get(key).map_or(Vec::new(), |entry| entry.children.clone());
        for child in children {
            self.touch(&key_of(key.0, &child), None);
        }
    }
}
