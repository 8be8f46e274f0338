//! Which domestic codes are stocks and which are funds, for the check of prices.

use std::collections::HashMap;
use std::sync::Arc;

use super::Ticks;
use crate::value::StockCode;

/// Tick tables by code. Cheap to clone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Symbols(Arc<HashMap<String, Ticks>>);

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_found_however_it_is_written() {
        let symbols: Symbols = [("005930", Ticks::Stock), ("A069500_AL", Ticks::Fund)].into_iter().collect();
        for (code, ticks) in [
            ("005930", Some(Ticks::Stock)),
            ("A005930", Some(Ticks::Stock)),
            ("005930_NX", Some(Ticks::Stock)),
            ("069500", Some(Ticks::Fund)),
            ("000660", None),
            ("", None),
        ] {
            assert_eq!(symbols.get(code), ticks, "{code}");
        }
    }
}
