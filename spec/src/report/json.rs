//! The report for programs. [`SCHEMA`] describes it.

use serde_json::{Map, Value, json};

use super::{Judged, Report};

/// JSON Schema of the report; `cargo xtask diff --schema` prints it.
pub const SCHEMA: &str = include_str!("schema.json");

impl Report {
    /// The report as JSON.
    pub fn json(&self) -> Value {
        let counts: Map<String, Value> =
            self.counts().into_iter().map(|(rule, n)| (rule.id().to_owned(), n.into())).collect();
        json!({
            "old": self.old,
            "new": self.new,
            "breaking": self.is_breaking(),
            "next_version": self.next_version().map(|v| v.to_string()),
            "counts": counts,
            "changes": self.found.iter().chain(&self.accepted).map(change).collect::<Vec<_>>(),
            "tasks": self.tasks.iter().map(|(task, what)| json!({ "kind": task.title(), "what": what })).collect::<Vec<_>>(),
        })
    }
}

fn change(judged: &Judged) -> Value {
    let delta = &judged.delta;
    let mut out = json!({
        "rule": delta.rule.id(),
        "class": delta.class().word(),
        "severity": judged.severity.word(),
        "api": delta.api,
        "at": delta.at,
        "was": delta.was,
        "now": delta.now,
        "breaks": delta.breaks,
        "evidence": delta.evidence(),
    });
    let more = [
        ("from", delta.from.clone()),
        ("settled", delta.settled.map(str::to_owned)),
        ("accepted", judged.accepted.clone()),
    ];
    for (key, value) in more {
        if let Some(value) = value {
            out[key] = value.into();
        }
    }
    out
}
