//! What was asked and what was said, for assertions. Keys and tokens are not in it.

use kiwoom_api::jiff::civil::DateTime;
use serde_json::Value;

use crate::envelope::{Ask, Said};
use crate::faults::Fault;

/// One call as the simulator saw it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Logged {
    /// Korean wall time of the simulator.
    pub at: DateTime,
    /// The API id; `au10001` and `au10002` for tokens.
    pub api: String,
    /// The path of the URL.
    pub path: String,
    /// The body of the request; empty for tokens.
    pub request: String,
    /// The HTTP status of the reply.
    pub status: u16,
    /// The return code of the reply, if it has one.
    pub return_code: Option<i64>,
    /// The message of the reply.
    pub message: String,
    /// The faults that struck.
    pub faults: Vec<Fault>,
}

impl Logged {
    pub(crate) fn of(at: DateTime, ask: &Ask, said: &Said, faults: &[Fault]) -> Logged {
        let api = match ask.path.as_str() {
            "/oauth2/token" => "au10001".to_owned(),
            "/oauth2/revoke" => "au10002".to_owned(),
            _ => ask.api.clone().unwrap_or_default(),
        };
        let is_secret = ask.path.starts_with("/oauth2");
        let reply: Value = serde_json::from_str(&said.body).unwrap_or_default();
        Logged {
            at,
            api,
            path: ask.path.clone(),
            request: if is_secret { String::new() } else { ask.body.clone() },
            status: said.status,
            return_code: reply["return_code"].as_i64(),
            message: reply["return_msg"].as_str().unwrap_or_default().to_owned(),
            faults: faults.to_vec(),
        }
    }
}

/// All calls, oldest first; the oldest go when there are too many.
#[derive(Debug, Default)]
pub(crate) struct Log(Vec<Logged>);

/// How many calls are kept.
const KEPT: usize = 100_000;

impl Log {
    pub fn add(&mut self, logged: Logged) {
        if self.0.len() >= KEPT {
            self.0.drain(..KEPT / 10);
        }
        self.0.push(logged);
    }

    pub fn all(&self) -> Vec<Logged> {
        self.0.clone()
    }
}
