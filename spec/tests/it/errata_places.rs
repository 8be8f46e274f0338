//! One erratum may stand in several places; what it says of units and codes is applied only while the document agrees.

use kiwoom_spec::describe::{Symbol, Unit};
use kiwoom_spec::errata::{apply, parse};
use kiwoom_spec::ir::{Api, Block, Field, Spec};

fn spec() -> Spec {
    let field = |key: &str| Field { key: key.into(), ..Field::default() };
    let mut amount = field("amt");
    amount.says.unit = Some(Unit::MillionWon);
    let mut api = Api { id: "zz00001".into(), ..Api::default() };
    api.response.blocks.push(Block { fields: vec![amount, field("net"), field("stk_cd")], ..Block::default() });
    let mut spec = Spec::default();
    spec.apis.insert(api.id.clone(), api);
    spec
}

fn fix(at: &str, op: &str, now: &str) -> String {
    format!(
        "[[fix]]\napi = \"zz00001\"\nat = {at}\nop = \"{op}\"\nwas = \"none\"\nnow = \"{now}\"\nwhy = \"a test\"\nseen = \"\"\n"
    )
}

#[test]
fn a_list_of_places_is_one_fix_each() {
    let fixes = parse(&fix(r#"["response.amt", "response.net"]"#, "unit-by", "amt_qty_tp")).expect("errata");
    assert_eq!(fixes.iter().map(|f| f.at.as_str()).collect::<Vec<_>>(), ["response.amt", "response.net"]);
    let (fixed, problems) = apply(&spec(), &fixes);
    assert_eq!(problems, []);
    let fields = &fixed.apis["zz00001"].response.blocks[0].fields;
    assert_eq!(fields[0].says.unit_by.as_deref(), Some("amt_qty_tp"));
    assert_eq!(fields[0].says.unit, Some(Unit::MillionWon), "the unit that holds by default stays");
    assert_eq!(fields[1].says.unit_by.as_deref(), Some("amt_qty_tp"));
    let mut upstream = spec();
    let api = upstream.apis.get_mut("zz00001").expect("the API");
    api.response.blocks[0].fields.iter_mut().for_each(|f| f.says.unit_by = Some("amt_qty_tp".to_owned()));
    let (_, problems) = apply(&upstream, &fixes);
    let ids: Vec<&str> = problems.iter().map(|p| p.id).collect();
    assert_eq!(ids, ["erratum-fixed"; 2], "what the document says by now is no erratum");
}

#[test]
fn one_place_twice_in_a_list_is_a_contradiction() {
    let problems = parse(&fix(r#"["response.amt", "response.amt"]"#, "unit-by", "amt_qty_tp")).unwrap_err();
    assert_eq!(problems.iter().map(|p| p.id).collect::<Vec<_>>(), ["contradictory-errata"]);
}

#[test]
fn a_prefix_that_no_word_mentions() {
    let fixes = parse(&fix(r#""response.stk_cd""#, "symbol", "type-prefix")).expect("errata");
    let (fixed, problems) = apply(&spec(), &fixes);
    assert_eq!(problems, []);
    assert_eq!(fixed.apis["zz00001"].response.blocks[0].fields[2].says.symbol, [Symbol::TypePrefix]);
    let (_, problems) = apply(&spec(), &parse(&fix(r#""response.stk_cd""#, "symbol", "letter")).expect("errata"));
    assert_eq!(problems.len(), 1, "{problems:?}");
}
