//! Replies: every documented field of an API, spelled as on the wire.
//!
//! What market and account know is [`Given`]; the rest is made up by kind, by [`writer`]. Nothing here decides about orders.

mod account;
mod chart;
mod given;
mod gold;
mod index;
mod orders;
mod pads;
mod profit;
mod push;
mod quote;
mod relations;
mod search;
mod us;
mod words;
mod writer;

pub(crate) use given::{Given, Page};
pub(crate) use push::{made_up_push, pushes_of_change, pushes_of_stock, session_push};
pub(crate) use quote::Quote;
pub(crate) use search::{Found as SearchFound, answer as search_answer, moved as search_moved};
pub(crate) use us::order_told as us_order;
pub(crate) use writer::Writer;

use kiwoom_api::registry::Entry;

use crate::envelope::Ask;
use crate::view::View;

/// How many rows a list has that neither market nor account knows.
const ROWS: usize = 3;

/// What market and account know about this request; `None` where they know nothing of this API.
pub(crate) fn known(view: &View<'_>, ask: &Ask, entry: &Entry) -> Option<Page> {
    Some(match entry.meta.id {
        "ka10001" => quote::stock_info(view, ask),
        "ka10003" => chart::trades(view, ask),
        "ka10004" => quote::book(view, ask),
        "ka10075" => orders::open(view, ask),
        "ka10076" => orders::filled(view, ask),
        "ka10088" => orders::split(view, ask),
        "kt00007" => orders::detail(view, ask),
        "kt00001" => account::deposit(view),
        "kt00004" => account::valuation(view),
        "kt00018" => account::balance(view),
        "ka10072" | "ka10073" => profit::by_stock(view, ask),
        "ka10074" => profit::by_day(view, ask),
        "ka10077" => profit::today(view, ask),
        api if api.starts_with("kt5") => return gold::known(view, ask, api),
        api if api.starts_with("ust") => return us::known(view, ask, api),
        api => return chart::chart(view, ask, api),
    })
}

/// Makes the body of a reply, as an object.
pub(crate) fn body(view: &View<'_>, ask: &Ask, entry: &Entry) -> (String, Option<String>) {
    let quote = Quote::asked(view, ask, entry);
    let mut writer = Writer::new(view, entry.meta, quote);
    match known(view, ask, entry) {
        Some(page) => (writer.reply(&mut *(entry.reply)(), &page), page.next),
        None => {
            // lists that may continue do so once
            let first = ask.next_key.is_none();
            let next = (entry.meta.paged && first).then(|| format!("{}{:06}", entry.meta.id, ROWS));
            writer.page = usize::from(!first);
            (writer.reply(&mut *(entry.reply)(), &Page::default()), next)
        }
    }
}
