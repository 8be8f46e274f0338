//! Numbers that the broker's servers could not hold: the limits of their integer types, also after a division.
//!
//! A column that is divided before it is sent (percent, thousand won) saturates at the quotient: ka10062 sends `-2147483`,
//! 2^31 / 1000 (BEHAVIOUR.md N16), ka10022 sends `-21474836.00`.

/// Divisions that the broker makes, as powers of ten.
const DIVISIONS: [u32; 4] = [1, 2, 3, 6];
/// The largest signed, the smallest signed and the largest unsigned integer of 32 and of 64 bits, without signs.
const ENDS: [u64; 6] = [MAX_32, MIN_32, u32::MAX as u64, MAX_64, MIN_64, u64::MAX];
const MAX_32: u64 = i32::MAX as u64;
const MIN_32: u64 = 1 << 31;
const MAX_64: u64 = i64::MAX as u64;
const MIN_64: u64 = 1 << 63;

/// The first seven digits of all ends, rounded or cut: from the first of each pair to before the second.
const BEGINNINGS: [(u64, u64); 4] =
    [(2_147_483, 2_147_485), (4_294_967, 4_294_969), (9_223_372, 9_223_373), (1_844_674, 1_844_675)];

/// Numbers that begin like that, by the number of their digits less one: the first of each range and its width.
const RANGES: [[(u64, u64); 4]; 20] = {
    let mut ranges = [[(0, 0); 4]; 20];
    let mut log = 6;
    while log < 20 {
        let past_seven = 10_u64.pow(log - 6);
        let mut at = 0;
        while at < 4 {
            let (first, end) = BEGINNINGS[at];
            // twenty digits that begin with 2 or more are past 64 bits
            if let Some(first) = first.checked_mul(past_seven) {
                ranges[log as usize][at] = (first, (end - BEGINNINGS[at].0) * past_seven);
            }
            at += 1;
        }
        log += 1;
    }
    ranges
};

/// Fewer digits than these are never a limit.
pub(super) const SMALLEST: u128 = (MAX_32 / 1000) as u128;

/// Whether a number may be a limit: its first seven digits rule out nearly all. Without a division, because every large
/// volume comes this way.
#[inline]
pub(super) fn begins_like_an_end(digits: u64) -> bool {
    let Some(log) = digits.checked_ilog10() else { return false };
    RANGES[log as usize].iter().any(|(first, width)| digits.wrapping_sub(*first) < *width)
}

/// Whether `digits` / 10^`scale` is such a number. `sign` says whether one stood before it, and whether it was a minus.
///
/// What is left of 32 bits after a division is one only with a sign or with the digits behind its point: bare, it may be a
/// price or a volume.
pub(super) fn is_end(digits: u128, scale: u8, sign: Option<bool>) -> bool {
    let Ok(digits) = u64::try_from(digits) else { return false };
    if !begins_like_an_end(digits) {
        return false;
    }
    // `-21474836.00`: the division was before the formatting
    let whole = without_zeros(digits, scale);
    ENDS.iter().any(|end| {
        let lowest = matches!(*end, MIN_32 | MIN_64);
        if lowest && sign != Some(true) {
            return false;
        }
        let wide = *end > u64::from(u32::MAX);
        // the whole end, the point somewhere in it: 2147483647, 21474836.47, 2147.483647
        let itself = digits == *end && (scale == 0 || DIVISIONS.contains(&u32::from(scale)));
        let quotient = DIVISIONS.iter().any(|division| {
            let divisor = 10_u64.pow(*division);
            // -2147483 and -2147483.00; 2147 is a price
            let telling = wide || *division < 4 && sign.is_some();
            let whole_part = whole == (end / divisor, 0) && telling;
            // -2147483.64, -2147483.65: fewer digits behind the point than the division made
            let shown = u32::from(scale);
            let part = shown > 0 && shown < *division && *division < 4 && {
                let kept = end / 10_u64.pow(division - shown);
                digits == kept || digits == kept + 1
            };
            whole_part || part
        });
        itself || quotient
    })
}

/// The number without zeros behind its point.
fn without_zeros(mut digits: u64, mut scale: u8) -> (u64, u8) {
    while scale > 0 && digits.is_multiple_of(10) {
        digits /= 10;
        scale -= 1;
    }
    (digits, scale)
}

#[cfg(test)]
mod tests {
    use super::super::number::Number;
    use super::super::{Decimal, Doubt};
    use crate::record::Num;

    fn read(text: &str) -> Result<Option<Decimal>, Doubt> {
        let mut to = None;
        Number::read(text)?.expect("a number").decimal(&mut to, Num::PLAIN)?;
        Ok(to)
    }

    #[test]
    fn ends_are_known_at_every_division() {
        for text in [
            "2147483647",
            "-2147483648",
            "4294967295",
            "9223372036854775807",
            "-9223372036854775808",
            "18446744073709551615",
            "214748364.7",
            "21474836.47",
            "2147483.647",
            "2147.483647",
            "-214748364.8",
            "-21474836.48",
            "-2147.483648",
            "-21474836.00",
            "-2147483",
            "+2147483",
            "-21474836",
            "-214748364",
            "--2147483",
            "-2147483.00",
            "-2147483.64",
            "-2147483.65",
            "429496729.5",
            "42949672.95",
            "4294967.295",
            "922337203685477580",
            "92233720368547758",
            "9223372036854775",
            "9223372036854",
            "-9223372036854775",
            "0002147483647",
            "-00002147483648",
        ] {
            assert_eq!(read(text), Err(Doubt::Saturated), "{text}");
        }
    }

    #[test]
    fn ordinary_numbers_near_them_stay() {
        for text in [
            "2147483646",
            "2147483648",
            "2147",
            "-2147",
            "2147.48",
            "-2147.00",
            "2147483",
            "21474836",
            "4294967",
            "42949672",
            "-2147482",
            "21474836.00",
            "42949672.00",
            "+2147484",
            "-4294",
            "21474836.46",
            "-21474836.12",
            "1844674407",
            "9223372",
            "-9223372",
        ] {
            assert!(matches!(read(text), Ok(Some(_))), "{text}: {:?}", read(text));
        }
    }
}
