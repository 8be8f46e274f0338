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
pub trait CodeSet: Copy {
    /// Names of the meanings, by position.
    const NAMES: &'static [&'static str];
    /// Codes that mean one thing in all fields of the set that have them: read everywhere, and written only if a field
    /// has no code for the meaning.
    const SPELLINGS: CodeTable = &[];
    /// What each meaning says about the sign of the accompanying number, by position; empty if it says nothing.
    const SIGNS: &'static [Ordering] = &[];
    /// The meaning at a position.
    fn from_index(index: u8) -> Option<Self>;
    /// The position; `None` for an unlisted code.
    fn index(&self) -> Option<u8>;
    /// Keeps a code that is not listed.
    fn unlisted(code: Unlisted) -> Self;
    /// The code that is not listed.
    fn as_unlisted(&self) -> Option<&str>;
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
    /// Names of the meanings of the set, by position.
    fn names(&self) -> &'static [&'static str];
    /// Spellings of the set in addition to those of the field.
    fn spellings(&self) -> CodeTable;
    /// What the code says about the sign of the accompanying number.
    fn sign(&self) -> Option<Ordering>;
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
    fn names(&self) -> &'static [&'static str] {
        C::NAMES
    }
    fn spellings(&self) -> CodeTable {
        C::SPELLINGS
    }
    fn sign(&self) -> Option<Ordering> {
        C::SIGNS.get(usize::from(self.index()?)).copied()
    }
}

/// `from_wire` of every code enum.
#[doc(hidden)]
pub fn meaning_of<C: CodeSet>(code: &str) -> Option<C> {
    match C::SPELLINGS.iter().find(|(spelling, _)| *spelling == code) {
        Some((_, index)) => C::from_index(*index),
        None => Unlisted::new(code).map(C::unlisted),
    }
}

/// The first code that has this meaning in every field; `None` if there is none.
pub(crate) fn spelling<C: CodeSet>(meaning: &C) -> Option<&'static str> {
    let index = meaning.index()?;
    C::SPELLINGS.iter().find(|(_, of)| *of == index).map(|(spelling, _)| *spelling)
}

/// `Debug` of every code enum: the name of the meaning, or the unlisted code.
#[doc(hidden)]
pub fn debug_code(code: &dyn CodeSlot, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match code.index().and_then(|index| code.names().get(usize::from(index))) {
        Some(name) => f.write_str(name),
        None => f.debug_tuple("Unlisted").field(&code.as_unlisted().unwrap_or_default()).finish(),
    }
}

/// Makes an enum of meanings: the named ones, and `Unlisted`.
///
/// A table of a field then refers to the variants by position: `&[("ND", 1), ("NY", 0)]`. After the enum may follow
/// `; spelt ("ND", 1), ..` (spellings that every field of the set reads) and `; signs Greater, ..` (what each meaning says
/// of the number beside it).
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
    ($name:ident: $($variant:ident),+ $(; spelt $($spelling:expr),+)? $(; signs $($sign:ident),+)?) => {
        impl $name {
            /// The meaning of a code as it appears on the wire. A code that the document does not list (yet), or that
            /// means different things in different fields, is kept unchanged. `None` if it is longer than 23 bytes.
            pub fn from_wire(code: &str) -> Option<Self> {
                $crate::value::meaning_of(code)
            }
        }

        impl $crate::value::CodeSet for $name {
            const NAMES: &'static [&'static str] = &[$(stringify!($variant)),+];
            $(const SPELLINGS: $crate::value::CodeTable = &[$($spelling),+];)?
            $(const SIGNS: &'static [::std::cmp::Ordering] = &[$(::std::cmp::Ordering::$sign),+];)?
            fn from_index(index: u8) -> Option<Self> {
                const ALL: &[$name] = &[$($name::$variant),+];
                ALL.get(usize::from(index)).copied()
            }
            fn index(&self) -> Option<u8> {
                #[allow(clippy::enum_variant_names, reason = "the names are those of the meanings")]
                enum Position { $($variant),+ }
                Some(match self {
                    $($name::$variant => Position::$variant as u8,)+
                    $name::Unlisted(_) => return None,
                })
            }
            fn unlisted(code: $crate::value::Unlisted) -> Self {
                $name::Unlisted(code)
            }
            fn as_unlisted(&self) -> Option<&str> {
                match self {
                    $name::Unlisted(code) => Some(code.as_str()),
                    _ => None,
                }
            }
        }

        impl ::std::fmt::Debug for $name {
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
