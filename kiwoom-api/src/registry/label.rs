//! What fields are called in Korean and English, what their numbers count and what their codes mean.
//!
//! Tables of texts that `regen` writes; they are read once, when somebody first asks.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use crate::generated::registry::LABELS;
use crate::record::Keys;

/// What a field is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Label {
    /// The broker's name for it; empty if the documents have none.
    pub korean: &'static str,
    /// The same in English; empty if the documents have none.
    pub english: &'static str,
    /// What its number counts, in English (`won`, `million won`, `shares`); empty if it is no number, or nothing says it.
    pub unit: &'static str,
    /// To how many places the broker fills its number with zeros, the sign included; 0 if the documents do not say it.
    pub places: usize,
    /// Whether the broker writes a negative number with two signs (`--335`).
    pub double_sign: bool,
    /// Each code, and what it means in Korean.
    codes: &'static str,
}

impl Label {
    /// What a code of this field means, in Korean.
    pub fn code(&self, wire: &str) -> Option<&'static str> {
        let mut parts = self.codes.split('\t');
        while let (Some(code), Some(korean)) = (parts.next(), parts.next()) {
            if code == wire && !korean.is_empty() {
                return Some(korean);
            }
        }
        None
    }
}

/// The label of the field at a position of a record.
///
/// ```
/// # #[cfg(feature = "domestic-chart")] {
/// use kiwoom_api::registry::{find, label};
///
/// let request = find("ka10081").unwrap().request.unwrap()();
/// let label = label(request.keys(), 2).unwrap();
/// assert_eq!((label.korean, label.english), ("수정주가구분", "Adjusted price"));
/// assert_eq!(label.code("1"), Some("적용"));
/// # }
/// ```
pub fn label(keys: &Keys, index: usize) -> Option<Label> {
    static RECORDS: OnceLock<BTreeMap<(&str, &str), Vec<&str>>> = OnceLock::new();
    let line = RECORDS.get_or_init(records).get(&(keys.api, keys.record))?.get(index)?;
    let mut parts = line.splitn(5, '\t');
    let mut next = || parts.next().unwrap_or_default();
    let (korean, english, unit, written) = (next(), next(), next(), next());
    let places = written.trim_end_matches('-').parse().unwrap_or_default();
    Some(Label { korean, english, unit, places, double_sign: written.ends_with('-'), codes: next() })
}

/// The lines of each record.
fn records() -> BTreeMap<(&'static str, &'static str), Vec<&'static str>> {
    let mut out: BTreeMap<_, Vec<&str>> = BTreeMap::new();
    let mut record = ("", "");
    for line in LABELS.iter().flat_map(|table| table.lines().skip(1)) {
        match line.split_once('\t') {
            // the head of a record has two columns, a field has four or more
            Some((api, name)) if !name.contains('\t') => record = (api, name),
            _ => out.entry(record).or_default().push(line),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Record;
    use crate::registry::{ENTRIES, Entry};

    fn records_of(entry: &Entry) -> Vec<Box<dyn Record>> {
        entry.request.iter().chain([&entry.reply]).chain(&entry.push).map(|make| make()).collect()
    }

    #[test]
    fn every_field_of_every_record_has_a_line_of_its_own() {
        let mut named = 0;
        for record in ENTRIES.iter().flat_map(records_of) {
            let own = record.keys().len() - record.spellings();
            let keys = record.keys();
            for index in 0..own {
                let label = label(keys, index).unwrap_or_else(|| panic!("{} {}", keys.record, keys[index]));
                named += usize::from(!label.korean.is_empty());
                assert_eq!(label.korean.is_empty(), label.english.is_empty(), "{} {}", keys.record, keys[index]);
            }
            assert_eq!(label(keys, keys.len()), None, "{}", keys.record);
        }
        assert!(named > 100 || ENTRIES.len() < 20, "{named}");
    }

    #[test]
    #[cfg(all(feature = "domestic-account", feature = "domestic-investor"))]
    fn n3_how_a_number_is_written_comes_with_its_label() {
        let reply_of = |id| (crate::registry::find(id).unwrap().reply)();
        let of = |record: &dyn Record, key: &str| {
            let index = record.keys().iter().position(|name| name.trim_matches(['"', ':']) == key).unwrap();
            label(record.keys(), index).unwrap()
        };
        let balance = reply_of("kt00018");
        assert_eq!(of(&*balance, "tot_pur_amt").places, 15);
        let deposit = reply_of("kt00001");
        assert_eq!((of(&*deposit, "entr").places, of(&*deposit, "entr").double_sign), (15, false));
        let doubled =
            LABELS.iter().flat_map(|table| table.lines()).filter(|line| line.split('\t').nth(3) == Some("--"));
        assert!(doubled.count() >= 20);
    }
}
