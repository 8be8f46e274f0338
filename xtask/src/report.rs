//! What a run prints: problems to stderr, the summary to stdout, in words or as JSON.

use std::collections::BTreeSet;
use std::io::IsTerminal;
use std::time::Instant;

use kiwoom_spec::diff::{self, Change};
use kiwoom_spec::import::Import;
use kiwoom_spec::ir::Spec;
use kiwoom_spec::problem::{Level, Problem};
use kiwoom_spec::report::{Report, Style};

use crate::Failed;
use crate::regen::part;
use crate::tree::Difference;

/// More notes of one kind than this are counted instead.
const NOTES: usize = 5;

/// How text for stdout is dressed.
pub fn style(markdown: bool) -> Style {
    let colour = std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty());
    match (markdown, colour) {
        (true, _) => Style::Markdown,
        (false, true) => Style::Colour,
        (false, false) => Style::Plain,
    }
}

/// Lists problems, the worst last, each once.
pub fn problems(problems: &[Problem]) {
    list(problems, NOTES);
}

/// The same, every note included.
pub fn all_problems(problems: &[Problem]) {
    list(problems, usize::MAX);
}

fn list(problems: &[Problem], notes: usize) {
    let mut sorted: Vec<&Problem> = problems.iter().collect();
    sorted.sort();
    sorted.dedup();
    let colour = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty());
    let say = |level: Level, id: &str, text: &str| {
        let (word, code) = match level {
            Level::Note => ("note", "36"),
            Level::Warning => ("warning", "33"),
            Level::Error => ("error", "31"),
        };
        if colour {
            eprintln!("\x1b[{code}m{word}\x1b[0m[{id}]: {text}");
        } else {
            eprintln!("{word}[{id}]: {text}");
        }
    };
    for kind in sorted.chunk_by(|a, b| (a.level, a.id) == (b.level, b.id)) {
        let shown = if kind[0].level == Level::Note { kind.len().min(notes) } else { kind.len() };
        kind[..shown].iter().for_each(|p| say(p.level, p.id, &p.to_string()));
        if shown < kind.len() {
            say(kind[0].level, kind[0].id, &format!("and {} more like these", kind.len() - shown));
        }
    }
}

/// Says why nothing was written.
pub fn refused(found: &[Problem], json: bool) -> Failed {
    problems(found);
    eprintln!("nothing was written");
    if json {
        println!("{}", serde_json::json!({ "problems": json_problems(found), "written": false }));
    }
    Failed::Said
}

/// Says what could not be read.
pub fn refused_reading(found: &[Problem], json: bool) -> Failed {
    problems(found);
    if json {
        println!("{}", serde_json::json!({ "problems": json_problems(found) }));
    }
    Failed::Said
}

/// Everything that a run has to tell.
pub struct Summary<'a> {
    pub spec: &'a Spec,
    pub old: &'a Spec,
    pub report: &'a Report,
    pub imports: &'a [(String, Import)],
    pub problems: &'a [Problem],
    pub differences: &'a [(String, Difference)],
    pub check: bool,
    pub begun: Instant,
}

/// More than this many files are counted instead.
const FILES: usize = 8;

impl Summary<'_> {
    pub fn print(&self, json: bool) {
        if json {
            println!("{}", self.json());
            return;
        }
        for (name, import) in self.imports {
            let complete = if import.complete { "complete" } else { "partial" };
            println!("{name}: {} API sheets ({complete})", import.sheets);
            let kept: Vec<String> = import.kept.iter().map(|(column, n)| format!("{column} {n}")).collect();
            if !kept.is_empty() {
                println!("  kept where the cell is blank now: {}", kept.join(", "));
            }
        }
        if !self.report.found.is_empty() {
            print!("{}", self.report.text(style(false)));
        }
        let fields: usize = self.spec.apis.values().map(|a| a.field_count()).sum();
        let warnings = self.problems.iter().filter(|p| p.level == Level::Warning).count();
        println!(
            "{} APIs, {fields} fields, {} error codes; {warnings} warnings",
            self.spec.apis.len(),
            self.spec.errors.len()
        );
        self.print_files();
        println!("{:.2} s", self.begun.elapsed().as_secs_f64());
    }

    fn print_files(&self) {
        if self.differences.is_empty() {
            println!("nothing to write: every file is up to date");
            return;
        }
        let would = if self.check { "would be " } else { "" };
        for kind in [Difference::New, Difference::Changed, Difference::Stray] {
            for group in ["facts", "code"] {
                let paths: Vec<&str> = self
                    .differences
                    .iter()
                    .filter(|(p, d)| *d == kind && part(p) == group)
                    .map(|(p, _)| p.as_str())
                    .collect();
                if paths.is_empty() {
                    continue;
                }
                println!("{group}: {} files {would}{}", paths.len(), kind.word());
                for path in paths.iter().take(FILES) {
                    println!("  {path}");
                }
                if paths.len() > FILES {
                    println!("  .. and {} more", paths.len() - FILES);
                }
            }
        }
        if self.check {
            println!("run `cargo xtask regen` with the same documents to bring them up to date");
        }
    }

    fn json(&self) -> serde_json::Value {
        let changes = diff::apis(self.old, self.spec);
        let change = |c: &Change| match c {
            Change::Added => serde_json::json!("added"),
            Change::Removed => serde_json::json!("removed"),
            Change::Changed(lines) => serde_json::json!(lines),
        };
        serde_json::json!({
            "documents": self.imports.iter().map(|(name, i)| serde_json::json!({
                "name": name, "sheets": i.sheets, "complete": i.complete, "kept": i.kept,
            })).collect::<Vec<_>>(),
            "apis": self.spec.apis.len(),
            "fields": self.spec.apis.values().map(|a| a.field_count()).sum::<usize>(),
            "errors": error_changes(self.old, self.spec),
            "diff": self.report.json(),
            "changes": changes.iter().map(|(id, c)| (id.clone(), change(c))).collect::<serde_json::Map<_, _>>(),
            "problems": json_problems(self.problems),
            "files": self.differences.iter().map(|(p, d)| (p.clone(), d.word().into())).collect::<serde_json::Map<_, _>>(),
            "written": !self.check,
            "seconds": self.begun.elapsed().as_secs_f64(),
        })
    }
}

/// `+1701`, `-1902`, `1700 reworded`
fn error_changes(old: &Spec, new: &Spec) -> Vec<String> {
    let codes: BTreeSet<&String> = old.errors.keys().chain(new.errors.keys()).collect();
    let changes = codes.into_iter().filter_map(|code| match (old.errors.get(code), new.errors.get(code)) {
        (None, _) => Some(format!("+{code}")),
        (_, None) => Some(format!("-{code}")),
        (a, b) => (a != b).then(|| format!("{code} reworded")),
    });
    changes.collect()
}

/// Problems for a program.
pub fn json_problems(problems: &[Problem]) -> Vec<serde_json::Value> {
    let level = |l: Level| match l {
        Level::Note => "note",
        Level::Warning => "warning",
        Level::Error => "error",
    };
    problems.iter().map(|p| serde_json::json!({"level": level(p.level), "id": p.id, "place": p.place, "what": p.what, "fix": p.fix})).collect()
}
