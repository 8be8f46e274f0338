//! The evidence is in the repository: every id that is cited has a row, and nothing outside is cited.

use std::collections::BTreeSet;
use std::path::Path;

use crate::none;
use crate::support::{files_below, read, root};

const BEHAVIOUR: &str = "kiwoom-api/BEHAVIOUR.md";
const TRAPS: &str = "spec/TRAPS.md";

/// The ids of a document: the first cells of its tables.
pub(crate) fn ids(document: &str) -> Vec<String> {
    let text = read(&root().join(document));
    let rows = text.lines().filter_map(|l| l.strip_prefix("| ")?.split(' ').next());
    rows.filter(|id| is_id(id)).map(str::to_owned).collect()
}

/// `O10`, `trap_07`
fn is_id(word: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.len() <= 2 && text.bytes().all(|b| b.is_ascii_digit());
    word.strip_prefix("trap_").is_some_and(|n| n.len() == 2 && digits(n))
        || word.starts_with(|c: char| "RAHPNOWCMTX".contains(c)) && digits(&word[1..])
}

/// Every text of the repository that a person wrote: path below the root and text.
fn texts() -> Vec<(String, String)> {
    let root = root();
    let kinds = ["rs", "toml", "md", "mjs", "yml"];
    let folders = ["spec", "codegen", "kiwoom-api", "xtask", ".ci", ".cargo"];
    let mut files: Vec<_> = folders.iter().flat_map(|f| files_below(&root.join(f))).collect();
    files.extend(std::fs::read_dir(&root).expect("the root").flatten().map(|e| e.path()).filter(|p| p.is_file()));
    let written = |path: &Path| {
        let name = path.strip_prefix(&root).expect("below the root").to_string_lossy().replace('\\', "/");
        let kind = path.extension().is_some_and(|e| kinds.iter().any(|k| e == *k)) || name.starts_with(".ci/");
        (kind && !name.starts_with("kiwoom-api/src/generated/")).then_some(name)
    };
    files.iter().filter_map(|path| Some((written(path)?, read(path)))).collect()
}

/// The ids behind the name of a document: `BEHAVIOUR.md` R1, R2 and O3.
fn cited(text: &str, document: &str) -> Vec<String> {
    let mut out = Vec::new();
    for (at, _) in text.match_indices(document) {
        let after = text[at + document.len()..].trim_start_matches(['`', ')']);
        // A citation may go on in the next line of a comment.
        let after = after.replace(['\n', '/', '!', '#', '(', ')'], " ");
        let words = after.split([' ', ',']).filter(|w| !w.is_empty());
        for word in words {
            let word = word.trim_end_matches(['.', ':', ';', '"', '`']);
            if is_id(word) {
                out.push(word.to_owned());
            } else if !["and", "to"].contains(&word) {
                break;
            }
        }
    }
    out
}

#[test]
fn every_id_stands_once() {
    for document in [BEHAVIOUR, TRAPS] {
        let ids = ids(document);
        assert!(ids.len() > 20, "{document} has {} rows", ids.len());
        let mut seen = BTreeSet::new();
        none(ids.iter().filter(|id| !seen.insert(*id)).map(|id| format!("{document}: {id} stands twice")).collect());
    }
}

#[test]
fn every_cited_id_exists() {
    let known: BTreeSet<String> = [BEHAVIOUR, TRAPS].into_iter().flat_map(ids).collect();
    let mut found = Vec::new();
    let mut citations = 0;
    for (path, text) in texts() {
        let mut all = cited(&text, "BEHAVIOUR.md");
        all.extend(cited(&text, "TRAPS.md"));
        // A name of a test is a citation as well, and so is an id in brackets in a comment of the runtime.
        all.extend(text.match_indices("fn trap_").filter_map(|(at, _)| text.get(at + 3..at + 10)).map(str::to_owned));
        if path.starts_with("kiwoom-api/src/") {
            let comments =
                text.lines().filter_map(|l| l.split_once("//")).flat_map(|(_, c)| c.split(['(', ')', ',', ' ']));
            let told = |c: &&str| is_id(c) && c.len() > 1;
            all.extend(comments.filter(told).map(str::to_owned));
        }
        citations += all.len();
        let unknown = all.iter().filter(|id| is_id(id) && !known.contains(*id));
        found.extend(unknown.map(|id| format!("{path} cites {id}, which has no row in {BEHAVIOUR} or {TRAPS}")));
    }
    none(found);
    assert!(citations > 100, "{citations} citations");
}

#[test]
fn citations_are_read_as_people_write_them() {
    for (text, want) in [
        ("(`BEHAVIOUR.md` R8)", "R8"),
        ("`BEHAVIOUR.md` R1 to R8).", "R1 R8"),
        ("Sources: `BEHAVIOUR.md` R1, R2, and its table of", "R1 R2"),
        ("BEHAVIOUR.md N9 reports 000000", "N9"),
        ("(`BEHAVIOUR.md`\n//! H1, H5). \"Unsettled\"", "H1 H5"),
        ("as `BEHAVIOUR.md` says: A1", ""),
    ] {
        assert_eq!(cited(text, "BEHAVIOUR.md").join(" "), want, "{text}");
    }
    assert_eq!(cited("(`TRAPS.md` trap_05)", "TRAPS.md"), ["trap_05"]);
    assert!(!is_id("R10001") && !is_id("trap_7") && !is_id("A") && !is_id("B2"));
}

#[test]
fn no_file_cites_a_document_outside_the_repository() {
    // Written apart, so that this file does not find itself.
    let outside =
        [["api-be", "haviour"], ["cen", "sus"], ["user-", "view"], ["DESI", "GN"], ["STY", "LE"], ["anchors", ".md"]];
    let outside = outside.into_iter().chain([["measure", "ments.md"], ["share", "d/"]]).map(|[a, b]| format!("{a}{b}"));
    let outside: Vec<String> = outside.collect();
    let dumps = format!("{}{}", "share", "d/dumps");
    let mut found = Vec::new();
    for (path, text) in texts() {
        for (line, n) in text.lines().zip(1..) {
            // The default of KIWOOM_DUMPS is a folder, not a source.
            let line = line.replace(&dumps, "");
            let word = |w: &&String| line.match_indices(w.as_str()).any(|(at, _)| is_word(&line, at));
            found.extend(outside.iter().filter(word).map(|w| format!("{path}:{n} cites {w:?}")));
        }
    }
    none(found);
}

/// What begins at `at` begins a word.
fn is_word(line: &str, at: usize) -> bool {
    !line[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':')
}
