//! Other lists of the account: its positions, orders and money once more, in the words of other APIs.

use kiwoom_api::jiff::civil::Date;
use kiwoom_api::value::Decimal;

use super::account::{Valued, assets, sum, withdrawable};
use super::form::date_text;
use super::given::{Given, Page};
use super::orders::{change_text, day_text, is_shown, paid_text};
use super::quote::rate;
use crate::broker::{Credit, Desk, Order, Sale, Sort};
use crate::envelope::Ask;
use crate::market::{Kind, OrderSide};
use crate::view::View;

/// Rows of one page (`BEHAVIOUR.md` P3).
const PAGE: usize = 30;

/// What the account knows about a request; `None` where this is no list of it.
pub(super) fn known(view: &View<'_>, ask: &Ask, api: &str) -> Option<Page> {
    Some(match api {
        "ka01690" => balances(view, ask),
        "ka10085" => returns(view),
        "ka10170" => diary(view, ask),
        "kt00002" => assets_by_day(view, ask),
        "kt00003" => only(Given::default().with("prsm_dpst_aset_amt", assets(view, &Valued::all(view, Desk::Stocks)))),
        "kt00005" => positions(view),
        "kt00009" => orders(view, ask),
        "kt00010" | "kt00011" => orderable(view, ask),
        "kt00015" => history(view, ask),
        "kt00017" => today(view),
        _ => return None,
    })
}

fn only(head: Given) -> Page {
    Page { head, ..Page::rows(Vec::new()) }
}

/// The sales of a day.
fn sales<'a>(view: &'a View<'_>, day: Date) -> impl Iterator<Item = &'a Sale> {
    view.account.sales(Desk::Stocks).filter(move |sale| sale.day == day)
}

/// `ka10085`
fn returns(view: &View<'_>) -> Page {
    let today = view.session.today();
    let rows = Valued::all(view, Desk::Stocks).into_iter().map(|v| {
        let is_credit = v.borrowed.is_some();
        let sold = sales(view, today).filter(|sale| sale.listing.code == v.listing.code && sale.is_credit == is_credit);
        let orders = view.account.orders_of(Desk::Stocks, today);
        let own = orders.filter(|order| order.code == v.listing.code && (order.credit != Credit::Cash) == is_credit);
        let costs = own.fold((0, 0), |sum, order| (sum.0 + order.commission, sum.1 + order.tax));
        Given::default()
            .with("dt", date_text(today))
            .with("stk_cd", v.listing.code)
            .with("stk_nm", v.listing.name)
            .price("cur_prc", v.last, v.previous)
            .with("pur_pric", v.average)
            .with("pur_amt", v.cost)
            .with("rmnd_qty", v.qty)
            .with("tdy_sel_pl", sold.map(Sale::profit).sum::<i64>())
            .with("tdy_trde_cmsn", costs.0)
            .with("tdy_trde_tax", costs.1)
            .with("crd_tp", v.credit().0)
            .with("loan_dt", v.loan_day())
            .with("setl_remn", v.settled())
            .with("clrn_alow_qty", v.sellable)
            .with("crd_amt", v.loan)
    });
    Page::rows(rows.collect())
}

/// `ka01690`: of today; the simulator keeps no balances of other days.
fn balances(view: &View<'_>, ask: &Ask) -> Page {
    let today = view.session.today();
    if ask.day("qry_dt").is_some_and(|day| day != today) {
        return only(Given::default().with("dt", ask.field("qry_dt")));
    }
    let all = Valued::all(view, Desk::Stocks);
    let (cost, value, profit) = (sum(&all, |v| v.cost), sum(&all, |v| v.value), sum(&all, Valued::profit));
    let (cash, whole) = (view.account.purse(Desk::Stocks).cash, assets(view, &all));
    let head = Given::default()
        .with("dt", date_text(today))
        .with("tot_buy_amt", cost)
        .with("tot_evlt_amt", value)
        .with("tot_evltv_prft", profit)
        .with("tot_prft_rt", rate(profit.into(), cost.into()))
        .with("dbst_bal", cash)
        .with("day_stk_asst", whole)
        .with("buy_wght", rate(cash.into(), whole.into()));
    let rows = all.iter().map(|v| {
        Given::default()
            .price("cur_prc", v.last, v.previous)
            .with("stk_cd", v.listing.code)
            .with("stk_nm", v.listing.name)
            .with("rmnd_qty", v.qty)
            .with("buy_uv", v.average)
            .with("buy_wght", rate(v.cost.into(), whole.into()))
            .with("evltv_prft", v.profit())
            .with("prft_rt", v.profit_rate())
            .with("evlt_amt", v.value)
            .with("evlt_wght", rate(v.value.into(), whole.into()))
    });
    Page { head, ..Page::rows(rows.collect()) }
}

/// `kt00005`
fn positions(view: &View<'_>) -> Page {
    let all = Valued::all(view, Desk::Stocks);
    let (cost, profit) = (sum(&all, |v| v.cost), sum(&all, Valued::profit));
    let (purse, orderable) = (view.account.purse(Desk::Stocks), view.account.orderable(Desk::Stocks));
    let mut head = Given::default()
        .with("entr", purse.deposit)
        .with("entr_d1", purse.deposit)
        .with("entr_d2", purse.cash)
        .with("pymn_alow_amt", withdrawable(view))
        .with("ord_alowa", orderable)
        .with("profa_ch", purse.cash - orderable)
        .with("stk_buy_tot_amt", cost)
        .with("evlt_amt_tot", sum(&all, |v| v.value))
        .with("tot_pl_tot", profit)
        .with("tot_pl_rt", rate(profit.into(), cost.into()))
        .with("crd_loan_tot", purse.loan);
    for margin in [20, 30, 40, 50, 60, 100] {
        head = head.with(format!("{margin}ord_alow_amt"), orderable);
    }
    let rows = all.iter().map(|v| {
        Given::default()
            .with("crd_tp", v.credit().0)
            .with("loan_dt", v.loan_day())
            .with("stk_cd", format!("A{}", v.listing.code))
            .with("stk_nm", v.listing.name)
            .with("setl_remn", v.settled())
            .with("cur_qty", v.qty)
            .with("cur_prc", v.last)
            .with("buy_uv", v.average)
            .with("pur_amt", v.cost)
            .with("evlt_amt", v.value)
            .with("evltv_prft", v.profit())
            .with("pl_rt", v.profit_rate())
    });
    Page { head, ..Page::rows(rows.collect()) }
}

/// `kt00009`
fn orders(view: &View<'_>, ask: &Ask) -> Page {
    let day = ask.day("ord_dt").unwrap_or(view.session.today());
    let from = ask.field("fr_ord_no").parse().unwrap_or(0);
    let code = ask.field("stk_cd").trim_start_matches('A');
    let is_wanted = |order: &&Order| {
        let of_side = match ask.field("sell_tp") {
            "1" => order.side == OrderSide::Sell,
            "2" => order.side == OrderSide::Buy,
            _ => true,
        };
        let of_venue = ["", "%", order.venue].contains(&ask.field("dmst_stex_tp"));
        let of_kind = ask.field("qry_tp") != "1" || order.filled > 0;
        let is_stock = ask.field("stk_bond_tp") != "2";
        is_stock && of_side && of_venue && of_kind && order.number >= from && (code.is_empty() || order.code == code)
    };
    let shown: Vec<&Order> =
        view.account.orders_of(Desk::Stocks, day).filter(|order| is_shown(view, order)).filter(is_wanted).collect();
    let traded = |side| shown.iter().filter(|order| order.side == side).map(|order| order.amount).sum::<i64>();
    let (sold, bought) = (traded(OrderSide::Sell), traded(OrderSide::Buy));
    let head =
        Given::default().with("sell_grntl_engg_amt", sold).with("buy_engg_amt", bought).with("engg_amt", sold + bought);
    let rows = shown.iter().rev().map(|order| order_row(order)).collect();
    Page { head, ..Page::cut(rows, PAGE, ask.next_key.as_deref()) }
}

fn order_row(order: &Order) -> Given {
    let is_done = order.sort != Sort::New;
    let fill = order.last_fill.map_or(String::new(), |(number, ..)| number.to_string());
    Given::default()
        .with("stk_bond_tp", "1")
        .with("ord_no", order.number_text())
        .with("orig_ord_no", order.original_text())
        .with("stk_cd", format!("A{}", order.code))
        .with("stk_nm", order.listing.name)
        .with("trde_tp", order.kind.name)
        .with("io_tp_nm", paid_text(order))
        .with("ord_qty", order.qty)
        .with("ord_uv", order.price.unwrap_or(0))
        .with("cnfm_qty", if is_done { order.qty } else { 0 })
        .with("cntr_no", fill)
        .with("acpt_tp", if is_done { "확인" } else { "접수" })
        .with("crd_deal_tp", if order.credit == Credit::Cash { "보통매매" } else { "융자" })
        .with("cntr_qty", order.filled)
        .with("cntr_uv", order.average())
        .with("comm_ord_tp", "REST API")
        .with("mdfy_cncl_tp", change_text(order))
        .with("cntr_tm", if order.filled > 0 { order.at.strftime("%H:%M:%S").to_string() } else { String::new() })
        .with("dmst_stex_tp", order.venue)
        .with("cond_uv", 0)
}

/// How many can be bought at a price: one more is refused for want of funds.
pub(super) fn affordable(view: &View<'_>, desk: Desk, price: i64) -> i64 {
    let orderable = view.account.orderable(desk);
    if price <= 0 {
        return 0;
    }
    let fits = |qty: i64| {
        let amount = i128::from(price) * i128::from(qty);
        i64::try_from(amount).is_ok_and(|amount| {
            let (commission, _) = view.account.cost_of_sale(amount, Kind::Etf);
            amount.checked_add(commission + 1).is_some_and(|needed| needed <= orderable)
        })
    };
    let (mut fit, mut unfit) = (0, orderable.max(0) / price + 1);
    while unfit - fit > 1 {
        let middle = fit + (unfit - fit) / 2;
        if fits(middle) { fit = middle } else { unfit = middle }
    }
    fit
}

/// `kt00010`, `kt00011`: every stock takes all of its price as margin.
fn orderable(view: &View<'_>, ask: &Ask) -> Page {
    let (purse, money) = (view.account.purse(Desk::Stocks), view.account.orderable(Desk::Stocks));
    let price = ask.number("uv").unwrap_or(0).max(0);
    let qty = affordable(view, Desk::Stocks, price);
    let amount = price.saturating_mul(ask.number("trde_qty").unwrap_or(0).max(0));
    let (commission, _) = view.account.cost_of_sale(amount, Kind::Etf);
    let mut head = Given::default()
        .with("entr", purse.deposit)
        .with("ord_alowa", money)
        .with("wthd_alowa", withdrawable(view))
        .with("nxdy_wthd_alowa", withdrawable(view))
        .with("d2entra", purse.cash)
        .with("pur_amt", amount)
        .with("cmsn", commission)
        .with("pur_exct_amt", amount.saturating_add(commission))
        .with("min_ord_alow_amt", money)
        .with("min_ord_alowq", qty);
    for margin in ["20", "30", "40", "50", "60", "rdex_60", "100"] {
        head = head.with(format!("profa_{margin}ord_alow_amt"), money).with(format!("profa_{margin}ord_alowq"), qty);
    }
    for key in ["stk_profa_rt", "profa_rt", "aplc_rt"] {
        head = head.with(key, Decimal::ONE_HUNDRED);
    }
    only(head)
}

/// `kt00002`: of today; the simulator keeps no assets of other days.
fn assets_by_day(view: &View<'_>, ask: &Ask) -> Page {
    let (today, purse) = (view.session.today(), view.account.purse(Desk::Stocks));
    let (from, to) = (ask.day("start_dt").unwrap_or(today), ask.day("end_dt").unwrap_or(today));
    let assets = assets(view, &Valued::all(view, Desk::Stocks));
    let row = Given::default()
        .with("dt", date_text(today))
        .with("entr", purse.deposit)
        .with("crd_loan", purse.loan)
        .with("prsm_dpst_aset_amt", assets)
        .with("prsm_dpst_aset_amt_bncr_skip", assets);
    Page::rows((from..=to).contains(&today).then_some(row).into_iter().collect())
}

/// The orders of a day that traded.
fn traded<'a>(view: &'a View<'_>, (from, to): (Date, Date)) -> impl Iterator<Item = &'a Order> {
    let orders = view.account.orders().iter().filter(|order| order.desk == Desk::Stocks && order.filled > 0);
    orders.filter(move |order| (from..=to).contains(&order.day))
}

/// `kt00017`
fn today(view: &View<'_>) -> Page {
    let (today, all) = (view.session.today(), Valued::all(view, Desk::Stocks));
    let value =
        |is_borrowed: bool| all.iter().filter(|v| v.borrowed.is_some() == is_borrowed).map(|v| v.value).sum::<i64>();
    let of = |count: fn(&Order) -> i64| traded(view, (today, today)).map(count).sum::<i64>();
    let of_side =
        |side| traded(view, (today, today)).filter(|order| order.side == side).map(|order| order.amount).sum::<i64>();
    let purse = view.account.purse(Desk::Stocks);
    only(
        Given::default()
            .with("d2_entra", purse.cash)
            .with("gnrl_stk_evlt_amt_d2", value(false))
            .with("crd_loan_d2", purse.loan)
            .with("crd_loan_evlta_d2", value(true))
            .with("sell_amt", of_side(OrderSide::Sell))
            .with("buy_amt", of_side(OrderSide::Buy))
            .with("cmsn", of(|order| order.commission))
            .with("tax", of(|order| order.tax)),
    )
}

/// What one stock did on the day of a diary.
#[derive(Clone, Copy, Default)]
struct Diary {
    bought: (i64, i64),
    sold: (i64, i64),
    costs: i64,
    profit: i64,
    cost: i64,
}

/// `ka10170`
fn diary(view: &View<'_>, ask: &Ask) -> Page {
    let day = ask.day("base_dt").unwrap_or(view.session.today());
    let fits = |is_credit: bool| match ask.field("ch_crd_tp") {
        "1" => !is_credit,
        "2" => is_credit,
        _ => true,
    };
    let mut stocks = std::collections::BTreeMap::new();
    for order in traded(view, (day, day)).filter(|order| fits(order.credit != Credit::Cash)) {
        let (_, diary) = stocks.entry(order.code).or_insert((order.listing, Diary::default()));
        let side = if order.side == OrderSide::Buy { &mut diary.bought } else { &mut diary.sold };
        *side = (side.0 + order.filled, side.1 + order.amount);
        diary.costs += order.commission + order.tax;
    }
    for sale in sales(view, day).filter(|sale| fits(sale.is_credit)) {
        let (_, diary) = stocks.entry(sale.listing.code).or_insert((sale.listing, Diary::default()));
        diary.profit += sale.profit();
        diary.cost += sale.cost;
    }
    let total = |of: fn(&Diary) -> i64| stocks.values().map(|(_, diary)| of(diary)).sum::<i64>();
    let (sold, bought, costs) = (total(|d| d.sold.1), total(|d| d.bought.1), total(|d| d.costs));
    let profit = total(|d| d.profit);
    let head = Given::default()
        .with("tot_sell_amt", sold)
        .with("tot_buy_amt", bought)
        .with("tot_cmsn_tax", costs)
        .with("tot_exct_amt", sold - bought - costs)
        .with("tot_pl_amt", profit)
        .with("tot_prft_rt", rate(profit.into(), total(|d| d.cost).into()));
    let rows = stocks.values().map(|(listing, diary)| {
        let each = |(qty, amount): (i64, i64)| amount.checked_div(qty).unwrap_or(0);
        Given::default()
            .with("stk_nm", listing.name)
            .with("stk_cd", listing.code)
            .with("buy_avg_pric", each(diary.bought))
            .with("buy_qty", diary.bought.0)
            .with("buy_amt", diary.bought.1)
            .with("sel_avg_pric", each(diary.sold))
            .with("sell_qty", diary.sold.0)
            .with("sell_amt", diary.sold.1)
            .with("cmsn_alm_tax", diary.costs)
            .with("pl_amt", diary.profit)
            .with("prft_rt", rate(diary.profit.into(), diary.cost.into()))
    });
    Page { head, ..Page::rows(rows.collect()) }
}

/// `kt00015`: what was traded, with the deposit after each order; loans are not in it.
fn history(view: &View<'_>, ask: &Ask) -> Page {
    let today = view.session.today();
    let (from, to) = (ask.day("strt_dt").unwrap_or(Date::MIN), ask.day("end_dt").unwrap_or(today));
    let code = ask.field("stk_cd").trim_start_matches('A');
    let mut cash = view.account.purse(Desk::Stocks).initial;
    let mut rows = Vec::new();
    for order in traded(view, (Date::MIN, today)) {
        let is_sale = order.side == OrderSide::Sell;
        let costs = order.commission + order.tax;
        let settled = if is_sale { order.amount - costs } else { -order.amount - costs };
        cash += settled;
        let is_wanted = match ask.field("tp") {
            "0" | "3" | "" => true,
            "4" => !is_sale,
            "5" => is_sale,
            _ => false,
        };
        if is_wanted && (from..=to).contains(&order.day) && (code.is_empty() || order.code == code) {
            let day = day_text(order);
            rows.push(
                Given::default()
                    .with("trde_dt", day.as_str())
                    .with("cntr_dt", day)
                    .with("trde_no", order.number.to_string())
                    .with("rmrk_nm", if is_sale { "장내매도" } else { "장내매수" })
                    .with("io_tp_nm", paid_text(order))
                    .with("stk_cd", format!("A{}", order.code))
                    .with("stk_nm", order.listing.name)
                    .with("trde_qty_jwa_cnt", order.filled)
                    .with("trde_unit", order.average())
                    .with("trde_amt", order.amount)
                    .with("cmsn", order.commission)
                    .with("trde_agri_tax", order.tax)
                    .with("exct_amt", settled.abs())
                    .with("entra_remn", cash)
                    .with("mdia_tp_nm", "REST API")
                    .with("proc_tm", order.at.strftime("%H:%M:%S").to_string()),
            );
        }
    }
    rows.reverse();
    let head = Given::default().with("acnt_no", view.account_no);
    Page { head, ..Page::cut(rows, PAGE, ask.next_key.as_deref()) }
}
