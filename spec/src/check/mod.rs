//! Judges the facts: contradictions between table and example, arithmetic inside documented rows, accepted findings.
//!
//! Reads facts, errata and curated tables; changes none of them.

pub mod accepted;
pub mod identities;
pub mod lint;
mod measures;
pub mod signs;
