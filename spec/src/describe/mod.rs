//! The grammar of the Description cell: text in, [`Facts`] out.
//!
//! One home for everything that is read out of the broker's sentences. It sees one cell and
//! nothing else: no API id, no element name, no neighbour.

mod facts;

pub use facts::{Facts, Format, Symbol, Threshold, Unit};

/// Reads one Description cell.
pub fn describe(text: &str) -> Facts {
    let _ = text;
    Facts::default()
}
