//! What happens to blank rows, and to values that do not fit.

use crate::support::{self, Bars, Script, TestServer, assert_clean, client, quantities};
use kiwoom_api::page::End;

/// The broker answers an unknown code, and a day without trades, with one row of `""` (`BEHAVIOUR.md` H8).
#[tokio::test]
async fn a_blank_row_kept_as_data() {
    let script = Script::signed_in().page(&[""], None).page(&["1", "", "2"], Some("K1")).page(&["", "3"], None);
    let server = TestServer::start(script).await;
    let client = client(&server);
    let unknown = client.rows(&Bars::new("999999")).collect().await.unwrap();
    assert_eq!((unknown.rows.len(), unknown.blank_rows, unknown.end), (0, 1, End::Complete));

    let got = client.rows(&Bars::new("005930")).collect().await.unwrap();
    assert_eq!((quantities(&got), got.blank_rows), (vec![Some(1), Some(2), Some(3)], 2));
    assert!(got.exact().is_ok(), "a blank is no misfit");
}

#[tokio::test]
async fn a_blank_row_does_not_stop_a_walk() {
    let script = Script::signed_in().page(&["9", ""], Some("K1")).page(&["8", "1"], None);
    let server = TestServer::start(script).await;
    let got = client(&server).rows(&Bars::new("005930")).until(|row| row.trde_qty < Some(5)).collect().await.unwrap();
    assert_eq!((quantities(&got), got.blank_rows), (vec![Some(9), Some(8)], 1));
}

#[tokio::test]
async fn anomalies_say_which_page_and_which_row() {
    let script = Script::signed_in().page(&["", "1", "1x"], Some("K1")).page(&["2", "", "2x", "3"], None);
    let server = TestServer::start(script).await;
    let got = client(&server).rows(&Bars::new("005930")).collect().await.unwrap();
    assert_eq!(quantities(&got), [Some(1), None, Some(2), None, Some(3)], "a row that was not understood is not blank");
    let found: Vec<_> = got.anomalies.iter().map(|found| (found.page, found.row, found.raw.as_str())).collect();
    assert_eq!(found, [(Some(1), Some(1), "1x"), (Some(2), Some(3), "2x")]);
    assert_eq!(got.anomalies[1].path, "stk_dt_pole_chart_qry[2].trde_qty", "the place on its page");

    let error = got.exact().unwrap_err();
    assert_eq!((error.anomalies().len(), error.api_id()), (2, Some("ka10081")));
    assert_eq!(
        error.anomalies()[1].to_string(),
        "page 2: stk_dt_pole_chart_qry[2].trde_qty: expected a whole number, got \"2x\""
    );
}

/// `None < Some(5)`: a value that could not be read stops the walk as if it were the last one wanted.
#[tokio::test]
async fn until_stopped_by_an_unreadable_value() {
    let script = || Script::signed_in().page(&["9", "8x", "7x"], Some("K1")).page(&["6"], None);
    let server = TestServer::start(script()).await;
    let got = client(&server).rows(&Bars::new("005930")).until(|row| row.trde_qty < Some(5)).collect().await.unwrap();
    assert_eq!((quantities(&got), got.end, got.unused), (vec![Some(9)], End::Stopped, 2));
    let found: Vec<_> = got.anomalies.iter().map(|found| (found.row, found.raw.as_str())).collect();
    assert_eq!(found, [(None, "8x")], "of the row that stopped, not of those behind it");
    assert!(got.exact().is_err());

    let server = TestServer::start(script()).await;
    let careful = |row: &support::Row| row.trde_qty.is_some_and(|quantity| quantity < 5);
    let got = client(&server).rows(&Bars::new("005930")).until(careful).collect().await.unwrap();
    assert_eq!((got.rows.len(), got.end, got.anomalies.len()), (4, End::Complete, 2));
}

#[tokio::test]
async fn misfits_behind_a_limit_do_not_matter() {
    let server = TestServer::start(Script::signed_in().page(&["9", "8x"], None)).await;
    let got = client(&server).rows(&Bars::new("005930")).limit_rows(1).collect().await.unwrap();
    assert_eq!(quantities(&got.exact().unwrap()), [Some(9)]);
}

#[tokio::test]
async fn positions_count_what_collect_gives() {
    let script = Script::signed_in().page(&["1x", "2"], Some("K1")).page(&["3x"], None);
    let server = TestServer::start(script).await;
    let client = client(&server);
    let request = Bars::new("005930");
    let mut rows = client.rows(&request);
    rows.next().await.unwrap().unwrap();
    assert_eq!(rows.anomalies()[0].row, Some(0));
    let rest = rows.collect().await.unwrap();
    let found: Vec<_> = rest.anomalies.iter().map(|found| (found.page, found.row)).collect();
    assert_eq!(found, [(Some(1), None), (Some(2), Some(1))]);
    assert_eq!(quantities(&rest), [Some(2), None]);
}

#[tokio::test]
async fn a_strict_client_stops_at_the_page_that_does_not_fit() {
    let script = Script::signed_in().page(&["1"], Some("K1")).page(&["2x"], None);
    let server = TestServer::start(script).await;
    let cut = client(&server).strict().rows(&Bars::new("005930")).collect().await.unwrap_err();
    assert!(cut.error().is_decode() && cut.error().anomalies().len() == 1);
    assert_eq!((quantities(cut.rows()), cut.continuation().is_some()), (vec![Some(1)], true));
}

#[tokio::test]
async fn debug_shows_no_rows() {
    const QUANTITY: &str = "271828182";
    let script = Script::signed_in().page(&[QUANTITY], Some("K1")).page(&["1"], None);
    let server = TestServer::start(script).await;
    let client = client(&server);
    let got = client.rows(&Bars::new("005930")).limit_pages(1).collect().await.unwrap();
    let shown = format!("{got:?}");
    assert!(shown.contains("rows: 1") && shown.contains("Stopped") && !shown.contains(QUANTITY), "{shown}");
    let cut = got.complete().unwrap_err();
    let shown = format!("{cut:?} {cut}");
    assert!(!shown.contains(QUANTITY), "{shown}");
    assert_clean(&shown);
}
