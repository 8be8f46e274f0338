//! The grammar of the Description cell: text in, [`Facts`] out.
//!
//! The only place that reads the broker's sentences. It sees one cell and
//! nothing else: no API id, no element name, no neighbour. Each step reads its facts and blanks what it understood, so
//! that the last step, the code list, sees only the rest: colons in clocks, units, examples and stock codes never reach
//! it.

mod brief;
mod codes;
mod facts;
mod formats;
mod labels;
mod notes;
mod numbers;
mod pairs;
mod relations;
mod symbols;
mod text;
mod thresholds;
mod tokens;
mod units;
mod values;

pub use facts::{Facts, Format, Symbol, Threshold, Unit};

use text::Text;

/// Reads one Description cell.
pub fn describe(text: &str) -> Facts {
    let mut facts = Facts::default();
    let mut text = Text::new(text);
    relations::whole(&text, &mut facts);
    if facts.fixed.is_some() {
        return facts;
    }
    relations::read(&text, &mut facts);
    symbols::read(&mut text, &mut facts);
    numbers::read(&text, &mut facts);
    formats::read(&mut text, &mut facts);
    units::read(&mut text, &mut facts);
    notes::read(&mut text, &mut facts);
    text.mask_examples();
    thresholds::read(&mut text, &mut facts);
    codes::read(&text, &mut facts);
    values::read(&text, &mut facts);
    facts
}
