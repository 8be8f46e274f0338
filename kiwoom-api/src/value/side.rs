//! Traded quantities whose sign on the wire is the side of the trade.

crate::code_set! {
    /// Buy or sell: of an order, or who took the initiative in a trade.
    pub enum Side {
        /// 매수; of a trade: a buyer lifted the ask (`+` on the wire).
        Buy,
        /// 매도; of a trade: a seller hit the bid (`-` on the wire).
        Sell,
    }
}

/// A traded quantity: `-1793` is 1,793 sold, not minus 1,793.
///
/// ```
/// use kiwoom_api::value::{Side, Sided};
/// let trade = Sided { qty: 1793, side: Some(Side::Sell) };
/// assert_eq!(trade.qty, 1793);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Sided {
    /// How many, never negative. Unit: 1 share (or contract).
    pub qty: i64,
    /// `None` where the wire has no sign.
    pub side: Option<Side>,
}
