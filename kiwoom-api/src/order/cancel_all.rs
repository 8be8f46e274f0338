//! The other half of the panic button: reads what is open at the broker and cancels each order once.
//!
//! Layers: `open` reads the broker's lists of open orders; this file sends one cancellation for each and collects the
//! outcomes. It never retries, whatever comes back.

mod open;

use tokio::task::JoinSet;

use self::open::{OpenList, Read};
use super::{Desk, OrderRef, Orders};
use crate::{Error, Outcome};

/// What happened to the open orders: see [`Orders::cancel_all`].
#[derive(Debug, Default)]
#[non_exhaustive]
#[must_use = "orders may still be open: look at is_complete()"]
pub struct CancelAll {
    /// One cancellation for each open order that the lists show, in their order.
    pub cancellations: Vec<Cancellation>,
    /// Lists that could not be read completely: other orders may be open.
    pub unread: Vec<Unread>,
}

/// One open order, and the result of the attempt to cancel it.
#[derive(Debug)]
#[non_exhaustive]
pub struct Cancellation {
    /// The order as the list of open orders shows it.
    pub order: OrderRef,
    /// The unfilled quantity, as listed.
    pub remaining: Option<i64>,
    /// The outcome of the cancellation. After [`Outcome::Unknown`] it is not sent again; the next list shows whether it
    /// worked.
    pub outcome: Outcome<OrderRef>,
}

/// A list of open orders that could not be read completely.
#[derive(Debug)]
#[non_exhaustive]
pub struct Unread {
    /// The desks whose orders it holds.
    pub desks: Vec<Desk>,
    /// Why it could not be read.
    pub error: Error,
}

impl CancelAll {
    /// Whether all lists were read and the broker accepted each cancellation.
    pub fn is_complete(&self) -> bool {
        let accepted = |one: &Cancellation| matches!(one.outcome, Outcome::Accepted(_));
        self.unread.is_empty() && self.cancellations.iter().all(accepted)
    }
}

impl Orders {
    /// Cancels all open orders of the account, including those of other programs and those entered by hand.
    ///
    /// It reads all pages of the broker's lists of open orders (`ka10075`, `kt50075`, `ust21050`) and sends one cancellation for
    /// each order that is not filled yet, all at the same time, each with its own outcome. It cancels what it can read,
    /// even if another list fails or hangs. It never retries. Each cancellation waits for its turn within the request
    /// limits as long as necessary, unless this handle has a [`deadline`](Orders::deadline). It is sent even if the
    /// journal cannot be written: see [`Journal::failure`](super::Journal::failure).
    ///
    /// Engage the [`KillSwitch`](crate::KillSwitch) first, so that nothing new comes in between; it lets cancellations pass,
    /// unless it is engaged for all. The lists lag behind by one or two seconds: if [`engage`](crate::KillSwitch::engage) says
    /// that something is in flight, call this once more after that time.
    ///
    /// It exists where one market has both categories: orders (`domestic-order`, `domestic-margin-order`, `us-order`) and the
    /// account that lists them (`domestic-account`, `us-account`). It does not look for orders of a desk that the build cannot
    /// cancel; one whose account category is missing is in [`unread`](CancelAll::unread).
    ///
    /// ```no_run
    /// # async fn example(client: kiwoom_api::Client) {
    /// let out = client.kill_switch().engage("daily loss limit");
    /// println!("{} in flight, {} unsettled", out.in_flight.len(), out.unsettled.len());
    /// let all = client.orders().cancel_all().await;
    /// for one in &all.cancellations {
    ///     println!("{}: {:?}", one.order, one.outcome.error());
    /// }
    /// for list in &all.unread {
    ///     println!("open orders of {:?} were not read: {}", list.desks, list.error);
    /// }
    /// # }
    /// ```
    pub async fn cancel_all(&self) -> CancelAll {
        self.cancel_all_of(&[Desk::Stock, Desk::Margin, Desk::Gold, Desk::Us]).await
    }

    /// The same for the orders of some desks.
    pub async fn cancel_all_of(&self, desks: &[Desk]) -> CancelAll {
        let (mut all, mut reading, mut sent) = (CancelAll::default(), JoinSet::new(), JoinSet::new());
        for (list, lists) in OpenList::ALL.iter().enumerate() {
            let desks: Vec<Desk> = lists.desks().iter().copied().filter(|desk| desks.contains(desk)).collect();
            if !desks.is_empty() {
                // one odd value must not hide a page of open orders
                let client = self.client().lenient();
                reading.spawn(async move { (list, desks, lists.read(&client).await) });
            }
        }
        // concurrently: a list that hangs does not hold up the orders of the others
        while let Some((list, desks, Read { orders, error })) = next(&mut reading).await {
            let ours = orders.into_iter().filter(|open| desks.contains(&open.order.desk));
            for (place, open) in ours.enumerate() {
                let orders = self.patient();
                sent.spawn(async move {
                    let outcome = orders.cancel(&open.order).await;
                    ((list, place), Cancellation { order: open.order, remaining: open.remaining, outcome })
                });
            }
            all.unread.extend(error.map(|error| Unread { desks, error }));
        }
        let mut cancellations = Vec::with_capacity(sent.len());
        while let Some(cancellation) = next(&mut sent).await {
            cancellations.push(cancellation);
        }
        cancellations.sort_by_key(|(place, _)| *place);
        all.cancellations = cancellations.into_iter().map(|(_, cancellation)| cancellation).collect();
        all
    }
}

/// The result of the next task; `None` when all are done.
async fn next<T: 'static>(tasks: &mut JoinSet<T>) -> Option<T> {
    match tasks.join_next().await? {
        Ok(done) => Some(done),
        Err(failed) if failed.is_panic() => std::panic::resume_unwind(failed.into_panic()),
        // nobody else holds the set, so only the end of the runtime aborts it
        Err(_) => None,
    }
}
