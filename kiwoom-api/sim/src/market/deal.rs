//! What happens at one price: trades of the tape, fills of the account.

/// The side of an order or of the one who started a trade.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OrderSide {
    Buy,
    Sell,
}

impl OrderSide {
    /// The side that it trades with.
    pub fn other(self) -> OrderSide {
        match self {
            OrderSide::Buy => OrderSide::Sell,
            OrderSide::Sell => OrderSide::Buy,
        }
    }

    /// Whether an order of this side with this limit trades at `price`; without a limit at any.
    pub fn reaches(self, limit: Option<i64>, price: i64) -> bool {
        limit.is_none_or(|limit| match self {
            OrderSide::Buy => price <= limit,
            OrderSide::Sell => price >= limit,
        })
    }
}

/// One trade.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Tick {
    /// The second of the day.
    pub second: u32,
    pub price: i64,
    pub qty: i64,
    /// Who started it; none in an auction.
    pub side: Option<OrderSide>,
}

/// A fill of an order of the account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fill {
    /// The number of the order.
    pub order: u64,
    pub price: i64,
    pub qty: i64,
}

/// What becomes of the part of an order that does not trade at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stay {
    /// It stands until the day ends.
    Day,
    /// It stands until the call before the close, and is a market order in it.
    UntilCall,
    /// It is gone.
    Now,
    /// It is gone, and so is the rest unless all of it trades at once.
    AllOrNothing,
}

/// An order as the book sees it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Terms {
    /// None for a market order.
    pub price: Option<i64>,
    pub qty: i64,
    pub stay: Stay,
}
