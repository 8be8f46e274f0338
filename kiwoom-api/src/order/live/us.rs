//! US orders: pushes of `F4` (confirmations) and `F5` (fills), rows of `ust21510` and `ust21050` (what a change is about) and
//! `ust21150` (how it was entered).
//!
//! A US order is changed and cancelled as a whole (`BEHAVIOUR.md` O3), so as long as something is left, what is gone was filled.
//! Where nothing is left, only the word for a complete fill says so.

use jiff::civil::Date;

use super::facts::Unit;
use super::report::{Report, ReportKind, fill_key};
use crate::codes::{UsExchange, UsOrderAction, UsOrderStatus};
use crate::order::codes::code_of;
use crate::order::reconcile::row::{change, listed_side, original};
use crate::order::{Action, Desk};
use crate::us::account::{
    DailyOrderExecutions, DailyOrderExecutionsRow, LedgerOpenOrders, LedgerOpenOrdersRow, TodayOrderExecutions,
    TodayOrderExecutionsRow,
};
use crate::us::realtime::{OrderConfirmation, OrderExecution};
use crate::value::{Code, Decimal, OrderNo};
use crate::{Client, Error};

/// What pushes of both kinds say about an order; `return`s `None` if they name none.
macro_rules! about {
    ($push:expr, $today:expr) => {{
        let number = $push.order_no.clone()?;
        let of = original(&number, $push.original_order_no.as_ref()).number();
        Report {
            symbol: $push.symbol.as_ref().map_or_else(String::new, ToString::to_string),
            side: listed_side($push.side.or($push.side_name)),
            action: action($push.action, of.as_ref()),
            original: of,
            price: $push.order_price.map(|price| price.amount),
            ordered: $push.order_qty,
            ..Report::new(Desk::Us, $today, number)
        }
    }};
}

/// What a confirmation says; `None` if it names no order.
pub(super) fn confirmed(push: &OrderConfirmation, today: Date) -> Option<Report> {
    let stage = match push.status {
        Some(UsOrderStatus::Accepted) => ReportKind::Accepted,
        Some(UsOrderStatus::Invalid) => ReportKind::Rejected,
        _ => ReportKind::Unknown,
    };
    Some(Report { stage, ..about!(push, today) })
}

/// What a fill says; `None` if it names no order.
pub(super) fn filled(push: &OrderExecution, today: Date) -> Option<Report> {
    let qty = push.reported_fill_qty.filter(|qty| *qty > Decimal::ZERO);
    let stage = match push.status {
        Some(UsOrderStatus::PartlyFilled | UsOrderStatus::Filled) => ReportKind::Filled,
        Some(UsOrderStatus::Invalid) => ReportKind::Rejected,
        _ if qty.is_some() => ReportKind::Filled,
        Some(UsOrderStatus::Accepted) => ReportKind::Accepted,
        _ => ReportKind::Unknown,
    };
    let left = push.remaining_qty;
    let is_fill = stage == ReportKind::Filled;
    let is_gone = left.is_some_and(|left| left.is_zero()) && push.status != Some(UsOrderStatus::Filled);
    let reported = qty.zip(push.reported_fill_price.map(|price| price.amount));
    let key = fill_key("", push.fill_no.as_ref().map(Code::as_str), left).filter(|_| is_fill && reported.is_some());
    Some(Report {
        remaining: left,
        filled: push.order_qty.zip(left).map(|(ordered, left)| ordered - left).filter(|_| is_fill && !is_gone),
        stage,
        fill: key.map(|key| (key, Unit { qty: None, price: None, reported, left })),
        ..about!(push, today)
    })
}

/// All pages of the lists of these days. A night's order may be listed under either of its days, so all of them belong to the
/// last, which is that of [`OrderRef`](crate::order::OrderRef).
pub(super) async fn listed(client: &Client, days: &[Date], today: Date) -> Result<Vec<Report>, Error> {
    let mut rows = Vec::new();
    let latest = client.rows(&TodayOrderExecutions::new()).collect().await.map_err(|cut| cut.into_parts().1)?;
    rows.extend(latest.rows.into_iter().filter_map(|row| today_row(row, today)));
    for day in days {
        for exchange in [UsExchange::Nasdaq, UsExchange::Nyse, UsExchange::Amex] {
            let request = LedgerOpenOrders::new().ord_dt(*day).stex_tp(exchange);
            let open = client.rows(&request).collect().await.map_err(|cut| cut.into_parts().1)?;
            rows.extend(open.rows.into_iter().filter_map(|row| open_row(row, exchange, today)));
        }
        let request = DailyOrderExecutions::new().ord_dt(*day);
        let daily = client.rows(&request).collect().await.map_err(|cut| cut.into_parts().1)?;
        rows.extend(daily.rows.into_iter().filter_map(|row| daily_row(row, today)));
    }
    Ok(rows)
}

fn today_row(row: TodayOrderExecutionsRow, day: Date) -> Option<Report> {
    let number = row.ord_no?;
    let of = original(&number, row.orig_ord_no.as_ref()).number();
    Some(Report {
        symbol: row.stk_cd?.to_string(),
        side: listed_side(row.slby_tp.or(row.slby_tp_nm)),
        // an order that is taken back keeps its state (`BEHAVIOUR.md` O5): the word is that of what took it back
        action: if of.is_none() { Some(Action::Place) } else { change(&row.ord_stat) },
        original: of,
        price: row.ord_uv.map(|price| price.amount),
        ordered: row.ord_qty,
        remaining: row.ord_remnq,
        filled: row.cntr_qty,
        average: row.cntr_uv.map(|price| price.amount),
        stage: stage(&row.ord_stat),
        ..Report::new(Desk::Us, day, number)
    })
}

fn open_row(row: LedgerOpenOrdersRow, exchange: UsExchange, day: Date) -> Option<Report> {
    let number = row.ord_no?;
    let of = original(&number, row.orig_ord_no.as_ref()).number();
    Some(Report {
        symbol: row.stk_cd?.to_string(),
        side: listed_side(row.slby_tp.or(row.slby_tp_nm)),
        action: action(row.ord_cntr_tp, of.as_ref()),
        original: of,
        venue: code_of(&exchange),
        price: row.ord_uv.map(|price| price.amount),
        ordered: row.ord_qty,
        remaining: row.ord_remnq,
        filled: row.cntr_qty,
        average: row.cntr_uv.map(|price| price.amount),
        stage: stage(&row.ord_stat),
        ..Report::new(Desk::Us, day, number)
    })
}

/// This list does not say what a change is about.
fn daily_row(row: DailyOrderExecutionsRow, day: Date) -> Option<Report> {
    let number = row.ord_no?;
    let channel = if row.inpt_chnl_tp.trim().is_empty() { row.comm_ord_tp_nm } else { row.inpt_chnl_tp };
    Some(Report {
        symbol: row.stk_cd?.to_string(),
        side: listed_side(row.slby_tp_nm),
        price: row.ord_uv.map(|price| price.amount),
        ordered: row.ord_qty,
        remaining: row.ord_remnq,
        filled: row.cntr_qty,
        average: row.cntr_uv.map(|price| price.amount),
        stage: stage(&row.ord_stat_nm),
        channel: channel.trim().to_owned(),
        ..Report::new(Desk::Us, day, number)
    })
}

fn stage(words: &str) -> ReportKind {
    if words.contains("거부") || words.contains("무효") { ReportKind::Rejected } else { ReportKind::Accepted }
}

fn action(code: Option<UsOrderAction>, original: Option<&OrderNo>) -> Option<Action> {
    match code {
        Some(UsOrderAction::New) => Some(Action::Place),
        Some(UsOrderAction::Modify) => Some(Action::Modify),
        Some(UsOrderAction::Cancel) => Some(Action::Cancel),
        _ => original.is_none().then_some(Action::Place),
    }
}
