//! Where books come from: pushes and replies of both markets.

use std::any::Any;

use super::Book;

/// A side of a record, level by level.
macro_rules! side {
    ($levels:expr) => {
        $levels.iter().map(|level| (level.price, level.qty))
    };
}

/// The book in a record of a topic, if it is one.
pub(in crate::realtime) fn of_record(record: &dyn Any) -> Option<Book> {
    #[cfg(feature = "domestic-realtime")]
    if let Some(push) = record.downcast_ref::<crate::generated::domestic::realtime::OrderBook>() {
        return Some(Book::from(push));
    }
    #[cfg(feature = "us-realtime")]
    if let Some(push) = record.downcast_ref::<crate::generated::us::realtime::OrderBook>() {
        return Some(Book::from(push));
    }
    let _ = record;
    None
}

#[cfg(feature = "domestic-realtime")]
impl From<&crate::generated::domestic::realtime::OrderBook> for Book {
    fn from(push: &crate::generated::domestic::realtime::OrderBook) -> Book {
        Book::new(push.time, side!(push.asks), side!(push.bids))
    }
}

#[cfg(feature = "domestic-quote")]
impl From<&crate::generated::domestic::quote::StockOrderBookSnapshotReply> for Book {
    fn from(reply: &crate::generated::domestic::quote::StockOrderBookSnapshotReply) -> Book {
        Book::new(reply.bid_req_base_tm, side!(reply.asks), side!(reply.bids))
    }
}

#[cfg(feature = "us-realtime")]
impl From<&crate::generated::us::realtime::OrderBook> for Book {
    fn from(push: &crate::generated::us::realtime::OrderBook) -> Book {
        Book::new(push.time.and_then(|time| time.time()), side!(push.asks), side!(push.bids))
    }
}

#[cfg(feature = "us-quote")]
impl From<&crate::generated::us::quote::OrderBookSnapshotReply> for Book {
    fn from(reply: &crate::generated::us::quote::OrderBookSnapshotReply) -> Book {
        Book::new(reply.bid_tm.and_then(|time| time.time()), side!(reply.asks), side!(reply.bids))
    }
}
