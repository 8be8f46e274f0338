//! The caller's own name for one intended action, by which it is found again after a crash.
//!
//! The broker has no such name (`BEHAVIOUR.md` O6): it lives in this process and its journal.

use std::fmt;
use std::str::FromStr;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use jiff::Timestamp;

use crate::Language;
use crate::language::{Both, fixed};

/// The most characters of an id.
const LONGEST: usize = 64;

/// The caller's name of one order, change or cancellation: 1 to 64 of the characters `A-Z a-z 0-9 . _ : -`.
///
/// Two equal orders with two ids are two orders. Use each id for one thing only.
///
/// ```
/// use kiwoom_api::order::OrderId;
///
/// let id: OrderId = "mr-20260706-17".parse()?;
/// assert_eq!(id.as_str(), "mr-20260706-17");
/// assert_ne!(OrderId::generate(), OrderId::generate());
/// # Ok::<(), kiwoom_api::order::BadOrderId>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OrderId(Box<str>);

/// The text is not an [`OrderId`].
///
/// It becomes an [`Error`](crate::Error), so that `?` takes it along.
///
/// ```
/// fn name(text: &str) -> Result<kiwoom_api::order::OrderId, kiwoom_api::Error> {
///     Ok(text.parse()?)
/// }
/// assert!(name("mr-1").is_ok());
/// assert!(name("").unwrap_err().to_string().contains("not an order id"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadOrderId;

impl OrderId {
    /// Generates an id that no other process generates: time, a number of this process, a counter.
    pub fn generate() -> OrderId {
        static PROCESS: OnceLock<u64> = OnceLock::new();
        static COUNT: AtomicU64 = AtomicU64::new(0);
        // seeded by the system, so two processes that start in the same microsecond differ
        let process = PROCESS.get_or_init(|| {
            use std::hash::{BuildHasher, Hasher};
            let mut hasher = std::collections::hash_map::RandomState::new().build_hasher();
            hasher.write_u32(std::process::id());
            hasher.finish()
        });
        let micros = Timestamp::now().as_microsecond();
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        OrderId(format!("{micros:x}-{process:x}-{count:x}").into())
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for OrderId {
    type Err = BadOrderId;

    fn from_str(text: &str) -> Result<OrderId, BadOrderId> {
        let legal = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b':' | b'-');
        if (1..=LONGEST).contains(&text.len()) && text.bytes().all(legal) {
            Ok(OrderId(text.into()))
        } else {
            Err(BadOrderId)
        }
    }
}

impl AsRef<str> for OrderId {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for OrderId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for OrderId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl BadOrderId {
    pub(crate) const TEXT: Both = fixed!(
        "not an order id (1 to 64 of the characters A-Z a-z 0-9 . _ : -)",
        "주문 이름으로 쓸 수 없습니다 (1~64자: A-Z a-z 0-9 . _ : -)"
    );

    /// The text in this language. `Display` is English.
    pub fn display(&self, language: Language) -> impl fmt::Display + '_ {
        Self::TEXT.into_told(language)
    }
}

impl fmt::Display for BadOrderId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Self::TEXT.fmt(f)
    }
}

impl std::error::Error for BadOrderId {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_short_plain_text() {
        let longest = "x".repeat(LONGEST);
        for good in ["a", "mr-1", "2026:07.06_17", longest.as_str(), OrderId::generate().as_str()] {
            assert_eq!(good.parse::<OrderId>().unwrap().as_str(), good);
        }
        for bad in ["", " ", "a b", "a\n", "주문", "a/b", "\"", &"x".repeat(LONGEST + 1)] {
            assert_eq!(bad.parse::<OrderId>(), Err(BadOrderId), "{bad:?}");
        }
    }

    #[test]
    fn generated_ids_differ() {
        let ids: std::collections::HashSet<_> = (0..1000).map(|_| OrderId::generate()).collect();
        assert_eq!(ids.len(), 1000);
    }
}
