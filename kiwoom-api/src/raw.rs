//! Calls of APIs that are not generated: JSON in, JSON out.
//!
//! Nothing is known about such an API, so it counts as a trade unless the caller says that it reads. A known trade
//! stays a trade.

use std::fmt;
use std::future::IntoFuture;
use std::time::Duration;

use bytes::Bytes;
use reqwest::header::HeaderMap;

use crate::call::{BoxFuture, Options, may_continue};
use crate::client::Client;
use crate::endpoint::Effect;
use crate::error::{Error, Kind};
use crate::json::decode::decode;
use crate::net::effect::canonical;
use crate::net::transport::Outgoing;
use crate::record::Nothing;
use crate::{Continuation, Outcome, Reply};

/// The outcome of a raw call, which counts as a trade because nothing says otherwise.
pub type RawOutcome = Outcome<Reply<RawReply>>;

/// A raw call that has not been made yet: `.await` makes it and returns a [`RawOutcome`].
#[must_use = "a call does nothing until it is awaited"]
pub struct RawCall<'a> {
    client: &'a Client,
    api: String,
    path: String,
    body: String,
    options: Options,
}

/// A raw call that only reads: `.await` returns a `Result`.
#[must_use = "a call does nothing until it is awaited"]
pub struct RawRead<'a>(RawCall<'a>);

impl Client {
    /// A call of an API that this crate does not know (yet): API id, path, and the body as JSON text.
    ///
    /// It counts as a trade: one attempt, and the answer is an [`Outcome`](crate::Outcome). Use
    /// [`read()`](RawCall::read) if it only reads.
    pub fn call_raw(&self, api_id: impl Into<String>, path: impl Into<String>, json: impl Into<String>) -> RawCall<'_> {
        RawCall::new(self, api_id.into(), path.into(), json.into())
    }
}

impl<'a> RawCall<'a> {
    pub(crate) fn new(client: &'a Client, api: String, path: String, body: String) -> RawCall<'a> {
        RawCall { client, api, path, body, options: Options::default() }
    }

    /// How long everything may take, unless there is a [`deadline`](RawCall::deadline); for a [read](RawCall::read),
    /// how long one attempt may take. See [`Call::timeout`](crate::Call::timeout).
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.options.terms.timeout = Some(timeout);
        self
    }

    /// How long everything may take, including waiting; see [`Call::deadline`](crate::Call::deadline).
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.options.terms.deadline = Some(deadline);
        self
    }

    /// Promises that the API changes nothing, so that the call is a read.
    ///
    /// This does not turn a known trade, or anything sent to an order path, into a read: such a call fails before the
    /// network. The same holds for token requests.
    pub fn read(self) -> RawRead<'a> {
        RawRead(self)
    }

    async fn run(self, effect: Effect) -> Result<Reply<RawReply>, Error> {
        let client = self.client;
        let terms = self.options.terms.clone();
        let answered = client.send(self.prepare(effect)?, effect, terms).await?;
        let body = RawReply { body: answered.arrived.body.clone(), headers: answered.arrived.headers.clone() };
        let about = client.settle(Ok(answered), &mut Nothing)?;
        Ok(Reply::new(body, about))
    }

    fn prepare(self, effect: Effect) -> Result<Outgoing, Error> {
        may_continue(effect, self.options.continuation.as_ref()).map_err(|error| error.of(self.api.clone()))?;
        if let Err(cause) = decode(self.body.as_bytes(), &mut Nothing) {
            return Err(Error::new(Kind::NotJson(cause)).of(self.api));
        }
        Ok(Outgoing {
            api: canonical(&self.api).map_or_else(|| self.api.into(), Into::into),
            path: self.path.into(),
            body: self.body.into_bytes().into(),
            continuation: self.options.continuation,
        })
    }
}

impl RawRead<'_> {
    /// How long one attempt may take, to the last byte of the reply; see [`Call::timeout`](crate::Call::timeout).
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.0.options.terms.timeout = Some(timeout);
        self
    }

    /// How long everything may take, including waiting; see [`Call::deadline`](crate::Call::deadline).
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.0.options.terms.deadline = Some(deadline);
        self
    }

    /// Requests the page at which the continuation begins.
    pub fn continue_from(mut self, continuation: Continuation) -> Self {
        self.0.options.continuation = Some(continuation);
        self
    }
}

impl<'a> IntoFuture for RawCall<'a> {
    type Output = RawOutcome;
    type IntoFuture = BoxFuture<'a, RawOutcome>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move { Outcome::from_result(self.run(Effect::Trade).await) })
    }
}

impl<'a> IntoFuture for RawRead<'a> {
    type Output = Result<Reply<RawReply>, Error>;
    type IntoFuture = BoxFuture<'a, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.0.run(Effect::Read))
    }
}

/// The reply of a raw call, unchanged.
pub struct RawReply {
    body: Bytes,
    headers: HeaderMap,
}

impl RawReply {
    /// The JSON text.
    pub fn text(&self) -> &str {
        // the decoder has checked it
        std::str::from_utf8(&self.body).unwrap_or_default()
    }

    /// The bytes of the body.
    pub fn bytes(&self) -> &[u8] {
        &self.body
    }

    /// A header of the reply; its name is case-insensitive.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// All headers that are text.
    pub fn headers(&self) -> impl Iterator<Item = (&str, &str)> {
        self.headers.iter().filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?)))
    }
}

impl fmt::Debug for RawReply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawReply").field("bytes", &self.body.len()).finish_non_exhaustive()
    }
}
