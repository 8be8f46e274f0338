//! Every frame of the server can meet a fault, and time passes though nobody answers.

use std::time::{Duration, Instant};

use kiwoom_api::domestic::realtime::StockTrade;
use kiwoom_api::realtime::{Conditions, Hit, Recorder};
use kiwoom_sim::{Chaos, Condition, Fault, Replay, Rule, Script, Sim};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::ask::{post, token};
use crate::talk::{KOREA, Talk, US, reg};

/// The frames that come within a moment.
async fn heard(talk: &mut Talk) -> Vec<Value> {
    let mut all = Vec::new();
    while let Ok(Some(frame)) = timeout(Duration::from_millis(60), talk.hear()).await {
        all.push(frame);
    }
    all
}

/// How many frames are what `is_it` says.
fn count(frames: &[Value], is_it: impl Fn(&Value) -> bool) -> usize {
    frames.iter().filter(|frame| is_it(frame)).count()
}

const ODD: [Fault; 5] =
    [Fault::Duplicate, Fault::LostPush, Fault::LatePush(Duration::from_secs(2)), Fault::UnknownField, Fault::WrongType];

/// Whether a fault did to one frame, of which nothing else came, what it says: then it comes again after the delay.
async fn is_felt(sim: &Sim, talk: &mut Talk, fault: Fault, is_it: impl Fn(&Value) -> bool) -> bool {
    let first = heard(talk).await;
    match fault {
        Fault::Duplicate => count(&first, is_it) == 2,
        Fault::LostPush => count(&first, is_it) == 0,
        Fault::LatePush(delay) => {
            let early = count(&first, &is_it);
            sim.advance(delay).await;
            early == 0 && count(&heard(talk).await, is_it) == 1
        }
        Fault::UnknownField => {
            first.iter().any(|frame| is_it(frame) && frame.to_string().contains("sim_unknown_field"))
        }
        _ => first.iter().any(|frame| is_it(frame) && frame.to_string().contains(r#"{"sim":1}"#)),
    }
}

#[tokio::test]
async fn pushes_of_searches_and_first_pushes_meet_faults() {
    let none = Condition::new("없음").volume_from(i64::MAX);
    for (path, g, topic, code) in [(KOREA, "", "02", "005380"), (US, "G", "S2", "KO")] {
        let start = "2026-07-06T23:00:00".parse().unwrap();
        let sim = Sim::builder().at(start).conditions([none.clone()]).start().await.unwrap();
        let mut talk = Talk::open(&sim, path, &token(&sim).await).await;
        talk.ask(json!({ "trnm": format!("{g}CNSRLST") })).await;
        talk.ask(json!({ "trnm": format!("{g}CNSRREQ"), "seq": "0", "search_type": "1", "stex_tp": "K" })).await;
        for fault in ODD {
            sim.fault(Rule::new(fault).on(topic).times(1));
            sim.enter("0", code);
            let is_hit = |frame: &Value| frame["data"][0]["type"] == topic;
            assert!(is_felt(&sim, &mut talk, fault, is_hit).await, "{topic} {fault:?}");
            sim.leave("0", code);
            assert_eq!(count(&heard(&mut talk).await, is_hit), 1, "the next one is whole");
        }
    }
    // topics that neither market nor account know are pushed once, when they are registered
    let sim = Sim::start().await.unwrap();
    let mut talk = Talk::open(&sim, KOREA, &token(&sim).await).await;
    for fault in ODD {
        sim.advance(Duration::from_secs(1)).await;
        sim.fault(Rule::new(fault).on("0g").times(1));
        talk.say(reg(&["0g"], &["005930".to_owned()])).await;
        assert!(is_felt(&sim, &mut talk, fault, |frame| frame["trnm"] == "REAL").await, "{fault:?}");
    }
    // an item is a name of a push, too
    sim.script(Script::on("000660").pass(1).then(Fault::Duplicate));
    talk.say(reg(&["0g"], &["005930".to_owned(), "000660".to_owned()])).await;
    assert_eq!(count(&heard(&mut talk).await, |frame| frame["trnm"] == "REAL"), 2);
    sim.advance(Duration::from_secs(1)).await;
    talk.say(reg(&["0g"], &["005930".to_owned(), "000660".to_owned()])).await;
    assert_eq!(count(&heard(&mut talk).await, |frame| frame["data"][0]["item"] == "000660"), 2);
}

#[tokio::test]
async fn answers_pings_and_notices_meet_faults_that_name_them() {
    let sim = Sim::start().await.unwrap();
    let token = token(&sim).await;
    for fault in ODD {
        // without a name it concerns pushes and calls
        sim.fault(fault);
        let mut talk = Talk::open(&sim, KOREA, &token).await;
        sim.heal();
        let list = json!({ "trnm": "CNSRLST" });
        sim.fault(Rule::new(fault).on("CNSRLST").times(1));
        talk.say(list.clone()).await;
        assert!(is_felt(&sim, &mut talk, fault, |frame| frame["trnm"] == "CNSRLST").await, "{fault:?}");
        // a refusal is an answer, too; it has nothing that could be of a wrong type
        let fault = if fault == Fault::WrongType { Fault::MissedAck } else { fault };
        if fault == Fault::MissedAck {
            sim.fault(Rule::new(fault).on("NEWS").times(1));
            talk.say(json!({ "trnm": "NEWS" })).await;
            assert!(heard(&mut talk).await.is_empty(), "a refusal is missed");
        } else {
            sim.fault(Rule::new(fault).on("NEWS").times(1));
            talk.say(json!({ "trnm": "NEWS" })).await;
            assert!(is_felt(&sim, &mut talk, fault, |frame| frame["trnm"] == "NEWS").await, "{fault:?}");
        }
    }
    let mut talk = Talk::open(&sim, KOREA, &token).await;
    for (fault, pings) in [(Fault::LostPush, 0), (Fault::Duplicate, 2)] {
        sim.fault(Rule::new(fault).on("PING").times(1));
        sim.advance(Duration::from_secs(10)).await;
        assert_eq!(count(&heard(&mut talk).await, |frame| frame["trnm"] == "PING"), pings, "{fault:?}");
    }
    sim.fault(Rule::new(Fault::LostPush).on("SYSTEM"));
    sim.kick();
    assert_eq!(talk.end().await, Some((1000, "Bye".to_owned())), "closed without a reason");
}

#[tokio::test]
async fn chaos_of_pushes_reaches_a_client_that_watches_a_search() {
    let none = Condition::new("없음").volume_from(i64::MAX);
    let sim = Sim::builder().conditions([none]).start().await.unwrap();
    let client = sim.client().unwrap();
    let conditions: Conditions = client.conditions();
    let list = conditions.list().await.unwrap();
    let mut watch = conditions.watch(&list[0]).await.unwrap();
    sim.chaos(3, Chaos::new(0.0).pushes(1.0));
    for _ in 0..20 {
        sim.enter("0", "005930");
        sim.leave("0", "005930");
    }
    sim.advance(Duration::from_secs(5)).await;
    let mut hits = 0;
    while let Ok(Some(hit)) = timeout(Duration::from_millis(100), watch.next()).await {
        hits += usize::from(matches!(hit, Hit::Entered { .. } | Hit::Left { .. }));
    }
    // a fifth is lost, a fifth doubled, a fifth cannot be read
    assert!((1..60).contains(&hits) && hits != 40, "{hits}");
}

/// The volumes of the pushes of trades that come while time passes.
async fn volumes(sim: &Sim, talk: &mut Talk) -> Vec<Value> {
    let mut all = Vec::new();
    for _ in 0..20 {
        sim.advance(Duration::from_secs(1)).await;
        while let Ok(Some(frame)) = timeout(Duration::from_millis(10), talk.hear_echoing()).await {
            all.push(frame["data"][0]["values"]["13"].clone());
        }
    }
    all
}

#[tokio::test]
async fn recorded_pushes_meet_faults() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("frames.kwr");
    let sim = Sim::start().await.unwrap();
    let client = sim.client().unwrap();
    let recorder = Recorder::append(&path).unwrap();
    let feed = client.realtime().topic::<StockTrade>(["005930"]).record(&recorder).open().await.unwrap();
    sim.advance(Duration::from_secs(10)).await;
    tokio::time::sleep(Duration::from_millis(200)).await;
    drop(feed);
    assert!(recorder.finish().unwrap().frames > 5);
    let mut runs = Vec::new();
    for is_struck in [false, true] {
        let sim = Sim::builder().replay(Replay::new().frames(&path).unwrap()).start().await.unwrap();
        if is_struck {
            sim.script(Script::on("0B").then(Fault::Duplicate).then(Fault::LostPush).then(Fault::WrongType));
        }
        let mut talk = Talk::open(&sim, KOREA, &token(&sim).await).await;
        talk.ask(reg(&["0B"], &["005930".to_owned()])).await;
        runs.push(volumes(&sim, &mut talk).await);
    }
    let mut want = runs[0].clone();
    assert!(want.len() > 5, "{want:?}");
    want[1] = want[0].clone();
    want[2] = json!({ "sim": 1 });
    assert_eq!(runs[1], want);
}

#[tokio::test]
async fn lines_that_echo_nothing_hold_time_up_for_a_moment_only() {
    let sim = Sim::builder().at("2026-07-05T10:00:00".parse().unwrap()).start().await.unwrap();
    let mut deaf = Vec::new();
    for key in 0..6 {
        let keys = json!({ "grant_type": "client_credentials", "appkey": format!("K{key}"), "secretkey": "S" });
        let (_, _, body) = post(&sim, "/oauth2/token", &[], &keys.to_string()).await;
        let body: Value = serde_json::from_str(&body).unwrap();
        deaf.push(Talk::open(&sim, KOREA, body["token"].as_str().unwrap()).await);
        sim.advance(Duration::from_secs(1)).await;
    }
    // on a Sunday there is nothing to be played; five pings of six lines, and each is waited for once
    let begun = Instant::now();
    for _ in 0..70 {
        sim.advance(Duration::from_secs(1)).await;
    }
    assert!(begun.elapsed() < Duration::from_secs(6), "{:?}", begun.elapsed());
    for talk in &mut deaf {
        assert_eq!(talk.end().await, Some((1000, "Bye".to_owned())), "R10002");
    }
    let begun = Instant::now();
    sim.advance(Duration::from_secs(3_600)).await;
    assert!(begun.elapsed() < Duration::from_secs(1), "{:?}", begun.elapsed());
}

#[tokio::test]
async fn a_client_that_echoes_outlives_any_jump() {
    let sim = Sim::builder().at("2026-07-05T10:00:00".parse().unwrap()).start().await.unwrap();
    let client = sim.client().unwrap();
    let feed = client.realtime().all::<kiwoom_api::domestic::realtime::OrderExecution>().open().await.unwrap();
    sim.advance(Duration::from_secs(1_800)).await;
    let echoes = sim.frames().iter().filter(|frame| frame.trnm == "PING").count();
    assert!((175..=180).contains(&echoes), "{echoes}");
    assert_eq!(sim.frames().iter().filter(|frame| frame.trnm == "LOGIN").count(), 1);
    drop(feed);
}

#[tokio::test]
async fn long_frames_come_in_parts_and_parts_are_put_together() {
    // nine million bytes
    let conditions: Vec<Condition> = (0..20_000).map(|n| Condition::new(format!("{n}{}", "가".repeat(150)))).collect();
    let sim = Sim::builder().conditions(conditions).start().await.unwrap();
    let client = sim.client().unwrap();
    let list = client.conditions().list().await.unwrap();
    assert_eq!(list.len(), 20_000);
    assert!(list[19_999].name.starts_with("19999가") && list[19_999].name.ends_with("가가"));

    let token = token(&sim).await;
    let mut stream = TcpStream::connect(sim.socket_url().replace("ws://", "")).await.unwrap();
    let head = format!(
        "GET {KOREA} HTTP/1.1\r\nhost: a\r\nconnection: upgrade\r\nupgrade: websocket\r\n\
         sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut byte = [0; 1];
    let mut read = Vec::new();
    while !read.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte).await.unwrap();
        read.push(byte[0]);
    }
    // a login in three parts, masked with zeros
    let login = json!({ "trnm": "LOGIN", "token": token }).to_string();
    let parts: Vec<&[u8]> = login.as_bytes().chunks(login.len().div_ceil(3)).collect();
    for (at, part) in parts.iter().enumerate() {
        let first = if at == 0 { 0x01 } else { 0x00 } | if at == parts.len() - 1 { 0x80 } else { 0x00 };
        let mut frame = vec![first, 0x80 | part.len() as u8, 0, 0, 0, 0];
        frame.extend_from_slice(part);
        stream.write_all(&frame).await.unwrap();
    }
    let mut head = [0; 2];
    stream.read_exact(&mut head).await.unwrap();
    let mut text = vec![0; usize::from(head[1])];
    stream.read_exact(&mut text).await.unwrap();
    let said: Value = serde_json::from_slice(&text).unwrap();
    assert_eq!((&said["trnm"], &said["return_code"]), (&json!("LOGIN"), &json!(0)));
    // the list comes in parts of at most 64 KiB, the last of which says that it is that
    let frame = [0x81, 0x80 | 18, 0, 0, 0, 0].into_iter().chain(*br#"{"trnm":"CNSRLST"}"#).collect::<Vec<u8>>();
    stream.write_all(&frame).await.unwrap();
    let (mut whole, mut count) = (Vec::new(), 0);
    loop {
        stream.read_exact(&mut head).await.unwrap();
        let length = match head[1] {
            126 => usize::from(stream.read_u16().await.unwrap()),
            127 => usize::try_from(stream.read_u64().await.unwrap()).unwrap(),
            short => usize::from(short),
        };
        assert!(length <= 64 << 10, "{length}");
        let start = whole.len();
        whole.resize(start + length, 0);
        stream.read_exact(&mut whole[start..]).await.unwrap();
        count += 1;
        assert_eq!(head[0] & 0x0f, u8::from(count == 1), "a text, then its continuations");
        if head[0] & 0x80 != 0 {
            break;
        }
    }
    let list: Value = serde_json::from_slice(&whole).unwrap();
    assert_eq!(list["data"].as_array().unwrap().len(), 20_000);
    assert!(whole.len() > 8 << 20 && count == whole.len().div_ceil(64 << 10), "{count} parts of {}", whole.len());
}
