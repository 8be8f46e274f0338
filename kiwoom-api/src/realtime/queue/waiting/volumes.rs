//! Whether trades are missing: the cumulative volume of each one is that of the one before it and its own quantity.

use std::collections::HashMap;

use jiff::Timestamp;

use crate::realtime::event::Event;
use crate::realtime::push::Push;
use crate::value::Word;

/// The topic whose pushes hold both numbers for what was asked for.
const TRADES: &str = "0B";

/// Where the volume of each symbol stands.
#[derive(Default)]
pub(super) struct Volumes(HashMap<Word, (i64, Timestamp)>);

impl Volumes {
    pub fn of(topic: &str) -> Option<Volumes> {
        (topic == TRADES).then(Volumes::default)
    }

    /// The event for a jump that is larger than the trade. A volume that falls begins a new day, and one that stays is the
    /// same trade again.
    pub fn missed(&mut self, push: &Push) -> Option<Event> {
        let (volume, qty) = push.progress()?;
        let Some(known) = self.0.get_mut(push.symbol()) else {
            self.0.insert(Word::new(push.symbol()), (volume, push.received()));
            return None;
        };
        let (before, from) = std::mem::replace(known, (volume, push.received()));
        let missed = volume.saturating_sub(before).saturating_sub(qty);
        (missed > 0).then(|| Event::Missed {
            topic: TRADES,
            symbol: push.symbol().to_owned(),
            volume: missed,
            from,
            to: push.received(),
        })
    }
}
