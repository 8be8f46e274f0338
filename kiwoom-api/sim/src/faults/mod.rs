//! What goes wrong, and when: rules, scripts in a fixed order, and seeded chaos; for calls, for frames of clients, and for pushes.
//!
//! Pure; it is told the time. The door carries out what concerns a connection.

mod chaos;
mod force;
mod rule;
mod script;
mod twist;

pub use chaos::Chaos;
pub(crate) use force::Faults;
pub use rule::Rule;
pub(crate) use rule::Scene;
pub use script::Script;
pub(crate) use twist::{twist, twist_push};

use std::time::Duration;

/// Something that goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// A call: the reply comes late, by real time: networks do not keep simulated time.
    Latency(Duration),
    /// A call: the connection breaks, and nothing was done.
    DropBefore,
    /// A call: the connection breaks, and the request was carried out.
    DropAfter,
    /// A call: the connection breaks, and the request arrives and is carried out so much simulated time later
    /// (`BEHAVIOUR.md` O10).
    ArrivesLate(Duration),
    /// A call: HTTP 429 with 1700; nothing was done.
    Quota,
    /// A call: HTTP 429 with 1701, the quota of all APIs together; nothing was done.
    TotalQuota,
    /// A call: HTTP 429 with 1702, the quota of a group of APIs; nothing was done.
    GroupQuota,
    /// A call: HTTP 429 with 1700, and the request was carried out all the same (`BEHAVIOUR.md` R9).
    GhostQuota,
    /// A call: a web page with HTTP 200; the request was carried out.
    Html,
    /// A call: HTTP 500 without a body; the request was carried out.
    Status500,
    /// A call: the reply ends in the middle; the request was carried out.
    Truncated,
    /// A call: all tokens die before the request is looked at.
    TokenDeath,
    /// A call or a push: it has a field that no document names.
    UnknownField,
    /// A call or a push: its values, and those of the first row of each list, are objects where texts belong.
    WrongType,
    /// A frame of the client: its line is ended as a second login does, with R10001 and a normal close.
    Kick,
    /// A frame of the client: its line breaks without a close.
    Break,
    /// A frame of the client: from now on its line hears nothing and says nothing, and stays open.
    Mute,
    /// A frame of the client: it is carried out, and not acknowledged. Without [`Rule::on`] this concerns registrations.
    MissedAck,
    /// A frame of the client: a ping comes before the answer (`BEHAVIOUR.md` W1).
    PingFirst,
    /// A push: it comes twice.
    Duplicate,
    /// A push: it never comes.
    LostPush,
    /// A push: it comes so much simulated time later, after others.
    LatePush(Duration),
    /// A handshake of the WebSocket: the line is accepted and closed at once, normally (`BEHAVIOUR.md` W8).
    ClosedAtOnce,
}

/// What a fault may strike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Event {
    /// An HTTP request.
    Call,
    /// The request that opens a WebSocket.
    Handshake,
    /// A frame of a client.
    Frame,
    /// A push to one line.
    Push,
}

impl Fault {
    /// Whether it can strike this.
    pub(crate) fn is_of(self, event: Event) -> bool {
        match self {
            Fault::Kick | Fault::Break | Fault::Mute | Fault::MissedAck | Fault::PingFirst => event == Event::Frame,
            Fault::Duplicate | Fault::LostPush | Fault::LatePush(_) => event == Event::Push,
            Fault::UnknownField | Fault::WrongType => matches!(event, Event::Call | Event::Push),
            Fault::ClosedAtOnce => event == Event::Handshake,
            Fault::Latency(_) | Fault::DropBefore | Fault::Quota | Fault::Html | Fault::Status500 => {
                matches!(event, Event::Call | Event::Handshake)
            }
            _ => event == Event::Call,
        }
    }

    /// The request never gets to market or account.
    pub(crate) fn keeps_from_acting(self) -> bool {
        let is_quota = matches!(self, Fault::Quota | Fault::TotalQuota | Fault::GroupQuota);
        is_quota || matches!(self, Fault::DropBefore | Fault::ArrivesLate(_))
    }

    /// The connection breaks instead of a reply.
    pub(crate) fn breaks(self) -> bool {
        matches!(self, Fault::DropBefore | Fault::DropAfter | Fault::ArrivesLate(_))
    }
}
