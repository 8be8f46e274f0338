//! How walks over pages end before the broker says so, and that this loses nothing.

use crate::support::{self, Bars, BarsReply, Script, TestServer, assert_clean, client, quantities, texts};
use kiwoom_api::page::{DEFAULT_PAGES, End};
use kiwoom_api::{Continuation, Error};

const REFUSED: &str = r#"{"return_code":20,"return_msg":"[2000](RC4058:모의투자 장종료)"}"#;

fn three_pages() -> Script {
    Script::signed_in().page(&["9", "8"], Some("K1")).page(&["7", "6"], Some("K2")).page(&["5"], None)
}

#[tokio::test]
async fn until_asks_for_no_further_page() {
    let server = TestServer::start(three_pages()).await;
    let client = client(&server);
    let got = client.rows(&Bars::new("005930")).until(|row| row.trde_qty < Some(7)).collect().await.unwrap();
    assert_eq!(quantities(&got), [Some(9), Some(8), Some(7)], "the row that stops is not among them");
    assert_eq!((got.end, got.pages, got.unused), (End::Stopped, 2, 1));
    assert_eq!(got.continuation, Some(Continuation::new("K2")));
    assert_eq!(server.received().await.len(), 3);
    assert_eq!(got.complete().unwrap().rows.len(), 3, "all that was wanted is there");
}

#[tokio::test]
async fn until_that_is_never_met_ends_with_the_pages() {
    let server = TestServer::start(three_pages()).await;
    let got = client(&server).rows(&Bars::new("005930")).until(|_| false).collect().await.unwrap();
    assert_eq!((got.rows.len(), got.end), (5, End::Complete));
}

#[tokio::test]
async fn limits_end_quietly_and_complete_tells() {
    let server = TestServer::start(three_pages()).await;
    let client = client(&server);
    let got = client.rows(&Bars::new("005930")).limit_pages(2).collect().await.unwrap();
    assert_eq!((got.rows.len(), got.end, got.pages), (4, End::Stopped, 2));
    assert_eq!(server.received().await.len(), 3);

    let cut = got.complete().unwrap_err();
    assert_eq!(
        cut.to_string(),
        "ka10081: stopped by limit_pages(2) before the end (raise it, or resume() at the continuation); 4 row(s) of 2 \
         page(s) came before (rows() has them, resume(continuation()) goes on)"
    );
    assert!(cut.error().is_truncated());
    let from = cut.continuation().unwrap().clone();
    let mut rows = cut.into_rows();
    let rest = client.rows(&Bars::new("005930")).resume(from).collect().await.unwrap();
    assert_eq!(rest.end, End::Complete);
    rows.extend(rest);
    assert_eq!(quantities(&rows), [Some(9), Some(8), Some(7), Some(6), Some(5)]);
}

#[tokio::test]
async fn limit_of_rows_counts_what_it_drops() {
    let server = TestServer::start(three_pages()).await;
    let client = client(&server);
    let got = client.rows(&Bars::new("005930")).limit_rows(3).collect().await.unwrap();
    assert_eq!((quantities(&got), got.end), (vec![Some(9), Some(8), Some(7)], End::Stopped));
    assert_eq!((got.unused, got.continuation.clone()), (1, Some(Continuation::new("K2"))));
    let error = Error::from(got.complete().unwrap_err());
    assert!(error.is_truncated() && error.to_string().contains("limit_rows(3)"), "{error}");
    assert_eq!(server.received().await.len(), 3);
}

#[tokio::test]
async fn a_limit_that_is_not_exceeded_is_no_stop() {
    for pages in [3, 4] {
        let server = TestServer::start(three_pages()).await;
        let got = client(&server).rows(&Bars::new("005930")).limit_pages(pages).limit_rows(5).collect().await.unwrap();
        assert_eq!((got.rows.len(), got.end), (5, End::Complete));
        got.complete().unwrap();
    }
}

#[tokio::test]
async fn a_limit_of_nothing_asks_for_nothing() {
    let server = TestServer::start(three_pages()).await;
    let client = client(&server);
    let request = Bars::new("005930");
    for rows in [client.rows(&request).limit_pages(0), client.rows(&request).limit_rows(0)] {
        let got = rows.collect().await.unwrap();
        assert_eq!((got.rows.len(), got.pages, got.end), (0, 0, End::Stopped));
        assert!(got.complete().is_err());
    }
    assert_eq!(server.received().await.len(), 0);
}

/// An error unless the caller named a number: data that was cut must not look whole (`BEHAVIOUR.md` P6).
#[tokio::test]
async fn a_walk_that_never_ends() {
    let mut script = Script::signed_in();
    for page in 0..=DEFAULT_PAGES {
        script = script.page(&["1"], Some(&format!("K{page}")));
    }
    let server = TestServer::start(script).await;
    let client = client(&server);
    let cut = client.rows(&Bars::new("005930")).collect().await.unwrap_err();
    assert_eq!((cut.rows().len(), cut.pages()), (DEFAULT_PAGES, DEFAULT_PAGES));
    assert_eq!(cut.continuation(), Some(&Continuation::new("K199")));
    assert!(cut.to_string().starts_with("ka10081: more than 200 pages (name a number with limit_pages()"), "{cut}");
    assert_eq!(server.received().await.len(), 1 + DEFAULT_PAGES);
}

#[tokio::test]
async fn a_next_key_that_comes_twice() {
    let script = Script::signed_in().page(&["1"], Some("K1")).page(&["2"], Some("K2")).page(&["3"], Some("K1"));
    let server = TestServer::start(script).await;
    let cut = client(&server).rows(&Bars::new("005930")).collect().await.unwrap_err();
    assert_eq!(quantities(cut.rows()), [Some(1), Some(2), Some(3)]);
    assert_eq!(cut.continuation(), None, "going on from there would give the same rows again");
    assert!(cut.error().is_truncated() && cut.to_string().contains("second time"), "{cut}");
    assert_eq!(server.received().await.len(), 4);
}

#[tokio::test]
async fn more_pages_without_a_key() {
    let script = Script::signed_in().reply("200 OK", &["cont-yn: Y"], &support::bars(&["1"]));
    let server = TestServer::start(script).await;
    let cut = client(&server).rows(&Bars::new("005930")).collect().await.unwrap_err();
    assert_eq!((cut.rows().len(), cut.continuation()), (1, None));
    assert!(cut.error().is_truncated() && cut.to_string().contains("no next-key"), "{cut}");
}

#[tokio::test]
async fn an_error_in_the_middle_keeps_what_came() {
    let script = Script::signed_in()
        .page(&["9", "8"], Some("K1"))
        .json(REFUSED)
        .page(&["7", "6"], Some("K2"))
        .page(&["5"], None);
    let server = TestServer::start(script).await;
    let client = client(&server);
    let cut = client.rows(&Bars::new("005930")).collect().await.unwrap_err();
    assert!(cut.error().is_market_closed() && !cut.error().is_truncated());
    assert!(
        cut.to_string()
            .ends_with("; 2 row(s) of 1 page(s) came before (rows() has them, resume(continuation()) goes on)"),
        "{cut}"
    );
    assert_eq!(cut.head().unwrap().stk_cd, "005930");
    assert_clean(&(texts(&cut) + &format!("{:?}", cut)));

    let from = cut.continuation().unwrap().clone();
    let mut rows = cut.into_rows();
    rows.extend(client.rows(&Bars::new("005930")).resume(from).collect().await.unwrap().complete().unwrap());
    assert_eq!(quantities(&rows), [Some(9), Some(8), Some(7), Some(6), Some(5)]);
    assert_eq!(server.received().await[3].header("next-key"), Some("K1"));
}

#[tokio::test]
async fn an_error_on_the_first_page_is_that_error() {
    async fn by_question_mark(client: &kiwoom_api::Client) -> Result<Vec<support::Row>, Error> {
        Ok(client.rows(&Bars::new("005930")).collect().await?.rows)
    }
    let server = TestServer::start(Script::signed_in().json(REFUSED).json(REFUSED)).await;
    let client = client(&server);
    let cut = client.rows(&Bars::new("005930")).collect().await.unwrap_err();
    assert_eq!((cut.pages(), cut.rows().len(), cut.continuation()), (0, 0, None));
    assert!(cut.head().is_none());
    let error = by_question_mark(&client).await.unwrap_err();
    assert!(error.is_market_closed());
    assert_eq!(cut.to_string(), error.to_string());
}

#[tokio::test]
async fn a_walk_is_over_after_an_error() {
    let script = Script::signed_in().page(&["9"], Some("K1")).json(REFUSED).page(&["8"], None);
    let server = TestServer::start(script).await;
    let client = client(&server);
    let request = Bars::new("005930");
    let mut rows = client.rows(&request);
    rows.next().await.unwrap().unwrap();
    assert!(rows.next().await.unwrap().unwrap_err().is_market_closed());
    assert!(rows.next().await.is_none());
    assert_eq!((rows.end(), rows.continuation()), (None, Some(&Continuation::new("K1"))));
    assert_eq!(server.received().await.len(), 3);
}

#[tokio::test]
async fn an_empty_continuation_starts_nothing_over() {
    let server = TestServer::start(three_pages()).await;
    let client = client(&server);
    let request = Bars::new("005930");
    let cut = client.rows(&request).resume(Continuation::new("")).collect().await.unwrap_err();
    assert_eq!(cut.error().parameter(), Some("next-key"));
    assert_eq!(server.received().await.len(), 0);
}

/// A walk over hand-made pages is what a user's test builds.
#[test]
fn results_can_be_made_by_hand() {
    use kiwoom_api::page::Collected;
    let row = support::Row { trde_qty: Some(3) };
    let got = Collected::<BarsReply> { rows: vec![row], pages: 1, ..Default::default() };
    let got = got.complete().unwrap().exact().unwrap();
    assert_eq!(quantities(&got), [Some(3)]);
}
