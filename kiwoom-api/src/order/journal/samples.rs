//! What the journal's tests note.

use jiff::fmt::rfc2822::DateTimePrinter;
use jiff::{SignedDuration, Timestamp};
use reqwest::header::{DATE, HeaderMap};

use super::probe::Probe;
use super::{Access, Journal, Owner};
use crate::Clock;
use crate::net::broker_time::BrokerTime;
use crate::net::identity::Identity;
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

/// For whom the orders of the samples went out.
pub fn identity() -> Identity {
    Identity { environment: "mock".into(), address: "https://mockapi.kiwoom.com".into(), key: "0123456789ab".into() }
}

/// The clock of a broker that has answered once.
pub fn broker() -> BrokerTime {
    let broker = BrokerTime::new(Clock::system());
    let now = DateTimePrinter::new().timestamp_to_rfc9110_string(&Timestamp::now()).unwrap();
    broker.note(&HeaderMap::from_iter([(DATE, now.parse().unwrap())]), broker.started());
    broker
}

/// A journal of that account.
pub fn open(path: impl AsRef<std::path::Path>) -> Journal {
    try_open(path).unwrap()
}

/// The same, if it can be opened.
pub fn try_open(path: impl AsRef<std::path::Path>) -> Result<Journal, crate::Error> {
    open_with(path, Probe::default())
}

/// The same, watched.
pub(in crate::order::journal) fn open_with(
    path: impl AsRef<std::path::Path>,
    probe: Probe,
) -> Result<Journal, crate::Error> {
    let owner = Owner { identity: identity(), broker: broker() };
    Journal::open_here(path.as_ref().to_owned(), owner, Access::Ours, probe)
}

impl Journal {
    /// A journal of the client's own account, each of whose lines takes that long to write.
    pub fn on_a_disk_that_takes(
        time: std::time::Duration,
        path: std::path::PathBuf,
        client: &crate::Client,
    ) -> Journal {
        let owner = Owner { identity: client.identity().clone(), broker: client.broker_time().clone() };
        let slow = Probe::new(move |step| {
            if step == super::probe::Step::Half {
                std::thread::sleep(time);
            }
            Ok(())
        });
        Journal::open_here(path, owner, Access::Ours, slow).unwrap()
    }

    /// [`begin`](Self::begin) with time to spare.
    pub(crate) async fn noted(&self, intent: Intent, at: Timestamp) -> Result<super::sending::Sending, crate::Error> {
        self.begin(intent, at, std::time::Duration::MAX).await
    }
}
