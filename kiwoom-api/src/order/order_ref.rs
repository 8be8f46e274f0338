//! How to refer to an accepted order: everything that a change, a cancellation or a later look-up needs.
//!
//! Plain data with one text form for storage. Order numbers restart each day, so the day is part of the reference.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;

use super::{Desk, Ticks};
use crate::Language;
use crate::intent::{side_from_name, side_name};
use crate::language::{Both, fixed};
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
    /// The broker's number, with its leading zeros. An [accepted](crate::Outcome::Accepted) order always has one.
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
    pub(super) said: NamedTicks,
}

/// What the caller said of the instrument. It is no part of the order, so two references to one order are equal without it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct NamedTicks(Option<Ticks>);

impl PartialEq for NamedTicks {
    fn eq(&self, _: &NamedTicks) -> bool {
        true
    }
}

impl Eq for NamedTicks {}

impl std::hash::Hash for NamedTicks {
    fn hash<H: std::hash::Hasher>(&self, _: &mut H) {}
}

/// The names of tables for storage. [`Ticks::Domestic`] says nothing, so it has none.
const TABLES: [(Ticks, &str); 5] =
    [(Ticks::Stock, "stock"), (Ticks::Fund, "fund"), (Ticks::Elw, "elw"), (Ticks::Gold, "gold"), (Ticks::Us, "us")];

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
            said: NamedTicks::default(),
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

    /// Sets the tick table of the instrument, by which a [change](super::Modification) of this order is checked.
    #[must_use]
    pub fn with_ticks(mut self, ticks: Ticks) -> OrderRef {
        self.said = NamedTicks(Some(ticks).filter(|ticks| *ticks != Ticks::Domestic));
        self
    }

    /// The tick table that the order named ([`Order::stock`](super::Order::stock), ..), also after it was stored; `None`
    /// if it named none, and for an order from the broker's lists, which do not say it.
    pub fn ticks(&self) -> Option<Ticks> {
        self.said.0
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
pub(super) fn is_number(number: &OrderNo) -> bool {
    let text = number.as_str();
    text.bytes().all(|byte| byte.is_ascii_digit()) && text.bytes().any(|byte| byte != b'0')
}

impl fmt::Display for OrderRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let OrderRef { date, number, desk, side, symbol, venue, original, said } = self;
        write!(f, "{date} {} {} {}", part(number.as_str()), desk.as_str(), side_name(*side))?;
        let original = original.as_ref().map_or("", OrderNo::as_str);
        write!(f, " {} {} {}", part(symbol), part(venue), part(original))?;
        match TABLES.iter().find(|(ticks, _)| said.0 == Some(*ticks)) {
            Some((_, name)) => write!(f, " {name}"),
            None => Ok(()),
        }
    }
}

/// Seven parts separated by single blanks, and an eighth if the tick table is known: no part is empty or contains a blank.
fn part(text: &str) -> String {
    if text.is_empty() { "-".to_owned() } else { text.replace(char::is_whitespace, "") }
}

impl FromStr for OrderRef {
    type Err = BadOrderRef;

    fn from_str(text: &str) -> Result<OrderRef, BadOrderRef> {
        let parts: Vec<&str> = text.split(' ').map(|part| if part == "-" { "" } else { part }).collect();
        let [date, number, desk, side, symbol, venue, original, ref said @ ..] = parts[..] else {
            return Err(BadOrderRef);
        };
        let order =
            OrderRef::new(Desk::from_name(desk).ok_or(BadOrderRef)?, date.parse().map_err(|_| BadOrderRef)?, number);
        let order = order.of(side_from_name(side).ok_or(BadOrderRef)?, symbol).at(venue);
        let order = if original.is_empty() { order } else { order.instead_of(original) };
        match said {
            [] => Ok(order),
            [name] => match TABLES.iter().find(|(_, known)| known == name) {
                Some((ticks, _)) => Ok(order.with_ticks(*ticks)),
                None => Err(BadOrderRef),
            },
            _ => Err(BadOrderRef),
        }
    }
}

impl BadOrderRef {
    const TEXT: Both = fixed!(
        "not a stored order (date, number, desk, side, code, venue, original, with one blank between)",
        "저장된 주문이 아닙니다 (날짜, 주문번호, 창구, 매매 구분, 종목코드, 거래소, 원주문번호를 빈칸 하나로 띄운 글)"
    );

    /// The text in this language. `Display` is English.
    pub fn display(&self, language: Language) -> impl fmt::Display + '_ {
        Self::TEXT.into_told(language)
    }
}

impl fmt::Display for BadOrderRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Self::TEXT.fmt(f)
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
        for bad in [
            "",
            "2026-07-06",
            "2026-07-06 1 stock buy 005930 KRX",
            "x 1 stock buy 005930 KRX -",
            "2026-07-06 1 stock buy 005930 KRX - ",
            "2026-07-06 1 stock buy 005930 KRX - domestic",
            "2026-07-06 1 stock buy 005930 KRX - stock stock",
        ] {
            assert_eq!(bad.parse::<OrderRef>(), Err(BadOrderRef), "{bad}");
        }
    }

    #[test]
    fn what_was_said_of_the_instrument_is_stored_and_is_no_part_of_the_order() {
        for ticks in [Ticks::Stock, Ticks::Fund, Ticks::Elw, Ticks::Gold, Ticks::Us] {
            let said = order().with_ticks(ticks);
            let read: OrderRef = said.to_string().parse().unwrap();
            assert_eq!((read.ticks(), &read), (Some(ticks), &order()));
            assert_eq!(std::collections::HashSet::from([read, said, order()]).len(), 1);
        }
        assert_eq!(order().with_ticks(Ticks::Domestic).to_string(), order().to_string());
        assert_eq!(order().ticks(), None);
    }

    #[test]
    fn numbers_of_two_days_or_two_markets_are_two_orders() {
        assert!(order().is_same_order(&order().at("ND")));
        let tomorrow = OrderRef { date: Date::constant(2026, 7, 7), ..order() };
        let domestic = OrderRef { desk: Desk::Margin, ..order() };
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
