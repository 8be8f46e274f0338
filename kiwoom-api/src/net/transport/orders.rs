//! The connections of orders: separate, recently used, and reset when an order is given up.
//!
//! Knows no order. A request in flight is an [`Attempt`]. If it is dropped before its reply is complete, by a timeout
//! or with the caller's future, it withdraws its body and resets its connection.

use std::sync::Arc;
use std::time::Duration;

use http::{Extensions, HeaderMap, Method, Request, Response};
use hyper::body::Incoming;
use hyper_util::client::legacy::connect::{CaptureConnection, capture_connection};
use hyper_util::client::legacy::{Client, Error as HyperError};
use hyper_util::rt::{TokioExecutor, TokioTimer};

use super::body::OnceBody;
use super::dial::{Dial, Late, Within};
use super::wire::Leash;
use crate::error::{Error, Kind};
use crate::language::fixed;
use crate::net::leaving::Leaving;

/// How long a connection of orders may have been idle and still be used.
///
/// An order on a connection that the broker is closing at that moment ends as `Unknown`. The shortest idle times of
/// common servers are 5 s (Apache, Node.js); the broker's is not documented. One second less than that covers the
/// transit time.
pub(crate) const IDLE: Duration = Duration::from_secs(4);

/// How its connections are opened; without TLS in the build, to this machine only.
#[cfg(feature = "_tls")]
pub(super) type Way = hyper_rustls::HttpsConnector<Dial>;
#[cfg(not(feature = "_tls"))]
pub(super) type Way = Dial;

#[derive(Clone)]
pub(super) struct OrderLine {
    http: Client<Within<Way>, OnceBody>,
    connect: Duration,
}

impl OrderLine {
    pub fn new(way: Way, connect: Duration) -> OrderLine {
        let http = Client::builder(TokioExecutor::new())
            .pool_idle_timeout(IDLE)
            .pool_timer(TokioTimer::new())
            .build(Within { inner: way, time: connect });
        OrderLine { http, connect }
    }

    /// A request that is sent when its reply is requested.
    pub fn attempt(
        &self,
        url: &str,
        headers: HeaderMap,
        body: OnceBody,
        leaving: Arc<Leaving>,
    ) -> Result<Attempt, Error> {
        let mut request = Request::new(body);
        *request.method_mut() = Method::POST;
        *request.uri_mut() = url.parse().map_err(|_| {
            Error::setup(fixed!(
                "server address: not a URL (write it like http://127.0.0.1:8080)",
                "서버 주소: URL이 아닙니다 (http://127.0.0.1:8080처럼 쓰세요)"
            ))
        })?;
        *request.headers_mut() = headers;
        let connection = Some(capture_connection(&mut request));
        Ok(Attempt { line: self.clone(), request: Some(request), connection, leaving })
    }
}

/// One request in flight. If it is dropped before [`finish`](Attempt::finish), its connection is reset.
pub(super) struct Attempt {
    line: OrderLine,
    request: Option<Request<OnceBody>>,
    /// The connection that took the request, once there is one.
    connection: Option<CaptureConnection>,
    leaving: Arc<Leaving>,
}

impl Attempt {
    /// Sends the request; returns the head of the reply.
    pub async fn send(&mut self) -> Result<Response<Incoming>, Error> {
        let request = self
            .request
            .take()
            .ok_or_else(|| Error::setup(fixed!("a request is sent once", "요청은 한 번만 보냅니다")))?;
        self.line.http.request(request).await.map_err(|error| self.line.error(error))
    }

    /// The reply is complete: the connection may serve another order.
    pub fn finish(mut self) {
        self.connection = None;
    }
}

impl Drop for Attempt {
    fn drop(&mut self) {
        self.leaving.withdraw();
        let Some(connection) = &self.connection else { return };
        let mut extras = Extensions::new();
        if let Some(connected) = &*connection.connection_metadata() {
            connected.get_extras(&mut extras);
        }
        if let Some(leash) = extras.get::<Leash>() {
            leash.cut();
        }
    }
}

impl OrderLine {
    fn error(&self, error: HyperError) -> Error {
        let causes = std::iter::successors(std::error::Error::source(&error), |cause| cause.source());
        let late = causes.into_iter().any(|cause| cause.is::<Late>());
        Error::new(match (error.is_connect(), late) {
            (true, true) => Kind::ConnectTimeout(self.connect),
            (true, false) => Kind::Connect(Arc::new(error)),
            (false, _) => Kind::Broken(Arc::new(error)),
        })
    }
}
