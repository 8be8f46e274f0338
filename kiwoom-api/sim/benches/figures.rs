//! How fast the simulator is and how much memory it takes: `cargo bench -p kiwoom-sim --bench figures`.
//!
//! Start-up; calls a second without quotas, as a ratio to a server that answers with the same bytes and decides nothing; pushes a
//! second to 50 connections; memory of 1,000 symbols. Client and simulator share the machine, and both count.

use std::fs;
use std::time::{Duration, Instant};

use futures_util::{SinkExt, StreamExt};
use kiwoom_api::{Client, Credentials, Limits, Server};
use kiwoom_sim::Sim;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::client_async;
use tokio_tungstenite::tungstenite::Message;

#[allow(dead_code, reason = "the rest is for the tests")]
#[path = "../tests/it/ask.rs"]
mod ask;

const STARTS: usize = 15;
const ROUNDS: usize = 9;
const CALLS: usize = 400;
const AT_ONCE: usize = 8;
const CONNECTIONS: usize = 50;
const SYMBOLS: usize = 1_000;
const API: (&str, &str, &str) = ("ka10004", "/api/dostk/mrkcond", r#"{"stk_cd":"005930"}"#);
/// What the table of instruments names.
const LISTING: &str = include_str!("../src/market/listing.rs");

#[tokio::main]
async fn main() {
    let mut starts = Vec::new();
    for seed in 0..STARTS {
        let started = Instant::now();
        drop(Sim::builder().seed(seed as u64).start().await.unwrap());
        starts.push(started.elapsed());
    }
    println!("start-up at 10:00, with the trades of the morning: {:.1?} (median of {STARTS})", median(&mut starts));

    let (calls, ratio) = calls().await;
    println!(
        "calls: {calls:.0} a second, {AT_ONCE} at a time (books of ten levels); {ratio:.2} of the time of a server that decides nothing"
    );

    let (pushes, lines) = pushes().await;
    println!("pushes: {pushes:.0} a second to {lines} connections");

    let of_one = LISTING.matches("listing(\"").count();
    let before = memory();
    let mut crowd = Vec::new();
    for seed in 0..SYMBOLS.div_ceil(of_one) {
        crowd.push(Sim::builder().seed(seed as u64).start().await.unwrap());
    }
    let (count, grown) = (crowd.len() * of_one, memory().saturating_sub(before));
    println!("memory: {} MiB for {count} symbols at 10:00 ({} simulators of {of_one})", grown >> 20, crowd.len());
    println!("load of the machine: {}", fs::read_to_string("/proc/loadavg").unwrap_or_default().trim());
}

/// Calls a second, and the time of one as a ratio to that of a bare server.
async fn calls() -> (f64, f64) {
    let sim = Sim::builder().without_quotas().start().await.unwrap();
    let client = sim.client_builder().limits(Limits::unlimited()).build().unwrap();
    let reply = client.call_raw(API.0, API.1, API.2).read().await.unwrap().text().to_owned();
    let bare = Client::builder(Server::sandbox(bare_server(reply).await), Credentials::new("KEY", "SECRET"))
        .limits(Limits::unlimited())
        .build()
        .unwrap();
    let (mut times, mut ratios) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let (of_sim, of_bare) = (burst(&client).await, burst(&bare).await);
        times.push(of_sim);
        ratios.push(of_sim.as_secs_f64() / of_bare.as_secs_f64());
    }
    ratios.sort_by(f64::total_cmp);
    (CALLS as f64 / median(&mut times).as_secs_f64(), ratios[ROUNDS / 2])
}

async fn burst(client: &Client) -> Duration {
    let started = Instant::now();
    let tasks: Vec<_> = (0..AT_ONCE)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move {
                for _ in 0..CALLS / AT_ONCE {
                    client.call_raw(API.0, API.1, API.2).read().await.unwrap();
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    started.elapsed()
}

/// A server that answers everything with the same bytes, and requests of tokens with a token.
async fn bare_server(reply: String) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let token = r#"{"token":"T","token_type":"bearer","expires_dt":"20991231000000","return_code":0,"return_msg":""}"#;
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let reply = reply.clone();
            tokio::spawn(async move {
                let _ = stream.set_nodelay(true);
                let mut bytes = vec![0; 16 << 10];
                // each request comes in one piece over loopback
                while let Ok(count @ 1..) = stream.read(&mut bytes).await {
                    let body = if bytes[..count].starts_with(b"POST /oauth2") { token } else { &reply };
                    let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json;charset=UTF-8\r\ncont-yn: N\r\n";
                    let text = format!("{head}content-length: {}\r\n\r\n{body}", body.len());
                    if stream.write_all(text.as_bytes()).await.is_err() {
                        break;
                    }
                }
            });
        }
    });
    format!("http://{address}")
}

/// Pushes a second to connections with keys of their own, and how many there are.
async fn pushes() -> (f64, usize) {
    let sim = Sim::builder().start().await.unwrap();
    let codes: Vec<&str> = LISTING.split("listing(\"").skip(1).filter_map(|row| row.get(..6)).take(20).collect();
    let mut lines = Vec::new();
    for number in 0..CONNECTIONS {
        let keys = json!({ "grant_type": "client_credentials", "appkey": number.to_string(), "secretkey": "S" });
        let (_, _, body) = ask::post(&sim, "/oauth2/token", &[], &keys.to_string()).await;
        let body: serde_json::Value = serde_json::from_str(&body).unwrap();
        let stream = TcpStream::connect(sim.socket_url().replace("ws://", "")).await.unwrap();
        let (mut socket, _) = client_async(format!("{}/api/dostk/websocket", sim.socket_url()), stream).await.unwrap();
        for frame in [
            json!({ "trnm": "LOGIN", "token": body["token"] }),
            json!({ "trnm": "REG", "grp_no": "1", "refresh": "1", "data": [{ "item": codes, "type": ["0B", "0D"] }] }),
        ] {
            socket.send(Message::text(frame.to_string())).await.unwrap();
            socket.next().await.unwrap().unwrap();
        }
        lines.push(tokio::spawn(async move {
            let (mut count, mut last) = (0_u64, Instant::now());
            while let Ok(Some(Ok(_))) = tokio::time::timeout(Duration::from_secs(1), socket.next()).await {
                (count, last) = (count + 1, Instant::now());
            }
            (count, last)
        }));
    }
    let started = Instant::now();
    // before the first ping, which nobody here echoes
    sim.advance(Duration::from_secs(9)).await;
    let (mut pushes, mut last, mut heard) = (0, started, 0);
    for line in lines {
        let (count, at) = line.await.unwrap();
        (pushes, last, heard) = (pushes + count, last.max(at), heard + usize::from(count > 0));
    }
    assert!(pushes > 10_000 && heard == CONNECTIONS, "{pushes} pushes to {heard} connections");
    (pushes as f64 / (last - started).as_secs_f64(), heard)
}

fn median(times: &mut [Duration]) -> Duration {
    times.sort();
    times[times.len() / 2]
}

/// Bytes of this process that are in memory; 0 where the system does not tell.
fn memory() -> usize {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.trim().split(' ').next()?.parse::<usize>().ok()).unwrap_or(0) << 10
}
