//! The lists of US orders (`BEHAVIOUR.md` O3, O5).

use super::{each, is_about, row, usd};
use crate::answer::given::{Given, Page};
use crate::answer::orders::{day_text, is_shown};
use crate::broker::{Desk, Order, Sort, Stand};
use crate::envelope::Ask;
use crate::market::OrderSide;
use crate::view::View;

const PAGE: usize = 20;

/// `ust21050`
pub(crate) fn open(view: &View<'_>, ask: &Ask) -> Page {
    let day = ask.field("ord_dt");
    let open = view.account.open_orders().filter(|order| order.desk == Desk::Us && order.stand() == Stand::Open);
    let of_day = open.filter(|order| day.is_empty() || day_text(order) == day);
    page(of_day.filter(|order| is_asked(view, ask, order)).map(open_row).collect(), ask)
}

/// `ust21510`
pub(crate) fn today(view: &View<'_>, ask: &Ask) -> Page {
    let today = Desk::Us.exchange().day(view.session.now());
    let orders = view.account.orders_of(Desk::Us, today).filter(|order| is_asked(view, ask, order));
    page(orders.rev().map(open_row).collect(), ask)
}

/// `ust21150`
pub(crate) fn by_day(view: &View<'_>, ask: &Ask) -> Page {
    let day = ask.day("ord_dt").unwrap_or(Desk::Us.exchange().day(view.session.now()));
    let from = ask.field("fr_ord_no").parse().unwrap_or(0);
    let view_of = ask.field("query_tp");
    let orders = view.account.orders_of(Desk::Us, day).filter(|order| {
        let is_wanted = match view_of {
            "3" | "4" => order.stand() == Stand::Open,
            "5" | "6" => order.filled > 0,
            _ => true,
        };
        is_wanted && order.number >= from && is_asked(view, ask, order)
    });
    let mut rows: Vec<Given> = orders.map(history_row).collect();
    if ["2", "4", "6"].contains(&view_of) {
        rows.reverse();
    }
    page(rows, ask)
}

/// `ust21180`
pub(crate) fn by_period(view: &View<'_>, ask: &Ask) -> Page {
    let (from, to) = (ask.field("strt_dt"), ask.field("end_dt"));
    let orders = view.account.orders().iter().filter(|order| {
        let day = day_text(order);
        order.desk == Desk::Us
            && (from.is_empty() || from <= day.as_str())
            && (to.is_empty() || day.as_str() <= to)
            && is_asked(view, ask, order)
    });
    page(orders.map(history_row).collect(), ask)
}

fn page(rows: Vec<Given>, ask: &Ask) -> Page {
    Page::cut(rows, PAGE, ask.next_key.as_deref())
}

fn is_asked(view: &View<'_>, ask: &Ask, order: &Order) -> bool {
    let of_side = match ask.field("slby_tp") {
        "1" => order.side == OrderSide::Sell,
        "2" => order.side == OrderSide::Buy,
        _ => true,
    };
    of_side && is_shown(view, order) && is_about(order.listing, ask)
}

/// What an order does: new, change, cancellation.
pub(super) fn action(order: &Order) -> &'static str {
    match order.sort {
        Sort::New => "10",
        Sort::Modify => "11",
        Sort::Cancel => "12",
    }
}

/// Code and name of its side.
pub(super) fn side(order: &Order) -> (&'static str, &'static str) {
    match order.side {
        OrderSide::Sell => ("1", "매도"),
        OrderSide::Buy => ("2", "매수"),
    }
}

/// An order that was taken back keeps its word; the row of what took it back has another (`BEHAVIOUR.md` O5).
fn status(order: &Order) -> &'static str {
    match order.sort {
        Sort::Cancel => "취소확인",
        Sort::Modify if order.filled == 0 => "정정확인",
        _ if order.filled == 0 => "접수",
        _ if order.filled == order.qty => "체결완료",
        _ => "부분체결",
    }
}

fn common(order: &Order) -> Given {
    let time = order.at.strftime("%H:%M:%S").to_string();
    let (code, name) = side(order);
    row(order.listing)
        .with("ord_no", order.number_text())
        .with("orig_ord_no", order.original_text())
        .with("slby_tp", code)
        .with("slby_tp_nm", name)
        .with("ord_qty", order.qty)
        .with("ord_uv", usd(order.price.unwrap_or(0)))
        .with("cntr_qty", order.filled)
        .with("cntr_uv", each(order.amount, order.filled))
        .with("ord_remnq", order.left)
        .with("ord_time", time.as_str())
        .with("ord_resp_time", time.as_str())
        .with("cntr_time", if order.filled > 0 { time.as_str() } else { "" })
        .with("rsrv_tp", "일반")
        .with("frgn_trde_tp", order.kind.code)
        .with("frgn_trde_nm", order.kind.name)
        .with("trde_tp", order.kind.code)
        .with("mdfy_qty", if order.sort == Sort::Modify { order.qty } else { 0 })
        .with("mdfy_uv", usd(order.price.filter(|_| order.sort == Sort::Modify).unwrap_or(0)))
        .with("cncl_qty", if order.sort == Sort::Cancel { order.qty } else { 0 })
        .with("cnfm_qty", if order.sort == Sort::New { 0 } else { order.qty })
}

fn open_row(order: &Order) -> Given {
    common(order).with("ord_cntr_tp", action(order)).with("ord_stat", status(order))
}

fn history_row(order: &Order) -> Given {
    common(order)
        .with("ord_dt", day_text(order))
        .with("ord_stat_nm", status(order))
        .with("cntr_amt", usd(order.amount))
        .with("oppo_trde_tp_nm", "일반")
        .with("comm_ord_tp_nm", "REST API")
        .with("inpt_chnl_tp", "REST API")
        .with("inpt_chnl_tp_nm", "REST API")
}
