//! US stocks: lists of orders, balances, profits and pushes, in dollars.
//!
//! The account counts cents. Amounts in won are told at one exchange rate that never changes.

mod account;
mod orders;
mod profit;
mod push;

pub(crate) use account::order_told;
pub(super) use push::{book_push, fill_push, order_push, trade_push};

use kiwoom_api::value::Decimal;

use super::given::{Given, Page};
use crate::envelope::Ask;
use crate::market::Listing;
use crate::view::View;

/// Won for a dollar.
const RATE: i64 = 1_380;

/// What the account knows about a request; `None` where it knows nothing of this API.
pub(super) fn known(view: &View<'_>, ask: &Ask, api: &str) -> Option<Page> {
    Some(match api {
        "ust21050" => orders::open(view, ask),
        "ust21510" => orders::today(view, ask),
        "ust21150" => orders::by_day(view, ask),
        "ust21180" => orders::by_period(view, ask),
        "ust21070" => account::balance(view, ask),
        "ust21110" => account::deposit(view),
        "ust21160" => account::deposit_detail(view),
        "ust21120" => account::by_currency(view),
        "ust31490" => account::orderable_qty(view, ask),
        "ust21530" => profit::of_period(view, ask),
        "ust21630" => profit::today_by_stock(view, ask),
        "ust21640" => profit::by_stock_of_day(view, ask),
        "ust21660" => profit::daily(view, ask),
        "ust21661" => profit::monthly(view, ask),
        "ust21170" => profit::positions_today(view, ask),
        _ => return None,
    })
}

/// Cents as dollars.
fn usd(cents: i64) -> Decimal {
    Decimal::new(cents, 2)
}

/// Cents as whole won.
fn won(cents: i64) -> i64 {
    cents * RATE / 100
}

/// Cents in the currency that a request asks for.
fn asked(ask: &Ask, cents: i64) -> Decimal {
    if ask.field("fc_krw_tp") == "1" { won(cents).into() } else { usd(cents) }
}

/// The price of one of `qty` that are worth `cents`, to four places.
fn each(cents: i64, qty: i64) -> Decimal {
    usd(cents).checked_div(qty.into()).unwrap_or_default().round_dp(4)
}

/// What every row says of its instrument.
fn row(listing: &Listing) -> Given {
    Given::default()
        .with("stk_cd", listing.code)
        .with("frgn_stk_nm", listing.name)
        .with("stk_nm", listing.name)
        .with("stex_nm", exchange_name(listing.venue))
        .with("crnc_code", "USD")
        .with("crnc_nm", "미국 달러")
        .with("natn_nm", "미국")
        .with("exch_rate", RATE)
}

fn exchange_name(venue: &str) -> &'static str {
    match venue {
        "NY" => "NYSE",
        "NA" => "AMEX",
        _ => "NASDAQ",
    }
}

/// Whether a request is about this instrument.
fn is_about(listing: &Listing, ask: &Ask) -> bool {
    let fits = |key: &str, own: &str| ["", own].contains(&ask.field(key));
    fits("stk_cd", listing.code) && fits("stex_tp", listing.venue)
}
