//! A recording through the same engine, decoder and queue as a connection.
//!
//! The clock of the engine is moved by hand to the time of each entry, so what depends on time depends on the time of then.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use futures_core::Stream;
use jiff::Timestamp;
use tokio::time::{Instant, Sleep, sleep_until};

use super::{Note, Recording, What};
use crate::ManualClock;
use crate::error::Error;
use crate::realtime::engine::{Action, Answer, Epoch, Farewell, Line, Rules};
use crate::realtime::feed::Feed;
use crate::realtime::frame::Found;
use crate::realtime::hub::{Errands, Hub, Wanted};
use crate::realtime::queue::{Item, Stored};
use crate::realtime::reader::Reader;

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
/// [`Event::Disconnected`](crate::realtime::Event::Disconnected) names none. Condition searches are not replayed.
pub struct Replay {
    recording: Recording,
    speed: Speed,
    hub: Arc<Hub>,
    feed: Feed,
    errands: Option<Arc<Errands>>,
    clock: ManualClock,
    epoch: Epoch,
    reader: Reader,
    /// The recording said that the connection of this epoch opened.
    open: bool,
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
        let clock = ManualClock::at(began);
        let hub = Arc::new(Hub::new(path, clock.clock(), Rules::replay()));
        let admitted = hub.subscribe(wanted)?;
        let feed = Feed { hub: hub.clone(), set: admitted.set, queue: admitted.queue };
        let mut replay = Replay {
            recording,
            speed,
            hub,
            feed,
            errands: admitted.errands,
            clock,
            epoch: Epoch::default(),
            reader: Reader::default(),
            open: false,
            next: first.map(|entry| (entry, None)),
            began: None,
        };
        replay.perform();
        Ok(replay)
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
            while let Poll::Ready(stored) = self.feed.poll_entry(context) {
                match stored {
                    Some(Stored::Item(item)) => return Poll::Ready(Some(Ok(item))),
                    Some(Stored::Hits(_) | Stored::Page(_)) => {}
                    None => return Poll::Ready(None),
                }
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
        self.pass_until(entry.at);
        if !self.recording.is_about(self.hub.is_us(), entry) {
            return;
        }
        match entry.what {
            What::Opened => {
                self.open = true;
                self.hub.line(self.epoch, Line::Opened);
            }
            // the engine ended it already, for what a frame said
            What::Ended | What::Kicked if !self.open => {}
            What::Frame => {
                // answers belong to the requests of then; those of now are answered at once
                if self.reader.hear(&entry.text, &self.hub, self.epoch).is_some() {
                    self.hub.line(self.epoch, Line::Other);
                }
            }
            What::Ended => self.hub.line(self.epoch, Line::Closed(Farewell::Lost(entry.text.clone()))),
            What::Kicked => self.hub.line(self.epoch, Line::Closed(Farewell::Kicked)),
            What::Missing => self.hub.unknown(format!("{} frames, which the recorder missed", entry.text)),
        }
        self.perform();
    }

    /// Moves the clock, and lets the engine see each moment that it waits for.
    fn pass_until(&mut self, wall: Timestamp) {
        let now = self.hub.now();
        let by = Duration::try_from(wall.duration_since(now.wall)).unwrap_or_default();
        let end = now.at.saturating_add(by);
        let mut last = now.at;
        while let Some(at) = self.hub.wake().filter(|at| *at > last && *at <= end) {
            self.clock.advance(at.saturating_sub(last));
            last = at;
            self.hub.tick();
            self.perform();
        }
        self.clock.advance(end.saturating_sub(last));
        // the wall time may have been corrected meanwhile
        self.clock.jump_to(wall);
    }

    fn perform(&mut self) {
        while let Some(action) = self.errands.as_ref().and_then(|errands| errands.next()) {
            match action {
                Action::Dial { epoch, .. } => {
                    self.open = false;
                    self.epoch = epoch;
                    self.reader = Reader::default();
                }
                Action::Send { epoch, request } if epoch == self.epoch => {
                    self.hub.answered(epoch, (request.kind(), None), Answer::fine(), Found::Nothing);
                }
                _ => {}
            }
            // requests that had to wait for that
            self.hub.tick();
        }
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
