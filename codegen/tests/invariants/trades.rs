//! What moves money is a trade: sent once, never repeated.

use std::collections::BTreeSet;

use kiwoom_codegen::model::Protocol;
use kiwoom_spec::ir::Api;
use kiwoom_spec::names::Effect;

use crate::{COMMITTED, OUTPUT, apis, none, show};

/// APIs of the order and exchange paths that change nothing, each with its reason.
const READS: [(&str, &str); 3] = [
    ("ust31300", "says what an exchange would give; ust31302 is the one that applies for it"),
    ("ust31301", "the rates"),
    ("ust31490", "how much of a stock could be ordered"),
];

/// Orders, margin orders, gold orders (on the domestic order path), US orders, currency exchange.
fn moves_money(api: &Api) -> bool {
    let menu = ["주문", "신용주문", "환전"];
    let paths = ["/api/dostk/ordr", "/api/dostk/crdordr", "/api/us/ordr", "/api/us/exchange"];
    api.menu.get(1).is_some_and(|m| menu.contains(&m.as_str())) || paths.contains(&api.path.as_str())
}

fn effect(id: &str) -> Option<Effect> {
    COMMITTED.names.apis.get(id).map(|n| n.effect)
}

#[test]
fn the_list_of_trades() {
    let lines: BTreeSet<String> = apis()
        .filter(|a| a.effect == Effect::Trade)
        .map(|a| format!("{} {} {} ({})", a.id, a.path, a.name, a.korean))
        .collect();
    show!("trades", lines.into_iter().collect::<Vec<_>>().join("\n"));
}

#[test]
fn every_api_of_the_order_and_exchange_paths_is_a_trade() {
    let mut found = Vec::new();
    let mut seen = 0;
    for api in COMMITTED.facts.apis.values().filter(|a| moves_money(a)) {
        seen += 1;
        let excused = READS.iter().any(|(id, _)| *id == api.id);
        match effect(&api.id) {
            Some(Effect::Trade) if excused => found.push(format!("{} is a trade and in the list of reads", api.id)),
            Some(Effect::Trade) => {}
            Some(Effect::Read) if excused => {}
            other => found.push(format!(
                "{} {} ({}) is {other:?}: make it a trade, or give its reason in READS",
                api.id, api.name, api.path
            )),
        }
    }
    for (id, _) in READS {
        if !COMMITTED.facts.apis.get(id).is_some_and(moves_money) {
            found.push(format!("{id} is in the list of reads, but on no order path"));
        }
    }
    none(found);
    assert!(seen >= 20, "only {seen} APIs stand on order and exchange paths: the paths changed");
}

/// Other paths: the name gives away what happens.
#[test]
fn every_api_that_is_called_an_order_is_a_trade() {
    let happens = |name: &str| {
        let bare: String = name.split(['(', '（']).next().unwrap_or(name).split_whitespace().collect();
        ["주문", "신청", "정정", "취소", "이체", "해지", "등록"].iter().any(|w| bare.ends_with(w))
    };
    let silent = COMMITTED.facts.apis.values().filter(|a| happens(&a.name) && effect(&a.id) != Some(Effect::Trade));
    none(silent.map(|a| format!("{} {} is {:?}", a.id, a.name, effect(&a.id))).collect());
}

/// The kill switch lets pass what takes an order back, and nothing else.
#[test]
fn every_cancellation_is_in_the_table_and_nothing_else() {
    let called_so = |api: &&kiwoom_codegen::model::Api| api.effect == Effect::Trade && api.korean.contains("취소");
    let names: BTreeSet<&str> = apis().filter(called_so).map(|a| a.id.as_str()).collect();
    let curated: BTreeSet<&str> = apis().filter(|a| a.cancels).map(|a| a.id.as_str()).collect();
    assert_eq!(curated, names);
    assert_eq!(curated.len(), 4);
    let table = &OUTPUT.files["src/generated/effects.rs"];
    let (_, list) = table.split_once("CANCELLATIONS: &[&str] = &[").expect("the table");
    let list: BTreeSet<&str> = list.split_once("];").expect("its end").0.split('"').skip(1).step_by(2).collect();
    assert_eq!(list, curated);
}

/// Whatever has no row is a trade, and nothing without a row is committed.
#[test]
fn effects_are_curated() {
    none(
        COMMITTED.facts.apis.keys().filter(|id| effect(id).is_none()).map(|id| format!("{id} has no effect")).collect(),
    );
    let answers = |api: &&kiwoom_codegen::model::Api| api.effect == Effect::Trade;
    none(apis().filter(answers).filter(|a| a.paged).map(|a| format!("{} is a trade and paged", a.id)).collect());
    none(
        apis()
            .filter(answers)
            .filter(|a| a.protocol != Protocol::Rest)
            .map(|a| format!("{} is a trade over the WebSocket, where nothing can tell whether it arrived", a.id))
            .collect(),
    );
}
