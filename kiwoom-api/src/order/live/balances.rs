//! What the account holds, kept up to date by the pushes of `04` and by all pages of `kt00018`.
//!
//! `Holdings` decides: it is told what came, and when. The rest is one task that reads.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::civil::Date;
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::domestic::plain_code;
use super::setup::EVERY;
use super::stream::lock;
use crate::codes::{BalanceDetail, BalanceVenue};
use crate::domestic::account::{BalanceValuation, BalanceValuationRow};
use crate::domestic::realtime::AccountBalance;
use crate::error::Kind;
use crate::language::both;
use crate::order::reconcile::DELAY;
use crate::realtime::{Closed, Event, Feed, Item};
use crate::value::Decimal;
use crate::{Client, Clock, Error};

/// One position: a stock, and the loan it was bought with, if any.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Holding {
    /// The stock, without a venue.
    pub symbol: String,
    /// The day of the loan; `None` for what was bought for cash.
    pub loan_date: Option<Date>,
    /// How many.
    pub qty: i64,
    /// How many can be sold.
    pub sellable: i64,
    /// What one of them cost, in won.
    pub purchase_price: Option<Decimal>,
}

/// What the account holds in domestic stocks, the latest of each position: [`Client::balances`] opens it.
///
/// Clones are the same; the last one that is dropped ends it. All pages are read again after a lost connection, and every minute
/// although nothing seems to be wrong: that finds a push that was lost and left no trace.
#[derive(Clone)]
pub struct Balances {
    board: Arc<Board>,
    /// It ends with the last of them.
    _tasks: Arc<JoinSet<()>>,
}

/// What the task and the handles share.
struct Board {
    holdings: Mutex<Holdings>,
    changed: watch::Sender<u64>,
    client: Client,
    delay: Duration,
}

/// The positions, each with the time of the last push about it.
#[derive(Default)]
struct Holdings {
    positions: BTreeMap<(String, Option<Date>), (Holding, Option<Duration>)>,
    primed: bool,
    /// The event with which it ended.
    ended: Option<Event>,
}

impl Holdings {
    fn pushed(&mut self, now: Duration, push: &AccountBalance) {
        let (Some(symbol), Some(qty)) = (&push.symbol, push.held_qty) else { return };
        let holding = Holding {
            symbol: plain_code(symbol),
            loan_date: push.loan_date,
            qty,
            sellable: push.orderable_qty.unwrap_or(0),
            purchase_price: push.purchase_price,
        };
        self.positions.insert((holding.symbol.clone(), holding.loan_date), (holding, Some(now)));
    }

    /// All pages of the list, whose reading began at that time. What was pushed since, or so shortly before that the list may not
    /// have it, is newer.
    fn listed(&mut self, began: Duration, holdings: Vec<Holding>, delay: Duration) {
        let newer = |pushed: &Option<Duration>| pushed.is_some_and(|pushed| began < pushed.saturating_add(delay));
        let mut listed = BTreeSet::new();
        for holding in holdings {
            let key = (holding.symbol.clone(), holding.loan_date);
            listed.insert(key.clone());
            if !self.positions.get(&key).is_some_and(|(_, pushed)| newer(pushed)) {
                self.positions.insert(key, (holding, None));
            }
        }
        // what the list does not have was sold
        self.positions.retain(|key, (_, pushed)| listed.contains(key) || newer(pushed));
        self.primed = true;
    }
}

fn row(row: BalanceValuationRow) -> Option<Holding> {
    Some(Holding {
        symbol: plain_code(row.stk_cd.as_ref()?),
        loan_date: row.crd_loan_dt,
        qty: row.rmnd_qty?,
        sellable: row.trde_able_qty.unwrap_or(0),
        purchase_price: row.pur_pric,
    })
}

impl Client {
    /// Watches what the account holds in domestic stocks; returns when all pages of the list are read.
    ///
    /// ```no_run
    /// # async fn example(client: kiwoom_api::Client) -> Result<(), kiwoom_api::Error> {
    /// let balances = client.balances().await?;
    /// loop {
    ///     for holding in balances.all() {
    ///         println!("{} {} at {:?}", holding.symbol, holding.qty, holding.purchase_price);
    ///     }
    ///     balances.changed().await?;
    /// }
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`Subscription::open`](crate::realtime::Subscription::open), and if the broker refuses the pushes of `04`.
    /// Cancel-safe: dropped before it returns, it leaves nothing behind.
    pub async fn balances(&self) -> Result<Balances, Error> {
        let feed = self.realtime().all::<AccountBalance>().open().await?;
        let holdings = Mutex::new(Holdings::default());
        let board = Board { holdings, changed: watch::Sender::new(0), client: self.lenient(), delay: DELAY };
        let board = Arc::new(board);
        let mut tasks = JoinSet::new();
        tasks.spawn(watch_over(board.clone(), feed));
        let balances = Balances { board, _tasks: Arc::new(tasks) };
        let mut changed = balances.board.changed.subscribe();
        loop {
            changed.mark_unchanged();
            {
                let holdings = lock(&balances.board.holdings);
                holdings.check()?;
                if holdings.primed {
                    break;
                }
            }
            let _ = changed.changed().await;
        }
        Ok(balances)
    }
}

impl Holdings {
    fn check(&self) -> Result<(), Error> {
        match &self.ended {
            Some(event) => Err(Error::new(Kind::Realtime(both!("{event}", "{event}")))),
            None => Ok(()),
        }
    }
}

impl Balances {
    /// All positions that are not empty, by their codes.
    pub fn all(&self) -> Vec<Holding> {
        let holdings = lock(&self.board.holdings);
        holdings.positions.values().map(|(holding, _)| holding).filter(|holding| holding.qty != 0).cloned().collect()
    }

    /// How many of a stock the account holds, for cash and on loans.
    pub fn qty(&self, symbol: &str) -> i64 {
        let holdings = lock(&self.board.holdings);
        let same = holdings.positions.values().filter(|(holding, _)| holding.symbol == symbol);
        same.map(|(holding, _)| holding.qty).sum()
    }

    /// Whether the list was read since the last lost connection.
    pub fn is_primed(&self) -> bool {
        let holdings = lock(&self.board.holdings);
        holdings.primed && holdings.ended.is_none()
    }

    /// Returns when something is new after this call. Cancel-safe.
    ///
    /// # Errors
    /// It is over, and why.
    pub async fn changed(&self) -> Result<(), Error> {
        let mut changed = self.board.changed.subscribe();
        lock(&self.board.holdings).check()?;
        let _ = changed.changed().await;
        lock(&self.board.holdings).check()
    }
}

impl Board {
    fn change(&self, change: impl FnOnce(&mut Holdings)) {
        change(&mut lock(&self.holdings));
        self.changed.send_modify(|count| *count += 1);
    }

    fn clock(&self) -> &Clock {
        self.client.clock()
    }

    /// All pages.
    async fn read(&self) -> Result<Vec<Holding>, Error> {
        let request = BalanceValuation::new(BalanceDetail::Individual, BalanceVenue::Krx);
        let rows = self.client.rows(&request).collect().await.map_err(|cut| cut.into_parts().1)?;
        Ok(rows.rows.into_iter().filter_map(row).collect())
    }
}

/// Runs until the feed ends.
async fn watch_over(board: Arc<Board>, mut feed: Feed) {
    let _left = BalancesEnd(board.clone());
    // at once, and once more when the list shows what happened just before
    let mut looks = vec![board.clock().now().saturating_add(board.delay), board.clock().now()];
    loop {
        let due = looks.last().copied();
        tokio::select! {
            // a refusal that is there already comes before a list that would hide it
            biased;
            item = feed.next() => match item {
                Some(Item::Push(push)) => if let Some(balance) = push.of::<AccountBalance>() {
                    let now = board.clock().now();
                    board.change(|holdings| holdings.pushed(now, balance));
                },
                Some(Item::Event(Event::Disconnected { .. })) => board.change(|holdings| holdings.primed = false),
                Some(Item::Event(Event::Gap { .. } | Event::Lagged { .. })) => {
                    let now = board.clock().now();
                    looks = vec![now.saturating_add(board.delay), now];
                }
                // without pushes, what the list said would look alive for good
                Some(Item::Event(
                    event @ (Event::Rejected { .. } | Event::SlotsFull { .. } | Event::Closed { .. }),
                )) => return board.change(|holdings| holdings.ended = Some(event)),
                Some(_) => {}
                None => return,
            },
            () = board.clock().sleep_until(due.unwrap_or(Duration::MAX)), if due.is_some() => {
                looks.pop();
                let began = board.clock().now();
                match board.read().await {
                    Ok(rows) => {
                        let delay = board.delay;
                        board.change(|holdings| holdings.listed(began, rows, delay));
                        if looks.is_empty() {
                            looks.push(board.clock().now().saturating_add(EVERY));
                        }
                    }
                    Err(error) => {
                        tracing::warn!(target: "kiwoom_api", %error, "the list of positions cannot be read");
                        looks.push(board.clock().now().saturating_add(board.delay.max(Duration::from_secs(1))));
                    }
                }
            }
        }
    }
}

/// Tells the handles if the task ends before its time.
struct BalancesEnd(Arc<Board>);

impl Drop for BalancesEnd {
    fn drop(&mut self) {
        self.0.change(|holdings| {
            holdings.ended.get_or_insert(Event::Closed { why: Closed::RuntimeEnded });
        });
    }
}

impl std::fmt::Debug for Balances {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // what an account holds is nobody's business in a log
        f.debug_struct("Balances").field("primed", &self.is_primed()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn push(symbol: &str, qty: i64) -> AccountBalance {
        AccountBalance { symbol: Some(symbol.parse().unwrap()), held_qty: Some(qty), ..AccountBalance::default() }
    }

    fn listed(symbol: &str, qty: i64) -> Holding {
        Holding { symbol: symbol.into(), loan_date: None, qty, sellable: qty, purchase_price: None }
    }

    fn at(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    fn all(holdings: &Holdings) -> Vec<(&str, i64)> {
        holdings.positions.values().map(|(holding, _)| (holding.symbol.as_str(), holding.qty)).collect()
    }

    #[test]
    fn the_newest_word_on_each_position_stands() {
        let mut holdings = Holdings::default();
        holdings.listed(at(1), vec![listed("000660", 3), listed("005930", 10)], DELAY);
        assert!(holdings.primed);
        holdings.pushed(at(10), &push("A005930", 12));
        holdings.pushed(at(10), &push("035720", 5));
        // this list was read too soon after the pushes to be believed where they speak
        holdings.listed(at(11), vec![listed("005930", 10)], DELAY);
        assert_eq!(all(&holdings), [("005930", 12), ("035720", 5)]);
        // and this one was not
        holdings.listed(at(14), vec![listed("005930", 11)], DELAY);
        assert_eq!(all(&holdings), [("005930", 11)]);
    }
}
