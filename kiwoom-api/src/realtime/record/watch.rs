//! A condition search in a recording.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;

use super::Replay;
use crate::error::Error;
use crate::realtime::condition::{Finding, Hit};

/// A condition search that is replayed: the hits that a [`Watch`](crate::realtime::Watch) would have yielded then; see
/// [`Conditions::replay`](crate::realtime::Conditions::replay).
#[derive(Debug)]
pub struct WatchReplay {
    replay: Replay,
    found: Finding,
}

impl WatchReplay {
    pub(in crate::realtime) fn new(replay: Replay, found: Finding) -> WatchReplay {
        WatchReplay { replay, found }
    }

    /// The next change; `None` at the end of the recording. Cancel-safe.
    ///
    /// # Errors
    /// A block that cannot be read, by its number; it is the last thing that comes.
    pub async fn next(&mut self) -> Option<Result<Hit, Error>> {
        poll_fn(|context| self.poll(context)).await
    }

    /// Everything that meets the condition as far as it was read.
    pub fn hits(&self) -> impl Iterator<Item = &str> {
        self.found.hits()
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Hit, Error>>> {
        loop {
            match ready!(self.replay.poll_entry(context)) {
                None => return Poll::Ready(None),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                Some(Ok(stored)) => {
                    if let Some(hit) = self.found.take(stored) {
                        return Poll::Ready(Some(Ok(hit)));
                    }
                }
            }
        }
    }
}

impl Stream for WatchReplay {
    type Item = Result<Hit, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Hit, Error>>> {
        self.get_mut().poll(context)
    }
}
