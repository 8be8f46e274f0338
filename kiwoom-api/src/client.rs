//! The client: one server, one pair of keys, shared connections and token.

use std::borrow::Cow;
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp, civil};

use crate::drift::Drift;
use crate::error::Error;
use crate::meta::Effect;
use crate::net::broker_time::BrokerTime;
use crate::net::clock::Clock;
use crate::net::credentials::Credentials;
use crate::net::effect;
use crate::net::guard::{Guard, KillSwitch, RealMoney};
use crate::net::identity::Identity;
use crate::net::limit::{Limiter, Limits, Usage};
use crate::net::observe::{CallReport, Observer};
use crate::net::pipeline::{Answered, Fit, Shared, Terms};
use crate::net::retry::{Budget, Retry};
use crate::net::server::Server;
use crate::net::token::{Auth, Keeping, Need};
#[cfg(feature = "testing")]
use crate::net::transport::canned::Canned;
use crate::net::transport::{Bounds, Deadline, Outgoing, Transport};
use crate::record::Record;
use crate::reply::About;
use crate::value::{Date, Zone};

/// Talks to one server with one pair of keys. Cheap to clone; clones share connections, token and request limits.
///
/// Calls need a tokio runtime with time and I/O enabled. The client uses a proxy from the environment (`HTTPS_PROXY`,
/// `NO_PROXY`), except for loopback addresses; for trades the address of the proxy itself must be `http://`. Note that
/// the broker accepts registered addresses only.
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

impl Client {
    /// A client with the defaults of [`Client::builder`].
    ///
    /// # Errors
    /// The address is unusable, a key is empty, or TLS cannot be set up.
    pub fn new(server: Server, credentials: Credentials) -> Result<Client, Error> {
        Client::builder(server, credentials).build()
    }

    /// A client with your own timeouts and limits.
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
        Builder {
            server,
            credentials,
            bounds: Bounds::default(),
            limits: None,
            clock: Clock::system(),
            retry: Retry::default(),
            observer: Observer::default(),
            armed: None,
            token_cache: None,
            drift: None,
            fit: Fit::Lenient,
            #[cfg(feature = "testing")]
            canned: None,
        }
    }

    /// The same client, except that a read fails if its reply has [anomalies](crate::Reply::anomalies).
    ///
    /// Trades are unaffected: an accepted order stays accepted, regardless of its reply.
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

    /// Gets a token now instead of with the first call, and returns when it expires: Korean wall time, as reported. If
    /// a valid token is at hand, in memory or in the [file](Builder::token_cache), the client uses that one.
    ///
    /// If the broker refuses the keys or the machine, the client remembers it, for 2 seconds at first and for up to 5
    /// minutes. Until then each call fails with that refusal at once, and [`Error::retry_after`] says how much longer
    /// that lasts. This method asks the broker anyway.
    ///
    /// You need not call this: the first call requests a token, and the first call within ten minutes of its expiry
    /// renews it, while the others go on with the old one. Call it at the start of a program to check whether the
    /// broker accepts keys and machine.
    ///
    /// ```no_run
    /// # async fn example(client: kiwoom_api::Client) -> Result<(), kiwoom_api::Error> {
    /// match client.sign_in().await {
    ///     Err(error) if error.is_real_mock_mixup() => println!("these keys belong to the other server"),
    ///     other => println!("the token ends at {:?}, Korean time", other?),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// The broker's refusal of keys or machine: see [`Error::is_auth`], [`Error::is_real_mock_mixup`].
    pub async fn sign_in(&self) -> Result<Option<civil::DateTime>, Error> {
        let Shared { auth, transport, .. } = &*self.shared;
        auth.ask_again();
        Ok(auth.token(transport, Need::Trade, Deadline::after(transport.bounds.call)).await?.expires())
    }

    /// Revokes the token, if there is one, and removes it from its [file](Builder::token_cache). It becomes invalid for
    /// every process that uses it; the next call requests another.
    ///
    /// # Errors
    /// The broker did not confirm it. The client forgets the token even so.
    pub async fn sign_out(&self) -> Result<(), Error> {
        let Shared { auth, transport, .. } = &*self.shared;
        auth.revoke(transport, Deadline::after(transport.bounds.call)).await
    }

    /// Why the [token file](Builder::token_cache) is unusable, if it is.
    pub fn token_cache_problem(&self) -> Option<String> {
        self.shared.auth.cache_problem()
    }

    /// Lets this client and all its clones trade with real money; see [`Builder::arm`].
    ///
    /// ```no_run
    /// use kiwoom_api::{Client, Credentials, RealMoney, Server};
    ///
    /// let client = Client::new(Server::Real, Credentials::from_env()?)?;
    /// client.arm(RealMoney::IUnderstand);
    /// # Ok::<(), kiwoom_api::Error>(())
    /// ```
    pub fn arm(&self, word: RealMoney) {
        self.shared.guard.arm(word);
    }

    /// Undoes [`arm`](Self::arm): from now on no trade of this client and its clones leaves, until it is armed again.
    /// This holds on the mock server too.
    ///
    /// ```
    /// use kiwoom_api::{Client, Credentials, RealMoney, Server};
    ///
    /// let client = Client::builder(Server::Real, Credentials::new("key", "secret")).arm(RealMoney::IUnderstand).build()?;
    /// client.disarm();
    /// # Ok::<(), kiwoom_api::Error>(())
    /// ```
    pub fn disarm(&self) {
        self.shared.guard.disarm();
    }

    /// The switch that stops the trades of this client and all its clones when it is engaged.
    #[doc(alias = "킬스위치")]
    pub fn kill_switch(&self) -> KillSwitch {
        self.shared.guard.switch()
    }

    /// The server this client talks to.
    pub fn server(&self) -> &Server {
        &self.shared.server
    }

    /// How far the broker's clock is ahead of this machine's, according to the `Date` header of its replies; negative
    /// if this machine is ahead. `None` before the first reply with such a header.
    ///
    /// Accurate to about a second. Orders, their days and [`reconcile`](crate::order::Journal::reconcile) use the
    /// broker's clock, so a machine whose clock is wrong by hours trades correctly; its owner may want to know.
    ///
    /// ```
    /// # use kiwoom_api::{Client, Credentials, Server};
    /// # let client = Client::new(Server::Mock, Credentials::new("key", "secret"))?;
    /// if let Some(skew) = client.clock_skew()
    ///     && skew.abs().as_secs() > 60
    /// {
    ///     eprintln!("the clock of this machine is wrong by {skew:#}");
    /// }
    /// # Ok::<(), kiwoom_api::Error>(())
    /// ```
    pub fn clock_skew(&self) -> Option<SignedDuration> {
        self.broker_time().skew()
    }

    /// Today in Korea, by the broker's clock (this machine's before the first reply), whatever the machine's time zone.
    ///
    /// ```
    /// use kiwoom_api::value::{Date, Zone};
    /// use kiwoom_api::{Client, Credentials, ManualClock, Server};
    ///
    /// // half past midnight in Korea, still the day before in New York
    /// let clock = ManualClock::at("2026-07-05T15:30:00Z".parse().unwrap());
    /// let client = Client::builder(Server::Mock, Credentials::new("key", "secret")).clock(clock.clock()).build()?;
    /// assert_eq!(client.today(), Date::constant(2026, 7, 6));
    /// assert_eq!(client.today_in(Zone::NewYork), Date::constant(2026, 7, 5));
    /// # Ok::<(), kiwoom_api::Error>(())
    /// ```
    pub fn today(&self) -> Date {
        self.today_in(Zone::Korea)
    }

    /// Today in the time zone of a market, by the same clock.
    pub fn today_in(&self, zone: Zone) -> Date {
        zone.day(self.now())
    }

    /// The current time, by the same clock.
    pub fn now(&self) -> Timestamp {
        self.broker_time().moment()
    }

    /// The current time at the broker.
    pub(crate) fn broker_time(&self) -> &BrokerTime {
        &self.shared.transport.broker
    }

    /// Makes the broker's clock known if one request can do so: the one for the token that the next call needs anyway.
    pub(crate) async fn tell_time(&self, timeout: Duration) -> Result<(), Error> {
        let Shared { auth, transport, guard, .. } = &*self.shared;
        let gate = guard.gate(Effect::Trade, "".into(), None);
        // a trade that is held back is refused without a token
        if transport.broker.skew().is_some() || gate.is_some_and(|gate| gate.check().is_err()) {
            return Ok(());
        }
        let deadline = Deadline::after(timeout.min(transport.bounds.call));
        auth.token(transport, Need::Trade, deadline).await.map(|_| ())
    }

    /// What realtime data shares with calls: token, connections, clock.
    #[cfg(feature = "realtime")]
    pub(crate) fn shared(&self) -> &Arc<Shared> {
        &self.shared
    }

    /// The answers that stand in the place of the network, if that is so.
    #[cfg(feature = "testing")]
    pub(crate) fn as_canned(&self) -> Option<&Canned> {
        self.shared.transport.canned.as_deref()
    }

    /// For whom this client speaks.
    pub(crate) fn identity(&self) -> &Identity {
        &self.shared.identity
    }

    /// What must be true before a trade leaves.
    /// The same client, which accepts pages with values that do not fit.
    pub(crate) fn lenient(&self) -> Client {
        Client { fit: Fit::Lenient, ..self.clone() }
    }

    /// How long a call may take unless it sets its own timeout.
    pub(crate) fn timeout(&self) -> Duration {
        self.shared.transport.bounds.call
    }

    pub(crate) fn guard(&self) -> &Guard {
        &self.shared.guard
    }

    /// The clock this client reads.
    pub(crate) fn clock(&self) -> &Clock {
        &self.shared.clock
    }

    /// How much of the broker's request quotas this client and its clones use, and how long until the waiting requests
    /// have left.
    ///
    /// ```
    /// # use kiwoom_api::{Client, Credentials, Server};
    /// # let client = Client::new(Server::Mock, Credentials::new("key", "secret"))?;
    /// let usage = client.usage();
    /// println!("{} wait, {:?} to go", usage.waiting(), usage.time_to_finish());
    /// if let Some(bars) = usage.api("ka10081") {
    ///     println!("{} sent, {} refused", bars.sent, bars.refused);
    /// }
    /// # Ok::<(), kiwoom_api::Error>(())
    /// ```
    pub fn usage(&self) -> Usage {
        self.shared.limiter.usage()
    }

    /// Sends a request; see [`pipeline`](crate::net::pipeline).
    pub(crate) async fn send(&self, outgoing: Outgoing, effect: Effect, terms: Terms) -> Result<Answered, Error> {
        let Outgoing { api, path, .. } = &outgoing;
        if let Err(error) = effect::check(api, &self.shared.identity.address, path, effect) {
            return Err(self.refuse(api.clone(), effect, error));
        }
        self.shared.run(outgoing, effect, terms).await
    }

    /// Tells those who watch of a call that this machine refuses, and says in the error whose call it was.
    pub(crate) fn refuse(&self, api: impl Into<Cow<'static, str>>, effect: Effect, error: Error) -> Error {
        self.shared.refuse(api.into(), effect, error)
    }

    /// What the reply says; its content goes to `body`.
    pub(crate) fn settle(&self, answered: Result<Answered, Error>, body: &mut dyn Record) -> Result<Box<About>, Error> {
        self.shared.settle(answered, body, self.fit)
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("server", &self.shared.server).finish_non_exhaustive()
    }
}

/// Configures a [`Client`].
#[derive(Debug)]
#[must_use = "call build()"]
pub struct Builder {
    server: Server,
    credentials: Credentials,
    bounds: Bounds,
    limits: Option<Limits>,
    clock: Clock,
    retry: Retry,
    observer: Observer,
    armed: Option<RealMoney>,
    token_cache: Option<PathBuf>,
    drift: Option<Drift>,
    fit: Fit,
    #[cfg(feature = "testing")]
    canned: Option<Canned>,
}

impl Builder {
    /// Prepared answers in the place of the network.
    #[cfg(feature = "testing")]
    pub(crate) fn answered_by(mut self, canned: Canned) -> Builder {
        self.canned = Some(canned);
        self
    }

    /// How long one attempt of a call may take, to the last byte of its reply; 30 seconds by default.
    ///
    /// Use at least 15 seconds: the first page of a chart sometimes takes more than 5 seconds.
    pub fn timeout(mut self, timeout: Duration) -> Builder {
        self.bounds.call = timeout;
        self
    }

    /// How long it may take to connect; 10 seconds by default.
    pub fn connect_timeout(mut self, timeout: Duration) -> Builder {
        self.bounds.connect = timeout;
        self
    }

    /// The longest reply that the client reads; 32 MiB by default.
    ///
    /// This limit also bounds memory, whatever the reply contains: the lists of a reply take no more than this limit (4
    /// MiB at least), and only the first thousand values that do not fit are kept. While it is read, a reply takes at
    /// most four times this limit. A longer reply, or one with more rows, is an error.
    pub fn max_reply_bytes(mut self, bytes: usize) -> Builder {
        self.bounds.reply_bytes = bytes;
        self
    }

    /// How often the client sends requests; [`Limits::for_server`] by default. Requests beyond that wait for their
    /// turn.
    #[doc(alias = "유량 제한")]
    #[doc(alias = "초당 제한")]
    #[doc(alias = "호출 제한")]
    pub fn limits(mut self, limits: Limits) -> Builder {
        self.limits = Some(limits);
        self
    }

    /// When to retry reads that fail for a transient reason; see [`Retry`].
    pub fn retry(mut self, retry: Retry) -> Builder {
        self.retry = retry;
        self
    }

    /// A hook that is called with each call when it ends, for metrics. It should return at once.
    ///
    /// It sees what this machine refused before it was sent (with 0 [attempts](CallReport::attempts)), and the client's own
    /// requests for tokens (`au10001`, `au10002`), too. A call that was dropped before its end is not seen.
    ///
    /// With the feature `realtime`, a connection of realtime data reports here, too: every ten seconds and when it ends, as
    /// `CallReport::realtime`.
    ///
    /// `tracing` sees the same as a span `call` of the target `kiwoom_api`. Each refusal of the broker is one event with its
    /// `code`: `INFO` for a read, `WARN` for a trade, a token, and a read that is tried again. The target `kiwoom_api::body`
    /// shows requests and replies at the level `TRACE`, accounts and secrets masked.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use std::sync::atomic::{AtomicU64, Ordering};
    /// use kiwoom_api::{Client, Credentials, Server};
    ///
    /// let failures = Arc::new(AtomicU64::new(0));
    /// let count = failures.clone();
    /// let client = Client::builder(Server::Mock, Credentials::new("key", "secret"))
    ///     .observe(move |call| {
    ///         if call.error.is_some() {
    ///             count.fetch_add(1, Ordering::Relaxed);
    ///         }
    ///     })
    ///     .build()?;
    /// # Ok::<(), kiwoom_api::Error>(())
    /// ```
    pub fn observe(mut self, hook: impl Fn(&CallReport<'_>) + Send + Sync + 'static) -> Builder {
        self.observer = Observer::new(hook);
        self
    }

    /// Lets the client trade with real money. Without this, here or by [`Client::arm`], each trade on any server but
    /// the mock one and a declared [sandbox](Server::sandbox) is [`NotSent`](crate::Outcome::NotSent), including
    /// generated methods and raw calls. Reads do not need it.
    pub fn arm(mut self, word: RealMoney) -> Builder {
        self.armed = Some(word);
        self
    }

    /// The clock that request limits, tokens and retries use; the system's by default.
    pub fn clock(mut self, clock: Clock) -> Builder {
        self.clock = clock;
        self
    }

    /// Keeps the token in a file of this directory, for the next process and for others that run at the same time:
    /// together they request one token from the broker.
    ///
    /// The file is named after environment and app key (`kiwoom-token-mock-1a2b3c4d5e6f.json`), so real and mock, or
    /// two accounts, may share a directory. It holds the token in plain text, so only its owner can read it (`0600`; a
    /// directory that the client creates for it has `0700`; on Windows choose one in the user's profile), and a file
    /// that others can read is replaced. A lock file next to it makes sure that one process at a time requests a token.
    ///
    /// Nothing depends on the file: if it cannot be read or written, the client asks the broker, and
    /// [`Client::token_cache_problem`] says why.
    ///
    /// ```
    /// use kiwoom_api::{Client, Credentials, Server};
    ///
    /// let client = Client::builder(Server::Mock, Credentials::new("key", "secret"))
    ///     .token_cache("my-bot/tokens")
    ///     .build()?;
    /// assert_eq!(client.token_cache_problem(), None);
    /// # Ok::<(), kiwoom_api::Error>(())
    /// ```
    pub fn token_cache(mut self, directory: impl Into<PathBuf>) -> Builder {
        self.token_cache = Some(directory.into());
        self
    }

    /// Counts differences between replies and the specification; see [`Drift`].
    pub fn drift(mut self, drift: &Drift) -> Builder {
        self.drift = Some(drift.clone());
        self
    }

    /// Makes a read fail if its reply has [anomalies](crate::Reply::anomalies); the same as [`Client::strict`].
    pub fn strict(mut self) -> Builder {
        self.fit = Fit::Strict;
        self
    }

    /// Builds the client.
    ///
    /// # Errors
    /// The address is unusable, a key is empty, or TLS cannot be set up.
    pub fn build(self) -> Result<Client, Error> {
        #[cfg(feature = "testing")]
        let canned = self.canned.map(Arc::new);
        let Builder {
            server, credentials, bounds, limits, clock, retry, observer, armed, token_cache, drift, fit, ..
        } = self;
        #[cfg_attr(not(feature = "testing"), expect(unused_mut, reason = "only tests put something in its place"))]
        let mut transport = Transport::new(&server, bounds, BrokerTime::new(clock.clone()))?;
        #[cfg(feature = "testing")]
        {
            transport.canned = canned;
        }
        let identity = Identity::new(&server, &credentials)?;
        let limits = limits.unwrap_or_else(|| Limits::for_server(&server));
        let limiter = Arc::new(Limiter::new(limits, clock.clone()).by(transport.broker.clone()));
        let issuing = transport.bounds.call;
        let kept = token_cache.as_deref().map(|directory| Keeping { directory, server: &server, issuing });
        let auth = Auth::new(credentials, kept, (clock.clone(), limiter.clone(), observer.clone()))?;
        let guard = Guard::new(&server);
        if let Some(word) = armed {
            guard.arm(word);
        }
        let shared = Shared {
            server,
            identity,
            transport,
            auth,
            clock,
            limiter,
            retry,
            budget: Budget::default(),
            observer,
            guard,
            drift,
            #[cfg(feature = "realtime")]
            attached: Default::default(),
        };
        Ok(Client { shared: Arc::new(shared), fit })
    }
}
