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
    set: &'static str,
    names: &'static [&'static str],
    korean: &'static [&'static [&'static str]],
    spellings: CodeTable,
    disputed: CodeTable,
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

/// `korean` of every code enum.
#[doc(hidden)]
pub fn korean_of<C: CodeSet>(code: &C) -> &str {
    match code.index() {
        Some(index) => korean_at(C::MEANINGS, usize::from(index)),
        None => code.as_unlisted().unwrap_or_default(),
    }
}

fn korean_at(set: &'static Meanings, index: usize) -> &'static str {
    let label = set.korean.get(index).and_then(|labels| labels.first());
    label.or(set.names.get(index)).copied().unwrap_or_default()
}

/// `FromStr` of every code enum. The text of a person or a file, so it is strict: what has no meaning is an error.
#[doc(hidden)]
pub fn parse_code<C: CodeSet>(text: &str) -> Result<C, BadCode> {
    let index = parse_in(C::MEANINGS, text)?;
    C::from_index(index).ok_or_else(|| bad(C::MEANINGS, text, &[]))
}

fn parse_in(set: &'static Meanings, text: &str) -> Result<u8, BadCode> {
    match *find(set, text) {
        [index] => Ok(index),
        ref found => Err(bad(set, text, found)),
    }
}

#[cold]
fn bad(set: &'static Meanings, text: &str, found: &[u8]) -> BadCode {
    let names = set.names;
    let meanings = found.iter().filter_map(|index| names.get(usize::from(*index)).copied()).collect();
    BadCode { set: set.set, text: text.chars().take(40).collect(), names, meanings }
}

/// Every meaning that a text can have. A name that is written exactly has one.
fn find(set: &Meanings, text: &str) -> Vec<u8> {
    let text = text.trim();
    let positions = || (0u8..).zip(set.names);
    if let Some((index, _)) = positions().find(|(_, name)| **name == text) {
        return vec![index];
    }
    let blankless = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
    let wanted = blankless(text);
    let mut found: Vec<u8> = positions().filter(|(_, n)| n.eq_ignore_ascii_case(text)).map(|(i, _)| i).collect();
    found.extend((0u8..).zip(set.korean).filter(|(_, l)| l.iter().any(|l| blankless(l) == wanted)).map(|(i, _)| i));
    found.extend(
        [set.spellings, set.disputed].into_iter().flatten().filter(|(code, _)| *code == text).map(|(_, index)| *index),
    );
    found.sort_unstable();
    found.dedup();
    found
}

/// A text that is not one meaning of a set: it has none, or the fields of the set do not agree about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadCode {
    set: &'static str,
    text: String,
    names: &'static [&'static str],
    meanings: Vec<&'static str>,
}

impl BadCode {
    /// What the text can mean; empty if nothing.
    pub fn meanings(&self) -> &[&'static str] {
        &self.meanings
    }
}

impl fmt::Display for BadCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let BadCode { set, text, names, meanings } = self;
        match meanings.is_empty() {
            true => {
                write!(f, "{text:?} is no {set}: expected {} (or its Korean label, or its code)", names.join(", "))
            }
            false => write!(
                f,
                "{text:?} means {} in different fields of {set}: write the name, or ask `record::meaning_in` for one field",
                meanings.join(" or ")
            ),
        }
    }
}

impl std::error::Error for BadCode {}

/// Makes an enum of meanings: the named ones, and `Unlisted`.
///
/// A table of a field then refers to the variants by position: `&[("ND", 1), ("NY", 0)]`. After the enum may follow
/// `; spelt ("ND", 1), ..` (spellings that every field of the set reads), `; disputed ("1", 0), ("1", 1), ..` (codes that
/// mean several things), `; korean ["뉴욕"], ..` (the labels of each meaning) and `; signs Greater, ..` (what each meaning
/// says of the number beside it).
#[doc(hidden)]
#[macro_export]
macro_rules! code_set {
    ($(#[$meta:meta])* pub enum $name:ident { $($(#[$variant_meta:meta])* $variant:ident,)+ } $($more:tt)*) => {
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$variant_meta])* $variant,)+
            /// A code that the document does not list, kept unchanged.
            Unlisted($crate::value::Unlisted),
        }
        $crate::code_glue!($name: $($variant),+ $($more)*);
    };
}

/// What an enum of meanings needs besides its definition; generated code writes the definition itself.
#[doc(hidden)]
#[macro_export]
macro_rules! code_glue {
    (
        $name:ident: $($variant:ident),+
        $(; spelt $($spelling:expr),+)?
        $(; disputed $($disputed:expr),+)?
        $(; korean $($korean:expr),+)?
        $(; signs $($sign:ident),+)?
    ) => {
        // `inline`: compiled where it is used, not for each set in this crate.
        impl $name {
            /// Every meaning, in the order of the enum.
            pub const ALL: &'static [$name] = &[$($name::$variant),+];

            /// The Korean label of the document; the English name where it has none, the code where it is unlisted.
            #[inline]
            pub fn korean(&self) -> &str {
                $crate::value::korean_of(self)
            }

            /// The meaning of a code as it stands on the wire. A code that the document does not list (yet), and one
            /// that means different things in different fields, is kept as it is. `None` if it is longer than 23 bytes.
            #[inline]
            pub fn from_wire(code: &str) -> Option<Self> {
                $crate::value::meaning_of(code)
            }
        }

        impl $crate::value::CodeSet for $name {
            const NAME: &'static str = stringify!($name);
            const NAMES: &'static [&'static str] = &[$(stringify!($variant)),+];
            $(const SPELLINGS: $crate::value::CodeTable = &[$($spelling),+];)?
            $(const DISPUTED: $crate::value::CodeTable = &[$($disputed),+];)?
            $(const KOREAN: &'static [&'static [&'static str]] = &[$(&$korean),+];)?
            $(const SIGNS: &'static [::std::cmp::Ordering] = &[$(::std::cmp::Ordering::$sign),+];)?
            #[inline]
            fn from_index(index: u8) -> Option<Self> {
                $name::ALL.get(usize::from(index)).copied()
            }
            #[inline]
            fn index(&self) -> Option<u8> {
                #[allow(clippy::enum_variant_names, reason = "the names are those of the meanings")]
                enum Position { $($variant),+ }
                Some(match self {
                    $($name::$variant => Position::$variant as u8,)+
                    $name::Unlisted(_) => return None,
                })
            }
            #[inline]
            fn unlisted(code: $crate::value::Unlisted) -> Self {
                $name::Unlisted(code)
            }
            #[inline]
            fn as_unlisted(&self) -> Option<&str> {
                match self {
                    $name::Unlisted(code) => Some(code.as_str()),
                    _ => None,
                }
            }
        }

        /// The English name; an unlisted code as it came.
        impl ::std::fmt::Display for $name {
            #[inline]
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                $crate::value::display_code(&Some(*self), f)
            }
        }

        /// The English name (in any case), a Korean label, or a code that means one thing in all fields of the set.
        /// Anything else is an error: `from_wire` keeps unlisted codes, `record::meaning_in` reads the code of one field.
        impl ::std::str::FromStr for $name {
            type Err = $crate::value::BadCode;

            #[inline]
            fn from_str(text: &str) -> ::std::result::Result<Self, Self::Err> {
                $crate::value::parse_code(text)
            }
        }

        impl ::std::fmt::Debug for $name {
            #[inline]
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                $crate::value::debug_code(&Some(*self), f)
            }
        }

        $crate::__code_serde!($name);
    };
}

/// Serde of an enum of meanings: by its English names, because its codes belong to the fields. A separate macro, for
/// the same reason as in `glue!`.
#[cfg(feature = "serde")]
#[doc(hidden)]
#[macro_export]
macro_rules! __code_serde {
    ($name:ident) => {
        impl $crate::value::plain::ToPlain for $name {
            fn to_plain<S: $crate::value::plain::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                $crate::value::plain::write_code_name(&Some(*self), serializer)
            }
        }

        impl $crate::value::plain::FromPlain for $name {
            fn from_plain<'de, D: $crate::value::plain::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                let mut code: ::std::option::Option<Self> = ::std::option::Option::None;
                $crate::value::plain::read_code_name(&mut code, deserializer)?;
                code.ok_or_else(|| $crate::value::plain::serde::de::Error::custom("no code"))
            }
        }

        impl $crate::value::plain::serde::Serialize for $name {
            fn serialize<S: $crate::value::plain::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                $crate::value::plain::write_code_name(&Some(*self), serializer)
            }
        }

        impl<'de> $crate::value::plain::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::value::plain::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                $crate::value::plain::FromPlain::from_plain(deserializer)
            }
        }
    };
}

#[cfg(not(feature = "serde"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __code_serde {
    ($name:ident) => {};
}
