//! The checks of the tables.

use std::collections::BTreeMap;

use super::{Effect, parse};
use crate::ir::{Api, Spec};

fn findings(apis: &str, menus: &str) -> Vec<String> {
    let files = [("apis.toml", apis), ("menus.toml", menus)];
    let files: BTreeMap<String, String> = files.into_iter().map(|(f, t)| (f.to_owned(), t.to_owned())).collect();
    let api = Api { id: "zz00001".into(), menu: vec!["견본".into()], ..Api::default() };
    let spec = Spec { apis: [(api.id.clone(), api)].into(), ..Spec::default() };
    parse(&files).expect("tables").check(&spec).iter().map(|p| format!("{} {}", p.id, p.place)).collect()
}

const MENUS: &str = "[[market]]\nmodule = \"domestic\"\ntitle = \"Samples.\"\n";
const MENU: &str = "[[menu]]\npath = [\"견본\"]\nmodule = \"domestic::sample\"\ntitle = \"Samples\"\n";

#[test]
fn only_a_trade_cancels() {
    let apis = |effect: &str| format!("[zz00001]\nname = \"Sample\"\neffect = \"{effect}\"\ncancels = true\n");
    let menus = format!("{MENUS}{MENU}");
    assert_eq!(findings(&apis("trade"), &menus), [] as [&str; 0]);
    for effect in ["read", "auth"] {
        assert_eq!(findings(&apis(effect), &menus), ["cancels-no-trade spec/names/apis.toml:zz00001"], "{effect}");
    }
    let files = [("apis.toml".to_owned(), "[zz1]\nname = \"A\"\neffect = \"trade\"\n".to_owned())].into();
    let row = parse(&files).expect("a table").apis["zz1"].clone();
    assert_eq!((row.effect, row.cancels), (Effect::Trade, false), "without a word an order takes nothing back");
}

#[test]
fn every_market_has_a_title() {
    let apis = "[zz00001]\nname = \"Sample\"\neffect = \"read\"\n";
    assert_eq!(findings(apis, MENU), ["no-market spec/names/menus.toml"]);
}
