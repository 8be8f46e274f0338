//! The WebSocket without a client of ours.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use kiwoom_sim::Sim;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::{self, Message};
use tokio_tungstenite::{WebSocketStream, client_async};

pub const SOON: Duration = Duration::from_secs(10);

/// The line of a client that is not ours.
pub struct Talk(pub WebSocketStream<TcpStream>);

impl Talk {
    /// A line that has not logged in.
    pub async fn connect(sim: &Sim, path: &str) -> Result<Talk, tungstenite::Error> {
        let stream = TcpStream::connect(sim.socket_url().replace("ws://", "")).await?;
        Ok(Talk(client_async(format!("{}{path}", sim.socket_url()), stream).await?.0))
    }

    pub async fn open(sim: &Sim, path: &str, token: &str) -> Talk {
        let mut talk = Talk::connect(sim, path).await.unwrap();
        let said = talk.ask(json!({ "trnm": "LOGIN", "token": token })).await;
        assert_eq!(said["return_code"], 0, "{said}");
        talk
    }

    pub async fn say(&mut self, frame: Value) {
        self.0.send(Message::text(frame.to_string())).await.unwrap();
    }

    /// The next frame; `None` when the line has ended.
    pub async fn hear(&mut self) -> Option<Value> {
        loop {
            match timeout(SOON, self.0.next()).await.expect("a frame in time")? {
                Ok(Message::Text(text)) => return Some(serde_json::from_str(&text).unwrap()),
                Ok(Message::Close(_)) | Err(_) => return None,
                Ok(_) => {}
            }
        }
    }

    pub async fn ask(&mut self, frame: Value) -> Value {
        self.say(frame).await;
        self.hear().await.expect("an answer")
    }

    /// The next frame that is no ping; pings are echoed.
    pub async fn hear_echoing(&mut self) -> Option<Value> {
        loop {
            let frame = self.hear().await?;
            if frame["trnm"] != "PING" {
                return Some(frame);
            }
            self.say(frame).await;
        }
    }

    /// How the line ended: the code and the reason of its close, if it had one.
    pub async fn end(&mut self) -> Option<(u16, String)> {
        loop {
            match timeout(SOON, self.0.next()).await.expect("an end in time")? {
                Ok(Message::Close(frame)) => return frame.map(|frame| (frame.code.into(), frame.reason.to_string())),
                Err(_) => return None,
                Ok(_) => {}
            }
        }
    }

    /// Nothing comes for a moment.
    pub async fn is_quiet(&mut self) -> bool {
        timeout(Duration::from_millis(100), self.0.next()).await.is_err()
    }
}

pub const KOREA: &str = "/api/dostk/websocket";
pub const US: &str = "/api/us/websocket";

/// A registration of domestic items.
pub fn reg(topics: &[&str], items: &[String]) -> Value {
    json!({ "trnm": "REG", "grp_no": "1", "refresh": "1", "data": [{ "item": items, "type": topics }] })
}
