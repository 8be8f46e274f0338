//! What to subscribe to: topics, symbols, policies.

use crate::language::{Both, both, fixed};
use std::sync::Arc;
use std::time::Duration;

use super::driver;
use super::engine::{Key, KeyItem};
use super::feed::Feed;
use super::hub::{Hubs, Wanted};
use super::policy::Policy;
use super::push::Maker;
use super::snapshots;
use super::symbol::Symbol;
use crate::Client;
use crate::endpoint::Topic;
use crate::error::{Error, Kind};

/// A subscription in the making: [`Client::realtime`] begins it, [`open`](Subscription::open) ends it.
///
/// All its topics belong to one market. They arrive in one stream, so that an order book and the trades of its symbol keep
/// their order.
#[derive(Clone)]
#[must_use = "call open() or start()"]
pub struct Subscription {
    /// None without a network: for recordings.
    client: Option<Client>,
    topics: Vec<(Maker, Policy)>,
    keys: Vec<Key>,
    stale_after: Option<Duration>,
    check_volumes: bool,
    snapshots: bool,
    #[cfg(feature = "record")]
    taps: Vec<std::sync::Weak<super::record::Tap>>,
    problem: Option<Both>,
}

/// How long a subscription may be silent before it says so.
const STALE: Duration = Duration::from_secs(300);

impl Client {
    /// Begins a subscription to realtime data; see the [guide](crate::realtime).
    pub fn realtime(&self) -> Subscription {
        Subscription::of(Some(self.clone()))
    }

    /// How many places for symbols the subscriptions of this client and its clones take in the market of `T`, of 200.
    ///
    /// ```
    /// # #[cfg(feature = "domestic-realtime")] {
    /// # use kiwoom_api::{Client, Credentials, Server};
    /// # let client = Client::new(Server::Mock, Credentials::new("key", "secret"))?;
    /// use kiwoom_api::domestic::realtime::StockTrade;
    ///
    /// assert_eq!(client.slots_used::<StockTrade>(), 0);
    /// # }
    /// # Ok::<(), kiwoom_api::Error>(())
    /// ```
    pub fn slots_used<T: Topic>(&self) -> usize {
        self.shared().attached.get::<Hubs>().known(T::META.path).map_or(0, |hub| hub.slots_used())
    }
}

impl Subscription {
    fn of(client: Option<Client>) -> Subscription {
        Subscription {
            client,
            topics: Vec::new(),
            keys: Vec::new(),
            stale_after: Some(STALE),
            check_volumes: false,
            snapshots: false,
            #[cfg(feature = "record")]
            taps: Vec::new(),
            problem: None,
        }
    }

    /// A subscription without a client, for [`replay`](Subscription::replay).
    #[cfg(feature = "record")]
    #[cfg_attr(docsrs, doc(cfg(feature = "record")))]
    pub fn offline() -> Subscription {
        Subscription::of(None)
    }

    /// Records every frame of the connection from now on, until the recorder ends or the connection does; see
    /// [`Recorder`](super::Recorder). Other subscriptions of the market share the connection, so their frames are recorded,
    /// too.
    #[cfg(feature = "record")]
    #[cfg_attr(docsrs, doc(cfg(feature = "record")))]
    pub fn record(mut self, recorder: &super::Recorder) -> Subscription {
        self.taps.push(recorder.tap());
        self
    }

    /// Feeds the subscription from a recording, in the place of the broker: the same items in the same order, pushes and
    /// events. No client is needed ([`offline`](Subscription::offline)), and none is used.
    ///
    /// # Errors
    /// As [`start`](Subscription::start); a first block that cannot be read.
    #[cfg(feature = "record")]
    #[cfg_attr(docsrs, doc(cfg(feature = "record")))]
    pub fn replay(self, recording: super::Recording, speed: super::Speed) -> Result<super::Replay, Error> {
        let (path, wanted) = self.wanted()?;
        super::Replay::new(path, Wanted { books: Vec::new(), ..wanted }, (recording, speed))
    }

    /// Adds a topic for these symbols. More topics for a symbol cost no further place.
    pub fn topic<T: Topic + Sync + 'static>(
        mut self,
        symbols: impl IntoIterator<Item = impl Into<Symbol>>,
    ) -> Subscription {
        self.add::<T>(Policy::default());
        let us = T::META.path.contains("/us/");
        for symbol in symbols {
            let symbol: Symbol = symbol.into();
            if let Some(problem) = symbol.problem(us) {
                let (id, code) = (T::META.id, symbol.code());
                let text = both!("{id} {code:?}: {problem}", "{id} {code:?}: {problem}", problem);
                self.problem.get_or_insert(text);
            }
            self.keys.push(Key::topic(T::META.id, symbol.0));
        }
        self
    }

    /// Adds a topic that needs no symbol: orders and balances of the account, the market's hours. Nothing of it is dropped
    /// ([`Policy::Keep`]) unless [`policy`](Subscription::policy) says otherwise.
    pub fn all<T: Topic + Sync + 'static>(mut self) -> Subscription {
        self.add::<T>(Policy::Keep);
        self.keys.push(Key::topic(T::META.id, KeyItem::of("")));
        self
    }

    /// What happens to pushes of a topic that nobody reads in time; [`Policy::DropOldest`] with 10,000 by default.
    pub fn policy<T: Topic + Sync + 'static>(mut self, policy: Policy) -> Subscription {
        self.add::<T>(policy);
        for (maker, own) in &mut self.topics {
            if maker.meta == T::META {
                *own = policy;
            }
        }
        self
    }

    /// After how long a silence [`Event::Stale`](super::Event::Stale) comes; five minutes by default.
    pub fn stale_after(mut self, silence: Duration) -> Subscription {
        self.stale_after = Some(silence);
        self
    }

    /// Asks for the order book of each symbol by REST (`ka10004`, `usa20101`) once everything is registered, and again after each
    /// gap: in a quiet market the first push may take minutes. It comes as [`Item::Snapshot`](super::Item::Snapshot), never
    /// after a newer push of its symbol; [`Event::NoSnapshot`](super::Event::NoSnapshot) says that there is none.
    ///
    /// One call for each symbol: 100 symbols take a while within the request limits.
    pub fn snapshots(mut self) -> Subscription {
        self.snapshots = true;
        self
    }

    /// Compares the cumulative volume of trades (`0B`) with their quantities. [`Event::Missed`](super::Event::Missed) says that
    /// trades between two pushes never came: lost by the broker, or during a gap.
    pub fn check_volumes(mut self) -> Subscription {
        self.check_volumes = true;
        self
    }

    fn add<T: Topic + Sync + 'static>(&mut self, policy: Policy) {
        if !self.topics.iter().any(|(maker, _)| maker.meta == T::META) {
            self.topics.push((Maker::of::<T>(), policy));
        }
    }

    /// Subscribes, and returns when the broker has answered for every symbol. Symbols that it refuses are events of the feed.
    ///
    /// While the broker cannot be reached this waits on, and the attempts go on; put it under a timeout to give up. Cancel-safe:
    /// dropped before it returns, it leaves nothing behind.
    ///
    /// # Errors
    /// More than 200 symbols in all, a symbol that is none, topics of two markets, a login or keys that the broker refuses
    /// again and again.
    pub async fn open(self) -> Result<Feed, Error> {
        let mut feed = self.start()?;
        feed.settled().await?;
        Ok(feed)
    }

    /// Subscribes and returns at once; everything else is told by the feed. The task behind it runs in the tokio runtime of
    /// the caller.
    ///
    /// # Errors
    /// As [`open`](Subscription::open), but for what the broker says; no runtime.
    pub fn start(mut self) -> Result<Feed, Error> {
        let client = self.client.take().ok_or_else(without_client)?;
        #[cfg(feature = "record")]
        let taps = std::mem::take(&mut self.taps);
        let (path, wanted) = self.wanted()?;
        #[cfg(feature = "record")]
        record(&client, path, &taps);
        begin(&client, path, wanted)
    }

    /// Where, and what; or what is wrong with it.
    fn wanted(self) -> Result<(&'static str, Wanted), Error> {
        let wrong = |what: Both| Error::new(Kind::Realtime(what));
        if let Some(problem) = &self.problem {
            return Err(wrong(problem.clone()));
        }
        let Some(path) = self.topics.first().map(|(maker, _)| maker.meta.path).filter(|_| !self.keys.is_empty()) else {
            return Err(wrong(fixed!(
                "nothing to subscribe to (add .topic::<T>(symbols) or .all::<T>())",
                "구독할 것이 없습니다 (.topic::<T>(symbols)나 .all::<T>()를 더하세요)"
            )));
        };
        if self.topics.iter().any(|(maker, _)| maker.meta.path != path) {
            return Err(wrong(fixed!(
                "topics of two markets (open one subscription for each)",
                "두 시장의 항목이 섞여 있습니다 (시장마다 따로 구독하세요)"
            )));
        }
        let mut books = Vec::new();
        if self.snapshots {
            books.extend(self.keys.iter().filter(|key| key.topic == "0D" || key.topic == "FT").cloned());
            if let Some(problem) = snapshots::problem(books.first().map_or("", |key| key.topic)) {
                return Err(wrong(problem));
            }
        }
        let Subscription { topics, keys, stale_after, check_volumes, .. } = self;
        Ok((path, Wanted { keys, topics, stale_after, check_volumes, books }))
    }
}

/// There is nobody to subscribe with.
pub(super) fn without_client() -> Error {
    Error::new(Kind::Realtime(fixed!(
        "a subscription without a client (replay a recording, or begin with client.realtime() or client.conditions())",
        "클라이언트 없는 구독입니다 (기록을 재생하거나 client.realtime() 또는 client.conditions()로 시작하세요)"
    )))
}

/// Records what comes at `path` from now on.
#[cfg(feature = "record")]
pub(super) fn record(client: &Client, path: &'static str, taps: &[std::sync::Weak<super::record::Tap>]) {
    if !taps.is_empty() {
        let hub = client.shared().attached.get::<Hubs>().at(path, &client.shared().clock);
        taps.iter().for_each(|tap| hub.record(tap.clone()));
    }
}

/// Subscribes at `path`, and starts the task if there is none.
#[cfg_attr(not(feature = "testing"), allow(unused_mut, reason = "a canned client takes it"))]
pub(super) fn begin(client: &Client, path: &'static str, mut wanted: Wanted) -> Result<Feed, Error> {
    #[cfg(feature = "testing")]
    if let Some(feed) = super::canned::begin(client, path, &mut wanted) {
        return feed;
    }
    let shared = client.shared();
    // neither silence for ever nor a connection to the broker in somebody's unit test
    #[cfg(feature = "testing")]
    if shared.transport.canned.is_some() {
        return Err(Error::new(Kind::Realtime(fixed!(
            "a canned client has none (replay a recording with Subscription::offline(), or use a simulator)",
            "canned 클라이언트에는 없습니다 (Subscription::offline()으로 녹화를 재생하거나 시뮬레이터를 쓰세요)"
        ))));
    }
    shared.server.socket_base()?;
    let runtime = tokio::runtime::Handle::try_current().map_err(|_| {
        Error::new(Kind::Realtime(fixed!(
            "no tokio runtime here (call it inside of one, or use open().wait())",
            "tokio 런타임이 없습니다 (런타임 안에서 부르거나 open().wait()를 쓰세요)"
        )))
    })?;
    let hub = shared.attached.get::<Hubs>().at(path, &shared.clock);
    let admitted = hub.subscribe(wanted)?;
    if shared.observer.is_set() {
        hub.meter.turn_on();
    }
    if let Some(errands) = admitted.errands {
        runtime.spawn(driver::run(shared.clone(), hub.clone(), errands));
    }
    if let Some(questions) = admitted.questions {
        runtime.spawn(snapshots::run(client.clone(), Arc::downgrade(&admitted.queue), questions));
    }
    Ok(Feed::new(hub, admitted.set, admitted.queue))
}

impl std::fmt::Debug for Subscription {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Subscription").field("registrations", &self.keys.len()).finish_non_exhaustive()
    }
}
