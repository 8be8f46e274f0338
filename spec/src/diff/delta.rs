//! One change: which rule, where, from what to what, and what it does to a user of the client.

use super::rules::{Class, Rule};
use crate::ir::digest;

/// One change between two states of the facts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Delta {
    /// The API (its new id); empty for error codes and whole columns.
    pub api: String,
    /// `response.list.cur_prc`, the name of a column, an error code; empty for the API itself. Where the field stood
    /// before, if it is gone.
    pub at: String,
    /// Which kind of change.
    pub rule: Rule,
    /// Where it stood before, if elsewhere.
    pub from: Option<String>,
    /// What was there.
    pub was: String,
    /// What is there now.
    pub now: String,
    /// The public Rust items that break.
    pub breaks: Vec<String>,
    /// Why the client is not touched, where an erratum of ours said the same before.
    pub settled: Option<&'static str>,
}

impl Delta {
    /// A change at a place.
    pub fn new(rule: Rule, api: &str, at: &str, was: impl Into<String>, now: impl Into<String>) -> Self {
        let (api, at) = (api.to_owned(), at.to_owned());
        Self { api, at, rule, from: None, was: was.into(), now: now.into(), breaks: Vec::new(), settled: None }
    }

    /// What it does: the rule's class, or `Source` where a Rust item breaks.
    pub fn class(&self) -> Class {
        match (self.settled, self.breaks.is_empty()) {
            (Some(_), _) => Class::Docs,
            (None, false) => Class::Source,
            (None, true) => self.rule.row().class,
        }
    }

    /// `ka10081 response.list.dt`
    pub fn place(&self) -> String {
        let parts = [self.api.as_str(), self.at.as_str()];
        harmless(&parts.into_iter().filter(|p| !p.is_empty()).collect::<Vec<_>>().join(" "))
    }

    /// What an accepted finding must name: it is void as soon as the document says something else.
    pub fn evidence(&self) -> String {
        digest(&format!("{} {} {} {} {}", self.rule, self.place(), self.was, "->", self.now))
    }

    /// `unit: won -> thousand-won`, without place.
    pub fn words(&self) -> String {
        let what = match (self.was.is_empty(), self.now.is_empty()) {
            (true, true) => String::new(),
            (true, false) => format!(": {}", self.now),
            (false, true) => format!(": {}", self.was),
            (false, false) => format!(": {} -> {}", self.was, self.now),
        };
        let from = self.from.as_ref().map_or(String::new(), |f| format!(" (was at {f})"));
        let settled = self.settled.map_or(String::new(), |s| format!(" ({s})"));
        harmless(&format!("{}{what}{from}{settled}", self.rule.id()))
    }
}

/// Words of a document must not act as terminal commands.
fn harmless(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}
