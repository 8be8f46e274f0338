//! What those who watch a client see: each call once, what was refused on this machine and requests for tokens included.

use std::sync::{Arc, Mutex};

use crate::support::{self, Bars, Order, Script, Step, TestServer};
use kiwoom_api::{Builder, Client, Credentials, Error, Retry, Server};

type Seen = Arc<Mutex<Vec<(String, u32, Option<u16>)>>>;

/// API id, attempts, code of the refusal.
fn watched(builder: Builder) -> (Client, Seen) {
    let seen = Seen::default();
    let log = seen.clone();
    let note = move |call: &kiwoom_api::CallReport<'_>| {
        log.lock().unwrap().push((call.api_id.to_owned(), call.attempts, call.error.and_then(Error::code)));
    };
    (builder.retry(Retry::none()).observe(note).build().unwrap(), seen)
}

fn taken(seen: &Seen) -> Vec<(String, u32, Option<u16>)> {
    std::mem::take(&mut *seen.lock().unwrap())
}

#[tokio::test]
async fn every_call_that_was_asked_for() {
    let refusal = r#"{"return_code":2,"return_msg":"[1902:x]"}"#;
    let server = TestServer::start(Script::signed_in().json(refusal)).await;
    let (client, seen) = watched(support::builder(&server));
    client.call(&Bars::new("005930")).await.unwrap_err();
    let call = |api: &str, attempts, code| (api.to_owned(), attempts, code);
    assert_eq!(taken(&seen), [call("au10001", 1, None), call("ka10081", 1, Some(1902))]);

    // refused before the network: a missing value, a raw call that is no JSON, that is a trade, that has no path
    client.call(&Bars::default()).await.unwrap_err();
    client.call_raw("ka10099", "/api/dostk/stkinfo", "no").read().await.unwrap_err();
    client.call_raw("kt10000", "/api/dostk/ordr", "{}").read().await.unwrap_err();
    client.call_raw("ka10099", "nowhere", "{}").read().await.unwrap_err();
    let local = ["ka10081", "ka10099", "kt10000", "ka10099"].map(|api| call(api, 0, None));
    assert_eq!(taken(&seen), local);

    client.kill_switch().engage("loss");
    assert!(client.call(&Order::buy("005930", 1)).await.is_without_effect());
    assert_eq!(taken(&seen), [call("kt10000", 0, None)]);

    client.sign_out().await.unwrap_err();
    assert_eq!(taken(&seen), [call("au10002", 1, None)], "the script is over");
}

#[cfg(feature = "domestic-order")]
#[tokio::test]
async fn an_order_that_its_builder_refuses() {
    use kiwoom_api::order::Order;

    let (client, seen) = watched(Client::builder(Server::Mock, Credentials::new("key", "secret")));
    for order in [Order::buy("5930").limit(70_100).qty(1), Order::buy("005930").limit(70_101).qty(1)] {
        let outcome = client.orders().submit(order).await;
        assert_eq!((outcome.error().unwrap().api_id(), outcome.error().unwrap().attempts()), (Some("kt10000"), 0));
    }
    client.orders().submit(Order::sell("005930").market().qty(0)).await.error().unwrap();
    let apis: Vec<String> = taken(&seen).into_iter().map(|(api, ..)| api).collect();
    assert_eq!(apis, ["kt10000", "kt10000", "kt10001"]);
}

/// Walks, generated methods, changes and cancellations: one report each, however often a walk is asked for more.
#[cfg(all(feature = "domestic-order", feature = "domestic-chart"))]
#[tokio::test]
async fn what_is_refused_here_is_seen_once() {
    use kiwoom_api::codes::Adjust;
    use kiwoom_api::domestic::chart::StockDailyChart;
    use kiwoom_api::order::{Desk, Modification, OrderRef};
    use kiwoom_api::value::{Date, Side};

    let (client, seen) = watched(Client::builder(Server::Mock, Credentials::new("key", "secret")));
    let day = Date::constant(2026, 7, 3);
    let bad = StockDailyChart::new("5930", day, Adjust::Adjusted);
    let once = |seen: &Seen, api: &str| assert_eq!(taken(seen), [(api.to_owned(), 0, None)]);
    client.domestic_chart().stock_daily_chart(&bad).await.unwrap_err();
    once(&seen, "ka10081");
    client.rows(&bad).collect().await.unwrap_err();
    once(&seen, "ka10081");
    let mut rows = client.rows(&bad);
    assert!(rows.next().await.unwrap().is_err() && rows.next().await.is_none());
    once(&seen, "ka10081");
    assert!(client.pages(&bad).next().await.unwrap().is_err());
    once(&seen, "ka10081");
    drop(client.call(&bad));
    assert_eq!(taken(&seen), [], "nobody asked for it");

    let (orders, numberless) = (client.orders(), OrderRef::new(Desk::Stock, day, "").of(Side::Buy, "005930").at("KRX"));
    orders.modify(&numberless, Modification::price(70_100)).await.error().unwrap();
    once(&seen, "kt10002");
    orders.cancel(&numberless).await.error().unwrap();
    once(&seen, "kt10003");
    let off = OrderRef::new(Desk::Stock, day, "0000138").of(Side::Buy, "005930").at("KRX");
    orders.modify(&off, Modification::price(70_101)).await.error().unwrap();
    once(&seen, "kt10002");
}

#[tokio::test]
async fn attempts_that_found_no_connection_count() {
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let keys = Credentials::new("key", "secret");
    let quick = Retry::default().attempts(3).first_pause(std::time::Duration::from_millis(1));
    let client = Client::builder(Server::sandbox(format!("http://{nobody}")), keys).retry(quick).build().unwrap();
    let error = client.call(&Bars::new("005930")).await.unwrap_err();
    assert!(error.is_connect() && !error.may_have_been_sent(), "{error}");
    assert_eq!(error.attempts(), 3, "{error}");
    let (english, korean) = (error.to_string(), error.display(kiwoom_api::Language::Korean).to_string());
    assert!(english.contains("os error") && korean.contains("os error"), "{english}\n{korean}");
    // a call that this machine refuses makes none
    assert_eq!(client.call(&Bars::default()).await.unwrap_err().attempts(), 0);
}

#[tokio::test]
async fn a_reads_timeout_speaks_of_no_order() {
    let silence = Step::WriteAndHang(Vec::new(), std::time::Duration::from_secs(9));
    let server = TestServer::start(Script::signed_in().step(silence)).await;
    let client = support::client(&server);
    let error = client.call(&Bars::new("005930")).timeout(std::time::Duration::from_millis(80)).await.unwrap_err();
    assert!(error.is_timeout() && !error.is_connect());
    assert!(error.to_string().contains("80ms") && !error.to_string().contains("order"), "{error}");
    let korean = error.display(kiwoom_api::Language::Korean).to_string();
    assert!(korean.contains("80ms") && !korean.contains("주문"), "{korean}");
}
