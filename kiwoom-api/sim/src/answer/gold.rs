//! Gold: lists of orders, the balance in grams, the deposit; money in won.

use kiwoom_api::value::Decimal;

use super::account::{Valued, sum};
use super::given::{Given, Page};
use super::orders::{change_text, day_text, is_shown};
use crate::broker::{Desk, Order, Sale, Sort, Stand};
use crate::envelope::Ask;
use crate::market::OrderSide;
use crate::view::View;

const PAGE: usize = 30;

/// What the account knows about a request; `None` where it knows nothing of this API.
pub(super) fn known(view: &View<'_>, ask: &Ask, api: &str) -> Option<Page> {
    Some(match api {
        "kt50020" => balance(view),
        "kt50021" => deposit(view),
        "kt50030" => orders(view, ask, ""),
        "kt50031" => orders(view, ask, ask.field("qry_tp")),
        "kt50075" => orders(view, ask, "3"),
        "kt50032" => history(view, ask),
        _ => return None,
    })
}

/// `kt50020`
fn balance(view: &View<'_>) -> Page {
    let (all, purse) = (Valued::all(view, Desk::Gold), view.account.purse(Desk::Gold));
    let (cost, value) = (sum(&all, |v| v.cost), sum(&all, |v| v.value));
    let today = Desk::Gold.exchange().day(view.session.now());
    let sales = view.account.sales(Desk::Gold).filter(|sale| sale.day == today);
    let head = Given::default()
        .with("tot_entr", purse.deposit)
        .with("net_entr", purse.cash)
        .with("tot_est_amt", value)
        .with("net_amt", purse.cash + value)
        .with("tot_book_amt2", cost)
        .with("tot_dep_amt", purse.cash + value)
        .with("paym_alowa", withdrawable(view))
        .with("pl_amt", sales.map(Sale::profit).sum::<i64>());
    let rows = all.iter().map(|v| {
        let break_even = Decimal::from(v.cost + v.bought_for + v.sells_for).checked_div(v.qty.into());
        Given::default()
            .with("stk_cd", v.listing.code)
            .with("stk_nm", v.listing.name)
            .with("real_qty", v.qty)
            .with("avg_prc", v.average)
            .with("cur_prc", v.last)
            .with("est_amt", v.value)
            .with("est_lspft", v.profit())
            .with("est_ratio", v.profit_rate())
            .with("cmsn", v.bought_for + v.sells_for)
            .with("book_amt2", v.cost)
            .with("pl_prch_prc", break_even.unwrap_or_default().round_dp(2))
            .with("qty", v.settled())
            .with("buy_qty", v.bought_today)
            .with("sell_qty", v.sold_today)
            .with("able_qty", v.sellable)
    });
    Page { head, ..Page::rows(rows.collect()) }
}

fn withdrawable(view: &View<'_>) -> i64 {
    let purse = view.account.purse(Desk::Gold);
    purse.deposit.min(purse.cash).min(view.account.orderable(Desk::Gold)).max(0)
}

/// `kt50021`
fn deposit(view: &View<'_>) -> Page {
    let (purse, orderable) = (view.account.purse(Desk::Gold), view.account.orderable(Desk::Gold));
    let today = view.session.today();
    let traded = |side: OrderSide| {
        let orders = view.account.orders_of(Desk::Gold, today).filter(move |order| order.side == side);
        orders.map(|order| (order.amount, order.commission + order.tax)).fold((0, 0), |a, b| (a.0 + b.0, a.1 + b.1))
    };
    let ((bought, paid), (sold, kept)) = (traded(OrderSide::Buy), traded(OrderSide::Sell));
    let head = Given::default()
        .with("entra", purse.deposit)
        .with("profa_ch", purse.cash - orderable)
        .with("prsm_entra", purse.cash)
        .with("buy_exct_amt", bought + paid)
        .with("sell_exct_amt", sold - kept)
        .with("sell_buy_exct_amt", purse.cash - purse.deposit)
        .with("prsm_pymn_alow_amt", withdrawable(view))
        .with("pymn_alow_amt", withdrawable(view))
        .with("ord_alow_amt", orderable);
    Page { head, ..Page::rows(Vec::new()) }
}

/// `kt50030`, `kt50031`, `kt50075`: 3 means open orders, 4 filled ones.
fn orders(view: &View<'_>, ask: &Ask, which: &str) -> Page {
    let day = ask.day("ord_dt").unwrap_or(view.session.today());
    let from = ask.field("fr_ord_no").parse().unwrap_or(0);
    let code = ask.field("stk_cd");
    let side = ["sell_tp", "slby_tp"].into_iter().map(|key| ask.field(key)).find(|code| !code.is_empty());
    let orders = view.account.orders_of(Desk::Gold, day).filter(|order| {
        let is_wanted = match which {
            "3" => order.stand() == Stand::Open,
            "4" => order.filled > 0,
            _ => true,
        };
        let of_side = match side {
            Some("1") => order.side == OrderSide::Sell,
            Some("2") => order.side == OrderSide::Buy,
            _ => true,
        };
        is_wanted && of_side && order.number >= from && ["", order.code].contains(&code) && is_shown(view, order)
    });
    let mut rows: Vec<Given> = orders.map(order_row).collect();
    if ask.field("qry_tp") == "2" {
        rows.reverse();
    }
    Page::cut(rows, PAGE, ask.next_key.as_deref())
}

fn order_row(order: &Order) -> Given {
    let is_done = order.sort != Sort::New;
    let (time, said) = (order.at.strftime("%H:%M:%S").to_string(), if is_done { "확인" } else { "접수" });
    Given::default()
        .with("stk_bond_tp", "1")
        .with("ord_no", order.number_text())
        .with("orig_ord_no", order.original_text())
        .with("ori_ord", order.original_text())
        .with("stk_cd", order.code)
        .with("stk_nm", order.listing.name)
        .with("trde_tp", order.kind.name)
        .with("io_tp_nm", if order.side == OrderSide::Buy { "현금매수" } else { "현금매도" })
        .with("ord_qty", order.qty)
        .with("ord_uv", order.price.unwrap_or(0))
        .with("cnfm_qty", if is_done { order.qty } else { 0 })
        .with("data_send_end_tp", said)
        .with("acpt_tp", said)
        .with("mrkt_deal_tp", "5")
        .with("crd_tp", "보통매매")
        .with("cntr_qty", order.filled)
        .with("cntr_uv", order.average())
        .with("ord_remnq", order.left)
        .with("comm_ord_tp", "REST API")
        .with("mdfy_cncl_tp", change_text(order))
        .with("mdfy_cncl", change_text(order))
        .with("cnfm_tm", if is_done { time.clone() } else { String::new() })
        .with("ord_tm", time)
        .with("dmst_stex_tp", "KRX")
        .with("cond_uv", 0)
}

/// `kt50032`: what was traded, with the deposit and the grams after each.
fn history(view: &View<'_>, ask: &Ask) -> Page {
    let day_of = |key: &str| ask.field(key).to_owned();
    let (from, to, kind) = (day_of("strt_dt"), day_of("end_dt"), day_of("tp"));
    let mut cash = view.account.purse(Desk::Gold).initial;
    let mut grams = std::collections::BTreeMap::<&str, i64>::new();
    let mut rows = Vec::new();
    for order in view.account.orders().iter().filter(|order| order.desk == Desk::Gold && order.filled > 0) {
        let sign = if order.side == OrderSide::Buy { -1 } else { 1 };
        let settled = order.amount * -sign + order.commission + order.tax;
        cash -= settled;
        let held = grams.entry(order.code).or_default();
        *held -= sign * order.filled;
        let day = day_text(order);
        let is_wanted = match kind.as_str() {
            "4" => sign < 0,
            "5" => sign > 0,
            "1" | "2" | "6" | "7" => false,
            _ => true,
        };
        let is_asked = (from.is_empty() || from <= day) && (to.is_empty() || day <= to);
        if is_wanted && is_asked && ["", order.code].contains(&ask.field("stk_cd")) {
            rows.push(
                Given::default()
                    .with("deal_dt", day.as_str())
                    .with("cntr_dt", day.as_str())
                    .with("deal_no", order.number.to_string())
                    .with("rmrk_nm", if sign < 0 { "금현물매수" } else { "금현물매도" })
                    .with("deal_qty", order.filled)
                    .with("exct_amt", settled.abs())
                    .with("entra_remn", cash)
                    .with("mdia_nm", "REST API")
                    .with("stk_nm", order.listing.name)
                    .with("stk_cd", order.code)
                    .with("uv_exrt", rate_each(order))
                    .with("cmsn", order.commission)
                    .with("spot_remn", *held)
                    .with("proc_time", order.at.strftime("%H:%M:%S").to_string())
                    .with("deal_amt", order.amount),
            );
        }
    }
    rows.reverse();
    let head = Given::default().with("acnt_print", view.account_no);
    Page { head, ..Page::cut(rows, PAGE, ask.next_key.as_deref()) }
}

fn rate_each(order: &Order) -> Decimal {
    Decimal::from(order.amount).checked_div(order.filled.into()).unwrap_or_default().round_dp(2)
}
