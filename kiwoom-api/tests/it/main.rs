//! Tests that talk to their own server over loopback, in one binary, so that they link once.
//!
//! Tests without a socket are in `values`, so that their long loops do not run at the same time as tests that measure
//! time. A test that starts itself again as another process names its module: `token::cache::a_process_beside_others`.

mod client;
#[cfg(feature = "full")]
mod examples;
mod orders;
mod paging;
#[path = "../support/mod.rs"]
mod support;
mod token;
