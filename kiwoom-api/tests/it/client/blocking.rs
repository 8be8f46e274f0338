//! The client without `async`, against a server in a separate runtime.

use crate::support::{self, Bars, Order, Script, TestServer};
use kiwoom_api::Outcome;
use kiwoom_api::blocking::{Wait, WaitEach};

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

/// A timer needs a runtime that drives it, and its task a wake-up from another thread.
fn nap() -> u8 {
    let nap = async {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        tokio::spawn(async { 7 }).await.unwrap()
    };
    Box::pin(nap).wait()
}

/// Waiting panics, and says what to do; the thread is as good as before.
#[track_caller]
fn refuses() {
    let panic = std::panic::catch_unwind(nap).unwrap_err();
    let text = panic.downcast_ref::<&str>().copied().unwrap_or_default();
    assert!(text.contains(".await") && text.contains("spawn_blocking"), "{text}");
}

fn runtimes() -> [tokio::runtime::Runtime; 2] {
    use tokio::runtime::Builder;
    [
        Builder::new_multi_thread().worker_threads(2).enable_all().build(),
        Builder::new_current_thread().enable_all().build(),
    ]
    .map(Result::unwrap)
}

#[test]
fn gate_14_waiting_works_wherever_blocking_is_legal() {
    assert_eq!(nap(), 7);
    for runtime in runtimes() {
        runtime.block_on(async {
            assert_eq!(tokio::task::spawn_blocking(nap).await.unwrap(), 7);
            // within itself: a library that waits, in a closure that waits
            let nested = tokio::task::spawn_blocking(|| {
                let inner = || tokio::task::spawn_blocking(nap);
                Box::pin(async move { inner().await.unwrap() }).wait()
            });
            assert_eq!(nested.await.unwrap(), 7);
            // a thread of one's own, or of a pool, that knows of no runtime
            assert_eq!(std::thread::spawn(nap).join().unwrap(), 7);
        });
        // a thread that only knows where to spawn
        let entered = runtime.enter();
        assert_eq!(nap(), 7);
        drop(entered);
    }
    let [many, _] = runtimes();
    many.block_on(async {
        assert_eq!(tokio::task::block_in_place(nap), 7);
        assert_eq!(tokio::spawn(async { tokio::task::block_in_place(nap) }).await.unwrap(), 7);
    });
}

#[test]
fn gate_14_waiting_where_tasks_run_says_what_to_do() {
    for runtime in runtimes() {
        runtime.block_on(async {
            refuses();
            tokio::spawn(async { refuses() }).await.unwrap();
            let local = tokio::task::LocalSet::new();
            local.run_until(async { tokio::task::spawn_local(async { refuses() }).await.unwrap() }).await;
            // and a wait that was refused spoils nothing
            assert_eq!(tokio::task::spawn_blocking(nap).await.unwrap(), 7);
        });
    }
}

#[test]
fn gate_14_a_client_in_spawn_blocking() {
    let script = Script::signed_in().page(&["1", "2"], None).page(&["3"], None);
    let (runtime, server) = serve(script);
    let client = support::client(&server);
    let asking = runtime.spawn_blocking(move || {
        let first = client.rows(&Bars::new("005930")).collect().wait().unwrap();
        let request = Bars::new("005930");
        first.rows.len() + client.rows(&request).wait_each().map(Result::unwrap).count()
    });
    assert_eq!(runtime.block_on(asking).unwrap(), 3);
}
