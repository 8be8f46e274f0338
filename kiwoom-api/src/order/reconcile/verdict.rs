//! What a look at the broker's lists says about an unsettled intent.

use std::fmt;

use crate::order::{Intent, OrderRef};
use crate::value::{Decimal, Time};

/// An intent that was unsettled, and what the broker's lists say about it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[must_use = "an intent that is not settled needs a decision"]
pub struct Settlement {
    /// What was meant.
    pub intent: Intent,
    /// What became of it.
    pub verdict: Verdict,
}

/// What became of an intent, as far as the broker's lists tell. Only the first two settle it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[must_use = "an intent that is not settled needs a decision"]
pub enum Verdict {
    /// The broker has it: this order and no other, entered through the REST API.
    Found(Box<Listed>),
    /// The broker does not have it, and all pages were read: it can be sent again, under the same id too.
    NotFound,
    /// These could be it, and the lists do not say which, or whether any: two equal orders, or one that was typed by hand.
    /// Look at them, then say what is true with [`Journal::declare`](crate::order::Journal::declare).
    Ambiguous(Vec<Listed>),
    /// The lists could not be read to their end, or contradict what is known. Look again.
    StillUnknown(Doubt),
}

impl Verdict {
    /// Nothing is left to decide.
    pub fn is_settled(&self) -> bool {
        matches!(self, Verdict::Found(_) | Verdict::NotFound)
    }
}

/// An order as the broker's lists show it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Listed {
    /// The order; its venue is that of the list, or that of the intent where the list names none.
    pub order: OrderRef,
    /// How many were ordered.
    pub qty: Option<i64>,
    /// The limit price; `None` for orders without one.
    pub price: Option<Decimal>,
    /// How many were filled.
    pub filled: Option<i64>,
    /// How many are left.
    pub remaining: Option<i64>,
    /// When it was ordered, as listed: Korean time for domestic orders.
    pub time: Option<Time>,
    /// The broker's word for its state. Mind that the US lists leave an order that was changed or cancelled at `접수`
    /// (accepted): [`is_open`](Self::is_open) goes by what is left.
    pub status: String,
    /// How it was entered, in the broker's words: `REST API`, `영웅문4`. Blank where the list does not say.
    pub channel: String,
}

impl Listed {
    /// Something is left that may still be filled.
    pub fn is_open(&self) -> bool {
        self.remaining.is_some_and(|remaining| remaining > 0)
    }
}

/// Why the lists say nothing, in words; the same words as the error of a page that failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Doubt(pub(super) String);

impl fmt::Display for Doubt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
