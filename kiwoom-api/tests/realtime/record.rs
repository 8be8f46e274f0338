//! Recordings: the same typed items later, whatever was cut off, and no account on the disk.

use std::io::Cursor;
use std::path::Path;
use std::time::{Duration, Instant};

use kiwoom_api::domestic::realtime::{OrderBook, OrderExecution, StockTrade};
use kiwoom_api::realtime::{
    Condition, Conditions, Event, Hit, Item, Push, Recorder, Recording, Replay, Speed, Subscription,
};
use kiwoom_api::record::Slot;
use kiwoom_api::registry::ENTRIES;
use kiwoom_api::to_json;

use crate::server::{SOON, Socket, Talk, next, real, trade};

const ACCOUNT: &str = "1234567811";

/// Everything that can be told of an item, but for what a replay cannot know: pauses, and when the broker answered.
fn all(item: &Item) -> String {
    match item {
        Item::Push(push) => {
            let record = push.of::<StockTrade>().map(|record| to_json(record).unwrap());
            let record = record.or_else(|| push.of::<OrderBook>().map(|record| to_json(record).unwrap()));
            let record = record.or_else(|| push.of::<OrderExecution>().map(|record| to_json(record).unwrap()));
            let record = record.unwrap().replace(ACCOUNT, "0000000000");
            let anomalies = push.anomalies();
            format!("{} {} {} {:?} {record} {anomalies:?}", push.topic().id, push.symbol(), push.received(), push.at())
        }
        Item::Event(Event::Disconnected { why, .. }) => format!("disconnected: {why}"),
        Item::Event(Event::Kicked { .. }) => "kicked".into(),
        Item::Event(Event::Gap { topic, symbols, from, .. }) => format!("gap {topic} {symbols:?} {from}"),
        other => format!("{other:?}"),
    }
}

fn order(number: usize) -> String {
    let values =
        format!(r#""9201":"{ACCOUNT}","9203":"{number:07}","913":"체결","908":"090003","919":"계좌 {ACCOUNT}""#);
    real("00", "005930", &values)
}

/// A recording of two connections with everything that may come, and the items as they were read then.
async fn recorded(path: &Path) -> Vec<String> {
    let socket = Socket::start(|stream, number| async move {
        let mut talk = Talk::welcome(stream).await;
        for _ in 0..3 {
            talk.take().await;
        }
        for round in 0..20 {
            talk.say(&trade("005930", 100 + round)).await;
            talk.say(&real("0D", "000660", &format!(r#""21":"090002","41":"+{}","61":"5""#, 900 + round))).await;
            talk.say(&order(round as usize)).await;
        }
        talk.say(r#"{"trnm":"PING"}"#).await;
        talk.say(r#"{"trnm":"SYSTEM","code":"R10009","message":"account 1234-5678-11"}"#).await;
        talk.say(&real("0B", "005930", r#""10":"what","77777":"1""#)).await;
        let both = trade("005930", 7).replace("}]}", "},{\"type\":\"0D\",\"item\":\"000660\",\"values\":{}}]}");
        talk.say(&both).await;
        talk.say("no json").await;
        if number > 0 {
            talk.say(&trade("005930", 999_999)).await;
            talk.hang().await;
        }
    })
    .await;
    let recorder = Recorder::append(path).unwrap();
    let client = socket.client();
    let mut feed = topics(client.realtime()).record(&recorder).open().await.unwrap();
    let mut items = Vec::new();
    while !items.last().is_some_and(|item: &String| item.contains("999999")) {
        items.push(all(&next(&mut feed).await));
    }
    let done = tokio::task::spawn_blocking(|| recorder.finish()).await.unwrap().unwrap();
    assert!(done.frames > 130 && done.missing == 0 && done.packed < done.bytes / 3, "{done:?}");
    items
}

fn topics(subscription: Subscription) -> Subscription {
    subscription.topic::<StockTrade>(["005930"]).topic::<OrderBook>(["000660"]).all::<OrderExecution>()
}

fn replay(bytes: &[u8]) -> Replay {
    let recording = Recording::from_reader(Cursor::new(bytes.to_vec()));
    topics(Subscription::offline()).replay(recording, Speed::AtOnce).unwrap()
}

/// What a replay yields, and how it ends.
async fn items(mut replay: Replay) -> (Vec<String>, Option<String>) {
    let mut items = Vec::new();
    while let Some(item) = replay.next().await {
        match item {
            Ok(item) => items.push(all(&item)),
            Err(error) => {
                assert!(replay.next().await.is_none());
                return (items, Some(error.to_string()));
            }
        }
    }
    (items, None)
}

#[tokio::test]
async fn a_replay_yields_the_items_that_were_read_then() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("day.kwr");
    let live = recorded(&path).await;
    let bytes = std::fs::read(&path).unwrap();
    let (again, error) = items(replay(&bytes)).await;
    assert_eq!(error, None);
    for (number, (live, again)) in live.iter().zip(&again).enumerate() {
        assert_eq!(live, again, "item {number}");
    }
    assert_eq!(live.len(), again.len());
    for part in ["Connected", "disconnected", "gap 0B", "gap 0D", "gap 00", "R10009", "77777", "Misfit", "no JSON"] {
        assert!(live.iter().any(|item| item.contains(part)), "{part}");
    }

    // no account on the disk, and what is no account stays
    let frames: Vec<String> = Recording::open(&path).unwrap().frames().map(|frame| frame.unwrap().1).collect();
    let text = frames.concat();
    assert!(!text.contains("1234567811") && !text.contains("5678"), "accounts");
    assert!(text.contains(r#""9203":"0000007""#) && text.contains(r#""9201":"0000000000""#));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
    cut_anywhere(&bytes, &again).await;
    changed(&bytes).await;
    torn(&path, &bytes).await;
}

async fn cut_anywhere(one: &[u8], of_one: &[String]) {
    // at every byte of a small file of a few blocks: the frames, and where blocks end the items, too
    let small = one.repeat(2);
    let (whole, _) = items(replay(&small)).await;
    assert!(whole.len() > of_one.len());
    let frames = |bytes: &[u8]| -> Vec<_> {
        let recording = Recording::from_reader(Cursor::new(bytes.to_vec()));
        recording.frames().map(|frame| frame.expect("no error for what is cut off")).collect()
    };
    let (of_small, ends) = (frames(&small), blocks(&small));
    for length in 0..small.len() {
        assert!(of_small.starts_with(&frames(&small[..length])), "{length}");
        if ends.iter().any(|end| length.abs_diff(*end) < 3) {
            let recording = Recording::from_reader(Cursor::new(small[..length].to_vec()));
            let replay = topics(Subscription::offline()).replay(recording, Speed::AtOnce).unwrap();
            let (cut, error) = items(replay).await;
            assert!(error.is_none() && whole.starts_with(&cut), "{length}: {error:?}");
        }
    }
    // and at seeded places of a larger one
    let large = one.repeat(40);
    let (whole, _) = items(replay(&large)).await;
    let mut random = fastrand::Rng::with_seed(7);
    for _ in 0..20 {
        let length = random.usize(..large.len());
        let (cut, error) = items(replay(&large[..length])).await;
        assert!(error.is_none() && whole.starts_with(&cut), "{length}");
        assert!(cut.len() >= (length / one.len()) * (whole.len() / 41), "{length}: no more than a block is lost");
    }
}

/// Where the blocks of a recording begin.
fn blocks(bytes: &[u8]) -> Vec<usize> {
    let (mut starts, mut at) = (vec![0], 0);
    while at < bytes.len() {
        at += 20 + u32::from_le_bytes(bytes[at + 4..at + 8].try_into().unwrap()) as usize;
        starts.push(at);
    }
    starts
}

async fn changed(one: &[u8]) {
    let three = one.repeat(3);
    let blocks = blocks(&three);
    let mut random = fastrand::Rng::with_seed(8);
    for _ in 0..40 {
        let at = one.len() + random.usize(..one.len());
        let mut bytes = three.clone();
        bytes[at] ^= 1 << random.u8(..8);
        let (before, error) = items(replay(&bytes)).await;
        let error = error.unwrap_or_else(|| panic!("byte {at} is wrong"));
        let number = blocks.iter().take_while(|start| **start <= at).count();
        let start = blocks[number - 1];
        assert_eq!(before, items(replay(&three[..start])).await.0, "what came before it");
        assert!(error.contains(&format!("block {number} at byte {start}")), "{error}");
    }
    let error =
        topics(Subscription::offline()).replay(Recording::from_reader(&b"01234567890123456789x"[..]), Speed::AtOnce);
    assert!(error.unwrap_err().to_string().contains("block 1 at byte 0"));
}

async fn torn(path: &Path, bytes: &[u8]) {
    std::fs::write(path, [bytes, &bytes[..bytes.len() / 2]].concat()).unwrap();
    let first = Recorder::append(path).unwrap();
    let error = Recorder::append(path).unwrap_err();
    assert!(error.to_string().contains("another process"), "{error}");
    drop(first);
    assert_eq!(std::fs::read(path).unwrap(), bytes, "what a crash left is cut off");
    recorded(path).await;
    let (twice, error) = items(replay(&std::fs::read(path).unwrap())).await;
    assert!(error.is_none() && twice.iter().filter(|item| item.contains("999999")).count() == 2);
    std::fs::write(path, "a text that is no recording at all").unwrap();
    assert!(Recorder::append(path).unwrap_err().to_string().contains("no recording"));
}

/// A condition search over two connections, recorded, with the hits as they were read then.
async fn watched(path: &Path) -> Vec<String> {
    let socket = Socket::start(|stream, number| async move {
        let mut talk = Talk::welcome(stream).await;
        let change = |code: &str, event: &str| {
            real("02", "4", &format!(r#""841":"4  ","9001":"{code}","843":"{event}","20":"090001","907":"2""#))
        };
        // the list, a search that is asked for once, and the one that is watched
        while let Some(text) = talk.hear_within(SOON).await {
            let rows = match (text.contains("CNSRREQ"), text.contains(r#""search_type":"0""#), number) {
                (false, ..) => {
                    talk.say(r#"{"trnm":"CNSRLST","return_code":0,"data":[["4","x"],["5","y"]]}"#).await;
                    continue;
                }
                (_, true, _) => r#"{"9001":"A111111","302":"x"}"#,
                (_, _, 0) => r#"{"jmcode":"A005930"},{"jmcode":"Q500001"}"#,
                _ => r#"{"jmcode":"A000660"},{"jmcode":"A035720"}"#,
            };
            let seq = if text.contains(r#""seq":"5""#) { "5  " } else { "4  " };
            talk.say(&format!(r#"{{"trnm":"CNSRREQ","seq":"{seq}","return_code":0,"data":[{rows}]}}"#)).await;
            if rows.contains("jmcode") && seq == "4  " {
                talk.say(&change("000660", "I")).await;
                talk.say(&change("005930", "D")).await;
                talk.say(&change("777777", if number == 0 { "?" } else { "I" })).await;
                if number == 0 {
                    tokio::time::sleep(Duration::from_millis(100)).await;
                    return;
                }
            }
        }
    })
    .await;
    let recorder = Recorder::append(path).unwrap();
    let conditions = socket.client().conditions().record(&recorder);
    let condition = |number: &str| Condition { number: number.into(), name: String::new() };
    // another search on the same connection, before and beside
    let other = conditions.watch(&condition("5")).await.unwrap();
    assert_eq!(conditions.search(&condition("4")).await.unwrap().len(), 1);
    let mut watch = conditions.watch(&condition("4")).await.unwrap();
    let mut hits = Vec::new();
    while hits.iter().filter(|hit: &&String| hit.contains("777777")).count() < 2 {
        hits.push(told(&tokio::time::timeout(SOON, watch.next()).await.unwrap().unwrap()));
    }
    drop(other);
    tokio::task::spawn_blocking(|| recorder.finish()).await.unwrap().unwrap();
    hits
}

/// A hit as `all` tells items.
fn told(hit: &Hit) -> String {
    match hit {
        Hit::Event(event) => all(&Item::Event(event.clone())),
        hit => format!("{hit:?}"),
    }
}

async fn hits(bytes: &[u8], number: &str) -> Vec<String> {
    let recording = Recording::from_reader(Cursor::new(bytes.to_vec()));
    let condition = Condition { number: number.into(), name: String::new() };
    let mut replay = Conditions::offline().replay(&condition, recording, Speed::AtOnce).unwrap();
    let mut hits = Vec::new();
    while let Some(hit) = replay.next().await {
        hits.push(told(&hit.unwrap()));
    }
    hits
}

#[tokio::test]
async fn a_condition_search_is_replayed_wherever_the_file_is_cut() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("conditions.kwr");
    let live = watched(&path).await;
    let bytes = std::fs::read(&path).unwrap();
    let again = hits(&bytes, "4").await;
    assert_eq!(again, live);
    for part in ["Snapshot", "Entered", "Left", "Resynced", "777777", "disconnected", "gap 02"] {
        assert!(live.iter().any(|hit| hit.contains(part)), "{part}: {live:?}");
    }
    assert!(hits(&bytes, "5").await.iter().any(|hit| hit.contains("Snapshot")), "each by its number");
    assert!(hits(&bytes, "7").await.iter().all(|hit| !hit.contains("Snapshot")), "and nothing of another one");
    for length in 0..bytes.len() {
        assert!(again.starts_with(&hits(&bytes[..length], "4").await), "{length}");
    }
    // feeds know the topic, so they are told nothing of it
    let (items, error) = items(replay(&bytes)).await;
    assert!(error.is_none() && items.iter().all(|item| !item.contains("Unknown")), "{items:?}");
    let wrong = Condition { number: "\"".into(), name: String::new() };
    let recording = Recording::from_reader(Cursor::new(bytes));
    assert!(Conditions::offline().replay(&wrong, recording, Speed::AtOnce).is_err());
    let error = Conditions::us_offline().list().await.unwrap_err().to_string();
    assert!(error.contains("client.conditions()"), "{error}");
}

#[tokio::test]
async fn topics_that_nobody_asked_for_are_not_unknown() {
    let at: jiff::Timestamp = "2026-07-06T09:00:00+09:00".parse().unwrap();
    let topics = ENTRIES.iter().filter(|entry| entry.request.is_none()).map(|entry| entry.meta.id);
    let frames: Vec<_> = topics.chain(["02", "S2", "9Z"]).map(|topic| (at, real(topic, "A", ""))).collect();
    assert_eq!(frames.len(), 26);
    let subscription = Subscription::offline().topic::<StockTrade>(["005930"]);
    let (items, _) = items(subscription.replay(Recording::of_frames(frames), Speed::AtOnce).unwrap()).await;
    let unknown: Vec<&String> = items.iter().filter(|item| item.contains("Unknown")).collect();
    assert!(matches!(unknown[..], [only] if only.contains("9Z")), "{unknown:?}");
}

#[tokio::test]
async fn it_may_go_as_it_came_or_faster() {
    let frames = || {
        let begun: jiff::Timestamp = "2026-07-06T09:00:00+09:00".parse().unwrap();
        (0..5u32).map(move |number| (begun + Duration::from_millis(100) * number, trade("005930", 1 + number)))
    };
    let time = async |speed| {
        let subscription = Subscription::offline().topic::<StockTrade>(["005930"]);
        let replay = subscription.replay(Recording::of_frames(frames()), speed).unwrap();
        let started = Instant::now();
        let (items, _) = items(replay).await;
        assert_eq!(items.len(), 6, "{items:?}");
        started.elapsed()
    };
    let (recorded, faster, at_once) =
        (time(Speed::Recorded).await, time(Speed::Times(4.0)).await, time(Speed::AtOnce).await);
    assert!(recorded >= Duration::from_millis(400), "{recorded:?}");
    assert!(faster >= Duration::from_millis(100) && faster < recorded, "{faster:?}");
    assert!(at_once < faster, "{at_once:?}");
}

#[tokio::test]
async fn next_of_a_replay_may_be_given_up_and_loses_nothing() {
    let begun: jiff::Timestamp = "2026-07-06T09:00:00+09:00".parse().unwrap();
    let frames = (0..40u32).map(|number| (begun + Duration::from_millis(5) * number, trade("005930", 1 + number)));
    let subscription = Subscription::offline().topic::<StockTrade>(["005930"]);
    let mut replay = subscription.replay(Recording::of_frames(frames), Speed::Recorded).unwrap();
    let (mut prices, mut given_up) = (Vec::new(), 0);
    loop {
        match tokio::time::timeout(Duration::from_millis(1), replay.next()).await {
            Ok(Some(item)) => {
                if let Item::Push(push) = item.unwrap() {
                    prices.push(push.of::<StockTrade>().unwrap().price.unwrap().won().unwrap());
                }
            }
            Ok(None) => break,
            Err(_) => given_up += 1,
        }
    }
    assert_eq!(prices, (1..=40).collect::<Vec<i64>>());
    assert!(given_up > 5, "{given_up}");
}

#[tokio::test]
async fn what_depends_on_time_depends_on_the_time_of_then() {
    let at = |minute| format!("2026-07-06T09:{minute:02}:00+09:00").parse().unwrap();
    let frames = [(at(0), trade("005930", 1)), (at(30), trade("005930", 2))];
    let subscription = Subscription::offline().topic::<StockTrade>(["005930"]);
    let replay = subscription.replay(Recording::of_frames(frames), Speed::AtOnce).unwrap();
    let (items, _) = items(replay).await;
    assert!(items[2].contains("Stale") && items[2].contains("2026-07-06T00:00:00Z"), "{items:?}");
    assert_eq!(items.len(), 4);
}

#[tokio::test]
async fn nothing_is_dropped_and_us_topics_have_their_own_frames() {
    let frames =
        (0..5_000u32).map(|number| ("2026-07-06T09:00:00+09:00".parse().unwrap(), trade("005930", 1 + number)));
    let few = Subscription::offline().topic::<StockTrade>(["005930"]);
    let few = few.policy::<StockTrade>(kiwoom_api::realtime::Policy::DropOldest(1));
    let (all, _) = items(few.replay(Recording::of_frames(frames), Speed::AtOnce).unwrap()).await;
    assert_eq!(all.len(), 5_001);
    let error = Subscription::offline().topic::<StockTrade>(["005930"]).open().await.unwrap_err().to_string();
    assert!(error.contains("client.realtime()"), "{error}");
}

#[tokio::test]
async fn no_private_field_of_any_topic_is_recorded() {
    let mut frames = Vec::new();
    for entry in ENTRIES.iter().filter(|entry| entry.request.is_none()) {
        let mut record = (entry.reply)();
        let keys = record.keys();
        let mut private = |index: &usize| match record.slot(*index) {
            Slot::Secret(_) => true,
            Slot::Id(id) => id.is_private(),
            _ => false,
        };
        let values: Vec<String> =
            (0..keys.len()).filter(&mut private).map(|at| format!("{}\"{ACCOUNT}\"", keys[at])).collect();
        if !values.is_empty() {
            frames.push(real(entry.meta.id, "A", &values.join(",")));
        }
    }
    assert!(frames.len() >= 4, "00, 04, F4 and F5 have accounts: {frames:?}");
    let count = frames.len();
    let socket = Socket::start(move |stream, _| {
        let frames = frames.clone();
        async move {
            let mut talk = Talk::welcome(stream).await;
            talk.take().await;
            for frame in &frames {
                talk.say(frame).await;
            }
            talk.say(&trade("005930", 1)).await;
            talk.hang().await;
        }
    })
    .await;
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("a.kwr");
    let recorder = Recorder::append(&path).unwrap();
    let client = socket.client();
    let mut feed = client.realtime().topic::<StockTrade>(["005930"]).record(&recorder).open().await.unwrap();
    let push: Push = tokio::time::timeout(SOON, crate::server::push(&mut feed)).await.unwrap();
    assert_eq!(push.symbol(), "005930");
    tokio::task::spawn_blocking(|| recorder.finish()).await.unwrap().unwrap();
    let text: String = Recording::open(&path).unwrap().frames().map(|frame| frame.unwrap().1).collect();
    assert!(!text.contains(ACCOUNT), "{text}");
    assert!(text.matches("0000000000").count() >= count, "{text}");
}
