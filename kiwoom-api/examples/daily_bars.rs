//! Adjusted daily bars of a stock back to a day (ka10081), over all pages it takes, oldest first.
//!
//! Adjusted history starts today and goes on by continuation key: asking again with an earlier `base_dt` would give prices
//! from before a split unadjusted. Offline: `cargo run -p kiwoom-api --example daily_bars`.

mod support;

use jiff::ToSpan;
use jiff::civil::date;
use kiwoom_api::codes::Adjust;
use kiwoom_api::domestic::chart::StockDailyChart;
use kiwoom_api::value::{Date, Decimal, MillionWon, Price, StockCode};
use kiwoom_api::{Client, Error, id, need};

#[derive(Debug, PartialEq)]
struct Bar {
    date: Date,
    open: Decimal,
    high: Decimal,
    low: Decimal,
    close: Decimal,
    volume: i64,
}

/// From `since` to `today`, oldest first.
async fn bars(client: &Client, code: StockCode, since: Date, today: Date) -> Result<Vec<Bar>, Error> {
    let request = StockDailyChart::new(code, today, Adjust::Adjusted);
    let got = client.rows(&request).until(|row| row.dt.is_some_and(|day| day < since)).collect().await?;
    let mut bars = Vec::new();
    for row in got.complete()?.exact()? {
        let (date, open, high, low) = need!(row => dt, open_pric, high_pric, low_pric)?;
        let (close, volume) = need!(row => cur_prc, trde_qty)?;
        bars.push(Bar { date, open: open.amount, high: high.amount, low: low.amount, close: close.amount, volume });
    }
    bars.reverse();
    Ok(bars)
}

const TODAY: Date = date(2026, 7, 3);

/// Asks the broker of this file, prints, and asserts what it prints.
#[tokio::main]
pub async fn main() -> Result<(), Error> {
    let client = support::client(broker).await?;
    let bars = bars(&client, "005930".into(), date(2026, 6, 30), TODAY).await?;
    for Bar { date, open, high, low, close, volume } in &bars {
        println!("{date},{open},{high},{low},{close},{volume}");
    }

    let dates: Vec<i8> = bars.iter().map(|bar| bar.date.day()).collect();
    assert_eq!(dates, [30, 1, 2, 3], "nothing before the day, and no page after it");
    let last = Bar {
        date: TODAY,
        open: 69_800.into(),
        high: 70_500.into(),
        low: 69_600.into(),
        close: 70_100.into(),
        volume: 9_263_135,
    };
    assert_eq!(bars.last(), Some(&last));

    let gone = self::bars(&client, "999999".into(), TODAY, TODAY).await?;
    assert_eq!(gone, [], "an unknown code is answered with a blank row, which is no bar");
    Ok(())
}

/// Two days a page, newest first.
fn broker(asked: &support::Asked) -> support::Answer {
    use id::ka10081::{Reply, Row};

    assert_eq!(asked.api, "ka10081");
    assert_eq!((asked.field("base_dt"), asked.field("upd_stkpc_tp")), ("20260703", "1"));
    if asked.field("stk_cd") != "005930" {
        return support::Answer::last(&Reply { stk_dt_pole_chart_qry: vec![Row::default()], ..Reply::default() });
    }
    let row = |back: i32| Row {
        dt: Some(TODAY - back.days()),
        open_pric: Some(Price::plain(69_800)),
        high_pric: Some(Price::plain(70_500)),
        low_pric: Some(Price::plain(69_600)),
        cur_prc: Some(Price::plain(70_100 - 100 * back)),
        trde_qty: Some(9_263_135),
        trde_prica: Some(MillionWon::from(648_525)),
        ..Row::default()
    };
    let page = |first: i32| Reply {
        stk_cd: Some("005930".into()),
        stk_dt_pole_chart_qry: vec![row(first), row(first + 1)],
        ..Reply::default()
    };
    match asked.next_key.as_deref() {
        None => support::Answer::more(&page(0), "A00593020260701"),
        Some("A00593020260701") => support::Answer::more(&page(2), "A00593020260629"),
        Some("A00593020260629") => support::Answer::more(&page(4), "A00593020260627"),
        Some(other) => unreachable!("nobody asks for the page {other}"),
    }
}
