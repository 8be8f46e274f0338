//! Which texts cannot be the code of a domestic stock, and what was probably meant.
//!
//! Only what no document and no reply ever showed is a fault: stocks, ETF, ETN and ELW have six characters that begin with a
//! digit (`005930`, `00680K`, `0000D0`, `57JBHH`), rights have eight (`0036221D`), bonds twelve (`KR..`).

use super::StockCode;
use crate::language::{Both, both};

/// The suffixes of venues: NXT, and both together (`BEHAVIOUR.md` N7).
const VENUES: [&str; 2] = ["NX", "AL"];

/// Why a text is no domestic stock code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Characters that no code has, or too many of them.
    NoCode,
    /// It looks like an index or sector (`001`).
    Index,
    /// It looks like a US symbol (`AAPL`).
    UsSymbol,
    /// It looks like a gold product (`M04020000`).
    Gold,
    /// It nearly is this code.
    Nearly(String),
    /// Not as long as any code.
    Length(usize),
    /// Its suffix is none of a venue.
    Suffix(String),
}

impl StockCode {
    /// Why no domestic instrument can have this code. `None` says that its form is right, not that there is such a stock.
    pub(crate) fn fault(&self) -> Option<Fault> {
        if !self.is_valid() {
            return Some(of_text(self.typed()));
        }
        let (base, suffix) = match self.as_str().split_once('_') {
            Some((base, suffix)) => (base, Some(suffix)),
            None => (self.as_str(), None),
        };
        // what no document and no reply ever showed is a slip: `venue()` reads others, and `raw()` sends them
        if let Some(suffix) = suffix.filter(|suffix| !VENUES.contains(suffix)) {
            return Some(Fault::Suffix(suffix.to_owned()));
        }
        of_base(base)
    }

    /// The form is that of a domestic code. Requests take no others: the broker would answer them with a blank success.
    ///
    /// ```
    /// use kiwoom_api::value::StockCode;
    ///
    /// for code in ["005930", "005930_NX", "00680K", "0000D0", "57JBHH", "A005930", "J0036221D"] {
    ///     assert!(StockCode::from(code).is_well_formed(), "{code}");
    /// }
    /// for code in ["5930", "AAPL", "00593O", "삼성전자"] {
    ///     assert!(!StockCode::from(code).is_well_formed(), "{code}");
    /// }
    /// ```
    pub fn is_well_formed(&self) -> bool {
        self.fault().is_none()
    }
}

/// A text with characters that no code has: a code in somebody else's clothes (`KRX:005930`, `005930.KS`, `삼성전자(005930)`),
/// a US symbol with its dot, or anything.
fn of_text(typed: &str) -> Fault {
    let narrow = |c: char| match c {
        '０'..='９' | 'Ａ'..='Ｚ' => char::from_u32(u32::from(c) - u32::from('０') + u32::from('0')).unwrap_or(c),
        c => c,
    };
    let text: String = typed.chars().map(narrow).collect();
    let pieces = text.split(|c: char| !c.is_ascii_alphanumeric());
    let mut codes: Vec<&str> = pieces.filter(|piece| piece.len() == 6 && of_six(piece).is_none()).collect();
    codes.dedup();
    let is_symbol = |c: char| c.is_ascii_alphabetic() || matches!(c, '.' | '/' | '-');
    match codes[..] {
        [code] => Fault::Nearly(code.to_owned()),
        _ if text.len() < 8 && text.starts_with(|c: char| c.is_ascii_alphabetic()) && text.chars().all(is_symbol) => {
            Fault::UsSymbol
        }
        _ => Fault::NoCode,
    }
}

fn of_base(base: &str) -> Option<Fault> {
    let digits = base.bytes().filter(u8::is_ascii_digit).count();
    match base.as_bytes() {
        // the letter that account APIs write in front
        [b'A' | b'Q', rest @ ..] if rest.len() == 6 => of_six(&base[1..]),
        [b'J', rest @ ..] if rest.len() == 6 => of_six(&base[1..]),
        [b'a' | b'q' | b'j', rest @ ..] if rest.len() == 6 && of_six(&base[1..]).is_none() => {
            Some(Fault::Nearly(base[1..].to_owned()))
        }
        [b'J', rest @ ..] if rest.len() == 8 => of_rights(&base[1..]),
        [b'K', b'R', ..] if base.len() == 12 => None,
        [b'M', rest @ ..] if rest.len() == 8 && digits == 8 => Some(Fault::Gold),
        _ if base.len() == 6 => of_six(base),
        _ if base.len() == 8 => of_rights(base),
        _ if digits == 0 && base.len() < 6 => Some(Fault::UsSymbol),
        _ if digits == base.len() && digits == 3 => Some(Fault::Index),
        _ if digits == base.len() && digits < 6 && base.bytes().any(|b| b != b'0') => {
            Some(Fault::Nearly(format!("{base:0>6}")))
        }
        _ => Some(Fault::Length(base.len())),
    }
}

/// KRX leaves the letters that look like digits out of its codes.
fn of_six(base: &str) -> Option<Fault> {
    let meant: String = base.to_ascii_uppercase().replace('O', "0").replace('I', "1");
    let begins = |text: &str| text.starts_with(|c: char| c.is_ascii_digit());
    match () {
        () if meant == base && begins(base) => None,
        () if begins(&meant) => Some(Fault::Nearly(meant)),
        () if base.bytes().all(|b| b.is_ascii_alphabetic()) => Some(Fault::UsSymbol),
        () => Some(Fault::Length(5)).filter(|_| base.starts_with(['A', 'J', 'Q'])).or(Some(Fault::NoCode)),
    }
}

fn of_rights(base: &str) -> Option<Fault> {
    let fits = base.starts_with(|c: char| c.is_ascii_digit()) && base.bytes().all(|b| !b.is_ascii_lowercase());
    if fits { None } else { Some(Fault::Length(base.len())) }
}

impl Fault {
    /// What is wrong with this text.
    pub(crate) fn about(&self, typed: &str) -> Both {
        match self {
            Fault::NoCode => both!(
                "{typed:?} is not a stock code (6 digits and capitals that begin with a digit, such as 005930, 0000D0 or 005930_NX)",
                "{typed:?}: 종목코드가 아닙니다 (숫자로 시작하는 숫자와 대문자 6자리, 예: 005930, 0000D0, 005930_NX)"
            ),
            Fault::Index => both!(
                "{typed:?} is no stock code, it looks like an index or sector (those have APIs of their own, with IndexCode; a stock has 6 characters such as 005930)",
                "{typed:?}: 종목코드가 아니라 업종(지수) 코드로 보입니다 (업종 API와 IndexCode를 쓰세요. 종목코드는 005930처럼 6자리입니다)"
            ),
            Fault::UsSymbol => both!(
                "{typed:?} is no domestic stock code, it looks like a US symbol (US stocks have APIs of their own in kiwoom_api::us, and orders name the exchange: Us::new(UsExchange::Nasdaq, ..); a domestic code has 6 characters such as 005930)",
                "{typed:?}: 국내 종목코드가 아니라 미국 종목으로 보입니다 (미국 주식은 kiwoom_api::us의 API를 쓰고, 주문은 Us::new(UsExchange::Nasdaq, ..)처럼 거래소를 적으세요. 국내 종목코드는 005930처럼 6자리입니다)"
            ),
            Fault::Gold => both!(
                "{typed:?} is no stock code, it looks like a gold product (those have APIs of their own, with GoldCode)",
                "{typed:?}: 종목코드가 아니라 금현물 코드로 보입니다 (금현물 API와 GoldCode를 쓰세요)"
            ),
            Fault::Nearly(meant) => {
                both!(
                    "{typed:?} is not a stock code (is it {meant}?)",
                    "{typed:?}: 종목코드가 아닙니다 ({meant}인가요?)"
                )
            }
            Fault::Length(length) => both!(
                "{typed:?} is not a stock code: it has {length} characters (stocks, ETF, ETN and ELW have 6, such as 005930)",
                "{typed:?}: 종목코드가 아닙니다. 글자가 {length}개입니다 (주식, ETF, ETN, ELW는 005930처럼 6자리입니다)"
            ),
            Fault::Suffix(suffix) => both!(
                "{typed:?} is not a stock code: {suffix:?} is no venue (write _NX for NXT, _AL for both venues, nothing for KRX)",
                "{typed:?}: 종목코드가 아닙니다. {suffix:?}라는 거래소는 없습니다 (NXT는 _NX, 통합은 _AL, KRX는 아무것도 붙이지 않습니다)"
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_documents_and_replies_pass() {
        for code in [
            "005930",
            "00680K",
            "0106J0",
            "0018Z0",
            "0039P0",
            "0000D0",
            "57JBHH",
            "57KJ99",
            "0036221D",
            "00532219",
            "J0036221D",
            "A005930",
            "Q530031",
            "Q500001",
            "J57JBHH",
            "219550_AL",
            "005930_NX",
            "A005930_AL",
            "KR7005930003",
            "900110",
        ] {
            assert_eq!(StockCode::from(code).fault(), None, "{code}");
            assert!(StockCode::with_prefix(code).unwrap().is_well_formed(), "{code}");
        }
    }

    #[test]
    fn what_was_meant_is_said() {
        for (code, want) in [
            ("5930", "005930"),
            ("660", "IndexCode"),
            ("00593O", "005930"),
            ("OO5930", "005930"),
            ("0OO66O", "000660"),
            ("I05560", "105560"),
            ("00680k", "00680K"),
            ("0000d0", "0000D0"),
            ("AAPL", "kiwoom_api::us"),
            ("GOOGL", "kiwoom_api::us"),
            ("F", "kiwoom_api::us"),
            ("aapl", "kiwoom_api::us"),
            ("001", "IndexCode"),
            ("201", "IndexCode"),
            ("001_AL", "IndexCode"),
            ("M04020000", "GoldCode"),
            ("0059300", "7 characters"),
            ("A00593", "5 characters"),
            ("A59300000", "9 characters"),
            ("005930_NXT", "_NX"),
            ("005930_XY", "_NX"),
            ("005930_NA", "_AL"),
            ("005930_KR", "_AL"),
            ("005930_AL_AL", "_AL"),
            ("005930_nx", "_NX"),
            ("005930_", "_AL"),
            ("T94008", "005930"),
            ("KRX:005930", "is it 005930?"),
            ("005930.KS", "is it 005930?"),
            ("035720.KQ", "is it 035720?"),
            ("삼성전자(005930)", "is it 005930?"),
            ("005930 삼성전자", "is it 005930?"),
            ("\u{feff}005930", "is it 005930?"),
            ("００５９３０", "is it 005930?"),
            ("0000Ｄ0", "is it 0000D0?"),
            ("a005930", "is it 005930?"),
            ("q500001", "is it 500001?"),
            ("005930|000660", "not a stock code"),
            ("005930,005930", "is it 005930?"),
            ("BRK.B", "kiwoom_api::us"),
            ("brk/b", "kiwoom_api::us"),
            (".B", "not a stock code"),
            ("0", "1 characters"),
            ("삼성전자", "삼성전자"),
            ("005-930", "005930"),
            ("", "005930"),
        ] {
            let typed = StockCode::from(code);
            let fault = typed.fault().unwrap_or_else(|| panic!("{code:?} passes"));
            let said = fault.about(typed.typed());
            assert!(said.english().contains(want) || said.english().contains(code) && want == code, "{code:?}: {said}");
            let shown = format!("{:?}", typed.typed());
            assert!(said.korean().contains(&shown), "{code:?}: {}", said.korean());
            assert!(!typed.is_well_formed());
        }
    }
}
