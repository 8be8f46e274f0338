//! The lists of orders: open ones, filled ones, all of a day.

use super::form::date_text;
use super::given::{Given, Page};
use crate::broker::{Credit, Desk, Order, Sort, Stand};
use crate::envelope::Ask;
use crate::market::OrderSide;
use crate::view::View;

/// Rows of one page.
const PAGE: usize = 20;

/// `ka10075`
pub(crate) fn open(view: &View<'_>, ask: &Ask) -> Page {
    let shown = shown(view, ask).filter(|order| order.stand() == Stand::Open);
    Page::cut(shown.rev().map(|order| open_row(view, order)).collect(), PAGE, ask.next_key.as_deref())
}

/// `ka10076`
pub(crate) fn filled(view: &View<'_>, ask: &Ask) -> Page {
    let before = ask.field("ord_no").parse().unwrap_or(u64::MAX);
    let shown = shown(view, ask).filter(|order| order.filled > 0 && order.number < before);
    Page::cut(shown.rev().map(filled_row).collect(), PAGE, ask.next_key.as_deref())
}

/// `ka10088`: the parts of an order that was split over venues; here it has one.
pub(crate) fn split(view: &View<'_>, ask: &Ask) -> Page {
    let number = ask.field("ord_no").parse().unwrap_or(0);
    let shown = shown(view, ask).filter(|order| order.number == number && order.stand() == Stand::Open);
    Page::cut(shown.map(|order| open_row(view, order)).collect(), PAGE, ask.next_key.as_deref())
}

/// `kt00007`
pub(crate) fn detail(view: &View<'_>, ask: &Ask) -> Page {
    let day = ask.field("ord_dt");
    let from = ask.field("fr_ord_no").parse().unwrap_or(0);
    let kind = ask.field("qry_tp");
    let rows = view.account.orders().iter().filter(|order| order.desk == Desk::Stocks).filter(|order| {
        let of_day = if day.is_empty() { order.day == view.session.today() } else { day_text(order) == day };
        let wanted = match kind {
            "3" => order.stand() == Stand::Open,
            "4" => order.filled > 0,
            _ => true,
        };
        of_day && wanted && order.number >= from && is_shown(view, order) && is_asked(order, ask)
    });
    let mut rows: Vec<Given> = rows.map(detail_row).collect();
    if kind == "2" {
        rows.reverse();
    }
    Page::cut(rows, PAGE, ask.next_key.as_deref())
}

/// The orders of today that the lists show, and that the request asks for.
fn shown<'a>(view: &'a View<'_>, ask: &'a Ask) -> impl DoubleEndedIterator<Item = &'a Order> {
    view.account
        .orders_of(Desk::Stocks, view.session.today())
        .filter(|order| is_shown(view, order) && is_asked(order, ask))
}

pub(super) fn is_shown(view: &View<'_>, order: &Order) -> bool {
    order.shown_from <= view.session.elapsed()
}

/// `20260706`
pub(super) fn day_text(order: &Order) -> String {
    date_text(order.day)
}

fn is_asked(order: &Order, ask: &Ask) -> bool {
    let code = ask.field("stk_cd").trim_start_matches('A');
    let side = ["trde_tp", "sell_tp"].into_iter().map(|key| ask.field(key)).find(|code| !code.is_empty());
    let of_side = match side {
        Some("1") => order.side == OrderSide::Sell,
        Some("2") => order.side == OrderSide::Buy,
        _ => true,
    };
    (code.is_empty() || order.code == code) && of_side
}

fn open_row(view: &View<'_>, order: &Order) -> Given {
    let stock = view.market.find(order.code);
    let quoted = |side| stock.and_then(|stock| stock.best(side)).unwrap_or(0);
    let previous = stock.map_or(0, |stock| stock.previous);
    common(order)
        .with("acnt_no", view.account_no)
        .with("cntr_tot_amt", order.amount)
        .with("tm", order.at.strftime("%H%M%S").to_string())
        .price("cur_prc", stock.map_or(0, |stock| stock.last()), previous)
        .price("sel_bid", quoted(OrderSide::Sell), previous)
        .price("buy_bid", quoted(OrderSide::Buy), previous)
        .with("ind_invsr", "")
}

fn filled_row(order: &Order) -> Given {
    common(order).with("ord_tm", order.at.strftime("%H%M%S").to_string())
}

fn common(order: &Order) -> Given {
    let status = if order.stand() == Stand::Open && order.filled == 0 { "접수" } else { "체결" };
    let mut row = Given::default()
        .with("ord_no", order.number_text())
        .with("stk_cd", order.code)
        .with("stk_nm", order.listing.name)
        .with("ord_stt", status)
        .with("ord_qty", order.qty)
        .with("ord_pric", order.price.unwrap_or(0))
        .with("oso_qty", order.left)
        .with("orig_ord_no", order.original_text())
        .with("io_tp_nm", side_text(order))
        .with("trde_tp", order.kind.name)
        .with("cntr_pric", order.average())
        .with("cntr_qty", order.filled)
        .with("tdy_trde_cmsn", order.commission)
        .with("tdy_trde_tax", order.tax)
        .with("stex_tp", if order.venue == "NXT" { "2" } else { "1" })
        .with("stex_tp_txt", order.venue)
        .with("sor_yn", if order.venue == "SOR" { "Y" } else { "N" });
    if let Some((number, price, qty)) = order.last_fill {
        row = row.with("cntr_no", number.to_string()).with("unit_cntr_pric", price).with("unit_cntr_qty", qty);
    }
    row
}

fn detail_row(order: &Order) -> Given {
    let done = order.sort != Sort::New;
    Given::default()
        .with("ord_no", order.number_text())
        .with("stk_cd", format!("A{}", order.code))
        .with("stk_nm", order.listing.name)
        .with("trde_tp", order.kind.name)
        .with("crd_tp", if order.credit == Credit::Cash { "보통매매" } else { "융자" })
        .with("ord_qty", order.qty)
        .with("ord_uv", order.price.unwrap_or(0))
        .with("cnfm_qty", if done { order.qty } else { 0 })
        .with("acpt_tp", if done { "확인" } else { "접수" })
        .with("ord_tm", order.at.strftime("%H:%M:%S").to_string())
        .with("ori_ord", order.original_text())
        .with("io_tp_nm", paid_text(order))
        .with("cntr_qty", order.filled)
        .with("cntr_uv", order.average())
        .with("ord_remnq", order.left)
        .with("comm_ord_tp", "REST API")
        .with("mdfy_cncl", change_text(order))
        .with("cnfm_tm", if done { order.at.strftime("%H:%M:%S").to_string() } else { String::new() })
        .with("dmst_stex_tp", order.venue)
        .with("cond_uv", 0)
}

/// What an order does, in the broker's words; a sign stands before the side (`BEHAVIOUR.md` N10).
pub(crate) fn side_text(order: &Order) -> String {
    let (sign, side) = match order.side {
        OrderSide::Buy => ("+", "매수"),
        OrderSide::Sell => ("-", "매도"),
    };
    match order.sort {
        Sort::New => format!("{sign}{side}"),
        Sort::Modify => format!("{sign}{side}정정"),
        Sort::Cancel => format!("{side}취소"),
    }
}

/// What an order does and how it is paid, in the broker's words.
pub(super) fn paid_text(order: &Order) -> &'static str {
    match (order.credit, order.side) {
        (Credit::Cash, OrderSide::Buy) => "현금매수",
        (Credit::Cash, OrderSide::Sell) => "현금매도",
        (_, OrderSide::Buy) => "융자매수",
        (_, OrderSide::Sell) => "융자매도",
    }
}

/// What a row changes, in the broker's words.
pub(super) fn change_text(order: &Order) -> &'static str {
    match order.sort {
        Sort::New => "",
        Sort::Modify => "정정",
        Sort::Cancel => "취소",
    }
}
