//! Values of one record that depend on each other: a change and its sign code.
//!
//! The broker's rows agree; where one does not (a page of another layout, a new code), the change is not guessed.

use std::cmp::Ordering;

use rust_decimal::Decimal;

use super::outcome::{Anomaly, Spot, key_name};
use super::scalar::{clear_slot, expected};
use super::walk::Decoder;
use crate::record::{Change, Record, Slot};
use crate::value::Doubt;

impl Decoder<'_> {
    /// Holds the changes of a record that was read against their sign codes.
    #[inline(always)]
    pub(super) fn agree(&mut self, record: &mut dyn Record, place: Spot<'_>) {
        if !record.agrees() {
            self.settle(record, place);
        }
    }

    #[cold]
    #[inline(never)]
    fn settle(&mut self, record: &mut dyn Record, place: Spot<'_>) {
        for change in record.changes() {
            self.settle_one(record, *change, place);
        }
    }

    /// Takes the sign from the code where the wire leaves it out, or notes that the two contradict each other.
    fn settle_one(&mut self, record: &mut dyn Record, change: Change, place: Spot<'_>) {
        let (number, sign) = (usize::from(change.number), usize::from(change.sign));
        let Some(amount) = amount(record.slot(number)) else { return };
        let said = match record.slot(sign) {
            Slot::Code(code, _) => code.sign(),
            _ => None,
        };
        let side = amount.cmp(&Decimal::ZERO);
        if side == Ordering::Equal || said.is_none_or(|said| said == side) {
            return;
        }
        if change.bare && (said, side) == (Some(Ordering::Less), Ordering::Greater) {
            return negate(record.slot(number));
        }
        let keys = record.keys();
        let takes = expected(&record.slot(number));
        self.done.doubt(|| {
            let here = Spot::Key(&place, keys[number]);
            let against = Some(key_name(keys[sign]));
            Anomaly { against, ..Anomaly::new(here, &amount.to_string(), takes, Doubt::Contradicts) }
        });
        clear_slot(record.slot(number));
    }
}

/// The number of a place that may have a sign code.
fn amount(slot: Slot<'_>) -> Option<Decimal> {
    match slot {
        Slot::Decimal(to, _) => *to,
        Slot::Percent(to, _) => to.map(|rate| rate.0),
        Slot::Count(to, _) => to.map(Decimal::from),
        _ => None,
    }
}

/// Gives it the other sign.
fn negate(slot: Slot<'_>) {
    match slot {
        Slot::Decimal(to, _) => *to = to.map(|number| -number),
        Slot::Percent(to, _) => *to = to.map(|rate| crate::value::Percent(-rate.0)),
        Slot::Count(to, _) => *to = to.map(|number| -number),
        _ => {}
    }
}
