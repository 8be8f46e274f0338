//! What the broker says: documents to facts. Nothing here knows about generated Rust code.

pub mod age;
pub mod check;
pub mod describe;
pub mod diff;
pub mod drift;
pub mod dump;
pub mod errata;
pub mod example;
pub mod import;
pub mod ir;
pub mod names;
pub mod problem;
pub mod reading;
pub mod report;
pub mod sheet;
pub mod store;
