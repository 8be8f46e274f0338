//! Bars, aggregated from trades and from each other.

use super::deal::Tick;

/// One bar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Bar {
    /// The second of the day at which it begins.
    pub second: u32,
    pub open: i64,
    pub high: i64,
    pub low: i64,
    pub close: i64,
    pub volume: i64,
    /// Price times quantity.
    pub value: i64,
}

impl Bar {
    /// One trade.
    pub fn of(tick: &Tick, second: u32) -> Bar {
        let Tick { price, qty, .. } = *tick;
        Bar { second, open: price, high: price, low: price, close: price, volume: qty, value: price * qty }
    }

    /// Takes in a later bar.
    pub fn join(&mut self, later: &Bar) {
        self.high = self.high.max(later.high);
        self.low = self.low.min(later.low);
        self.close = later.close;
        self.volume += later.volume;
        self.value += later.value;
    }
}

/// Bars of `count` minutes, oldest first; a minute without a trade has none (`BEHAVIOUR.md` N13).
pub(crate) fn minutes(tape: &[Tick], count: u32) -> Vec<Bar> {
    let bars = tape.iter().map(|tick| Bar::of(tick, tick.second));
    joined(bars, count.max(1) * 60)
}

/// Longer bars of shorter ones.
pub(crate) fn joined(bars: impl IntoIterator<Item = Bar>, seconds: u32) -> Vec<Bar> {
    let mut out: Vec<Bar> = Vec::new();
    for mut bar in bars {
        bar.second -= bar.second % seconds;
        match out.last_mut().filter(|last| last.second == bar.second) {
            Some(last) => last.join(&bar),
            None => out.push(bar),
        }
    }
    out
}

/// The bar of a whole day, if there was a trade.
pub(crate) fn whole(bars: impl IntoIterator<Item = Bar>) -> Option<Bar> {
    joined(bars, u32::MAX).pop()
}
