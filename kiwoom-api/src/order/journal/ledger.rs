//! What the journal's entries add up to: for each intent, what is known of it.
//!
//! Pure: the same entries give the same ledger, whether they were read from a file or have just been written.

use std::collections::HashMap;

use jiff::Timestamp;
use jiff::civil::Date;

use super::entry::{By, Entry, Fate};
use crate::order::{Intent, OrderId};

/// One intent and what is known of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Noted {
    pub intent: Intent,
    /// When it was noted, which was before it was sent.
    pub at: Timestamp,
    /// When the attempt to send it was over; `None` while it goes on, and after a crash in the middle.
    pub ended: Option<Timestamp>,
    pub fate: Fate,
    pub by: By,
    /// It was noted by an earlier run.
    pub earlier: bool,
}

#[derive(Debug, Default)]
pub(super) struct Ledger {
    noted: Vec<Noted>,
    /// Where the last use of an id stands.
    places: HashMap<OrderId, usize>,
}

impl Ledger {
    /// Takes in one entry.
    ///
    /// # Errors
    /// An entry that cannot follow those before it.
    pub fn take(&mut self, entry: Entry) -> Result<(), &'static str> {
        match entry {
            Entry::Head { .. } => Err("a second head"),
            Entry::Intent { intent, at } => {
                if self.is_spent(&intent.id) {
                    return Err("an order id is used twice");
                }
                self.places.insert(intent.id.clone(), self.noted.len());
                // unknown until something else is noted: this is what a crash leaves
                let (ended, fate, by) = (None, Fate::Unknown, By::Reply);
                self.noted.push(Noted { intent, at, ended, fate, by, earlier: false });
                Ok(())
            }
            Entry::Fate { id, at, fate, by } => {
                let place = *self.places.get(&id).ok_or("an outcome without an intent before it")?;
                let noted = &mut self.noted[place];
                if by == By::Reply {
                    noted.ended = Some(at);
                }
                // an order that exists does not cease to, whatever a later look-up says
                if !matches!(noted.fate, Fate::Placed(_)) {
                    (noted.fate, noted.by) = (fate, by);
                }
                Ok(())
            }
        }
    }

    /// What was noted so far was noted by an earlier run.
    pub fn begin_run(&mut self) {
        self.noted.iter_mut().for_each(|noted| noted.earlier = true);
    }

    /// The id may stand for an order at the broker: it cannot stand for another one.
    pub fn is_spent(&self, id: &OrderId) -> bool {
        self.get(id).is_some_and(|noted| matches!(noted.fate, Fate::Unknown | Fate::Placed(_)))
    }

    /// The last use of an id.
    pub fn get(&self, id: &OrderId) -> Option<&Noted> {
        self.noted.get(*self.places.get(id)?)
    }

    /// All intents in the order in which they were noted.
    pub fn all(&self) -> impl Iterator<Item = &Noted> {
        self.noted.iter()
    }

    /// Intents of which nobody knows what became of them.
    pub fn unknown(&self) -> impl Iterator<Item = &Noted> {
        self.all().filter(|noted| noted.fate == Fate::Unknown)
    }

    /// Forgets what was settled and meant before `keep_from`.
    pub fn forget_before(&mut self, keep_from: Date) {
        self.noted.retain(|noted| noted.is_needed(keep_from));
        self.places = self.noted.iter().enumerate().map(|(place, noted)| (noted.intent.id.clone(), place)).collect();
    }

    /// The entries that say the same again, without what was settled before `keep_from`.
    pub fn entries(&self, keep_from: Date) -> impl Iterator<Item = Entry> {
        self.all().filter(move |noted| noted.is_needed(keep_from)).flat_map(|noted| {
            let intent = Entry::Intent { intent: noted.intent.clone(), at: noted.at };
            let id = &noted.intent.id;
            let fate = |at: Timestamp, fate: &Fate, by| Entry::Fate { id: id.clone(), at, fate: fate.clone(), by };
            let ended = noted.ended.map(|at| match noted.by {
                By::Reply => fate(at, &noted.fate, By::Reply),
                // the reply left it unknown, and something else settled it
                By::Lists | By::Caller => fate(at, &Fate::Unknown, By::Reply),
            });
            let settled = (noted.by != By::Reply).then(|| fate(noted.ended.unwrap_or(noted.at), &noted.fate, noted.by));
            [Some(intent), ended, settled].into_iter().flatten()
        })
    }
}

impl Noted {
    fn is_needed(&self, keep_from: Date) -> bool {
        self.fate == Fate::Unknown || self.intent.date >= keep_from
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::{at, intent, order};
    use super::*;

    fn begun(id: &str) -> Entry {
        Entry::Intent { intent: intent(id), at: at(1) }
    }

    fn ended(id: &str, fate: Fate) -> Entry {
        Entry::Fate { id: id.parse().unwrap(), at: at(2), fate, by: By::Reply }
    }

    fn ledger(entries: impl IntoIterator<Item = Entry>) -> Ledger {
        let mut ledger = Ledger::default();
        entries.into_iter().for_each(|entry| ledger.take(entry).unwrap());
        ledger
    }

    #[test]
    fn an_intent_without_an_outcome_is_unknown() {
        let ledger = ledger([begun("a"), begun("b"), ended("b", Fate::Placed(order("1"))), begun("c")]);
        let unknown: Vec<_> = ledger.unknown().map(|noted| noted.intent.id.as_str()).collect();
        assert_eq!(unknown, ["a", "c"]);
    }

    #[test]
    fn an_id_is_spent_once_its_order_may_exist() {
        for (fate, spent) in [
            (Fate::Unknown, true),
            (Fate::Placed(order("1")), true),
            (Fate::Rejected(String::new()), false),
            (Fate::Nothing, false),
        ] {
            let mut ledger = ledger([begun("a"), ended("a", fate.clone())]);
            assert_eq!(ledger.is_spent(&"a".parse().unwrap()), spent, "{fate:?}");
            assert_eq!(ledger.take(begun("a")).is_err(), spent, "{fate:?}");
        }
    }

    #[test]
    fn an_order_that_exists_does_not_cease_to() {
        let id: OrderId = "a".parse().unwrap();
        let placed = Fate::Placed(order("1"));
        let mut ledger = ledger([begun("a"), ended("a", placed.clone())]);
        ledger.take(Entry::Fate { id: id.clone(), at: at(3), fate: Fate::Nothing, by: By::Lists }).unwrap();
        assert_eq!(ledger.get(&id).unwrap().fate, placed);
    }

    #[test]
    fn an_outcome_of_nothing_is_refused() {
        assert!(Ledger::default().take(ended("a", Fate::Nothing)).is_err());
    }

    #[test]
    fn the_same_again_without_what_is_over() {
        let today = intent("x").date;
        let old =
            |id: &str| Entry::Intent { intent: Intent { date: today.yesterday().unwrap(), ..intent(id) }, at: at(0) };
        let settled = |id: &str, fate, by| Entry::Fate { id: id.parse().unwrap(), at: at(3), fate, by };
        let entries = [
            old("old"),
            ended("old", Fate::Placed(order("1"))),
            old("lost"),
            begun("a"),
            ended("a", Fate::Rejected("1504".into())),
            begun("b"),
            ended("b", Fate::Unknown),
            settled("b", Fate::Placed(order("2")), By::Lists),
            begun("c"),
            settled("c", Fate::Nothing, By::Caller),
            begun("d"),
        ];
        let mut before = ledger(entries);
        let after = ledger(before.entries(today));
        before.forget_before(today);
        let (before, after): (Vec<_>, Vec<_>) = (before.all().collect(), after.all().collect());
        assert_eq!(before.len(), 5);
        assert_eq!(after, before);
    }
}
