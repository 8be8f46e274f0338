//! What US sales gained: by stock, by day, by month. The same sums in every list.

use std::collections::BTreeMap;

use kiwoom_api::jiff::civil::Date;
use kiwoom_api::value::Decimal;

use super::{RATE, asked, each, is_about, row, usd, won};
use crate::answer::account::{Valued, sum};
use crate::answer::form::date_text;
use crate::answer::given::{Given, Page};
use crate::answer::quote::rate;
use crate::broker::{Desk, Sale};
use crate::envelope::Ask;
use crate::market::{Listing, OrderSide};
use crate::view::View;

/// Sums of sales.
#[derive(Clone, Copy, Default)]
struct UsSold {
    qty: i64,
    amount: i64,
    cost: i64,
    commission: i64,
    tax: i64,
    profit: i64,
}

impl UsSold {
    fn add(&mut self, sale: &Sale) {
        self.qty += sale.qty;
        self.amount += sale.amount;
        self.cost += sale.cost;
        self.commission += sale.bought_for + sale.commission;
        self.tax += sale.tax;
        self.profit += sale.profit();
    }

    fn rate(&self) -> Decimal {
        rate(self.profit.into(), self.cost.into())
    }
}

/// Sales by day and stock.
fn sold(view: &View<'_>, ask: &Ask, days: (Date, Date)) -> Vec<(Date, &'static Listing, UsSold)> {
    let mut all: BTreeMap<(Date, &str), (&Listing, UsSold)> = BTreeMap::new();
    let sales = view.account.sales(Desk::Us).filter(|sale| is_about(sale.listing, ask));
    for sale in sales.filter(|sale| (days.0..=days.1).contains(&sale.day)) {
        all.entry((sale.day, sale.listing.code)).or_insert((sale.listing, UsSold::default())).1.add(sale);
    }
    all.into_iter().map(|((day, _), (listing, sold))| (day, listing, sold)).collect()
}

fn total(all: &[(Date, &Listing, UsSold)], of: fn(&UsSold) -> i64) -> i64 {
    all.iter().map(|(_, _, sold)| of(sold)).sum()
}

fn today_of(view: &View<'_>) -> Date {
    Desk::Us.exchange().day(view.session.now())
}

/// The days that a request asks for; today if it names none.
fn asked_days(view: &View<'_>, ask: &Ask) -> (Date, Date) {
    let read = |key: &str| ask.day(key).unwrap_or(today_of(view));
    (read("strt_dt"), read("end_dt"))
}

/// `ust21530`
pub(crate) fn of_period(view: &View<'_>, ask: &Ask) -> Page {
    let all = sold(view, ask, asked_days(view, ask));
    let money = |cents| asked(ask, cents);
    let costs = total(&all, |s| s.commission + s.tax);
    let (amount, cost, profit) = (total(&all, |s| s.amount), total(&all, |s| s.cost), total(&all, |s| s.profit));
    let head = Given::default()
        .with("tot_sell_amt", money(amount))
        .with("tot_buy_amt", money(cost))
        .with("tot_cmsn_tax", money(costs))
        .with("tot_exct_amt", money(amount - costs))
        .with("tot_pl_amt", money(profit))
        .with("tot_pl_rt", rate(profit.into(), cost.into()));
    let rows = all.iter().map(|(day, listing, sold)| {
        row(listing)
            .with("sell_dt", date_text(*day))
            .with("sell_qty", sold.qty)
            .with("avg_buy_uv", each(sold.cost, sold.qty))
            .with("buy_amt", money(sold.cost))
            .with("avg_sell_uv", each(sold.amount, sold.qty))
            .with("sell_amt", money(sold.amount))
            .with("cmsn_tax", money(sold.commission + sold.tax))
            .with("pl_amt", money(sold.profit))
            .with("pl_rt", sold.rate())
            .with("prch_exrt", RATE)
            .with("sell_exrt", RATE)
    });
    Page { head, ..Page::rows(rows.collect()) }
}

/// `ust21630`
pub(crate) fn today_by_stock(view: &View<'_>, ask: &Ask) -> Page {
    let today = today_of(view);
    by_stock(view, ask, (today, ["tot_tdy_pl_amt", "tot_tdy_pl_amt_krw", "tdy_pl_amt"]))
}

/// `ust21640`
pub(crate) fn by_stock_of_day(view: &View<'_>, ask: &Ask) -> Page {
    let day = ask.day("cntr_dt").unwrap_or(today_of(view));
    by_stock(view, ask, (day, ["tot_pl_amt", "tot_pl_amt_krw", "pl_amt"]))
}

fn by_stock(view: &View<'_>, ask: &Ask, (day, keys): (Date, [&str; 3])) -> Page {
    let all = sold(view, ask, (day, day));
    let (money, profit) = (|cents| asked(ask, cents), total(&all, |s| s.profit));
    let head = Given::default().with(keys[0], usd(profit)).with(keys[1], won(profit));
    let rows = all.iter().map(|(_, listing, sold)| {
        row(listing)
            .with("cntr_sellq", sold.qty)
            .with("avg_buy_uv", each(sold.cost, sold.qty))
            .with("cntr_sella", each(sold.amount, sold.qty))
            .with(keys[2], money(sold.profit))
            .with("pl_rt", sold.rate())
            .with("cmsn", money(sold.commission))
            .with("altx", money(sold.tax))
    });
    Page { head, ..Page::rows(rows.collect()) }
}

/// `ust21660`
pub(crate) fn daily(view: &View<'_>, ask: &Ask) -> Page {
    by_time(view, ask, (asked_days(view, ask), "%Y%m%d"))
}

/// `ust21661`
pub(crate) fn monthly(view: &View<'_>, ask: &Ask) -> Page {
    let first = |key: &str| Date::strptime("%Y%m%d", format!("{}01", ask.field(key))).unwrap_or(today_of(view));
    by_time(view, ask, ((first("strt_dt").first_of_month(), first("end_dt").last_of_month()), "%Y%m"))
}

fn by_time(view: &View<'_>, ask: &Ask, (days, form): ((Date, Date), &str)) -> Page {
    let mut times: BTreeMap<String, (i64, UsSold)> = BTreeMap::new();
    let bought = view.account.orders().iter().filter(|order| order.desk == Desk::Us && order.side == OrderSide::Buy);
    for order in bought.filter(|order| order.amount > 0 && (days.0..=days.1).contains(&order.day)) {
        times.entry(order.day.strftime(form).to_string()).or_default().0 += order.amount;
    }
    let sales = view.account.sales(Desk::Us).filter(|sale| is_about(sale.listing, ask));
    for sale in sales.filter(|sale| (days.0..=days.1).contains(&sale.day)) {
        times.entry(sale.day.strftime(form).to_string()).or_default().1.add(sale);
    }
    let total = |of: fn(&(i64, UsSold)) -> i64| usd(times.values().map(of).sum());
    let head = Given::default()
        .with("tot_buy_amt", total(|time| time.0))
        .with("tot_sell_amt", total(|time| time.1.amount))
        .with("tot_pl_amt", total(|time| time.1.profit))
        .with("tot_cmsn", total(|time| time.1.commission))
        .with("tot_tax", total(|time| time.1.tax));
    let rows = times.iter().rev().map(|(time, (bought, sold))| {
        Given::default()
            .with("trde_dt", time.as_str())
            .with("buy_amt", usd(*bought))
            .with("sell_amt", usd(sold.amount))
            .with("pl_amt", usd(sold.profit))
            .with("cmsn", usd(sold.commission))
            .with("tax", usd(sold.tax))
    });
    Page { head, ..Page::rows(rows.collect()) }
}

/// `ust21170`
pub(crate) fn positions_today(view: &View<'_>, ask: &Ask) -> Page {
    let (all, today) = (Valued::all(view, Desk::Us), today_of(view));
    let (money, gains) = (|cents| asked(ask, cents), sold(view, ask, (today, today)));
    let (cost, value, profit) = (sum(&all, |v| v.cost), sum(&all, |v| v.value), sum(&all, Valued::profit));
    let (krw, cash) = (view.account.purse(Desk::Stocks).cash, view.account.purse(Desk::Us).cash);
    let head = Given::default()
        .with("crnc_code", "USD")
        .with("tot_evlt_amt", money(value))
        .with("tot_prch_amt", money(cost))
        .with("tot_pl_amt", money(profit))
        .with("tot_pl_rt", rate(profit.into(), cost.into()))
        .with("tdy_pl_amt", money(total(&gains, |s| s.profit)))
        .with("prsm_aseta_krw", krw + won(cash) + won(value));
    let rows = all.iter().map(|v| {
        let of_stock = gains.iter().filter(|(_, listing, _)| listing.code == v.listing.code);
        row(v.listing)
            .with("tdy_pl_amt", money(of_stock.map(|(_, _, sold)| sold.profit).sum()))
            .with("evlt_pl_amt", money(v.profit()))
            .with("evlt_pl_rt", v.profit_rate())
            .with("prch_uv", each(v.cost, v.qty))
            .with("poss_qty", v.qty)
            .with("sell_alowq", v.sellable)
            .with("now_pric", usd(v.last))
            .with("prch_amt", money(v.cost))
            .with("evlt_amt", money(v.value))
            .with("prch_exrt", RATE)
            .with("sell_exrt", RATE)
            .with("evlt_amt_cmsn", money(v.sells_for))
            .with("evlt_amt_tax", money(v.tax))
    });
    Page { head, ..Page::rows(rows.collect()) }
}
