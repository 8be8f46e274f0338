//! What the engine is told.

use std::time::Duration;

use jiff::Timestamp;

use super::key::Key;
use super::request::Kind;

/// Two readings of one moment: for waiting, and for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Now {
    pub at: Duration,
    pub wall: Timestamp,
}

/// A set of subscriptions, by a number that is never used again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct SetId(pub u64);

/// A connection, by number. What an older one still says is not heard.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Epoch(pub u64);

/// What happens.
#[derive(Clone, Debug)]
pub(crate) enum Input<'a> {
    /// Somebody wants these.
    Subscribe { set: SetId, keys: Vec<Key>, stale_after: Option<Duration> },
    /// And does not any more.
    Drop(SetId),
    /// The task that performs the actions is gone, and its connection with it.
    Stopped,
    /// Time has passed.
    Tick,
    /// The connection says something.
    Line(Epoch, Line<'a>),
}

/// What a connection says.
#[derive(Clone, Debug)]
pub(crate) enum Line<'a> {
    /// It is open, and a token is at hand.
    Opened,
    /// It did not come about.
    Failed(Failure),
    /// It is closed.
    Closed(Farewell),
    /// The answer to LOGIN.
    Login(Answer),
    /// The answer to a request. A search says its number.
    Answered(Kind, Option<&'a str>, Answer),
    /// To be sent back as it is.
    Ping(&'a str),
    /// The broker has something to say. R10001: another session took the place of this one; R10002 and R10004: why it closes.
    System { code: &'a str },
    /// A push for this topic and item; of a search, its number.
    Push { topic: &'a str, item: &'a str },
    /// Any other frame: a sign of life.
    Other,
}

/// Why a connection did not come about.
#[derive(Clone, Debug)]
pub(crate) enum Failure {
    /// The line, or the server's handshake.
    Line(String),
    /// The broker gives no token for these keys.
    Keys(String),
}

/// How a connection ended.
#[derive(Clone, Debug)]
pub(crate) enum Farewell {
    /// The close frame that a session gets whose place another one takes.
    Kicked,
    /// Anything else.
    Lost(String),
}

/// What the broker says to a request.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub verdict: Verdict,
    /// `105115`; blank for success.
    pub code: String,
    pub message: String,
}

#[cfg(any(test, feature = "record", feature = "testing"))]
impl Answer {
    pub fn fine() -> Answer {
        Answer { verdict: Verdict::Fine, code: String::new(), message: String::new() }
    }
}

/// What follows from an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Fine,
    /// The same again, later (105110).
    TooFast,
    /// There is no room (105115, 105118).
    NoSlot,
    /// This connection is not logged in, or its token is dead (100013, 805002, 805004, 8005).
    NotLoggedIn,
    Refused,
}
