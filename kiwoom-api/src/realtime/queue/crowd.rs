//! Too many events for a reader that does not read: those about the same become one, the oldest of the others are counted.
//!
//! One event takes the place of the first of its kind, so it still stands before the first push after each of them.

use std::collections::{HashMap, VecDeque};

use super::{Item, Queue, Stored};
use crate::realtime::event::Event;

/// More entries than this do not wait as they are.
const MOST: usize = 1_000;
/// Of the events that nothing can be merged with, so many of the newest stay.
const NEWEST: usize = MOST / 2;

impl Queue {
    /// Makes fewer of too many. What cannot become fewer is bounded by the topics and symbols of the subscription.
    pub(super) fn thin_out(&mut self) {
        if self.said.len() >= self.crowded.max(MOST) {
            self.said = thinned(std::mem::take(&mut self.said));
            self.crowded = self.said.len() * 2;
        }
    }
}

/// What entries that become one are about.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Subject {
    Gap(&'static str),
    Full(&'static str),
    Rejected(&'static str, String),
    Missed(&'static str, String),
    NoBook(String),
    Book(String),
    Hits,
    Skipped,
}

impl Subject {
    fn of(entry: &Stored) -> Option<Subject> {
        let event = match entry {
            Stored::Item(Item::Event(event)) => event,
            Stored::Item(Item::Snapshot(snapshot)) => return Some(Subject::Book(snapshot.symbol.clone())),
            Stored::Hits(_) => return Some(Subject::Hits),
            Stored::Item(Item::Push(_)) | Stored::Page(_) => return None,
        };
        Some(match event {
            Event::Gap { topic, .. } => Subject::Gap(topic),
            Event::SlotsFull { topic, .. } => Subject::Full(topic),
            Event::Rejected { topic, symbol, .. } => Subject::Rejected(topic, symbol.clone()),
            Event::Missed { topic, symbol, .. } => Subject::Missed(topic, symbol.clone()),
            Event::NoSnapshot { symbol, .. } => Subject::NoBook(symbol.clone()),
            Event::Skipped { .. } => Subject::Skipped,
            _ => return None,
        })
    }
}

/// Events that say where the connection is: only the newest of them matter, and the others are counted.
fn is_passing(entry: &Stored) -> bool {
    use Event::{Connected, Disconnected, Kicked, Stale, System, Unknown};
    matches!(
        entry,
        Stored::Item(Item::Event(
            Connected | Disconnected { .. } | Kicked { .. } | Stale { .. } | System { .. } | Unknown { .. }
        ))
    )
}

fn thinned(said: VecDeque<(u64, Stored)>) -> VecDeque<(u64, Stored)> {
    let mut spare = said.iter().filter(|(_, entry)| is_passing(entry)).count().saturating_sub(NEWEST);
    let mut kept: Vec<Option<(u64, Stored)>> = Vec::with_capacity(said.len());
    let mut firsts = HashMap::<Subject, usize>::new();
    for (place, entry) in said {
        let entry = match is_passing(&entry) && spare > 0 {
            true => {
                spare -= 1;
                Stored::Item(Item::Event(Event::Skipped { events: 1 }))
            }
            false => entry,
        };
        let Some(subject) = Subject::of(&entry) else {
            kept.push(Some((place, entry)));
            continue;
        };
        let first = firsts.get(&subject).copied();
        match first.and_then(|first| kept[first].as_mut()) {
            // a newer result or book must not stand before older pushes: it takes over from its own place
            Some(_) if matches!(subject, Subject::Book(_) | Subject::Hits) => {
                if let Some(first) = firsts.insert(subject, kept.len()) {
                    kept[first] = None;
                }
                kept.push(Some((place, entry)));
            }
            Some((_, Stored::Item(Item::Event(known)))) => {
                if let Stored::Item(Item::Event(event)) = entry {
                    merge(known, event);
                }
            }
            _ => {
                firsts.insert(subject, kept.len());
                kept.push(Some((place, entry)));
            }
        }
    }
    kept.into_iter().flatten().collect()
}

/// Makes `known` say what both say; they are about the same.
fn merge(known: &mut Event, event: Event) {
    match (known, event) {
        (Event::Gap { symbols, from, to, .. }, Event::Gap { symbols: more, from: other, to: end, .. }) => {
            add(symbols, more);
            (*from, *to) = ((*from).min(other), (*to).max(end));
        }
        (Event::SlotsFull { symbols, .. }, Event::SlotsFull { symbols: more, .. }) => add(symbols, more),
        (Event::Missed { volume, from, to, .. }, Event::Missed { volume: more, from: other, to: end, .. }) => {
            *volume = volume.saturating_add(more);
            (*from, *to) = ((*from).min(other), (*to).max(end));
        }
        (Event::Skipped { events }, Event::Skipped { events: more }) => *events += more,
        // what the broker says now of the same symbol
        (known, event) => *known = event,
    }
}

fn add(symbols: &mut Vec<String>, more: Vec<String>) {
    for symbol in more {
        if !symbols.contains(&symbol) {
            symbols.push(symbol);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use jiff::Timestamp;

    use super::*;
    use crate::realtime::policy::Policy;
    use crate::realtime::push::Push;
    use crate::realtime::queue::tests::Number;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn gap(symbol: &str, second: i64) -> Event {
        let symbols = vec![symbol.to_owned()];
        Event::Gap { topic: "0B", symbols, from: at(second - 1), to: at(second) }
    }

    /// Events of a connection that breaks each second, and a push after each gap.
    fn broken(queue: &mut Queue, seconds: i64) {
        for second in 1..=seconds {
            queue.event(Event::Disconnected { why: "reset".into(), retry_in: Duration::ZERO });
            queue.event(Event::Connected);
            let symbol = ["A", "B", "C"][second as usize % 3];
            queue.event(gap(symbol, second));
            queue.push(Push::new_at(symbol, Number(second), at(second)));
        }
    }

    #[test]
    fn events_that_nobody_reads_stay_few_and_every_gap_stays_told() {
        const SECONDS: i64 = 20_000;
        for policy in [Policy::DropOldest(100), Policy::Keep, Policy::Latest] {
            let mut queue = Queue::new([("0B", policy)]);
            broken(&mut queue, SECONDS);
            assert!(queue.said.len() <= 2 * MOST, "{}", queue.said.len());
            let (mut passing, mut skipped, mut told) = (0, 0, Vec::new());
            while let Some(entry) = queue.pop() {
                match entry {
                    Stored::Item(Item::Event(Event::Skipped { events })) => skipped += events,
                    Stored::Item(Item::Event(Event::Gap { symbols, from, to, .. })) => told.push((symbols, from, to)),
                    Stored::Item(Item::Push(push)) => {
                        let (second, symbol) = (push.of::<Number>().unwrap().0, push.symbol().to_owned());
                        let covers = |(symbols, from, to): &(Vec<String>, Timestamp, Timestamp)| {
                            symbols.contains(&symbol) && *from <= at(second - 1) && *to >= at(second)
                        };
                        assert!(told.iter().any(covers), "{policy:?}: the gap before the push of {second}");
                    }
                    entry => passing += u64::from(is_passing(&entry)),
                }
            }
            assert_eq!(passing + skipped, 2 * SECONDS as u64, "shown or counted");
            assert!(skipped > 0 && passing <= 2 * MOST as u64);
            let from = told.iter().map(|(_, from, _)| *from).min();
            let to = told.iter().map(|(_, _, to)| *to).max();
            assert_eq!((from, to), (Some(at(0)), Some(at(SECONDS))), "no second is lost");
        }
    }

    #[test]
    fn a_reader_that_is_not_late_gets_them_as_they_are() {
        let mut queue = Queue::new([("0B", Policy::Keep)]);
        broken(&mut queue, 200);
        let all: Vec<Stored> = std::iter::from_fn(|| queue.pop()).collect();
        assert_eq!(all.len(), 800);
        assert!(!all.iter().any(|entry| matches!(entry, Stored::Item(Item::Event(Event::Skipped { .. })))));
        // and again, after it was read
        broken(&mut queue, 200);
        assert_eq!(std::iter::from_fn(|| queue.pop()).count(), 800);
    }

    #[test]
    fn what_cannot_be_merged_is_bounded_by_symbols_and_nothing_of_it_is_lost() {
        let mut queue = Queue::default();
        for round in 0..20_i64 {
            for symbol in (0..200).map(|code| format!("{code:06}")) {
                let (topic, refused) = ("0B", symbol.clone());
                queue.event(Event::Rejected {
                    topic,
                    symbol: refused,
                    code: round.to_string(),
                    message: String::new(),
                });
                queue.event(Event::Missed {
                    topic,
                    symbol: symbol.clone(),
                    volume: 1,
                    from: at(round),
                    to: at(round + 1),
                });
                queue.event(Event::NoSnapshot { symbol, why: round.to_string() });
            }
            queue.event(Event::SlotsFull { topic: "0B", symbols: vec![round.to_string()] });
            queue.say(Stored::Hits(vec![round.to_string()]));
        }
        queue.event(Event::Closed { why: crate::realtime::Closed::Kicked });
        assert!(queue.said.len() < 4 * MOST, "{}", queue.said.len());
        let (mut missed, mut last, mut full) = (0, Vec::new(), 0);
        for (_, entry) in thinned(std::mem::take(&mut queue.said)) {
            match entry {
                Stored::Item(Item::Event(Event::Missed { volume, .. })) => missed += volume,
                Stored::Item(Item::Event(Event::Rejected { code, .. })) => last.push(code),
                Stored::Item(Item::Event(Event::SlotsFull { symbols, .. })) => full += symbols.len(),
                Stored::Hits(codes) => assert_eq!(codes, ["19"], "the newest result is the whole one"),
                _ => {}
            }
        }
        assert_eq!((missed, full), (200 * 20, 20));
        assert!(last.len() == 200 && last.iter().all(|code| code == "19"));
        assert!(queue.ended);
    }
}
