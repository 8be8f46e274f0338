//! Numbers that the broker's servers could not hold: the limits of their integer types, also after a division.
//!
//! A column that is divided before it is sent (percent, thousand won) saturates at the quotient: ka10062 sends `-2147483`,
//! 2^31 / 1000 (BEHAVIOUR.md N16), ka10022 sends `-21474836.00`.

/// Divisions that the broker makes, as powers of ten. Four digits are those of US prices and of a database's money.
const DIVISIONS: [u32; 5] = [1, 2, 3, 4, 6];
/// The largest signed, the smallest signed and the largest unsigned integer of 32 and of 64 bits, without signs.
const ENDS: [u64; 6] = [MAX_32, MIN_32, u32::MAX as u64, MAX_64, MIN_64, u64::MAX];
const MAX_32: u64 = i32::MAX as u64;
const MIN_32: u64 = 1 << 31;
const MAX_64: u64 = i64::MAX as u64;
const MIN_64: u64 = 1 << 63;

/// Each end without its last digits, none to six of them.
const CUT: [[u64; 7]; 6] = {
    let mut cut = [[0; 7]; 6];
    let mut at = 0;
    while at < ENDS.len() {
        let (mut rest, mut digits) = (ENDS[at], 0);
        while digits < 7 {
            cut[at][digits] = rest;
            (rest, digits) = (rest / 10, digits + 1);
        }
        at += 1;
    }
    cut
};

/// The first seven digits of all ends, rounded or cut.
const BEGINNINGS: [u64; 6] = [2_147_483, 2_147_484, 4_294_967, 4_294_968, 9_223_372, 1_844_674];

/// Fewer digits than these are never a limit.
pub(super) const SMALLEST: u128 = (MAX_32 / 1000) as u128;

/// How numbers that begin like that begin in binary: a bit for each value of the eleven bits behind the leading one.
const FIRST_BITS: [u64; 32] = {
    let mut map = [0; 32];
    let mut at = 0;
    while at < BEGINNINGS.len() {
        let (mut first, mut width) = (BEGINNINGS[at], 1);
        loop {
            let (mut bits, end) = (first_bits(first), first_bits(first + (width - 1)));
            loop {
                map[bits / 64] |= 1 << (bits % 64);
                if bits == end {
                    break;
                }
                bits = (bits + 1) % 2048;
            }
            // up to twenty digits, of which 64 bits hold those that begin with 1
            match first.checked_mul(10) {
                Some(next) if next.checked_add(width * 10).is_some() => (first, width) = (next, width * 10),
                _ => break,
            }
        }
        at += 1;
    }
    map
};

#[inline(always)]
const fn first_bits(number: u64) -> usize {
    // the leading one goes out on the left; number is never 0
    ((number << number.leading_zeros() << 1) >> 53) as usize
}

/// Whether a number may be a limit by its first bits, which rule out 24 of 25. Large volumes come this way by the hundred, so
/// there is no division here.
#[inline]
pub(super) fn begins_like_an_end(digits: u64) -> bool {
    let bits = first_bits(digits);
    FIRST_BITS[bits / 64] >> (bits % 64) & 1 == 1
}

/// Whether `digits` / 10^`scale` is such a number. `sign` says whether one stood before it, and whether it was a minus.
///
/// What is left of 32 bits after a division is one only with a sign or with the digits behind its point: bare, it may be a
/// price or a volume.
pub(super) fn is_end(digits: u128, scale: u8, sign: Option<bool>) -> bool {
    let Ok(digits) = u64::try_from(digits) else { return false };
    // `-21474836.00`: the division was before the formatting
    let whole = without_zeros(digits, scale);
    ENDS.iter().zip(&CUT).any(|(end, cut)| {
        let lowest = matches!(*end, MIN_32 | MIN_64);
        if lowest && sign != Some(true) {
            return false;
        }
        let wide = *end > u64::from(u32::MAX);
        // the whole end, the point somewhere in it: 2147483647, 21474836.47, 214748.3647, 2147.483647
        let itself = digits == *end && (scale == 0 || DIVISIONS.contains(&u32::from(scale)));
        let quotient = DIVISIONS.iter().any(|division| {
            // -2147483 and -2147483.00; 2147 and 214748 are prices
            let telling = wide || *division < 4 && sign.is_some();
            let whole_part = whole == (cut[*division as usize], 0) && telling;
            // -2147483.64, -2147483.65: fewer digits behind the point than the division made; -214748.36 is an amount
            let shown = u32::from(scale);
            let part = shown > 0 && shown < *division && (wide || *division < 4) && {
                let kept = cut[(division - shown) as usize];
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
    fn whatever_is_a_limit_begins_like_one() {
        let mut random = fastrand::Rng::with_seed(7);
        let mut suspects = 0;
        for _ in 0..1_000_000 {
            let digits = random.u64(..) >> random.u32(..42) | 1 << 21;
            suspects += u32::from(super::begins_like_an_end(digits));
            let limit = (0..20).any(|scale| super::is_end(digits.into(), scale, Some(true)));
            assert!(!limit || super::begins_like_an_end(digits), "{digits}");
        }
        assert!(suspects < 60_000, "{suspects} of a million take the slow way");
        for end in super::ENDS {
            for cut in 0..13 {
                let digits = end / 10_u64.pow(cut);
                for near in [digits, digits.saturating_add(1)].into_iter().filter(|near| *near >= 2_147_483) {
                    let limit = (0..20).any(|scale| super::is_end(near.into(), scale, Some(true)));
                    assert!(!limit || super::begins_like_an_end(near), "{near}");
                }
            }
        }
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
            "214748.3647",
            "-214748.3648",
            "429496.7295",
            "922337203685477",
            "-922337203685477.00",
            "922337203685477.58",
            "922337203685477.5807",
            "-922337203685477.5808",
            "-9223372036854.7758",
            "1844674407370955.1615",
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
            "-214748",
            "-214748.00",
            "-214748.36",
            "214748.3646",
            "-214748.3649",
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
