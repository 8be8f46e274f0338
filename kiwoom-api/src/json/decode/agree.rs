//! Values of one record that speak of each other: a change and the code of its sign.
//!
//! The broker's rows agree; where one does not (a page of another layout, a new code), the change is not guessed.

use std::cmp::Ordering;

use rust_decimal::Decimal;

use super::outcome::{Anomaly, Place, key_name};
use super::scalar::{clear_slot, expected};
use super::walk::Walk;
use crate::record::{Change, Record, Slot, said};
use crate::value::Doubt;

impl Walk<'_> {
    /// Holds the changes of a record that was read against their sign codes.
    #[inline(always)]
    pub(super) fn agree(&mut self, record: &mut dyn Record, place: Place<'_>) {
        if !record.agrees() {
            self.settle(record, place);
        }
    }

    #[cold]
    #[inline(never)]
    fn settle(&mut self, record: &mut dyn Record, place: Place<'_>) {
        for change in record.changes() {
            self.settle_one(record, *change, place);
        }
    }

    /// Takes the sign from the code where the wire leaves it out, or notes that the two contradict each other.
    fn settle_one(&mut self, record: &mut dyn Record, change: Change, place: Place<'_>) {
        let (number, sign) = (usize::from(change.number), usize::from(change.sign));
        let Slot::Decimal(Some(amount), _) = record.slot(number) else { return };
        let amount = *amount;
        let said = match record.slot(sign) {
            Slot::Code(code, _) => said(code.index()),
            _ => None,
        };
        let side = amount.cmp(&Decimal::ZERO);
        if side == Ordering::Equal || said.is_none_or(|said| said == side) {
            return;
        }
        if change.bare && (said, side) == (Some(Ordering::Less), Ordering::Greater) {
            if let Slot::Decimal(to, _) = record.slot(number) {
                *to = Some(-amount);
            }
            return;
        }
        let keys = record.keys();
        let takes = expected(&record.slot(number));
        self.done.doubt(|| {
            let here = Place::Key(&place, keys[number]);
            let against = Some(key_name(keys[sign]));
            Anomaly { against, ..Anomaly::new(here, &amount.to_string(), takes, Doubt::Contradicts) }
        });
        clear_slot(record.slot(number));
    }
}
