//! A broker over loopback that accepts every request and counts what arrived, and when by the test's clock.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use kiwoom_api::{ManualClock, Server};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use super::http::{self, Received, reply, token_body};

pub struct Counting {
    address: SocketAddr,
    seen: Arc<Mutex<Seen>>,
}

struct Seen {
    time: ManualClock,
    arrivals: Vec<(String, Duration)>,
    tokens: usize,
    /// Requests of one API in a second; more are refused with 1700.
    takes: usize,
    /// No token is issued before this.
    token_at: Duration,
}

impl Counting {
    pub async fn start(time: ManualClock) -> Counting {
        let (listener, address) = http::bind().await;
        let (arrivals, tokens, takes, token_at) = (Vec::new(), 0, usize::MAX, Duration::ZERO);
        let seen = Arc::new(Mutex::new(Seen { time, arrivals, tokens, takes, token_at }));
        let all = seen.clone();
        http::listen(listener, move |stream, _| serve(stream, all.clone()));
        Counting { address, seen }
    }

    pub fn server(&self) -> Server {
        Server::sandbox(format!("http://{}", self.address))
    }

    /// From now on no more than this go through in a second.
    pub fn takes(&self, requests: usize) {
        self.seen().takes = requests;
    }

    /// Tokens are issued when the clock stands there.
    pub fn token_at(&self, time: Duration) {
        self.seen().token_at = time;
    }

    pub fn tokens(&self) -> usize {
        self.seen().tokens
    }

    /// When requests of an API came, in order; of all APIs whose id begins so.
    pub fn arrivals(&self, api: &str) -> Vec<Duration> {
        self.seen().arrivals.iter().filter(|(id, _)| id.starts_with(api)).map(|(_, at)| *at).collect()
    }

    /// The most requests in any second.
    pub fn densest(&self, api: &str) -> usize {
        let times = self.arrivals(api);
        let within = |from: Duration| times.iter().filter(|at| (from..from + SECOND).contains(at)).count();
        times.iter().map(|from| within(*from)).max().unwrap_or(0)
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap()
    }
}

const SECOND: Duration = Duration::from_secs(1);

async fn serve(mut stream: TcpStream, seen: Arc<Mutex<Seen>>) {
    while let Some(received) = Received::read(&mut stream, 0).await {
        let answer = if received.is_about_tokens() {
            token(&seen).await
        } else {
            seen.lock().unwrap().note(received.header("api-id").unwrap_or_default())
        };
        if stream.write_all(&answer).await.is_err() {
            return;
        }
    }
}

async fn token(seen: &Mutex<Seen>) -> Vec<u8> {
    seen.lock().unwrap().tokens += 1;
    let due = || {
        let seen = seen.lock().unwrap();
        seen.time.elapsed() >= seen.token_at
    };
    while !due() {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    reply("200 OK", &[], &token_body(super::TOKEN))
}

impl Seen {
    fn note(&mut self, api: &str) -> Vec<u8> {
        let now = self.time.elapsed();
        self.arrivals.push((api.to_owned(), now));
        let lately = self.arrivals.iter().filter(|(id, at)| id == api && now - *at < SECOND).count();
        if lately <= self.takes {
            return reply("200 OK", &[], r#"{"ord_no":"0000138","return_code":0,"return_msg":"ok"}"#);
        }
        let (takes, text) = (self.takes, "허용된 요청 개수를 초과하였습니다");
        let body = format!(r#"{{"return_code":5,"return_msg":"{text}[1700:{text}. 유량={takes}, API ID={api}]"}}"#);
        reply("429 Too Many Requests", &[], &body)
    }
}
