//! The key that joins what one stock has in different APIs.

use std::borrow::Cow;
use std::fmt;

use super::StockCode;

/// A stock regardless of venue and of the letter before its code: `005930`, `005930_AL` and `A005930` are one.
///
/// Holdings come with a letter, quotes with a venue; as `BaseCode` they are equal. A text that is not a stock code
/// stays unchanged and equals nothing else.
///
/// ```
/// use kiwoom_api::value::{BaseCode, StockCode};
/// let samsung = BaseCode::from("A005930_AL");
/// assert_eq!(samsung, BaseCode::from(StockCode::from("005930_NX")));
/// assert_eq!(samsung, "005930");
/// assert_eq!(samsung.to_string(), "005930");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BaseCode(StockCode);

impl BaseCode {
    /// The code.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The code for requests that take one.
    pub fn code(&self) -> StockCode {
        self.0
    }
}

impl From<StockCode> for BaseCode {
    fn from(code: StockCode) -> Self {
        if !code.is_valid() {
            return BaseCode(code);
        }
        // `from_str` keeps a letter as a part of the code; a base of seven is one with its letter
        let base = code.base();
        BaseCode(StockCode::with_prefix(base.as_str()).map_or(base, |code| code.base()))
    }
}

impl From<&StockCode> for BaseCode {
    fn from(code: &StockCode) -> Self {
        (*code).into()
    }
}

impl From<BaseCode> for StockCode {
    fn from(code: BaseCode) -> Self {
        code.0
    }
}

impl From<&str> for BaseCode {
    fn from(text: &str) -> Self {
        StockCode::from(text).into()
    }
}

super::text::text_like!(BaseCode, String, &String, Cow<'_, str>);

impl fmt::Display for BaseCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for BaseCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_str().fmt(f)
    }
}
