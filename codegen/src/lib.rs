//! What Rust says: facts to model to tokens to text. Pure: no file is read or written here.

use std::collections::BTreeMap;

use kiwoom_spec::ir::Spec;
use kiwoom_spec::names::Names;
use kiwoom_spec::problem::Problem;

/// Everything that is generated.
#[derive(Debug, Default)]
pub struct Output {
    /// Path below `kiwoom-api/` and text.
    pub files: BTreeMap<String, String>,
    /// The block of `[features]` in `kiwoom-api/Cargo.toml`.
    pub features: String,
}

/// Facts, with errata applied, to code.
pub fn generate(_spec: &Spec, _names: &Names) -> (Output, Vec<Problem>) {
    (Output { features: "full = []\n".to_owned(), ..Output::default() }, Vec::new())
}
