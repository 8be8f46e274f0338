//! The numbers that the engine goes by, in one place; each is the broker's or argued here.

use std::time::Duration;

/// See `BEHAVIOUR.md` R11, R13, W1 to W3 for those of the broker.
#[derive(Clone, Debug)]
pub(crate) struct Rules {
    /// Symbols on one connection, whatever their topics.
    pub slots: usize,
    /// Condition searches of one login.
    pub searches: usize,
    /// Items of one registration: 100 are allowed, 50 are safe.
    pub batch: usize,
    /// From one request to the next: four a second, of five that are allowed.
    pub spacing: Duration,
    /// From an answer to the next request. Answers carry no number, so one that comes twice must find nobody waiting.
    pub settling: Duration,
    /// After the broker called a request too fast.
    pub too_fast: Duration,
    /// How long a request waits for its answer. Then nobody knows what is registered, and the connection is replaced.
    pub answer: Duration,
    /// How long LOGIN waits for its answer; the broker gives a client 10 s, too.
    pub login: Duration,
    /// How long a token and a connection may take together.
    pub dial: Duration,
    /// Without any frame for so long, a connection is dead: three pings are missing.
    pub silence: Duration,
    /// The first pause before another connection, and the longest.
    pub pauses: (Duration, Duration),
    /// A connection that lived so long was a good one: the pauses begin anew.
    pub stable: Duration,
    /// So many times within this span another session may take the place of this one.
    pub kicks: (usize, Duration),
    /// At least this long after a kick.
    pub kicked: Duration,
    /// Refused logins in a row, each with a fresh token, before it is over.
    pub logins: usize,
    /// How often one removal is asked for, if it is refused.
    pub removals: usize,
}

#[cfg(any(feature = "record", feature = "testing"))]
impl Rules {
    /// For what happened already: the recording says when connections begin and end, and nothing has to wait.
    pub fn replay() -> Rules {
        let (none, ever) = (Duration::ZERO, Duration::MAX);
        Rules {
            batch: usize::MAX,
            spacing: none,
            settling: none,
            too_fast: none,
            answer: ever,
            login: ever,
            dial: ever,
            silence: ever,
            pauses: (none, none),
            kicked: none,
            ..Rules::default()
        }
    }
}

impl Default for Rules {
    fn default() -> Rules {
        Rules {
            slots: 200,
            searches: 10,
            batch: 50,
            spacing: Duration::from_millis(250),
            settling: Duration::from_millis(50),
            too_fast: Duration::from_millis(1_100),
            answer: Duration::from_secs(10),
            login: Duration::from_secs(10),
            dial: Duration::from_secs(60),
            silence: Duration::from_secs(35),
            pauses: (Duration::from_secs(1), Duration::from_secs(60)),
            stable: Duration::from_secs(60),
            kicks: (3, Duration::from_secs(3600)),
            kicked: Duration::from_secs(30),
            logins: 3,
            removals: 4,
        }
    }
}
