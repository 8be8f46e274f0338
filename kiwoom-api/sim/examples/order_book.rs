//! An order book in the terminal: what REST says at first, then each push, with spread, balance and the price of 100 shares.
//!
//! `cargo run --example order_book` works offline, against the simulator at ten times the speed of the exchange. With keys of
//! your own, `Client::new(Server::Mock, Credentials::new(key, secret))` takes its place.

use std::error::Error;

use kiwoom_api::domestic::realtime::OrderBook;
use kiwoom_api::realtime::{Book, Event, Item, Policy};
use kiwoom_sim::Sim;

/// How many books are shown.
const BOOKS: usize = 8;

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

/// Asks the simulator, prints, and asserts what it prints.
#[tokio::main]
pub async fn main() -> Result<(), Box<dyn Error>> {
    let sim = Sim::builder().speed(10.0).start().await?;
    let client = sim.client()?;
    let mut feed =
        client.realtime().topic::<OrderBook>(["005930"]).policy::<OrderBook>(Policy::Latest).snapshots().open().await?;
    let mut shown = 0;
    while let Some(item) = feed.next().await {
        let (symbol, book) = match &item {
            Item::Snapshot(snapshot) => (snapshot.symbol.as_str(), snapshot.book.clone()),
            Item::Push(push) => match push.book() {
                Some(book) => (push.symbol(), book),
                None => continue,
            },
            // what happens to the connection comes in the same order
            Item::Event(Event::Connected) => continue,
            Item::Event(event) => {
                println!("{event}");
                continue;
            }
            _ => continue,
        };
        println!("{}\n", lines(symbol, &book).join("\n"));
        assert!(book.spread().is_some_and(|spread| spread > 0.into()), "asks stand above bids");
        assert!(book.buy(100).average() >= book.asks().first().map(|ask| ask.price), "deeper levels cost more");
        shown += 1;
        if shown == BOOKS {
            return Ok(());
        }
    }
    Err("the feed ended before its time".into())
}
