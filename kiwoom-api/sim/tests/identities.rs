//! The arithmetic that holds in the documented examples holds in what the simulator says: rates of prices and closes, products of
//! prices and quantities, ranges, signs, units.

#[allow(dead_code, reason = "the rest is for the other tests")]
#[path = "it/ask.rs"]
mod ask;
#[path = "it/calls.rs"]
mod calls;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use kiwoom_sim::Sim;
use kiwoom_spec::check::identities::{Rows, Tried};
use kiwoom_spec::errata::{self, Mended};
use kiwoom_spec::names::{self, Names};
use kiwoom_spec::store;

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
