//! Orders whose replies were lost, in both markets: settled by a push first, by the lists second, and never sent again.

use std::path::Path;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use fastrand::Rng;
use kiwoom_api::codes::OrderVenue;
use kiwoom_api::order::{LiveEvent, LiveEvents, LiveOrders, Modification, Orders, Origin, Proof, Settled};
use kiwoom_api::{Client, Credentials, Limits, ManualClock, Outcome, Retry};
use tokio::time::timeout;

use crate::live_faults::market::Market;
use crate::live_faults::time::{Pace, TRADING, WAITING, pump};
use crate::server::SOON;
use crate::support::{APP_KEY, Broker, Fault, Placed, SECRET_KEY, TRADES};

struct Desk {
    market: Market,
    broker: Broker,
    live: LiveOrders,
    events: LiveEvents,
}

impl Desk {
    async fn open(market: Market) -> Desk {
        Desk::with(market, async |orders| orders).await
    }

    /// With a journal.
    async fn noted(market: Market, path: &Path) -> Desk {
        Desk::with(market, async |orders: Orders| orders.journal(path).await.unwrap()).await
    }

    async fn with(market: Market, journal: impl AsyncFnOnce(Orders) -> Orders) -> Desk {
        let broker = Broker::start(ManualClock::at("2026-07-06T10:00:00+09:00".parse().unwrap()), 1).await;
        let client =
            Client::builder(broker.server(), Credentials::new(APP_KEY, SECRET_KEY)).limits(Limits::unlimited());
        let client = client.retry(Retry::none()).timeout(Duration::from_millis(300)).build().unwrap();
        let orders = journal(client.orders().default_venue(OrderVenue::Krx)).await;
        let setup = match market {
            Market::Domestic => orders.live(),
            Market::Us => orders.live_us(),
        };
        let live = timeout(SOON, async { setup.delay(Duration::from_millis(20)).await }).await.unwrap().unwrap();
        let events = live.events();
        Desk { market, broker, live, events }
    }

    /// Sends an order whose reply is lost.
    async fn lose(&self, fault: Fault) {
        self.broker.misbehave(fault, 1.0);
        let outcome = self.live.submit(self.market.order(&mut Rng::with_seed(1), (10, "mine"))).await;
        assert!(outcome.is_unknown(), "{outcome:?}");
        self.broker.heal();
    }

    /// Sends an order, and is gone as soon as the journal knows the reply; whether that was before its outcome was there.
    async fn leave(&self, name: &str) -> bool {
        let (id, order) = (name.parse().unwrap(), self.market.order(&mut Rng::with_seed(1), (10, name)));
        let mut submit = Box::pin(self.live.submit(order));
        let journal = self.live.orders().as_journal().unwrap();
        let noted = std::future::poll_fn(|context| match submit.as_mut().poll(context) {
            Poll::Ready(_) => Poll::Ready(false),
            Poll::Pending if journal.placed(&id).is_some() => Poll::Ready(true),
            Poll::Pending => Poll::Pending,
        });
        timeout(SOON, noted).await.unwrap()
    }

    async fn settled(&self) -> Settled {
        timeout(SOON, self.live.settle(&"mine".parse().unwrap())).await.unwrap().unwrap()
    }

    fn origin(&self) -> Option<Origin> {
        self.live.find(&"mine".parse().unwrap()).map(|order| order.origin)
    }

    async fn until(&mut self, want: impl Fn(&LiveEvent) -> bool) -> LiveEvent {
        loop {
            let event = timeout(SOON, self.events.next()).await.expect("in time").expect("it goes on");
            if want(&event) {
                return event;
            }
        }
    }

    /// How many requests that trade arrived.
    fn sent(&self) -> usize {
        TRADES.iter().map(|api| self.broker.requests(api)).sum()
    }
}

#[tokio::test]
async fn by_the_push_while_no_list_can_be_read() {
    for market in [Market::Domestic, Market::Us] {
        let mut desk = Desk::open(market).await;
        desk.broker.lists_fail(true);
        desk.lose(Fault::Truncated).await;
        let Settled::Placed(order) = desk.settled().await else { panic!("{market:?}") };
        assert_eq!(order.number.as_str(), desk.broker.orders()[0].number);
        assert_eq!(desk.origin(), Some(Origin::Ours(Proof::Push)));
        desk.broker.lists_fail(false);
        // the list says that it was entered through the API
        desk.live.refresh().await.unwrap();
        assert_eq!(desk.origin(), Some(Origin::Ours(Proof::List)));
        let accepted = desk.until(|event| matches!(event, LiveEvent::Accepted(_))).await;
        assert_eq!(accepted.order().unwrap().id, Some("mine".parse().unwrap()));
        assert_eq!(desk.sent(), 1);
    }
}

/// The change arrived, its reply is lost, and no push tells of it: the lists do.
#[tokio::test]
async fn a_lost_change_leaves_nothing_of_a_cancelled_order() {
    for market in [Market::Domestic, Market::Us] {
        for fault in [Fault::TimeoutAfter, Fault::Truncated] {
            let desk = Desk::open(market).await;
            let order = market.order(&mut Rng::with_seed(1), (10, "mine"));
            let Outcome::Accepted(order) = desk.live.submit(order).await else { panic!("{market:?}") };
            desk.live.refresh().await.unwrap();
            desk.broker.silence(true);
            desk.broker.misbehave(fault, 1.0);
            let (live, of) = (desk.live.clone(), order.clone());
            let change = Modification::price(market.money(market.price(&mut Rng::with_seed(2))));
            let changing = tokio::spawn(async move { live.modify(&of, change).await });
            while desk.sent() < 2 {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
            desk.broker.heal();
            let cancelled = timeout(SOON, desk.live.cancel_rest(&order)).await.unwrap();
            assert!(changing.await.unwrap().is_unknown());
            let placed = desk.broker.orders();
            assert!(placed.iter().all(|order| order.remaining == 0), "{market:?} {fault:?}: {cancelled:?} {placed:#?}");
        }
    }
}

#[tokio::test]
async fn by_the_lists_where_no_push_comes() {
    for market in [Market::Domestic, Market::Us] {
        let desk = Desk::open(market).await;
        desk.broker.silence(true);
        desk.lose(Fault::Truncated).await;
        let Settled::Placed(order) = desk.settled().await else { panic!("{market:?}") };
        assert_eq!(order.number.as_str(), desk.broker.orders()[0].number);
        assert_eq!((desk.origin(), desk.sent()), (Some(Origin::Ours(Proof::List)), 1));
    }
}

/// What a push was taken for is given back when a list says how the order was entered.
#[tokio::test]
async fn not_by_the_push_of_an_order_typed_by_hand() {
    for market in [Market::Domestic, Market::Us] {
        let mut desk = Desk::open(market).await;
        // it never gets there: the same order, typed by hand at that moment, is all the pushes show
        desk.lose(Fault::TimeoutBefore).await;
        let mut rng = Rng::with_seed(1);
        let price = market.price(&mut rng);
        let side = if rng.bool() { "매수" } else { "매도" };
        let twin = Placed { side, ..Placed::by_hand(market == Market::Us, (10, price)) };
        desk.broker.typed_by_hand(twin);
        desk.until(|event| matches!(event, LiveEvent::Disowned { .. })).await;
        let order = &desk.live.open_orders()[0];
        assert_eq!((order.origin, &order.id, desk.origin()), (Origin::Elsewhere, &None, None));
        assert_eq!(desk.broker.orders().len(), 1);
    }
}

/// Dropped while it is being noted, an order never leaves, and that is known at once.
#[tokio::test]
async fn at_once_if_it_never_left() {
    let directory = tempfile::tempdir().unwrap();
    for market in [Market::Domestic, Market::Us] {
        let mut desk = Desk::noted(market, &directory.path().join(format!("{market:?}"))).await;
        let submit = desk.live.submit(market.order(&mut Rng::with_seed(1), (10, "mine")));
        assert!(timeout(Duration::ZERO, submit).await.is_err());
        assert_eq!(desk.settled().await, Settled::NotPlaced);
        desk.until(|event| matches!(event, LiveEvent::NotPlaced { .. })).await;
        assert_eq!((desk.sent(), desk.broker.orders().len()), (0, 0));
    }
}

/// Asked while the order is on its way, it waits for the reply.
#[tokio::test]
async fn by_its_own_reply_if_that_is_still_to_come() {
    let directory = tempfile::tempdir().unwrap();
    for market in [Market::Domestic, Market::Us] {
        let desk = Desk::noted(market, &directory.path().join(format!("{market:?}"))).await;
        let submit = desk.live.submit(market.order(&mut Rng::with_seed(1), (10, "mine")));
        let (outcome, settled) = tokio::join!(submit, desk.settled());
        assert_eq!(settled, Settled::Placed(outcome.accepted().unwrap().clone()));
        assert_eq!(desk.origin(), Some(Origin::Ours(Proof::Reply)));
    }
}

/// The reply was there and its caller was gone: the journal noted it, and no push and no list is needed.
#[tokio::test]
async fn by_the_journal_if_nobody_waited_for_the_reply() {
    let directory = tempfile::tempdir().unwrap();
    for market in [Market::Domestic, Market::Us] {
        let desk = Desk::noted(market, &directory.path().join(format!("{market:?}"))).await;
        desk.broker.silence(true);
        let mut left = None;
        for attempt in 0..20 {
            let name = format!("mine-{attempt}");
            if desk.leave(&name).await {
                left = Some(name.parse().unwrap());
                break;
            }
        }
        let id = left.expect("a disk is not faster than this thread twenty times");
        let settled = timeout(SOON, desk.live.settle(&id)).await.unwrap().unwrap();
        let last = desk.broker.orders().pop().unwrap().number;
        assert!(matches!(&settled, Settled::Placed(order) if order.number.as_str() == last), "{settled:?}");
        assert_eq!(desk.live.find(&id).unwrap().order.number.as_str(), last);
        assert_eq!(desk.sent(), desk.broker.orders().len());
    }
}

/// Without a journal nothing proves that an order never arrived: this gives up after the time in which it could.
#[tokio::test]
async fn not_at_all_before_the_bound_where_nothing_shows_it() {
    let [time, other] = [(); 2].map(|()| ManualClock::at("2026-07-06T10:00:00+09:00".parse().unwrap()));
    let broker = Arc::new(Broker::start(time.clone(), 1).await);
    let client = Client::builder(broker.server(), Credentials::new(APP_KEY, SECRET_KEY)).clock(time.clock());
    let client = client.limits(Limits::unlimited()).timeout(Duration::from_millis(900)).build().unwrap();
    let pace = Pace::new(WAITING);
    let pump = tokio::spawn(pump(pace.clone(), broker.clone(), (time.clone(), other)));
    let live = timeout(SOON, Market::Us.live(&client.orders())).await.unwrap().unwrap();
    pace.set(TRADING);
    broker.misbehave(Fault::TimeoutBefore, 1.0);
    let outcome = live.submit(Market::Us.order(&mut Rng::with_seed(1), (10, "mine"))).await;
    assert!(outcome.is_unknown(), "{outcome:?}");
    broker.heal();
    pace.set(WAITING);
    let began = time.elapsed();
    let settled = timeout(SOON, live.settle(&"mine".parse().unwrap())).await.unwrap().unwrap();
    assert_eq!(settled, Settled::Undecided(None));
    let waited = time.elapsed() - began;
    assert!(waited >= kiwoom_api::order::Reconcile::TRAVEL, "{waited:?}");
    pump.abort();
}

/// A fill whose push is lost, and after which nothing else happens, shows after a minute at the latest.
#[tokio::test]
async fn a_fill_that_left_no_trace_shows_within_a_minute() {
    for market in [Market::Domestic, Market::Us] {
        let time = ManualClock::at("2026-07-06T10:00:00+09:00".parse().unwrap());
        let broker = Broker::start(time.clone(), 1).await;
        let client = Client::builder(broker.server(), Credentials::new(APP_KEY, SECRET_KEY)).clock(time.clock());
        let client = client.limits(Limits::unlimited()).build().unwrap();
        let orders = client.orders().default_venue(OrderVenue::Krx);
        let opening = tokio::spawn(async move { market.live(&orders).await });
        while !opening.is_finished() {
            tokio::time::sleep(Duration::from_millis(2)).await;
            time.advance(Duration::from_millis(100));
        }
        let live = opening.await.unwrap().unwrap();
        let order = live.submit(market.order(&mut Rng::with_seed(1), (10, "mine"))).await.accepted().unwrap().clone();
        // what the reply and its pushes left in doubt is settled
        for _ in 0..8 {
            time.advance(Duration::from_secs(4));
            broker.ping();
            tokio::time::sleep(Duration::from_millis(30)).await;
        }
        broker.fill_unseen(order.number.as_str(), (3, market.price(&mut Rng::with_seed(1))));
        assert_eq!(live.get(&order).unwrap().filled, 0.into());
        let (began, started) = (time.elapsed(), std::time::Instant::now());
        while live.get(&order).unwrap().filled != 3.into() {
            assert!(started.elapsed() < SOON && live.is_primed(), "{market:?}: {:?}", live.get(&order));
            if time.elapsed() - began < Duration::from_secs(60) {
                time.advance(Duration::from_secs(5));
                broker.ping();
            }
            tokio::time::sleep(Duration::from_millis(30)).await;
        }
        assert!(time.elapsed() - began <= Duration::from_secs(60));
    }
}
