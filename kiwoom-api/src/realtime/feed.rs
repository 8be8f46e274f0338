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
/// connection, whatever it is doing. Without `async`, `wait_each()` of the feature `blocking` makes it an iterator.
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
}

impl Feed {
    /// The next item; `None` after [`Event::Closed`].
    ///
    /// Cancel-safe: an item that is not handed out stays in the queue, so this may stand in `select!` or under a timeout.
    pub async fn next(&mut self) -> Option<Item> {
        poll_fn(|context| self.poll(context)).await
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
        let mut queue = lock(&self.queue);
        match queue.pop() {
            Some(item) => Poll::Ready(Some(item)),
            None if queue.ended => Poll::Ready(None),
            None => {
                queue.waker = Some(context.waker().clone());
                Poll::Pending
            }
        }
    }

    /// What the broker refused; it stays in the queue.
    pub(super) fn refusal(&self) -> Option<Event> {
        lock(&self.queue).refusal().cloned()
    }

    /// Returns when every symbol was registered or refused, or when it is over.
    pub(super) async fn settled(&mut self) -> Result<(), Error> {
        poll_fn(|context| {
            let mut queue = lock(&self.queue);
            if queue.ready {
                return Poll::Ready(Ok(()));
            }
            if queue.ended {
                let mut why = Closed::RuntimeEnded;
                while let Some(item) = queue.pop() {
                    if let Stored::Item(Item::Event(Event::Closed { why: last })) = item {
                        why = last;
                    }
                }
                return Poll::Ready(Err(Error::new(Kind::Realtime(why.both()))));
            }
            queue.waker = Some(context.waker().clone());
            Poll::Pending
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
