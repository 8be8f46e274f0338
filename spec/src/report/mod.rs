//! Reports of changes, for people and programs: filtered by `spec/accepted.toml`, counted, ordered by weight.
//!
//! Pure: text in, text out. Printing, colours of the terminal and files belong to the caller.

mod changelog;
mod json;
mod text;

use std::collections::BTreeMap;

pub use changelog::{Version, append};
pub use json::SCHEMA;
pub use text::Style;

use crate::check::accepted::{Settings, Verdict};
use crate::diff::{Class, Delta, Rule, Severity};
use crate::problem::Problem;

/// One change and what the settings make of it.
#[derive(Clone, Debug)]
pub struct Judged {
    /// The change.
    pub delta: Delta,
    /// How much it counts.
    pub severity: Severity,
    /// Why it counts for nothing, where somebody looked at it.
    pub accepted: Option<String>,
    /// It was accepted before the document changed.
    pub lapsed: bool,
}

impl Judged {
    /// It can break a consumer or change what a number means: named before everything else.
    pub fn is_heavy(&self) -> bool {
        let class = self.delta.class();
        self.severity >= Severity::Warning || matches!(class, Class::Source | Class::Meaning)
    }
}

/// Everything that a comparison has to tell.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// The name of the old side.
    pub old: String,
    /// The name of the new side.
    pub new: String,
    /// Changes that count, by place.
    pub found: Vec<Judged>,
    /// Changes that somebody accepted.
    pub accepted: Vec<Judged>,
    /// Names of the APIs in it.
    pub names: BTreeMap<String, String>,
    /// What is left to do: kind of task and what.
    pub tasks: Vec<(Task, String)>,
    /// The version that the crate has, if known.
    pub version: Option<Version>,
}

/// What a person must do after a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Task {
    /// A name, a menu, a code set is missing.
    Name,
    /// An erratum is not needed any more.
    Drop,
    /// Two sources say different things.
    Settle,
}

impl Task {
    /// The heading of a checklist.
    pub fn title(self) -> &'static str {
        match self {
            Task::Name => "names to write",
            Task::Drop => "errata to drop",
            Task::Settle => "conflicts to settle",
        }
    }
}

impl Report {
    /// Judges changes.
    pub fn new(names: (&str, &str), deltas: Vec<Delta>, settings: &Settings) -> Self {
        let mut out = Report { old: names.0.to_owned(), new: names.1.to_owned(), ..Report::default() };
        for delta in deltas {
            let usual = match (delta.settled, delta.class()) {
                (Some(_), _) => Severity::Note,
                (None, Class::Source) => Severity::Breaking,
                (None, _) => delta.rule.row().severity,
            };
            let evidence = delta.evidence();
            let (severity, accepted, lapsed) =
                match settings.judge(delta.rule.id(), (&delta.api, &delta.at), (usual, &evidence)) {
                    Verdict::Counts(Severity::Off) | Verdict::Lapsed(_, Severity::Off) => continue,
                    Verdict::Counts(severity) => (severity, None, false),
                    Verdict::Lapsed(_, severity) => (severity, None, true),
                    Verdict::Accepted(_, why) => (Severity::Note, Some(why.to_owned()), false),
                };
            let judged = Judged { delta, severity, accepted, lapsed };
            if judged.accepted.is_some() { out.accepted.push(judged) } else { out.found.push(judged) }
        }
        out
    }

    /// Adds what warnings of an import, of errata and of names leave to do.
    pub fn with_tasks(mut self, problems: &[Problem]) -> Self {
        let task = |p: &Problem| match p.id {
            "no-name" | "no-menu" | "no-set" | "no-fid" => Some(Task::Name),
            "erratum-fixed" => Some(Task::Drop),
            id if p.level >= crate::problem::Level::Warning && id != "name-without-api" => Some(Task::Settle),
            _ => None,
        };
        self.tasks = problems.iter().filter_map(|p| task(p).map(|t| (t, p.to_string()))).collect();
        self.tasks.sort();
        self.tasks.dedup();
        self
    }

    /// How many changes there are of each kind.
    pub fn counts(&self) -> BTreeMap<Rule, usize> {
        let mut out = BTreeMap::new();
        self.found.iter().for_each(|j| *out.entry(j.delta.rule).or_default() += 1);
        out
    }

    /// A change breaks consumers.
    pub fn is_breaking(&self) -> bool {
        self.found.iter().any(|j| j.severity == Severity::Breaking)
    }

    /// The version that semver asks for; none where nothing changed.
    pub fn next_version(&self) -> Option<Version> {
        let grows = |j: &Judged| {
            matches!(
                j.delta.rule,
                Rule::ApiAdded | Rule::ResponseFieldAdded | Rule::RequestFieldAdded | Rule::CodeAdded
            )
        };
        let version = self.version.filter(|_| !self.found.is_empty())?;
        Some(version.next(self.is_breaking(), self.found.iter().any(grows)))
    }

    /// There is a change of this class, or at least this heavy.
    pub fn has(&self, limit: Limit) -> bool {
        self.found.iter().any(|j| match limit {
            Limit::Any => true,
            Limit::Class(class) => {
                j.delta.class() == class || j.delta.settled.is_none() && j.delta.rule.row().class == class
            }
            Limit::Severity(severity) => j.severity >= severity,
        })
    }
}

/// The same change in more APIs than this is told once.
const MANY: usize = 4;

/// What many APIs have in common, in words, and the rest. A change that breaks an item of its own is told by itself, unless a whole
/// API is gone.
fn gathered(all: Vec<&Judged>) -> (Vec<(String, Vec<&Judged>)>, Vec<&Judged>) {
    // What says nothing beyond its place needs no words; everything else is alike only if it says the same.
    let wordless = |rule| matches!(rule, Rule::ApiRemoved | Rule::ApiMockLost | Rule::JsonType);
    let words = |d: &Delta| if wordless(d.rule) { d.rule.id().to_owned() } else { d.words() };
    let key = |j: &Judged| (j.delta.at.clone(), words(&j.delta));
    let alike = |j: &Judged| j.delta.rule == Rule::ApiRemoved || j.delta.breaks.is_empty() && !j.delta.api.is_empty();
    let mut same: BTreeMap<(String, String), Vec<&Judged>> = BTreeMap::new();
    for judged in all.iter().copied().filter(|j| alike(j)) {
        same.entry(key(judged)).or_default().push(judged);
    }
    same.retain(|_, all| all.len() > MANY);
    let rest = all.into_iter().filter(|j| !(alike(j) && same.contains_key(&key(j)))).collect();
    let told =
        |((at, words), all): ((String, String), _)| (if at.is_empty() { words } else { format!("{at} {words}") }, all);
    (same.into_iter().map(told).collect(), rest)
}

/// From where on a run fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// Any change.
    Any,
    /// A change of this class.
    Class(Class),
    /// A change of this severity or worse.
    Severity(Severity),
}

impl Limit {
    /// The limit with this word: `any`, a class or a severity.
    pub fn of(word: &str) -> Option<Limit> {
        match word {
            "any" => Some(Limit::Any),
            "off" => None,
            _ => Class::of(word).map(Limit::Class).or_else(|| Severity::of(word).map(Limit::Severity)),
        }
    }

    /// All words.
    pub fn words() -> String {
        let classes = Class::ALL.map(Class::word);
        let severities = Severity::ALL[1..].iter().map(|s| s.word());
        classes.into_iter().chain(severities).chain(["any"]).collect::<Vec<_>>().join(", ")
    }
}
