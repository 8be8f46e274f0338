//! What became of orders that nobody knows about: asks the broker's lists, and never sends anything again.
//!
//! Layers: `lists` (reads all pages of the lists of a desk), `row` (one kind of row for all of them), `likeness` and `matching`
//! (which row is the order: pure), `verdict` (what the caller is told); this file waits, asks and notes.

mod likeness;
mod lists;
mod matching;
#[cfg_attr(
    not(all(feature = "domestic-account", feature = "us-account")),
    allow(dead_code, reason = "what only the lists of the other category need")
)]
mod row;
mod verdict;

#[cfg(test)]
mod matching_properties;
#[cfg(test)]
mod matching_tests;

use std::collections::BTreeSet;
use std::future::IntoFuture;
use std::time::Duration;

use jiff::civil::Date;
use jiff::{SignedDuration, Span, Timestamp};

use self::lists::Lists;
use self::matching::{Case, Own, contradiction, judge};
use self::row::Row;
pub use self::verdict::{Doubt, Listed, Settlement, Verdict};
use super::journal::Snapshot;
use super::{Journal, OrderId, OrderRef, Orders, Unsettled};
use crate::call::BoxFuture;
use crate::clock::in_korea;
use crate::error::Kind;
use crate::{Client, Error};

/// The longest known delay of the lists is two seconds (`api-behaviour.md` O4).
const DELAY: Duration = Duration::from_secs(3);
/// How far the clocks of broker and client may be apart.
const SKEW: Duration = Duration::from_secs(120);
/// Days that are looked through for one intent.
const MOST_DAYS: usize = 31;

/// A look at the broker's lists that settles what can be settled: [`Journal::reconcile`]. Awaited, it gives one
/// [`Settlement`] for each unsettled intent.
///
/// It only reads: nothing is ever sent again. What it finds, or finds missing, is noted in the journal; what is ambiguous or
/// still unknown stays unsettled.
///
/// 1. It waits: a new order is not in the lists for one or two seconds.
/// 2. It reads all pages of the lists of each day in question. A page that does not come, or a list that lacks an order which
///    the broker is known to have accepted, proves nothing: [`Verdict::StillUnknown`].
/// 3. It compares code, side, quantity, price, kind, venue (but of SOR orders, which are listed where they were routed to), the
///    order that a change is about, and the time of sending. Orders that are known to be one's own are left out.
#[must_use = "nothing is asked before it is awaited"]
pub struct Reconcile<'a> {
    client: &'a Client,
    journal: Option<&'a Journal>,
    only: Option<OrderId>,
    delay: Duration,
    skew: Duration,
}

impl Journal {
    /// Asks the broker what became of everything that is unsettled.
    ///
    /// ```no_run
    /// use kiwoom_api::order::{Journal, Verdict};
    ///
    /// # async fn example(client: kiwoom_api::Client) -> Result<(), kiwoom_api::Error> {
    /// let journal = Journal::open("orders.log", &client).await?;
    /// for settled in journal.reconcile(&client).await? {
    ///     match settled.verdict {
    ///         Verdict::Found(listed) if listed.is_open() => println!("open: {}", listed.order),
    ///         Verdict::Found(listed) => println!("done: {}", listed.order),
    ///         Verdict::NotFound => println!("{} never arrived", settled.intent.id),
    ///         Verdict::Ambiguous(candidates) => println!("{} may be one of {candidates:?}", settled.intent.id),
    ///         verdict => println!("{}: {verdict:?}", settled.intent.id),
    ///     }
    /// }
    /// # Ok(()) }
    /// ```
    pub fn reconcile<'a>(&'a self, client: &'a Client) -> Reconcile<'a> {
        Reconcile::new(client, Some(self))
    }
}

impl Orders {
    /// Asks the broker what became of everything that is unsettled in the [journal](Orders::journal): after a crash before
    /// anything else, and after each [`Outcome::Unknown`](crate::Outcome::Unknown).
    ///
    /// ```no_run
    /// # async fn example(client: kiwoom_api::Client) -> Result<(), kiwoom_api::Error> {
    /// let orders = client.orders().journal("orders.log").await?;
    /// for settled in orders.reconcile().await? {
    ///     println!("{}: {:?}", settled.intent.id, settled.verdict);
    /// }
    /// # Ok(()) }
    /// ```
    pub fn reconcile(&self) -> Reconcile<'_> {
        Reconcile::new(self.client(), self.as_journal())
    }
}

impl<'a> Reconcile<'a> {
    fn new(client: &'a Client, journal: Option<&'a Journal>) -> Reconcile<'a> {
        Reconcile { client, journal, only: None, delay: DELAY, skew: SKEW }
    }

    /// Settles one intent; nothing is asked if it is not unsettled.
    pub fn only(mut self, id: &OrderId) -> Reconcile<'a> {
        self.only = Some(id.clone());
        self
    }

    /// How long to wait before the lists are believed; 3 seconds by default.
    pub fn delay(mut self, delay: Duration) -> Reconcile<'a> {
        self.delay = delay;
        self
    }

    /// How far the broker's clock and this machine's may be apart; 2 minutes by default.
    pub fn skew(mut self, skew: Duration) -> Reconcile<'a> {
        self.skew = skew;
        self
    }

    async fn run(self) -> Result<Vec<Settlement>, Error> {
        let Some(journal) = self.journal else {
            let what = "is not there: nothing was noted (call journal() before the first order)";
            return Err(Error::new(Kind::Journal(what.into())));
        };
        journal.check(self.client.identity())?;
        let before = journal.snapshot();
        let wanted = |left: &&Unsettled| self.only.as_ref().is_none_or(|only| *only == left.intent.id);
        let open: Vec<&Unsettled> = before.unsettled.iter().filter(wanted).collect();
        if open.is_empty() {
            return Ok(Vec::new());
        }
        let clock = self.client.clock();
        // all attempts are over, so the delay has passed for each of them when it has passed from now on
        clock.sleep_until(clock.now() + self.delay).await;
        let today = clock.korea().date();
        let (open, old): (Vec<_>, Vec<_>) =
            open.into_iter().partition(|left| days(left, today).nth(MOST_DAYS).is_none());
        let mut settlements: Vec<Settlement> = old.into_iter().map(too_old).collect();
        for lists in Lists::ALL {
            let open: Vec<&Unsettled> =
                open.iter().filter(|left| Lists::of(left.intent.desk) == lists).copied().collect();
            if !open.is_empty() {
                settlements.extend(self.look(lists, &open, (journal, &before)).await);
            }
        }
        for Settlement { intent, verdict } in &settlements {
            let order = match verdict {
                Verdict::Found(listed) => Some(listed.order.clone()),
                Verdict::NotFound => None,
                Verdict::Ambiguous(_) | Verdict::StillUnknown(_) => continue,
            };
            let left = open.iter().find(|left| left.intent.id == intent.id);
            journal.settled(&intent.id, left.map(|left| left.since), order).await?;
        }
        Ok(settlements)
    }

    /// Reads one kind of lists, and judges the intents that belong there.
    async fn look(
        &self,
        lists: Lists,
        open: &[&Unsettled],
        (journal, before): (&Journal, &Snapshot),
    ) -> Vec<Settlement> {
        let listed = self.read(lists, open, before).await;
        // orders that were sent meanwhile are in the lists as well
        let after = journal.snapshot();
        let now = self.client.clock().wall();
        let is_open = |left: &Unsettled| open.iter().any(|open| open.intent.id == left.intent.id);
        let rivals = after.claims.iter().chain(&after.unsettled).filter(|left| !is_open(left));
        let case = |left: &Unsettled| self.case(left, now);
        let cases: Vec<Case> = open.iter().map(|left| case(left)).collect();
        let rivals: Vec<Case> = rivals.map(case).collect();
        let verdicts = match listed {
            Ok(rows) => {
                let own = Own { rivals: &rivals, orders: &after.placed, confirmed: &before.confirmed };
                judge(&cases, &rows, own)
            }
            Err(doubt) => vec![Verdict::StillUnknown(doubt); cases.len()],
        };
        let settlements = cases.into_iter().zip(verdicts);
        settlements.map(|(case, verdict)| Settlement { intent: case.intent, verdict }).collect()
    }

    async fn read(&self, lists: Lists, open: &[&Unsettled], before: &Snapshot) -> Result<Vec<Row>, Doubt> {
        let clock = self.client.clock();
        let today = clock.korea().date();
        let days: BTreeSet<Date> = open.iter().flat_map(|left| days(left, today)).collect();
        let days: Vec<Date> = days.into_iter().collect();
        let rows = lists.read(self.client, &days, today).await?;
        let of_those = |order: &&OrderRef| Lists::of(order.desk) == lists && days.contains(&order.date);
        let confirmed: Vec<OrderRef> = before.confirmed.iter().filter(of_those).cloned().collect();
        contradiction(&rows, &confirmed).map_or(Ok(rows), Err)
    }

    fn case(&self, left: &Unsettled, now: Timestamp) -> Case {
        let skew = SignedDuration::try_from(self.skew).unwrap_or(SignedDuration::MAX);
        Case {
            intent: left.intent.clone(),
            from: left.since.saturating_sub(skew).unwrap_or(Timestamp::MIN),
            // a process that died may have sent it until then, and that was before now
            to: left.until.unwrap_or(now).saturating_add(skew).unwrap_or(Timestamp::MAX),
        }
    }
}

fn too_old(left: &Unsettled) -> Settlement {
    let doubt = format!("it may have been sent on any of more than {MOST_DAYS} days (look it up, then declare() it)");
    Settlement { intent: left.intent.clone(), verdict: Verdict::StillUnknown(Doubt(doubt)) }
}

/// The days on which the broker may have taken an intent: from that on which it was meant until its attempt was over.
fn days(left: &Unsettled, today: Date) -> impl Iterator<Item = Date> {
    let first = left.intent.date;
    // a process that died may have sent it at any time since
    let last = left.until.map_or(today, |until| in_korea(until).date()).max(first);
    first.series(Span::new().days(1)).take_while(move |day| *day <= last)
}

impl<'a> IntoFuture for Reconcile<'a> {
    type Output = Result<Vec<Settlement>, Error>;
    type IntoFuture = BoxFuture<'a, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::order::journal::samples::{at, intent};

    #[test]
    fn an_order_of_yesterday_is_looked_for_on_its_own_day() {
        let mut left = Unsettled::new(intent("a"), at(0), Some(at(1)));
        let monday = left.intent.date;
        let friday = monday + Span::new().days(4);
        assert_eq!(days(&left, friday).collect::<Vec<_>>(), [monday]);
        // the process died, and nobody knows when
        left.until = None;
        assert_eq!(days(&left, friday).count(), 5);
        assert_eq!(days(&left, monday).collect::<Vec<_>>(), [monday]);
        // the clock went back
        assert_eq!(days(&left, monday.yesterday().unwrap()).collect::<Vec<_>>(), [monday]);
        assert!(too_old(&left).verdict != Verdict::NotFound);
    }
}
