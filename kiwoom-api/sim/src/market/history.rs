//! The days before the simulation began: a seeded walk of closing prices, and the minutes of each day between two of them.
//!
//! The bar of a day is the sum of its minutes, so that charts of both kinds agree.

use kiwoom_api::jiff::civil::Date;

use super::bars::Bar;
use super::grid::{ceiling, down, floor};
use super::listing::Listing;
use crate::session::{Hours, trading_day_before};

/// How many days there are.
pub(crate) const DAYS: usize = 650;

/// The closing prices of the days before `today`, newest first.
pub(crate) struct History {
    seed: u64,
    listing: &'static Listing,
    days: Vec<(Date, i64)>,
}

impl History {
    pub fn new(listing: &'static Listing, seed: u64, today: Date) -> History {
        let mut rng = fastrand::Rng::with_seed(seed ^ 0x5eed);
        let mut close = down(listing.kind, listing.base).max(1);
        let mut closes = Vec::with_capacity(DAYS + 1);
        for _ in 0..=DAYS {
            closes.push(close);
            // up to 2.5 % a day, drawn back towards the base
            let pull = (listing.base - close) / 60;
            let step = close * rng.i64(-250..=250) / 10_000 + pull;
            let (low, high) = (floor(listing.kind, close), ceiling(listing.kind, close));
            close = down(listing.kind, (close + step).clamp(low, high)).max(1);
        }
        let mut day = today;
        let mut days = Vec::with_capacity(DAYS);
        for close in closes.into_iter().rev() {
            day = trading_day_before(day);
            days.push((day, close));
        }
        History { seed, listing, days }
    }

    /// The last close before the simulation.
    pub fn last_close(&self) -> i64 {
        self.days[0].1
    }

    /// The volume of the last day before the simulation.
    pub fn last_volume(&self) -> i64 {
        let newest = self.days().next();
        newest.map_or(0, |(day, close, previous)| self.minutes(day, close, previous).iter().map(|bar| bar.volume).sum())
    }

    /// The days, newest first, with the close of the day before each; the oldest has none and is left out.
    pub fn days(&self) -> impl Iterator<Item = (Date, i64, i64)> + '_ {
        self.days.windows(2).map(|pair| (pair[0].0, pair[0].1, pair[1].1))
    }

    /// The minutes of a day that closed at `close` after `previous`, oldest first.
    pub fn minutes(&self, day: Date, close: i64, previous: i64) -> Vec<Bar> {
        let kind = self.listing.kind;
        let Hours { open, last_call, close: ends, .. } = *kind.exchange().hours();
        let key = self.seed ^ (i64::from(day.year()) * 1_000 + i64::from(day.day_of_year())).unsigned_abs();
        let mut rng = fastrand::Rng::with_seed(key);
        let (low, high) = (floor(kind, previous), ceiling(kind, previous));
        let on_grid = |price: i64| down(kind, price.clamp(low, high)).max(low).max(1);
        let opening = on_grid(previous + previous * rng.i64(-80..=80) / 10_000);
        let count = i64::from((last_call - open) / 60);
        let lot = (2_000_000_000 / self.listing.base.max(1) / 100).max(1);
        let (mut swing, mut last) = (0, opening);
        let mut bars = Vec::with_capacity(count as usize + 1);
        for minute in 0..=count {
            let straight = opening + (close - opening) * minute / count;
            swing = swing * 9 / 10 + previous * rng.i64(-15..=15) / 10_000;
            let end = if minute == count { close } else { on_grid(straight + swing * (count - minute) / count) };
            let start = if minute == count { close } else { last };
            let second = if minute == count { ends } else { open + minute as u32 * 60 };
            let wick = if minute == count { 0 } else { previous * rng.i64(0..=8) / 10_000 };
            let (top, bottom) = (on_grid(start.max(end) + wick), on_grid(start.min(end) - wick));
            let (top, bottom) = (top.max(start).max(end), bottom.min(start).min(end));
            let volume = rng.i64(1..=lot);
            let value = (top + bottom) / 2 * volume;
            bars.push(Bar { second, open: start, high: top, low: bottom, close: end, volume, value });
            last = end;
        }
        bars
    }
}
