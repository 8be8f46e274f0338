//! `dec!`: an exact number from a literal, read by the compiler.
//!
//! The macro of `rust_decimal` needs that crate in the user's `Cargo.toml` and a procedural macro in everybody's build.

use rust_decimal::Decimal;

/// An exact number from a literal: no float is involved, and a mistake does not compile.
///
/// ```
/// use kiwoom_api::dec;
/// use kiwoom_api::value::{Decimal, Price};
///
/// const LIMIT: Decimal = dec!(179.50);
/// assert_eq!(LIMIT.to_string(), "179.50");
/// assert!(Price::plain(dec!(180)) > LIMIT);
/// assert_eq!(dec!(-1_000), Decimal::from(-1000));
/// ```
///
/// ```compile_fail
/// kiwoom_api::dec!(1.5.5);
/// ```
#[macro_export]
macro_rules! dec {
    ($($number:tt)+) => {
        const { $crate::value::__dec(stringify!($($number)+)) }
    };
}

/// The number of a literal. For `dec!`, in constants only.
///
/// # Panics
/// The text is not a number; in a constant this is a compile error.
#[doc(hidden)]
pub const fn literal(text: &str) -> Decimal {
    let text = text.as_bytes();
    let (mut digits, mut scale, mut at) = (0_u128, None, 0);
    let mut seen = false;
    let negative = matches!(text, [b'-', ..]);
    if negative {
        at = 1;
    }
    while at < text.len() {
        match text[at] {
            byte @ b'0'..=b'9' => {
                assert!(digits <= (1 << 96) / 10, "more digits than a Decimal holds");
                digits = digits * 10 + (byte - b'0') as u128;
                seen = true;
                scale = match scale {
                    Some(places) => Some(places + 1),
                    None => None,
                };
            }
            b'.' if scale.is_none() => scale = Some(0),
            b'_' if seen => {}
            b' ' if !seen => {}
            _ => panic!("dec! takes a number such as 70_100, 179.5 or -0.25"),
        }
        at += 1;
    }
    let scale = match scale {
        Some(places) => places,
        None => 0,
    };
    assert!(seen, "dec! takes a number such as 70_100, 179.5 or -0.25");
    assert!(digits < 1 << 96 && scale <= 28, "more digits than a Decimal holds");
    Decimal::from_parts(digits as u32, (digits >> 32) as u32, (digits >> 64) as u32, negative && digits != 0, scale)
}
