//! What must hold of each order at any moment, and in the end: the broker is right.

use super::super::super::book::key_of;
use super::super::super::order::{LiveStatus, Origin, Proof};
use super::super::broker::{DAY, name};
use super::{EVERY, World};
use crate::order::{Action, Intent};
use crate::value::Decimal;

impl World {
    /// At any moment.
    pub(super) fn check(&self) {
        // every state would take ten times as long
        let rarely = if self.faults { 32 } else { 4 };
        if !self.order.is_multiple_of(rarely) {
            return;
        }
        for key in self.book.entries.keys() {
            let view = self.book.view(key).unwrap();
            let number: u32 = key.1.parse().unwrap();
            let Some(truth) = self.broker.orders.get(&number) else {
                self.must(false, || format!("{number} is made up"));
                continue;
            };
            if let Some(told) = self.book.entries[key].told.as_ref() {
                self.must(*told == view, || format!("{number} was told as {told:?}, and is {view:?}"));
            }
            if !truth.is_order() {
                continue;
            }
            let (filled, left) = (Decimal::from(truth.filled()), Decimal::from(truth.left));
            self.must(view.filled <= filled, || format!("{number} has {filled} filled: {view:?}"));
            if !matches!(view.status, LiveStatus::Pending | LiveStatus::Request | LiveStatus::Rejected) {
                self.must(view.remaining >= left, || format!("{number} has {left} left: {view:?}"));
                let sum = view.filled + view.remaining + view.cancelled + view.moved + view.unexplained;
                self.must(sum == view.ordered, || format!("{number} does not add up: {view:?}"));
            }
            if view.filled == filled && view.value.is_some() {
                self.must(view.value == Some(Decimal::from(truth.value())), || {
                    format!("{number} is worth {}: {view:?}", truth.value())
                });
            }
            let undecided = view.origin == Origin::Undecided;
            let told = self.told.get(&number).map_or(0, |told| told.0);
            self.must(undecided || view.filled == Decimal::from(told), || {
                format!("of {number}, {told} were told: {view:?}")
            });
        }
        if self.line.is_some() && !self.reading {
            let due = self.book.looks.next().is_some_and(|at| at <= self.time() + EVERY);
            self.must(due, || format!("nobody looks at the lists: {:?}", self.book.looks));
        }
        self.check_ids();
        self.check_chains();
        for (id, key) in &self.book.ids {
            let entry = &self.book.entries[key];
            let truth = self.truth[id].map(|number| key_of(DAY, &name(number)));
            // a push does not say who sent the order; everything else does
            let provisional = entry.origin == Origin::Ours(Proof::Push);
            self.must(provisional || truth.as_ref() == Some(key), || format!("{id} is {truth:?}, not {key:?}"));
        }
    }

    /// In the end, when the book is as the broker has it.
    pub(super) fn compare(&mut self) {
        self.must(self.primed, || "never primed".into());
        let mut exact = (0, 0);
        for (number, truth) in self.broker.orders.iter().filter(|(_, order)| order.is_order()) {
            let view = self.book.view(&key_of(DAY, &name(*number)));
            let Some(view) = view else {
                self.must(false, || format!("{number} is not there"));
                continue;
            };
            let all = [truth.filled(), truth.left, truth.cancelled, truth.moved].map(Decimal::from);
            let is_rejected = truth.rejected && truth.wish.action == Action::Modify;
            let seen = [view.filled, view.remaining, view.cancelled, view.moved];
            self.must(is_rejected || seen == all, || format!("{number} is {truth:?}: {view:?}"));
            self.must(view.is_done() == (truth.left == 0), || format!("{number} is {truth:?}: {view:?}"));
            let told = self.told.get(number);
            let told_qty = told.map_or(0, |told| told.0);
            self.must(told_qty == truth.filled(), || format!("of {number}, {told_qty} were told: {truth:?}"));
            if let Some(Some(value)) = told.map(|told| told.1) {
                // an average of several is rounded to 28 digits
                let off = (value - Decimal::from(truth.value())).abs();
                self.must(off < Decimal::new(1, 9), || format!("{number} was told to be worth {value}: {truth:?}"));
            }
            let complete = !self.lost_of.contains(number);
            self.must(view.value.is_some() || !complete, || format!("the value of {number} is lost: {view:?}"));
            match view.value {
                Some(_) => exact.0 += 1,
                None => exact.1 += 1,
            }
            let status = match truth {
                _ if truth.rejected => LiveStatus::Rejected,
                _ if truth.left > 0 => LiveStatus::Open,
                _ if truth.filled() == truth.wish.qty => LiveStatus::Filled,
                _ if truth.cancelled == 0 => LiveStatus::Replaced,
                _ => LiveStatus::Cancelled,
            };
            self.must(view.status == status, || format!("{number} is {status:?}, {truth:?}: {view:?}"));
            self.must(view.origin != Origin::Undecided, || format!("whose is {number}? {view:?}"));
            self.tally.open_in_the_end += u64::from(truth.left > 0);
        }
        self.tally.exact_values += exact.0;
        self.tally.unknown_values += exact.1;
        let mut settled = (0, 0);
        for (id, number) in &self.truth {
            let Some(number) = number else {
                self.must(!self.book.ids.contains_key(id), || format!("{id} never arrived"));
                continue;
            };
            match self.book.ids.get(id).map(|key| self.book.entries[key].origin) {
                Some(Origin::Ours(Proof::Reply)) => {}
                Some(Origin::Ours(Proof::List)) => settled.0 += 1,
                Some(Origin::Ours(Proof::Push)) => self.must(false, || format!("no list confirmed {id}")),
                _ => {
                    // only where others are alike
                    let intent = &self.intents[id];
                    let like = |other: &Intent| {
                        let parts = |intent: &Intent| {
                            (intent.action, intent.symbol.clone(), intent.original.clone(), intent.side)
                        };
                        parts(other) == parts(intent)
                    };
                    let alike = self.intents.values().filter(|other| like(other)).count();
                    self.must(alike > 1, || format!("{id} is {number}, and nobody knows"));
                    settled.1 += 1;
                }
            }
        }
        self.tally.settled_by_list += settled.0;
        self.tally.undecided_for_good += settled.1;
    }
}
