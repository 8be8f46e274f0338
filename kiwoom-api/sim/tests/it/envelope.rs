//! Each code of the gateway, as the broker sends it.

use std::time::Duration;

use kiwoom_api::{Limits, Retry};
use kiwoom_sim::{Personality, Reissue, Sim};
use serde_json::Value;

use crate::ask::{KEYS, post, token};

const CHART: &str = "/api/dostk/chart";
const BARS: &str = r#"{"stk_cd":"005930","base_dt":"20260706","upd_stkpc_tp":"1"}"#;

/// Class, message, status of a call.
async fn call(sim: &Sim, path: &str, headers: &[(&str, &str)], body: &str) -> (i64, String, u16) {
    let (status, _, text) = post(sim, path, headers, body).await;
    let json: Value = serde_json::from_str(&text).unwrap_or_else(|_| panic!("{status} {text}"));
    (json["return_code"].as_i64().unwrap(), json["return_msg"].as_str().unwrap().to_owned(), status)
}

#[tokio::test]
async fn requests_that_are_not_well_formed_are_refused_with_their_code() {
    let sim = Sim::builder().without_quotas().start().await.unwrap();
    let bearer = format!("Bearer {}", token(&sim).await);
    let good = [("authorization", bearer.as_str()), ("api-id", "ka10081")];
    assert_eq!(call(&sim, CHART, &good, BARS).await.0, 0);
    let auth = |text: &'static str| [("authorization", text), ("api-id", "ka10081")];
    let of = |id: &'static str| [("authorization", bearer.as_str()), ("api-id", id)];
    let no_key = r#"{"stk_cd":"","base_dt":"20260706","upd_stkpc_tp":"1"}"#;
    let no_base = r#"{"stk_cd":"005930","base_dt":"","upd_stkpc_tp":"1"}"#;
    let unknown = r#"{"stk_cd":"005930","base_dt":"20260706","upd_stkpc_tp":"1","more":"1"}"#;
    let number = r#"{"stk_cd":"005930","base_dt":20260706,"upd_stkpc_tp":"1"}"#;
    let misfit = r#"{"stk_cd":"005930","base_dt":"yesterday","upd_stkpc_tp":"1"}"#;
    for (path, headers, body, class, code) in [
        (CHART, &[("authorization", bearer.as_str())][..], BARS, 1, "[1501:"),
        ("/api/dostk/stkinfo", &good, BARS, 1, "[1504:"),
        (CHART, &of("ka99999"), BARS, 1, "[1505:"),
        (CHART, &of("0B"), BARS, 1, "[1505:"),
        (CHART, &good, no_key, 2, "필수입력 파라미터=stk_cd]"),
        (CHART, &good, no_base, 2, "필수입력 파라미터=base_dt]"),
        (CHART, &good, "{}", 2, "[1511:"),
        (CHART, &good, unknown, 2, "[1517:"),
        (CHART, &good, unknown, 2, "파라미터=more"),
        (CHART, &good, number, 2, "파라미터=base_dt"),
        (CHART, &good, misfit, 2, "파라미터=base_dt"),
        (CHART, &good, "not json", 2, "[1517:"),
        (CHART, &[("api-id", "ka10081")], BARS, 1, "[1513:"),
        (CHART, &auth("Bearer"), BARS, 1, "[1514:"),
        (CHART, &auth("Basic abc"), BARS, 1, "[1515:"),
        (CHART, &auth("Bearer unknown"), BARS, 3, "[8005:"),
        (CHART, &auth("Bearer OTHER-SERVER-1"), BARS, 3, "[8031:"),
    ] {
        let (got, message, status) = call(&sim, path, headers, body).await;
        assert_eq!((got, status), (class, 200), "{headers:?} {body}: {message}");
        assert!(message.contains(code), "{body}: {message}");
    }
}

#[tokio::test]
async fn keys_are_checked_and_tokens_live_a_day() {
    let sim = Sim::builder().without_quotas().start().await.unwrap();
    for (body, class, code) in [
        (r#"{"appkey":"KEY","secretkey":"SECRET"}"#, 2, "[8011:"),
        (r#"{"grant_type":"password","appkey":"KEY","secretkey":"SECRET"}"#, 2, "[8012:"),
        (r#"{"grant_type":"client_credentials","appkey":"KEY","appsecret":"SECRET"}"#, 2, "[8020:"),
        (r#"{"grant_type":"client_credentials","appkey":"OTHER-SERVER-KEY","secretkey":"S"}"#, 2, "[8030:"),
    ] {
        let (got, message, status) = call(&sim, "/oauth2/token", &[], body).await;
        assert_eq!((got, status), (class, 200), "{message}");
        assert!(message.contains(code), "{message}");
    }
    let first = token(&sim).await;
    assert_eq!(token(&sim).await, first, "a token that is good is given again");
    let (_, _, body) = post(&sim, "/oauth2/token", &[], KEYS).await;
    assert!(body.contains(r#""expires_dt":"20260707100000""#), "{body}");
    sim.advance(Duration::from_secs(24 * 3600 + 1)).await;
    let bearer = format!("Bearer {first}");
    let headers = [("authorization", bearer.as_str()), ("api-id", "ka10081")];
    assert_eq!(call(&sim, CHART, &headers, BARS).await.0, 3);
    let second = token(&sim).await;
    assert_ne!(second, first);
    let revoke = format!(r#"{{"appkey":"KEY","secretkey":"SECRET","token":"{second}"}}"#);
    assert_eq!(call(&sim, "/oauth2/revoke", &[], &revoke).await.0, 0);
    let bearer = format!("Bearer {second}");
    assert_eq!(call(&sim, CHART, &[("authorization", bearer.as_str()), ("api-id", "ka10081")], BARS).await.0, 3);
    assert_eq!(call(&sim, "/oauth2/revoke", &[], r#"{"appkey":"KEY","secretkey":"S"}"#).await.1, "[8016:token 없음]");
}

#[tokio::test]
async fn a_quota_is_told_with_its_figure_and_a_client_keeps_it_without_waiting() {
    for (personality, allowed) in [(Personality::Real, 5), (Personality::Mock, 1)] {
        let sim = Sim::builder().personality(personality).start().await.unwrap();
        let bearer = format!("Bearer {}", token(&sim).await);
        let headers = [("authorization", bearer.as_str()), ("api-id", "ka10081")];
        for _ in 0..allowed {
            assert_eq!(call(&sim, CHART, &headers, BARS).await.0, 0);
        }
        let (class, message, status) = call(&sim, CHART, &headers, BARS).await;
        assert_eq!((class, status), (5, 429));
        assert!(message.contains("[1700:") && message.contains(&format!("유량={allowed}")), "{message}");

        let hasty = sim.client_builder().limits(Limits::unlimited()).retry(Retry::none()).build().unwrap();
        for _ in 0..allowed {
            hasty.call_raw("ka10081", CHART, BARS).read().await.unwrap();
        }
        let error = hasty.call_raw("ka10081", CHART, BARS).read().await.unwrap_err();
        assert_eq!((error.code(), error.http_status()), (Some(1700), Some(429)));

        sim.advance(Duration::from_secs(1)).await;
        let client = sim.client().unwrap();
        let (before, started) = (sim.now(), std::time::Instant::now());
        for _ in 0..30 {
            client.call_raw("ka10081", CHART, BARS).read().await.unwrap();
        }
        let passed = before.until(sim.now()).unwrap().total(kiwoom_api::jiff::Unit::Second).unwrap();
        assert!(passed >= 4.0, "30 calls took {passed} s of simulated time");
        assert!(started.elapsed() < Duration::from_secs(20), "and {:?} of real time", started.elapsed());
        assert!(sim.log().iter().filter(|call| call.return_code == Some(5)).count() == 2, "nobody else was refused");
    }
}

#[tokio::test]
async fn a_batch_that_is_too_long_is_no_quota() {
    let sim = Sim::start().await.unwrap();
    let client = sim.client().unwrap();
    let codes = vec!["005930"; 101].join("|");
    let body = format!(r#"{{"stk_cd":"{codes}"}}"#);
    let error = client.call_raw("ka10095", "/api/dostk/stkinfo", body).read().await.unwrap_err();
    assert_eq!((error.code(), error.rc(), error.http_status()), (Some(1634), Some(5), Some(200)));
    assert!(!error.is_rate_limited());
}

#[tokio::test]
async fn headers_of_paging_have_either_case_and_replies_the_simulator_s_date() {
    let sim = Sim::start().await.unwrap();
    let bearer = format!("Bearer {}", token(&sim).await);
    let headers = [("authorization", bearer.as_str()), ("api-id", "ka10081")];
    let mut heads = Vec::new();
    for _ in 0..2 {
        heads.push(post(&sim, CHART, &headers, BARS).await.1);
    }
    assert!(heads.iter().any(|head| head.contains("\r\nCont-Yn: Y\r\n")), "{heads:?}");
    assert!(heads.iter().any(|head| head.contains("\r\ncont-yn: Y\r\n")), "{heads:?}");
    for head in heads.iter().map(|head| head.to_lowercase()) {
        assert!(head.contains("\r\napi-id: ka10081") && head.contains("\r\nnext-key: "), "{head}");
        assert!(head.contains("access-control-expose-headers: api-id,cont-yn,next-key"), "{head}");
        assert!(head.contains("date: mon, 06 jul 2026 01:00:00 gmt"), "{head}");
    }
}

/// `next-key` counts only with `cont-yn: Y`, both in headers, in any case; in the body they are fields that nobody knows.
#[tokio::test]
async fn the_next_page_is_asked_for_by_headers() {
    let sim = Sim::start().await.unwrap();
    let bearer = format!("Bearer {}", token(&sim).await);
    let mut oldest = Vec::new();
    for more in [
        &[][..],
        &[("cont-yn", "Y"), ("next-key", "sim.600")],
        &[("CONT-YN", "y"), ("Next-Key", "sim.600")],
        &[("cont-yn", "N"), ("next-key", "sim.600")],
        &[("next-key", "sim.600")],
    ] {
        let headers = [&[("Authorization", bearer.as_str()), ("API-ID", "ka10081")][..], more].concat();
        let (_, _, body) = post(&sim, CHART, &headers, BARS).await;
        let json: Value = serde_json::from_str(&body).unwrap();
        oldest.push(json["stk_dt_pole_chart_qry"][0]["dt"].as_str().unwrap_or_else(|| panic!("{body}")).to_owned());
    }
    assert!(oldest[1] < oldest[0] && oldest[1] == oldest[2], "{oldest:?}");
    assert!(oldest[3] == oldest[0] && oldest[4] == oldest[0], "{oldest:?}");
    sim.advance(Duration::from_secs(1)).await;
    let body = r#"{"stk_cd":"005930","base_dt":"20260706","upd_stkpc_tp":"1","cont-yn":"Y"}"#;
    let headers = [("authorization", bearer.as_str()), ("api-id", "ka10081")];
    assert_eq!(call(&sim, CHART, &headers, body).await.0, 2);
}

#[tokio::test]
async fn messages_have_the_words_and_blanks_of_their_server() {
    let unfilled = r#"{"qry_tp":"0","sell_tp":"0","stex_tp":"0"}"#;
    for (server, found, nothing) in [
        (Personality::Real, " 조회가 완료되었습니다.", " 조회가 완료되었습니다."),
        (Personality::Mock, "모의투자 조회완료", "모의투자 해당조회내역이 없습니다."),
    ] {
        let sim = Sim::builder().personality(server).start().await.unwrap();
        let bearer = format!("Bearer {}", token(&sim).await);
        let of = |api: &'static str| [("authorization", bearer.as_str()), ("api-id", api)];
        assert_eq!(call(&sim, CHART, &of("ka10081"), BARS).await.1, found);
        assert_eq!(call(&sim, "/api/dostk/acnt", &of("ka10076"), unfilled).await, (0, nothing.to_owned(), 200));
    }
}

#[tokio::test]
async fn codes_that_are_not_listed_and_keys_within_rows_are_refused() {
    let sim = Sim::builder().without_quotas().start().await.unwrap();
    let bearer = format!("Bearer {}", token(&sim).await);
    for (api, path, body, field) in [
        ("ka10081", CHART, r#"{"stk_cd":"005930","base_dt":"20260706","upd_stkpc_tp":"7"}"#, "upd_stkpc_tp"),
        ("ka10081", CHART, r#"{"stk_cd":["005930"],"base_dt":"20260706","upd_stkpc_tp":"1"}"#, "stk_cd"),
        ("ka10081", CHART, r#"{"stk_cd":null,"base_dt":"20260706","upd_stkpc_tp":"1"}"#, "stk_cd"),
        ("ka10081", CHART, r#"{"stk_cd":"005930","base_dt":"20261306","upd_stkpc_tp":"1"}"#, "base_dt"),
        (
            "kt10000",
            "/api/dostk/ordr",
            r#"{"dmst_stex_tp":"KRX","stk_cd":"005930","ord_qty":"1","trde_tp":"00"}"#,
            "trde_tp",
        ),
        (
            "kt10000",
            "/api/dostk/ordr",
            r#"{"dmst_stex_tp":"KRX","stk_cd":"005930","ord_qty":"one","trde_tp":"3"}"#,
            "ord_qty",
        ),
        (
            "kt10000",
            "/api/dostk/ordr",
            r#"{"dmst_stex_tp":"KRX","stk_cd":"005930","ord_qty":1,"trde_tp":"3"}"#,
            "ord_qty",
        ),
    ] {
        let headers = [("authorization", bearer.as_str()), ("api-id", api)];
        let (class, message, status) = call(&sim, path, &headers, body).await;
        assert_eq!((class, status), (2, 200), "{body}: {message}");
        assert!(message.contains("[1517:") && message.contains(&format!("파라미터={field}")), "{body}: {message}");
    }
    assert!(sim.log().iter().filter(|call| call.api == "kt10000").all(|call| call.return_code == Some(2)));
}

#[tokio::test]
async fn keys_and_tokens_of_the_other_server_are_told_so() {
    let real = Sim::start().await.unwrap();
    let mock = Sim::builder().personality(Personality::Mock).start().await.unwrap();
    let client = kiwoom_api::Client::builder(mock.server(), real.credentials()).build().unwrap();
    assert_eq!(client.sign_in().await.unwrap_err().code(), Some(8030));
    let bearer = format!("Bearer {}", token(&real).await);
    let headers = [("authorization", bearer.as_str()), ("api-id", "ka10081")];
    let (class, message, status) = call(&mock, CHART, &headers, BARS).await;
    assert_eq!((class, status), (3, 200));
    assert!(message.contains("[8031:"), "{message}");
    // half of a pair of keys
    let half =
        r#"{"grant_type":"client_credentials","appkey":"SIM-REAL-APP-KEY-00000000000000000000000000","secretkey":"x"}"#;
    let (class, message, _) = call(&real, "/oauth2/token", &[], half).await;
    assert!(class == 3 && message.contains("[8001:"), "{message}");
}

#[tokio::test]
async fn each_pair_of_keys_has_a_token_and_quotas_of_its_own() {
    let sim = Sim::builder().personality(Personality::Mock).start().await.unwrap();
    let mut bearers = Vec::new();
    for key in ["A", "B"] {
        let keys = format!(r#"{{"grant_type":"client_credentials","appkey":"{key}","secretkey":"S"}}"#);
        let body: Value = serde_json::from_str(&post(&sim, "/oauth2/token", &[], &keys).await.2).unwrap();
        bearers.push(format!("Bearer {}", body["token"].as_str().unwrap()));
        // of two requests of tokens at once, one is refused
        let (class, message, status) = call(&sim, "/oauth2/token", &[], &keys).await;
        assert!((class, status) == (5, 429) && message.contains("API ID=au10001"), "{message}");
    }
    assert_ne!(bearers[0], bearers[1]);
    for bearer in &bearers {
        let headers = [("authorization", bearer.as_str()), ("api-id", "ka10081")];
        assert_eq!(call(&sim, CHART, &headers, BARS).await.0, 0);
        assert_eq!(call(&sim, CHART, &headers, BARS).await.0, 5);
    }
}

#[tokio::test]
async fn a_token_that_is_asked_for_again_is_the_same_or_a_new_one() {
    for reissue in [Reissue::Same, Reissue::Replaces] {
        let sim = Sim::builder().reissue(reissue).start().await.unwrap();
        let (first, second) = (token(&sim).await, token(&sim).await);
        assert_eq!(first == second, reissue == Reissue::Same);
        let of = |token: &str| format!("Bearer {token}");
        for (token, class) in [(&second, 0), (&first, if reissue == Reissue::Same { 0 } else { 3 })] {
            let bearer = of(token);
            assert_eq!(call(&sim, CHART, &[("authorization", &bearer), ("api-id", "ka10081")], BARS).await.0, class);
        }
        // a client of ours finds its token dead, and asks once
        let client = sim.client().unwrap();
        client.call_raw("ka10081", CHART, BARS).read().await.unwrap();
        sim.kill_tokens();
        client.call_raw("ka10081", CHART, BARS).read().await.unwrap();
    }
}

#[tokio::test]
async fn the_firewall_wants_a_name_of_your_own() {
    let sim = Sim::start().await.unwrap();
    let agent = ("user-agent", "Python/3.12 aiohttp/3.12.15");
    let (status, head, body) = post(&sim, "/oauth2/token", &[agent], KEYS).await;
    assert!(status == 400 && body.contains("Request Blocked"), "{status} {body}");
    assert!(head.to_lowercase().contains("content-type: text/html"), "{head}");
    assert_eq!(post(&sim, "/oauth2/token", &[("user-agent", "my-bot/1.0")], KEYS).await.0, 200);
    let handshake = [
        agent,
        ("connection", "upgrade"),
        ("upgrade", "websocket"),
        ("sec-websocket-version", "13"),
        ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
    ];
    let (status, _, body) = post(&sim, "/api/dostk/websocket", &handshake, "").await;
    assert!(status == 400 && body.contains("Request Blocked"), "{status} {body}");
}

#[tokio::test]
async fn many_simulators_run_at_once_and_end_when_they_are_dropped() {
    let mut all = Vec::new();
    for seed in 0..5 {
        all.push(Sim::builder().seed(seed).start().await.unwrap());
    }
    let mut prices = std::collections::BTreeSet::new();
    for sim in &all {
        let client = sim.client().unwrap();
        let reply = client.call_raw("ka10001", "/api/dostk/stkinfo", r#"{"stk_cd":"000660"}"#).read().await.unwrap();
        let json: Value = serde_json::from_str(reply.text()).unwrap();
        prices.insert(json["cur_prc"].as_str().unwrap().to_owned());
    }
    assert!(prices.len() > 1, "{prices:?}");
    let client = all[0].client_builder().retry(Retry::none()).build().unwrap();
    client.sign_in().await.unwrap();
    drop(all.remove(0));
    for _ in 0..500 {
        if client.call_raw("ka10081", CHART, BARS).read().await.is_err_and(|error| error.http_status().is_none()) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    panic!("a dropped simulator still answers");
}
