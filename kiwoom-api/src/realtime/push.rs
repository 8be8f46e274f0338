//! One push: a typed record, whose it is, and when it came.

use std::any::Any;
use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::{DateTime, Time};

use crate::endpoint::{Meta, Topic};
use crate::json::decode::Anomaly;
use crate::net::clock::in_korea;
use crate::record::{Record, Slot};
use crate::value::Word;

/// A topic's record behind one type.
pub(super) trait Pushed: Send + Sync {
    fn record(&mut self) -> &mut dyn Record;
    fn any(&self) -> &dyn Any;
}

impl<T: Topic + Sync + 'static> Pushed for T {
    fn record(&mut self) -> &mut dyn Record {
        self
    }

    fn any(&self) -> &dyn Any {
        self
    }
}

/// How the record of a topic comes about.
#[derive(Clone, Copy)]
pub(super) struct Maker {
    pub meta: &'static Meta,
    pub make: fn() -> Box<dyn Pushed>,
    /// The key of its time of day, if it has one.
    time: Option<usize>,
    /// The key of the number of its condition search, which is its item, if it comes of one.
    number: Option<usize>,
}

/// The FID of a condition search's number.
const NUMBER: &str = "\"841\":";

/// FIDs that hold a push's own time of day in Korea: trades and most others, order books, orders.
const TIMES: [&str; 3] = ["\"20\":", "\"21\":", "\"908\":"];

impl Maker {
    pub fn of<T: Topic + Sync + 'static>() -> Maker {
        let mut record = T::default();
        let keys = record.keys();
        let at = TIMES.iter().find_map(|time| keys.iter().position(|key| key == time));
        let time = at.filter(|at| matches!(record.slot(*at), Slot::Time(..) | Slot::TimeMark(..)));
        let number = keys.iter().position(|key| *key == NUMBER);
        Maker { meta: T::META, make: || Box::new(T::default()), time, number }
    }

    /// The number of the condition search that `record` comes of.
    pub fn number_of(&self, record: &mut dyn Record) -> Option<String> {
        match record.slot(self.number?) {
            Slot::Text(number) => Some(number.trim().to_owned()),
            Slot::Id(number) => number.text().map(|text| text.trim().to_owned()),
            _ => None,
        }
    }

    /// The time of day that `record` holds.
    pub fn time_of(&self, record: &mut dyn Record) -> Option<Time> {
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
pub struct Push(Arc<Inner>);

struct Inner {
    meta: &'static Meta,
    item: Word,
    received: Timestamp,
    at: Option<DateTime>,
    anomalies: Vec<Anomaly>,
    record: Box<dyn Pushed>,
}

impl Push {
    /// A push that is received now: for tests.
    pub fn new<T: Topic + Sync + 'static>(symbol: &str, record: T) -> Push {
        let maker = Maker::of::<T>();
        let mut record: Box<dyn Pushed> = Box::new(record);
        let time = maker.time_of(record.record());
        Push::made(maker.meta, symbol, Timestamp::now(), (time, Vec::new(), record))
    }

    pub(super) fn made(
        meta: &'static Meta,
        item: &str,
        received: Timestamp,
        (time, anomalies, record): (Option<Time>, Vec<Anomaly>, Box<dyn Pushed>),
    ) -> Push {
        let at = time.map(|time| nearest(received, time));
        Push(Arc::new(Inner { meta, item: Word::new(item), received, at, anomalies, record }))
    }

    /// The record, if it is one of this topic.
    pub fn of<T: Topic + 'static>(&self) -> Option<&T> {
        self.0.record.any().downcast_ref()
    }

    /// Which topic it is; its `id` is the type in the broker's words, such as `0B`.
    pub fn topic(&self) -> &'static Meta {
        self.0.meta
    }

    /// The item as the broker names it: a code, a ticker, a sector. Account topics name the symbol here, too.
    pub fn symbol(&self) -> &str {
        self.0.item.as_str()
    }

    /// When it was read from the connection, by the clock of this machine.
    pub fn received(&self) -> Timestamp {
        self.0.received
    }

    /// The time of day inside it with its date, Korean wall time. The broker sends no date: it is the day on which the time
    /// lies nearest to [`received`](Push::received), so a push of 23:59:59 that is read after midnight keeps its day.
    pub fn at(&self) -> Option<DateTime> {
        self.0.at
    }

    /// Values that did not fit their fields.
    pub fn anomalies(&self) -> &[Anomaly] {
        &self.0.anomalies
    }
}

impl fmt::Debug for Push {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // the record may hold an account; whoever wants to see it asks for it by its type
        f.debug_struct("Push")
            .field("topic", &self.0.meta.id)
            .field("symbol", &self.symbol())
            .field("received", &self.0.received)
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
