//! Changes and their sign codes: every code of a reply has its change, or is known to have none.

use std::collections::BTreeSet;

use kiwoom_codegen::model::Kind;

use crate::{apis, none, structs};

/// Codes whose number is a rate, a price or not in the row; those of ka10018 are no sign codes in its example.
const ALONE: &[&str] = &[
    "ka10007 smbol 부호",
    "ka10018 pred_pre_sig 전일대비기호",
    "ka50081 pred_pre_sig 전일대비기호",
    "ka90001 flu_sig 등락기호",
];

#[test]
fn every_sign_code_is_held_against_its_change() {
    let (mut pairs, mut bare, mut alone) = (0, BTreeSet::new(), BTreeSet::new());
    for api in apis() {
        for record in structs(api) {
            let is_sign = |kind: &Kind| matches!(kind, Kind::Coded(set, _) if set == "ChangeSign");
            for (at, field) in record.fields.iter().enumerate().filter(|(_, f)| is_sign(&f.kind)) {
                match record.changes.iter().find(|change| change.sign == at) {
                    Some(change) if change.bare => drop(bare.insert(api.id.as_str())),
                    Some(_) => pairs += 1,
                    None => drop(alone.insert(format!("{} {} {}", api.id, field.key, field.korean))),
                }
            }
        }
    }
    assert!(pairs > 150, "{pairs} pairs");
    assert_eq!(bare.into_iter().collect::<Vec<_>>(), ["ka10079"]);
    let known: BTreeSet<String> = ALONE.iter().map(|row| (*row).to_owned()).collect();
    none(alone.symmetric_difference(&known).map(|row| format!("{row}: pairs and the list do not agree")).collect());
}
