//! Opening live orders: what can be chosen, and the wait until everything is known.

use std::future::IntoFuture;
use std::time::Duration;

use super::handle::LiveOrders;
use super::market::Place;
use crate::Error;
use crate::call::BoxFuture;
use crate::order::Orders;
use crate::order::reconcile::DELAY;

/// How long the lists are not read although nothing seems to be wrong.
pub(super) const EVERY: Duration = Duration::from_secs(60);

/// Live orders in the making: [`Orders::live`] begins it, `.await` ends it.
#[must_use = "nothing is watched before it is awaited"]
#[derive(Clone, Debug)]
pub struct LiveSetup {
    pub(super) orders: Orders,
    pub(super) place: Place,
    pub(super) delay: Duration,
    pub(super) every: Duration,
}

impl Orders {
    /// Watches the domestic orders of the account, for cash and on margin, whoever placed them.
    ///
    /// When it returns, pushes are registered and acknowledged, and all pages of the lists are read: everything that is open is
    /// known. Trade after that.
    ///
    /// ```no_run
    /// use kiwoom_api::order::{LiveEvent, Order};
    /// use kiwoom_api::{Client, Outcome};
    ///
    /// # async fn example(client: Client) -> Result<(), kiwoom_api::Error> {
    /// let live = client.orders().live().await?;
    /// let mut events = live.events();
    /// if let Outcome::Accepted(order) = live.submit(Order::buy("005930").limit(70_100).qty(10)).await {
    ///     while let Some(event) = events.next().await {
    ///         match event {
    ///             LiveEvent::Filled { fill, .. } => println!("{} at {:?}", fill.qty, fill.price),
    ///             event => println!("{event}"),
    ///         }
    ///         if live.chain(&order).is_some_and(|chain| chain.is_done()) {
    ///             break;
    ///         }
    ///     }
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// As [`Subscription::open`](crate::realtime::Subscription::open). While the broker cannot be reached, it waits and tries
    /// again; put it under a timeout to give up. Cancel-safe: dropped before it returns, it leaves nothing behind.
    #[cfg(all(
        any(feature = "domestic-order", feature = "domestic-margin-order"),
        feature = "domestic-account",
        feature = "domestic-realtime"
    ))]
    pub fn live(&self) -> LiveSetup {
        LiveSetup::new(self, Place::Domestic)
    }

    /// Watches the US orders of the account. The same as [`live`](Orders::live), over the connection of the US market.
    ///
    /// ```no_run
    /// use std::time::Duration;
    ///
    /// use kiwoom_api::codes::UsExchange;
    /// use kiwoom_api::order::{Order, Us};
    /// use kiwoom_api::{Client, Outcome, dec};
    ///
    /// # async fn example(client: Client) -> Result<(), kiwoom_api::Error> {
    /// let live = client.orders().journal("orders.log").await?.live_us().await?;
    /// let nvda = Us::new(UsExchange::Nasdaq, "NVDA");
    /// let Outcome::Accepted(order) = live.submit(Order::buy(nvda).limit(dec!(213.04)).qty(10)).await else { return Ok(()) };
    /// // half a minute for it; what is not filled by then is cancelled
    /// let done = match tokio::time::timeout(Duration::from_secs(30), live.wait(&order)).await {
    ///     Ok(done) => done?,
    ///     Err(_) => {
    ///         let _ = live.cancel_rest(&order).await;
    ///         live.wait(&order).await?
    ///     }
    /// };
    /// println!("{} of {} filled, {:?} USD on average", done.filled, done.ordered, done.average());
    /// # Ok(()) }
    /// ```
    ///
    /// A US order is changed in its price and cancelled as a whole. An order that somebody typed and that only a push announced
    /// can be changed and cancelled once a list names its exchange, which is looked at after the delay of the lists.
    #[cfg(all(feature = "us-order", feature = "us-account", feature = "us-realtime"))]
    pub fn live_us(&self) -> LiveSetup {
        LiveSetup::new(self, Place::Us)
    }
}

impl LiveSetup {
    fn new(orders: &Orders, place: Place) -> LiveSetup {
        LiveSetup { orders: orders.clone(), place, delay: DELAY, every: EVERY }
    }

    /// Sets how late the broker's lists may be; 3 seconds by default (`BEHAVIOUR.md` O4). Opening takes as long, because only a
    /// list that was read that long after the pushes began shows everything before them.
    pub fn delay(self, delay: Duration) -> LiveSetup {
        LiveSetup { delay, ..self }
    }

    /// Sets how often the lists are read although nothing seems to be wrong; every minute by default.
    /// It finds a push that was lost and left no trace.
    pub fn check_every(self, every: Duration) -> LiveSetup {
        LiveSetup { every, ..self }
    }
}

impl IntoFuture for LiveSetup {
    type Output = Result<LiveOrders, Error>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(LiveOrders::open(self))
    }
}
