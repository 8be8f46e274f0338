//! What sales of stocks gained, by stock and by day.

use std::collections::BTreeMap;

use kiwoom_api::jiff::civil::Date;
use kiwoom_api::value::Decimal;

use super::form::date_text;
use super::given::{Given, Page};
use super::quote::rate;
use crate::broker::{Desk, Sale};
use crate::envelope::Ask;
use crate::market::{Listing, OrderSide};
use crate::view::View;

/// Sums of the sales of one stock on one day.
struct Sold {
    day: Date,
    listing: &'static Listing,
    qty: i64,
    amount: i64,
    cost: i64,
    commission: i64,
    tax: i64,
    profit: i64,
}

fn sold(view: &View<'_>, (from, to): (Date, Date), code: &str) -> Vec<Sold> {
    let mut all: BTreeMap<(Date, &str), Sold> = BTreeMap::new();
    let sales = view.account.sales(Desk::Stocks).filter(|sale| (from..=to).contains(&sale.day));
    for sale in sales.filter(|sale| code.is_empty() || sale.listing.code == code) {
        let Sale { day, listing, .. } = *sale;
        let none = Sold { day, listing, qty: 0, amount: 0, cost: 0, commission: 0, tax: 0, profit: 0 };
        let sum = all.entry((day, listing.code)).or_insert(none);
        sum.qty += sale.qty;
        sum.amount += sale.amount;
        sum.cost += sale.cost;
        sum.commission += sale.bought_for + sale.commission;
        sum.tax += sale.tax;
        sum.profit += sale.profit();
    }
    all.into_values().collect()
}

/// The days that a request asks for, today if it names none; the end is open where it has none.
fn asked_days(view: &View<'_>, ask: &Ask) -> (Date, Date) {
    let today = view.session.today();
    (ask.day("strt_dt").unwrap_or(today), ask.day("end_dt").unwrap_or(today))
}

fn each(amount: i64, qty: i64) -> Decimal {
    Decimal::from(amount).checked_div(qty.into()).unwrap_or_default().round_dp(2)
}

fn row(sold: &Sold) -> Given {
    Given::default()
        .with("dt", date_text(sold.day))
        .with("stk_nm", sold.listing.name)
        .with("stk_cd", format!("A{}", sold.listing.code))
        .with("stk_cd_1", sold.listing.code)
        .with("cntr_qty", sold.qty)
        .with("buy_uv", each(sold.cost, sold.qty))
        .with("cntr_pric", sold.amount / sold.qty.max(1))
        .with("tdy_sel_pl", sold.profit)
        .with("tdy_sel_pl_1", sold.profit)
        .with("pl_rt", rate(sold.profit.into(), sold.cost.into()))
        .with("tdy_trde_cmsn", sold.commission)
        .with("tdy_trde_tax", sold.tax)
        .with("crd_tp", "현금잔고")
}

/// `ka10072`, `ka10073`
pub(crate) fn by_stock(view: &View<'_>, ask: &Ask) -> Page {
    let code = ask.field("stk_cd").trim_start_matches('A');
    let rows = sold(view, asked_days(view, ask), code).iter().rev().map(row).collect();
    Page::cut(rows, 100, ask.next_key.as_deref())
}

/// `ka10077`
pub(crate) fn today(view: &View<'_>, ask: &Ask) -> Page {
    let today = view.session.today();
    let all = sold(view, (today, today), ask.field("stk_cd").trim_start_matches('A'));
    let head = Given::default().with("tdy_rlzt_pl", all.iter().map(|sold| sold.profit).sum::<i64>());
    Page { head, ..Page::rows(all.iter().map(row).collect()) }
}

/// `ka10074`
pub(crate) fn by_day(view: &View<'_>, ask: &Ask) -> Page {
    let days = asked_days(view, ask);
    let mut sums: BTreeMap<Date, [i64; 5]> = BTreeMap::new();
    let orders =
        view.account.orders().iter().filter(|order| order.desk == Desk::Stocks && order.side == OrderSide::Buy);
    for order in orders.filter(|order| order.amount > 0 && (days.0..=days.1).contains(&order.day)) {
        sums.entry(order.day).or_default()[0] += order.amount;
    }
    for sold in sold(view, days, "") {
        let sum = sums.entry(sold.day).or_default();
        for (sum, part) in sum[1..].iter_mut().zip([sold.amount, sold.profit, sold.commission, sold.tax]) {
            *sum += part;
        }
    }
    let told = |keys: [&str; 5], values: &[i64; 5]| {
        keys.into_iter().zip(values).fold(Given::default(), |given, (key, value)| given.with(key, *value))
    };
    let total = sums.values().fold([0; 5], |mut total, sum| {
        total.iter_mut().zip(sum).for_each(|(total, part)| *total += part);
        total
    });
    let keys = ["buy_amt", "sell_amt", "tdy_sel_pl", "tdy_trde_cmsn", "tdy_trde_tax"];
    let rows = sums.iter().rev().map(|(day, sum)| told(keys, sum).with("dt", date_text(*day))).collect();
    let head = told(["tot_buy_amt", "tot_sell_amt", "rlzt_pl", "trde_cmsn", "trde_tax"], &total);
    Page { head, ..Page::rows(rows) }
}
