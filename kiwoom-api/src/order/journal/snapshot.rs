//! What reconciliation reads from the journal, and writes to it.

use jiff::Timestamp;

use super::entry::{By, Fate, Note};
use super::ledger::Noted;
use super::{Journal, lock};
use crate::Error;
use crate::order::{OrderId, OrderRef, Unsettled};

/// What is known at one moment.
#[derive(Default)]
pub(in crate::order) struct Snapshot {
    /// The fate of these is unknown.
    pub unsettled: Vec<Unsettled>,
    /// These are under way, or were accepted under a number that could not be read: their rows are in the lists too.
    pub claims: Vec<Unsettled>,
    /// Orders that exist.
    pub placed: Vec<OrderRef>,
    /// What was meant by each of them, and when it was sent.
    pub meant: Vec<Unsettled>,
    /// Those of them that the reply to the order itself confirmed.
    pub confirmed: Vec<OrderRef>,
}

impl Journal {
    /// What a look at the broker's lists needs to know.
    pub(in crate::order) fn snapshot(&self) -> Snapshot {
        let state = lock(&self.0.state);
        let mut snapshot = Snapshot::default();
        for noted in state.ledger.all() {
            match &noted.fate {
                Fate::Placed(order) if !order.is_numbered() => snapshot.claims.push(noted.unsettled()),
                Fate::Placed(order) => {
                    snapshot.placed.push(order.clone());
                    snapshot.meant.push(noted.unsettled());
                    if noted.by == By::Reply {
                        snapshot.confirmed.push(order.clone());
                    }
                }
                Fate::Unknown if state.sending.contains(&noted.intent.id) => snapshot.claims.push(noted.unsettled()),
                Fate::Unknown => snapshot.unsettled.push(noted.unsettled()),
                Fate::Rejected(_) | Fate::Nothing => {}
            }
        }
        snapshot
    }

    /// Notes that an attempt whose end nobody saw was over at `at`: the process died, or its future was dropped. Nothing, if it
    /// was settled, or its id used again, meanwhile.
    pub(in crate::order) async fn over(&self, left: &Unsettled, at: Timestamp) -> Result<(), Error> {
        let (id, since) = (left.intent.id.clone(), left.since);
        let state = self.0.state.clone();
        self.write(move |book| {
            let open = |noted: &Noted| noted.fate == Fate::Unknown && noted.ended.is_none() && noted.at == since;
            if !lock(&state).ledger.get(&id).is_some_and(open) {
                return Ok(());
            }
            let entry = Note::Fate { id, at, fate: Fate::Unknown, by: By::Reply };
            book.note(&entry)?;
            lock(&state).ledger.take(entry)
        })
        .await
    }

    /// Notes what the broker's lists said of what was meant at `since`. Nothing, if it was settled otherwise meanwhile.
    pub(in crate::order) async fn settled(
        &self,
        id: &OrderId,
        since: Option<Timestamp>,
        order: Option<OrderRef>,
    ) -> Result<(), Error> {
        let is_open = || self.unsettled().iter().any(|left| left.intent.id == *id && Some(left.since) == since);
        if !is_open() {
            return Ok(());
        }
        let fate = order.map_or(Fate::Nothing, Fate::Placed);
        match self.settle((id.clone(), since), fate, By::Lists).await {
            Err(error) if is_open() => Err(error),
            _ => Ok(()),
        }
    }
}
