//! Test documents: sheets to workbooks and Markdown dumps, the inverse of the readers in `spec::dump`.
//!
//! Use: `mod support;` in a test file, then `support::write_xlsx(&sheets)`. Everything is deterministic.
//! Shared by several test files, none of which uses all of it.
#![allow(dead_code, unused_imports)]

mod markdown;
mod sample;
mod tables;
mod workbook;

use std::path::PathBuf;

use kiwoom_spec::dump::{self, Row, Sheet};
use kiwoom_spec::problem::Level;

pub use markdown::{RawHeader, write_style1, write_style2, write_style2_as};
pub use sample::{sample_error_sheet, sample_list_sheet, sample_sheet, sample_sheets, sheet};
pub use tables::{
    Csv, Header, Html, Keys, write_aligned, write_converted, write_csv, write_html, write_json, write_replaced,
    write_split,
};
pub use workbook::{minimal_parts, minimal_xlsx, raw_xlsx, resave, write_xlsx};

/// The folder of real documents, or `None` after saying that the test is skipped.
///
/// `KIWOOM_DUMPS` names it; the default is `shared/dumps` beside the workspace.
pub fn dumps_dir() -> Option<PathBuf> {
    let default = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/dumps");
    let dir = std::env::var_os("KIWOOM_DUMPS").map_or(default, PathBuf::from);
    if dir.is_dir() {
        return Some(dir);
    }
    eprintln!("skipped: no documents in {} (set KIWOOM_DUMPS)", dir.display());
    None
}

/// The rows of each sheet: what must be equal whatever the file, its format and its sheet names.
pub fn rows(sheets: &[Sheet]) -> Vec<&[Row]> {
    sheets.iter().map(|sheet| sheet.rows.as_slice()).collect()
}

/// The sheets in another order, the same for the same seed.
pub fn shuffle_sheets(sheets: &[Sheet], seed: u64) -> Vec<Sheet> {
    let mut sheets = sheets.to_vec();
    let mut random = Random::new(seed);
    for i in (1..sheets.len()).rev() {
        sheets.swap(i, random.below(i + 1));
    }
    sheets
}

/// Asserts that a document named `책.bin` is refused, and that the message has all of `parts`.
pub fn refused(bytes: &[u8], parts: &[&str]) {
    let problem = dump::read_bytes("책.bin", bytes).expect_err("a document that must be refused");
    let text = problem.to_string();
    assert_eq!(problem.level, Level::Error);
    assert!(text.starts_with("책.bin"), "{text}");
    assert!(!problem.fix.is_empty(), "{text}");
    for part in parts {
        assert!(text.contains(part), "{text:?} should say {part:?}");
    }
}

/// Numbers that a seed repeats.
pub struct Random(fastrand::Rng);

impl Random {
    /// Any seed will do.
    pub fn new(seed: u64) -> Self {
        Self(fastrand::Rng::with_seed(seed))
    }

    /// A number below `n`, which must not be 0.
    pub fn below(&mut self, n: usize) -> usize {
        self.0.usize(..n)
    }
}
