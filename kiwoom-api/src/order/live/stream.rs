//! A stream of events for one reader, bounded.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use futures_core::Stream;

use super::event::LiveEvent;

/// How many events wait for a slow reader.
pub(super) const MOST: usize = 100_000;

/// What happens to live orders, from [`LiveOrders::events`](crate::order::LiveOrders::events). It ends after
/// [`LiveEvent::Closed`], [`LiveEvent::Refused`] or [`LiveEvent::Ended`].
///
/// Up to 100,000 events wait for a slow reader. Beyond that the oldest go, and [`LiveEvent::Lagged`] says how many.
pub struct LiveEvents(pub(super) Arc<Mutex<Waiting>>);

#[derive(Default)]
pub(super) struct Waiting {
    events: VecDeque<LiveEvent>,
    dropped: u64,
    pub ended: bool,
    waker: Option<Waker>,
}

impl Waiting {
    pub fn push(&mut self, event: LiveEvent) {
        if self.events.len() >= MOST {
            self.events.pop_front();
            self.dropped += 1;
        }
        self.ended |= event.is_last();
        self.events.push_back(event);
        self.wake();
    }

    pub fn end(&mut self) {
        self.ended = true;
        self.wake();
    }

    fn wake(&mut self) {
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
    }

    fn pop(&mut self) -> Option<LiveEvent> {
        match std::mem::take(&mut self.dropped) {
            0 => self.events.pop_front(),
            dropped => Some(LiveEvent::Lagged { dropped }),
        }
    }
}

impl LiveEvents {
    /// The next event; `None` when it is over.
    ///
    /// Cancel-safe: an event that is not handed out stays, so this may stand in `select!` or under a timeout.
    pub async fn next(&mut self) -> Option<LiveEvent> {
        poll_fn(|context| self.poll(context)).await
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<LiveEvent>> {
        let mut waiting = lock(&self.0);
        match waiting.pop() {
            Some(event) => Poll::Ready(Some(event)),
            None if waiting.ended => Poll::Ready(None),
            None => {
                waiting.waker = Some(context.waker().clone());
                Poll::Pending
            }
        }
    }
}

pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Stream for LiveEvents {
    type Item = LiveEvent;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<LiveEvent>> {
        self.get_mut().poll(context)
    }
}

impl std::fmt::Debug for LiveEvents {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LiveEvents").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_reads_is_bounded_and_told() {
        let mut waiting = Waiting::default();
        (0..MOST + 3).for_each(|_| waiting.push(LiveEvent::Primed));
        assert_eq!((waiting.events.len(), waiting.pop()), (MOST, Some(LiveEvent::Lagged { dropped: 3 })));
        assert_eq!(waiting.pop(), Some(LiveEvent::Primed));
    }
}
