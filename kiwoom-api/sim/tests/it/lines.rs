//! The rules of the WebSocket, row by row (`BEHAVIOUR.md` W1 to W8, R11, R13, C1).

use std::time::Duration;

use kiwoom_api::jiff::civil::DateTime;
use kiwoom_sim::Sim;
use serde_json::{Value, json};

use crate::ask::token;
use crate::talk::{KOREA, Talk, US, reg};

#[tokio::test]
async fn lines_that_do_not_keep_to_the_rules_are_told_so() {
    let sim = Sim::start().await.unwrap();
    let token = token(&sim).await;
    let path = KOREA;
    let reg = |codes: &[String]| reg(&["0B"], codes);

    let mut early = Talk::connect(&sim, path).await.unwrap();
    assert_eq!(early.ask(reg(&["005930".to_owned()])).await["return_code"], 100_013);

    let mut first = Talk::open(&sim, path, &token).await;
    for batch in 0..3 {
        let codes: Vec<String> = (0..90).map(|number| format!("{:06}", batch * 90 + number)).collect();
        let said = first.ask(reg(&codes)).await;
        assert_eq!(said["return_code"], if batch < 2 { 0 } else { 105_115 }, "{said}");
    }
    let one = ["005930".to_owned()];
    assert_eq!(first.ask(reg(&one)).await["return_code"], 0);
    assert_eq!(first.ask(reg(&one)).await["return_code"], 0);
    assert_eq!(first.ask(reg(&one)).await["return_code"], 105_110);
    assert_eq!(first.ask(json!({ "trnm": "NEWS" })).await["return_code"], 105_108);

    // a second login takes the place of the first
    let mut second = Talk::open(&sim, path, &token).await;
    assert_eq!(first.hear().await.unwrap()["code"], "R10001");
    assert_eq!(first.hear().await, None);

    // who does not echo is told so after five pings
    for _ in 0..6 {
        sim.advance(Duration::from_secs(10)).await;
    }
    let mut last = Value::Null;
    while let Some(frame) = second.hear().await {
        last = frame;
    }
    assert_eq!(last["code"], "R10002", "{last}");
}

fn codes(count: usize) -> Vec<String> {
    (0..count).map(|number| format!("{number:06}")).collect()
}

#[tokio::test]
async fn a_login_is_asked_for_and_the_token_stands_alone() {
    let sim = Sim::start().await.unwrap();
    let token = token(&sim).await;
    for (login, code, says) in [
        (json!({ "trnm": "LOGIN" }), 805_002, ""),
        (json!({ "trnm": "LOGIN", "token": "" }), 805_002, ""),
        (json!({ "trnm": "LOGIN", "token": format!("Bearer {token}") }), 805_004, "CODE=8005"),
        (json!({ "trnm": "LOGIN", "token": "unknown" }), 805_004, "CODE=8005"),
    ] {
        let mut talk = Talk::connect(&sim, KOREA).await.unwrap();
        let said = talk.ask(login).await;
        assert_eq!(said["return_code"], code, "{said}");
        assert!(said["return_msg"].as_str().unwrap().contains(says), "{said}");
        assert_eq!(talk.end().await, Some((1000, "Bye".to_owned())));
    }
    // whoever says nothing is told so after ten seconds
    let mut silent = Talk::connect(&sim, KOREA).await.unwrap();
    assert!(silent.is_quiet().await);
    sim.advance(Duration::from_secs(9)).await;
    assert!(silent.is_quiet().await);
    sim.advance(Duration::from_secs(1)).await;
    let said = silent.hear().await.unwrap();
    assert_eq!((&said["trnm"], &said["code"]), (&json!("SYSTEM"), &json!("R10004")));
    assert_eq!(silent.end().await, Some((1000, "Bye".to_owned())));
    // the answer of a login names the venue, and has no data
    let mut talk = Talk::connect(&sim, KOREA).await.unwrap();
    let said = talk.ask(json!({ "trnm": "LOGIN", "token": token })).await;
    assert_eq!(said, json!({ "trnm": "LOGIN", "return_code": 0, "return_msg": "", "sor_yn": "Y" }));
}

#[tokio::test]
async fn a_second_login_ends_the_first_of_the_same_keys_and_market_only() {
    let sim = Sim::start().await.unwrap();
    let ours = token(&sim).await;
    let keys = r#"{"grant_type":"client_credentials","appkey":"ANOTHER","secretkey":"ANOTHER"}"#;
    let (_, _, body) = crate::ask::post(&sim, "/oauth2/token", &[], keys).await;
    let body: Value = serde_json::from_str(&body).unwrap();
    let theirs = body["token"].as_str().unwrap();
    assert_ne!(ours, theirs);
    let mut first = Talk::open(&sim, KOREA, &ours).await;
    let mut us = Talk::open(&sim, US, &ours).await;
    let mut other = Talk::open(&sim, KOREA, theirs).await;
    let mut second = Talk::open(&sim, KOREA, &ours).await;
    let said = first.hear().await.unwrap();
    assert_eq!((&said["trnm"], &said["code"]), (&json!("SYSTEM"), &json!("R10001")));
    assert_eq!(first.end().await, Some((1000, "Bye".to_owned())));
    for talk in [&mut us, &mut other, &mut second] {
        assert!(talk.is_quiet().await);
        assert_eq!(
            talk.ask(
                json!({ "trnm": "REG", "grp_no": "1", "refresh": "1", "data": [{ "item": [""], "type": ["00"] }] })
            )
            .await["return_code"],
            0
        );
    }
}

#[tokio::test]
async fn pings_come_every_ten_seconds_and_an_echo_keeps_the_line() {
    let sim = Sim::start().await.unwrap();
    let mut talk = Talk::open(&sim, KOREA, &token(&sim).await).await;
    for round in 0..8 {
        sim.advance(Duration::from_secs(10)).await;
        let ping = talk.hear().await.unwrap();
        assert_eq!(ping, json!({ "trnm": "PING" }), "round {round}");
        talk.say(ping).await;
        // an echo is not answered
        assert!(talk.is_quiet().await);
    }
    let echoes = sim.frames().iter().filter(|frame| frame.trnm == "PING").count();
    assert_eq!(echoes, 8);
}

#[tokio::test]
async fn registrations_have_their_form() {
    let sim = Sim::start().await.unwrap();
    let token = token(&sim).await;
    let (mut korea, mut us) = (Talk::open(&sim, KOREA, &token).await, Talk::open(&sim, US, &token).await);
    let data = |item: Value, topic: Value| json!({ "trnm": "REG", "grp_no": "1", "refresh": "1", "data": [{ "item": item, "type": topic }] });
    let apple = json!({ "jmcode": "NVDA", "stex_tp": "ND" });
    let (in_korea, in_us) = (true, false);
    for (place, frame, code) in [
        (in_korea, json!({ "trnm": "REG", "refresh": "1", "data": [{ "item": [""], "type": ["00"] }] }), 100_002),
        (in_korea, json!({ "trnm": "REG", "grp_no": "1", "refresh": "1" }), 100_002),
        (in_korea, json!({ "trnm": "REG", "grp_no": "1", "refresh": "1", "data": [] }), 100_002),
        (in_korea, data(json!("005930"), json!(["0B"])), 105_101),
        (in_korea, data(json!(["005930"]), json!("0B")), 105_101),
        (in_korea, data(json!([apple]), json!(["0B"])), 105_101),
        (in_korea, data(json!([5930]), json!(["0B"])), 105_101),
        (in_us, data(json!(["NVDA"]), json!(["0b"])), 105_101),
        (in_us, data(json!([{ "jmcode": "NVDA" }]), json!(["0b"])), 105_101),
        (in_us, data(json!([apple]), json!(["0b"])), 0),
        // codes and topics that do not exist are taken
        (in_korea, data(json!(["no code"]), json!(["ZZ"])), 0),
        (in_korea, json!("text"), 105_101),
        (in_us, json!({ "trnm": "CNSRLST" }), 100_002),
        (in_korea, json!({ "trnm": "GCNSRLST" }), 100_002),
        (in_korea, json!({}), 105_108),
    ] {
        sim.advance(Duration::from_secs(1)).await;
        let talk = if place { &mut korea } else { &mut us };
        talk.say(frame.clone()).await;
        let said = talk.hear_echoing().await.unwrap();
        assert_eq!(said["return_code"], code, "{frame}: {said}");
        let keys: std::collections::BTreeSet<&str> = said.as_object().unwrap().keys().map(String::as_str).collect();
        assert!(keys.into_iter().eq(["return_code", "return_msg", "trnm"]), "an answer of a registration has no data");
    }
}

#[tokio::test]
async fn a_registration_takes_100_items_and_a_line_200_symbols_of_any_topics() {
    let sim = Sim::builder().start().await.unwrap();
    let mut talk = Talk::open(&sim, KOREA, &token(&sim).await).await;
    assert_eq!(talk.ask(reg(&["0B"], &codes(101))).await["return_code"], 105_115);
    // the limit is one of items, not of pairs
    assert_eq!(talk.ask(reg(&["0B", "0D", "0A"], &codes(100))).await["return_code"], 0);
    while !talk.is_quiet().await {}
    sim.advance(Duration::from_secs(1)).await;
    let more: Vec<String> = codes(201).split_off(100);
    assert_eq!(talk.ask(reg(&["0B"], &more[..100])).await["return_code"], 0);
    assert_eq!(talk.ask(reg(&["0B"], &more[100..])).await["return_code"], 105_115);
    // those that are registered already need no slot, and a removal gives one back
    assert_eq!(talk.ask(reg(&["0D"], &codes(50))).await["return_code"], 0);
    let remove = json!({ "trnm": "REMOVE", "grp_no": "1", "data": [{ "item": [more[0]], "type": ["0B"] }] });
    assert_eq!(talk.ask(remove).await["return_code"], 0);
    assert_eq!(talk.ask(reg(&["0B"], &more[100..])).await["return_code"], 0);
    // and `refresh` 0 begins anew
    sim.advance(Duration::from_secs(1)).await;
    let mut anew = reg(&["0B"], &["005930".to_owned()]);
    anew["refresh"] = json!("0");
    assert_eq!(talk.ask(anew).await["return_code"], 0);
    assert_eq!(talk.ask(reg(&["0B"], &codes(100))).await["return_code"], 0);
}

#[tokio::test]
async fn a_us_push_names_the_exchange_of_its_item() {
    // New York is open
    let sim = Sim::builder().at(DateTime::constant(2026, 7, 6, 23, 0, 0, 0)).start().await.unwrap();
    let mut talk = Talk::open(&sim, US, &token(&sim).await).await;
    let item = json!([{ "jmcode": "NVDA", "stex_tp": "ND" }]);
    let said = talk
        .ask(json!({ "trnm": "REG", "grp_no": "1", "refresh": "1", "data": [{ "item": item, "type": ["FE"] }] }))
        .await;
    assert_eq!(said["return_code"], 0);
    sim.advance(Duration::from_secs(5)).await;
    let push = talk.hear_echoing().await.unwrap();
    assert_eq!((&push["data"][0]["item"], &push["data"][0]["stexTp"]), (&json!("NVDA"), &json!("ND")), "{push}");
}

#[tokio::test]
async fn searches_need_the_list_of_their_line_and_ten_of_them_go_on() {
    let sim = Sim::start().await.unwrap();
    let token = token(&sim).await;
    for (path, g) in [(KOREA, ""), (US, "G")] {
        let mut talk = Talk::open(&sim, path, &token).await;
        let ask = |seq: usize, kind: &str| json!({ "trnm": format!("{g}CNSRREQ"), "seq": seq.to_string(), "search_type": kind, "stex_tp": "K" });
        assert_eq!(talk.ask(ask(0, "0")).await["return_code"], 100_002, "no list yet");
        let list = talk.ask(json!({ "trnm": format!("{g}CNSRLST") })).await;
        assert_eq!(list["return_code"], 0);
        assert!(list["data"][0].as_array().is_some_and(|row| row.len() == 2), "{list}");
        let answer = format!("{g}CNSRREQ");
        for seq in 0..12 {
            talk.say(ask(seq, "1")).await;
            let said = loop {
                let frame = talk.hear_echoing().await.unwrap();
                if frame["trnm"] == answer {
                    break frame;
                }
            };
            assert_eq!(said["return_code"], if seq < 10 { 0 } else { 105_115 }, "{said}");
        }
        // one that is asked once needs no place, and an end gives one back
        talk.say(json!({ "trnm": format!("{g}CNSRCLR"), "seq": "3" })).await;
        talk.say(ask(11, "1")).await;
        let mut answers = Vec::new();
        while answers.len() < 2 {
            let frame = talk.hear_echoing().await.unwrap();
            if frame["trnm"] != "REAL" {
                answers.push(frame["return_code"].clone());
            }
        }
        assert_eq!(answers, [0, 0]);
    }
}

/// What traded before somebody registered is no push; the first trades of the next day are.
#[tokio::test]
async fn pushes_begin_with_the_registration_and_with_each_morning() {
    let sim = Sim::builder().at("2026-07-06T15:29:30".parse().unwrap()).start().await.unwrap();
    let token = token(&sim).await;
    let mut of_days = Vec::new();
    for night in [Duration::ZERO, Duration::from_secs(17 * 3600 + 29 * 60)] {
        sim.advance(night).await;
        let mut talk = Talk::open(&sim, KOREA, &token).await;
        talk.ask(reg(&["0B"], &["005930".to_owned()])).await;
        let mut pushes = 0;
        for _ in 0..60 {
            sim.advance(Duration::from_secs(1)).await;
            while let Ok(Some(_)) = tokio::time::timeout(Duration::from_millis(5), talk.hear_echoing()).await {
                pushes += 1;
            }
        }
        of_days.push(pushes);
        drop(talk);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    // the closing auction is one trade, or a few; the morning begins with an auction, too
    assert!((1..200).contains(&of_days[0]) && (1..200).contains(&of_days[1]), "{of_days:?} at {}", sim.now());
}
