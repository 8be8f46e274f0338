//! The arithmetic that holds in the documented examples holds in what the simulator says: rates of prices and closes, products of
//! prices and quantities, ranges, signs, units.

#[allow(dead_code, reason = "the rest is for the other tests")]
#[path = "it/ask.rs"]
mod ask;
#[path = "it/calls.rs"]
mod calls;
#[allow(dead_code, reason = "the rest is for the other tests")]
#[path = "it/talk.rs"]
mod talk;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use kiwoom_api::codes::{OrderVenue, UsExchange};
use kiwoom_api::endpoint::Protocol;
use kiwoom_api::order::{Order, Us};
use kiwoom_api::registry::ENTRIES;
use kiwoom_sim::Sim;
use kiwoom_spec::check::identities::{Rows, Tried};
use kiwoom_spec::errata::{self, Mended};
use kiwoom_spec::names::{self, Names};
use kiwoom_spec::store;
use serde_json::{Value, json};

/// The texts of a folder, by name.
fn texts(folder: &Path, prefix: &str, kind: &str) -> BTreeMap<String, String> {
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let of_kind = paths.filter(|path: &PathBuf| path.extension().is_some_and(|extension| extension == kind));
    let named = |path: PathBuf| (format!("{prefix}{}", path.file_name().unwrap().to_str().unwrap()), path);
    of_kind.map(named).map(|(name, path)| (name, fs::read_to_string(path).unwrap())).collect()
}

/// The committed facts, with errata, and the tables.
fn facts() -> (Mended, Names) {
    let spec = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../spec");
    let facts = store::parse(&texts(&spec.join("apis"), "apis/", "json")).unwrap();
    let fixes = errata::parse(&fs::read_to_string(spec.join("errata.toml")).unwrap()).unwrap();
    let names = names::parse(&texts(&spec.join("names"), "", "toml")).unwrap();
    (errata::apply(&facts, &fixes).0, names)
}

#[tokio::test]
async fn identities_hold_in_every_reply() {
    let (facts, names) = facts();
    let (mut tried, mut broken) = (Tried::new(), BTreeSet::new());
    for seed in [1, 7] {
        let sim = Sim::builder().seed(seed).cash(10_000_000_000).start().await.unwrap();
        for (entry, body) in calls::every_reply(&sim).await {
            let reply = serde_json::from_str(&body).unwrap();
            let api = &facts.apis[entry.meta.id];
            for found in Rows::of(api, &names, &reply).check(&mut tried) {
                broken.insert(format!("{} {} {}: {}", entry.meta.id, found.at, found.identity, found.arithmetic));
            }
        }
    }
    let enough = ["rate", "range", "sign", "value", "product"]
        .iter()
        .all(|name| tried.get(name).is_some_and(|rows| *rows >= 10));
    assert!(enough, "{tried:?}");
    assert!(broken.is_empty(), "{} of {tried:?}:\n{}", broken.len(), broken.into_iter().collect::<Vec<_>>().join("\n"));
}

/// The frames of pushes of all topics of both markets, for an account that has traded.
async fn every_push(seed: u64) -> Vec<Value> {
    let mut all = Vec::new();
    for (path, start) in [(talk::KOREA, "2026-07-06T10:00:00"), (talk::US, "2026-07-06T23:00:00")] {
        let sim = Sim::builder().seed(seed).at(start.parse().unwrap()).start().await.unwrap();
        let mut talk = talk::Talk::open(&sim, path, &ask::token(&sim).await).await;
        let topics = ENTRIES.iter().filter(|e| e.meta.protocol == Protocol::Realtime && e.meta.path == path);
        for topic in topics {
            let items = match (path == talk::US, topic.meta.id) {
                (true, _) => json!([{ "jmcode": "NVDA", "stex_tp": "ND" }, { "jmcode": "KO", "stex_tp": "NY" }]),
                (false, "0J" | "0U") => json!(["001", "201"]),
                _ => json!(["005930", "069500"]),
            };
            let data = json!([{ "item": items, "type": [topic.meta.id] }]);
            talk.say(json!({ "trnm": "REG", "grp_no": "1", "refresh": "1", "data": data })).await;
            sim.advance(Duration::from_secs(1)).await;
        }
        let orders = sim.client().unwrap().orders().default_venue(OrderVenue::Krx);
        for is_sale in [false, true] {
            let (qty, us) = (if is_sale { 5 } else { 20 }, Us::new(UsExchange::Nasdaq, "NVDA"));
            let outcome = match (path == talk::US, is_sale) {
                (true, false) => orders.submit(Order::buy(us).market().qty(qty)).await,
                (true, true) => orders.submit(Order::sell(us).market().qty(qty)).await,
                (false, false) => orders.submit(Order::buy("005930").market().qty(qty)).await,
                (false, true) => orders.submit(Order::sell("005930").market().qty(qty)).await,
            };
            assert!(outcome.accepted().is_some(), "{outcome:?}");
        }
        sim.advance(Duration::from_secs(5)).await;
        while let Ok(Some(frame)) = tokio::time::timeout(Duration::from_millis(200), talk.hear_echoing()).await {
            all.extend((frame["trnm"] == "REAL").then_some(frame));
        }
    }
    all
}

#[tokio::test]
async fn identities_hold_in_every_push() {
    let (facts, names) = facts();
    let (mut tried, mut broken, mut topics) = (Tried::new(), BTreeSet::new(), BTreeSet::new());
    for seed in [1, 7] {
        for push in every_push(seed).await {
            let topic = push["data"][0]["type"].as_str().unwrap().to_owned();
            for found in Rows::of(&facts.apis[&topic], &names, &push).check(&mut tried) {
                broken.insert(format!("{topic} {} {}: {}", found.at, found.identity, found.arithmetic));
            }
            topics.insert(topic);
        }
    }
    // the notices of the session wait for a minute before the opening
    assert_eq!(topics.len(), 22, "{topics:?}");
    let enough = ["rate", "range", "sign", "value"].iter().all(|name| tried.get(name).is_some_and(|rows| *rows >= 10));
    assert!(enough, "{tried:?}");
    assert!(broken.is_empty(), "{} of {tried:?}:\n{}", broken.len(), broken.into_iter().collect::<Vec<_>>().join("\n"));
}
