//! Condition searches: the list, and a watch over what one of them finds.

use crate::language::both;
use std::collections::BTreeSet;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;
use jiff::civil::{DateTime, Time};

use super::engine::Key;
use super::event::Event;
use super::feed::Feed;
use super::hub::Wanted;
use super::matches::{self, Match, bare};
use super::policy::Policy;
use super::push::{Maker, Push};
use super::queue::{Item, Stored};
#[cfg(feature = "record")]
use super::subscription::record;
use super::subscription::{begin, without_client};
use crate::Client;
use crate::endpoint::{Effect, Meta, Mock, Protocol, Topic};
use crate::error::{Error, Kind};
use crate::record::{Keys, Layout, Record, Slot};

/// A condition that was made in the broker's own program.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Condition {
    /// Its number, as the broker writes it.
    pub number: String,
    /// Its name.
    pub name: String,
}

/// The condition searches of one market: [`Client::conditions`], [`Client::us_conditions`].
///
/// They share the connection of that market with all subscriptions. A login may hold 10 of them.
///
/// ```no_run
/// use kiwoom_api::realtime::Hit;
///
/// # async fn example(client: kiwoom_api::Client) -> Result<(), kiwoom_api::Error> {
/// let conditions = client.conditions();
/// let pullback = conditions.named("눌림목").await?;
/// let mut watch = conditions.watch(&pullback).await?;
/// while let Some(hit) = watch.next().await {
///     match hit {
///         Hit::Snapshot { codes } => println!("at first {codes:?}"),
///         Hit::Entered { code, at } => println!("{code} since {at:?}"),
///         Hit::Left { code, .. } => println!("no more {code}"),
///         Hit::Resynced { entered, left } => println!("meanwhile {entered:?}, no more {left:?}"),
///         Hit::Event(event) => println!("{event}"),
///         _ => {}
///     }
/// }
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
pub struct Conditions {
    /// None without a network: for recordings.
    client: Option<Client>,
    us: bool,
    #[cfg(feature = "record")]
    taps: Vec<std::sync::Weak<super::record::Tap>>,
}

impl Client {
    /// The condition searches of the domestic market.
    pub fn conditions(&self) -> Conditions {
        Conditions::of(Some(self.clone()), false)
    }

    /// The condition searches of the US market.
    pub fn us_conditions(&self) -> Conditions {
        Conditions::of(Some(self.clone()), true)
    }
}

impl Conditions {
    fn of(client: Option<Client>, us: bool) -> Conditions {
        Conditions {
            client,
            us,
            #[cfg(feature = "record")]
            taps: Vec::new(),
        }
    }

    /// Records every frame of the connection from the first list, search or watch on; see
    /// [`Subscription::record`](super::Subscription::record).
    #[cfg(feature = "record")]
    #[cfg_attr(docsrs, doc(cfg(feature = "record")))]
    pub fn record(mut self, recorder: &super::Recorder) -> Conditions {
        self.taps.push(recorder.tap());
        self
    }

    /// Those of the domestic market without a client, for [`replay`](Conditions::replay).
    #[cfg(feature = "record")]
    #[cfg_attr(docsrs, doc(cfg(feature = "record")))]
    pub fn offline() -> Conditions {
        Conditions::of(None, false)
    }

    /// Those of the US market without a client, for [`replay`](Conditions::replay).
    #[cfg(feature = "record")]
    #[cfg_attr(docsrs, doc(cfg(feature = "record")))]
    pub fn us_offline() -> Conditions {
        Conditions::of(None, true)
    }

    /// All conditions of the account. Cancel-safe.
    ///
    /// # Errors
    /// A login, keys or a list that the broker refuses.
    #[doc(alias = "ka10171")]
    #[doc(alias = "usa20280")]
    #[doc(alias = "조건검색 목록조회")]
    pub async fn list(&self) -> Result<Vec<Condition>, Error> {
        let mut feed = self.begin(Wanted { keys: vec![Key::conditions()], ..Wanted::default() })?;
        feed.settled().await?;
        refused(&feed)?;
        let mut list = feed.hub.conditions();
        list.iter_mut().for_each(|condition| condition.number.truncate(condition.number.trim_end().len()));
        Ok(list)
    }

    /// The condition with this name. Cancel-safe.
    ///
    /// # Errors
    /// As [`list`](Conditions::list); no condition with this name, or several: the error names those that there are.
    pub async fn named(&self, name: &str) -> Result<Condition, Error> {
        let list = self.list().await?;
        let mut same = list.iter().filter(|condition| condition.name.trim() == name.trim());
        if let (Some(one), None) = (same.next(), same.next()) {
            return Ok(one.clone());
        }
        let known: Vec<String> =
            list.iter().map(|condition| format!("{} {}", condition.number, condition.name)).collect();
        let known = known.join(", ");
        Err(Error::new(Kind::Realtime(both!(
            "not one condition {name:?} (there are: {known}; take one of list())",
            "조건검색식 {name:?}이(가) 하나가 아닙니다 (목록: {known}. list()에서 고르세요)"
        ))))
    }

    /// Watches one condition: what it finds now, and each change. Cancel-safe.
    ///
    /// After a lost connection the search is asked for again, and [`Hit::Resynced`] says what changed meanwhile.
    ///
    /// # Errors
    /// An eleventh search, a number that is none, a search, login or keys that the broker refuses.
    #[doc(alias = "ka10173")]
    #[doc(alias = "ka10174")]
    #[doc(alias = "usa20290")]
    #[doc(alias = "usa20291")]
    #[doc(alias = "조건검색 요청 실시간")]
    pub async fn watch(&self, condition: &Condition) -> Result<Watch, Error> {
        let mut feed = self.begin(self.wanted(condition)?)?;
        feed.settled().await?;
        refused(&feed)?;
        Ok(Watch { feed, found: Finding::new(self.us) })
    }

    /// Watches a condition in a recording, in the place of the broker: the same hits in the same order, through the same engine.
    /// No client is needed ([`offline`](Conditions::offline)), and none is used.
    ///
    /// The recording is one of [`record`](Conditions::record), or of a subscription of the same market, which shares the
    /// connection. Of a search that had begun before the recording, changes come and no first [`Hit::Snapshot`].
    ///
    /// ```no_run
    /// use kiwoom_api::realtime::{Condition, Conditions, Recording, Speed};
    ///
    /// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
    /// let condition = Condition { number: "4".into(), ..Default::default() };
    /// let mut replay = Conditions::offline().replay(&condition, Recording::open("2026-07-06.kwr")?, Speed::AtOnce)?;
    /// while let Some(hit) = replay.next().await {
    ///     println!("{:?}", hit?);
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// A number that is none; a first block that cannot be read.
    #[cfg(feature = "record")]
    #[cfg_attr(docsrs, doc(cfg(feature = "record")))]
    pub fn replay(
        &self,
        condition: &Condition,
        recording: super::Recording,
        speed: super::Speed,
    ) -> Result<super::WatchReplay, Error> {
        let replay = super::Replay::new(self.path(), self.wanted(condition)?, (recording, speed))?;
        Ok(super::WatchReplay::new(replay, Finding::new(self.us)))
    }

    /// A watch over one condition.
    fn wanted(&self, condition: &Condition) -> Result<Wanted, Error> {
        let number = number(condition)?;
        let maker = if self.us { Maker::of::<HitChange<true>>() } else { Maker::of::<HitChange<false>>() };
        let key = Key::search(maker.meta.id, number);
        Ok(Wanted { keys: vec![key], topics: vec![(maker, Policy::Keep)], ..Wanted::default() })
    }

    fn begin(&self, wanted: Wanted) -> Result<Feed, Error> {
        let client = self.client.as_ref().ok_or_else(without_client)?;
        #[cfg(feature = "record")]
        record(client, self.path(), &self.taps);
        begin(client, self.path(), wanted)
    }

    /// What a condition finds now, with names and prices, over all pages. Nothing goes on afterwards, and it takes none of the 10
    /// places. Cancel-safe.
    ///
    /// ```no_run
    /// # #[cfg(feature = "domestic-realtime")] {
    /// # use kiwoom_api::domestic::realtime::StockTrade;
    /// # async fn example(client: kiwoom_api::Client, condition: kiwoom_api::realtime::Condition) -> Result<(), kiwoom_api::Error> {
    /// let found = client.conditions().search(&condition).await?;
    /// for row in &found {
    ///     println!("{} {} {:?}", row.symbol.code(), row.name, row.price);
    /// }
    /// let feed = client.realtime().topic::<StockTrade>(found.iter().map(|row| &row.symbol)).open().await?;
    /// # Ok(()) }
    /// # }
    /// ```
    ///
    /// # Errors
    /// A number that is none, pages without an end, a search, login or keys that the broker refuses.
    #[doc(alias = "ka10172")]
    #[doc(alias = "usa20281")]
    #[doc(alias = "조건검색 요청 일반")]
    pub async fn search(&self, condition: &Condition) -> Result<Vec<Match>, Error> {
        let number = number(condition)?;
        let topic = if self.us { US.id } else { DOMESTIC.id };
        let ask = |key| self.begin(Wanted { keys: vec![key], ..Wanted::default() });
        matches::all(self.us, topic, number, ask).await
    }

    fn path(&self) -> &'static str {
        if self.us { US.path } else { DOMESTIC.path }
    }
}

/// The number of a condition, if it is one.
fn number(condition: &Condition) -> Result<&str, Error> {
    let number = condition.number.trim();
    if number.is_empty() || number.len() > 8 || !number.chars().all(|c| c.is_ascii_alphanumeric()) {
        let number = &condition.number;
        return Err(Error::new(Kind::Realtime(both!(
            "condition {number:?}: not the number of a condition (take one of the list)",
            "조건검색식 {number:?}: 조건검색식 번호가 아닙니다 (목록에서 고르세요)"
        ))));
    }
    Ok(number)
}

/// What the broker said against it, if it did.
fn refused(feed: &Feed) -> Result<(), Error> {
    match feed.refusal() {
        Some(event) => Err(Error::new(Kind::Realtime(both!("condition search: {event}", "조건검색: {event}")))),
        None => Ok(()),
    }
}

/// What a watch yields. Codes are bare: those of the first result and of changes compare equal (`BEHAVIOUR.md` C2).
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Hit {
    /// Everything that it finds at first.
    Snapshot {
        /// The codes.
        codes: Vec<String>,
    },
    /// A symbol meets the condition now.
    Entered {
        /// Its code.
        code: String,
        /// When, in Korean wall time.
        at: Option<DateTime>,
    },
    /// A symbol does not meet the condition any more.
    Left {
        /// Its code.
        code: String,
        /// When, in Korean wall time.
        at: Option<DateTime>,
    },
    /// What changed while there was no connection.
    Resynced {
        /// These came.
        entered: Vec<String>,
        /// These went.
        left: Vec<String>,
    },
    /// What happened to the search itself.
    Event(Event),
}

/// A condition search that goes on. Dropping it ends the search; [`close`](Watch::close) waits until that is done.
#[derive(Debug)]
pub struct Watch {
    feed: Feed,
    found: Finding,
}

impl Watch {
    /// The next change; `None` after [`Event::Closed`]. Cancel-safe.
    pub async fn next(&mut self) -> Option<Hit> {
        poll_fn(|context| self.poll(context)).await
    }

    /// Everything that meets the condition as far as it was read.
    pub fn hits(&self) -> impl Iterator<Item = &str> {
        self.found.hits()
    }

    /// Ends the search. If nothing else of its market is open, this returns when the connection is closed in order. Cancel-safe, as
    /// [`Feed::close`].
    pub async fn close(self) {
        self.feed.close().await;
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Hit>> {
        loop {
            let Some(stored) = ready!(self.feed.poll_entry(context)) else { return Poll::Ready(None) };
            if let Some(hit) = self.found.take(stored) {
                return Poll::Ready(Some(hit));
            }
        }
    }
}

/// What a watch knows of its condition.
#[derive(Debug)]
pub(super) struct Finding {
    hits: BTreeSet<String>,
    known: bool,
    us: bool,
}

impl Finding {
    fn new(us: bool) -> Finding {
        Finding { hits: BTreeSet::new(), known: false, us }
    }

    pub fn hits(&self) -> impl Iterator<Item = &str> {
        self.hits.iter().map(String::as_str)
    }

    /// What an entry of the queue says of the condition.
    pub fn take(&mut self, stored: Stored) -> Option<Hit> {
        Some(match stored {
            Stored::Item(Item::Event(event)) => Hit::Event(event),
            Stored::Item(Item::Push(push)) => self.change(&push),
            Stored::Hits(codes) => self.whole(codes),
            // a search has no order books
            Stored::Item(Item::Snapshot(_)) | Stored::Page(_) => return None,
        })
    }

    fn whole(&mut self, codes: Vec<String>) -> Hit {
        let now: BTreeSet<String> = codes.iter().map(|code| self.bare(code)).collect();
        let before = std::mem::replace(&mut self.hits, now);
        if !std::mem::replace(&mut self.known, true) {
            return Hit::Snapshot { codes: self.hits.iter().cloned().collect() };
        }
        let entered = self.hits.difference(&before).cloned().collect();
        Hit::Resynced { entered, left: before.difference(&self.hits).cloned().collect() }
    }

    fn change(&mut self, push: &Push) -> Hit {
        let (domestic, us) = (push.of::<HitChange<false>>(), push.of::<HitChange<true>>());
        let (code, event) = domestic
            .map(|change| (&change.code, &change.event))
            .or_else(|| us.map(|change| (&change.code, &change.event)))
            .unzip();
        let (code, at) = (self.bare(code.map_or("", String::as_str)), push.at());
        match event.map_or("", String::as_str) {
            "I" => {
                self.hits.insert(code.clone());
                Hit::Entered { code, at }
            }
            "D" => {
                self.hits.remove(&code);
                Hit::Left { code, at }
            }
            other => Hit::Event(Event::Unknown { what: format!("change {other:?} of {code} in a condition search") }),
        }
    }

    /// The code without the letter that first results have in front.
    fn bare(&self, code: &str) -> String {
        bare(code, self.us)
    }
}

impl Stream for Watch {
    type Item = Hit;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Hit>> {
        self.get_mut().poll(context)
    }
}

/// A change of what a search finds. The US documents lack it (`BEHAVIOUR.md` W10); it is taken to be the same.
#[derive(Clone, Default)]
struct HitChange<const US_MARKET: bool> {
    number: String,
    code: String,
    event: String,
    time: Option<Time>,
    /// Nobody says what it means here.
    side: String,
}

impl<const US_MARKET: bool> Record for HitChange<US_MARKET> {
    fn keys(&self) -> &'static Keys {
        const {
            &Keys {
                api: if US_MARKET { US.id } else { DOMESTIC.id },
                record: "HitChange",
                names: &["\"841\":", "\"9001\":", "\"843\":", "\"20\":", "\"907\":"],
            }
        }
    }

    fn slot(&mut self, index: usize) -> Slot<'_> {
        match index {
            0 => Slot::Text(&mut self.number),
            1 => Slot::Text(&mut self.code),
            2 => Slot::Text(&mut self.event),
            3 => Slot::Time(&mut self.time, Layout::Plain),
            _ => Slot::Text(&mut self.side),
        }
    }
}

impl<const US_MARKET: bool> Topic for HitChange<US_MARKET> {
    const META: &'static Meta = if US_MARKET { &US } else { &DOMESTIC };
}

static DOMESTIC: Meta = meta("02", "/api/dostk/websocket");
static US: Meta = meta("S2", "/api/us/websocket");

const fn meta(id: &'static str, path: &'static str) -> Meta {
    Meta {
        id,
        name: "ConditionSearch",
        korean: "조건검색",
        menu: "조건검색",
        path,
        effect: Effect::Read,
        protocol: Protocol::Socket,
        paged: false,
        mock: Mock::Yes,
    }
}
