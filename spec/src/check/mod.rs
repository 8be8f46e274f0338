//! What judges the facts: doubts about table and example, arithmetic inside documented rows, findings that were accepted.
//!
//! Reads facts, errata and curated tables; changes none of them.

pub mod accepted;
pub mod identities;
pub mod lint;
pub mod signs;
