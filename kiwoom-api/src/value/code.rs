//! Codes: one enum per meaning, one code table per field.
//!
//! `UsExchange::Nasdaq` is 2, 3 or ND depending on the field, so the table is part of the slot, not of the type.
//! Unlisted codes are kept as text and are sent back unchanged.

use std::cmp::Ordering;
use std::fmt;

use super::word::Short;

/// The codes of one field: wire code and the position of its meaning in the enum. The first code of a meaning is the one written.
pub type CodeTable = &'static [(&'static str, u8)];

/// A code that the document does not list: up to 23 bytes of text. Only the decoder and `from_wire` make one.
#[derive(Clone, Copy)]
pub struct Unlisted(Short);

impl Unlisted {
    /// The code as it was sent.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// `None` if the text is longer than 23 bytes; no code is.
    #[doc(hidden)]
    pub fn new(text: &str) -> Option<Unlisted> {
        Short::new(text).map(Unlisted)
    }
}

impl PartialEq for Unlisted {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for Unlisted {}

impl std::hash::Hash for Unlisted {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

impl fmt::Debug for Unlisted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_str().fmt(f)
    }
}

/// A set of meanings. Implemented by the enums that `code_set!` makes.
pub trait CodeSet: Copy + 'static {
    /// The name of the enum.
    const NAME: &'static str;
    /// Names of the meanings, by position.
    const NAMES: &'static [&'static str];
    /// Codes that mean one thing in all fields of the set that have them: read everywhere, and written only if a field
    /// has no code for the meaning.
    const SPELLINGS: CodeTable = &[];
    /// Codes that mean several things, with each of them: which one it is, the field decides.
    const DISPUTED: CodeTable = &[];
    /// The Korean labels of each meaning, by position; empty where the document has only codes or numbers.
    const KOREAN: &'static [&'static [&'static str]] = &[];
    /// What each meaning says of the sign of the number beside it, by position; empty where it says nothing.
    const SIGNS: &'static [Ordering] = &[];
    /// All of that as one value, so that what works on it is compiled once, not for each set.
    #[doc(hidden)]
    const MEANINGS: &'static Meanings = &Meanings {
        set: Self::NAME,
        names: Self::NAMES,
        korean: Self::KOREAN,
        spellings: Self::SPELLINGS,
        disputed: Self::DISPUTED,
        signs: Self::SIGNS,
    };
    /// The meaning at a position.
    fn from_index(index: u8) -> Option<Self>;
    /// The position; `None` for an unlisted code.
    fn index(&self) -> Option<u8>;
    /// Keeps a code that is not listed.
    fn unlisted(code: Unlisted) -> Self;
    /// The code that is not listed.
    fn as_unlisted(&self) -> Option<&str>;
}

/// What is known of a set: the constants of its [`CodeSet`].
#[doc(hidden)]
#[derive(Debug)]
#[non_exhaustive]
pub struct Meanings {
    pub(super) set: &'static str,
    pub(super) names: &'static [&'static str],
    pub(super) korean: &'static [&'static [&'static str]],
    pub(super) spellings: CodeTable,
    pub(super) disputed: CodeTable,
    signs: &'static [Ordering],
}

/// The optional code of a field.
pub trait CodeSlot {
    /// Sets the meaning at a position; a position that the set does not have clears.
    fn set_index(&mut self, index: u8);
    /// Keeps a code that is not listed.
    fn set_unlisted(&mut self, code: Unlisted);
    /// No code.
    fn clear(&mut self);
    /// There is a code.
    fn is_set(&self) -> bool;
    /// The position of its meaning.
    fn index(&self) -> Option<u8>;
    /// The code that is not listed.
    fn as_unlisted(&self) -> Option<&str>;
    /// What is known of its set.
    #[doc(hidden)]
    fn meanings(&self) -> &'static Meanings;
}

impl dyn CodeSlot + '_ {
    /// Names of the meanings of the set, by position.
    pub fn names(&self) -> &'static [&'static str] {
        self.meanings().names
    }

    /// Spellings of the set in addition to those of the field.
    pub fn spellings(&self) -> CodeTable {
        self.meanings().spellings
    }

    /// What the code says about the sign of the accompanying number.
    pub fn sign(&self) -> Option<Ordering> {
        self.meanings().signs.get(usize::from(self.index()?)).copied()
    }
}

impl<C: CodeSet> CodeSlot for Option<C> {
    fn set_index(&mut self, index: u8) {
        *self = C::from_index(index);
    }
    fn set_unlisted(&mut self, code: Unlisted) {
        *self = Some(C::unlisted(code));
    }
    fn clear(&mut self) {
        *self = None;
    }
    fn is_set(&self) -> bool {
        self.is_some()
    }
    fn index(&self) -> Option<u8> {
        self.as_ref().and_then(C::index)
    }
    fn as_unlisted(&self) -> Option<&str> {
        self.as_ref().and_then(C::as_unlisted)
    }
    fn meanings(&self) -> &'static Meanings {
        C::MEANINGS
    }
}

/// `from_wire` of every code enum.
#[doc(hidden)]
pub fn meaning_of<C: CodeSet>(code: &str) -> Option<C> {
    match meaning_in(C::SPELLINGS, code) {
        Some(index) => C::from_index(index),
        None => Unlisted::new(code).map(C::unlisted),
    }
}

/// The first code that has this meaning in every field; `None` if there is none.
pub(crate) fn spelling<C: CodeSet>(meaning: &C) -> Option<&'static str> {
    code_in(C::SPELLINGS, meaning.index()?)
}

fn meaning_in(table: CodeTable, code: &str) -> Option<u8> {
    table.iter().find(|(known, _)| *known == code).map(|(_, index)| *index)
}

fn code_in(table: CodeTable, index: u8) -> Option<&'static str> {
    table.iter().find(|(_, of)| *of == index).map(|(known, _)| *known)
}

/// `Debug` of every code enum: the name of the meaning, or the unlisted code.
#[doc(hidden)]
pub fn debug_code(code: &dyn CodeSlot, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match code.index().and_then(|index| code.names().get(usize::from(index))) {
        Some(name) => f.write_str(name),
        None => f.debug_tuple("Unlisted").field(&code.as_unlisted().unwrap_or_default()).finish(),
    }
}

/// `Display` of every code enum: the name of the meaning, or the unlisted code.
#[doc(hidden)]
pub fn display_code(code: &dyn CodeSlot, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let name = code.index().and_then(|index| code.names().get(usize::from(index)).copied());
    f.pad(name.or(code.as_unlisted()).unwrap_or_default())
}
