//! Hand-written fixes for mistakes in the documents, each with its evidence. They apply when code is generated; the
//! committed facts stay as imported.
//!
//! Invariant: a fix applies only while the document still says what the fix was written against.

mod change;
mod fact;
pub mod mended;
mod table;

use crate::ir::Spec;
use crate::problem::Problem;
use fact::Stale;

pub use mended::{Mended, Ruled};
pub use table::{Fix, Op, parse};

/// Applies the fixes; returns the mended facts and the fixes that do not apply.
pub fn apply(facts: &Spec, fixes: &[Fix]) -> (Mended, Vec<Problem>) {
    let mut out = mended::roomy(facts);
    let mut problems = Vec::new();
    // Whole examples first: a field that only a distrusted example shows must not look like a fact to the others.
    let (first, rest): (Vec<&Fix>, Vec<&Fix>) = fixes.iter().partition(|f| f.op == Op::DistrustExample);
    for fix in first.into_iter().chain(rest) {
        let Some(api) = out.apis.get_mut(&fix.api) else {
            let fix_it = "keep it if an older document has it, else delete it";
            problems.push(Problem::note(
                "erratum-without-api",
                fix.place(),
                format!("{} is in no document", fix.api),
                fix_it,
            ));
            continue;
        };
        if let Err(what) = change::apply(api, fix) {
            problems.push(match what {
                Stale::FixedUpstream => Problem::warning(
                    "erratum-fixed",
                    fix.place(),
                    "the document now says the same",
                    "delete this erratum",
                ),
                Stale::SaysElse(now) => Problem::warning(
                    "erratum-stale",
                    fix.place(),
                    format!(
                        "the document now says {now:?}, the erratum was written against {:?}; not applied",
                        fix.was
                    ),
                    "look at the evidence again",
                ),
                Stale::NotThere(near) => Problem::warning(
                    "erratum-nowhere",
                    fix.place(),
                    format!("not in the document; there are: {near}"),
                    "mend the path, or delete the erratum",
                ),
                Stale::BadValue => Problem::error(
                    "bad-erratum",
                    fix.place(),
                    format!("{:?} is no value for {:?}", fix.now, fix.op),
                    "see the head of spec/errata.toml",
                ),
            });
        }
    }
    (Mended(out), problems)
}
