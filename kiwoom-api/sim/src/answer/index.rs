//! Pushes of an index: `0J`, from the tape of its market.

use kiwoom_api::jiff::civil::Date;

use super::form::date_text;
use super::given::{Given, Page, Told};
use super::push::element;
use super::quote::{Quote, blank, extremes, rate};
use crate::envelope::Ask;
use crate::market::{Stock, Tick};
use crate::session::clock_text;
use crate::view::View;

/// `0J`: one move. Its volume is counted in thousands, its value in millions of won.
pub(super) fn push(view: &View<'_>, stock: &Stock, tick: &Tick, (volume, value): (i64, i64)) -> Option<String> {
    let number = |amount: i64| stock.listing.number(amount);
    let change = tick.price - stock.previous;
    let today = stock.today()?;
    let price = |amount: i64| Told::Price(number(amount), number(stock.previous));
    let given = Given::default()
        .with("20", clock_text(tick.second))
        .with("10", price(tick.price))
        .with("11", number(change))
        .with("12", rate(change.into(), stock.previous.into()))
        .with("25", super::chart::sign_of(change))
        .with("15", format!("+{}", tick.qty))
        .with("13", volume)
        .with("14", value / 100 / 1_000)
        .with("16", price(today.open))
        .with("17", price(today.high))
        .with("18", price(today.low));
    element(view, ("0J", stock.listing.code), Quote::of(stock), &given)
}

/// `ka20001`, `ka20009`: the year; the rest is made from the quote.
pub(super) fn year(view: &View<'_>, ask: &Ask) -> Page {
    let Some(stock) = view.market.find(ask.field("inds_cd")) else { return blank() };
    let Some(extremes) = extremes(stock, 250, Date::MIN) else { return Page::default() };
    let mut head = Given::default();
    for (key, (day, price)) in ["52wk_hgst_pric", "52wk_lwst_pric"].into_iter().zip(extremes) {
        let number = |amount: i64| stock.listing.number(amount);
        head = head
            .with(key, Told::Price(number(price), number(stock.previous)))
            .with(format!("{key}_dt"), date_text(day))
            .with(format!("{key}_pre_rt"), rate((stock.last() - price).into(), price.into()));
    }
    Page { head, ..Page::default() }
}
