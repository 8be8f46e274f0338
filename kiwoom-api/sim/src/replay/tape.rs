//! The calls of a session as lines of a file, for [`Replay::calls`](super::Replay::calls).

use kiwoom_api::jiff::civil::DateTime;
use kiwoom_api::realtime::Recording;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::envelope::{Ask, Said};

/// Calls, oldest first. Signing in and out are not among them.
#[derive(Debug, Default)]
pub(crate) struct Tape(Vec<String>);

impl Tape {
    /// Notes a call.
    pub fn add(&mut self, at: DateTime, ask: &Ask, said: &Said) {
        let Some(api) = ask.api.as_deref().map(str::trim).filter(|_| !ask.path.starts_with("/oauth2")) else { return };
        let text = |text: &str| Value::from(text).to_string();
        let optional = |key: &str, value: Option<&str>| {
            value.map(|value| format!(r#","{key}":{}"#, text(value))).unwrap_or_default()
        };
        let request = if ask.body.trim().is_empty() { "{}" } else { ask.body.trim() };
        // what is no object on one line is kept as a text
        let raw = |body: &str| {
            let is_object = body.starts_with('{') && !body.contains(['\n', '\r']);
            is_object && serde_json::from_str::<&RawValue>(body).is_ok()
        };
        let reply = Recording::redacted(&said.body);
        let request = Recording::redacted(request);
        // the form of a request that the gateway refused for its form is not recorded
        if !raw(&request) {
            return;
        }
        let reply = if raw(&reply) { reply.into_owned() } else { text(&reply) };
        self.0.push(format!(
            r#"{{"at":"{at}","api":{}{},"request":{request},"status":{}{},"reply":{reply}}}"#,
            text(api),
            optional("page", ask.next_key.as_deref()),
            said.status,
            optional("next_key", said.next_key.as_deref()),
        ));
    }

    /// The lines so far, each with its line break, and how many there are.
    pub fn lines(&self) -> (String, usize) {
        (self.0.iter().map(|line| format!("{line}\n")).collect(), self.0.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accounts_are_masked_and_signing_in_is_left_out() {
        let mut tape = Tape::default();
        let at: DateTime = "2026-07-06T10:00:00".parse().unwrap();
        let ask = |path: &str, api: &str| Ask {
            path: path.into(),
            api: Some(api.into()),
            body: r#"{"qry_tp":"1"}"#.into(),
            ..Ask::default()
        };
        tape.add(at, &ask("/oauth2/token", "au10001"), &Said::json(r#"{"token":"SECRET"}"#.into()));
        tape.add(at, &ask("/api/dostk/acnt", "ka00001"), &Said::json(r#"{"acctNo":"1234567811"}"#.into()));
        tape.add(at, &ask("/api/dostk/acnt", "ka00001"), &Said::json("<html>1\n2</html>".into()));
        let head = r#"{"at":"2026-07-06T10:00:00","api":"ka00001","request":{"qry_tp":"1"},"status":200,"reply":"#;
        let want = format!("{head}{{\"acctNo\":\"0000000000\"}}}}\n{head}\"<html>1\\n2</html>\"}}\n");
        assert_eq!(tape.lines(), (want, 2));
    }
}
