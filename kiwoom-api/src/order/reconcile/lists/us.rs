//! US orders: `ust21150` shows all of a day with the way they were entered, but not what a change is about; `ust21050`
//! (open, any day) and `ust21510` (today) do.

use crate::value::TimeMark;
use jiff::civil::Date;

use super::super::row::{Original, Pricing, Row, change, join, listed_side, original, pricing};
use super::super::verdict::Obstacle;
use super::{Today, all, named};
use crate::Client;
use crate::codes::{UsOrderAction, UsOrderType};
use crate::order::Action;
use crate::us::account::{
    DailyOrderExecutions, DailyOrderExecutionsRow, LedgerOpenOrders, LedgerOpenOrdersRow, TodayOrderExecutions,
    TodayOrderExecutionsRow,
};
use crate::value::Decimal;

const COMPARED: [&str; 11] = [
    "ord_no",
    "stk_cd",
    "ord_qty",
    "ord_uv",
    "orig_ord_no",
    "ord_time",
    "cntr_qty",
    "ord_remnq",
    "cncl_qty",
    "mdfy_qty",
    "ord_cntr_tp",
];

pub(super) async fn stocks(client: &Client, days: &[Date], today: Today) -> Result<Vec<Row>, Obstacle> {
    let mut rows = Vec::new();
    for day in days {
        let request = DailyOrderExecutions::new().ord_dt(*day);
        let listed = all(client.rows(&request), &COMPARED).await?;
        join(&mut rows, listed.into_iter().map(|row| daily(row, *day)).collect::<Result<_, _>>()?);
        let request = LedgerOpenOrders::new().ord_dt(*day);
        let open = all(client.rows(&request), &COMPARED).await?;
        join(&mut rows, open.into_iter().map(|row| open_row(row, *day)).collect::<Result<_, _>>()?);
    }
    // a session goes on over midnight in Korea
    if [today.korea, today.utc].iter().any(|day| days.contains(day)) {
        let request = TodayOrderExecutions::new();
        let listed = all(client.rows(&request), &COMPARED).await?;
        join(&mut rows, listed.into_iter().map(|row| today_row(row, today.utc)).collect::<Result<_, _>>()?);
    }
    Ok(rows)
}

fn daily(row: DailyOrderExecutionsRow, date: Date) -> Result<Row, Obstacle> {
    let (number, symbol) = named(row.ord_no, row.stk_cd)?;
    Ok(Row {
        date,
        number,
        symbol: symbol.to_string(),
        side: listed_side(row.slby_tp_nm),
        action: None,
        original: Original::NotListed,
        qty: whole(row.ord_qty),
        price: row.ord_uv.map(|price| price.amount),
        pricing: priced(row.frgn_trde_tp),
        venue: String::new(),
        margin: None,
        filled: whole(row.cntr_qty),
        remaining: whole(row.ord_remnq),
        status: row.ord_stat_nm,
        time: row.ord_time.and_then(TimeMark::time),
        channel: if row.inpt_chnl_tp.trim().is_empty() { row.comm_ord_tp_nm } else { row.inpt_chnl_tp },
    })
}

fn open_row(row: LedgerOpenOrdersRow, date: Date) -> Result<Row, Obstacle> {
    let (number, symbol) = named(row.ord_no, row.stk_cd)?;
    Ok(Row {
        date,
        original: original(&number, row.orig_ord_no.as_ref()),
        number,
        symbol: symbol.to_string(),
        side: listed_side(row.slby_tp),
        action: match row.ord_cntr_tp {
            Some(UsOrderAction::New) => Some(Action::Place),
            Some(UsOrderAction::Modify) => Some(Action::Modify),
            Some(UsOrderAction::Cancel) => Some(Action::Cancel),
            _ => None,
        },
        qty: whole(row.ord_qty),
        price: row.ord_uv.map(|price| price.amount),
        pricing: pricing(&row.frgn_trde_nm),
        venue: String::new(),
        margin: None,
        filled: whole(row.cntr_qty),
        remaining: whole(row.ord_remnq),
        status: row.ord_stat,
        time: row.ord_time.and_then(TimeMark::time),
        channel: String::new(),
    })
}

fn today_row(row: TodayOrderExecutionsRow, date: Date) -> Result<Row, Obstacle> {
    let (number, symbol) = named(row.ord_no, row.stk_cd)?;
    let original = original(&number, row.orig_ord_no.as_ref());
    Ok(Row {
        date,
        number,
        symbol: symbol.to_string(),
        side: listed_side(row.slby_tp),
        // an order that is taken back keeps its state (`BEHAVIOUR.md` O5): `취소` is the state of what took it back
        action: if original == Original::None { Some(Action::Place) } else { change(&row.ord_stat) },
        original,
        qty: whole(row.ord_qty),
        price: row.ord_uv.map(|price| price.amount),
        pricing: pricing(&row.frgn_trde_nm),
        venue: String::new(),
        margin: None,
        filled: whole(row.cntr_qty),
        remaining: whole(row.ord_remnq),
        status: row.ord_stat,
        time: row.ord_time.and_then(TimeMark::time),
        channel: String::new(),
    })
}

fn priced(kind: Option<UsOrderType>) -> Pricing {
    match kind {
        None => Pricing::NotListed,
        Some(UsOrderType::Limit) => Pricing::Limit,
        Some(UsOrderType::Market) => Pricing::Market,
        Some(UsOrderType::Unlisted(word)) => pricing(word.as_str()),
        Some(_) => Pricing::Other,
    }
}

/// Shares come whole here.
fn whole(qty: Option<Decimal>) -> Option<i64> {
    qty.filter(|qty| qty.fract().is_zero()).and_then(|qty| i64::try_from(qty).ok())
}
