//! A condition search that goes on: who meets it now, who comes, who goes.
//!
//! `cargo run -p kiwoom-api --features realtime --example condition_watcher` works offline: the broker is a few lines on a
//! loopback port.

#[path = "support/socket.rs"]
mod socket;

use kiwoom_api::Error;
use kiwoom_api::realtime::Hit;

/// Asks the broker of this file, prints, and asserts what it prints.
#[tokio::main]
pub async fn main() -> Result<(), Error> {
    let client = socket::client(answers, |_| "{}".into()).await?;
    let conditions = client.conditions();
    let list = conditions.list().await?;
    for condition in &list {
        println!("{:>3} {}", condition.number, condition.name);
    }
    let Some(pullback) = list.iter().find(|condition| condition.name == "눌림목") else { return Ok(()) };

    // once, with prices
    let found = conditions.search(pullback).await?;
    for row in &found {
        println!("{} {} {:?} {:?}", row.symbol.code(), row.name, row.price.map(|price| price.amount), row.change_rate);
    }
    assert_eq!(found.len(), 2);

    // and from now on
    let mut watch = conditions.watch(pullback).await?;
    while let Some(hit) = watch.next().await {
        match hit {
            Hit::Snapshot { codes } => println!("now {codes:?}"),
            Hit::Entered { code, at } => println!("{code} came at {at:?}"),
            Hit::Left { code, at } => println!("{code} went at {at:?}"),
            Hit::Resynced { entered, left } => println!("meanwhile {entered:?} came and {left:?} went"),
            Hit::Event(event) => println!("{event}"),
            _ => {}
        }
        if watch.hits().eq(["000660", "035720"]) {
            return Ok(()); // the last change of this broker
        }
    }
    panic!("the search ended before its time");
}

/// What the broker of this file says.
fn answers(asked: &str) -> Vec<String> {
    if asked.contains("CNSRLST") {
        return vec![
            r#"{"trnm":"CNSRLST","return_code":0,"return_msg":"","data":[["0","급등"],["4","눌림목"]]}"#.into(),
        ];
    }
    let head = r#"{"trnm":"CNSRREQ","seq":"4","return_code":0,"return_msg":"","data":"#;
    if asked.contains(r#""search_type":"0""#) {
        let row = |code, name, price| format!(r#"{{"9001":"A{code}","302":"{name}","10":"{price}","12":"000001500"}}"#);
        let rows = [row("005930", "삼성전자", 70_100), row("000660", "SK하이닉스", 181_000)];
        return vec![format!("{head}[{}]}}", rows.join(","))];
    }
    if asked.contains(r#""search_type":"1""#) {
        let change = |code: &str, event: &str| {
            let values = format!(r#""841":"4","9001":"{code}","843":"{event}","20":"100501","907":"2""#);
            socket::push("02", "4", &values)
        };
        let first = format!(r#"{head}[{{"jmcode":"A005930"}},{{"jmcode":"A000660"}}]}}"#);
        return vec![first, change("035720", "I"), change("005930", "D")];
    }
    Vec::new()
}
