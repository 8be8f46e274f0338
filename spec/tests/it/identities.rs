//! A deliberately wrong unit, scale or sign in the facts is found by the identities; right ones are not.

use kiwoom_spec::check::identities::{Rows, Tried, TwoApis, number};
use kiwoom_spec::describe::{Facts, Unit};
use kiwoom_spec::errata::mended::{Api, Block, Field, Side};
use kiwoom_spec::names::{self, Names};
use serde_json::{Value, json};

fn tables() -> Names {
    let labels = r#"
[[label]]
ko = ["현재가", "시가", "고가", "저가"]
role = "price"
[[label]]
ko = ["전일대비"]
role = "change"
[[label]]
ko = ["등락률"]
role = "percent"
[[label]]
ko = ["거래량", "보유수량"]
role = "count"
[[label]]
ko = ["거래대금", "매입금액"]
role = "amount"
[[label]]
ko = ["매입가"]
role = "average"
"#;
    let codes = r#"
[[set]]
name = "ChangeSign"
doc = "Up or down."
variants = [{ name = "Up", ko = ["상승"] }, { name = "Down", ko = ["하락"] }]
"#;
    let files = [("labels.toml", labels), ("codes.toml", codes)];
    names::parse(&files.map(|(n, t)| (n.to_owned(), t.to_owned())).into()).unwrap()
}

fn field(key: &str, name: &str, unit: Option<Unit>) -> Field {
    Field { key: key.into(), name: name.into(), says: Facts { unit, ..Facts::default() }, ..Field::default() }
}

fn facts() -> Api {
    let mut sign = field("sign", "전일대비기호", None);
    sign.says.codes = vec![("2".into(), "상승".into()), ("5".into(), "하락".into())];
    let fields = vec![
        field("close", "현재가", Some(Unit::Won)),
        field("open", "시가", Some(Unit::Won)),
        field("high", "고가", Some(Unit::Won)),
        field("low", "저가", Some(Unit::Won)),
        field("change", "전일대비", Some(Unit::Won)),
        sign,
        field("rate", "등락률", Some(Unit::Percent)),
        field("volume", "거래량", Some(Unit::Share)),
        field("value", "거래대금", Some(Unit::MillionWon)),
        field("held", "보유수량", Some(Unit::Share)),
        field("cost", "매입가", Some(Unit::Won)),
        field("paid", "매입금액", Some(Unit::Won)),
    ];
    let response = Side { blocks: vec![Block { fields, ..Block::default() }], ..Side::default() };
    Api { id: "zz00001".into(), response, ..Api::default() }
}

fn row() -> Value {
    json!({
        "close": "-9900", "open": "+10050", "high": "+10100", "low": "-9850", "change": "-100", "sign": "5", "rate": "-1.00",
        "volume": "1000000", "value": "9950", "held": "10", "cost": "9800", "paid": "98000",
    })
}

fn found(api: &Api, example: &Value) -> Vec<&'static str> {
    Rows::of(api, &tables(), example).check(&mut Tried::new()).iter().map(|b| b.identity).collect()
}

#[test]
fn a_true_row_breaks_nothing_and_tries_every_identity() {
    let mut tried = Tried::new();
    assert_eq!(Rows::of(&facts(), &tables(), &row()).check(&mut tried), []);
    let names: Vec<_> = tried.into_iter().collect();
    assert_eq!(names, [("product", 1), ("range", 2), ("rate", 1), ("saturation", 1), ("sign", 1), ("value", 1)]);
}

/// Changes one field of the facts and says which identities break.
fn with(key: &str, change: impl Fn(&mut Field)) -> Vec<&'static str> {
    let mut api = facts();
    let field = api.response.blocks[0].fields.iter_mut().find(|f| f.key == key).unwrap();
    change(field);
    found(&api, &row())
}

#[test]
fn a_wrong_unit_is_found() {
    assert_eq!(with("value", |f| f.says.unit = Some(Unit::Won)), ["value"]);
    assert_eq!(with("value", |f| f.says.unit = Some(Unit::HundredMillionWon)), ["value"]);
    assert_eq!(with("volume", |f| f.says.unit = Some(Unit::ThousandShare)), ["value"]);
    assert_eq!(with("paid", |f| f.says.unit = Some(Unit::ThousandWon)), ["product"]);
}

#[test]
fn a_wrong_scale_is_found() {
    assert!(with("close", |f| f.says.scale = Some(2)).contains(&"range"));
    assert_eq!(with("rate", |f| f.says.scale = Some(2)), ["rate"]);
    assert!(with("change", |f| f.says.scale = Some(2)).contains(&"rate"));
}

#[test]
fn a_wrong_sign_is_found() {
    let mut example = row();
    example["change"] = json!("+100");
    assert_eq!(found(&facts(), &example), ["rate", "sign"]);
    // An erratum that takes the sign from the code settles it.
    let mut api = facts();
    let change = api.response.blocks[0].fields.iter_mut().find(|f| f.key == "change").unwrap();
    change.ruled.sign = Some("code".into());
    assert_eq!(found(&api, &example), [] as [&str; 0]);
}

#[test]
fn one_number_in_two_apis_has_one_unit() {
    let (mut two, names) = (TwoApis::default(), tables());
    let mut other = facts();
    other.id = "zz00002".into();
    two.add(&facts(), Rows::of(&facts(), &names, &row()));
    two.add(&other, Rows::of(&other, &names, &row()));
    assert_eq!(two.broken(), (vec![], 1));
    let volume = other.response.blocks[0].fields.iter_mut().find(|f| f.key == "volume").unwrap();
    volume.says.unit = Some(Unit::ThousandShare);
    other.id = "zz00003".into();
    two.add(&other, Rows::of(&other, &names, &row()));
    let (broken, _) = two.broken();
    assert_eq!(broken.len(), 1);
    assert!(broken[0].1.arithmetic.contains("1000000"), "{broken:?}");
}

#[test]
fn trap_10_signs_are_read_as_the_identities_need_them() {
    for (text, want) in [
        ("--335", Some(-335.0)),
        ("+-121", Some(-121.0)),
        ("++0.34", Some(0.34)),
        ("56,900", Some(56900.0)),
        (" 7", Some(7.0)),
        ("20%", Some(20.0)),
        ("", None),
        ("x", None),
    ] {
        assert_eq!(number(text), want, "{text:?}");
    }
}
