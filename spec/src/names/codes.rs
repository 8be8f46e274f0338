//! `spec/names/codes.toml`: one set per meaning. Which code stands for a variant belongs to the field.
//!
//! Owns the lookup of a field's set. Emits no Rust.

mod numeric;

use std::collections::{BTreeMap, HashMap};
use std::sync::{OnceLock, PoisonError, RwLock};

use serde::Deserialize;

use crate::names::labels::bare;
pub use numeric::korean;
use numeric::numeric;

/// The table.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Codes {
    /// The sets.
    #[serde(default)]
    pub set: Vec<Set>,
    /// Fields whose list is not a set.
    #[serde(default)]
    pub plain: Vec<Plain>,
    /// Which rows name a field; made when first asked, because there are thousands of questions.
    #[serde(skip)]
    mentions: OnceLock<HashMap<String, Mention>>,
    /// Which sets fit a list of codes: a thousand fields share three hundred lists.
    #[serde(skip)]
    fitting: Fitting,
}

/// Answers by list. A copy begins anew.
#[derive(Debug, Default)]
struct Fitting(RwLock<HashMap<Vec<(String, String)>, Found>>);

impl Clone for Fitting {
    fn clone(&self) -> Self {
        Self::default()
    }
}

/// The rows that name a field, by position.
#[derive(Clone, Debug, Default)]
struct Mention {
    explicit: Vec<usize>,
    named: Vec<usize>,
    plain: bool,
}

/// One meaning.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Set {
    /// `UsExchange`
    pub name: String,
    /// One line.
    pub doc: String,
    /// The module that exports it in addition to `codes`: it belongs to one menu, even if others use it.
    #[serde(default)]
    pub menu: Option<String>,
    /// The runtime has this enum already (`value`), because its own values carry it.
    #[serde(default)]
    pub home: Option<String>,
    /// The variants with their labels.
    #[serde(default)]
    pub variants: Vec<Variant>,
    /// Further variants, named by the grammar.
    #[serde(default)]
    pub numeric: Vec<String>,
    /// Label matching only for these fields.
    #[serde(default)]
    pub at: Vec<String>,
    /// Tables for fields whose text gives no labels, or wrong ones.
    #[serde(default)]
    pub codes: Vec<Map>,
    /// Sets whose variants mean the same here: a setter that asks for this set takes them too.
    #[serde(default)]
    pub takes: Vec<String>,
}

/// One variant.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Variant {
    /// `Nasdaq`
    pub name: String,
    /// The labels that mean it.
    #[serde(default)]
    pub ko: Vec<String>,
}

/// An explicit table.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Map {
    /// Fields.
    pub at: Vec<String>,
    /// Code to variant.
    pub map: BTreeMap<String, String>,
    /// Spellings that are read, never written.
    #[serde(default)]
    pub also: BTreeMap<String, String>,
    /// The evidence.
    #[serde(default)]
    pub why: String,
}

/// Fields whose list is not a set.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plain {
    /// Fields.
    pub at: Vec<String>,
    /// The reason.
    pub why: String,
}

/// A field's codes in terms of a set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// The set's name.
    pub set: String,
    /// Code and position of its variant; the first code of a variant is the one written.
    pub codes: Vec<(String, u8)>,
}

/// What the table says of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// It has a set.
    Table(Table),
    /// Its list is not a set.
    Plain,
    /// No row is about it.
    Nothing,
    /// Several sets fit.
    Several(Vec<String>),
}

impl Set {
    /// All variant names in order.
    pub fn names(&self) -> Vec<&str> {
        let extra = self.numeric.iter().filter(|n| !self.variants.iter().any(|v| v.name == **n));
        self.variants.iter().map(|v| v.name.as_str()).chain(extra.map(String::as_str)).collect()
    }

    fn position(&self, name: &str) -> Option<u8> {
        self.names().iter().position(|n| *n == name).and_then(|i| u8::try_from(i).ok())
    }

    /// The variant of a label without blanks.
    fn of_label(&self, bare: &str) -> Option<u8> {
        if let Some(i) = self.variants.iter().position(|v| v.ko.iter().any(|ko| ko == bare)) {
            return u8::try_from(i).ok();
        }
        if self.numeric.is_empty() { None } else { self.position(&numeric(bare)?) }
    }

    /// The table of a list whose labels, without blanks, hit every variant once.
    fn fit(&self, list: &[(String, String)]) -> Option<Vec<(String, u8)>> {
        let names = self.names().len();
        if list.len() < names {
            return None;
        }
        let mut codes: Vec<(String, u8)> = Vec::new();
        for (code, label) in list {
            let variant = self.of_label(label)?;
            match codes.iter().find(|(c, v)| c == code || *v == variant) {
                None => codes.push((code.clone(), variant)),
                Some((c, v)) if c == code && *v == variant => {}
                Some(_) => return None,
            }
        }
        (codes.len() == names).then_some(codes)
    }

    fn explicit(&self, path: &str) -> Option<Vec<(String, u8)>> {
        let table = self.codes.iter().find(|m| m.at.iter().any(|a| a == path))?;
        table.map.iter().chain(&table.also).map(|(code, name)| Some((code.clone(), self.position(name)?))).collect()
    }
}

impl Codes {
    /// The set of a field, named `ka10016.request.stex_tp`.
    pub fn find(&self, path: &str, list: &[(String, String)]) -> Found {
        let table = |set: &Set, codes| Found::Table(Table { set: set.name.clone(), codes });
        let none = Mention::default();
        let mention = self.mentions().get(path).unwrap_or(&none);
        let rows = |positions: &[usize]| positions.iter().map(|i| &self.set[*i]).collect::<Vec<&Set>>();
        let explicit = rows(&mention.explicit);
        if let Some(found) = explicit.iter().find_map(|s| s.explicit(path).map(|codes| table(s, codes))) {
            return found;
        }
        if mention.plain {
            return Found::Plain;
        }
        if list.len() < 2 {
            return Found::Nothing;
        }
        let labelled = list;
        let spelt = || labelled.iter().map(|(code, label)| (code.clone(), bare(label))).collect::<Vec<_>>();
        let named = rows(&mention.named);
        if !named.is_empty() {
            let list = spelt();
            if let Some(found) = named.iter().find_map(|s| s.fit(&list).map(|codes| table(s, codes))) {
                return found;
            }
        }
        if let Some(found) = self.fitting.0.read().unwrap_or_else(PoisonError::into_inner).get(labelled) {
            return found.clone();
        }
        let list = spelt();
        let list = list.as_slice();
        let fits: Vec<(&Set, Vec<(String, u8)>)> =
            self.set.iter().filter(|s| s.at.is_empty()).filter_map(|s| Some((s, s.fit(list)?))).collect();
        let found = match fits.len() {
            0 => Found::Nothing,
            1 => fits.into_iter().next().map_or(Found::Nothing, |(s, codes)| table(s, codes)),
            _ => Found::Several(fits.iter().map(|(s, _)| s.name.clone()).collect()),
        };
        let mut fitting = self.fitting.0.write().unwrap_or_else(PoisonError::into_inner);
        fitting.insert(labelled.to_vec(), found.clone());
        found
    }

    fn mentions(&self) -> &HashMap<String, Mention> {
        self.mentions.get_or_init(|| {
            let mut mentions: HashMap<String, Mention> = HashMap::new();
            for (i, set) in self.set.iter().enumerate() {
                for path in set.codes.iter().flat_map(|map| &map.at) {
                    mentions.entry(path.clone()).or_default().explicit.push(i);
                }
                for path in &set.at {
                    mentions.entry(path.clone()).or_default().named.push(i);
                }
            }
            for path in self.plain.iter().flat_map(|plain| &plain.at) {
                mentions.entry(path.clone()).or_default().plain = true;
            }
            mentions
        })
    }

    /// Every field that a row names.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        let sets = self.set.iter().flat_map(|s| s.at.iter().chain(s.codes.iter().flat_map(|m| &m.at)));
        sets.chain(self.plain.iter().flat_map(|p| &p.at)).map(String::as_str)
    }

    /// Rows that contradict themselves: a variant twice, a map to a variant that is not there.
    pub fn slips(&self) -> Vec<String> {
        let mut out = Vec::new();
        for set in &self.set {
            let names = set.names();
            let mut seen = std::collections::BTreeSet::new();
            out.extend(names.iter().filter(|n| !seen.insert(**n)).map(|n| format!("{}::{n} stands twice", set.name)));
            let mut labels = std::collections::BTreeSet::new();
            let twice = set.variants.iter().flat_map(|v| &v.ko).filter(|ko| !labels.insert(ko.as_str()));
            out.extend(twice.map(|ko| format!("{}: the label {ko:?} means two variants", set.name)));
            for taken in &set.takes {
                let narrow = self.set.iter().find(|s| s.name == *taken);
                let fits = narrow.is_some_and(|s| s.names().iter().all(|name| names.contains(name)));
                if !fits || *taken == set.name || set.name == format!("{taken}Filter") {
                    out.push(format!("{} cannot take {taken}, or takes it anyway", set.name));
                }
            }
            for map in &set.codes {
                let unknown = map.map.values().chain(map.also.values()).filter(|v| !names.contains(&v.as_str()));
                out.extend(unknown.map(|v| format!("{} has no variant {v:?} ({})", set.name, map.at.join(", "))));
            }
        }
        let mut names = std::collections::BTreeSet::new();
        out.extend(
            self.set.iter().filter(|s| !names.insert(&s.name)).map(|s| format!("the set {} stands twice", s.name)),
        );
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Codes {
        toml::from_str(
            r#"
[[set]]
name = "UsExchange"
doc = "An exchange."
variants = [{ name = "Nyse", ko = ["NYSE"] }, { name = "Nasdaq", ko = ["NASDAQ"] }]
[[set.codes]]
at = ["a.request.x"]
map = { "NY" = "Nyse", "ND" = "Nasdaq" }
[[set]]
name = "MinVolume"
doc = "A bound."
menu = "domestic::a"
variants = [{ name = "All", ko = ["전체"] }]
numeric = ["AtLeast5K"]
[[plain]]
at = ["a.request.p"]
why = "codes of sectors"
"#,
        )
        .unwrap()
    }

    fn list(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(c, l)| ((*c).to_owned(), (*l).to_owned())).collect()
    }

    #[test]
    fn trap_16_one_meaning_has_many_codings() {
        let codes = table();
        let found = |path: &str, pairs: &[(&str, &str)]| match codes.find(path, &list(pairs)) {
            Found::Table(t) => format!("{} {:?}", t.set, t.codes),
            other => format!("{other:?}"),
        };
        assert_eq!(found("b.request.y", &[("1", "NYSE"), ("2", "NASDAQ")]), r#"UsExchange [("1", 0), ("2", 1)]"#);
        assert_eq!(found("b.request.y", &[("2", "NYSE"), ("1", "NASDAQ")]), r#"UsExchange [("2", 0), ("1", 1)]"#);
        assert_eq!(found("a.request.x", &[]), r#"UsExchange [("ND", 1), ("NY", 0)]"#);
        assert_eq!(found("a.request.p", &[("1", "NYSE"), ("2", "NASDAQ")]), "Plain");
        assert_eq!(found("b.request.v", &[("0", "전체"), ("5", "5천주 이상")]), r#"MinVolume [("0", 0), ("5", 1)]"#);
        assert_eq!(found("b.request.y", &[("1", "NYSE"), ("2", "AMEX")]), "Nothing");
        assert_eq!(found("b.request.y", &[("1", "NYSE")]), "Nothing");
    }

    #[test]
    fn slips_are_found() {
        let mut codes = table();
        assert!(codes.slips().is_empty());
        codes.set[0].codes[0].map.insert("NA".to_owned(), "Amex".to_owned());
        codes.set[1].name = "UsExchange".to_owned();
        assert_eq!(codes.slips().len(), 2);
    }
}
