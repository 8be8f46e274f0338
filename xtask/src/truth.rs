//! The identities over every trusted example of a document, for `conform` and `lint`.

use kiwoom_spec::check::accepted::Accepted;
use kiwoom_spec::check::identities::{Broken, Rows, Tried, TwoApis};
use kiwoom_spec::errata::{Fix, Mended, Op};
use kiwoom_spec::names::Names;
use kiwoom_spec::problem::Problem;
use kiwoom_spec::reading::Reading;
use kiwoom_spec::sheet::ApiSheet;
use rayon::prelude::*;

/// What the identities found.
pub struct Truth {
    /// How many rows each was tried on.
    pub tried: Tried,
    /// Identities that fail and are not accepted, with their APIs.
    pub broken: Vec<(String, Broken)>,
    /// Positions of the accepted findings that explain a failure.
    pub accepted: Vec<usize>,
}

/// Checks a document against the facts after errata.
pub fn truth(document: &Reading, spec: &Mended, names: &Names, errata: &[Fix], accepted: &[Accepted]) -> Truth {
    let mut out = Truth { tried: Tried::new(), broken: Vec::new(), accepted: Vec::new() };
    let mut two = TwoApis::default();
    let mut found = Vec::new();
    let sheets: Vec<&ApiSheet> = document.apis().collect();
    let of = |sheet: &&ApiSheet| {
        let api = spec.apis.get(&sheet.id)?;
        if errata.iter().any(|f| f.api == api.id && f.op == Op::DistrustExample && f.at.starts_with("response")) {
            return None;
        }
        let examples = sheet.response.examples().and_then(Result::ok).unwrap_or_default();
        let mut tried = Tried::new();
        let rows: Vec<Rows> = examples.iter().map(|example| Rows::of(api, names, &example.value)).collect();
        let broken: Vec<Broken> = rows.iter().flat_map(|rows| rows.check(&mut tried)).collect();
        Some((api, rows, tried, broken))
    };
    let checked: Vec<_> = sheets.par_iter().filter_map(of).collect();
    for (api, rows, tried, broken) in checked {
        found.extend(broken.into_iter().map(|b| (api.id.clone(), b)));
        for (identity, rows) in tried {
            *out.tried.entry(identity).or_default() += rows;
        }
        rows.into_iter().for_each(|rows| two.add(api, rows));
    }
    let (broken, tried) = two.broken();
    out.tried.insert("two-apis", tried);
    found.extend(broken);
    let (broken, tried) = two.thousands();
    out.tried.insert("thousands", tried);
    found.extend(broken);
    for (api, broken) in found {
        let row = |a: &Accepted| a.api == api && a.at == broken.at && a.what == broken.identity;
        match accepted.iter().position(row) {
            Some(i) => out.accepted.push(i),
            None => out.broken.push((api, broken)),
        }
    }
    out
}

/// The same as warnings.
pub fn problems(document: &Reading, truth: &Truth) -> Vec<Problem> {
    let warning = |(api, b): &(String, Broken)| {
        let what = format!("{api} {}: {} does not hold: {}", b.at, b.identity, b.arithmetic);
        Problem::warning(
            "identity",
            &document.name,
            what,
            "add an erratum with this arithmetic, or accept it in spec/accepted.toml",
        )
    };
    truth.broken.iter().map(warning).collect()
}
