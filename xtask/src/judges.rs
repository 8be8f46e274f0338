//! All that judges facts and documents, on all processors: judges that need nothing of each other run at once.
//!
//! Owns which judge waits for which; has no rules of its own. The order of what they find does not hang on who ends first.

use kiwoom_spec::check::accepted::Accepted;
use kiwoom_spec::check::doubts::{Doubt, doubts};
use kiwoom_spec::check::lint;
use kiwoom_spec::diff::{self, Delta};
use kiwoom_spec::errata::{self, Fix, Mended};
use kiwoom_spec::ir::Spec;
use kiwoom_spec::names::Names;
use kiwoom_spec::problem::Problem;
use kiwoom_spec::reading::Reading;
use rayon::prelude::*;

use crate::truth;

/// What is judged, and by which tables.
pub struct Docket<'a> {
    /// The committed facts, then those after each document: one more than there are documents.
    pub states: &'a [&'a Spec],
    /// The documents.
    pub documents: &'a [Reading],
    /// The names.
    pub names: &'a Names,
    /// The errata.
    pub errata: &'a [Fix],
    /// Findings that need no fix.
    pub accepted: &'a [Accepted],
}

/// What was found.
pub struct Found<T> {
    /// What the documents say differently from the facts before them.
    pub changes: Vec<Delta>,
    /// Errata, names, facts, then the identities of each document.
    pub problems: Vec<Problem>,
    /// The doubts about the documents.
    pub doubts: Vec<Doubt>,
    /// What `decide` found.
    pub decided: T,
}

impl Docket<'_> {
    /// Asks every judge; `decide` is one more, of the last facts after errata.
    pub fn judge<T: Send>(&self, decide: impl FnOnce(&Mended) -> T + Send) -> Found<T> {
        let facts = self.states.last().copied().unwrap_or(&NOTHING);
        let as_said = || {
            let doubts = self.documents.iter().flat_map(|document| doubts(document, facts, self.names)).collect();
            let changes = self.states.windows(2).flat_map(|pair| diff::compare(pair[0], pair[1])).collect();
            (doubts, changes, self.names.check(facts))
        };
        let mended = || {
            let (fixed, stale) = errata::apply(facts, self.errata);
            let (decided, (facts, identities)) =
                rayon::join(|| decide(&fixed), || (lint::lint(&fixed, self.names), self.identities(&fixed)));
            (stale, facts, identities, decided)
        };
        let ((mut problems, facts, identities, decided), (doubts, changes, names)) = rayon::join(mended, as_said);
        problems.extend(names);
        problems.extend(facts);
        problems.extend(identities);
        Found { changes, problems, doubts, decided }
    }

    fn identities(&self, fixed: &Mended) -> Vec<Problem> {
        let of = |document| {
            truth::problems(document, &truth::truth(document, fixed, self.names, self.errata, self.accepted))
        };
        self.documents.par_iter().flat_map_iter(of).collect()
    }
}

/// The facts of a case without any.
static NOTHING: Spec = Spec { apis: std::collections::BTreeMap::new(), errors: std::collections::BTreeMap::new() };
