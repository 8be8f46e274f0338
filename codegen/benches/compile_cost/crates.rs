//! A workspace of four crates below `target/`: the copy of `kiwoom-api`, its twin, an empty one, and one that uses all.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{clock, runs, twin};

/// Where the crates are.
pub struct Crates {
    folder: PathBuf,
}

/// One thing to measure.
pub struct Run {
    package: &'static str,
    arguments: Vec<String>,
}

impl Run {
    /// `cargo check`
    pub fn check(package: &'static str, more: &[&str]) -> Run {
        Run::of("check", package, more)
    }

    /// `cargo build`
    pub fn build(package: &'static str, more: &[&str]) -> Run {
        Run::of("build", package, more)
    }

    /// `cargo build --release`
    pub fn release(package: &'static str) -> Run {
        Run::of("build", package, &["--release"])
    }

    fn of(command: &str, package: &'static str, more: &[&str]) -> Run {
        let head = [command, "--quiet", "--offline", "--package", package];
        Run { package, arguments: head.iter().chain(more).map(|a| (*a).to_owned()).collect() }
    }
}

/// The committed kind of dependency: what every type of a record comes from.
const VALUES: &str = "kiwoom-api = { path = \"../kiwoom-api\", default-features = false }";
const EVERYTHING: &str = "kiwoom-api = { path = \"../kiwoom-api\", features = [\"registry\"] }";

const EMPTY: &str = "//! Nothing: what starting the compiler costs.\n\npub use kiwoom_api::value::Price;\n";

const USES: &str = r#"//! Decodes standard input into every record there is.

use kiwoom_api::registry::ENTRIES;

fn main() {
    let text = std::io::read_to_string(std::io::stdin()).unwrap_or_default();
    let mut read = 0;
    for entry in ENTRIES {
        for make in [entry.request, Some(entry.reply), entry.push].into_iter().flatten() {
            let mut record = make();
            read += usize::from(kiwoom_api::decode::decode(text.as_bytes(), record.as_mut()).is_ok());
        }
    }
    println!("{read}");
}
"#;

impl Crates {
    /// Writes the workspace anew.
    pub fn write() -> Crates {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("codegen stands in the workspace");
        let folder = root.join("target/compile-cost");
        for old in ["kiwoom-api", "twin", "empty", "uses"] {
            fs::remove_dir_all(folder.join(old)).ok();
        }
        let manifest = fs::read_to_string(root.join("Cargo.toml")).expect("the workspace's manifest");
        let members = manifest.lines().find(|l| l.starts_with("members")).expect("members");
        let ours = "members = [\"kiwoom-api\", \"twin\", \"empty\", \"uses\"]";
        copy(&root.join("kiwoom-api"), &folder.join("kiwoom-api"));
        write(&folder.join("Cargo.toml"), &manifest.replace(members, ours));
        write(&folder.join("Cargo.lock"), &fs::read_to_string(root.join("Cargo.lock")).expect("the lock file"));
        for (name, dependency, main, text) in [
            ("twin", VALUES, "lib.rs", twin::text(root)),
            ("empty", VALUES, "lib.rs", EMPTY.to_owned()),
            ("uses", EVERYTHING, "main.rs", USES.to_owned()),
        ] {
            let manifest = format!(
                "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[dependencies]\n{dependency}\n"
            );
            write(&folder.join(name).join("Cargo.toml"), &manifest);
            write(&folder.join(name).join("src").join(main), &text);
        }
        Crates { folder }
    }

    /// The median of several runs, after one that builds the dependencies.
    pub fn seconds(&self, run: Run) -> f64 {
        self.cargo(&run);
        let mut times: Vec<f64> = (0..runs()).map(|_| self.once(&run)).collect();
        times.sort_by(f64::total_cmp);
        let shown: Vec<String> = times.iter().map(|t| format!("{t:.2}")).collect();
        println!("{:<60} {}", run.arguments.join(" "), shown.join(" "));
        times[times.len() / 2]
    }

    fn once(&self, run: &Run) -> f64 {
        let folder = self.folder.join(run.package).join("src");
        touch(&folder.join("lib.rs"));
        touch(&folder.join("main.rs"));
        if run.package == "uses" {
            touch(&self.folder.join("kiwoom-api/src/lib.rs"));
        }
        let begun = clock::of_children().unwrap_or_default();
        self.cargo(run);
        clock::of_children().unwrap_or_default() - begun
    }

    fn cargo(&self, run: &Run) {
        let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        cargo.current_dir(&self.folder).args(&run.arguments);
        cargo.env("CARGO_INCREMENTAL", "0").env("CARGO_TARGET_DIR", self.folder.join("target"));
        // As a dependency is built: our own lints are nothing that a user pays for.
        cargo.env("RUSTFLAGS", "--cap-lints allow");
        let status = cargo.status().expect("cargo runs");
        assert!(status.success(), "cargo {} failed", run.arguments.join(" "));
    }
}

/// A new time stamp; a file that is not there stays so.
fn touch(path: &Path) {
    if let Ok(text) = fs::read(path) {
        fs::write(path, text).expect("a file of ours");
    }
}

fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().expect("a folder")).expect("a folder of ours");
    fs::write(path, text).expect("a file of ours");
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder of ours");
    for entry in fs::read_dir(from).expect("a folder").flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), &target).expect("a copy");
        }
    }
}
