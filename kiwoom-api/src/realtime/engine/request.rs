//! What is sent to the broker, all of it harmless when it is sent twice.

use super::key::Key;

/// A request about subscriptions. There is no variant for anything that trades, so nothing here can repeat a trade.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Request {
    /// Items of one topic; what is registered stays.
    Register(Vec<Key>),
    Remove(Vec<Key>),
    /// The list of conditions, which the broker wants before a search (`BEHAVIOUR.md` C1).
    Conditions,
    /// A search, which goes on unless it is asked for once.
    Search(Key),
    /// Its end.
    Clear(Key),
}

/// What an answer says of the request that it belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Register,
    Remove,
    Conditions,
    Search,
    Clear,
}

impl Request {
    pub fn kind(&self) -> Kind {
        match self {
            Request::Register(_) => Kind::Register,
            Request::Remove(_) => Kind::Remove,
            Request::Conditions => Kind::Conditions,
            Request::Search(_) => Kind::Search,
            Request::Clear(_) => Kind::Clear,
        }
    }

    pub fn keys(&self) -> &[Key] {
        match self {
            Request::Register(keys) | Request::Remove(keys) => keys,
            Request::Conditions => &[],
            Request::Search(key) | Request::Clear(key) => std::slice::from_ref(key),
        }
    }

    /// The number of its search, where it is about one.
    fn number(&self) -> Option<&str> {
        match self {
            Request::Search(key) | Request::Clear(key) => Some(key.number()),
            _ => None,
        }
    }

    /// Whether an answer of this kind, and of this search if it says so, belongs to it.
    pub fn is_answered_by(&self, kind: Kind, number: Option<&str>) -> bool {
        let same = match (self.number(), number) {
            (Some(own), Some(number)) => own == number.trim(),
            _ => true,
        };
        self.kind() == kind && same
    }
}
