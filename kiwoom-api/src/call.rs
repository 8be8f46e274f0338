//! One call of a generated endpoint: a builder that you await.
//!
//! Functions that see a request only as `&mut dyn Record` do all the work. Only a few lines are generic over the
//! endpoint, because they are compiled once for each of 300 endpoints.

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
use crate::language::fixed;
use crate::net::guard::Departure;
use crate::net::pipeline::{Answered, Terms};
use crate::net::retry::Retry;
use crate::net::transport::{AS_RECEIVED, NOT_A_HEADER, Outgoing, is_header_value};
use crate::record::Record;
use crate::{Continuation, Reply};

/// A boxed future, so that its type has a name.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A call that has not been made yet: `.await` makes it.
///
/// The endpoint decides what it returns: `Result<Reply<_>, Error>` for reads, [`Outcome`](crate::Outcome) for trades. A
/// request that lacks a required value, or holds one that cannot be written, fails before it is sent.
///
/// Dropping the future of a trade (`tokio::select!`, `tokio::time::timeout`) loses its outcome, not the order: use
/// [`timeout`](Call::timeout), which returns `NotSent` or `Unknown`.
///
/// ```no_run
/// # use kiwoom_api::{Client, Error};
/// # use kiwoom_api::endpoint::ReadRequest;
/// use std::time::Duration;
///
/// # async fn example<R: ReadRequest>(client: Client, request: R) -> Result<(), Error> {
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

/// The options of one call.
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
    /// For a read, waiting for its turn does not count, and requesting a token, if it needs one, may take as long
    /// again. For a trade without a [`deadline`](Call::deadline), it covers everything, including the wait for token,
    /// turn and connection. The default is the client's timeout.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.options.terms.timeout = Some(timeout);
        self
    }

    /// How long everything may take: waiting for a turn within the request limits, attempts, and pauses between them.
    ///
    /// A trade that has not left in time is `NotSent`. The last quarter of its time, at most 5 seconds, is kept for the
    /// answer: a trade that would leave later is not sent, because it could only become `Unknown`.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.options.terms.deadline = Some(deadline);
        self
    }

    /// The party that learns when the request leaves, and may withdraw it until then.
    #[allow(dead_code, reason = "used with any category of orders")]
    pub(crate) fn departing(mut self, departure: &Departure) -> Self {
        self.options.terms.departure = Some(departure.clone());
        self
    }

    /// How much of the deadline has passed already.
    #[allow(dead_code, reason = "used with any category of orders")]
    pub(crate) fn having_spent(mut self, spent: Duration) -> Self {
        self.options.terms.spent = spent;
        self
    }

    /// How often this call is tried if it is a read. Trades are sent once, regardless of this setting.
    pub fn retry(mut self, retry: Retry) -> Self {
        self.options.terms.retry = Some(retry);
        self
    }

    /// Requests the page at which `continuation` begins. The request must be the one that returned the continuation.
    ///
    /// Fails for trades: a second page of an order would be a second order.
    pub fn continue_from(mut self, continuation: Continuation) -> Self {
        self.options.continuation = Some(continuation);
        self
    }

    /// Sends this text for one key of the body instead of the request's value: for values that the broker accepts but
    /// the types do not know.
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

/// The static facts of an endpoint, independent of its type.
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
    let (client, terms) = (client.clone(), options.terms.clone());
    match prepare(request, shape, options) {
        Ok(outgoing) => {
            trace!(target: "kiwoom_api::body", api_id = shape.meta.id, request = ?Shown::record(request), "request");
            Box::pin(async move { client.send(outgoing, shape.meta.effect, terms).await })
        }
        Err(error) => Box::pin(async move { Err(client.refuse(shape.meta.id, shape.meta.effect, error)) }),
    }
}

/// All checks that need no network.
fn prepare(request: &mut dyn Record, shape: Shape, options: Options) -> Result<Outgoing, Error> {
    let Shape { meta, required, blank } = shape;
    if meta.protocol != Protocol::Rest {
        return Err(Error::request(
            "api-id",
            fixed!("not an API of HTTP requests", "HTTP로 부르는 API가 아닙니다"),
            fixed!("use the realtime client", "실시간 클라이언트를 쓰세요"),
        ));
    }
    may_continue(meta.effect, options.continuation.as_ref())?;
    let missing = missing(request, required, &options.raw);
    if !missing.is_empty() {
        return Err(Error::new(Kind::Missing(missing)));
    }
    let body = encode(request, blank, &options.raw).map_err(Error::unencodable)?;
    Ok(Outgoing { api: meta.id.into(), path: meta.path.into(), body: body.into(), continuation: options.continuation })
}

/// The required keys without a value, either in the request or set by hand.
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

/// Whether a call of this kind may request a further page.
pub(crate) fn may_continue(effect: Effect, continuation: Option<&Continuation>) -> Result<(), Error> {
    match continuation {
        None => Ok(()),
        Some(_) if effect != Effect::Read => Err(Error::request(
            "next-key",
            fixed!("a trade has no further pages", "주문에는 다음 쪽이 없습니다"),
            fixed!("send a new request", "새 요청을 보내세요"),
        )),
        Some(continuation) if continuation.next_key().is_empty() => {
            // without a key the broker would start over, and a loop over pages would never end
            Err(Error::request(
                "next-key",
                fixed!("the continuation is empty", "이어 읽을 곳이 비어 있습니다"),
                fixed!("start from the first page", "첫 쪽부터 읽으세요"),
            ))
        }
        Some(continuation) if !is_header_value(&continuation.to_bytes()) => {
            Err(Error::request("next-key", NOT_A_HEADER, AS_RECEIVED))
        }
        Some(_) => Ok(()),
    }
}
