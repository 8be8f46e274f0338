//! What is known of a reply, before it is spelled.

use std::collections::BTreeMap;

use kiwoom_api::value::Decimal;

/// One value, with its meaning.
#[derive(Clone, Debug)]
pub(crate) enum Told {
    /// As it stands on the wire.
    Text(String),
    /// A number, counted in the unit of its field.
    Number(Decimal),
    /// A price, and the close against which its sign is told.
    Price(Decimal, Decimal),
}

impl From<i64> for Told {
    fn from(number: i64) -> Told {
        Told::Number(number.into())
    }
}

impl From<Decimal> for Told {
    fn from(number: Decimal) -> Told {
        Told::Number(number)
    }
}

impl From<&str> for Told {
    fn from(text: &str) -> Told {
        Told::Text(text.to_owned())
    }
}

impl From<String> for Told {
    fn from(text: String) -> Told {
        Told::Text(text)
    }
}

/// Values by their key on the wire.
#[derive(Clone, Debug, Default)]
pub(crate) struct Given(BTreeMap<String, Told>);

impl Given {
    /// Adds a value.
    #[must_use]
    pub fn with(mut self, key: impl Into<String>, told: impl Into<Told>) -> Given {
        self.0.insert(key.into(), told.into());
        self
    }

    /// Adds a price and the close that its sign is told against.
    #[must_use]
    pub fn price(self, key: impl Into<String>, price: i64, previous: i64) -> Given {
        self.with(key, Told::Price(price.into(), previous.into()))
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&Told> {
        self.0.get(key)
    }
}

/// What is known of one page.
#[derive(Clone, Debug, Default)]
pub(crate) struct Page {
    pub head: Given,
    /// The rows of its list; `None` if they are not known.
    pub rows: Option<Vec<Given>>,
    /// Where the next page begins.
    pub next: Option<String>,
    /// Fields that are not given are blank or zero, and not made up.
    pub is_all: bool,
    /// All fields are blank: the broker knows nothing of what was asked for.
    pub is_blank: bool,
}

impl Page {
    /// Rows of a list, of which nothing else is to be made up.
    pub fn rows(rows: Vec<Given>) -> Page {
        Page { rows: Some(rows), is_all: true, ..Page::default() }
    }

    /// The rows of one page of many, by the place at which it begins.
    pub fn cut(mut all: Vec<Given>, size: usize, next_key: Option<&str>) -> Page {
        let from: usize = next_key.and_then(|key| key.parse().ok()).unwrap_or(0);
        let from = from.min(all.len());
        let to = (from + size).min(all.len());
        let more = to < all.len();
        let rows = all.drain(from..to).collect();
        Page { next: more.then(|| to.to_string()), ..Page::rows(rows) }
    }
}
