//! What a look at the broker's lists says about an unsettled intent.

use std::fmt;

use jiff::Timestamp;

use crate::language::Both;
use crate::order::{Intent, OrderRef};
use crate::value::{Decimal, Time};
use crate::{Error, Language};

/// An intent that was unsettled, and what the broker's lists say about it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[must_use = "an intent that is not settled needs a decision"]
pub struct Settlement {
    /// The intent.
    pub intent: Intent,
    /// When it was recorded, before it was sent; by the broker's clock.
    pub since: Timestamp,
    /// When its attempt was over at the latest; `None` if that is unknown. Check an order that was
    /// [`Found`](Verdict::Found) but is listed at a time outside these two.
    pub until: Option<Timestamp>,
    /// What became of it.
    pub verdict: Verdict,
}

/// What happened to an intent, as far as the broker's lists say. Only the first two settle it.
///
/// # When absence is proof
///
/// Giving up an order does not take it back: bytes that were handed over may be delivered later, when a dead connection
/// recovers or a server reads late. A new order with the same id would then be a second one. So an order is
/// [`NotFound`](Verdict::NotFound) only if the lists were read later than the end of its attempt by the sum of
///
/// | what | seconds |
/// |---|---|
/// | what this machine and the network may still deliver | 20 on Linux and Android, where the client sets `TCP_USER_TIMEOUT`; 120 elsewhere, where the socket is reset too but only the lifetime of a packet (RFC 9293) bounds the rest |
/// | how long it may wait in a proxy, in a gateway, in a server that reads late: an assumption | 60 |
/// | how late the lists are ([`Reconcile::delay`](crate::order::Reconcile::delay)) | 3 |
/// | margin | 7 |
///
/// The sum is [`Reconcile::TRAVEL`](crate::order::Reconcile::TRAVEL), 90 s or 190 s. Before that the verdict is
/// [`TooEarly`](Verdict::TooEarly). All times are the broker's, by the `Date` header of its replies. See also
/// [`promises`](crate::order::promises).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[must_use = "an intent that is not settled needs a decision"]
pub enum Verdict {
    /// The broker has it: this order and no other, entered through the REST API.
    Found(Box<Listed>),
    /// The broker does not have it and will not get it: all pages were read, late enough, and the journal knows the owner of
    /// each order of that code in that time. You may send it again, also under the same id.
    NotFound,
    /// It is not listed and may still arrive. Look again at `not_before`, or use
    /// [`wait_until_certain`](crate::order::Reconcile::wait_until_certain). It stays unsettled, and its id stays taken.
    TooEarly {
        /// The time from which its absence is proof; by the broker's clock.
        not_before: Timestamp,
    },
    /// These could be it, and the lists do not say which, if any: two equal orders, one that was entered by hand, or
    /// orders of the same code in the same time whose sender is unknown. Look at them, then state which is right with
    /// [`Journal::declare`](crate::order::Journal::declare).
    Ambiguous(Vec<Listed>),
    /// The lists could not be read completely, or contradict what is known. Try again.
    StillUnknown(Obstacle),
}

impl Verdict {
    /// Whether nothing is left to decide.
    pub fn is_settled(&self) -> bool {
        matches!(self, Verdict::Found(_) | Verdict::NotFound)
    }
}

/// An order as the broker's lists show it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Listed {
    /// The order; its venue is that of the list, or that of the intent if the list has none.
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
    /// The broker's word for its state. Note that the US lists leave an order that was changed or cancelled at `접수`
    /// (accepted): [`is_open`](Self::is_open) uses the quantity left.
    pub status: String,
    /// How it was entered, in the broker's words: `REST API`, `영웅문4`. Blank if the list does not say.
    pub channel: String,
}

impl Listed {
    /// Whether something is left that may still be filled.
    pub fn is_open(&self) -> bool {
        self.remaining.is_some_and(|remaining| remaining > 0)
    }
}

/// Why the lists say nothing, in words; the same words as the error of a page that failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Obstacle(pub(super) Both);

impl Obstacle {
    /// The text in this language. `Display` is English.
    ///
    /// ```
    /// use kiwoom_api::Language;
    /// use kiwoom_api::order::{Settlement, Verdict};
    ///
    /// fn tell(settled: &Settlement) {
    ///     if let Verdict::StillUnknown(obstacle) = &settled.verdict {
    ///         println!("{}", obstacle.display(Language::Korean));
    ///     }
    /// }
    /// ```
    pub fn display(&self, language: Language) -> impl fmt::Display + '_ {
        self.0.told(language)
    }

    pub(super) fn of(error: &Error) -> Obstacle {
        Obstacle(Both::new(error.to_string(), error.display(Language::Korean).to_string()))
    }
}

impl fmt::Display for Obstacle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
