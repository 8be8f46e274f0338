//! Which domestic codes are stocks and which are funds, for the check of prices.

use std::collections::HashMap;
use std::sync::Arc;

use super::Ticks;
use crate::value::StockCode;

/// Tick tables by code: what [`Orders::symbols`](super::Orders::symbols) takes. Cheap to clone.
///
/// ```
/// use kiwoom_api::order::{Symbols, Ticks};
///
/// let symbols: Symbols = [("005930", Ticks::Stock), ("069500", Ticks::Fund)].into_iter().collect();
/// assert_eq!(symbols.get("A069500_AL"), Some(Ticks::Fund));
/// assert_eq!(symbols.get("000660"), None);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Symbols(Arc<HashMap<String, Ticks>>);

impl Symbols {
    /// The tick table of this code, whatever venue or account letter it is written with; `None` if it is not listed here.
    pub fn get(&self, code: &str) -> Option<Ticks> {
        self.0.get(&key(code)).copied()
    }
}

/// The code without account letter and venue.
fn key(code: &str) -> String {
    let code = StockCode::with_prefix(code).unwrap_or_else(|_| StockCode::from(code));
    code.base().to_string()
}

impl<C: AsRef<str>> FromIterator<(C, Ticks)> for Symbols {
    fn from_iter<I: IntoIterator<Item = (C, Ticks)>>(listed: I) -> Symbols {
        Symbols(Arc::new(listed.into_iter().map(|(code, ticks)| (key(code.as_ref()), ticks)).collect()))
    }
}
