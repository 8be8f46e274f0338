//! What was sent and has no number yet, and which order may be it.

use std::time::Duration;

use super::book::{Blotter, Key};
use super::entry::Tracked;
use super::order::{Origin, Proof};
use crate::order::reconcile::row::same_number;
use crate::order::{Action, Intent};
use crate::value::Decimal;

/// An intent that left, or is about to.
#[derive(Clone, Debug)]
pub(super) struct InFlight {
    pub intent: Intent,
    pub sent: Duration,
    /// Its reply will not come.
    pub lost: bool,
}

impl InFlight {
    pub fn new(intent: Intent, sent: Duration) -> InFlight {
        InFlight { intent, sent, lost: false }
    }

    /// Whether this order may be it: nothing known of it says otherwise.
    pub fn fits(&self, entry: &Tracked) -> bool {
        let Intent { action, side, symbol, qty, price, original, .. } = &self.intent;
        let ordered = entry.qty();
        let qty = qty.is_none_or(|qty| ordered.is_none_or(|ordered| ordered == Decimal::from(qty)));
        let price = entry.price.is_none() || *price == entry.price || price.is_none() && *action != Action::Place;
        let of = match (original, &entry.order.original) {
            (None, None) => true,
            (Some(meant), Some(known)) => same_number(meant, known),
            _ => false,
        };
        let kind = entry.action.is_none_or(|known| known == *action);
        let side = *action != Action::Place || entry.order.side == *side;
        let heard = entry.heard >= self.sent && !matches!(entry.origin, Origin::Ours(_));
        heard && kind && of && qty && price && side && entry.order.symbol == *symbol
    }
}

impl Blotter {
    /// Gives orders to those whose reply was lost, where exactly one fits exactly one.
    pub(super) fn claim(&mut self) {
        loop {
            let rivals = |entry: &Tracked| self.sendings.iter().filter(|sending| sending.fits(entry)).count();
            let found =
                self.sendings.iter().enumerate().filter(|(_, sending)| sending.lost).find_map(|(at, sending)| {
                    let mut fits = self.entries.iter().filter(|(_, entry)| self.may_be(sending, entry));
                    let (key, entry) = fits.next()?;
                    (fits.next().is_none() && rivals(entry) == 1).then(|| (at, key.clone(), self.proof(entry)))
                });
            let Some((at, key, proof)) = found else { return };
            let sending = self.sendings.swap_remove(at);
            self.own(&key, sending, proof);
        }
    }

    fn may_be(&self, sending: &InFlight, entry: &Tracked) -> bool {
        let known = entry.qty().is_some();
        known && sending.fits(entry) && (entry.channel.is_empty() || self.is_our_channel(&entry.channel))
    }

    fn proof(&self, entry: &Tracked) -> Proof {
        if entry.channel.is_empty() { Proof::Push } else { Proof::List }
    }

    /// Entered as this client enters orders: by the broker's name for it, or by one that confirmed orders bear.
    fn is_our_channel(&self, channel: &str) -> bool {
        channel.to_ascii_uppercase().contains("REST") || self.channels.contains(channel)
    }

    /// What a push was taken for is confirmed by the list, or taken back.
    pub(super) fn disown(&mut self) {
        let pushed = self
            .entries
            .iter()
            .filter(|(_, entry)| entry.origin == Origin::Ours(Proof::Push) && !entry.channel.is_empty());
        let pushed: Vec<Key> = pushed.map(|(key, _)| key.clone()).collect();
        for key in pushed {
            let channel = self.entries[&key].channel.clone();
            let ours = self.is_our_channel(&channel);
            let entry = self.entries.get_mut(&key).expect("it was found");
            if ours {
                entry.origin = Origin::Ours(Proof::List);
            } else if let Some(id) = entry.id.take() {
                entry.origin = Origin::Elsewhere;
                self.ids.remove(&id);
                let sending = entry.claimed.take();
                self.sendings.extend(sending);
            }
            self.touch(&key, None);
        }
    }
}
