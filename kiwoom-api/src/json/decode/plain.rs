//! Shortcuts for what nearly every reply consists of: expected keys and plain values.
//!
//! Each either does the whole work at once or nothing; `walk` then takes the complete way.

use rust_decimal::Decimal;

use super::cursor::plain_text;
use super::scalar::{position_of_byte, set_code, set_string};
use super::scan;
use crate::record::Slot;
use crate::value::{CodeSlot, CodeTable, Dir, Directed, Id, Num, Percent, Price, Sided, UnitSlot};

/// Whether `key` stands at `at`. Most keys have 8 to 16 bytes with quotes and colon, which are two loads, not a call.
#[inline(always)]
pub(super) fn begins_with(bytes: &[u8], at: usize, key: &[u8]) -> bool {
    let length = key.len();
    let Some(here) = bytes.get(at..).and_then(|rest| rest.get(..length)) else { return false };
    match length {
        4..=8 => first4(here) == first4(key) && first4(&here[length - 4..]) == first4(&key[length - 4..]),
        9..=16 => first8(here) == first8(key) && first8(&here[length - 8..]) == first8(&key[length - 8..]),
        _ => here == key,
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
/// One function a kind, each with registers of its own; what a plain number is, `scan` says.
#[inline(always)]
pub(super) fn plain_value(source: &str, at: usize, slot: Slot<'_>) -> usize {
    let bytes = source.as_bytes();
    match slot {
        Slot::Count(to, num) => count(bytes, at, to, num),
        Slot::Price(to, dir) => price(bytes, at, to, dir),
        Slot::Decimal(to, num) => decimal(bytes, at, to, num),
        Slot::Percent(to, num) => percent(bytes, at, to, num),
        Slot::Unit(to, num) => unit(bytes, at, to, num),
        Slot::Ratio(to, dir) => ratio(bytes, at, to, dir),
        Slot::Sided(to) => sided(bytes, at, to),
        Slot::Date(to, _) => scan::date(bytes, at, to),
        Slot::Time(to, layout) => scan::time(bytes, at, to, layout),
        Slot::Code(to, table) => code(source, at, to, table),
        Slot::Id(to) => id(source, at, to),
        Slot::Text(to) => string(source, at, to),
        _ => 0,
    }
}

/// A function for each kind of number.
macro_rules! numbers {
    ($($kind:ident($to:ty $(, $how:ident: $by:ty)?);)*) => {$(
        #[inline(never)]
        fn $kind(bytes: &[u8], at: usize, to: $to $(, $how: $by)?) -> usize {
            match scan::number(bytes, at) {
                Some((number, end)) if number.$kind(to $(, $how)?).is_ok() => end,
                _ => 0,
            }
        }
    )*};
}

numbers! {
    count(&mut Option<i64>, num: Num);
    decimal(&mut Option<Decimal>, num: Num);
    percent(&mut Option<Percent>, num: Num);
    price(&mut Option<Price>, dir: Dir);
    ratio(&mut Option<Directed<Percent>>, dir: Dir);
    sided(&mut Option<Sided>);
    unit(&mut dyn UnitSlot, num: Num);
}

/// Most codes are one byte, which needs no text.
#[inline(never)]
fn code(source: &str, at: usize, to: &mut dyn CodeSlot, table: CodeTable) -> usize {
    if let Some([b'"', code, b'"']) = source.as_bytes().get(at..).and_then(|rest| rest.first_chunk())
        && let Some(index) = position_of_byte(table, *code)
    {
        to.set_index(index);
        return at + 3;
    }
    match plain_text(source, at) {
        Some((text, end)) if set_code(to, table, text).is_ok() => end,
        _ => 0,
    }
}

#[inline(never)]
fn id(source: &str, at: usize, to: &mut dyn Id) -> usize {
    plain_text(source, at).map_or(0, |(text, end)| {
        to.set(text);
        end
    })
}

#[inline(never)]
fn string(source: &str, at: usize, to: &mut String) -> usize {
    plain_text(source, at).map_or(0, |(text, end)| {
        set_string(to, text);
        end
    })
}
