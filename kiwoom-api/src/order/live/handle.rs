//! What a user holds: orders that are sent and watched.

use std::sync::{Arc, Mutex, OnceLock};

use tokio::task::JoinSet;

use super::chain::LiveChain;
use super::core::{Core, Watched};
use super::driver;
use super::order::{LiveFill, LiveOrder};
use super::setup::LiveSetup;
use super::stream::{LiveEvents, lock};
use crate::error::Kind;
use crate::language::{both, fixed};
use crate::order::checks::refused;
use crate::order::{
    Cancel, Declared, Intent, Modification, Order, OrderId, OrderRef, Orders, Reconcile, Verdict, orders::Trade,
};
use crate::{Error, Outcome};

/// The orders of the account in one market, each in one state: [`Orders::live`] opens it.
///
/// Clones are the same; the last one that is dropped ends it. Snapshots never wait. Everything that trades goes through
/// [`Orders`], with its checks, limits, journal and kill switch, and is attempted once.
#[derive(Clone)]
pub struct LiveOrders(pub(super) Arc<Inner>);

pub(super) struct Inner {
    pub(super) core: Arc<Core>,
    /// They end with it.
    tasks: Mutex<JoinSet<()>>,
}

/// What became of an intent whose reply was lost: see [`LiveOrders::settle`].
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
#[must_use = "an intent that is not settled needs a decision"]
pub enum Settled {
    /// It is this order.
    Placed(OrderRef),
    /// It is not at the broker, and will not be.
    NotPlaced,
    /// Nothing tells: the lists could not be read, or orders are too much alike. The verdict says which, if there is a journal.
    Undecided(Option<Verdict>),
}

impl LiveOrders {
    pub(super) async fn open(setup: LiveSetup) -> Result<LiveOrders, Error> {
        let LiveSetup { orders, place, delay, every } = setup;
        let feed = place.topics(orders.client().realtime()).open().await?;
        let core = Arc::new(Core::new(orders, place, (delay, every)));
        let mut tasks = JoinSet::new();
        tasks.spawn(driver::run(core.clone(), feed));
        let live = LiveOrders(Arc::new(Inner { core, tasks: Mutex::new(tasks) }));
        live.primed().await?;
        Ok(live)
    }

    /// Returns when every order is as the broker has it: at once, unless the connection is lost or the lists are being read.
    ///
    /// # Errors
    /// It is over, and why.
    pub async fn primed(&self) -> Result<(), Error> {
        self.until(|core| core.standing().primed.then_some(())).await
    }

    /// Waits until there is something; cancel-safe, because it only looks.
    pub(super) async fn until<T>(&self, found: impl Fn(&Core) -> Option<T>) -> Result<T, Error> {
        let core = &*self.0.core;
        let mut changed = core.changed.subscribe();
        loop {
            changed.mark_unchanged();
            if let Some(found) = found(core) {
                return Ok(found);
            }
            if let Some(ended) = core.standing().ended {
                return Err(Error::new(Kind::Realtime(both!("{ended}", "{ended}"))));
            }
            // the sender lives as long as this handle
            let _ = changed.changed().await;
        }
    }

    /// The orders that this one watches and sends through.
    pub fn orders(&self) -> &Orders {
        &self.0.core.orders
    }

    /// Whether every order is as the broker has it, as far as pushes and lists tell: false from a lost connection until the
    /// lists are read again.
    pub fn is_primed(&self) -> bool {
        let standing = self.0.core.standing();
        standing.primed && standing.ended.is_none()
    }

    /// Places a new order, as [`Orders::submit`].
    ///
    /// Pushes that come before the reply are kept until it tells whose they are. If the future is dropped before the order
    /// leaves, it never leaves. If it is dropped later, its fate is settled like that of [`Outcome::Unknown`].
    pub async fn submit(&self, order: impl Into<Order>) -> Outcome<OrderRef> {
        let order: Order = order.into();
        self.send(self.orders().placing(order)).await
    }

    /// Changes an open order, as [`Orders::modify`]. What is left goes on under the number in the outcome;
    /// [`chain`](LiveOrders::chain) follows it.
    pub async fn modify(&self, order: &OrderRef, to: Modification) -> Outcome<OrderRef> {
        self.send(self.orders().modifying(&self.located(order), to)).await
    }

    /// Cancels all that is left of an order, or a part of it, as [`Orders::cancel`].
    pub async fn cancel(&self, order: impl Into<Cancel>) -> Outcome<OrderRef> {
        let mut cancel: Cancel = order.into();
        cancel.order = self.located(&cancel.order);
        self.send(self.orders().cancelling(cancel)).await
    }

    /// With the venue that it has by now: a US order that a push announced has none before a list shows it.
    fn located(&self, order: &OrderRef) -> OrderRef {
        match self.get(order) {
            Some(known) if order.venue.is_empty() => order.clone().at(known.order.venue),
            _ => order.clone(),
        }
    }

    async fn send(&self, (trade, intent): (Trade, Result<Intent, Error>)) -> Outcome<OrderRef> {
        let core = &*self.0.core;
        let intent = match intent {
            Ok(_) if !core.place.has(trade.desk) => Err(refused(
                "ord_no",
                fixed!("live orders of another market", "다른 시장의 주문입니다"),
                fixed!(
                    "use live() for domestic stocks, live_us() for US stocks, Orders for gold, of which there are no pushes",
                    "국내 주식은 live(), 미국 주식은 live_us(), 실시간 통보가 없는 금현물은 Orders를 쓰세요"
                ),
            )),
            intent => intent,
        };
        let nobody = OnceLock::new();
        let watched = intent.as_ref().ok().map(|intent| Watched::new(core, intent));
        let departure = watched.as_ref().map_or(&nobody, |watched| &watched.departure);
        let outcome = core.orders.send_watched((trade, intent), departure).await;
        if let Some(watched) = watched {
            watched.over(&outcome);
        }
        outcome
    }

    /// Settles an intent whose reply was lost: by the push that fits it and no other, or by the lists, whichever comes first.
    /// Nothing is sent again.
    ///
    /// With a [journal](Orders::journal) the lists also prove that an order never arrived, after
    /// [`Reconcile::TRAVEL`], and what they say is recorded. Without one, this gives up after that time.
    ///
    /// # Errors
    /// It is over; the journal cannot be written.
    pub async fn settle(&self, id: &OrderId) -> Result<Settled, Error> {
        let core = &*self.0.core;
        // its own reply comes first
        self.until(|core| core.read(|book| !book.is_awaited(id)).then_some(())).await?;
        let known = |core: &Core| core.read(|book| book.settled(id));
        let (fate, verdict) = tokio::select! {
            biased;
            settled = self.until(known) => {
                let settled = settled?;
                self.record(id);
                return Ok(settled);
            }
            looked = self.look_up(id) => looked?,
        };
        match fate {
            Some(Declared::Placed(order)) => {
                core.change(|book, now| book.found(now, id, &order));
                // as it is known here: lists may count the days of a night otherwise
                Ok(known(core).unwrap_or(Settled::Placed(order)))
            }
            Some(Declared::NotPlaced) => {
                core.change(|book, now| book.not_placed(now, id));
                Ok(Settled::NotPlaced)
            }
            None => Ok(known(core).unwrap_or(Settled::Undecided(verdict))),
        }
    }

    /// What the lists say in the end, or the journal; without a journal nothing, after the time in which an order may arrive.
    async fn look_up(&self, id: &OrderId) -> Result<(Option<Declared>, Option<Verdict>), Error> {
        let Core { orders, clock, .. } = &*self.0.core;
        let Some(journal) = orders.as_journal() else {
            clock.sleep_until(clock.now().saturating_add(Reconcile::TRAVEL)).await;
            return Ok((None, None));
        };
        let settled = orders.reconcile().only(id).wait_until_certain().await?.into_iter().next();
        Ok(match settled.map(|settled| settled.verdict) {
            Some(Verdict::Found(listed)) => (Some(Declared::Placed(listed.order)), None),
            Some(Verdict::NotFound) => (Some(Declared::NotPlaced), None),
            // a reply that nobody waited for any more was noted all the same
            verdict => (journal.known(id), verdict),
        })
    }

    /// What a push settled is looked up for the journal, too: a push does not say how an order was entered.
    fn record(&self, id: &OrderId) {
        let (orders, id) = (self.orders().clone(), id.clone());
        if orders.as_journal().is_some() {
            lock(&self.0.tasks).spawn(async move {
                if let Err(error) = orders.reconcile().only(&id).await {
                    tracing::warn!(target: "kiwoom_api", %error, "a settled order is not recorded");
                }
            });
        }
    }

    /// Waits until nothing happens to an order any more, nor to what changes made of it; all numbers are final then.
    ///
    /// Cancel-safe: dropping it changes nothing, so this may stand in `select!` or under a timeout.
    ///
    /// # Errors
    /// It is over, and why; or neither a push nor a list that is young enough shows such an order.
    pub async fn wait(&self, order: &OrderRef) -> Result<LiveChain, Error> {
        let key = self.shown(order).await?;
        self.until(|core| core.read(|book| book.chain(&key)).filter(LiveChain::is_done)).await
    }

    /// An order as it is now.
    pub fn get(&self, order: &OrderRef) -> Option<LiveOrder> {
        self.0.core.read(|book| book.view(&book.key_for(order)))
    }

    /// The order that has this id.
    pub fn find(&self, id: &OrderId) -> Option<LiveOrder> {
        self.0.core.read(|book| book.view(book.ids.get(id)?))
    }

    /// An order together with what changes made of it, whichever of its numbers is given.
    pub fn chain(&self, order: &OrderRef) -> Option<LiveChain> {
        self.0.core.read(|book| book.chain(&book.key_for(order)))
    }

    /// The fills of an order that were pushed, the earliest first. What was filled while pushes were lost is not among them.
    pub fn fills(&self, order: &OrderRef) -> Vec<LiveFill> {
        self.0.core.read(|book| book.fills(&book.key_for(order)))
    }

    /// What is open now, whoever placed it.
    pub fn open_orders(&self) -> Vec<LiveOrder> {
        self.0.core.read(|book| book.all().filter(|order| order.is_open()).cloned().collect())
    }

    /// All orders that are known: those of today, and older ones that are not done.
    pub fn all(&self) -> Vec<LiveOrder> {
        self.0.core.read(|book| book.all().cloned().collect())
    }

    /// What happens from now on. Each stream has a queue of its own.
    pub fn events(&self) -> LiveEvents {
        LiveEvents(self.0.core.events())
    }

    /// Reads the lists, and returns when every order is as they show it.
    ///
    /// # Errors
    /// It is over, and why.
    pub async fn refresh(&self) -> Result<(), Error> {
        let core = &*self.0.core;
        let read = core.change(|book, now| {
            book.looks.now(now);
            book.looks.reads()
        });
        // one that is under way may have begun before
        self.until(|core| core.read(|book| book.looks.reads() > read && !book.looks.is_due(core.now())).then_some(()))
            .await
    }

    /// Ends it for all clones, and returns when everything is let go, the journal included. Dropping the last clone ends it, too,
    /// without waiting.
    pub async fn close(self) {
        let mut tasks = std::mem::take(&mut *lock(&self.0.tasks));
        tasks.shutdown().await;
    }
}

impl std::fmt::Debug for LiveOrders {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let open = self.0.core.read(|book| book.all().filter(|order| order.is_open()).count());
        f.debug_struct("LiveOrders").field("open", &open).field("primed", &self.is_primed()).finish_non_exhaustive()
    }
}
