//! The scripted server: one step for each request, in the order in which requests arrive.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use kiwoom_api::Server;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

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
        self.json(&format!(
            r#"{{"expires_dt":"20991107083713","token_type":"bearer","token":"{}","return_code":0,"return_msg":"ok"}}"#,
            super::TOKEN
        ))
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

/// A reply as bytes.
pub fn reply(status: &str, headers: &[&str], body: &str) -> Vec<u8> {
    let mut text = format!("HTTP/1.1 {status}\r\nContent-Type: application/json;charset=UTF-8\r\n");
    for header in headers {
        text += &format!("{header}\r\n");
    }
    text += &format!("Content-Length: {}\r\n\r\n{body}", body.len());
    text.into_bytes()
}

/// One request as it came.
#[derive(Clone, Debug)]
pub struct Received {
    /// Which connection it came on, from 0.
    pub connection: usize,
    pub head: String,
    pub body: String,
}

impl Received {
    /// `POST /path HTTP/1.1`
    pub fn line(&self) -> &str {
        self.head.lines().next().unwrap_or_default()
    }

    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().skip(1).find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }
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
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let received = Arc::new(Mutex::new(Vec::new()));
        let (answers, log): (Answers, _) = (Arc::new(Mutex::new(answer)), received.clone());
        let accepting = tokio::spawn(async move {
            let mut connection = 0;
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, connection, answers.clone(), log.clone()));
                connection += 1;
            }
        });
        TestServer { port, received, accepting }
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
    stream.set_nodelay(true).unwrap();
    while let Some((head, body)) = request(&mut stream).await {
        let received = Received { connection, head, body };
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

/// One request, whole; `None` when the client is done.
pub(super) async fn request(stream: &mut TcpStream) -> Option<(String, String)> {
    let mut bytes = Vec::new();
    loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
            let received = Received { connection: 0, head: head.clone(), body: String::new() };
            let length: usize = received.header("content-length").map_or(0, |text| text.parse().unwrap());
            while bytes.len() < end + 4 + length {
                stream.read_buf(&mut bytes).await.ok().filter(|read| *read > 0)?;
            }
            return Some((head, String::from_utf8(bytes[end + 4..end + 4 + length].to_vec()).unwrap()));
        }
        stream.read_buf(&mut bytes).await.ok().filter(|read| *read > 0)?;
    }
}
