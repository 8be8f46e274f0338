//! Doubts about decisions: contradictions between two places of the model.

mod requests;
mod twins;

use kiwoom_spec::errata::Mended;
use kiwoom_spec::names::Names;
use kiwoom_spec::names::reasons::{Reasons, weigh};
use kiwoom_spec::problem::Problem;

pub use requests::omitted;
pub use twins::twins;

use crate::lower::undocumented;
use crate::model::Model;

/// Every doubt that no row of `spec/reasons.toml` settles, and every row that settles nothing.
pub fn check(spec: &Mended, names: &Names, reasons: &Reasons) -> Vec<Problem> {
    of_model(&undocumented(spec, names), spec, (names, reasons))
}

/// The same where the facts are lowered already.
pub fn of_model(model: &Model, spec: &Mended, (names, reasons): (&Names, &Reasons)) -> Vec<Problem> {
    let mend = "mend one of the two, or give the reason in spec/reasons.toml (twin)";
    let mut out = weigh("twin", &reasons.twin, &twins(model, names), mend);
    let ask = "add a default or an argument to spec/names/apis.toml, or give the reason in spec/reasons.toml (omitted)";
    out.extend(weigh("omitted", &reasons.omitted, &omitted(model, spec), ask));
    out
}
