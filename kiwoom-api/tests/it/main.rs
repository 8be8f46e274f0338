//! Tests that talk to their own server over loopback, in one binary, so that they link once.
//!
//! Tests without a socket are in `values`, so that their long loops do not run at the same time as tests that measure
//! time. A test that starts itself again as another process names its module: `token::cache::a_process_beside_others`.

#[cfg(all(
    feature = "testing",
    feature = "domestic-chart",
    feature = "domestic-order",
    feature = "domestic-stock",
    feature = "us-order"
))]
mod canned;
mod client;
#[cfg(all(feature = "testing", feature = "domestic-order"))]
mod counts;
#[cfg(feature = "full")]
mod examples;
mod orders;
mod paging;
mod readme;
#[path = "../support/mod.rs"]
mod support;
mod token;
