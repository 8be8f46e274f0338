//! Order books: one type for pushes and replies, the reply before the first push and never after a newer one; missing trades.

use std::time::Duration;

use kiwoom_api::domestic::quote::StockOrderBookSnapshotReply;
use kiwoom_api::domestic::realtime::{OrderBook, StockTrade};
use kiwoom_api::realtime::{Book, Event, Feed, Item, Symbol};
use kiwoom_api::us::realtime::OrderBook as UsBook;
use kiwoom_api::value::Decimal;

use crate::server::{Socket, Talk, next, real};
use crate::support::http;
use crate::support::{Script, Step};

/// A book of one level on each side, as the push has it.
fn pushed(symbol: &str, ask: u32) -> String {
    let bid = ask - 100;
    real("0D", symbol, &format!(r#""21":"090001","41":"+{ask}","61":"30","51":"-{bid}","71":"90","42":"0","62":"0""#))
}

/// The same as the reply has it.
fn reply(ask: u32) -> String {
    let bid = ask - 100;
    format!(
        r#"{{"bid_req_base_tm":"090000","sel_fpr_bid":"+{ask}","sel_fpr_req":"30","buy_fpr_bid":"-{bid}","buy_fpr_req":"90","return_code":0}}"#
    )
}

/// The next snapshot or push, as (symbol, best ask, whether it is a snapshot).
async fn book(feed: &mut Feed) -> (String, String, bool) {
    loop {
        let price = |book: &Book| book.best_ask().map_or_else(String::new, |quote| quote.price.to_string());
        match next(feed).await {
            Item::Push(push) => return (push.symbol().into(), price(&push.book().unwrap()), false),
            Item::Snapshot(snapshot) => return (snapshot.symbol.clone(), price(&snapshot.book), true),
            _ => {}
        }
    }
}

#[tokio::test]
async fn the_reply_comes_first_and_again_after_a_gap() {
    let (go, went) = tokio::sync::watch::channel(0);
    let calls = Script::signed_in().json(&reply(70_200)).json(&reply(70_250));
    let socket = Socket::beside(calls, move |stream, number| {
        let mut went = went.clone();
        async move {
            let mut talk = Talk::welcome(stream).await;
            talk.take().await;
            went.wait_for(|step| *step > number * 2).await.unwrap();
            talk.say(&pushed("005930", 70_300 + number as u32)).await;
            went.wait_for(|step| *step > number * 2 + 1).await.unwrap();
        }
    })
    .await;
    let client = socket.client();
    let mut feed = client.realtime().topic::<OrderBook>(["005930"]).snapshots().open().await.unwrap();
    assert_eq!(book(&mut feed).await, ("005930".into(), "70200".into(), true));
    go.send(1).unwrap();
    assert_eq!(book(&mut feed).await, ("005930".into(), "70300".into(), false));
    go.send(2).unwrap();
    assert_eq!(book(&mut feed).await, ("005930".into(), "70250".into(), true), "after the gap");
    go.send(3).unwrap();
    assert_eq!(book(&mut feed).await, ("005930".into(), "70301".into(), false));
}

#[tokio::test]
async fn a_reply_never_comes_after_a_newer_push() {
    let late = Step::WriteInTwo(Vec::new(), Duration::from_millis(300), http::reply("200 OK", &[], &reply(70_200)));
    let calls = Script::signed_in().step(late).json(&reply(89_000));
    let socket = Socket::beside(calls, |stream, _| async move {
        let mut talk = Talk::welcome(stream).await;
        talk.take().await;
        talk.say(&pushed("005930", 70_300)).await;
        tokio::time::sleep(Duration::from_millis(600)).await;
        talk.say(&pushed("000660", 90_000)).await;
        talk.hang().await;
    })
    .await;
    let client = socket.client();
    let mut feed = client.realtime().topic::<OrderBook>(["005930", "000660"]).snapshots().open().await.unwrap();
    let mut seen = Vec::new();
    while seen.last().is_none_or(|(_, price, _): &(String, String, bool)| price != "90000") {
        seen.push(book(&mut feed).await);
    }
    let old: Vec<_> = seen.iter().filter(|(_, price, _)| price == "70200" || price == "89000").collect();
    // whichever symbol was asked for first: no reply for the one that was pushed, one for the other
    assert!(seen.contains(&("005930".into(), "70300".into(), false)), "{seen:?}");
    assert!(old.iter().all(|(symbol, ..)| symbol == "000660"), "{seen:?}");
}

#[tokio::test]
async fn no_call_is_spent_on_a_book_that_was_pushed_meanwhile() {
    let late = Step::WriteInTwo(Vec::new(), Duration::from_millis(300), http::reply("200 OK", &[], &reply(70_200)));
    let socket = Socket::beside(Script::signed_in().step(late), |stream, _| async move {
        let mut talk = Talk::welcome(stream).await;
        talk.take().await;
        for symbol in ["000001", "000002", "000003"] {
            talk.say(&pushed(symbol, 70_300)).await;
        }
        talk.hang().await;
    })
    .await;
    let client = socket.client();
    let symbols = ["000001", "000002", "000003"];
    let mut feed = client.realtime().topic::<OrderBook>(symbols).snapshots().open().await.unwrap();
    for symbol in symbols {
        assert_eq!(book(&mut feed).await, (symbol.into(), "70300".into(), false));
    }
    tokio::time::sleep(Duration::from_millis(500)).await;
    let calls = socket.tokens.received().await.len();
    assert!(calls <= 2, "a token, and at most the book that was asked for first: {calls}");
}

#[tokio::test]
async fn a_book_that_cannot_be_had_is_told() {
    let socket = Socket::start(|stream, _| async move { Talk::welcome(stream).await.serve().await }).await;
    let client = socket.client();
    let mut feed = client.realtime().topic::<OrderBook>(["005930_AL"]).snapshots().open().await.unwrap();
    loop {
        if let Item::Event(Event::NoSnapshot { symbol, why, .. }) = next(&mut feed).await {
            assert!(symbol == "005930_AL" && why.contains("venues"), "{symbol} {why}");
            break;
        }
    }
    let error = client.realtime().topic::<StockTrade>(["005930"]).snapshots().start().unwrap_err().to_string();
    assert!(error.contains("OrderBook"), "{error}");
}

#[test]
fn pushes_and_replies_of_both_markets_are_one_type() {
    let mut reply = StockOrderBookSnapshotReply::default();
    kiwoom_api::decode::decode(self::reply(70_200).as_bytes(), &mut reply).unwrap();
    let book = Book::from(&reply);
    assert_eq!(book.spread(), Some(Decimal::from(100)));
    assert_eq!(book.mid(), Some(Decimal::from(70_150)));
    assert_eq!(book.imbalance(10), Some(0.5));
    assert_eq!(book.time().unwrap().to_string(), "09:00:00");
    let mut us = UsBook::default();
    us.asks[0].price = Some("198.50".parse().unwrap());
    us.asks[0].qty = Some(7);
    let us = Book::from(&us);
    assert_eq!(us.buy(5).worst, Some("198.5".parse().unwrap()));
    assert_eq!(us.best_bid(), None);
    assert_eq!(Symbol::nasdaq("NVDA").code(), "NVDA");
}

/// What a feed with `check_volumes` says of these trades, as (volume, quantity).
async fn missed(trades: &'static [(&'static str, i64, i64)]) -> Vec<String> {
    let socket = Socket::start(move |stream, _| async move {
        let mut talk = Talk::welcome(stream).await;
        talk.take().await;
        for (symbol, volume, qty) in trades {
            let values = format!(r#""20":"090001","10":"+100","15":"{qty:+}","13":"{volume}""#);
            talk.say(&real("0B", symbol, &values)).await;
        }
        talk.hang().await;
    })
    .await;
    let client = socket.client();
    let mut feed = client.realtime().topic::<StockTrade>(["A", "B"]).check_volumes().open().await.unwrap();
    let (mut said, mut pushes) = (Vec::new(), 0);
    while pushes < trades.len() {
        match next(&mut feed).await {
            Item::Push(_) => pushes += 1,
            Item::Event(Event::Missed { topic, symbol, volume, from, to, .. }) => {
                assert!(topic == "0B" && from <= to);
                said.push(format!("{symbol} {volume} before {pushes}"));
            }
            _ => {}
        }
    }
    said
}

#[tokio::test]
async fn a_jump_of_the_volume_is_told_before_the_push_that_shows_it() {
    let trades =
        &[("A", 100, 3), ("A", 105, 5), ("B", 7, 7), ("A", 130, -5), ("A", 130, -5), ("B", 9, -1), ("A", 135, 5)];
    assert_eq!(missed(trades).await, ["A 20 before 3", "B 1 before 5"]);
    // a new day, a correction: the volume falls, and counts from there
    assert_eq!(missed(&[("A", 100, 3), ("A", 4, 4), ("A", 10, 6), ("A", 21, 10)]).await, ["A 1 before 3"]);
}
