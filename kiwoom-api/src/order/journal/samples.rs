//! What the journal's tests note.

use jiff::{SignedDuration, Timestamp};

use crate::order::{Action, Desk, Intent, OrderRef};
use crate::value::Side;

/// An intent to buy ten shares.
pub fn intent(id: &str) -> Intent {
    Intent {
        id: id.parse().unwrap(),
        action: Action::Place,
        desk: Desk::Stock,
        date: "2026-07-06".parse().unwrap(),
        side: Side::Buy,
        symbol: "005930".into(),
        venue: "SOR".into(),
        kind: "0".into(),
        qty: Some(10),
        price: Some(70_100.into()),
        stop: None,
        repay: None,
        original: None,
    }
}

/// The order that came of it.
pub fn order(number: &str) -> OrderRef {
    let intent = intent("any");
    OrderRef::new(intent.desk, intent.date, number).of(intent.side, intent.symbol).at(intent.venue)
}

/// That many seconds after nine on the day of the intents.
pub fn at(seconds: i64) -> Timestamp {
    "2026-07-06T09:00:00+09:00".parse::<Timestamp>().unwrap() + SignedDuration::from_secs(seconds)
}

/// A directory that is gone with the value.
pub fn directory() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}
