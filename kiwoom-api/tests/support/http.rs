//! HTTP/1.1 for every server of tests and examples: a listener, requests in, replies out, a task for each connection.
//!
//! Each server decides what it does with a request. Examples include this file by its path, so it uses no other module.
#![allow(dead_code, reason = "each server uses its part")]

use std::net::SocketAddr;

use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// One request as it came.
#[derive(Clone, Debug)]
pub struct Received {
    /// Which connection it came on, from 0.
    pub connection: usize,
    pub head: String,
    pub body: String,
}

impl Received {
    /// The next request of a connection, whole; `None` when the client is done.
    pub async fn read(stream: &mut (impl AsyncRead + Unpin), connection: usize) -> Option<Received> {
        let (head, body) = request(stream).await?;
        let [head, body] = [head, body].map(|bytes| String::from_utf8(bytes).unwrap());
        Some(Received { connection, head, body })
    }

    /// `POST /path HTTP/1.1`
    pub fn line(&self) -> &str {
        self.head.lines().next().unwrap_or_default()
    }

    /// It asks for a token, or gives one back.
    pub fn is_about_tokens(&self) -> bool {
        self.line().contains("/oauth2/")
    }

    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        header(&self.head, name)
    }
}

fn header<'h>(head: &'h str, name: &str) -> Option<&'h str> {
    head.lines().skip(1).find_map(|line| {
        let (key, value) = line.split_once(':')?;
        key.eq_ignore_ascii_case(name).then(|| value.trim())
    })
}

/// Head and body of the next request, byte for byte; `None` when the client is done.
pub async fn request(stream: &mut (impl AsyncRead + Unpin)) -> Option<(Vec<u8>, Vec<u8>)> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break end;
        }
        stream.read_buf(&mut bytes).await.ok().filter(|read| *read > 0)?;
    };
    let head = String::from_utf8_lossy(&bytes[..end]);
    let length: usize = header(&head, "content-length").map_or(0, |text| text.parse().unwrap());
    while bytes.len() < end + 4 + length {
        stream.read_buf(&mut bytes).await.ok().filter(|read| *read > 0)?;
    }
    Some((bytes[..end].to_vec(), bytes[end + 4..end + 4 + length].to_vec()))
}

/// A reply with a matching `content-length`, as bytes.
pub fn reply(status: &str, headers: &[&str], body: &str) -> Vec<u8> {
    let mut text = format!("HTTP/1.1 {status}\r\nContent-Type: application/json;charset=UTF-8\r\n");
    for header in headers {
        text += &format!("{header}\r\n");
    }
    text += &format!("Content-Length: {}\r\n\r\n{body}", body.len());
    text.into_bytes()
}

/// The body of a reply that issues this token.
pub fn token_body(token: &str) -> String {
    format!(
        r#"{{"expires_dt":"20991107083713","token_type":"bearer","token":"{token}","return_code":0,"return_msg":"ok"}}"#
    )
}

/// A port of this machine that was free.
pub async fn bind() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    (listener, address)
}

/// Serves each connection in a task, with its number; accepts none after it is aborted.
pub fn listen<S, F>(listener: TcpListener, serve: S) -> JoinHandle<()>
where
    S: Fn(TcpStream, usize) -> F + Send + 'static,
    F: Future<Output = ()> + Send + 'static,
{
    tokio::spawn(async move {
        let mut connection = 0;
        while let Ok((stream, _)) = listener.accept().await {
            let _ = stream.set_nodelay(true);
            tokio::spawn(serve(stream, connection));
            connection += 1;
        }
    })
}

/// The same on a thread of its own, which goes on while no runtime of the client runs.
pub fn listen_on_a_thread<S, F>(serve: S) -> SocketAddr
where
    S: Fn(TcpStream, usize) -> F + Send + 'static,
    F: Future<Output = ()> + Send + 'static,
{
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let (listener, address) = runtime.block_on(bind());
    std::thread::spawn(move || runtime.block_on(async { listen(listener, serve).await }));
    address
}
