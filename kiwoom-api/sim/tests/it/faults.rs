//! Faults on demand: what goes wrong is what the client says went wrong, and the log knows the truth.

use kiwoom_api::codes::OrderVenue;
use kiwoom_api::order::Order;
use kiwoom_api::{Error, Outcome, Retry};
use kiwoom_sim::{Fault, Rule, Sim};

const CHART: &str = "/api/dostk/chart";
const BARS: &str = r#"{"stk_cd":"005930","base_dt":"20260706","upd_stkpc_tp":"1"}"#;

#[tokio::test]
async fn a_read_feels_each_fault() {
    type Check = fn(&Error) -> bool;
    let faults: [(Fault, Check); 7] = [
        (Fault::DropBefore, |error| error.http_status().is_none()),
        (Fault::DropAfter, |error| error.http_status().is_none()),
        (Fault::Quota, |error| error.code() == Some(1700)),
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
        (Fault::DropBefore, 0),
        (Fault::Quota, 0),
    ] {
        let sim = Sim::start().await.unwrap();
        let client = sim.client().unwrap();
        client.sign_in().await.unwrap();
        sim.fault(Rule::new(fault).on("kt10000"));
        let outcome = client.orders().default_venue(OrderVenue::Krx).submit(Order::buy("005930").market().qty(1)).await;
        assert!(matches!(outcome, Outcome::Unknown(_)), "{fault:?}: {outcome:?}");
        sim.heal();
        sim.advance(std::time::Duration::from_secs(3)).await;
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
