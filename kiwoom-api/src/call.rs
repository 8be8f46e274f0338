//! One call of a generated endpoint: a builder that is awaited.
//!
//! All work is done by functions that know a request only as `&mut dyn Record`; what is generic over the endpoint is a
//! few lines, because they are compiled once for each of its 300 users.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tracing::trace;

use crate::client::Client;
use crate::endpoint::{Ask, Effect, Endpoint, Meta, Protocol};
use crate::error::{Error, Kind};
use crate::json::decode::key_name;
use crate::json::encode::{encode, is_set};
use crate::json::show::Shown;
use crate::net::guard::Departure;
use crate::net::pipeline::{Answered, Terms};
use crate::net::retry::Retry;
use crate::net::transport::{Outgoing, is_header_value};
use crate::record::Record;
use crate::{Continuation, Reply};

/// A future that was boxed, so that its type has a name.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A call that has not been made yet: `.await` makes it.
///
/// It gives what the endpoint says: `Result<Reply<_>, Error>` for reads, [`Outcome`](crate::Outcome) for trades. A
/// request that lacks a required value, or holds one that cannot be written, is refused before it is sent.
///
/// Dropping the future of a trade (`tokio::select!`, `tokio::time::timeout`) loses its outcome, not the order: use
/// [`timeout`](Call::timeout), which answers `NotSent` or `Unknown`.
///
/// ```no_run
/// # use kiwoom_api::{Client, Error};
/// # use kiwoom_api::endpoint::Read;
/// use std::time::Duration;
///
/// # async fn example<R: Read>(client: Client, request: R) -> Result<(), Error> {
/// let reply = client.call(&request).timeout(Duration::from_secs(5)).await?;
/// if let Some(next) = reply.continuation() {
///     let second = client.call(&request).continue_from(next.clone()).await?;
/// }
/// # Ok(()) }
/// ```
///
/// It is a future that borrows nothing, so a task takes it as it is:
///
/// ```no_run
/// # use kiwoom_api::{Client, Error};
/// # use kiwoom_api::domestic::chart::StockDailyChart;
/// # async fn example(client: Client, request: StockDailyChart) -> Result<(), Error> {
/// let bars = tokio::spawn(client.domestic_chart().stock_daily_chart(&request));
/// let all = tokio::spawn(client.rows(request).collect());
/// # Ok(()) }
/// ```
#[must_use = "a call does nothing until it is awaited"]
pub struct Call<R> {
    client: Client,
    request: R,
    options: Options,
    /// From the first poll on.
    answering: Option<BoxFuture<'static, Result<Answered, Error>>>,
}

/// What a caller may choose for one call.
#[derive(Clone, Default)]
pub(crate) struct Options {
    pub terms: Terms,
    pub continuation: Option<Continuation>,
    pub raw: Vec<(String, String)>,
}

impl Client {
    /// A call of one API, whose request is given by reference or by value. Nothing is sent before it is awaited.
    pub fn call<How, A: Ask<How>>(&self, request: A) -> Call<A::Request> {
        Call { client: self.clone(), request: request.into_request(), options: Options::default(), answering: None }
    }
}

impl<R: Endpoint> Call<R> {
    /// How long one attempt may take, to the last byte of the reply.
    ///
    /// Of a read: waiting for its turn does not count, and asking for a token, if one is needed, may take as long again.
    /// Of a trade, unless it has a [`deadline`](Call::deadline) of its own: everything, waiting for token, turn and
    /// connection included. The client's timeout counts where none is set here.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.options.terms.timeout = Some(timeout);
        self
    }

    /// How long everything may take: waiting for a turn within the request limits, attempts, and pauses between them.
    ///
    /// A trade that has not left in time is `NotSent`. The last quarter of its time, at most 5 seconds, is kept for the
    /// answer: what would leave later stays here, because it could only become `Unknown`.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.options.terms.deadline = Some(deadline);
        self
    }

    /// Who learns when the request leaves, and may withdraw it until then.
    #[allow(dead_code, reason = "used with any category of orders")]
    pub(crate) fn departing(mut self, departure: &Departure) -> Self {
        self.options.terms.departure = Some(departure.clone());
        self
    }

    /// How often this call is tried, if it reads; trades are sent once whatever is said here.
    pub fn retry(mut self, retry: Retry) -> Self {
        self.options.terms.retry = Some(retry);
        self
    }

    /// Asks for the page that begins there. The request must be the one that gave the continuation.
    ///
    /// Refused for trades: a second page of an order would be a second order.
    pub fn continue_from(mut self, continuation: Continuation) -> Self {
        self.options.continuation = Some(continuation);
        self
    }

    /// Sends this text for one key of the body, whatever the request says: for values that the broker takes and the
    /// types do not know.
    pub fn raw(mut self, key: impl Into<String>, text: impl Into<String>) -> Self {
        self.options.raw.push((key.into(), text.into()));
        self
    }
}

/// For walks over pages: the same call once more, not made yet.
impl<R: Clone> Clone for Call<R> {
    fn clone(&self) -> Self {
        let Call { client, request, options, answering: _ } = self;
        Call { client: client.clone(), request: request.clone(), options: options.clone(), answering: None }
    }
}

impl<R: Clone> Call<R> {
    /// The same call for the page that begins there; `None` is the first one.
    pub(crate) fn at(&self, continuation: Option<Continuation>) -> Self {
        let mut call = self.clone();
        call.options.continuation = continuation;
        call
    }

    pub(crate) fn continuation(&self) -> Option<&Continuation> {
        self.options.continuation.as_ref()
    }
}

// The request is data: nothing of it is pinned.
impl<R> Unpin for Call<R> {}

/// Written by hand, because an `async` block would be compiled anew for each endpoint.
impl<R: Endpoint> Future for Call<R> {
    type Output = R::Answer;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<R::Answer> {
        let Call { client, request, options, answering } = self.get_mut();
        let answering = answering.get_or_insert_with(|| {
            let shape = Shape { meta: R::META, required: R::REQUIRED, blank: R::BLANK };
            dispatch(client, request, shape, std::mem::take(options))
        });
        let Poll::Ready(answered) = answering.as_mut().poll(context) else {
            return Poll::Pending;
        };
        Poll::Ready(R::Answer::from(receive(client, answered)))
    }
}

fn receive<T: Record + Default>(client: &Client, answered: Result<Answered, Error>) -> Result<Reply<T>, Error> {
    let mut body = T::default();
    match client.settle(answered, &mut body) {
        Ok(about) => Ok(Reply::new(body, about)),
        Err(error) => Err(error),
    }
}

/// The static facts of an endpoint, without its type.
#[derive(Clone, Copy)]
struct Shape {
    meta: &'static Meta,
    required: &'static [usize],
    blank: &'static [usize],
}

fn dispatch(
    client: &Client,
    request: &mut dyn Record,
    shape: Shape,
    options: Options,
) -> BoxFuture<'static, Result<Answered, Error>> {
    let terms = options.terms.clone();
    match prepare(request, shape, options) {
        Ok(outgoing) => {
            trace!(target: "kiwoom_api::body", api_id = shape.meta.id, request = ?Shown::record(request), "request");
            let client = client.clone();
            Box::pin(async move { client.send(outgoing, shape.meta.effect, terms).await })
        }
        Err(error) => Box::pin(std::future::ready(Err(error.of(shape.meta.id)))),
    }
}

/// Everything that can be refused without the network.
fn prepare(request: &mut dyn Record, shape: Shape, options: Options) -> Result<Outgoing, Error> {
    let Shape { meta, required, blank } = shape;
    if meta.protocol != Protocol::Rest {
        return Err(Error::request("api-id", "not an API of HTTP requests", "use the realtime client"));
    }
    may_continue(meta.effect, options.continuation.as_ref())?;
    let missing = missing(request, required, &options.raw);
    if !missing.is_empty() {
        return Err(Error::new(Kind::Missing(missing)));
    }
    let body = encode(request, blank, &options.raw).map_err(Error::unencodable)?;
    Ok(Outgoing { api: meta.id.into(), path: meta.path.into(), body: body.into(), continuation: options.continuation })
}

/// The required keys that have no value, neither in the request nor set by hand.
fn missing(request: &mut dyn Record, required: &[usize], raw: &[(String, String)]) -> Vec<String> {
    let keys = request.keys();
    required
        .iter()
        .filter(|index| !is_set(&mut request.slot(**index)))
        .filter_map(|index| keys.get(*index).map(|key| key_name(key)))
        .filter(|key| !raw.iter().any(|(name, _)| name == key))
        .map(str::to_owned)
        .collect()
}

/// Whether a call of this kind may ask for a further page.
pub(crate) fn may_continue(effect: Effect, continuation: Option<&Continuation>) -> Result<(), Error> {
    match continuation {
        None => Ok(()),
        Some(_) if effect != Effect::Read => {
            Err(Error::request("next-key", "a trade has no further pages", "send a new request"))
        }
        Some(continuation) if continuation.next_key().is_empty() => {
            // without a key the broker would start over, and a loop over pages would never end
            Err(Error::request("next-key", "the continuation is empty", "start from the first page"))
        }
        Some(continuation) if !is_header_value(&continuation.to_bytes()) => {
            Err(Error::request("next-key", "not a header value", "pass it on as it was received"))
        }
        Some(_) => Ok(()),
    }
}
