//! Feeds of users' tests: items as they are, or frames through the engine, without a socket.

use std::sync::{Arc, Mutex};

use jiff::Timestamp;

use super::event::{Closed, Event};
use super::feed::Feed;
use super::frame::quoted;
use super::hub::{Wanted, lock, wake};
use super::player::{Player, Step};
use super::queue::{Item, Queue};
use crate::Client;
use crate::endpoint::Topic;
use crate::error::Error;
use crate::json::encode::reply_text;

/// Texts with the times at which they come.
type Timed = Arc<[(Timestamp, String)]>;

/// What the feeds of one client get instead of a connection.
#[derive(Default)]
struct Frames(Mutex<Option<Timed>>);

/// Frames that are heard one by one, each when everything before it was read.
pub(super) struct Playing {
    player: Player,
    frames: Timed,
    next: usize,
}

impl Playing {
    /// Hears one more frame, or ends it; `false` after the end.
    pub fn step(&mut self, queue: &Mutex<Queue>) -> bool {
        if let Some((at, text)) = self.frames.get(self.next) {
            self.next += 1;
            // after an end, the next one comes over another connection
            self.player.open(*at);
            self.player.take(*at, Some(Step::Frame(text)));
            return true;
        }
        let open = !lock(queue).ended;
        if open {
            wake(queue, |queue| match queue.ready {
                true => queue.ended = true,
                false => queue.event(Event::Closed { why: Closed::FramesEnded }),
            });
        }
        open
    }
}

/// A feed of the client's frames, if it has some.
pub(super) fn begin(client: &Client, path: &'static str, wanted: &mut Wanted) -> Option<Result<Feed, Error>> {
    let frames = lock(&client.shared().attached.get::<Frames>().0).clone()?;
    let began = frames.first().map_or_else(|| client.clock().wall(), |(at, _)| *at);
    // replies of a canned client are not asked for in the background: nobody would know in which order
    let wanted = Wanted { books: Vec::new(), ..std::mem::take(wanted) };
    Some(Player::new(path, wanted, began).map(|(mut player, mut feed)| {
        player.open(began);
        feed.canned = Some(Playing { player, frames, next: 0 });
        feed
    }))
}

impl Client {
    /// Feeds and condition searches of this client and its clones get these frames instead of a connection, each of them from the
    /// beginning, and end after the last one. No socket is opened.
    ///
    /// Frames are what the broker sends, as [`frame`](crate::testing::frame) writes them or a
    /// [`Recording`](crate::realtime::Recording) keeps them, with the times at which they come. They go through the decoder, the
    /// engine and the queue of a real connection: a push of a symbol that nobody subscribed to is not delivered, and
    /// [`Event::Stale`] goes by their times. If one ends the connection (a SYSTEM frame R10001), the next one comes over another
    /// connection, after its [`Event::Gap`]. LOGIN and registrations are answered; a list of conditions or a
    /// search is an error unless its answer is among the frames. Order books by REST are not asked for.
    ///
    /// ```
    /// # #[cfg(all(feature = "domestic-realtime", feature = "blocking"))] {
    /// use kiwoom_api::Client;
    /// use kiwoom_api::blocking::{Wait, WaitEach};
    /// use kiwoom_api::domestic::realtime::StockTrade;
    /// use kiwoom_api::realtime::Item;
    /// use kiwoom_api::testing::frame;
    /// use kiwoom_api::value::Price;
    ///
    /// let opening = "2026-07-06T09:00:00+09:00".parse().unwrap();
    /// let trade = StockTrade { price: Some(Price::up(70_100)), ..Default::default() };
    /// let client = Client::canned([]).with_frames([
    ///     (opening, frame("005930", &trade)?),
    ///     (opening, r#"{"trnm":"REAL","data":[{"type":"0B","item":"000660","values":{"10":"-1"}}]}"#.to_owned()),
    /// ]);
    ///
    /// // your code
    /// let feed = client.realtime().topic::<StockTrade>(["005930"]).open().wait()?;
    /// let items: Vec<Item> = feed.wait_each().collect();
    ///
    /// let [Item::Event(_connected), Item::Push(push)] = &items[..] else { panic!("{items:?}") };
    /// assert_eq!((push.symbol(), push.received()), ("005930", opening));
    /// assert_eq!(push.of::<StockTrade>(), Some(&trade));
    /// # }
    /// # Ok::<(), kiwoom_api::Error>(())
    /// ```
    pub fn with_frames(self, frames: impl IntoIterator<Item = (Timestamp, impl Into<String>)>) -> Client {
        let frames = frames.into_iter().map(|(at, text)| (at, text.into())).collect();
        *lock(&self.shared().attached.get::<Frames>().0) = Some(frames);
        self
    }
}

impl Feed {
    /// A feed that yields these items in this order and then ends: pushes, events and books of your own.
    ///
    /// ```
    /// # #[cfg(feature = "domestic-realtime")] {
    /// use kiwoom_api::domestic::realtime::StockTrade;
    /// use kiwoom_api::realtime::{Event, Feed, Item, Push};
    /// use kiwoom_api::value::Price;
    ///
    /// /// Your code: the last price, and whether it can be trusted.
    /// async fn last(mut feed: Feed) -> (Option<Price>, bool) {
    ///     let (mut price, mut whole) = (None, true);
    ///     while let Some(item) = feed.next().await {
    ///         match item {
    ///             Item::Push(push) => price = push.of::<StockTrade>().and_then(|trade| trade.price),
    ///             Item::Event(Event::Gap { .. }) => whole = false,
    ///             _ => {}
    ///         }
    ///     }
    ///     (price, whole)
    /// }
    ///
    /// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
    /// let at = "2026-07-06T09:00:00+09:00".parse().unwrap();
    /// let trade = StockTrade { price: Some(Price::up(70_100)), ..Default::default() };
    /// let feed = Feed::canned([
    ///     Item::from(Event::Connected),
    ///     Item::from(Push::new_at("005930", trade, at)),
    ///     Item::from(Event::Gap { topic: "0B", symbols: vec!["005930".into()], from: at, to: at }),
    /// ]);
    /// assert_eq!(last(feed).await, (Some(Price::up(70_100)), false));
    /// # });
    /// # }
    /// ```
    pub fn canned(items: impl IntoIterator<Item = impl Into<Item>>) -> Feed {
        let feed = Feed::of_nothing();
        lock(&feed.queue).fill(items.into_iter().map(Into::into));
        feed
    }
}

/// A push of this record as the broker sends it, for [`Client::with_frames`] and
/// [`Recording::of_frames`](crate::realtime::Recording).
///
/// # Errors
/// A value is not valid for its field, such as a code that the field does not offer.
pub fn frame<T: Topic + Clone>(symbol: &str, record: &T) -> Result<String, Error> {
    let values = reply_text(&mut record.clone()).map_err(Error::unencodable)?;
    let (topic, item) = (T::META.id, quoted(symbol));
    Ok(format!(r#"{{"trnm":"REAL","data":[{{"type":"{topic}","item":{item},"values":{values}}}]}}"#))
}
