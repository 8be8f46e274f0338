//! A request and its reply, without the network.

use kiwoom_api::jiff::civil::Date;
use serde_json::{Map, Value};

/// One HTTP request.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ask {
    pub method: String,
    pub path: String,
    /// The header `api-id`.
    pub api: Option<String>,
    pub authorization: Option<String>,
    /// The key of the page, where `cont-yn` asks for one (`BEHAVIOUR.md` P1).
    pub next_key: Option<String>,
    /// The header `User-Agent`.
    pub agent: Option<String>,
    /// Which connection it came on, counted from 1.
    pub connection: u64,
    pub body: String,
    /// The body, once it was read.
    pub fields: Map<String, Value>,
}

impl Ask {
    /// The API id; requests of tokens need not name theirs.
    pub fn id(&self) -> &str {
        match self.path.as_str() {
            "/oauth2/token" => "au10001",
            "/oauth2/revoke" => "au10002",
            _ => self.api.as_deref().unwrap_or_default().trim(),
        }
    }

    /// A field of the body, without blanks around it; empty if it is not there.
    pub fn field(&self, key: &str) -> &str {
        self.fields.get(key).and_then(Value::as_str).unwrap_or_default().trim()
    }

    /// A field that is a whole number; 0 if it is blank.
    pub fn number(&self, key: &str) -> Option<i64> {
        match self.field(key) {
            "" => Some(0),
            text => text.parse().ok(),
        }
    }

    /// A field that is a date such as `20260706`.
    pub fn day(&self, key: &str) -> Option<Date> {
        Date::strptime("%Y%m%d", self.field(key)).ok()
    }
}

/// One HTTP reply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Said {
    pub status: u16,
    pub body: String,
    /// The key of the next page, if there is one.
    pub next_key: Option<String>,
    /// `text/html` in the place of JSON.
    pub is_html: bool,
}

impl Said {
    /// A reply that is JSON.
    pub fn json(body: String) -> Said {
        Said { status: 200, body, next_key: None, is_html: false }
    }

    /// A web page.
    pub fn html(status: u16, text: &str) -> Said {
        let body = format!("<html><body>{text}</body></html>");
        Said { status, body, next_key: None, is_html: true }
    }

    /// A reply that succeeded: the fields of `inner`, which is an object, and the envelope.
    pub fn done(inner: &str, message: &str) -> Said {
        let inner = inner.trim_start_matches('{').trim_end_matches('}');
        let comma = if inner.is_empty() { "" } else { "," };
        Said::json(format!("{{{inner}{comma}\"return_code\":0,\"return_msg\":{}}}", Value::from(message)))
    }
}
