//! Condition searches: the list, what one of them finds, and who enters and leaves (`BEHAVIOUR.md` C1 to C3).

use kiwoom_api::registry::find;

use super::chart::sign_of;
use super::given::{Given, Page, Told};
use super::push::element;
use super::quote::{Quote, rate};
use super::writer::Writer;
use crate::market::{OrderSide, Stock};
use crate::session::clock_text;
use crate::view::View;

/// What a search asks for, and its answer.
pub(crate) struct Found<'a> {
    /// The API, the name of the frame, and the number of the condition.
    pub api: &'a str,
    pub trnm: &'a str,
    pub number: &'a str,
    /// The conditions, for the list of them.
    pub conditions: Vec<(String, String)>,
    pub stocks: Vec<&'a Stock>,
}

/// The frame that answers a search.
pub(crate) fn answer(view: &View<'_>, found: &Found<'_>) -> Option<String> {
    let entry = find(found.api)?;
    let rows = if found.trnm.ends_with("CNSRLST") {
        let named = |(number, name): &(String, String)| {
            Given::default().with("seq", number.as_str()).with("name", name.as_str())
        };
        found.conditions.iter().map(named).collect()
    } else {
        found.stocks.iter().map(|stock| row(stock)).collect()
    };
    let head = Given::default().with("seq", found.number).with("cont_yn", "N").with("next_key", "");
    let page = Page { head, ..Page::rows(rows) };
    let quote = Quote::of(found.stocks.first().copied().unwrap_or(view.market.stock(0)));
    let inner = Writer::new(view, entry.meta, quote).reply(&mut *(entry.reply)(), &page);
    let inner = inner.trim_start_matches('{').trim_end_matches('}');
    let comma = if inner.is_empty() { "" } else { "," };
    Some(format!(r#"{{"trnm":"{}","return_code":0,"return_msg":""{comma}{inner}}}"#, found.trnm))
}

fn row(stock: &Stock) -> Given {
    let number = |amount: i64| stock.listing.number(amount);
    let previous = stock.previous;
    let price = |amount: i64| Told::Price(number(amount), number(previous));
    let change = stock.last() - previous;
    let today = stock.today();
    let of = |of: fn(&crate::market::Bar) -> i64| today.as_ref().map_or(previous, of);
    let is_us = !stock.listing.venue.is_empty();
    let code = if is_us { stock.listing.code.to_owned() } else { format!("A{}", stock.listing.code) };
    Given::default()
        .with("9001", code.as_str())
        .with("jmcode", code)
        .with("stex_tp", stock.listing.venue)
        .with("stexTp", stock.listing.venue)
        .with("302", stock.listing.name)
        .with("10", price(stock.last()))
        .with("25", sign_of(change))
        .with("11", number(change))
        .with("12", rate(change.into(), previous.into()))
        .with("13", today.map_or(0, |bar| bar.volume))
        .with("16", price(of(|bar| bar.open)))
        .with("17", price(of(|bar| bar.high)))
        .with("18", price(of(|bar| bar.low)))
}

/// The push of an instrument that enters or leaves.
pub(crate) fn moved(view: &View<'_>, api: &str, number: &str, (stock, enters): (&Stock, bool)) -> Option<String> {
    let side = match stock.tape().last().and_then(|tick| tick.side) {
        Some(OrderSide::Sell) => "1",
        _ => "2",
    };
    let given = Given::default()
        .with("841", number)
        .with("9001", stock.listing.code)
        .with("843", if enters { "I" } else { "D" })
        .with("20", clock_text(view.session.second()))
        .with("907", side);
    let values = element_of_search(view, api, stock, &given)?;
    Some(format!(r#"{{"trnm":"REAL","data":[{values}]}}"#))
}

fn element_of_search(view: &View<'_>, api: &str, stock: &Stock, given: &Given) -> Option<String> {
    let text = element(view, (api, stock.listing.code), Quote::of(stock), given)?;
    let name = text.find(r#","item""#)?;
    Some(format!(r#"{{"type":"02","name":"조건검색"{}"#, &text[name..]))
}
