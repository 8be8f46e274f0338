//! One element in several APIs: opposite codes, different units, numbers that are texts elsewhere.

use std::collections::{BTreeMap, BTreeSet};

use super::page::{Page, Place, texts};
use super::{Doubt, Kind};
use crate::check::identities::number;
use crate::diff::spelling;

/// Doubts about elements.
pub fn doubts(placed: &[(&Page, Vec<Place>)], out: &mut Vec<Doubt>) {
    let mut elements: BTreeMap<&str, Element> = BTreeMap::new();
    let mut fids: BTreeMap<&str, BTreeMap<String, Vec<&str>>> = BTreeMap::new();
    for (page, fields) in placed {
        for place in fields {
            let (field, api) = (place.field, page.api.id.as_str());
            if field.is_container() {
                continue;
            }
            if field.key.bytes().all(|b| b.is_ascii_digit()) && !field.name.is_empty() {
                fids.entry(&field.key).or_default().entry(field.name.trim().to_owned()).or_default().push(api);
            }
            let element = elements.entry(&field.key).or_default();
            if field.says.codes.len() > 1 {
                element.lists.entry(&field.says.codes).or_default().push(api);
            }
            if let Some(unit) = field.says.unit {
                element.units.entry(format!("{unit:?}")).or_default().push(api);
            }
            for value in texts(place.values).filter(|v| !v.trim().is_empty() && !place.request) {
                match number(value) {
                    Some(_) if value.contains('.') => element.decimal.insert(api),
                    Some(_) => element.whole.insert(api),
                    None => element.text.insert(api),
                };
            }
        }
    }
    for (key, element) in &elements {
        element.doubts(key, out);
    }
    for (fid, labels) in fids.iter().filter(|(_, labels)| labels.len() > 1) {
        let each = labels.values().map(|apis| apis[0]).collect::<Vec<_>>();
        out.push(Doubt::new(Kind::FidNames, "", fid, each.join(" ")));
    }
}

type CodePairs = [(String, String)];

#[derive(Default)]
struct Element<'a> {
    lists: BTreeMap<&'a CodePairs, Vec<&'a str>>,
    units: BTreeMap<String, Vec<&'a str>>,
    whole: BTreeSet<&'a str>,
    decimal: BTreeSet<&'a str>,
    text: BTreeSet<&'a str>,
}

impl Element<'_> {
    fn doubts(&self, key: &str, out: &mut Vec<Doubt>) {
        let spelt = |codes: &CodePairs| codes.iter().map(|(_, label)| spelling(label)).collect::<Vec<String>>();
        let lists: Vec<(Spelt, &Vec<&str>)> =
            self.lists.iter().map(|(codes, apis)| (Spelt { codes, labels: spelt(codes) }, apis)).collect();
        let mut crossed = BTreeSet::new();
        for (n, (a, first)) in lists.iter().enumerate() {
            for (b, second) in &lists[n + 1..] {
                if let Some(words) = crossing(a, b) {
                    crossed.insert(format!("{words} ({} {})", first[0], second[0]));
                }
            }
        }
        if !crossed.is_empty() {
            let all: Vec<String> = crossed.into_iter().collect();
            out.push(Doubt::new(Kind::OppositeCodes, "", key, all.join("; ")));
        }
        if self.units.len() > 1 {
            let each = self.units.iter().map(|(unit, apis)| format!("{unit} {}", apis[0]));
            out.push(Doubt::new(Kind::UnitDiffers, "", key, each.collect::<Vec<_>>().join(", ")));
        }
        let one = |all: &BTreeSet<&str>| all.first().copied().unwrap_or("").to_owned();
        let numeric: BTreeSet<&str> = self.whole.union(&self.decimal).copied().collect();
        if !self.text.is_empty() && !numeric.is_empty() {
            out.push(Doubt::new(Kind::NumberAndText, "", key, format!("{} {}", one(&numeric), one(&self.text))));
        } else {
            let whole: BTreeSet<&str> = self.whole.difference(&self.decimal).copied().collect();
            if !whole.is_empty() && !self.decimal.is_empty() {
                out.push(Doubt::new(
                    Kind::IntegerAndDecimal,
                    "",
                    key,
                    format!("{} {}", one(&whole), one(&self.decimal)),
                ));
            }
        }
    }
}

/// A list with its labels as they compare.
struct Spelt<'a> {
    codes: &'a CodePairs,
    labels: Vec<String>,
}

impl Spelt<'_> {
    fn code_of(&self, label: &str) -> Option<&str> {
        self.labels.iter().position(|l| l == label).map(|at| self.codes[at].0.as_str())
    }
}

/// A code whose label the other list has under another code.
fn crossing(a: &Spelt, b: &Spelt) -> Option<String> {
    a.codes.iter().zip(&a.labels).find_map(|((code, label), own)| {
        let at = b.codes.iter().position(|(c, _)| c == code)?;
        let (other, its) = (&b.codes[at].1, &b.labels[at]);
        if own == its || label.is_empty() || other.is_empty() {
            return None;
        }
        let elsewhere = b.code_of(own).is_some_and(|c| c != code) || a.code_of(its).is_some_and(|c| c != code);
        elsewhere.then(|| format!("{code} is {label} or {other}"))
    })
}
