//! How a WebSocket comes about: the way out of orders (proxy, TLS), closed in good order, and the handshake.
//!
//! Knows no frame. `permessage-deflate` is never offered: the library has no such thing.

use crate::language::fixed;
use std::future::poll_fn;
use std::sync::Arc;
use std::time::Duration;

use http::header::{CONNECTION, HOST, UPGRADE, USER_AGENT};
use http::{Request, Uri};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::client::generate_key;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tower_service::Service;

use super::dial::{CloseMode, Dial, Proxy, Within};
use super::{Bounds, NAME};
use crate::Server;
use crate::error::{Error, Kind};

/// The longest frame and message that is read: condition lists are large (`BEHAVIOUR.md` W9).
pub(crate) const LONGEST: usize = 16 << 20;

/// A way for bytes, encrypted or not.
pub(crate) trait Duplex: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Duplex for T {}

/// An open WebSocket.
pub(crate) type Socket = WebSocketStream<Box<dyn Duplex>>;

/// Opens a WebSocket at `path` of `server`, within the time that a connection may take for each of its two steps.
pub(crate) async fn open(server: &Server, path: &str, bounds: &Bounds) -> Result<Socket, Error> {
    let base = server.socket_base()?;
    let proxy = if base.loopback { Proxy::None } else { Proxy::Environment };
    let dial = Dial::new(proxy, bounds.connect).closing(CloseMode::InOrder);
    #[cfg(feature = "_tls")]
    let dial = {
        let trust = if base.is_encrypted() { super::tls::Trust::System } else { super::tls::Trust::Nobody };
        hyper_rustls::HttpsConnector::from((dial, super::tls::config(trust)?))
    };
    #[cfg(not(feature = "_tls"))]
    if base.is_encrypted() {
        return Err(Error::setup(fixed!(
            "no TLS in this build (enable the feature tls-ring or tls-aws-lc of kiwoom-api)",
            "이 빌드에는 TLS가 없습니다 (kiwoom-api의 tls-ring이나 tls-aws-lc feature를 켜세요)"
        )));
    }
    let to: Uri = base
        .at(path)
        .parse()
        .map_err(|_| Error::setup(fixed!("socket address: not a URL", "소켓 주소: URL이 아닙니다")))?;
    let mut way = Within { inner: dial, time: bounds.connect };
    poll_fn(|context| way.poll_ready(context)).await.map_err(|cause| failed(bounds.connect, cause))?;
    let stream = way.call(to.clone()).await.map_err(|cause| failed(bounds.connect, cause))?;
    let request = handshake(&to)?;
    let config = WebSocketConfig::default().max_frame_size(Some(LONGEST)).max_message_size(Some(LONGEST));
    let stream: Box<dyn Duplex> = Box::new(TokioIo::new(stream));
    let upgrade = tokio_tungstenite::client_async_with_config(request, stream, Some(config));
    match tokio::time::timeout(bounds.connect, upgrade).await {
        Ok(Ok((socket, _))) => Ok(socket),
        Ok(Err(cause)) => Err(Error::new(Kind::Connect(Arc::new(cause)))),
        Err(_) => Err(Error::new(Kind::ConnectTimeout(bounds.connect))),
    }
}

fn failed(connect: Duration, cause: super::dial::Trouble) -> Error {
    if cause.is::<super::dial::Late>() {
        return Error::new(Kind::ConnectTimeout(connect));
    }
    Error::new(Kind::Connect(Arc::from(cause)))
}

fn handshake(to: &Uri) -> Result<Request<()>, Error> {
    let host = to.authority().map(|host| host.as_str()).unwrap_or_default();
    // the connection was made by `http` or `https`, and goes on as `ws` or `wss`
    Request::get(to.to_string().replacen("http", "ws", 1))
        .header(HOST, host)
        .header(CONNECTION, "Upgrade")
        .header(UPGRADE, "websocket")
        .header("sec-websocket-version", "13")
        .header("sec-websocket-key", generate_key())
        .header(USER_AGENT, NAME)
        .body(())
        .map_err(|_| Error::setup(fixed!("socket address: not a URL", "소켓 주소: URL이 아닙니다")))
}
