//! Records what comes over the connection, and reads the same typed items from the file: a day once, a strategy many times.
//!
//! `cargo run --example record_and_replay` works offline, against the simulator.

use std::error::Error;
use std::time::Duration;

use kiwoom_api::domestic::realtime::StockTrade;
use kiwoom_api::realtime::{Item, Push, Recorder, Recording, Speed, Subscription};
use kiwoom_sim::Sim;

/// A strategy sees pushes, and not where they come from.
#[derive(Debug, Default, PartialEq)]
struct Turnover {
    trades: u64,
    won: i64,
}

impl Turnover {
    fn on(&mut self, push: &Push) {
        let Some(trade) = push.of::<StockTrade>() else { return };
        if let (Some(price), Some(qty)) = (trade.price.and_then(|price| price.won()), trade.trade_qty) {
            self.trades += 1;
            self.won += price * qty.qty;
        }
    }
}

/// Asks the simulator, prints, and asserts what it prints.
#[tokio::main]
pub async fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::temp_dir().join(format!("kiwoom-example-{}.kwr", std::process::id()));
    let sim = Sim::start().await?;
    let client = sim.client()?;

    let recorder = Recorder::append(&path)?;
    let mut feed = client.realtime().topic::<StockTrade>(["005930"]).record(&recorder).open().await?;
    let mut live = Turnover::default();
    while live.trades < 1_000 {
        // the simulator's time passes only while it is let
        tokio::select! {
            biased;
            item = feed.next() => match item.ok_or("the feed ended before its time")? {
                Item::Push(push) => live.on(&push),
                other => println!("{other:?}"),
            },
            () = sim.advance(Duration::from_secs(1)) => {}
        }
    }
    drop(feed);
    let done = recorder.finish()?;
    println!("{} frames, {} bytes, {} on the disk", done.frames, done.bytes, done.packed);

    // as fast as it goes; Speed::Recorded and Speed::Times(10.0) keep the pauses
    let recording = Recording::open(&path)?;
    let mut replay = Subscription::offline().topic::<StockTrade>(["005930"]).replay(recording, Speed::AtOnce)?;
    let mut again = Turnover::default();
    // the file goes on where the loop above ended
    while again.trades < live.trades {
        if let Item::Push(push) = replay.next().await.ok_or("the recording ended before its time")?? {
            again.on(&push);
        }
    }
    println!("{again:?}");
    std::fs::remove_file(&path)?;
    assert_eq!(live, again);
    Ok(())
}
