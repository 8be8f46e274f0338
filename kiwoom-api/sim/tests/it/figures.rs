//! How fast it is: `cargo test -p kiwoom-sim --test it --release -- --ignored --nocapture figures`.

use std::time::{Duration, Instant};

use futures_util::{SinkExt, StreamExt};
use kiwoom_api::Limits;
use kiwoom_sim::Sim;
use serde_json::json;
use tokio::net::TcpStream;
use tokio_tungstenite::client_async;
use tokio_tungstenite::tungstenite::Message;

use crate::ask::token;

#[tokio::test(flavor = "multi_thread")]
#[ignore = "prints figures, and asserts that there are some"]
async fn figures() {
    let started = Instant::now();
    let sim = Sim::builder().without_quotas().start().await.unwrap();
    println!("start-up: {:?}", started.elapsed());

    let client = sim.client_builder().limits(Limits::unlimited()).build().unwrap();
    let body = r#"{"stk_cd":"005930"}"#;
    client.call_raw("ka10004", "/api/dostk/mrkcond", body).read().await.unwrap();
    let (started, mut tasks) = (Instant::now(), Vec::new());
    for _ in 0..8 {
        let client = client.clone();
        tasks.push(tokio::spawn(async move {
            for _ in 0..500 {
                client.call_raw("ka10004", "/api/dostk/mrkcond", body).read().await.unwrap();
            }
        }));
    }
    for task in tasks {
        task.await.unwrap();
    }
    println!("calls: {:.0} a second (books of 10 levels, 8 at a time)", 4_000.0 / started.elapsed().as_secs_f64());

    let crowd: Vec<Sim> = {
        let mut crowd = Vec::new();
        for seed in 0..50 {
            crowd.push(Sim::builder().seed(seed).start().await.unwrap());
        }
        crowd
    };
    let mut lines = Vec::new();
    for sim in &crowd {
        let stream = TcpStream::connect(sim.socket_url().replace("ws://", "")).await.unwrap();
        let (mut socket, _) = client_async(format!("{}/api/dostk/websocket", sim.socket_url()), stream).await.unwrap();
        for frame in [
            json!({ "trnm": "LOGIN", "token": token(sim).await }),
            json!({ "trnm": "REG", "grp_no": "1", "refresh": "1", "data": [{ "item": ["005930", "000660"], "type": ["0B", "0D"] }] }),
        ] {
            socket.send(Message::text(frame.to_string())).await.unwrap();
            socket.next().await.unwrap().unwrap();
        }
        lines.push(tokio::spawn(async move {
            let (mut count, mut last) = (0_u64, Instant::now());
            while let Ok(Some(Ok(_))) = tokio::time::timeout(Duration::from_millis(500), socket.next()).await {
                (count, last) = (count + 1, Instant::now());
            }
            (count, last)
        }));
    }
    let started = Instant::now();
    for sim in &crowd {
        sim.advance(Duration::from_secs(9)).await;
    }
    let (mut pushes, mut last) = (0, started);
    for line in lines {
        let (count, at) = line.await.unwrap();
        (pushes, last) = (pushes + count, last.max(at));
    }
    println!("pushes: {:.0} a second to 50 connections", pushes as f64 / (last - started).as_secs_f64());
    assert!(pushes > 1_000, "{pushes}");
}
