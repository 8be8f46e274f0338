//! Domestic stock codes, the key that joins quotes, holdings and orders.

use std::borrow::Cow;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use super::BaseCode;
use crate::Language;
use crate::language::{Both, fixed};

/// Bytes of code and suffix.
const CAPACITY: usize = 12;
/// Bytes of a text that is no code, kept for the error that shows it: nine syllables of Hangul and a mark in front.
const KEPT: usize = 28;

/// A domestic stock code such as `005930`, `00680K`, `005930_NX`. Inline and `Copy`.
///
/// Letters that some account APIs write before the code (`A005930`: stock, `J`: ELW and rights, `Q`: ETN) are removed
/// in the fields that document them, and kept in [`prefix`](Self::prefix). Equality, order and hash are those of code
/// and suffix, so a holding and a quote of one stock are equal.
///
/// A suffix is part of the key: `005930` and `005930_AL` are different quotes, and different keys in a map. If the
/// stock counts and not the venue, use [`by_base`](Self::by_base) as the key.
///
/// ```
/// use kiwoom_api::value::{StockCode, Venue};
/// let code: StockCode = "005930_NX".parse()?;
/// assert_eq!(code.base().as_str(), "005930");
/// assert_eq!(code.venue(), Venue::Nxt);
/// assert_eq!(StockCode::with_prefix("A005930")?, code.base());
/// # Ok::<(), kiwoom_api::value::BadStockCode>(())
/// ```
#[derive(Clone, Copy)]
pub struct StockCode {
    text: [u8; KEPT],
    length: u8,
    /// 0: none.
    prefix: u8,
}

crate::code_set! {
    /// The venue of quotes and trades.
    pub enum Venue {
        /// The Korea Exchange; its codes have no suffix.
        Krx,
        /// The alternative exchange Nextrade; suffix `_NX`.
        Nxt,
        /// Both together (통합, SOR); suffix `_AL`. For an order: the broker sends it to the better of the two.
        Unified,
    }
    ; spelt
        ("0", 2), ("1", 0), ("2", 1), ("3", 2), ("KRX", 0), ("NXT", 1), ("S-KRX", 0), ("S-NXT", 1), ("SOR", 2), ("통합", 2)
    ; korean ["KRX"], ["NXT"], ["통합"]
}

/// The text is not a stock code: it is longer than 12 bytes, blank, or has characters that no code has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadStockCode;

impl BadStockCode {
    const TEXT: Both = fixed!(
        "not a stock code (1 to 12 letters and digits, with a suffix such as _NX)",
        "종목코드가 아닙니다 (영문자와 숫자 1~12자, 거래소는 _NX처럼 뒤에 붙입니다)"
    );

    /// The text in this language. `Display` is English.
    pub fn display(&self, language: Language) -> impl fmt::Display + '_ {
        Self::TEXT.into_told(language)
    }
}

impl fmt::Display for BadStockCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Self::TEXT.fmt(f)
    }
}

impl std::error::Error for BadStockCode {}

impl StockCode {
    /// Reads a code that may have an `A`, `J` or `Q` before it.
    pub fn with_prefix(text: &str) -> Result<StockCode, BadStockCode> {
        let text = text.trim();
        let base = text.split('_').next().unwrap_or(text);
        match text.as_bytes() {
            // what is left must still be a code: `A00593` is not `00593`
            [letter @ (b'A' | b'J' | b'Q'), ..] if base.len() > 6 => {
                Ok(StockCode { prefix: *letter, ..text[1..].parse()? })
            }
            _ => text.parse(),
        }
    }

    /// Code and suffix, without the prefix.
    #[doc(alias = "종목코드")]
    #[doc(alias = "종목번호")]
    pub fn as_str(&self) -> &str {
        // always valid: only whole characters are stored
        std::str::from_utf8(&self.text[..usize::from(self.length)]).unwrap_or_default()
    }

    /// The code alone, without suffix and prefix. Orders take this.
    pub fn base(&self) -> StockCode {
        let base = self.as_str().split('_').next().unwrap_or_default();
        // a part of a code is a code
        base.parse().unwrap_or(*self)
    }

    /// The key of the stock, regardless of venue: joins holdings, quotes and orders.
    ///
    /// ```
    /// use std::collections::HashMap;
    /// use kiwoom_api::value::{BaseCode, StockCode};
    ///
    /// let (held, quoted) = (StockCode::with_prefix("A005930")?, StockCode::from("005930_AL"));
    /// assert_ne!(held, quoted);
    /// assert_eq!(held.by_base(), quoted.by_base());
    ///
    /// let qty: HashMap<BaseCode, i64> = [(held.by_base(), 10)].into();
    /// assert_eq!(qty.get(&quoted.by_base()), Some(&10));
    /// assert_eq!(qty.get("005930"), Some(&10));
    /// # Ok::<(), kiwoom_api::value::BadStockCode>(())
    /// ```
    pub fn by_base(&self) -> BaseCode {
        BaseCode::from(*self)
    }

    /// The venue of the suffix; no suffix is KRX. A suffix that this version does not know is [`Venue::Unlisted`].
    pub fn venue(&self) -> Venue {
        match self.as_str().split_once('_').map(|(_, suffix)| suffix) {
            None => Venue::Krx,
            Some("NX") => Venue::Nxt,
            Some("AL") => Venue::Unified,
            Some(other) => super::Unlisted::new(other).map_or(Venue::Krx, Venue::Unlisted),
        }
    }

    /// `false` if [`From<&str>`](#impl-From%3C%26str%3E-for-StockCode) made it from a text that is not a stock code.
    pub fn is_valid(&self) -> bool {
        self.text[0] != b'?'
    }

    fn broken(text: &str) -> StockCode {
        let mut code = StockCode { text: [0; KEPT], length: 0, prefix: 0 };
        let mut add = |c: char, spare: usize| {
            let at = usize::from(code.length);
            let fits = at + c.len_utf8() + spare <= KEPT;
            if fits {
                code.length += c.encode_utf8(&mut code.text[at..]).len() as u8;
            }
            fits
        };
        add('?', 0);
        let mut rest = text.trim().chars().map(|c| if c.is_control() { ' ' } else { c }).peekable();
        while let Some(c) = rest.next() {
            // what does not fit is cut, and shows that it was
            let spare = if rest.peek().is_some() { '…'.len_utf8() } else { 0 };
            if !add(c, spare) {
                add('…', 0);
                break;
            }
        }
        code
    }

    /// The text as it was typed, valid or not; cut with `…` where it is long.
    pub(crate) fn typed(&self) -> &str {
        self.as_str().strip_prefix('?').unwrap_or(self.as_str())
    }

    /// The letter that stood before the code: `A`, `J` or `Q`.
    pub fn prefix(&self) -> Option<char> {
        (self.prefix != 0).then_some(char::from(self.prefix))
    }
}

impl FromStr for StockCode {
    type Err = BadStockCode;

    /// Takes the text as it is: a prefix stays part of the code.
    fn from_str(text: &str) -> Result<Self, BadStockCode> {
        let text = text.trim().as_bytes();
        let legal = |b: &u8| b.is_ascii_alphanumeric() || *b == b'_';
        if text.is_empty() || text.first() == Some(&b'_') || !text.iter().all(legal) {
            return Err(BadStockCode);
        }
        if text.len() > CAPACITY {
            return Err(BadStockCode);
        }
        let mut code = StockCode { text: [0; KEPT], length: text.len() as u8, prefix: 0 };
        code.text[..text.len()].copy_from_slice(text);
        Ok(code)
    }
}

/// For literals in requests. A text that is not a stock code becomes a code for which [`is_valid`](StockCode::is_valid)
/// is `false` and that no request accepts: the call fails before the network, with the text in the error.
impl From<&str> for StockCode {
    fn from(text: &str) -> Self {
        text.parse().unwrap_or_else(|_| StockCode::broken(text))
    }
}

impl From<&StockCode> for StockCode {
    fn from(code: &StockCode) -> Self {
        *code
    }
}

super::text::text_like!(StockCode, String, &String, Cow<'_, str>);

impl PartialEq for StockCode {
    fn eq(&self, other: &Self) -> bool {
        // bytes behind the length are always 0
        self.text == other.text
    }
}

impl Eq for StockCode {}

/// As the text does, so that a map of codes can be asked by text.
impl Hash for StockCode {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

impl PartialOrd for StockCode {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for StockCode {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.text.cmp(&other.text)
    }
}

impl fmt::Display for StockCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for StockCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_str().fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_is_no_code_is_kept_but_not_valid() {
        for text in ["", "005930 ", "삼성전자", "0059301234567", "005-930", "_NX"] {
            let valid = text.trim().parse::<StockCode>().is_ok();
            assert_eq!(StockCode::from(text).is_valid(), valid, "{text:?}");
        }
        assert_eq!(StockCode::from("005-930").as_str(), "?005-930");
        for (text, typed) in [
            ("삼성전자", "삼성전자"),
            ("삼성바이오로직스", "삼성바이오로직스"),
            ("한국항공우주산업우선주", "한국항공우주산업…"),
            ("KODEX 200 선물인버스2X", "KODEX 200 선물인버…"),
            ("a\nb", "a b"),
        ] {
            assert_eq!(StockCode::from(text).typed(), typed);
        }
    }
}
