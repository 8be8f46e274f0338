//! Which Rust item a change of the facts breaks, on the committed facts.

use kiwoom_codegen::impact::{State, attach, changes};
use kiwoom_codegen::lower::lower;
use kiwoom_spec::describe::Unit;
use kiwoom_spec::diff::{self, Delta, Extent};
use kiwoom_spec::errata::{self, Fix};
use kiwoom_spec::ir::{Api, Field, Shape, Spec};

use crate::support;

fn fixes() -> Vec<Fix> {
    errata::parse(&support::read(&support::root().join("spec/errata.toml"))).expect("the committed errata")
}

/// What a change of the committed facts does: `rule class place`, and what breaks.
fn impact(make: impl FnOnce(&mut Spec)) -> Vec<(String, Vec<String>)> {
    let committed = support::committed();
    let mut facts = committed.facts.clone();
    make(&mut facts);
    let errata = fixes();
    let [before, after] = [&committed.facts, &facts].map(|facts| errata::apply(facts, &errata).0);
    let state = |says, fixed| State { says, extent: Extent::Whole, fixed, names: &committed.names };
    let found = changes(&state(&committed.facts, &before), &state(&facts, &after));
    // Only what was touched is lowered; lowering everything gives the same.
    let said = diff::with_errata(diff::compare(&committed.facts, &facts), diff::compare(&before, &after));
    let [old, new] = [&before, &after].map(|spec| lower(spec, &committed.names));
    assert_eq!(found, attach(said, &old, &new));
    let words = |d: Delta| (format!("{} {} {}", d.rule, d.class().word(), d.place()), d.breaks);
    found.into_iter().map(words).collect()
}

fn field<'a>(spec: &'a mut Spec, api: &str, path: &str) -> &'a mut Field {
    let api = spec.apis.get_mut(api).expect("the API");
    let (side, rest) = path.split_once('.').expect("a path");
    let side = if side == "request" { &mut api.request } else { &mut api.response };
    let mut keys = rest.split('.');
    let first = keys.next().expect("a key");
    let mut at = side.blocks.iter_mut().flat_map(|b| &mut b.fields).find(|f| f.key == first).expect("the field");
    for key in keys {
        at = at.fields.iter_mut().find(|f| f.key == key).expect("the field");
    }
    at
}

fn rows<'a>(spec: &'a mut Spec, api: &str, list: &str) -> &'a mut Vec<Field> {
    &mut field(spec, api, &format!("response.{list}")).fields
}

#[track_caller]
fn assert_impact(found: &[(String, Vec<String>)], want: &[(&str, &[&str])]) {
    let found: Vec<(&str, Vec<&str>)> =
        found.iter().map(|(d, b)| (d.as_str(), b.iter().map(String::as_str).collect())).collect();
    let want: Vec<(&str, Vec<&str>)> = want.iter().map(|(d, b)| (*d, b.to_vec())).collect();
    assert_eq!(found, want);
}

const CHART: &str = "stk_dt_pole_chart_qry";

#[test]
fn nothing_changed_breaks_nothing() {
    assert_impact(&impact(|_| {}), &[]);
}

#[test]
fn a_field_that_is_gone_breaks_its_member() {
    let found = impact(|s| rows(s, "ka10081", CHART).retain(|f| f.key != "trde_qty"));
    let item = "domestic::chart::StockDailyChartRow::trde_qty is gone";
    assert_impact(
        &found,
        &[("response-field-removed source ka10081 response.stk_dt_pole_chart_qry.trde_qty", &[item])],
    );
}

#[test]
fn a_field_with_another_key_breaks_its_member() {
    let found = impact(|s| field(s, "ka10081", &format!("response.{CHART}.trde_qty")).key = "volume".into());
    let item = "domestic::chart::StockDailyChartRow::trde_qty is gone";
    assert_impact(&found, &[("field-renamed source ka10081 response.stk_dt_pole_chart_qry.volume", &[item])]);
}

#[test]
fn a_unit_with_a_type_of_its_own_breaks_and_one_without_changes_the_meaning() {
    let unit =
        |unit| move |s: &mut Spec| field(s, "ka10081", &format!("response.{CHART}.trde_prica")).says.unit = Some(unit);
    let place = "ka10081 response.stk_dt_pole_chart_qry.trde_prica";
    let found = impact(unit(Unit::HundredMillionWon));
    let item = "domestic::chart::StockDailyChartRow::trde_prica: Option<MillionWon> -> Option<HundredMillionWon>";
    assert_impact(&found, &[(&format!("unit-changed source {place}"), &[item])]);
    let price = |s: &mut Spec| field(s, "ka10081", &format!("response.{CHART}.cur_prc")).says.unit = Some(Unit::Usd);
    assert_impact(&impact(price), &[("unit-changed meaning ka10081 response.stk_dt_pole_chart_qry.cur_prc", &[])]);
}

#[test]
fn a_list_that_becomes_an_object_breaks_its_member() {
    let found = impact(|s| field(s, "ka10081", &format!("response.{CHART}")).seen = vec![Shape::Object]);
    assert!(found[0].0.starts_with("list-became-object source ka10081"), "{found:?}");
    assert!(found[0].1[0].contains("Vec<StockDailyChartRow> -> StockDailyChartRow"), "{found:?}");
}

#[test]
fn an_api_that_is_gone_breaks_its_types_and_its_method() {
    let found = impact(|s| drop(s.apis.remove("ka10081")));
    let want = [
        "domestic::chart::DomesticChart::stock_daily_chart is gone",
        "domestic::chart::StockDailyChart is gone",
        "domestic::chart::StockDailyChartReply is gone",
        "domestic::chart::StockDailyChartRow is gone",
        "id::ka10081 is gone",
    ];
    assert_impact(&found, &[("api-removed source ka10081", &want)]);
}

/// The module of a named API is frozen in `homes.toml`: the guide may move it, its types stay where users import them from.
#[test]
fn another_menu_moves_no_item() {
    let found = impact(|s| s.apis.get_mut("ka10081").expect("the API").menu[1] = "시세".into());
    assert_impact(&found, &[("api-menu-moved docs ka10081", &[])]);
}

#[test]
fn an_api_without_a_name_breaks_nothing() {
    let api = |s: &Spec| Api { id: "zz90001".into(), name: "새로운조회".into(), ..s.apis["ka10081"].clone() };
    let found = impact(|s| drop(s.apis.insert("zz90001".into(), api(s))));
    assert_impact(&found, &[("api-added docs zz90001", &[])]);
}

#[test]
fn a_code_that_no_set_has_takes_the_type_away_and_says_so() {
    let add = |s: &mut Spec| field(s, "ka10016", "request.stex_tp").says.codes.push(("9".into(), "새곳".into()));
    let found = impact(add);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].0, "code-added source ka10016 request.stex_tp");
    assert!(
        found[0].1.iter().any(|b| b.contains("::stex_tp: Option<Venue") && b.ends_with("-> Option<Code>")),
        "{found:?}"
    );
}

#[test]
fn what_an_erratum_said_before_touches_nobody() {
    // The document calls a number shares that an erratum calls thousands of shares.
    let errata = fixes();
    let thousand = |f: &&Fix| f.op == errata::Op::Unit && f.was == "share" && f.now == "thousand-share";
    let fix = errata.iter().find(thousand).expect("an erratum of a unit");
    let found = impact(|s| field(s, &fix.api, &fix.at).says.unit = Some(Unit::ThousandShare));
    let want = format!("unit-changed docs {} {}", fix.api, fix.at);
    assert_impact(&found, &[(&want, &[])]);
}
