//! The access token of a client: issued when first needed, shared by all clones, forgotten when refused.
//!
//! One lock makes issuing a single flight: the broker refuses two concurrent issues (`api-behaviour.md` R7) and may
//! let an older token die (A4). Expiry is kept as reported and not acted upon yet; renewal has its place here.

mod records;

use std::sync::{Arc, Mutex, PoisonError};

use jiff::civil;
use reqwest::header::HeaderValue;
use secrecy::{ExposeSecret, SecretString};

pub(crate) use self::records::Nothing;
use self::records::{Issue, Issued, Revoke};
use crate::Credentials;
use crate::encode::encode;
use crate::error::{Error, Kind};
use crate::record::Record;
use crate::transport::verdict::judge;
use crate::transport::{Deadline, Outgoing, Transport};

const ISSUE: (&str, &str) = ("au10001", "/oauth2/token");
const REVOKE: (&str, &str) = ("au10002", "/oauth2/revoke");

/// The token of one pair of keys.
pub(crate) struct Auth {
    credentials: Credentials,
    current: Mutex<Option<Arc<Token>>>,
    /// Held while a token is being issued.
    issuing: tokio::sync::Mutex<()>,
}

/// A token as issued.
pub(crate) struct Token {
    text: SecretString,
    /// `Bearer <token>`, marked sensitive.
    bearer: HeaderValue,
    /// Korean wall time, as reported.
    expires: Option<civil::DateTime>,
}

impl Token {
    pub fn bearer(&self) -> HeaderValue {
        self.bearer.clone()
    }

    pub fn expires(&self) -> Option<civil::DateTime> {
        self.expires
    }
}

impl Auth {
    pub fn new(credentials: Credentials) -> Result<Auth, Error> {
        credentials.check()?;
        Ok(Auth { credentials, current: Mutex::default(), issuing: tokio::sync::Mutex::default() })
    }

    /// The token at hand, or a new one. Whoever comes while one is being issued waits for that one.
    pub async fn token(&self, transport: &Transport, deadline: Deadline) -> Result<Arc<Token>, Error> {
        if let Some(token) = self.current() {
            return Ok(token);
        }
        let Ok(_flight) = tokio::time::timeout_at(deadline.at, self.issuing.lock()).await else {
            return Err(Error::new(Kind::Timeout(deadline.after)).of(ISSUE.0).while_signing_in());
        };
        if let Some(token) = self.current() {
            return Ok(token);
        }
        let token = Arc::new(self.issue(transport, deadline).await.map_err(Error::while_signing_in)?);
        self.replace(Some(token.clone()));
        Ok(token)
    }

    /// Drops `refused`, so that the next call asks for another; a newer one stays.
    pub fn forget(&self, refused: &Arc<Token>) {
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        if current.as_ref().is_some_and(|token| Arc::ptr_eq(token, refused)) {
            *current = None;
        }
    }

    /// Ends the token at hand, if there is one, for every process that uses it.
    pub async fn revoke(&self, transport: &Transport, deadline: Deadline) -> Result<(), Error> {
        let Some(token) = self.replace(None) else {
            return Ok(());
        };
        let request = Revoke::new(&self.credentials, token.text.expose_secret());
        speak(transport, REVOKE, &request, &mut Nothing, deadline).await
    }

    fn current(&self) -> Option<Arc<Token>> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn replace(&self, token: Option<Arc<Token>>) -> Option<Arc<Token>> {
        std::mem::replace(&mut *self.current.lock().unwrap_or_else(PoisonError::into_inner), token)
    }

    async fn issue(&self, transport: &Transport, deadline: Deadline) -> Result<Token, Error> {
        let mut issued = Issued::default();
        speak(transport, ISSUE, &Issue::new(&self.credentials), &mut issued, deadline).await?;
        let text = issued.token.expose();
        let bearer = HeaderValue::from_str(&format!("Bearer {text}")).ok().filter(|_| !text.is_empty());
        let Some(mut bearer) = bearer else {
            return Err(Error::new(Kind::NoToken).of(ISSUE.0));
        };
        bearer.set_sensitive(true);
        Ok(Token { text: text.into(), bearer, expires: issued.expires_dt })
    }
}

/// One exchange without authorization: the keys are in the body (`api-behaviour.md` A10).
async fn speak(
    transport: &Transport,
    (api, path): (&'static str, &'static str),
    request: &(dyn Record + Sync),
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
