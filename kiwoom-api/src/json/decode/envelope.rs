//! The envelope of realtime messages in the form in which it usually comes: read in two comparisons.
//!
//! Everything before the item of an element is the same from push to push of a topic, so it is remembered and compared whole.
//! Whatever differs takes the complete way in `push`, and teaches the next one.

use super::cursor::{Cursor, plain_text};

/// How a message begins.
const MESSAGE: &str = r#"{"trnm":"REAL","data":["#;
/// What stands between an item and its values; the last byte is not passed over.
const VALUES: &str = r#","values":{"#;
/// So many heads are remembered, none longer than that.
const HEADS: usize = 32;
const LONGEST: usize = 256;

/// The heads of elements that were seen, the last one first.
#[derive(Clone, Default)]
pub(super) struct Heads {
    known: Vec<Head>,
}

#[derive(Clone)]
struct Head {
    /// From the brace to the quote before the item.
    text: Box<str>,
    /// Where the topic stands in it.
    topic: (usize, usize),
}

/// Passes over the beginning of a message up to its first element; `true` if it is the usual one.
#[inline]
pub(super) fn message(cursor: &mut Cursor<'_>) -> bool {
    let usual = cursor.at == 0 && cursor.bytes().starts_with(MESSAGE.as_bytes());
    if usual {
        cursor.enter_known(MESSAGE.len(), 2);
    }
    usual
}

impl Heads {
    /// Passes over an element up to its values, if its head is known: topic and item.
    #[inline]
    pub fn element<'a>(&mut self, cursor: &mut Cursor<'a>) -> Option<(&'a str, &'a str)> {
        let (text, at) = (cursor.text(), cursor.at);
        let rest = cursor.bytes().get(at..)?;
        let found = self.known.iter().position(|head| rest.starts_with(head.text.as_bytes()))?;
        if found > 0 {
            // pushes of a topic come in runs
            self.known.swap(0, found);
        }
        let head = self.known.first()?;
        let (item, end) = plain_text(text, at + head.text.len() - 1)?;
        if !cursor.bytes().get(end..)?.starts_with(VALUES.as_bytes()) {
            return None;
        }
        let topic = text.get(at + head.topic.0..at + head.topic.1)?;
        cursor.enter_known(end + VALUES.len() - 1 - at, 1);
        Some((topic, item))
    }

    /// Remembers what stood before an item: `text` ends with its opening quote.
    #[cold]
    pub fn learn(&mut self, text: &str, topic: &str) {
        let Some(from) = text.find(&format!("\"{topic}\"")).map(|at| at + 1) else { return };
        if text.len() > LONGEST || self.known.iter().any(|head| *head.text == *text) {
            return;
        }
        self.known.truncate(HEADS - 1);
        self.known.insert(0, Head { text: text.into(), topic: (from, from + topic.len()) });
    }
}
