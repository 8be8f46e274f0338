//! What goes wrong on a line, and what a subscription makes of it.

use std::time::Duration;

use kiwoom_api::ManualClock;
use kiwoom_api::domestic::realtime::StockTrade;
use kiwoom_api::realtime::{Event, Item, Policy, Stage};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio_tungstenite::tungstenite::Message;

use crate::server::{SOON, Socket, Talk, event, next, push, real, trade};
use crate::support::{assert_clean, texts};

#[tokio::test]
async fn a_gap_stands_before_the_first_push_after_it() {
    let socket = Socket::start(|stream, number| async move {
        let mut talk = Talk::welcome(stream).await;
        talk.take().await;
        talk.say(&trade("005930", 70_000 + number as u32)).await;
        if number == 0 {
            tokio::time::sleep(Duration::from_millis(100)).await;
            return;
        }
        talk.hang().await;
    })
    .await;
    let mut feed = socket.client().realtime().topic::<StockTrade>(["005930"]).open().await.unwrap();
    let mut seen = Vec::new();
    while seen.iter().filter(|what: &&String| what.starts_with("push")).count() < 2 {
        seen.push(match next(&mut feed).await {
            Item::Push(push) => format!("push {}", push.of::<StockTrade>().unwrap().price.unwrap().amount),
            Item::Event(Event::Gap { symbols, from, to, .. }) => {
                assert!(from < to && to.duration_since(from).as_secs() < 60, "{from} {to}");
                format!("gap {symbols:?}")
            }
            Item::Event(Event::Disconnected { .. }) => "disconnected".into(),
            Item::Event(event) => event.to_string(),
            _ => unreachable!(),
        });
    }
    let want = ["connected", "push 70000", "disconnected", "connected", "gap [\"005930\"]", "push 70001"];
    assert_eq!(seen, want);
}

#[tokio::test]
async fn a_push_before_the_answer_is_no_surprise() {
    let socket = Socket::start(|stream, _| async move {
        let mut talk = Talk::welcome(stream).await;
        talk.hear().await;
        talk.say(&trade("005930", 70_100)).await;
        talk.answer("REG", 0, "").await;
        talk.hang().await;
    })
    .await;
    let mut feed = socket.client().realtime().topic::<StockTrade>(["005930"]).open().await.unwrap();
    assert_eq!(push(&mut feed).await.symbol(), "005930");
}

#[tokio::test]
async fn a_line_that_is_half_open_is_noticed() {
    let time = ManualClock::at("2026-07-06T09:00:00+09:00".parse().unwrap());
    let socket = Socket::start(|stream, _| async move {
        let mut talk = Talk::welcome(stream).await;
        talk.take().await;
        talk.hang().await;
    })
    .await;
    let client = socket.builder().clock(time.clock()).build().unwrap();
    let mut feed = client.realtime().topic::<StockTrade>(["005930"]).start().unwrap();
    for _ in 0..2_000 {
        time.advance(Duration::from_millis(5));
        tokio::time::sleep(Duration::from_millis(5)).await;
        if feed.standing().phase == Stage::Live {
            break;
        }
    }
    assert_eq!(feed.standing().phase, Stage::Live);
    time.advance(Duration::from_secs(36));
    let lost = event(&mut feed, |event| matches!(event, Event::Disconnected { .. })).await;
    assert!(lost.to_string().contains("not even a ping"), "{lost}");
}

#[tokio::test]
async fn a_handshake_that_is_refused_or_slow_is_tried_again() {
    let socket = Socket::start(|mut stream, number| async move {
        match number {
            0 => {
                let _ = stream.read(&mut [0; 1024]).await;
                let _ = stream.write_all(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n").await;
            }
            1 => {
                let _ = stream.read(&mut [0; 1024]).await;
                std::future::pending::<()>().await;
            }
            _ => Talk::welcome(stream).await.serve().await,
        }
    })
    .await;
    let client = socket.builder().connect_timeout(Duration::from_millis(300)).build().unwrap();
    let mut feed = client.realtime().topic::<StockTrade>(["005930"]).open().await.unwrap();
    let mut why = Vec::new();
    while why.len() < 2 {
        if let Item::Event(Event::Disconnected { why: one, .. }) = next(&mut feed).await {
            assert_clean(&one);
            why.push(one);
        }
    }
    assert!(why[0].contains("connect") && why[1].contains("within 300ms"), "{why:?}");
}

#[tokio::test]
async fn the_handshake_names_the_client_and_offers_no_compression() {
    let (heard, mut log) = mpsc::unbounded_channel();
    let socket = Socket::start(move |mut stream, _| {
        let heard = heard.clone();
        async move {
            let mut head = vec![0; 4096];
            let read = stream.read(&mut head).await.unwrap();
            heard.send(String::from_utf8(head[..read].to_vec()).unwrap()).unwrap();
        }
    })
    .await;
    let _feed = socket.client().realtime().topic::<StockTrade>(["005930"]).start().unwrap();
    let head = log.recv().await.unwrap().to_lowercase();
    assert!(head.starts_with("get /api/dostk/websocket http/1.1\r\n"), "{head}");
    assert!(head.contains("user-agent: kiwoom-api/") && !head.contains("sec-websocket-extensions"), "{head}");
    assert_clean(&head);
}

#[tokio::test]
async fn bytes_right_behind_the_upgrade_are_read() {
    let (heard, mut log) = mpsc::unbounded_channel();
    let socket = Socket::start(move |stream, _| {
        let heard = heard.clone();
        async move { heard.send(ping_in_the_same_packet(stream).await).unwrap() }
    })
    .await;
    let _feed = socket.client().realtime().topic::<StockTrade>(["005930"]).start().unwrap();
    assert_eq!(log.recv().await.unwrap(), r#"{"trnm":"PING"}"#);
}

/// A server by hand: its 101 and its first frame are one write. Gives what comes back after the login.
async fn ping_in_the_same_packet(mut stream: TcpStream) -> String {
    use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
    use tokio_tungstenite::tungstenite::protocol::Role;

    let mut head = vec![0; 4096];
    let read = stream.read(&mut head).await.unwrap();
    let head = String::from_utf8(head[..read].to_vec()).unwrap();
    let key = head.lines().find_map(|line| line.to_lowercase().starts_with("sec-websocket-key").then(|| &line[19..]));
    let accept = derive_accept_key(key.unwrap().trim().as_bytes());
    let mut bytes = format!(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\n\r\n"
    )
    .into_bytes();
    let ping = br#"{"trnm":"PING"}"#;
    bytes.extend([0x81, ping.len() as u8]);
    bytes.extend(ping);
    stream.write_all(&bytes).await.unwrap();
    let mut talk = Talk::over(tokio_tungstenite::WebSocketStream::from_raw_socket(stream, Role::Server, None).await);
    talk.take_login().await;
    talk.hear().await
}

#[tokio::test]
async fn strange_frames_are_told_once_and_harm_nobody() {
    let socket = Socket::start(|stream, _| async move {
        let mut talk = Talk::welcome(stream).await;
        talk.take().await;
        for _ in 0..2 {
            talk.frame(Message::binary(vec![0xff, 0xfe, 0])).await;
            talk.say("not json").await;
            talk.say(r#"{"trnm":"NEWS","x":1}"#).await;
            talk.say(&real("9Z", "005930", r#""10":"1""#)).await;
            talk.say(&real("0B", "005930", r#""10":"+70100","99999":"7""#)).await;
        }
        talk.hang().await;
    })
    .await;
    let mut feed = socket.client().realtime().topic::<StockTrade>(["005930"]).open().await.unwrap();
    let (mut pushes, mut unknown) = (0, Vec::new());
    while pushes < 2 {
        match next(&mut feed).await {
            Item::Push(_) => pushes += 1,
            Item::Event(Event::Unknown { what, .. }) => unknown.push(what),
            _ => {}
        }
    }
    assert_eq!(unknown.len(), 5, "{unknown:?}");
    for part in ["binary", "JSON", "NEWS", "9Z", "99999"] {
        assert!(unknown.iter().any(|what| what.contains(part)), "{part}: {unknown:?}");
    }
}

#[tokio::test]
async fn a_frame_that_is_too_long_costs_the_connection_only() {
    let socket = Socket::start(|stream, number| async move {
        let mut talk = Talk::welcome(stream).await;
        talk.take().await;
        if number == 0 {
            talk.say(&"x".repeat((16 << 20) + 1)).await;
            talk.end().await;
        } else {
            talk.say(&trade("005930", 70_100)).await;
            talk.hang().await;
        }
    })
    .await;
    let mut feed = socket.client().realtime().topic::<StockTrade>(["005930"]).open().await.unwrap();
    event(&mut feed, |event| matches!(event, Event::Disconnected { .. })).await;
    push(&mut feed).await;
}

#[tokio::test]
async fn a_reader_that_does_not_read_delays_no_ping_and_loses_count_of_nothing() {
    const PUSHES: u64 = 20_000;
    let (heard, mut log) = mpsc::unbounded_channel();
    let socket = Socket::start(move |stream, _| {
        let heard = heard.clone();
        async move {
            let mut talk = Talk::welcome(stream).await;
            talk.take().await;
            for number in 0..PUSHES {
                talk.say(&trade("005930", 70_000 + number as u32)).await;
            }
            talk.say(r#"{"trnm":"PING"}"#).await;
            heard.send(talk.hear().await).unwrap();
            talk.hang().await;
        }
    })
    .await;
    let subscription = socket.client().realtime().topic::<StockTrade>(["005930"]);
    let mut feed = subscription.policy::<StockTrade>(Policy::DropOldest(100)).open().await.unwrap();
    assert_eq!(tokio::time::timeout(SOON, log.recv()).await.unwrap().unwrap(), r#"{"trnm":"PING"}"#);
    let (mut got, mut lost) = (0, 0);
    while got + lost < PUSHES {
        match next(&mut feed).await {
            Item::Push(_) => got += 1,
            Item::Event(Event::Lagged { dropped, .. }) => lost += dropped,
            _ => {}
        }
    }
    assert_eq!((got, lost), (100, PUSHES - 100));
}

#[tokio::test]
async fn keys_that_the_broker_refuses_end_it() {
    let socket = Socket::start(|stream, _| async move { Talk::welcome(stream).await.serve().await }).await;
    let refusal = r#"{"return_code":3,"return_msg":"[8001:no such keys]"}"#;
    let tokens = crate::support::TestServer::start(
        (0..9).fold(crate::support::Script::default(), |script, _| script.json(refusal)),
    )
    .await;
    let server = kiwoom_api::Server::Sandbox {
        http: tokens.address().http().to_owned(),
        socket: socket.client().server().socket().map(str::to_owned),
    };
    let keys = kiwoom_api::Credentials::new(crate::support::APP_KEY, crate::support::SECRET_KEY);
    let client = kiwoom_api::Client::builder(server, keys).limits(kiwoom_api::Limits::unlimited()).build().unwrap();
    let error = client.realtime().topic::<StockTrade>(["005930"]).open().await.unwrap_err();
    assert!(error.to_string().contains("8001"), "{error}");
    assert_clean(&texts(&error));
    assert!(socket.came().is_empty());
}
