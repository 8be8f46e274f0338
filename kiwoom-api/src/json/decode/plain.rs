//! Shortcuts for what nearly every reply consists of: expected keys and plain values.
//!
//! Each either does the whole work at once or nothing; `walk` then takes the complete way.

use super::cursor::plain_text;
use super::scalar::{set_code, set_string};
use super::scan;
use crate::record::Slot;
use crate::value::number::Number;
use crate::value::{Doubt, is_nothing};

/// Whether `key` stands at `at`. Most keys have 8 to 16 bytes with quotes and colon, which are two loads, not a call.
#[inline(always)]
pub(super) fn begins_with(bytes: &[u8], at: usize, key: &[u8]) -> bool {
    let length = key.len();
    let Some(here) = bytes.get(at..).and_then(|rest| rest.get(..length)) else { return false };
    if !(4..=16).contains(&length) {
        here == key
    } else if length <= 8 {
        first4(here) == first4(key) && first4(&here[length - 4..]) == first4(&key[length - 4..])
    } else {
        first8(here) == first8(key) && first8(&here[length - 8..]) == first8(&key[length - 8..])
    }
}

#[inline(always)]
fn first8(bytes: &[u8]) -> Option<&[u8; 8]> {
    bytes.first_chunk()
}

#[inline(always)]
fn first4(bytes: &[u8]) -> Option<&[u8; 4]> {
    bytes.first_chunk()
}

/// The value at `at` into its place if it is of the plain form of its kind: the place behind it, or 0 and nothing done.
///
/// One `match` for all kinds; what a plain number is, `scan` says.
#[inline(always)]
pub(super) fn plain_value(source: &str, at: usize, slot: &mut Slot<'_>) -> usize {
    let bytes = source.as_bytes();
    match slot {
        Slot::Count(to, num) => number(bytes, at, |n| n.count(to, *num)),
        Slot::Price(to, dir) => number(bytes, at, |n| n.price(to, *dir)),
        Slot::Decimal(to, num) => number(bytes, at, |n| n.decimal(to, *num)),
        Slot::Percent(to, num) => number(bytes, at, |n| n.percent(to, *num)),
        Slot::Unit(to, num) => number(bytes, at, |n| n.unit(*to, *num)),
        Slot::Ratio(to, dir) => number(bytes, at, |n| n.ratio(to, *dir)),
        Slot::Sided(to) => number(bytes, at, |n| n.sided(to)),
        Slot::Date(to, _) => scan::date(bytes, at, to),
        Slot::Time(to, layout) => {
            let end = scan::time(bytes, at, to);
            if to.is_some_and(|time| is_nothing(time, *layout)) {
                **to = None;
            }
            end
        }
        Slot::Code(to, table) => text(source, at, |text| set_code(*to, table, text).is_ok()),
        Slot::Id(to) => text(source, at, |text| {
            to.set(text);
            true
        }),
        Slot::Text(to) => text(source, at, |text| {
            set_string(to, text);
            true
        }),
        _ => 0,
    }
}

#[inline(always)]
fn number(bytes: &[u8], at: usize, put: impl FnOnce(Number) -> Result<(), Doubt>) -> usize {
    match scan::number(bytes, at) {
        Some((number, end)) if put(number).is_ok() => end,
        _ => 0,
    }
}

/// A string without escapes.
#[inline(always)]
fn text(source: &str, at: usize, put: impl FnOnce(&str) -> bool) -> usize {
    match plain_text(source, at) {
        Some((text, end)) if put(text) => end,
        _ => 0,
    }
}
