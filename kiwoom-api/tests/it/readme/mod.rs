//! The examples of README.md and of the crate's front page run, against brokers on loopback.
//!
//! Each program here is a block of those documents, word for word; only where its client comes from and where its journal
//! lies are changed. `README_PROGRAMS=overwrite` writes them anew. README.ko.md has the same code: a test of `codegen` says so.
#![cfg(feature = "full")]

mod programs {
    #![allow(unused_imports, unused_variables, unreachable_pub, reason = "as a reader copies it")]
    #[rustfmt::skip]
    pub mod bars;
    #[rustfmt::skip]
    pub mod front;
    #[cfg(feature = "realtime")]
    #[rustfmt::skip]
    pub mod feed;
    #[cfg(feature = "realtime")]
    #[rustfmt::skip]
    pub mod live;
    #[rustfmt::skip]
    pub mod order;
    #[rustfmt::skip]
    pub mod recover;
    #[rustfmt::skip]
    pub mod stop;
    #[cfg(feature = "blocking")]
    #[rustfmt::skip]
    pub mod wait;
}

#[cfg(feature = "realtime")]
#[allow(clippy::duplicate_mod, reason = "the broker brings its own HTTP, as it does for the examples")]
#[path = "../../support/exchange.rs"]
mod exchange;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use kiwoom_api::codes::OrderVenue;
use kiwoom_api::order::{Journal, Order};
use kiwoom_api::{Client, Error, ManualClock, Outcome};

use crate::support::{self, Broker, Fault, Received, Step, TestServer, reply, token_body};

/// The blocks of README.md that are programs, in their order. The one about tables is a doctest that asserts.
const README: [&str; 7] = ["bars", "order", "recover", "stop", "feed", "live", "wait"];
/// The blocks of the crate's front page.
const FRONT: [&str; 1] = ["front"];

/// The blocks of Rust in a text of Markdown that are compiled but not run by rustdoc.
fn blocks(markdown: &str) -> Vec<String> {
    let parts = markdown.split("```rust,no_run\n").chain(markdown.split("```no_run\n").skip(1));
    parts.skip(1).filter_map(|rest| Some(rest.split_once("```")?.0.to_owned())).collect()
}

/// The block as a module of this test.
fn program(block: &str) -> String {
    let shown = |line: &str| line.strip_prefix("# ").unwrap_or(if line == "#" { "" } else { line }).to_owned() + "\n";
    block
        .lines()
        .map(shown)
        .collect::<String>()
        .replace("async fn example(", "pub async fn example(")
        .replace("\nfn example(", "\npub fn example(")
        .replace("Client::new(Server::Mock, Credentials::from_env()?)?", "crate::readme::client().await?")
        .replace("\"orders.log\"", "crate::readme::journal_file()")
}

#[test]
fn the_programs_are_those_of_the_documents() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |file: &str| std::fs::read_to_string(root.join(file)).expect(file);
    let front: String = read("src/lib.rs")
        .lines()
        .filter_map(|line| line.strip_prefix("//!"))
        .fold(String::new(), |text, line| text + line.strip_prefix(' ').unwrap_or(line) + "\n");
    for (document, text, names) in [("README.md", read("README.md"), &README[..]), ("lib.rs", front, &FRONT[..])] {
        let blocks = blocks(&text);
        assert_eq!(
            blocks.len(),
            names.len(),
            "{document}: each block is a program of this test, and the other way round"
        );
        for (block, name) in blocks.iter().zip(names) {
            let path = root.join(format!("tests/it/readme/programs/{name}.rs"));
            if std::env::var_os("README_PROGRAMS").is_some_and(|word| word == "overwrite") {
                std::fs::write(&path, program(block)).expect("a program");
            }
            let ours = std::fs::read_to_string(&path).expect(name);
            assert_eq!(
                ours,
                program(block),
                "{document} differs from {name}: README_PROGRAMS=overwrite brings it over"
            );
        }
    }
}

#[test]
fn a_changed_document_is_noticed() {
    let text = "# x\n```rust,no_run\n# async fn example(client: Client) {\na();\n# }\n```\n```toml\nb\n```\n";
    let [block] = &blocks(text)[..] else { panic!("one block") };
    assert_eq!(program(block), "pub async fn example(client: Client) {\na();\n}\n");
    assert_ne!(program(block), program(&block.replace('a', "b")));
}

/// A broker that knows charts and a ranking, and takes no request that lacks what it needs.
async fn server() -> TestServer {
    TestServer::answering(|request| Step::Write(reply("200 OK", &[], &answer(request)))).await
}

fn answer(request: &Received) -> String {
    let asked: serde_json::Value = serde_json::from_str(&request.body).unwrap_or_default();
    let sent = |keys: &[&str]| keys.iter().all(|key| asked[*key].as_str().is_some_and(|text| !text.is_empty()));
    match request.header("api-id") {
        _ if request.is_about_tokens() => token_body(support::TOKEN),
        Some("ka10081") if sent(&["stk_cd", "base_dt", "upd_stkpc_tp"]) => {
            r#"{"stk_cd":"005930","stk_dt_pole_chart_qry":[
                {"dt":"20260703","cur_prc":"-70100","trde_qty":"12"},
                {"dt":"20240703","cur_prc":"+69000","trde_qty":"10"},
                {"dt":"20240702","cur_prc":"","trde_qty":""}],"return_code":0,"return_msg":""}"#
                .into()
        }
        Some("ka10024") if sent(&["mrkt_tp", "cycle_tp", "trde_qty_tp", "stex_tp"]) => {
            r#"{"trde_qty_updt":[{"stk_cd":"005930","stk_nm":"삼성전자","cur_prc":"-70100"}],"return_code":0,"return_msg":""}"#
                .into()
        }
        api => format!(r#"{{"return_code":2,"return_msg":"[1511:필수 입력 파라미터가 없습니다, {api:?}]"}}"#),
    }
}

/// The client of a program that makes its own.
pub async fn client() -> Result<Client, Error> {
    Ok(support::client(&server().await))
}

/// The journal of a program that has one.
pub fn journal_file() -> PathBuf {
    JOURNAL.with_borrow(PathBuf::clone)
}

thread_local! {
    /// Each test has a thread of its own, and its program runs there.
    static JOURNAL: std::cell::RefCell<PathBuf> = std::cell::RefCell::default();
}

/// Monday, ten in the morning in Korea.
fn desk() -> ManualClock {
    ManualClock::at("2026-07-06T01:00:00Z".parse::<Timestamp>().unwrap())
}

fn trader(broker: &Broker, clock: &ManualClock) -> Client {
    let keys = kiwoom_api::Credentials::new(support::APP_KEY, support::SECRET_KEY);
    let builder = Client::builder(broker.server(), keys).clock(clock.clock());
    builder.limits(kiwoom_api::Limits::unlimited()).retry(kiwoom_api::Retry::none()).build().unwrap()
}

#[tokio::test]
async fn the_front_page_runs() {
    programs::front::example().await.expect("the front page");
}

#[tokio::test]
async fn bars_run() {
    programs::bars::example().await.expect("two years of bars");
}

#[tokio::test]
async fn an_order_runs() {
    let broker = Broker::start(desk(), 1).await;
    programs::order::example(trader(&broker, &desk())).await;
    let [order] = &broker.orders()[..] else { panic!("one order") };
    assert_eq!(
        (order.api.as_str(), order.symbol.as_str(), order.price, order.quantity),
        ("kt10000", "005930", 70_100, 10)
    );
}

#[tokio::test]
async fn recovery_runs() {
    let (ours, theirs) = (desk(), desk());
    let broker = Arc::new(Broker::start(theirs.clone(), 1).await);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("orders.log");
    JOURNAL.set(path.clone());
    {
        // the reply to an order is lost, and the program ends
        let client = trader(&broker, &ours);
        client.sign_in().await.unwrap();
        let orders = client.orders().default_venue(OrderVenue::Krx).timeout(Duration::from_millis(400));
        let orders = orders.journal(&path).await.unwrap();
        broker.misbehave(Fault::TimeoutAfter, 1.0);
        let outcome = orders.submit(Order::buy("005930").limit(70_100).qty(10)).await;
        broker.heal();
        assert!(outcome.is_unknown(), "{outcome:?}");
    }
    let client = trader(&broker, &ours);
    let pump = tokio::spawn(support::pump_both(ours.clone(), broker.clone(), theirs));
    programs::recover::example(client.clone()).await.expect("lists of orders");
    pump.abort();
    let journal = Journal::open(&path, &client).await.unwrap();
    assert!(journal.unsettled().is_empty(), "found, and noted");
    assert_eq!(broker.orders().len(), 1, "nothing is sent again");
}

#[tokio::test]
async fn the_panic_button_runs() {
    let clock = desk();
    let broker = Broker::start(clock.clone(), 1).await;
    let client = trader(&broker, &clock);
    let order = Order::buy("005930").limit(70_100).qty(10).venue(OrderVenue::Krx);
    let outcome = client.orders().submit(order).await;
    assert!(matches!(outcome, Outcome::Accepted(_)), "{outcome:?}");
    programs::stop::example(client.clone()).await;
    assert_eq!(broker.requests("kt10003"), 1);
    assert!(broker.orders().iter().all(|order| order.remaining == 0), "{:?}", broker.orders());
    assert!(client.kill_switch().is_engaged());
}

#[cfg(feature = "realtime")]
#[tokio::test]
async fn realtime_data_runs() {
    use futures_util::{SinkExt, StreamExt};
    use tokio_tungstenite::tungstenite::Message;

    let tokens = TestServer::answering(|_| Step::Write(reply("200 OK", &[], &token_body(support::TOKEN)))).await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let socket = Some(format!("ws://{}", listener.local_addr().unwrap()));
    let server = kiwoom_api::Server::Sandbox { http: tokens.address().http().to_owned(), socket };
    let keys = kiwoom_api::Credentials::new(support::APP_KEY, support::SECRET_KEY);
    let client = Client::builder(server, keys).limits(kiwoom_api::Limits::unlimited()).build().unwrap();
    let reader = tokio::spawn(async move { programs::feed::example(client).await });

    let (stream, _) = listener.accept().await.unwrap();
    let mut stream = tokio_tungstenite::accept_async(stream).await.unwrap();
    let mut registered = Vec::new();
    while registered.len() < 2 {
        let Message::Text(text) = stream.next().await.unwrap().unwrap() else { continue };
        let asked: serde_json::Value = serde_json::from_str(&text).unwrap();
        let trnm = asked["trnm"].as_str().unwrap();
        if trnm == "REG" {
            registered.push(asked["data"].to_string());
        }
        let done = format!(r#"{{"trnm":"{trnm}","return_code":0,"return_msg":""}}"#);
        stream.send(Message::text(done)).await.unwrap();
    }
    let registered = registered.concat();
    for part in ["0D", "0B", "005930", "000660"] {
        assert!(registered.contains(part), "{part}: {registered}");
    }
    let push = r#"{"trnm":"REAL","data":[{"type":"0D","name":"","item":"005930","values":{"41":"-70200"}}]}"#;
    stream.send(Message::text(push)).await.unwrap();
    assert!(!reader.is_finished(), "it reads until it is told to end");
    reader.abort();
}

#[cfg(feature = "blocking")]
#[tokio::test]
async fn waiting_runs() {
    use kiwoom_api::codes::Adjust;
    use kiwoom_api::domestic::chart::StockDailyChart;

    let client = client().await.unwrap();
    let request = StockDailyChart::new("005930", client.today(), Adjust::Adjusted);
    let waited = tokio::task::spawn_blocking(move || programs::wait::example(client, request));
    waited.await.unwrap().expect("a page");
}

#[cfg(feature = "realtime")]
#[tokio::test]
async fn the_live_order_is_filled_by_half_and_cancelled() {
    let exchange = exchange::Exchange::open().await;
    let filling = tokio::spawn({
        let exchange = exchange.clone();
        async move {
            loop {
                if let Some(order) = exchange.orders().first().filter(|order| order.left > 5) {
                    exchange.fill(&order.number, (1, 70_100));
                }
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        }
    });
    let folder = tempfile::tempdir().unwrap();
    JOURNAL.set(folder.path().join("orders.log"));
    programs::live::example(exchange.client().unwrap()).await.unwrap();
    filling.abort();
    let orders = exchange.orders();
    assert_eq!((orders.len(), orders[0].filled(), orders[0].left), (2, 5, 0), "{orders:?}");
}
