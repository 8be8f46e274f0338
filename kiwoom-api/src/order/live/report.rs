//! What a push or a row of a list says about one order, in one form for all of them.

use jiff::civil::Date;

use super::facts::{FillKey, Unit};
use crate::order::{Action, Desk};
use crate::value::{Code, Decimal, OrderNo, Side};

/// What it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ReportKind {
    /// The broker took it: a new order, or the wish for a change or cancellation.
    Accepted,
    Filled,
    /// A change or cancellation took effect.
    Confirmed,
    /// The exchange took back what was left.
    #[allow(dead_code, reason = "only domestic pushes say so")]
    Cancelled,
    Rejected,
    /// A word that nothing rests on.
    Unknown,
}

/// One push, or one row.
#[derive(Clone, Debug)]
pub(super) struct Report {
    pub date: Date,
    pub number: OrderNo,
    pub desk: Desk,
    pub symbol: String,
    pub side: Option<Side>,
    /// `None` where it does not say.
    pub action: Option<Action>,
    pub original: Option<OrderNo>,
    /// Blank where it does not say.
    pub venue: String,
    pub price: Option<Decimal>,
    pub ordered: Option<Decimal>,
    pub remaining: Option<Decimal>,
    /// All that was filled when `remaining` was left.
    pub filled: Option<Decimal>,
    /// What all fills were worth when `remaining` was left.
    pub value: Option<Decimal>,
    /// The price of its fills, rounded.
    pub average: Option<Decimal>,
    pub stage: ReportKind,
    pub fill: Option<(FillKey, Unit)>,
    /// How it was entered; blank where it does not say, as in every push.
    pub channel: String,
    pub reason: String,
}

impl Report {
    pub fn new(desk: Desk, date: Date, number: OrderNo) -> Report {
        Report {
            date,
            number,
            desk,
            symbol: String::new(),
            side: None,
            action: None,
            original: None,
            venue: String::new(),
            price: None,
            ordered: None,
            remaining: None,
            filled: None,
            value: None,
            average: None,
            stage: ReportKind::Unknown,
            fill: None,
            channel: String::new(),
            reason: String::new(),
        }
    }
}

/// How the key of a fill without a number begins; what was left after it follows.
const UNNUMBERED: &str = "left ";

/// The key of a fill: its number, or what was left after it; `None` if nothing tells it from others.
pub(super) fn fill_key(venue: &str, number: Option<&str>, left: Option<Decimal>) -> Option<FillKey> {
    let number = number.map(str::trim).filter(|number| number.bytes().any(|byte| byte != b'0'));
    let number = match number {
        Some(number) => number.to_owned(),
        None => format!("{UNNUMBERED}{}", left?.normalize()),
    };
    Some((venue.into(), number.into()))
}

/// The number in such a key.
pub(super) fn number_of(key: &FillKey) -> Option<Code> {
    Some(&*key.1).filter(|number| !number.starts_with(UNNUMBERED)).map(Code::from)
}

/// Where a report comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Witness {
    Push,
    /// A list whose reading began at this time.
    List(std::time::Duration),
}
