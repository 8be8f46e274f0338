//! What types that stand for a text have in common: conversions from all text types, comparisons with text, keys by
//! text.

/// For a type with `as_str` and `From<&str>` whose equality, order and hash are those of its text.
macro_rules! text_like {
    ($name:ident, $($owner:ty),+) => {
        $(
            impl From<$owner> for $name {
                fn from(text: $owner) -> Self {
                    let text: &str = &text;
                    text.into()
                }
            }
        )+

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        impl std::borrow::Borrow<str> for $name {
            fn borrow(&self) -> &str {
                self.as_str()
            }
        }

        impl PartialEq<str> for $name {
            fn eq(&self, other: &str) -> bool {
                self.as_str() == other
            }
        }

        impl PartialEq<&str> for $name {
            fn eq(&self, other: &&str) -> bool {
                self.as_str() == *other
            }
        }

        impl PartialEq<String> for $name {
            fn eq(&self, other: &String) -> bool {
                self.as_str() == other
            }
        }

        impl PartialEq<$name> for str {
            fn eq(&self, other: &$name) -> bool {
                self == other.as_str()
            }
        }

        impl PartialEq<$name> for &str {
            fn eq(&self, other: &$name) -> bool {
                *self == other.as_str()
            }
        }
    };
}

pub(super) use text_like;
