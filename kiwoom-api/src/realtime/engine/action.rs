//! What the engine wants done.

use std::time::Duration;

use super::input::{Epoch, Now, SetId};
use super::key::Key;
use super::request::Request;

/// One thing to do, in the order in which it was said.
#[derive(Clone, Debug)]
pub(crate) enum Action {
    /// Get a token and open a connection. `renew`: the last token was refused and is of no use.
    Dial { epoch: Epoch, renew: bool },
    /// Send LOGIN.
    Login { epoch: Epoch },
    /// Send a request.
    Send { epoch: Epoch, request: Request },
    /// Send this text back.
    Echo { epoch: Epoch, text: String },
    /// Close the connection, or give up opening it.
    Hang { epoch: Epoch },
    /// The push at hand belongs to this set.
    Deliver(SetId),
    /// Nobody wants the push at hand.
    Unwanted,
    /// Tell a set something, in its order with the pushes.
    Notify(SetId, Notice),
    /// Nobody is left: there is nothing more to do.
    End,
}

/// What a set is told.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Notice {
    /// Logged in on a connection.
    Connected,
    /// The connection is gone; the next attempt comes after so long.
    Disconnected { why: String, retry_in: Duration },
    /// For these, pushes may be missing between the two moments.
    Gap { keys: Vec<Key>, from: Now, to: Now },
    /// Another session took the place of this one.
    Kicked { retry_in: Duration },
    /// No push since then, although the connection is well.
    Stale { since: Now },
    /// The broker has no room for these.
    SlotsFull { keys: Vec<Key> },
    /// The broker refuses this one.
    Rejected { key: Key, code: String, message: String },
    /// Every key was registered or refused, for the first time.
    Ready,
    /// It is over.
    Closed(Why),
}

/// Why it is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Why {
    /// Another session takes the place of this one again and again.
    Kicked,
    /// The broker refuses the login, with fresh tokens too.
    Login { code: String, message: String },
    /// The broker gives no token for the keys.
    Keys(String),
    /// The runtime of the task ended.
    Stopped,
}
