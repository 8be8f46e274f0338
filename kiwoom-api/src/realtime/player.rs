//! Frames of before through the engine, the decoder and the queue of a connection: for recordings and for tests of users.
//!
//! The clock of the engine is moved by hand to the time of each frame, so what depends on time depends on the time of then.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

#[cfg(feature = "record")]
use super::engine::Farewell;
use super::engine::{Action, Answer, Epoch, Key, Kind, Line, Request, Rules, Verdict};
use super::feed::Feed;
use super::frame::Found;
use super::hub::{Errands, Hub, Wanted};
use super::reader::{Heard, Reader};
use crate::ManualClock;
use crate::error::Error;

/// One thing that happened on the connection of then.
#[derive(Clone, Copy, Debug)]
pub(super) enum Step<'a> {
    Opened,
    Frame(&'a str),
    #[cfg(feature = "record")]
    Ended(&'a str),
    #[cfg(feature = "record")]
    Kicked,
    /// So many frames are missing here.
    #[cfg(feature = "record")]
    Missing(&'a str),
}

/// The answer to LOGIN, for a connection whose beginning nobody noted.
pub(super) const WELCOME: &str = r#"{"trnm":"LOGIN","return_code":0,"return_msg":""}"#;

/// The place of the driver, where nothing is sent and everything that comes is known.
pub(super) struct Player {
    hub: Arc<Hub>,
    errands: Option<Arc<Errands>>,
    clock: ManualClock,
    epoch: Epoch,
    reader: Reader,
    /// The connection of this epoch opened.
    open: bool,
    /// The search or the list that is played: its answers are among the frames. Registrations are answered at once.
    search: Option<Key>,
    /// Where the page after the last one begins, of a search that is asked for once.
    page: String,
}

impl Player {
    pub fn new(path: &'static str, wanted: Wanted, began: Timestamp) -> Result<(Player, Feed), Error> {
        let clock = ManualClock::at(began);
        let search = wanted.keys.iter().find(|key| key.is_search()).cloned();
        let hub = Arc::new(Hub::new(path, clock.clock(), Rules::replay()));
        let admitted = hub.subscribe(wanted)?;
        let feed = Feed::new(hub.clone(), admitted.set, admitted.queue);
        if let Some(errands) = &admitted.errands {
            // they are done here, so nobody has to wait for a task
            errands.note_gone();
        }
        let mut player = Player {
            hub,
            errands: admitted.errands,
            clock,
            epoch: Epoch::default(),
            reader: Reader::default(),
            open: false,
            search,
            page: String::new(),
        };
        player.perform();
        Ok((player, feed))
    }

    #[cfg(feature = "record")]
    pub fn is_us(&self) -> bool {
        self.hub.is_us()
    }

    /// Opens a connection if there is none.
    #[cfg(feature = "testing")]
    pub fn open(&mut self, at: Timestamp) {
        if !self.open {
            self.take(at, Some(Step::Opened));
            self.take(at, Some(Step::Frame(WELCOME)));
        }
    }

    /// Time passes until `at`; then this happens, if anything.
    pub fn take(&mut self, at: Timestamp, step: Option<Step<'_>>) {
        self.pass_until(at);
        let Some(step) = step else { return };
        match step {
            Step::Opened => {
                self.open = true;
                self.hub.line(self.epoch, Line::Opened);
            }
            Step::Frame(text) => {
                if let Some(heard) = self.reader.hear(text, &self.hub, self.epoch) {
                    self.answered(heard);
                }
            }
            // the engine ended it already, for what a frame said
            #[cfg(feature = "record")]
            Step::Ended(_) | Step::Kicked if !self.open => {}
            #[cfg(feature = "record")]
            Step::Ended(why) => self.hub.line(self.epoch, Line::Closed(Farewell::Lost(why.to_owned()))),
            #[cfg(feature = "record")]
            Step::Kicked => self.hub.line(self.epoch, Line::Closed(Farewell::Kicked)),
            #[cfg(feature = "record")]
            Step::Missing(count) => self.hub.unknown(format!("{count} frames, which the recorder missed")),
        }
        self.perform();
    }

    /// Answers belong to the requests of then. Only those about the search that is played mean something now.
    fn answered(&mut self, heard: Heard) {
        let Heard { kind, number, answer, found } = heard;
        let search = self.search.as_ref().filter(|key| is_about(key, kind, number.as_deref(), &found));
        let Some(search) = search else { return self.hub.line(self.epoch, Line::Other) };
        if let Found::Rows(page) = &found {
            let next = page.next.clone().unwrap_or_default();
            let before = std::mem::replace(&mut self.page, next);
            if search.is_once() && search.page() != before {
                return self.hub.line(self.epoch, Line::Other);
            }
        }
        match self.hub.awaits_answer() {
            true => self.hub.answered(self.epoch, (kind, number.as_deref()), answer, found),
            // the same search was begun anew on one connection
            false if answer.verdict == Verdict::Fine => self.hub.found(search, &found),
            false => self.hub.line(self.epoch, Line::Other),
        }
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
                    self.page.clear();
                }
                Action::Send { epoch, request } if epoch == self.epoch && !self.is_among_frames(&request) => {
                    self.hub.answered(epoch, (request.kind(), None), Answer::fine(), Found::Nothing);
                }
                _ => {}
            }
            // requests that had to wait for that
            self.hub.tick();
        }
    }

    /// Whether the answer to `request` is yet to come.
    fn is_among_frames(&self, request: &Request) -> bool {
        match request {
            Request::Search(_) => true,
            Request::Conditions => self.search.as_ref().is_some_and(Key::is_list),
            Request::Register(_) | Request::Remove(_) | Request::Clear(_) => false,
        }
    }
}

/// Whether an answer is to the search `key`: one that goes on and one that is asked for once have the same name and number, and
/// rows of their own.
fn is_about(key: &Key, kind: Kind, number: Option<&str>, found: &Found) -> bool {
    if key.is_list() {
        return kind == Kind::Conditions;
    }
    let rows = match found {
        Found::Rows(page) => page.rows.iter().all(|row| row.is_of_watch() != key.is_once()),
        _ => true,
    };
    kind == Kind::Search && rows && number.is_none_or(|number| number.trim() == key.number())
}
