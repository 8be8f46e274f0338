//! Request quotas: which one was used up, and how long to wait.
//!
//! Knows one error only; the limiter decides about the requests of a whole client.

use std::time::Duration;

use super::Error;

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
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Kind;
    use crate::error::refusal::refused;

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
}
