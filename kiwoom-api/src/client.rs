//! The client: one server, one pair of keys, shared connections and token.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use jiff::civil;

use crate::call::Call;
use crate::decode::Decoded;
use crate::endpoint::{Effect, Endpoint};
use crate::error::{Error, Kind};
use crate::raw::RawCall;
use crate::record::Record;
use crate::reply::About;
use crate::token::{Auth, Token};
use crate::transport::verdict::judge;
use crate::transport::{Arrived, Deadline, Limits, Outgoing, Transport, continuation};
use crate::{Clock, Credentials, Server};

/// Speaks to one server with one pair of keys. Cheap to clone; clones share connections and token.
///
/// Calls need a tokio runtime with time and I/O enabled. A proxy of the environment (`HTTPS_PROXY`, `NO_PROXY`) is used,
/// except for loopback addresses; mind that the broker accepts registered addresses only.
///
/// ```no_run
/// use kiwoom_api::{Client, Credentials, Error, Server};
///
/// # async fn example() -> Result<(), Error> {
/// let client = Client::new(Server::Mock, Credentials::from_env()?)?;
/// let reply = client.call_raw("ka10099", "/api/dostk/stkinfo", r#"{"mrkt_tp":"0"}"#).read().await?;
/// println!("{} bytes", reply.bytes().len());
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct Client {
    shared: Arc<Shared>,
    fit: Fit,
}

/// What becomes of a reply with values that do not fit their types.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fit {
    /// Those values are `None`, and listed in [`Reply::anomalies`](crate::Reply::anomalies).
    Lenient,
    /// The call fails.
    Strict,
}

struct Shared {
    server: Server,
    transport: Transport,
    auth: Auth,
}

impl Client {
    /// A client with the defaults of [`Client::builder`].
    ///
    /// # Errors
    /// An address that cannot be used, an empty key, no TLS.
    pub fn new(server: Server, credentials: Credentials) -> Result<Client, Error> {
        Client::builder(server, credentials).build()
    }

    /// A client with timeouts and limits of your own.
    ///
    /// ```
    /// use std::time::Duration;
    /// use kiwoom_api::{Client, Credentials, Server};
    ///
    /// let client = Client::builder(Server::Mock, Credentials::new("key", "secret"))
    ///     .timeout(Duration::from_secs(60))
    ///     .build()?;
    /// # Ok::<(), kiwoom_api::Error>(())
    /// ```
    pub fn builder(server: Server, credentials: Credentials) -> Builder {
        Builder { server, credentials, limits: Limits::default(), clock: Clock::system() }
    }

    /// The same client, but a read whose reply has [anomalies](crate::Reply::anomalies) is an error.
    ///
    /// Trades are not concerned: an accepted order stays accepted, whatever its reply looks like.
    ///
    /// ```
    /// # use kiwoom_api::{Client, Credentials, Server};
    /// let lenient = Client::new(Server::Mock, Credentials::new("key", "secret"))?;
    /// let strict = lenient.clone().strict();
    /// # Ok::<(), kiwoom_api::Error>(())
    /// ```
    #[must_use]
    pub fn strict(mut self) -> Client {
        self.fit = Fit::Strict;
        self
    }

    /// A call of one API. Nothing is sent before it is awaited.
    pub fn call<'a, R: Endpoint>(&'a self, request: &'a R) -> Call<'a, R> {
        Call::new(self, request)
    }

    /// A call of an API that this crate does not know, or not yet: API id, path, and the body as JSON text.
    ///
    /// It counts as a trade: one attempt, and the answer is an [`Outcome`](crate::Outcome). Say
    /// [`read()`](RawCall::read) where it only reads.
    pub fn call_raw(&self, api_id: impl Into<String>, path: impl Into<String>, json: impl Into<String>) -> RawCall<'_> {
        RawCall::new(self, api_id.into(), path.into(), json.into())
    }

    /// Asks for a token now instead of with the first call, and says when it ends: Korean wall time, as reported.
    ///
    /// # Errors
    /// What the broker says about keys and machine: see [`Error::is_auth`], [`Error::is_real_mock_mixup`].
    pub async fn sign_in(&self) -> Result<Option<civil::DateTime>, Error> {
        let Shared { auth, transport, .. } = &*self.shared;
        Ok(auth.token(transport, Deadline::after(transport.limits.call)).await?.expires())
    }

    /// Revokes the token, if there is one. It ends for every process that uses it; the next call asks for another.
    ///
    /// # Errors
    /// The token is forgotten even so.
    pub async fn sign_out(&self) -> Result<(), Error> {
        let Shared { auth, transport, .. } = &*self.shared;
        auth.revoke(transport, Deadline::after(transport.limits.call)).await
    }

    /// The server this client speaks to.
    pub fn server(&self) -> &Server {
        &self.shared.server
    }

    /// One attempt: token, request, whole reply.
    pub(crate) async fn send(
        &self,
        outgoing: Outgoing,
        effect: Effect,
        timeout: Option<Duration>,
    ) -> Result<Answered, Error> {
        let Shared { auth, transport, .. } = &*self.shared;
        let deadline = Deadline::after(timeout.unwrap_or(transport.limits.call));
        let token = match effect {
            Effect::Auth => None,
            Effect::Read | Effect::Trade => Some(auth.token(transport, deadline).await?),
        };
        let api = outgoing.api.clone();
        let bearer = token.as_ref().map(|token| token.bearer());
        let arrived = transport.exchange(outgoing, bearer, deadline).await.map_err(|error| error.of(api.clone()))?;
        Ok(Answered { api, effect, arrived, token })
    }

    /// What the reply says; its content goes to `body`.
    pub(crate) fn settle(&self, answered: Result<Answered, Error>, body: &mut dyn Record) -> Result<Box<About>, Error> {
        let answered = answered?;
        let decoded = judge(&answered.arrived, body).map_err(|error| {
            if let (Some(TOKEN_INVALID), Some(token)) = (error.code(), &answered.token) {
                self.shared.auth.forget(token);
            }
            error.of(answered.api.clone())
        })?;
        if self.fit == Fit::Strict && answered.effect == Effect::Read && !decoded.anomalies().is_empty() {
            return Err(inexact(answered, decoded));
        }
        let continuation = continuation(&answered.arrived.headers);
        Ok(About::new(Some(answered.api), decoded, continuation))
    }
}

/// The code for a token that the broker no longer takes (`api-behaviour.md` A3).
const TOKEN_INVALID: u16 = 8005;

/// A reply, and the token that was used for it.
pub(crate) struct Answered {
    api: Cow<'static, str>,
    effect: Effect,
    pub arrived: Arrived,
    token: Option<Arc<Token>>,
}

fn inexact(answered: Answered, decoded: Decoded) -> Error {
    let Answered { api, arrived, .. } = answered;
    Error::new(Kind::Inexact(decoded.into_anomalies())).of(api).status(arrived.status).with_body(arrived.body)
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("server", &self.shared.server).finish_non_exhaustive()
    }
}

/// Choices for a [`Client`].
#[derive(Debug)]
#[must_use = "call build()"]
pub struct Builder {
    server: Server,
    credentials: Credentials,
    limits: Limits,
    clock: Clock,
}

impl Builder {
    /// How long a call may take from start to the last byte of its reply; 30 seconds by default.
    ///
    /// Leave it at 15 seconds at least: the first page of a chart takes more than 5 seconds at times.
    pub fn timeout(mut self, timeout: Duration) -> Builder {
        self.limits.call = timeout;
        self
    }

    /// How long a connection may take to come about; 10 seconds by default.
    pub fn connect_timeout(mut self, timeout: Duration) -> Builder {
        self.limits.connect = timeout;
        self
    }

    /// The longest reply that is read; 32 MiB by default.
    pub fn max_reply_bytes(mut self, bytes: usize) -> Builder {
        self.limits.reply_bytes = bytes;
        self
    }

    /// The clock that request limits, tokens and retries go by; the system's by default.
    pub fn clock(mut self, clock: Clock) -> Builder {
        self.clock = clock;
        self
    }

    /// The client.
    ///
    /// # Errors
    /// An address that cannot be used, an empty key, no TLS.
    pub fn build(self) -> Result<Client, Error> {
        let Builder { server, credentials, limits, clock: _ } = self;
        let transport = Transport::new(&server, limits)?;
        let shared = Arc::new(Shared { server, transport, auth: Auth::new(credentials)? });
        Ok(Client { shared, fit: Fit::Lenient })
    }
}
