//! What one registration is about: a topic and an item, or a condition search.

use std::fmt;

use crate::value::Word;

/// What can be registered on a socket, once for everybody who wants it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Key {
    pub kind: KeyKind,
    /// The type in the broker's words: `0B`; `02` or `S2` for a search.
    pub topic: &'static str,
    pub item: KeyItem,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum KeyKind {
    Topic,
    /// A condition search; its number is the item.
    Search,
}

/// An item: a code, with its exchange in the US market; blank for topics of the account and of the whole market.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct KeyItem {
    pub code: Word,
    /// `ND`, `NY`, `NA`; blank in the domestic market.
    pub exchange: &'static str,
}

impl KeyItem {
    pub fn of(code: &str) -> KeyItem {
        KeyItem { code: Word::new(code), exchange: "" }
    }

    /// Whether it takes one of the broker's places for symbols.
    pub fn takes_slot(&self) -> bool {
        !self.code.as_str().is_empty()
    }
}

impl Ord for KeyItem {
    fn cmp(&self, other: &KeyItem) -> std::cmp::Ordering {
        (self.code.as_str(), self.exchange).cmp(&(other.code.as_str(), other.exchange))
    }
}

impl PartialOrd for KeyItem {
    fn partial_cmp(&self, other: &KeyItem) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Debug for KeyItem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.exchange, self.code.as_str())
    }
}

impl Key {
    pub fn topic(topic: &'static str, item: KeyItem) -> Key {
        Key { kind: KeyKind::Topic, topic, item }
    }

    /// A condition search.
    pub fn search(topic: &'static str, number: &str) -> Key {
        Key { kind: KeyKind::Search, topic, item: KeyItem::of(number.trim()) }
    }

    /// The list of conditions: asked for once, and nothing to take back.
    pub fn conditions() -> Key {
        Key::search("", "")
    }

    pub fn is_search(&self) -> bool {
        self.kind == KeyKind::Search
    }

    pub fn is_list(&self) -> bool {
        self.is_search() && !self.item.takes_slot()
    }
}
