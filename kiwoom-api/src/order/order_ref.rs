//! How to refer to an accepted order: everything that a change, a cancellation or a later look-up needs.
//!
//! Plain data with one text form for storage. Order numbers restart each day, so the day is part of the reference.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;

use super::Desk;
use crate::intent::{side_from_name, side_name};
use crate::value::{OrderNo, Side};

/// An order that the broker accepted.
///
/// Its text form is for storage: `Display` writes it, `FromStr` reads it.
///
/// ```
/// use kiwoom_api::order::{Desk, OrderRef};
/// use kiwoom_api::value::{Date, Side};
///
/// let order = OrderRef::new(Desk::Stock, Date::constant(2026, 7, 6), "0000138").of(Side::Buy, "005930").at("KRX");
/// let text = order.to_string();
/// assert_eq!(text, "2026-07-06 0000138 stock buy 005930 KRX -");
/// assert_eq!(text.parse::<OrderRef>()?, order);
/// # Ok::<(), kiwoom_api::order::BadOrderRef>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct OrderRef {
    /// The day to which the number belongs. Domestic: the date in Korea. US: the date in UTC, which from 09:00 in Korea to
    /// 09:00 of the next day is the trading day of all US sessions that the broker opens.
    pub date: Date,
    /// The broker's number, with its leading zeros. Blank if the broker accepted the order but its reply had no
    /// readable number: see [`is_numbered`](Self::is_numbered).
    pub number: OrderNo,
    /// The desk that took it.
    pub desk: Desk,
    /// Buy or sell.
    pub side: Side,
    /// The code as sent: `005930`, `M04020000`, `NVDA`.
    pub symbol: String,
    /// The venue as sent: `KRX`, `NXT`, `SOR`, `ND`, `NY`, `NA`; blank for gold. A change or cancellation goes to the
    /// same venue (`BEHAVIOUR.md` O8).
    pub venue: String,
    /// The order that this one changes or cancels.
    pub original: Option<OrderNo>,
}

/// The text is not a stored [`OrderRef`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadOrderRef;

impl OrderRef {
    /// A buy order without a code and venue yet; for orders found in the broker's lists.
    pub fn new(desk: Desk, date: Date, number: impl Into<OrderNo>) -> OrderRef {
        OrderRef {
            date,
            number: number.into(),
            desk,
            side: Side::Buy,
            symbol: String::new(),
            venue: String::new(),
            original: None,
        }
    }

    /// Sets the side and the code.
    #[must_use]
    pub fn of(mut self, side: Side, symbol: impl Into<String>) -> OrderRef {
        self.side = side;
        self.symbol = symbol.into();
        self
    }

    /// The venue as sent: `KRX`, `NXT`, `SOR`, `ND`, `NY`, `NA`.
    #[must_use]
    pub fn at(mut self, venue: impl Into<String>) -> OrderRef {
        self.venue = venue.into();
        self
    }

    /// The order that this one changes or cancels. A number of zeros only means that there is none.
    #[must_use]
    pub fn instead_of(mut self, original: impl Into<OrderNo>) -> OrderRef {
        self.original = Some(original.into()).filter(is_number);
        self
    }

    /// Whether the number identifies an order. Without a number, the order can be neither changed nor cancelled: look
    /// it up at the broker.
    pub fn is_numbered(&self) -> bool {
        is_number(&self.number)
    }

    /// Whether both refer to the same order: same day, same number, both domestic or both US. Never true without a
    /// number.
    pub fn is_same_order(&self, other: &OrderRef) -> bool {
        let us = |order: &OrderRef| order.desk == Desk::Us;
        self.is_numbered() && self.date == other.date && self.number == other.number && us(self) == us(other)
    }
}

/// Digits that are not all zeros: `000000000` is how the broker writes "none" (`BEHAVIOUR.md` O3).
fn is_number(number: &OrderNo) -> bool {
    let text = number.as_str();
    text.bytes().all(|byte| byte.is_ascii_digit()) && text.bytes().any(|byte| byte != b'0')
}

impl fmt::Display for OrderRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let OrderRef { date, number, desk, side, symbol, venue, original } = self;
        write!(f, "{date} {} {} {}", part(number.as_str()), desk.as_str(), side_name(*side))?;
        let original = original.as_ref().map_or("", OrderNo::as_str);
        write!(f, " {} {} {}", part(symbol), part(venue), part(original))
    }
}

/// Seven parts separated by single blanks, so no part is empty or contains a blank.
fn part(text: &str) -> String {
    if text.is_empty() { "-".to_owned() } else { text.replace(char::is_whitespace, "") }
}

impl FromStr for OrderRef {
    type Err = BadOrderRef;

    fn from_str(text: &str) -> Result<OrderRef, BadOrderRef> {
        let parts: Vec<&str> = text.split(' ').map(|part| if part == "-" { "" } else { part }).collect();
        let [date, number, desk, side, symbol, venue, original] = parts[..] else {
            return Err(BadOrderRef);
        };
        let order =
            OrderRef::new(Desk::from_name(desk).ok_or(BadOrderRef)?, date.parse().map_err(|_| BadOrderRef)?, number);
        let order = order.of(side_from_name(side).ok_or(BadOrderRef)?, symbol).at(venue);
        Ok(if original.is_empty() { order } else { order.instead_of(original) })
    }
}

impl fmt::Display for BadOrderRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a stored order (date, number, desk, side, code, venue, original, with one blank between)")
    }
}

impl std::error::Error for BadOrderRef {}

#[cfg(test)]
mod tests {
    use super::*;

    fn order() -> OrderRef {
        OrderRef::new(Desk::Us, Date::constant(2026, 7, 6), "000000283").of(Side::Sell, "BRK.B").at("NY")
    }

    #[test]
    fn the_stored_text_comes_back() {
        let gold = OrderRef::new(Desk::Gold, Date::constant(2026, 7, 6), "0000012").of(Side::Buy, "M04020000");
        for order in [order(), order().instead_of("000000282"), gold, OrderRef::new(Desk::Stock, order().date, "")] {
            assert_eq!(order.to_string().parse(), Ok(order));
        }
        for bad in ["", "2026-07-06", "2026-07-06 1 stock buy 005930 KRX", "x 1 stock buy 005930 KRX -"] {
            assert_eq!(bad.parse::<OrderRef>(), Err(BadOrderRef), "{bad}");
        }
    }

    #[test]
    fn numbers_of_two_days_or_two_markets_are_two_orders() {
        assert!(order().is_same_order(&order().at("ND")));
        let tomorrow = OrderRef { date: Date::constant(2026, 7, 7), ..order() };
        let domestic = OrderRef { desk: Desk::Credit, ..order() };
        for other in [tomorrow, domestic] {
            assert!(!order().is_same_order(&other), "{other}");
        }
    }

    #[test]
    fn no_number_is_no_order() {
        for number in ["", "0000000", "ABC", "12 34"] {
            let order = OrderRef { number: number.into(), ..order() };
            assert!(!order.is_numbered() && !order.is_same_order(&order), "{number:?}");
        }
        assert_eq!(order().instead_of("000000000").original, None);
    }
}
