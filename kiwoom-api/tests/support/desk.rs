//! A broker's desk for tokens: issues them, knows which is valid, and answers calls accordingly. It uses a manual
//! clock, whatever the client's wall clock shows.

use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::Offset;
use kiwoom_api::{Client, ManualClock, Retry};

use super::http::{Received, reply};
use super::server::{Step, TestServer};

/// When the desk opens: nine o'clock in Korea.
pub const START: &str = "2026-07-06T00:00:00Z";

/// How the desk behaves.
pub struct Rules {
    /// Hands that move the desk's own time.
    pub time: ManualClock,
    /// How far the desk is ahead of them: a laptop slept so long.
    pub slept: Duration,
    pub life: Duration,
    /// Gives the valid token again instead of a new one (`BEHAVIOUR.md` A4).
    pub repeats: bool,
    /// Answers no request for a token.
    pub closed: bool,
    /// How long an answer about tokens takes.
    pub takes: Duration,
    /// Takes no token at all.
    pub refuses: bool,
    /// The code for a token that it does not take.
    pub code: u16,
    pub issued: u32,
    valid: Option<(String, Timestamp)>,
}

impl Rules {
    fn now(&self) -> Timestamp {
        START.parse::<Timestamp>().unwrap() + self.time.elapsed() + self.slept
    }

    fn answer(&mut self, request: &Received) -> Step {
        let now = self.now();
        self.valid.take_if(|(_, end)| *end <= now);
        let body = match request.line().split(' ').nth(1).unwrap() {
            "/oauth2/token" if self.closed => return Step::Close,
            "/oauth2/token" => self.issue(now),
            "/oauth2/revoke" => {
                self.valid.take_if(|(token, _)| request.body.contains(token.as_str()));
                r#"{"return_code":0}"#.to_owned()
            }
            _ => return Step::Write(reply("200 OK", &[], &self.call(request))),
        };
        Step::WriteInTwo(Vec::new(), self.takes, reply("200 OK", &[], &body))
    }

    fn issue(&mut self, now: Timestamp) -> String {
        if self.valid.is_none() || !self.repeats {
            self.issued += 1;
            self.valid = Some((format!("T{}.", self.issued), now + self.life));
        }
        let (token, end) = self.valid.as_ref().unwrap();
        let end = Offset::constant(9).to_datetime(*end).strftime("%Y%m%d%H%M%S");
        format!(r#"{{"expires_dt":"{end}","token_type":"bearer","token":"{token}","return_code":0,"return_msg":"ok"}}"#)
    }

    fn call(&self, request: &Received) -> String {
        let given = request.header("authorization").and_then(|text| text.strip_prefix("Bearer "));
        match &self.valid {
            Some((token, _)) if given == Some(token) && !self.refuses => {
                r#"{"ord_no":"0000138","return_code":0}"#.to_owned()
            }
            _ => format!(
                r#"{{"return_code":3,"return_msg":"인증에 실패했습니다[{}:Token이 유효하지 않습니다]"}}"#,
                self.code
            ),
        }
    }

    /// Another process asked for a token, or somebody revoked it.
    pub fn end_token(&mut self) {
        self.valid = None;
    }
}

/// The desk behind a socket.
pub struct Desk {
    pub server: TestServer,
    pub time: ManualClock,
    rules: Arc<Mutex<Rules>>,
}

impl Desk {
    pub async fn open() -> Desk {
        let time = ManualClock::at(START.parse().unwrap());
        let rules = Arc::new(Mutex::new(Rules {
            time: time.clone(),
            slept: Duration::ZERO,
            life: Duration::from_secs(24 * 3600),
            repeats: false,
            closed: false,
            takes: Duration::ZERO,
            refuses: false,
            code: 8005,
            issued: 0,
            valid: None,
        }));
        let behind = rules.clone();
        let server = TestServer::answering(move |request| behind.lock().unwrap().answer(request)).await;
        Desk { server, time, rules }
    }

    pub fn rules(&self) -> MutexGuard<'_, Rules> {
        self.rules.lock().unwrap()
    }

    /// A client that reads the same hands.
    pub fn client(&self) -> Client {
        self.client_of(&self.time)
    }

    /// A client that keeps its token in `directory`.
    pub fn client_with_cache(&self, directory: &std::path::Path) -> Client {
        let builder = super::builder(&self.server).clock(self.time.clock()).retry(Retry::none());
        builder.token_cache(directory).build().unwrap()
    }

    /// A client that reads other hands: its wall clock may be wrong.
    pub fn client_of(&self, time: &ManualClock) -> Client {
        super::builder(&self.server).clock(time.clock()).retry(Retry::none()).build().unwrap()
    }

    /// How many requests for a token came.
    pub async fn asked(&self) -> usize {
        self.server.received().await.iter().filter(|request| request.line().contains("/oauth2/token")).count()
    }

    /// The tokens of the calls, in order.
    pub async fn used(&self) -> Vec<String> {
        let received = self.server.received().await;
        let bearer = |request: &Received| Some(request.header("authorization")?.strip_prefix("Bearer ")?.to_owned());
        received.iter().filter_map(bearer).collect()
    }
}
