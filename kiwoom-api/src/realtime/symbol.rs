//! What a topic is about, as users write it.

use std::borrow::Cow;

use super::engine::KeyItem;
use crate::language::{Both, fixed};
use crate::value::{BaseCode, Fault, StockCode, Word};

/// The longest domestic item of letters alone: gold abroad is `MGD` in won and `MGU` in dollars.
const LETTERS: usize = 3;

/// The symbol of a subscription: a domestic code (`005930`, `005930_AL`, a sector, an ELW), or a US ticker with its exchange.
///
/// ```
/// use kiwoom_api::realtime::Symbol;
///
/// let samsung = Symbol::from("005930");
/// let nvidia = Symbol::nasdaq("NVDA");
/// assert_eq!((samsung.code(), nvidia.code()), ("005930", "NVDA"));
///
/// // texts and codes, owned or borrowed
/// let mine: [&str; 2] = ["005930", "000660"];
/// assert!(mine.iter().map(Symbol::from).eq(mine.map(|code| Symbol::from(code.to_owned()))));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Symbol(pub(super) KeyItem);

impl Symbol {
    /// A US stock of NASDAQ.
    pub fn nasdaq(ticker: &str) -> Symbol {
        Symbol::us(ticker, "ND")
    }

    /// A US stock of NYSE.
    pub fn nyse(ticker: &str) -> Symbol {
        Symbol::us(ticker, "NY")
    }

    /// A US stock of AMEX.
    pub fn amex(ticker: &str) -> Symbol {
        Symbol::us(ticker, "NA")
    }

    fn us(ticker: &str, exchange: &'static str) -> Symbol {
        Symbol(KeyItem { code: Word::new(ticker.trim()), exchange })
    }

    /// Code or ticker.
    pub fn code(&self) -> &str {
        self.0.code.as_str()
    }

    /// What is wrong with it, for a socket of the US market or the domestic one.
    pub(super) fn problem(&self, us: bool) -> Option<Both> {
        let code = self.code();
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-' | '/');
        if code.is_empty() {
            return Some(fixed!(
                "a blank symbol (for a topic without symbols use .all())",
                "종목이 비어 있습니다 (종목이 없는 항목에는 .all()을 쓰세요)"
            ));
        }
        if code.len() > 20 || !code.chars().all(plain) {
            return Some(fixed!(
                "not a symbol (letters, digits and _ . - / only, 20 at most)",
                "종목이 아닙니다 (글자, 숫자와 _ . - / 만, 20자까지)"
            ));
        }
        match (us, self.0.exchange.is_empty()) {
            (true, true) => Some(fixed!(
                "a US symbol needs its exchange (Symbol::nasdaq, nyse or amex)",
                "미국 종목에는 거래소가 필요합니다 (Symbol::nasdaq, nyse, amex)"
            )),
            (false, false) => Some(fixed!(
                "a US symbol in a domestic topic (its topics are in kiwoom_api::us::realtime)",
                "국내 항목에 미국 종목이 있습니다 (미국 항목은 kiwoom_api::us::realtime에 있습니다)"
            )),
            (false, true) => self.slip(),
            (true, false) => None,
        }
    }

    /// A domestic code that is misspelled or of another market. The broker acknowledges it, and then nothing comes.
    ///
    /// Sectors, gold and whatever else a topic may take pass.
    fn slip(&self) -> Option<Both> {
        let fault = StockCode::from(self.code()).fault()?;
        match fault {
            Fault::UsSymbol if self.code().len() <= LETTERS => None,
            Fault::UsSymbol => Some(fixed!(
                "looks like a US symbol (write Symbol::nasdaq(..), in a topic of kiwoom_api::us::realtime)",
                "미국 종목으로 보입니다 (kiwoom_api::us::realtime의 항목에 Symbol::nasdaq(..)처럼 쓰세요)"
            )),
            Fault::Nearly(_) | Fault::Suffix(_) => Some(fault.about(self.code())),
            Fault::NoCode | Fault::Index | Fault::Gold | Fault::Length(_) => None,
        }
    }
}

/// Symbols of texts and codes, owned and borrowed: what a list of either yields.
macro_rules! from {
    ($($owner:ty),+ => $text:ident) => {$(
        impl From<$owner> for Symbol {
            fn from(owner: $owner) -> Symbol {
                Symbol(KeyItem::of(owner.$text()))
            }
        }
    )+};
}

from!(&str, &&str, String, &String, Cow<'_, str> => trim);
from!(StockCode, &StockCode, BaseCode, &BaseCode => as_str);

impl From<&Symbol> for Symbol {
    fn from(symbol: &Symbol) -> Symbol {
        symbol.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_domestic_topic_takes_and_what_is_a_slip() {
        for code in
            ["005930", "005930_NX", "005930_AL", "00680K", "57JBHH", "001", "MGD", "MGU", "M04020000", "KR103502GE97"]
        {
            assert!(Symbol::from(code).problem(false).is_none(), "{code}");
        }
        for (code, hint) in [
            ("5930", "005930"),
            ("00593O", "005930"),
            ("005930_KS", "_NX"),
            ("NVDA", "Symbol::nasdaq"),
            ("AAPL", "Symbol::nasdaq"),
            ("", ".all()"),
        ] {
            let problem = Symbol::from(code).problem(false).map(|problem| problem.to_string());
            assert!(problem.as_ref().is_some_and(|problem| problem.contains(hint)), "{code}: {problem:?}");
        }
        assert!(Symbol::nasdaq("NVDA").problem(true).is_none());
        assert!(Symbol::from("NVDA").problem(true).unwrap().to_string().contains("Symbol::nasdaq"));
        assert!(Symbol::nasdaq("NVDA").problem(false).unwrap().to_string().contains("us::realtime"));
    }
}
