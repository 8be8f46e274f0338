//! Request quotas: which one was used up, how long to wait, and whether asking again may help.
//!
//! Knows one error only; the limiter decides about the requests of a whole client.

use std::time::Duration;

use super::{Error, Kind};

/// After a refusal more than a second must pass; `Retry-After` is not sent (`BEHAVIOUR.md` R8).
pub(crate) const PAUSE: Duration = Duration::from_millis(1200);

/// The request quota that was used up, as far as the broker said.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Quota {
    /// Whose quota.
    pub scope: QuotaScope,
    /// How many requests it allows: usually per second, per minute for `usa10099`; the message does not say which.
    pub rate: Option<u32>,
    /// The API that the message names. Not always the one that was called.
    pub api_id: Option<String>,
}

/// What a request quota counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum QuotaScope {
    /// Requests of one API (1700, or HTTP 429 without a code).
    Api,
    /// All requests (1701).
    All,
    /// Requests of a group of APIs (1702).
    Group,
}

impl Error {
    /// The request quota that was used up, if this is why the broker refused.
    pub fn quota(&self) -> Option<Quota> {
        if !self.is_rate_limited() {
            return None;
        }
        let scope = match self.code() {
            Some(1701) => QuotaScope::All,
            Some(1702) => QuotaScope::Group,
            _ => QuotaScope::Api,
        };
        let refusal = self.refusal();
        Some(Quota {
            scope,
            rate: refusal.and_then(|refusal| refusal.rate),
            api_id: refusal.and_then(|refusal| refusal.named_api.clone()),
        })
    }

    /// The broker refused because of its request quota (1700, 1701, 1702, or a bare HTTP 429; not 1634).
    ///
    /// An *order* that was refused like this may still have been accepted.
    pub fn is_rate_limited(&self) -> bool {
        match self.refusal() {
            Some(refusal) if refusal.code.is_some() => refusal.is_quota(),
            _ => self.http_status() == Some(429),
        }
    }

    /// How long to wait before the next request. If the quota is used up, this concerns requests of this API. If the
    /// broker refused keys or machine and the client remembers it, this concerns all requests, because no token is
    /// requested until then. `None` for every other error.
    ///
    /// It does not allow you to resend an order: look the order up first
    /// ([`may_have_been_sent`](Error::may_have_been_sent)).
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.again.or(self.is_rate_limited().then_some(PAUSE))
    }

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
    use super::*;
    use crate::error::refusal::Refusal;

    fn refused(status: u16, rc: i64, text: &str) -> Error {
        Error::new(Kind::Refused(Refusal::new(Some(rc), text))).status(status)
    }

    #[test]
    fn quotas() {
        let quota = |scope, rate, api: Option<&str>| Some(Quota { scope, rate, api_id: api.map(str::to_owned) });
        for (error, want) in [
            (refused(200, 5, "[1700:유량=5, API ID=ka10081]"), quota(QuotaScope::Api, Some(5), Some("ka10081"))),
            (refused(429, 5, "[1701:총유량=50]"), quota(QuotaScope::All, Some(50), None)),
            (refused(429, 5, "[1702:총유량={?}, API_ID=ka10080]"), quota(QuotaScope::Group, None, Some("ka10080"))),
            (refused(429, 5, "유량=3"), quota(QuotaScope::Api, Some(3), None)),
            (Error::new(Kind::Status).status(429), quota(QuotaScope::Api, None, None)),
            (refused(429, 3, ""), quota(QuotaScope::Api, None, None)),
            (refused(200, 5, "유량=3"), None),
            (refused(200, 5, "[1634:종목수]"), None),
            (refused(429, 5, "[1634:종목수]"), None),
        ] {
            assert_eq!(error.quota(), want, "{error}");
            assert_eq!(error.retry_after().is_some(), want.is_some(), "{error}");
            assert_eq!(error.is_rate_limited(), want.is_some(), "{error}");
            assert!(!error.is_auth(), "{error}");
        }
    }

    /// R8: more than a second.
    #[test]
    fn waits_more_than_a_second_after_a_quota() {
        let pause = refused(429, 5, "[1700]").retry_after().unwrap();
        assert!(pause > Duration::from_secs(1) && pause < Duration::from_secs(2));
    }

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
            (Error::setup("x"), false),
            (Error::new(Kind::Missing(vec!["x".into()])), false),
        ] {
            assert_eq!(error.is_transient(), want, "{error}");
        }
    }
}
