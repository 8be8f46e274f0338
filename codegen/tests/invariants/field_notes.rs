//! A curated note is the first line of its field's docs, and the label still follows it.

use kiwoom_codegen::doc;
use kiwoom_codegen::model::{Api, Field, Struct};

use crate::{COMMITTED, MODEL};

fn structs(api: &Api) -> impl Iterator<Item = &Struct> {
    api.request.iter().map(|r| &r.body).chain([&api.reply]).chain(&api.push).chain(&api.nested)
}

#[test]
fn every_note_is_the_first_line_of_its_field() {
    let notes = &COMMITTED.names.notes.note;
    assert!(notes.len() >= 25, "{} notes", notes.len());
    for note in notes {
        let key = note.at.rsplit('.').next().expect("a path has a last part");
        let api = MODEL.menus.iter().flat_map(|m| &m.apis).find(|a| a.id == note.api).expect("lint says so before");
        let whole = match note.at.as_str() {
            "response" => Some(&api.reply),
            "request" => api.request.as_ref().map(|r| &r.body),
            _ => None,
        };
        if let Some(whole) = whole {
            assert_eq!(whole.docs[1..3], [String::new(), note.text.clone()], "{} {}", note.api, note.at);
            continue;
        }
        let about = |f: &&Field| f.key == key && f.docs.first() == Some(&note.text);
        let found: Vec<&Field> = structs(api).flat_map(|s| &s.fields).filter(about).collect();
        let [field] = found[..] else { panic!("{} {}: first line of {} fields", note.api, note.at, found.len()) };
        assert_eq!(field.docs[1], "", "{} {}: a paragraph of its own", note.api, note.at);
        // keys that only an example shows have no label
        let label = match COMMITTED.names.glossary.gloss(&field.korean) {
            _ if field.korean.is_empty() => doc::code(&field.key),
            Some(english) => format!("{} ({})", doc::escape(&english), doc::escape(field.korean.trim())),
            None => doc::escape(&field.korean),
        };
        assert_eq!(field.docs[2], format!("{label}."), "{} {}: then the label", note.api, note.at);
    }
}

#[test]
fn the_names_that_mislead_most_say_so() {
    let docs = |id: &str, owner: &str, ident: &str| {
        let api = MODEL.menus.iter().flat_map(|m| &m.apis).find(|a| a.id == id).expect("the API");
        let owner = structs(api).find(|s| s.name == owner).expect("the struct");
        let member = owner.members.iter().find(|m| m.ident == ident).expect("the member");
        member.docs.first().expect("a line").clone()
    };
    for (id, owner, ident, words) in [
        ("kt00001", "DepositDetailReply", "min_ord_alow_yn", "An amount in won"),
        ("kt00001", "DepositDetailReply", "n20stk_ord_alow_amt", "five times the cash"),
        ("ka10086", "DailyPriceRow", "pred_rt", "A change in won"),
        ("ka10065", "IntradayInvestorTradingTopRow", "netslmt", "Net buying"),
        ("ka10026", "HighLowPerRow", "per", "PBR, PER or ROE"),
        ("ka10081", "StockDailyChart", "upd_stkpc_tp", "after the split"),
        ("ka10081", "StockDailyChart", "base_dt", "an upper bound"),
        ("usa06012", "DailyChart", "strt_dt", "a lower bound"),
        ("00", "OrderExecution", "reported_fill_price", "Bind no position"),
        ("00", "OrderExecution", "reported_fill_qty", "Bind no position"),
    ] {
        let first = docs(id, owner, ident);
        assert!(first.contains(words), "{id} {ident}: {first:?} does not say {words:?}");
    }
}

/// The document says of some fields that they count only beside a value of another one. No type can say which.
#[test]
fn every_condition_of_a_document_is_said_first() {
    let envelope = ["return_code", "return_msg", "cont_yn", "next_key", "refresh"];
    let notes = &COMMITTED.names.notes;
    let (mut all, mut silent) = (0, Vec::new());
    for (id, api) in &COMMITTED.spec.apis {
        api.walk(&mut |path, field| {
            if !field.says.conditional || envelope.contains(&field.key.as_str()) {
                return;
            }
            all += 1;
            if notes.find(id, path).is_none() {
                silent.push(format!("{id} {path}"));
            }
        });
    }
    println!("{all} conditions");
    assert!(all > 80 && silent.is_empty(), "{all} conditions; add a row to spec/names/notes.toml: {silent:?}");
}
