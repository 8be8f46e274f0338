//! Realtime data against a scripted WebSocket server on this machine: the rows of `BEHAVIOUR.md` about the socket, and faults.

mod books;
#[cfg(feature = "testing")]
mod canned;
mod conditions;
mod documented;
mod envelopes;
mod faults;
mod feeds;
#[cfg(all(feature = "domestic-order", feature = "domestic-account"))]
mod live;
#[cfg(all(feature = "domestic-order", feature = "domestic-account", feature = "us-order", feature = "us-account"))]
mod live_faults;
#[cfg(all(feature = "domestic-order", feature = "domestic-account"))]
mod live_hostile;
#[cfg(all(feature = "domestic-order", feature = "domestic-account", feature = "us-order", feature = "us-account"))]
mod live_rest;
#[cfg(all(feature = "domestic-order", feature = "domestic-account", feature = "us-order", feature = "us-account"))]
mod live_settled;
#[cfg(all(feature = "domestic-order", feature = "domestic-account", feature = "us-order", feature = "us-account"))]
mod live_us;
mod observed;
mod record;
mod rows;
mod server;
mod soak;
#[path = "../support/mod.rs"]
mod support;
#[cfg(feature = "us-order")]
mod us;
