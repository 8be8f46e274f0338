//! Faults of the WebSocket: of its handshake, of frames, and of pushes.

use std::collections::BTreeSet;
use std::time::Duration;

use kiwoom_sim::{Chaos, Fault, Rule, Script, Sim};
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Error;

use crate::ask::token;
use crate::talk::{KOREA, Talk, US, reg};

fn samsung() -> Vec<String> {
    vec!["005930".to_owned()]
}

/// The pushes that come within some seconds.
async fn pushes(sim: &Sim, talk: &mut Talk, seconds: u64) -> Vec<Value> {
    let mut all = Vec::new();
    for _ in 0..seconds {
        sim.advance(Duration::from_secs(1)).await;
        while let Ok(Some(frame)) = tokio::time::timeout(Duration::from_millis(20), talk.hear_echoing()).await {
            all.push(frame);
        }
    }
    // a busy machine needs a moment more for the last ones
    while let Ok(Some(frame)) = tokio::time::timeout(Duration::from_millis(300), talk.hear_echoing()).await {
        all.push(frame);
    }
    all
}

fn volume(push: &Value) -> i64 {
    push["data"][0]["values"]["13"].as_str().unwrap_or_else(|| panic!("{push}")).parse().unwrap()
}

#[tokio::test]
async fn a_handshake_is_refused_broken_or_closed_at_once() {
    let sim = Sim::start().await.unwrap();
    let token = token(&sim).await;
    for (fault, status) in
        [(Fault::Html, Some(200)), (Fault::Status500, Some(500)), (Fault::Quota, Some(429)), (Fault::DropBefore, None)]
    {
        // without a path it concerns calls only
        sim.fault(fault);
        Talk::open(&sim, KOREA, &token).await;
        sim.heal();
        sim.fault(Rule::new(fault).on(KOREA).times(1));
        Talk::open(&sim, US, &token).await;
        let refused = Talk::connect(&sim, KOREA).await.err().unwrap();
        let told = match &refused {
            Error::Http(reply) => Some(reply.status().as_u16()),
            _ => None,
        };
        assert_eq!(told, status, "{fault:?}: {refused:?}");
        Talk::open(&sim, KOREA, &token).await;
    }
    sim.fault(Rule::new(Fault::ClosedAtOnce).on(KOREA).times(1));
    let mut closed = Talk::connect(&sim, KOREA).await.unwrap();
    assert_eq!(closed.end().await, Some((1000, "Bye".to_owned())));
    Talk::open(&sim, KOREA, &token).await;
}

#[tokio::test]
async fn frames_of_a_client_end_break_or_silence_its_line() {
    let sim = Sim::start().await.unwrap();
    let token = token(&sim).await;
    for fault in [Fault::Kick, Fault::Break, Fault::Mute, Fault::MissedAck, Fault::PingFirst] {
        let mut talk = Talk::open(&sim, KOREA, &token).await;
        sim.fault(Rule::new(fault).on("REG").times(1));
        talk.say(reg(&["0B"], &samsung())).await;
        match fault {
            Fault::Kick => {
                assert_eq!(talk.hear().await.unwrap()["code"], "R10001");
                assert_eq!(talk.end().await, Some((1000, "Bye".to_owned())));
            }
            Fault::Break => assert_eq!(talk.end().await, None),
            Fault::Mute => {
                sim.advance(Duration::from_secs(120)).await;
                talk.say(json!({ "trnm": "NEWS" })).await;
                assert!(talk.is_quiet().await, "no answer, no push, no ping, no end");
            }
            Fault::MissedAck => {
                assert!(talk.is_quiet().await);
                sim.advance(Duration::from_secs(20)).await;
                assert_eq!(talk.hear_echoing().await.unwrap()["trnm"], "REAL", "it was carried out");
            }
            _ => {
                assert_eq!(talk.hear().await.unwrap()["trnm"], "PING");
                assert_eq!(talk.hear().await.unwrap()["trnm"], "REG");
            }
        }
        let heard = sim.frames();
        let struck = heard.iter().rfind(|frame| frame.trnm == "REG").unwrap();
        assert_eq!(struck.faults, [fault]);
        assert!(heard.iter().all(|frame| !frame.text.contains(&token)), "tokens are not in the log");
    }
    // an answer of a login or of a search may be missed, too, and a ping may come before it
    let mut talk = Talk::connect(&sim, KOREA).await.unwrap();
    sim.fault(Rule::new(Fault::MissedAck).on("LOGIN").times(1));
    talk.say(json!({ "trnm": "LOGIN", "token": token })).await;
    assert!(talk.is_quiet().await);
    sim.fault(Rule::new(Fault::PingFirst).on("LOGIN").times(1));
    talk.say(json!({ "trnm": "LOGIN", "token": token })).await;
    assert_eq!(talk.hear().await.unwrap()["trnm"], "PING");
    assert_eq!(talk.hear().await.unwrap()["trnm"], "LOGIN");
    sim.fault(Rule::new(Fault::MissedAck).on("CNSRLST").times(1));
    talk.say(json!({ "trnm": "CNSRLST" })).await;
    assert!(talk.is_quiet().await);
    assert_eq!(talk.ask(json!({ "trnm": "CNSRLST" })).await["return_code"], 0);
}

#[tokio::test]
async fn pushes_are_doubled_lost_late_or_odd() {
    let mut whole = None;
    for fault in [
        None,
        Some(Fault::Duplicate),
        Some(Fault::LostPush),
        Some(Fault::LatePush(Duration::from_secs(5))),
        Some(Fault::UnknownField),
        Some(Fault::WrongType),
    ] {
        let sim = Sim::start().await.unwrap();
        let mut talk = Talk::open(&sim, KOREA, &token(&sim).await).await;
        if let Some(fault) = fault {
            // every second one, and nothing of another topic
            sim.script(Script::on("0B").pass(1).then(fault).again());
            sim.fault(Rule::new(Fault::LostPush).on("0D"));
        }
        talk.ask(reg(&["0B"], &samsung())).await;
        let came = pushes(&sim, &mut talk, 30).await;
        let whole: &Vec<Value> = whole.get_or_insert_with(|| came.clone());
        assert!(whole.len() > 10);
        let odd = whole.len() / 2;
        match fault {
            None => {}
            Some(Fault::Duplicate) => assert_eq!(came.len(), whole.len() + odd),
            Some(Fault::LostPush) => assert_eq!(came.len(), whole.len() - odd),
            Some(Fault::LatePush(_)) => {
                let volumes: Vec<i64> = came.iter().map(volume).collect();
                assert!(
                    volumes.windows(2).any(|pair| pair[0] > pair[1]),
                    "nothing comes after a later one: {volumes:?}"
                );
                let distinct: BTreeSet<i64> = volumes.iter().copied().collect();
                assert_eq!(distinct.len(), came.len());
                let of_all: BTreeSet<i64> = whole.iter().map(volume).collect();
                assert!(distinct.is_subset(&of_all));
            }
            Some(Fault::UnknownField) => {
                let named = came.iter().filter(|push| push["data"][0]["values"]["sim_unknown_field"] == "1").count();
                assert_eq!((named, came.len()), (odd, whole.len()));
            }
            _ => {
                let is_odd =
                    |push: &Value| push["data"][0]["values"].as_object().unwrap().values().any(Value::is_object);
                assert_eq!(came.iter().filter(|push| is_odd(push)).count(), odd);
            }
        }
    }
}

#[tokio::test]
async fn a_fault_may_concern_one_line_only() {
    let sim = Sim::start().await.unwrap();
    let (mut korea, mut us) = {
        let token = token(&sim).await;
        (Talk::open(&sim, KOREA, &token).await, Talk::open(&sim, US, &token).await)
    };
    korea.ask(reg(&["00"], &[String::new()])).await;
    let number = sim.frames().last().unwrap().connection;
    sim.fault(Rule::new(Fault::Kick).on_connection(number));
    let reg_us = json!({ "trnm": "REG", "grp_no": "1", "refresh": "1", "data": [{ "item": [""], "type": ["F4"] }] });
    assert_eq!(us.ask(reg_us).await["return_code"], 0);
    assert_eq!(korea.ask(reg(&["00"], &[String::new()])).await["code"], "R10001");
}

#[tokio::test]
async fn chaos_of_a_seed_strikes_at_the_same_frames_and_pushes() {
    let mut runs = Vec::new();
    for seed in [5, 5, 6] {
        let sim = Sim::start().await.unwrap();
        let mut talk = Talk::open(&sim, KOREA, &token(&sim).await).await;
        talk.ask(reg(&["0B"], &samsung())).await;
        sim.chaos(seed, Chaos::new(0.0).pushes(0.4));
        let came: Vec<String> = pushes(&sim, &mut talk, 30).await.iter().map(Value::to_string).collect();
        sim.chaos(seed, Chaos::new(0.0).frames(0.5));
        let mut struck = Vec::new();
        for _ in 0..40 {
            let mut talk = Talk::connect(&sim, KOREA).await.unwrap();
            talk.say(json!({ "trnm": "PING" })).await;
            talk.is_quiet().await;
        }
        struck.extend(sim.frames().iter().filter(|frame| !frame.faults.is_empty()).map(|frame| frame.faults.clone()));
        assert!((5..40).contains(&struck.len()), "{struck:?}");
        let kinds: BTreeSet<String> = struck.iter().map(|faults| format!("{faults:?}")).collect();
        assert!(kinds.len() >= 4, "{kinds:?}");
        runs.push((came, struck));
    }
    assert_eq!(runs[0], runs[1]);
    assert_ne!(runs[0].0, runs[2].0);
    assert_ne!(runs[0].1, runs[2].1);
}
