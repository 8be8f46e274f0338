//! A broker of a few lines on a loopback port, so that the examples run without keys and without a network.
//!
//! It signs anyone in and answers each request with what a function makes of it: a typed reply, written by the crate's own
//! encoder as the broker would write it.
#![allow(dead_code, reason = "no example needs all of it")]

use std::collections::HashMap;
use std::sync::Arc;

use kiwoom_api::record::Record;
use kiwoom_api::to_json;
use kiwoom_api::{Client, Credentials, Error, Limits, Server};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// A request as the broker sees it.
pub struct Asked {
    /// The API id.
    pub api: String,
    /// The page that is asked for, if not the first.
    pub next_key: Option<String>,
    /// The body.
    pub body: serde_json::Value,
}

impl Asked {
    /// A field of the body.
    pub fn field(&self, key: &str) -> &str {
        self.body[key].as_str().unwrap_or_default()
    }
}

/// What the broker says.
#[derive(Clone)]
pub struct Answer {
    body: String,
    next_key: Option<String>,
}

impl Answer {
    /// This reply, and nothing after it.
    pub fn last(reply: &(impl Record + Clone)) -> Answer {
        let body = to_json(reply).expect("every code of the reply is one of its field");
        let envelope = r#","return_code":0,"return_msg":"정상적으로 처리되었습니다"}"#;
        Answer { body: body.trim_end_matches('}').to_owned() + envelope, next_key: None }
    }

    /// No, and why.
    pub fn refused(return_code: i64, return_msg: &str) -> Answer {
        let body = serde_json::json!({"return_code": return_code, "return_msg": return_msg});
        Answer { body: body.to_string(), next_key: None }
    }

    /// A refusal of this class.
    pub fn refusal(return_code: i64, message: &str) -> Answer {
        Answer { body: format!(r#"{{"return_code":{return_code},"return_msg":"{message}"}}"#), next_key: None }
    }

    /// What stands before the broker now and then, in the place of a reply.
    pub fn web_page() -> Answer {
        Answer { body: "<html></html>".into(), next_key: None }
    }

    /// Nothing: the connection breaks before the reply.
    pub fn lost() -> Answer {
        Answer { body: String::new(), next_key: None }
    }

    /// This reply; more rows follow at `next_key`.
    pub fn more(reply: &(impl Record + Clone), next_key: &str) -> Answer {
        Answer { next_key: Some(next_key.to_owned()), ..Answer::last(reply) }
    }
}

/// A client of a broker that answers so.
pub async fn client(answer: impl Fn(&Asked) -> Answer + Send + Sync + 'static) -> Result<Client, Error> {
    limited(answer, Limits::unlimited()).await
}

/// The same client, within limits.
pub async fn limited(
    answer: impl Fn(&Asked) -> Answer + Send + Sync + 'static,
    limits: Limits,
) -> Result<Client, Error> {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("a bound port");
    let answer = Arc::new(answer);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(stream, answer.clone()));
        }
    });
    Client::builder(Server::sandbox(format!("http://{address}")), Credentials::new("an-app-key", "a-secret-key"))
        .limits(limits)
        .build()
}

/// One connection, request by request, until it is closed.
async fn serve(stream: TcpStream, answer: Arc<impl Fn(&Asked) -> Answer>) -> Option<()> {
    let mut stream = BufReader::new(stream);
    loop {
        let (path, headers, body) = request(&mut stream).await?;
        let reply = match path.as_str() {
            "/oauth2/token" => Answer {
                body: r#"{"token_type":"bearer","token":"a-token","expires_dt":"20991231235959","return_code":0}"#
                    .into(),
                next_key: None,
            },
            _ => answer(&Asked {
                api: headers.get("api-id")?.clone(),
                next_key: headers.get("next-key").cloned(),
                body: serde_json::from_slice(&body).ok()?,
            }),
        };
        if reply.body.is_empty() {
            return None;
        }
        let paging = reply.next_key.map_or_else(String::new, |key| format!("cont-yn: Y\r\nnext-key: {key}\r\n"));
        let head = format!("HTTP/1.1 200 OK\r\n{paging}content-length: {}\r\n\r\n", reply.body.len());
        stream.write_all((head + &reply.body).as_bytes()).await.ok()?;
    }
}

type Request = (String, HashMap<String, String>, Vec<u8>);

async fn request(stream: &mut BufReader<TcpStream>) -> Option<Request> {
    let path = line(stream).await?.split(' ').nth(1)?.to_owned();
    let mut headers = HashMap::new();
    while let Some((key, value)) = line(stream).await?.split_once(": ") {
        headers.insert(key.to_ascii_lowercase(), value.to_owned());
    }
    let mut body = vec![0; headers.get("content-length")?.parse().ok()?];
    stream.read_exact(&mut body).await.ok()?;
    Some((path, headers, body))
}

async fn line(stream: &mut BufReader<TcpStream>) -> Option<String> {
    let mut line = String::new();
    (stream.read_line(&mut line).await.ok()? > 0).then(|| line.trim_end().to_owned())
}
