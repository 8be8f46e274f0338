//! What happens to live orders, in the order in which it became known.

use std::fmt;
use std::time::Duration;

use jiff::Timestamp;

use super::order::{LiveFill, LiveOrder};
use crate::order::OrderId;
use crate::realtime::Closed;

/// What happened. Each event about an order holds the order as it is after it.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum LiveEvent {
    /// An order of yours is at the broker: a reply said so, or what took its place if the reply was lost.
    Accepted(Box<LiveOrder>),
    /// An order that this handle did not send: entered by hand, by another program, or before this one was started again.
    Adopted(Box<LiveOrder>),
    /// Something of it was filled.
    Filled {
        /// The increment.
        fill: LiveFill,
        /// The order with it.
        order: Box<LiveOrder>,
    },
    /// Something else about it is new: a part was cancelled, or its quantity became known.
    Changed(Box<LiveOrder>),
    /// What was not filled of it is cancelled.
    Cancelled(Box<LiveOrder>),
    /// What was not filled of it goes on under another number, the last of `replaced_by`.
    Replaced(Box<LiveOrder>),
    /// The broker or the exchange rejected it after it was accepted.
    Rejected(Box<LiveOrder>),
    /// Its day is over.
    Expired(Box<LiveOrder>),
    /// The reply to this order, change or cancellation was lost. What became of it follows, by push or by list; nothing is sent
    /// again.
    Unknown {
        /// Your id.
        id: OrderId,
    },
    /// The push that was taken for this one belongs to an order that was entered another way: its fate is unknown again.
    Disowned {
        /// Your id.
        id: OrderId,
        /// The order, which is adopted.
        order: Box<LiveOrder>,
    },
    /// Certainly not at the broker: refused, never sent, or looked for long enough.
    NotPlaced {
        /// Your id.
        id: OrderId,
    },
    /// Pushes are registered; the lists are read next.
    Connected,
    /// The connection is gone; orders may be filled unseen until `Primed`.
    Disconnected {
        /// What ended it.
        why: String,
        /// When the next attempt begins.
        retry_in: Duration,
    },
    /// Pushes between these moments may be missing. The lists are read next, and what they show follows.
    Gap {
        /// The last sign of life of the connection that was lost.
        from: Timestamp,
        /// When pushes came again.
        to: Timestamp,
    },
    /// All pages of the lists are read: every order is as the broker has it.
    Primed,
    /// The lists could not be read. They are tried again.
    Unread {
        /// Why.
        why: String,
        /// When.
        retry_in: Duration,
    },
    /// The reader of this stream was too slow: so many events before the next one are missing. The snapshots are right.
    Lagged {
        /// How many.
        dropped: u64,
    },
    /// The broker refuses the pushes of orders.
    Refused {
        /// Its code.
        code: String,
        /// Its message.
        message: String,
    },
    /// It is over because its owner closed it, or because its tokio runtime ended.
    Ended,
    /// It is over: nothing is watched any more.
    Closed {
        /// Why.
        why: Closed,
    },
}

impl LiveEvent {
    /// Whether nothing comes after it.
    pub(super) fn is_last(&self) -> bool {
        matches!(self, LiveEvent::Closed { .. } | LiveEvent::Refused { .. } | LiveEvent::Ended)
    }

    /// The order that it is about.
    pub fn order(&self) -> Option<&LiveOrder> {
        match self {
            LiveEvent::Accepted(order)
            | LiveEvent::Adopted(order)
            | LiveEvent::Changed(order)
            | LiveEvent::Cancelled(order)
            | LiveEvent::Replaced(order)
            | LiveEvent::Rejected(order)
            | LiveEvent::Expired(order)
            | LiveEvent::Filled { order, .. }
            | LiveEvent::Disowned { order, .. } => Some(order),
            _ => None,
        }
    }

    /// The same, now that it is known whose order it is.
    pub(super) fn of(mut self, owner: &LiveOrder) -> LiveEvent {
        if let LiveEvent::Accepted(order)
        | LiveEvent::Adopted(order)
        | LiveEvent::Changed(order)
        | LiveEvent::Cancelled(order)
        | LiveEvent::Replaced(order)
        | LiveEvent::Rejected(order)
        | LiveEvent::Expired(order)
        | LiveEvent::Filled { order, .. } = &mut self
        {
            (order.id, order.origin) = (owner.id.clone(), owner.origin);
        }
        self
    }
}

impl fmt::Display for LiveEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LiveEvent::Accepted(order) => write!(f, "accepted: {}", Line(order)),
            LiveEvent::Adopted(order) => write!(f, "adopted: {}", Line(order)),
            LiveEvent::Filled { fill, order } => match fill.price {
                Some(price) => write!(f, "filled {} at {price}: {}", fill.qty, Line(order)),
                None => write!(f, "filled {} while pushes were lost: {}", fill.qty, Line(order)),
            },
            LiveEvent::Changed(order) => write!(f, "changed: {}", Line(order)),
            LiveEvent::Cancelled(order) => write!(f, "cancelled: {}", Line(order)),
            LiveEvent::Replaced(order) => write!(f, "replaced: {}", Line(order)),
            LiveEvent::Rejected(order) => write!(f, "rejected, {}: {}", order.reason, Line(order)),
            LiveEvent::Expired(order) => write!(f, "expired: {}", Line(order)),
            LiveEvent::Unknown { id } => write!(f, "the reply to {id} was lost"),
            LiveEvent::Disowned { id, order } => write!(f, "{id} is not this order after all: {}", Line(order)),
            LiveEvent::NotPlaced { id } => write!(f, "{id} is not at the broker"),
            LiveEvent::Connected => f.write_str("connected"),
            LiveEvent::Disconnected { why, retry_in } => {
                write!(f, "disconnected: {why}; next attempt in {retry_in:?}")
            }
            LiveEvent::Gap { from, to } => write!(f, "pushes may be missing from {from} to {to}"),
            LiveEvent::Primed => f.write_str("as the broker has it"),
            LiveEvent::Unread { why, retry_in } => {
                write!(f, "the lists cannot be read: {why}; next attempt in {retry_in:?}")
            }
            LiveEvent::Lagged { dropped } => write!(f, "{dropped} events were dropped: the reader is slow"),
            LiveEvent::Refused { code, message } => write!(f, "pushes of orders are refused: {code} {message}"),
            LiveEvent::Ended => f.write_str("closed by its owner, or with its tokio runtime"),
            LiveEvent::Closed { why } => write!(f, "closed: {why}"),
        }
    }
}

/// An order in a few words.
struct Line<'a>(&'a LiveOrder);

impl fmt::Display for Line<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let LiveOrder { order, filled, remaining, ordered, .. } = self.0;
        write!(f, "{} {}, {filled} of {ordered} filled, {remaining} left", order.number, order.symbol)
    }
}
