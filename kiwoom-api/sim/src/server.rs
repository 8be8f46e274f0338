//! The door: HTTP and the WebSocket on one port of loopback. It moves bytes; everything is decided in `world`.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_util::{SinkExt, StreamExt};
use http_body_util::{BodyExt, Limited};
use hyper::body::{Body, Frame, Incoming, SizeHint};
use hyper::header::{CONNECTION, HeaderValue, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY, UPGRADE};
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use kiwoom_api::jiff::civil::DateTime;
use kiwoom_api::jiff::tz::Offset;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Role, frame::coding::CloseCode};

use crate::envelope::{Ask, Said};
use crate::faults::Fault;
use crate::house::{House, lock};
use crate::page;
use crate::socket::Out;
use crate::world::Answered;

/// The longest request that is read.
const LONGEST: usize = 1 << 20;

/// Listens on a port of loopback, 0 for any that is free.
pub(crate) async fn bind(port: u16) -> io::Result<(TcpListener, SocketAddr)> {
    let listener = TcpListener::bind(("127.0.0.1", port)).await?;
    let address = listener.local_addr()?;
    Ok((listener, address))
}

/// Serves until it is aborted; its connections end with it.
pub(crate) async fn serve(listener: TcpListener, house: Arc<House>) {
    let mut connections = JoinSet::new();
    let mut number = 0;
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                if let Ok((stream, _)) = accepted {
                    number += 1;
                    connections.spawn(talk(stream, number, house.clone()));
                }
            }
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn talk(stream: TcpStream, number: u64, house: Arc<House>) {
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request| answer(request, number, house.clone()));
    let connection = hyper::server::conn::http1::Builder::new()
        // dates are those of the simulator
        .auto_date_header(false)
        // the case of names varies: `Cont-Yn` on one connection, `cont-yn` on the next (`BEHAVIOUR.md` P1)
        .title_case_headers(number % 2 == 1)
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    // a fault breaks the connection with an error
    let _ = connection.await;
}

/// The reason for which a connection breaks.
#[derive(Debug)]
struct Broken;

impl std::fmt::Display for Broken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a fault broke the connection")
    }
}

impl std::error::Error for Broken {}

async fn answer(mut request: Request<Incoming>, connection: u64, house: Arc<House>) -> Result<Response<Piece>, Broken> {
    let mut ask = head_of(&request, connection);
    if request.headers().contains_key(UPGRADE) {
        return upgrade(&mut request, &ask, house).await;
    }
    if page::is_of_page(request.uri().path()) {
        return Ok(shown(page::answer(request, &house).await));
    }
    let Ok(body) = Limited::new(request.into_body(), LONGEST).collect().await else { return Err(Broken) };
    ask.body = String::from_utf8_lossy(&body.to_bytes()).into_owned();
    let api = ask.api.clone();
    let (Answered { said, faults }, now) = house.with(|world| (world.http(ask), world.now()));
    hold(&faults).await?;
    Ok(reply(&said, api.as_deref(), now, faults.contains(&Fault::Truncated)))
}

/// What the head of a request says.
fn head_of(request: &Request<Incoming>, connection: u64) -> Ask {
    let header = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let continues = header("cont-yn").is_some_and(|text| text.trim().eq_ignore_ascii_case("Y"));
    Ask {
        method: request.method().to_string(),
        path: request.uri().path().to_owned(),
        api: header("api-id"),
        authorization: header("authorization"),
        next_key: header("next-key").filter(|key| continues && !key.is_empty()),
        agent: header("user-agent"),
        connection,
        ..Ask::default()
    }
}

/// Keeps a reply back, or breaks the connection in its place.
async fn hold(faults: &[Fault]) -> Result<(), Broken> {
    for fault in faults {
        if let Fault::Latency(time) = fault {
            tokio::time::sleep(*time).await;
        }
    }
    if faults.iter().any(|fault| fault.breaks()) { Err(Broken) } else { Ok(()) }
}

fn reply(said: &Said, api: Option<&str>, now: DateTime, is_truncated: bool) -> Response<Piece> {
    let bytes = Bytes::from(said.body.clone());
    let whole = bytes.len() as u64;
    let bytes = if is_truncated { bytes.slice(..bytes.len() / 2) } else { bytes };
    let mut reply = Response::new(Piece { bytes: Some(bytes), whole, is_truncated });
    *reply.status_mut() = StatusCode::from_u16(said.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let kind = if said.is_html { "text/html;charset=UTF-8" } else { "application/json;charset=UTF-8" };
    let mut set = |name: &'static str, text: &str| {
        if let Ok(value) = HeaderValue::from_str(text) {
            reply.headers_mut().insert(name, value);
        }
    };
    set("content-type", kind);
    set("date", &date(now));
    set("api-id", api.unwrap_or_default());
    set("cont-yn", if said.next_key.is_some() { "Y" } else { "N" });
    set("next-key", said.next_key.as_deref().unwrap_or_default());
    // programs in browsers see only headers that are named here, and so does one public client
    set("access-control-expose-headers", "api-id,cont-yn,next-key");
    reply
}

/// An answer of the page.
fn shown(page::Shown { status, kind, body }: page::Shown) -> Response<Piece> {
    let whole = body.len() as u64;
    let mut reply = Response::new(Piece { bytes: Some(body.into()), whole, is_truncated: false });
    *reply.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let kind = format!("{kind};charset=UTF-8");
    for (name, text) in page::HEADERS.iter().copied().chain([("content-type", kind.as_str())]) {
        if let Ok(value) = HeaderValue::from_str(text) {
            reply.headers_mut().insert(name, value);
        }
    }
    reply
}

/// `Mon, 06 Jul 2026 01:00:00 GMT` of Korean wall time.
fn date(now: DateTime) -> String {
    let utc = Offset::constant(9).to_timestamp(now).map(|at| Offset::UTC.to_datetime(at)).unwrap_or(now);
    utc.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

/// A body that may end too early.
struct Piece {
    bytes: Option<Bytes>,
    whole: u64,
    is_truncated: bool,
}

impl Body for Piece {
    type Data = Bytes;
    type Error = Broken;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Broken>>> {
        match self.bytes.take().filter(|bytes| !bytes.is_empty()) {
            Some(bytes) => Poll::Ready(Some(Ok(Frame::data(bytes)))),
            None if self.is_truncated => Poll::Ready(Some(Err(Broken))),
            None => Poll::Ready(None),
        }
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(if self.bytes.is_some() { self.whole } else { 0 })
    }
}

/// Accepts a WebSocket.
async fn upgrade(request: &mut Request<Incoming>, ask: &Ask, house: Arc<House>) -> Result<Response<Piece>, Broken> {
    let ((refused, faults), now) = house.with(|world| (world.handshake(ask), world.now()));
    hold(&faults).await?;
    match refused {
        Some(said) => Ok(self::reply(&said, None, now, false)),
        None => Ok(accept(request, ask.connection, house, faults.contains(&Fault::ClosedAtOnce))),
    }
}

fn accept(request: &mut Request<Incoming>, connection: u64, house: Arc<House>, ends: bool) -> Response<Piece> {
    let mut reply = Response::new(Piece { bytes: None, whole: 0, is_truncated: false });
    let path = request.uri().path().to_owned();
    let key = request.headers().get(SEC_WEBSOCKET_KEY).map(|key| derive_accept_key(key.as_bytes()));
    let is_known = matches!(path.as_str(), "/api/dostk/websocket" | "/api/us/websocket");
    let Some(key) = key.and_then(|key| HeaderValue::from_str(&key).ok()).filter(|_| is_known) else {
        *reply.status_mut() = StatusCode::NOT_FOUND;
        return reply;
    };
    let upgraded = hyper::upgrade::on(request);
    tokio::spawn(async move {
        let mut stop = house.stop.clone();
        let talk = async {
            if let Ok(upgraded) = upgraded.await {
                let socket = WebSocketStream::from_raw_socket(TokioIo::new(upgraded), Role::Server, None).await;
                match ends {
                    true => bye(socket).await,
                    false => line(socket, (&path, connection), &house).await,
                }
            }
        };
        tokio::select! {
            () = talk => {}
            _ = stop.changed() => {}
        }
    });
    *reply.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    reply.headers_mut().insert(CONNECTION, HeaderValue::from_static("Upgrade"));
    reply.headers_mut().insert(UPGRADE, HeaderValue::from_static("websocket"));
    reply.headers_mut().insert(SEC_WEBSOCKET_ACCEPT, key);
    reply
}

type Socket = WebSocketStream<TokioIo<hyper::upgrade::Upgraded>>;

/// One line of the WebSocket, until one side ends it.
async fn line(mut socket: Socket, (path, connection): (&str, u64), house: &House) {
    let (send, mut out) = mpsc::unbounded_channel();
    let number = house.with(|world| world.lines.open(path, connection));
    lock(&house.lines).insert(number, send);
    loop {
        tokio::select! {
            heard = socket.next() => match heard {
                Some(Ok(Message::Text(text))) => house.with(|world| world.frame(number, &text)),
                Some(Ok(Message::Close(_)) | Err(_)) | None => break,
                Some(Ok(_)) => {}
            },
            said = out.recv() => match said {
                Some(Out::Text(text)) => {
                    if socket.send(Message::text(text)).await.is_err() {
                        break;
                    }
                }
                Some(Out::Close) | None => {
                    bye(socket).await;
                    break;
                }
                Some(Out::Break) => break,
            },
        }
    }
    lock(&house.lines).remove(&number);
    house.with(|world| world.lines.close(number));
}

/// The normal close of the broker (`BEHAVIOUR.md` W6).
async fn bye(mut socket: Socket) {
    let bye = CloseFrame { code: CloseCode::Normal, reason: "Bye".into() };
    let _ = socket.close(Some(bye)).await;
}
