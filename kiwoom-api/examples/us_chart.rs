//! Daily bars of a US stock since a day (usa06012), as `f64` for an indicator, and the money that changed hands.
//!
//! The day is a lower bound; domestic charts take an upper one. Offline: `cargo run -p kiwoom-api --example us_chart`.

mod support;

use jiff::civil::date;
use kiwoom_api::codes::{Adjust, UsExchange};
use kiwoom_api::us::chart::DailyChart;
use kiwoom_api::value::{Date, Decimal, Price};
use kiwoom_api::{Client, Error, id, need};

/// A day's close and traded value in dollars.
#[derive(Debug, PartialEq)]
struct Day {
    date: Date,
    close: f64,
    value: Decimal,
}

/// Oldest first.
async fn days(client: &Client, symbol: &str, since: Date) -> Result<Vec<Day>, Error> {
    let request = DailyChart::new(UsExchange::Nasdaq, symbol, since).upd_stkpc_tp(Adjust::Adjusted);
    let chart = client.rows(&request).collect().await?.complete()?.exact()?;
    let mut days = Vec::new();
    for row in chart.rows.iter().rev() {
        let (date, close, value) = need!(row => dt, cur_prc, acc_trde_prica)?;
        // dollars, because the request did not ask for the exchange rate
        days.push(Day { date, close: close.to_f64(), value: value.as_usd() });
    }
    Ok(days)
}

/// Asks the broker of this file, prints, and asserts what it prints.
#[tokio::main]
pub async fn main() -> Result<(), Error> {
    let client = support::client(broker).await?;
    let days = days(&client, "NVDA", date(2026, 6, 22)).await?;
    for Day { date, close, value } in &days {
        println!("{date}: {close:.4}, {value} USD");
    }
    let mean = days.iter().map(|day| day.close).sum::<f64>() / days.len() as f64;
    println!("mean close: {mean:.4}");

    let day = |day, close, value: i64| Day { date: date(2026, 6, day), close, value: value.into() };
    assert_eq!(days, [day(22, 208.65, 31_000_000), day(23, 200.04, 39_000_000), day(24, 201.3612, 86_910)]);
    assert!((mean - 203.3504).abs() < 1e-9);
    Ok(())
}

fn broker(asked: &support::Asked) -> support::Answer {
    use id::usa06012::{Reply, Row};

    assert_eq!(asked.api, "usa06012");
    assert_eq!((asked.field("stex_tp"), asked.field("stk_cd"), asked.field("strt_dt")), ("ND", "NVDA", "20260622"));
    assert_eq!((asked.field("upd_stkpc_tp"), asked.field("exrt_appl_tp")), ("1", "0"));
    let row = |day, close: Decimal, value: i64| Row {
        dt: Some(date(2026, 6, day)),
        cur_prc: Some(Price::plain(close)),
        acc_trde_prica: Some(value.into()),
        ..Row::default()
    };
    let rows = vec![
        row(24, Decimal::new(2_013_612, 4), 86_910),
        row(23, Decimal::new(20_004, 2), 39_000_000),
        row(22, Decimal::new(20_865, 2), 31_000_000),
    ];
    support::Answer::last(&Reply { result_list: rows, ..Reply::default() })
}
