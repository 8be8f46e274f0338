//! Feeds of users' tests: no socket, and the engine, the decoder and the queue of a real one.

use kiwoom_api::Client;
use kiwoom_api::domestic::quote::StockOrderBookSnapshotReply;
use kiwoom_api::domestic::realtime::{MarketSession, OrderBook, OrderExecution, StockTrade};
use kiwoom_api::jiff::{SignedDuration, Timestamp};
use kiwoom_api::realtime::{Book, Closed, Condition, Event, Feed, Hit, Item, Policy, Push, Snapshot, Symbol};
use kiwoom_api::testing::frame;
use kiwoom_api::us::realtime as us;
use kiwoom_api::value::{Price, Side, Sided};

use crate::server::{real, trade};

fn at(second: i64) -> Timestamp {
    "2026-07-06T09:00:00+09:00".parse::<Timestamp>().unwrap() + SignedDuration::from_secs(second)
}

/// A feed as text, to its end.
async fn all(mut feed: Feed) -> Vec<String> {
    let mut items = Vec::new();
    while let Some(item) = feed.next().await {
        items.push(match item {
            Item::Push(push) => match push.of::<StockTrade>() {
                Some(trade) => format!("{} {} {}", push.symbol(), trade.price.unwrap().amount, push.received()),
                None => format!("{} of {}", push.topic().id, push.symbol()),
            },
            Item::Event(event) => event.to_string(),
            Item::Snapshot(snapshot) => format!("book of {}", snapshot.symbol),
            other => panic!("{other:?}"),
        });
    }
    items
}

#[tokio::test]
async fn items_come_as_they_are_and_then_it_ends() {
    let trade = |price| StockTrade { price: Some(Price::up(price)), ..Default::default() };
    // more than any queue would hold, and events that a queue would merge
    let pushes = (0..20_000).map(|price| Item::from(Push::new_at("005930", trade(price), at(price))));
    let events = (0..2_000).map(|_| Item::from(Event::Connected));
    let book = Item::from(Snapshot::new("005930", Book::from(&StockOrderBookSnapshotReply::default())));
    let items = all(Feed::canned(pushes.chain(events).chain([book]))).await;
    assert_eq!(items.len(), 22_001);
    assert_eq!(items[1], format!("005930 1 {}", at(1)));
    assert_eq!((items[20_000].as_str(), items[22_000].as_str()), ("connected", "book of 005930"));
    let mut feed = Feed::canned(Vec::<Push>::new());
    assert!(feed.next().await.is_none() && feed.next().await.is_none());
    assert_eq!((feed.slots_used(), feed.standing().confirmed), (0, 0));
    feed.close().await;
}

#[tokio::test]
async fn a_canned_client_gives_its_frames_to_every_feed() {
    let client = Client::canned([]).with_frames([
        (at(0), trade("005930", 1)),
        (at(1), trade("000660", 2)),
        (at(2), r#"{"trnm":"PING"}"#.to_owned()),
        (at(3), real("0D", "005930", r#""41":"+5""#)),
        (at(4), real("00", "005930", r#""9203":"0000138""#)),
        (at(400), trade("005930", 3)),
        (at(401), r#"{"trnm":"SYSTEM","code":"R10001","message":""}"#.to_owned()),
        (at(402), trade("005930", 4)),
    ]);
    let feed = client.realtime().topic::<StockTrade>(["005930"]).open().await.unwrap();
    assert_eq!((feed.slots_used(), feed.standing().confirmed), (1, 1));
    let mut closed = client.realtime().topic::<StockTrade>(["005930"]).open().await.unwrap();
    assert!(closed.next().await.is_some());
    closed.close().await;
    let one = all(feed).await;
    assert_eq!(one[..2], ["connected".to_owned(), format!("005930 1 {}", at(0))], "nothing of other symbols");
    assert_eq!(one[2], format!("no push since {}", at(0)), "by the times of the frames");
    assert_eq!(one[3], format!("005930 3 {}", at(400)));
    assert!(one[4].contains("R10001") && one[5].contains("disconnected") && one[6].contains("another session"));
    assert_eq!(one[7], "connected", "the next frame comes over another connection");
    assert!(one[8].starts_with("0B may be missing") && one[9] == format!("005930 4 {}", at(402)), "{one:?}");
    assert_eq!(one.len(), 10);

    // another feed begins at the beginning, and policies hold
    let subscription = client.clone().realtime().topic::<OrderBook>(["005930"]).all::<OrderExecution>();
    let two = all(subscription.policy::<OrderBook>(Policy::Latest).start().unwrap()).await;
    assert_eq!(two[1..3], ["0D of 005930", "00 of 005930"]);
    let none = all(client.realtime().topic::<us::StockTrade>([Symbol::nasdaq("NVDA")]).open().await.unwrap()).await;
    assert!(none.iter().all(|item| !item.contains("of NVDA")), "{none:?}");
    let error = client.realtime().topic::<StockTrade>(["a b"]).open().await.unwrap_err().to_string();
    assert!(error.contains("not a symbol"), "mistakes stay mistakes: {error}");
    let all_symbols = (0..201).map(|code| format!("{code:06}"));
    assert!(client.realtime().topic::<StockTrade>(all_symbols).open().await.unwrap_err().to_string().contains("200"));
}

#[tokio::test]
async fn typed_pushes_become_frames() {
    let sold = StockTrade {
        price: Some(Price::down(70_100)),
        trade_qty: Some(Sided { qty: 5, side: Some(Side::Sell) }),
        volume: Some(1_000),
        ..Default::default()
    };
    let mut book = OrderBook::default();
    book.asks[9].price = Some(Price::up(71_000));
    let client = Client::canned([]).with_frames([
        (at(0), frame("005930", &sold).unwrap()),
        (at(0), frame("005930", &book).unwrap()),
        (at(0), frame("odd \"item\"", &MarketSession::default()).unwrap()),
    ]);
    let subscription = client.realtime().topic::<StockTrade>(["005930"]).topic::<OrderBook>(["005930"]);
    let mut feed = subscription.all::<MarketSession>().open().await.unwrap();
    let mut pushes = Vec::new();
    while let Some(item) = feed.next().await {
        pushes.extend(if let Item::Push(push) = item { Some(push) } else { None });
    }
    assert_eq!(pushes[0].of::<StockTrade>(), Some(&sold));
    assert_eq!(pushes[1].of::<OrderBook>(), Some(&book));
    assert_eq!((pushes[2].symbol(), pushes.len()), ("odd \"item\"", 3));
    assert!(pushes.iter().all(|push| push.anomalies().is_empty()), "{:?}", pushes[0].anomalies());
}

#[tokio::test]
async fn condition_searches_take_their_answers_from_the_frames() {
    let list = r#"{"trnm":"CNSRLST","return_code":0,"return_msg":"","data":[["4  ","눌림목"]]}"#;
    let first = r#"{"trnm":"CNSRREQ","seq":"4  ","return_code":0,"data":[{"jmcode":"A005930"}]}"#;
    let page = |row: &str, more: &str| {
        format!(r#"{{"trnm":"CNSRREQ","seq":"4","return_code":0,{more}"data":[{{"9001":"{row}","12":"-00006530"}}]}}"#)
    };
    let change = real("02", "4", r#""841":"4","9001":"000660","843":"I","20":"090001""#);
    let client = Client::canned([]).with_frames([
        (at(0), list.to_owned()),
        (at(0), page("A000001", r#""cont_yn":"Y","next_key":"k2","#)),
        (at(0), page("A000002", "")),
        (at(1), first.to_owned()),
        (at(2), change),
    ]);
    let conditions = client.conditions();
    let listed = conditions.list().await.unwrap();
    assert_eq!(listed, [Condition { number: "4".into(), name: "눌림목".into() }]);
    let found = conditions.search(&listed[0]).await.unwrap();
    assert_eq!(found.iter().map(|row| row.symbol.code()).collect::<Vec<_>>(), ["000001", "000002"]);
    assert_eq!(found[0].change_rate.unwrap().to_f64(), -6.53);
    let mut watch = conditions.watch(&listed[0]).await.unwrap();
    let mut hits = Vec::new();
    while let Some(hit) = watch.next().await {
        hits.push(hit);
    }
    assert_eq!(hits[..2], [Hit::Event(Event::Connected), Hit::Snapshot { codes: vec!["005930".into()] }]);
    assert!(matches!(&hits[2], Hit::Entered { code, at: Some(_) } if code == "000660") && hits.len() == 3, "{hits:?}");

    // the US market has names of its own
    let found = r#"{"trnm":"GCNSRREQ","seq":"4","return_code":0,"data":[{"jmcode":"NVDA"},{"jmcode":"A"}]}"#;
    let change = real("S2", "4", r#""841":"4","9001":"A","843":"D","20":"230156""#);
    let frames = [(at(0), list.replace("CNSRLST", "GCNSRLST")), (at(0), found.to_owned()), (at(1), change)];
    let us_client = Client::canned([]).with_frames(frames);
    let listed = us_client.us_conditions().named("눌림목").await.unwrap();
    let mut watch = us_client.us_conditions().watch(&listed).await.unwrap();
    while watch.next().await.is_some() {}
    assert_eq!(watch.hits().collect::<Vec<_>>(), ["NVDA"]);

    // what is not among the frames is an error that says what to do
    let other = Condition { number: "9".into(), name: String::new() };
    for error in [conditions.watch(&other).await.unwrap_err(), conditions.search(&other).await.unwrap_err()] {
        assert!(error.to_string().contains("CNSRREQ"), "{error}");
    }
    let bare = Client::canned([]).with_frames(Vec::<(Timestamp, String)>::new());
    assert!(bare.us_conditions().list().await.unwrap_err().to_string().contains("CNSRLST"));
    let feed = all(bare.realtime().topic::<StockTrade>(["005930"]).open().await.unwrap()).await;
    assert_eq!(feed, ["connected"]);
    assert_ne!(Closed::FramesEnded, Closed::RuntimeEnded);
}
