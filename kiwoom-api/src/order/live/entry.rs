//! One order in the book: what is known of it, whose it is, and what was told about it.

use std::time::Duration;

use super::event::LiveEvent;
use super::facts::{Facts, Finish};
use super::order::{LiveOrder, LiveStatus, Origin};
use super::sending::InFlight;
use crate::order::{Action, OrderId, OrderRef};
use crate::value::{Decimal, OrderNo};

pub(super) struct Tracked {
    pub order: OrderRef,
    pub facts: Facts,
    pub action: Option<Action>,
    /// How many a change or cancellation was asked for; what it took is in its facts.
    pub asked: Option<Decimal>,
    pub origin: Origin,
    pub id: Option<OrderId>,
    pub price: Option<Decimal>,
    /// How it was entered; blank before a list said so.
    pub channel: String,
    pub average: Option<Decimal>,
    pub reason: String,
    /// A change or cancellation that took effect.
    pub confirmed: bool,
    /// A list showed it, late enough after the last push to be true.
    pub listed: bool,
    /// When it was first heard of.
    pub heard: Duration,
    /// When the last push about it, or about what changes it, came.
    pub pushed: Duration,
    /// Changes and cancellations of it, in the order in which they became known.
    pub children: Vec<OrderNo>,
    /// What was last told.
    pub told: Option<LiveOrder>,
    /// What is told as soon as it is known whose order it is.
    pub held: Vec<LiveEvent>,
    /// What a push or a list was taken for; a reply may say otherwise.
    pub claimed: Option<InFlight>,
}

/// What the state of its children adds to that of an order.
#[derive(Clone, Debug, Default)]
pub(super) struct Offspring {
    /// Orders that changes made of it.
    pub changes: Vec<OrderNo>,
    /// A change is under way, or took effect without a word about how many.
    pub pending: Option<Pending>,
}

/// How many a change that is not confirmed may move.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Pending {
    All,
    Some(Decimal),
}

impl Tracked {
    pub fn new(order: OrderRef, now: Duration) -> Tracked {
        Tracked {
            order,
            facts: Facts::default(),
            action: None,
            asked: None,
            origin: Origin::Elsewhere,
            id: None,
            price: None,
            channel: String::new(),
            average: None,
            reason: String::new(),
            confirmed: false,
            listed: false,
            heard: now,
            pushed: now,
            children: Vec::new(),
            told: None,
            held: Vec::new(),
            claimed: None,
        }
    }

    pub fn is_cancellation(&self) -> bool {
        self.action == Some(Action::Cancel)
    }

    pub fn is_request(&self) -> bool {
        matches!(self.action, Some(Action::Modify | Action::Cancel))
    }

    /// How many it is about, as far as known.
    pub fn qty(&self) -> Option<Decimal> {
        self.facts.sums().ordered.or(self.asked)
    }

    pub fn is_rejected(&self) -> bool {
        self.facts.ended() == Some(Finish::Rejected)
    }

    /// As it is shown now.
    pub fn view(&self, offspring: Offspring) -> LiveOrder {
        let sums = self.facts.sums();
        let zero = Decimal::ZERO;
        let mut moved = self.facts.moved().min(sums.taken);
        // what is taken and not confirmed goes to the change that is under way
        match offspring.pending {
            Some(Pending::All) => moved = sums.taken,
            Some(Pending::Some(qty)) => moved = sums.taken.min(moved + qty),
            None => {}
        }
        let ordered = sums.ordered.or(self.asked);
        let cancelled = sums.taken - moved;
        let remaining = sums.remaining.unwrap_or(zero);
        let status = match (self.facts.ended(), self.action) {
            (Some(Finish::Rejected), _) => LiveStatus::Rejected,
            (_, Some(Action::Cancel)) if self.confirmed => LiveStatus::Confirmed,
            (_, Some(Action::Cancel)) => LiveStatus::Request,
            (Some(Finish::Expired), _) if sums.ordered.is_some_and(|ordered| ordered > sums.filled) => {
                LiveStatus::Expired
            }
            (_, Some(Action::Modify)) if !self.confirmed => LiveStatus::Request,
            _ => match (sums.ordered, sums.remaining) {
                (None, _) | (_, None) => LiveStatus::Pending,
                (_, Some(left)) if left > zero => LiveStatus::Open,
                _ if sums.unexplained > zero => LiveStatus::Settling,
                (Some(ordered), _) if sums.filled == ordered => LiveStatus::Filled,
                _ if cancelled.is_zero() => LiveStatus::Replaced,
                _ => LiveStatus::Cancelled,
            },
        };
        let shown = !self.is_cancellation();
        let only = |qty: Decimal| if shown { qty } else { zero };
        LiveOrder {
            order: self.order.clone(),
            id: self.id.clone(),
            origin: self.origin,
            status,
            price: self.price,
            ordered: ordered.unwrap_or(zero),
            filled: only(sums.filled),
            remaining: only(remaining),
            cancelled: only(cancelled),
            moved: only(moved),
            unexplained: only(sums.unexplained),
            value: sums.value,
            listed_average: self.average,
            replaced_by: offspring.changes,
            reason: self.reason.clone(),
        }
    }

    /// Whether a look at the lists is needed to know how it is.
    pub fn is_doubtful(&self, view: &LiveOrder) -> bool {
        match view.status {
            LiveStatus::Pending | LiveStatus::Settling => true,
            LiveStatus::Request => !self.listed,
            _ if !view.unexplained.is_zero() => true,
            // only the lists say where it can be changed and cancelled
            LiveStatus::Open if self.order.venue.is_empty() => true,
            // what was taken is the word of another order; the list of this one confirms it
            LiveStatus::Cancelled | LiveStatus::Replaced | LiveStatus::Open => {
                !self.listed && !self.children.is_empty()
            }
            _ => false,
        }
    }
}
