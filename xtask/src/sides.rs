//! One side of a comparison: a document, the committed facts, those of a git revision, or a folder of facts.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use kiwoom_spec::diff::Extent;
use kiwoom_spec::import;
use kiwoom_spec::ir::Spec;
use kiwoom_spec::problem::{Level, Problem};
use kiwoom_spec::reading::Reading;
use kiwoom_spec::store;

use crate::facts::{self, Curated};

/// What stands on one side.
pub struct Side {
    /// As it was named, without its folders.
    pub name: String,
    /// What it says by itself.
    pub says: Spec,
    /// Whether that is all there is.
    pub extent: Extent,
    /// The document, if it is one.
    pub document: Option<Reading>,
    /// Tables of its own; none for documents and folders of facts.
    pub curated: Option<Curated>,
    /// What reading it had to say.
    pub problems: Vec<Problem>,
}

/// Reads both sides in parallel.
pub fn both(root: &Path, old: &OsStr, new: &OsStr) -> Result<(Side, Side), Vec<Problem>> {
    let (old, new) = std::thread::scope(|scope| {
        let old = scope.spawn(|| read(root, old));
        let new = read(root, new);
        (old.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)), new)
    });
    match (old, new) {
        (Ok(old), Ok(new)) => Ok((old, new)),
        (old, new) => Err(old.err().into_iter().chain(new.err()).flatten().collect()),
    }
}

/// Reads a side.
fn read(root: &Path, word: &OsStr) -> Result<Side, Vec<Problem>> {
    let text = word.to_string_lossy();
    let whole = |says, curated| Side {
        name: text.clone().into_owned(),
        says,
        extent: Extent::Whole,
        document: None,
        curated,
        problems: Vec::new(),
    };
    if text == "spec" {
        return Ok(whole(facts::committed(root)?, None));
    }
    if let Some(revision) = text.strip_prefix("git:") {
        let (spec, curated) = revision_of(root, revision)?;
        return Ok(whole(spec, Some(curated)));
    }
    let path = Path::new(word);
    if path.join("apis").is_dir() {
        return Ok(whole(facts::folder(path)?, None));
    }
    let (documents, mut problems) = facts::documents(&[word.to_owned()])?;
    let Some(document) = documents.into_iter().next() else {
        let fix = "give a workbook, a dump, `spec`, `git:REV`, or a folder of facts";
        return Err(vec![Problem::error("no-api", text, "nothing in it describes an API", fix)]);
    };
    let document = Reading::of(&document);
    let import = import::merge(&Spec::default(), &document);
    problems.extend(import.problems);
    if problems.iter().any(|p| p.level == Level::Error) {
        return Err(problems);
    }
    let extent = if import.complete { Extent::Whole } else { Extent::Part };
    let name = path.file_name().unwrap_or(word).to_string_lossy().into_owned();
    Ok(Side { name, says: import.spec, extent, document: Some(document), curated: None, problems })
}

/// The facts and tables of a revision.
fn revision_of(root: &Path, revision: &str) -> Result<(Spec, Curated), Vec<Problem>> {
    let refused = |what: String| {
        let fix = "name a branch, a tag or a commit of this repository";
        vec![Problem::error("no-revision", format!("git:{revision}"), what, fix)]
    };
    if revision.is_empty() || revision.starts_with('-') {
        return Err(refused("this is not a revision".to_owned()));
    }
    let git = |args: &[&str]| {
        let mut command = Command::new("git");
        command.arg("-C").arg(root).args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    };
    let prefix = [
        "ls-tree",
        "-r",
        "--name-only",
        revision,
        "--",
        "spec/apis",
        "spec/names",
        "spec/errors.json",
        "spec/errata.toml",
    ];
    let listed = git(&prefix).output().map_err(|e| refused(e.to_string()))?;
    if !listed.status.success() {
        return Err(refused(String::from_utf8_lossy(&listed.stderr).trim().to_owned()));
    }
    let paths: Vec<String> = String::from_utf8_lossy(&listed.stdout).lines().map(str::to_owned).collect();
    let mut child = git(&["cat-file", "--batch"]).spawn().map_err(|e| refused(e.to_string()))?;
    let asked: String = paths.iter().map(|p| format!("{revision}:./{p}\n")).collect();
    let input = child.stdin.take();
    // Written while the other side is read: neither side may wait for a full pipe.
    let writer = std::thread::spawn(move || input.map(|mut i| i.write_all(asked.as_bytes())));
    let output = child.wait_with_output().map_err(|e| refused(e.to_string()))?;
    drop(writer.join());
    let texts = blobs(&output.stdout).ok_or_else(|| refused("git gave something else than files".to_owned()))?;
    if texts.len() != paths.len() {
        return Err(refused(format!("git gave {} of {} files", texts.len(), paths.len())));
    }
    let (mut files, mut names, mut errata) = (BTreeMap::new(), BTreeMap::new(), String::new());
    for (path, text) in paths.into_iter().zip(texts) {
        match path.strip_prefix("spec/").unwrap_or(&path) {
            "errata.toml" => errata = text,
            store::ERRORS => drop(files.insert(store::ERRORS.to_owned(), text)),
            p => match p.strip_prefix("names/") {
                Some(name) if name.ends_with(".toml") => drop(names.insert(name.to_owned(), text)),
                None if p.ends_with(".json") => drop(files.insert(p.to_owned(), text)),
                _ => {}
            },
        }
    }
    if files.is_empty() {
        return Err(refused("it has no facts".to_owned()));
    }
    Ok((store::parse(&files)?, facts::tables(&names, &errata)?))
}

/// The files in the output of `git cat-file --batch`: a line `id blob length`, the bytes, a line end.
fn blobs(bytes: &[u8]) -> Option<Vec<String>> {
    let mut out = Vec::new();
    let mut rest = bytes;
    while !rest.is_empty() {
        let line = rest.iter().position(|b| *b == b'\n')?;
        let head = std::str::from_utf8(&rest[..line]).ok()?;
        let length: usize = head.rsplit(' ').next()?.parse().ok()?;
        let body = rest.get(line + 1..line + 1 + length)?;
        out.push(String::from_utf8(body.to_vec()).ok()?);
        rest = rest.get(line + 2 + length..)?;
    }
    Some(out)
}
