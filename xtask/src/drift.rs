//! Reads reports of live traffic for `lint`; `kiwoom_spec::drift` decides what they mean.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use kiwoom_spec::drift;
use kiwoom_spec::errata::Mended;
use kiwoom_spec::problem::Problem;

/// What the reports say against facts to which the errata have been applied.
pub fn problems(files: &[PathBuf], spec: &Mended) -> Result<Vec<Problem>, Vec<Problem>> {
    let (mut out, mut bad) = (Vec::new(), Vec::new());
    for file in files {
        let place = file.display().to_string();
        let text = read(file).map_err(|e| {
            Problem::error("unreadable", &place, e.to_string(), "name the file that `Drift::write` wrote")
        });
        match text.and_then(|text| drift::parse(&text, &place)) {
            Ok(report) => out.extend(drift::lint(&report, spec)),
            Err(problem) => bad.push(problem),
        }
    }
    if bad.is_empty() { Ok(out) } else { Err(bad) }
}

/// Reads at most one byte beyond the longest report.
fn read(path: &Path) -> std::io::Result<String> {
    let mut text = String::new();
    let limit = u64::try_from(drift::MAX_BYTES).unwrap_or(u64::MAX).saturating_add(1);
    File::open(path)?.take(limit).read_to_string(&mut text)?;
    Ok(text)
}
