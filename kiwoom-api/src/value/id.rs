//! Identifiers: text that looks like a number but is not one.

use std::borrow::Cow;
use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

use super::Word;
use super::id_form::{self, Misuse};

/// The optional identifier of a field, of any type. Implemented for `Option` of the identifier types.
pub trait Id {
    /// Sets it; blank text clears it.
    fn set(&mut self, text: &str);
    /// The text.
    fn text(&self) -> Option<&str>;
    /// Whether it must not appear in logs.
    fn is_private(&self) -> bool;
    /// Why the broker cannot know it, by its form.
    #[doc(hidden)]
    fn misuse(&self) -> Option<Misuse> {
        None
    }
}

macro_rules! ids {
    ($($(#[$meta:meta])* $name:ident, private: $private:literal, form: $form:ident;)*) => {$(
        $(#[$meta])*
        #[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Word);

        impl $name {
            /// The text as the broker writes it.
            pub fn as_str(&self) -> &str {
                self.0.as_str()
            }

            #[doc(hidden)]
            pub fn misuse(&self) -> Option<Misuse> {
                id_form::$form(self.as_str())
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                $name(Word::new(text.trim()))
            }
        }

        super::text::text_like!($name, String, &String, Cow<'_, str>);

        impl From<&$name> for $name {
            fn from(text: &$name) -> Self {
                text.clone()
            }
        }

        impl FromStr for $name {
            type Err = Infallible;
            fn from_str(text: &str) -> Result<Self, Infallible> {
                Ok(text.into())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                if $private { f.write_str(REDACTED) } else { self.as_str().fmt(f) }
            }
        }

        impl Id for Option<$name> {
            fn set(&mut self, text: &str) {
                let text = text.trim_ascii();
                *self = (!text.is_empty()).then(|| $name(Word::new(text)));
            }
            fn text(&self) -> Option<&str> {
                self.as_ref().map($name::as_str)
            }
            fn is_private(&self) -> bool {
                $private
            }
            fn misuse(&self) -> Option<Misuse> {
                self.as_ref().and_then($name::misuse)
            }
        }
    )*};
}

/// The placeholder for text that must not appear in logs.
pub(crate) const REDACTED: &str = "[redacted]";

ids! {
    /// An order number such as `0000138`. Leading zeros are part of it.
    ///
    /// ```
    /// use kiwoom_api::value::OrderNo;
    /// assert_ne!(OrderNo::from("0000138"), OrderNo::from("138"));
    /// ```
    OrderNo, private: false, form: any;
    /// An account number. `Debug` does not show it; `Display` does, so print it only if you mean to.
    ///
    /// ```
    /// use kiwoom_api::value::AccountNo;
    /// let account = AccountNo::from("12345678");
    /// assert_eq!(format!("{account:?}"), "[redacted]");
    /// assert_eq!(account.as_str(), "12345678");
    /// ```
    AccountNo, private: true, form: any;
    /// A domestic index or sector such as `001` (KOSPI); `001_AL` where the quote joins both venues.
    IndexCode, private: false, form: any;
    /// A gold product such as `M04020000`. Requests and orders take no other form.
    GoldCode, private: false, form: gold;
    /// A US symbol such as `NVDA`. Requests and orders refuse what plainly is none: `nvda`, `005930`.
    UsTicker, private: false, form: us_ticker;
    /// A code as text, if the document has no list or the list has no type here.
    Code, private: false, form: any;
}
