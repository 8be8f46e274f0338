//! Reads what is committed under `spec/`, and documents from outside.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::path::Path;

use kiwoom_spec::check::accepted::{self, Settings};
use kiwoom_spec::check::doubts::Kind;
use kiwoom_spec::diff::Rule;
use kiwoom_spec::dump::{self, Document};
use kiwoom_spec::errata::{self, Fix};
use kiwoom_spec::ir::Spec;
use kiwoom_spec::names::reasons::{self, Reasons};
use kiwoom_spec::names::{self, Names};
use kiwoom_spec::problem::Problem;
use kiwoom_spec::report::Version;
use kiwoom_spec::store;

/// The hand-written tables.
pub struct Curated {
    pub names: Names,
    pub errata: Vec<Fix>,
}

/// The committed facts.
pub fn committed(root: &Path) -> Result<Spec, Vec<Problem>> {
    folder(&root.join("spec"))
}

/// The facts of a folder that has the form of `spec/`.
pub fn folder(spec: &Path) -> Result<Spec, Vec<Problem>> {
    let mut files = read_all(&spec.join("apis"), "apis/", "json")?;
    let errors = spec.join(store::ERRORS);
    if errors.exists() {
        files.insert(store::ERRORS.to_owned(), read(&errors)?);
    }
    store::parse(&files)
}

/// The facts of one folder of APIs; `prefix` stands for the folder in messages.
pub fn read_facts(folder: &Path, prefix: &str) -> Result<Spec, Vec<Problem>> {
    let files = read_all(folder, "apis/", "json")?;
    let say = |mut p: Problem| {
        p.place = p.place.replacen("spec/apis/", &format!("spec/{prefix}"), 1);
        p.fix = p.fix.replacen("spec/apis/", &format!("spec/{prefix}"), 1);
        p
    };
    store::parse(&files).map_err(|found| found.into_iter().map(say).collect())
}

/// The committed tables.
pub fn curated(root: &Path) -> Result<Curated, Vec<Problem>> {
    let names = read_all(&root.join("spec/names"), "", "toml")?;
    let errata_path = root.join("spec/errata.toml");
    let errata = if errata_path.exists() { read(&errata_path)? } else { String::new() };
    tables(&names, &errata)
}

/// Tables from their texts.
pub fn tables(names: &BTreeMap<String, String>, errata: &str) -> Result<Curated, Vec<Problem>> {
    match (names::parse(names), errata::parse(errata)) {
        (Ok(names), Ok(errata)) => Ok(Curated { names, errata }),
        (names, errata) => Err(names.err().into_iter().chain(errata.err()).flatten().collect()),
    }
}

/// What was looked at, and the severities that differ from the usual.
pub fn settings(root: &Path) -> Result<Settings, Vec<Problem>> {
    let text = fs::read_to_string(root.join("spec/accepted.toml")).unwrap_or_default();
    accepted::settings(&text, |id| Rule::of(id).is_some() || Kind::of(id).is_some())
}

/// The version of the workspace.
pub fn version(root: &Path) -> Option<Version> {
    let text = fs::read_to_string(root.join("Cargo.toml")).unwrap_or_default();
    let line = text.lines().find_map(|l| l.trim().strip_prefix("version")?.trim().strip_prefix('='));
    line.and_then(|v| Version::parse(v.trim().trim_matches('"')))
}

/// The reasons for what looks like a mistake.
pub fn reasons(root: &Path) -> Result<Reasons, Vec<Problem>> {
    let path = root.join("spec/reasons.toml");
    let text = if path.exists() { read(&path)? } else { String::new() };
    reasons::parse(&text)
}

/// The documents named on the command line; a folder of Markdown dumps is one document. Notes go to the second part.
pub fn documents(paths: &[OsString]) -> Result<(Vec<Document>, Vec<Problem>), Vec<Problem>> {
    let mut documents = Vec::new();
    let mut notes = Vec::new();
    let mut problems = Vec::new();
    for path in paths {
        match dump::open(Path::new(path)) {
            Ok(opened) => {
                notes.extend(opened.notes);
                let mut parts = opened.documents.into_iter();
                let Some(mut first) = parts.next() else { continue };
                first.sheets.extend(parts.flat_map(|d| d.sheets));
                first.name = path.to_string_lossy().into_owned();
                documents.push(first);
            }
            Err(found) => problems.extend(found),
        }
    }
    if problems.is_empty() { Ok((documents, notes)) } else { Err(problems) }
}

fn read_all(folder: &Path, prefix: &str, extension: &str) -> Result<BTreeMap<String, String>, Vec<Problem>> {
    let mut files = BTreeMap::new();
    let Ok(entries) = fs::read_dir(folder) else { return Ok(files) };
    for path in entries.flatten().map(|e| e.path()) {
        if path.extension().is_some_and(|e| e == extension) {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            files.insert(format!("{prefix}{name}"), read(&path)?);
        }
    }
    Ok(files)
}

fn read(path: &Path) -> Result<String, Vec<Problem>> {
    fs::read_to_string(path).map_err(|e| {
        vec![Problem::error("unreadable", path.display().to_string(), e.to_string(), "restore the file with git")]
    })
}
