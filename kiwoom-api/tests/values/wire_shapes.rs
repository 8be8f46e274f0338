//! Shapes seen on the wire: `spec/wire/*.json`, our own small replies and frames with made-up values.
//!
//! Each entry is decoded through the registry, and each value that it names must be what it says. The files are outside
//! the crate, so a packaged crate skips this test. CONTRIBUTING says how to send in a shape.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use kiwoom_api::decode::decode;
use kiwoom_api::encode::encode;
use kiwoom_api::record::{Record, Slot};
use kiwoom_api::registry::find;
use kiwoom_api::value::{CodeSlot, Direction, Side};
use serde::Deserialize;
use serde_json::Value;

/// One shape.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Shape {
    /// API id or topic.
    api: String,
    /// What the fragment is; a reply if nothing is said.
    #[serde(default)]
    part: Part,
    /// The fragment, as it was sent.
    wire: Value,
    /// Path of a value and what it must be: `price 95100 down`, `count 3`, `none`, `anomaly Saturated`.
    says: BTreeMap<String, String>,
    /// W recorded traffic, A arithmetic of a document's example, T its words.
    source: Source,
    /// When it was seen: a year, or a year and a month.
    seen: String,
    /// What is remarkable.
    why: String,
}

#[derive(Deserialize, Default, Clone, Copy, PartialEq)]
#[serde(rename_all = "lowercase")]
enum Part {
    #[default]
    Reply,
    Push,
    /// What `new()` of the request sends, as far as the fragment says.
    Request,
}

#[derive(Deserialize, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Source {
    W,
    A,
    T,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../spec/wire")
}

fn shapes() -> Option<Vec<(String, Shape)>> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder()).ok()?.flatten().map(|e| e.path()).collect();
    files.retain(|path| path.extension().is_some_and(|e| e == "json"));
    files.sort();
    let mut out = Vec::new();
    for path in files {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let text = fs::read_to_string(&path).expect("a file of shapes");
        let shapes: Vec<Shape> = serde_json::from_str(&text).unwrap_or_else(|e| panic!("{name}: {e}"));
        out.extend(shapes.into_iter().enumerate().map(|(n, shape)| (format!("{name} {n} {}", shape.api), shape)));
    }
    Some(out)
}

#[test]
fn every_shape_says_what_it_means() {
    let Some(shapes) = shapes() else {
        println!("skipped: the shapes are not part of the package");
        return;
    };
    let wrong: Vec<String> = shapes
        .iter()
        .flat_map(|(place, shape)| check(shape).into_iter().map(move |w| format!("{place}: {w}")))
        .collect();
    assert!(wrong.is_empty(), "{} of the shapes:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn the_corpus_is_large_and_says_where_it_comes_from() {
    let Some(shapes) = shapes() else { return };
    assert!(shapes.len() >= 80, "{} shapes", shapes.len());
    let mut sources: BTreeMap<Source, usize> = BTreeMap::new();
    for (place, shape) in &shapes {
        assert!(!shape.says.is_empty() && !shape.why.trim().is_empty(), "{place} says nothing");
        let (year, month) = shape.seen.split_once('-').unwrap_or((&shape.seen, "1"));
        assert!(year.len() == 4 && year.starts_with("20") && (1..=12).contains(&month.parse().unwrap_or(0)), "{place}");
        *sources.entry(shape.source).or_default() += 1;
    }
    assert!(sources.get(&Source::W) >= Some(&40), "{sources:?}");
}

fn check(shape: &Shape) -> Vec<String> {
    let Some(entry) = find(&shape.api) else { return vec!["no such API".to_owned()] };
    if shape.part == Part::Request {
        return request(shape, entry.request.expect("a request")(), entry.blank);
    }
    let make = match shape.part {
        Part::Push => entry.push.unwrap_or(entry.reply),
        _ => entry.reply,
    };
    let mut record = make();
    let decoded = match decode(shape.wire.to_string().as_bytes(), &mut *record) {
        Ok(decoded) => decoded,
        Err(e) => return vec![e.to_string()],
    };
    let mut wrong: Vec<String> = decoded.unknown_keys().map(|key| format!("{key} is no key")).collect();
    for (path, want) in &shape.says {
        let doubt = decoded.anomalies().iter().find(|a| a.path == *path);
        let have = match doubt {
            Some(anomaly) => format!("anomaly {:?}", anomaly.kind),
            None => at(&mut *record, path),
        };
        if have != *want {
            wrong.push(format!("{path} is {have:?}, not {want:?}"));
        }
    }
    let doubted = |path: &str| shape.says.get(path).is_some_and(|want| want.starts_with("anomaly"));
    wrong.extend(decoded.anomalies().iter().filter(|a| !doubted(&a.path)).map(|a| format!("{} is an anomaly", a.path)));
    wrong
}

/// `says` of a request: the texts that it sends when nothing but `Default` and the fragment are set.
fn request(shape: &Shape, mut record: Box<dyn Record>, blank: &[usize]) -> Vec<String> {
    if let Err(e) = decode(shape.wire.to_string().as_bytes(), &mut *record) {
        return vec![e.to_string()];
    }
    let sent = match encode(&mut *record, blank, &[]) {
        Ok(bytes) => bytes,
        Err(e) => return vec![e.to_string()],
    };
    let sent: BTreeMap<String, Value> = serde_json::from_slice(&sent).expect("an object");
    let differs = |(key, want): (&String, &String)| match sent.get(key) {
        Some(Value::String(have)) if have == want => None,
        None if want == "(not sent)" => None,
        have => Some(format!("{key} is sent as {have:?}, not {want:?}")),
    };
    shape.says.iter().filter_map(differs).collect()
}

/// The value at `list[0].key`, in words.
fn at(record: &mut dyn Record, path: &str) -> String {
    let (first, rest) = path.split_once('.').unwrap_or((path, ""));
    let (key, row) = match first.split_once('[') {
        Some((key, row)) => (key, row.trim_end_matches(']').parse::<usize>().ok()),
        None => (first, None),
    };
    let json = format!("\"{key}\":");
    let Some(index) = record.keys().iter().position(|k| *k == json) else { return format!("no key {key}") };
    match (record.slot(index), row) {
        (Slot::List(list) | Slot::Tuples(list), Some(row)) => match list.row(row) {
            Some(inner) => at(inner, rest),
            None => format!("no row {row}"),
        },
        (Slot::Object(inner), _) if !rest.is_empty() => at(inner, rest),
        (slot, _) => words(slot),
    }
}

fn words(slot: Slot<'_>) -> String {
    let text = match slot {
        Slot::Text(text) | Slot::Reason(text) => (!text.is_empty()).then(|| format!("text {text}")),
        Slot::Count(n, _) => n.map(|n| format!("count {n}")),
        Slot::Decimal(n, _) => n.map(|n| format!("decimal {}", n.normalize())),
        Slot::Percent(n, _) => n.map(|n| format!("percent {}", n.0.normalize())),
        Slot::Price(p, _) => p.map(|p| format!("price {}{}", p.amount.normalize(), towards(p.direction))),
        Slot::Ratio(r, _) => r.map(|r| format!("ratio {}{}", r.amount.0.normalize(), towards(r.direction))),
        Slot::Sided(s) => s.map(|s| {
            let side = match s.side {
                Some(Side::Buy) => " bought",
                Some(Side::Sell) => " sold",
                _ => "",
            };
            format!("traded {}{side}", s.qty)
        }),
        Slot::Unit(u, _) => u.get().map(|n| format!("units {}", n.normalize())),
        Slot::Date(d, _) => d.map(|d| format!("date {d}")),
        Slot::Time(t, _) => t.map(|t| format!("time {t}")),
        Slot::TimeMark(c, _) => c.map(|c| format!("clock {c:?}")),
        Slot::DateTime(d, _) => d.map(|d| format!("datetime {d}")),
        Slot::YearMonth(m, _) => m.map(|m| format!("month {m}")),
        Slot::StockCode(c, _) => c.map(|c| format!("stock {c} {:?}", c.venue())),
        Slot::Id(id) => id.text().map(|t| format!("id {t}")),
        Slot::Code(code, _) => code_words(code),
        _ => Some("another kind of place".to_owned()),
    };
    text.unwrap_or_else(|| "none".to_owned())
}

fn code_words(code: &dyn CodeSlot) -> Option<String> {
    match (code.index(), code.as_unlisted()) {
        (Some(index), _) => Some(format!("code {}", code.names()[usize::from(index)])),
        (None, Some(text)) => Some(format!("unlisted {text}")),
        (None, None) => None,
    }
}

fn towards(direction: Option<Direction>) -> &'static str {
    match direction {
        Some(Direction::Up) => " up",
        Some(Direction::Down) => " down",
        Some(Direction::Flat) => " flat",
        None => "",
    }
}

/// Every field of a set reads every spelling that the set has anywhere; its own codes go first.
#[test]
fn every_field_of_a_set_reads_all_of_its_spellings() {
    let mut tried = 0;
    for entry in kiwoom_api::registry::ENTRIES {
        for make in entry.request.into_iter().chain([entry.reply]).chain(entry.push) {
            tried += spellings(&mut *make(), entry.meta.id);
        }
    }
    assert!(tried > 1_000, "{tried} spellings");
}

fn spellings(record: &mut dyn Record, id: &str) -> usize {
    let mut tried = 0;
    for index in 0..record.keys().len() {
        let (table, all) = match record.slot(index) {
            Slot::Code(code, table) => (table, code.spellings()),
            Slot::List(list) | Slot::Tuples(list) => {
                tried += spellings(list.push(), id);
                continue;
            }
            Slot::Object(inner) => {
                tried += spellings(inner, id);
                continue;
            }
            _ => continue,
        };
        for (spelling, meaning) in all {
            let own = table.iter().find(|(code, _)| code == spelling);
            let want = own.map_or(*meaning, |(_, meaning)| *meaning);
            kiwoom_api::decode::set_text(record.slot(index), spelling).expect("a code");
            let Slot::Code(code, _) = record.slot(index) else { unreachable!("it was a code") };
            assert_eq!(code.index(), Some(want), "{id} {} {spelling:?}", record.keys()[index]);
            tried += 1;
        }
    }
    tried
}
