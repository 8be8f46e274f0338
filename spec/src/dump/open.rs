//! Files and folders to documents.
//!
//! Owns what may be given on a command line: a file is one document, a folder is its dumps (Markdown, CSV, HTML, JSON).
//! A folder that holds workbooks is refused, because the order of documents matters and must be given. A file that is
//! not a dump is skipped with a note; a broken dump is refused.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use super::kind::{self, FileKind};
use super::{Document, json, markdown};
use crate::problem::Problem;

/// The largest file that is read at all; the workbook of 2026-07-04 has 1.1 MB.
const FILE: u64 = 64 << 20;
/// The most files a folder may hold; a dump of 339 sheets has 339.
const FILES: usize = 20_000;

/// What a path gave.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Opened {
    /// The documents, sorted by path.
    pub documents: Vec<Document>,
    /// Files of a folder that were left out, each with the reason.
    pub notes: Vec<Problem>,
}

/// Reads the bytes of one file; `name` is used in messages.
///
/// # Errors
/// Whatever is not a dump, or a broken one: the message names the place and what to do.
pub fn read_bytes(name: &str, bytes: &[u8]) -> Result<Document, Problem> {
    match kind::kind(name, bytes)? {
        #[cfg(feature = "workbook")]
        FileKind::Zip => super::workbook::read(name, bytes),
        #[cfg(not(feature = "workbook"))]
        FileKind::Zip => Err(Problem::error(
            "no-workbook-reader",
            name,
            "a zip archive, perhaps a workbook; this build reads Markdown dumps only",
            "build with the feature `workbook`",
        )),
        FileKind::Text(text) => read_text(name, &text)?.ok_or_else(|| kind::no_sheet(name, &text)),
    }
}

/// The sheets of a text in any form; `None` if it has none.
fn read_text(name: &str, text: &str) -> Result<Option<Document>, Problem> {
    if json::is_json(text) {
        return json::read(name, text).map(Some);
    }
    #[cfg(feature = "tables")]
    if kind::is_markup(text) {
        return super::html::read(name, text);
    }
    if kind::is_markup(text) {
        return Ok(None);
    }
    let found = markdown::read(name, text)?;
    #[cfg(feature = "tables")]
    if found.is_none() {
        return super::csv::read(name, text);
    }
    Ok(found)
}

/// Reads a file (one document) or a folder (its dumps), without the notes of [`open`].
///
/// # Errors
/// All problems of all files.
pub fn read_path(path: &Path) -> Result<Vec<Document>, Vec<Problem>> {
    open(path).map(|opened| opened.documents)
}

/// Reads a file (one document) or a folder (its dumps, one level of subfolders included).
///
/// # Errors
/// All problems of all files.
pub fn open(path: &Path) -> Result<Opened, Vec<Problem>> {
    let meta = fs::metadata(path).map_err(|e| vec![unreadable(path, &e)])?;
    if meta.is_dir() {
        return open_folder(path);
    }
    let name = path.display().to_string();
    let bytes = read_file(path).map_err(|problem| vec![problem])?;
    let document = read_bytes(&name, &bytes).map_err(|problem| vec![problem])?;
    Ok(Opened { documents: vec![document], notes: Vec::new() })
}

fn open_folder(folder: &Path) -> Result<Opened, Vec<Problem>> {
    let files = files_of(folder).map_err(|problem| vec![problem])?;
    let (mut opened, mut problems) = (Opened::default(), Vec::new());
    let mut workbooks = Vec::new();
    for file in &files {
        let name = file.display().to_string();
        let skip = |what: &str| {
            let fix = "nothing to do unless it is a dump: then look at its tables";
            Problem::note("file-skipped", &name, format!("{what}: skipped"), fix)
        };
        let bytes = match read_file(file) {
            Ok(bytes) => bytes,
            Err(problem) => {
                problems.push(problem);
                continue;
            }
        };
        let read = kind::kind(&name, &bytes).map(|kind| match kind {
            FileKind::Zip => None,
            FileKind::Text(text) => Some(read_text(&name, &text)),
        });
        match read {
            Ok(None) if kind::holds_workbook(&bytes) => workbooks.push(name),
            Ok(None) => opened.notes.push(skip("an archive that is not a workbook")),
            Ok(Some(Ok(Some(document)))) => opened.documents.push(document),
            Ok(Some(Ok(None))) => opened.notes.push(skip("no table of a sheet in it")),
            Ok(Some(Err(problem))) => problems.push(problem),
            // Bytes that are not text may be a damaged dump if the name says so.
            Err(problem) if problem.id == "not-utf8" && is_dump_name(file) => problems.push(problem),
            Err(problem) => opened.notes.push(skip(&problem.what)),
        }
    }
    if !workbooks.is_empty() {
        return Err(vec![Problem::error(
            "workbooks-in-folder",
            folder.display().to_string(),
            format!("a folder that holds workbooks: {}", list(&workbooks)),
            "name the files themselves, the older document first",
        )]);
    }
    if problems.is_empty() && opened.documents.is_empty() {
        problems.push(Problem::error(
            "empty-folder",
            folder.display().to_string(),
            "a folder without any Markdown dump, nor one as CSV, HTML or JSON",
            "name a folder of .md dumps (or .csv, .html, .json) or a workbook",
        ));
    }
    if problems.is_empty() { Ok(opened) } else { Err(problems) }
}

/// The plain files of a folder and of its subfolders, sorted; hidden ones are left out.
fn files_of(folder: &Path) -> Result<Vec<PathBuf>, Problem> {
    let (mut files, subfolders) = entries(folder)?;
    for subfolder in subfolders {
        files.extend(entries(&subfolder)?.0);
    }
    if files.len() > FILES {
        return Err(Problem::error(
            "too-large",
            folder.display().to_string(),
            format!("a folder with {} files; at most {FILES} are read", files.len()),
            "name the folder that holds only the dump",
        ));
    }
    files.sort();
    Ok(files)
}

fn entries(folder: &Path) -> Result<(Vec<PathBuf>, Vec<PathBuf>), Problem> {
    let (mut files, mut folders) = (Vec::new(), Vec::new());
    for entry in fs::read_dir(folder).map_err(|e| unreadable(folder, &e))? {
        let entry = entry.map_err(|e| unreadable(folder, &e))?;
        if entry.file_name().as_encoded_bytes().starts_with(b".") {
            continue;
        }
        let path = entry.path();
        match fs::metadata(&path) {
            Ok(meta) if meta.is_dir() => folders.push(path),
            Ok(meta) if meta.is_file() => files.push(path),
            Ok(_) => {}
            Err(e) => return Err(unreadable(&path, &e)),
        }
    }
    Ok((files, folders))
}

fn read_file(path: &Path) -> Result<Vec<u8>, Problem> {
    let meta = fs::metadata(path).map_err(|e| unreadable(path, &e))?;
    let place = path.display().to_string();
    if !meta.is_file() {
        // A pipe or a device may never end.
        return Err(Problem::error("unreadable", place, "not a plain file", "name a file or a folder"));
    }
    let mut bytes = Vec::new();
    File::open(path).and_then(|file| file.take(FILE + 1).read_to_end(&mut bytes)).map_err(|e| unreadable(path, &e))?;
    if bytes.len() as u64 > FILE {
        return Err(Problem::error(
            "too-large",
            place,
            format!("larger than {} MiB", FILE >> 20),
            "give the broker's own file; it has about 1 MB",
        ));
    }
    Ok(bytes)
}

/// Whether a name promises a dump.
fn is_dump_name(path: &Path) -> bool {
    const NAMES: [&str; 7] = ["md", "markdown", "csv", "tsv", "htm", "html", "json"];
    path.extension().is_some_and(|e| NAMES.iter().any(|name| e.eq_ignore_ascii_case(name)))
}

fn list(names: &[String]) -> String {
    let more = names.len().saturating_sub(3);
    let shown = names[..names.len().min(3)].join(", ");
    if more == 0 { shown } else { format!("{shown} and {more} more") }
}

fn unreadable(path: &Path, why: &std::io::Error) -> Problem {
    Problem::error(
        "unreadable",
        path.display().to_string(),
        format!("cannot be read: {why}"),
        "check the path and its permissions",
    )
}
