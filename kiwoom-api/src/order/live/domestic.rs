//! Domestic orders: pushes of `00`, rows of `kt00007` (all of a day, cash and margin) and `ka10075` (what is open now).

use jiff::civil::Date;

use super::facts::Unit;
use super::report::{Report, ReportKind, fill_key};
use crate::codes::{OrderAction, OrderStatus, OrderVenue, YesNo};
use crate::domestic::account::{
    AccountOrderExecutionDetail, AccountOrderExecutionDetailRow, OpenOrders, OpenOrdersRow,
};
use crate::domestic::realtime::OrderExecution;
use crate::order::codes::code_of;
use crate::order::reconcile::row::{change, margin, original, side};
use crate::order::{Action, Desk};
use crate::value::{Code, Decimal, OrderNo, Side, StockCode, Venue};
use crate::{Client, Error};

/// What a push says; `None` if it names no order.
pub(super) fn pushed(push: &OrderExecution, today: Date) -> Option<Report> {
    let number = push.order_no.clone()?;
    let symbol = push.symbol.as_ref().map_or_else(String::new, plain_code);
    // gold has a desk, lists and numbers of its own
    if symbol.starts_with("M0") {
        return None;
    }
    let is_margin = push.margin_kind.as_ref().is_some_and(|kind| kind.as_str().bytes().any(|byte| byte != b'0'));
    let venue = match push.venue_name.or(push.venue) {
        Some(Venue::Krx) => code_of(&OrderVenue::Krx),
        Some(Venue::Nxt) => code_of(&OrderVenue::Nxt),
        _ => String::new(),
    };
    let left = push.remaining_qty.map(Decimal::from);
    let unit = Unit {
        qty: push.fill_qty.filter(|qty| *qty > 0).map(Decimal::from),
        price: push.fill_price.map(|price| price.amount),
        reported: None,
        left,
    };
    let stage = stage(push.status);
    let is_fill = stage == ReportKind::Filled && unit.qty.is_some();
    let key = fill_key(&venue, push.fill_no.as_ref().map(Code::as_str), left).filter(|_| is_fill);
    let action = match push.action {
        Some(OrderAction::Buy | OrderAction::Sell) => Some(Action::Place),
        Some(OrderAction::ModifyBuy | OrderAction::ModifySell) => Some(Action::Modify),
        Some(OrderAction::CancelBuy | OrderAction::CancelSell) => Some(Action::Cancel),
        Some(OrderAction::Unlisted(word)) => change(word.as_str()),
        None => None,
    };
    let of = original(&number, push.original_order_no.as_ref()).number();
    Some(Report {
        symbol,
        side: match push.side {
            Some(Side::Unlisted(word)) => side(word.as_str()),
            known => known,
        },
        action: action.or(of.is_none().then_some(Action::Place)),
        original: of,
        // a routed order is cancelled as one
        venue: if push.sor == Some(YesNo::Yes) { code_of(&OrderVenue::Sor) } else { venue },
        price: push.order_price.map(|price| price.amount),
        ordered: push.order_qty.map(Decimal::from),
        remaining: left,
        value: push.filled_value.filter(|_| stage == ReportKind::Filled),
        stage,
        fill: key.map(|key| (key, unit)),
        reason: push.reject_reason.trim().to_owned(),
        ..Report::new(if is_margin { Desk::Margin } else { Desk::Stock }, today, number)
    })
}

/// The code without venue, and without the letter that lists of positions put in front (`BEHAVIOUR.md` N7), should a push have it.
pub(super) fn plain_code(symbol: &StockCode) -> String {
    let code = symbol.base().to_string();
    match code.strip_prefix(['A', 'J', 'Q']) {
        Some(plain) if plain.len() == 6 => plain.to_owned(),
        _ => code,
    }
}

fn stage(status: Option<OrderStatus>) -> ReportKind {
    match status {
        Some(OrderStatus::Accepted) => ReportKind::Accepted,
        Some(OrderStatus::Filled) => ReportKind::Filled,
        Some(OrderStatus::Confirmed) => ReportKind::Confirmed,
        Some(OrderStatus::Cancelled) => ReportKind::Cancelled,
        Some(OrderStatus::Rejected) => ReportKind::Rejected,
        // words come with others around them (`BEHAVIOUR.md` N10)
        Some(OrderStatus::Unlisted(word)) => {
            let words = [
                ("거부", ReportKind::Rejected),
                ("체결", ReportKind::Filled),
                ("확인", ReportKind::Confirmed),
                ("취소", ReportKind::Cancelled),
                ("접수", ReportKind::Accepted),
            ];
            words
                .into_iter()
                .find(|(part, _)| word.as_str().contains(part))
                .map_or(ReportKind::Unknown, |(_, stage)| stage)
        }
        None => ReportKind::Unknown,
    }
}

/// All pages of the lists of these days.
pub(super) async fn listed(client: &Client, days: &[Date], today: Date) -> Result<Vec<Report>, Error> {
    let mut rows = Vec::new();
    for day in days {
        let request = AccountOrderExecutionDetail::new().ord_dt(*day);
        let listed = client.rows(&request).collect().await.map_err(|cut| cut.into_parts().1)?;
        rows.extend(listed.rows.into_iter().filter_map(|row| detail(row, *day)));
    }
    let open = client.rows(&OpenOrders::new()).collect().await.map_err(|cut| cut.into_parts().1)?;
    rows.extend(open.rows.into_iter().filter_map(|row| open_row(row, today)));
    Ok(rows)
}

fn detail(row: AccountOrderExecutionDetailRow, day: Date) -> Option<Report> {
    let number = row.ord_no?;
    let (words, state) = (text(&row.io_tp_nm), text(&row.acpt_tp));
    let of = original(&number, row.ori_ord.as_ref()).number();
    let desk = if margin(text(&row.crd_tp)) == Some(true) { Desk::Margin } else { Desk::Stock };
    let rejected = state.contains("거부");
    Some(Report {
        symbol: row.stk_cd?.base().to_string(),
        side: side(words),
        action: action(of.as_ref(), [text(&row.mdfy_cncl), words]),
        original: of,
        venue: row.dmst_stex_tp.map_or_else(String::new, |venue| code_of(&venue)),
        price: row.ord_uv.map(|price| price.amount),
        ordered: row.ord_qty.map(Decimal::from),
        remaining: row.ord_remnq.map(Decimal::from),
        filled: row.cntr_qty.map(Decimal::from),
        average: row.cntr_uv.map(|price| price.amount),
        stage: if rejected { ReportKind::Rejected } else { ReportKind::Accepted },
        channel: row.comm_ord_tp.trim().to_owned(),
        reason: if rejected { state.to_owned() } else { String::new() },
        ..Report::new(desk, day, number)
    })
}

/// This list says what is left and what all fills are worth, but not how many were filled: what is gone may be cancelled.
fn open_row(row: OpenOrdersRow, today: Date) -> Option<Report> {
    let number = row.ord_no?;
    let words = text(&row.io_tp_nm);
    let of = original(&number, row.orig_ord_no.as_ref()).number();
    let venue = match (row.sor_yn, row.stex_tp_txt) {
        (Some(YesNo::Yes), _) | (_, Some(Venue::Unified)) => OrderVenue::Sor,
        (_, Some(Venue::Nxt)) => OrderVenue::Nxt,
        _ => OrderVenue::Krx,
    };
    let desk = if margin(words) == Some(true) { Desk::Margin } else { Desk::Stock };
    Some(Report {
        symbol: row.stk_cd?.base().to_string(),
        side: side(words),
        action: action(of.as_ref(), [words, ""]),
        original: of,
        venue: code_of(&venue),
        price: row.ord_pric.map(|price| price.amount),
        ordered: row.ord_qty.map(Decimal::from),
        remaining: row.oso_qty.map(Decimal::from),
        value: row.cntr_tot_amt,
        stage: ReportKind::Accepted,
        ..Report::new(desk, today, number)
    })
}

fn action(original: Option<&OrderNo>, words: [&str; 2]) -> Option<Action> {
    match original {
        Some(_) => change(words[0]).or(change(words[1])),
        None => Some(Action::Place),
    }
}

fn text(code: &Option<Code>) -> &str {
    code.as_ref().map_or("", Code::as_str)
}
