//! The handle through which orders are placed, changed and cancelled.
//!
//! Everything goes through [`Orders::send`]: one intent, one network attempt, one of four outcomes.

use std::path::PathBuf;
use std::sync::OnceLock;
use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;

use super::change::{Cancel, Modification};
use super::checks::{Checks, Rules};
#[cfg(any(feature = "domestic-order", feature = "domestic-margin-order"))]
use super::codes::code_of;
use super::codes::{is_krx_only, krx, sor};
use super::new_order::{Defaults, Order};
use super::wire::Dispatch;
use super::{Action, Desk, Intent, Journal, OrderRef, Symbols, Ticks};
use crate::endpoint::Effect;
use crate::error::Kind;
use crate::net::broker_time::Source;
use crate::net::guard::{Departure, Unnoted};
use crate::value::Side;
use crate::{Client, Clock, Error, Outcome, Server};

/// Places, changes and cancels orders of one client. Cheap to clone.
///
/// Each call is one network attempt and returns an [`Outcome`], which is not a `Result`: `?` cannot lose an order that
/// may have been placed.
///
/// ```no_run
/// use kiwoom_api::order::{Modification, Order};
/// use kiwoom_api::{Client, Outcome};
///
/// # async fn example(client: Client) {
/// let orders = client.orders();
/// match orders.submit(Order::buy("005930").limit(70_100).qty(10)).await {
///     Outcome::Accepted(order) => {
///         // a change is a separate order: cancel that one later
///         if let Outcome::Accepted(changed) = orders.modify(&order, Modification::price(70_200)).await {
///             let _ = orders.cancel(&changed).await;
///         }
///     }
///     Outcome::Rejected(rejection) => println!("the broker refused: {rejection}"),
///     Outcome::NotSent(error) => println!("nothing happened: {error}"),
///     Outcome::Unknown(unknown) => println!("look it up before anything else: {unknown}"),
/// }
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Orders {
    client: Client,
    checks: Checks,
    symbols: Symbols,
    venue: Option<String>,
    timeout: Option<Duration>,
    deadline: Option<Duration>,
    journal: Option<Journal>,
}

impl Orders {
    #[cfg(any(feature = "domestic-order", feature = "domestic-margin-order", feature = "us-order"))]
    pub(crate) fn new(client: Client) -> Orders {
        let symbols = Symbols::default();
        Orders { client, checks: Checks::On, symbols, venue: None, timeout: None, deadline: None, journal: None }
    }

    /// Says which codes are stocks and which are funds, so that prices are checked by the right ticks. An order that says
    /// [`stock()`](Order::stock) or [`etf()`](Order::etf) itself goes first.
    ///
    /// ```
    /// # async fn example(client: kiwoom_api::Client) {
    /// use kiwoom_api::order::{Order, Ticks};
    ///
    /// let orders = client.orders().symbols([("005930", Ticks::Stock), ("069500", Ticks::Fund)]);
    /// // 70150 is no price of a stock: NotSent, with the legal prices next to it
    /// let outcome = orders.submit(Order::buy("005930").limit(70_150).qty(10)).await;
    /// # }
    /// ```
    #[must_use]
    pub fn symbols<C: AsRef<str>>(mut self, listed: impl IntoIterator<Item = (C, Ticks)>) -> Orders {
        self.symbols = listed.into_iter().collect();
        self
    }

    /// Sends the prices of all orders of this handle unchecked, regardless of the public rules. For one order, see
    /// [`unchecked`](Order::unchecked).
    #[must_use]
    pub fn unchecked(mut self) -> Orders {
        self.checks = Checks::Off;
        self
    }

    /// Sets the venue of domestic orders that do not set one.
    ///
    /// The default is SOR, where the broker chooses the better venue; KRX on the mock server, which knows no other
    /// (`BEHAVIOUR.md` O8), and for the three kinds outside regular hours, which only KRX offers.
    #[cfg(any(feature = "domestic-order", feature = "domestic-margin-order"))]
    #[must_use]
    pub fn default_venue(mut self, venue: crate::codes::OrderVenue) -> Orders {
        self.venue = Some(code_of(&venue));
        self
    }

    /// Sets how long an order may take, to the last byte of its answer; the client's timeout by default. Waiting for a token,
    /// for a turn within the request limits and for a connection counts, unless there is a [`deadline`](Orders::deadline).
    /// Noting the order in a journal counts, too; noting its outcome does not.
    ///
    /// An order that has not left in time is [`Outcome::NotSent`]; one that left and was not answered in time is
    /// [`Outcome::Unknown`]. The last quarter of the time, at most 5 seconds, is kept for the answer: an order that
    /// would leave during it does not leave.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Orders {
        self.timeout = Some(timeout);
        self
    }

    /// Sets how long waiting and the attempt may take together, if that differs from the [`timeout`](Orders::timeout)
    /// of the attempt. With `timeout(5 s)` and `deadline(60 s)` an order may wait for 55 seconds before it leaves, and
    /// its answer may take 5.
    #[must_use]
    pub fn deadline(mut self, deadline: Duration) -> Orders {
        self.deadline = Some(deadline);
        self
    }

    /// Records every order in this file before it is sent, and its outcome afterwards: see [`Journal`]. Open it once;
    /// clones of the handle share it.
    ///
    /// ```no_run
    /// # async fn example(client: kiwoom_api::Client) -> Result<(), kiwoom_api::Error> {
    /// let orders = client.orders().journal("orders.log").await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// As [`Journal::open`].
    pub async fn journal(self, path: impl Into<PathBuf>) -> Result<Orders, Error> {
        let journal = Journal::open(path, &self.client).await?;
        self.with_journal(journal)
    }

    /// Uses a journal that is open already.
    ///
    /// # Errors
    /// The journal belongs to another account or server.
    pub fn with_journal(mut self, journal: Journal) -> Result<Orders, Error> {
        journal.check(self.client.identity())?;
        journal.attach(&self.client);
        self.journal = Some(journal);
        Ok(self)
    }

    /// The journal, if there is one.
    pub fn as_journal(&self) -> Option<&Journal> {
        self.journal.as_ref()
    }

    #[cfg(any(
        all(any(feature = "domestic-order", feature = "domestic-margin-order"), feature = "domestic-account"),
        all(feature = "us-order", feature = "us-account")
    ))]
    pub(super) fn client(&self) -> &Client {
        &self.client
    }

    /// The same handle, for calls that wait for their turn as long as it takes, unless a deadline was chosen.
    #[cfg(any(
        all(any(feature = "domestic-order", feature = "domestic-margin-order"), feature = "domestic-account"),
        all(feature = "us-order", feature = "us-account")
    ))]
    pub(super) fn patient(&self) -> Orders {
        Orders { deadline: Some(self.deadline.unwrap_or(Duration::MAX)), ..self.clone() }
    }

    /// Places a new order.
    pub async fn submit(&self, order: impl Into<Order>) -> Outcome<OrderRef> {
        let (trade, intent) = self.placing(order.into());
        self.send(trade, intent).await
    }

    /// Changes an open order. The broker's answer names a new order that takes its place: cancel that one later.
    pub async fn modify(&self, order: &OrderRef, to: Modification) -> Outcome<OrderRef> {
        let (trade, intent) = self.modifying(order, to);
        self.send(trade, intent).await
    }

    pub(super) fn placing(&self, order: Order) -> (Trade, Result<Intent, Error>) {
        let (date, venue) = (self.today(order.desk), self.venue_of(&order));
        let said = Some(order.rules.ticks).filter(|ticks| *ticks != Rules::of(order.desk).ticks);
        let trade = Trade { desk: order.desk, action: Action::Place, side: Some(order.side), said };
        (trade, order.intent(self.defaults(date, venue)))
    }

    pub(super) fn modifying(&self, order: &OrderRef, to: Modification) -> (Trade, Result<Intent, Error>) {
        let said = to.ticks_of(order);
        let trade = Trade { desk: order.desk, action: Action::Modify, side: Some(order.side), said };
        (trade, to.intent(order, self.defaults(self.today(order.desk), String::new())))
    }

    pub(super) fn cancelling(&self, cancel: Cancel) -> (Trade, Result<Intent, Error>) {
        let date = self.today(cancel.desk());
        let trade = Trade { desk: cancel.desk(), action: Action::Cancel, side: None, said: cancel.ticks() };
        (trade, cancel.intent(date))
    }

    fn defaults(&self, date: Date, venue: String) -> Defaults<'_> {
        Defaults { venue, date, checks: self.checks, symbols: &self.symbols }
    }

    /// Cancels all that is left of an open order, or a part of it: `orders.cancel(&order)`,
    /// `orders.cancel(Cancel::of(&order).qty(3))`. `Accepted` holds the cancellation, which has its own number; the
    /// order may have been filled before the cancellation arrived.
    pub async fn cancel(&self, order: impl Into<Cancel>) -> Outcome<OrderRef> {
        let (trade, intent) = self.cancelling(order.into());
        self.send(trade, intent).await
    }

    async fn send(&self, trade: Trade, intent: Result<Intent, Error>) -> Outcome<OrderRef> {
        self.send_watched((trade, intent), &OnceLock::new()).await
    }

    /// The one way out. Whoever watches learns when the order may leave: before that, dropping this future keeps it here.
    pub(super) async fn send_watched(
        &self,
        (trade, intent): (Trade, Result<Intent, Error>),
        watch: &OnceLock<Departure>,
    ) -> Outcome<OrderRef> {
        // those who watch see what this machine refuses, too
        let not_sent = |error: Error| Outcome::NotSent(self.client.refuse(trade.api_id(), Effect::Trade, error));
        let mut intent = match intent {
            Ok(intent) => intent,
            Err(error) => return not_sent(error),
        };
        let time = Spent::new(self.client.clock());
        let whole = self.deadline.or(self.timeout).unwrap_or(self.client.timeout());
        let late = || not_sent(Error::new(Kind::Late(whole)));
        if whole.is_zero() {
            return late();
        }
        // the very first request, for a token, reveals the broker's clock, which the journal entry uses
        if let Err(error) = self.client.tell_time(time.left(whole)).await {
            return not_sent(error);
        }
        intent.date = self.today(intent.desk);
        let broker = self.client.broker_time();
        let noted = match &self.journal {
            None => None,
            Some(journal) => {
                let noting = journal.begin(intent.clone(), broker.read().earliest, time.left(whole));
                // a slow disk does not make an order leave late
                match tokio::time::timeout(time.left(whole), noting).await {
                    Ok(Ok(noted)) => Some(noted),
                    Ok(Err(error)) => return not_sent(error),
                    Err(_) => return late(),
                }
            }
        };
        let departure = noted
            .as_ref()
            .map_or_else(|| Departure::of(&intent, broker.read().earliest), |noted| noted.departure().clone());
        let _ = watch.set(departure.clone());
        let unnoted = noted.is_none().then(|| Unnoted::new(self.client.guard(), &departure, broker));
        let (client, timeout, departure) = (&self.client, self.timeout, &departure);
        let dispatch = Dispatch { client, timeout, deadline: whole, spent: time.spent(), departure };
        let outcome = dispatch.send(&intent).await.about(&intent.id).map(|number| {
            // the reply revealed the broker's clock
            let order = OrderRef::new(intent.desk, self.today(intent.desk), number);
            let mut order = order.of(intent.side, intent.symbol).at(intent.venue);
            order.original = intent.original;
            trade.said.into_iter().fold(order, OrderRef::with_ticks)
        });
        if let Some(unnoted) = unnoted.filter(|_| !outcome.is_unknown()) {
            unnoted.settled();
        }
        if let Some(noted) = noted {
            let over = broker.read();
            match outcome {
                // without a known clock, no end is recorded: a wrong one would shorten the time in which the order may
                // still arrive
                Outcome::Unknown(_) if over.source == Source::ThisMachine => noted.lose(),
                _ => noted.end(&outcome, over.latest).await,
            }
        }
        outcome
    }

    /// The day of an order that is placed now: see [`OrderRef::date`].
    pub(super) fn today(&self, desk: Desk) -> Date {
        let broker = self.client.broker_time();
        let now = if desk == Desk::Us { Offset::UTC.to_datetime(broker.moment()) } else { broker.korea() };
        now.date()
    }

    fn venue_of(&self, order: &Order) -> String {
        match order.desk {
            Desk::Gold | Desk::Us => String::new(),
            Desk::Stock | Desk::Margin => match (&self.venue, self.client.server()) {
                (Some(venue), _) => venue.clone(),
                (None, Server::Mock) => krx(),
                (None, _) if is_krx_only(order.desk, order.kind) => krx(),
                (None, _) => sor(),
            },
        }
    }
}

/// Which API a trade belongs to, before it is built.
#[derive(Clone, Copy)]
pub(super) struct Trade {
    pub desk: Desk,
    action: Action,
    side: Option<Side>,
    /// The tick table that the order names.
    said: Option<Ticks>,
}

impl Trade {
    fn api_id(self) -> &'static str {
        let of = match self.desk {
            Desk::Stock => ["kt10000", "kt10001", "kt10002", "kt10003"],
            Desk::Margin => ["kt10006", "kt10007", "kt10008", "kt10009"],
            Desk::Gold => ["kt50000", "kt50001", "kt50002", "kt50003"],
            Desk::Us => ["ust20000", "ust20001", "ust20002", "ust20003"],
        };
        of[match (self.action, &self.side) {
            (Action::Place, Some(Side::Sell)) => 1,
            (Action::Place, _) => 0,
            (Action::Modify, _) => 2,
            (Action::Cancel, _) => 3,
        }]
    }
}

/// How long an order has been on its way, by both readings of the clock: the monotonic one stands still while a laptop
/// sleeps, and an order of before that is not one of now.
struct Spent<'a> {
    clock: &'a Clock,
    now: Duration,
    wall: Timestamp,
}

impl Spent<'_> {
    fn new(clock: &Clock) -> Spent<'_> {
        Spent { clock, now: clock.now(), wall: clock.wall() }
    }

    fn spent(&self) -> Duration {
        let steady = self.clock.now().saturating_sub(self.now);
        let wall = Duration::try_from(self.clock.wall().duration_since(self.wall)).unwrap_or_default();
        steady.max(wall)
    }

    fn left(&self, whole: Duration) -> Duration {
        whole.saturating_sub(self.spent())
    }
}

#[cfg(any(feature = "domestic-order", feature = "domestic-margin-order", feature = "us-order"))]
impl Client {
    /// The handle for orders: built by [`Order`], each of them one network attempt with one of four outcomes.
    ///
    /// It exists with a category of orders: `domestic-order`, `domestic-margin-order` or `us-order`. Which of them an
    /// [`OrderRef`] or a journal of an earlier build needs is known at run time only: where it is missing, changes and
    /// cancellations are [`NotSent`](Outcome::NotSent), and say which feature to enable.
    pub fn orders(&self) -> Orders {
        Orders::new(self.clone())
    }
}

#[cfg(all(test, feature = "domestic-order", feature = "domestic-account", feature = "us-order"))]
mod tests {
    use super::*;
    use crate::Credentials;
    use crate::value::GoldCode;

    #[test]
    fn sor_on_a_server_that_has_krx_only() {
        let stock = || -> Order { Order::buy("005930").limit(70_100).qty(1).into() };
        let after_hours = || -> Order { Order::buy("005930").after_hours().qty(1).into() };
        let gold = || -> Order { Order::buy(GoldCode::from("M04020000")).limit(160_000).qty(1).into() };
        for (server, venues) in [(Server::Mock, ["KRX", "KRX", ""]), (Server::Real, ["SOR", "KRX", ""])] {
            let orders = Client::new(server, Credentials::new("key", "secret")).unwrap().orders();
            assert_eq!([stock(), after_hours(), gold()].map(|order| orders.venue_of(&order)), venues);
        }
    }

    #[tokio::test]
    async fn a_slow_disk_makes_no_order_leave_late() {
        let directory = tempfile::tempdir().unwrap();
        let client = Client::new(Server::custom("https://192.0.2.1"), Credentials::new("key", "secret")).unwrap();
        let journal = Journal::on_a_disk_that_takes(Duration::from_secs(2), directory.path().join("log"), &client);
        let orders = client.orders().timeout(Duration::from_millis(200)).with_journal(journal).unwrap();
        let began = std::time::Instant::now();
        let outcome = orders.submit(Order::buy("005930").limit(70_100).qty(1)).await;
        let Outcome::NotSent(error) = outcome else { panic!("{outcome:?}") };
        assert!(!error.is_held() && began.elapsed() < Duration::from_secs(1), "{error} after {:?}", began.elapsed());
    }
}
