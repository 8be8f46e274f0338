//! What is known of one order, as bounds that only get tighter: the order in which evidence comes does not matter.
//!
//! What was filled and what was taken away (cancelled, or moved to another number by a change) only grow, what is left only
//! shrinks. Every push and every row of a list is a lower bound of the former and an upper bound of the latter, so a push that
//! comes twice, late or never cannot make a fill count twice, and a stale list takes nothing back. The quantity left is a
//! clock of its own: it tells which fills a row of a list already contains.
//!
//! Fills come from FIDs 914 and 915, told apart by 909; nothing rests on 910 and 911 (`BEHAVIOUR.md` X7), save for US fills,
//! which have no others, and there only as far as the quantities agree.

use std::collections::BTreeMap;

use super::order::LiveFill;
use super::report::number_of;
use crate::order::Action;
use crate::value::Decimal;

/// Which fill it is: its number, with the venue that numbered it.
pub(super) type FillKey = (Box<str>, Box<str>);

/// One fill as it was pushed.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Unit {
    pub qty: Option<Decimal>,
    pub price: Option<Decimal>,
    /// Quantity and price that may be those of this fill or of all.
    pub reported: Option<(Decimal, Decimal)>,
    /// What the order had left after it.
    pub left: Option<Decimal>,
}

/// Why an order is over although something was left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Finish {
    Rejected,
    /// Its day is over.
    Expired,
}

/// Everything that is known of the quantities of one order.
#[derive(Clone, Debug, Default)]
pub(super) struct Facts {
    ordered: Option<Decimal>,
    /// That is what was ordered at first, and not what a broker may show after a part of it was taken away.
    certain: bool,
    /// The lowest quantity left that anything reported.
    left: Option<Decimal>,
    fills: BTreeMap<FillKey, Unit>,
    /// What was filled at the moments when so many were left, where both are known.
    both: BTreeMap<Decimal, Decimal>,
    /// What was left and what all fills were worth at one moment, the latest of which both are known.
    worth: Option<(Decimal, Decimal)>,
    /// What cancellations and changes took, by their numbers.
    taken: BTreeMap<Box<str>, (Action, Decimal)>,
    end: Option<Finish>,
}

/// The quantities that follow from the facts.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Sums {
    pub ordered: Option<Decimal>,
    pub filled: Decimal,
    pub remaining: Option<Decimal>,
    pub taken: Decimal,
    /// Neither left nor known to be filled or taken.
    pub unexplained: Decimal,
    /// What the fills are worth, if every one of them is known.
    pub value: Option<Decimal>,
}

/// A fill whose quantity is certain.
struct Certain {
    qty: Decimal,
    price: Option<Decimal>,
    left: Option<Decimal>,
}

impl Facts {
    pub fn ordered(&mut self, qty: Decimal) {
        self.ordered = Some(self.ordered.map_or(qty, |known| known.max(qty)));
    }

    /// The quantity is the first one: a list, or the one who sent it, says so.
    pub fn ordered_for_certain(&mut self, qty: Decimal) {
        self.ordered(qty);
        self.certain = true;
    }

    #[cfg(test)]
    pub fn is_certain(&self) -> bool {
        self.certain
    }

    pub fn left(&mut self, qty: Decimal) {
        self.left = Some(self.left.map_or(qty, |known| known.min(qty)));
    }

    /// The same by a list that is younger than every push: what nobody can explain is taken back.
    pub fn left_for_certain(&mut self, qty: Decimal) {
        self.left = Some(qty);
    }

    /// Whether the fill was not known before.
    pub fn fill(&mut self, key: FillKey, unit: Unit) -> bool {
        if let Some(left) = unit.left {
            self.left(left);
        }
        let new = !self.fills.contains_key(&key);
        self.fills.entry(key).or_insert(unit);
        new
    }

    /// `filled` at the moment when `left` was left.
    pub fn both(&mut self, left: Decimal, filled: Decimal) {
        let known = self.both.entry(left).or_insert(filled);
        *known = (*known).max(filled);
    }

    /// What all fills were worth when `left` was left.
    pub fn worth(&mut self, left: Decimal, value: Decimal) {
        let later = |known: (Decimal, Decimal)| left < known.0 || left == known.0 && value > known.1;
        if self.worth.is_none_or(later) {
            self.worth = Some((left, value));
        }
    }

    /// How many a change or cancellation took, as it is known now.
    pub fn taken(&mut self, by: &str, action: Action, qty: Decimal) {
        self.taken.insert(by.into(), (action, qty));
    }

    pub fn end(&mut self, end: Finish) {
        self.end.get_or_insert(end);
    }

    pub fn ended(&self) -> Option<Finish> {
        self.end
    }

    /// The fills as they were pushed, the earliest first.
    pub fn pushed(&self) -> Vec<LiveFill> {
        let mut fills: Vec<(&FillKey, &Unit)> = self.fills.iter().collect();
        fills.sort_by_key(|(_, fill)| std::cmp::Reverse(fill.left));
        let fill = |(key, fill): (&FillKey, &Unit)| {
            let reported = fill.reported.map(|(qty, _)| qty);
            let price = fill.price.or(fill.reported.map(|(_, price)| price));
            Some(LiveFill { number: number_of(key), qty: fill.qty.or(reported)?, price })
        };
        fills.into_iter().filter_map(fill).collect()
    }

    /// The fills of which the quantity is certain, the earliest first.
    fn units(&self) -> Vec<Certain> {
        let mut fills: Vec<&Unit> = self.fills.values().collect();
        fills.sort_by_key(|fill| std::cmp::Reverse(fill.left));
        let mut before = self.ordered;
        let mut units = Vec::with_capacity(fills.len());
        for fill in fills {
            let own = before.zip(fill.left).map(|(before, left)| before - left);
            before = fill.left.or(before);
            match (fill.qty, fill.reported) {
                (Some(qty), _) => units.push(Certain { qty, price: fill.price, left: fill.left }),
                (None, Some((qty, price))) if own == Some(qty) => {
                    units.push(Certain { qty, price: Some(price), left: fill.left })
                }
                _ => {}
            }
        }
        units
    }

    pub fn sums(&self) -> Sums {
        let units = self.units();
        let mut filled: Decimal = units.iter().map(|unit| unit.qty).sum();
        for (left, known) in &self.both {
            filled = filled.max(known + sum(&units, Decimal::MIN, *left));
        }
        // of a quantity that may have shrunk, nothing is taken twice
        let mut taken: Decimal = self.taken.values().filter(|_| self.certain).map(|(_, qty)| *qty).sum();
        let Some(ordered) = self.ordered else {
            let value = self.value(filled, &units);
            return Sums { ordered: None, filled, remaining: self.left, taken, unexplained: Decimal::ZERO, value };
        };
        for (left, known) in &self.both {
            taken = taken.max(ordered - left - known);
        }
        let filled = filled.min(ordered);
        let taken = taken.min(ordered - filled).max(Decimal::ZERO);
        let rest = ordered - filled - taken;
        let left = self.left.map(|left| left.min(rest));
        let (remaining, taken, unexplained) = match (self.end, left) {
            // it takes no fills any more, so what is not known to be filled never was
            (Some(_), _) => (Some(Decimal::ZERO), taken + rest, Decimal::ZERO),
            (None, Some(left)) => (Some(left), taken, rest - left),
            (None, None) if filled.is_zero() && taken.is_zero() => (None, taken, Decimal::ZERO),
            (None, None) => (Some(rest), taken, Decimal::ZERO),
        };
        let value = self.value(filled, &units);
        Sums { ordered: Some(ordered), filled, remaining, taken, unexplained, value }
    }

    /// What `filled` is worth, if that is certain.
    fn value(&self, filled: Decimal, units: &[Certain]) -> Option<Decimal> {
        if let Some((qty, value)) = priced(units.iter())
            && qty == filled
        {
            return Some(value);
        }
        let (at, worth) = self.worth?;
        let after = |unit: &&Certain| unit.left.is_some_and(|left| left < at);
        let (late, late_value) = priced(units.iter().filter(after))?;
        (self.filled_at(at, units)? + late == filled).then(|| worth + late_value)
    }

    /// How many were filled when `at` was left, if what is known before and after leaves one answer.
    fn filled_at(&self, at: Decimal, units: &[Certain]) -> Option<Decimal> {
        let ordered = self.ordered?;
        let before = self.both.range(at..).map(|(left, known)| known + sum(units, at, *left));
        let least = before.fold(sum(units, at, ordered), Decimal::max);
        let after = self.both.range(..=at).map(|(left, known)| known - sum(units, *left, at));
        let most = after.fold(ordered - at, Decimal::min);
        (least == most).then_some(least)
    }

    /// What changes took to numbers of their own, and what cancellations took, as far as known.
    pub fn moved(&self) -> Decimal {
        let moved = self.taken.values().filter(|(action, _)| *action == Action::Modify);
        moved.map(|(_, qty)| *qty).sum()
    }

    pub fn is_taken_by(&self, number: &str) -> bool {
        self.taken.contains_key(number)
    }
}

/// The quantity of the fills after which at least `low` and less than `high` was left.
fn sum(units: &[Certain], low: Decimal, high: Decimal) -> Decimal {
    let within = |unit: &&Certain| unit.left.is_some_and(|left| left >= low && left < high);
    units.iter().filter(within).map(|unit| unit.qty).sum()
}

/// Quantity and value of these fills, if all prices are known.
fn priced<'u>(mut units: impl Iterator<Item = &'u Certain>) -> Option<(Decimal, Decimal)> {
    units.try_fold((Decimal::ZERO, Decimal::ZERO), |(qty, value), unit| {
        Some((qty + unit.qty, value + unit.qty * unit.price?))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(n: i64) -> Decimal {
        Decimal::from(n)
    }

    fn unit(qty: i64, price: i64, left: i64) -> Unit {
        Unit { qty: Some(d(qty)), price: Some(d(price)), reported: None, left: Some(d(left)) }
    }

    fn key(number: &str) -> FillKey {
        (Box::from("KRX"), number.into())
    }

    fn ten() -> Facts {
        let mut facts = Facts::default();
        facts.ordered_for_certain(d(10));
        facts.left(d(10));
        facts
    }

    #[test]
    fn fills_in_any_order_and_twice() {
        let mut facts = ten();
        assert!(facts.fill(key("2"), unit(3, 110, 2)));
        let half = facts.sums();
        assert_eq!((half.filled, half.remaining, half.unexplained), (d(3), Some(d(2)), d(5)));
        assert!(facts.fill(key("1"), unit(5, 100, 5)));
        assert!(!facts.fill(key("1"), unit(5, 100, 5)));
        let sums = facts.sums();
        assert_eq!((sums.filled, sums.remaining, sums.value), (d(8), Some(d(2)), Some(d(830))));
        assert!(sums.unexplained.is_zero());
    }

    #[test]
    fn a_list_and_the_fills_after_it() {
        let mut facts = ten();
        // the list knows a fill whose push was lost; another one comes after it
        facts.both(d(5), d(5));
        facts.fill(key("2"), unit(3, 110, 2));
        assert_eq!(facts.sums().filled, d(8));
        // that push comes after all: it is in the list already
        facts.fill(key("1"), unit(5, 100, 5));
        assert_eq!((facts.sums().filled, facts.sums().value), (d(8), Some(d(830))));
        // a list that is older than all of it
        facts.both(d(10), d(0));
        assert_eq!(facts.sums().filled, d(8));
    }

    #[test]
    fn what_was_taken_is_not_filled() {
        let mut facts = ten();
        facts.fill(key("1"), unit(3, 100, 7));
        facts.taken("12", Action::Cancel, d(4));
        facts.taken("12", Action::Cancel, d(4));
        let sums = facts.sums();
        assert_eq!((sums.filled, sums.remaining, sums.taken), (d(3), Some(d(3)), d(4)));
        facts.both(d(0), d(5));
        let sums = facts.sums();
        assert_eq!((sums.filled, sums.remaining, sums.taken), (d(5), Some(d(0)), d(5)));
        assert_eq!(sums.value, None, "nobody told the price of two of them");
    }

    #[test]
    fn the_value_of_lost_fills_is_in_the_sum_of_the_next() {
        let mut facts = ten();
        facts.fill(key("2"), unit(3, 110, 2));
        facts.worth(d(2), d(830));
        assert_eq!(facts.sums().value, Some(d(330)), "of what is known to be filled");
        facts.both(d(2), d(8));
        assert_eq!(facts.sums().value, Some(d(830)));
    }

    #[test]
    fn us_fills_count_as_far_as_they_agree() {
        let reported =
            |qty, price, left| Unit { reported: Some((d(qty), d(price))), left: Some(d(left)), ..Unit::default() };
        let mut facts = ten();
        facts.fill(key("1"), reported(5, 100, 5));
        facts.both(d(5), d(5));
        facts.fill(key("2"), reported(3, 110, 2));
        facts.both(d(2), d(8));
        assert_eq!((facts.sums().filled, facts.sums().value), (d(8), Some(d(830))));
        let mut facts = ten();
        facts.fill(key("1"), reported(5, 100, 5));
        facts.both(d(5), d(5));
        // the sum of all, at a price that may be an average or not
        facts.fill(key("2"), reported(8, 104, 2));
        facts.both(d(2), d(8));
        assert_eq!((facts.sums().filled, facts.sums().value), (d(8), None));
    }
}
