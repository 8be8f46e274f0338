//! Decodes and encodes documented examples with the built crate. `cargo xtask conform` feeds it: JSON lines in the file
//! `KIWOOM_CONFORM_IN`, one answer per line into `KIWOOM_CONFORM_OUT`. Without them it checks the registry alone.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::{env, fs};

use kiwoom_api::decode::{Decoded, clear, decode};
use kiwoom_api::encode::{encode, encode_reply, is_set};
use kiwoom_api::record::Record;
use kiwoom_api::registry::{ENTRIES, Entry, find};
use serde_json::{Map, Value, json};

#[test]
fn documented_examples_conform() {
    let (Ok(input), Ok(output)) = (env::var("KIWOOM_CONFORM_IN"), env::var("KIWOOM_CONFORM_OUT")) else {
        println!("skipped: no examples given (run `cargo xtask conform DUMP`)");
        return;
    };
    let lines = fs::read_to_string(&input).expect("the file of examples");
    let mut out = String::new();
    for line in lines.lines() {
        let case: Value = serde_json::from_str(line).expect("a line of examples");
        let answer = check(&case);
        writeln!(out, "{answer}").expect("text");
    }
    fs::write(output, out).expect("the file of answers");
}

fn check(case: &Value) -> Value {
    let text = |key: &str| case[key].as_str().unwrap_or_default();
    let Some(entry) = find(text("id")) else {
        return json!({ "error": "the built crate has no such API: run `cargo xtask regen` with this document first" });
    };
    let body = text("body").as_bytes();
    match text("way") {
        "request" => entry
            .request
            .map_or_else(|| json!({ "skipped": "topics share one request" }), |make| request(entry, make(), body)),
        "push" => match entry.push.or(entry.request.is_none().then_some(entry.reply)) {
            Some(make) => reply(make, body),
            None => json!({ "error": "the API has no pushes" }),
        },
        _ => reply(entry.reply, body),
    }
}

/// example -> typed request -> encode -> the same map; `""` equals omitted only where the facts say so.
fn request(entry: &Entry, mut record: Box<dyn Record>, body: &[u8]) -> Value {
    clear(&mut *record);
    let decoded = match decode(body, &mut *record) {
        Ok(decoded) => decoded,
        Err(e) => return json!({ "error": e.to_string() }),
    };
    let keys = record.keys();
    let missing: Vec<&str> =
        entry.required.iter().filter(|i| !is_set(&mut record.slot(**i))).map(|i| name(keys[*i])).collect();
    let sent = match encode(&mut *record, entry.blank, &[]) {
        Ok(bytes) => bytes,
        Err(e) => return json!({ "error": e.to_string() }),
    };
    let want: Map<String, Value> = serde_json::from_slice(body).expect("an object");
    let have: Map<String, Value> = serde_json::from_slice(&sent).expect("our own JSON");
    let blank: BTreeSet<&str> = entry.blank.iter().map(|i| name(record.keys()[*i])).collect();
    let keys: BTreeSet<&String> = want.keys().chain(have.keys()).collect();
    let mut differ = Vec::new();
    for key in keys {
        let pick =
            |map: &Map<String, Value>| map.get(key).cloned().filter(|v| !(blank.contains(key.as_str()) && v == ""));
        if pick(&want) != pick(&have) {
            differ.push(json!({ "key": key, "document": want.get(key), "sent": have.get(key) }));
        }
    }
    let mut out = findings(&decoded);
    out["missing"] = missing.into();
    out["differ"] = differ.into();
    out
}

/// example -> typed reply -> encode -> typed reply -> encode gives the same text.
fn reply(make: fn() -> Box<dyn Record>, body: &[u8]) -> Value {
    let mut record = make();
    let decoded = match decode(body, &mut *record) {
        Ok(decoded) => decoded,
        Err(e) => return json!({ "error": e.to_string() }),
    };
    let mut out = findings(&decoded);
    let mut again = make();
    let once = encode_reply(&mut *record).map_err(|e| e.to_string());
    let twice = once.clone().and_then(|bytes| {
        decode(&bytes, &mut *again).map_err(|e| e.to_string())?;
        encode_reply(&mut *again).map_err(|e| e.to_string())
    });
    if once != twice {
        out["error"] = json!("encoded and decoded again it is another reply");
    }
    out["set"] = json!(set_fields(&mut *record));
    out
}

fn set_fields(record: &mut dyn Record) -> usize {
    (0..record.keys().len() - record.spellings()).filter(|i| is_set(&mut record.slot(*i))).count()
}

fn findings(decoded: &Decoded) -> Value {
    let anomalies: Vec<Value> =
        decoded.anomalies().iter().map(|a| json!({ "path": a.path, "raw": a.raw, "expected": a.expected })).collect();
    json!({ "unknown": decoded.unknown_keys().collect::<Vec<_>>(), "anomalies": anomalies })
}

fn name(key: &str) -> &str {
    key.trim_matches(|c| c == '"' || c == ':')
}

#[test]
fn every_record_of_the_registry_is_sound() {
    assert!(ENTRIES.len() > 300, "{} entries", ENTRIES.len());
    let mut ids = BTreeSet::new();
    for entry in ENTRIES {
        let id = entry.meta.id;
        assert!(ids.insert(id), "{id} twice");
        for make in entry.request.into_iter().chain([entry.reply]).chain(entry.push) {
            let mut record = make();
            let keys = record.keys();
            let distinct: BTreeSet<&&str> = keys.iter().collect();
            assert_eq!(distinct.len(), keys.len(), "{id}: a key twice");
            for (i, key) in keys.iter().enumerate() {
                assert!(key.starts_with('"') && key.ends_with("\":"), "{id}: {key}");
                let _ = record.slot(i);
            }
            let text = encode_reply(&mut *record).unwrap_or_else(|e| panic!("{id}: {e}"));
            let mut again = make();
            decode(&text, &mut *again).unwrap_or_else(|e| panic!("{id}: {e}"));
        }
        let keys = entry.request.map_or(0, |make| make().keys().len());
        assert!(entry.required.iter().chain(entry.blank).all(|i| *i < keys), "{id}: a position outside its keys");
    }
}
