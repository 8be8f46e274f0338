//! The WebSocket: pushes of market and account, and every topic and search.

use std::collections::BTreeSet;
use std::time::Duration;

use kiwoom_api::codes::{OrderVenue, UsExchange};
use kiwoom_api::decode::decode;
use kiwoom_api::domestic::realtime::{AccountBalance, OrderBook, OrderExecution, StockTrade};
use kiwoom_api::endpoint::Protocol;
use kiwoom_api::order::{Order, Us};
use kiwoom_api::realtime::{Event, Feed, Item};
use kiwoom_api::registry::{ENTRIES, find};
use kiwoom_sim::{Fault, Rule, Sim};
use serde_json::{Value, json};
use tokio::time::timeout;

use crate::ask::token;
use crate::talk::Talk;

/// What has come, until nothing comes for a while.
async fn heard(feed: &mut Feed) -> Vec<Item> {
    let mut items = Vec::new();
    while let Ok(Some(item)) = timeout(Duration::from_millis(200), feed.next()).await {
        items.push(item);
    }
    items
}

#[tokio::test]
async fn trades_and_books_are_pushed_and_agree() {
    let sim = Sim::start().await.unwrap();
    let client = sim.client().unwrap();
    let codes = ["005930", "000660"];
    let mut feed = client.realtime().topic::<StockTrade>(codes).topic::<OrderBook>(codes).open().await.unwrap();
    sim.advance(Duration::from_secs(45)).await;
    let (mut trades, mut books, mut volume) = (0, 0, None);
    for item in heard(&mut feed).await {
        let Item::Push(push) = item else { continue };
        assert!(push.anomalies().is_empty(), "{:?}", push.anomalies());
        if let Some(trade) = push.of::<StockTrade>() {
            trades += 1;
            if push.symbol() == "005930" {
                // nothing is lost between two trades
                let qty = trade.trade_qty.unwrap().qty;
                let now = trade.volume.unwrap();
                assert!(volume.is_none_or(|before: i64| before + qty == now), "{volume:?} {qty} {now}");
                volume = Some(now);
            }
        }
        if let Some(book) = push.of::<OrderBook>() {
            books += 1;
            assert!(book.asks[0].price.unwrap() > book.bids[0].price.unwrap());
        }
    }
    assert!(trades > 20 && books > 20, "{trades} trades, {books} books");
}

#[tokio::test]
async fn an_order_is_pushed_from_its_acceptance_to_its_fill() {
    let sim = Sim::start().await.unwrap();
    let client = sim.client().unwrap();
    let mut feed = client.realtime().all::<OrderExecution>().all::<AccountBalance>().open().await.unwrap();
    let orders = client.orders().default_venue(OrderVenue::Krx);
    let order = orders.submit(Order::buy("005930").market().qty(3)).await;
    let order = order.accepted().unwrap();
    let (mut qty, mut held) = (0, 0);
    for item in heard(&mut feed).await {
        let Item::Push(push) = item else { continue };
        assert!(push.anomalies().is_empty(), "{:?}", push.anomalies());
        if let Some(change) = push.of::<OrderExecution>() {
            assert_eq!(change.order_no.as_ref(), Some(&order.number));
            qty += change.fill_qty.unwrap_or(0);
        }
        if push.of::<AccountBalance>().is_some() {
            held += 1;
        }
    }
    assert_eq!(qty, 3);
    assert!(held > 0);
}

#[tokio::test]
async fn a_kick_a_missed_acknowledgement_and_a_double_push_are_felt() {
    let sim = Sim::start().await.unwrap();
    sim.fault(Rule::new(Fault::Duplicate).on("0B"));
    let client = sim.client().unwrap();
    let mut feed = client.realtime().topic::<StockTrade>(["005930"]).open().await.unwrap();
    sim.advance(Duration::from_secs(10)).await;
    let volumes: Vec<i64> = heard(&mut feed)
        .await
        .iter()
        .filter_map(|item| match item {
            Item::Push(push) => push.of::<StockTrade>()?.volume,
            _ => None,
        })
        .collect();
    let distinct: BTreeSet<i64> = volumes.iter().copied().collect();
    assert!(!distinct.is_empty());
    assert_eq!(volumes.len(), distinct.len() * 2);
    sim.heal();
    sim.kick();
    let events = heard(&mut feed).await;
    assert!(events.iter().any(|item| matches!(item, Item::Event(Event::Kicked { .. }))), "{events:?}");
}

#[tokio::test]
async fn each_socket_api_answers_or_pushes_without_doubts() {
    let mut seen = BTreeSet::from(["0s"]);
    let mut found = Vec::new();
    let mut check = |id: &str, body: &Value, is_push: bool| {
        let entry = find(id).unwrap();
        let mut record = entry.push.filter(|_| is_push).unwrap_or(entry.reply)();
        let decoded = decode(body.to_string().as_bytes(), &mut *record).unwrap();
        found.extend(decoded.anomalies().iter().map(|anomaly| format!("{id}: {anomaly}")));
        for key in &record.keys()[..record.keys().len() - record.spellings()] {
            let key = key.trim_matches(['"', ':']);
            if body.get(key).is_none() {
                found.push(format!("{id}: no {key}"));
            }
        }
        seen.insert(entry.meta.id);
    };
    // New York opens at 22:30 in Korea
    for (path, us, start) in
        [("/api/dostk/websocket", false, "2026-07-06T10:00:00"), ("/api/us/websocket", true, "2026-07-06T23:00:00")]
    {
        let sim = Sim::builder().at(start.parse().unwrap()).start().await.unwrap();
        let mut talk = Talk::open(&sim, path, &token(&sim).await).await;
        let live: &[&str] = if us { &["F4", "F5", "FE", "FT"] } else { &["00", "04", "0B", "0C", "0D", "0J"] };
        for entry in ENTRIES.iter().filter(|e| e.meta.protocol == Protocol::Realtime && e.meta.path == path) {
            let topic = entry.meta.id;
            sim.advance(Duration::from_secs(1)).await;
            let item = match (us, topic) {
                (true, _) => json!({ "jmcode": "NVDA", "stex_tp": "ND" }),
                (false, "0J") => json!("001"),
                _ => json!("005930"),
            };
            talk.say(
                json!({ "trnm": "REG", "grp_no": "1", "refresh": "1", "data": [{ "item": [item], "type": [topic] }] }),
            )
            .await;
            // these two wait for a minute before the opening, and for an order
            if live.contains(&topic) || topic == "0s" {
                continue;
            }
            loop {
                let frame = talk.hear().await.unwrap();
                if frame["trnm"] == "PING" {
                    talk.say(frame).await;
                } else if frame["trnm"] == "REAL" && frame["data"][0]["type"] == topic {
                    check(topic, &frame["data"][0]["values"], true);
                    break;
                }
            }
        }
        let client = sim.client().unwrap();
        let orders = client.orders().default_venue(OrderVenue::Krx);
        let order = match us {
            false => orders.submit(Order::buy("005930").market().qty(2)).await,
            true => orders.submit(Order::buy(Us::new(UsExchange::Nasdaq, "NVDA")).market().qty(2)).await,
        };
        assert!(order.accepted().is_some(), "{order:?}");
        for topic in live {
            sim.advance(Duration::from_secs(3)).await;
            loop {
                let frame = talk.hear().await.unwrap();
                if frame["trnm"] == "PING" {
                    talk.say(frame).await;
                } else if frame["data"][0]["type"] == *topic {
                    check(topic, &frame["data"][0]["values"], true);
                    break;
                }
            }
        }
        let g = if us { "G" } else { "" };
        let ids: [&'static str; 4] = if us {
            ["usa20280", "usa20281", "usa20290", "usa20291"]
        } else {
            ["ka10171", "ka10172", "ka10173", "ka10174"]
        };
        for (id, trnm, kind) in
            [(ids[0], "CNSRLST", ""), (ids[1], "CNSRREQ", "0"), (ids[2], "CNSRREQ", "1"), (ids[3], "CNSRCLR", "")]
        {
            talk.say(json!({ "trnm": format!("{g}{trnm}"), "seq": "1", "search_type": kind, "stex_tp": "K" })).await;
            loop {
                let frame = talk.hear().await.unwrap();
                if frame["trnm"] == format!("{g}{trnm}") {
                    assert_eq!(frame["return_code"], 0, "{frame}");
                    check(id, &frame, false);
                    break;
                }
            }
        }
    }
    let all: BTreeSet<&str> = ENTRIES.iter().filter(|e| e.meta.protocol != Protocol::Rest).map(|e| e.meta.id).collect();
    assert_eq!(all.len(), 31);
    assert_eq!(seen, all);
    assert!(found.is_empty(), "{}", found.join("\n"));
}
