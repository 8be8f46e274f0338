//! Orders of the account, for assertions.

use crate::broker::{Credit, Desk, Order, Sort};
use crate::market::OrderSide;

/// An order of the account as the broker has it, whatever its lists show yet and whatever became of its reply.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Placed {
    /// Its number: `0000139`; nine digits in the US.
    pub number: String,
    /// The API that does what it does: `kt10000` for a purchase of stocks, `ust20003` for a cancellation in the US.
    pub api: &'static str,
    /// The number of the order that a change or a cancellation is about.
    pub original: Option<String>,
    /// The code of the instrument.
    pub code: String,
    /// The limit price in won, or in US cents; `None` for a market order.
    pub price: Option<i64>,
    /// How many were asked for.
    pub qty: i64,
    /// How many were filled.
    pub filled: i64,
    /// How many may still be filled.
    pub left: i64,
    /// Price times quantity of its fills, in won, or in US cents.
    pub amount: i64,
}

impl Placed {
    pub(crate) fn of(order: &Order) -> Placed {
        let of_desk = match (order.desk, order.credit) {
            (Desk::Stocks, Credit::Cash) => ["kt10000", "kt10001", "kt10002", "kt10003"],
            (Desk::Stocks, Credit::Loan(_)) => ["kt10006", "kt10007", "kt10008", "kt10009"],
            (Desk::Gold, _) => ["kt50000", "kt50001", "kt50002", "kt50003"],
            (Desk::Us, _) => ["ust20000", "ust20001", "ust20002", "ust20003"],
        };
        let api = match (order.sort, order.side) {
            (Sort::New, OrderSide::Buy) => of_desk[0],
            (Sort::New, OrderSide::Sell) => of_desk[1],
            (Sort::Modify, _) => of_desk[2],
            (Sort::Cancel, _) => of_desk[3],
        };
        Placed {
            number: order.number_text(),
            api,
            original: (order.original != 0).then(|| order.original_text()),
            code: order.code.to_owned(),
            price: order.price,
            qty: order.qty,
            filled: order.filled,
            left: order.left,
            amount: order.amount,
        }
    }
}
