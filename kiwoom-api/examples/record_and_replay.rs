//! Records what comes over the connection, and reads the same typed items from the file: a day once, a strategy many times.
//!
//! `cargo run -p kiwoom-api --features record --example record_and_replay` works offline: the broker is a few lines on a
//! loopback port.

#[path = "support/socket.rs"]
mod socket;

use std::error::Error;

use kiwoom_api::domestic::realtime::StockTrade;
use kiwoom_api::realtime::{Item, Push, Recorder, Recording, Speed, Subscription};

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

/// Asks the broker of this file, prints, and asserts what it prints.
#[tokio::main]
pub async fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::temp_dir().join(format!("kiwoom-example-{}.kwr", std::process::id()));
    let client = socket::client(trades, |_| "{}".into()).await?;

    let recorder = Recorder::append(&path)?;
    let mut feed = client.realtime().topic::<StockTrade>(["005930"]).record(&recorder).open().await?;
    let mut live = Turnover::default();
    while live.trades < 1_000 {
        let Some(item) = feed.next().await else { break };
        if let Item::Push(push) = item {
            live.on(&push);
        }
    }
    drop(feed);
    let done = recorder.finish()?;
    println!("{} frames, {} bytes, {} on the disk", done.frames, done.bytes, done.packed);

    // as fast as it goes; Speed::Recorded and Speed::Times(10.0) keep the pauses
    let recording = Recording::open(&path)?;
    let mut replay = Subscription::offline().topic::<StockTrade>(["005930"]).replay(recording, Speed::AtOnce)?;
    let mut again = Turnover::default();
    while let Some(item) = replay.next().await {
        if let Item::Push(push) = item? {
            again.on(&push);
        }
    }
    println!("{again:?}");
    std::fs::remove_file(&path)?;
    assert_eq!(live, again);
    Ok(())
}

/// What the broker of this file pushes.
fn trades(asked: &str) -> Vec<String> {
    if !asked.contains("\"0B\"") {
        return Vec::new();
    }
    let trade = |number: u32| {
        let (price, qty) = (70_000 + number % 7 * 100, 1 + number % 30);
        socket::push(
            "0B",
            "005930",
            &format!(r#""20":"090001","10":"+{price}","15":"+{qty}","13":"{}""#, 1_000 + number),
        )
    };
    (0..1_000).map(trade).collect()
}
