//! Recorded calls: read from JSON lines, found by API, page and fields.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::fs;
use std::io;
use std::path::Path;

use kiwoom_api::endpoint::{Effect, Meta};
use kiwoom_api::jiff::civil::DateTime;
use kiwoom_api::realtime::Recording;
use kiwoom_api::registry::find;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use crate::envelope::{Ask, Said, refusal};

/// The keys of a line.
const KEYS: [&str; 7] = ["at", "api", "page", "request", "status", "next_key", "reply"];

/// What a request is found by: the API, the page, the fields.
type Asked = (String, String, String);

/// All calls.
#[derive(Debug, Default)]
pub(super) struct Calls {
    replies: HashMap<Asked, Replies>,
    start: Option<DateTime>,
}

/// The replies to equal requests.
#[derive(Debug, Default)]
struct Replies {
    left: VecDeque<Said>,
    last: Option<Said>,
}

impl Calls {
    /// Adds the calls of a file.
    pub fn read(&mut self, path: &Path) -> io::Result<()> {
        let text = fs::read_to_string(path)?;
        for (number, line) in (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty()) {
            let (asked, said, at) = call(line).map_err(|why| {
                io::Error::new(io::ErrorKind::InvalidData, format!("{}, line {number}: {why}", path.display()))
            })?;
            self.start = self.start.into_iter().chain(at).min();
            self.replies.entry(asked).or_default().left.push_back(said);
        }
        Ok(())
    }

    /// When the first call was made.
    pub fn start(&self) -> Option<DateTime> {
        self.start
    }

    /// The next reply to a request; the last one again, unless it is an order.
    pub fn answer(&mut self, ask: &Ask, meta: &Meta) -> Said {
        let page = ask.next_key.as_deref().unwrap_or_default();
        let asked = asked(meta.id, page, &ask.fields);
        let Some(replies) = self.replies.get_mut(&asked) else {
            let known = self.replies.keys().filter(|(api, ..)| api == meta.id).count();
            return absent(&asked, &format!("it has {known} other requests of this API"));
        };
        if let Some(said) = replies.left.pop_front() {
            replies.last = Some(said.clone());
            return said;
        }
        match &replies.last {
            Some(said) if meta.effect == Effect::Read => said.clone(),
            _ => absent(&asked, "every reply to this request was given, and what is no read is not answered twice"),
        }
    }
}

/// The refusal of what is not recorded: wrong input, so nobody repeats it, and an order is known to be refused.
fn absent((api, page, fields): &Asked, why: &str) -> Said {
    let page = if page.is_empty() { String::new() } else { format!(" page {page}") };
    refusal(2, format!("not in the recording: {api}{page} {fields}; {why}"))
}

/// What a request is found by. Account numbers are masked as they are in the file.
fn asked(api: &str, page: &str, fields: &Map<String, Value>) -> Asked {
    let fields: BTreeMap<&String, Value> = fields
        .iter()
        .map(|(key, value)| (key, value.as_str().map_or_else(|| value.clone(), |text| text.trim().into())))
        .filter(|(_, value)| value != "")
        .collect();
    let fields = serde_json::to_string(&fields).unwrap_or_default();
    (api.to_owned(), page.to_owned(), Recording::redacted(&fields).into_owned())
}

/// One line: the request, the reply, the time.
fn call(line: &str) -> Result<(Asked, Said, Option<DateTime>), String> {
    let parts: BTreeMap<String, Box<RawValue>> =
        serde_json::from_str(line).map_err(|error| format!("no JSON object: {error}"))?;
    if let Some(other) = parts.keys().find(|key| !KEYS.contains(&key.as_str())) {
        return Err(format!("the key {other:?} is none of {}", KEYS.join(", ")));
    }
    let text = |key: &str| match parts.get(key).map(|raw| serde_json::from_str::<Value>(raw.get())) {
        None | Some(Ok(Value::Null)) => Ok(None),
        Some(Ok(Value::String(text))) => Ok(Some(text)),
        _ => Err(format!("{key:?} is no text")),
    };
    let api = text("api")?.ok_or("\"api\" is missing")?;
    let entry = find(&api).ok_or_else(|| format!("there is no API {api:?}"))?;
    let Some(Ok(Value::Object(request))) = parts.get("request").map(|raw| serde_json::from_str(raw.get())) else {
        return Err("\"request\" is missing, or no object".to_owned());
    };
    let reply = parts.get("reply").ok_or("\"reply\" is missing")?.get();
    let body = if reply.starts_with('"') { serde_json::from_str(reply).unwrap_or_default() } else { reply.to_owned() };
    let status = match parts.get("status") {
        None => 200,
        Some(raw) => raw.get().parse().ok().filter(|s| (100..600).contains(s)).ok_or("\"status\" is no HTTP status")?,
    };
    let at = text("at")?.map(|at| at.parse().map_err(|_| format!("\"at\" is no time: {at:?}"))).transpose()?;
    let is_html = body.trim_start().starts_with('<');
    let said = Said { status, next_key: text("next_key")?.filter(|key| !key.is_empty()), is_html, body };
    Ok((asked(entry.meta.id, &text("page")?.unwrap_or_default(), &request), said, at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_is_wrong_says_why() {
        for (line, want) in [
            ("[]", "no JSON object"),
            (r#"{"api":"ka10001","request":{},"reply":{},"body":1}"#, r#"the key "body" is none of at, api"#),
            (r#"{"request":{},"reply":{}}"#, r#""api" is missing"#),
            (r#"{"api":"ka99999","request":{},"reply":{}}"#, "no API"),
            (r#"{"api":"ka10001","request":"x","reply":{}}"#, r#""request" is missing, or no object"#),
            (r#"{"api":"ka10001","request":{}}"#, r#""reply" is missing"#),
            (r#"{"api":"ka10001","request":{},"reply":{},"status":"ok"}"#, "no HTTP status"),
            (r#"{"api":"ka10001","request":{},"reply":{},"at":"noon"}"#, "no time"),
            (r#"{"api":"ka10001","request":{},"reply":{},"page":7}"#, r#""page" is no text"#),
        ] {
            let told = call(line).unwrap_err();
            assert!(told.contains(want), "{line}: {told}");
        }
    }

    #[test]
    fn a_request_is_found_whatever_its_blanks_and_its_order() {
        let fields = |text: &str| serde_json::from_str::<Map<String, Value>>(text).unwrap();
        let one = asked("ka10001", "", &fields(r#"{"b":" 1 ","a":"2","c":""}"#));
        assert_eq!(one, asked("ka10001", "", &fields(r#"{"a":"2","b":"1"}"#)));
        assert_ne!(one, asked("ka10001", "k", &fields(r#"{"a":"2","b":"1"}"#)));
        assert_ne!(one, asked("ka10001", "", &fields(r#"{"a":"2","b":"1","c":"0"}"#)));
    }
}
