//! What there is to doubt about documents and facts.

pub mod doubts;
