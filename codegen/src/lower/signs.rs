//! Pairs each number with the code that gives its sign; the decoder keeps the two consistent.

use kiwoom_spec::check::signs::{is_sign_of, is_sign_of_rank, is_sign_of_rate};
use kiwoom_spec::errata::mended;

use crate::model::{Change, Field, Kind, Sign};

/// What the meanings of a set say of the number beside them, in the order of the set; none for all other sets.
pub fn of_set(set: &str) -> &'static [Sign] {
    match set {
        "ChangeSign" => &[Sign::Up, Sign::Up, Sign::Flat, Sign::Down, Sign::Down],
        "RiseFall" => &[Sign::Up, Sign::Down],
        // the last meaning, a new entry, says nothing of a move
        "RankMove" => &[Sign::Up, Sign::Down, Sign::Flat],
        _ => &[],
    }
}

/// The pairs of one record; `facts` are those of `fields`.
pub fn changes(fields: &[Field], facts: &[&mended::Field]) -> Vec<Change> {
    let signs =
        fields.iter().enumerate().filter(|(_, f)| matches!(&f.kind, Kind::Coded(set, _) if !of_set(set).is_empty()));
    signs.flat_map(|(sign, code)| pairs(sign, code, fields, facts)).collect()
}

fn pairs(sign: usize, code: &Field, fields: &[Field], facts: &[&mended::Field]) -> Vec<Change> {
    let bare = |number: usize| facts[number].ruled.sign.as_deref() == Some("code");
    // usa01990 labels its pred_pre_sig as a volume
    let is_its = |f: &Field| is_sign_of(&code.korean, &f.korean) || code.key == format!("{}_sig", f.key);
    let change = fields.iter().position(|f| matches!(f.kind, Kind::Decimal(_)) && is_its(f));
    let is_rate = |f: &Field| matches!(f.kind, Kind::Percent(_)) && is_sign_of_rate(&code.korean, &f.korean);
    // A rate of a change is held to its sign only where nothing else is: the change proves the code already.
    let rate = fields.iter().position(is_rate).filter(|at| change.is_none() || bare(*at));
    let is_move = |f: &Field| matches!(f.kind, Kind::Count(_)) && is_sign_of_rank(&code.korean, &f.korean);
    let moved = fields.iter().position(is_move);
    // An erratum may say that a number is not held to the code beside it: nothing of that example's codes fits.
    let own = |number: &usize| facts[*number].ruled.sign.as_deref() == Some("own");
    change
        .into_iter()
        .chain(rate)
        .chain(moved)
        .filter(|number| !own(number))
        .map(|number| Change { number, sign, bare: bare(number) })
        .collect()
}
