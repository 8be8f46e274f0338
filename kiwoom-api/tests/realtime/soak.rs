//! Connections that break again and again: every push that the server sent while it was connected is delivered, or counted as
//! dropped, and memory does not grow.
//!
//! `KIWOOM_SOAK=1000000 cargo test -p kiwoom-api --test realtime soak -- --nocapture` is the large one: so many pushes over 500
//! connections.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use kiwoom_api::ManualClock;
use kiwoom_api::domestic::realtime::StockTrade;
use kiwoom_api::realtime::{Event, Item, Policy, Stage};
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;

use crate::server::{SOON, Socket, Talk};

const SYMBOLS: [&str; 2] = ["005930", "000660"];
/// Pushes that wait for a reader; more are dropped.
const WAITING: usize = 500;

/// How a connection ends.
#[derive(Clone, Copy, Debug, PartialEq)]
enum End {
    /// Before anything was registered.
    AtLogin,
    AtRegistration,
    /// Closed in order, with and without a close frame, or in the middle of a frame: everything that was sent arrives.
    Closed,
    Shut,
    HalfAFrame,
    /// What is on its way is lost.
    Reset,
}

const ENDS: [End; 6] = [End::AtLogin, End::AtRegistration, End::Closed, End::Shut, End::HalfAFrame, End::Reset];

/// What the server sent on each connection, and whether all of it must arrive.
type Sent = Arc<Mutex<BTreeMap<i64, (i64, bool)>>>;

/// One connection: pushes with numbers from 0, many in a frame now and then.
async fn connection(mut talk: Talk, (number, pushes, end): (i64, i64, End), sent: Sent) {
    let mut random = fastrand::Rng::with_seed(number as u64);
    if end == End::AtLogin {
        talk.hear().await;
        return talk.cut(random.bool()).await;
    }
    talk.take_login().await;
    talk.hear().await;
    if end == End::AtRegistration {
        return talk.cut(random.bool()).await;
    }
    talk.answer("REG", 0, "").await;
    let mut next = 0;
    while next < pushes {
        let count = random.i64(1..9).min(pushes - next);
        let elements: Vec<String> = (next..next + count).map(|push| element(number, push)).collect();
        talk.say(&format!(r#"{{"trnm":"REAL","data":[{}]}}"#, elements.join(","))).await;
        next += count;
        if random.u32(..400) == 0 {
            talk.say(r#"{"trnm":"PING"}"#).await;
        }
    }
    assert!(talk.is_said().await, "the client does not hang up");
    sent.lock().unwrap().insert(number, (pushes, end != End::Reset));
    match end {
        End::Closed => {
            let close = CloseFrame { code: CloseCode::Away, reason: "".into() };
            talk.frame(Message::Close(Some(close))).await;
        }
        End::HalfAFrame => talk.bytes(&[0x81, 126, 1, 0, b'{', b'"']).await,
        _ => {}
    }
    talk.cut(end == End::Reset).await;
}

/// The cumulative volume is the number of the connection and that of the push.
fn element(number: i64, push: i64) -> String {
    let symbol = SYMBOLS[(push % 2) as usize];
    let volume = number * 1_000_000 + push;
    format!(
        r#"{{"type":"0B","name":"x","item":"{symbol}","values":{{"20":"090001","10":"+100","15":"+3","13":"{volume}"}}}}"#
    )
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_push_is_delivered_or_counted() {
    let wanted: Option<i64> = std::env::var("KIWOOM_SOAK").ok().and_then(|count| count.parse().ok());
    let (pushes, connections) = wanted.map_or((20_000, 60), |pushes| (pushes, 500));
    // two of six ends send nothing
    let each = pushes * 6 / 4 / connections;
    let sent = Sent::default();
    let log = sent.clone();
    let socket = Socket::start(move |stream, number| {
        let (log, number) = (log.clone(), number as i64);
        async move {
            let talk = Talk::accept(stream).await;
            if number < connections {
                let end = ENDS[number as usize % ENDS.len()];
                connection(talk, (number, each, end), log).await;
            } else {
                connection(talk, (number, 1, End::Shut), log).await;
            }
        }
    })
    .await;
    // pauses between connections take no time: the clock is moved while nothing else is wanted of it
    let time = ManualClock::at("2026-07-06T09:00:00+09:00".parse().unwrap());
    let came = Arc::new(Mutex::new(Vec::<u64>::new()));
    let counts = came.clone();
    let builder = socket.builder().clock(time.clock()).observe(move |call| {
        let Some(report) = call.realtime else { return };
        let mut counts = counts.lock().unwrap();
        // the first report of a connection counts it
        counts.extend((report.connections > 0).then_some(0));
        *counts.last_mut().expect("a connection") += report.pushes;
    });
    let client = builder.build().unwrap();
    let subscription = client.realtime().topic::<StockTrade>(SYMBOLS).policy::<StockTrade>(Policy::DropOldest(WAITING));
    let mut feed = subscription.start().unwrap();

    let (mut last, mut dropped, mut delivered) = (-1, 0u64, 0i64);
    let (mut gaps, mut first) = (BTreeMap::new(), BTreeMap::<i64, [bool; 2]>::new());
    let (mut disconnects, mut early) = (0, 0);
    let mut random = fastrand::Rng::with_seed(9);
    let started = Instant::now();
    loop {
        match feed.standing().phase {
            Stage::Wait => time.advance(Duration::from_secs(1)),
            Stage::Subscribe => time.advance(Duration::from_millis(10)),
            _ => {}
        }
        let Ok(item) = timeout(Duration::from_millis(1), feed.next()).await else {
            assert!(started.elapsed() < SOON * 60, "{:?}", feed.standing());
            continue;
        };
        match item.expect("no end") {
            Item::Push(push) => {
                let volume = push.of::<StockTrade>().unwrap().volume.unwrap();
                let number = volume / 1_000_000;
                let symbol = SYMBOLS.iter().position(|symbol| *symbol == push.symbol()).unwrap();
                let known = first.entry(number).or_default();
                if !std::mem::replace(&mut known[symbol], true) && first.len() > 1 {
                    assert!(gaps.remove(SYMBOLS[symbol]).is_some(), "a gap before the first push of {number}");
                }
                assert!(volume > last, "in order, and none twice: {volume} after {last}");
                last = volume;
                delivered += 1;
                if number >= connections {
                    break;
                }
                // a slow reader, now and then
                if random.u32(..20_000) == 0 {
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
                if early == 0 && delivered > pushes / 10 {
                    early = resident();
                }
            }
            Item::Event(Event::Lagged { dropped: more, .. }) => dropped += more,
            Item::Event(Event::Gap { symbols, .. }) => {
                gaps.extend(symbols.into_iter().map(|symbol| (symbol, ())));
            }
            Item::Event(Event::Disconnected { .. }) => disconnects += 1,
            Item::Event(Event::Connected) => {}
            other => panic!("{other:?}"),
        }
    }
    let late = resident();
    drop(feed);
    let (sent, came) = (sent.lock().unwrap(), came.lock().unwrap());
    let (mut all, mut lost) = (0, 0);
    for (number, (pushes, arrives)) in sent.iter().filter(|(number, _)| **number < connections) {
        let came = came[*number as usize] as i64;
        match arrives {
            true => assert_eq!(came, *pushes, "connection {number}: everything that was sent came"),
            false => assert!(came <= *pushes, "connection {number}: no more than was sent"),
        }
        (all, lost) = (all + pushes, lost + pushes - came);
    }
    // the last connection has one push, which was delivered
    assert_eq!(all, delivered - 1 + dropped as i64 + lost, "what came was delivered, or counted as dropped");
    assert!(disconnects >= connections && all >= pushes * 9 / 10, "{disconnects} disconnects, {all} pushes");
    println!(
        "{all} pushes over {disconnects} disconnects in {:?}: {delivered} delivered, {dropped} dropped and counted, {lost} on \
         their way when a connection was reset; {} KiB resident after a tenth, {} KiB at the end",
        started.elapsed(),
        early / 1024,
        late / 1024
    );
    assert!(late < early + (24 << 20), "{early} bytes resident, then {late}");
}

/// Bytes of memory that this process holds; 0 where the system does not say.
fn resident() -> u64 {
    let text = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    text.split(' ').nth(1).and_then(|pages| pages.parse::<u64>().ok()).unwrap_or_default() * 4096
}
