//! What subscriptions share, how they end, and how one waits for them.

use std::time::Duration;

use kiwoom_api::blocking::{Wait, WaitEach};
use kiwoom_api::domestic::realtime::{OrderBook, StockTrade};
use kiwoom_api::realtime::{Closed, Event, Item, Stage};
use tokio::sync::mpsc;

use crate::server::{SOON, Socket, Talk, event, push, trade};

/// A server that notes every registration and the end.
async fn noting() -> (Socket, mpsc::UnboundedReceiver<String>) {
    let (heard, log) = mpsc::unbounded_channel();
    let socket = Socket::start(move |stream, _| {
        let heard = heard.clone();
        async move {
            let mut talk = Talk::welcome(stream).await;
            while let Some(text) = talk.hear_within(SOON).await {
                let trnm = if text.contains("REMOVE") { "REMOVE" } else { "REG" };
                talk.answer(trnm, 0, "").await;
                let _ = heard.send(text);
            }
            let _ = heard.send("gone".into());
        }
    })
    .await;
    (socket, log)
}

async fn heard(log: &mut mpsc::UnboundedReceiver<String>) -> String {
    tokio::time::timeout(SOON, log.recv()).await.expect("in time").expect("no end")
}

#[tokio::test]
async fn two_subscriptions_on_one_symbol_take_one_place_and_the_last_one_frees_it() {
    let (socket, mut log) = noting().await;
    let client = socket.client();
    let first = client.realtime().topic::<StockTrade>(["005930"]).open().await.unwrap();
    let second = client.clone().realtime().topic::<StockTrade>(["005930"]).topic::<OrderBook>(["005930"]);
    let second = second.open().await.unwrap();
    let third = client.realtime().topic::<StockTrade>(["000660"]).open().await.unwrap();
    assert_eq!((client.slots_used::<StockTrade>(), first.standing().confirmed, socket.came().len()), (2, 3, 1));
    for part in [r#"["005930"],"type":["0B"]"#, r#"["005930"],"type":["0D"]"#, r#"["000660"],"type":["0B"]"#] {
        assert!(heard(&mut log).await.contains(part), "{part}");
    }
    drop(first);
    drop(second);
    let mut removed = [heard(&mut log).await, heard(&mut log).await];
    removed.sort();
    assert!(removed.iter().all(|text| text.contains("REMOVE") && text.contains("005930")), "{removed:?}");
    assert_eq!(third.slots_used(), 1);
    drop(third);
    assert_eq!(heard(&mut log).await, "gone");
    assert_eq!(client.slots_used::<StockTrade>(), 0);
}

#[tokio::test]
async fn more_than_200_symbols_are_an_error_before_anything_is_sent() {
    let (socket, _log) = noting().await;
    let client = socket.client();
    let symbols: Vec<String> = (0..201).map(|number| format!("{number:06}")).collect();
    let error = client.realtime().topic::<StockTrade>(&symbols).open().await.unwrap_err().to_string();
    assert!(error.contains("201 symbols") && error.contains("200"), "{error}");
    assert!(socket.came().is_empty());
    let feed = client.realtime().topic::<StockTrade>(&symbols[..200]).start().unwrap();
    let error = client.realtime().topic::<StockTrade>(&symbols[200..]).start().unwrap_err().to_string();
    assert!(error.contains("201 symbols"), "{error}");
    assert!(client.realtime().topic::<OrderBook>(&symbols[..1]).start().is_ok(), "a topic more costs nothing");
    drop(feed);
}

#[tokio::test]
async fn mistakes_are_errors_that_say_what_to_do() {
    let (socket, _log) = noting().await;
    let client = socket.client();
    for (subscription, part) in [
        (client.realtime(), ".topic::<T>(symbols)"),
        (client.realtime().topic::<StockTrade>([""]), ".all()"),
        (client.realtime().topic::<StockTrade>(["0059\"30"]), "not a symbol"),
        (client.realtime().topic::<StockTrade>([kiwoom_api::realtime::Symbol::nyse("IBM")]), "domestic"),
        (
            client.realtime().topic::<StockTrade>(["005930"]).all::<kiwoom_api::us::realtime::OrderExecution>(),
            "markets",
        ),
    ] {
        let text = subscription.start().unwrap_err().to_string();
        assert!(text.contains(part), "{part}: {text}");
    }
    let without = kiwoom_api::Client::new(
        kiwoom_api::Server::sandbox("http://127.0.0.1:1"),
        kiwoom_api::Credentials::new("k", "s"),
    );
    let text = without.unwrap().realtime().topic::<StockTrade>(["005930"]).start().unwrap_err().to_string();
    assert!(text.contains("socket"), "{text}");
}

#[tokio::test]
async fn dropping_the_last_one_ends_it_in_every_phase() {
    // while the handshake hangs, while the login hangs, and while a registration hangs
    for phase in 0..3 {
        let (ended, mut log) = mpsc::unbounded_channel();
        let socket = Socket::start(move |mut stream, _| {
            let ended = ended.clone();
            async move {
                if phase == 0 {
                    let mut bytes = Vec::new();
                    let _ = tokio::io::AsyncReadExt::read_to_end(&mut stream, &mut bytes).await;
                } else {
                    let mut talk = Talk::accept(stream).await;
                    if phase == 2 {
                        talk.take_login().await;
                    }
                    talk.end().await;
                }
                ended.send(()).unwrap();
            }
        })
        .await;
        let feed = socket.client().realtime().topic::<StockTrade>(["005930"]).start().unwrap();
        let want = [Stage::Connect, Stage::Login, Stage::Subscribe][phase];
        while feed.standing().phase != want || socket.came().is_empty() {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        drop(feed);
        tokio::time::timeout(SOON, log.recv()).await.expect("it ends").unwrap();
    }
    // and in a pause between attempts
    let socket = Socket::start(|stream, _| async move { drop(stream) }).await;
    let mut feed = socket.client().realtime().topic::<StockTrade>(["005930"]).start().unwrap();
    event(&mut feed, |event| matches!(event, Event::Disconnected { .. })).await;
    assert_eq!(feed.standing().phase, Stage::Wait);
    drop(feed);
    tokio::time::sleep(Duration::from_millis(1_300)).await;
    assert_eq!(socket.came().len(), 1, "no attempt after the end");
}

#[test]
fn close_says_goodbye_before_the_program_ends() {
    let servers = tokio::runtime::Runtime::new().unwrap();
    let (ended, log) = std::sync::mpsc::channel();
    let socket = servers.block_on(Socket::start(move |stream, _| {
        let ended = ended.clone();
        async move {
            let mut talk = Talk::welcome(stream).await;
            talk.take().await;
            ended.send(talk.end().await.map(|close| u16::from(close.code))).unwrap();
        }
    }));
    let client = socket.client();
    let own = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    own.block_on(async {
        let first = client.realtime().topic::<StockTrade>(["005930"]).open().await.unwrap();
        let second = client.realtime().topic::<StockTrade>(["005930"]).open().await.unwrap();
        first.close().await;
        assert_eq!(second.standing().phase, Stage::Live, "another one needs it");
        second.close().await;
    });
    // nothing runs any more that could say it
    drop(own);
    assert_eq!(log.recv_timeout(SOON).unwrap(), Some(1000));
    assert_eq!(client.slots_used::<StockTrade>(), 0);
}

#[tokio::test]
async fn giving_up_on_open_leaves_nothing_behind() {
    let (ended, mut log) = mpsc::unbounded_channel();
    let socket = Socket::start(move |stream, _| {
        let ended = ended.clone();
        async move {
            Talk::accept(stream).await.end().await;
            ended.send(()).unwrap();
        }
    })
    .await;
    let client = socket.client();
    let open = client.realtime().topic::<StockTrade>(["005930"]).open();
    assert!(tokio::time::timeout(Duration::from_millis(300), open).await.is_err());
    tokio::time::timeout(SOON, log.recv()).await.expect("it ends").unwrap();
    assert_eq!(client.slots_used::<StockTrade>(), 0);
}

#[tokio::test]
async fn a_subscription_after_the_end_begins_anew() {
    let (socket, mut log) = noting().await;
    let client = socket.client();
    for round in 1..=2 {
        let feed = client.realtime().topic::<StockTrade>(["005930"]).open().await.unwrap();
        assert!(heard(&mut log).await.contains("REG"));
        drop(feed);
        assert_eq!(heard(&mut log).await, "gone");
        assert_eq!(socket.came().len(), round);
    }
    let came = socket.came();
    assert!(came[1] - came[0] >= Duration::from_millis(900), "no haste");
}

#[test]
fn the_end_of_the_runtime_is_told() {
    let servers = tokio::runtime::Runtime::new().unwrap();
    let socket = servers.block_on(Socket::start(|stream, _| async move { Talk::welcome(stream).await.serve().await }));
    let client = socket.client();
    let own = tokio::runtime::Runtime::new().unwrap();
    let mut feed = own.block_on(client.realtime().topic::<StockTrade>(["005930"]).open()).unwrap();
    drop(own);
    let last = servers.block_on(async {
        let mut last = None;
        while let Some(item) = feed.next().await {
            last = Some(item);
        }
        last
    });
    let Some(Item::Event(Event::Closed { why, .. })) = last else { panic!("{last:?}") };
    assert_eq!(why, Closed::RuntimeEnded);
}

#[test]
fn without_async_it_is_an_iterator() {
    let servers = tokio::runtime::Runtime::new().unwrap();
    let socket = servers.block_on(Socket::start(|stream, _| async move {
        let mut talk = Talk::welcome(stream).await;
        talk.take().await;
        for price in 1..=3 {
            talk.say(&trade("005930", price)).await;
        }
        talk.hang().await;
    }));
    let client = socket.client();
    let feed = client.realtime().topic::<StockTrade>(["005930"]).open().wait().unwrap();
    let pushes = feed.wait_each().filter(|item| matches!(item, Item::Push(_))).take(3).count();
    assert_eq!(pushes, 3);
}

#[tokio::test]
async fn next_may_be_given_up_and_loses_nothing() {
    let socket = Socket::start(|stream, _| async move {
        let mut talk = Talk::welcome(stream).await;
        talk.take().await;
        for price in 1..=50 {
            talk.say(&trade("005930", price)).await;
            tokio::time::sleep(Duration::from_millis(3)).await;
        }
        talk.hang().await;
    })
    .await;
    let mut feed = socket.client().realtime().topic::<StockTrade>(["005930"]).open().await.unwrap();
    let mut prices = Vec::new();
    while prices.len() < 50 {
        if let Ok(item) = tokio::time::timeout(Duration::from_millis(1), feed.next()).await
            && let Some(Item::Push(push)) = item
        {
            prices.push(push.of::<StockTrade>().unwrap().price.unwrap().amount.to_string());
        }
    }
    assert_eq!(prices, (1..=50).map(|price| price.to_string()).collect::<Vec<_>>());
}

#[tokio::test]
async fn both_readers_get_every_push() {
    let socket = Socket::start(|stream, _| async move {
        let mut talk = Talk::welcome(stream).await;
        talk.take().await;
        tokio::time::sleep(Duration::from_millis(100)).await;
        for price in 1..=20 {
            talk.say(&trade("005930", price)).await;
        }
        talk.hang().await;
    })
    .await;
    let client = socket.client();
    let mut first = client.realtime().topic::<StockTrade>(["005930"]).open().await.unwrap();
    let mut second = client.realtime().topic::<StockTrade>(["005930"]).start().unwrap();
    for price in 1..=20 {
        for feed in [&mut first, &mut second] {
            let push = push(feed).await;
            assert_eq!(push.of::<StockTrade>().unwrap().price.unwrap().amount.to_string(), price.to_string());
        }
    }
}
