//! Trades in flight: each decides in one atomic step whether it has left, and the guard knows those that have.

use std::borrow::Cow;
use std::sync::Arc;

use jiff::Timestamp;

use super::Guard;
use crate::intent::{Intent, Unsettled};
use crate::net::broker_time::{BrokerTime, Source};
use crate::net::leaving::Leaving;

/// One trade on its way. Clones are the same trade: the connection takes its body with [`leave`](Self::leave), and a
/// caller that gives it up calls [`withdraw`](Self::withdraw).
#[derive(Clone, Debug)]
pub(crate) struct Departure(Arc<Flight>);

#[derive(Debug)]
pub(super) struct Flight {
    leaving: Leaving,
    /// The intent and when it was recorded, for orders built by this crate; of others only the API is known.
    pub order: Option<Unsettled>,
    pub api: Cow<'static, str>,
}

impl Departure {
    pub fn of(intent: &Intent, since: Timestamp) -> Departure {
        Departure::new(Some(Unsettled::new(intent.clone(), since, None)), "".into())
    }

    pub(super) fn unnamed(api: Cow<'static, str>) -> Departure {
        Departure::new(None, api)
    }

    fn new(order: Option<Unsettled>, api: Cow<'static, str>) -> Departure {
        Departure(Arc::new(Flight { leaving: Leaving::default(), order, api }))
    }

    /// Marks that bytes are sent now. `false`: it was given up before, and nothing may be sent.
    pub fn leave(&self) -> bool {
        self.0.leaving.leave()
    }

    /// Keeps it from leaving. `false`: too late, it may be at the broker.
    pub fn withdraw(&self) -> bool {
        self.0.leaving.withdraw()
    }

    pub(super) fn flight(&self) -> &Arc<Flight> {
        &self.0
    }
}

/// An order that no journal records: the guard remembers it if it may be at the broker and its fate is unknown.
#[must_use]
pub(crate) struct Unnoted {
    guard: Guard,
    departure: Departure,
    broker: BrokerTime,
    settled: bool,
}

impl Unnoted {
    pub fn new(guard: &Guard, departure: &Departure, broker: &BrokerTime) -> Unnoted {
        let (guard, departure, broker) = (guard.clone(), departure.clone(), broker.clone());
        Unnoted { guard, departure, broker, settled: false }
    }

    /// Its fate is known.
    pub fn settled(mut self) {
        self.settled = true;
    }
}

impl Drop for Unnoted {
    fn drop(&mut self) {
        if !self.settled
            && !self.departure.withdraw()
            && let Some(order) = &self.departure.0.order
        {
            let over = self.broker.read();
            let until = (over.source == Source::Replies).then_some(over.latest);
            self.guard.remember(Unsettled { until, ..order.clone() });
        }
    }
}
