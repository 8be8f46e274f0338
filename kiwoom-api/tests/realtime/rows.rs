//! One test for each row of `BEHAVIOUR.md` about the socket.

use std::time::Duration;

use kiwoom_api::ManualClock;
use kiwoom_api::codes::OrderAction;
use kiwoom_api::domestic::realtime::{OrderExecution, StockTrade, VolatilityInterruption};
use kiwoom_api::realtime::{Condition, Event, Hit, Item, Stage, Symbol};
use kiwoom_api::us::realtime as us;
use kiwoom_api::value::Price;
use tokio::sync::mpsc;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;

use crate::server::{SOON, Socket, Talk, event, next, push, real, trade};
use crate::support::assert_clean;

#[tokio::test]
async fn w1_login_is_answered_before_anything_else_leaves() {
    let (done, mut ended) = mpsc::unbounded_channel();
    let socket = Socket::start(move |stream, _| {
        let done = done.clone();
        async move {
            let mut talk = Talk::accept(stream).await;
            assert!(talk.hear().await.starts_with(r#"{"trnm":"LOGIN","token":"TOKEN-"#), "the bare token");
            talk.say(r#"{"trnm":"PING"}"#).await;
            assert_eq!(talk.hear_within(Duration::from_millis(300)).await, None, "not before the answer");
            talk.say(r#"{"trnm":"LOGIN","return_code":0,"return_msg":"","sor_yn":"Y"}"#).await;
            assert_eq!(talk.hear().await, r#"{"trnm":"PING"}"#);
            assert!(talk.take().await.contains("REG"));
            done.send(()).unwrap();
            talk.hang().await;
        }
    })
    .await;
    let feed = socket.client().realtime().topic::<StockTrade>(["005930"]).open().await.unwrap();
    ended.recv().await.unwrap();
    assert_eq!(feed.slots_used(), 1);
}

#[tokio::test]
async fn w1_a_login_that_nobody_answers_costs_the_connection() {
    let time = ManualClock::at("2026-07-06T09:00:00+09:00".parse().unwrap());
    let socket = Socket::start(|stream, number| async move {
        if number > 0 {
            return Talk::welcome(stream).await.serve().await;
        }
        let mut talk = Talk::accept(stream).await;
        talk.hear().await;
        // pings alone are no answer
        talk.say(r#"{"trnm":"PING"}"#).await;
        assert_eq!(talk.hear_within(SOON).await, None, "nothing but the login leaves");
    })
    .await;
    let client = socket.builder().clock(time.clock()).build().unwrap();
    let mut feed = client.realtime().topic::<StockTrade>(["005930"]).start().unwrap();
    while feed.standing().phase != Stage::Login {
        time.advance(Duration::from_millis(1));
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    tokio::time::sleep(Duration::from_millis(50)).await;
    time.advance(Duration::from_secs(11));
    let lost = event(&mut feed, |event| matches!(event, Event::Disconnected { .. })).await;
    assert!(lost.to_string().contains("no answer to the login"), "{lost}");
    time.advance(Duration::from_secs(2));
    event(&mut feed, |event| matches!(event, Event::Connected)).await;
}

#[tokio::test]
async fn w2_a_ping_comes_back_as_it_is_and_a_system_frame_does_not() {
    let (heard, mut log) = mpsc::unbounded_channel();
    let socket = Socket::start(move |stream, _| {
        let heard = heard.clone();
        async move {
            let mut talk = Talk::welcome(stream).await;
            talk.take().await;
            talk.say(r#"{"trnm":"SYSTEM","code":"R10003","message":"soon 1234567811"}"#).await;
            talk.say("{ \"trnm\" : \"PING\",\n \"n\":[1, 2]}").await;
            heard.send(talk.hear().await).unwrap();
            talk.frame(Message::binary(r#"{"trnm":"PING"}"#)).await;
            heard.send(talk.hear().await).unwrap();
            talk.hang().await;
        }
    })
    .await;
    let mut feed = socket.client().realtime().topic::<StockTrade>(["005930"]).open().await.unwrap();
    assert_eq!(log.recv().await.unwrap(), "{ \"trnm\" : \"PING\",\n \"n\":[1, 2]}");
    assert_eq!(log.recv().await.unwrap(), r#"{"trnm":"PING"}"#);
    let system = event(&mut feed, |event| matches!(event, Event::System { .. })).await;
    assert_clean(&format!("{system} {system:?}"));
    let Event::System { code, message, .. } = system else { unreachable!() };
    assert_eq!((code.as_str(), message.as_str()), ("R10003", "soon ***"));
}

#[tokio::test]
async fn w3_registrations_are_batches_with_arrays_and_blank_items() {
    let (heard, mut log) = mpsc::unbounded_channel();
    let socket = Socket::start(move |stream, _| {
        let heard = heard.clone();
        async move {
            let mut talk = Talk::welcome(stream).await;
            for _ in 0..4 {
                heard.send(talk.take().await).unwrap();
            }
            talk.hang().await;
        }
    })
    .await;
    let symbols: Vec<String> = (0..120).map(|number| format!("{number:06}")).collect();
    let client = socket.client();
    let subscription = client.realtime().topic::<StockTrade>(&symbols).all::<OrderExecution>();
    let feed = subscription.open().await.unwrap();
    assert_eq!((feed.slots_used(), feed.standing().confirmed), (120, 121));
    let mut items = Vec::new();
    for _ in 0..4 {
        let text: serde_json::Value = serde_json::from_str(&log.recv().await.unwrap()).unwrap();
        assert_eq!((&text["trnm"], &text["grp_no"], &text["refresh"]), (&"REG".into(), &"1".into(), &"1".into()));
        let item = text["data"][0]["item"].as_array().unwrap();
        items.push((text["data"][0]["type"][0].as_str().unwrap().to_owned(), item.len(), item[0].clone()));
    }
    let of = |topic: &str, count: usize, first: &str| (topic.to_owned(), count, first.into());
    assert_eq!(items, [of("00", 1, ""), of("0B", 50, "000000"), of("0B", 50, "000050"), of("0B", 20, "000100")]);
}

#[tokio::test]
async fn w3_us_items_are_objects_on_a_socket_of_their_own() {
    let (heard, mut log) = mpsc::unbounded_channel();
    let socket = Socket::start(move |stream, _| {
        let heard = heard.clone();
        async move {
            let mut talk = Talk::welcome(stream).await;
            heard.send(talk.take().await).unwrap();
            talk.say(
                &real("FE", "NVDA", r#""10":"+213.04","20":"230001""#)
                    .replace("\"item\"", "\"stexTp\":\"ND\",\"item\""),
            )
            .await;
            talk.hang().await;
        }
    })
    .await;
    let client = socket.client();
    let mut feed = client.realtime().topic::<us::StockTrade>([Symbol::nasdaq("NVDA")]).open().await.unwrap();
    let text: serde_json::Value = serde_json::from_str(&log.recv().await.unwrap()).unwrap();
    let want = serde_json::json!({"item": [{"jmcode": "NVDA", "stex_tp": "ND"}], "type": ["FE"]});
    assert_eq!(text["data"][0], want);
    let push = push(&mut feed).await;
    let price = push.of::<us::StockTrade>().unwrap().price.unwrap();
    assert_eq!((push.symbol(), price), ("NVDA", Price::up("213.04".parse::<kiwoom_api::value::Decimal>().unwrap())));
    let bare = client.realtime().topic::<us::StockTrade>(["NVDA"]).open().await.unwrap_err().to_string();
    assert!(bare.contains("Symbol::nasdaq"), "{bare}");
}

#[tokio::test]
async fn w4_pushes_are_typed_and_an_item_with_a_venue_belongs_to_its_code() {
    let socket = Socket::start(|stream, _| async move {
        let mut talk = Talk::welcome(stream).await;
        talk.take().await;
        talk.take().await;
        talk.say(&trade("005930", 70_100)).await;
        talk.say(&real("1h", "005930_AL", r#""9068":"1""#)).await;
        talk.hang().await;
    })
    .await;
    let subscription = socket.client().realtime().topic::<StockTrade>(["005930"]);
    let mut feed = subscription.topic::<VolatilityInterruption>(["005930"]).open().await.unwrap();
    let first = push(&mut feed).await;
    let trade = first.of::<StockTrade>().unwrap();
    assert_eq!((trade.price, trade.volume), (Some(Price::up(70_100)), Some(100)));
    assert_eq!(first.at().unwrap().time().to_string(), "09:00:01");
    assert!(first.of::<VolatilityInterruption>().is_none());
    let second = push(&mut feed).await;
    assert_eq!((second.topic().id, second.symbol()), ("1h", "005930_AL"));
}

#[tokio::test]
async fn w5_account_topics_come_whatever_the_item() {
    let socket = Socket::start(|stream, _| async move {
        let mut talk = Talk::welcome(stream).await;
        talk.take().await;
        talk.say(&real("00", "005930", r#""9201":"1234567811","9203":"0000138","905":"+매수","908":"090001""#)).await;
        talk.hang().await;
    })
    .await;
    let mut feed = socket.client().realtime().all::<OrderExecution>().open().await.unwrap();
    let push = push(&mut feed).await;
    assert_clean(&format!("{push:?}"));
    let order = push.of::<OrderExecution>().unwrap();
    assert_eq!((order.action, push.at().is_some()), (Some(OrderAction::Buy), true));
    assert_eq!(feed.slots_used(), 0, "an account takes no place");
}

#[tokio::test]
async fn w6_a_kick_is_told_and_not_fought() {
    for with_system in [true, false] {
        let time = ManualClock::at("2026-07-06T09:00:00+09:00".parse().unwrap());
        let socket = Socket::start(move |stream, number| async move {
            let mut talk = Talk::welcome(stream).await;
            talk.take().await;
            if number == 0 {
                if with_system {
                    talk.say(r#"{"trnm":"SYSTEM","code":"R10001","message":""}"#).await;
                }
                talk.frame(Message::Close(Some(CloseFrame { code: CloseCode::Normal, reason: "Bye".into() }))).await;
            }
            talk.hang().await;
        })
        .await;
        let client = socket.builder().clock(time.clock()).build().unwrap();
        let mut feed = client.realtime().topic::<StockTrade>(["005930"]).start().unwrap();
        let ticking = tokio::spawn(tick(time.clone()));
        let kicked = event(&mut feed, |event| matches!(event, Event::Kicked { .. })).await;
        ticking.abort();
        let Event::Kicked { retry_in, .. } = kicked else { unreachable!() };
        assert!(retry_in >= Duration::from_secs(29), "{retry_in:?}");
        time.advance(Duration::from_secs(20));
        tokio::time::sleep(Duration::from_millis(50)).await;
        assert_eq!(socket.came().len(), 1, "nobody fights");
        time.advance(Duration::from_secs(12));
        event(&mut feed, |event| matches!(event, Event::Connected)).await;
        assert_eq!(socket.came().len(), 2);
    }
}

/// Lets a clock run like a real one: pauses between requests pass, and timeouts do not come early on a busy machine.
async fn tick(time: ManualClock) {
    loop {
        tokio::time::sleep(Duration::from_millis(5)).await;
        time.advance(Duration::from_millis(5));
    }
}

#[tokio::test]
async fn w7_too_fast_is_sent_again_full_and_refused_are_told() {
    let socket = Socket::start(|stream, _| async move {
        let mut talk = Talk::welcome(stream).await;
        let first = talk.hear().await;
        talk.answer("REG", 105110, "too fast").await;
        assert_eq!(talk.take().await, first, "the same once more");
        for code in [105101, 105115] {
            talk.hear().await;
            talk.answer("REG", code, "no").await;
        }
        talk.serve().await;
    })
    .await;
    let client = socket.client();
    let feed = client.realtime().topic::<StockTrade>(["005930"]).open().await.unwrap();
    let mut refused = client.realtime().topic::<StockTrade>(["000001"]).open().await.unwrap();
    let rejected = event(&mut refused, |event| matches!(event, Event::Rejected { .. })).await;
    assert_eq!(rejected.to_string(), "0B of 000001 refused: 105101 no");
    let mut full = client.realtime().topic::<StockTrade>(["000002"]).open().await.unwrap();
    let slots = event(&mut full, |event| matches!(event, Event::SlotsFull { .. })).await;
    assert_eq!(slots.to_string(), "no room for 0B of 000002");
    assert_eq!((feed.standing().confirmed, feed.standing().refused), (1, 2));
}

#[tokio::test]
async fn w7_one_bad_symbol_of_many_is_found() {
    let socket = Socket::start(|stream, _| async move {
        let mut talk = Talk::welcome(stream).await;
        loop {
            let text = talk.hear().await;
            talk.answer("REG", if text.contains("BAD") { 105101 } else { 0 }, "").await;
        }
    })
    .await;
    let symbols = ["000001", "000002", "BAD", "000004", "000005", "000006"];
    let mut feed = socket.client().realtime().topic::<StockTrade>(symbols).open().await.unwrap();
    let Event::Rejected { symbol, .. } = event(&mut feed, |event| matches!(event, Event::Rejected { .. })).await else {
        unreachable!()
    };
    assert_eq!((symbol.as_str(), feed.standing().confirmed), ("BAD", 5));
}

#[tokio::test]
async fn w8_a_dead_token_is_renewed_and_three_refusals_end_it() {
    let socket = Socket::start(|stream, _| async move {
        let mut talk = Talk::accept(stream).await;
        talk.hear().await;
        talk.answer("LOGIN", 805004, "dead").await;
        talk.end().await;
    })
    .await;
    let error = socket.client().realtime().topic::<StockTrade>(["005930"]).open().await.unwrap_err();
    assert!(error.to_string().contains("805004"), "{error}");
    let came = socket.came();
    assert_eq!(came.len(), 3);
    assert!(came.windows(2).all(|two| two[1] - two[0] >= Duration::from_millis(450)), "pauses between attempts");
    let asked = socket.tokens.received().await.len();
    assert!(asked >= 2, "another token for another login: {asked}");
}

#[tokio::test]
async fn w8_closed_in_the_handshake_means_a_pause() {
    let socket = Socket::start(|stream, number| async move {
        if number > 1 {
            Talk::welcome(stream).await.serve().await;
        }
    })
    .await;
    let mut feed = socket.client().realtime().topic::<StockTrade>(["005930"]).open().await.unwrap();
    let came = socket.came();
    assert!(
        came[1] - came[0] >= Duration::from_millis(450) && came[2] - came[1] >= Duration::from_millis(950),
        "{came:?}"
    );
    assert!(matches!(next(&mut feed).await, Item::Event(Event::Disconnected { .. })));
}

#[tokio::test]
async fn w9_large_and_fragmented_messages_are_read() {
    let socket = Socket::start(|stream, _| async move {
        let mut talk = Talk::welcome(stream).await;
        talk.take().await;
        let one = r#"{"type":"0B","name":"x","item":"005930","values":{"10":"+70100","15":"+1"}}"#;
        let many = vec![one; 120_000].join(",");
        let text = format!(r#"{{"trnm":"REAL","data":[{many}]}}"#);
        assert!(text.len() > 8 << 20 && text.len() < 16 << 20);
        talk.fragments(&text).await;
        talk.hang().await;
    })
    .await;
    let subscription = socket.client().realtime().topic::<StockTrade>(["005930"]);
    let subscription = subscription.policy::<StockTrade>(kiwoom_api::realtime::Policy::Keep);
    let mut feed = subscription.open().await.unwrap();
    let mut count = 0;
    tokio::time::timeout(SOON * 3, async {
        while count < 120_000 {
            push(&mut feed).await;
            count += 1;
        }
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn w9_a_message_of_16_mib_is_read() {
    let socket = Socket::start(|stream, _| async move {
        let mut talk = Talk::welcome(stream).await;
        talk.take().await;
        let text = trade("005930", 70_100);
        talk.say(&format!("{text}{}", " ".repeat((16 << 20) - text.len()))).await;
        talk.hang().await;
    })
    .await;
    let mut feed = socket.client().realtime().topic::<StockTrade>(["005930"]).open().await.unwrap();
    loop {
        match next(&mut feed).await {
            Item::Push(_) => break,
            Item::Event(event) => assert!(matches!(event, Event::Connected), "{event}"),
            other => panic!("{other:?}"),
        }
    }
}

/// The documents say strings where the service has arrays and a list where it has an object, and lack the pushes of US searches.
#[tokio::test]
async fn w10_arrays_and_objects_whatever_the_documents_say() {
    let (heard, mut log) = mpsc::unbounded_channel();
    let socket = Socket::start(move |stream, _| {
        let heard = heard.clone();
        async move {
            let mut talk = Talk::welcome(stream).await;
            while let Some(text) = talk.hear_within(SOON).await {
                if text.contains("GCNSRLST") {
                    talk.say(r#"{"trnm":"GCNSRLST","return_code":0,"return_msg":"","data":[["4","x"]]}"#).await;
                } else if text.contains("GCNSRREQ") {
                    talk.say(r#"{"trnm":"GCNSRREQ","seq":"4","return_code":0,"data":[{"jmcode":"NVDA"}]}"#).await;
                    talk.say(&real("S2", "4", r#""841":"4","9001":"COIN","843":"I","20":"230156""#)).await;
                } else {
                    talk.answer("REG", 0, "").await;
                    let text = trade("005930", 70_100);
                    talk.say(&text).await;
                    // as the documents have it
                    talk.say(&text.replace("\"values\":{", "\"values\":[{").replace("}]}", "}]}]}")).await;
                    talk.say(&trade("005930", 70_200)).await;
                }
                let _ = heard.send(text);
            }
        }
    })
    .await;
    let client = socket.client();
    let mut feed = client.realtime().topic::<StockTrade>(["005930"]).open().await.unwrap();
    let text: serde_json::Value = serde_json::from_str(&log.recv().await.unwrap()).unwrap();
    let data = &text["data"];
    assert!(data.is_array() && data[0]["item"].is_array() && data[0]["type"].is_array(), "{text}");
    let mut prices = Vec::new();
    while prices.last() != Some(&70_200) {
        if let Item::Push(push) = next(&mut feed).await {
            prices.extend(push.of::<StockTrade>().unwrap().price.and_then(|price| price.won()));
        }
    }
    assert_eq!(prices, [70_100, 70_200], "a list of values is no trade, and costs nothing but itself");
    let mut watch =
        client.us_conditions().watch(&Condition { number: "4".into(), ..Default::default() }).await.unwrap();
    let mut hits = Vec::new();
    while hits.len() < 2 {
        let hit = tokio::time::timeout(SOON, watch.next()).await.unwrap().unwrap();
        hits.extend((!matches!(hit, Hit::Event(_))).then_some(hit));
    }
    assert_eq!(hits[0], Hit::Snapshot { codes: vec!["NVDA".into()] });
    assert!(matches!(&hits[1], Hit::Entered { code, .. } if code == "COIN"), "{hits:?}");
}
