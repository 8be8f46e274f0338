//! The macros that make an enum of meanings.

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
