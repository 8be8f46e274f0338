//! What the engine says, in the words of users.

use super::engine::{Key, Notice, TooMany, Why};
use super::event::{Closed, Event};
use crate::error::{Error, Kind};

/// The event that says it; none where it is said in another way.
pub(super) fn event(notice: Notice) -> Option<Event> {
    Some(match notice {
        Notice::Ready => return None,
        Notice::Connected => Event::Connected,
        Notice::Disconnected { why, retry_in } => Event::Disconnected { why, retry_in },
        Notice::Gap { keys, from, to } => {
            Event::Gap { topic: topic(&keys), symbols: symbols(&keys), from: from.wall, to: to.wall }
        }
        Notice::Kicked { retry_in } => Event::Kicked { retry_in },
        Notice::Stale { since } => Event::Stale { since: since.wall },
        Notice::SlotsFull { keys } => Event::SlotsFull { topic: topic(&keys), symbols: symbols(&keys) },
        Notice::Rejected { key, code, message } => {
            let symbol = key.item.code.as_str().to_owned();
            Event::Rejected { topic: key.topic, symbol, code, message }
        }
        Notice::Closed(why) => Event::Closed { why: closed(why) },
    })
}

fn topic(keys: &[Key]) -> &'static str {
    keys.first().map_or("", |key| key.topic)
}

fn symbols(keys: &[Key]) -> Vec<String> {
    keys.iter().map(|key| key.item.code.as_str().to_owned()).collect()
}

fn closed(why: Why) -> Closed {
    match why {
        Why::Kicked => Closed::Kicked,
        Why::Login { code, message } => Closed::LoginRefused { code, message },
        Why::Keys(message) => Closed::KeysRefused { message },
        Why::Stopped => Closed::RuntimeEnded,
    }
}

/// More than the broker has room for.
pub(super) fn too_many(too_many: TooMany) -> Error {
    Error::new(Kind::Realtime(match too_many {
        TooMany::Symbols { wanted, most } => format!(
            "{wanted} symbols with those of other subscriptions, but a connection has room for {most} (drop some, or use \
             another key for the rest)"
        ),
        TooMany::Searches { wanted, most } => {
            format!("{wanted} condition searches, but a login may hold {most} (drop some)")
        }
    }))
}
