//! Two years of adjusted daily bars of 300 stocks (ka10081), with progress and the time to finish.
//!
//! Each stock is one walk over pages: it ends where the two years do, so that one page is enough where one page holds them. A
//! stock that fails is one error in a list, not the end of the work. Offline:
//! `cargo run -p kiwoom-api --example back_fill`.

mod support;

use std::fmt;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use jiff::ToSpan;
use jiff::civil::{Weekday, date};
use kiwoom_api::codes::Adjust;
use kiwoom_api::domestic::chart::StockDailyChart;
use kiwoom_api::value::{Date, Decimal, Price, StockCode};
use kiwoom_api::{Client, Error, Limits, Rate, id, need};
use tokio::task::JoinSet;

/// Walks at a time: enough to use the whole rate while replies are on their way. The client paces them.
const AT_ONCE: usize = 16;

/// Closing prices of one stock, oldest first.
struct Series {
    code: StockCode,
    closes: Vec<(Date, Decimal)>,
}

/// What a back-fill brought.
#[derive(Default)]
struct Filled {
    series: Vec<Series>,
    /// No such stock, or no trade in all the time.
    empty: Vec<StockCode>,
    failed: Vec<(StockCode, Error)>,
}

async fn back_fill(client: &Client, codes: &[StockCode], since: Date, today: Date) -> Filled {
    let mut filled = Filled::default();
    let mut progress = Progress::new(codes.len());
    let mut codes = codes.iter().copied();
    let mut running = JoinSet::new();
    loop {
        while running.len() < AT_ONCE
            && let Some(code) = codes.next()
        {
            let client = client.clone();
            running.spawn(async move { (code, closes(&client, code, since, today).await) });
        }
        let Some(done) = running.join_next().await else { return filled };
        match done.expect("no walk panics") {
            (code, Ok(closes)) if closes.is_empty() => filled.empty.push(code),
            (code, Ok(closes)) => filled.series.push(Series { code, closes }),
            (code, Err(error)) => filled.failed.push((code, error)),
        }
        progress.done += 1;
        if progress.done.is_multiple_of(50) {
            let waiting = client.usage().waiting();
            println!("{progress}; {waiting} wait for their turn");
        }
    }
}

async fn closes(client: &Client, code: StockCode, since: Date, today: Date) -> Result<Vec<(Date, Decimal)>, Error> {
    let request = StockDailyChart::new(code, today, Adjust::Adjusted);
    let got = client.rows(&request).until(|row| row.dt.is_some_and(|day| day < since)).collect().await?;
    let mut closes = Vec::with_capacity(got.rows.len());
    for row in got.complete()?.exact()? {
        let (day, close) = need!(row => dt, cur_prc)?;
        closes.push((day, close.amount));
    }
    closes.reverse();
    Ok(closes)
}

/// How far the work is.
struct Progress {
    done: usize,
    total: usize,
    since: Instant,
}

impl Progress {
    fn new(total: usize) -> Progress {
        Progress { done: 0, total, since: Instant::now() }
    }

    /// If the rest takes as long as what is done, one by one.
    fn left(&self) -> Duration {
        let each = self.since.elapsed().as_secs_f64() / self.done.max(1) as f64;
        Duration::from_secs_f64(each * (self.total - self.done) as f64)
    }
}

impl fmt::Display for Progress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Progress { done, total, since } = self;
        let rate = *done as f64 / since.elapsed().as_secs_f64();
        write!(f, "{done} of {total} stocks, {rate:.1} a second, {:.1?} to finish", self.left())
    }
}

const TODAY: Date = date(2026, 7, 3);
const SINCE: Date = date(2024, 7, 3);

/// Asks the broker of this file, prints, and asserts what it prints.
#[tokio::main]
pub async fn main() -> Result<(), Error> {
    // so that nobody waits a minute here: the broker takes 5 a second
    let limits = Limits::unlimited().api("ka10081", Rate::per_second(100));
    let client = support::limited(broker, limits).await?;
    let codes: Vec<StockCode> =
        (0..300).map(|number| format!("{:06}", 100_000 + 10 * number).as_str().into()).collect();
    let filled = back_fill(&client, &codes, SINCE, TODAY).await;
    let bars: usize = filled.series.iter().map(|series| series.closes.len()).sum();
    println!("{} stocks, {bars} bars", filled.series.len());
    for (code, error) in &filled.failed {
        println!("{code} failed: {error}");
    }

    let usage = client.usage();
    let calls = usage.api("ka10081").expect("it was called");
    assert_eq!((calls.sent, calls.refused, calls.waiting), (300, 0, 0), "one page each");
    assert_eq!((filled.series.len(), bars), (298, 298 * 523));
    for Series { code, closes } in &filled.series {
        let ends = (closes.first().map(|(day, _)| *day), closes.last().map(|(day, _)| *day));
        assert_eq!(ends, (Some(SINCE), Some(TODAY)), "{code}");
    }
    assert_eq!(filled.empty, [StockCode::from("100010")], "an unknown code is answered with a blank row");
    assert_eq!(filled.failed.len(), 1);
    assert!(filled.failed[0].0 == "100020" && filled.failed[0].1.is_market_closed());
    Ok(())
}

/// 600 weekdays a page, newest first; there is more, and nobody asks for it.
fn broker(asked: &support::Asked) -> support::Answer {
    use id::ka10081::{Reply, Row};

    assert_eq!((asked.api.as_str(), asked.next_key.as_deref()), ("ka10081", None), "one page is enough");
    assert_eq!((asked.field("base_dt"), asked.field("upd_stkpc_tp")), ("20260703", "1"));
    match asked.field("stk_cd") {
        "100010" => support::Answer::last(&Reply { stk_dt_pole_chart_qry: vec![Row::default()], ..Reply::default() }),
        "100020" => support::Answer::refused(20, "[2000](RC4058:모의투자 장종료)"),
        _ => {
            static PAGE: OnceLock<support::Answer> = OnceLock::new();
            let page = || {
                let days = TODAY.series(-1.day());
                let open = days.filter(|day| !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday));
                let row = |day| Row { dt: Some(day), cur_prc: Some(Price::plain(70_100)), ..Row::default() };
                let rows = open.take(600).map(row).collect();
                support::Answer::more(&Reply { stk_dt_pole_chart_qry: rows, ..Reply::default() }, "page-2")
            };
            PAGE.get_or_init(page).clone()
        }
    }
}
