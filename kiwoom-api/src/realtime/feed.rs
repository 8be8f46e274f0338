//! What a user holds: one ordered stream of data and events.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, ready};

use futures_core::Stream;

use super::engine::SetId;
use super::event::{Closed, Event};
use super::hub::{Hub, lock};
use super::queue::{Item, Queue, Stored};
use super::standing::Standing;
use crate::error::{Error, Kind};

/// A subscription that is read: data and events in the order in which they came, across all its topics.
///
/// It ends after [`Event::Closed`]. Dropping it ends the subscription; dropping the last one of a market closes the
/// connection, whatever it is doing. [`close`](Feed::close) waits until that is done. Without `async`, `wait_each()` of the
/// feature `blocking` makes it an iterator. With the feature `testing`, `Feed::canned` makes one of items of your own.
///
/// ```no_run
/// # #[cfg(feature = "domestic-realtime")] {
/// use kiwoom_api::domestic::realtime::StockTrade;
/// use kiwoom_api::realtime::{Event, Item};
/// # async fn example(client: kiwoom_api::Client) -> Result<(), kiwoom_api::Error> {
/// let mut feed = client.realtime().topic::<StockTrade>(["005930"]).open().await?;
/// while let Some(item) = feed.next().await {
///     match item {
///         Item::Push(push) => {
///             if let Some(trade) = push.of::<StockTrade>() {
///                 println!("{} {:?} {:?}", push.symbol(), push.at(), trade.price);
///             }
///         }
///         Item::Event(Event::Gap { symbols, from, to, .. }) => println!("ask for {symbols:?} from {from} to {to}"),
///         Item::Event(event) => println!("{event}"),
///         _ => {}
///     }
/// }
/// # Ok(()) }
/// # }
/// ```
pub struct Feed {
    pub(super) hub: Arc<Hub>,
    pub(super) set: SetId,
    pub(super) queue: Arc<Mutex<Queue>>,
    /// What it is fed with instead of a connection.
    #[cfg(feature = "testing")]
    pub(super) canned: Option<super::canned::Playing>,
}

impl Feed {
    pub(super) fn new(hub: Arc<Hub>, set: SetId, queue: Arc<Mutex<Queue>>) -> Feed {
        Feed {
            hub,
            set,
            queue,
            #[cfg(feature = "testing")]
            canned: None,
        }
    }

    /// A feed without a connection.
    #[cfg(feature = "testing")]
    pub(super) fn of_nothing() -> Feed {
        let hub = Arc::new(Hub::new("", crate::Clock::default(), super::engine::Rules::default()));
        Feed::new(hub, SetId(0), Arc::default())
    }

    /// The next item; `None` after [`Event::Closed`].
    ///
    /// Cancel-safe: an item that is not handed out stays in the queue, so this may stand in `select!` or under a timeout.
    pub async fn next(&mut self) -> Option<Item> {
        poll_fn(|context| self.poll(context)).await
    }

    /// Ends the subscription. If it was the last one of its market, this returns when the connection is closed in order: wait for
    /// it before the program ends. Items that were not read are gone.
    ///
    /// Cancel-safe: the subscription ends even if this is dropped before it returns.
    pub async fn close(self) {
        let task = self.hub.leave(self.set);
        drop(self);
        if let Some(task) = task {
            task.ended().await;
        }
    }

    /// How many places for symbols all subscriptions of this market take on the connection, of 200.
    pub fn slots_used(&self) -> usize {
        self.hub.slots_used()
    }

    /// Where the connection is, and how many registrations are wanted, on their way and confirmed: of all subscriptions of
    /// this market together.
    pub fn standing(&self) -> Standing {
        self.hub.standing()
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Item>> {
        loop {
            match ready!(self.poll_entry(context)) {
                Some(Stored::Item(item)) => return Poll::Ready(Some(item)),
                Some(Stored::Hits(_) | Stored::Page(_)) => {}
                None => return Poll::Ready(None),
            }
        }
    }

    pub(super) fn poll_entry(&mut self, context: &mut Context<'_>) -> Poll<Option<Stored>> {
        loop {
            let mut queue = lock(&self.queue);
            match queue.pop() {
                Some(item) => return Poll::Ready(Some(item)),
                None if queue.ended => return Poll::Ready(None),
                None => queue.waker = Some(context.waker().clone()),
            }
            drop(queue);
            if !self.play() {
                return Poll::Pending;
            }
        }
    }

    /// Whether something was added that needs no connection.
    #[cfg(feature = "testing")]
    fn play(&mut self) -> bool {
        self.canned.as_mut().is_some_and(|playing| playing.step(&self.queue))
    }

    #[cfg(not(feature = "testing"))]
    fn play(&mut self) -> bool {
        false
    }

    /// What the broker refused; it stays in the queue.
    pub(super) fn refusal(&self) -> Option<Event> {
        lock(&self.queue).refusal().cloned()
    }

    /// Returns when every symbol was registered or refused, or when it is over.
    pub(super) async fn settled(&mut self) -> Result<(), Error> {
        poll_fn(|context| {
            loop {
                let mut queue = lock(&self.queue);
                if queue.ready {
                    return Poll::Ready(Ok(()));
                }
                if queue.ended {
                    let why = queue.why_closed().unwrap_or(Closed::RuntimeEnded);
                    return Poll::Ready(Err(Error::new(Kind::Realtime(why.both()))));
                }
                queue.waker = Some(context.waker().clone());
                drop(queue);
                if !self.play() {
                    return Poll::Pending;
                }
            }
        })
        .await
    }
}

impl Stream for Feed {
    type Item = Item;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Item>> {
        self.get_mut().poll(context)
    }
}

impl Drop for Feed {
    fn drop(&mut self) {
        self.hub.leave(self.set);
    }
}

impl std::fmt::Debug for Feed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Feed").field("path", &self.hub.path).finish_non_exhaustive()
    }
}
