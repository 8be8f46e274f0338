//! The client without `async`, against a server in a runtime of its own.

mod support;

use kiwoom_api::Outcome;
use kiwoom_api::blocking::{Wait, WaitEach};
use support::{Bars, Order, Script, TestServer};

/// A server that lives as long as the runtime beside it.
fn serve(script: Script) -> (tokio::runtime::Runtime, TestServer) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let server = runtime.block_on(TestServer::start(script));
    (runtime, server)
}

#[test]
fn the_same_methods_with_wait() {
    let script = Script::signed_in()
        .json(r#"{"stk_dt_pole_chart_qry":[{"trde_qty":"7"}],"return_code":0}"#)
        .json(r#"{"ord_no":"0000138","return_code":0}"#);
    let (runtime, server) = serve(script);
    let client = support::client(&server);
    let reply = client.call(&Bars::new("005930")).wait().unwrap();
    assert_eq!(reply.bars[0].trde_qty, Some(7));
    let outcome = client.call(&Order::buy("005930", 10)).wait();
    let Outcome::Accepted(reply) = outcome else { panic!("{outcome:?}") };
    assert_eq!(reply.ord_no, "0000138");
    let connections: Vec<usize> =
        runtime.block_on(server.received()).iter().map(|request| request.connection).collect();
    assert_eq!(connections, [0, 0, 1], "the connection lives on between calls, and an order has its own");
}

#[test]
fn walks_over_pages_with_wait() {
    let pages = || [(["1", "2"], Some("K1")), (["3", ""], None)];
    let script = pages().iter().chain(&pages()).fold(Script::signed_in(), |all, (rows, next)| all.page(rows, *next));
    let (_runtime, server) = serve(script);
    let client = support::client(&server);
    let got = client.rows(&Bars::new("005930")).collect().wait().unwrap();
    assert_eq!((got.rows.len(), got.pages, got.blank_rows), (3, 2, 1));
    let request = Bars::new("005930");
    let sum: i64 = client.rows(&request).wait_each().map(|row| row.unwrap().trde_qty.unwrap()).sum();
    assert_eq!(sum, 6);
}

#[test]
fn many_threads_share_a_client() {
    let script = (0..8).fold(Script::signed_in(), |script, _| script.json(r#"{"return_code":0}"#));
    let (runtime, server) = serve(script);
    let client = support::client(&server);
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| client.call(&Bars::new("005930")).wait().unwrap());
        }
    });
    let tokens = runtime.block_on(server.received()).iter().filter(|r| r.line().contains("/oauth2/token")).count();
    assert_eq!(tokens, 1);
}

#[tokio::test]
async fn waiting_within_a_runtime_says_what_to_do() {
    let panic = std::panic::catch_unwind(|| std::future::ready(1).wait()).unwrap_err();
    let text = panic.downcast_ref::<&str>().copied().unwrap_or_default();
    assert!(text.contains(".await"), "{text}");
}
