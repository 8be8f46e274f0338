//! Calls and walks that own what they need: they move into tasks as they are, and take requests by value or by reference.

use std::borrow::Cow;
use std::time::Duration;

use kiwoom_api::endpoint::{ListRequest, ReadRequest};
use kiwoom_api::{Client, Error, Outcome, Reply, Server};
use tokio::task::JoinSet;

use crate::support::{Bars, Order, Row, Script, TestServer, client, quantities};

/// Three calls of one page each, or one walk over two pages.
async fn server() -> TestServer {
    TestServer::start(Script::signed_in().page(&["1", "2"], None).page(&["3"], None).page(&["4"], None)).await
}

async fn all<R: ListRequest>(client: &Client, request: R) -> Result<Vec<R::Row>, Error> {
    Ok(client.rows(request).collect().await?.complete()?.exact()?.rows)
}

async fn bars(client: &Client, request: &impl ListRequest<Row = Row>) -> Result<Vec<Option<i64>>, Error> {
    let mut rows = client.rows(request);
    let mut bars = Vec::new();
    while let Some(row) = rows.next().await {
        bars.push(row?.trde_qty);
    }
    Ok(bars)
}

async fn first_page<R: ReadRequest>(client: &Client, request: &R) -> Result<Reply<R::Reply>, Error> {
    client.pages(request).next().await.expect("a first page")
}

#[tokio::test]
async fn a_call_moves_into_a_task_as_it_is() {
    let server = server().await;
    let client = client(&server);
    let one = tokio::spawn(client.call(&Bars::new("005930")).timeout(Duration::from_secs(5)));
    assert_eq!(one.await.unwrap().unwrap().bars.len(), 2);
    let mut set = JoinSet::new();
    set.spawn(client.call(Bars::new("005930")));
    assert_eq!(set.join_next().await.unwrap().unwrap().unwrap().bars.len(), 1);
    let raw = tokio::spawn(client.call_raw("ka10081", "/api/dostk/chart", "{}").read());
    assert!(raw.await.unwrap().unwrap().text().contains("005930"));
}

#[tokio::test]
async fn an_order_moves_into_a_task_as_it_is() {
    let script = Script::signed_in().json(r#"{"ord_no":"0000138","return_code":0}"#);
    let server = TestServer::start(script.json(r#"{"ord_no":"0000139","return_code":0}"#)).await;
    let client = client(&server);
    let outcome = tokio::spawn(client.call(Order::buy("005930", 1))).await.unwrap();
    assert!(matches!(outcome, Outcome::Accepted(_)), "{outcome:?}");
    let raw = client.call_raw("kt10000", "/api/dostk/ordr", r#"{"stk_cd":"005930"}"#);
    let outcome = tokio::spawn(raw).await.unwrap();
    assert!(matches!(outcome, Outcome::Accepted(_)), "{outcome:?}");
    assert_eq!(server.received().await.len(), 3);
}

#[tokio::test]
async fn a_call_that_is_dropped_before_it_is_polled_sends_nothing() {
    let server = server().await;
    let client = client(&server);
    drop(client.call(Bars::new("005930")));
    drop(client.call_raw("ka10081", "/api/dostk/chart", "{}"));
    assert!(server.received().await.is_empty());
}

#[tokio::test]
async fn rows_and_pages_take_a_request_by_value() {
    let server = server().await;
    let client = client(&server);
    let walk = tokio::spawn(client.rows(Bars::new("005930")).collect());
    assert_eq!(quantities(&walk.await.unwrap().unwrap().rows), [Some(1), Some(2)]);
    let mut pages = client.pages(Bars::new("005930"));
    let page = tokio::spawn(async move { pages.next().await }).await.unwrap();
    assert_eq!(page.unwrap().unwrap().bars.len(), 1);
}

/// A walk may borrow from where it is awaited, too.
#[tokio::test]
async fn a_predicate_may_borrow() {
    let server = server().await;
    let (client, request) = (client(&server), Bars::new("005930"));
    let (most, mut seen) = (1, 0);
    let walk = client.rows(&request).until(|row| {
        seen += 1;
        row.trde_qty.is_some_and(|quantity| quantity > most)
    });
    assert_eq!(walk.collect().await.unwrap().rows.len(), 1);
    assert_eq!(seen, 2);
}

#[tokio::test]
async fn one_function_for_every_request_that_lists_rows() {
    let server = server().await;
    let client = client(&server);
    assert_eq!(all(&client, Bars::new("005930")).await.unwrap().len(), 2);
    assert_eq!(bars(&client, &Bars::new("005930")).await.unwrap(), [Some(3)]);
    assert_eq!(first_page(&client, &Bars::new("005930")).await.unwrap().bars.len(), 1);
}

/// Text may come as it is at hand.
#[tokio::test]
async fn text_of_any_owner() {
    let folder = tempfile::tempdir().unwrap();
    let path: String = folder.path().join("orders.log").to_str().unwrap().to_owned();
    let client = Client::new(Server::Mock, kiwoom_api::Credentials::new("key", "secret")).unwrap();
    for round in 0..4 {
        let journal = match round {
            0 => kiwoom_api::order::Journal::open(path.as_str(), &client).await,
            1 => kiwoom_api::order::Journal::open(&path, &client).await,
            2 => kiwoom_api::order::Journal::open(path.clone(), &client).await,
            _ => kiwoom_api::order::Journal::open(folder.path().join("orders.log"), &client).await,
        };
        drop(journal.unwrap());
    }
    let switch = client.kill_switch();
    let reason = String::from("daily loss limit");
    let _ = switch.engage("daily loss limit");
    let _ = switch.engage(&reason);
    let _ = switch.engage(Cow::Borrowed("daily loss limit"));
    let _ = switch.engage_for_all(reason.clone());
    assert_eq!(switch.engaged(), Some(reason.clone()));
    let call = client.call_raw("ka10081", &reason, Cow::Borrowed("{}"));
    drop(call);
}
