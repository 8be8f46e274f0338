//! The task behind live orders: passes pushes to the book, and reads the lists when the book wants a look.
//!
//! It decides nothing, and sends nothing that trades. It goes on reading pushes while the lists are read.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use jiff::civil::Date;

use super::core::Core;
use super::event::LiveEvent;
use super::report::Report;
use crate::Error;
use crate::realtime::{Event, Feed, Item};

/// The pauses after a list that could not be read.
pub(super) const PAUSES: [Duration; 5] = [
    Duration::from_secs(1),
    Duration::from_secs(2),
    Duration::from_secs(5),
    Duration::from_secs(15),
    Duration::from_secs(30),
];

type ListsRead = Result<(Vec<Report>, Vec<Date>, Date), Error>;

/// A look that is under way.
struct ListReading {
    began: Duration,
    lists: Pin<Box<dyn Future<Output = ListsRead> + Send>>,
}

/// Runs until the feed ends, or it is aborted.
pub(super) async fn run(core: Arc<Core>, mut feed: Feed) {
    let _left = Left(core.clone());
    core.change(|book, now| {
        book.tell(LiveEvent::Connected);
        book.connected(now);
    });
    let mut changed = core.changed.subscribe();
    let mut look: Option<ListReading> = None;
    let mut failures = 0;
    loop {
        changed.mark_unchanged();
        let due = core.read(|book| book.looks.next()).filter(|_| look.is_none());
        if due.is_some_and(|due| due <= core.now()) {
            look = Some(begin(&core));
            continue;
        }
        tokio::select! {
            item = feed.next() => match item {
                Some(item) => if !heard(&core, item) { return },
                None => return,
            },
            lists = async { (&mut look.as_mut().expect("there is one").lists).await }, if look.is_some() => {
                let began = look.take().expect("it was polled").began;
                failures = looked(&core, (began, lists), failures);
            }
            () = core.clock.sleep_until(due.unwrap_or(Duration::MAX)), if due.is_some() => {}
            _ = changed.changed() => {}
        }
    }
}

/// Tells the handles if the task ends.
struct Left(Arc<Core>);

impl Drop for Left {
    fn drop(&mut self) {
        self.0.stop();
    }
}

fn begin(core: &Arc<Core>) -> ListReading {
    let (client, place) = (core.orders.client().clone(), core.place);
    let days = core.change(|book, _| {
        book.looks.taken();
        book.days().into_iter().collect()
    });
    ListReading { began: core.now(), lists: Box::pin(async move { place.lists(&client, days).await }) }
}

/// What the lists say; how often in a row they could not be read.
fn looked(core: &Core, (began, lists): (Duration, ListsRead), failures: usize) -> usize {
    match lists {
        Ok((rows, days, today)) => {
            core.change(|book, now| book.listed(now, began, rows, (&days, today)));
            0
        }
        Err(error) => {
            let retry_in = PAUSES[failures.min(PAUSES.len() - 1)];
            tracing::warn!(target: "kiwoom_api", %error, "the lists of orders cannot be read");
            core.change(|book, now| {
                book.looks.failed(now, retry_in);
                book.tell(LiveEvent::Unread { why: error.to_string(), retry_in });
            });
            failures + 1
        }
    }
}

/// Passes on what the feed says; whether it goes on.
fn heard(core: &Core, item: Item) -> bool {
    let today = core.place.today(core.orders.client());
    match item {
        Item::Push(push) => {
            if let Some(report) = core.place.report(&push, today) {
                core.change(|book, now| book.push(now, report));
            }
        }
        Item::Event(event) => match event {
            Event::Disconnected { why, retry_in } => {
                core.change(|book, _| book.tell(LiveEvent::Disconnected { why, retry_in }));
            }
            // the loss of the connection was told just before
            Event::Kicked { .. } if core.standing().lost => {}
            Event::Kicked { retry_in } => {
                let why = "another session with the same keys took its place".to_owned();
                core.change(|book, _| book.tell(LiveEvent::Disconnected { why, retry_in }));
            }
            Event::Gap { from, to, .. } => core.change(|book, now| {
                book.tell(LiveEvent::Gap { from, to });
                book.connected(now);
            }),
            // pushes are missing here, too, though no connection was lost
            Event::Lagged { .. } => core.change(|book, now| {
                let at = core.orders.client().now();
                book.tell(LiveEvent::Gap { from: at, to: at });
                book.connected(now);
            }),
            Event::Connected => core.change(|book, _| book.tell(LiveEvent::Connected)),
            Event::Rejected { code, message, .. } => {
                core.change(|book, _| book.tell(LiveEvent::Refused { code, message }));
                return false;
            }
            event @ Event::SlotsFull { .. } => {
                let message = event.to_string();
                core.change(|book, _| book.tell(LiveEvent::Refused { code: String::new(), message }));
                return false;
            }
            Event::Closed { why } => {
                core.change(|book, _| book.tell(LiveEvent::Closed { why }));
                return false;
            }
            _ => {}
        },
        #[allow(unreachable_patterns, reason = "an item of a later version")]
        _ => {}
    }
    true
}
