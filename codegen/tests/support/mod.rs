//! Mini-documents of our own, the committed tables, and what both become.
//!
//! Nothing of the broker's prose stands in the mini-documents: keys, labels and words are ours. Shared by several test
//! binaries, none of which uses all of it.
#![allow(dead_code, unused_imports)]

mod draft;
mod shipped;
mod tree;

pub use draft::{Draft, Element, Made, generate, items, show};
pub use shipped::{is_test, shipped};
pub use tree::{Committed, committed, files_below, hand_written, read, root};
