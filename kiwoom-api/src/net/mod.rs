//! The path of every call to the broker and back: whether it may leave, with which token, when, one attempt, and for
//! reads retries.
//!
//! `pipeline` joins the others and is the only one that knows them all. Nothing here knows the content of a typed
//! reply.

#[cfg(feature = "realtime")]
pub(crate) mod attached;
pub(crate) mod broker_time;
pub(crate) mod clock;
pub(crate) mod credentials;
pub(crate) mod effect;
pub(crate) mod guard;
pub(crate) mod identity;
pub(crate) mod leaving;
pub(crate) mod limit;
pub(crate) mod observe;
pub(crate) mod pipeline;
pub(crate) mod retry;
pub(crate) mod server;
pub(crate) mod token;
pub(crate) mod transport;
