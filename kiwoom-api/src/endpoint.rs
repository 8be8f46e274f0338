//! What is known of an API before any call: its address, its effect, its answer.
//!
//! Invariant: everything here is static data; transport, limiter, registry and simulator read it, none adds to it.

use crate::record::Record;

/// What a call does at the broker.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Effect {
    /// Reads: may be repeated.
    Read,
    /// Places, changes or cancels something: one network attempt, never repeated.
    Trade,
    /// Issues or revokes a token.
    Auth,
}

/// How an API is spoken to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Protocol {
    /// One HTTP request, one reply.
    Rest,
    /// A realtime topic of the WebSocket.
    Realtime,
    /// A message of the WebSocket that asks and is answered (condition search).
    Socket,
}

/// What the mock server offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Mock {
    /// Offered.
    Yes,
    /// Offered for KRX only.
    KrxOnly,
    /// Not offered.
    No,
}

/// The static facts of one API.
#[derive(Debug, PartialEq, Eq)]
pub struct Meta {
    /// The broker's API id, such as `ka10081`.
    pub id: &'static str,
    /// The English name, such as `StockDailyChart`.
    pub name: &'static str,
    /// The broker's name.
    pub korean: &'static str,
    /// Where the guide lists it.
    pub menu: &'static str,
    /// The path of the URL.
    pub path: &'static str,
    /// What a call does.
    pub effect: Effect,
    /// How it is spoken to.
    pub protocol: Protocol,
    /// The reply may continue on further pages.
    pub paged: bool,
    /// What the mock server offers.
    pub mock: Mock,
}

/// A request that knows which API it belongs to.
pub trait Endpoint: Record + Clone + Send + Sync {
    /// The body of the reply.
    type Reply: Record + Default + Send;
    /// What a call gives: `Result<Reply<_>, Error>` for reads, `Outcome<Reply<_>>` for trades.
    type Answer: From<Result<crate::Reply<Self::Reply>, crate::Error>>;
    /// Static facts.
    const META: &'static Meta;
    /// Keys that must have a value before the request is sent, as positions in [`Record::keys`].
    const REQUIRED: &'static [usize] = &[];
    /// Keys that are sent as `""` when unset, as positions; all others are left out.
    const BLANK: &'static [usize] = &[];
}

/// A reply that holds one list.
pub trait Listing: Record + Default {
    /// A row of it.
    type Row: Record + Default + Send;
    /// The rows.
    fn rows(&self) -> &[Self::Row];
    /// The rows, to be taken out: what stays is the head of the reply.
    fn rows_mut(&mut self) -> &mut Vec<Self::Row>;
    /// The rows, by value.
    fn into_rows(mut self) -> Vec<Self::Row> {
        std::mem::take(self.rows_mut())
    }
}

/// The record of a realtime topic.
pub trait Topic: Record + Default + Send {
    /// Static facts; `id` is the topic's type.
    const META: &'static Meta;
}
