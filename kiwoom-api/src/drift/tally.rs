//! The counts of a drift report: bounded in every direction, in the same order every time.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::value::Doubt;

/// The most APIs that are counted; there are 337.
const APIS: usize = 1024;
/// The most documented fields of one API that are counted for one kind of finding.
const FIELDS: usize = 512;
/// The most unknown keys of one API that are kept by name.
const NAMES: usize = 32;
/// Bytes of the longest name; the longest documented one has 31.
const NAME_BYTES: usize = 40;

/// Everything that was counted.
#[derive(Default)]
pub(super) struct Tally {
    apis: BTreeMap<String, Seen>,
    left_out: u64,
}

/// What was seen of one API, or in one reply.
pub(super) struct Seen {
    replies: u64,
    rows: u64,
    pub unknown: Counts,
    pub unnamed: u64,
    pub missing: Counts,
    pub misfits: Counts,
    pub unlisted: Counts,
}

/// How often by path and doubt.
pub(super) struct Counts {
    counts: BTreeMap<(String, &'static str), u64>,
    limit: usize,
    left_out: u64,
}

impl Counts {
    fn up_to(limit: usize) -> Counts {
        Counts { counts: BTreeMap::new(), limit, left_out: 0 }
    }

    /// The path of a key.
    pub fn field(path: &str, key: &str) -> String {
        if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
    }

    /// Counts one; `false` if there are too many different ones already.
    pub fn add(&mut self, field: &str, doubt: &'static str) -> bool {
        self.add_many(field.to_owned(), doubt, 1)
    }

    fn add_many(&mut self, field: String, doubt: &'static str, count: u64) -> bool {
        let full = self.counts.len() >= self.limit;
        match self.counts.get_mut(&(field.clone(), doubt)) {
            Some(known) => *known = known.saturating_add(count),
            None if full => {
                self.left_out = self.left_out.saturating_add(count);
                return false;
            }
            None => _ = self.counts.insert((field, doubt), count),
        }
        true
    }

    /// Adds all of `other`; returns how many found no place.
    fn merge(&mut self, other: Counts) -> u64 {
        let before = self.left_out;
        for ((field, doubt), count) in other.counts {
            self.add_many(field, doubt, count);
        }
        let lost = self.left_out.saturating_sub(before);
        self.left_out = self.left_out.saturating_add(other.left_out);
        lost
    }

    fn write(&self, out: &mut String) {
        out.push('[');
        for (at, ((field, doubt), count)) in self.counts.iter().enumerate() {
            let comma = if at == 0 { "" } else { ", " };
            let doubt = if doubt.is_empty() { String::new() } else { format!(", \"doubt\": \"{doubt}\"") };
            let _ = write!(out, "{comma}{{\"field\": \"{}\"{doubt}, \"count\": {count}}}", plain(field));
        }
        out.push(']');
    }
}

impl Seen {
    /// One reply with this many rows.
    pub fn of_reply(rows: usize) -> Seen {
        Seen {
            replies: 1,
            rows: u64::try_from(rows).unwrap_or(u64::MAX),
            unknown: Counts::up_to(NAMES),
            unnamed: 0,
            missing: Counts::up_to(FIELDS),
            misfits: Counts::up_to(FIELDS),
            unlisted: Counts::up_to(FIELDS),
        }
    }

    fn merge(&mut self, other: Seen) {
        self.replies = self.replies.saturating_add(other.replies);
        self.rows = self.rows.saturating_add(other.rows);
        let lost = self.unknown.merge(other.unknown);
        self.unnamed = self.unnamed.saturating_add(other.unnamed).saturating_add(lost);
        for (all, new) in [
            (&mut self.missing, other.missing),
            (&mut self.misfits, other.misfits),
            (&mut self.unlisted, other.unlisted),
        ] {
            all.merge(new);
        }
    }

    fn findings(&self) -> usize {
        let kinds = [&self.unknown, &self.missing, &self.misfits, &self.unlisted];
        kinds.iter().map(|kind| kind.counts.len()).sum::<usize>() + usize::from(self.unnamed > 0)
    }

    fn write(&self, id: &str, out: &mut String) {
        let Seen { replies, rows, unnamed, .. } = self;
        let _ = write!(out, "    {{\n      \"id\": \"{}\", \"replies\": {replies}, \"rows\": {rows},\n", plain(id));
        out.push_str("      \"unknown\": ");
        self.unknown.write(out);
        let _ = write!(out, ", \"unnamed\": {unnamed}");
        for (name, counts) in [("missing", &self.missing), ("misfits", &self.misfits), ("unlisted", &self.unlisted)] {
            let _ = write!(out, ",\n      \"{name}\": ");
            counts.write(out);
        }
        let kinds = [&self.missing, &self.misfits, &self.unlisted];
        let left_out = kinds.iter().fold(0u64, |sum, kind| sum.saturating_add(kind.left_out));
        let _ = write!(out, ",\n      \"left_out\": {left_out}\n    }}");
    }
}

impl Tally {
    /// Counts a reply of an API.
    pub fn add(&mut self, api: &str, seen: Seen) {
        let full = self.apis.len() >= APIS;
        match self.apis.get_mut(api) {
            Some(known) => known.merge(seen),
            None if full => self.left_out = self.left_out.saturating_add(1),
            None => _ = self.apis.insert(api.to_owned(), seen),
        }
    }

    pub fn findings(&self) -> usize {
        self.apis.values().map(Seen::findings).sum()
    }

    pub fn report(&self) -> String {
        let mut out = String::from("{\n  \"format\": \"kiwoom-drift-1\",\n");
        let _ = write!(out, "  \"version\": \"{}\",\n  \"apis\": [", env!("CARGO_PKG_VERSION"));
        for (at, (id, seen)) in self.apis.iter().enumerate() {
            out.push_str(if at == 0 { "\n" } else { ",\n" });
            seen.write(id, &mut out);
        }
        out.push_str(if self.apis.is_empty() { "]" } else { "\n  ]" });
        let _ = write!(out, ",\n  \"left_out\": {}\n}}\n", self.left_out);
        out
    }
}

/// Whether an unknown key looks like the name of an element (`trde_qty`, `250hgst`, `listCount`, `9201`), not like something that
/// a broker may use as a key of a map: an account, a stock code, a token, a person.
pub(super) fn is_name(key: &str) -> bool {
    let begins = |b: &u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    let legal = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
    let count = |kind: fn(&u8) -> bool| key.as_bytes().iter().filter(|b| kind(b)).count();
    (1..=NAME_BYTES).contains(&key.len())
        && key.as_bytes().first().is_some_and(begins)
        && key.bytes().all(legal)
        // no documented name has more; a stock code has six digits, and tokens are mixed
        && count(u8::is_ascii_digit) <= 5
        && count(u8::is_ascii_uppercase) <= 3
}

/// `list[3].key` is `list.key`.
pub(super) fn without_rows(path: &str) -> String {
    let mut inside = false;
    let keep = |c: &char| {
        let row = inside || *c == '[';
        inside = row && *c != ']';
        !row
    };
    path.chars().filter(keep).collect()
}

pub(super) fn doubt(kind: Doubt) -> &'static str {
    match kind {
        Doubt::Misfit => "misfit",
        Doubt::Saturated => "saturated",
        Doubt::Shape => "shape",
        Doubt::Contradicts => "contradicts",
    }
}

/// Keys and ids come from the specification or passed [`is_name`]; nothing else ever appears in a report.
fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii_alphanumeric() || "._- ".contains(c) { c } else { '?' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_what_is_none() {
        for name in
            ["trde_qty", "250hgst", "listCount", "9201", "10010", "sel_prica_grnt_loan_int_amt_amt", "d2_entra", "a"]
        {
            assert!(is_name(name), "{name}");
        }
        for other in [
            "",
            "005930",
            "A005930",
            "005930_NX",
            "1234567811",
            "1234-5678",
            "AAPL",
            "홍길동",
            "a b",
            "a.b",
            "a\"b",
            "_x",
            "eyJhbGciOiJIUzI1NiJ9",
            "wQJCwyqInphKnR3bSRtB9NE1lv",
            "acct12345678",
            &"a".repeat(41),
        ] {
            assert!(!is_name(other), "{other}");
        }
    }

    #[test]
    fn row_numbers_are_left_out() {
        assert_eq!(without_rows("data[0].values.10"), "data.values.10");
        assert_eq!(without_rows("list[12]"), "list");
        assert_eq!(without_rows("cur_prc"), "cur_prc");
    }

    #[test]
    fn what_a_hostile_reply_can_make_it_keep_is_bounded() {
        let mut tally = Tally::default();
        for reply in 0..40 {
            let mut seen = Seen::of_reply(1);
            for key in 0..20 {
                crate::json::decode::Sighting::unknown(&mut seen, "list", &format!("k{reply}_{key}"));
            }
            tally.add("ka10081", seen);
        }
        let seen = &tally.apis["ka10081"];
        assert_eq!((seen.unknown.counts.len(), seen.unnamed), (NAMES, 40 * 20 - NAMES as u64));
        for api in 0..APIS + 5 {
            tally.add(&format!("x{api}"), Seen::of_reply(0));
        }
        assert_eq!((tally.apis.len(), tally.left_out), (APIS, 6));
        let mut many = Counts::up_to(FIELDS);
        (0..FIELDS + 7).for_each(|field| _ = many.add(&format!("f{field}"), ""));
        assert_eq!((many.counts.len(), many.left_out), (FIELDS, 7));
    }
}
