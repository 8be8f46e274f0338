//! One count: when its next request may go.
//!
//! Stored as the times of the last requests, not as a level: a changed rate then applies at once, an unused place can
//! be returned exactly, and no pause, however long, saves up more than a burst.

use std::collections::VecDeque;
use std::time::Duration;

use super::queue::{Moment, Ticket};
use super::rules::{Season, Tariff};
use super::{Rate, SLACK};

#[derive(Debug)]
pub(super) struct Bucket {
    tariff: Tariff,
    /// What the broker said, by season.
    learned: [Option<Rate>; 2],
    /// The times of the last requests, oldest first, with their tickets.
    last: VecDeque<(Duration, Ticket)>,
    paused_until: Duration,
    pub sent: u64,
    pub refused: u64,
}

impl Bucket {
    pub fn new(tariff: Tariff) -> Bucket {
        let (learned, last) = ([None; 2], VecDeque::new());
        Bucket { tariff, learned, last, paused_until: Duration::ZERO, sent: 0, refused: 0 }
    }

    /// The rate that applies now; `None`: not limited.
    pub fn rate(&self, season: Season) -> Option<Rate> {
        let season = self.season(season);
        let Some(learned) = self.learned[season as usize] else {
            return match season {
                Season::Peak => self.tariff.peak.or(self.tariff.normal),
                Season::Normal => self.tariff.normal,
            };
        };
        Some(self.tariff.ceiling.map_or(learned, |ceiling| ceiling.slower(learned)))
    }

    /// When the next request may go, if no other goes before.
    pub fn ready(&self, season: Season) -> Duration {
        let Some(rate) = self.rate(season) else {
            return self.paused_until;
        };
        // no more than a burst in the time of a burst, no more than the rate in its second
        [self.tariff.burst.min(rate.count()), rate.count()].into_iter().fold(self.paused_until, |ready, many| {
            let nth_last = self.last.len().checked_sub(many as usize).and_then(|index| self.last.get(index));
            nth_last.map_or(ready, |(at, _)| ready.max(at.saturating_add(rate.spacing().saturating_mul(many))))
        })
    }

    /// A request is sent now.
    pub fn take(&mut self, now: Duration, season: Season, ticket: Ticket) {
        self.sent += 1;
        let Some(rate) = self.rate(season) else {
            return;
        };
        // timers are a little late: that must not add up
        let at = self.ready(season).clamp(now.saturating_sub(SLACK), now);
        let keep = if self.tariff.burst == 1 { 1 } else { rate.count() as usize };
        while self.last.len() >= keep {
            self.last.pop_front();
        }
        self.last.push_back((at, ticket));
    }

    /// The request of `ticket` was not sent after all.
    pub fn give_back(&mut self, ticket: Ticket) {
        self.sent -= 1;
        self.last.retain(|(_, whose)| *whose != ticket);
    }

    pub fn pause_until(&mut self, until: Duration) {
        self.paused_until = self.paused_until.max(until);
    }

    /// The broker said how many requests it accepts. If the season is about to change, nobody knows which one it meant.
    pub fn learn(&mut self, count: u32, moment: Moment) {
        if self.tariff.seasonal && moment.near {
            return;
        }
        let known = self.rate(moment.season).unwrap_or(Rate::per_second(1));
        if let Some(rate) = known.corrected(count) {
            self.learned[self.season(moment.season) as usize] = Some(rate);
        }
    }

    fn season(&self, season: Season) -> Season {
        if self.tariff.seasonal { season } else { Season::Normal }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NORMAL: Season = Season::Normal;

    fn bucket(rate: Rate, burst: u32) -> Bucket {
        Bucket::new(Tariff { normal: Some(rate), burst, ..Tariff::default() })
    }

    fn ms(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    fn at(season: Season) -> Moment {
        Moment { now: ms(0), season, near: false }
    }

    fn ticket(place: u64) -> Ticket {
        Ticket { queue: 0, place }
    }

    /// The times at which requests that are always waiting go, from `start` on.
    fn times(bucket: &mut Bucket, start: Duration, requests: u64) -> Vec<Duration> {
        (0..requests)
            .map(|place| {
                let now = bucket.ready(NORMAL).max(start);
                bucket.take(now, NORMAL, ticket(place));
                now - start
            })
            .collect()
    }

    #[test]
    fn spaced_evenly() {
        let mut bucket = bucket(Rate::per_second(5), 1);
        assert_eq!(times(&mut bucket, ms(0), 4), [ms(0), ms(208), ms(416), ms(624)]);
    }

    #[test]
    fn a_burst_is_not_paid_for_by_the_next_second() {
        let mut two = bucket(Rate::per_second(5), 2);
        let start = ms(3_600_000);
        assert_eq!(times(&mut two, start, 6), [0, 0, 412, 412, 828, 1036].map(ms));
        let mut five = bucket(Rate::per_second(5), 9);
        assert_eq!(times(&mut five, start, 6), [0, 0, 0, 0, 0, 1036].map(ms), "no burst is larger than the rate");
    }

    #[test]
    fn lateness_of_timers_does_not_add_up() {
        let mut bucket = bucket(Rate::per_second(50), 1);
        let mut now = ms(0);
        for place in 0..51 {
            now = bucket.ready(NORMAL) + ms(1);
            bucket.take(now, NORMAL, ticket(place));
        }
        assert!(now >= ms(1000) && now <= ms(1045), "{now:?}");
    }

    #[test]
    fn a_place_given_back_was_never_taken() {
        let mut bucket = bucket(Rate::per_second(5), 1);
        bucket.take(ms(1000), NORMAL, ticket(1));
        bucket.give_back(ticket(1));
        assert_eq!((bucket.ready(NORMAL), bucket.sent), (ms(0), 0));
    }

    #[test]
    fn what_is_learned_stays_under_the_users_own_figure() {
        let own = Some(Rate::per_second(2));
        let mut bucket = Bucket::new(Tariff { normal: own, ceiling: own, ..Tariff::default() });
        bucket.learn(5, at(NORMAL));
        assert_eq!(bucket.rate(NORMAL), own);
        bucket.learn(1, at(NORMAL));
        assert_eq!(bucket.rate(NORMAL), Some(Rate::per_second(1)));
    }

    #[test]
    fn each_season_has_its_own_lesson() {
        let tariff = Tariff { normal: Some(Rate::per_second(5)), peak: Some(Rate::per_second(3)), ..Tariff::default() };
        let mut bucket = Bucket::new(Tariff { seasonal: true, ..tariff });
        bucket.learn(9, Moment { near: true, ..at(NORMAL) });
        bucket.learn(2, at(Season::Peak));
        assert_eq!(bucket.rate(Season::Peak), Some(Rate::per_second(2)));
        assert_eq!(bucket.rate(NORMAL), Some(Rate::per_second(5)));
        let mut domestic = Bucket::new(tariff);
        domestic.learn(2, at(Season::Peak));
        assert_eq!(domestic.rate(NORMAL), Some(Rate::per_second(2)));
    }
}
