//! The entry of a changelog: what a user of the crate must know, the version it requires, and a checklist for us.

use std::collections::BTreeMap;
use std::fmt;

use super::{Judged, Report, Task, gathered};
use crate::diff::{Class, Rule};

/// A version of the crate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Version {
    /// The first number.
    pub major: u64,
    /// The second.
    pub minor: u64,
    /// The third.
    pub patch: u64,
}

impl Version {
    /// `0.1.0`
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split(['-', '+']).next()?.split('.').map(|n| n.parse().ok());
        let version = Self { major: parts.next()??, minor: parts.next()??, patch: parts.next()?? };
        parts.next().is_none().then_some(version)
    }

    /// Before 1.0 the second number tells of breaks and the third of everything else.
    pub fn next(self, breaks: bool, grows: bool) -> Self {
        let Self { major, minor, patch } = self;
        match (major, breaks, grows) {
            (0, true, _) => Self { major, minor: minor + 1, patch: 0 },
            (0, false, _) => Self { major, minor, patch: patch + 1 },
            (_, true, _) => Self { major: major + 1, minor: 0, patch: 0 },
            (_, false, true) => Self { major, minor: minor + 1, patch: 0 },
            (_, false, false) => Self { major, minor, patch: patch + 1 },
        }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

impl Report {
    /// The entry; none where nothing changed.
    pub fn entry(&self) -> Option<String> {
        if self.found.is_empty() {
            return None;
        }
        let version = self.next_version().map_or(String::new(), |v| format!(" (version {v})"));
        let mut out = format!("### Specification: {} -> {}{version}\n\n", self.old, self.new);
        let of = |class: Class| self.found.iter().filter(|j| j.delta.class() == class).collect::<Vec<&Judged>>();
        for (title, class) in [
            ("Breaks code", Class::Source),
            ("Sends or receives other bytes", Class::Wire),
            ("Read differently", Class::Decode),
            ("Means something else", Class::Meaning),
        ] {
            let all = of(class);
            if all.is_empty() {
                continue;
            }
            out.push_str(&format!("* {title}:\n"));
            let (same, all) = gathered(all);
            for (words, group) in same {
                let ids: Vec<&str> = group.iter().map(|j| j.delta.api.as_str()).collect();
                out.push_str(&format!("  * {words}: {}\n", ids.join(" ")));
            }
            for judged in all {
                let delta = &judged.delta;
                let breaks: Vec<String> = delta.breaks.iter().map(|b| format!("`{b}`")).collect();
                let breaks = if breaks.is_empty() { String::new() } else { format!(" ({})", breaks.join("; ")) };
                out.push_str(&format!("  * {}: {}{breaks}\n", delta.place(), delta.words()));
            }
        }
        let added: Vec<&str> =
            self.found.iter().filter(|j| j.delta.rule == Rule::ApiAdded).map(|j| j.delta.api.as_str()).collect();
        if !added.is_empty() {
            out.push_str(&format!("* Added APIs ({}): {}\n", added.len(), added.join(" ")));
        }
        let mut docs: BTreeMap<Rule, usize> = BTreeMap::new();
        for judged in of(Class::Docs).into_iter().filter(|j| j.delta.rule != Rule::ApiAdded) {
            *docs.entry(judged.delta.rule).or_default() += 1;
        }
        if !docs.is_empty() {
            let kinds: Vec<String> = docs.into_iter().map(|(rule, n)| format!("{n} {rule}")).collect();
            out.push_str(&format!("* Documentation: {}\n", kinds.join(", ")));
        }
        if !self.tasks.is_empty() {
            out.push_str("\nBefore the release:\n\n");
            for task in [Task::Name, Task::Drop, Task::Settle] {
                for (_, what) in self.tasks.iter().filter(|(t, _)| *t == task) {
                    out.push_str(&format!("* [ ] {}: {what}\n", task.title()));
                }
            }
        }
        Some(out)
    }
}

/// Puts an entry at the end of `## Unreleased`; makes that section if there is none. An entry of the same two sides is
/// replaced.
pub fn append(changelog: &str, entry: &str) -> String {
    const HEAD: &str = "## Unreleased";
    let mut text = if changelog.trim().is_empty() { "# Changelog\n".to_owned() } else { changelog.to_owned() };
    let title = |line: &str| line.split(" (version ").next().unwrap_or(line).to_owned();
    let own = title(entry.lines().next().unwrap_or(""));
    if let Some(begin) = at_line(&text, 0, |l| title(l) == own) {
        let after = begin + text[begin..].find('\n').map_or(text.len() - begin, |i| i + 1);
        let end = at_line(&text, after, |l| l.starts_with("### ") || l.starts_with("## ")).unwrap_or(text.len());
        text.replace_range(begin..end, "");
    }
    if at_line(&text, 0, |l| l.trim_end() == HEAD).is_none() {
        let at = at_line(&text, 0, |l| l.starts_with("## ")).unwrap_or(text.len());
        text.insert_str(at, &format!("{}{HEAD}\n\n", if at == text.len() { "\n" } else { "" }));
    }
    let begin = at_line(&text, 0, |l| l.trim_end() == HEAD).unwrap_or(0) + HEAD.len();
    let end = at_line(&text, begin, |l| l.starts_with("## ")).unwrap_or(text.len());
    let (before, after) = (text[..end].trim_end(), text[end..].trim_start());
    let gap = if after.is_empty() { "" } else { "\n" };
    format!("{before}\n\n{}\n{gap}{after}", entry.trim_end())
}

/// The position of the first line from `from` on that is one.
fn at_line(text: &str, from: usize, is: impl Fn(&str) -> bool) -> Option<usize> {
    let mut at = from;
    for line in text[from..].split_inclusive('\n') {
        if is(line.trim_end_matches('\n')) {
            return Some(at);
        }
        at += line.len();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn semver_before_and_after_one() {
        for (version, breaks, grows, want) in [
            ("0.1.0", true, true, "0.2.0"),
            ("0.1.4", false, true, "0.1.5"),
            ("0.1.4", false, false, "0.1.5"),
            ("1.2.3", true, false, "2.0.0"),
            ("1.2.3", false, true, "1.3.0"),
            ("1.2.3", false, false, "1.2.4"),
        ] {
            assert_eq!(Version::parse(version).unwrap().next(breaks, grows).to_string(), want, "{version}");
        }
        for bad in ["", "1.2", "1.2.x", "1.2.3.4"] {
            assert_eq!(Version::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn an_entry_goes_into_the_unreleased_section_once() {
        let entry = "### Specification: a -> b (version 0.2.0)\n\n* one\n";
        let made = "# Changelog\n\n## Unreleased\n\n### Specification: a -> b (version 0.2.0)\n\n* one\n";
        assert_eq!(append("", entry), made);
        assert_eq!(append(made, entry), made);
        assert_eq!(append(made, &entry.replace("0.2.0", "0.1.1")), made.replace("0.2.0", "0.1.1"));
        let old = "# Changelog\n\n## Unreleased\n\n* by hand\n\n## 0.1.0\n\n* first\n";
        let want = "# Changelog\n\n## Unreleased\n\n* by hand\n\n### Specification: a -> b (version 0.2.0)\n\n* one\n\n## 0.1.0\n\n* first\n";
        assert_eq!(append(old, entry), want);
        assert_eq!(append(want, entry), want);
        let released = "# Changelog\n\n## 0.1.0\n\n* first\n";
        assert_eq!(append(released, entry), want.replace("* by hand\n\n", ""));
    }
}
