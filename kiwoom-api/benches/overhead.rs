//! What a call costs above the HTTP client it stands on: `cargo bench --bench overhead`.
//!
//! One small call over loopback, through this crate (encode, token, headers, deadline, decode) and through bare reqwest
//! (the same bytes, sent and received). Both run in one process, in short turns, against a server that only answers. The
//! figure is the median of the ratios of neighbouring turns, because the machine's speed varies more than the code. One
//! thread serves both connections: with a thread for each, one of them may sit on a core that wakes up more slowly.

use std::hint::black_box;
use std::net::TcpListener;
use std::time::{Duration, Instant};

#[allow(dead_code, reason = "the order is for the tests")]
#[path = "../tests/support/endpoints.rs"]
mod endpoints;

use endpoints::Bars;
use kiwoom_api::{Client, Credentials, Limits, Server};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::runtime::{Builder, Runtime};

/// A small call costs at most this much of a bare one.
const GOAL: f64 = 1.15;
/// The first rounds warm up.
const WARM: usize = 10;
const ROUNDS: usize = 500;
const CALLS: usize = 50;

const BODY: &str = r#"{"stk_cd":"005930","base_dt":"","upd_stkpc_tp":"1"}"#;
const REPLY: &str =
    r#"{"stk_cd":"005930","stk_dt_pole_chart_qry":[{"trde_qty":"12345"}],"return_code":0,"return_msg":"ok"}"#;
const TOKEN: &str =
    r#"{"expires_dt":"20991107083713","token_type":"bearer","token":"T0KEN","return_code":0,"return_msg":"ok"}"#;

fn main() {
    let address = serve();
    let runtime = runtime();
    runtime.block_on(async {
        let client = Client::builder(Server::sandbox(&address), Credentials::new("key", "secret"))
            .limits(Limits::unlimited())
            .build()
            .expect("a client");
        // a client without TLS settings of its own asks for the provider of the process, even where it speaks plain HTTP
        tokio_rustls::rustls::crypto::ring::default_provider().install_default().expect("the only provider");
        let bare = reqwest::Client::builder()
            .user_agent(concat!("kiwoom-api/", env!("CARGO_PKG_VERSION")))
            .tcp_nodelay(true)
            .http1_only()
            .no_proxy()
            .build()
            .expect("a client");
        let url = format!("{address}/api/dostk/chart");
        let request = Bars::new("005930");

        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        for round in 0..WARM + ROUNDS {
            // each goes first in every other round
            let mut times = [0.0; 2];
            for side in [round % 2, (round + 1) % 2] {
                let started = Instant::now();
                for _ in 0..CALLS {
                    match side {
                        0 => drop(black_box(client.call(&request).await.expect("a reply"))),
                        _ => drop(black_box(bare_call(&bare, &url).await)),
                    }
                }
                times[side] = started.elapsed().as_secs_f64() * 1e6 / CALLS as f64;
            }
            if round >= WARM {
                ours.push(times[0]);
                theirs.push(times[1]);
            }
        }
        let ratio = median(ours.iter().zip(&theirs).map(|(ours, theirs)| ours / theirs).collect());
        let (ours, theirs) = (median(ours), median(theirs));
        let verdict = if ratio <= GOAL { "within" } else { "over" };
        println!("client {ours:.1} us, bare reqwest {theirs:.1} us a call: {ratio:.3} ({verdict} the goal of {GOAL})");
    });
}

async fn bare_call(http: &reqwest::Client, url: &str) -> bytes::Bytes {
    let request = http
        .post(url)
        .header("content-type", "application/json;charset=UTF-8")
        .header("api-id", "ka10081")
        .header("authorization", "Bearer T0KEN")
        .timeout(Duration::from_secs(30))
        .body(BODY);
    request.send().await.expect("a reply").bytes().await.expect("a body")
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().expect("a runtime")
}

/// Answers every request with one of two replies, from one thread.
fn serve() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = format!("http://{}", listener.local_addr().expect("an address"));
    listener.set_nonblocking(true).expect("a socket");
    std::thread::spawn(move || {
        runtime().block_on(async move {
            let listener = tokio::net::TcpListener::from_std(listener).expect("a listener");
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(answer(stream));
            }
        });
    });
    address
}

async fn answer(mut stream: TcpStream) {
    let reply = |body: &str| format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len());
    let (page, token) = (reply(REPLY), reply(TOKEN));
    let _ = stream.set_nodelay(true);
    let mut bytes = [0; 8192];
    let mut filled = 0;
    while let Ok(read @ 1..) = stream.read(&mut bytes[filled..]).await {
        filled += read;
        // both bodies end with the only brace of the request
        if bytes[filled - 1] != b'}' {
            continue;
        }
        let text = if bytes.starts_with(b"POST /oauth2/") { &token } else { &page };
        if stream.write_all(text.as_bytes()).await.is_err() {
            return;
        }
        filled = 0;
    }
}
