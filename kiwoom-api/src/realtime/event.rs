//! What a subscription is told beside its data, in the same queue and order.

use std::fmt;
use std::time::Duration;

use jiff::Timestamp;

/// What happened to a subscription. It stands in the queue before the first push after it.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Event {
    /// Logged in on a connection; the registrations follow.
    Connected,
    /// The connection is gone. Another one is tried after this pause.
    Disconnected {
        /// What ended it.
        why: String,
        /// The pause.
        retry_in: Duration,
    },
    /// Pushes of these symbols may be missing: they are registered again since `to`, and were last known to be at `from`.
    Gap {
        /// The type in the broker's words, such as `0B`.
        topic: &'static str,
        /// The symbols; blank for a topic without symbols.
        symbols: Vec<String>,
        /// The last sign of life of the connection that was lost.
        from: Timestamp,
        /// When it was over.
        to: Timestamp,
    },
    /// Another session with the same keys took the place of this one. After three within an hour it is over.
    Kicked {
        /// When this one asks for its place again.
        retry_in: Duration,
    },
    /// No push since then, although the connection is well. Also outside of trading hours.
    Stale {
        /// The last push, or the login.
        since: Timestamp,
    },
    /// The reader was too slow: so many pushes of this topic are missing here.
    Lagged {
        /// The type in the broker's words.
        topic: &'static str,
        /// How many were dropped since it was last said.
        dropped: u64,
    },
    /// Nobody read for long: of more than a thousand events that waited, those about the same topic or symbol became one that
    /// covers them all ([`Gap`](Event::Gap) from the first to the last), and so many of the others are missing here. They only
    /// said where the connection was.
    Skipped {
        /// How many.
        events: u64,
    },
    /// Trades of this symbol never came: the cumulative volume rose by more than the quantity of the push after this event.
    /// Only with [`Subscription::check_volumes`](super::Subscription::check_volumes).
    Missed {
        /// The type in the broker's words.
        topic: &'static str,
        /// The symbol.
        symbol: String,
        /// How many shares.
        volume: i64,
        /// When the push before them came.
        from: Timestamp,
        /// When the push after them came.
        to: Timestamp,
    },
    /// There is no order book by REST for this symbol; its pushes come nevertheless.
    NoSnapshot {
        /// The symbol.
        symbol: String,
        /// What the call says.
        why: String,
    },
    /// The broker has no room for these symbols. They are tried again when there is some.
    SlotsFull {
        /// The type in the broker's words.
        topic: &'static str,
        /// The symbols.
        symbols: Vec<String>,
    },
    /// The broker refuses this symbol. It is not tried again.
    Rejected {
        /// The type in the broker's words.
        topic: &'static str,
        /// The symbol.
        symbol: String,
        /// The broker's code.
        code: String,
        /// The broker's message.
        message: String,
    },
    /// Something came that this version does not know; each is told once on a connection.
    Unknown {
        /// What: a frame, a topic, or the FIDs of a topic.
        what: String,
    },
    /// The broker says something about the connection.
    System {
        /// Its code, such as `R10002`.
        code: String,
        /// Its message.
        message: String,
    },
    /// It is over. Nothing comes after it.
    Closed {
        /// Why.
        why: Closed,
    },
}

/// Why a subscription is over.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Closed {
    /// Another session with the same keys took the place of this one again and again.
    Kicked,
    /// The broker refuses the login, with fresh tokens too.
    LoginRefused {
        /// The broker's code.
        code: String,
        /// The broker's message.
        message: String,
    },
    /// The broker gives no token for the keys.
    KeysRefused {
        /// What it says.
        message: String,
    },
    /// The tokio runtime of the connection ended.
    RuntimeEnded,
    /// The frames of a canned client ended before the answer to a list or a search
    /// ([`Client::with_frames`](crate::Client::with_frames)).
    #[cfg(feature = "testing")]
    FramesEnded,
}

impl fmt::Display for Closed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Closed::Kicked => f.write_str(
                "another session with the same keys takes its place (run one program for each key and market)",
            ),
            Closed::LoginRefused { code, message } => {
                write!(
                    f,
                    "the broker refuses the login: {code} {message} (check keys, server and the registered address)"
                )
            }
            Closed::KeysRefused { message } => write!(f, "no token: {message}"),
            Closed::RuntimeEnded => f.write_str("the tokio runtime of the connection ended (keep it alive)"),
            #[cfg(feature = "testing")]
            Closed::FramesEnded => {
                f.write_str("no answer among the frames (add a frame with the CNSRLST or CNSRREQ of the broker)")
            }
        }
    }
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Event::Connected => f.write_str("connected"),
            Event::Disconnected { why, retry_in } => write!(f, "disconnected: {why}; next attempt in {retry_in:?}"),
            Event::Gap { topic, symbols, from, to } => {
                write!(f, "{topic} may be missing from {from} to {to}: {}", symbols.join(" "))
            }
            Event::Kicked { retry_in } => write!(f, "another session took its place; next attempt in {retry_in:?}"),
            Event::Stale { since } => write!(f, "no push since {since}"),
            Event::Lagged { topic, dropped } => {
                write!(f, "{dropped} pushes of {topic} were dropped: the reader is slow")
            }
            Event::Skipped { events } => write!(f, "{events} events were skipped: nobody read for long"),
            Event::Missed { topic, symbol, volume, from, to } => {
                write!(f, "trades of {volume} shares are missing in {topic} of {symbol} from {from} to {to}")
            }
            Event::NoSnapshot { symbol, why } => write!(f, "no order book of {symbol} by REST: {why}"),
            Event::SlotsFull { topic, symbols } => write!(f, "no room for {topic} of {}", symbols.join(" ")),
            Event::Rejected { topic, symbol, code, message } => {
                write!(f, "{topic} of {symbol} refused: {code} {message}")
            }
            Event::Unknown { what } => write!(f, "unknown: {what}"),
            Event::System { code, message } => write!(f, "the broker says {code}: {message}"),
            Event::Closed { why } => write!(f, "closed: {why}"),
        }
    }
}
