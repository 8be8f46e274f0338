//! How the connections of orders and of realtime data come about: directly or through a proxy of the environment, within a time.
//!
//! Knows nothing about requests. It opens [`Wire`]s.

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

/// What becomes of a socket at its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CloseMode {
    /// It is reset: what is still on its way is gone.
    Reset,
    /// What was sent still arrives.
    #[cfg(feature = "realtime")]
    InOrder,
}

/// Opens sockets.
#[derive(Clone)]
struct Sockets(HttpConnector, CloseMode);

impl Service<Uri> for Sockets {
    type Response = Wire;
    type Error = Trouble;
    type Future = Dialling<Wire>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Trouble>> {
        self.0.poll_ready(context).map_err(Into::into)
    }

    fn call(&mut self, to: Uri) -> Dialling<Wire> {
        let (connecting, closing) = (self.0.call(to), self.1);
        Box::pin(async move {
            let socket = connecting.await?;
            Ok(match closing {
                CloseMode::Reset => Wire::new(socket)?,
                #[cfg(feature = "realtime")]
                CloseMode::InOrder => Wire::in_order(socket),
            })
        })
    }
}

/// Opens a connection to an address, through a proxy if the environment names one.
#[derive(Clone)]
pub(super) struct Dial {
    sockets: Sockets,
    proxies: Option<Arc<Matcher>>,
}

impl Dial {
    pub fn new(proxy: Proxy, connect: Duration) -> Dial {
        Dial::through((proxy == Proxy::Environment).then(Matcher::from_env), connect)
    }

    /// The same, with another end for its sockets.
    #[cfg(feature = "realtime")]
    pub fn closing(mut self, closing: CloseMode) -> Dial {
        self.sockets.1 = closing;
        self
    }

    fn through(proxies: Option<Matcher>, connect: Duration) -> Dial {
        let mut tcp = HttpConnector::new();
        // the TLS layer handles the scheme
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        tcp.set_connect_timeout(Some(connect));
        #[cfg(any(target_os = "android", target_os = "fuchsia", target_os = "linux"))]
        tcp.set_tcp_user_timeout(Some(super::UNACKNOWLEDGED));
        Dial { sockets: Sockets(tcp, CloseMode::Reset), proxies: proxies.map(Arc::new) }
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
    "orders and realtime data go through proxies with an http:// address only (set HTTPS_PROXY to one, or NO_PROXY)";

/// Gives up if connecting takes too long, including the TLS handshake.
#[derive(Clone)]
pub(super) struct Within<S> {
    pub inner: S,
    pub time: Duration,
}

/// The connection was not established in time.
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

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpListener;

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    async fn dial(mut dial: Dial, to: String) -> Result<Wire, Trouble> {
        std::future::poll_fn(|context| dial.poll_ready(context)).await.unwrap();
        dial.call(to.parse().unwrap()).await
    }

    /// The system keeps the promises about sockets; this checks that we asked for them.
    #[tokio::test]
    async fn a_socket_is_reset_when_it_is_closed_and_gives_up_in_time() {
        let server = TcpListener::bind("127.0.0.1:0").unwrap();
        let to = format!("http://{}", server.local_addr().unwrap());
        let wire = dial(Dial::new(Proxy::None, SECOND), to).await.unwrap();
        let (mut peer, _) = server.accept().unwrap();
        wire.options(|socket| {
            assert_eq!(socket.linger().unwrap(), Some(Duration::ZERO));
            assert!(socket.tcp_nodelay().unwrap());
            #[cfg(any(target_os = "android", target_os = "fuchsia", target_os = "linux"))]
            assert_eq!(socket.tcp_user_timeout().unwrap(), Some(super::super::UNACKNOWLEDGED));
        });
        drop(wire);
        assert_eq!(peer.read(&mut [0]).unwrap_err().kind(), std::io::ErrorKind::ConnectionReset);
    }

    #[tokio::test]
    async fn through_a_proxy() {
        let proxy = TcpListener::bind("127.0.0.1:0").unwrap();
        let at = proxy.local_addr().unwrap();
        let asked = std::thread::spawn(move || {
            let (mut stream, _) = proxy.accept().unwrap();
            let (mut head, mut byte) = (String::new(), [0]);
            while !head.ends_with("\r\n\r\n") {
                stream.read_exact(&mut byte).unwrap();
                head.push(char::from(byte[0]));
            }
            stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").unwrap();
            // the tunnel is open: a reset now hits the connection to the proxy
            (head, stream.read(&mut byte).map_err(|error| error.kind()))
        });
        let matcher = Matcher::builder().https(format!("http://user:word@{at}")).build();
        let wire = dial(Dial::through(Some(matcher), SECOND), "https://api.example.com".into()).await.unwrap();
        drop(wire);
        let (head, end) = asked.join().unwrap();
        assert!(head.starts_with("CONNECT api.example.com:443 HTTP/1.1\r\n"), "{head}");
        assert!(head.to_lowercase().contains("proxy-authorization: basic "), "{head}");
        assert_eq!(end, Err(std::io::ErrorKind::ConnectionReset));
    }

    #[tokio::test]
    async fn a_proxy_that_orders_cannot_use_is_named() {
        let matcher = Matcher::builder().https("https://127.0.0.1:1").build();
        let refused = dial(Dial::through(Some(matcher), SECOND), "https://api.example.com".into()).await.err().unwrap();
        assert!(refused.to_string().contains("HTTPS_PROXY"), "{refused}");
    }
}
