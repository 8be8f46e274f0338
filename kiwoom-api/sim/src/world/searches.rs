//! Condition searches that go on: who is in them, and who enters and leaves.

use std::collections::BTreeSet;

use super::World;
use crate::answer::{SearchFound, search_answer, search_moved};
use crate::market::{Stock, is_searched};
use crate::socket::Search;

/// A search that goes on, on one line.
#[derive(Debug)]
pub(super) struct Watch {
    line: u64,
    search: Search,
    /// The positions of the instruments that it has found.
    inside: BTreeSet<usize>,
}

impl World {
    /// Answers a search of a line: the frame, and what is watched from now on.
    pub(super) fn search(&mut self, line: u64, search: Search) -> Option<String> {
        let number = search.number.as_str();
        if search.trnm.ends_with("CNSRCLR") {
            self.watches.retain(|watch| watch.line != line || watch.search.number != number);
        }
        let asks = search.trnm.ends_with("CNSRREQ");
        let inside: BTreeSet<usize> =
            if asks { self.found(&search, 0..self.market.len()).into_iter().collect() } else { BTreeSet::new() };
        let found = SearchFound {
            api: search.api,
            trnm: &search.trnm,
            number,
            conditions: self.conditions.list().map(|(number, name)| (number, name.to_owned())).collect(),
            stocks: inside.iter().map(|place| self.market.stock(*place)).collect(),
        };
        let text = search_answer(&self.view(), &found);
        if search.goes_on {
            self.watches.retain(|watch| watch.line != line || watch.search.number != search.number);
            self.watches.push(Watch { line, search, inside });
        }
        text
    }

    /// Those of some instruments that a search finds.
    fn found(&self, search: &Search, places: impl IntoIterator<Item = usize>) -> Vec<usize> {
        let finds = |stock: &Stock| self.conditions.finds(&search.number, stock) == Some(true);
        let of_market = |stock: &Stock| is_searched(stock.listing.kind, search.is_us);
        places
            .into_iter()
            .filter(|place| {
                let stock = self.market.stock(*place);
                of_market(stock) && finds(stock)
            })
            .collect()
    }

    /// Tells the lines who has entered or left since they were told last.
    pub(super) fn push_searches(&mut self, moved: &BTreeSet<usize>) {
        let mut watches = std::mem::take(&mut self.watches);
        watches.retain(|watch| self.lines.has(watch.line));
        for watch in &mut watches {
            let found: BTreeSet<usize> = self.found(&watch.search, moved.iter().copied()).into_iter().collect();
            for place in moved {
                let enters = found.contains(place);
                if enters == watch.inside.contains(place) {
                    continue;
                }
                match enters {
                    true => watch.inside.insert(*place),
                    false => watch.inside.remove(place),
                };
                let stock = self.market.stock(*place);
                let (code, topic) = (stock.listing.code, if watch.search.is_us { "S2" } else { "02" });
                let push = search_moved(&self.view(), watch.search.api, &watch.search.number, (stock, enters));
                if let Some(text) = push {
                    self.push_to(watch.line, [topic, code], text);
                }
            }
        }
        self.watches = watches;
    }

    /// Puts an instrument into a condition or out of it, or leaves it to the market; whether both are known.
    pub fn tell_condition(&mut self, number: &str, code: &str, is_in: Option<bool>) -> bool {
        let Some(place) = self.market.position(code) else { return false };
        let is_known = self.conditions.tell(number, code, is_in);
        self.push_searches(&BTreeSet::from([place]));
        is_known
    }
}
