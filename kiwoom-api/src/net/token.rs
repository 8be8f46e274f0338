//! The access token of a client: issued when first needed, shared by all clones, renewed in time, forgotten when refused.
//!
//! Only one token request is in flight at a time: the broker refuses two (`BEHAVIOUR.md` R7) and may invalidate an
//! older token (A4). Nothing happens without a call: the first call within [`MARGIN`] of the expiry renews the token,
//! the others go on with it. Between two requests there is a [`PAUSE`], unless there is no token at all, so that
//! neither a clock nor an answer of the broker can cause a loop. Each request waits for its turn in the limiter, and a
//! refusal is remembered.

mod cache;
mod exchange;
mod issuing;
mod life;
mod records;
pub(crate) mod refusals;

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::civil;
use reqwest::header::HeaderValue;
use tokio::time::Instant;

use self::cache::Cache;
use self::exchange::{Bearer, ISSUE, REVOKE};
use self::issuing::Issuing;
use self::life::{Life, Now};
use self::refusals::Refusals;
use crate::error::{Error, Kind, Trail};
use crate::meta::Effect;
use crate::net::limit::{Lane, Limiter, Standing};
use crate::net::observe::{Observer, Watch};
use crate::net::transport::{Deadline, Transport};
use crate::{Clock, Credentials, Server};

/// A token is renewed this long before its expiry.
const MARGIN: Duration = Duration::from_secs(600);
/// An order needs a token that is valid for at least this long.
pub(crate) const TRADE: Duration = Duration::from_secs(60);
/// The pause between an answer to a token request and the next request.
const PAUSE: Duration = Duration::from_secs(30);
/// How long a call waits for a renewal while the old token is still valid.
const PATIENCE: Duration = Duration::from_secs(3);

/// How much longer than one request a process waits for another that holds the lock of the file.
pub(crate) const SPARE: Duration = Duration::from_secs(5);

/// Where a token is kept, and how long one request for it may take.
pub(crate) struct Keeping<'a> {
    pub directory: &'a Path,
    pub server: &'a Server,
    pub issuing: Duration,
}

/// What a token is needed for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Need {
    /// A call that may be repeated with another token.
    Read,
    /// A call that is made once: it waits for a renewal in progress, because that may invalidate the old token (A4).
    Trade,
}

/// The token of one pair of keys.
pub(crate) struct Auth(Arc<Inner>);

struct Inner {
    credentials: Credentials,
    clock: Clock,
    limiter: Arc<Limiter>,
    observer: Observer,
    cache: Option<Cache>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    current: Option<Arc<Token>>,
    flight: Option<Issuing>,
    /// The token refused last: it is not taken from the file again.
    refused: Option<Arc<Token>>,
    /// When the broker last issued a token, or failed to; by the monotonic clock.
    issued: Option<Duration>,
    failed: Option<Duration>,
    /// The last token was refused as soon as it was issued.
    hasty: bool,
    /// The broker's refusals of the keys.
    refusals: Refusals,
}

/// A token as issued.
pub(crate) struct Token {
    bearer: Bearer,
    expires: Option<civil::DateTime>,
    life: Life,
}

impl Token {
    pub fn bearer(&self) -> HeaderValue {
        self.bearer.header()
    }

    /// The bare token: LOGIN of the socket takes it without `Bearer` (`BEHAVIOUR.md` A9).
    #[cfg(feature = "realtime")]
    pub fn text(&self) -> &str {
        self.bearer.text()
    }

    /// Korean wall time, as reported.
    pub fn expires(&self) -> Option<civil::DateTime> {
        self.expires
    }

    fn is(&self, other: &Token) -> bool {
        self.bearer.text() == other.bearer.text()
    }
}

/// How a call gets its token.
enum Supply {
    /// Use the one at hand.
    Now(Arc<Token>),
    /// Wait for the request in flight, or use the one at hand if that takes longer than this.
    Renewed(Arc<Token>, Issuing, Duration),
    /// Wait for the request in flight.
    Issued(Issuing),
    /// No token: the broker refused, and is not asked again yet.
    Refused(Error),
}

impl Auth {
    pub fn new(
        credentials: Credentials,
        kept: Option<Keeping<'_>>,
        (clock, limiter, observer): (Clock, Arc<Limiter>, Observer),
    ) -> Result<Auth, Error> {
        credentials.check()?;
        let cache = kept.map(|Keeping { directory, server, issuing }| {
            // another process may take as long as this one would, and wait for its turn first
            let patience = issuing.saturating_add(SPARE);
            Cache::new(directory, server, &credentials).patient(patience)
        });
        Ok(Auth(Arc::new(Inner { credentials, clock, limiter, observer, cache, state: Mutex::default() })))
    }

    /// A person asks: an earlier refusal may no longer apply.
    pub fn ask_again(&self) {
        self.0.state().refusals.permit();
    }

    /// Why the token file is unusable, if it is.
    pub fn cache_problem(&self) -> Option<String> {
        self.0.cache.as_ref()?.problem()
    }

    /// The token at hand, or a new one.
    ///
    /// After [`forget`](Auth::forget) this may be the refused token once more, if it had only just been issued: then a
    /// retry is useless.
    pub async fn token(&self, transport: &Transport, need: Need, deadline: Deadline) -> Result<Arc<Token>, Error> {
        match self.way(transport, need) {
            Supply::Now(token) => Ok(token),
            Supply::Refused(error) => Err(error),
            Supply::Renewed(old, flight, patience) => {
                // half of the caller's time stays for the call itself
                let half = deadline.at.saturating_duration_since(Instant::now()) / 2;
                let renewed = tokio::time::timeout(patience.min(half), flight.landed()).await;
                Ok(renewed.ok().and_then(Result::ok).unwrap_or(old))
            }
            Supply::Issued(flight) => tokio::time::timeout_at(deadline.at, flight.landed())
                .await
                .unwrap_or_else(|_| Err(Error::new(Kind::Timeout(deadline.after)).of(ISSUE.0).while_signing_in())),
        }
    }

    /// After 8005: drops `refused`, so that the next call requests another; a newer one stays.
    ///
    /// If two tokens in a row were refused as soon as they were issued, requesting a third would not help, so the
    /// second is kept for a while.
    pub fn forget(&self, refused: &Arc<Token>) {
        let now = self.0.clock.now();
        let mut state = self.0.state();
        if !state.current.as_ref().is_some_and(|current| current.is(refused)) {
            return;
        }
        let fresh = within(PAUSE, state.issued, now);
        if fresh && state.hasty {
            return;
        }
        state.hasty = fresh;
        state.current = None;
        state.refused = Some(refused.clone());
        if let (Some(cache), Ok(runtime)) = (self.0.cache.clone(), tokio::runtime::Handle::try_current()) {
            // for a process that starts later; this one knows better
            let refused = refused.clone();
            runtime.spawn(async move { cache.remove(&refused).await });
        }
    }

    /// Revokes the token at hand, or that of the file, if there is one, for every process that uses it.
    pub async fn revoke(&self, transport: &Transport, deadline: Deadline) -> Result<(), Error> {
        let flight = self.0.state().flight.clone();
        if let Some(flight) = flight {
            // otherwise its token would arrive after the revocation
            let _ = tokio::time::timeout_at(deadline.at, flight.landed()).await;
        }
        let mut current = self.0.state().current.take();
        if let Some(cache) = &self.0.cache {
            let removed = async {
                match &current {
                    Some(token) => cache.remove(token).await,
                    None => current = cache.take(Now::of(&self.0.clock)).await.map(Arc::new),
                }
            };
            let _ = tokio::time::timeout_at(deadline.at, removed).await;
        }
        let Some(token) = current else { return Ok(()) };
        let watch = self.0.watch(REVOKE.0);
        exchange::revoke(transport, &self.0.credentials, &token.bearer, watch, deadline).await
    }

    fn way(&self, transport: &Transport, need: Need) -> Supply {
        let now = Now::of(&self.0.clock);
        let mut state = self.0.state();
        state.flight.take_if(|flight| !flight.is_under_way());
        let under_way = state.flight.is_some();
        let Some((token, left)) = state.current.clone().map(|token| (token.clone(), token.life.left(now))) else {
            return self.issued(&mut state, transport, now);
        };
        if left > MARGIN {
            return Supply::Now(token);
        }
        if left.is_zero() {
            return self.issued(&mut state, transport, now);
        }
        let asked = within(PAUSE, state.issued, now.steady) || within(PAUSE, state.failed, now.steady);
        let others_go_on = if under_way { need == Need::Read } else { asked };
        if others_go_on {
            return Supply::Now(token);
        }
        let patience = if need == Need::Trade && left < TRADE { Duration::MAX } else { PATIENCE };
        Supply::Renewed(token, self.join(&mut state, transport), patience)
    }

    /// Without a token at hand.
    fn issued(&self, state: &mut State, transport: &Transport, now: Now) -> Supply {
        match state.refusals.recall(now.steady).filter(|_| state.flight.is_none()) {
            Some(error) => Supply::Refused(error),
            None => Supply::Issued(self.join(state, transport)),
        }
    }

    /// The request in flight, or a new one.
    fn join(&self, state: &mut State, transport: &Transport) -> Issuing {
        let start = || {
            let (inner, transport) = (self.0.clone(), transport.clone());
            Issuing::start(async move { inner.obtain(&transport).await })
        };
        state.flight.get_or_insert_with(start).clone()
    }
}

impl Inner {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The token of the file, if another process has already requested one; otherwise one from the broker.
    async fn obtain(&self, transport: &Transport) -> Result<Arc<Token>, Error> {
        let Some(cache) = &self.cache else {
            return self.land(self.issue(transport).await);
        };
        if let Some(token) = self.kept(cache).await {
            return Ok(token);
        }
        let _lease = cache.lease().await;
        if let Some(token) = self.kept(cache).await {
            return Ok(token);
        }
        let issued = self.issue(transport).await;
        let worth_keeping = issued.is_ok();
        let token = self.land(issued)?;
        if worth_keeping {
            cache.write(&token, Now::of(&self.clock)).await;
        }
        Ok(token)
    }

    /// The token of the file, unless it is due for renewal. One near its expiry is only better than nothing.
    async fn kept(&self, cache: &Cache) -> Option<Arc<Token>> {
        let token = Arc::new(cache.read(Now::of(&self.clock)).await?);
        let now = Now::of(&self.clock);
        let mut state = self.state();
        if state.refused.as_ref().is_some_and(|refused| refused.is(&token)) {
            return None;
        }
        let good = token.life.left(now) > MARGIN;
        if good || state.current.is_none() {
            state.current = Some(token.clone());
        }
        if good {
            state.flight = None;
            state.refusals.clear();
        }
        good.then_some(token)
    }

    fn watch(&self, api: &'static str) -> Watch {
        Watch::new(api.into(), Effect::Auth, self.observer.clone())
    }

    async fn issue(&self, transport: &Transport) -> Result<Token, Error> {
        let (api, path) = ISSUE;
        let lane = Lane { api: api.into(), path: path.into(), effect: Effect::Auth, standing: Standing::First };
        let mut watch = self.watch(api);
        let came = self.clock.now();
        self.limiter.admit(&lane).await;
        let waited = self.clock.now().saturating_sub(came);
        watch.trail = Trail { attempts: 0, waited, turns: waited };
        let deadline = Deadline::after(transport.bounds.call);
        let (bearer, expires) =
            exchange::issue(transport, &self.credentials, watch, deadline).await.map_err(Error::while_signing_in)?;
        Ok(Token { bearer, expires, life: Life::reported(expires, Now::of(&self.clock)) })
    }

    /// The request has been answered, so another may follow.
    fn land(&self, result: Result<Token, Error>) -> Result<Arc<Token>, Error> {
        let now = Now::of(&self.clock);
        let mut state = self.state();
        state.flight = None;
        let mut token = match result {
            Ok(token) => token,
            Err(error) => {
                state.failed = Some(now.steady);
                state.refusals.note(&error, now.steady);
                let Some(old) = state.current.clone().filter(|old| !old.life.left(now).is_zero()) else {
                    return Err(error);
                };
                // why was told when the request failed
                tracing::warn!(target: "kiwoom_api", "the token could not be renewed; it is still good");
                return Ok(old);
            }
        };
        if let Some(old) = state.current.as_ref().filter(|old| old.is(&token)) {
            token.life = old.life.repeated(token.life, now);
        }
        let token = Arc::new(token);
        state.issued = Some(now.steady);
        state.failed = None;
        state.refusals.clear();
        state.current = Some(token.clone());
        Ok(token)
    }
}

/// Whether `at` was less than `span` before `now`.
fn within(span: Duration, at: Option<Duration>, now: Duration) -> bool {
    at.is_some_and(|at| now.saturating_sub(at) < span)
}
