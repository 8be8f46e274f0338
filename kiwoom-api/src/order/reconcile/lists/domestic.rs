//! Domestic orders: `kt00007` shows all of a day, cash and margin, with the way they were entered; `ka10075` is a second
//! witness for what is open today. Gold has its twin of `kt00007`, `kt50031`.
//!
//! `kt00009` is not read: it says no more, and shows 30 orders a page like the others (`BEHAVIOUR.md` P4).

use jiff::civil::Date;

use super::super::row::{Original, Pricing, Row, change, join, margin, original, pricing, side};
use super::super::verdict::Obstacle;
use super::{all, named};
use crate::Client;
use crate::codes::OrderVenue;
use crate::domestic::account::{
    AccountOrderExecutionDetail, AccountOrderExecutionDetailRow, GoldOrderExecutions, GoldOrderExecutionsRow,
    OpenOrders, OpenOrdersRow,
};
use crate::order::Action;
use crate::order::codes::code_of;
use crate::value::{Code, Venue};

const COMPARED: [&str; 12] = [
    "ord_no",
    "stk_cd",
    "ord_qty",
    "ord_uv",
    "ord_pric",
    "ori_ord",
    "orig_ord_no",
    "ord_tm",
    "tm",
    "cntr_qty",
    "ord_remnq",
    "oso_qty",
];

pub(super) async fn stocks(client: &Client, days: &[Date], today: Date) -> Result<Vec<Row>, Obstacle> {
    let mut rows = Vec::new();
    for day in days {
        let request = AccountOrderExecutionDetail::new().ord_dt(*day);
        for row in all(client.rows(&request), &COMPARED).await? {
            rows.push(detail(row, *day)?);
        }
    }
    if days.contains(&today) {
        let request = OpenOrders::new();
        let open = all(client.rows(&request), &COMPARED).await?;
        join(&mut rows, open.into_iter().map(|row| open_row(row, today)).collect::<Result<_, _>>()?);
    }
    Ok(rows)
}

pub(super) async fn gold(client: &Client, days: &[Date]) -> Result<Vec<Row>, Obstacle> {
    let mut rows = Vec::new();
    for day in days {
        let request = GoldOrderExecutions::new().ord_dt(*day);
        for row in all(client.rows(&request), &COMPARED).await? {
            rows.push(gold_row(row, *day)?);
        }
    }
    Ok(rows)
}

fn detail(row: AccountOrderExecutionDetailRow, date: Date) -> Result<Row, Obstacle> {
    let (number, symbol) = named(row.ord_no, row.stk_cd)?;
    let original = original(&number, row.ori_ord.as_ref());
    Ok(Row {
        date,
        number,
        symbol: symbol.base().to_string(),
        side: side(text(&row.io_tp_nm)),
        action: action(&original, [&row.mdfy_cncl, &row.io_tp_nm]),
        original,
        qty: row.ord_qty,
        price: row.ord_uv.map(|price| price.amount),
        pricing: pricing(text(&row.trde_tp)),
        venue: row.dmst_stex_tp.map_or_else(String::new, |venue| code_of(&venue)),
        margin: margin(text(&row.crd_tp)),
        filled: row.cntr_qty,
        remaining: row.ord_remnq,
        status: text(&row.acpt_tp).to_owned(),
        time: row.ord_tm,
        channel: row.comm_ord_tp,
    })
}

/// No channel stands here, so an order that only this list shows is never taken for found.
fn open_row(row: OpenOrdersRow, date: Date) -> Result<Row, Obstacle> {
    let (number, symbol) = named(row.ord_no, row.stk_cd)?;
    let words = text(&row.io_tp_nm);
    let original = original(&number, row.orig_ord_no.as_ref());
    Ok(Row {
        date,
        number,
        symbol: symbol.base().to_string(),
        side: side(words),
        action: action(&original, [&row.io_tp_nm, &None]),
        original,
        qty: row.ord_qty,
        price: row.ord_pric.map(|price| price.amount),
        pricing: pricing(text(&row.trde_tp)),
        venue: match row.stex_tp_txt {
            Some(Venue::Krx) => code_of(&OrderVenue::Krx),
            Some(Venue::Nxt) => code_of(&OrderVenue::Nxt),
            _ => String::new(),
        },
        margin: margin(words),
        filled: row.ord_qty.zip(row.oso_qty).map(|(qty, left)| qty - left),
        remaining: row.oso_qty,
        status: String::new(),
        time: row.tm,
        channel: String::new(),
    })
}

fn gold_row(row: GoldOrderExecutionsRow, date: Date) -> Result<Row, Obstacle> {
    let (number, symbol) = named(row.ord_no, row.stk_cd)?;
    let original = original(&number, row.ori_ord.as_ref());
    Ok(Row {
        date,
        number,
        symbol: symbol.to_string(),
        side: side(text(&row.io_tp_nm)),
        action: action(&original, [&row.mdfy_cncl, &row.io_tp_nm]),
        original,
        qty: row.ord_qty,
        price: row.ord_uv.map(|price| price.amount),
        // gold has limit orders only
        pricing: Pricing::Limit,
        venue: String::new(),
        margin: None,
        filled: row.cntr_qty,
        remaining: row.ord_remnq,
        status: text(&row.acpt_tp).to_owned(),
        time: row.ord_tm,
        channel: row.comm_ord_tp,
    })
}

/// What an order that refers to another one does to it. A row that refers to none is a new order, whatever happened to
/// it later.
fn action(original: &Original, words: [&Option<Code>; 2]) -> Option<Action> {
    match original {
        Original::Number(_) => change(text(words[0])).or(change(text(words[1]))),
        Original::None | Original::NotListed => Some(Action::Place),
    }
}

fn text(code: &Option<Code>) -> &str {
    code.as_ref().map_or("", Code::as_str)
}
