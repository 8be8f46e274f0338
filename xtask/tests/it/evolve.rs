//! What regen writes after any change of the broker compiles, hand-written modules included: seeded changes to the
//! committed facts, the real command, the real compiler. `KIWOOM_EVOLVE=200` compiles more seeds.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::changes::{KINDS, Random, evolve};
use crate::workspace::{Run, repository, xtask};
use kiwoom_spec::ir::Spec;
use kiwoom_spec::store;

fn copy(from: &Path, to: &Path) {
    if from.is_dir() {
        fs::create_dir_all(to).expect("a folder");
        for entry in fs::read_dir(from).expect("a folder").flatten() {
            copy(&entry.path(), &to.join(entry.file_name()));
        }
    } else if from.exists() {
        fs::copy(from, to).expect("a file");
    }
}

fn committed(root: &Path) -> Spec {
    let mut files = std::collections::BTreeMap::new();
    for entry in fs::read_dir(root.join("spec/apis")).expect("spec/apis").flatten() {
        let name = entry.file_name().into_string().expect("a name");
        files.insert(format!("apis/{name}"), fs::read_to_string(entry.path()).expect("a file"));
    }
    files.insert(store::ERRORS.to_owned(), fs::read_to_string(root.join("spec/errors.json")).expect("a file"));
    store::parse(&files).expect("the committed facts")
}

#[test]
fn whatever_the_broker_changes_the_client_compiles() {
    let seeds = std::env::var("KIWOOM_EVOLVE").ok().and_then(|n| n.parse().ok()).unwrap_or(2);
    let root = repository();
    let tree = tempfile::tempdir().expect("a folder");
    for part in [
        "Cargo.lock",
        "README.md",
        "README.ko.md",
        "kiwoom-api",
        "spec/names",
        "spec/errata.toml",
        "spec/accepted.toml",
        "spec/held",
    ] {
        let to = tree.path().join(part);
        fs::create_dir_all(to.parent().expect("a folder")).expect("a folder");
        copy(&root.join(part), &to);
    }
    let manifest = fs::read_to_string(root.join("Cargo.toml")).expect("Cargo.toml");
    let members = manifest.lines().find(|line| line.starts_with("members = ")).expect("members");
    let defaults = manifest.lines().find(|line| line.starts_with("default-members = ")).expect("default members");
    let alone = manifest.replace(defaults, "").replace(members, r#"members = ["kiwoom-api"]"#);
    fs::write(tree.path().join("Cargo.toml"), alone).expect("Cargo.toml");
    let facts = committed(&root);
    for seed in 0..seeds {
        let mut changed = facts.clone();
        let mut said = evolve(&mut changed, &mut Random::new(1_000 + seed), 2 * KINDS.len());
        // What the order module stands on goes as well.
        changed.apis.remove("kt10000");
        said.push("kt10000 removed".to_owned());
        let _ = fs::remove_dir_all(tree.path().join("spec/apis"));
        fs::create_dir_all(tree.path().join("spec/apis")).expect("a folder");
        for (path, text) in store::render(&changed) {
            fs::write(tree.path().join("spec").join(path), text).expect("a file");
        }
        let run = Run::of(xtask().args(["regen", "--root"]).arg(tree.path())).succeeded();
        assert!(run.err.contains("warning[held]: spec/held/kt10000.json: kiwoom-api/src/"), "{}", run.err);
        let check = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
            .args([
                "check",
                "--quiet",
                "--offline",
                "-p",
                "kiwoom-api",
                "--lib",
                "--features",
                "full,blocking,serde,registry,realtime,record,testing",
            ])
            .current_dir(tree.path())
            .env("CARGO_TARGET_DIR", root.join("target/evolve"))
            .output()
            .expect("cargo");
        let errors = String::from_utf8_lossy(&check.stderr);
        assert!(check.status.success(), "seed {seed}:\n{errors}\nafter\n{}", said.join("\n"));
    }
}
