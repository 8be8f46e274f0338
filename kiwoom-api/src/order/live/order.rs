//! One live order as a user sees it: what is known of it at one moment.

use crate::order::{OrderId, OrderRef};
use crate::value::{Code, Decimal, OrderNo};

/// Everything known of one order, at one moment.
///
/// Once it is known how many are left, and unless it was rejected, the quantities add up: `ordered = filled + remaining +
/// cancelled + moved + unexplained`.
///
/// ```
/// use kiwoom_api::order::LiveOrder;
///
/// fn progress(order: &LiveOrder) -> String {
///     let average = order.average().map_or("?".to_owned(), |price| price.round_dp(2).to_string());
///     format!("{} filled at {average}, {} left", order.filled, order.remaining)
/// }
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct LiveOrder {
    /// Number, day, desk, side, code and venue. `original` is the order that this one changes or cancels.
    pub order: OrderRef,
    /// Your id of it, if it was sent through [`LiveOrders`](crate::order::LiveOrders).
    pub id: Option<OrderId>,
    /// Whose order it is, and how that is known.
    pub origin: Origin,
    /// Where it stands.
    pub status: LiveStatus,
    /// The limit price, if it has one and anything said so.
    pub price: Option<Decimal>,
    /// How many were ordered; 0 as long as nothing says so.
    pub ordered: Decimal,
    /// How many are filled for certain.
    pub filled: Decimal,
    /// How many may still be filled.
    pub remaining: Decimal,
    /// How many were cancelled, by a cancellation or by the exchange.
    pub cancelled: Decimal,
    /// How many a change moved to another number: see `replaced_by`.
    pub moved: Decimal,
    /// How many are gone without a word: a push was lost, and the next look at the lists will tell whether they were filled.
    pub unexplained: Decimal,
    /// What the fills are worth together, to the last digit; `None` where the price of a fill was lost.
    pub value: Option<Decimal>,
    /// The price of its fills as the broker's list shows it, which is rounded. For the exact one, see
    /// [`average`](LiveOrder::average).
    pub listed_average: Option<Decimal>,
    /// The orders that changes made of it, the newest last.
    pub replaced_by: Vec<OrderNo>,
    /// Why the broker rejected it, in its words.
    pub reason: String,
}

/// Where an order stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum LiveStatus {
    /// The broker took it, or something said that it exists; nothing yet says how much is left.
    Pending,
    /// Something is left that may be filled.
    Open,
    /// Nothing is left, and how much was filled is about to be looked up.
    Settling,
    /// All was filled.
    Filled,
    /// What was not filled was cancelled.
    Cancelled,
    /// What was not filled goes on under another number.
    Replaced,
    /// The broker or the exchange rejected it.
    Rejected,
    /// Its day is over.
    Expired,
    /// It is a change or a cancellation that is not confirmed yet; what it does shows at the order it is about.
    Request,
    /// It is a cancellation that took effect.
    Confirmed,
}

impl LiveStatus {
    /// Whether nothing happens to it any more.
    pub fn is_done(self) -> bool {
        match self {
            LiveStatus::Pending | LiveStatus::Open | LiveStatus::Settling | LiveStatus::Request => false,
            LiveStatus::Filled
            | LiveStatus::Cancelled
            | LiveStatus::Replaced
            | LiveStatus::Rejected
            | LiveStatus::Expired
            | LiveStatus::Confirmed => true,
        }
    }
}

/// Whose order it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Origin {
    /// Sent through this handle.
    Ours(Proof),
    /// Placed elsewhere: by hand, by another program, by this one before it was started again, or with another handle.
    Elsewhere,
    /// It may be one that is just being sent: the reply will tell.
    Undecided,
}

/// How it is known that an order is the one that was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Proof {
    /// The broker's reply names it.
    Reply,
    /// The reply was lost, and this is the only push that fits. A list will confirm it, because a push does not say how an
    /// order was entered.
    Push,
    /// The reply was lost, and this is the only order in the lists that fits and that was entered through the REST API.
    List,
}

/// Something was filled.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct LiveFill {
    /// The broker's number of the fill; `None` for what was filled while pushes were lost.
    pub number: Option<Code>,
    /// How many: an increment, never told twice. All of them together are the `filled` of the order.
    pub qty: Decimal,
    /// At which price; `None` where a lost push took it along.
    pub price: Option<Decimal>,
}

impl LiveOrder {
    /// The average price of its fills: their exact value by their quantity. `None` before the first fill, and where the price
    /// of one was lost; then `listed_average` has what the broker's list says.
    pub fn average(&self) -> Option<Decimal> {
        self.value.filter(|_| !self.filled.is_zero()).map(|value| value / self.filled)
    }

    /// Whether something is left that may be filled.
    pub fn is_open(&self) -> bool {
        matches!(self.status, LiveStatus::Open | LiveStatus::Pending)
    }

    /// Whether nothing happens to it any more, and all its numbers are final.
    pub fn is_done(&self) -> bool {
        self.status.is_done()
    }
}
