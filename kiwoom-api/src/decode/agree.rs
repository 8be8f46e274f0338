//! Values of one record that speak of each other: a change and the code of its sign.
//!
//! The broker's rows agree; where one does not (a page of another layout, a new code), the change is not guessed.

use std::cmp::Ordering;

use super::outcome::{Anomaly, Place, key_name};
use super::scalar::{clear_slot, expected};
use super::walk::Walk;
use crate::encode::{Style, write_scalar};
use crate::record::{Change, Record, Slot, Value};
use crate::value::Doubt;

/// What the sign codes say, by their positions in the set `ChangeSign`: upper limit, up, flat, lower limit, down.
const SAID: [Ordering; 5] = [Ordering::Greater, Ordering::Greater, Ordering::Equal, Ordering::Less, Ordering::Less];

impl Walk<'_> {
    /// Holds the changes of a record that was read against their sign codes.
    #[inline(always)]
    pub(super) fn agree(&mut self, record: &mut dyn Record, place: Place<'_>) {
        for change in record.changes() {
            if !agrees(record, change) {
                self.settle(record, *change, place);
            }
        }
    }

    /// Takes the sign from the code where the wire leaves it out, or notes that the two contradict each other.
    #[cold]
    #[inline(never)]
    fn settle(&mut self, record: &mut dyn Record, change: Change, place: Place<'_>) {
        let (number, sign) = (usize::from(change.number), usize::from(change.sign));
        let value = record.value(number);
        let is_negated = change.bare && said(record, sign) == Some(Ordering::Less);
        if is_negated && side(&value) == Some(Ordering::Greater) {
            match record.slot(number) {
                Slot::Decimal(Some(amount), _) => *amount = -*amount,
                Slot::Count(Some(count), _) => *count = -*count,
                Slot::Unit(unit, _) => unit.set(unit.get().map(|amount| -amount)),
                _ => {}
            }
            return;
        }
        let keys = record.keys();
        let mut raw = String::new();
        // a number is always written
        let _ = write_scalar(&mut raw, &value, Style::Stored);
        let takes = expected(&record.slot(number));
        let here = Place::Key(&place, keys[number]);
        let mut anomaly = Anomaly::new(here, &raw, takes, Doubt::Contradicts);
        anomaly.against = Some(key_name(keys[sign]));
        self.done.anomalies.push(anomaly);
        clear_slot(record.slot(number));
    }
}

#[inline]
fn agrees(record: &dyn Record, change: &Change) -> bool {
    let Some(side) = side(&record.value(usize::from(change.number))) else { return true };
    // no change is no contradiction: small ones are rounded away
    side == Ordering::Equal || said(record, usize::from(change.sign)).is_none_or(|said| said == side)
}

/// The sign of a number; `None` where there is none.
#[inline]
fn side(value: &Value<'_>) -> Option<Ordering> {
    match value {
        Value::Decimal(Some(number), _) => Some(sign_of(*number)),
        Value::Count(Some(count), _) => Some(count.cmp(&0)),
        Value::Unit(unit, _) => unit.get().map(sign_of),
        _ => None,
    }
}

#[inline]
fn sign_of(number: rust_decimal::Decimal) -> Ordering {
    match (number.is_zero(), number.is_sign_negative()) {
        (true, _) => Ordering::Equal,
        (false, true) => Ordering::Less,
        (false, false) => Ordering::Greater,
    }
}

/// What the sign code says; `None` for no code and for unlisted ones.
#[inline]
fn said(record: &dyn Record, sign: usize) -> Option<Ordering> {
    match record.value(sign) {
        Value::Code(code, _) => code.index().and_then(|index| SAID.get(usize::from(index)).copied()),
        _ => None,
    }
}
