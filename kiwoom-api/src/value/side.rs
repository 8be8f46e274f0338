//! Traded quantities whose sign on the wire is the side of the trade.

use std::fmt;

crate::code_set! {
    /// Buy or sell: the side of an order, or the side that initiated a trade.
    pub enum Side {
        /// 매수; of a trade: a buyer lifted the ask (`+` on the wire).
        Buy,
        /// 매도; of a trade: a seller hit the bid (`-` on the wire).
        Sell,
    }
    ; spelt ("+매수", 0), ("-매도", 1), ("01", 1), ("02", 0), ("매도", 1), ("매수", 0)
    ; disputed ("1", 0), ("1", 1), ("2", 0), ("2", 1)
    ; korean ["매수", "매수단가"], ["매도", "매도단가"]
}

/// A traded quantity: `-1793` is 1,793 sold, not minus 1,793.
///
/// ```
/// use kiwoom_api::value::{Side, Sided};
/// let trade = Sided { qty: 1793, side: Some(Side::Sell) };
/// assert_eq!(trade.qty, 1793);
/// assert_eq!(format!("{trade} {trade:#}"), "1793 -1793");
/// ```
///
/// `Display` shows the quantity alone; `{:#}` puts the sign of the wire before it, `+` for bought.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Sided {
    /// How many, never negative. Unit: 1 share (or contract).
    pub qty: i64,
    /// `None` if the wire has no sign.
    pub side: Option<Side>,
}

impl fmt::Display for Sided {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if f.alternate() {
            f.write_str(match self.side {
                Some(Side::Buy) => "+",
                Some(Side::Sell) => "-",
                Some(Side::Unlisted(_)) | None => "",
            })?;
        }
        self.qty.fmt(f)
    }
}
