//! Charts, quotes and the book tell of one market.

use kiwoom_api::Limits;
use kiwoom_api::codes::{Adjust, MinuteCount};
use kiwoom_api::id::{ka10001, ka10003, ka10004, ka10080, ka10081};
use kiwoom_api::value::Decimal;
use kiwoom_sim::Sim;

#[tokio::test]
async fn minutes_days_trades_and_quotes_agree() {
    for seed in 0..2 {
        // without quotas nobody waits, so that no time passes between two calls
        let sim = Sim::builder().seed(seed).without_quotas().start().await.unwrap();
        let client = sim.client_builder().limits(Limits::unlimited()).build().unwrap().strict();
        for code in ["005930", "069500", "00680K"] {
            let minutes = client
                .rows(ka10080::Request::new(code, MinuteCount::Minutes1, Adjust::Adjusted))
                .collect()
                .await
                .unwrap()
                .complete()
                .unwrap()
                .rows;
            let days = client
                .rows(ka10081::Request::new(code, client.today(), Adjust::Adjusted))
                .collect()
                .await
                .unwrap()
                .complete()
                .unwrap()
                .rows;
            assert!(days.len() > 600, "{}", days.len());
            let info = client.call(&ka10001::Request::new(code)).await.unwrap();
            let trades = client.rows(ka10003::Request::new(code)).collect().await.unwrap().complete().unwrap().rows;
            // today and nine days before
            for day in &days[..10] {
                let inside: Vec<_> = minutes.iter().filter(|bar| bar.cntr_tm.map(|at| at.date()) == day.dt).collect();
                assert!(inside.len() > 30, "{:?}: {}", day.dt, inside.len());
                assert_eq!(day.trde_qty, Some(inside.iter().filter_map(|bar| bar.trde_qty).sum()));
                assert_eq!(
                    day.high_pric.map(|p| p.amount),
                    inside.iter().filter_map(|b| b.high_pric).map(|p| p.amount).max()
                );
                assert_eq!(
                    day.low_pric.map(|p| p.amount),
                    inside.iter().filter_map(|b| b.low_pric).map(|p| p.amount).min()
                );
                assert_eq!(day.cur_prc, inside[0].cur_prc);
                assert_eq!(day.open_pric, inside[inside.len() - 1].open_pric);
            }
            // the change is against the close of the day before
            for pair in days[..100].windows(2) {
                let previous = pair[0].cur_prc.unwrap().amount - pair[0].pred_pre.unwrap();
                assert_eq!(previous, pair[1].cur_prc.unwrap().amount, "{:?}", pair[0].dt);
            }
            assert_eq!(info.cur_prc, days[0].cur_prc);
            assert_eq!(info.trde_qty, days[0].trde_qty);
            assert_eq!(info.pred_pre, days[0].pred_pre);
            assert_eq!(Some(trades.iter().map(|t| t.cntr_trde_qty.unwrap().qty).sum::<i64>()), days[0].trde_qty);
            assert_eq!(trades[0].cur_prc, info.cur_prc);
        }
    }
}

#[tokio::test]
async fn the_book_stands_around_the_last_price() {
    let sim = Sim::start().await.unwrap();
    let client = sim.client().unwrap().strict();
    let book = client.call(&ka10004::Request::new("005930")).await.unwrap();
    let (ask, bid) = (book.asks[0].price.unwrap().amount, book.bids[0].price.unwrap().amount);
    assert!(bid < ask && ask - bid <= Decimal::from(2_000), "{bid} {ask}");
    assert!(book.asks[9].price.unwrap().amount > ask && book.bids[9].price.unwrap().amount < bid);
}

#[tokio::test]
async fn an_unknown_code_gives_a_blank_success() {
    let sim = Sim::start().await.unwrap();
    let client = sim.client().unwrap();
    let got = client.rows(ka10081::Request::new("012510", client.today(), Adjust::Adjusted)).collect().await.unwrap();
    // one row whose fields are all blank, not zero: a walk does not count it as data
    assert_eq!((got.rows.len(), got.blank_rows), (0, 1), "{:?}", got.rows);
    assert!(client.call(&ka10001::Request::new("012510")).await.unwrap().is_blank());
    assert!(client.call(&ka10004::Request::new("012510")).await.unwrap().is_blank());
    // a reply of zeros would look like a stock without a market
    let call = client.call_raw("ka10001", "/api/dostk/stkinfo", r#"{"stk_cd":"012510"}"#).read();
    let json: serde_json::Value = serde_json::from_str(call.await.unwrap().text()).unwrap();
    let scalars = json.as_object().unwrap().iter().filter(|(key, _)| !key.starts_with("return_"));
    assert!(scalars.clone().count() > 20 && scalars.clone().all(|(_, value)| value == ""), "{json}");
}

/// Rows of a chart, all pages, as JSON.
async fn rows(client: &kiwoom_api::Client, id: &str, body: String) -> Vec<serde_json::Value> {
    let entry = kiwoom_api::registry::find(id).unwrap();
    let (mut all, mut next) = (Vec::new(), None);
    loop {
        let mut call = client.call_raw(id, entry.meta.path, body.as_str()).read();
        if let Some(next) = next.take() {
            call = call.continue_from(next);
        }
        let reply = call.await.unwrap();
        let json: serde_json::Value = serde_json::from_str(reply.text()).unwrap();
        let list = json.as_object().unwrap().values().rfind(|value| value.is_array()).unwrap();
        all.extend(list.as_array().unwrap().iter().cloned());
        next = reply.continuation().cloned();
        if next.is_none() {
            return all;
        }
    }
}

fn number(row: &serde_json::Value, key: &str) -> Decimal {
    row[key].as_str().unwrap().trim().trim_start_matches(['+', '-']).parse().unwrap_or_else(|_| panic!("{key}: {row}"))
}

#[tokio::test]
async fn charts_of_all_markets_and_lengths_agree() {
    let sim = Sim::builder().without_quotas().start().await.unwrap();
    let client = sim.client_builder().limits(Limits::unlimited()).build().unwrap();
    let us = r#""stex_tp":"ND","stk_cd":"NVDA","strt_dt":"20240101","upd_stkpc_tp":"1","exrt_appl_tp":"0""#;
    let index = r#""inds_cd":"001","base_dt":"20260706""#;
    let stock = r#""stk_cd":"005930","base_dt":"20260706","upd_stkpc_tp":"1""#;
    let gold = r#""stk_cd":"M04020000","base_dt":"20260706","upd_stkpc_tp":"1""#;
    for (day, body, volume, minute, minute_body, longer) in [
        ("ka10081", stock, "trde_qty", "ka10080", stock, &["ka10082", "ka10083", "ka10094"][..]),
        ("ka20006", index, "trde_qty", "ka20005", index, &["ka20007", "ka20008", "ka20019"]),
        ("ka50081", gold, "acc_trde_qty", "ka50080", r#""stk_cd":"M04020000","upd_stkpc_tp":"1""#, &[]),
        ("usa06012", us, "acc_trde_qty", "usa06011", us, &["usa06013", "usa06014", "usa06015", "usa06016"]),
    ] {
        let days = rows(&client, day, format!("{{{body}}}")).await;
        assert!(days.len() > 550, "{day}: {}", days.len());
        let minutes = rows(&client, minute, format!(r#"{{{minute_body},"tic_scope":"5"}}"#)).await;
        for of_day in &days[..5] {
            let date = of_day["dt"].as_str().unwrap();
            let inside = minutes.iter().filter(|bar| bar["cntr_tm"].as_str().unwrap().starts_with(date));
            let inside: Vec<_> = inside.collect();
            assert!(inside.len() > 5, "{minute} {date}");
            assert_eq!(number(of_day, volume), inside.iter().map(|bar| number(bar, "trde_qty")).sum(), "{day} {date}");
            assert_eq!(number(of_day, "cur_prc"), number(inside[0], "cur_prc"));
            assert_eq!(Some(number(of_day, "high_pric")), inside.iter().map(|bar| number(bar, "high_pric")).max());
        }
        let total: Decimal = days.iter().map(|row| number(row, volume)).sum();
        for id in longer {
            let periods = rows(&client, id, format!("{{{body}}}")).await;
            assert!(periods.len() > 2 && periods.len() < days.len() / 4, "{id}: {}", periods.len());
            assert_eq!(periods.iter().map(|row| number(row, volume)).sum::<Decimal>(), total, "{id}");
            assert_eq!(number(&periods[0], "cur_prc"), number(&days[0], "cur_prc"));
            assert_eq!(number(periods.last().unwrap(), "open_pric"), number(days.last().unwrap(), "open_pric"));
        }
    }
}
