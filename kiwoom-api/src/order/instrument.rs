//! The instrument of an order, and the markers that tell the builders which kinds of orders it has.

use std::borrow::Cow;

use crate::json::encode::{told, told_id};
use crate::language::{Both, both, fixed};
use crate::redact::redact;
use crate::value::{BaseCode, Fault, GoldCode, Misuse, StockCode};

/// Domestic stocks, ETF, ETN and ELW, for cash.
#[derive(Clone, Copy, Debug)]
pub enum Stock {}
/// Domestic stocks on a margin loan.
#[derive(Clone, Copy, Debug)]
pub enum Margin {}
/// KRX gold.
#[derive(Clone, Copy, Debug)]
pub enum Gold {}
/// US stocks.
#[derive(Clone, Copy, Debug)]
pub enum UsStock {}
/// A desk that the type does not name.
#[derive(Clone, Copy, Debug)]
pub enum AnyDesk {}
/// A purchase.
#[derive(Clone, Copy, Debug)]
pub enum Buy {}
/// A sale.
#[derive(Clone, Copy, Debug)]
pub enum Sell {}

/// Desks that accept the domestic kinds of orders, at a venue of the caller's choice.
pub trait Domestic: Marked {}
#[cfg(feature = "domestic-order")]
impl Domestic for Stock {}
#[cfg(feature = "domestic-margin-order")]
impl Domestic for Margin {}

/// Desks with daily price limits.
pub trait Limited: Marked {}
impl Limited for Stock {}
impl Limited for Margin {}
impl Limited for Gold {}

/// What can be bought and sold: a [`StockCode`] or its text, a [`GoldCode`], a US stock (`Us`). Sealed.
pub trait Tradable: sealed::Sealed {
    /// Which desk takes orders for it: [`Stock`], [`Gold`] or [`UsStock`].
    type Desk: Marked;
    /// The code and, if it belongs to the code, the venue; or what is wrong with it.
    #[doc(hidden)]
    fn listing(&self) -> Result<Traded, BadSymbol>;
    /// The code as the caller wrote it, for messages.
    #[doc(hidden)]
    fn text(&self) -> String;
}

/// A marker that stands for a desk. Sealed.
pub trait Marked: sealed::Sealed {
    #[doc(hidden)]
    const DESK: super::Desk;
}

impl Marked for Stock {
    const DESK: super::Desk = super::Desk::Stock;
}
impl Marked for Margin {
    const DESK: super::Desk = super::Desk::Margin;
}
impl Marked for Gold {
    const DESK: super::Desk = super::Desk::Gold;
}
impl Marked for UsStock {
    const DESK: super::Desk = super::Desk::Us;
}

/// Code and venue as sent.
#[doc(hidden)]
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Traded {
    pub(super) symbol: String,
    /// Blank if the caller or the market decides.
    pub(super) venue: String,
}

/// Why a code is not valid in an order: problem and advice.
#[doc(hidden)]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadSymbol(pub(super) Both, pub(super) Both);

impl Tradable for StockCode {
    type Desk = Stock;

    /// Removes the letter that account APIs write before the code. Refuses a code that includes a venue suffix:
    /// dropping the suffix would choose a venue other than the one intended (`BEHAVIOUR.md` H4, 1902).
    fn listing(&self) -> Result<Traded, BadSymbol> {
        match StockCode::with_prefix(self.as_str()) {
            Ok(code) if code.as_str().contains('_') => {
                let typed = redact(self.typed());
                Err(BadSymbol(
                    both!(
                        "{typed:?}: the code holds a venue, which orders refuse",
                        "{typed:?}: 주문의 종목코드에는 거래소를 붙이지 않습니다"
                    ),
                    fixed!(
                        "use code.base(), and say where it goes with .venue(..)",
                        "code.base()를 쓰고, 거래소는 .venue(..)로 정하세요"
                    ),
                ))
            }
            Ok(code) if code.is_well_formed() => Ok(Traded { symbol: code.as_str().to_owned(), venue: String::new() }),
            read => {
                let fault = read.unwrap_or(*self).fault().unwrap_or(Fault::NoCode);
                Err(BadSymbol(
                    told(&fault, self),
                    fixed!("give 6 digits and capitals such as 005930", "005930 같은 6자리 코드를 쓰세요"),
                ))
            }
        }
    }

    fn text(&self) -> String {
        self.as_str().to_owned()
    }
}

impl Tradable for str {
    type Desk = Stock;

    fn listing(&self) -> Result<Traded, BadSymbol> {
        StockCode::from(self).listing()
    }

    fn text(&self) -> String {
        self.to_owned()
    }
}

impl Tradable for GoldCode {
    type Desk = Gold;

    fn listing(&self) -> Result<Traded, BadSymbol> {
        let misuse = if self.as_str().is_empty() { Some(Misuse::NoGold) } else { self.misuse() };
        match misuse {
            None => Ok(Traded { symbol: self.as_str().to_owned(), venue: String::new() }),
            Some(misuse) => Err(BadSymbol(
                told_id(&misuse, self.as_str()),
                fixed!("give one such as M04020000", "M04020000 같은 코드를 쓰세요"),
            )),
        }
    }

    fn text(&self) -> String {
        self.as_str().to_owned()
    }
}

impl Tradable for String {
    type Desk = Stock;

    fn listing(&self) -> Result<Traded, BadSymbol> {
        self.as_str().listing()
    }

    fn text(&self) -> String {
        self.clone()
    }
}

impl Tradable for Cow<'_, str> {
    type Desk = Stock;

    fn listing(&self) -> Result<Traded, BadSymbol> {
        str::listing(self)
    }

    fn text(&self) -> String {
        self.to_string()
    }
}

/// A key has no venue, so it is an instrument already.
impl Tradable for BaseCode {
    type Desk = Stock;

    fn listing(&self) -> Result<Traded, BadSymbol> {
        self.code().listing()
    }

    fn text(&self) -> String {
        self.as_str().to_owned()
    }
}

impl<T: Tradable + ?Sized> Tradable for &T {
    type Desk = T::Desk;

    fn listing(&self) -> Result<Traded, BadSymbol> {
        T::listing(self)
    }

    fn text(&self) -> String {
        T::text(self)
    }
}

#[cfg(feature = "us-order")]
pub use us::Us;

#[cfg(feature = "us-order")]
mod us {
    use super::{BadSymbol, Tradable, Traded, UsStock};
    use crate::codes::UsExchange;
    use crate::json::encode::told_id;
    use crate::language::fixed;
    use crate::value::{Misuse, UsTicker};

    /// A US stock: its exchange and its symbol; orders need both.
    ///
    /// ```
    /// use kiwoom_api::codes::UsExchange;
    /// use kiwoom_api::order::Us;
    ///
    /// let nvda = Us::new(UsExchange::Nasdaq, "NVDA");
    /// assert_eq!(nvda.ticker.as_str(), "NVDA");
    /// ```
    #[derive(Clone, Debug, PartialEq, Eq, Hash)]
    pub struct Us {
        /// Where it is listed.
        pub exchange: UsExchange,
        /// Its symbol.
        pub ticker: UsTicker,
    }

    impl Us {
        /// The stock of that symbol.
        pub fn new(exchange: UsExchange, ticker: impl Into<UsTicker>) -> Us {
            Us { exchange, ticker: ticker.into() }
        }
    }

    /// The same stock for realtime data.
    #[cfg(feature = "realtime")]
    impl From<&Us> for crate::realtime::Symbol {
        fn from(us: &Us) -> Self {
            let ticker = us.ticker.as_str();
            match us.exchange {
                UsExchange::Nasdaq => Self::nasdaq(ticker),
                UsExchange::Nyse => Self::nyse(ticker),
                UsExchange::Amex => Self::amex(ticker),
                // a subscription says what is missing
                _ => Self::from(ticker),
            }
        }
    }

    #[cfg(feature = "realtime")]
    impl From<Us> for crate::realtime::Symbol {
        fn from(us: Us) -> Self {
            Self::from(&us)
        }
    }

    impl Tradable for Us {
        type Desk = UsStock;

        fn listing(&self) -> Result<Traded, BadSymbol> {
            let symbol = self.ticker.as_str();
            let misuse = if symbol.is_empty() { Some(Misuse::NoSymbol) } else { self.ticker.misuse() };
            match misuse {
                None => Ok(Traded { symbol: symbol.to_owned(), venue: crate::order::codes::code_of(&self.exchange) }),
                Some(misuse) => {
                    Err(BadSymbol(told_id(&misuse, symbol), fixed!("give one such as NVDA", "NVDA 같은 코드를 쓰세요")))
                }
            }
        }

        fn text(&self) -> String {
            self.ticker.as_str().to_owned()
        }
    }

    impl super::sealed::Sealed for Us {}
}

mod sealed {
    use std::borrow::Cow;

    use super::{BaseCode, Gold, GoldCode, Margin, Stock, StockCode, UsStock};

    pub trait Sealed {}
    impl Sealed for Stock {}
    impl Sealed for Margin {}
    impl Sealed for Gold {}
    impl Sealed for UsStock {}
    impl Sealed for StockCode {}
    impl Sealed for GoldCode {}
    impl Sealed for BaseCode {}
    impl Sealed for str {}
    impl Sealed for String {}
    impl Sealed for Cow<'_, str> {}
    impl<T: Sealed + ?Sized> Sealed for &T {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_al_code_in_an_order() {
        for text in ["005930_AL", "005930_NX", "A005930_AL", "005930_XX"] {
            let BadSymbol(problem, advice) = text.listing().unwrap_err();
            assert!(problem.english().contains("venue") && advice.english().contains("base()"), "{text}: {problem}");
        }
    }

    #[test]
    fn the_letter_of_account_apis_is_taken_off() {
        for (text, symbol) in [
            ("005930", "005930"),
            ("A005930", "005930"),
            ("Q500001", "500001"),
            ("J57JBHH", "57JBHH"),
            ("00680K", "00680K"),
        ] {
            assert_eq!(text.listing().unwrap().symbol, symbol);
            assert_eq!(StockCode::with_prefix(text).unwrap().listing().unwrap().symbol, symbol);
        }
        // a digit is missing: no code of six characters begins with a letter
        assert!("A00593".listing().is_err());
    }

    #[test]
    fn what_is_no_code_is_refused() {
        for text in ["", "삼성전자", "005-930", "5930", "AAPL", "00593O", "001"] {
            let BadSymbol(problem, _) = text.listing().unwrap_err();
            assert!(problem.english().contains(&format!("{text:?}")), "{problem}");
        }
        for text in ["", "M 040", "M040200000000", "005930", "GOLD", "m04020000", "M0402000"] {
            assert!(GoldCode::from(text).listing().is_err(), "{text:?}");
        }
        #[cfg(feature = "us-order")]
        for (text, good) in [("NVDA", true), ("BRK.B", true), ("", false), ("nvda", false), ("005930", false)] {
            let us = Us::new(crate::codes::UsExchange::Nasdaq, text);
            assert_eq!(us.listing().is_ok(), good, "{text:?}");
        }
    }
}
