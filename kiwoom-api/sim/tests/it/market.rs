//! Charts, quotes and the book tell of one market.

use kiwoom_api::Limits;
use kiwoom_api::codes::{Adjust, MinuteCount};
use kiwoom_api::id::{ka10001, ka10003, ka10004, ka10080, ka10081};
use kiwoom_api::value::Decimal;
use kiwoom_sim::Sim;

#[tokio::test]
async fn minutes_days_trades_and_quotes_agree() {
    for seed in 0..3 {
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
    assert!(got.rows.iter().all(|row| row.cur_prc.is_none() && row.dt.is_none()), "{:?}", got.rows);
}
