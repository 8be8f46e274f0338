//! What must hold across orders: no id is lost, every change is followed, and no quantity appears or disappears.

use super::super::super::chain::LiveChain;
use super::super::super::order::{LiveOrder, LiveStatus};
use super::super::broker::{DAY, Placed, name};
use super::{World, key_of};
use crate::order::Action;
use crate::value::Decimal;

impl World {
    /// At any moment: every intent that was sent has one fate, or is still looked for.
    pub(super) fn check_ids(&self) {
        for id in self.truth.keys() {
            let known = self.book.ids.get(id).is_some_and(|key| self.book.entries[key].id.as_ref() == Some(id));
            let nothing = !known && self.book.settled(id).is_some();
            let sought = self.book.sendings.iter().filter(|sending| sending.intent.id == *id).count();
            let fates = usize::from(known) + usize::from(nothing) + sought;
            self.must(fates == 1, || {
                format!("{id} has {fates} fates: known {known}, nothing {nothing}, sought {sought}")
            });
        }
    }

    /// At any moment after a list showed its orders: what was ordered at first is filled, left, cancelled, or not yet explained.
    pub(super) fn check_chains(&self) {
        for key in self.book.entries.keys().filter(|key| self.book.parent(key).is_none()) {
            let chain = self.book.chain(key).unwrap();
            let known = |order: &LiveOrder| {
                let certain = self.book.entries[&key_of(DAY, &order.order.number)].facts.is_certain();
                certain && !matches!(order.status, LiveStatus::Pending | LiveStatus::Request | LiveStatus::Rejected)
            };
            if !chain.orders.iter().all(known) {
                continue;
            }
            let sum = chain.filled + chain.remaining + chain.cancelled + chain.unexplained;
            self.must(sum == chain.ordered, || format!("the chain of {key:?} does not add up: {chain:?}"));
        }
    }

    /// In the end: the chain of each order is what the broker made of it.
    pub(super) fn compare_chains(&mut self) {
        let firsts: Vec<u32> = self
            .broker
            .orders
            .values()
            .filter(|order| order.wish.action == Action::Place)
            .map(|order| order.number)
            .collect();
        for first in firsts {
            let mut all = vec![first];
            let mut at = 0;
            while let Some(number) = all.get(at).copied() {
                all.extend(self.changes_of(number));
                at += 1;
            }
            self.tally.chains += u64::from(all.len() > 1);
            self.tally.long_chains += u64::from(all.len() > 2);
            for number in &all {
                let chain = self.book.chain(&key_of(DAY, &name(*number))).unwrap();
                self.compare_chain(&chain, &all);
            }
        }
    }

    /// The changes of an order that took effect.
    fn changes_of(&self, number: u32) -> Vec<u32> {
        let is_one = |order: &&Placed| {
            order.wish.original == Some(number) && order.wish.action == Action::Modify && !order.rejected
        };
        self.broker.orders.values().filter(is_one).map(|order| order.number).collect()
    }

    fn compare_chain(&self, chain: &LiveChain, all: &[u32]) {
        let mut numbers: Vec<u32> =
            chain.orders.iter().map(|order| order.order.number.as_str().parse().unwrap()).collect();
        numbers.sort_unstable();
        let mut wanted = all.to_vec();
        wanted.sort_unstable();
        self.must(numbers == wanted, || format!("the chain of {} is {wanted:?}: {chain:?}", all[0]));
        let sum = |part: fn(&Placed) -> i64| -> Decimal {
            all.iter().map(|number| Decimal::from(part(&self.broker.orders[number]))).sum()
        };
        let first = &self.broker.orders[&all[0]];
        let truth = [first.wish.qty.into(), sum(Placed::filled), sum(|order| order.left), sum(|order| order.cancelled)];
        let seen = [chain.ordered, chain.filled, chain.remaining, chain.cancelled];
        self.must(seen == truth, || format!("the chain of {} is {truth:?}: {chain:?}", all[0]));
        self.must(truth[1..].iter().sum::<Decimal>() == truth[0], || format!("the broker lost some: {truth:?}"));
        self.must(chain.unexplained.is_zero(), || format!("{chain:?}"));
        self.must(chain.is_done() == truth[2].is_zero(), || format!("{chain:?}"));
        let worth = sum(Placed::value);
        self.must(chain.value.is_none_or(|value| value == worth), || format!("worth {worth}: {chain:?}"));
    }
}
