//! A condition search that goes on: who meets it now, who comes, who goes.
//!
//! `cargo run --example condition_watcher` works offline, against the simulator.

use std::error::Error;
use std::time::Duration;

use kiwoom_api::realtime::Hit;
use kiwoom_sim::Sim;

/// Asks the simulator, prints, and asserts what it prints.
#[tokio::main]
pub async fn main() -> Result<(), Box<dyn Error>> {
    let sim = Sim::start().await?;
    let client = sim.client()?;
    let conditions = client.conditions();
    let list = conditions.list().await?;
    for condition in &list {
        println!("{:>3} {}", condition.number, condition.name);
    }
    let first = list.first().ok_or("this account has saved no condition")?;

    // once, with prices
    let found = conditions.search(first).await?;
    for row in &found {
        println!("{} {} {:?} {:?}", row.symbol.code(), row.name, row.price.map(|price| price.amount), row.change_rate);
    }

    // and from now on; the simulator's time passes only while it is let
    let mut watch = conditions.watch(first).await?;
    let mut now = Vec::new();
    loop {
        let hit = tokio::select! {
            biased;
            hit = watch.next() => hit.ok_or("the search ended before its time")?,
            () = sim.advance(Duration::from_secs(1)) => continue,
        };
        match hit {
            Hit::Snapshot { codes } => {
                println!("now {codes:?}");
                now = codes;
            }
            Hit::Entered { code, at } => {
                println!("{code} came at {at:?}");
                assert!(watch.hits().any(|hit| hit == code), "{now:?}");
                return Ok(());
            }
            Hit::Left { code, at } => println!("{code} went at {at:?}"),
            Hit::Resynced { entered, left } => println!("meanwhile {entered:?} came and {left:?} went"),
            Hit::Event(event) => println!("{event}"),
            _ => {}
        }
    }
}
