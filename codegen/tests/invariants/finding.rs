//! Finding things: the index of all APIs, the words of traders, docs that read in English, requests without choices.

use std::collections::BTreeSet;

use kiwoom_codegen::model::Protocol;

use crate::support::root;
use crate::{COMMITTED, MODEL, OUTPUT, apis, none, structs};

/// The words between backquotes of a cell.
fn spans(cell: &str) -> Vec<&str> {
    cell.split('`').skip(1).step_by(2).collect()
}

#[test]
fn every_handle_and_method_of_the_index_exists() {
    let index = &OUTPUT.files["APIS.md"];
    let (mut handle, mut folder, mut seen) = (None, String::new(), 0);
    let mut found = Vec::new();
    for line in index.lines() {
        if let Some(rest) = line.strip_prefix("Module `") {
            folder = rest.split('`').next().expect("a path").replace("::", "/");
            handle = rest.split_once("handle `").map(|(_, rest)| rest.split('`').next().expect("a name"));
            let text = &OUTPUT.files[&format!("src/generated/{folder}/mod.rs")];
            if let Some(handle) =
                handle.filter(|handle| !text.contains(&format!("pub fn {}(&self)", &handle[..handle.len() - 2])))
            {
                found.push(format!("{folder} has no handle {handle}"));
            }
        }
        let cells: Vec<&str> = line.split(" | ").collect();
        let [id, _, name, required, method, _] = cells[..] else { continue };
        let (Some(id), [name], method) = (id.strip_prefix("| `"), &spans(name)[..], spans(method)) else { continue };
        let menu = &OUTPUT.files[&format!("src/generated/{folder}/mod.rs")];
        let api = apis().find(|api| api.name == *name && id.starts_with(&api.id)).expect("an API");
        if api.protocol != Protocol::Rest {
            assert_eq!(method, [api.via.as_str()], "{id}");
            found.extend(strange_calls(&api.via).map(|call| format!("{id}: no function {call}")));
            continue;
        }
        assert!(!method.is_empty(), "{id}");
        for method in &method {
            seen += 1;
            if handle.is_none() || !menu.contains(&format!("pub fn {method}(")) {
                found.push(format!("{id}: no method {method} in {folder}"));
            }
        }
        for field in spans(required) {
            let request = api.request.as_ref().expect("a request");
            if !request.body.fields.iter().any(|f| f.ident == field) {
                found.push(format!("{id}: no field {field}"));
            }
        }
    }
    none(found);
    assert_eq!(seen, apis().filter(|api| api.protocol == Protocol::Rest).count());
}

/// The functions that `via` calls and no hand-written file of realtime data has.
fn strange_calls(via: &str) -> impl Iterator<Item = String> {
    let folder = root().join("kiwoom-api/src/realtime");
    let sources: String = std::fs::read_dir(folder)
        .expect("a folder")
        .filter_map(|entry| std::fs::read_to_string(entry.expect("an entry").path()).ok())
        .collect();
    // what stands between a point and the bracket or the type of a call
    let names = via.split('.').skip(1).filter_map(|call| call.split_once(['(', ':']).map(|(name, _)| name.to_owned()));
    names.filter(|name| !name.is_empty()).filter(move |name| {
        let known = ["(", "<"].iter().any(|after| sources.contains(&format!("fn {name}{after}")));
        !known
    })
}

#[test]
fn what_is_no_rest_call_says_what_to_write() {
    let sockets: Vec<_> = apis().filter(|api| api.protocol != Protocol::Rest).collect();
    assert!(sockets.len() > 20, "{}", sockets.len());
    for api in sockets {
        assert!(api.via.starts_with("client.") || api.via == "drop(watch)", "{}: {:?}", api.id, api.via);
        let first = api.request.as_ref().map_or(&api.reply, |request| &request.body);
        assert!(first.docs.iter().any(|line| line.contains(&api.via)), "{}: {:?}", api.id, first.docs);
    }
    assert!(apis().filter(|api| api.protocol == Protocol::Rest).all(|api| api.via.is_empty()));
    assert_eq!(strange_calls("client.conditions().lists()").collect::<Vec<_>>(), ["lists"]);
}

#[test]
fn every_word_of_a_trader_leads_somewhere() {
    let table = &COMMITTED.names.synonyms;
    let mut found = Vec::new();
    for row in &table.synonym {
        for id in &row.api {
            let menu = MODEL.menus.iter().find(|m| m.apis.iter().any(|api| api.id == *id)).expect("a menu");
            let api = menu.apis.iter().find(|api| api.id == *id).expect("an API");
            let text = &OUTPUT.files[&format!("src/generated/{}/{}/mod.rs", menu.market, menu.module)];
            let item = match (api.protocol, &api.request) {
                (Protocol::Rest, _) => format!("pub fn {}(", api.method),
                // without a method its type, where it is re-exported
                (_, request) => {
                    let name = request.as_ref().map_or(&api.reply.name, |request| &request.body.name);
                    format!("pub use {}::{name};", api.method)
                }
            };
            let lines: Vec<&str> = text.lines().map(str::trim_start).collect();
            let at = lines.iter().position(|line| line.starts_with(&item)).expect("the item");
            let before = lines[..at].iter().rev();
            let attributes: Vec<&&str> =
                before.take_while(|line| line.starts_with("#[") || line.starts_with("///")).collect();
            for word in [row.ko.clone(), row.ko.replace(' ', "")] {
                if !attributes.contains(&&format!("#[doc(alias = \"{word}\")]").as_str()) {
                    found.push(format!("{word} does not lead to {id}"));
                }
            }
        }
    }
    none(found);
    assert!(table.synonym.len() >= 130, "{} words", table.synonym.len());
    let index = &OUTPUT.files["APIS.md"];
    for row in &table.nothing {
        assert!(index.contains(&format!(": {}", row.says)), "{}", row.ko);
    }
    // found in the index however it is typed
    for ko in table.synonym.iter().map(|row| &row.ko).chain(table.nothing.iter().map(|row| &row.ko)) {
        for word in [ko.clone(), ko.replace(' ', "")] {
            assert!(index.contains(&word), "{word}");
        }
    }
}

/// Words for what is written by hand: kinds of orders, limits, servers. They stand at functions and variants: rustdoc indexes
/// no alias of a type that is re-exported.
#[test]
fn words_for_orders_and_servers_lead_to_them() {
    let item_of = |path: &str, word: &str| {
        let text = std::fs::read_to_string(root().join("kiwoom-api/src").join(path)).expect("a source file");
        let mut lines = text.lines().map(str::trim_start).map(str::to_owned);
        let alias = format!("#[doc(alias = \"{word}\")]");
        lines.find(|line| *line == alias)?;
        lines.find(|line| !line.starts_with("#[") && !line.starts_with("//"))
    };
    for (word, path, item) in [
        ("지정가", "order/draft.rs", "limit(price)"),
        ("시장가", "order/draft.rs", "market(nothing)"),
        ("최유리지정가", "order/draft.rs", "best_opposite(nothing)"),
        ("최우선지정가", "order/draft.rs", "best_own_side(nothing)"),
        ("조건부지정가", "order/draft.rs", "conditional_limit(price)"),
        ("지정가 IOC", "order/draft.rs", "limit_ioc(price)"),
        ("시장가 FOK", "order/draft.rs", "market_fok(nothing)"),
        ("스톱지정가", "order/draft.rs", "stop_limit(trigger_and_price)"),
        ("중간가", "order/draft.rs", "midpoint(nothing)"),
        ("장전 시간외", "order/draft.rs", "pre_market(nothing)"),
        ("시간외 종가", "order/draft.rs", "after_hours(nothing)"),
        ("신용 매수", "order/draft.rs", "pub fn on_margin("),
        ("신용 매도", "order/draft.rs", "pub fn repaying("),
        ("호가단위", "order/ticks.rs", "pub fn size("),
        ("종목코드", "value/stock_code.rs", "pub fn as_str("),
        ("모의투자", "net/server.rs", "Mock,"),
        ("실전투자", "net/server.rs", "Real,"),
        ("유량 제한", "client.rs", "pub fn limits("),
        ("오류코드", "error/explain.rs", "pub fn explain("),
        ("킬스위치", "client.rs", "pub fn kill_switch("),
        ("연속조회", "page/mod.rs", "pub fn rows<"),
    ] {
        let found = item_of(path, word);
        assert!(found.as_ref().is_some_and(|line| line.starts_with(item)), "{word}: {found:?}");
    }
}

/// The first line of the docs of a field is English for at least 95 in 100 fields with a Korean label.
#[test]
fn labels_read_in_english() {
    let hangul = |text: &str| text.chars().any(|c| ('가'..='힣').contains(&c));
    let (mut all, mut covered) = (0u32, 0u32);
    let mut left = BTreeSet::new();
    for field in apis().flat_map(structs).flat_map(|s| &s.fields).filter(|f| hangul(&f.korean)) {
        all += 1;
        match COMMITTED.names.glossary.gloss(&field.korean) {
            Some(english) => {
                assert!(!hangul(&english), "{english}");
                let line = format!("{} (", kiwoom_codegen::doc::escape(&english));
                assert!(field.docs.iter().any(|l| l.starts_with(&line)), "{}: {:?}", field.korean, field.docs);
                covered += 1;
            }
            None => drop(left.insert(field.korean.as_str())),
        }
    }
    println!("{covered} of {all} labels");
    assert!(all > 6000 && covered * 100 >= all * 95, "{covered} of {all} labels; not: {left:?}");
}

/// A request can be had without arguments exactly where nothing is left to decide.
#[test]
fn only_complete_requests_are_default() {
    let (mut complete, mut rest) = (0, 0);
    for menu in &MODEL.menus {
        for api in &menu.apis {
            let Some(request) = &api.request else { continue };
            let text = &OUTPUT.files[&format!("src/generated/{}/{}/{}.rs", menu.market, menu.module, api.method)];
            let name = &request.body.name;
            let derived = text.contains(&format!("#[derive(Clone, Default)]\npub struct {name} {{"));
            let default = derived || text.contains(&format!("impl Default for {name} {{"));
            assert_eq!(default, request.required.is_empty(), "{}", api.id);
            assert_eq!(!default, text.contains(&format!("impl crate::record::Empty for {name} {{")), "{}", api.id);
            if default { complete += 1 } else { rest += 1 }
        }
    }
    assert!(complete > 30 && rest > 200, "{complete} and {rest}");
}
