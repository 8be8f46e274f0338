//! What time does to orders: they end with their day, are looked at where something is in doubt, and are forgotten.

use std::collections::BTreeSet;
use std::time::Duration;

use jiff::civil::Date;

use super::super::entry::Tracked;
use super::super::facts::Finish;
use super::super::order::{LiveOrder, Origin, Proof};
use super::{Blotter, Key};

impl Blotter {
    /// Domestic orders end with their day.
    pub(super) fn expire(&mut self, began: Duration, days: &[Date], today: Date) {
        let over = |key: &Key, entry: &Tracked| {
            let late = began >= entry.pushed.saturating_add(self.looks.delay);
            let domestic = entry.order.desk != crate::order::Desk::Us;
            key.0 < today && days.contains(&key.0) && domestic && late && entry.facts.ended().is_none()
        };
        let over = self.entries.iter().filter(|(key, entry)| over(key, entry)).map(|(key, _)| key.clone());
        for key in over.collect::<Vec<_>>() {
            let entry = self.entries.get_mut(&key).expect("it was found");
            if entry.facts.sums().remaining.is_none_or(|left| !left.is_zero()) {
                entry.facts.end(Finish::Expired);
                self.touch(&key, None);
            }
        }
    }

    /// Asks for a look where only the lists can tell.
    pub(super) fn doubt(&mut self, now: Duration) {
        let mut doubts = self.sendings.iter().filter(|sending| sending.lost).count();
        for entry in self.entries.values() {
            let Some(view) = &entry.told else {
                doubts += 1;
                continue;
            };
            doubts += usize::from(entry.is_doubtful(view) || entry.origin == Origin::Ours(Proof::Push));
        }
        self.looks.wish(now, doubts);
    }

    /// Orders of earlier days that are done are not needed any more.
    pub(super) fn forget(&mut self, today: Date) {
        let old = |day: Date| day.tomorrow().is_ok_and(|next| next < today);
        if self.entries.keys().any(|(day, _)| old(*day)) {
            self.nothing.clear();
        }
        self.entries.retain(|(day, _), entry| !(old(*day) && entry.told.as_ref().is_none_or(LiveOrder::is_done)));
        self.ids.retain(|_, key| self.entries.contains_key(key));
    }

    /// The days that a look must cover, besides today.
    pub fn days(&self) -> BTreeSet<Date> {
        let open = self.entries.iter().filter(|(_, entry)| entry.told.as_ref().is_none_or(|told| !told.is_done()));
        open.map(|((day, _), _)| *day).collect()
    }
}
