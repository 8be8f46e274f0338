//! Which row of the broker's lists, if any, is the intended order. Pure: intents and rows in, verdicts out.
//!
//! Wrong answers are not equally bad. Taking a foreign order for one's own, or missing one's own and sending it twice,
//! costs money; "ambiguous" costs only a check. So a row that cannot be excluded counts, and only a row that fits in
//! every column is found.

use jiff::Timestamp;

use super::bound::Absence;
use super::likeness::{Likeness, likeness};
use super::row::{Original, Row, bare, same_number};
use super::verdict::{Obstacle, Verdict};
use crate::language::both;
use crate::order::{Action, Desk, Intent, OrderRef};
use crate::value::OrderNo;

/// An intent, and between which moments the broker may have taken it.
#[derive(Clone, Debug)]
pub(super) struct Case {
    pub intent: Intent,
    pub from: Timestamp,
    pub to: Timestamp,
    /// What it says if no row is the order.
    pub absence: Absence,
}

impl Case {
    /// Whether the row may have been taken in that time.
    fn is_near(&self, row: &Row) -> bool {
        let moments = row.moments(self.intent.desk);
        moments.is_empty() || moments.iter().any(|moment| (self.from..=self.to).contains(moment))
    }
}

/// What is known about one's own orders besides those that are looked up.
#[derive(Clone, Copy, Default)]
pub(super) struct Own<'a> {
    /// Intents whose rows may be in the list too, without being known yet.
    pub rivals: &'a [Case],
    /// All orders that are known to be one's own.
    pub orders: &'a [OrderRef],
    /// Those of them whose acceptance the broker itself confirmed before the list was read.
    pub confirmed: &'a [OrderRef],
}

/// What the rows say about each case, in the order of the cases. The rows are all there are.
pub(super) fn judge(cases: &[Case], rows: &[Row], own: Own<'_>) -> Vec<Verdict> {
    let channels: Vec<&str> = rows
        .iter()
        .filter(|row| own.confirmed.iter().any(|order| is_owned(row, order) == Likeness::Yes))
        .map(|row| row.channel.trim())
        .collect();
    let fits: Vec<Vec<Candidate<'_>>> = cases.iter().map(|case| fits_of(case, rows, own.orders)).collect();
    let rivals: Vec<Vec<Candidate<'_>>> = own.rivals.iter().map(|case| fits_of(case, rows, own.orders)).collect();
    // how many intents a row may belong to
    let claims = |row: &Row| {
        let claimed = |fits: &&Vec<Candidate<'_>>| fits.iter().any(|fit| fit.near && std::ptr::eq(fit.row, row));
        fits.iter().chain(&rivals).filter(claimed).count()
    };
    let found = |fit: &Candidate<'_>| {
        fit.near && fit.likeness == Likeness::Yes && is_ours(&fit.row.channel, &channels) && claims(fit.row) == 1
    };
    let near = |fits: &'_ [Candidate<'_>]| fits.iter().filter(|fit| fit.near).count();
    let taken: Vec<&Row> = fits
        .iter()
        .filter(|fits| near(fits) == 1)
        .flat_map(|fits| fits.iter().filter(|fit| found(fit)).map(|fit| fit.row))
        .chain(rivals.iter().flatten().filter(|fit| found(fit)).map(|fit| fit.row))
        .collect();
    let has_owner = |row: &Row| {
        let known = own.orders.iter().any(|order| is_owned(row, order) == Likeness::Yes);
        known || taken.iter().any(|taken| std::ptr::eq(*taken, row))
    };
    let mut verdicts = Vec::with_capacity(cases.len());
    for (case, fits) in cases.iter().zip(&fits) {
        let near: Vec<&Candidate<'_>> = fits.iter().filter(|fit| fit.near).collect();
        verdicts.push(match near[..] {
            [fit] if found(fit) => Verdict::Found(Box::new(fit.row.shown(&case.intent))),
            [] if fits.is_empty() => {
                let strangers = rows.iter().filter(|row| is_stranger(case, row) && !has_owner(row));
                nothing(case, rows, strangers.collect())
            }
            // nothing in the time in which it was sent: perhaps the clock is wrong
            [] => ambiguous(&case.intent, fits.iter().map(|fit| fit.row)),
            _ => ambiguous(&case.intent, near.into_iter().map(|fit| fit.row)),
        });
    }
    verdicts
}

/// Something that the broker confirmed and that its list does not show: then the list proves nothing.
pub(super) fn contradiction(rows: &[Row], confirmed: &[OrderRef]) -> Option<Obstacle> {
    let listed = |order: &&OrderRef| {
        rows.iter().any(|row| same_number(&row.number, &order.number) && row.symbol == order.symbol)
    };
    let missing =
        confirmed.iter().filter(|order| order.is_numbered() && order.original.is_none()).find(|o| !listed(o))?;
    let (number, date) = (&missing.number, missing.date);
    Some(Obstacle(both!(
        "the list of orders lacks {number} of {date}, which the broker accepted: it is late, or another account's",
        "증권사가 접수한 {date}의 주문 {number}이(가) 주문 내역에 없습니다. 내역이 늦거나 다른 계좌의 내역입니다"
    )))
}

/// An order that is known, with the day under which the lists have it: those of the US market may count a night to the other of
/// its days. It is the row if number, code, side, quantity, price and time agree.
pub(super) fn as_listed(order: &OrderRef, meant: &Case, rows: &[Row]) -> OrderRef {
    let mut order = order.clone();
    let named =
        |row: &&Row| order.is_numbered() && same_number(&row.number, &order.number) && row.symbol == order.symbol;
    if order.desk != Desk::Us || rows.iter().filter(named).any(|row| row.date == order.date) {
        return order;
    }
    let Intent { qty, price, .. } = meant.intent;
    let agrees = |row: &&Row| {
        let side = row.side.is_none_or(|side| side == order.side);
        let qty = qty.is_none_or(|qty| row.qty == Some(qty));
        let price = price.is_none_or(|price| row.price == Some(price));
        let days = [order.date.yesterday().ok(), order.date.tomorrow().ok()];
        side && qty && price && days.contains(&Some(row.date)) && row.time.is_some() && meant.is_near(row)
    };
    if let Some(row) = rows.iter().filter(named).find(agrees) {
        order.date = row.date;
    }
    order
}

/// A row that may be the order.
struct Candidate<'a> {
    row: &'a Row,
    likeness: Likeness,
    /// It was taken in the time in which the order was sent.
    near: bool,
}

fn fits_of<'a>(case: &Case, rows: &'a [Row], orders: &[OrderRef]) -> Vec<Candidate<'a>> {
    let fit = |row: &'a Row| {
        let owned = orders.iter().map(|order| is_owned(row, order)).max().unwrap_or(Likeness::No);
        let near = case.is_near(row);
        let doubtful = owned == Likeness::Perhaps || row.moments(case.intent.desk).is_empty();
        let most = if doubtful { Likeness::Perhaps } else { Likeness::Yes };
        let likeness = likeness(&case.intent, row, rows).min(most);
        (owned != Likeness::Yes && likeness > Likeness::No).then_some(Candidate { row, likeness, near })
    };
    rows.iter().filter_map(fit).collect()
}

/// Whether a row is an order that is known already. Days of US lists may be counted differently there.
fn is_owned(row: &Row, order: &OrderRef) -> Likeness {
    if !order.is_numbered() || !same_number(&row.number, &order.number) || row.symbol != order.symbol {
        return Likeness::No;
    }
    match (row.date == order.date, order.desk) {
        (true, _) => Likeness::Yes,
        (false, Desk::Us) if row.side.is_none_or(|side| side == order.side) => Likeness::Perhaps,
        _ => Likeness::No,
    }
}

/// Entered as this client enters orders: by the broker's name for it, or by the name that confirmed orders bear.
fn is_ours(channel: &str, channels: &[&str]) -> bool {
    let channel = channel.trim();
    !channel.is_empty() && (channel.to_ascii_uppercase().contains("REST") || channels.contains(&channel))
}

/// A row of that code in that time. If its owner is unknown, its other columns do not prove that it is not this order:
/// what the lists put there is not documented well enough.
fn is_stranger(case: &Case, row: &Row) -> bool {
    let about = |number: &OrderNo| same_number(&row.number, number);
    row.symbol == case.intent.symbol && case.is_near(row) && !case.intent.original.as_ref().is_some_and(about)
}

fn ambiguous<'a>(intent: &Intent, rows: impl IntoIterator<Item = &'a Row>) -> Verdict {
    let mut rows: Vec<&Row> = rows.into_iter().collect();
    rows.sort_by(|a, b| (a.date, bare(&a.number)).cmp(&(b.date, bare(&b.number))));
    Verdict::Ambiguous(rows.into_iter().map(|row| row.shown(intent)).collect())
}

/// No row fits.
fn nothing(case: &Case, rows: &[Row], strangers: Vec<&Row>) -> Verdict {
    match (&case.absence, strangers) {
        (Absence::Early(not_before), _) => Verdict::TooEarly { not_before: *not_before },
        (_, strangers) if !strangers.is_empty() => ambiguous(&case.intent, strangers),
        (Absence::Doubtful(why), _) => Verdict::StillUnknown(Obstacle(why.clone())),
        (Absence::Proof, _) => untouched(&case.intent, rows),
    }
}

/// For a change or a cancellation the row of its original must agree that nothing happened to it.
fn untouched(intent: &Intent, rows: &[Row]) -> Verdict {
    let Some(number) = intent.original.as_ref().filter(|_| intent.action != Action::Place) else {
        return Verdict::NotFound;
    };
    let Some(original) = rows.iter().find(|row| same_number(&row.number, number) && row.symbol == intent.symbol) else {
        return Verdict::StillUnknown(Obstacle(both!(
            "the list of orders lacks {number}, the order it is about",
            "정정하거나 취소하려던 주문 {number}이(가) 주문 내역에 없습니다"
        )));
    };
    let changes = rows.iter().filter(|row| matches!(&row.original, Original::Number(of) if same_number(of, number)));
    let taken: i64 = changes.filter_map(|row| row.qty).sum();
    match (original.qty, original.filled, original.remaining) {
        (Some(qty), Some(filled), Some(remaining)) if filled + remaining + taken >= qty => Verdict::NotFound,
        _ => Verdict::StillUnknown(Obstacle(both!(
            "a part of {number} is neither filled nor left, and the list does not show what took it away",
            "주문 {number}의 일부가 체결되지도 남아 있지도 않은데, 내역에는 그 까닭이 없습니다"
        ))),
    }
}
