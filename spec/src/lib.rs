//! What the broker says: documents to facts. No Rust code is known here.

pub mod accepted;
pub mod age;
pub mod codes;
pub mod describe;
pub mod diff;
pub mod dump;
pub mod errata;
pub mod example;
pub mod fids;
pub mod identities;
pub mod import;
pub mod ir;
pub mod labels;
pub mod lint;
pub mod names;
pub mod notes;
pub mod parallel;
pub mod problem;
pub mod sheet;
pub mod signs;
pub mod store;
