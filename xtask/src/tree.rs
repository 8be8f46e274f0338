//! The only place that writes files of the repository: compares the wanted state of the disk with the actual one, and
//! applies the difference.
//!
//! Invariant: if it is killed before the first rename, the tree is unchanged; if it is killed later, no file is
//! half-written and the next run finishes what the journal lists. A file that is up to date keeps its time stamp, so
//! builds stay incremental.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

/// What should be on disk, by path below the root: a text, or nothing.
pub type Wanted = BTreeMap<String, Option<String>>;

/// One file that is not as it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Difference {
    New,
    Changed,
    Stray,
}

impl Difference {
    pub fn word(self) -> &'static str {
        match self {
            Difference::New => "new",
            Difference::Changed => "changed",
            Difference::Stray => "removed",
        }
    }
}

/// A failure with the file it happened at.
#[derive(Debug)]
pub struct Failure {
    pub path: PathBuf,
    pub what: String,
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.path.display(), self.what)
    }
}

fn failure(path: &Path, e: &io::Error) -> Failure {
    Failure { path: path.to_owned(), what: e.to_string() }
}

const STAGED: &str = "regen-new";
const JOURNAL: &str = ".regen-journal";

/// Everything that differs, in path order.
pub fn compare(root: &Path, wanted: &Wanted) -> Result<Vec<(String, Difference)>, Failure> {
    let mut out = Vec::new();
    for (path, text) in wanted {
        let full = root.join(path);
        let have = match fs::read(&full) {
            Ok(bytes) => Some(bytes),
            Err(e) if e.kind() == io::ErrorKind::NotFound => None,
            Err(e) => return Err(failure(&full, &e)),
        };
        match (have, text) {
            (None, Some(_)) => out.push((path.clone(), Difference::New)),
            (Some(have), Some(want)) if have != want.as_bytes() => out.push((path.clone(), Difference::Changed)),
            (Some(_), None) => out.push((path.clone(), Difference::Stray)),
            _ => {}
        }
    }
    Ok(out)
}

/// Brings the tree to what is wanted. `step` is called before each action on disk; an error of it stops at once and
/// cleans nothing up, as a kill would.
pub fn write(
    root: &Path,
    wanted: &Wanted,
    differences: &[(String, Difference)],
    step: &mut dyn FnMut(&str) -> Result<(), Failure>,
) -> Result<(), Failure> {
    refuse_read_only(root, differences)?;
    let mut staged = Vec::new();
    for (path, _) in differences {
        let Some(Some(text)) = wanted.get(path) else { continue };
        step(&format!("stage {path}"))?;
        let full = root.join(path);
        let beside = staged_path(&full);
        let done = stage(&beside, text);
        staged.push(beside);
        if let Err(e) = done {
            sweep(&staged);
            return Err(failure(&full, &e));
        }
    }
    let removals = differences.iter().filter(|(_, d)| *d == Difference::Stray).map(|(p, _)| format!("remove {p}"));
    let renames = differences.iter().filter(|(_, d)| *d != Difference::Stray).map(|(p, _)| format!("rename {p}"));
    let journal: Vec<String> = renames.chain(removals).collect();
    if journal.is_empty() {
        return Ok(());
    }
    step("journal")?;
    let journal_path = root.join(JOURNAL);
    let beside = staged_path(&journal_path);
    if let Err(e) = stage(&beside, &(journal.join("\n") + "\n")) {
        staged.push(beside);
        sweep(&staged);
        return Err(failure(&journal_path, &e));
    }
    step("rename journal")?;
    fs::rename(&beside, &journal_path).map_err(|e| failure(&journal_path, &e))?;
    play(root, &journal, step)
}

/// Finishes or cleans up after a run that was killed; says what it did.
pub fn recover(root: &Path, folders: &[&str]) -> Result<Option<String>, Failure> {
    let journal_path = root.join(JOURNAL);
    let finished = match fs::read(&journal_path) {
        Ok(bytes) => {
            let text = String::from_utf8_lossy(&bytes);
            let lines: Vec<String> = text.lines().map(str::to_owned).collect();
            if !lines.iter().all(|line| action(line).is_some()) {
                let what = "holds a line that no run writes; delete the file and look at `git status`".to_owned();
                return Err(Failure { path: journal_path, what });
            }
            play(root, &lines, &mut |_| Ok(()))?;
            Some(format!("an earlier run was stopped half-way; finished its {} file changes first", lines.len()))
        }
        Err(e) if e.kind() == io::ErrorKind::NotFound => None,
        Err(e) => return Err(failure(&journal_path, &e)),
    };
    let mut leftovers = vec![staged_path(&journal_path)];
    for folder in folders {
        collect(&root.join(folder), &mut |path| {
            if path.extension().is_some_and(|e| e == STAGED) {
                leftovers.push(path.to_owned());
            }
        });
    }
    let swept = sweep(&leftovers);
    Ok(finished.or((swept > 0)
        .then(|| format!("an earlier run was stopped before it changed anything; removed its {swept} staged files"))))
}

/// Puts `text` in the place of one file outside the tree. A reader finds the old text or the new, whole.
pub fn replace(path: &Path, text: &str) -> io::Result<()> {
    let beside = staged_path(path);
    fs::write(&beside, text)?;
    fs::rename(&beside, path)
}

/// Every file below a folder.
pub fn collect(folder: &Path, visit: &mut dyn FnMut(&Path)) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    let mut entries: Vec<PathBuf> = entries.flatten().map(|e| e.path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() { collect(&path, visit) } else { visit(&path) }
    }
}

fn play(root: &Path, journal: &[String], step: &mut dyn FnMut(&str) -> Result<(), Failure>) -> Result<(), Failure> {
    for (line, action) in journal.iter().filter_map(|line| Some((line, action(line)?))) {
        step(line)?;
        let (full, done) = match action {
            Action::Rename(path) => {
                let full = root.join(path);
                let done = fs::rename(staged_path(&full), &full);
                (full, done)
            }
            Action::Remove(path) => {
                let full = root.join(path);
                let done = fs::remove_file(&full);
                remove_empty_parents(root, &full);
                (full, done)
            }
        };
        match done {
            Ok(()) => {}
            // Already done by the run that wrote the journal.
            Err(e) if e.kind() == io::ErrorKind::NotFound => {}
            Err(e) => return Err(failure(&full, &e)),
        }
    }
    step("remove journal")?;
    let journal_path = root.join(JOURNAL);
    fs::remove_file(&journal_path).map_err(|e| failure(&journal_path, &e))
}

/// A line of the journal; paths stay below the root.
enum Action<'a> {
    Rename(&'a str),
    Remove(&'a str),
}

fn action(line: &str) -> Option<Action<'_>> {
    let (word, path) = line.split_once(' ')?;
    let below = Path::new(path).components().all(|c| matches!(c, Component::Normal(_)));
    match word {
        "rename" if below => Some(Action::Rename(path)),
        "remove" if below => Some(Action::Remove(path)),
        _ => None,
    }
}

/// Removes staged files; gives how many there were.
fn sweep(staged: &[PathBuf]) -> usize {
    staged.iter().filter(|p| fs::remove_file(p).is_ok()).count()
}

fn remove_empty_parents(root: &Path, path: &Path) {
    for parent in path.ancestors().skip(1).take_while(|p| *p != root) {
        if fs::remove_dir(parent).is_err() {
            return;
        }
    }
}

/// Without a sync: what is guarded against is a killed process; after a power cut git has the old files.
fn stage(path: &Path, text: &str) -> io::Result<()> {
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent)?;
    }
    fs::write(path, text)
}

fn staged_path(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(STAGED);
    PathBuf::from(name)
}

/// Renaming over a file asks only for rights on its folder; a file that somebody marked read-only must stop us all the same.
fn refuse_read_only(root: &Path, differences: &[(String, Difference)]) -> Result<(), Failure> {
    for (path, _) in differences {
        let full = root.join(path);
        // The root, because the journal stands there.
        for place in [Some(full.as_path()), full.parent(), Some(root)].into_iter().flatten() {
            if fs::metadata(place).is_ok_and(|m| m.permissions().readonly()) {
                return Err(Failure {
                    path: place.to_owned(),
                    what: "is read-only; make it writable and run again (nothing was changed)".to_owned(),
                });
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(files: &[(&str, Option<&str>)]) -> Wanted {
        files.iter().map(|(p, t)| ((*p).to_owned(), t.map(str::to_owned))).collect()
    }

    fn state(root: &Path) -> BTreeMap<String, String> {
        let mut out = BTreeMap::new();
        collect(root, &mut |p| {
            let name = p.strip_prefix(root).unwrap().to_string_lossy().into_owned();
            out.insert(name, fs::read_to_string(p).unwrap());
        });
        out
    }

    fn start() -> (tempfile::TempDir, Wanted) {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir_all(dir.path().join("out/deep")).unwrap();
        fs::write(dir.path().join("out/a.txt"), "old a").unwrap();
        fs::write(dir.path().join("out/deep/gone.txt"), "gone").unwrap();
        fs::write(dir.path().join("out/same.txt"), "same").unwrap();
        let want = wanted(&[
            ("out/a.txt", Some("new a")),
            ("out/b.txt", Some("b")),
            ("out/deep/gone.txt", None),
            ("out/same.txt", Some("same")),
        ]);
        (dir, want)
    }

    #[test]
    fn a_kill_at_each_step_loses_nothing() {
        let (dir, want) = start();
        let before = state(dir.path());
        let after = wanted(&[("out/a.txt", Some("new a")), ("out/b.txt", Some("b")), ("out/same.txt", Some("same"))]);
        let after: BTreeMap<String, String> = after.into_iter().map(|(p, t)| (p, t.unwrap())).collect();
        let mut steps = Vec::new();
        let all = compare(dir.path(), &want).unwrap();
        write(dir.path(), &want, &all, &mut |s| {
            steps.push(s.to_owned());
            Ok(())
        })
        .unwrap();
        assert_eq!(state(dir.path()), after);
        assert_eq!(steps.len(), 8, "{steps:?}");
        for kill in 0..steps.len() {
            let (dir, want) = start();
            let differences = compare(dir.path(), &want).unwrap();
            let mut n = 0;
            let result = write(dir.path(), &want, &differences, &mut |_| {
                n += 1;
                if n > kill { Err(Failure { path: PathBuf::new(), what: "killed".to_owned() }) } else { Ok(()) }
            });
            assert!(result.is_err());
            for (path, text) in state(dir.path()) {
                let known = [before.get(&path), after.get(&path)].into_iter().flatten().any(|t| *t == text);
                assert!(known || path.ends_with(STAGED) || path == JOURNAL, "killed at {kill}: {path} holds {text:?}");
            }
            let said = recover(dir.path(), &["out"]).unwrap();
            let now = state(dir.path());
            let journalled = steps[..kill].iter().any(|s| s == "rename journal");
            assert_eq!(
                now,
                if journalled { after.clone() } else { before.clone() },
                "killed at {kill} ({})",
                steps[kill]
            );
            assert_eq!(said.is_some(), kill > 0, "killed at {kill}: {said:?}");
            assert!(recover(dir.path(), &["out"]).unwrap().is_none());
        }
    }

    #[test]
    fn a_read_only_target_changes_nothing() {
        let (dir, want) = start();
        let path = dir.path().join("out/a.txt");
        let mut rights = fs::metadata(&path).unwrap().permissions();
        rights.set_readonly(true);
        fs::set_permissions(&path, rights).unwrap();
        let before = state(dir.path());
        let differences = compare(dir.path(), &want).unwrap();
        let failure = write(dir.path(), &want, &differences, &mut |_| Ok(())).unwrap_err();
        assert!(failure.to_string().contains("a.txt: is read-only"), "{failure}");
        assert_eq!(state(dir.path()), before);
    }

    #[test]
    fn a_target_that_cannot_be_staged_changes_nothing() {
        let (dir, mut want) = start();
        fs::write(dir.path().join("blocked"), "a file where a folder is needed").unwrap();
        want.insert("blocked/x.txt".to_owned(), Some("x".to_owned()));
        want.insert("zz.txt".to_owned(), Some("z".to_owned()));
        let before = state(dir.path());
        let mut differences = compare(dir.path(), &want).unwrap_or_default();
        if differences.is_empty() {
            differences =
                vec![("out/a.txt".to_owned(), Difference::Changed), ("blocked/x.txt".to_owned(), Difference::New)];
        }
        assert!(write(dir.path(), &want, &differences, &mut |_| Ok(())).is_err());
        assert_eq!(state(dir.path()), before);
    }

    #[test]
    fn an_up_to_date_file_keeps_its_time_stamp() {
        let (dir, want) = start();
        let path = dir.path().join("out/same.txt");
        let before = fs::metadata(&path).unwrap().modified().unwrap();
        let differences = compare(dir.path(), &want).unwrap();
        write(dir.path(), &want, &differences, &mut |_| Ok(())).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().modified().unwrap(), before);
        assert!(compare(dir.path(), &want).unwrap().is_empty());
    }
}
