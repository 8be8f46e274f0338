//! One push: a typed record, whose it is, and when it came.

use std::any::Any;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::{DateTime, Time};

use super::book::{Book, of_record};
use super::engine::Now;
use crate::endpoint::{Meta, Topic};
use crate::json::decode::Anomaly;
use crate::net::clock::in_korea;
use crate::record::{Record, Slot};
use crate::value::Word;

/// A push behind one type, whatever its topic.
pub(super) trait Pushed: Send + Sync {
    fn head(&self) -> &Head;
    fn parts(&mut self) -> (&mut Head, &mut dyn Record);
    fn any(&self) -> &dyn Any;
}

/// What every push has beside its record.
pub(super) struct Head {
    pub meta: &'static Meta,
    pub item: Word,
    pub received: Timestamp,
    /// The same moment by the clock of waiting.
    pub heard: Duration,
    pub time: Option<Time>,
    /// Cumulative volume, and the quantity of the trade.
    pub progress: Option<(i64, i64)>,
    pub anomalies: Vec<Anomaly>,
}

/// Head and record in one piece of memory: a push is one allocation.
struct Made<T> {
    head: Head,
    record: T,
}

impl<T: Topic + Sync + 'static> Pushed for Made<T> {
    fn head(&self) -> &Head {
        &self.head
    }

    fn parts(&mut self) -> (&mut Head, &mut dyn Record) {
        (&mut self.head, &mut self.record)
    }

    fn any(&self) -> &dyn Any {
        &self.record
    }
}

fn make<T: Topic + Sync + 'static>(record: T, (item, now): (&str, Now)) -> Arc<dyn Pushed> {
    let head = Head {
        meta: T::META,
        item: Word::new(item),
        received: now.wall,
        heard: now.at,
        time: None,
        progress: None,
        anomalies: Vec::new(),
    };
    Arc::new(Made { head, record })
}

/// How the record of a topic comes about.
#[derive(Clone, Copy)]
pub(super) struct Maker {
    pub meta: &'static Meta,
    pub make: fn((&str, Now)) -> Arc<dyn Pushed>,
    /// The key of its time of day, if it has one.
    time: Option<usize>,
    /// The key of the number of its condition search, which is its item, if it comes of one.
    number: Option<usize>,
    /// The keys of its cumulative volume and of its quantity.
    progress: Option<(usize, usize)>,
}

/// The FID of a condition search's number.
const NUMBER: &str = "\"841\":";

/// FIDs that hold a push's own time of day in Korea: trades and most others, order books, orders.
const TIMES: [&str; 3] = ["\"20\":", "\"21\":", "\"908\":"];

/// FIDs of a trade: cumulative volume, quantity.
const VOLUME: &str = "\"13\":";
const QTY: &str = "\"15\":";

impl Maker {
    pub fn of<T: Topic + Sync + 'static>() -> Maker {
        let mut record = T::default();
        let keys = record.keys();
        let place = |key: &str| keys.iter().position(|known| *known == key);
        let at = TIMES.iter().find_map(|time| place(time));
        let (number, volume, qty) = (place(NUMBER), place(VOLUME), place(QTY));
        let time = at.filter(|at| matches!(record.slot(*at), Slot::Time(..) | Slot::TimeMark(..)));
        let volume = volume.filter(|at| matches!(record.slot(*at), Slot::Count(..)));
        let qty = qty.filter(|at| matches!(record.slot(*at), Slot::Sided(_)));
        Maker { meta: T::META, make: |from| make(T::default(), from), time, number, progress: volume.zip(qty) }
    }

    /// Notes in the head what is known of the record now.
    pub fn finish(&self, made: &mut dyn Pushed) {
        let (head, record) = made.parts();
        head.time = self.time_of(record);
        if let Some(number) = self.number_of(record) {
            head.item = number;
        }
        if let Some((volume, qty)) = self.progress {
            let volume = if let Slot::Count(volume, _) = record.slot(volume) { *volume } else { None };
            let qty = if let Slot::Sided(qty) = record.slot(qty) { *qty } else { None };
            head.progress = volume.zip(qty).map(|(volume, qty)| (volume, qty.qty));
        }
    }

    /// The number of the condition search that `record` comes of.
    fn number_of(&self, record: &mut dyn Record) -> Option<Word> {
        match record.slot(self.number?) {
            Slot::Text(number) => Some(Word::new(number.trim())),
            Slot::Id(number) => number.text().map(|text| Word::new(text.trim())),
            _ => None,
        }
    }

    /// The time of day that `record` holds.
    fn time_of(&self, record: &mut dyn Record) -> Option<Time> {
        match record.slot(self.time?) {
            Slot::Time(time, _) => *time,
            Slot::TimeMark(clock, _) => clock.and_then(|clock| clock.time()),
            _ => None,
        }
    }
}

/// One push. Cheap to clone: subscriptions share it.
///
/// ```
/// # #[cfg(feature = "domestic-realtime")] {
/// use kiwoom_api::domestic::realtime::StockTrade;
/// use kiwoom_api::realtime::Push;
/// use kiwoom_api::value::Price;
///
/// // as a test builds one
/// let push = Push::new("005930", StockTrade { price: Some(Price::up(70_100)), ..StockTrade::default() });
/// let trade = push.of::<StockTrade>().unwrap();
/// assert_eq!((push.symbol(), trade.price), ("005930", Some(Price::up(70_100))));
/// # }
/// ```
#[derive(Clone)]
pub struct Push(pub(super) Arc<dyn Pushed>);

impl Push {
    /// A push that is received now: for tests.
    pub fn new<T: Topic + Sync + 'static>(symbol: &str, record: T) -> Push {
        Push::new_at(symbol, record, Timestamp::now())
    }

    /// A push that was received at this time: for tests of code that looks at [`received`](Push::received) or
    /// [`at`](Push::at).
    ///
    /// ```
    /// # #[cfg(feature = "domestic-realtime")] {
    /// use kiwoom_api::domestic::realtime::StockTrade;
    /// use kiwoom_api::realtime::Push;
    /// use kiwoom_api::value::Time;
    ///
    /// let trade = StockTrade { time: Time::new(23, 59, 59, 0).ok(), ..Default::default() };
    /// let push = Push::new_at("005930", trade, "2026-07-07T00:00:01+09:00".parse().unwrap());
    /// assert_eq!(push.at().unwrap().to_string(), "2026-07-06T23:59:59");
    /// # }
    /// ```
    pub fn new_at<T: Topic + Sync + 'static>(symbol: &str, record: T, received: Timestamp) -> Push {
        let mut made = make(record, (symbol, Now { at: Duration::ZERO, wall: received }));
        if let Some(made) = Arc::get_mut(&mut made) {
            Maker::of::<T>().finish(made);
            made.parts().0.item = Word::new(symbol);
        }
        Push(made)
    }

    /// The record, if it is one of this topic.
    pub fn of<T: Topic + 'static>(&self) -> Option<&T> {
        self.0.any().downcast_ref()
    }

    /// Which topic it is; its `id` is the type in the broker's words, such as `0B`.
    pub fn topic(&self) -> &'static Meta {
        self.0.head().meta
    }

    /// The item as the broker names it: a code, a ticker, a sector. Account topics name the symbol here, too.
    pub fn symbol(&self) -> &str {
        self.0.head().item.as_str()
    }

    /// When it was read from the connection, by the clock of this machine.
    pub fn received(&self) -> Timestamp {
        self.0.head().received
    }

    /// The time of day inside it with its date, Korean wall time. The broker sends no date: it is the day on which the time
    /// lies nearest to [`received`](Push::received), so a push of 23:59:59 that is read after midnight keeps its day.
    pub fn at(&self) -> Option<DateTime> {
        self.0.head().time.map(|time| nearest(self.received(), time))
    }

    /// Its order book, if it is one of `0D` or `FT`.
    pub fn book(&self) -> Option<Book> {
        of_record(self.0.any())
    }

    /// Values that did not fit their fields.
    pub fn anomalies(&self) -> &[Anomaly] {
        &self.0.head().anomalies
    }

    /// When it was read, by the clock of waiting.
    pub(super) fn heard(&self) -> Duration {
        self.0.head().heard
    }

    /// Cumulative volume, and the quantity of the trade, of a topic that has both.
    pub(super) fn progress(&self) -> Option<(i64, i64)> {
        self.0.head().progress
    }
}

impl fmt::Debug for Push {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // the record may hold an account; whoever wants to see it asks for it by its type
        f.debug_struct("Push")
            .field("topic", &self.topic().id)
            .field("symbol", &self.symbol())
            .field("received", &self.received())
            .finish_non_exhaustive()
    }
}

/// `time` on the day that brings it nearest to `received`, in Korea.
fn nearest(received: Timestamp, time: Time) -> DateTime {
    let now = in_korea(received);
    let today = now.date().to_datetime(time);
    let days = [now.date().yesterday(), now.date().tomorrow()];
    let others = days.into_iter().flatten().map(|day| day.to_datetime(time));
    let distance = |at: &DateTime| at.duration_since(now).unsigned_abs();
    std::iter::once(today).chain(others).min_by_key(distance).unwrap_or(today)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_gets_the_day_that_is_nearest() {
        for (received, time, want) in [
            ("2026-07-06T09:00:01+09:00", "09:00:00", "2026-07-06T09:00:00"),
            ("2026-07-07T00:00:01+09:00", "23:59:59", "2026-07-06T23:59:59"),
            ("2026-07-06T23:59:58+09:00", "00:00:01", "2026-07-07T00:00:01"),
            ("2026-07-05T23:30:00Z", "08:30:00", "2026-07-06T08:30:00"),
        ] {
            let at = nearest(received.parse().unwrap(), time.parse().unwrap());
            assert_eq!(at.to_string(), want, "{received} {time}");
        }
    }
}
