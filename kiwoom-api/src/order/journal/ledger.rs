//! What the journal's entries add up to: for each intent, what is known about it.
//!
//! Pure: the same entries give the same ledger, whether they were read from a file or have just been written.

use std::collections::{HashMap, HashSet};

use jiff::civil::Date;
use jiff::tz::Offset;
use jiff::{Span, Timestamp};

use super::entry::{By, Fate, Note};
use crate::language::{Both, fixed};
use crate::net::clock::in_korea;
use crate::net::guard::Halt;
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

#[derive(Clone, Debug, Default)]
pub(super) struct Ledger {
    noted: Vec<Noted>,
    /// Where the last use of an id stands.
    places: HashMap<OrderId, usize>,
    halt: Option<(Halt, Timestamp)>,
}

impl Ledger {
    /// Takes in one entry.
    ///
    /// # Errors
    /// An entry that cannot follow those before it.
    pub fn take(&mut self, entry: Note) -> Result<(), Both> {
        self.can_take(&entry)?;
        match entry {
            Note::Head { .. } => Err(fixed!("a second head", "첫머리가 두 번 나옵니다")),
            Note::Intent { intent, at } => {
                self.places.insert(intent.id.clone(), self.noted.len());
                // unknown until something else is noted: this is what a crash leaves
                let (ended, fate, by) = (None, Fate::Unknown, By::Reply);
                self.noted.push(Noted { intent, at, ended, fate, by, earlier: false });
                Ok(())
            }
            Note::Fate { id, at, fate, by } => {
                let place = *self
                    .places
                    .get(&id)
                    .ok_or(fixed!("an outcome without an intent before it", "앞에 주문이 없는 결과입니다"))?;
                let noted = &mut self.noted[place];
                if by == By::Reply {
                    noted.ended = Some(at);
                }
                if noted.yields_to(by) {
                    (noted.fate, noted.by) = (fate, by);
                }
                Ok(())
            }
            Note::Halt { halt, at } => {
                self.halt = Some((halt, at));
                Ok(())
            }
            Note::Resume { .. } => {
                self.halt = None;
                Ok(())
            }
        }
    }

    /// Whether an entry can follow those before it.
    pub fn can_take(&self, entry: &Note) -> Result<(), Both> {
        match entry {
            Note::Head { .. } => Err(fixed!("a second head", "첫머리가 두 번 나옵니다")),
            Note::Intent { intent, .. } if self.is_spent(&intent.id) => {
                Err(fixed!("an order id is used twice", "주문 이름이 두 번 쓰였습니다"))
            }
            Note::Fate { id, .. } if self.get(id).is_none() => {
                Err(fixed!("an outcome without an intent before it", "앞에 주문이 없는 결과입니다"))
            }
            _ => Ok(()),
        }
    }

    /// Trades are stopped, as far as was noted.
    pub fn halt(&self) -> Option<&Halt> {
        self.halt.as_ref().map(|(halt, _)| halt)
    }

    /// What was noted so far was noted by an earlier run.
    pub fn begin_run(&mut self) {
        self.noted.iter_mut().for_each(|noted| noted.earlier = true);
    }

    /// Whether the id may stand for an order at the broker, so that it cannot stand for another one.
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

    /// Intents whose fate is unknown.
    pub fn unknown(&self) -> impl Iterator<Item = &Noted> {
        self.all().filter(|noted| noted.fate == Fate::Unknown)
    }

    /// For each intent whether it is needed still, if those that are settled and were meant before `keep_from` are to go.
    ///
    /// What stays all the same: everything of a day on which an unsettled order may have been taken, because its rows are told
    /// from those of other orders by knowing those; and for the same reason everything of today and the two days before.
    pub fn needed(&self, keep_from: Date, now: Timestamp) -> Vec<bool> {
        let today = in_korea(now).date();
        // the next order may be lost as well, and US days and this machine's clock may be off by one each
        let recent = Offset::UTC.to_datetime(now).date().saturating_sub(Span::new().days(2));
        let touched: Vec<(Date, Date)> = self.unknown().map(|noted| noted.days(today)).collect();
        let is_touched = |date: Date| touched.iter().any(|(first, last)| (*first..=*last).contains(&date));
        let is_needed = |noted: &Noted| {
            let listed = match &noted.fate {
                Fate::Placed(order) => order.date,
                _ => noted.intent.date,
            };
            noted.fate == Fate::Unknown
                || noted.intent.date.max(listed) >= keep_from.min(recent)
                || is_touched(noted.intent.date)
                || is_touched(listed)
        };
        self.all().map(is_needed).collect()
    }

    /// Forgets all but these.
    pub fn keep(&mut self, needed: &[bool]) {
        let mut needed = needed.iter();
        self.retain(|_| needed.next().copied().unwrap_or(true));
    }

    /// The intents that are not among these: by id and time.
    pub fn others(&self, needed: &[bool]) -> HashSet<(OrderId, Timestamp)> {
        let key = |noted: &Noted| (noted.intent.id.clone(), noted.at);
        let kept: HashSet<_> =
            self.all().zip(needed).filter(|(_, needed)| **needed).map(|(noted, _)| key(noted)).collect();
        self.all().map(key).filter(|key| !kept.contains(key)).collect()
    }

    /// Forgets these.
    pub fn forget(&mut self, gone: &HashSet<(OrderId, Timestamp)>) {
        self.retain(|noted| !gone.contains(&(noted.intent.id.clone(), noted.at)));
    }

    fn retain(&mut self, mut keep: impl FnMut(&Noted) -> bool) {
        self.noted.retain(|noted| keep(noted));
        self.places = self.noted.iter().enumerate().map(|(place, noted)| (noted.intent.id.clone(), place)).collect();
    }

    /// The entries that say the same again, of these intents only.
    pub fn entries(&self, needed: &[bool]) -> Vec<Note> {
        let kept = self.all().zip(needed).filter(|(_, needed)| **needed).map(|(noted, _)| noted);
        let mut entries: Vec<Note> = kept.flat_map(Noted::entries).collect();
        entries.extend(self.halt.clone().map(|(halt, at)| Note::Halt { halt, at }));
        entries
    }
}

impl Noted {
    /// Whether what is known gives way to what `by` says later.
    ///
    /// The reply to the order itself is final; a person may correct what was read from lists and what was declared by
    /// hand; lists settle what is unknown.
    fn yields_to(&self, by: By) -> bool {
        match by {
            By::Reply => !matches!(self.fate, Fate::Placed(_)),
            By::Lists => self.fate == Fate::Unknown,
            By::Caller => self.may_be_declared(),
        }
    }

    /// Whether the reply to the order left its fate unknown.
    pub fn may_be_declared(&self) -> bool {
        self.fate == Fate::Unknown || self.by != By::Reply
    }

    /// The first and the last day on which the broker may have taken it, or may list it.
    fn days(&self, today: Date) -> (Date, Date) {
        let day = Span::new().days(1);
        // a process that died may have sent it at any time since
        let last = self.ended.map_or(today, |at| in_korea(at).date()).max(self.intent.date);
        (self.intent.date.saturating_sub(day), last.saturating_add(day))
    }

    fn entries(&self) -> impl Iterator<Item = Note> {
        let intent = Note::Intent { intent: self.intent.clone(), at: self.at };
        let id = &self.intent.id;
        let fate = |at: Timestamp, fate: &Fate, by| Note::Fate { id: id.clone(), at, fate: fate.clone(), by };
        let ended = self.ended.map(|at| match self.by {
            By::Reply => fate(at, &self.fate, By::Reply),
            // the reply left it unknown, and something else settled it
            By::Lists | By::Caller => fate(at, &Fate::Unknown, By::Reply),
        });
        let settled = (self.by != By::Reply).then(|| fate(self.ended.unwrap_or(self.at), &self.fate, self.by));
        [Some(intent), ended, settled].into_iter().flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::{at, intent, order};
    use super::*;
    use crate::order::OrderRef;

    fn begun(id: &str) -> Note {
        Note::Intent { intent: intent(id), at: at(1) }
    }

    fn ended(id: &str, fate: Fate) -> Note {
        Note::Fate { id: id.parse().unwrap(), at: at(2), fate, by: By::Reply }
    }

    fn ledger(entries: impl IntoIterator<Item = Note>) -> Ledger {
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
    fn who_has_the_last_word() {
        let id: OrderId = "a".parse().unwrap();
        let (placed, other) = (Fate::Placed(order("1")), Fate::Placed(order("2")));
        let said = |fate: &Fate, by| Note::Fate { id: id.clone(), at: at(3), fate: fate.clone(), by };
        for (first, second, last) in [
            // the reply to the order
            ((&placed, By::Reply), (&Fate::Nothing, By::Lists), &placed),
            ((&placed, By::Reply), (&Fate::Nothing, By::Caller), &placed),
            ((&Fate::Nothing, By::Reply), (&placed, By::Caller), &Fate::Nothing),
            // a person corrects the lists, and a person
            ((&placed, By::Lists), (&Fate::Nothing, By::Caller), &Fate::Nothing),
            ((&placed, By::Lists), (&other, By::Caller), &other),
            ((&Fate::Nothing, By::Lists), (&placed, By::Caller), &placed),
            ((&Fate::Nothing, By::Caller), (&placed, By::Caller), &placed),
            // lists settle what is unknown and nothing else
            ((&placed, By::Lists), (&Fate::Nothing, By::Lists), &placed),
            ((&Fate::Nothing, By::Caller), (&placed, By::Lists), &Fate::Nothing),
            ((&Fate::Unknown, By::Reply), (&placed, By::Lists), &placed),
        ] {
            let ledger = ledger([begun("a"), said(first.0, first.1), said(second.0, second.1)]);
            assert_eq!(ledger.get(&id).unwrap().fate, *last, "{first:?}, then {second:?}");
        }
    }

    #[test]
    fn an_outcome_of_nothing_is_refused() {
        assert!(Ledger::default().take(ended("a", Fate::Nothing)).is_err());
    }

    #[test]
    fn the_same_again_without_what_is_over() {
        let today = intent("x").date;
        let old =
            |id: &str| Note::Intent { intent: Intent { date: today.yesterday().unwrap(), ..intent(id) }, at: at(0) };
        let settled = |id: &str, fate, by| Note::Fate { id: id.parse().unwrap(), at: at(3), fate, by };
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
        before.halt = Some((Halt { scope: crate::net::guard::Reach::All, reason: "loss".into() }, at(9)));
        let later = at(3600 * 24 * 30);
        let mut again = |keep_from: Date| {
            let needed = before.needed(keep_from, later);
            let after = ledger(before.entries(&needed));
            before.keep(&needed);
            assert_eq!(after.all().collect::<Vec<_>>(), before.all().collect::<Vec<_>>());
            assert_eq!(after.halt(), before.halt());
            before.all().count()
        };
        // `lost` and `d` may have been taken on any day since
        assert_eq!(again(today), 6);
        for id in ["lost", "d"] {
            before.take(settled(id, Fate::Nothing, By::Lists)).unwrap();
        }
        let mut again = |keep_from: Date| {
            let needed = before.needed(keep_from, later);
            before.keep(&needed);
            before.all().count()
        };
        assert_eq!(again(today), 5);
        assert_eq!(again(today.tomorrow().unwrap()), 0);
    }

    #[test]
    fn what_an_unsettled_order_can_touch_stays() {
        let monday = intent("x").date;
        let of = |id: &str, date: Date| Note::Intent { intent: Intent { date, ..intent(id) }, at: at(1) };
        let day = |by: i64| monday.saturating_add(Span::new().days(by));
        for (ended_at, kept) in [
            (Some(at(5)), vec!["before", "lost", "twin", "next"]),
            (None, vec!["before", "lost", "twin", "next", "friday"]),
        ] {
            let mut entries = vec![of("long-before", day(-2)), of("before", day(-1)), of("lost", monday)];
            entries.extend([of("twin", monday), of("next", day(1)), of("friday", day(4))]);
            for (id, by) in [("long-before", -2), ("before", -1), ("twin", 0), ("next", 1), ("friday", 4)] {
                entries.push(ended(id, Fate::Placed(OrderRef { date: day(by), ..order(id) })));
            }
            entries.extend(ended_at.map(|at| Note::Fate {
                id: "lost".parse().unwrap(),
                at,
                fate: Fate::Unknown,
                by: By::Reply,
            }));
            let mut ledger = ledger(entries);
            // a friday's order is listed where its number says
            let saturday = at(3600 * 24 * 5);
            if ended_at.is_some() {
                let needed = ledger.needed(day(30), at(3600 * 24 * 30));
                ledger.keep(&needed);
            } else {
                let needed = ledger.needed(day(30), saturday);
                ledger.keep(&needed);
            }
            let ids: Vec<&str> = ledger.all().map(|noted| noted.intent.id.as_str()).collect();
            assert_eq!(ids, kept);
        }
    }

    #[test]
    fn what_is_of_today_stays() {
        // the next order may be lost as well, and be like one of these
        let mut ledger = ledger([begun("a"), ended("a", Fate::Placed(order("1")))]);
        let needed = ledger.needed(Date::MAX, at(60));
        ledger.keep(&needed);
        assert_eq!(ledger.all().count(), 1);
    }
}
