//! Calls of APIs that are not generated: JSON in, JSON out.
//!
//! Nothing is known about such an API, so it counts as a trade unless the caller says that it reads. A known trade
//! stays a trade.

use std::fmt;
use std::mem::take;
use std::pin::Pin;
use std::task::{Context, Poll};
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
pub struct RawCall {
    client: Client,
    api: String,
    path: String,
    body: String,
    options: Options,
    /// From the first poll on.
    answering: Option<BoxFuture<'static, Result<Reply<RawReply>, Error>>>,
}

/// A raw call that only reads: `.await` returns a `Result`.
#[must_use = "a call does nothing until it is awaited"]
pub struct RawRead(RawCall);

impl Client {
    /// A call of an API that this crate does not know (yet): API id, path, and the body as JSON text.
    ///
    /// It counts as a trade: one attempt, and the answer is an [`Outcome`](crate::Outcome). Say
    /// [`read()`](RawCall::read) where it only reads.
    pub fn call_raw(&self, api_id: impl Into<String>, path: impl Into<String>, json: impl Into<String>) -> RawCall {
        RawCall::new(self.clone(), api_id.into(), path.into(), json.into())
    }
}

impl RawCall {
    pub(crate) fn new(client: Client, api: String, path: String, body: String) -> RawCall {
        RawCall { client, api, path, body, options: Options::default(), answering: None }
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
    /// No promise makes a read of a known trade, or of anything that is sent to a path of orders: such a call is refused
    /// before the network. Nor does it reach the requests for tokens.
    pub fn read(self) -> RawRead {
        RawRead(self)
    }

    fn poll_as(&mut self, effect: Effect, context: &mut Context<'_>) -> Poll<Result<Reply<RawReply>, Error>> {
        let RawCall { client, api, path, body, options, answering } = self;
        let answering = answering.get_or_insert_with(|| {
            let (client, options) = (client.clone(), take(options));
            let call = RawCall { client, api: take(api), path: take(path), body: take(body), options, answering: None };
            Box::pin(call.run(effect))
        });
        answering.as_mut().poll(context)
    }

    async fn run(self, effect: Effect) -> Result<Reply<RawReply>, Error> {
        let client = self.client.clone();
        let terms = self.options.terms.clone();
        let api = self.api.clone();
        let outgoing = self.prepare(effect).map_err(|error| client.refuse(api, effect, error))?;
        let answered = client.send(outgoing, effect, terms).await?;
        let body = RawReply { body: answered.arrived.body.clone(), headers: answered.arrived.headers.clone() };
        let about = client.settle(Ok(answered), &mut Nothing)?;
        Ok(Reply::new(body, about))
    }

    fn prepare(self, effect: Effect) -> Result<Outgoing, Error> {
        may_continue(effect, self.options.continuation.as_ref())?;
        if let Err(cause) = decode(self.body.as_bytes(), &mut Nothing) {
            return Err(Error::new(Kind::NotJson(cause)));
        }
        Ok(Outgoing {
            api: canonical(&self.api).map_or_else(|| self.api.into(), Into::into),
            path: self.path.into(),
            body: self.body.into_bytes().into(),
            continuation: self.options.continuation,
        })
    }
}

impl RawRead {
    /// How long one attempt may take, to the last byte of the reply; as [`Call::timeout`](crate::Call::timeout).
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

impl Future for RawCall {
    type Output = RawOutcome;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<RawOutcome> {
        self.get_mut().poll_as(Effect::Trade, context).map(Outcome::from_result)
    }
}

impl Future for RawRead {
    type Output = Result<Reply<RawReply>, Error>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        self.get_mut().0.poll_as(Effect::Read, context)
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
