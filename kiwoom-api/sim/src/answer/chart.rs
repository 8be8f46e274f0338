//! Charts and trades, from the tape of the market; newest first (`BEHAVIOUR.md` P3, P7).

use kiwoom_api::jiff::civil::Date;
use kiwoom_api::value::Decimal;

use super::form::date_text;
use super::given::{Given, Page, Told};
use super::quote::{blank, rate, strength};
use crate::envelope::Ask;
use crate::market::{Bar, OrderSide, Stock, Tick, above, below, joined, whole};
use crate::session::clock_text;
use crate::view::View;

/// Rows of one page of minutes, and of longer bars.
const MINUTES: usize = 900;
const LONGER: usize = 600;
/// How far back minutes go.
const MINUTE_DAYS: usize = 30;

/// How long the bars of a chart are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Span {
    /// As many minutes as the request says.
    Minutes,
    Day,
    Week,
    Month,
    Quarter,
    Year,
}

/// The charts that the market draws: API, length of bars, and how many of the currency one of its values counts.
static CHARTS: [(&str, Span, i64); 24] = [
    ("ka10080", Span::Minutes, 1),
    ("ka10081", Span::Day, 1_000_000),
    ("ka10082", Span::Week, 1),
    ("ka10083", Span::Month, 1),
    ("ka10094", Span::Year, 1),
    ("ka20005", Span::Minutes, 1_000_000),
    ("ka20006", Span::Day, 1_000),
    ("ka20007", Span::Week, 1_000),
    ("ka20008", Span::Month, 1_000),
    ("ka20019", Span::Year, 1_000),
    ("ka50080", Span::Minutes, 1),
    ("ka50081", Span::Day, 1_000_000),
    ("ka50012", Span::Day, 1_000_000),
    ("ka50082", Span::Week, 1_000_000),
    ("ka50083", Span::Month, 1),
    ("ka50092", Span::Minutes, 1),
    ("usa06011", Span::Minutes, 1),
    ("usa06012", Span::Day, 1),
    ("usa06013", Span::Week, 1),
    ("usa06014", Span::Month, 1),
    ("usa06015", Span::Year, 1),
    ("usa06016", Span::Quarter, 1),
    ("usa20151", Span::Day, 1),
    ("usa20590", Span::Day, 1),
];

/// The chart of an API, if the market draws it.
pub(crate) fn chart(view: &View<'_>, ask: &Ask, api: &str) -> Option<Page> {
    let (_, span, counts) = CHARTS.iter().find(|(id, ..)| *id == api)?;
    let (key, code) = match ask.field("inds_cd") {
        "" => ("stk_cd", ask.field("stk_cd")),
        code => ("inds_cd", code),
    };
    let Some(stock) = view.market.find(code) else { return Some(blank()) };
    let rows = match span {
        // a chart of today alone
        Span::Minutes if api == "ka50092" => minute(stock, ask, 1),
        Span::Minutes => minute(stock, ask, MINUTE_DAYS),
        longer => longer_bars(stock, ask, *longer, *counts),
    };
    let size = if *span == Span::Minutes { MINUTES } else { LONGER };
    let page = Page::cut(rows, size, ask.next_key.as_deref());
    Some(Page { head: Given::default().with(key, code), ..page })
}

fn minute(stock: &Stock, ask: &Ask, days: usize) -> Vec<Given> {
    let count: u32 = ask.field("tic_scope").parse().unwrap_or(1).max(1);
    let mut rows = Vec::new();
    for (day, previous, bars) in asked_days(stock, ask).take(days) {
        let day = date_text(day);
        let (mut volume, mut value) = (0, 0);
        let mut of_day = Vec::new();
        for bar in joined(bars, count * 60) {
            volume += bar.volume;
            value += bar.value;
            of_day.push(
                row(stock, &bar, previous)
                    .with("cntr_tm", format!("{day}{}", clock_text(bar.second)))
                    .with(
                        "dt",
                        if ask.field("inds_cd").is_empty() {
                            format!("{day}{}", clock_text(bar.second))
                        } else {
                            day.clone()
                        },
                    )
                    .with("bus_dt", day.as_str())
                    .with("acc_trde_qty", volume)
                    .with("acc_trde_prica", value / scale_of(stock)),
            );
        }
        rows.extend(of_day.into_iter().rev());
    }
    rows
}

fn longer_bars(stock: &Stock, ask: &Ask, span: Span, counts: i64) -> Vec<Given> {
    let scale = scale_of(stock);
    let mut periods: Vec<(Date, i64, Bar)> = Vec::new();
    for (day, previous, bars) in asked_days(stock, ask) {
        let Some(mut bar) = whole(bars) else { continue };
        match periods.last_mut().filter(|(later, ..)| is_one(*later, day, span)) {
            // days come newest first: what is there so far follows this one
            Some(period) => {
                bar.join(&period.2);
                *period = (day, previous, bar);
            }
            None => periods.push((day, previous, bar)),
        }
    }
    let rows = periods.into_iter().map(|(day, previous, bar)| {
        let value = bar.value / scale / counts;
        row(stock, &bar, previous)
            .with("dt", date_text(day))
            .with("trde_prica", value)
            .with("acc_trde_prica", value)
            .with("acc_trde_qty", bar.volume)
            .with("trde_tern_rt", rate(Decimal::from(bar.volume), stock.listing.listed.into()))
    });
    rows.collect()
}

/// How many of the units in which a price is counted make one of its currency.
fn scale_of(stock: &Stock) -> i64 {
    if stock.listing.is_in_hundredths() { 100 } else { 1 }
}

/// Whether two days share a bar.
fn is_one(later: Date, day: Date, span: Span) -> bool {
    let quarter = |day: Date| (day.month() - 1) / 3;
    match span {
        Span::Minutes | Span::Day => later == day,
        Span::Week => {
            later.iso_week_date().week() == day.iso_week_date().week()
                && later.iso_week_date().year() == day.iso_week_date().year()
        }
        Span::Month => later.year() == day.year() && later.month() == day.month(),
        Span::Quarter => later.year() == day.year() && quarter(later) == quarter(day),
        Span::Year => later.year() == day.year(),
    }
}

/// `ka10003`, `ka50010`, `usa20150`: the trades of today, newest first.
pub(crate) fn trades(view: &View<'_>, ask: &Ask, api: &str) -> Page {
    let Some(stock) = view.market.find(ask.field("stk_cd")) else { return blank() };
    let (mut volume, mut value, mut taken) = (0, 0, [0; 2]);
    let mut rows = Vec::new();
    for tick in stock.tape() {
        volume += tick.qty;
        value += tick.qty * tick.price;
        if let Some(side) = tick.side {
            taken[usize::from(side == OrderSide::Sell)] += tick.qty;
        }
        let traded = trade(stock, tick);
        let traded = if api == "usa20150" { traded } else { traded.with("trde_qty", volume) };
        rows.push(traded.with("acc_trde_qty", volume).with("acc_trde_prica", value).with("cntr_str", strength(taken)));
    }
    rows.reverse();
    if let Some(newest) = rows.first_mut() {
        // of the newest trade the book is known
        let best = [("pri_sel_bid_unit", OrderSide::Sell), ("pri_buy_bid_unit", OrderSide::Buy)];
        *newest = best.into_iter().fold(std::mem::take(newest), |row, (key, side)| {
            row.price(key, stock.best(side).unwrap_or(0), stock.previous)
        });
    }
    Page::cut(rows, 100, ask.next_key.as_deref())
}

/// One trade.
fn trade(stock: &Stock, tick: &Tick) -> Given {
    let number = |amount: i64| stock.listing.number(amount);
    let price = |amount: i64| Told::Price(number(amount), number(stock.previous));
    let change = tick.price - stock.previous;
    let sign = if tick.side == Some(OrderSide::Sell) { "-" } else { "+" };
    // who traded took the better price of the other side; the own side stands at least one tick away
    let (ask, bid) = match tick.side {
        Some(OrderSide::Sell) => (above(stock.listing.kind, tick.price), tick.price),
        _ => (tick.price, below(stock.listing.kind, tick.price)),
    };
    let rate = rate(change.into(), stock.previous.into());
    let signs = ["sign", "pre_sig", "pred_pre_sig"];
    let given = signs.into_iter().fold(Given::default(), |given, key| given.with(key, sign_of(change)));
    let times = ["tm", "cntr_tm"];
    let given = times.into_iter().fold(given, |given, key| given.with(key, clock_text(tick.second)));
    given
        .with("cur_prc", price(tick.price))
        .with("cntr_pric", price(tick.price))
        .with("pred_pre", number(change))
        .with("pre_rt", rate)
        .with("flu_rt", rate)
        .with("trde_qty", format!("{sign}{}", tick.qty))
        .with("cntr_trde_qty", format!("{sign}{}", tick.qty))
        .with("pri_sel_bid_unit", price(ask))
        .with("pri_buy_bid_unit", price(bid))
        .with("stex_tp", "KRX")
}

/// A bar; keys that an API does not have are left out when it is written.
fn row(stock: &Stock, bar: &Bar, previous: i64) -> Given {
    let number = |amount: i64| stock.listing.number(amount);
    let change = bar.close - previous;
    let price = |given: Given, key: &str, amount: i64| given.with(key, Told::Price(number(amount), number(previous)));
    let against_base = |amount: i64| rate(Decimal::from(amount - previous), previous.into());
    let prices = [
        ("cur_prc", bar.close),
        ("cntr_pric", bar.close),
        ("open_pric", bar.open),
        ("high_pric", bar.high),
        ("low_pric", bar.low),
        ("base_pric", previous),
    ];
    prices
        .into_iter()
        .fold(Given::default(), |given, (key, amount)| price(given, key, amount))
        .with("trde_qty", bar.volume)
        .with("pred_pre", number(change))
        .with("pred_pre_sig", sign_of(change))
        .with("pre_sig", sign_of(change))
        .with("flu_rt", rate(change.into(), previous.into()))
        .with("base_open_flu_rt", against_base(bar.open))
        .with("base_high_flu_rt", against_base(bar.high))
        .with("base_low_flu_rt", against_base(bar.low))
}

/// The days that a request is about, newest first. A domestic one names the newest, and a blank or future one means today
/// (`BEHAVIOUR.md` N9); a US one names the oldest.
fn asked_days<'a>(stock: &'a Stock, ask: &Ask) -> impl Iterator<Item = (Date, i64, Vec<Bar>)> + 'a {
    let (newest, oldest) = (ask.day("base_dt").unwrap_or(Date::MAX), ask.day("strt_dt").unwrap_or(Date::MIN));
    stock.days().skip_while(move |(day, ..)| *day > newest).take_while(move |(day, ..)| *day >= oldest)
}

/// The code of a change: 2 up, 3 flat, 5 down.
pub(crate) fn sign_of(change: i64) -> &'static str {
    match change {
        0 => "3",
        1.. => "2",
        _ => "5",
    }
}
