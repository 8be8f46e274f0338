//! How often the broker is asked for a token when things go wrong.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crate::support::{self, Bars, Step, TestServer, reply};
use kiwoom_api::{Client, Limits, ManualClock, Retry};
use tokio::task::JoinSet;

const REFUSED: &str = r#"{"return_code":3,"return_msg":"[8001:App Key]"}"#;

fn clock() -> ManualClock {
    ManualClock::at("2026-07-06T10:00:00+09:00".parse().unwrap())
}

fn client(server: &TestServer, time: &ManualClock) -> Client {
    support::builder(server).limits(Limits::official()).clock(time.clock()).retry(Retry::none()).build().unwrap()
}

/// A server that refuses all keys, and how often it was asked.
async fn refusing() -> (TestServer, Arc<AtomicUsize>) {
    let asked = Arc::new(AtomicUsize::new(0));
    let count = asked.clone();
    let server = TestServer::answering(move |_| {
        count.fetch_add(1, Ordering::SeqCst);
        Step::Write(reply("200 OK", &[], REFUSED))
    })
    .await;
    (server, asked)
}

/// Those who call together, and those who call one after the other.
#[tokio::test]
async fn pace_11_a_refusal_is_remembered() {
    let (server, asked) = refusing().await;
    let time = clock();
    let client = client(&server, &time);
    let mut together = JoinSet::new();
    for _ in 0..100 {
        let client = client.clone();
        together.spawn(async move { client.call(&Bars::new("005930")).await.unwrap_err() });
    }
    for error in together.join_all().await {
        assert_eq!(error.code(), Some(8001), "{error}");
    }
    for _ in 0..100 {
        let error = client.call(&Bars::new("005930")).await.unwrap_err();
        assert_eq!(error.code(), Some(8001));
        assert!(error.is_auth() && !error.is_transient() && !error.may_have_been_sent());
        assert!(
            error.retry_after() == Some(Duration::from_secs(2)) && error.to_string().contains("sign_in()"),
            "{error}"
        );
    }
    assert_eq!(asked.load(Ordering::SeqCst), 1);
    // each refusal doubles the pause: 2, 4, 8, .., 256, 300, 300 seconds
    for _ in 0..3600 {
        time.advance(Duration::from_secs(1));
        client.call(&Bars::new("005930")).await.unwrap_err();
    }
    assert_eq!(asked.load(Ordering::SeqCst), 1 + 8 + 10);
}

/// A person who asks is not put off, but paced.
#[tokio::test]
async fn pace_11_sign_in_asks_at_once_and_in_its_turn() {
    let (server, asked) = refusing().await;
    let time = clock();
    let client = client(&server, &time);
    client.sign_in().await.unwrap_err();
    client.call(&Bars::new("005930")).await.unwrap_err();
    let second = tokio::spawn({
        let client = client.clone();
        async move { client.sign_in().await.unwrap_err() }
    });
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!(asked.load(Ordering::SeqCst), 1, "one a second");
    time.advance(Duration::from_millis(1100));
    second.await.unwrap();
    assert_eq!(asked.load(Ordering::SeqCst), 2);
}

/// Faults that pass are not remembered, and spaced all the same.
#[tokio::test]
async fn pace_11_an_outage_is_no_stampede() {
    let asked = Arc::new(AtomicUsize::new(0));
    let count = asked.clone();
    let server = TestServer::answering(move |_| {
        count.fetch_add(1, Ordering::SeqCst);
        Step::Close
    })
    .await;
    let time = clock();
    let client = client(&server, &time);
    for _ in 0..20 {
        let bars = Bars::new("005930");
        let call = client.call(&bars).timeout(Duration::from_millis(20));
        assert!(call.await.unwrap_err().is_transient());
    }
    assert_eq!(asked.load(Ordering::SeqCst), 1, "one a second, and this second does not pass");
}

/// Beside each other with a broker that takes longer than the old patience of 10 seconds; the callers' deadlines hold.
#[tokio::test]
async fn pace_11_processes_wait_for_each_other() {
    let asked = Arc::new(AtomicUsize::new(0));
    let count = asked.clone();
    let token = reply(
        "200 OK",
        &[],
        r#"{"expires_dt":"20991107083713","token_type":"bearer","token":"TOKEN-of-a-slow-broker","return_code":0}"#,
    );
    let server = TestServer::answering(move |request| match request.line().contains("/oauth2/") {
        true => {
            count.fetch_add(1, Ordering::SeqCst);
            Step::WriteInTwo(Vec::new(), Duration::from_millis(10_500), token.clone())
        }
        false => Step::Write(reply("200 OK", &[], r#"{"return_code":0}"#)),
    })
    .await;
    let directory = tempfile::tempdir().unwrap();
    // a client of its own is to the file what a process is: its lock is of the file, not of the process
    let client = || support::builder(&server).token_cache(directory.path()).retry(Retry::none()).build().unwrap();
    let mut calls = JoinSet::new();
    for _ in 0..4 {
        let client = client();
        calls.spawn(async move { client.call(&Bars::new("005930")).await.map(drop) });
    }
    let impatient = client();
    let started = Instant::now();
    let bars = Bars::new("005930");
    let error = impatient.call(&bars).deadline(Duration::from_millis(300)).await.unwrap_err();
    assert!(error.is_timeout() && started.elapsed() < Duration::from_secs(2), "{error}");
    for result in calls.join_all().await {
        result.unwrap();
    }
    assert_eq!(asked.load(Ordering::SeqCst), 1);
}
