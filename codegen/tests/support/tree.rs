//! The committed tree: facts, tables, generated files, sources.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use kiwoom_spec::errata::Mended;
use kiwoom_spec::ir::Spec;
use kiwoom_spec::names::Names;
use kiwoom_spec::problem::Problem;
use kiwoom_spec::{errata, names, store};

/// What is committed under `spec/`.
pub struct Committed {
    /// The facts as imported.
    pub facts: Spec,
    /// The facts after errata.
    pub spec: Mended,
    /// The curated tables.
    pub names: Names,
    /// What the errata had to say.
    pub stale: Vec<Problem>,
}

/// The workspace.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("codegen stands in the workspace").to_owned()
}

/// Reads `spec/` as `cargo xtask regen` does.
pub fn committed() -> Committed {
    let spec = root().join("spec");
    let mut facts: BTreeMap<String, String> = folder(&spec.join("apis"), "json", "apis/");
    facts.insert(store::ERRORS.to_owned(), read(&spec.join(store::ERRORS)));
    let facts = store::parse(&facts).expect("the committed facts");
    let names = names::parse(&folder(&spec.join("names"), "toml", "")).expect("the committed names");
    let fixes = errata::parse(&read(&spec.join("errata.toml"))).expect("the committed errata");
    let (fixed, stale) = errata::apply(&facts, &fixes);
    Committed { facts, spec: fixed, names, stale }
}

fn folder(path: &Path, extension: &str, prefix: &str) -> BTreeMap<String, String> {
    let files = files_below(path).into_iter().filter(|p| p.extension().is_some_and(|e| e == extension));
    files.map(|p| (format!("{prefix}{}", p.file_name().unwrap_or_default().to_string_lossy()), read(&p))).collect()
}

/// The text of a file.
pub fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// Every file below a folder, in path order.
pub fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut out = Vec::new();
    let Ok(entries) = fs::read_dir(folder) else { return out };
    let mut entries: Vec<PathBuf> = entries.flatten().map(|e| e.path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() { out.extend(files_below(&path)) } else { out.push(path) }
    }
    out
}

/// Every `.rs` file of the workspace that a person wrote: path below the root and text.
pub fn hand_written() -> Vec<(String, String)> {
    let root = root();
    let packages = ["spec", "codegen", "kiwoom-api", "xtask"].into_iter().flat_map(|p| files_below(&root.join(p)));
    let mut out = Vec::new();
    for path in packages.filter(|p| p.extension().is_some_and(|e| e == "rs")) {
        let name = path.strip_prefix(&root).expect("below the root").to_string_lossy().replace('\\', "/");
        if !name.starts_with("kiwoom-api/src/generated/") {
            out.push((name, read(&path)));
        }
    }
    out
}
