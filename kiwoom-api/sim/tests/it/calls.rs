//! Calls of every API, through the client.

use std::time::Duration;

use kiwoom_api::codes::OrderVenue;
use kiwoom_api::endpoint::{Effect, Protocol};
use kiwoom_api::order::Order;
use kiwoom_api::registry::{ENTRIES, Entry};
use kiwoom_api::{Client, Outcome};
use kiwoom_sim::Sim;

use crate::ask::{KEYS, post, request};

/// Every REST API and the body of its reply, for an account that has bought and has an open order.
pub async fn every_reply(sim: &Sim) -> Vec<(&'static Entry, String)> {
    let client = sim.client().unwrap();
    let orders = client.orders().default_venue(OrderVenue::Krx);
    assert!(orders.submit(Order::buy("005930").market().qty(50)).await.accepted().is_some());
    let open = orders.submit(Order::buy("005930").limit(60_000).qty(10)).await;
    let open = open.accepted().unwrap().number.to_string();
    sim.advance(Duration::from_secs(3)).await;
    let mut replies = Vec::new();
    for entry in ENTRIES.iter().filter(|entry| entry.meta.protocol == Protocol::Rest) {
        let own = own(entry.meta.id, &open);
        let own: Vec<(&str, &str)> = own.iter().map(|(key, text)| (*key, text.as_str())).collect();
        replies.push((entry, call(sim, &client, entry, &own).await));
    }
    replies
}

/// Calls an API and gives the body of its reply.
pub async fn call(sim: &Sim, client: &Client, entry: &Entry, own: &[(&str, &str)]) -> String {
    let (id, path) = (entry.meta.id, entry.meta.path);
    let body = request(entry, own);
    match entry.meta.effect {
        Effect::Read => match client.call_raw(id, path, body.as_str()).read().await {
            Ok(reply) => reply.text().to_owned(),
            Err(error) => panic!("{id} {body}: {error}"),
        },
        Effect::Trade => match client.call_raw(id, path, body.as_str()).await {
            Outcome::Accepted(reply) => reply.text().to_owned(),
            other => panic!("{id} {body}: {other:?}"),
        },
        _ if path.ends_with("token") => post(sim, path, &[], KEYS).await.2,
        _ => post(sim, path, &[], r#"{"appkey":"KEY","secretkey":"SECRET","token":"another"}"#).await.2,
    }
}

/// What a call of a trade or of a list needs to be accepted, given an open order.
pub fn own(id: &str, open: &str) -> Vec<(&'static str, String)> {
    let text = |pairs: &[(&'static str, &str)]| pairs.iter().map(|(key, text)| (*key, (*text).to_owned())).collect();
    match id {
        "kt10000" => text(&[("trde_tp", "3"), ("ord_uv", ""), ("ord_qty", "2"), ("dmst_stex_tp", "KRX")]),
        "kt10001" => text(&[("trde_tp", "3"), ("ord_uv", ""), ("ord_qty", "1"), ("dmst_stex_tp", "KRX")]),
        "kt10002" => text(&[("orig_ord_no", open), ("mdfy_qty", "1"), ("mdfy_uv", "61000"), ("dmst_stex_tp", "KRX")]),
        "kt10003" => text(&[("orig_ord_no", open), ("cncl_qty", "1"), ("dmst_stex_tp", "KRX")]),
        "ka10088" => text(&[("ord_no", open)]),
        "ka10075" | "ka10076" => text(&[("stk_cd", "")]),
        "kt00007" => text(&[("qry_tp", "1"), ("stk_bond_tp", "0"), ("sell_tp", "0"), ("dmst_stex_tp", "%")]),
        _ => Vec::new(),
    }
}
