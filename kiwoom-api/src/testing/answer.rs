//! What a test prepares for a call, and what a call asked for.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use super::errors::Failure;
use crate::endpoint::Endpoint;
use crate::glue::from_json;
use crate::json::decode::decode;
use crate::net::transport::Outgoing;
use crate::net::transport::canned::{Prepared, What};
use crate::record::{Empty, Nothing};
use crate::{Continuation, Error, Reply, to_json};

/// What comes back for one call of an API: give some to [`Client::canned`](crate::Client::canned).
///
/// Calls of one API get their answers in the order in which they were given; the order between APIs does not matter.
#[derive(Clone, Debug)]
#[must_use = "give it to Client::canned"]
pub struct Answer(pub(super) Prepared);

impl Answer {
    /// This reply, for a call of the request `R`.
    ///
    /// ```
    /// # #[cfg(feature = "domestic-stock")] {
    /// use kiwoom_api::Client;
    /// use kiwoom_api::id::ka10001;
    /// use kiwoom_api::testing::Answer;
    /// use kiwoom_api::value::Price;
    ///
    /// let body = ka10001::Reply { cur_prc: Some(Price::down(70_100)), ..Default::default() };
    /// let client = Client::canned([Answer::of::<ka10001::Request>(&body)]);
    /// # }
    /// ```
    pub fn of<R: Endpoint>(body: &R::Reply) -> Answer
    where
        R::Reply: Clone,
    {
        match to_json(body) {
            Ok(text) => Answer::json(R::META.id, text),
            Err(error) => Answer::new(R::META.id, What::Unwritable(Arc::new(error.of(R::META.id)))),
        }
    }

    /// A reply as JSON, as the broker would send it. `"return_code":0` is added where the text has none.
    pub fn json(api_id: impl Into<Cow<'static, str>>, body: impl Into<String>) -> Answer {
        let body = with_envelope(body.into());
        Answer::new(api_id, What::Reply { status: 200, body, next_key: None })
    }

    /// A refusal of the broker: class (`return_code`) and message, as in `refusal("kt10000", 20, "[2000](RC4003: tick)")`.
    pub fn refusal(api_id: impl Into<Cow<'static, str>>, rc: i64, message: impl AsRef<str>) -> Answer {
        let body = super::errors::envelope(rc, message.as_ref());
        Answer::new(api_id, What::Reply { status: 200, body, next_key: None })
    }

    /// No reply of the broker, but this.
    pub fn failure(api_id: impl Into<Cow<'static, str>>, failure: Failure) -> Answer {
        Answer::new(api_id, failure.what())
    }

    /// The same, as a page after which another follows that begins at this key.
    pub fn next_key(mut self, key: impl Into<String>) -> Answer {
        if let What::Reply { next_key, .. } = &mut self.0.what {
            *next_key = Some(key.into());
        }
        self
    }

    /// The same for every further call of its API: it is never used up.
    pub fn repeated(mut self) -> Answer {
        self.0.stays = true;
        self
    }

    fn new(api: impl Into<Cow<'static, str>>, what: What) -> Answer {
        Answer(Prepared { api: api.into(), what, stays: false })
    }
}

/// Text that is no JSON object stays as it is: the call says what is wrong with it.
fn with_envelope(body: String) -> String {
    let is_bare = decode(body.as_bytes(), &mut Nothing).is_ok_and(|decoded| decoded.return_code().is_none());
    let rest = body.trim_start().strip_prefix('{').filter(|_| is_bare && !body.contains("\"return_code\""));
    match rest.map(str::trim_start) {
        None => body,
        Some(rest) if rest.starts_with('}') => format!("{{\"return_code\":0{rest}"),
        Some(rest) => format!("{{\"return_code\":0,{rest}"),
    }
}

/// A call that a canned client was asked for, as it would have gone out.
#[derive(Clone)]
pub struct Asked(pub(super) Outgoing);

impl Asked {
    /// The id of the API.
    pub fn api_id(&self) -> &str {
        &self.0.api
    }

    /// The path of the address.
    pub fn path(&self) -> &str {
        &self.0.path
    }

    /// The body, as JSON.
    pub fn json(&self) -> &str {
        std::str::from_utf8(&self.0.body).unwrap_or_default()
    }

    /// The page that was asked for; `None` for the first one.
    pub fn continuation(&self) -> Option<&Continuation> {
        self.0.continuation.as_ref()
    }

    /// The body as a request.
    ///
    /// # Errors
    /// A body with values that this request does not have.
    pub fn request<R: Empty>(&self) -> Result<R, Error> {
        from_json::<R>(self.json()).and_then(Reply::exact)
    }
}

/// Bodies of requests may name accounts.
impl fmt::Debug for Asked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Asked").field("api_id", &self.0.api).field("path", &self.0.path).finish_non_exhaustive()
    }
}
