//! Units in the docs: what a label states is believed, what follows is said, what is unknown is rare.

use kiwoom_codegen::check;
use kiwoom_codegen::model::{Kind, Unit};
use kiwoom_spec::errata;
use kiwoom_spec::names::reasons;

use crate::{COMMITTED, OUTPUT, apis, none, structs, support};

/// 838 of 2,420 before units followed from labels and markets.
const MOST_UNKNOWN: usize = 300;

#[test]
fn few_units_are_unknown() {
    let count = |words: &str| OUTPUT.files.values().map(|text| text.matches(words).count()).sum::<usize>();
    let (unknown, all) = (count("Unit: not documented"), count("Unit: "));
    println!("{unknown} of {all} units are not documented");
    assert!(all > 2_400, "{all} units");
    assert!(unknown <= MOST_UNKNOWN, "{unknown} of {all} units are not documented");
}

#[test]
fn a_label_that_states_its_unit_is_believed() {
    let stated = [
        ("(원)", "won"),
        ("(USD)", "USD"),
        ("(백만)", "million won"),
        ("(억)", "hundred million won"),
        ("(천)", "thousand "),
        ("(외)", "foreign currency"),
        ("(%)", "Percent"),
        ("(원/주)", "won or shares"),
    ];
    let (mut wrong, mut tried) = (Vec::new(), 0);
    for api in apis() {
        for field in structs(api).flat_map(|s| &s.fields) {
            let Some((_, unit)) = stated.iter().find(|(mark, _)| field.korean.trim_end().ends_with(mark)) else {
                continue;
            };
            // an exchange rate states its currency
            if field.korean.contains("환율") {
                continue;
            }
            tried += 1;
            if !field.docs.iter().any(|line| line.contains(unit)) {
                wrong.push(format!("{} {} {}: {:?} is not {unit}", api.id, field.key, field.korean, field.docs));
            }
        }
    }
    assert!(tried >= 60, "{tried} labels");
    none(wrong);
}

/// Won a gram times the quantity is the amount: nothing about gold counts shares.
#[test]
fn gold_is_weighed_everywhere() {
    let gold = &COMMITTED.names.labels.class["gold"];
    let shares = |kind: &Kind| {
        matches!(
            kind,
            Kind::Unit(Unit::ThousandShares | Unit::HundredShares | Unit::TenThousandShares | Unit::MillionShares, _)
        )
    };
    let (mut wrong, mut grams) = (Vec::new(), 0);
    for api in apis().filter(|api| gold.contains(&api.id)) {
        for field in structs(api).flat_map(|s| &s.fields) {
            let says = |words: &str| field.docs.iter().any(|line| line.contains(words));
            grams += usize::from(says("grams"));
            if shares(&field.kind) || says("shares") && !says("grams") {
                wrong.push(format!("{} {}: {:?}", api.id, field.key, field.docs));
            }
        }
    }
    assert!(grams >= 34, "{grams} fields in grams");
    none(wrong);
}

/// The thresholds of the US rankings count ten thousands, and their types say so.
#[test]
fn thresholds_are_counted_as_they_are_sent() {
    let requests = apis().filter_map(|api| api.request.as_ref());
    let counted = requests.flat_map(|request| &request.body.fields).filter(|field| {
        matches!(field.kind, Kind::Unit(Unit::TenThousandShares | Unit::TenThousandUsd, _))
            && field.docs.iter().any(|line| line.starts_with("Lower bounds"))
    });
    assert_eq!(counted.count(), 100);
}

/// `new()` sends codes, never words of the text.
#[test]
fn no_default_is_a_word() {
    let defaults = apis().filter_map(|api| api.request.as_ref().map(|request| (api, request)));
    let words = defaults.flat_map(|(api, request)| request.body.fields.iter().map(move |field| (api, field)));
    none(
        words
            .filter(|(_, field)| field.default.as_ref().is_some_and(|default| !default.is_ascii()))
            .map(|(api, field)| format!("{} {} starts as {:?}", api.id, field.key, field.default))
            .collect(),
    );
}

#[test]
fn twins_and_requests_are_settled() {
    let text = support::read(&support::root().join("spec/reasons.toml"));
    let reasons = reasons::parse(&text).expect("reasons");
    let found = check::check(&COMMITTED.spec, &COMMITTED.names, &reasons);
    none(found.iter().map(|p| format!("{} {}: {p}", p.id, p.place)).collect());
}

/// A field that turns into another kind than its twins is found, and so is a field that `new()` no longer sends.
#[test]
fn a_twin_that_differs_is_found() {
    let fix = "[[fix]]\napi = \"ka10081\"\nat = \"response.stk_dt_pole_chart_qry.cur_prc\"\nop = \"kind\"\nnow = \"change\"\nwhy = \"a test\"\nseen = \"a test\"\n";
    let table = support::read(&support::root().join("spec/errata.toml")) + fix;
    let (spec, _) = errata::apply(&COMMITTED.facts, &errata::parse(&table).expect("errata"));
    let mut names = COMMITTED.names.clone();
    names.apis.get_mut("ka10054").expect("interruptions").default.remove("min_trde_qty");
    let text = support::read(&support::root().join("spec/reasons.toml"));
    let reasons = reasons::parse(&text).expect("reasons");
    let found: Vec<String> =
        check::check(&spec, &names, &reasons).iter().map(|p| format!("{} {}", p.id, p.place)).collect();
    assert_eq!(found, ["twin ka10081.cur_prc", "omitted ka10054.min_trde_qty"]);
}
