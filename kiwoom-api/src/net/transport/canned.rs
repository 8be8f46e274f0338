//! Answers that a test has prepared, in the place of the network: by API id, in their order.
//!
//! Below the pipeline, so that tokens, gates, verdicts and walks over pages are the real ones. Knows no typed reply.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use jiff::SignedDuration;
use jiff::tz::Offset;
use reqwest::header::{DATE, HeaderMap, HeaderValue};

use super::{API_ID, Arrived, CONT_YN, Deadline, NEXT_KEY, Outgoing, Pass, Transport};
use crate::error::{Error, Kind};
use crate::language::{both, fixed};

/// What comes back for one request.
#[derive(Clone, Debug)]
pub(crate) struct Prepared {
    pub api: Cow<'static, str>,
    pub what: What,
    /// It stays for every further request.
    pub stays: bool,
}

#[derive(Clone, Debug)]
pub(crate) enum What {
    Reply {
        status: u16,
        body: String,
        next_key: Option<String>,
    },
    /// No connection came about: the request did not leave.
    NoConnection,
    /// Nothing came back in time.
    Silence,
    /// The connection broke before the reply.
    Break,
    /// The answer itself is wrong: what is wrong with it.
    Unwritable(Arc<Error>),
}

/// The answers that are left, and what was asked for.
#[derive(Debug, Default)]
pub(crate) struct Canned(Mutex<Script>);

#[derive(Debug, Default)]
struct Script {
    answers: VecDeque<Prepared>,
    asked: Vec<Outgoing>,
}

impl Canned {
    pub fn new(answers: impl IntoIterator<Item = Prepared>) -> Canned {
        Canned(Mutex::new(Script { answers: answers.into_iter().collect(), asked: Vec::new() }))
    }

    /// What was asked for, requests for tokens left out.
    pub fn asked(&self) -> Vec<Outgoing> {
        self.script().asked.clone()
    }

    /// The API ids of answers that nobody asked for.
    pub fn left(&self) -> Vec<String> {
        self.script().answers.iter().filter(|answer| !answer.stays).map(|answer| answer.api.to_string()).collect()
    }

    pub fn exchange(
        &self,
        outgoing: Outgoing,
        pass: Pass,
        deadline: Deadline,
        transport: &Transport,
    ) -> Result<Arrived, Error> {
        let api = outgoing.api.clone();
        let what = match self.next(&outgoing) {
            Some(what) => what,
            None => by_itself(&api, transport).ok_or_else(|| self.nothing_for(&api))?,
        };
        if let What::NoConnection = what {
            let refused = io::Error::from(io::ErrorKind::ConnectionRefused);
            return Err(Error::new(Kind::Connect(Arc::new(refused))));
        }
        if let What::Unwritable(error) = what {
            return Err(error.duplicate());
        }
        // as a connection does when it takes the body
        if pass.gate.is_some_and(|gate| !gate.leave()) {
            return Err(Error::new(Kind::Late(deadline.after)));
        }
        match what {
            What::Reply { status, body, next_key } => {
                let started = transport.broker.started();
                let headers = headers(&api, next_key.as_deref(), transport)?;
                transport.broker.note(&headers, started);
                Ok(Arrived { status, headers, body: Bytes::from(body), room: usize::MAX })
            }
            What::Break => {
                let reset = io::Error::from(io::ErrorKind::ConnectionReset);
                Err(Error::new(Kind::Broken(Arc::new(reset))).unsettled(true))
            }
            _ => Err(Error::new(Kind::Timeout(deadline.after)).unsettled(true)),
        }
    }

    /// The next answer for this request, which is noted.
    fn next(&self, outgoing: &Outgoing) -> Option<What> {
        let mut script = self.script();
        let at = script.answers.iter().position(|answer| answer.api.eq_ignore_ascii_case(&outgoing.api));
        if !is_of_tokens(&outgoing.api) {
            script.asked.push(outgoing.clone());
        }
        let answer = script.answers.get(at?)?;
        if answer.stays {
            return Some(answer.what.clone());
        }
        script.answers.remove(at?).map(|answer| answer.what)
    }

    fn nothing_for(&self, api: &str) -> Error {
        let script = self.script();
        let times = script.asked.iter().filter(|asked| asked.api == api).count();
        let mut left: Vec<&str> = script.answers.iter().map(|answer| &*answer.api).collect();
        left.dedup();
        let left = if left.is_empty() { "-".to_owned() } else { left.join(", ") };
        let problem = both!(
            "no answer is canned for call {times} of {api} (left: {left})",
            "{api}의 {times}번째 호출에 준비된 응답이 없습니다 (남은 응답: {left})"
        );
        let advice = fixed!(
            "give Client::canned() another testing::Answer, or make one stay with repeated()",
            "Client::canned()에 testing::Answer를 더 넣거나, repeated()로 남겨 두세요"
        );
        Error::request("api-id", problem, advice)
    }

    fn script(&self) -> MutexGuard<'_, Script> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn is_of_tokens(api: &str) -> bool {
    matches!(api, "au10001" | "au10002")
}

/// Tokens need no preparation: a day from now, as the broker gives them.
fn by_itself(api: &str, transport: &Transport) -> Option<What> {
    let body = match api {
        "au10001" => {
            let end = transport.broker.korea().saturating_add(SignedDuration::from_hours(24));
            let end = end.strftime("%Y%m%d%H%M%S");
            format!(r#"{{"expires_dt":"{end}","token_type":"bearer","token":"canned","return_code":0}}"#)
        }
        "au10002" => r#"{"return_code":0}"#.to_owned(),
        _ => return None,
    };
    Some(What::Reply { status: 200, body, next_key: None })
}

fn headers(api: &str, next_key: Option<&str>, transport: &Transport) -> Result<HeaderMap, Error> {
    let mut headers = HeaderMap::new();
    headers.insert(&API_ID, super::header("api-id", api.as_bytes())?);
    let now = Offset::UTC.to_datetime(transport.broker.moment()).strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
    headers.insert(DATE, super::header("date", now.as_bytes())?);
    if let Some(key) = next_key {
        headers.insert(&CONT_YN, HeaderValue::from_static("Y"));
        headers.insert(&NEXT_KEY, super::header("next-key", key.as_bytes())?);
    }
    Ok(headers)
}
