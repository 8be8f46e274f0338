//! Realtime data against a scripted WebSocket server on this machine: the rows of `BEHAVIOUR.md` about the socket, and faults.

mod books;
mod conditions;
mod faults;
mod feeds;
mod observed;
mod rows;
mod server;
#[path = "../support/mod.rs"]
mod support;
