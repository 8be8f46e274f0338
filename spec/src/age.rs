//! Whether a document looks older than the facts: it knows fewer APIs, or leaves blank what was filled.
//!
//! Facts have no date, so the document itself must say it. A person must decide which is older: an old document over
//! new facts removes APIs and reverts what the broker has changed since.

use std::collections::BTreeMap;

use crate::ir::Spec;
use crate::problem::Problem;

/// What the sheet of one API says, compared with the facts before it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Age {
    /// Blank cells whose fact was filled, by column.
    pub blanked: BTreeMap<&'static str, usize>,
    /// Filled cells whose fact was blank.
    pub filled: usize,
    /// Elements that the facts do not know.
    pub added: usize,
    /// Filled cells, by column.
    pub told: BTreeMap<&'static str, usize>,
}

/// Columns that the broker has emptied completely: that is a separate kind of loss, not a sign of age.
const EMPTIED: [&str; 3] = ["Type", "Required", "Length"];

impl Age {
    pub(crate) fn cell(&mut self, column: &'static str, new: bool, old: bool) {
        if new {
            *self.told.entry(column).or_default() += 1;
            // What every document says is not a fact, so it is blank in the facts.
            self.filled += usize::from(!old && !matches!(column, "Method" | "Format"));
        }
    }
}

/// One document, imported.
#[derive(Clone, Copy, Debug)]
pub struct Step<'a> {
    /// The name of the document.
    pub document: &'a str,
    /// The facts after it.
    pub spec: &'a Spec,
    /// What each of its sheets says, by API.
    pub ages: &'a BTreeMap<String, Age>,
}

/// The question that documents raise, if they look older than the facts: `before` any of them, then each import in
/// its order. What a later document of the run corrects needs no decision.
pub fn question(before: &Spec, imports: &[Step]) -> Option<Problem> {
    let Step { document: last, spec: after, .. } = *imports.last()?;
    // Of each API, the last document that describes it.
    let mut blanked: BTreeMap<&'static str, usize> = BTreeMap::new();
    let (mut gains, mut seen) = (0, std::collections::BTreeSet::new());
    for import in imports.iter().rev() {
        // A few cells are left over: the broker emptied 7,222 of 7,232.
        let sum = |of: fn(&Age) -> &BTreeMap<&'static str, usize>, column: &&'static str| {
            import.ages.values().filter_map(|age| of(age).get(*column)).sum::<usize>()
        };
        let lost = |column: &&'static str| {
            EMPTIED.contains(column) && sum(|age| &age.told, column) * 50 < sum(|age| &age.blanked, column)
        };
        for (id, age) in import.ages.iter().filter(|(id, _)| after.apis.contains_key(*id)) {
            if seen.insert(id) {
                for (column, n) in age.blanked.iter().filter(|(column, _)| !lost(column)) {
                    *blanked.entry(column).or_default() += n;
                }
                gains += age.filled + age.added;
            }
        }
    }
    let states = || std::iter::once(before).chain(imports.iter().map(|import| import.spec));
    let most = states().max_by_key(|spec| spec.apis.len())?;
    let gone: Vec<&str> = most.apis.keys().filter(|id| !after.apis.contains_key(*id)).map(String::as_str).collect();
    let losses: usize = blanked.values().sum();
    let mut signs = Vec::new();
    if after.apis.len() < most.apis.len() {
        let shown = gone.iter().take(5).copied().collect::<Vec<_>>().join(", ");
        let more = if gone.len() > 5 { ", .." } else { "" };
        signs.push(format!("{} APIs would go ({shown}{more})", gone.len()));
    }
    let fewer = most.errors.keys().filter(|code| !after.errors.contains_key(*code)).count();
    if after.errors.len() < most.errors.len() {
        signs.push(format!("{fewer} error codes would go"));
    }
    let new_apis = after.apis.keys().filter(|id| !before.apis.contains_key(*id)).count();
    if losses > gains + new_apis {
        let columns: Vec<String> = blanked.iter().map(|(column, n)| format!("{column} {n}")).collect();
        signs.push(format!("cells are blank that were filled ({})", columns.join(", ")));
    }
    (!signs.is_empty()).then(|| {
        let what = format!("the document looks older than the facts: {}", signs.join("; "));
        let fix = "give the newest document last; if it is the newest, run again with --accept-older";
        Problem::error("older-document", last, what, fix)
    })
}
