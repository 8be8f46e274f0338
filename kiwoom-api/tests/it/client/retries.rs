//! Reads that are retried, and everything that is not.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use crate::support::{self, Bars, BarsReply, Order, Script, Step, TOKEN, TestServer};
use kiwoom_api::{Error, ManualClock, Outcome, Reply, Retry};

const BAR: &str = r#"{"stk_cd":"005930","stk_dt_pole_chart_qry":[{"trde_qty":"1"}],"return_code":0}"#;
const TOKEN_REFUSED: &str = r#"{"return_code":3,"return_msg":"인증에 실패했습니다[8005:Token이 유효하지 않습니다]"}"#;

/// A read against `script`, with pauses too short to notice; and how many requests for it arrived.
async fn read(script: Script) -> (Result<Reply<BarsReply>, Error>, usize) {
    let server = TestServer::start(script).await;
    let quick = Retry::default().first_pause(Duration::from_millis(4));
    let client = support::builder(&server).retry(quick).build().unwrap();
    let result = client.call(&Bars::new("005930")).timeout(Duration::from_millis(300)).await;
    if let Err(error) = &result {
        support::assert_clean(&support::texts(error));
    }
    (result, reads(&server).await)
}

async fn reads(server: &TestServer) -> usize {
    server.received().await.iter().filter(|request| request.line().contains("/api/dostk/chart")).count()
}

#[tokio::test]
async fn passing_faults_are_outlived() {
    for (what, script) in [
        ("reset", Script::signed_in().step(Step::Reset)),
        ("closed", Script::signed_in().step(Step::Close)),
        (
            "cut",
            Script::signed_in().step(Step::WriteAndClose(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{".to_vec())),
        ),
        ("hanging", Script::signed_in().step(Step::WriteAndHang(Vec::new(), Duration::from_secs(9)))),
        ("503", Script::signed_in().reply("503 Service Unavailable", &[], "")),
    ] {
        let (result, reads) = read(script.json(BAR)).await;
        let reply = result.unwrap_or_else(|error| panic!("{what}: {error}"));
        assert_eq!((reply.attempts(), reads), (2, 2), "{what}");
        assert!(reply.waited() > Duration::ZERO, "{what}");
    }
}

#[tokio::test]
async fn what_would_only_come_back_is_final() {
    let refusal = |rc: u8, text: &str| format!(r#"{{"return_code":{rc},"return_msg":"[{text}]"}}"#);
    for (what, body) in [
        ("a loop", refusal(5, "1687:재귀 호출")),
        ("a wrong request", refusal(2, "1511:파라미터=stk_cd")),
        ("another address", refusal(3, "8010:IP")),
        ("no JSON", "{".to_owned()),
        ("no envelope", "{}".to_owned()),
        ("a web page", "<html></html>".to_owned()),
    ] {
        let (result, reads) = read(Script::signed_in().json(&body).json(BAR)).await;
        let error = result.unwrap_err();
        assert_eq!((error.attempts(), reads), (1, 1), "{what}: {error}");
    }
}

/// Too many codes in one request come with the class of a quota (`BEHAVIOUR.md` R10).
#[tokio::test]
async fn a_1634_retried() {
    let refused = r#"{"return_code":5,"return_msg":"[1634:종목수 초과]"}"#;
    let (result, reads) = read(Script::signed_in().json(refused).json(BAR)).await;
    let error = result.unwrap_err();
    assert_eq!((error.code(), error.attempts(), reads), (Some(1634), 1, 1));
}

#[tokio::test]
async fn attempts_have_an_end() {
    let script = (0..9).fold(Script::signed_in(), |script, _| script.reply("500 X", &[], ""));
    let (result, reads) = read(script).await;
    let error = result.unwrap_err();
    assert_eq!((error.attempts(), reads, error.http_status()), (4, 4, Some(500)));
}

#[tokio::test]
async fn a_refused_token_is_renewed_once() {
    let script = Script::signed_in().json(TOKEN_REFUSED).json(r#"{"token":"SECOND","return_code":0}"#).json(BAR);
    let server = TestServer::start(script).await;
    let reply = support::client(&server).call(&Bars::new("005930")).await.unwrap();
    assert_eq!(reply.attempts(), 2);
    let received = server.received().await;
    assert_eq!(received[1].header("authorization"), Some(format!("Bearer {TOKEN}").as_str()));
    assert_eq!(received[3].header("authorization"), Some("Bearer SECOND"));
}

#[tokio::test]
async fn recursion_on_return_code_3() {
    let script = (0..9).fold(Script::default(), |script, round| {
        script.json(&format!(r#"{{"token":"TOKEN{round}","return_code":0}}"#)).json(TOKEN_REFUSED)
    });
    let (result, reads) = read(script).await;
    let error = result.unwrap_err();
    assert_eq!((error.code(), error.attempts(), reads), (Some(8005), 2, 2));
}

#[tokio::test]
async fn retry_of_an_order_on_timeout() {
    let hang = Step::WriteAndHang(Vec::new(), Duration::from_secs(9));
    for (what, step) in [
        ("timeout", hang),
        ("reset", Step::Reset),
        ("500", Step::Write(support::reply("500 X", &[], ""))),
        ("8005", Step::Write(support::reply("200 OK", &[], TOKEN_REFUSED))),
    ] {
        let server = TestServer::start(Script::signed_in().step(step).json(r#"{"ord_no":"1","return_code":0}"#)).await;
        let client = support::builder(&server).retry(Retry::default().attempts(9)).build().unwrap();
        let order = Order::buy("005930", 1);
        let outcome = client.call(&order).retry(Retry::default()).timeout(Duration::from_millis(300)).await;
        assert!(matches!(outcome, Outcome::Unknown(_) | Outcome::Rejected(_)), "{what}: {outcome:?}");
        let orders = server.received().await.iter().filter(|request| request.line().contains("ordr")).count();
        assert_eq!(orders, 1, "{what}");
    }
}

#[tokio::test]
async fn a_quota_is_waited_for_on_the_clock_of_the_client() {
    let quota = r#"{"return_code":5,"return_msg":"[1700:허용된 요청 개수를 초과하였습니다. 유량=5, API ID=ka10081]"}"#;
    let server = TestServer::start(Script::signed_in().json(quota).json(BAR)).await;
    let time = ManualClock::at("2026-07-06T09:00:00+09:00".parse().unwrap());
    let client = support::builder(&server).clock(time.clock()).build().unwrap();
    let call = tokio::spawn(async move { client.call(&Bars::new("005930")).await });
    let started = Instant::now();
    while !call.is_finished() {
        match time.next_alarm() {
            Some(left) => time.advance(left),
            None => tokio::time::sleep(Duration::from_millis(1)).await,
        }
        assert!(started.elapsed() < Duration::from_secs(20));
    }
    let reply = call.await.unwrap().unwrap();
    assert_eq!(reply.attempts(), 2);
    assert!(reply.waited() > Duration::from_secs(1) && time.elapsed() >= reply.waited());
}

#[tokio::test]
async fn a_deadline_ends_the_pauses() {
    let script = (0..9).fold(Script::signed_in(), |script, _| script.reply("500 X", &[], ""));
    let server = TestServer::start(script).await;
    let slow = Retry::default().first_pause(Duration::from_secs(30));
    let client = support::builder(&server).retry(slow).build().unwrap();
    let started = Instant::now();
    let error = client.call(&Bars::new("005930")).deadline(Duration::from_secs(5)).await.unwrap_err();
    assert_eq!((error.http_status(), error.attempts()), (Some(500), 1));
    assert!(started.elapsed() < Duration::from_secs(5), "a pause that leads nowhere is not made");
}

#[tokio::test]
async fn each_call_is_reported_once() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let server = TestServer::start(Script::signed_in().step(Step::Reset).json(BAR).json("<html>")).await;
    let log = seen.clone();
    let client = support::builder(&server)
        .retry(Retry::default().first_pause(Duration::from_millis(2)))
        .observe(move |call| {
            log.lock().unwrap().push((
                call.api_id.to_owned(),
                call.attempts,
                call.status,
                call.rows,
                call.error.is_some_and(Error::is_html),
            ));
        })
        .build()
        .unwrap();
    client.call(&Bars::new("005930")).await.unwrap();
    client.call(&Bars::new("005930")).await.unwrap_err();
    client.call(&Bars::default()).await.unwrap_err();
    let seen = std::mem::take(&mut *seen.lock().unwrap());
    let id = || "ka10081".to_owned();
    let token = ("au10001".to_owned(), 1, Some(200), 0, false);
    let refused_here = (id(), 0, None, 0, false);
    assert_eq!(seen, [token, (id(), 2, Some(200), 1, false), (id(), 1, Some(200), 0, true), refused_here]);
}
