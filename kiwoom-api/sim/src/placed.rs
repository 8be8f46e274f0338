//! Orders of the account, for assertions.

use crate::broker::{Order, Sort, number_text};
use crate::market::OrderSide;

/// An order of the account as the broker has it, whatever its lists show yet and whatever became of its reply.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Placed {
    /// Its number: `0000139`.
    pub number: String,
    /// The API that it came through: `kt10000` to `kt10003`.
    pub api: &'static str,
    /// The number of the order that a change or a cancellation is about.
    pub original: Option<String>,
    /// The code of the instrument.
    pub code: String,
    /// The limit price in won; `None` for a market order.
    pub price: Option<i64>,
    /// How many were asked for.
    pub qty: i64,
    /// How many were filled.
    pub filled: i64,
    /// How many may still be filled.
    pub left: i64,
    /// Price times quantity of its fills, in won.
    pub amount: i64,
}

impl Placed {
    pub(crate) fn of(order: &Order) -> Placed {
        let api = match (order.sort, order.side) {
            (Sort::New, OrderSide::Buy) => "kt10000",
            (Sort::New, OrderSide::Sell) => "kt10001",
            (Sort::Modify, _) => "kt10002",
            (Sort::Cancel, _) => "kt10003",
        };
        Placed {
            number: number_text(order.number),
            api,
            original: (order.original != 0).then(|| number_text(order.original)),
            code: order.code.to_owned(),
            price: order.price,
            qty: order.qty,
            filled: order.filled,
            left: order.left,
            amount: order.amount,
        }
    }
}
