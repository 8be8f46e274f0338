//! Traded quantities whose sign on the wire is the side of the trade.

/// Who took the initiative in a trade.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Side {
    /// A buyer lifted the ask (매수체결, `+` on the wire).
    Buy,
    /// A seller hit the bid (매도체결, `-` on the wire).
    Sell,
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
