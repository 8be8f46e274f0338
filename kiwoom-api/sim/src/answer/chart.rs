//! Charts and trades, from the tape of the market; newest first (`BEHAVIOUR.md` P3, P7).

use kiwoom_api::jiff::civil::Date;
use kiwoom_api::value::Decimal;

use super::given::{Given, Page};
use super::quote::{blank, rate};
use crate::envelope::Ask;
use crate::market::{Bar, OrderSide, Stock, joined, whole};
use crate::session::clock_text;
use crate::view::View;

/// Rows of one page of minutes, and of days.
const MINUTES: usize = 900;
const DAYS: usize = 600;
/// How far back minutes go.
const MINUTE_DAYS: usize = 30;

/// `ka10080`
pub(crate) fn minute(view: &View<'_>, ask: &Ask) -> Page {
    let Some(stock) = view.market.find(ask.field("stk_cd")) else { return blank() };
    let count: u32 = ask.field("tic_scope").parse().unwrap_or(1);
    let mut rows = Vec::new();
    for (day, previous, bars) in up_to(stock, ask.field("base_dt")).take(MINUTE_DAYS) {
        let mut volume = 0;
        let mut of_day = Vec::new();
        for bar in joined(bars, count * 60) {
            volume += bar.volume;
            of_day.push(
                row(&bar, previous)
                    .with("cntr_tm", format!("{}{}", day.strftime("%Y%m%d"), clock_text(bar.second)))
                    .with("acc_trde_qty", volume),
            );
        }
        rows.extend(of_day.into_iter().rev());
    }
    let page = Page::cut(rows, MINUTES, ask.next_key.as_deref());
    Page { head: Given::default().with("stk_cd", ask.field("stk_cd")), ..page }
}

/// `ka10081`
pub(crate) fn day(view: &View<'_>, ask: &Ask) -> Page {
    let Some(stock) = view.market.find(ask.field("stk_cd")) else { return blank() };
    let listed = stock.listing.listed;
    let rows = up_to(stock, ask.field("base_dt")).filter_map(|(day, previous, bars)| {
        let bar = whole(bars)?;
        let turnover = rate(Decimal::from(bar.volume), listed.into());
        Some(
            row(&bar, previous)
                .with("dt", day.strftime("%Y%m%d").to_string())
                .with("trde_prica", bar.value / 1_000_000)
                .with("trde_tern_rt", turnover),
        )
    });
    let page = Page::cut(rows.collect(), DAYS, ask.next_key.as_deref());
    Page { head: Given::default().with("stk_cd", ask.field("stk_cd")), ..page }
}

/// `ka10003`
pub(crate) fn trades(view: &View<'_>, ask: &Ask) -> Page {
    let Some(stock) = view.market.find(ask.field("stk_cd")) else { return blank() };
    let (mut volume, mut value) = (0, 0);
    let mut rows = Vec::new();
    for tick in stock.tape() {
        volume += tick.qty;
        value += tick.qty * tick.price;
        let change = tick.price - stock.previous;
        let sign = if tick.side == Some(OrderSide::Sell) { "-" } else { "+" };
        rows.push(
            Given::default()
                .with("tm", clock_text(tick.second))
                .price("cur_prc", tick.price, stock.previous)
                .with("pred_pre", change)
                .with("pre_rt", rate(change.into(), stock.previous.into()))
                .with("cntr_trde_qty", format!("{sign}{}", tick.qty))
                .with("sign", sign_of(change))
                .with("acc_trde_qty", volume)
                .with("acc_trde_prica", value / 1_000_000),
        );
    }
    rows.reverse();
    Page::cut(rows, 100, ask.next_key.as_deref())
}

fn row(bar: &Bar, previous: i64) -> Given {
    Given::default()
        .price("cur_prc", bar.close, previous)
        .price("open_pric", bar.open, previous)
        .price("high_pric", bar.high, previous)
        .price("low_pric", bar.low, previous)
        .with("trde_qty", bar.volume)
        .with("pred_pre", bar.close - previous)
        .with("pred_pre_sig", sign_of(bar.close - previous))
}

/// Days up to `base`, newest first; a blank or future one means today (`BEHAVIOUR.md` N9).
fn up_to<'a>(stock: &'a Stock, base: &str) -> impl Iterator<Item = (Date, i64, Vec<Bar>)> + 'a {
    let base = Date::strptime("%Y%m%d", base).unwrap_or(Date::MAX);
    stock.days().skip_while(move |(day, _, _)| *day > base)
}

/// The code of a change: 2 up, 3 flat, 5 down.
pub(crate) fn sign_of(change: i64) -> &'static str {
    match change {
        0 => "3",
        1.. => "2",
        _ => "5",
    }
}
