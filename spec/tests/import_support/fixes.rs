//! The facts of one API with fixes applied, and what lint says about them.

use kiwoom_spec::check::lint::lint;
use kiwoom_spec::errata::{self, Fix};
use kiwoom_spec::ir::{Api, Shape, Spec};
use kiwoom_spec::names::Names;

use super::field;

/// Facts of one API with fixes applied; none of them may fail.
pub fn fixed(api: &Api, fixes: &str) -> Api {
    let spec = Spec { apis: [(api.id.clone(), api.clone())].into(), ..Spec::default() };
    let (mut spec, problems) = errata::apply(&spec, &errata::parse(fixes).expect("errata"));
    assert_eq!(problems, []);
    spec.apis.remove(&api.id).expect("the API")
}

/// What lint says about facts of one API: id of the finding and its words.
pub fn doubts(api: &Api) -> Vec<(&'static str, String)> {
    let spec = Spec { apis: [(api.id.clone(), api.clone())].into(), ..Spec::default() };
    lint(&spec, &Names::default()).into_iter().map(|p| (p.id, p.what)).collect()
}

/// One row of errata.
pub fn fix(api: &str, at: &str, op: &str, now: &str) -> String {
    format!("[[fix]]\napi = {api:?}\nat = {at:?}\nop = {op:?}\nnow = {now:?}\nwhy = \"seen\"\nseen = \"here\"\n")
}

/// The fixes that are committed.
pub fn committed_errata() -> Vec<Fix> {
    errata::parse(include_str!("../../errata.toml")).expect("spec/errata.toml")
}

/// The shapes of the values of a field.
pub fn seen(api: &Api, path: &str) -> Vec<Shape> {
    field(api, path).seen.clone()
}
