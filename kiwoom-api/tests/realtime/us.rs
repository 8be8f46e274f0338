//! Quotes of US stocks as a trader follows them: trades and books in one stream, with its gaps, and orders of the same stocks.

use kiwoom_api::codes::UsExchange;
use kiwoom_api::order::{Order, Us};
use kiwoom_api::realtime::{Event, Item, Symbol};
use kiwoom_api::us::realtime::{OrderBook, StockTrade};

use crate::server::{Socket, Talk, next, real};

#[tokio::test]
async fn fifty_us_stocks_with_trades_and_books_and_what_a_gap_leaves_out() {
    let stocks: Vec<Us> = (0..50)
        .map(|n| {
            let exchange = [UsExchange::Nasdaq, UsExchange::Nyse, UsExchange::Amex][n % 3];
            Us::new(
                exchange,
                format!("A{}{}", char::from(b'A' + (n / 26) as u8), char::from(b'A' + (n % 26) as u8)).as_str(),
            )
        })
        .collect();
    let push = |topic: &str, price: &str| real(topic, "AAA", price).replace("\"item\"", "\"stexTp\":\"ND\",\"item\"");
    let pushes = [push("FE", r#""10":"+213.04","15":"+3","13":"100""#), push("FT", r#""41":"213.05","61":"10""#)];
    let socket = Socket::start(move |stream, _| {
        let pushes = pushes.clone();
        async move {
            let mut talk = Talk::welcome(stream).await;
            // a hundred items, at most fifty in one registration
            for _ in 0..2 {
                talk.take().await;
            }
            for push in &pushes {
                talk.say(push).await;
            }
            assert!(talk.is_said().await);
            talk.cut(false).await;
        }
    })
    .await;
    let client = socket.client();
    let feed = client.realtime().topic::<StockTrade>(&stocks).topic::<OrderBook>(&stocks);
    let mut feed = feed.open().await.unwrap();
    assert_eq!(feed.slots_used(), 50, "a stock takes one place, whatever is asked of it");
    let mut seen = Vec::new();
    while seen.len() < 6 {
        match next(&mut feed).await {
            Item::Push(push) if push.of::<StockTrade>().is_some() => seen.push("trade"),
            Item::Push(push) => {
                assert!(push.of::<OrderBook>().is_some());
                seen.push("book");
            }
            Item::Event(Event::Gap { symbols, from, to, .. }) => {
                assert_eq!(symbols.len(), 50);
                assert!(symbols.iter().any(|symbol| symbol.contains(Symbol::from(&stocks[0]).code())) && from <= to);
                seen.push("gap");
            }
            _ => {}
        }
    }
    // one gap for each registration: trades, then books
    assert_eq!(seen, ["trade", "book", "gap", "gap", "trade", "book"]);
    // the same stock can be bought
    assert!(Order::buy(stocks[0].clone()).market().qty(1).check().is_ok());
}
