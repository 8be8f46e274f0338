//! Calls of every API, through the client.

use std::time::Duration;

use kiwoom_api::endpoint::{Effect, Protocol};
use kiwoom_api::registry::{ENTRIES, Entry, find};
use kiwoom_api::{Client, Outcome};
use kiwoom_sim::Sim;
use serde_json::Value;

use crate::ask::{KEYS, post, request};

/// Every REST API and the body of its reply, for an account that has traded in each market and has open orders.
pub async fn every_reply(sim: &Sim) -> Vec<(&'static Entry, String)> {
    let client = sim.client().unwrap();
    let mut open = trade_in_korea(sim, &client).await;
    sim.advance(Duration::from_secs(3)).await;
    let mut replies = Vec::new();
    let of_us = |entry: &&Entry| entry.meta.path.starts_with("/api/us/");
    let (us, korea): (Vec<&'static Entry>, Vec<&'static Entry>) =
        ENTRIES.iter().filter(|entry| entry.meta.protocol == Protocol::Rest).partition(of_us);
    for entry in korea.into_iter().chain(us) {
        if of_us(&entry) && open.us[0].is_empty() {
            // New York opens at 22:30 in Korea
            sim.advance(Duration::from_secs(13 * 3600)).await;
            trade_in_the_us(sim, &client, &mut open).await;
            sim.advance(Duration::from_secs(3)).await;
        }
        replies.push((entry, call(sim, &client, entry, &own(entry.meta.id, &open)).await));
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

/// The numbers of open orders.
#[derive(Default)]
pub struct Open {
    pub stock: String,
    pub margin: String,
    pub gold: String,
    pub us: [String; 3],
}

/// What a call of a trade or of a list needs to be accepted, given open orders.
pub fn own<'a>(id: &str, open: &'a Open) -> Vec<(&'static str, &'a str)> {
    let market = [("trde_tp", "3"), ("ord_uv", ""), ("ord_qty", "1"), ("dmst_stex_tp", "KRX")];
    let changed = |number: &'a str| {
        vec![("orig_ord_no", number), ("mdfy_qty", "1"), ("mdfy_uv", "61000"), ("dmst_stex_tp", "KRX")]
    };
    let cancelled = |number: &'a str| vec![("orig_ord_no", number), ("cncl_qty", "1"), ("dmst_stex_tp", "KRX")];
    let gold = [("stk_cd", "M04020000"), ("trde_tp", "00"), ("ord_qty", "1"), ("ord_uv", "150000")];
    let us = [("stk_cd", "NVDA"), ("stex_tp", "ND")];
    match id {
        "kt10000" | "kt10001" | "kt10006" => market.to_vec(),
        "kt10007" => [&market[..], &[("crd_deal_tp", "99")]].concat(),
        "kt10002" => changed(&open.stock),
        "kt10003" => cancelled(&open.stock),
        "kt10008" => changed(&open.margin),
        "kt10009" => cancelled(&open.margin),
        "kt50000" | "kt50001" => gold.to_vec(),
        "kt50002" => vec![gold[0], ("orig_ord_no", &open.gold), ("mdfy_qty", "1"), ("mdfy_uv", "135000")],
        "kt50003" => vec![gold[0], ("orig_ord_no", &open.gold), ("cncl_qty", "1")],
        "ust20000" | "ust20001" => [&us[..], &[("trde_tp", "03"), ("ord_uv", ""), ("ord_qty", "1")]].concat(),
        "ust20002" => [&us[..], &[("orig_ord_no", &open.us[0]), ("mdfy_uv", "101")]].concat(),
        "ust20003" => [&us[..], &[("orig_ord_no", &open.us[1])]].concat(),
        "ka10088" => vec![("ord_no", &open.stock)],
        "ka10075" | "ka10076" | "kt50030" | "kt50031" | "kt50075" => vec![("stk_cd", "")],
        "kt00007" => vec![("qry_tp", "1"), ("stk_bond_tp", "0"), ("sell_tp", "0"), ("dmst_stex_tp", "%")],
        "ust21661" => vec![("strt_dt", "202607"), ("end_dt", "202607")],
        "kt50032" | "ust21180" | "ust21660" => vec![("strt_dt", "20260706"), ("end_dt", "20260706")],
        _ => Vec::new(),
    }
}

/// Places an order; its number.
async fn place(sim: &Sim, client: &Client, id: &str, own: &[(&str, &str)]) -> String {
    let body = call(sim, client, find(id).unwrap(), own).await;
    let reply: Value = serde_json::from_str(&body).unwrap();
    reply["ord_no"].as_str().unwrap().to_owned()
}

/// Positions, sales and open orders of KRX.
async fn trade_in_korea(sim: &Sim, client: &Client) -> Open {
    let krx = ("dmst_stex_tp", "KRX");
    let at = |price: &'static str| [("trde_tp", "0"), ("ord_uv", price), ("ord_qty", "10"), krx];
    let market = |qty: &'static str| [("trde_tp", "3"), ("ord_uv", ""), ("ord_qty", qty), krx];
    let gold = |qty, price| [("stk_cd", "M04020000"), ("trde_tp", "00"), ("ord_qty", qty), ("ord_uv", price)];
    for id in ["kt10000", "kt10006"] {
        place(sim, client, id, &market("50")).await;
    }
    place(sim, client, "kt10001", &market("5")).await;
    place(sim, client, "kt50000", &gold("20", "150000")).await;
    place(sim, client, "kt50001", &gold("5", "132000")).await;
    Open {
        stock: place(sim, client, "kt10000", &at("60000")).await,
        margin: place(sim, client, "kt10006", &at("60000")).await,
        gold: place(sim, client, "kt50000", &gold("10", "130000")).await,
        ..Open::default()
    }
}

/// The same in the US.
async fn trade_in_the_us(sim: &Sim, client: &Client, open: &mut Open) {
    let order = |trade, qty, price| {
        [("stk_cd", "NVDA"), ("stex_tp", "ND"), ("trde_tp", trade), ("ord_qty", qty), ("ord_uv", price)]
    };
    place(sim, client, "ust20000", &order("03", "20", "")).await;
    place(sim, client, "ust20001", &order("03", "5", "")).await;
    for number in &mut open.us {
        *number = place(sim, client, "ust20000", &order("00", "2", "100.5")).await;
    }
}
