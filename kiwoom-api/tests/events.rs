//! What a log at the level INFO says of refusals. A binary of its own: it installs the subscriber of its process.
#![cfg(all(feature = "testing", feature = "domestic-stock", feature = "domestic-order"))]

use std::io::Write;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use kiwoom_api::id::ka10001::Request as StockInfo;
use kiwoom_api::order::Order;
use kiwoom_api::testing::Answer;
use kiwoom_api::{Client, Credentials, Retry, Server};

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Log {
    /// The lines since the last look.
    fn lines(&self) -> Vec<String> {
        let text = String::from_utf8(std::mem::take(&mut *self.0.lock().unwrap())).unwrap();
        text.lines().map(str::to_owned).collect()
    }
}

#[tokio::test]
async fn a_refusal_is_told_once_with_its_code() {
    let log = Log::default();
    let writer = log.clone();
    tracing_subscriber::fmt()
        .with_max_level(tracing::level_filters::LevelFilter::INFO)
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .init();

    let client = Client::canned([
        Answer::refusal("ka10001", 2, "[1902: x]"),
        Answer::refusal("kt10000", 20, "[2000](RC4003: x)"),
        Answer::json("ka10001", "{}"),
    ]);
    let info = StockInfo::new("005930");
    client.call(&info).await.unwrap_err();
    let lines = log.lines();
    assert_eq!(lines.len(), 1, "{lines:#?}");
    assert!(
        lines[0].contains(" INFO ") && lines[0].contains("code=1902") && lines[0].contains("ka10001"),
        "{lines:#?}"
    );

    assert!(client.orders().submit(Order::buy("005930").market().qty(1)).await.is_without_effect());
    let lines = log.lines();
    assert_eq!(lines.len(), 1, "{lines:#?}");
    assert!(lines[0].contains(" WARN ") && lines[0].contains("RC4003") && lines[0].contains("kt10000"), "{lines:#?}");

    // success says nothing
    client.call(&info).await.unwrap();
    assert_eq!(log.lines(), Vec::<String>::new());

    // a refusal that is tried again, and one of the token
    let builder = || Client::builder(Server::Mock, Credentials::new("key", "secret"));
    let quick = Retry::default().first_pause(Duration::from_millis(1));
    let quota = Answer::refusal("ka10001", 5, "[1700: x]");
    let client = builder().retry(quick).canned([quota, Answer::json("ka10001", "{}")]).build().unwrap();
    client.call(&info).await.unwrap();
    let lines = log.lines();
    assert_eq!(lines.iter().filter(|line| line.contains("1700")).count(), 1, "{lines:#?}");
    assert!(lines[0].contains(" WARN ") && lines[0].contains("code=1700"), "{lines:#?}");

    let client = builder().canned([Answer::refusal("au10001", 3, "[8001: x]")]).build().unwrap();
    client.call(&info).await.unwrap_err();
    client.call(&info).await.unwrap_err();
    let lines = log.lines();
    assert_eq!(lines.len(), 1, "{lines:#?}");
    assert!(
        lines[0].contains(" WARN ") && lines[0].contains("code=8001") && lines[0].contains("au10001"),
        "{lines:#?}"
    );
}
