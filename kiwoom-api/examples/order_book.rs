//! An order book in the terminal: what REST says at first, then each push, with spread, balance and the price of 100 shares.
//!
//! `cargo run -p kiwoom-api --features realtime --example order_book` works offline: the broker is a few lines on a loopback
//! port. With keys of your own, `Client::new(Server::Mock, Credentials::new(key, secret))` takes its place.

#[path = "support/socket.rs"]
mod socket;

use kiwoom_api::Error;
use kiwoom_api::domestic::realtime::OrderBook;
use kiwoom_api::realtime::{Book, Event, Item, Policy};

/// The book as lines: asks above bids, the best ones in the middle.
fn lines(symbol: &str, book: &Book) -> Vec<String> {
    let line = |side: &str, quote: &kiwoom_api::realtime::Quote| {
        let bar = "█".repeat(usize::try_from(quote.qty / 20).unwrap_or_default().min(40));
        format!("{side} {:>9} {:>7} {bar}", quote.price, quote.qty)
    };
    let mut lines: Vec<String> = book.asks().iter().rev().map(|quote| line("ask", quote)).collect();
    lines.extend(book.bids().iter().map(|quote| line("bid", quote)));
    if let (Some(spread), Some(mid), Some(imbalance)) = (book.spread(), book.mid(), book.imbalance(5)) {
        lines.push(format!("{symbol}: spread {spread}, mid {mid}, {:+.0} % towards the bids", imbalance * 100.0));
    }
    let buy = book.buy(100);
    if let (Some(average), 0) = (buy.average(), buy.missing) {
        lines.push(format!("100 shares cost {average} each, {} levels deep", buy.levels));
    }
    lines
}

/// Asks the broker of this file, prints, and asserts what it prints.
#[tokio::main]
pub async fn main() -> Result<(), Error> {
    let client = socket::client(pushes, |_| reply()).await?;
    let mut feed =
        client.realtime().topic::<OrderBook>(["005930"]).policy::<OrderBook>(Policy::Latest).snapshots().open().await?;
    let mut shown = Vec::new();
    while let Some(item) = feed.next().await {
        match &item {
            Item::Snapshot(snapshot) => shown = lines(&snapshot.symbol, &snapshot.book),
            Item::Push(push) => match push.book() {
                Some(book) => shown = lines(push.symbol(), &book),
                None => continue,
            },
            // what happens to the connection comes in the same order
            Item::Event(Event::Connected) => continue,
            Item::Event(event) => println!("{event}"),
            _ => continue,
        }
        println!("{}\n", shown.join("\n"));
        if shown.iter().any(|line| line.starts_with("005930: spread 200")) {
            break; // the last push of this broker
        }
    }
    assert_eq!(shown.last().map(String::as_str), Some("100 shares cost 70280 each, 2 levels deep"));
    Ok(())
}

/// What the broker of this file pushes when it is asked for the book.
fn pushes(asked: &str) -> Vec<String> {
    if !asked.contains("\"0D\"") {
        return Vec::new();
    }
    let levels = |ask: u32, qty: u32| {
        let (next, bid) = (ask + 100, 70_000);
        let values = format!(
            r#""21":"090001","41":"+{ask}","61":"{qty}","42":"+{next}","62":"300","51":"-{bid}","71":"500","52":"-69900","72":"200""#
        );
        socket::push("0D", "005930", &values)
    };
    vec![levels(70_100, 60), levels(70_200, 20)]
}

/// The same by REST.
fn reply() -> String {
    let values = r#""sel_fpr_bid":"+70100","sel_fpr_req":"90","buy_fpr_bid":"-70000","buy_fpr_req":"500""#;
    format!(r#"{{"bid_req_base_tm":"090000",{values},"return_code":0,"return_msg":""}}"#)
}
