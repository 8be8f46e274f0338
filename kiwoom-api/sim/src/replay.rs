//! Recorded sessions, served again: replies to calls from a file of JSON lines, pushes from a recording of
//! `kiwoom_api::realtime::Recorder`. Pure once the files are open; told the time, it says what is due.

mod calls;
mod frames;
mod tape;

use std::io;
use std::path::Path;
use std::time::Duration;

use kiwoom_api::endpoint::Meta;
use kiwoom_api::jiff::civil::DateTime;
use kiwoom_api::realtime::Speed;

use self::calls::Calls;
use self::frames::Frames;
pub(crate) use self::tape::Tape;
use crate::envelope::{Ask, Said};

/// A recorded session that a simulator serves: see [`SimBuilder::replay`](crate::SimBuilder::replay).
///
/// ```no_run
/// use kiwoom_api::realtime::Speed;
/// use kiwoom_sim::{Replay, Sim};
///
/// # async fn example() -> std::io::Result<()> {
/// let session = Replay::new().calls("2026-07-06.jsonl")?.frames("2026-07-06.kwr")?.speed(Speed::Times(60.0));
/// let sim = Sim::builder().replay(session).start().await?;
/// # Ok(())
/// # }
/// ```
///
/// # Calls
///
/// The file holds one call a line, in the order in which they were made. [`SimBuilder::record`](crate::SimBuilder::record) and
/// [`Sim::save_calls`](crate::Sim::save_calls) write it; so may you.
///
/// ```json
/// {"at":"2026-07-06T10:00:00","api":"ka10001","request":{"stk_cd":"005930"},"status":200,"reply":{"cur_prc":"-70100","return_code":0}}
/// ```
///
/// | key | what |
/// |---|---|
/// | `api` | the API id |
/// | `request` | the body of the request, an object |
/// | `reply` | the body of the reply: an object as it came, or a text with whatever else came |
/// | `at` | Korean wall time; may be left out |
/// | `page` | the `next-key` of the request, if it asked for a further page |
/// | `status` | the HTTP status; 200 if it is left out |
/// | `next_key` | the `next-key` of the reply, if a further page follows |
///
/// A request is found by API, page and fields; blanks around a value and blank fields do not count. Equal requests get their
/// replies in the recorded order, then the last one again; an order is never answered twice. What is not in the recording is
/// refused with a message that says so, and nothing is made up. Account numbers and tokens are zeros in the file, as are long
/// numbers in messages. Tokens, quotas and faults are those of the simulator.
///
/// # Frames
///
/// The pushes of the recording go to the lines that registered them, word for word. The first one leaves when a second has passed
/// without a further registration, because clients register in several steps. Everything else
/// of a recording (answers to logins, registrations and searches, pings, lost connections) belongs to the connections of then:
/// the simulator answers those of now itself. Hits of condition searches go to every line of their market that searches.
#[derive(Debug)]
#[must_use = "give it to SimBuilder::replay"]
pub struct Replay {
    calls: Calls,
    frames: Option<Frames>,
    speed: Speed,
}

impl Replay {
    /// A session without calls and frames: everything is refused, and nothing is pushed.
    pub fn new() -> Replay {
        Replay { calls: Calls::default(), frames: None, speed: Speed::Recorded }
    }

    /// The calls of a file, after those of earlier files.
    ///
    /// # Errors
    /// The file cannot be read; a line is none of this format, and the error names it.
    pub fn calls(mut self, path: impl AsRef<Path>) -> io::Result<Replay> {
        self.calls.read(path.as_ref())?;
        Ok(self)
    }

    /// The frames of a recording, in place of an earlier one. The whole file is checked now and read again while it is
    /// served.
    ///
    /// # Errors
    /// The file cannot be read, or a block of it is broken.
    pub fn frames(mut self, path: impl AsRef<Path>) -> io::Result<Replay> {
        self.frames = Some(Frames::open(path.as_ref())?);
        Ok(self)
    }

    /// How fast the frames are served, by the time of the simulator. [`Speed::Recorded`] if this is not called.
    pub fn speed(mut self, speed: Speed) -> Replay {
        self.speed = speed;
        self
    }

    /// Korean wall time of the first call or frame.
    pub(crate) fn start(&self) -> Option<DateTime> {
        self.calls.start().into_iter().chain(self.frames.as_ref().and_then(Frames::start)).min()
    }

    /// The recorded reply to a request.
    pub(crate) fn answer(&mut self, ask: &Ask, meta: &Meta) -> Said {
        self.calls.answer(ask, meta)
    }

    /// The next frame that is due. `registered`: when somebody registered something last.
    pub(crate) fn due(&mut self, now: Duration, registered: Option<Duration>) -> Option<String> {
        self.frames.as_mut()?.due(now, self.speed, registered)
    }
}

impl Default for Replay {
    fn default() -> Replay {
        Replay::new()
    }
}
