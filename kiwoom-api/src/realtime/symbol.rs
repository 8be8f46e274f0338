//! What a topic is about, as users write it.

use super::engine::KeyItem;
use crate::language::{Both, fixed};
use crate::value::{StockCode, Word};

/// The symbol of a subscription: a domestic code (`005930`, `005930_AL`, a sector, an ELW), or a US ticker with its exchange.
///
/// ```
/// use kiwoom_api::realtime::Symbol;
///
/// let samsung = Symbol::from("005930");
/// let nvidia = Symbol::nasdaq("NVDA");
/// assert_eq!((samsung.code(), nvidia.code()), ("005930", "NVDA"));
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
            (false, false) => Some(fixed!("a US symbol in a domestic topic", "국내 항목에 미국 종목이 있습니다")),
            _ => None,
        }
    }
}

impl From<&str> for Symbol {
    fn from(code: &str) -> Symbol {
        Symbol(KeyItem::of(code.trim()))
    }
}

/// What a slice of codes yields.
///
/// ```
/// # #[cfg(feature = "domestic-realtime")] {
/// use kiwoom_api::domestic::realtime::StockTrade;
/// use kiwoom_api::realtime::Subscription;
///
/// fn trades(codes: &[&str]) -> Subscription {
///     Subscription::offline().topic::<StockTrade>(codes)
/// }
/// let _ = trades(&["005930", "000660"]);
/// # }
/// ```
impl From<&&str> for Symbol {
    fn from(code: &&str) -> Symbol {
        Symbol::from(*code)
    }
}

impl From<String> for Symbol {
    fn from(code: String) -> Symbol {
        Symbol::from(code.as_str())
    }
}

impl From<&String> for Symbol {
    fn from(code: &String) -> Symbol {
        Symbol::from(code.as_str())
    }
}

impl From<StockCode> for Symbol {
    fn from(code: StockCode) -> Symbol {
        Symbol::from(code.as_str())
    }
}

impl From<&StockCode> for Symbol {
    fn from(code: &StockCode) -> Symbol {
        Symbol::from(code.as_str())
    }
}

impl From<&Symbol> for Symbol {
    fn from(symbol: &Symbol) -> Symbol {
        symbol.clone()
    }
}
