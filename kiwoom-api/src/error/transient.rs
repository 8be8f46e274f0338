//! Which failures of a read may go away if it is tried again.
//!
//! Knows one error only; `net::retry` decides when and how often.

use super::{Error, Kind};

impl Error {
    /// The same *read* may succeed a little later, unchanged: no connection, no complete reply, HTTP 5xx, quota used
    /// up.
    ///
    /// Never for faults that retrying does not cure: keys, tokens, wrong requests, too many codes (1634), calls that
    /// the broker blocks as a loop (1687), unreadable replies, web pages of a firewall or of maintenance. Not for
    /// orders: look them up, whatever the error, and never resend them.
    ///
    /// ```
    /// use kiwoom_api::Error;
    /// use std::time::Duration;
    ///
    /// /// How long to wait before the next attempt at a read, if there should be one.
    /// fn pause(error: &Error) -> Option<Duration> {
    ///     error.is_transient().then(|| error.retry_after().unwrap_or(Duration::from_millis(500)))
    /// }
    /// ```
    pub fn is_transient(&self) -> bool {
        let server_fault = self.http_status().is_some_and(|status| (500..600).contains(&status));
        match self.kind() {
            Kind::Connect(_) | Kind::ConnectTimeout(_) | Kind::Timeout(_) | Kind::Broken(_) | Kind::OtherApi => true,
            Kind::Status => server_fault || self.is_rate_limited(),
            Kind::Refused(refusal) => {
                let unexplained = matches!(refusal.code, None | Some(1999)) && refusal.inner.is_none();
                self.is_rate_limited() || server_fault && unexplained && !self.is_auth()
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::error::refusal::refused;
    use crate::language::fixed;

    #[test]
    fn what_repeating_may_cure() {
        let cause = || std::sync::Arc::new(std::io::Error::other("x"));
        let after = Duration::from_secs(1);
        for (error, want) in [
            (Error::new(Kind::Connect(cause())), true),
            (Error::new(Kind::ConnectTimeout(after)), true),
            (Error::new(Kind::Timeout(after)), true),
            (Error::new(Kind::Broken(cause())), true),
            (Error::new(Kind::Broken(cause())).while_signing_in(), true),
            (Error::new(Kind::Status).status(500), true),
            (Error::new(Kind::Status).status(503), true),
            (Error::new(Kind::Status).status(429), true),
            (refused(200, 5, "[1700:유량=5]"), true),
            (refused(429, 5, "[1701]"), true),
            (refused(500, 1, "1999:x"), true),
            (refused(502, 1, ""), true),
            (Error::new(Kind::Status).status(302), false),
            (Error::new(Kind::Status).status(404), false),
            (Error::new(Kind::Status).status(401), false),
            (refused(200, 1, "1999:x"), false),
            (refused(200, 5, "[1634:x]"), false),
            (refused(429, 5, "[1634:x]"), false),
            (refused(500, 5, "[1634:x]"), false),
            (refused(200, 1, "[1687:x]"), false),
            (refused(503, 1, "[1687:x]"), false),
            (refused(500, 20, "[1999](RC4058:x)"), false),
            (refused(200, 3, "[8005:x]"), false),
            (refused(500, 3, "[8005:x]"), false),
            (refused(500, 3, ""), false),
            (refused(200, 20, "[2000](RC4058:x)"), false),
            (Error::new(Kind::Html).status(200), false),
            (Error::new(Kind::Html).status(503), false),
            (Error::new(Kind::NoEnvelope).status(200), false),
            (Error::new(Kind::TooLong(1)).status(200), false),
            (Error::new(Kind::NoToken).status(200), false),
            (Error::setup(fixed!("x", "x")), false),
            (Error::new(Kind::Missing(vec!["x".into()])), false),
        ] {
            assert_eq!(error.is_transient(), want, "{error}");
        }
    }
}
