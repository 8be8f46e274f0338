//! Realtime data against a scripted WebSocket server on this machine: the rows of `BEHAVIOUR.md` about the socket, and faults.

mod books;
mod conditions;
mod documented;
mod envelopes;
mod faults;
mod feeds;
#[cfg(all(feature = "domestic-order", feature = "domestic-account"))]
mod live;
mod observed;
mod record;
mod rows;
mod server;
mod soak;
#[path = "../support/mod.rs"]
mod support;
