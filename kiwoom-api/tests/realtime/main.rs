//! Realtime data against a scripted WebSocket server on this machine: the rows of `BEHAVIOUR.md` about the socket, and faults.

mod conditions;
mod faults;
mod feeds;
#[cfg(all(feature = "domestic-order", feature = "domestic-account"))]
mod live;
mod rows;
mod server;
#[path = "../support/mod.rs"]
mod support;
