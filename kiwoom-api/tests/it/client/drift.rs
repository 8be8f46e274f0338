//! Drift reports: differences between live replies and the specification, without values.
#![cfg(all(feature = "domestic-chart", feature = "domestic-stock", feature = "domestic-account"))]

use std::path::Path;

use crate::support::{ACCOUNT, APP_KEY, MASKED_ACCOUNT, Script, TOKEN, TestServer, assert_clean, builder};
use kiwoom_api::codes::Adjust;
use kiwoom_api::domestic::chart::StockDailyChart;
use kiwoom_api::value::Date;
use kiwoom_api::{Client, Drift, Retry};

fn chart() -> StockDailyChart {
    StockDailyChart::new("005930", Date::constant(2026, 7, 3), Adjust::Adjusted)
}

fn watched(server: &TestServer, drift: &Drift) -> Client {
    builder(server).retry(Retry::none()).drift(drift).build().unwrap()
}

const ROW: &str = r#""cur_prc":"70100","trde_qty":"1","trde_prica":"2","dt":"20260703","open_pric":"1","high_pric":"1","low_pric":"1","pred_pre":"+600","pred_pre_sig":"2","trde_tern_rt":"+0.17""#;

fn page(rows: &[&str]) -> String {
    let rows: Vec<String> = rows.iter().map(|row| format!("{{{row}}}")).collect();
    format!(
        r#"{{"stk_cd":"005930","stk_dt_pole_chart_qry":[{}],"return_code":0,"return_msg":"{ACCOUNT}"}}"#,
        rows.join(",")
    )
}

/// Asks for one chart a page; gives what was counted.
async fn counted(pages: &[String]) -> Drift {
    let mut script = Script::signed_in();
    for page in pages {
        script = script.json(page);
    }
    let server = TestServer::start(script).await;
    let drift = Drift::new();
    let client = watched(&server, &drift);
    for _ in pages {
        let _ = client.domestic_chart().stock_daily_chart(&chart()).await;
    }
    drift
}

#[tokio::test]
async fn a_reply_as_documented_has_no_findings() {
    let drift = counted(&[page(&[ROW, ROW]), page(&[])]).await;
    assert_eq!(drift.findings(), 0, "{}", drift.report());
    let report: serde_json::Value = serde_json::from_str(&drift.report()).unwrap();
    assert_eq!((&report["apis"][0]["replies"], &report["apis"][0]["rows"]), (&2.into(), &2.into()));
}

/// The report is read by `cargo xtask lint`, whose tests have the same file.
#[tokio::test]
async fn the_report_of_the_sample_is_what_lint_reads() {
    let odd = [
        ROW.to_owned() + r#","new_key":"1","005930":"x","added":{"deeper":1}"#,
        ROW.replace(r#","trde_tern_rt":"+0.17""#, "") + r#","new_key":"2""#,
        ROW.replace(r#""pred_pre_sig":"2""#, r#""pred_pre_sig":"9""#),
        ROW.replace(r#""dt":"20260703""#, r#""dt":"2026-13-45x""#),
        ROW.replace(r#""trde_qty":"1""#, r#""trde_qty":"4294967295""#),
        ROW.replace(r#""pred_pre":"+600""#, r#""pred_pre":"-600""#),
    ];
    let odd: Vec<&str> = odd.iter().map(String::as_str).collect();
    let head = page(&[ROW]).replace(r#""stk_cd":"005930","#, r#""totals":"1","#);
    let drift = counted(&[page(&odd), head]).await;
    let report = drift.report();
    let spec = Path::new(env!("CARGO_MANIFEST_DIR")).join("../spec");
    if !spec.exists() {
        println!("skipped: the sample is not part of the package");
        return;
    }
    let sample = std::fs::read_to_string(spec.join("samples/drift.json")).unwrap();
    assert_eq!(report, sample.replace("\"0.1.0\"", concat!("\"", env!("CARGO_PKG_VERSION"), "\"")), "{report}");
    assert_eq!(drift.findings(), 10);
}

#[tokio::test]
async fn clones_and_clients_count_together_and_pages_count_each() {
    let server =
        TestServer::start(Script::signed_in().page(&["1"], Some("K")).page(&["2"], None).page(&["3"], None)).await;
    let drift = Drift::new();
    let client = watched(&server, &drift);
    client.clone().rows(&chart()).collect().await.unwrap();
    client.rows(&chart()).collect().await.unwrap();
    let report: serde_json::Value = serde_json::from_str(&drift.clone().report()).unwrap();
    let api = &report["apis"][0];
    assert_eq!((&api["id"], &api["replies"], &api["rows"]), (&"ka10081".into(), &3.into(), &3.into()));
    let missing = api["missing"].as_array().unwrap();
    assert_eq!(missing.len(), 9, "each row has one of ten fields");
    assert!(missing.iter().all(|field| field["count"] == 3));
}

#[tokio::test]
async fn nothing_secret_and_no_value_is_kept() {
    // keys and values of a broker who says too much, at every place
    let said = format!(
        r#""{ACCOUNT}":"{TOKEN}","{TOKEN}":"{ACCOUNT}","{MASKED_ACCOUNT}":1,"홍길동":"x","{APP_KEY}":"y","dt":"{ACCOUNT}-x","cur_prc":{{"{ACCOUNT}":1}},"pred_pre_sig":"{ACCOUNT}""#
    );
    let mut text = page(&[&said]);
    text.insert_str(1, &format!(r#""{ACCOUNT}":{{"{TOKEN}":["{ACCOUNT}"]}},"#));
    let drift = counted(&[text]).await;
    let report = drift.report();
    assert_clean(&report);
    assert_clean(&format!("{drift:?} {drift:#?}"));
    assert!(!report.contains("홍길동") && !report.contains("12345"), "{report}");
    let report: serde_json::Value = serde_json::from_str(&report).unwrap();
    let api = &report["apis"][0];
    assert_eq!((api["unknown"].as_array().map(Vec::len), &api["unnamed"]), (Some(0), &6.into()), "{api}");
    assert_eq!(api["unlisted"][0]["field"], "stk_dt_pole_chart_qry.pred_pre_sig");
}

#[tokio::test]
async fn refusals_broken_replies_and_raw_calls_are_not_counted() {
    let refused = r#"{"new":"1","return_code":2,"return_msg":"[1902:x]"}"#.to_owned();
    let drift = counted(&[refused, "<html>".to_owned(), r#"{"stk_cd":"#.to_owned()]).await;
    assert_eq!((drift.findings(), drift.report().contains("ka10081")), (0, false), "{}", drift.report());

    let server = TestServer::start(Script::signed_in().json(&page(&[ROW]))).await;
    let drift = Drift::new();
    watched(&server, &drift).call_raw("ka10081", "/api/dostk/chart", "{}").read().await.unwrap();
    assert!(!drift.report().contains("ka10081"));
}

/// A strict client fails, and the evidence is kept.
#[tokio::test]
async fn strict_clients_count_too() {
    let server = TestServer::start(Script::signed_in().json(&page(&[&ROW.replace("70100", "word")]))).await;
    let drift = Drift::new();
    let client = watched(&server, &drift).strict();
    assert!(client.domestic_chart().stock_daily_chart(&chart()).await.is_err());
    assert!(drift.report().contains(r#"{"field": "stk_dt_pole_chart_qry.cur_prc", "doubt": "misfit", "count": 1}"#));
}

/// A record that is the reply itself, without a list: absent fields count where others came.
#[tokio::test]
async fn a_reply_without_a_list_misses_fields_too() {
    use kiwoom_api::domestic::stock::StockBasicInfo;
    let server = TestServer::start(
        Script::signed_in().json(r#"{"stk_cd":"005930","return_code":0}"#).json(r#"{"return_code":0}"#),
    )
    .await;
    let drift = Drift::new();
    let client = watched(&server, &drift);
    for _ in 0..2 {
        client.domestic_stock().stock_basic_info(&StockBasicInfo::new("005930")).await.unwrap();
    }
    let report: serde_json::Value = serde_json::from_str(&drift.report()).unwrap();
    let missing = report["apis"][0]["missing"].as_array().unwrap();
    assert!(missing.len() > 30 && missing.iter().all(|field| field["count"] == 1), "{missing:?}");
    assert!(!missing.iter().any(|field| field["field"] == "stk_cd"));
}

#[test]
fn a_report_is_written_whole() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("drift.json");
    let drift = Drift::new();
    drift.write(&path).unwrap();
    drift.write(&path).unwrap();
    assert_eq!(std::fs::read_to_string(&path).unwrap(), drift.report());
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing stays beside it");
    assert!(drift.write(folder.path().join("none/drift.json")).is_err());
}
