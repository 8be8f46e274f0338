//! What one condition search finds: rows with prices, page by page.

use std::collections::BTreeSet;
use std::future::poll_fn;

use rust_decimal::Decimal;

use super::engine::Key;
use super::event::{Closed, Event};
use super::feed::Feed;
use super::queue::{Item, Stored};
use super::symbol::Symbol;
use crate::error::{Error, Kind};
use crate::language::{Both, both};
use crate::record::{Dir, Keys, Num, Record, Slot};
use crate::value::{Percent, Price, StockCode};

/// A symbol that meets a condition: a row of [`Conditions::search`](super::Conditions::search).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Match {
    /// Its bare code, ready for a subscription; a US one with its exchange.
    pub symbol: Symbol,
    /// Its name.
    pub name: String,
    /// Current price: won, or USD.
    pub price: Option<Price>,
    /// Change since the previous close.
    pub change: Option<Decimal>,
    /// The same in percent.
    pub change_rate: Option<Percent>,
    /// Cumulative volume. Unit: shares.
    pub volume: Option<i64>,
    /// Open.
    pub open: Option<Price>,
    /// High.
    pub high: Option<Price>,
    /// Low.
    pub low: Option<Price>,
}

/// One answer to a search.
#[derive(Clone, Debug, Default)]
pub(super) struct Page {
    pub rows: Vec<Row>,
    /// What to ask for next, if there is more.
    pub next: Option<String>,
}

/// A row as it comes: a search that goes on has `jmcode`, one that is asked once has FIDs.
#[derive(Clone, Debug, Default)]
pub(super) struct Row {
    code: String,
    symbol: String,
    exchange: String,
    name: String,
    price: Option<Price>,
    change: Option<Decimal>,
    change_rate: Option<Percent>,
    volume: Option<i64>,
    open: Option<Price>,
    high: Option<Price>,
    low: Option<Price>,
}

/// Rows of one market: the US writes percent plainly, the domestic market times 1,000 (`BEHAVIOUR.md` C3).
#[derive(Default)]
pub(super) struct MarketRow<const US: bool>(pub Row);

impl<const US: bool> Record for MarketRow<US> {
    fn keys(&self) -> &'static Keys {
        &Keys {
            api: "",
            record: "MarketRow",
            names: &[
                "\"9001\":",
                "\"302\":",
                "\"10\":",
                "\"25\":",
                "\"11\":",
                "\"12\":",
                "\"13\":",
                "\"16\":",
                "\"17\":",
                "\"18\":",
                "\"jmcode\":",
                "\"stex_tp\":",
            ],
        }
    }

    fn slot(&mut self, index: usize) -> Slot<'_> {
        const PRICE: Dir = Dir { scale: 0, documented: false };
        let row = &mut self.0;
        match index {
            0 => Slot::Text(&mut row.symbol),
            1 => Slot::Text(&mut row.name),
            2 => Slot::Price(&mut row.price, PRICE),
            3 => Slot::Const(""),
            4 => Slot::Decimal(&mut row.change, Num::PLAIN),
            5 => Slot::Percent(&mut row.change_rate, if US { Num::PLAIN } else { Num::scaled(3) }),
            6 => Slot::Count(&mut row.volume, Num::PLAIN),
            7 => Slot::Price(&mut row.open, PRICE),
            8 => Slot::Price(&mut row.high, PRICE),
            9 => Slot::Price(&mut row.low, PRICE),
            10 => Slot::Text(&mut row.code),
            _ => Slot::Text(&mut row.exchange),
        }
    }
}

impl Row {
    /// The code as it came.
    pub fn raw(&self) -> &str {
        if self.code.is_empty() { &self.symbol } else { &self.code }
    }

    /// Of a search that goes on, which names its codes in another way.
    #[cfg(any(feature = "record", feature = "testing"))]
    pub fn is_of_watch(&self) -> bool {
        !self.code.is_empty()
    }
}

/// A code without the letter that first results have in front (`BEHAVIOUR.md` C2).
pub(super) fn bare(code: &str, us: bool) -> String {
    let code = code.trim();
    match StockCode::with_prefix(code) {
        Ok(bare) if !us => bare.as_str().to_owned(),
        _ => code.to_owned(),
    }
}

impl Match {
    fn of(row: Row, us: bool) -> Match {
        let code = bare(row.raw(), us);
        let symbol = match (us, row.exchange.trim()) {
            (false, _) => Symbol::from(code),
            (true, "NY") => Symbol::nyse(&code),
            (true, "NA") => Symbol::amex(&code),
            (true, _) => Symbol::nasdaq(&code),
        };
        Match {
            symbol,
            name: row.name,
            price: row.price,
            change: row.change,
            change_rate: row.change_rate,
            volume: row.volume,
            open: row.open,
            high: row.high,
            low: row.low,
        }
    }
}

/// More pages than that are a loop.
const PAGES: usize = 1_000;

/// All pages of one search; `ask` begins the subscription of one of them.
pub(super) async fn all(
    us: bool,
    topic: &'static str,
    number: &str,
    ask: impl Fn(Key) -> Result<Feed, Error>,
) -> Result<Vec<Match>, Error> {
    let (mut matches, mut asked, mut next) = (Vec::new(), BTreeSet::new(), String::new());
    // the last page holds the connection until the next one is asked for
    let mut held = None;
    loop {
        let mut feed = ask(Key::once(topic, number, &next))?;
        let page = page(&mut feed).await?;
        drop(held.replace(feed));
        matches.extend(page.rows.into_iter().map(|row| Match::of(row, us)));
        asked.insert(std::mem::take(&mut next));
        match page.next {
            None => return Ok(matches),
            Some(key) if asked.contains(&key) || asked.len() >= PAGES => {
                return Err(wrong(both!(
                    "condition search {number}: the pages do not end (narrow the condition)",
                    "조건검색 {number}: 페이지가 끝나지 않습니다 (조건을 좁히세요)"
                )));
            }
            Some(key) => next = key,
        }
    }
}

async fn page(feed: &mut Feed) -> Result<Page, Error> {
    loop {
        match poll_fn(|context| feed.poll_entry(context)).await {
            Some(Stored::Page(page)) => return Ok(page),
            Some(Stored::Item(Item::Event(event @ (Event::Rejected { .. } | Event::SlotsFull { .. })))) => {
                let event = event.both();
                return Err(wrong(both!("condition search: {event}", "조건검색: {event}", event)));
            }
            Some(Stored::Item(Item::Event(Event::Closed { why }))) => return Err(wrong(why.both())),
            Some(_) => {}
            None => {
                return Err(wrong(Closed::RuntimeEnded.both()));
            }
        }
    }
}

fn wrong(what: Both) -> Error {
    Error::new(Kind::Realtime(what))
}
