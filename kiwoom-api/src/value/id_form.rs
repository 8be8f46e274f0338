//! Which texts cannot be a US symbol or a gold product, and what was probably meant.
//!
//! The broker answers a code that it does not know with a blank success (`BEHAVIOUR.md` H8). Only what is plainly of
//! another kind is a fault: no list of symbols is known here.

use crate::language::{Both, both};

/// Why a text is no identifier of its kind.
#[doc(hidden)]
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Misuse {
    /// It looks like the code of a domestic stock.
    DomesticCode,
    /// It nearly is this one.
    Nearly(String),
    /// It has characters that no symbol has, or too many.
    NoSymbol,
    /// It is no gold product.
    NoGold,
}

/// Any text will do.
pub(super) fn any(_: &str) -> Option<Misuse> {
    None
}

/// `NVDA`, `BRK.B`.
pub(super) fn us_ticker(text: &str) -> Option<Misuse> {
    let has = |of: fn(&u8) -> bool| text.bytes().any(|byte| of(&byte));
    match () {
        () if text.len() > 12 || !text.bytes().all(|byte| byte.is_ascii_graphic()) => Some(Misuse::NoSymbol),
        () if text.len() == 6 && text.bytes().all(|byte| byte.is_ascii_digit()) => Some(Misuse::DomesticCode),
        // small letters among capitals may belong to a class of shares
        () if has(u8::is_ascii_lowercase) && !has(u8::is_ascii_uppercase) => {
            Some(Misuse::Nearly(text.to_ascii_uppercase()))
        }
        () => None,
    }
}

/// `M04020000`.
pub(super) fn gold(text: &str) -> Option<Misuse> {
    match text.as_bytes() {
        [] => None,
        [b'M' | b'm', digits @ ..] if digits.len() == 8 && digits.iter().all(u8::is_ascii_digit) => {
            text.starts_with('m').then(|| Misuse::Nearly(text.to_ascii_uppercase()))
        }
        digits if digits.len() == 6 && digits.iter().all(u8::is_ascii_digit) => Some(Misuse::DomesticCode),
        _ => Some(Misuse::NoGold),
    }
}

impl Misuse {
    /// What is wrong with this text.
    pub(crate) fn about(&self, typed: &str) -> Both {
        match self {
            Misuse::DomesticCode => both!(
                "{typed:?} looks like the code of a domestic stock (those have APIs of their own, with StockCode)",
                "{typed:?}: 국내 종목코드로 보입니다 (국내 주식 API와 StockCode를 쓰세요)"
            ),
            Misuse::Nearly(meant) => {
                both!(
                    "{typed:?} is not known to the broker (is it {meant}?)",
                    "{typed:?}: 증권사가 모르는 코드입니다 ({meant}인가요?)"
                )
            }
            Misuse::NoSymbol => both!(
                "{typed:?}: not a US symbol (1 to 12 letters, digits and marks such as NVDA or BRK.B)",
                "{typed:?}: 미국 종목코드가 아닙니다 (NVDA, BRK.B처럼 영문자, 숫자, 기호 1~12자)"
            ),
            Misuse::NoGold => both!(
                "{typed:?}: not a gold product (M and 8 digits such as M04020000)",
                "{typed:?}: 금현물 종목코드가 아닙니다 (M04020000처럼 M과 숫자 8자리)"
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_a_symbol() {
        for text in ["NVDA", "BRK.B", "BRK/B", "F", "BACpL", "A1", "00700", "EVGOW", ""] {
            assert_eq!(us_ticker(text), None, "{text:?}");
        }
        for (text, want) in [
            ("nvda", Misuse::Nearly("NVDA".into())),
            ("brk.b", Misuse::Nearly("BRK.B".into())),
            ("005930", Misuse::DomesticCode),
            ("엔비디아", Misuse::NoSymbol),
            ("NVDA US", Misuse::NoSymbol),
            ("TOOLONGTICKER", Misuse::NoSymbol),
        ] {
            assert_eq!(us_ticker(text), Some(want), "{text:?}");
        }
    }

    #[test]
    fn what_cannot_be_gold() {
        for text in ["M04020000", "M04020100", ""] {
            assert_eq!(gold(text), None, "{text:?}");
        }
        for (text, want) in [
            ("m04020000", Misuse::Nearly("M04020000".into())),
            ("005930", Misuse::DomesticCode),
            ("GOLD", Misuse::NoGold),
            ("M0402000", Misuse::NoGold),
            ("M0402000O", Misuse::NoGold),
            ("금", Misuse::NoGold),
        ] {
            assert_eq!(gold(text), Some(want), "{text:?}");
        }
    }

    #[test]
    fn both_languages_show_the_text() {
        for misuse in [Misuse::DomesticCode, Misuse::Nearly("NVDA".into()), Misuse::NoSymbol, Misuse::NoGold] {
            let said = misuse.about("nvda");
            assert!(said.english().contains("\"nvda\"") && said.korean().contains("\"nvda\""), "{said}");
        }
    }
}
