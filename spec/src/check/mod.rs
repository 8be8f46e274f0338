//! Judges facts and documents: contradictions between table and example, doubts about one document, arithmetic inside
//! documented rows, accepted findings.
//!
//! Reads documents, facts, errata and curated tables; changes none of them.

pub mod accepted;
pub mod doubts;
pub mod identities;
pub mod lint;
mod measures;
pub mod signs;
