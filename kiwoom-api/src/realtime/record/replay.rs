//! A recording through the same engine, decoder and queue as a connection.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use futures_core::Stream;
use jiff::Timestamp;
use tokio::time::{Instant, Sleep, sleep_until};

use super::{Note, Recording, What};
use crate::error::Error;
use crate::realtime::feed::Feed;
use crate::realtime::hub::Wanted;
use crate::realtime::player::{Player, Step};
use crate::realtime::queue::{Item, Stored};

/// How fast a recording is replayed.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Speed {
    /// As it came.
    Recorded,
    /// So many times as fast.
    Times(f64),
    /// As fast as it is read.
    AtOnce,
}

impl Speed {
    /// How long `passed` takes; `None` without waiting.
    fn pause(self, passed: Duration) -> Option<Duration> {
        match self {
            Speed::Recorded => Some(passed),
            Speed::Times(factor) if factor > 0.0 => Duration::try_from_secs_f64(passed.as_secs_f64() / factor).ok(),
            Speed::Times(_) | Speed::AtOnce => None,
        }
    }
}

/// A recording that is replayed: the items that a [`Feed`] of the same topics would have yielded then.
///
/// Nothing is dropped: it reads on when its items are taken. The pauses between connections are those of the recording, so
/// [`Event::Disconnected`](crate::realtime::Event::Disconnected) names none. Condition searches are replayed by
/// [`Conditions::replay`](crate::realtime::Conditions::replay).
pub struct Replay {
    recording: Recording,
    speed: Speed,
    player: Player,
    feed: Feed,
    /// The entry that comes next, and the pause before it.
    next: Option<(Note, Option<Pin<Box<Sleep>>>)>,
    /// When the first entry was replayed, and when it came.
    began: Option<(Instant, Timestamp)>,
}

impl Replay {
    pub(in crate::realtime) fn new(
        path: &'static str,
        wanted: Wanted,
        (mut recording, speed): (Recording, Speed),
    ) -> Result<Replay, Error> {
        let first = recording.next().transpose()?;
        let began = first.as_ref().map_or(Timestamp::UNIX_EPOCH, |entry| entry.at);
        let (player, feed) = Player::new(path, wanted, began)?;
        Ok(Replay { recording, speed, player, feed, next: first.map(|entry| (entry, None)), began: None })
    }

    /// The next item; `None` at the end of the recording. Cancel-safe.
    ///
    /// # Errors
    /// A block that cannot be read, by its number; it is the last thing that comes.
    pub async fn next(&mut self) -> Option<Result<Item, Error>> {
        poll_fn(|context| self.poll(context)).await
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Item, Error>>> {
        loop {
            match ready!(self.poll_entry(context)) {
                Some(Ok(Stored::Item(item))) => return Poll::Ready(Some(Ok(item))),
                Some(Ok(Stored::Hits(_) | Stored::Page(_))) => {}
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
    }

    pub(in crate::realtime) fn poll_entry(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Stored, Error>>> {
        loop {
            if let Poll::Ready(stored) = self.feed.poll_entry(context) {
                return Poll::Ready(stored.map(Ok));
            }
            if self.next.is_none() {
                self.next = match self.recording.next() {
                    Some(Ok(entry)) => Some((entry, None)),
                    Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                    None => return Poll::Ready(None),
                };
            }
            let (due, speed) = (self.due(), self.speed);
            let Some((_, sleep)) = &mut self.next else { continue };
            if let (None, Some(due)) = (&sleep, due.filter(|_| speed != Speed::AtOnce)) {
                *sleep = Some(Box::pin(sleep_until(due)));
            }
            if let Some(sleep) = sleep {
                ready!(sleep.as_mut().poll(context));
            }
            if let Some((entry, _)) = self.next.take() {
                self.replay(&entry);
            }
        }
    }

    /// When the next entry is to be replayed.
    fn due(&mut self) -> Option<Instant> {
        let (entry, _) = self.next.as_ref()?;
        if self.speed == Speed::AtOnce {
            return None;
        }
        let (began, first) = *self.began.get_or_insert_with(|| (Instant::now(), entry.at));
        let passed = Duration::try_from(entry.at.duration_since(first)).unwrap_or_default();
        began.checked_add(self.speed.pause(passed)?)
    }

    fn replay(&mut self, entry: &Note) {
        // of another market: time passes nevertheless
        let step = self.recording.is_about(self.player.is_us(), entry).then(|| match entry.what {
            What::Opened => Step::Opened,
            What::Frame => Step::Frame(&entry.text),
            What::Ended => Step::Ended(&entry.text),
            What::Kicked => Step::Kicked,
            What::Missing => Step::Missing(&entry.text),
        });
        self.player.take(entry.at, step);
    }
}

impl Stream for Replay {
    type Item = Result<Item, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Item, Error>>> {
        self.get_mut().poll(context)
    }
}

impl std::fmt::Debug for Replay {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Replay").field("speed", &self.speed).finish_non_exhaustive()
    }
}
