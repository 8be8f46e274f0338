//! Finds out what happened to unsettled orders: reads the broker's lists, and never resends anything.
//!
//! Layers: `lists` (reads all pages of the lists of a desk), `row` (one kind of row for all of them), `likeness` and `matching`
//! (which row is the order: pure), `bound` (when absence becomes proof: pure), `verdict` (what the caller gets); this
//! file waits, reads and records.

pub(super) mod bound;
mod likeness;
mod lists;
mod matching;
#[cfg_attr(
    not(all(feature = "domestic-account", feature = "us-account")),
    allow(dead_code, reason = "what only the lists of the other category need")
)]
pub(super) mod row;
mod verdict;

#[cfg(test)]
mod matching_properties;
#[cfg(test)]
mod matching_tests;

use std::collections::{BTreeMap, BTreeSet};
use std::future::IntoFuture;
use std::time::Duration;

use jiff::civil::Date;
use jiff::tz::Offset;
use jiff::{SignedDuration, Span, Timestamp};

use self::bound::{absence, after_end, earlier, later};
use self::lists::{Lists, Today};
use self::matching::{Case, Own, as_listed, contradiction, judge};
use self::row::{Original, Row, same_number};
pub use self::verdict::{Listed, Obstacle, Settlement, Verdict};
use super::journal::Snapshot;
use super::{Desk, Journal, OrderId, OrderRef, Unsettled};
use crate::call::BoxFuture;
use crate::error::Kind;
use crate::language::{both, fixed};
use crate::net::broker_time::{BrokerNow, Source};
use crate::net::clock::in_korea;
use crate::{Client, Error};

/// The longest known delay of the lists is two seconds (`BEHAVIOUR.md` O4).
pub(super) const DELAY: Duration = Duration::from_secs(3);
/// How far an order's time in the lists may lie outside the time in which it was sent: the remaining error between two
/// clocks whose difference is known.
pub(super) const SKEW: Duration = Duration::from_secs(120);
/// A list is read again if its first page shows that other days are in question.
const ROUNDS: usize = 3;
/// The most days that are searched for one intent.
pub(super) const MOST_DAYS: usize = 31;

/// Looks up unsettled intents in the broker's lists: see [`Journal::reconcile`]. Await it to get one [`Settlement`] for
/// each of them.
///
/// It only reads; it never resends anything. It records in the journal what it finds and what it proves missing.
/// Ambiguous and unknown intents stay unsettled.
///
/// 1. It waits, because a new order is not in the lists for one or two seconds.
/// 2. It reads all pages of the lists of each day in question, by the broker's clock. A page that does not arrive, or a
///    list that lacks an order which the broker is known to have accepted, proves nothing: [`Verdict::StillUnknown`].
/// 3. It compares code, side, quantity, price, kind, venue (except for SOR orders, which are listed where they were routed to),
///    the order that a change is about, and the time of sending. A word that this crate does not know excludes nothing. Orders
///    that the journal knows as others are left out.
///    What is ambiguous because a list lacks it is looked at once more after the delay: so is an order that arrives while the
///    lists are read.
/// 4. An order that is not listed may still arrive for a while: [`Verdict::TooEarly`] says until when. By default `reconcile`
///    answers at once; with [`wait_until_certain`](Self::wait_until_certain) it waits and looks again.
///
/// [`promises`](crate::order::promises) lists the bounds and their assumptions.
#[must_use = "nothing is asked before it is awaited"]
pub struct Reconcile<'a> {
    client: &'a Client,
    journal: Option<&'a Journal>,
    only: Option<OrderId>,
    delay: Duration,
    skew: Option<Duration>,
    patience: Patience,
}

/// What happens if it is too early to say.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Patience {
    Answer,
    Wait,
}

#[cfg(any(feature = "domestic-account", feature = "us-account"))]
impl Journal {
    /// Asks the broker about everything that is unsettled.
    ///
    /// It exists with a category that lists orders (`domestic-account`, `us-account`). A journal may hold orders of the other
    /// market: they are [`StillUnknown`](Verdict::StillUnknown), which names the feature.
    ///
    /// ```no_run
    /// use kiwoom_api::order::{Journal, Verdict};
    ///
    /// # async fn example(client: kiwoom_api::Client) -> Result<(), kiwoom_api::Error> {
    /// let journal = Journal::open("orders.log", &client).await?;
    /// // open orders are found at once; that one never arrived is certain a minute and a half after it was given up
    /// for settled in journal.reconcile(&client).wait_until_certain().await? {
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

#[cfg(any(
    all(any(feature = "domestic-order", feature = "domestic-margin-order"), feature = "domestic-account"),
    all(feature = "us-order", feature = "us-account")
))]
impl super::Orders {
    /// Asks the broker what became of everything that is unsettled in the [journal](super::Orders::journal). Call it first after a
    /// crash, and after each [`Outcome::Unknown`](crate::Outcome::Unknown).
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

impl Reconcile<'_> {
    /// How long after the end of its attempt an order that is not listed may still turn up: the bound of
    /// [`Verdict::NotFound`](Verdict#when-absence-is-proof), with the usual delay of the lists.
    pub const TRAVEL: Duration = after_end(DELAY);
}

impl<'a> Reconcile<'a> {
    fn new(client: &'a Client, journal: Option<&'a Journal>) -> Reconcile<'a> {
        Reconcile { client, journal, only: None, delay: DELAY, skew: None, patience: Patience::Answer }
    }

    /// Settles only this intent. If it is not unsettled, the broker is not asked.
    pub fn only(mut self, id: &OrderId) -> Reconcile<'a> {
        self.only = Some(id.clone());
        self
    }

    /// Sets how long a new order may be missing from the lists; 3 seconds by default. `reconcile` waits that long before it
    /// reads.
    pub fn delay(mut self, delay: Duration) -> Reconcile<'a> {
        self.delay = delay;
        self
    }

    /// Sets how far an order's time in the lists may lie outside of the time in which it was sent; 2 minutes by default.
    ///
    /// You need not state the difference of the clocks: it is measured. But if no reply has a `Date` header, this
    /// states that the machine's clock is at most that far off; without it, nothing is [`Verdict::NotFound`] in that
    /// case.
    pub fn skew(mut self, skew: Duration) -> Reconcile<'a> {
        self.skew = Some(skew);
        self
    }

    /// Waits and looks again as long as it is [too early](Verdict::TooEarly) to say: up to [`TRAVEL`](Self::TRAVEL) after the last
    /// attempt ended, or after now if its end is unknown, as after a crash. What is found is recorded at once.
    pub fn wait_until_certain(mut self) -> Reconcile<'a> {
        self.patience = Patience::Wait;
        self
    }

    async fn run(self) -> Result<Vec<Settlement>, Error> {
        let Some(journal) = self.journal else {
            return Err(Error::new(Kind::Journal(crate::language::fixed!(
                "is not there: nothing was noted (call journal() before the first order)",
                "없습니다: 적어 둔 주문이 없습니다 (첫 주문 전에 journal()을 호출하세요)"
            ))));
        };
        journal.check(self.client.identity())?;
        let clock = self.client.clock();
        let wanted = |left: &Unsettled| self.only.as_ref().is_none_or(|only| *only == left.intent.id);
        let mut open: Vec<Unsettled> = journal.snapshot().unsettled.into_iter().filter(wanted).collect();
        if open.is_empty() {
            return Ok(Vec::new());
        }
        // all attempts are over, so the delay has passed for each of them when it has passed from now on
        clock.pass_until(clock.now().saturating_add(self.delay)).await;
        let (mut done, mut doubts) = (Vec::new(), Doubts::default());
        loop {
            let mut again = BTreeSet::new();
            let mut pause = Duration::MAX;
            for (settled, sight) in self.pass(journal, &open).await? {
                match self.again_in(&settled, sight, &mut doubts) {
                    None => done.push(settled),
                    Some(left) => {
                        pause = pause.min(left);
                        again.insert(settled.intent.id);
                    }
                }
            }
            if again.is_empty() {
                return Ok(done);
            }
            clock.pass_until(clock.now().saturating_add(pause)).await;
            // what somebody else settled meanwhile is not among them any more
            open = journal.snapshot().unsettled;
            open.retain(|left| again.contains(&left.intent.id));
        }
    }

    /// How soon to look at it again; `None` if this verdict stands.
    fn again_in(&self, settled: &Settlement, sight: Sight, doubts: &mut Doubts) -> Option<Duration> {
        match &settled.verdict {
            Verdict::TooEarly { not_before } if self.patience == Patience::Wait => {
                let left = not_before.duration_since(self.client.broker_time().read().earliest);
                Some(Duration::try_from(left).unwrap_or_default().max(MOMENT))
            }
            Verdict::Ambiguous(candidates) if sight == Sight::Partial => {
                doubts.is_new(&settled.intent.id, candidates).then_some(self.delay)
            }
            _ => None,
        }
    }

    /// One look at all lists in question, and what it says noted.
    async fn pass(&self, journal: &Journal, open: &[Unsettled]) -> Result<Vec<(Settlement, Sight)>, Error> {
        let mut settlements = Vec::new();
        for lists in Lists::ALL {
            let open = open.iter().filter(|left| Lists::of(left.intent.desk) == lists);
            let open: Vec<Unsettled> = open.cloned().collect();
            if !open.is_empty() {
                settlements.extend(self.look(lists, open, journal).await?);
            }
        }
        for (Settlement { intent, since, verdict, .. }, _) in &settlements {
            let order = match verdict {
                Verdict::Found(listed) => Some(listed.order.clone()),
                Verdict::NotFound => None,
                Verdict::TooEarly { .. } | Verdict::Ambiguous(_) | Verdict::StillUnknown(_) => continue,
            };
            journal.settled(&intent.id, Some(*since), order).await?;
        }
        Ok(settlements)
    }

    /// Reads one kind of lists, and judges the intents that belong there.
    async fn look(
        &self,
        lists: Lists,
        open: Vec<Unsettled>,
        journal: &Journal,
    ) -> Result<Vec<(Settlement, Sight)>, Error> {
        let mut settlements = Vec::new();
        let before = journal.snapshot();
        let now = self.client.broker_time().read();
        let (mut open, old): (Vec<_>, Vec<_>) =
            open.into_iter().partition(|left| self.days(left, now).nth(MOST_DAYS).is_none());
        settlements.extend(old.into_iter().map(|left| (too_old(left), Sight::Whole)));
        let listed = self.read(lists, &open, &before).await;
        let now = self.client.broker_time().read();
        if now.source == Source::Replies || self.skew.is_some() {
            for left in open.iter_mut().filter(|left| left.until.is_none()) {
                // it is over, and was at this moment at the latest
                journal.over(left, now.latest).await?;
                left.until = Some(now.latest);
            }
        }
        // orders that were sent meanwhile are in the lists as well
        let after = journal.snapshot();
        let is_open = |left: &Unsettled| open.iter().any(|open| open.intent.id == left.intent.id);
        let rivals = after.claims.iter().chain(&after.unsettled).filter(|left| !is_open(left));
        let began = listed.as_ref().map_or(Timestamp::MIN, |listed| listed.began);
        let case = |left: &Unsettled| self.case(left, began, now);
        let cases: Vec<Case> = open.iter().map(case).collect();
        let rivals: Vec<Case> = rivals.map(case).collect();
        let (verdicts, rows) = match listed {
            Ok(ListedRows { rows, .. }) => {
                let placed = after.placed.iter().zip(&after.meant);
                let orders: Vec<OrderRef> = placed.map(|(order, left)| as_listed(order, &case(left), &rows)).collect();
                let own = Own { rivals: &rivals, orders: &orders, confirmed: &before.confirmed };
                (judge(&cases, &rows, own), rows)
            }
            Err(doubt) => (vec![Verdict::StillUnknown(doubt); cases.len()], Vec::new()),
        };
        settlements.extend(open.into_iter().zip(verdicts).map(|(left, verdict)| {
            let sight = Sight::of(&verdict, &rows);
            (settlement((left, verdict)), sight)
        }));
        Ok(settlements)
    }

    async fn read(&self, lists: Lists, open: &[Unsettled], before: &Snapshot) -> Result<ListedRows, Obstacle> {
        let broker = self.client.broker_time();
        // the code below knows which columns must be readable: an odd value elsewhere does not matter
        let client = self.client.lenient();
        let days_in_question = || -> BTreeSet<Date> {
            let now = broker.read();
            open.iter().flat_map(|left| self.days(left, now).take(MOST_DAYS + 1)).collect()
        };
        for _ in 0..ROUNDS {
            let (started, today) = (broker.started(), Today::of(broker));
            let days: Vec<Date> = days_in_question().into_iter().collect();
            let rows = lists.read(&client, &days, today).await?;
            let now = broker.read();
            if open.iter().any(|left| self.days(left, now).nth(MOST_DAYS).is_some()) {
                return Err(Obstacle(both!(
                    "the clock of the broker moved on by more than {MOST_DAYS} days (look again)",
                    "조회하는 동안 증권사의 시계가 {MOST_DAYS}일 넘게 지났습니다 (다시 조회하세요)"
                )));
            }
            // the first reply of all tells what day it is: some lists show only today
            if Today::of(broker) != today || days_in_question().into_iter().any(|day| !days.contains(&day)) {
                continue;
            }
            let of_those = |order: &&OrderRef| Lists::of(order.desk) == lists && days.contains(&order.date);
            let confirmed: Vec<OrderRef> = before.confirmed.iter().filter(of_those).cloned().collect();
            let began = earlier(broker.read().earliest, broker.since(started));
            return contradiction(&rows, &confirmed).map_or(Ok(ListedRows { rows, began }), Err);
        }
        Err(Obstacle(fixed!(
            "the clock of the broker, or of this machine, moves on from day to day (look again)",
            "조회할 때마다 증권사나 이 컴퓨터의 날짜가 바뀝니다 (다시 조회하세요)"
        )))
    }

    fn case(&self, left: &Unsettled, began: Timestamp, now: BrokerNow) -> Case {
        let skew = self.skew.unwrap_or(SKEW);
        let left = Unsettled { since: noted_at(left.since, now, self.client.clock_skew()), ..left.clone() };
        Case {
            from: earlier(left.since, skew),
            // a process that died may have sent it until then, and that was before now
            to: later(left.until.unwrap_or(now.latest), skew),
            absence: absence(&left, began, now, self.delay, self.skew),
            intent: left.intent,
        }
    }

    /// The days on which the broker may have taken an intent: from that on which it was noted until its attempt was over.
    fn days(&self, left: &Unsettled, now: BrokerNow) -> impl Iterator<Item = Date> + use<> {
        // before its first reply the broker's clock was not known, and the intent was noted by this machine's
        let skew = self.client.clock_skew().unwrap_or_default();
        let wrong = skew.abs() > SignedDuration::try_from(SKEW).unwrap_or_default();
        days(left, now, if wrong { skew } else { SignedDuration::ZERO })
    }
}

/// Whether all lists show what a verdict is about.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sight {
    Whole,
    /// A list lacks an order, as it does if that order arrives while the lists are read. So another one does not say how it was
    /// entered, or what it changes.
    Partial,
}

impl Sight {
    fn of(verdict: &Verdict, rows: &[Row]) -> Sight {
        let Verdict::Ambiguous(candidates) = verdict else { return Sight::Whole };
        let is_partial = |row: &Row| row.channel.trim().is_empty() || row.original == Original::NotListed;
        let shown = |row: &&Row| candidates.iter().any(|listed| same_number(&row.number, &listed.order.number));
        if rows.iter().filter(shown).any(is_partial) { Sight::Partial } else { Sight::Whole }
    }
}

/// What some lists lacked at the last look. It is looked at again when the lists show all there was, until two looks agree.
#[derive(Default)]
struct Doubts(BTreeMap<OrderId, Vec<Vec<Listed>>>);

impl Doubts {
    fn is_new(&mut self, id: &OrderId, candidates: &[Listed]) -> bool {
        let looks = self.0.entry(id.clone()).or_default();
        let seen = looks.last().is_some_and(|last| last == candidates);
        looks.push(candidates.to_vec());
        !seen && looks.len() < ROUNDS
    }
}

/// All there is in the lists, and since when.
struct ListedRows {
    rows: Vec<Row>,
    /// By the broker's clock, at the earliest.
    began: Timestamp,
}

/// Nobody looks more often than that, whatever the clocks say.
const MOMENT: Duration = Duration::from_secs(1);

fn settlement((left, verdict): (Unsettled, Verdict)) -> Settlement {
    let Unsettled { intent, since, until, .. } = left;
    Settlement { intent, since, until, verdict }
}

fn too_old(left: Unsettled) -> Settlement {
    let doubt = both!(
        "it may have been sent on any of more than {MOST_DAYS} days (look it up, then declare() it)",
        "나갔을 수 있는 날이 {MOST_DAYS}일이 넘습니다 (직접 확인한 뒤 declare()로 정하세요)"
    );
    settlement((left, Verdict::StillUnknown(Obstacle(doubt))))
}

/// When an intent was noted, by the broker's clock. One of a moment that is still to come was noted by a wrong clock, before
/// the first reply: as wrong as it is now, or nobody can tell.
fn noted_at(since: Timestamp, now: BrokerNow, skew: Option<SignedDuration>) -> Timestamp {
    match skew.and_then(|skew| since.checked_add(skew).ok()) {
        Some(corrected) if since > later(now.latest, SKEW) => corrected,
        _ => since,
    }
}

/// The days of an intent, also if it was noted by a clock that the broker's was `skew` ahead of.
fn days(left: &Unsettled, now: BrokerNow, skew: SignedDuration) -> impl Iterator<Item = Date> + use<> {
    let desk = left.intent.desk;
    let shifted = |at: Timestamp| at.saturating_add(skew).unwrap_or(at);
    let first = [left.since, shifted(left.since)].map(|at| day(desk, at));
    // a process that died may have sent it at any time since, and what it left behind may have been taken on the next day
    let last = left.until.map_or([now.latest; 2], |until| [until, shifted(until)]);
    let last = last.map(|at| in_korea(later(at, Reconcile::TRAVEL)).date());
    let [first, last] = [first[0].min(first[1]).min(left.intent.date), last[0].max(last[1])];
    // nothing has happened on a day that has not begun
    let today = in_korea(now.latest).date();
    let last = if now.source == Source::Replies { last.min(today) } else { last };
    let first = if now.source == Source::Replies { first.min(today) } else { first };
    first.series(Span::new().days(1)).take_while(move |day| *day <= last.max(first))
}

/// The day as [`OrderRef::date`] counts it.
fn day(desk: Desk, at: Timestamp) -> Date {
    if desk == Desk::Us { Offset::UTC.to_datetime(at).date() } else { in_korea(at).date() }
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

    fn read(at: Timestamp, source: Source) -> BrokerNow {
        BrokerNow { earliest: at, latest: at, source }
    }

    #[test]
    fn an_order_of_yesterday_is_looked_for_on_its_own_day() {
        let mut left = Unsettled::new(intent("a"), at(0), Some(at(1)));
        let monday = left.intent.date;
        let friday = read(at(4 * 86_400), Source::Replies);
        let days_of = |left: &Unsettled, now| days(left, now, SignedDuration::ZERO).collect::<Vec<_>>();
        assert_eq!(days_of(&left, friday), [monday]);
        // the process died, and nobody knows when
        left.until = None;
        assert_eq!(days_of(&left, friday).len(), 5);
        assert_eq!(days_of(&left, read(at(2), Source::Replies)), [monday]);
        // the clock went back
        assert_eq!(days_of(&left, read(at(-86_400), Source::ThisMachine)), [monday]);
        assert!(too_old(left).verdict != Verdict::NotFound);
    }

    #[test]
    fn an_order_that_arrives_after_midnight_is_looked_for_on_both_days() {
        // the attempt ended two seconds before midnight in Korea
        let midnight = at(15 * 3_600);
        let before = midnight - SignedDuration::from_secs(2);
        let left = Unsettled::new(intent("a"), before, Some(before));
        let monday = left.intent.date;
        let days_at =
            |now: Timestamp| days(&left, read(now, Source::Replies), SignedDuration::ZERO).collect::<Vec<_>>();
        assert_eq!(days_at(before), [monday]);
        let both = [monday, monday.tomorrow().unwrap()];
        assert_eq!(days_at(midnight), both);
        assert_eq!(days_at(midnight + SignedDuration::from_hours(100)), both);
        // whatever it left behind is gone by then
        let early = midnight - SignedDuration::try_from(Reconcile::TRAVEL).unwrap() - SignedDuration::from_secs(1);
        let left = Unsettled::new(intent("a"), early, Some(early));
        let now = read(midnight + SignedDuration::from_hours(100), Source::Replies);
        assert_eq!(days(&left, now, SignedDuration::ZERO).collect::<Vec<_>>(), [monday]);
    }

    #[test]
    fn an_order_noted_by_a_wrong_clock_is_looked_for_on_the_brokers_day() {
        // at five in the afternoon, nine hours ahead: two in the morning of the next day
        let ahead = |at: Timestamp| at + SignedDuration::from_hours(9);
        let evening = at(8 * 3_600);
        let mut left = Unsettled::new(intent("a"), ahead(evening), Some(ahead(evening)));
        let monday = left.intent.date;
        left.intent.date = monday.tomorrow().unwrap();
        let now = read(evening + SignedDuration::from_secs(200), Source::Replies);
        assert_eq!(days(&left, now, SignedDuration::from_hours(-9)).collect::<Vec<_>>(), [monday]);
        // nine hours behind, in the morning: the day before
        let behind = at(0) - SignedDuration::from_hours(10);
        let left = Unsettled::new(intent("a"), behind, Some(behind));
        let days: Vec<_> = days(&left, read(at(200), Source::Replies), SignedDuration::from_hours(10)).collect();
        assert_eq!(days, [monday.yesterday().unwrap(), monday]);
    }
}
