//! The built rustdoc search finds every method, topic and socket API by its id and its Korean name.
//!
//! Needs built docs, so it runs on demand:
//! `cargo doc -p kiwoom-api --no-deps && cargo test -p kiwoom-api --test docs_search -- --ignored`
//!
//! A separate binary: it is small, so the gate builds little for it after `cargo doc`.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Every file below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).map(|e| e.flatten().map(|e| e.path()).collect::<Vec<_>>()).unwrap_or_default();
    entries.into_iter().flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

/// The texts of all `#[doc(alias = "..")]` of the crate.
fn aliases() -> BTreeSet<String> {
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = BTreeSet::new();
    for path in files(&sources) {
        let text = fs::read_to_string(&path).expect("a source file");
        let lines = text.lines().filter_map(|l| l.trim().strip_prefix("#[doc(alias = \"")?.strip_suffix("\")]"));
        found.extend(lines.map(str::to_owned));
    }
    found
}

/// The ids and Korean names of the index of all APIs.
fn listed() -> Vec<String> {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("APIS.md")).expect("the index");
    let mut found = Vec::new();
    for line in text.lines() {
        let cells: Vec<&str> = line.split(" | ").collect();
        if let [id, korean, _, _, _, _] = cells[..]
            && let Some(id) = id.strip_prefix("| `").and_then(|id| id.strip_suffix('`'))
        {
            found.extend([id.to_owned(), korean.trim().replace("\\|", "|")]);
        }
    }
    found
}

/// The names of the search index. Its files are JavaScript with the bytes beyond ASCII written as `\xEC`; the names
/// stand in them one after the other, each with its length before it.
fn names(index: &Path) -> String {
    let mut bytes = Vec::new();
    for path in files(&index.join("name")) {
        let text = fs::read(&path).expect("a file of the index");
        let mut rest = text.as_slice();
        while let Some((first, tail)) = rest.split_first() {
            let code = rest.strip_prefix(b"\\x").and_then(|r| r.get(..2)).and_then(|hex| std::str::from_utf8(hex).ok());
            match code.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
                Some(byte) => {
                    bytes.push(byte);
                    rest = &rest[4..];
                }
                None => {
                    bytes.push(*first);
                    rest = tail;
                }
            }
        }
        bytes.push(b'\n');
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[test]
#[ignore = "needs built docs: see the head of this file"]
fn the_search_finds_every_alias() {
    let target = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target");
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or(target, PathBuf::from);
    let index = target.join("doc/search.index");
    assert!(index.is_dir(), "no {}: run `cargo doc -p kiwoom-api --no-deps` first", index.display());
    let (names, aliases) = (names(&index), aliases());
    let listed = listed();
    assert_eq!(listed.len(), 2 * 337, "the APIs of the index");
    // quotes and double blanks cannot stand in an alias
    let plain = |text: &str| text.replace('\'', "").split_whitespace().collect::<Vec<_>>().join(" ");
    let unnamed: Vec<&String> = listed.iter().filter(|text| !aliases.contains(&plain(text))).collect();
    assert!(unnamed.is_empty(), "nothing has these as an alias: {unnamed:?}");
    let missing: Vec<&String> = aliases.iter().filter(|alias| !names.contains(alias.as_str())).collect();
    assert!(missing.is_empty(), "{} of {} aliases are not in the index: {missing:?}", missing.len(), aliases.len());
    assert!(aliases.len() > 500, "{} aliases", aliases.len());
}
