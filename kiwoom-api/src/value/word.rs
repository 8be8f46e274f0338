//! Short text without an allocation.

use std::fmt;

use compact_str::CompactString;

/// Bytes that fit without an allocation.
const INLINE: usize = 23;

/// UTF-8 text of up to 23 bytes, for codes: those are `Copy`, which the strings of the usual crates are not.
#[derive(Clone, Copy)]
pub(crate) struct Short {
    length: u8,
    bytes: [u8; INLINE],
}

impl Short {
    #[inline]
    pub fn new(text: &str) -> Option<Short> {
        let text = text.as_bytes();
        if text.len() > INLINE {
            return None;
        }
        let mut bytes = [0; INLINE];
        // copies of a fixed length, which may overlap, are a few instructions; one of any length is a call
        if let (Some(first), Some(last)) = (text.first_chunk::<8>(), text.last_chunk::<8>()) {
            if let Some(first) = text.first_chunk::<16>() {
                bytes[..16].copy_from_slice(first);
            }
            bytes[..8].copy_from_slice(first);
            bytes[text.len() - 8..text.len()].copy_from_slice(last);
        } else {
            for (to, byte) in bytes.iter_mut().zip(text) {
                *to = *byte;
            }
        }
        Some(Short { length: text.len() as u8, bytes })
    }

    pub fn as_str(&self) -> &str {
        // always valid: `new` takes a str; checking 23 bytes costs less than an `unsafe` block
        std::str::from_utf8(&self.bytes[..usize::from(self.length)]).unwrap_or_default()
    }
}

/// Text of an identifier: up to 24 bytes inline, longer text on the heap.
///
/// ```
/// use kiwoom_api::value::Word;
/// assert_eq!(Word::new("0000138").as_str(), "0000138");
/// ```
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Word(CompactString);

impl std::borrow::Borrow<str> for Word {
    fn borrow(&self) -> &str {
        self.as_str()
    }
}

impl Word {
    /// Keeps `text` unchanged.
    pub fn new(text: &str) -> Word {
        Word(CompactString::new(text))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_str().fmt(f)
    }
}
