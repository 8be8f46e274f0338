//! A WebSocket broker of a few lines on a loopback port, so that the examples of realtime data run without keys.
//!
//! It signs anyone in and accepts every registration. What it pushes, and what it answers to anything else, is a function of the
//! example.
#![allow(dead_code, reason = "no example needs all of it")]

#[path = "../../tests/support/http.rs"]
mod http;

use std::sync::Arc;

use futures_util::{SinkExt, StreamExt};
use http::{Received, bind, listen, reply, token_body};
use kiwoom_api::{Client, Credentials, Error, Limits, Server};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;

/// A client of a broker that says `frames` to each text, and `body` to each call.
pub async fn client(
    frames: impl Fn(&str) -> Vec<String> + Send + Sync + 'static,
    body: impl Fn(&str) -> String + Send + Sync + 'static,
) -> Result<Client, Error> {
    let (sockets, address) = bind().await;
    let frames = Arc::new(frames);
    listen(sockets, move |stream, _| talk(stream, frames.clone()));
    let (calls, http) = bind().await;
    let body = Arc::new(body);
    listen(calls, move |stream, _| answer(stream, body.clone()));
    let server = Server::Sandbox { http: format!("http://{http}"), socket: Some(format!("ws://{address}")) };
    Client::builder(server, Credentials::new("an-app-key", "a-secret-key")).limits(Limits::unlimited()).build()
}

/// A push of one element.
pub fn push(topic: &str, item: &str, values: &str) -> String {
    format!(r#"{{"trnm":"REAL","data":[{{"type":"{topic}","name":"","item":"{item}","values":{{{values}}}}}]}}"#)
}

async fn talk(stream: TcpStream, frames: Arc<impl Fn(&str) -> Vec<String>>) {
    let Ok(mut talk) = tokio_tungstenite::accept_async(stream).await else { return };
    while let Some(Ok(message)) = talk.next().await {
        let Message::Text(text) = message else { continue };
        for known in ["LOGIN", "REG", "REMOVE"] {
            if text.contains(&format!("\"trnm\":\"{known}\"")) {
                let _ =
                    talk.send(Message::text(format!(r#"{{"trnm":"{known}","return_code":0,"return_msg":""}}"#))).await;
            }
        }
        for frame in frames(&text) {
            let _ = talk.send(Message::text(frame)).await;
        }
    }
}

async fn answer(mut stream: TcpStream, body: Arc<impl Fn(&str) -> String>) {
    while let Some(request) = Received::read(&mut stream, 0).await {
        let text = match request.is_about_tokens() {
            true => token_body("a-token"),
            false => body(request.header("api-id").unwrap_or_default()),
        };
        if stream.write_all(&reply("200 OK", &[], &text)).await.is_err() {
            return;
        }
    }
}
