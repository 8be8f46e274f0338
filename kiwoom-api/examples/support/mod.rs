//! A broker of a few lines on a loopback port, so that the examples run without keys and without a network.
//!
//! It signs anyone in and answers each request with what a function makes of it: a typed reply, written by the crate's own
//! encoder as the broker would write it.
#![allow(dead_code, reason = "no example needs all of it")]

#[path = "../../tests/support/http.rs"]
mod http;

use std::sync::Arc;

use http::{Received, bind, listen, reply, token_body};
use kiwoom_api::record::Record;
use kiwoom_api::to_json;
use kiwoom_api::{Client, Credentials, Error, Limits, Server};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

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
    let (listener, address) = bind().await;
    let answer = Arc::new(answer);
    listen(listener, move |stream, _| serve(stream, answer.clone()));
    Client::builder(Server::sandbox(format!("http://{address}")), Credentials::new("an-app-key", "a-secret-key"))
        .limits(limits)
        .build()
}

/// One connection, request by request, until it is closed.
async fn serve(mut stream: TcpStream, answer: Arc<impl Fn(&Asked) -> Answer>) {
    while let Some(request) = Received::read(&mut stream, 0).await {
        let said = if request.is_about_tokens() {
            Answer { body: token_body("a-token"), next_key: None }
        } else {
            answer(&Asked {
                api: request.header("api-id").unwrap_or_default().to_owned(),
                next_key: request.header("next-key").map(str::to_owned),
                body: serde_json::from_str(&request.body).unwrap_or_default(),
            })
        };
        if said.body.is_empty() {
            return;
        }
        let key = said.next_key.map(|key| format!("next-key: {key}"));
        let paging: Vec<&str> = key.iter().flat_map(|key| ["cont-yn: Y", key]).collect();
        if stream.write_all(&reply("200 OK", &paging, &said.body)).await.is_err() {
            return;
        }
    }
}
