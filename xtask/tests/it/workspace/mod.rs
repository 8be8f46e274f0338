//! A temporary workspace for the real binary: the committed tables, and facts and code as a test wants them.
//!
//! Use: `mod workspace;`. Not every test file uses all of it.
#![allow(dead_code)]

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// The repository.
pub fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace").to_owned()
}

/// A document of `spec/samples`.
pub fn sample(name: &str) -> String {
    repository().join("spec/samples").join(name).display().to_string()
}

/// The binary under test.
pub fn xtask() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.stdin(Stdio::null());
    command
}

/// What a run said.
pub struct Run {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Run {
    pub fn of(command: &mut Command) -> Self {
        let output = command.output().expect("the binary runs");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
        Self { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
    }

    /// Asserts exit code 0.
    #[track_caller]
    pub fn succeeded(self) -> Self {
        assert_eq!(self.code, Some(0), "{}\n{}", self.err, self.out);
        self
    }

    /// Asserts exit code 1 and what was said on stderr.
    #[track_caller]
    pub fn failed(self, parts: &[&str]) -> Self {
        assert_eq!(self.code, Some(1), "{}\n{}", self.err, self.out);
        for part in parts {
            assert!(self.err.contains(part), "should say {part:?}:\n{}", self.err);
        }
        self
    }
}

/// Files below a root, by path; staged files and the journal included.
pub type State = BTreeMap<String, Vec<u8>>;

/// A workspace in a temporary folder.
pub struct Workspace {
    dir: TempDir,
}

impl Workspace {
    /// The committed tables, no facts, no code.
    pub fn empty() -> Self {
        let made = Self { dir: tempfile::tempdir().expect("a folder") };
        let from = repository();
        copy(&from.join("spec/names"), &made.path("spec/names"));
        for file in ["spec/errata.toml", "spec/accepted.toml", "spec/reasons.toml", "kiwoom-api/Cargo.toml"] {
            copy(&from.join(file), &made.path(file));
        }
        made
    }

    /// The facts of the samples, and their code.
    pub fn of_samples() -> Self {
        let made = Self::empty();
        made.run(["regen", "--from-empty", &sample("samples.xlsx")]).succeeded();
        made
    }

    /// Everything that is committed and that a regen reads or writes.
    pub fn whole() -> Self {
        let made = Self::empty();
        let from = repository();
        for path in [
            "spec/apis",
            "spec/errors.json",
            "kiwoom-api/src/generated",
            "kiwoom-api/APIS.md",
            "kiwoom-api/generated.json",
        ] {
            copy(&from.join(path), &made.path(path));
        }
        made
    }

    /// The same with the hand-written modules, which say what they need of the generated ones, and with what is held.
    pub fn whole_with_sources() -> Self {
        let made = Self::whole();
        let from = repository();
        for path in ["kiwoom-api/src", "spec/held", "Cargo.toml"] {
            copy(&from.join(path), &made.path(path));
        }
        made
    }

    /// Another one with the same files. Links are enough: a regen renames, it never writes into a file.
    pub fn linked(&self) -> Self {
        let made = Self { dir: tempfile::tempdir().expect("a folder") };
        visit(self.root(), &mut |path| {
            let to = made.root().join(path.strip_prefix(self.root()).expect("below the root"));
            fs::create_dir_all(to.parent().expect("a folder")).expect("a folder");
            fs::hard_link(path, to).expect("a link");
        });
        made
    }

    pub fn root(&self) -> &Path {
        self.dir.path()
    }

    pub fn path(&self, path: &str) -> PathBuf {
        self.dir.path().join(path)
    }

    /// Runs the binary on this workspace.
    pub fn run<S: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = S>) -> Run {
        Run::of(self.command(args).stdout(Stdio::piped()).stderr(Stdio::piped()))
    }

    /// The command for the binary on this workspace.
    pub fn command<S: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = S>) -> Command {
        let mut command = xtask();
        command.arg("--root").arg(self.root()).args(args);
        command
    }

    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
    }

    pub fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }

    /// Every file with its bytes.
    pub fn state(&self) -> State {
        let mut files = State::new();
        visit(self.root(), &mut |path| {
            let name = path.strip_prefix(self.root()).expect("below the root").to_string_lossy().into_owned();
            files.insert(name, fs::read(path).expect("a file"));
        });
        files
    }
}

/// Asserts equal trees, naming the first file that differs.
#[track_caller]
pub fn assert_state(what: &str, got: &State, want: &State) {
    for (path, want) in want {
        match got.get(path) {
            None => panic!("{what}: {path} is missing"),
            Some(got) if got != want => {
                let line = got.split(|b| *b == b'\n').zip(want.split(|b| *b == b'\n')).position(|(a, b)| a != b);
                panic!("{what}: {path} differs in line {:?}", line.map(|n| n + 1));
            }
            Some(_) => {}
        }
    }
    let more: Vec<&String> = got.keys().filter(|path| !want.contains_key(*path)).collect();
    assert!(more.is_empty(), "{what}: nobody wants {more:?}");
}

/// Files and folders.
fn copy(from: &Path, to: &Path) {
    if from.is_dir() {
        fs::create_dir_all(to).expect("a folder");
        for entry in fs::read_dir(from).expect("a folder").map(|e| e.expect("an entry")) {
            // Staged files of a run that is at work in the repository right now are no part of it.
            if entry.path().extension().is_none_or(|e| e != "regen-new") {
                copy(&entry.path(), &to.join(entry.file_name()));
            }
        }
    } else {
        fs::create_dir_all(to.parent().expect("a folder")).expect("a folder");
        fs::copy(from, to).unwrap_or_else(|e| panic!("{}: {e}", from.display()));
    }
}

fn visit(folder: &Path, take: &mut dyn FnMut(&Path)) {
    for entry in fs::read_dir(folder).expect("a folder").map(|e| e.expect("an entry")) {
        let path = entry.path();
        if path.is_dir() { visit(&path, take) } else { take(&path) }
    }
}
