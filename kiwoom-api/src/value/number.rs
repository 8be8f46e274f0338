//! The numbers on the wire: their shapes, and how each kind of field reads them.
//!
//! [`Number::read`] reads every shape, slowly; the decoder's fast scan makes the same [`Number`] from the plain ones.
//! Only this file decides what a number means for a field, so both ways agree.

use rust_decimal::Decimal;

use super::{Dir, Num, Sign, limits};
use super::{Directed, Direction, Doubt, Percent, Price, Reading, Side, Sided, UnitSlot};

/// The nearest `f64` of an exact number, for charts and indicators. Never use it for money.
///
/// ```
/// use kiwoom_api::value::{Decimal, f64_of};
/// assert_eq!(f64_of(Decimal::new(-352, 2)), -3.52);
/// ```
pub fn f64_of(number: Decimal) -> f64 {
    let mantissa = number.mantissa();
    // a quotient of two numbers that floats hold is rounded once, so it is the nearest
    if mantissa.unsigned_abs() <= 1 << 53 && number.scale() <= 19 {
        return mantissa as f64 / 10_u64.pow(number.scale()) as f64;
    }
    // the conversion of the crate rounds more often than that; every text of a number has a nearest float
    number.to_string().parse().unwrap_or(f64::NAN)
}

/// The mark before the digits. A number, not an enum, so that the decoder can compute it without a branch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Mark(u8);

#[allow(non_upper_case_globals, reason = "they are used like the variants of an enum")]
impl Mark {
    /// Nothing.
    pub const Bare: Mark = Mark(0);
    /// One blank, in the place where other values of the field have their sign.
    pub const Blank: Mark = Mark(1);
    /// `+`, `++`
    pub const Plus: Mark = Mark(2);
    /// `-`, `--`, `+-`
    pub const Minus: Mark = Mark(3);

    /// The mark that `byte` is.
    #[inline(always)]
    pub fn of(byte: u8) -> Mark {
        MARKS[usize::from(byte)]
    }
}

/// The mark that each byte is.
static MARKS: [Mark; 256] = {
    let mut marks = [Mark::Bare; 256];
    marks[b' ' as usize] = Mark::Blank;
    marks[b'+' as usize] = Mark::Plus;
    marks[b'-' as usize] = Mark::Minus;
    marks
};

/// A number as it appears on the wire: `digits` / 10^`scale`, and its mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Number {
    pub mark: Mark,
    pub digits: u128,
    pub scale: u8,
    /// Followed by `%`.
    pub percent: bool,
}

/// The most digits after the point that a [`Decimal`] holds.
const MAX_SCALE: u32 = 28;
/// The largest digits that a [`Decimal`] holds.
const MAX_DIGITS: u128 = (1 << 96) - 1;

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
        let scale = u8::try_from(fraction.len()).ok().filter(|scale| u32::from(*scale) <= MAX_SCALE);
        let scale = scale.ok_or(Doubt::Misfit)?;
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

    /// The number with its point moved `scale` places to the left, if a [`Decimal`] holds it and it is not the limit of
    /// an integer type.
    #[inline(always)]
    fn moved(self, scale: i8) -> Result<(u128, u32), Doubt> {
        // no limit is smaller, so one comparison clears nearly all numbers, and the first bits most others
        if self.digits >= limits::SMALLEST && u64::try_from(self.digits).map_or(true, limits::begins_like_an_end) {
            check_size(self.digits, self.scale, self.mark)?;
        }
        let scale = i32::from(self.scale) + i32::from(scale);
        match u32::try_from(scale) {
            Ok(scale @ 0..=MAX_SCALE) => Ok((self.digits, scale)),
            _ => grown(self.digits, scale),
        }
    }

    /// The value with its point moved.
    #[inline(always)]
    fn exact(self, scale: i8, negative: bool) -> Result<Decimal, Doubt> {
        let (digits, scale) = self.moved(scale)?;
        Ok(Decimal::from_parts(digits as u32, (digits >> 32) as u32, (digits >> 64) as u32, negative, scale))
    }

    /// The value as an integer without its sign; a fraction of zeros does not count.
    #[inline(always)]
    fn whole(self, scale: i8) -> Result<i64, Doubt> {
        let (mut digits, scale) = self.moved(scale)?;
        for _ in 0..scale {
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
    #[inline(always)]
    pub fn count(self, to: &mut Option<i64>, num: Num) -> Result<(), Doubt> {
        if self.percent {
            return Err(Doubt::Misfit);
        }
        let whole = self.whole(num.scale)?;
        *to = Some(if self.is_negative(num) { -whole } else { whole });
        Ok(())
    }

    /// An exact number.
    #[inline(always)]
    pub fn decimal(self, to: &mut Option<Decimal>, num: Num) -> Result<(), Doubt> {
        *to = Some(self.exact(num.scale, self.is_negative(num))?);
        Ok(())
    }

    /// A percentage.
    #[inline(always)]
    pub fn percent(self, to: &mut Option<Percent>, num: Num) -> Result<(), Doubt> {
        *to = Some(Percent(self.exact(num.scale, self.is_negative(num))?));
        Ok(())
    }

    /// A number in a unit other than the base unit.
    #[inline(always)]
    pub fn unit(self, to: &mut dyn UnitSlot, num: Num) -> Result<(), Doubt> {
        let (digits, scale) = self.moved(num.scale)?;
        to.set_parts(digits, self.is_negative(num), scale);
        Ok(())
    }

    /// A price; 0 is no price.
    #[inline(always)]
    pub fn price(self, to: &mut Option<Price>, dir: Dir) -> Result<(), Doubt> {
        if self.percent {
            return Err(Doubt::Misfit);
        }
        if self.digits == 0 {
            *to = None;
            return Ok(());
        }
        *to = Some(Directed { amount: self.exact(places(dir), false)?, direction: self.direction(dir) });
        Ok(())
    }

    /// A ratio whose sign is a direction.
    #[inline(always)]
    pub fn ratio(self, to: &mut Option<Directed<Percent>>, dir: Dir) -> Result<(), Doubt> {
        *to = Some(Directed { amount: Percent(self.exact(places(dir), false)?), direction: self.direction(dir) });
        Ok(())
    }

    /// A quantity whose sign is the side of the trade.
    #[inline(always)]
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

    /// A blank in the place of the sign means "unchanged" even if no document mentions signs.
    #[inline]
    fn direction(self, dir: Dir) -> Option<Direction> {
        DIRECTIONS[usize::from(dir.documented)][usize::from(self.mark.0 & 3)]
    }
}

/// The direction of each mark, where signs are not documented and where they are.
static DIRECTIONS: [[Option<Direction>; 4]; 2] = {
    let [blank, up, down] = [Some(Direction::Flat), Some(Direction::Up), Some(Direction::Down)];
    [[None, blank, up, down], [Some(Direction::Flat), blank, up, down]]
};

/// The places of a directed value; tables never have more than a few.
#[inline]
fn places(dir: Dir) -> i8 {
    dir.scale as i8
}

/// A number whose point moves past its digits, to the right or further to the left than a [`Decimal`] reaches.
#[cold]
fn grown(digits: u128, scale: i32) -> Result<(u128, u32), Doubt> {
    if scale > 0 {
        return Err(Doubt::Misfit);
    }
    let grown = 10_u128.checked_pow(scale.unsigned_abs()).and_then(|factor| digits.checked_mul(factor));
    grown.filter(|digits| *digits <= MAX_DIGITS).map(|digits| (digits, 0)).ok_or(Doubt::Misfit)
}

/// Refuses the limits of integer types and numbers that no type holds. Only large numbers get here.
#[cold]
fn check_size(digits: u128, scale: u8, mark: Mark) -> Result<(), Doubt> {
    let sign = match mark {
        Mark::Plus => Some(false),
        Mark::Minus => Some(true),
        _ => None,
    };
    match digits {
        _ if limits::is_end(digits, scale, sign) => Err(Doubt::Saturated),
        _ if digits > MAX_DIGITS => Err(Doubt::Misfit),
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
pub(crate) fn write_decimal(out: &mut String, number: Decimal, scale: i8) {
    use std::fmt::Write;
    if scale == 0 {
        let _ = write!(out, "{number}");
        return;
    }
    let mut moved = number.normalize();
    let have = moved.scale();
    let Ok(wanted) = u32::try_from(scale) else {
        // the other way: 54.13 goes out as 0.5413
        let _ = match moved.set_scale(have + u32::from(scale.unsigned_abs())) {
            Ok(()) => write!(out, "{moved}"),
            Err(_) => write!(out, "{number}"),
        };
        return;
    };
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
