//! What the broker says: documents to facts. No Rust code is known here.

pub mod describe;
pub mod dump;
pub mod problem;
