//! One intended action at the broker, as plain data: what a journal stores before it is sent.
//!
//! It holds texts as they are sent, and no account. It knows neither requests nor the network.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::order_id::OrderId;
use crate::value::{Decimal, OrderNo, Side};

/// Which of the broker's order desks handles it: each has its own APIs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Desk {
    /// Domestic stocks for cash (`kt10000` to `kt10003`).
    Stock,
    /// Domestic stocks on a margin loan (`kt10006` to `kt10009`).
    Margin,
    /// KRX gold (`kt50000` to `kt50003`).
    Gold,
    /// US stocks (`ust20000` to `ust20003`).
    Us,
}

/// What is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Action {
    /// A new order.
    Place,
    /// Another price, quantity or trigger for an open order.
    Modify,
    /// Cancels the unfilled rest of an open order, or a part of it.
    Cancel,
}

/// Which margin loan a sale repays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Repay {
    /// All loans of the stock together (융자합).
    AllLoans,
    /// The loan of one day (융자).
    LoanOf(Date),
}

/// One order, change or cancellation as intended, complete enough to be found again at the broker.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Intent {
    /// The caller's id for it.
    pub id: OrderId,
    /// What is to be done.
    pub action: Action,
    /// The desk that handles it.
    pub desk: Desk,
    /// The day it is meant for, counted as in [`OrderRef::date`](crate::order::OrderRef::date).
    pub date: Date,
    /// Buy or sell; for a change or cancellation, the side of the order it refers to.
    pub side: Side,
    /// The code as sent: `005930`, `M04020000`, `NVDA`.
    pub symbol: String,
    /// The venue as sent: `KRX`, `NXT`, `SOR`, `ND`, `NY`, `NA`. Blank for gold, which has only one.
    pub venue: String,
    /// The kind of order as sent (`trde_tp`). Blank unless the action is [`Action::Place`].
    pub kind: String,
    /// How many; `None` if a change or cancellation covers all that is left.
    pub qty: Option<i64>,
    /// The limit price, if the kind has one; for a change, the new one.
    pub price: Option<Decimal>,
    /// The trigger price of a stop order, if the kind has one; for a change, the new one.
    pub stop: Option<Decimal>,
    /// The margin loan that a sale repays.
    pub repay: Option<Repay>,
    /// The order that a change or cancellation refers to.
    pub original: Option<OrderNo>,
}

/// An intent whose fate is unknown.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Unsettled {
    /// What was intended.
    pub intent: Intent,
    /// When it was noted, which was before it was sent.
    pub since: Timestamp,
    /// When the attempt ended; `None` if the process died in the middle.
    pub until: Option<Timestamp>,
}

impl Unsettled {
    pub(crate) fn new(intent: Intent, since: Timestamp, until: Option<Timestamp>) -> Unsettled {
        Unsettled { intent, since, until }
    }
}

impl Desk {
    /// `stock`, `margin`, `gold`, `us`: for storage.
    pub fn as_str(self) -> &'static str {
        match self {
            Desk::Stock => "stock",
            Desk::Margin => "margin",
            Desk::Gold => "gold",
            Desk::Us => "us",
        }
    }

    /// The desk of that name.
    pub fn from_name(name: &str) -> Option<Desk> {
        [Desk::Stock, Desk::Margin, Desk::Gold, Desk::Us].into_iter().find(|desk| desk.as_str() == name)
    }
}

impl Action {
    /// `place`, `modify`, `cancel`: for storage.
    pub fn as_str(self) -> &'static str {
        match self {
            Action::Place => "place",
            Action::Modify => "modify",
            Action::Cancel => "cancel",
        }
    }

    /// The action of that name.
    pub fn from_name(name: &str) -> Option<Action> {
        [Action::Place, Action::Modify, Action::Cancel].into_iter().find(|action| action.as_str() == name)
    }
}

/// The name of a side for storage; this crate creates only these two codes.
pub(crate) fn side_name(side: Side) -> &'static str {
    match side {
        Side::Sell => "sell",
        _ => "buy",
    }
}

/// The side of that name.
pub(crate) fn side_from_name(name: &str) -> Option<Side> {
    match name {
        "buy" => Some(Side::Buy),
        "sell" => Some(Side::Sell),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stored_names_come_back() {
        for desk in [Desk::Stock, Desk::Margin, Desk::Gold, Desk::Us] {
            assert_eq!(Desk::from_name(desk.as_str()), Some(desk));
        }
        for action in [Action::Place, Action::Modify, Action::Cancel] {
            assert_eq!(Action::from_name(action.as_str()), Some(action));
        }
        for side in [Side::Buy, Side::Sell] {
            assert_eq!(side_from_name(side_name(side)), Some(side));
        }
        assert_eq!((Desk::from_name("Stock"), Action::from_name(""), side_from_name("b")), (None, None, None));
    }
}
