//! What one registration is about: a topic and an item, or a condition search.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::value::Word;

/// Between the number of a search and its page: nothing else has it.
const PAGE: char = '\n';

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
    /// One page of a search that does not go on, by a number of its own: nobody else waits for the same answer.
    Once(u64),
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

    /// A page of a condition search that is asked for once; `page` is blank for the first.
    pub fn once(topic: &'static str, number: &str, page: &str) -> Key {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let code = format!("{}{PAGE}{page}", number.trim());
        Key { kind: KeyKind::Once(NEXT.fetch_add(1, Ordering::Relaxed)), topic, item: KeyItem::of(&code) }
    }

    pub fn is_search(&self) -> bool {
        self.kind != KeyKind::Topic
    }

    pub fn is_once(&self) -> bool {
        matches!(self.kind, KeyKind::Once(_))
    }

    /// A search that goes on: only those are counted, and end by a request.
    pub fn is_watch(&self) -> bool {
        self.kind == KeyKind::Search && !self.is_list()
    }

    /// The number of a search, and any other code as it is.
    pub fn number(&self) -> &str {
        let code = self.item.code.as_str();
        code.split_once(PAGE).map_or(code, |(number, _)| number)
    }

    /// The page of a search that is asked for once.
    pub fn page(&self) -> &str {
        self.item.code.as_str().split_once(PAGE).map_or("", |(_, page)| page)
    }

    pub fn is_list(&self) -> bool {
        self.is_search() && !self.item.takes_slot()
    }
}
