//! The scripted server: one step for each request, in the order in which requests arrive.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use kiwoom_api::Server;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use super::http::{self, Received, reply, token_body};

/// What the server does with one request, after it has read it whole.
#[derive(Clone)]
pub enum Step {
    /// Writes these bytes and keeps the connection.
    Write(Vec<u8>),
    /// Writes these bytes and closes the connection.
    WriteAndClose(Vec<u8>),
    /// Writes these bytes, waits, and closes.
    WriteAndHang(Vec<u8>, Duration),
    /// Writes these bytes, waits, and writes the rest.
    WriteInTwo(Vec<u8>, Duration, Vec<u8>),
    /// Resets the connection.
    Reset,
    /// Closes the connection without a word.
    Close,
}

/// What the server answers.
#[derive(Default)]
pub struct Script(VecDeque<Step>);

impl Script {
    /// An answer to a token request first.
    pub fn signed_in() -> Script {
        Script::default().sign_in()
    }

    /// An answer to a token request.
    pub fn sign_in(self) -> Script {
        self.json(&token_body(super::TOKEN))
    }

    pub fn step(mut self, step: Step) -> Script {
        self.0.push_back(step);
        self
    }

    /// HTTP 200 with this JSON.
    pub fn json(self, body: &str) -> Script {
        self.reply("200 OK", &[], body)
    }

    /// A page of bars with these quantities; more follow at `next`.
    pub fn page(self, quantities: &[&str], next: Option<&str>) -> Script {
        let key = next.map(|next| format!("next-key: {next}"));
        let headers = key.as_ref().map_or(vec!["cont-yn: N"], |key| vec!["cont-yn: Y", key]);
        self.reply("200 OK", &headers, &bars(quantities))
    }

    /// Any reply with a matching `content-length`.
    pub fn reply(self, status: &str, headers: &[&str], body: &str) -> Script {
        self.step(Step::Write(reply(status, headers, body)))
    }
}

/// A page of bars with these quantities, as JSON.
pub fn bars(quantities: &[&str]) -> String {
    let rows: Vec<_> = quantities.iter().map(|quantity| format!(r#"{{"trde_qty":"{quantity}"}}"#)).collect();
    format!(r#"{{"stk_cd":"005930","stk_dt_pole_chart_qry":[{}],"return_code":0,"return_msg":""}}"#, rows.join(","))
}

pub struct TestServer {
    port: u16,
    received: Arc<Mutex<Vec<Received>>>,
    accepting: tokio::task::JoinHandle<()>,
}

/// What becomes of a request.
type Answers = Arc<Mutex<dyn FnMut(&Received) -> Step + Send>>;

impl TestServer {
    pub async fn start(script: Script) -> TestServer {
        let mut steps = script.0;
        let over = || Step::Write(reply("599 Script is over", &[], ""));
        TestServer::answering(move |_| steps.pop_front().unwrap_or_else(over)).await
    }

    /// A server that looks at each request; one at a time.
    pub async fn answering(answer: impl FnMut(&Received) -> Step + Send + 'static) -> TestServer {
        let (listener, address) = http::bind().await;
        let received = Arc::new(Mutex::new(Vec::new()));
        let (answers, log): (Answers, _) = (Arc::new(Mutex::new(answer)), received.clone());
        let serve = move |stream, connection| serve(stream, connection, answers.clone(), log.clone());
        TestServer { port: address.port(), received, accepting: http::listen(listener, serve) }
    }

    pub fn address(&self) -> Server {
        Server::sandbox(format!("http://127.0.0.1:{}", self.port))
    }

    /// Refuses connections from now on.
    pub async fn stop(&mut self) {
        self.accepting.abort();
        let _ = (&mut self.accepting).await;
    }

    /// All requests so far; a moment is given to those that should not come.
    pub async fn received(&self) -> Vec<Received> {
        tokio::time::sleep(Duration::from_millis(30)).await;
        self.received.lock().unwrap().clone()
    }
}

async fn serve(mut stream: TcpStream, connection: usize, answers: Answers, log: Arc<Mutex<Vec<Received>>>) {
    while let Some(received) = Received::read(&mut stream, connection).await {
        log.lock().unwrap().push(received.clone());
        let step = (answers.lock().unwrap())(&received);
        match step {
            Step::Write(bytes) => stream.write_all(&bytes).await.unwrap(),
            Step::WriteAndClose(bytes) => {
                stream.write_all(&bytes).await.unwrap();
                return;
            }
            Step::WriteAndHang(bytes, wait) => {
                let _ = stream.write_all(&bytes).await;
                tokio::time::sleep(wait).await;
                return;
            }
            Step::WriteInTwo(head, wait, tail) => {
                let _ = stream.write_all(&head).await;
                tokio::time::sleep(wait).await;
                let _ = stream.write_all(&tail).await;
            }
            Step::Reset => {
                stream.set_zero_linger().unwrap();
                return;
            }
            Step::Close => return,
        }
    }
}
