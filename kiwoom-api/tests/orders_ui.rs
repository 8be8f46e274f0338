//! What must not compile. With all categories, because the compiler writes a type's path in full where another has its name.
//!
//! A binary of its own: `trybuild` builds the crate again, and the test starts its own binary with another folder.
#![cfg(feature = "full")]

use std::path::{Path, PathBuf};
use std::process::Command;

/// Whose words the `.stderr` files hold. Another compiler refuses the same programs in words of its own.
const COMPILER: &str = "rustc 1.95.";

/// Set for the run with another compiler: where its words may be written to.
const SCRATCH: &str = "KIWOOM_UI_SCRATCH";

#[test]
fn mistakes_that_do_not_compile() {
    if let Some(scratch) = std::env::var_os(SCRATCH) {
        return trybuild::TestCases::new().compile_fail(PathBuf::from(scratch).join("*.rs"));
    }
    let version = Command::new(std::env::var_os("RUSTC").unwrap_or("rustc".into())).arg("--version").output().unwrap();
    if version.stdout.starts_with(COMPILER.as_bytes()) {
        return trybuild::TestCases::new().compile_fail("tests/ui/*.rs");
    }
    // that they do not compile is shown all the same, beside the tree: in a copy whose words may be overwritten
    let scratch = tempfile::tempdir().unwrap();
    copy_programs(Path::new("tests/ui"), scratch.path());
    let again = Command::new(std::env::current_exe().unwrap())
        .env("TRYBUILD", "overwrite")
        .env(SCRATCH, scratch.path())
        .status()
        .unwrap();
    assert!(again.success(), "a mistake compiles");
}

fn copy_programs(from: &Path, to: &Path) {
    let mut copied = 0;
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "rs") {
            std::fs::copy(&path, to.join(path.file_name().unwrap())).unwrap();
            copied += 1;
        }
    }
    assert!(copied > 0, "no programs in {from:?}");
}
