//! One HTTP request, one reply, one attempt.
//!
//! Invariant: nothing below this module sends a request twice. Redirects are off, reqwest's retry policy is
//! `never`, HTTP/2 (whose graceful shutdown invites retries) is not used, and the request body is a
//! [`body::OnceBody`] that can be taken only once. hyper alone may move a request that it has *not begun to write*
//! from a connection that turns out to be closed to a fresh one.

mod body;
#[cfg(feature = "testing")]
pub(crate) mod canned;
mod dial;
pub(crate) mod orders;
#[cfg(feature = "realtime")]
pub(crate) mod socket;
#[cfg(feature = "_tls")]
mod tls;
pub(crate) mod verdict;
mod wire;

use std::borrow::Cow;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::Response;
use http_body::Body;
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, USER_AGENT};
use tokio::time::Instant;

use self::body::OnceBody;
use self::dial::Proxy;
use self::orders::OrderLine;
#[cfg(test)]
use crate::Clock;
use crate::error::{Error, Kind};
use crate::language::{Both, both, fixed};
use crate::net::broker_time::{BrokerTime, Started};
use crate::net::guard::Gate;
use crate::net::leaving::Leaving;
use crate::net::server::Base;
use crate::{Continuation, Server};

static API_ID: HeaderName = HeaderName::from_static("api-id");
static CONT_YN: HeaderName = HeaderName::from_static("cont-yn");
static NEXT_KEY: HeaderName = HeaderName::from_static("next-key");

/// Without a `User-Agent` of our own, the broker's firewall answers 400 (`BEHAVIOUR.md` H5).
const NAME: &str = concat!("kiwoom-api/", env!("CARGO_PKG_VERSION"));

/// How long an idle connection for reads is kept. Orders have separate connections, with a shorter limit.
const IDLE: Duration = Duration::from_secs(30);

/// How long the system goes on sending bytes that the other side does not acknowledge (`TCP_USER_TIMEOUT`); by default,
/// Linux tries for a quarter of an hour. Less than the usual 30 s of a call: a connection that is dead this long is
/// given up.
pub(crate) const UNACKNOWLEDGED: Duration = Duration::from_secs(20);

/// How much memory a reply gets on the strength of its `Content-Length`.
const RESERVED: usize = 32 << 20;

/// The lists of a reply may always take at least this much memory, however short the reply limit is.
const LEAST_ROOM: usize = 4 << 20;

/// The settings of a client.
#[derive(Clone, Debug)]
pub(crate) struct Bounds {
    pub connect: Duration,
    pub call: Duration,
    pub reply_bytes: usize,
}

impl Default for Bounds {
    fn default() -> Bounds {
        // the first page of a chart was seen to take more than 5 s (`BEHAVIOUR.md` H7)
        Bounds { connect: Duration::from_secs(10), call: Duration::from_secs(30), reply_bytes: 32 << 20 }
    }
}

/// A request, ready to go. A clone is another request.
#[derive(Clone, Debug)]
pub(crate) struct Outgoing {
    pub api: Cow<'static, str>,
    pub path: Cow<'static, str>,
    pub body: Bytes,
    pub continuation: Option<Continuation>,
}

/// The conditions under which a request is sent.
pub(crate) struct Pass {
    pub authorization: Option<HeaderValue>,
    /// Checked when the connection takes the body; if it is closed then, nothing is sent.
    pub gate: Option<Gate>,
    pub line: Connections,
}

/// Which connections a request uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Connections {
    /// Those for reads and tokens.
    Shared,
    /// Those for trades: no read keeps them busy, none is old, and each is reset when its trade is given up.
    Orders,
}

impl From<Option<HeaderValue>> for Pass {
    fn from(authorization: Option<HeaderValue>) -> Pass {
        Pass { authorization, gate: None, line: Connections::Shared }
    }
}

/// A complete reply, not yet judged.
pub(crate) struct Arrived {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Bytes,
    /// How much memory its lists may take.
    pub room: usize,
}

/// The connections to one server; clones share them.
#[derive(Clone)]
pub(crate) struct Transport {
    http: reqwest::Client,
    orders: OrderLine,
    base: Base,
    pub bounds: Bounds,
    pub broker: BrokerTime,
    /// What a test has prepared, in the place of the network.
    #[cfg(feature = "testing")]
    pub canned: Option<Arc<canned::Canned>>,
}

impl Transport {
    pub fn new(server: &Server, bounds: Bounds, broker: BrokerTime) -> Result<Transport, Error> {
        let base = server.base()?;
        let mut http = reqwest::Client::builder()
            .connect_timeout(bounds.connect)
            .pool_idle_timeout(IDLE)
            .tcp_nodelay(true)
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .http1_only();
        #[cfg(any(target_os = "android", target_os = "fuchsia", target_os = "linux"))]
        {
            http = http.tcp_user_timeout(UNACKNOWLEDGED);
        }
        let proxy = if base.loopback { Proxy::None } else { Proxy::Environment };
        if proxy == Proxy::None {
            http = http.no_proxy();
        }
        #[cfg(feature = "_tls")]
        let tls = {
            let trust = if base.is_encrypted() { tls::Trust::System } else { tls::Trust::Nobody };
            tls::config(trust)?
        };
        #[cfg(feature = "_tls")]
        {
            http = http.tls_backend_preconfigured(tls.clone());
        }
        #[cfg(not(feature = "_tls"))]
        if base.is_encrypted() {
            return Err(Error::setup(crate::language::fixed!(
                "no TLS in this build (enable the feature tls-ring or tls-aws-lc of kiwoom-api)",
                "TLS 없이 빌드되었습니다 (kiwoom-api의 tls-ring 또는 tls-aws-lc feature를 켜세요)"
            )));
        }
        let http = http.build().map_err(|cause| {
            Error::setup(both!(
                "the HTTP client cannot be built: {cause} (check the system's certificates)",
                "HTTP 클라이언트를 만들 수 없습니다: {cause} (시스템 인증서를 확인하세요)"
            ))
        })?;
        let dial = dial::Dial::new(proxy, bounds.connect);
        #[cfg(feature = "_tls")]
        let dial = hyper_rustls::HttpsConnector::from((dial, tls));
        let orders = OrderLine::new(dial, bounds.connect);
        Ok(Transport {
            http,
            orders,
            base,
            bounds,
            broker,
            #[cfg(feature = "testing")]
            canned: None,
        })
    }

    /// Sends `outgoing` and reads the whole reply.
    ///
    /// An error of this function concerns the connection only; [`verdict`] reads the reply.
    pub async fn exchange(
        &self,
        outgoing: Outgoing,
        pass: impl Into<Pass>,
        deadline: Deadline,
    ) -> Result<Arrived, Error> {
        #[cfg(feature = "testing")]
        if let Some(canned) = &self.canned {
            return canned.exchange(outgoing, pass.into(), deadline, self);
        }
        let leaving = Arc::new(Leaving::default());
        let attempt = self.attempt(outgoing, pass.into(), leaving.clone());
        let result = match tokio::time::timeout_at(deadline.at, attempt).await {
            Ok(result) => result,
            Err(_) => Err(Error::new(Kind::Timeout(deadline.after))),
        };
        // as long as the body is here, no complete request is on the wire, so nothing can have happened
        result.map_err(|error| error.unsettled(!leaving.withdraw()))
    }

    async fn attempt(&self, outgoing: Outgoing, pass: Pass, leaving: Arc<Leaving>) -> Result<Arrived, Error> {
        let started = self.broker.started();
        let signed = pass.authorization.is_some();
        let headers = headers(&outgoing, pass.authorization)?;
        let body = OnceBody::new(outgoing.body, leaving.clone(), pass.gate);
        match pass.line {
            Connections::Shared => {
                let mut request = reqwest::Request::new(http::Method::POST, self.base.url(&outgoing.path));
                *request.headers_mut() = headers;
                *request.body_mut() = Some(reqwest::Body::wrap(body));
                let response = self.http.execute(request).await.map_err(|error| self.line(error))?;
                let broken = |error: reqwest::Error| Error::new(Kind::Broken(Arc::new(error.without_url())));
                own(self.receive(Response::from(response), started, broken).await?, &outgoing.api, signed)
            }
            Connections::Orders => {
                let url = self.base.at(&outgoing.path);
                let mut attempt = self.orders.attempt(&url, headers, body, leaving)?;
                let response = attempt.send().await?;
                let broken = |error: hyper::Error| Error::new(Kind::Broken(Arc::new(error)));
                let arrived = own(self.receive(response, started, broken).await?, &outgoing.api, signed)?;
                attempt.finish();
                Ok(arrived)
            }
        }
    }

    async fn receive<B>(
        &self,
        response: Response<B>,
        started: Started,
        broken: impl Fn(B::Error) -> Error,
    ) -> Result<Arrived, Error>
    where
        B: Body<Data = Bytes> + Unpin,
    {
        let status = response.status().as_u16();
        self.broker.note(response.headers(), started);
        let (head, mut response) = response.into_parts();
        let mut body = Pieces::new(self.bounds.reply_bytes, response.size_hint().exact());
        match body.read(&mut response, broken).await {
            Ok(()) => {
                let room = self.bounds.reply_bytes.max(LEAST_ROOM);
                Ok(Arrived { status, headers: head.headers, body: body.whole(), room })
            }
            Err(error) => Err(error.status(status).with_body(body.whole())),
        }
    }

    fn line(&self, error: reqwest::Error) -> Error {
        Error::new(match (error.is_connect(), error.is_timeout()) {
            (true, true) => Kind::ConnectTimeout(self.bounds.connect),
            (true, false) => Kind::Connect(Arc::new(error.without_url())),
            (false, _) => Kind::Broken(Arc::new(error.without_url())),
        })
    }
}

/// The reply, unless its header names another API: then it answers something else, and the fate of this request is
/// unknown.
///
/// Replies about tokens, whose requests carry no authorization, are recognised by their content.
fn own(arrived: Arrived, api: &str, signed: bool) -> Result<Arrived, Error> {
    let named = arrived.headers.get(&API_ID).map(|id| id.as_bytes().trim_ascii());
    match named.filter(|id| signed && !id.is_empty() && !id.eq_ignore_ascii_case(api.as_bytes())) {
        None => Ok(arrived),
        Some(_) => Err(Error::new(Kind::OtherApi).status(arrived.status).with_body(arrived.body)),
    }
}

/// The body of a reply as it arrives. Usually this is one piece, which is not copied.
struct Pieces {
    limit: usize,
    expected: usize,
    first: Bytes,
    more: BytesMut,
}

impl Pieces {
    fn new(limit: usize, length: Option<u64>) -> Pieces {
        let expected = usize::try_from(length.unwrap_or(0)).unwrap_or(usize::MAX);
        Pieces { limit, expected, first: Bytes::new(), more: BytesMut::new() }
    }

    async fn read<B>(&mut self, body: &mut B, broken: impl Fn(B::Error) -> Error) -> Result<(), Error>
    where
        B: Body<Data = Bytes> + Unpin,
    {
        self.check(self.expected)?;
        while let Some(frame) = poll_fn(|context| Pin::new(&mut *body).poll_frame(context)).await {
            // trailers say nothing here
            let Ok(piece) = frame.map_err(&broken)?.into_data() else { continue };
            self.check(self.first.len() + self.more.len() + piece.len())?;
            if self.first.is_empty() && self.more.is_empty() {
                self.first = piece;
                continue;
            }
            if self.more.is_empty() {
                // a length that is only claimed reserves no more than this
                self.more.reserve(self.expected.min(RESERVED).max(self.first.len() + piece.len()));
                self.more.extend_from_slice(&std::mem::take(&mut self.first));
            }
            self.more.extend_from_slice(&piece);
        }
        Ok(())
    }

    fn check(&self, length: usize) -> Result<(), Error> {
        if length > self.limit { Err(Error::new(Kind::TooLong(self.limit))) } else { Ok(()) }
    }

    fn whole(self) -> Bytes {
        if self.more.is_empty() { self.first } else { self.more.freeze() }
    }
}

/// When a call gives up.
#[derive(Clone, Copy)]
pub(crate) struct Deadline {
    pub at: Instant,
    pub after: Duration,
}

impl Deadline {
    pub fn after(after: Duration) -> Deadline {
        // a duration no clock can hold means "never"
        let now = Instant::now();
        let at = now.checked_add(after).unwrap_or_else(|| now + Duration::from_secs(86_400 * 365));
        Deadline { at, after }
    }
}

fn headers(outgoing: &Outgoing, authorization: Option<HeaderValue>) -> Result<HeaderMap, Error> {
    let mut headers = HeaderMap::with_capacity(8);
    headers.insert(USER_AGENT, HeaderValue::from_static(NAME));
    headers.insert(ACCEPT, HeaderValue::from_static("*/*"));
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json;charset=UTF-8"));
    headers.insert(&API_ID, header("api-id", outgoing.api.as_bytes())?);
    if let Some(authorization) = authorization {
        headers.insert(AUTHORIZATION, authorization);
    }
    if let Some(continuation) = &outgoing.continuation {
        headers.insert(&CONT_YN, HeaderValue::from_static("Y"));
        headers.insert(&NEXT_KEY, header("next-key", &continuation.to_bytes())?);
    }
    Ok(headers)
}

/// What a continuation may be that cannot go out as one.
pub(crate) const NOT_A_HEADER: Both = fixed!("not a header value", "헤더에 쓸 수 없는 값입니다");
pub(crate) const AS_RECEIVED: Both = fixed!("pass it on as it was received", "받은 그대로 넘기세요");

/// Whether these bytes can travel in a header.
pub(crate) fn is_header_value(bytes: &[u8]) -> bool {
    HeaderValue::from_bytes(bytes).is_ok()
}

fn header(name: &str, value: &[u8]) -> Result<HeaderValue, Error> {
    HeaderValue::from_bytes(value).map_err(|_| Error::request(name, NOT_A_HEADER, AS_RECEIVED))
}

/// `cont-yn` and `next-key` of a reply. `Y` without a key still says that there is more.
pub(crate) fn continuation(headers: &HeaderMap) -> Option<Continuation> {
    let more = headers.get(&CONT_YN)?.as_bytes().trim_ascii().eq_ignore_ascii_case(b"Y");
    let key = headers.get(&NEXT_KEY).map(HeaderValue::as_bytes).unwrap_or_default();
    more.then(|| Continuation::from_bytes(key))
}

#[cfg(test)]
mod tests {
    use std::net::{SocketAddr, TcpListener};

    use super::*;

    async fn over_tls(to: SocketAddr, line: Connections, connect: Duration, call: Duration) -> Error {
        let bounds = Bounds { connect, ..Bounds::default() };
        let transport =
            Transport::new(&Server::custom(format!("https://{to}")), bounds, BrokerTime::new(Clock::system())).unwrap();
        let order =
            Outgoing { api: "kt10000".into(), path: "/".into(), body: Bytes::from_static(b"{}"), continuation: None };
        let pass = Pass { line, ..Pass::from(None) };
        transport.exchange(order, pass, Deadline::after(call)).await.err().unwrap()
    }

    /// A listener that never answers: the connection is open, but the TLS handshake never completes.
    #[tokio::test]
    async fn nothing_is_sent_before_the_connection_is_up() {
        const SHORT: Duration = Duration::from_millis(100);
        const LONG: Duration = Duration::from_secs(20);
        let silent = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = silent.local_addr().unwrap();
        for line in [Connections::Shared, Connections::Orders] {
            for (connect, call) in [(SHORT, LONG), (LONG, SHORT)] {
                let error = over_tls(address, line, connect, call).await;
                assert!(error.is_timeout() && !error.may_have_been_sent(), "{line:?}: {error}");
            }
        }
    }

    #[tokio::test]
    async fn nothing_is_sent_where_tls_fails() {
        let plain = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = plain.local_addr().unwrap();
        std::thread::spawn(move || {
            use std::io::Write;
            for stream in plain.incoming() {
                let _ = stream.unwrap().write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
            }
        });
        for line in [Connections::Shared, Connections::Orders] {
            let error = over_tls(address, line, Duration::from_secs(20), Duration::from_secs(20)).await;
            assert!(!error.may_have_been_sent() && !error.is_timeout(), "{line:?}: {error:?}");
        }
    }
}
