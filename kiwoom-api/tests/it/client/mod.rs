//! Calls: what is sent, what comes back, and what goes wrong.

#[cfg(feature = "blocking")]
mod blocking;
mod calls;
mod drift;
mod failures;
mod limits;
mod observed;
mod owned;
mod retries;
mod secrets;
mod small_17;
mod trades;
