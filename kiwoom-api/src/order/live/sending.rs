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

    /// Whether this order may be it: nobody is known to own it, and nothing known of it says otherwise.
    pub fn fits(&self, entry: &Tracked) -> bool {
        !matches!(entry.origin, Origin::Ours(_)) && self.agrees(entry)
    }

    /// Whether nothing known of the order says that it is another one.
    fn agrees(&self, entry: &Tracked) -> bool {
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
        entry.heard >= self.sent && kind && of && qty && price && side && entry.order.symbol == *symbol
    }
}

impl Blotter {
    /// Gives orders to those whose reply was lost, where exactly one fits exactly one. What a push was taken for is a rival, too:
    /// a list may still take it back.
    pub(super) fn claim(&mut self) {
        loop {
            let rivals = |entry: &Tracked| {
                let pushed = self.entries.values().filter(|other| other.origin == Origin::Ours(Proof::Push));
                let pushed = pushed.filter_map(|other| other.claimed.as_ref());
                self.sendings.iter().chain(pushed).filter(|sending| sending.fits(entry)).count()
            };
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
            // the list knows what was ordered at first, and a push perhaps what was left of it
            let ours = ours && entry.claimed.as_ref().is_some_and(|sending| sending.agrees(entry));
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
