//! What is known about an API before any call: its address, its effect, its answer.
//!
//! Invariant: everything here is static data; transport, limiter, registry and simulator read it and add nothing to it.

use crate::error::Error;
pub use crate::meta::{Effect, Meta, Mock, Protocol};
pub use crate::record::Listing;
use crate::record::Record;
use crate::reply::Reply;

/// A request that knows which API it belongs to.
pub trait Endpoint: Record + Clone + Send + Sync {
    /// The body of the reply.
    type Reply: Record + Default + Send;
    /// What a call returns: `Result<Reply<_>, Error>` for reads, `Outcome<Reply<_>>` for trades.
    type Answer: From<Result<Reply<Self::Reply>, Error>>;
    /// Static facts.
    const META: &'static Meta;
    /// Keys that must have a value before the request is sent, as positions in [`Record::keys`].
    const REQUIRED: &'static [usize] = &[];
    /// Keys that are sent as `""` when unset, as positions; all others are left out.
    const BLANK: &'static [usize] = &[];
}

/// The record of a realtime topic.
pub trait Topic: Record + Default + Send {
    /// Static facts; `id` is the topic's type.
    const META: &'static Meta;
}
