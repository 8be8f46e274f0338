//! Successful walks over pages: what is requested, and what is returned.

use std::future::poll_fn;
use std::pin::Pin;
use std::time::Duration;

use crate::support::{Bars, BarsReply, Script, Step, TestServer, bars, client, quantities, reply};
use futures_core::Stream;
use kiwoom_api::Continuation;
use kiwoom_api::page::{Collected, End, Pages, Rows, Truncated};

fn three_pages() -> Script {
    Script::signed_in().page(&["1", "2"], Some("K1")).page(&["3"], Some("K2")).page(&["4", "5"], None)
}

#[tokio::test]
async fn all_pages_come_together() {
    let server = TestServer::start(three_pages()).await;
    let client = client(&server);
    let got = client.rows(&Bars::new("005930")).collect().await.unwrap();
    assert_eq!(quantities(&got), [Some(1), Some(2), Some(3), Some(4), Some(5)]);
    assert_eq!((got.end, got.pages, got.blank_rows, got.unused), (End::Complete, 3, 0, 0));
    assert_eq!(got.continuation, None);
    assert_eq!((got.head.stk_cd.as_str(), got.head.bars.len()), ("005930", 0), "the first reply without its rows");
    assert_eq!(got.complete().unwrap().exact().unwrap().rows.len(), 5);

    let received = server.received().await;
    let keys: Vec<_> = received[1..].iter().map(|page| (page.header("cont-yn"), page.header("next-key"))).collect();
    assert_eq!(keys, [(None, None), (Some("Y"), Some("K1")), (Some("Y"), Some("K2"))]);
    assert!(
        received[1..].iter().all(|page| page.body == received[1].body),
        "each page is asked for by the same request"
    );
}

/// 30 a page is all that kt00009 gives (`BEHAVIOUR.md` P4).
#[tokio::test]
async fn the_first_30_orders_taken_for_all() {
    let numbers: Vec<String> = (1..=31).map(|number| number.to_string()).collect();
    let numbers: Vec<&str> = numbers.iter().map(String::as_str).collect();
    let script = Script::signed_in().page(&numbers[..30], Some("K1")).page(&numbers[30..], None);
    let server = TestServer::start(script).await;
    let got = client(&server).rows(&Bars::new("005930")).collect().await.unwrap().complete().unwrap();
    assert_eq!(got.rows.last().unwrap().trde_qty, Some(31));
}

#[tokio::test]
async fn cont_yn_read_from_the_body() {
    let says = |yn: &str, body: String| body.replacen('{', &format!(r#"{{"cont_yn":"{yn}","next_key":"BODY","#), 1);
    let script = Script::signed_in().reply("200 OK", &["Cont-Yn: y", "NEXT-KEY: K1"], &says("N", bars(&["1"]))).reply(
        "200 OK",
        &["cont-yn: N", "next-key: K2"],
        &says("Y", bars(&["2"])),
    );
    let server = TestServer::start(script).await;
    let got = client(&server).rows(&Bars::new("005930")).collect().await.unwrap();
    assert_eq!((quantities(&got), got.end), (vec![Some(1), Some(2)], End::Complete));
    let received = server.received().await;
    assert_eq!((received.len(), received[2].header("next-key")), (3, Some("K1")));
}

#[tokio::test]
async fn a_page_without_rows_is_no_end() {
    let script = Script::signed_in().page(&["1"], Some("K1")).page(&[], Some("K2")).page(&["2"], None);
    let server = TestServer::start(script).await;
    let got = client(&server).rows(&Bars::new("005930")).collect().await.unwrap();
    assert_eq!((quantities(&got), got.pages), (vec![Some(1), Some(2)], 3));
}

#[tokio::test]
async fn nothing_is_asked_for_before_it_is_wanted() {
    let server = TestServer::start(three_pages()).await;
    let client = client(&server);
    let request = Bars::new("005930");
    let mut rows = client.rows(&request);
    assert_eq!(server.received().await.len(), 0);
    for quantity in 1..=2 {
        assert_eq!(rows.next().await.unwrap().unwrap().trde_qty, Some(quantity));
    }
    assert_eq!(server.received().await.len(), 2, "a token and one page, although all of its rows are used up");
    assert_eq!((rows.pages(), rows.end()), (1, None));
    assert_eq!(rows.continuation(), Some(&Continuation::new("K1")));
    assert_eq!(rows.head().unwrap().stk_cd, "005930");

    assert_eq!(rows.next().await.unwrap().unwrap().trde_qty, Some(3));
    let rest = rows.collect().await.unwrap();
    assert_eq!((quantities(&rest), rest.pages, rest.end), (vec![Some(4), Some(5)], 3, End::Complete));
}

#[tokio::test]
async fn a_walk_that_is_dropped_asks_for_nothing_more() {
    let server = TestServer::start(three_pages()).await;
    let client = client(&server);
    let request = Bars::new("005930");
    let mut rows = client.rows(&request);
    rows.next().await.unwrap().unwrap();
    drop(rows);
    assert_eq!(server.received().await.len(), 2);
}

/// `select!` and `timeout` drop the future of `next()`, not the walk.
#[tokio::test]
async fn a_page_that_was_given_up_is_not_asked_for_twice() {
    let (head, tail) = {
        let mut whole = reply("200 OK", &["cont-yn: N"], &bars(&["7"]));
        let tail = whole.split_off(whole.len() - 5);
        (whole, tail)
    };
    let slow = Step::WriteInTwo(head, Duration::from_millis(150), tail);
    let server = TestServer::start(Script::signed_in().step(slow)).await;
    let client = client(&server);
    let request = Bars::new("005930");
    let mut rows = client.rows(&request);
    let impatient = tokio::time::timeout(Duration::from_millis(40), rows.next()).await;
    assert!(impatient.is_err(), "the page is not whole yet");
    assert_eq!(rows.next().await.unwrap().unwrap().trde_qty, Some(7));
    assert!(rows.next().await.is_none());
    assert_eq!(server.received().await.len(), 2, "a token and one page");
}

#[tokio::test]
async fn pages_are_replies() {
    let server = TestServer::start(three_pages()).await;
    let client = client(&server);
    let request = Bars::new("005930");
    let mut pages = client.pages(&request);
    let mut sizes = Vec::new();
    while let Some(page) = pages.next().await {
        sizes.push(page.unwrap().rows().len());
    }
    assert_eq!((sizes, pages.end()), (vec![2, 1, 2], Some(End::Complete)));
    assert!(pages.next().await.is_none());
    assert_eq!(server.received().await.len(), 4);
}

#[tokio::test]
async fn options_of_the_call_hold_for_each_page() {
    let server = TestServer::start(three_pages()).await;
    let client = client(&server);
    let request = Bars::new("005930");
    let call = client.call(&request).raw("upd_stkpc_tp", "0").timeout(Duration::from_secs(20));
    let got = call.continue_from(Continuation::new("K0")).rows().collect().await.unwrap();
    assert_eq!(got.rows.len(), 5);
    let received = server.received().await;
    assert_eq!(received[1].header("next-key"), Some("K0"), "the walk begins where the call does");
    assert!(received[1..].iter().all(|page| page.body.contains(r#""upd_stkpc_tp":"0""#)));
}

#[tokio::test]
async fn walks_are_streams() {
    let server = TestServer::start(three_pages()).await;
    let client = client(&server);
    let request = Bars::new("005930");
    let mut rows = client.rows(&request);
    let mut sum = 0;
    while let Some(row) = poll_fn(|context| Pin::new(&mut rows).poll_next(context)).await {
        sum += row.unwrap().trde_qty.unwrap();
    }
    assert_eq!(sum, 15);
}

#[tokio::test]
async fn walks_can_move_between_threads() {
    fn movable<T: Send + 'static>() {}
    movable::<Rows<'static, BarsReply>>();
    movable::<Pages<'static, BarsReply>>();
    movable::<Collected<BarsReply>>();
    movable::<Truncated<BarsReply>>();

    let server = TestServer::start(three_pages()).await;
    let client = client(&server);
    let walk = tokio::spawn(async move {
        let limit = std::cell::Cell::new(4);
        let request = Bars::new("005930");
        let rows = client.rows(&request).until(move |row| {
            limit.set(limit.get() - 1);
            limit.get() == 0 || row.trde_qty == Some(9)
        });
        rows.collect().await.map(|got| got.rows.len())
    });
    assert_eq!(walk.await.unwrap().unwrap(), 3);
}
