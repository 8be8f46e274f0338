//! Keys and tokens.

use std::borrow::Cow;
use std::fmt;

use secrecy::{ExposeSecret, SecretString};

use super::id::REDACTED;

/// A key or token: wiped when dropped, never printed. Empty if the broker sent none.
///
/// ```
/// use kiwoom_api::value::Secret;
/// let key = Secret::from("PSXX..");
/// assert_eq!(format!("{key:?} {key}"), "[redacted] [redacted]");
/// assert_eq!(key.expose(), "PSXX..");
/// ```
#[derive(Clone, Default)]
pub struct Secret(SecretString);

impl Secret {
    /// The text itself. Keep it out of logs.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// There is none.
    pub fn is_empty(&self) -> bool {
        self.expose().is_empty()
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Secret(SecretString::from(text))
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Secret(SecretString::from(text))
    }
}

impl From<&String> for Secret {
    fn from(text: &String) -> Self {
        text.as_str().into()
    }
}

impl From<Cow<'_, str>> for Secret {
    fn from(text: Cow<'_, str>) -> Self {
        text.as_ref().into()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(REDACTED)
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(REDACTED)
    }
}
