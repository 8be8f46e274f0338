//! How the connections of orders come about: directly or through a proxy of the environment, within a time.
//!
//! Knows nothing of requests. What it opens are [`Wire`]s.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use http::Uri;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::connect::proxy::Tunnel;
use hyper_util::client::proxy::matcher::Matcher;
use tower_service::Service;

use super::wire::Wire;

pub(super) type Trouble = Box<dyn std::error::Error + Send + Sync>;
pub(super) type Dialling<T> = Pin<Box<dyn Future<Output = Result<T, Trouble>> + Send>>;

/// Whether a proxy of the environment (`HTTPS_PROXY`, `NO_PROXY`) is used.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Proxy {
    Environment,
    None,
}

/// Opens sockets that are reset when they are closed.
#[derive(Clone)]
struct Sockets(HttpConnector);

impl Service<Uri> for Sockets {
    type Response = Wire;
    type Error = Trouble;
    type Future = Dialling<Wire>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Trouble>> {
        self.0.poll_ready(context).map_err(Into::into)
    }

    fn call(&mut self, to: Uri) -> Dialling<Wire> {
        let connecting = self.0.call(to);
        Box::pin(async move { Ok(Wire::new(connecting.await?)?) })
    }
}

/// Opens a way to an address, through a proxy if the environment names one.
#[derive(Clone)]
pub(super) struct Dial {
    sockets: Sockets,
    proxies: Option<Arc<Matcher>>,
}

impl Dial {
    pub fn new(proxy: Proxy, connect: Duration) -> Dial {
        let mut tcp = HttpConnector::new();
        // the scheme is the business of whoever encrypts
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        tcp.set_connect_timeout(Some(connect));
        #[cfg(any(target_os = "android", target_os = "fuchsia", target_os = "linux"))]
        tcp.set_tcp_user_timeout(Some(super::UNACKNOWLEDGED));
        let proxies = (proxy == Proxy::Environment).then(|| Arc::new(Matcher::from_env()));
        Dial { sockets: Sockets(tcp), proxies }
    }
}

impl Service<Uri> for Dial {
    type Response = Wire;
    type Error = Trouble;
    type Future = Dialling<Wire>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Trouble>> {
        self.sockets.poll_ready(context)
    }

    fn call(&mut self, to: Uri) -> Dialling<Wire> {
        let Some(proxy) = self.proxies.as_ref().and_then(|proxies| proxies.intercept(&to)) else {
            return self.sockets.call(to);
        };
        if proxy.uri().scheme_str() != Some("http") {
            return Box::pin(async { Err(Trouble::from(OTHER_PROXY)) });
        }
        let mut tunnel = Tunnel::new(proxy.uri().clone(), self.sockets.clone());
        if let Some(authorization) = proxy.basic_auth() {
            tunnel = tunnel.with_auth(authorization.clone());
        }
        let through = tunnel.call(to);
        Box::pin(async move { Ok(through.await?) })
    }
}

const OTHER_PROXY: &str =
    "orders go through proxies with an http:// address only (set HTTPS_PROXY to one, or NO_PROXY)";

/// Gives up what takes too long, encryption included.
#[derive(Clone)]
pub(super) struct Within<S> {
    pub inner: S,
    pub time: Duration,
}

/// The connection did not come about in time.
#[derive(Debug)]
pub(super) struct Late;

impl<S> Service<Uri> for Within<S>
where
    S: Service<Uri, Error = Trouble>,
    S::Future: Send + 'static,
    S::Response: 'static,
{
    type Response = S::Response;
    type Error = Trouble;
    type Future = Dialling<S::Response>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Trouble>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, to: Uri) -> Self::Future {
        let (connecting, time) = (self.inner.call(to), self.time);
        Box::pin(async move { tokio::time::timeout(time, connecting).await.unwrap_or_else(|_| Err(Late.into())) })
    }
}

impl fmt::Display for Late {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the connection did not come about in time")
    }
}

impl std::error::Error for Late {}
