//! Plain numbers, dates and times at speed: parsed in the same pass that finds their closing quote.
//!
//! Eight bytes are loaded at once, the digits among them counted by arithmetic, and all converted together. Whatever is
//! not plain (two signs, commas, percent, many digits) is left to the slow reader in `value`.

use jiff::civil::{Date, Time};

use crate::value::number::{Mark, Number};
use crate::value::{Layout, is_nothing};

/// Bytes that one number may look at: quote, sign, 16 digits or 8 + point + 8, quote, rounded up to whole loads.
const WINDOW: usize = 32;

/// The bytes from `at` on, bounds checked once.
#[inline(always)]
fn window(bytes: &[u8], at: usize) -> Option<&[u8; WINDOW]> {
    bytes.get(at..).and_then(|rest| rest.first_chunk())
}

/// Near the end of the text the window is filled up with zeros, which end every number.
fn last_window(bytes: &[u8], at: usize) -> [u8; WINDOW] {
    let rest = bytes.get(at..).unwrap_or_default();
    let mut window = [0; WINDOW];
    window[..rest.len()].copy_from_slice(rest);
    window
}

/// Eight bytes of the window. `at` never passes 24; the mask lets the compiler know without a branch.
#[inline(always)]
fn load(window: &[u8; WINDOW], at: usize) -> u64 {
    let at = at & 15;
    let mut eight = [0; 8];
    eight.copy_from_slice(&window[at..at + 8]);
    u64::from_le_bytes(eight)
}

const ZEROS: u64 = 0x3030_3030_3030_3030;

/// How many of the eight bytes, from the first, are digits.
#[inline(always)]
fn leading_digits(word: u64) -> u32 {
    let value = word ^ ZEROS;
    // a digit is now 0 to 9; adding 0x76 sets the high bit of everything above 9, and bytes beyond ASCII have it already;
    // what those carry falsifies only the bytes above them, and the lowest one counts
    let other = value.wrapping_add(0x7676_7676_7676_7676) | value;
    (other & 0x8080_8080_8080_8080).trailing_zeros() / 8
}

/// Of the four pairs the first and the third (each in the place of its first digit).
const PAIRS: u64 = 0x0000_00ff_0000_00ff;
/// What the first and third pair count: 1 000 000 and 100. A product's upper half is the sum of both.
const OUTER: u64 = 100 + (1_000_000 << 32);
/// What the second and fourth pair count: 10 000 and 1.
const INNER: u64 = 1 + (10_000 << 32);

/// The value of the first `count` (1 to 8) digits, all at once: pairs of digits, then each pair times its weight.
#[inline(always)]
fn value_of(word: u64, count: u32) -> u64 {
    // digits move up so that the missing ones in front are zero bytes
    let digits = (word ^ ZEROS) << (64 - 8 * count);
    let pairs = digits.wrapping_mul(10) + (digits >> 8);
    let (outer, inner) = (pairs & PAIRS, (pairs >> 16) & PAIRS);
    outer.wrapping_mul(OUTER).wrapping_add(inner.wrapping_mul(INNER)) >> 32
}

const POWERS: [u64; 9] = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000];

/// The mark of a plain number, its digits, how many of them are behind the point, and its length with both quotes.
type Parts = (Mark, u64, u8, usize);

/// The number in the string that begins at `at`, and the place behind its closing quote.
#[inline(always)]
pub(super) fn number(bytes: &[u8], at: usize) -> Option<(Number, usize)> {
    let (mark, digits, scale, length) = match window(bytes, at) {
        Some(window) => number_in(window),
        None => last_number(bytes, at),
    }?;
    Some((Number { mark, digits: u128::from(digits), scale, percent: false }, at + length))
}

#[cold]
#[inline(never)]
fn last_number(bytes: &[u8], at: usize) -> Option<Parts> {
    number_in(&last_window(bytes, at))
}

/// The number that the window begins with.
#[inline(always)]
fn number_in(window: &[u8; WINDOW]) -> Option<Parts> {
    if window[0] != b'"' {
        return None;
    }
    // looked up, not branched: signs alternate from row to row and would be mispredicted
    let mark = Mark::of(window[1]);
    let start = 1 + usize::from(mark != Mark::Bare);
    let word = load(window, start);
    let count = leading_digits(word);
    let (digits, scale, end) = match count {
        0 => return None,
        8 => long(window, start, word)?,
        _ => {
            let end = start + count as usize;
            let whole = value_of(word, count);
            if window[end] == b'"' { (whole, 0, end) } else { fraction(window, end, whole)? }
        }
    };
    Some((mark, digits, scale, end + 1))
}

/// Eight to sixteen digits, or eight and a fraction.
#[inline(always)]
fn long(window: &[u8; WINDOW], start: usize, first: u64) -> Option<(u64, u8, usize)> {
    let high = value_of(first, 8);
    let word = load(window, start + 8);
    let count = leading_digits(word);
    let end = start + 8 + count as usize;
    let whole = if count == 0 { high } else { high * POWERS[count as usize] + value_of(word, count) };
    match window[end] {
        b'"' => Some((whole, 0, end)),
        // more digits in front would not fit the window
        b'.' if count == 0 => fraction(window, end, whole),
        _ => None,
    }
}

/// One to eight digits behind the point at `point`.
#[inline(always)]
fn fraction(window: &[u8; WINDOW], point: usize, whole: u64) -> Option<(u64, u8, usize)> {
    if window[point] != b'.' {
        return None;
    }
    let word = load(window, point + 1);
    let count = leading_digits(word);
    if count == 0 {
        return None;
    }
    let end = point + 1 + count as usize;
    let digits = whole * POWERS[count as usize] + value_of(word, count);
    (window[end] == b'"').then_some((digits, count as u8, end))
}

/// The date of a string `"20250908"` into its place; the place behind it, or 0.
#[inline(never)]
pub(super) fn date(bytes: &[u8], at: usize, to: &mut Option<Date>) -> usize {
    let Some(value) = digits_only::<8>(bytes, at) else { return 0 };
    match Date::new((value / 10_000) as i16, (value / 100 % 100) as i8, (value % 100) as i8) {
        Ok(date) => {
            *to = Some(date);
            at + 10
        }
        Err(_) => 0,
    }
}

/// The time of a string `"170500"` into its place; the place behind it, or 0.
#[inline(never)]
pub(super) fn time(bytes: &[u8], at: usize, to: &mut Option<Time>, layout: Layout) -> usize {
    let Some(value) = digits_only::<6>(bytes, at) else { return 0 };
    match Time::new((value / 10_000) as i8, (value / 100 % 100) as i8, (value % 100) as i8, 0) {
        Ok(time) => {
            *to = if is_nothing(time, layout) { None } else { Some(time) };
            at + 8
        }
        Err(_) => 0,
    }
}

/// The value of a string of exactly `N` (1 to 8) digits.
#[inline(always)]
fn digits_only<const N: usize>(bytes: &[u8], at: usize) -> Option<u32> {
    match window(bytes, at) {
        Some(window) => digits_in::<N>(window),
        None => last_digits::<N>(bytes, at),
    }
}

#[cold]
#[inline(never)]
fn last_digits<const N: usize>(bytes: &[u8], at: usize) -> Option<u32> {
    digits_in::<N>(&last_window(bytes, at))
}

#[inline(always)]
fn digits_in<const N: usize>(window: &[u8; WINDOW]) -> Option<u32> {
    let word = load(window, 1);
    if window[0] != b'"' || leading_digits(word) != N as u32 || window[N + 1] != b'"' {
        return None;
    }
    Some(value_of(word, N as u32) as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_every_length_have_their_value() {
        // each digit in each place, and the largest of each length
        let each =
            (1..=16).flat_map(|length| (0..length).flat_map(move |place| (1..=9).map(move |d| d * 10u64.pow(place))));
        let largest = (1..=16).map(|length| 10u64.pow(length) - 1);
        for value in each.chain(largest).chain([0, 12_345_678, 87_654_321, 1_234_567_890_123_456]) {
            for (text, mark) in [(format!("\"{value}\""), Mark::Bare), (format!("\"-{value}\","), Mark::Minus)] {
                let (number, end) = number(text.as_bytes(), 0).expect("a plain number");
                assert_eq!((number.digits, number.mark, number.scale), (u128::from(value), mark, 0), "{text}");
                assert_eq!(end, text.trim_end_matches(',').len());
            }
        }
    }
}
