//! The numbers of the wire: their shapes, and what each kind of field makes of them.
//!
//! [`Number::read`] takes every shape slowly; the decoder's fast scan makes the same [`Number`] from the plain ones.
//! What a number means for a field is decided here only, so both ways agree.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::{Dir, Num, Sign};
use super::{Directed, Direction, Doubt, Percent, Price, Reading, Side, Sided, UnitSlot};

/// The nearest `f64` of an exact number, for charts and indicators. Never use it for money.
///
/// ```
/// use kiwoom_api::value::{Decimal, f64_of};
/// assert_eq!(f64_of(Decimal::new(-352, 2)), -3.52);
/// ```
pub fn f64_of(number: Decimal) -> f64 {
    // every Decimal has a nearest f64; the crate's `Option` is for other targets
    number.to_f64().unwrap_or(f64::NAN)
}

/// What stands before the digits. A number, not an enum, so that the decoder can compute it without a branch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Mark(u8);

#[allow(non_upper_case_globals, reason = "they are used like the variants of an enum")]
impl Mark {
    /// Nothing.
    pub const Bare: Mark = Mark(0);
    /// One blank, where other values of the field have their sign.
    pub const Blank: Mark = Mark(1);
    /// `+`, `++`
    pub const Plus: Mark = Mark(2);
    /// `-`, `--`, `+-`
    pub const Minus: Mark = Mark(3);

    /// The mark that `byte` is.
    #[inline(always)]
    pub fn of(byte: u8) -> Mark {
        Mark(u8::from(byte == b' ') + 2 * u8::from(byte == b'+') + 3 * u8::from(byte == b'-'))
    }
}

/// A number as it stands on the wire: `digits` / 10^`scale`, and its mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Number {
    pub mark: Mark,
    pub digits: u128,
    pub scale: u8,
    /// Followed by `%`.
    pub percent: bool,
}

/// The most digits after the point that a [`Decimal`] holds.
const MAX_SCALE: u8 = 28;
/// The largest digits that a [`Decimal`] holds.
const MAX_DIGITS: u128 = (1 << 96) - 1;
/// No sentinel is smaller, so one comparison clears nearly all numbers.
const SMALLEST_SENTINEL: u128 = 2_147_483_600;

impl Number {
    /// Reads any shape seen on the wire; `None` for blank text and a lone sign.
    pub fn read(text: &str) -> Reading<Number> {
        let trimmed = text.trim_matches([' ', '\t', '\r', '\n']);
        let (mark, rest) = read_mark(trimmed, text);
        if rest.is_empty() {
            return Ok(None);
        }
        let (rest, percent) = match rest.strip_suffix('%') {
            Some(rest) => (rest, true),
            None => (rest, false),
        };
        let (whole, fraction) = match rest.split_once('.') {
            // `5.` and `.` do not occur; a cut-off number must not pass
            Some((_, "")) => return Err(Doubt::Misfit),
            Some(parts) => parts,
            None if rest.is_empty() => return Err(Doubt::Misfit),
            None => (rest, ""),
        };
        let scale = u8::try_from(fraction.len()).ok().filter(|scale| *scale <= MAX_SCALE).ok_or(Doubt::Misfit)?;
        let mut digits = 0;
        if whole.contains(',') {
            for group in groups(whole)? {
                append(&mut digits, group)?;
            }
        } else {
            append(&mut digits, whole)?;
        }
        append(&mut digits, fraction)?;
        Ok(Some(Number { mark, digits, scale, percent }))
    }

    /// A [`Decimal`] holds it, with its point moved `scale` places, and it is no sentinel.
    #[inline]
    fn check(self, scale: u8) -> Result<(), Doubt> {
        if self.digits >= SMALLEST_SENTINEL {
            check_size(self.digits, self.scale, self.mark == Mark::Minus)?;
        }
        if self.scale + scale > MAX_SCALE { Err(Doubt::Misfit) } else { Ok(()) }
    }

    /// The value with its point moved; only after [`check`](Self::check).
    #[inline]
    fn exact(self, scale: u8, negative: bool) -> Decimal {
        let digits = self.digits;
        let scale = u32::from(self.scale + scale);
        Decimal::from_parts(digits as u32, (digits >> 32) as u32, (digits >> 64) as u32, negative, scale)
    }

    /// The value as an integer without its sign; a fraction of zeros is none.
    #[inline]
    fn whole(self, scale: u8) -> Result<i64, Doubt> {
        self.check(scale)?;
        let mut digits = self.digits;
        for _ in 0..self.scale + scale {
            if !digits.is_multiple_of(10) {
                return Err(Doubt::Misfit);
            }
            digits /= 10;
        }
        i64::try_from(digits).map_err(|_| Doubt::Misfit)
    }

    #[inline]
    fn is_negative(self, num: Num) -> bool {
        self.mark == Mark::Minus && num.sign == Sign::True
    }

    // What follows writes into the place itself: a value that is returned and then copied waits for its own stores.

    /// A whole number.
    #[inline]
    pub fn count(self, to: &mut Option<i64>, num: Num) -> Result<(), Doubt> {
        if self.percent {
            return Err(Doubt::Misfit);
        }
        let whole = self.whole(num.scale)?;
        *to = Some(if self.is_negative(num) { -whole } else { whole });
        Ok(())
    }

    /// An exact number.
    #[inline]
    pub fn decimal(self, to: &mut Option<Decimal>, num: Num) -> Result<(), Doubt> {
        self.check(num.scale)?;
        *to = Some(self.exact(num.scale, self.is_negative(num)));
        Ok(())
    }

    /// A percentage.
    #[inline]
    pub fn percent(self, to: &mut Option<Percent>, num: Num) -> Result<(), Doubt> {
        self.check(num.scale)?;
        *to = Some(Percent(self.exact(num.scale, self.is_negative(num))));
        Ok(())
    }

    /// A number in a unit off base.
    #[inline]
    pub fn unit(self, to: &mut dyn UnitSlot, num: Num) -> Result<(), Doubt> {
        self.check(num.scale)?;
        to.set_parts(self.digits, self.is_negative(num), u32::from(self.scale + num.scale));
        Ok(())
    }

    /// A price; 0 is none.
    #[inline]
    pub fn price(self, to: &mut Option<Price>, dir: Dir) -> Result<(), Doubt> {
        if self.percent {
            return Err(Doubt::Misfit);
        }
        if self.digits == 0 {
            *to = None;
            return Ok(());
        }
        self.check(dir.scale)?;
        *to = Some(Directed { amount: self.exact(dir.scale, false), direction: self.direction(dir) });
        Ok(())
    }

    /// A ratio whose sign is a direction.
    #[inline]
    pub fn ratio(self, to: &mut Option<Directed<Percent>>, dir: Dir) -> Result<(), Doubt> {
        self.check(dir.scale)?;
        *to = Some(Directed { amount: Percent(self.exact(dir.scale, false)), direction: self.direction(dir) });
        Ok(())
    }

    /// A quantity whose sign is the side of the trade.
    #[inline]
    pub fn sided(self, to: &mut Option<Sided>) -> Result<(), Doubt> {
        if self.percent {
            return Err(Doubt::Misfit);
        }
        let side = match self.mark {
            Mark::Plus => Some(Side::Buy),
            Mark::Minus => Some(Side::Sell),
            _ => None,
        };
        *to = Some(Sided { qty: self.whole(0)?, side });
        Ok(())
    }

    /// A blank in the place of the sign says "unchanged" even where no document mentions signs.
    #[inline]
    fn direction(self, dir: Dir) -> Option<Direction> {
        match self.mark {
            Mark::Plus => Some(Direction::Up),
            Mark::Minus => Some(Direction::Down),
            Mark::Blank => Some(Direction::Flat),
            _ if dir.documented => Some(Direction::Flat),
            _ => None,
        }
    }
}

/// Refuses sentinels and what no type holds. Only large numbers come here.
#[cold]
fn check_size(digits: u128, scale: u8, negative: bool) -> Result<(), Doubt> {
    match (digits, scale) {
        (2_147_483_647 | 4_294_967_295, 0 | 2) => Err(Doubt::Saturated),
        (2_147_483_648, 0 | 2) | (2_147_483_600, 2) if negative => Err(Doubt::Saturated),
        (digits, _) if digits > MAX_DIGITS => Err(Doubt::Misfit),
        _ => Ok(()),
    }
}

/// The mark and what follows it. Of two signs a minus wins: `+-121` and `--121` are both negative.
fn read_mark<'a>(trimmed: &'a str, text: &str) -> (Mark, &'a str) {
    match trimmed.as_bytes() {
        [b'+', b'-', ..] | [b'-', b'+' | b'-', ..] => (Mark::Minus, &trimmed[2..]),
        [b'+', b'+', ..] => (Mark::Plus, &trimmed[2..]),
        [b'-', ..] => (Mark::Minus, &trimmed[1..]),
        [b'+', ..] => (Mark::Plus, &trimmed[1..]),
        // more than one blank is padding, not the place of a sign
        _ if text.starts_with(' ') && !text.starts_with("  ") => (Mark::Blank, trimmed),
        _ => (Mark::Bare, trimmed),
    }
}

/// The groups of `56,900`: one to three digits, then threes.
fn groups(whole: &str) -> Result<impl Iterator<Item = &str>, Doubt> {
    let proper = whole.split(',').enumerate().all(|(i, group)| match i {
        0 => matches!(group.len(), 1..=3),
        _ => group.len() == 3,
    });
    if proper { Ok(whole.split(',')) } else { Err(Doubt::Misfit) }
}

fn append(digits: &mut u128, text: &str) -> Result<(), Doubt> {
    for byte in text.bytes() {
        if !byte.is_ascii_digit() {
            return Err(Doubt::Misfit);
        }
        let more = digits.checked_mul(10).and_then(|d| d.checked_add(u128::from(byte - b'0')));
        *digits = more.ok_or(Doubt::Misfit)?;
    }
    Ok(())
}

/// Writes `number` as the wire has it: without the digits of `scale` behind the point.
///
/// A number with more digits than that keeps its point: nothing is rounded.
pub(crate) fn write_decimal(out: &mut String, number: Decimal, scale: u8) {
    use std::fmt::Write;
    if scale == 0 {
        let _ = write!(out, "{number}");
        return;
    }
    let mut moved = number.normalize();
    let have = moved.scale();
    let wanted = u32::from(scale);
    if have >= wanted {
        // cannot fail: a smaller scale is a legal one
        let _ = moved.set_scale(have - wanted);
        let _ = write!(out, "{moved}");
    } else {
        let _ = moved.set_scale(0);
        let _ = write!(out, "{moved}");
        if !moved.is_zero() {
            out.extend(std::iter::repeat_n('0', (wanted - have) as usize));
        }
    }
}
