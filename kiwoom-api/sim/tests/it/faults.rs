//! Faults on demand: what goes wrong is what the client says went wrong, and the log knows the truth.

use std::collections::BTreeSet;
use std::time::Duration;

use kiwoom_api::codes::OrderVenue;
use kiwoom_api::order::Order;
use kiwoom_api::{Error, Outcome, Retry};
use kiwoom_sim::{Chaos, Fault, Rule, Script, Sim};
use serde_json::Value;

use crate::ask::{KEYS, post, token};

const CHART: &str = "/api/dostk/chart";
const BARS: &str = r#"{"stk_cd":"005930","base_dt":"20260706","upd_stkpc_tp":"1"}"#;

#[tokio::test]
async fn a_read_feels_each_fault() {
    type Check = fn(&Error) -> bool;
    let faults: [(Fault, Check); 10] = [
        (Fault::DropBefore, |error| error.http_status().is_none()),
        (Fault::DropAfter, |error| error.http_status().is_none()),
        (Fault::ArrivesLate(Duration::from_secs(1)), |error| error.http_status().is_none()),
        (Fault::Quota, |error| error.code() == Some(1700)),
        (Fault::TotalQuota, |error| error.code() == Some(1701) && error.is_rate_limited()),
        (Fault::GroupQuota, |error| error.code() == Some(1702) && error.is_rate_limited()),
        (Fault::GhostQuota, |error| error.is_rate_limited()),
        (Fault::Html, |error| error.is_html()),
        (Fault::Status500, |error| error.http_status() == Some(500)),
        (Fault::Truncated, |error| !error.is_html() && error.code().is_none()),
    ];
    for (fault, check) in faults {
        let sim = Sim::start().await.unwrap();
        let client = sim.client_builder().retry(Retry::none()).build().unwrap();
        client.call_raw("ka10081", CHART, BARS).read().await.unwrap();
        sim.fault(Rule::new(fault).on("ka10081").times(1));
        let error = client.call_raw("ka10081", CHART, BARS).read().await.unwrap_err();
        assert!(check(&error), "{fault:?}: {error:?}");
        assert_eq!(sim.log().last().unwrap().faults, [fault]);
        client.call_raw("ka10081", CHART, BARS).read().await.unwrap_or_else(|error| panic!("after {fault:?}: {error}"));
    }
}

#[tokio::test]
async fn retries_get_a_read_through_chaos_without_waiting() {
    let sim = Sim::builder().seed(4).start().await.unwrap();
    for fault in [Fault::DropBefore, Fault::DropAfter, Fault::Status500, Fault::Quota] {
        sim.fault(Rule::new(fault).on("ka10081").chance(0.08));
    }
    sim.fault(Fault::UnknownField);
    let client = sim.client_builder().retry(Retry::default().attempts(9)).build().unwrap();
    let started = std::time::Instant::now();
    for call in 0..60 {
        if call % 20 == 0 {
            // a client does not believe in a third token within half a minute
            sim.advance(std::time::Duration::from_secs(60)).await;
            sim.kill_tokens();
        }
        if let Err(error) = client.call_raw("ka10081", CHART, BARS).read().await {
            panic!("call {call}: {error}\n{:#?}", sim.log().iter().rev().take(6).collect::<Vec<_>>());
        }
    }
    let struck = sim.log().iter().filter(|call| call.faults.len() > 1).count();
    assert!(struck > 8, "{struck} faults");
    assert!(started.elapsed().as_secs() < 30, "{:?}", started.elapsed());
}

#[tokio::test]
async fn an_order_whose_reply_is_lost_is_unknown_and_was_placed_once() {
    for (fault, placed) in [
        (Fault::DropAfter, 1),
        (Fault::Html, 1),
        (Fault::Truncated, 1),
        (Fault::Status500, 1),
        (Fault::GhostQuota, 1),
        (Fault::ArrivesLate(Duration::from_secs(2)), 1),
        (Fault::DropBefore, 0),
        (Fault::Quota, 0),
        (Fault::TotalQuota, 0),
        (Fault::GroupQuota, 0),
    ] {
        let sim = Sim::start().await.unwrap();
        let client = sim.client().unwrap();
        client.sign_in().await.unwrap();
        sim.fault(Rule::new(fault).on("kt10000"));
        let outcome = client.orders().default_venue(OrderVenue::Krx).submit(Order::buy("005930").market().qty(1)).await;
        assert!(matches!(outcome, Outcome::Unknown(_)), "{fault:?}: {outcome:?}");
        sim.heal();
        sim.advance(Duration::from_secs(5)).await;
        let body = r#"{"qry_tp":"0","sell_tp":"0","stex_tp":"0"}"#;
        let reply = client.call_raw("ka10076", "/api/dostk/acnt", body).read().await.unwrap();
        let json: serde_json::Value = serde_json::from_str(reply.text()).unwrap();
        assert_eq!(json["cntr"].as_array().unwrap().len(), placed, "{fault:?}");
        assert_eq!(sim.log().iter().filter(|call| call.api == "kt10000").count(), 1, "{fault:?}: one attempt");
    }
}

/// Every order that the client believes to be placed was placed once; what it does not know may or may not have been.
#[tokio::test]
async fn nothing_is_lost_or_placed_twice_under_chaos() {
    for seed in 0..3 {
        let sim = Sim::builder().seed(seed).cash(1_000_000_000).start().await.unwrap();
        let client = sim.client().unwrap();
        client.sign_in().await.unwrap();
        for fault in [
            Fault::DropBefore,
            Fault::DropAfter,
            Fault::Quota,
            Fault::GhostQuota,
            Fault::Html,
            Fault::Status500,
            Fault::Truncated,
        ] {
            sim.fault(Rule::new(fault).on("kt10000").chance(0.06));
        }
        let orders = client.orders().default_venue(OrderVenue::Krx);
        let (mut accepted, mut unknown, mut refused) = (Vec::new(), 0, 0);
        for _ in 0..120 {
            match orders.submit(Order::buy("005930").market().qty(1)).await {
                Outcome::Accepted(order) => accepted.push(order.number.to_string()),
                Outcome::Unknown(_) => unknown += 1,
                Outcome::Rejected(_) => refused += 1,
                Outcome::NotSent(error) => panic!("{error}"),
            }
        }
        sim.heal();
        sim.advance(std::time::Duration::from_secs(3)).await;
        let body = r#"{"ord_dt":"","qry_tp":"1","stk_bond_tp":"0","sell_tp":"0","stk_cd":"","fr_ord_no":"","dmst_stex_tp":"%"}"#;
        let (mut numbers, mut next) = (Vec::new(), None);
        loop {
            let mut call = client.call_raw("kt00007", "/api/dostk/acnt", body).read();
            if let Some(next) = next.take() {
                call = call.continue_from(next);
            }
            let reply = call.await.unwrap();
            let json: serde_json::Value = serde_json::from_str(reply.text()).unwrap();
            let rows = json["acnt_ord_cntr_prps_dtl"].as_array().unwrap();
            numbers.extend(rows.iter().map(|row| row["ord_no"].as_str().unwrap().to_owned()));
            next = reply.continuation().cloned();
            if next.is_none() {
                break;
            }
        }
        let distinct: std::collections::BTreeSet<&String> = numbers.iter().collect();
        assert_eq!(distinct.len(), numbers.len());
        assert!(accepted.iter().all(|number| distinct.contains(number)), "seed {seed}: an accepted order is lost");
        assert!(numbers.len() <= accepted.len() + unknown, "seed {seed}: more orders than were sent");
        assert_eq!(accepted.len() + unknown + refused, 120);
        let doubtful = numbers.len() - accepted.len();
        assert!(unknown > 20 && doubtful > 5 && doubtful < unknown, "{unknown} unknown, {doubtful} of them placed");
        sim.audit().unwrap();
    }
}

#[tokio::test]
async fn the_same_seed_strikes_at_the_same_calls() {
    let mut runs = Vec::new();
    for _ in 0..2 {
        let sim = Sim::builder().seed(11).start().await.unwrap();
        sim.fault(Rule::new(Fault::Status500).chance(0.3).on("ka10081"));
        let client = sim.client_builder().retry(Retry::none()).build().unwrap();
        let mut felt = Vec::new();
        for _ in 0..30 {
            felt.push(client.call_raw("ka10081", CHART, BARS).read().await.is_err());
        }
        assert!(felt.contains(&true) && felt.contains(&false));
        runs.push(felt);
    }
    assert_eq!(runs[0], runs[1]);
}

/// Class and body of a call without a client.
async fn call(sim: &Sim, bearer: &str, api: &str, path: &str, body: &str) -> (u16, Value) {
    let (status, _, text) = post(sim, path, &[("authorization", bearer), ("api-id", api)], body).await;
    (status, serde_json::from_str(&text).unwrap_or_else(|_| panic!("{status} {text}")))
}

/// A request that its sender gave up arrives all the same, when its time has come and not before (`BEHAVIOUR.md` O10).
#[tokio::test]
async fn an_order_that_arrives_late_is_placed_late() {
    let sim = Sim::start().await.unwrap();
    let client = sim.client().unwrap();
    client.sign_in().await.unwrap();
    sim.fault(Rule::new(Fault::ArrivesLate(Duration::from_secs(60))).on("kt10000").times(1));
    let order = Order::buy("005930").limit(60_000).qty(10);
    assert!(client.orders().default_venue(OrderVenue::Krx).submit(order).await.is_unknown());
    let mut seen = Vec::new();
    for wait in [50, 20] {
        sim.advance(Duration::from_secs(wait)).await;
        let body = r#"{"all_stk_tp":"0","trde_tp":"0","stex_tp":"0"}"#;
        let reply = client.call_raw("ka10075", "/api/dostk/acnt", body).read().await.unwrap();
        let json: Value = serde_json::from_str(reply.text()).unwrap();
        seen.push(json["oso"].as_array().unwrap().clone());
    }
    assert_eq!((seen[0].len(), seen[1].len()), (0, 1));
    assert!(seen[1][0]["tm"].as_str().unwrap() >= "100100", "{:?}", seen[1]);
    sim.audit().unwrap();
}

#[tokio::test]
async fn a_reply_with_an_odd_field_is_read_and_a_wrong_type_is_told() {
    let sim = Sim::start().await.unwrap();
    let client = sim.client_builder().retry(Retry::none()).build().unwrap();
    let request =
        || kiwoom_api::id::ka10081::Request::new("005930", client.today(), kiwoom_api::codes::Adjust::Adjusted);
    let plain = client.call(request()).await.unwrap();
    assert!(plain.anomalies().is_empty() && plain.unknown_keys().next().is_none());
    sim.fault(Rule::new(Fault::UnknownField).times(1));
    let odd = client.call(request()).await.unwrap();
    assert_eq!(odd.unknown_keys().collect::<Vec<_>>(), ["sim_unknown_field"]);
    sim.fault(Rule::new(Fault::WrongType).times(1));
    let wrong = client.call(request()).await.unwrap();
    assert!(wrong.anomalies().len() > 5, "{:?}", wrong.anomalies());
    assert!(wrong.stk_dt_pole_chart_qry[0].cur_prc.is_none() && wrong.stk_dt_pole_chart_qry[1].cur_prc.is_some());
    assert_eq!(wrong.stk_dt_pole_chart_qry.len(), plain.stk_dt_pole_chart_qry.len());
}

#[tokio::test]
async fn tokens_die_before_a_call_and_latency_takes_real_time() {
    let sim = Sim::start().await.unwrap();
    let bearer = format!("Bearer {}", token(&sim).await);
    sim.fault(Rule::new(Fault::Latency(Duration::from_millis(150))).on("ka10081").times(1));
    let started = std::time::Instant::now();
    assert_eq!(call(&sim, &bearer, "ka10081", CHART, BARS).await.1["return_code"], 0);
    assert!(started.elapsed() >= Duration::from_millis(150));
    sim.fault(Rule::new(Fault::TokenDeath).on("ka10081").times(1));
    let (status, json) = call(&sim, &bearer, "ka10081", CHART, BARS).await;
    assert_eq!((status, &json["return_code"]), (200, &Value::from(3)));
    // requests of tokens are calls, too, with and without their id
    sim.fault(Rule::new(Fault::Quota).on("au10001").times(1));
    assert_eq!(post(&sim, "/oauth2/token", &[], KEYS).await.0, 429);
    assert_eq!(post(&sim, "/oauth2/token", &[], KEYS).await.0, 200);
}

#[tokio::test]
async fn a_script_strikes_step_by_step() {
    let sim = Sim::builder().without_quotas().start().await.unwrap();
    let bearer = format!("Bearer {}", token(&sim).await);
    sim.script(
        Script::on("ka10081")
            .pass(1)
            .then(Fault::Quota)
            .then(Fault::Quota)
            .then(Fault::TokenDeath)
            .pass(1)
            .then(Fault::Status500),
    );
    // a step of another API uses nothing up
    sim.script(Script::on("ka10001").then(Fault::Quota));
    let mut felt = Vec::new();
    for _ in 0..7 {
        let bearer = format!("Bearer {}", token(&sim).await);
        let (status, head, _) = post(&sim, CHART, &[("authorization", &bearer), ("api-id", "ka10081")], BARS).await;
        assert!(!head.is_empty());
        felt.push((status, sim.log().last().unwrap().return_code));
    }
    let (fine, quota) = ((200, Some(0)), (429, Some(5)));
    assert_eq!(felt, [fine, quota, quota, (200, Some(3)), fine, (500, None), fine]);
    assert_eq!(call(&sim, &bearer, "ka10001", "/api/dostk/stkinfo", r#"{"stk_cd":"005930"}"#).await.0, 429);
    // any calls, again and again, until all is healed
    sim.script(Script::of_calls().then(Fault::Status500).pass(2).again());
    let mut felt = Vec::new();
    for _ in 0..6 {
        felt.push(post(&sim, "/oauth2/token", &[], KEYS).await.0);
    }
    assert_eq!(felt, [500, 200, 200, 500, 200, 200]);
    sim.heal();
    assert_eq!(post(&sim, "/oauth2/token", &[], KEYS).await.0, 200);
}

#[tokio::test]
async fn rules_spare_the_first_end_by_themselves_and_know_connections() {
    let sim = Sim::builder().without_quotas().start().await.unwrap();
    let ask = async || post(&sim, "/oauth2/token", &[], KEYS).await.0;
    sim.fault(Rule::new(Fault::Status500).after(2).times(2));
    let mut felt = Vec::new();
    for _ in 0..6 {
        felt.push(ask().await);
    }
    assert_eq!(felt, [200, 200, 500, 500, 200, 200]);
    sim.fault(Rule::new(Fault::Status500).lasting(Duration::from_secs(10)));
    let mut felt = Vec::new();
    for _ in 0..3 {
        felt.push(ask().await);
        sim.advance(Duration::from_secs(5)).await;
    }
    assert_eq!(felt, [500, 500, 200]);
    // each call of `post` has a connection of its own
    let last = sim.log().last().unwrap().connection;
    assert_eq!(last, sim.log().len() as u64);
    sim.fault(Rule::new(Fault::Status500).on_connection(last + 2));
    sim.script(Script::of_calls().on_connection(last + 4).then(Fault::Status500));
    let mut felt = Vec::new();
    for _ in 0..5 {
        felt.push(ask().await);
    }
    assert_eq!(felt, [200, 500, 200, 500, 200]);
    assert_eq!(sim.log().last().unwrap().connection, last + 5);
}

/// What chaos does to calls, by its seed: the same again, all kinds of it, and quotas in bursts.
#[tokio::test]
async fn chaos_of_a_seed_strikes_at_the_same_calls() {
    let mut runs = Vec::new();
    for seed in [3, 3, 4] {
        let sim = Sim::builder().without_quotas().start().await.unwrap();
        sim.chaos(seed, Chaos::new(0.0).calls(0.7));
        let client = sim.client_builder().limits(kiwoom_api::Limits::unlimited()).retry(Retry::none()).build().unwrap();
        for _ in 0..150 {
            let _ = client.call_raw("ka10004", "/api/dostk/mrkcond", r#"{"stk_cd":"005930"}"#).read().await;
        }
        let log = sim.log();
        let struck: Vec<String> = log.iter().map(|call| format!("{:?}", call.faults)).collect();
        let kinds: BTreeSet<&str> = struck.iter().map(|text| text.split('(').next().unwrap()).collect();
        assert!(kinds.len() >= 15, "14 faults and none: {kinds:?}");
        assert!(struck.windows(3).any(|calls| calls.iter().all(|text| text == "[Quota]")), "quotas come in bursts");
        assert!(log.iter().all(|call| call.faults.len() <= 1));
        sim.heal();
        // the token may be dead, and a client does not believe in a third one within half a minute
        sim.advance(Duration::from_secs(60)).await;
        let _ = client.call_raw("ka10004", "/api/dostk/mrkcond", r#"{"stk_cd":"005930"}"#).read().await;
        client.call_raw("ka10004", "/api/dostk/mrkcond", r#"{"stk_cd":"005930"}"#).read().await.unwrap();
        runs.push(struck);
    }
    assert_eq!(runs[0], runs[1]);
    assert_ne!(runs[0], runs[2]);
}
