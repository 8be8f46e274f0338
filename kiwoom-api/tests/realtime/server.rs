//! The scripted server: a script for each connection, in the order in which connections come; and a server of tokens.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use futures_util::{SinkExt, StreamExt};
use kiwoom_api::realtime::{Event, Feed, Item, Push};
use kiwoom_api::{Builder, Client, Credentials, Limits, Server};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;

use crate::support::{APP_KEY, SECRET_KEY, Script, TOKEN, TestServer};

/// Nothing on this machine takes longer, unless it never comes.
pub const SOON: Duration = Duration::from_secs(20);

pub struct Socket {
    address: String,
    pub tokens: TestServer,
    came: Arc<Mutex<Vec<Instant>>>,
    accepting: tokio::task::JoinHandle<()>,
}

impl Socket {
    /// Each connection is given to `script` with its number, from 0.
    pub async fn start<F>(script: impl Fn(TcpStream, usize) -> F + Send + 'static) -> Socket
    where
        F: Future<Output = ()> + Send + 'static,
    {
        Socket::beside((0..9).fold(Script::default(), |script, _| script.sign_in()), script).await
    }

    /// The same beside a server of calls that answers so, the first token included.
    pub async fn beside<F>(calls: Script, script: impl Fn(TcpStream, usize) -> F + Send + 'static) -> Socket
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("ws://{}", listener.local_addr().unwrap());
        let came = Arc::new(Mutex::new(Vec::new()));
        let log = came.clone();
        let accepting = tokio::spawn(async move {
            let mut number = 0;
            while let Ok((stream, _)) = listener.accept().await {
                log.lock().unwrap().push(Instant::now());
                tokio::spawn(script(stream, number));
                number += 1;
            }
        });
        let tokens = TestServer::start(calls).await;
        Socket { address, tokens, came, accepting }
    }

    pub fn builder(&self) -> Builder {
        crate::support::log::capture();
        let http = self.tokens.address().http().to_owned();
        let server = Server::Sandbox { http, socket: Some(self.address.clone()) };
        Client::builder(server, Credentials::new(APP_KEY, SECRET_KEY)).limits(Limits::unlimited())
    }

    pub fn client(&self) -> Client {
        self.builder().build().unwrap()
    }

    /// When connections came.
    pub fn came(&self) -> Vec<Instant> {
        self.came.lock().unwrap().clone()
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

/// One connection as the server sees it.
pub struct Talk(WebSocketStream<TcpStream>);

impl Talk {
    pub async fn accept(stream: TcpStream) -> Talk {
        Talk(tokio_tungstenite::accept_async(stream).await.unwrap())
    }

    pub fn over(stream: WebSocketStream<TcpStream>) -> Talk {
        Talk(stream)
    }

    /// A text in many frames.
    pub async fn fragments(&mut self, text: &str) {
        use tokio_tungstenite::tungstenite::protocol::frame::Frame;
        use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};
        let pieces: Vec<&[u8]> = text.as_bytes().chunks(100_000).collect();
        for (at, piece) in pieces.iter().enumerate() {
            let code = OpCode::Data(if at == 0 { Data::Text } else { Data::Continue });
            let frame = Frame::message(piece.to_vec(), code, at + 1 == pieces.len());
            self.frame(Message::Frame(frame)).await;
        }
    }

    /// The same as `accept`, and LOGIN is taken.
    pub async fn welcome(stream: TcpStream) -> Talk {
        let mut talk = Talk::accept(stream).await;
        talk.take_login().await;
        talk
    }

    pub async fn take_login(&mut self) {
        assert_eq!(self.hear().await, format!(r#"{{"trnm":"LOGIN","token":"{TOKEN}"}}"#));
        self.say(r#"{"trnm":"LOGIN","return_code":0,"return_msg":"","sor_yn":"Y"}"#).await;
    }

    /// The next text; what is no text ends the test.
    pub async fn hear(&mut self) -> String {
        match timeout(SOON, self.0.next()).await.expect("a frame in time") {
            Some(Ok(Message::Text(text))) => text.to_string(),
            other => panic!("no text: {other:?}"),
        }
    }

    /// The next text, unless nothing comes for a while.
    pub async fn hear_within(&mut self, time: Duration) -> Option<String> {
        match timeout(time, self.0.next()).await {
            Ok(Some(Ok(Message::Text(text)))) => Some(text.to_string()),
            _ => None,
        }
    }

    /// Until the client says goodbye: with a close frame, or by closing.
    pub async fn end(&mut self) -> Option<CloseFrame> {
        loop {
            match timeout(SOON, self.0.next()).await.expect("an end in time") {
                Some(Ok(Message::Close(close))) => return close,
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return None,
            }
        }
    }

    pub async fn say(&mut self, text: &str) {
        let _ = self.0.send(Message::text(text)).await;
    }

    pub async fn frame(&mut self, message: Message) {
        let _ = self.0.send(message).await;
    }

    /// Answers one registration; gives its text.
    pub async fn take(&mut self) -> String {
        let text = self.hear().await;
        let trnm = if text.contains("REMOVE") { "REMOVE" } else { "REG" };
        self.answer(trnm, 0, "").await;
        text
    }

    pub async fn answer(&mut self, trnm: &str, code: i64, message: &str) {
        self.say(&format!(r#"{{"trnm":"{trnm}","return_code":{code},"return_msg":"{message}"}}"#)).await;
    }

    /// Answers registrations and nothing else, until the client goes.
    pub async fn serve(mut self) {
        while let Some(Ok(message)) = self.0.next().await {
            let Message::Text(text) = message else { continue };
            if text.contains("\"REG\"") {
                self.answer("REG", 0, "").await;
            } else if text.contains("\"REMOVE\"") {
                self.answer("REMOVE", 0, "").await;
            }
        }
    }

    /// Ends it without a word: `reset` throws away what is on its way.
    pub async fn cut(self, reset: bool) {
        let mut stream = self.0.into_inner();
        if reset {
            stream.set_zero_linger().unwrap();
        } else {
            let _ = tokio::io::AsyncWriteExt::shutdown(&mut stream).await;
            // until the other side has read everything
            let mut rest = Vec::new();
            let _ = timeout(SOON, tokio::io::AsyncReadExt::read_to_end(&mut stream, &mut rest)).await;
        }
    }

    /// Bytes that are no frame, or half of one.
    pub async fn bytes(&mut self, bytes: &[u8]) {
        let _ = tokio::io::AsyncWriteExt::write_all(self.0.get_mut(), bytes).await;
    }

    /// Whether everything said so far left this side.
    pub async fn is_said(&mut self) -> bool {
        self.0.flush().await.is_ok()
    }

    /// Stays silent for good.
    pub async fn hang(self) {
        std::future::pending::<()>().await;
    }
}

/// A push of a trade.
pub fn trade(symbol: &str, price: u32) -> String {
    real("0B", symbol, &format!(r#""20":"090001","10":"+{price}","15":"+3","13":"100""#))
}

/// A push of one element.
pub fn real(topic: &str, item: &str, values: &str) -> String {
    format!(r#"{{"trnm":"REAL","data":[{{"type":"{topic}","name":"x","item":"{item}","values":{{{values}}}}}]}}"#)
}

/// The next item, which comes soon.
pub async fn next(feed: &mut Feed) -> Item {
    timeout(SOON, feed.next()).await.expect("an item in time").expect("no end")
}

/// The next push; events before it are passed over.
pub async fn push(feed: &mut Feed) -> Push {
    loop {
        if let Item::Push(push) = next(feed).await {
            return push;
        }
    }
}

/// The next event for which `want` holds; nothing else is looked at.
pub async fn event(feed: &mut Feed, want: impl Fn(&Event) -> bool) -> Event {
    loop {
        match next(feed).await {
            Item::Event(event) if want(&event) => return event,
            _ => {}
        }
    }
}
