//! What the engine says, in the words of users.

use jiff::Timestamp;

use super::engine::{Key, Notice, Now, TooMany, Why};
use super::event::{Closed, Event};
use crate::error::{Error, Kind};
use crate::language::both;

/// The event that says it; none where it is said in another way.
pub(super) fn event(notice: Notice) -> Option<Event> {
    Some(match notice {
        Notice::Ready => return None,
        Notice::Connected => Event::Connected,
        Notice::Disconnected { why, retry_in } => Event::Disconnected { why, retry_in },
        Notice::Gap { keys, from, to } => {
            Event::Gap { topic: topic(&keys), symbols: symbols(&keys), from: started(from, to), to: to.wall }
        }
        Notice::Kicked { retry_in } => Event::Kicked { retry_in },
        Notice::Stale { since } => Event::Stale { since: since.wall },
        Notice::SlotsFull { keys } => Event::SlotsFull { topic: topic(&keys), symbols: symbols(&keys) },
        Notice::Rejected { key, code, message } => {
            let symbol = key.number().to_owned();
            Event::Rejected { topic: key.topic, symbol, code, message }
        }
        Notice::Closed(why) => Event::Closed { why: closed(why) },
    })
}

/// When something began, by the clock by which it ended: the wall clock may have been set back meanwhile. The other one stands
/// still while a machine sleeps, so the earlier reading counts.
fn started(from: Now, to: Now) -> Timestamp {
    let passed = to.at.saturating_sub(from.at);
    from.wall.min(to.wall.saturating_sub(passed).unwrap_or(Timestamp::MIN))
}

fn topic(keys: &[Key]) -> &'static str {
    keys.first().map_or("", |key| key.topic)
}

fn symbols(keys: &[Key]) -> Vec<String> {
    keys.iter().map(|key| key.number().to_owned()).collect()
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
        TooMany::Symbols { wanted, most } => both!(
            "{wanted} symbols with those of other subscriptions, but a connection has room for {most} (drop some, or use another key for the rest)",
            "다른 구독의 종목까지 {wanted}개인데, 한 연결에는 {most}개까지 등록할 수 있습니다 (일부를 해지하거나 나머지는 다른 키로 구독하세요)"
        ),
        TooMany::Searches { wanted, most } => both!(
            "{wanted} condition searches, but a login may hold {most} (drop some)",
            "조건검색이 {wanted}개인데, 로그인 하나로는 {most}개까지 가능합니다 (일부를 해지하세요)"
        ),
    }))
}
