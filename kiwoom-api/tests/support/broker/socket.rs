//! The broker's WebSocket: it takes logins and registrations, and what it pushes gets lost, comes twice or late, on a line
//! that breaks.

use std::sync::{Arc, Mutex};

use fastrand::Rng;
use futures_util::{SinkExt, StreamExt};
use tokio::net::TcpStream;
use tokio::sync::broadcast;
use tokio_tungstenite::tungstenite::Message;

use super::Book;

/// What became of the pushes.
#[derive(Clone, Copy, Debug, Default)]
pub struct LineTally {
    pub pushed: usize,
    pub lost: usize,
    pub doubled: usize,
    pub late: usize,
    pub cuts: usize,
}

impl LineTally {
    pub fn add(&mut self, other: LineTally) {
        self.pushed += other.pushed;
        self.lost += other.lost;
        self.doubled += other.doubled;
        self.late += other.late;
        self.cuts += other.cuts;
    }
}

/// The way of a push to all connections.
pub struct Line {
    sender: broadcast::Sender<Said>,
    rng: Rng,
    /// Whether it loses, doubles, delays and breaks.
    pub is_bad: bool,
    /// Whether nothing is pushed.
    pub is_silent: bool,
    late: Vec<String>,
    pub tally: LineTally,
}

#[derive(Clone)]
enum Said {
    Text(String),
    Ping,
    /// The connection ends: with a close frame, or with a reset.
    Cut {
        reset: bool,
    },
}

impl Line {
    pub fn new(seed: u64) -> Line {
        let rng = Rng::with_seed(seed ^ 0x50c_4e7);
        let (sender, late, tally) = (broadcast::channel(4_096).0, Vec::new(), LineTally::default());
        Line { sender, rng, is_bad: false, is_silent: false, late, tally }
    }

    pub fn push(&mut self, text: String) {
        self.tally.pushed += 1;
        if self.is_silent {
            return;
        }
        match self.rng.u8(0..24) {
            _ if !self.is_bad => self.say(Said::Text(text)),
            0..=2 => self.tally.lost += 1,
            3..=5 => {
                self.tally.doubled += 1;
                self.say(Said::Text(text.clone()));
                self.say(Said::Text(text));
            }
            6..=8 => {
                self.tally.late += 1;
                self.late.push(text);
            }
            9 => {
                self.cut();
                self.say(Said::Text(text));
            }
            10 => {
                self.say(Said::Text(text));
                self.cut();
            }
            _ => self.say(Said::Text(text)),
        }
        if !self.late.is_empty() && (!self.is_bad || self.rng.bool()) {
            let at = self.rng.usize(..self.late.len());
            let late = self.late.swap_remove(at);
            self.say(Said::Text(late));
        }
    }

    /// Ends all connections; what is late goes with them.
    pub fn cut(&mut self) {
        self.tally.cuts += 1;
        self.late.clear();
        let reset = self.rng.bool();
        self.say(Said::Cut { reset });
    }

    pub fn ping(&self) {
        self.say(Said::Ping);
    }

    fn say(&self, said: Said) {
        // nobody may be there
        let _ = self.sender.send(said);
    }
}

/// One connection.
pub async fn serve(stream: TcpStream, book: Arc<Mutex<Book>>) {
    let Ok(mut socket) = tokio_tungstenite::accept_async(stream).await else { return };
    let mut line = book.lock().unwrap().line.sender.subscribe();
    let mut registered = false;
    loop {
        tokio::select! {
            message = socket.next() => {
                let Some(Ok(message)) = message else { return };
                let Message::Text(text) = message else { continue };
                let trnm = ["LOGIN", "REG", "REMOVE"].into_iter().find(|trnm| text.contains(&format!("\"{trnm}\"")));
                registered |= trnm == Some("REG");
                if let Some(trnm) = trnm {
                    let said = format!(r#"{{"trnm":"{trnm}","return_code":0,"return_msg":""}}"#);
                    let _ = socket.send(Message::text(said)).await;
                }
            }
            said = line.recv() => match said {
                Ok(Said::Text(text)) if registered => {
                    let _ = socket.send(Message::text(text)).await;
                }
                Ok(Said::Ping) => {
                    let _ = socket.send(Message::text(r#"{"trnm":"PING"}"#)).await;
                }
                Ok(Said::Cut { reset: false }) => {
                    let _ = socket.close(None).await;
                    return;
                }
                Ok(Said::Cut { reset: true }) => {
                    let _ = socket.into_inner().set_zero_linger();
                    return;
                }
                Ok(Said::Text(_)) | Err(broadcast::error::RecvError::Lagged(_)) => {}
                Err(broadcast::error::RecvError::Closed) => return,
            },
        }
    }
}
