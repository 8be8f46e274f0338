//! The client: one server, one pair of keys, shared connections and token.

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
use crate::net::transport::{Bounds, Deadline, Outgoing, Transport};
use crate::record::Record;
use crate::reply::About;
use crate::value::{Date, Zone};

/// Speaks to one server with one pair of keys. Cheap to clone; clones share connections, token and request limits.
///
/// Calls need a tokio runtime with time and I/O enabled. A proxy of the environment (`HTTPS_PROXY`, `NO_PROXY`) is used,
/// except for loopback addresses; for trades its own address must be `http://`. Mind that the broker accepts registered
/// addresses only.
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
        }
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

    /// Asks for a token now instead of with the first call, and says when it ends: Korean wall time, as reported. Where a good
    /// one is at hand, also in the [file](Builder::token_cache), that is the one.
    ///
    /// A refusal of keys or machine is remembered, for 2 seconds at first and for up to 5 minutes: until then each call has it
    /// at once, and [`Error::retry_after`] says how long that lasts. This call asks all the same.
    ///
    /// Nobody needs to call this: a token is asked for by the first call and renewed by the first one in the ten minutes
    /// before its end, while the others go on with the old one. A program that wants to know at its start whether keys and
    /// machine are accepted calls it there.
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
    /// What the broker says about keys and machine: see [`Error::is_auth`], [`Error::is_real_mock_mixup`].
    pub async fn sign_in(&self) -> Result<Option<civil::DateTime>, Error> {
        let Shared { auth, transport, .. } = &*self.shared;
        auth.ask_again();
        Ok(auth.token(transport, Need::Trade, Deadline::after(transport.bounds.call)).await?.expires())
    }

    /// Revokes the token, if there is one, and removes it from its [file](Builder::token_cache). It ends for every process that
    /// uses it; the next call asks for another.
    ///
    /// # Errors
    /// The token is forgotten even so.
    pub async fn sign_out(&self) -> Result<(), Error> {
        let Shared { auth, transport, .. } = &*self.shared;
        auth.revoke(transport, Deadline::after(transport.bounds.call)).await
    }

    /// Why the [token file](Builder::token_cache) is of no use at present; `None` as long as nothing went wrong.
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

    /// Takes the word back: from now on no trade of this client and its clones leaves, until it is armed again. On the mock
    /// server too.
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

    /// Stops the trades of this client and all its clones when it is engaged.
    pub fn kill_switch(&self) -> KillSwitch {
        self.shared.guard.switch()
    }

    /// The server this client speaks to.
    pub fn server(&self) -> &Server {
        &self.shared.server
    }

    /// How far the broker's clock is ahead of this machine's, by the `Date` header of its replies; negative where this machine
    /// is ahead. `None` before the first reply with such a header.
    ///
    /// Good to about a second. Orders, their days and [`reconcile`](crate::order::Journal::reconcile) go by the broker's
    /// clock, so a machine whose clock is wrong by hours trades correctly; its owner may want to know.
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

    /// Today in Korea, by the broker's clock (this machine's before the first reply), whatever zone the machine is in.
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

    /// Today in the zone of a market, by the same clock.
    pub fn today_in(&self, zone: Zone) -> Date {
        zone.day(self.now())
    }

    /// What time it is, by the same clock.
    pub fn now(&self) -> Timestamp {
        self.broker_time().moment()
    }

    /// What time it is at the broker.
    pub(crate) fn broker_time(&self) -> &BrokerTime {
        &self.shared.transport.broker
    }

    /// Sees to it that the broker's clock is known where one request can tell: the token that the next call needs anyway.
    pub(crate) async fn tell_time(&self, timeout: Duration) -> Result<(), Error> {
        let Shared { auth, transport, guard, .. } = &*self.shared;
        let gate = guard.gate(Effect::Trade, "".into(), None);
        // what is held back needs no token to be refused
        if transport.broker.skew().is_some() || gate.is_some_and(|gate| gate.check().is_err()) {
            return Ok(());
        }
        let deadline = Deadline::after(timeout.min(transport.bounds.call));
        auth.token(transport, Need::Trade, deadline).await.map(|_| ())
    }

    /// For whom this client speaks.
    pub(crate) fn identity(&self) -> &Identity {
        &self.shared.identity
    }

    /// What must be true before a trade leaves.
    /// The same client, which takes pages with values that do not fit.
    pub(crate) fn lenient(&self) -> Client {
        Client { fit: Fit::Lenient, ..self.clone() }
    }

    /// How long a call may take that says nothing else.
    pub(crate) fn timeout(&self) -> Duration {
        self.shared.transport.bounds.call
    }

    pub(crate) fn guard(&self) -> &Guard {
        &self.shared.guard
    }

    /// What this client reads time from.
    pub(crate) fn clock(&self) -> &Clock {
        &self.shared.clock
    }

    /// How much of the broker's request quotas this client and its clones use, and how long until what waits has gone.
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
        effect::check(api, &self.shared.identity.address, path, effect).map_err(|error| error.of(api.clone()))?;
        self.shared.run(outgoing, effect, terms).await
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

/// Choices for a [`Client`].
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
}

impl Builder {
    /// How long one attempt of a call may take, to the last byte of its reply; 30 seconds by default.
    ///
    /// Leave it at 15 seconds at least: the first page of a chart takes more than 5 seconds at times.
    pub fn timeout(mut self, timeout: Duration) -> Builder {
        self.bounds.call = timeout;
        self
    }

    /// How long a connection may take to come about; 10 seconds by default.
    pub fn connect_timeout(mut self, timeout: Duration) -> Builder {
        self.bounds.connect = timeout;
        self
    }

    /// The longest reply that is read; 32 MiB by default.
    ///
    /// It bounds memory, too, whatever the reply says: the lists of a reply take no more than it may be long (4 MiB at least),
    /// and of the values that do not fit the first thousand are kept. While it is read, a reply takes four times this
    /// limit at most. A longer reply, or one with more rows, is an error.
    pub fn max_reply_bytes(mut self, bytes: usize) -> Builder {
        self.bounds.reply_bytes = bytes;
        self
    }

    /// How often the client asks; [`Limits::for_server`] by default. Requests that come faster wait for their turn.
    pub fn limits(mut self, limits: Limits) -> Builder {
        self.limits = Some(limits);
        self
    }

    /// When reads that fail for a passing reason are tried again; see [`Retry`].
    pub fn retry(mut self, retry: Retry) -> Builder {
        self.retry = retry;
        self
    }

    /// A hook that sees each call when it has ended: for metrics. It should return at once.
    ///
    /// `tracing` sees the same as a span `call` of the target `kiwoom_api`; the target `kiwoom_api::body` shows requests and
    /// replies at the level `TRACE`, accounts and secrets masked.
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

    /// Lets the client trade with real money. Without this word, here or by [`Client::arm`], each trade on any server but
    /// the mock one and a declared [sandbox](Server::sandbox) is [`NotSent`](crate::Outcome::NotSent): generated methods
    /// and raw calls included. Reads need no word.
    pub fn arm(mut self, word: RealMoney) -> Builder {
        self.armed = Some(word);
        self
    }

    /// The clock that request limits, tokens and retries go by; the system's by default.
    pub fn clock(mut self, clock: Clock) -> Builder {
        self.clock = clock;
        self
    }

    /// Keeps the token in a file of this directory, for the next process and for those beside it: all together ask the broker
    /// for one token.
    ///
    /// The file is named after environment and app key (`kiwoom-token-mock-1a2b3c4d5e6f.json`), so real and mock, or two
    /// accounts, may share a directory. It holds the token in the clear: it belongs to its owner alone (`0600`; a directory
    /// that is made for it has `0700`; on Windows choose one in the user's profile), and a file that others can read is
    /// replaced. A lock file beside it sees to it that one process asks at a time.
    ///
    /// Nothing depends on the file: where it cannot be read or written the client asks the broker, and
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

    /// Counts where replies differ from the specification; see [`Drift`].
    pub fn drift(mut self, drift: &Drift) -> Builder {
        self.drift = Some(drift.clone());
        self
    }

    /// The client.
    ///
    /// # Errors
    /// An address that cannot be used, an empty key, no TLS.
    pub fn build(self) -> Result<Client, Error> {
        let Builder { server, credentials, bounds, limits, clock, retry, observer, armed, token_cache, drift } = self;
        let transport = Transport::new(&server, bounds, BrokerTime::new(clock.clone()))?;
        let identity = Identity::new(&server, &credentials)?;
        let limits = limits.unwrap_or_else(|| Limits::for_server(&server));
        let limiter = Arc::new(Limiter::new(limits, clock.clone()).by(transport.broker.clone()));
        let issuing = transport.bounds.call;
        let kept = token_cache.as_deref().map(|directory| Keeping { directory, server: &server, issuing });
        let auth = Auth::new(credentials, kept, (clock.clone(), limiter.clone()))?;
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
        };
        Ok(Client { shared: Arc::new(shared), fit: Fit::Lenient })
    }
}
