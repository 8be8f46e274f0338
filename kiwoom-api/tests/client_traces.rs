//! What a call tells `tracing`: one span with its figures, its bodies only at the finest level, and those masked.
//!
//! A separate binary: `tracing` remembers for the whole process whether there is a subscriber, so other tests would
//! affect what these see.

mod support;

use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use kiwoom_api::Retry;
use support::{ACCOUNT, Bars, Order, Script, Step, TestServer};
use tracing::level_filters::LevelFilter;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::fmt::format::FmtSpan;

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Lines {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }

    /// The line in which the span of this API closes.
    fn closed(&self, api: &str) -> String {
        let text = self.text();
        let line = text.lines().find(|line| line.contains("close") && line.contains(api));
        line.unwrap_or_else(|| panic!("no span of {api} closed: {text}")).to_owned()
    }
}

impl io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Lines {
    type Writer = Lines;
    fn make_writer(&'a self) -> Lines {
        self.clone()
    }
}

/// A read that succeeds at the second attempt, then an order that is refused for its quota.
async fn traced(level: LevelFilter) -> Lines {
    let lines = Lines::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(level)
        .with_span_events(FmtSpan::CLOSE)
        .with_ansi(false)
        .with_writer(lines.clone())
        .finish();
    // for this thread, on which the runtime of the test runs
    let guard = tracing::subscriber::set_default(subscriber);
    let page = format!(r#"{{"stk_cd":"{ACCOUNT}","stk_dt_pole_chart_qry":[{{"trde_qty":"1"}},{{}}],"return_code":0}}"#);
    let quota = r#"{"return_code":5,"return_msg":"[1700:초과. 유량=5, API ID=kt10000]"}"#;
    let server = TestServer::start(Script::signed_in().step(Step::Reset).json(&page).json(quota)).await;
    let quick = Retry::default().first_pause(Duration::from_millis(4));
    let client = support::builder(&server).retry(quick).build().unwrap();
    client.call(&Bars::new("005930")).await.unwrap();
    assert!(client.call(&Order::buy("005930", 10)).await.is_unknown());
    drop(guard);
    lines
}

#[tokio::test]
async fn a_span_has_the_figures_of_its_call() {
    let lines = traced(LevelFilter::DEBUG).await;
    let read = lines.closed("ka10081");
    for figure in ["effect=Read", "attempts=2", "waited_ms=", "status=200", "rows=2"] {
        assert!(read.contains(figure), "{figure}: {read}");
    }
    let order = lines.closed("kt10000");
    for figure in ["effect=Trade", "attempts=1", "rc=5", "code=1700"] {
        assert!(order.contains(figure), "{figure}: {order}");
    }
    let text = lines.text();
    assert!(text.contains("trying again") && text.contains("too many requests"), "{text}");
    assert!(!text.contains("kiwoom_api::body"), "bodies are for TRACE: {text}");
    support::assert_clean(&text);
}

#[tokio::test]
async fn bodies_are_masked() {
    let text = traced(LevelFilter::TRACE).await.text();
    assert!(text.contains("request=") && text.contains("reply="), "{text}");
    assert!(text.contains(r#"stk_cd: "***""#), "{text}");
    support::assert_clean(&text);
}
