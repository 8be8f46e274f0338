//! What the crate allocates. A binary of its own: `allocation_counter` is the allocator of all that links with it.

mod allocations;
mod bounds;
#[path = "../support/mod.rs"]
mod support;
