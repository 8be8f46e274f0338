//! The two exchanges with the broker: a token for the keys, and its revocation.

use jiff::civil::DateTime;
use reqwest::header::HeaderValue;
use secrecy::{ExposeSecret, SecretString};

use super::records::{Issue, Issued, Revoke};
use crate::Credentials;
use crate::error::{Error, Kind};
use crate::json::encode::encode;
use crate::net::transport::verdict::judge;
use crate::net::transport::{Deadline, Outgoing, Transport};
use crate::record::Nothing;
use crate::record::Record;

pub(super) const ISSUE: (&str, &str) = ("au10001", "/oauth2/token");
const REVOKE: (&str, &str) = ("au10002", "/oauth2/revoke");

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
    deadline: Deadline,
) -> Result<(Bearer, Option<DateTime>), Error> {
    let mut issued = Issued::default();
    speak(transport, ISSUE, &mut Issue::new(credentials), &mut issued, deadline).await?;
    let bearer = Bearer::new(issued.token.expose()).ok_or_else(|| Error::new(Kind::NoToken).of(ISSUE.0))?;
    Ok((bearer, issued.expires_dt))
}

/// Revokes `token` for all its users.
pub(super) async fn revoke(
    transport: &Transport,
    credentials: &Credentials,
    token: &Bearer,
    deadline: Deadline,
) -> Result<(), Error> {
    speak(transport, REVOKE, &mut Revoke::new(credentials, token.text()), &mut Nothing, deadline).await
}

/// One exchange without authorization: the keys are in the body (`BEHAVIOUR.md` A10).
async fn speak(
    transport: &Transport,
    (api, path): (&'static str, &'static str),
    request: &mut (dyn Record + Send),
    reply: &mut (dyn Record + Send),
    deadline: Deadline,
) -> Result<(), Error> {
    let body = encode(request, &[], &[]).map_err(|cause| Error::unencodable(cause).of(api))?;
    let outgoing = Outgoing { api: api.into(), path: path.into(), body: body.into(), continuation: None };
    // the bytes of a reply are not kept: they may hold a token
    let named = |error: Error| error.of(api).without_body();
    let arrived = transport.exchange(outgoing, None, deadline).await.map_err(named)?;
    judge(&arrived, reply).map_err(named)?;
    Ok(())
}
