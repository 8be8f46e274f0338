//! App key and secret key of one registration at the broker.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};

use crate::Error;
use crate::language::{Both, both, fixed};

/// The pair of keys a client signs in with. Neither key is ever printed.
///
/// ```
/// use kiwoom_api::Credentials;
///
/// let keys = Credentials::new("my-app-key", "my-secret-key");
/// assert_eq!(format!("{keys:?}"), "Credentials { .. }");
/// ```
#[derive(Clone)]
pub struct Credentials {
    app_key: SecretString,
    secret_key: SecretString,
}

impl Credentials {
    /// Keys at hand. Removes blanks around them: keys that were pasted or read from a file often have some.
    pub fn new(app_key: impl AsRef<str>, secret_key: impl AsRef<str>) -> Credentials {
        Credentials { app_key: app_key.as_ref().trim().into(), secret_key: secret_key.as_ref().trim().into() }
    }

    /// Keys from the environment variables `KIWOOM_APP_KEY` and `KIWOOM_SECRET_KEY`.
    ///
    /// # Errors
    /// Names the variable that is unset or empty.
    pub fn from_env() -> Result<Credentials, Error> {
        Credentials::from_vars("KIWOOM_APP_KEY", "KIWOOM_SECRET_KEY")
    }

    /// Keys from two environment variables of your choice, for programs with several registrations.
    ///
    /// # Errors
    /// Names the variable that is unset or empty.
    ///
    /// ```
    /// use kiwoom_api::Credentials;
    ///
    /// let error = Credentials::from_vars("MOCK_APP_KEY", "MOCK_SECRET_KEY").unwrap_err();
    /// assert!(error.to_string().contains("MOCK_APP_KEY"));
    /// ```
    pub fn from_vars(app_key: &str, secret_key: &str) -> Result<Credentials, Error> {
        Ok(Credentials { app_key: variable(app_key)?, secret_key: variable(secret_key)? })
    }

    pub(crate) fn app_key(&self) -> &str {
        self.app_key.expose_secret()
    }

    pub(crate) fn secret_key(&self) -> &str {
        self.secret_key.expose_secret()
    }

    /// Without this check, a client with an empty key would only learn of it from code 8020.
    pub(crate) fn check(&self) -> Result<(), Error> {
        for (key, name) in [(self.app_key(), "app key"), (self.secret_key(), "secret key")] {
            if key.is_empty() {
                return Err(Error::setup(both!(
                    "the {name} is empty (give the one the broker issued)",
                    "{name}: 비어 있습니다 (증권사가 발급한 키를 넣으세요)"
                )));
            }
        }
        Ok(())
    }
}

fn variable(name: &str) -> Result<SecretString, Error> {
    let fault = |what: Both| {
        Error::setup(both!(
            "environment variable {name} {what} (set it to the key the broker issued)",
            "환경 변수 {name}: {what} (증권사가 발급한 키를 넣으세요)",
            what
        ))
    };
    let value = std::env::var(name).map_err(|error| match error {
        std::env::VarError::NotPresent => fault(fixed!("is not set", "설정되어 있지 않습니다")),
        std::env::VarError::NotUnicode(_) => fault(fixed!("is not valid text", "읽을 수 있는 글자가 아닙니다")),
    })?;
    match value.trim() {
        "" => Err(fault(fixed!("is empty", "비어 있습니다"))),
        key => Ok(key.into()),
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials").finish_non_exhaustive()
    }
}
