//! Recorded frames, each due at the time at which it came, counted from the registrations.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use kiwoom_api::jiff::Timestamp;
use kiwoom_api::jiff::civil::DateTime;
use kiwoom_api::jiff::tz::Offset;
use kiwoom_api::realtime::{Recording, Speed};

/// Pushes alone: the simulator answers logins and registrations itself.
const PUSH: &str = r#""REAL""#;

/// Clients register in several steps: the recording begins when none has followed for so long.
const QUIET: Duration = Duration::from_secs(1);

type Pushes = Box<dyn Iterator<Item = (Timestamp, String)> + Send>;

/// The pushes of a recording.
pub(super) struct Frames {
    path: PathBuf,
    pushes: Pushes,
    next: Option<(Timestamp, String)>,
    first: Option<Timestamp>,
    /// When it began.
    began: Option<Duration>,
}

impl Frames {
    /// Opens a recording, after reading all of it once.
    pub fn open(path: &Path) -> io::Result<Frames> {
        for frame in Recording::open(path)?.frames() {
            frame
                .map_err(|error| io::Error::new(io::ErrorKind::InvalidData, format!("{}: {error}", path.display())))?;
        }
        let mut pushes = Recording::open(path)?.frames().map_while(Result::ok).filter(|(_, text)| is_push(text));
        let next = pushes.next();
        let first = next.as_ref().map(|(at, _)| *at);
        Ok(Frames { path: path.to_owned(), pushes: Box::new(pushes), next, first, began: None })
    }

    /// Korean wall time of the first push.
    pub fn start(&self) -> Option<DateTime> {
        self.first.map(|at| Offset::constant(9).to_datetime(at))
    }

    /// The next push, if its time has come.
    pub fn due(&mut self, now: Duration, speed: Speed, registered: Option<Duration>) -> Option<String> {
        let began = match self.began {
            Some(began) => began,
            None => registered?.saturating_add(QUIET),
        };
        if now < began {
            return None;
        }
        self.began = Some(began);
        let (at, _) = self.next.as_ref()?;
        // a wall that was set back meanwhile holds nothing up
        let after = Duration::try_from(at.duration_since(self.first?)).unwrap_or_default();
        if now < began.saturating_add(pause(after, speed)) {
            return None;
        }
        std::mem::replace(&mut self.next, self.pushes.next()).map(|(_, text)| text)
    }
}

impl fmt::Debug for Frames {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Frames").field("path", &self.path).finish_non_exhaustive()
    }
}

fn is_push(text: &str) -> bool {
    // most frames are; who reads them later looks closer
    text.contains(PUSH)
}

/// How long after the beginning.
fn pause(after: Duration, speed: Speed) -> Duration {
    match speed {
        Speed::Recorded => after,
        Speed::Times(factor) if factor > 0.0 => {
            Duration::try_from_secs_f64(after.as_secs_f64() / factor).unwrap_or(Duration::MAX)
        }
        _ => Duration::ZERO,
    }
}
