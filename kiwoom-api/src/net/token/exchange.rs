//! The two exchanges with the broker: a token for the keys, and its revocation.

use jiff::civil::DateTime;
use reqwest::header::HeaderValue;
use secrecy::{ExposeSecret, SecretString};

use super::records::{Issue, Issued, Revoke};
use crate::Credentials;
use crate::error::{Error, Kind};
use crate::json::encode::encode;
use crate::meta::Effect;
use crate::net::observe::Watch;
use crate::net::transport::verdict::judge;
use crate::net::transport::{Arrived, Deadline, Outgoing, Transport};
use crate::record::Nothing;
use crate::record::Record;

pub(super) const ISSUE: (&str, &str) = ("au10001", "/oauth2/token");
pub(super) const REVOKE: (&str, &str) = ("au10002", "/oauth2/revoke");

/// A token as text and as header.
pub(super) struct Bearer {
    text: SecretString,
    /// `Bearer <token>`, marked sensitive.
    header: HeaderValue,
}

impl Bearer {
    /// `None` if `text` is empty or cannot travel in a header.
    pub fn new(text: &str) -> Option<Bearer> {
        let mut header = HeaderValue::from_str(&format!("Bearer {text}")).ok().filter(|_| !text.is_empty())?;
        header.set_sensitive(true);
        Some(Bearer { text: text.into(), header })
    }

    pub fn text(&self) -> &str {
        self.text.expose_secret()
    }

    pub fn header(&self) -> HeaderValue {
        self.header.clone()
    }
}

/// A new token, and when it expires: Korean wall time, as reported.
pub(super) async fn issue(
    transport: &Transport,
    credentials: &Credentials,
    watch: Watch,
    deadline: Deadline,
) -> Result<(Bearer, Option<DateTime>), Error> {
    let read = |arrived: &Arrived| {
        let mut issued = Issued::default();
        judge(arrived, &mut issued)?;
        let bearer = Bearer::new(issued.token.expose()).ok_or_else(|| Error::new(Kind::NoToken))?;
        Ok((bearer, issued.expires_dt))
    };
    speak(transport, ISSUE, &mut Issue::new(credentials), watch, deadline, read).await
}

/// Revokes `token` for all its users.
pub(super) async fn revoke(
    transport: &Transport,
    credentials: &Credentials,
    token: &Bearer,
    watch: Watch,
    deadline: Deadline,
) -> Result<(), Error> {
    let mut request = Revoke::new(credentials, token.text());
    speak(transport, REVOKE, &mut request, watch, deadline, |arrived| judge(arrived, &mut Nothing).map(|_| ())).await
}

/// One exchange without authorization: the keys are in the body (`BEHAVIOUR.md` A10).
async fn speak<T>(
    transport: &Transport,
    (api, path): (&'static str, &'static str),
    request: &mut (dyn Record + Send),
    mut watch: Watch,
    deadline: Deadline,
    read: impl FnOnce(&Arrived) -> Result<T, Error>,
) -> Result<T, Error> {
    // the bytes of a reply are not kept: they may hold a token
    let fail = |watch: Watch, error: Error| {
        let error = error.without_body().within(api.into(), Effect::Auth, watch.trail);
        watch.failed(&error);
        error
    };
    let body = match encode(request, &[], &[]) {
        Ok(body) => body,
        Err(cause) => return Err(fail(watch, Error::unencodable(cause))),
    };
    let outgoing = Outgoing { api: api.into(), path: path.into(), body: body.into(), continuation: None };
    watch.trail.attempts = 1;
    let arrived = match transport.exchange(outgoing, None, deadline).await {
        Ok(arrived) => arrived,
        Err(error) => return Err(fail(watch, error)),
    };
    match read(&arrived) {
        Ok(read) => {
            watch.succeeded(arrived.status, arrived.body.len(), 0);
            Ok(read)
        }
        Err(error) => Err(fail(watch, error)),
    }
}
