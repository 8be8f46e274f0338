//! How many pushes a second become typed items, and how long one takes: `cargo bench -p kiwoom-api --bench realtime`.
//!
//! From memory: frames through decoder, engine and queue to the reader of a feed, on one thread. Over loopback: a server on
//! another thread writes frames as fast as they are read, then 20,000 a second. The `json` of Python decodes the same frame
//! where there is one. Times are those of the machine; a busy one shows in the slowest.

use std::hint::black_box;
use std::io::Write;
use std::net::{TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use kiwoom_api::domestic::realtime::StockTrade;
use kiwoom_api::realtime::{Event, Item, Policy, Recording, Speed, Subscription};
use kiwoom_api::{Client, Credentials, Limits, Server};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// Pushes a second and core that the typed stream must reach from memory.
const GOAL: f64 = 500_000.0;
const PUSHES: usize = 200_000;
const ROUNDS: usize = 5;
/// Pushes a second for the delays.
const PACE: usize = 20_000;
const PACED: usize = 200_000;
const SYMBOL: &str = "005930";

fn main() {
    let trade = trade(70_100, 1);
    println!("one 0B push: {} bytes", trade.len());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    for batch in [1, 10] {
        let best = (0..ROUNDS).map(|_| runtime.block_on(from_memory(batch))).fold(0.0, f64::max);
        println!("{:44} {best:>10.0} a second (goal {GOAL:.0})", format!("from memory, {batch} in a frame"));
    }
    let best = (0..ROUNDS).map(|_| runtime.block_on(over_loopback())).fold(0.0, f64::max);
    println!("{:44} {best:>10.0} a second", "over loopback, reader and socket on one thread");
    let mut delays = runtime.block_on(delays());
    delays.sort_unstable();
    let at = |share: f64| delays[((delays.len() - 1) as f64 * share) as usize];
    println!(
        "{:44} p50 {:?}, p99 {:?}, p99.9 {:?}, slowest {:?}",
        format!("from frame to item at {PACE} a second"),
        at(0.5),
        at(0.99),
        at(0.999),
        at(1.0)
    );
    python(&trade);
}

/// A push with a value for each of its usual FIDs.
fn trade(price: usize, volume: usize) -> String {
    format!(r#"{{"trnm":"REAL","data":[{}]}}"#, element(price, volume))
}

fn element(price: usize, volume: usize) -> String {
    format!(
        concat!(
            r#"{{"type":"0B","name":"주식체결","item":"005930","values":{{"20":"090001","10":"+{}","11":"+1200","12":"+1.74","#,
            r#""27":"+{}","28":"+{}","15":"+{}","13":"{}","14":"861530","16":"+69000","17":"+70400","18":"-68700","25":"2","#,
            r#""26":"-8123456","29":"-571234567","30":"-58.20","31":"0.20","32":"123","228":"108.45","311":"4184720","#,
            r#""290":"2","691":"0","567":"000000","568":"000000","851":"58.20","1890":"090003","1891":"091510","#,
            r#""1892":"090102","1030":"5913245","1031":"6412345","1032":"52.02","1071":"0","1072":"0","1313":"701","#,
            r#""1315":"+10","1316":"+10","1314":"+10","1497":"0","1498":"0","620":"69871","732":"0","852":"0","9081":"KRX"}}}}"#
        ),
        price,
        price + 100,
        price,
        1 + volume % 500,
        12_000_000 + volume
    )
}

async fn from_memory(batch: usize) -> f64 {
    let at = Timestamp::now();
    let frames = (0..PUSHES / batch).map(|number| {
        let elements: Vec<String> =
            (0..batch).map(|part| element(70_000 + number % 500, number * batch + part)).collect();
        (at, format!(r#"{{"trnm":"REAL","data":[{}]}}"#, elements.join(",")))
    });
    let recording = Recording::of_frames(frames.collect::<Vec<_>>());
    let subscription = Subscription::offline().topic::<StockTrade>([SYMBOL]);
    let mut replay = subscription.replay(recording, Speed::AtOnce).expect("a replay");
    let (mut seen, started) = (0, Instant::now());
    while let Some(item) = replay.next().await {
        if let Item::Push(push) = item.expect("an item") {
            black_box(push.of::<StockTrade>().expect("a trade").price);
            seen += 1;
        }
    }
    let taken = started.elapsed();
    assert_eq!(seen, PUSHES / batch * batch);
    seen as f64 / taken.as_secs_f64()
}

/// Bytes of an unmasked text frame.
fn framed(text: &str) -> Vec<u8> {
    let mut frame = vec![0x81, 126];
    frame.extend_from_slice(&(text.len() as u16).to_be_bytes());
    frame.extend_from_slice(text.as_bytes());
    frame
}

/// A broker that signs in, takes one registration, and then lets `send` write.
fn serve(send: impl Fn(&mut TcpStream) + Send + 'static) -> Client {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let socket = format!("ws://{}", listener.local_addr().expect("an address"));
    std::thread::spawn(move || {
        let (stream, _) = listener.accept().expect("a connection");
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let mut stream = runtime.block_on(async {
            use futures_util::{SinkExt, StreamExt};
            use tokio_tungstenite::tungstenite::Message;
            stream.set_nonblocking(true).expect("an option");
            let stream = tokio::net::TcpStream::from_std(stream).expect("a stream");
            let mut talk = tokio_tungstenite::accept_async(stream).await.expect("a handshake");
            for answer in [
                r#"{"trnm":"LOGIN","return_code":0,"return_msg":""}"#,
                r#"{"trnm":"REG","return_code":0,"return_msg":""}"#,
            ] {
                talk.next().await;
                talk.send(Message::text(answer)).await.expect("an answer");
            }
            talk.into_inner().into_std().expect("a stream")
        });
        stream.set_nonblocking(false).expect("an option");
        stream.set_nodelay(true).expect("an option");
        send(&mut stream);
    });
    let server = Server::Sandbox { http: tokens(), socket: Some(socket) };
    let client = Client::builder(server, Credentials::new("key", "secret")).limits(Limits::unlimited());
    client.build().expect("a client")
}

/// The address of a server that gives a token.
fn tokens() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = format!("http://{}", listener.local_addr().expect("an address"));
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            listener.set_nonblocking(true).expect("an option");
            let listener = tokio::net::TcpListener::from_std(listener).expect("a listener");
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut bytes = [0; 4096];
                let _ = stream.read(&mut bytes).await;
                let body = r#"{"expires_dt":"20991107083713","token_type":"bearer","token":"T0KEN","return_code":0,"return_msg":"ok"}"#;
                let head = format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n", body.len());
                let _ = stream.write_all(format!("{head}{body}").as_bytes()).await;
            }
        });
    });
    address
}

async fn over_loopback() -> f64 {
    let bytes: Vec<u8> = (0..PUSHES).flat_map(|number| framed(&trade(70_000 + number % 500, number))).collect();
    let client = serve(move |stream| {
        let _ = stream.write_all(&bytes);
        std::thread::sleep(Duration::from_secs(60));
    });
    let subscription = client.realtime().topic::<StockTrade>([SYMBOL]).policy::<StockTrade>(Policy::Keep);
    let mut feed = subscription.open().await.expect("a feed");
    let (mut seen, mut started) = (0, Instant::now());
    while seen < PUSHES {
        match feed.next().await {
            Some(Item::Push(push)) => {
                if seen == 0 {
                    started = Instant::now();
                }
                black_box(push.of::<StockTrade>().expect("a trade").price);
                seen += 1;
            }
            Some(Item::Event(Event::Connected)) => {}
            other => panic!("{other:?}"),
        }
    }
    seen as f64 / started.elapsed().as_secs_f64()
}

/// From the moment at which a frame was read to that at which its item was handed out.
async fn delays() -> Vec<Duration> {
    let client = serve(|stream| {
        let begun = Instant::now();
        for tick in 0..PACED * 1000 / PACE {
            let due = begun + Duration::from_millis(tick as u64);
            std::thread::sleep(due.saturating_duration_since(Instant::now()));
            for number in 0..PACE / 1000 {
                if stream.write_all(&framed(&trade(70_000 + number, tick * 20 + number))).is_err() {
                    return;
                }
            }
        }
        std::thread::sleep(Duration::from_secs(60));
    });
    let mut feed = client.realtime().topic::<StockTrade>([SYMBOL]).open().await.expect("a feed");
    let mut delays = Vec::with_capacity(PACED);
    while delays.len() < PACED {
        if let Some(Item::Push(push)) = feed.next().await {
            delays.push(Duration::try_from(Timestamp::now().duration_since(push.received())).unwrap_or_default());
        }
    }
    delays
}

/// The same frame through `json.loads`, which is what a Python client begins with.
fn python(frame: &str) {
    let script = "import json,sys,time\ns=sys.stdin.read()\nn=50000\nb=0\nfor _ in range(5):\n t=time.perf_counter()\n for _ in range(n): json.loads(s)\n b=max(b,n/(time.perf_counter()-t))\nprint(int(b))";
    let child = Command::new("python3").args(["-c", script]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let Ok(mut child) = child else {
        println!("no python3 here");
        return;
    };
    if let Some(mut input) = child.stdin.take() {
        let _ = input.write_all(frame.as_bytes());
    }
    let output = child.wait_with_output().map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
    println!("{:44} {:>10} a second, untyped", "json.loads of Python", output.unwrap_or_default());
}
