//! Bars, a chart, ten trades, an order, its fill and the balance: `cargo run --example quickstart`.
//!
//! It starts the simulator in its own process, so it needs no keys, no account and no market hours. The same program talks to
//! the broker's mock server with `KIWOOM_SERVER=mock` and the keys of your mock account in `KIWOOM_APP_KEY` and
//! `KIWOOM_SECRET_KEY`. It never talks to the real server, because it places an order without asking.

pub mod chart;

use std::error::Error;
use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;
use std::time::Duration;

use chart::{Candle, Look, grouped};
use kiwoom_api::codes::{Adjust, BalanceVenue};
use kiwoom_api::domestic::account::codes::{BalanceDetail, DepositQuery};
use kiwoom_api::domestic::account::{BalanceValuation, DepositDetail};
use kiwoom_api::domestic::chart::{StockDailyChart, StockDailyChartRow};
use kiwoom_api::domestic::realtime::StockTrade;
use kiwoom_api::order::{LiveEvent, Order};
use kiwoom_api::realtime::{Event, Item};
use kiwoom_api::value::Decimal;
use kiwoom_api::{Client, Credentials, Language, Outcome, Server, need};
use kiwoom_sim::Sim;
use tokio::time::timeout;

const CODE: &str = "005930";

/// So long a market that is open may be quiet.
const PATIENCE: Duration = Duration::from_secs(30);

#[tokio::main]
async fn main() -> ExitCode {
    let out = io::stdout();
    let look = match (out.is_terminal(), std::env::var_os("NO_COLOR")) {
        (true, None) => Look::Coloured,
        (true, Some(_)) => Look::Unicode,
        (false, _) => Look::Plain,
    };
    let asked = std::env::var_os("KIWOOM_SERVER").unwrap_or_default();
    let done = match place(&asked.to_string_lossy()) {
        Ok(Place::Simulator) => simulated(out, look).await,
        Ok(Place::Mock) => mock(out, look).await,
        Err(problem) => Err(problem.into()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        // whoever reads has read enough
        Err(error) if is_broken_pipe(&*error) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Where the tour goes.
#[derive(Debug, PartialEq, Eq)]
pub enum Place {
    /// A simulator in this process.
    Simulator,
    /// The broker's mock server.
    Mock,
}

/// What `KIWOOM_SERVER` asks for. The real server is no place for a tour.
pub fn place(asked: &str) -> Result<Place, String> {
    match asked {
        "" => Ok(Place::Simulator),
        "mock" => Ok(Place::Mock),
        _ => Err(format!("KIWOOM_SERVER is {asked:?}: set it to mock, or unset it for the simulator")),
    }
}

fn is_broken_pipe(error: &(dyn Error + 'static)) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}

/// The tour at the broker's mock server.
async fn mock(mut out: impl Write, look: Look) -> Result<(), Box<dyn Error>> {
    writeln!(out, "The broker's mock server: real prices, no real money")?;
    tour(&Client::new(Server::Mock, Credentials::from_env()?)?, out, look).await
}

/// The tour in a simulator of its own, ten times as fast as the wall.
pub async fn simulated(mut out: impl Write, look: Look) -> Result<(), Box<dyn Error>> {
    let sim = Sim::builder().speed(10.0).start().await?;
    writeln!(out, "The simulator, at {}: made-up prices, no real money", sim.url())?;
    tour(&sim.client()?, out, look).await?;
    Ok(sim.audit()?)
}

/// Everything that this program shows, whoever answers.
pub async fn tour(client: &Client, mut out: impl Write, look: Look) -> Result<(), Box<dyn Error>> {
    bars(client, &mut out, look).await?;
    trades(client, &mut out).await?;
    order(client, &mut out).await?;
    balance(client, &mut out).await
}

/// The last 60 days as candles, the last five as a table.
async fn bars(client: &Client, out: &mut impl Write, look: Look) -> Result<(), Box<dyn Error>> {
    let request = StockDailyChart::new(CODE, client.today(), Adjust::Adjusted);
    let mut days = client.rows(&request).limit_rows(60).collect().await?.exact()?.rows;
    // a day on which nothing has traded yet has no prices
    days.retain(|day| day.trde_qty != Some(0));
    // the broker sends the newest first
    days.reverse();
    writeln!(out, "\nDaily bars of {CODE}, in won\n")?;
    writeln!(out, "date          open     high      low    close      volume")?;
    for day in &days[days.len().saturating_sub(5)..] {
        let (date, volume) = need!(day => dt, trde_qty)?;
        let Candle { open, high, low, close } = candle(day)?;
        let [open, high, low, close] = [open, high, low, close].map(grouped);
        writeln!(out, "{date} {open:>8} {high:>8} {low:>8} {close:>8} {:>11}", grouped(volume))?;
    }
    writeln!(out)?;
    let candles = days.iter().map(candle).collect::<Result<Vec<_>, _>>()?;
    for line in chart::lines(&candles, 12, look) {
        writeln!(out, "{line}")?;
    }
    Ok(())
}

fn candle(day: &StockDailyChartRow) -> Result<Candle, kiwoom_api::Error> {
    let (open, high, low, close) = need!(day => open_pric, high_pric, low_pric, cur_prc)?;
    let [open, high, low, close] = [open, high, low, close].map(|price| price.won().unwrap_or_default());
    Ok(Candle { open, high, low, close })
}

/// Ten trades as they happen.
async fn trades(client: &Client, out: &mut impl Write) -> Result<(), Box<dyn Error>> {
    let mut feed = client.realtime().topic::<StockTrade>([CODE]).open().await?;
    writeln!(out, "\nTen trades, live\n")?;
    let mut seen = 0;
    while seen < 10 {
        let Ok(item) = timeout(PATIENCE, feed.next()).await else {
            writeln!(out, "nothing traded for {} s; the market is open from 09:00 to 15:30", PATIENCE.as_secs())?;
            return Ok(());
        };
        match item {
            Some(Item::Push(push)) => {
                let Some(trade) = push.of::<StockTrade>() else { continue };
                let (time, price, size) = need!(trade => time, price, trade_qty)?;
                // ▲ and ▼ against yesterday's close
                writeln!(out, "{time} {price:#} {size:#}")?;
                seen += 1;
            }
            Some(Item::Event(Event::Connected)) => {}
            Some(Item::Event(event)) => writeln!(out, "{event}")?,
            Some(_) => {}
            None => return Err("the feed ended".into()),
        }
    }
    Ok(())
}

/// Ten shares at the market, until the order is done.
async fn order(client: &Client, out: &mut impl Write) -> Result<(), Box<dyn Error>> {
    // watch first, and only then trade
    let live = client.orders().live().await?;
    let mut events = live.events();
    writeln!(out, "\nA market order for 10 shares\n")?;
    let order = match live.submit(Order::buy(CODE).market().qty(10)).await {
        Outcome::Accepted(order) => order,
        Outcome::Rejected(rejection) => {
            writeln!(out, "refused: {}", rejection.into_error().explain(Language::English))?;
            return Ok(());
        }
        // `?` cannot lose the order whose fate is unknown: this case has to be written
        Outcome::Unknown(unknown) => return Err(unknown.into_error().into()),
        Outcome::NotSent(error) => return Err(error.into()),
    };
    writeln!(out, "placed under the number {}", order.number)?;
    loop {
        match timeout(PATIENCE, events.next()).await {
            Ok(Some(LiveEvent::Filled { fill, order })) => {
                let price = fill.price.unwrap_or_default();
                writeln!(out, "filled {} at {}, {} left", fill.qty, won(price), order.remaining)?;
                if order.is_done() {
                    return Ok(());
                }
            }
            Ok(Some(_)) => {}
            Ok(None) | Err(_) => {
                let cancelled = live.cancel_rest(&order).await;
                writeln!(out, "not filled in {} s: {} cancelled", PATIENCE.as_secs(), cancelled.len())?;
                return Ok(());
            }
        }
    }
}

/// What the account holds now.
async fn balance(client: &Client, out: &mut impl Write) -> Result<(), Box<dyn Error>> {
    let request = BalanceValuation::new(BalanceDetail::Individual, BalanceVenue::Krx);
    let balance = client.rows(&request).collect().await?.complete()?.exact()?;
    writeln!(out, "\nThe account\n")?;
    for position in &balance {
        let (code, qty, price, profit) = need!(position => stk_cd, rmnd_qty, cur_prc, evltv_prft)?;
        let worth = won(price.amount * Decimal::from(qty));
        writeln!(out, "{code}: {qty} shares worth {worth} won, profit {} won after fees and tax", won(profit))?;
    }
    let deposit = client.call(&DepositDetail::new(DepositQuery::Estimated)).await?.exact()?;
    writeln!(out, "cash for orders: {} won", won(need!(deposit => ord_alow_amt)?))?;
    Ok(())
}

/// `735,000`.
fn won(amount: Decimal) -> String {
    i64::try_from(amount).map_or_else(|_| amount.to_string(), grouped)
}
