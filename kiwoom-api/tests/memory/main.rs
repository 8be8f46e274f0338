//! What the crate allocates. A separate binary: `allocation_counter` is the allocator of everything linked with it.

mod allocations;
mod bounds;
#[path = "../support/mod.rs"]
mod support;
