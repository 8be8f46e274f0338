//! Pairs each change with the code that gives its sign; the decoder keeps the two consistent.

use kiwoom_spec::check::signs::is_sign_of;
use kiwoom_spec::errata::mended;

use crate::model::{Change, Field, Kind};

/// The set of sign codes; the runtime knows it by the order of its names.
const SET: &str = "ChangeSign";

/// The pairs of one record; `facts` are those of `fields`.
pub fn changes(fields: &[Field], facts: &[mended::Field]) -> Vec<Change> {
    let signs = fields.iter().enumerate().filter(|(_, f)| matches!(&f.kind, Kind::Coded(set, _) if set == SET));
    let pair = |(sign, code): (usize, &Field)| {
        // usa01990 labels its pred_pre_sig as a volume
        let is_its = |f: &Field| is_sign_of(&code.korean, &f.korean) || code.key == format!("{}_sig", f.key);
        let number = fields.iter().position(|f| matches!(f.kind, Kind::Decimal(_)) && is_its(f))?;
        Some(Change { number, sign, bare: facts[number].ruled.sign.as_deref() == Some("code") })
    };
    signs.filter_map(pair).collect()
}
