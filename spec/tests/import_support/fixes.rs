//! The facts of one API with fixes applied, and what lint says about them.

use std::ops::Deref;

use kiwoom_spec::check::lint::lint;
use kiwoom_spec::errata::{self, Fix, Mended, mended};
use kiwoom_spec::ir::{Api, Shape, Spec};
use kiwoom_spec::names::Names;

use super::field;

/// One API after errata.
pub struct Fixed(Mended);

impl Deref for Fixed {
    type Target = mended::Api;

    fn deref(&self) -> &mended::Api {
        self.0.apis.values().next().expect("the API")
    }
}

/// Facts of one API with fixes applied; none of them may fail.
pub fn fixed(api: &Api, fixes: &str) -> Fixed {
    let spec = Spec { apis: [(api.id.clone(), api.clone())].into(), ..Spec::default() };
    let (mended, problems) = errata::apply(&spec, &errata::parse(fixes).expect("errata"));
    assert_eq!(problems, []);
    Fixed(mended)
}

/// What lint says about facts that no erratum mends.
pub fn doubts(api: &Api) -> Vec<(&'static str, String)> {
    doubts_left(&fixed(api, ""))
}

/// What lint still says about one API: id of the finding and its words.
pub fn doubts_left(api: &Fixed) -> Vec<(&'static str, String)> {
    lint(&api.0, &Names::default()).into_iter().map(|p| (p.id, p.what)).collect()
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
pub fn seen<R>(api: &Api<R>, path: &str) -> Vec<Shape> {
    field(api, path).seen.clone()
}
