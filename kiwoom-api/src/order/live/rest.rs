//! Cancelling what is left of an order while changes of it are under way, and finding an order that nothing announced yet.

use std::collections::BTreeSet;
use std::time::Duration;

use super::book::{Blotter, Key, key_of};
use super::core::Core;
use super::handle::LiveOrders;
use super::order::{LiveOrder, LiveStatus};
use crate::Error;
use crate::error::Kind;
use crate::language::both;
use crate::order::reconcile::row::bare;
use crate::order::{Action, Cancellation, OrderRef, Reconcile};

impl LiveOrders {
    /// Cancels what is left of an order and of everything that changes made of it: one cancellation for each that is open, none
    /// if nothing is. Each goes to the venue of its order.
    ///
    /// A change that is under way takes what is left to a number of its own. So this cancels what is open at once, then waits
    /// for the change to be answered and confirmed, and cancels what came of it, for as long as an order may take. Changes that
    /// another task sends meanwhile are followed as well.
    ///
    /// Where a push alone announced a US order, the lists are read for its exchange first, for as long as an order may take. They
    /// are also read if the order is not known here, or not known to be done although nothing of it is open. An order that is
    /// still not known after that is cancelled as it is given.
    ///
    /// An order may be filled before its cancellation arrives; [`wait`](LiveOrders::wait) tells what came of it.
    pub async fn cancel_rest(&self, order: &OrderRef) -> Vec<Cancellation> {
        let until = tokio::time::Instant::now() + self.orders().client().timeout().min(LONGEST);
        let key = self.0.core.read(|book| book.key_for(order));
        let open = self.left_of(&key, Remainder::Open);
        let is_clear = !open.is_empty() || self.chain(order).is_some_and(|chain| chain.is_done());
        if !is_clear || open.iter().any(|open| open.order.venue.is_empty()) {
            let _ = tokio::time::timeout_at(until, self.refresh()).await;
        }
        let key = self.0.core.read(|book| book.key_for(order));
        let (mut tried, mut cancellations) = (BTreeSet::new(), Vec::new());
        if self.get(order).is_none() {
            tried.insert(key.clone());
            let outcome = self.cancel(order).await;
            cancellations.push(Cancellation { order: order.clone(), remaining: None, outcome });
        }
        loop {
            self.cancel_left(&key, Remainder::Open, (&mut tried, &mut cancellations)).await;
            if !self.is_changing(&key) || tokio::time::Instant::now() >= until {
                break;
            }
            if tokio::time::timeout_at(until, self.more_of(&key, &tried)).await.is_err() {
                break;
            }
        }
        // the broker took it, and nobody says that it is in force
        self.cancel_left(&key, Remainder::Unconfirmed, (&mut tried, &mut cancellations)).await;
        cancellations
    }

    /// Cancels what was not tried yet.
    async fn cancel_left(
        &self,
        key: &Key,
        left: Remainder,
        (tried, cancellations): (&mut BTreeSet<Key>, &mut Vec<Cancellation>),
    ) {
        for LiveOrder { order, remaining, .. } in self.left_of(key, left) {
            if tried.insert(key_of(order.date, &order.number)) {
                let outcome = self.cancel(&order).await;
                let remaining = i64::try_from(remaining).ok();
                cancellations.push(Cancellation { order, remaining, outcome });
            }
        }
    }

    /// Returns when something else is open, or no change is under way any more.
    async fn more_of(&self, key: &Key, tried: &BTreeSet<Key>) -> Result<(), Error> {
        self.refresh().await?;
        let is_new = |open: &LiveOrder| !tried.contains(&key_of(open.order.date, &open.order.number));
        self.until(|_| {
            let more = !self.is_changing(key) || self.left_of(key, Remainder::Open).iter().any(is_new);
            more.then_some(())
        })
        .await
    }

    fn left_of(&self, key: &Key, left: Remainder) -> Vec<LiveOrder> {
        self.0.core.read(|book| book.left_of(key, left))
    }

    fn is_changing(&self, key: &Key) -> bool {
        let now = self.0.core.now();
        self.0.core.read(|book| book.is_changing(key, now))
    }

    /// Where the order stands, as soon as it is known.
    ///
    /// # Errors
    /// A list that was read late enough does not show it.
    pub(super) async fn shown(&self, order: &OrderRef) -> Result<Key, Error> {
        let core = &*self.0.core;
        let young = core.now().saturating_add(core.read(|book| book.looks.delay));
        loop {
            let reads = core.read(|book| book.looks.reads());
            if core.read(|book| book.has(order)).is_none() {
                core.change(|book, _| book.looks.by(young));
            }
            let shown = |core: &Core| {
                core.read(|book| match book.has(order) {
                    Some(key) => Some(Some(Ok(key))),
                    None if book.looks.began() >= Some(young) => Some(Some(Err(unknown(order)))),
                    // that one was too early: another
                    None => (book.looks.reads() > reads).then_some(None),
                })
            };
            if let Some(shown) = self.until(shown).await? {
                return shown;
            }
        }
    }
}

/// No timer holds more.
const LONGEST: Duration = Duration::from_secs(86_400);

fn unknown(OrderRef { date, number, .. }: &OrderRef) -> Error {
    Error::new(Kind::Realtime(both!(
        "no push and no list shows order {number} of {date} (is it an order of this account and market? What was done on earlier days is in no list)",
        "{date}의 주문 {number}은(는) 실시간 통보에도 주문 내역에도 없습니다 (이 계좌와 시장의 주문인지 확인하세요. 지난 날에 끝난 주문은 내역에 없습니다)"
    )))
}

/// What may still be filled.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Remainder {
    Open,
    /// Changes that the broker took and that nothing shows to be in force.
    Unconfirmed,
}

impl Blotter {
    /// What is left of an order and of what changes made of it.
    fn left_of(&self, key: &Key, left: Remainder) -> Vec<LiveOrder> {
        let orders = self.chain(key).map_or(Vec::new(), |chain| chain.orders);
        let is_left = |order: &LiveOrder| match left {
            Remainder::Open => order.is_open(),
            Remainder::Unconfirmed => order.status == LiveStatus::Request && self.is_change(order),
        };
        orders.into_iter().filter(is_left).collect()
    }

    fn is_change(&self, order: &LiveOrder) -> bool {
        let entry = self.entries.get(&key_of(order.order.date, &order.order.number));
        entry.is_some_and(|entry| entry.action == Some(Action::Modify))
    }

    /// Whether a change of it is under way: sent and not answered, or answered and not in force. One whose reply was lost is, as
    /// long as it may arrive.
    fn is_changing(&self, key: &Key, now: Duration) -> bool {
        let mut numbers: BTreeSet<String> = BTreeSet::from([key.1.to_string()]);
        numbers.extend(
            self.chain(key)
                .into_iter()
                .flat_map(|chain| chain.orders)
                .map(|order| bare(&order.order.number).to_owned()),
        );
        let sent = self.sendings.iter().any(|sending| {
            let of = sending.intent.original.as_ref().is_some_and(|number| numbers.contains(bare(number)));
            let is_recent = !sending.lost || now <= sending.sent.saturating_add(Reconcile::TRAVEL);
            sending.intent.action == Action::Modify && of && is_recent
        });
        sent || !self.left_of(key, Remainder::Unconfirmed).is_empty()
    }

    fn has(&self, order: &OrderRef) -> Option<Key> {
        let key = self.key_for(order);
        self.entries.contains_key(&key).then_some(key)
    }
}
