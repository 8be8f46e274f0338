//! One screen for a terminal, the same as Markdown: counts, then what can break a consumer or change a meaning, then
//! the rest by API, then what to do.
//!
//! Invariant: only changes that nobody must read one by one (examples, lengths, overviews) are ever counted instead.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::{Judged, Report, Task, gathered};
use crate::diff::{Class, Rule, Severity};

/// How the text is dressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Letters only.
    Plain,
    /// With the colours of a terminal.
    Colour,
    /// Markdown.
    Markdown,
}

/// More APIs than this are named by id only.
const NAMED: usize = 20;
/// More APIs than this with nothing but small changes are counted.
const SMALL: usize = 12;

/// What may be counted: no code, unit, sign or description is among it.
fn is_small(rule: Rule) -> bool {
    use Rule::*;
    matches!(
        rule,
        ExampleChanged
            | ExampleFilled
            | ShapesChanged
            | OrderChanged
            | TypeChanged
            | LengthLonger
            | LengthChanged
            | ResponseRequired
            | WidthChanged
            | DecimalsChanged
            | ReferenceChanged
            | ConditionChanged
            | ApiOverview
            | ApiMockNote
            | CellFilled
            | FieldDocumented
    )
}

impl Report {
    /// The report as text.
    pub fn text(&self, style: Style) -> String {
        let mut page = PageText { style, out: String::new() };
        page.title(&format!("{} -> {}", self.old, self.new));
        if self.found.is_empty() {
            page.line("nothing changed");
        } else {
            self.count(&mut page);
            self.heavy(&mut page);
            self.rest(&mut page);
        }
        if !self.accepted.is_empty() {
            page.line(&format!("{} accepted in spec/accepted.toml", self.accepted.len()));
        }
        self.next(&mut page);
        page.out
    }

    fn count(&self, page: &mut PageText) {
        let apis: std::collections::BTreeSet<&str> =
            self.found.iter().map(|j| j.delta.api.as_str()).filter(|a| !a.is_empty()).collect();
        page.line(&format!("{} in {}", plural(self.found.len(), "change"), plural(apis.len(), "API")));
        let mut by_class: BTreeMap<Class, Vec<String>> = BTreeMap::new();
        let mut counts: BTreeMap<(Class, Rule), usize> = BTreeMap::new();
        self.found.iter().for_each(|j| *counts.entry((j.delta.class(), j.delta.rule)).or_default() += 1);
        for ((class, rule), n) in counts {
            by_class.entry(class).or_default().push(format!("{n} {rule}"));
        }
        for (class, kinds) in by_class.into_iter().rev() {
            page.item(&format!("{}: {}", page.class(class), kinds.join(", ")));
        }
    }

    fn heavy(&self, page: &mut PageText) {
        let mut heavy: Vec<&Judged> = self.found.iter().filter(|j| j.is_heavy()).collect();
        if heavy.is_empty() {
            return;
        }
        heavy.sort_by_key(|j| (std::cmp::Reverse((j.severity, j.delta.class())), j.delta.place()));
        page.heading("What can break a consumer or change a meaning");
        let (same, heavy) = gathered(heavy);
        for (words, all) in same {
            let ids: Vec<&str> = all.iter().map(|j| j.delta.api.as_str()).collect();
            page.item(&format!("{} in {} APIs: {words}: {}", page.severity(all[0]), ids.len(), ids.join(" ")));
        }
        for judged in heavy {
            let delta = &judged.delta;
            let name = if delta.at.is_empty() { self.name(&delta.api) } else { String::new() };
            let place = format!("{}{name}", delta.place());
            let lapsed = if judged.lapsed { " (accepted before the document changed)" } else { "" };
            page.item(&format!("{} {} {}{lapsed}", page.severity(judged), page.code(&place), delta.words()));
            delta.breaks.iter().for_each(|b| page.sub(&page.code(b)));
        }
    }

    fn rest(&self, page: &mut PageText) {
        let rest: Vec<&Judged> = self.found.iter().filter(|j| !j.is_heavy()).collect();
        if rest.is_empty() {
            return;
        }
        page.heading("The rest, by API");
        let added: Vec<&str> =
            rest.iter().filter(|j| j.delta.rule == Rule::ApiAdded).map(|j| j.delta.api.as_str()).collect();
        if !added.is_empty() {
            let name =
                |id: &&str| if added.len() > NAMED { (*id).to_owned() } else { format!("{id}{}", self.name(id)) };
            let list: Vec<String> = added.iter().map(name).collect();
            page.item(&format!("added ({}): {}", added.len(), list.join(if added.len() > NAMED { " " } else { ", " })));
        }
        let mut by_api: BTreeMap<&str, Vec<&Judged>> = BTreeMap::new();
        for judged in rest.iter().filter(|j| j.delta.rule != Rule::ApiAdded) {
            by_api.entry(&judged.delta.api).or_default().push(judged);
        }
        let mut small = 0;
        let mut hidden = (0, 0);
        for (api, all) in by_api {
            let only_small = all.iter().all(|j| is_small(j.delta.rule));
            small += usize::from(only_small);
            if only_small && small > SMALL {
                hidden = (hidden.0 + 1, hidden.1 + all.len());
                continue;
            }
            let head = if api.is_empty() { "of no API".to_owned() } else { format!("{api}{}", self.name(api)) };
            let mut kinds: BTreeMap<Rule, Vec<&Judged>> = BTreeMap::new();
            all.iter().for_each(|j| kinds.entry(j.delta.rule).or_default().push(j));
            let (few, named): (Vec<_>, Vec<_>) = kinds.iter().partition(|(rule, _)| is_small(**rule));
            let counted: Vec<String> = few.iter().map(|(rule, all)| format!("{} {rule}", all.len())).collect();
            let colon = if counted.is_empty() { "" } else { ": " };
            page.item(&format!("{}{colon}{}", page.code(&head), counted.join(", ")));
            named.into_iter().for_each(|(rule, all)| page.sub(&one_kind(*rule, all)));
        }
        if hidden.0 > 0 {
            let what = "examples, lengths, overviews only";
            page.item(&format!("and {} with {} ({what})", plural(hidden.0, "more API"), plural(hidden.1, "change")));
        }
    }

    fn next(&self, page: &mut PageText) {
        if self.tasks.is_empty() && self.found.is_empty() {
            return;
        }
        page.heading("Next");
        for task in [Task::Name, Task::Drop, Task::Settle] {
            let all: Vec<&str> = self.tasks.iter().filter(|(t, _)| *t == task).map(|(_, w)| w.as_str()).collect();
            if !all.is_empty() {
                page.item(&format!("{} ({})", task.title(), all.len()));
                all.iter().take(NAMED).for_each(|w| page.sub(w));
                if all.len() > NAMED {
                    page.sub(&format!("and {} more; `cargo xtask lint` lists them", all.len() - NAMED));
                }
            }
        }
        if let Some(version) = self.next_version() {
            let why = if self.is_breaking() { "a consumer's code or data breaks" } else { "nothing breaks" };
            page.item(&format!("the next version is {version}: {why}"));
        }
    }

    fn name(&self, api: &str) -> String {
        self.names.get(api).filter(|n| !n.is_empty()).map_or(String::new(), |n| format!(" {n}"))
    }
}

/// All changes of one kind in one API.
fn one_kind(rule: Rule, all: &[&Judged]) -> String {
    let short = |at: &str| at.strip_prefix("response.").unwrap_or(at).to_owned();
    let each = all.iter().map(|j| {
        let delta = &j.delta;
        let words = delta.words();
        let words = words.strip_prefix(rule.id()).unwrap_or("").trim_start_matches(": ").trim();
        let place = short(&delta.at);
        match (place.is_empty(), words.is_empty()) {
            (true, _) => words.to_owned(),
            (false, true) => place,
            (false, false) => format!("{place} [{words}]"),
        }
    });
    format!("{rule}: {}", each.filter(|e| !e.is_empty()).collect::<Vec<_>>().join(", "))
}

fn plural(n: usize, word: &str) -> String {
    if n == 1 { format!("1 {word}") } else { format!("{n} {word}s") }
}

struct PageText {
    style: Style,
    out: String,
}

impl PageText {
    fn line(&mut self, text: &str) {
        let _ = writeln!(self.out, "{text}");
    }

    fn title(&mut self, text: &str) {
        let text = match self.style {
            Style::Plain => text.to_owned(),
            Style::Colour => format!("\x1b[1m{text}\x1b[0m"),
            Style::Markdown => format!("# {text}\n"),
        };
        self.line(&text);
    }

    fn heading(&mut self, text: &str) {
        let text = match self.style {
            Style::Plain => format!("\n{text}"),
            Style::Colour => format!("\n\x1b[1m{text}\x1b[0m"),
            Style::Markdown => format!("\n## {text}\n"),
        };
        self.line(&text);
    }

    fn item(&mut self, text: &str) {
        let mark = if self.style == Style::Markdown { "* " } else { "  " };
        let text = self.safe(text);
        self.line(&format!("{mark}{text}"));
    }

    fn sub(&mut self, text: &str) {
        let mark = if self.style == Style::Markdown { "  * " } else { "      " };
        let text = self.safe(text);
        self.line(&format!("{mark}{text}"));
    }

    /// Words of a document must act neither as terminal commands nor as markup.
    fn safe(&self, text: &str) -> String {
        let own = self.style == Style::Colour;
        let plain: String =
            text.chars().map(|c| if c.is_control() && !(own && c == '\x1b') { ' ' } else { c }).collect();
        if self.style == Style::Markdown { plain.replace('<', "&lt;").replace('|', "\\|") } else { plain }
    }

    fn code(&self, text: &str) -> String {
        if self.style == Style::Markdown { format!("`{}`", text.replace('`', "'")) } else { text.replace('\x1b', " ") }
    }

    fn severity(&self, judged: &Judged) -> String {
        let words = format!("{} {}", judged.severity.word(), judged.delta.class().word());
        self.paint(&words, if judged.severity == Severity::Breaking { "31" } else { "33" })
    }

    fn class(&self, class: Class) -> String {
        self.paint(class.word(), if class >= Class::Decode { "31" } else { "36" })
    }

    fn paint(&self, text: &str, colour: &str) -> String {
        match self.style {
            Style::Plain => text.to_owned(),
            Style::Colour => format!("\x1b[{colour}m{text}\x1b[0m"),
            Style::Markdown => format!("**{text}**"),
        }
    }
}
