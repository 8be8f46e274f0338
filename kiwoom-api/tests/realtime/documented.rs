//! Every topic, with every FID that it has, and every push of the wire corpus: typed, and nothing unknown. The examples of the
//! broker's documents are the business of `cargo xtask conform`.

use std::collections::BTreeMap;
use std::path::Path;

use kiwoom_api::Anomaly;
use kiwoom_api::decode::{Memory, PushSink, decode_push_text};
use kiwoom_api::record::{Record, Slot};
use kiwoom_api::registry::{ENTRIES, find};
use serde_json::Value;

use crate::server::real;

#[derive(Default)]
struct Sink {
    record: Option<Box<dyn Record>>,
    anomalies: usize,
    closed: usize,
}

impl PushSink for Sink {
    fn open(&mut self, topic: &str, _: &str) -> Option<&mut dyn Record> {
        let entry = find(topic)?;
        Some(&mut **self.record.insert(entry.push.unwrap_or(entry.reply)()))
    }

    fn close(&mut self, anomalies: &mut Vec<Anomaly>) {
        self.anomalies += anomalies.len();
        self.closed += 1;
    }
}

/// FIDs of a message that its topic does not know.
fn unknown(message: &str) -> (Vec<String>, usize) {
    let mut sink = Sink::default();
    let done = decode_push_text(message, &mut Memory::default(), &mut sink).unwrap();
    assert_eq!(sink.closed, 1, "{message}");
    (done.unknown_keys().map(str::to_owned).collect(), sink.anomalies)
}

#[test]
fn every_topic_takes_every_fid_of_its_table() {
    let mut topics = 0;
    for entry in ENTRIES.iter().filter(|entry| entry.request.is_none()) {
        let mut record = (entry.reply)();
        let keys = record.keys();
        let mut value = |index: usize| match record.slot(index) {
            Slot::Time(..) | Slot::TimeMark(..) => "090001",
            Slot::Date(..) => "20260706",
            Slot::Code(_, table) => table.first().map_or("1", |(code, _)| code),
            _ => "1",
        };
        let values: Vec<String> = (0..keys.len()).map(|index| format!("{}\"{}\"", keys[index], value(index))).collect();
        assert_eq!(unknown(&real(entry.meta.id, "A", &values.join(","))), (vec![], 0), "{}", entry.meta.id);
        topics += 1;
    }
    assert_eq!(topics, 23, "19 domestic and 4 US topics");
}

#[test]
fn every_push_of_the_wire_corpus_is_known() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../spec/wire");
    let Ok(files) = std::fs::read_dir(folder) else {
        println!("skipped: the corpus is not part of the package");
        return;
    };
    let mut seen = BTreeMap::<String, usize>::new();
    for file in files.flatten() {
        let text = std::fs::read_to_string(file.path()).unwrap();
        let shapes: Vec<Value> = serde_json::from_str(&text).unwrap();
        for shape in shapes.iter().filter(|shape| shape["part"] == "push") {
            let id = shape["api"].as_str().unwrap();
            if find(id).is_none() {
                // a condition search, whose category is not in this build
                continue;
            }
            let values = shape["wire"].to_string();
            let (unknown, _) = unknown(&real(id, "A", values.trim_matches(['{', '}'])));
            assert!(unknown.is_empty(), "{id}: {unknown:?} in {values}");
            *seen.entry(id.to_owned()).or_default() += 1;
        }
    }
    assert!(seen.values().sum::<usize>() >= 20 && seen.len() >= 10, "{seen:?}");
}
