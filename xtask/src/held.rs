//! `spec/held/`: the facts of the APIs that hand-written modules of the client name, as those modules were written
//! against them. A document can therefore not break a module: the API stays, and a warning says what to do.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use kiwoom_codegen::held::{Needs, Source, hold, unchanged};
use kiwoom_codegen::lower::lower;
use kiwoom_codegen::model::Model;
use kiwoom_codegen::paths::{self, Gone};
use kiwoom_spec::errata::{self, Mended};
use kiwoom_spec::ir::Spec;
use kiwoom_spec::names::Names;
use kiwoom_spec::problem::Problem;
use kiwoom_spec::store;

use crate::facts::{Curated, read_facts};
use crate::tree;

/// Below the workspace.
pub const FOLDER: &str = "spec/held";
const SOURCES: &str = "kiwoom-api/src";

/// What to generate from, and what to keep for next time.
pub struct Kept {
    /// Mended facts, those of held APIs as they were.
    pub fixed: Mended,
    /// Path below the workspace and text.
    pub files: BTreeMap<String, String>,
    /// One warning for each API that is held.
    pub problems: Vec<Problem>,
    /// The model of `fixed`, where it was made on the way.
    pub model: Option<Model>,
}

/// The facts from which regen would generate, for a command that writes nothing: `None` where they are `fixed`.
pub fn judged(root: &Path, facts: &Spec, fixed: &Mended, curated: &Curated) -> Result<Option<Kept>, Vec<Problem>> {
    let held = read_facts(&root.join(FOLDER), "held/")?;
    let (held, _) = errata::apply(&held, &curated.errata);
    if unchanged(&held, fixed) { Ok(None) } else { keep(root, facts, fixed, curated).map(Some) }
}

/// `facts` as imported, `fixed` the same with errata.
pub fn keep(root: &Path, facts: &Spec, fixed: &Mended, curated: &Curated) -> Result<Kept, Vec<Problem>> {
    let held = Spec { apis: read_facts(&root.join(FOLDER), "held/")?.apis, ..Spec::default() };
    let texts = sources(root);
    let sources: Vec<Source> = texts.iter().map(|(path, text)| Source::new(path, text)).collect();
    let (held_fixed, _) = errata::apply(&held, &curated.errata);
    let (fixed, Needs { used, held: broken, model }) = hold(&held_fixed, fixed, &curated.names, &sources);
    let mut out = Kept { fixed, files: BTreeMap::new(), problems: Vec::new(), model };
    let mut keep = Spec::default();
    for id in used {
        let from = if broken.iter().any(|b| b.id == id) { &held } else { facts };
        keep.apis.extend(from.apis.get(&id).map(|api| (id.clone(), api.clone())));
    }
    for b in broken {
        let path = store::api_path(&b.id).replacen("apis/", "", 1);
        let need = if b.files.len() == 1 { "needs" } else { "need" };
        let (files, missing) = (b.files.join(", "), b.missing.join(", "));
        let what = format!("{files} {need} {missing} of {}; the document does not give it", b.id);
        let fix = format!("{} is generated as before; mend the module, delete this file and regenerate", b.id);
        out.problems.push(Problem::warning("held", format!("{FOLDER}/{path}"), what, fix));
    }
    let mut files = store::render(&keep);
    files.remove(store::ERRORS);
    out.files = files.into_iter().map(|(path, text)| (format!("{FOLDER}/{}", &path["apis/".len()..]), text)).collect();
    Ok(out)
}

/// Warnings about public paths that are removed or moved: they break the imports of users, even if everything here
/// compiles.
pub fn gone(old: &Mended, new: &Model, names: &Names) -> Vec<Problem> {
    let mut by_owner: BTreeMap<Option<String>, Vec<Gone>> = BTreeMap::new();
    for gone in paths::gone(&lower(old, names), new) {
        by_owner.entry(gone.api.clone()).or_default().push(gone);
    }
    let mut out = Vec::new();
    for (owner, all) in by_owner {
        let list = |of: &[Gone]| of.iter().map(|g| g.path.as_str()).collect::<Vec<_>>().join(", ");
        let (moved, lost): (Vec<Gone>, Vec<Gone>) = all.into_iter().partition(|g| !g.moved.is_empty());
        let of = owner.map_or_else(String::new, |id| format!("{id}: "));
        let fix = "users' code breaks: it must go in the changelog and needs a new major version";
        for gone in &moved {
            let what = format!("{of}{} moved to {}", gone.path, gone.moved.join(", "));
            out.push(Problem::warning("path-moved", "kiwoom-api", what, fix));
        }
        if !lost.is_empty() {
            out.push(Problem::warning("path-gone", "kiwoom-api", format!("{of}{} gone", list(&lost)), fix));
        }
    }
    out
}

/// The hand-written files of the client: path below the workspace and text.
fn sources(root: &Path) -> Vec<(String, String)> {
    let mut out = Vec::new();
    let folder = root.join(SOURCES);
    let Ok(entries) = fs::read_dir(&folder) else { return out };
    let mut add = |path: &Path| {
        if path.extension().is_some_and(|e| e == "rs")
            && let (Ok(name), Ok(text)) = (path.strip_prefix(root), fs::read_to_string(path))
        {
            out.push((name.to_string_lossy().replace('\\', "/"), text));
        }
    };
    for path in entries.flatten().map(|e| e.path()) {
        if !path.is_dir() {
            add(&path);
        } else if path.file_name().is_some_and(|n| n != "generated") {
            tree::collect(&path, &mut |path| add(path));
        }
    }
    out.sort();
    out
}
