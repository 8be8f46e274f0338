//! What a push or a row of a list adds to what is known of its order.

use super::super::entry::Tracked;
use super::super::facts::Finish;
use super::super::order::LiveFill;
use super::super::report::{Report, ReportKind, number_of};
use crate::order::Action;
use crate::value::Decimal;

/// Takes over what an order is, from the first who says so.
pub(super) fn describe(entry: &mut Tracked, report: &Report) {
    let order = &mut entry.order;
    if order.symbol.is_empty() {
        order.symbol.clone_from(&report.symbol);
    }
    if let Some(side) = report.side
        && entry.id.is_none()
    {
        order.side = side;
    }
    if order.venue.is_empty() {
        order.venue.clone_from(&report.venue);
    }
    if order.original.is_none() {
        order.original.clone_from(&report.original);
    }
    // what fills is no cancellation, whether or not anything says what it is
    let fills = report.fill.is_some() || report.filled.is_some_and(|filled| filled > Decimal::ZERO);
    let change = (fills && order.original.is_some()).then_some(Action::Modify);
    entry.action = entry.action.or(report.action).or(change);
    entry.price = entry.price.or(report.price);
    entry.average = report.average.or(entry.average);
    if entry.channel.is_empty() {
        entry.channel.clone_from(&report.channel);
    }
    if report.stage == ReportKind::Rejected && entry.reason.is_empty() {
        entry.reason.clone_from(&report.reason);
    }
}

/// Takes over the quantities; the fill, if it is a new one.
pub(super) fn quantities(entry: &mut Tracked, report: &Report, late: bool) -> Option<LiveFill> {
    let positive = |qty: Option<Decimal>| qty.filter(|qty| *qty > Decimal::ZERO);
    let cancellation = entry.is_cancellation();
    let request = entry.is_request();
    let facts = &mut entry.facts;
    match positive(report.ordered) {
        Some(qty) if !request && report.filled.is_some() => facts.ordered_for_certain(qty),
        Some(qty) if !request => facts.ordered(qty),
        Some(qty) if entry.asked.is_none() || report.stage == ReportKind::Confirmed || report.filled.is_some() => {
            entry.asked = Some(qty)
        }
        _ => {}
    }
    match report.stage {
        ReportKind::Rejected => facts.end(Finish::Rejected),
        ReportKind::Confirmed => entry.confirmed = true,
        // of a cancellation, the exchange's word for its success
        ReportKind::Cancelled if cancellation => entry.confirmed = true,
        ReportKind::Accepted | ReportKind::Filled | ReportKind::Cancelled | ReportKind::Unknown => {}
    }
    let positive_left = positive(report.remaining).is_some();
    if report.stage != ReportKind::Rejected {
        // what a list shows after that time without a word of a refusal took effect, and so did a change that holds or
        // filled something
        entry.confirmed |= late || report.fill.is_some();
        entry.confirmed |= report.filled.is_some() && (positive_left || positive(report.filled).is_some());
    }
    if cancellation {
        return None;
    }
    // a change that is not in force has nothing left yet, and how many it will be about is not certain
    let holds = positive_left || positive(report.filled).is_some() || late;
    let in_force =
        !request || holds || matches!(report.stage, ReportKind::Filled | ReportKind::Cancelled | ReportKind::Confirmed);
    let is_asked_only = report.stage == ReportKind::Accepted && report.filled.is_none();
    if let Some(qty) = positive(report.ordered).filter(|_| request && in_force && !is_asked_only) {
        match report.filled {
            Some(_) => facts.ordered_for_certain(qty),
            None => facts.ordered(qty),
        }
    }
    let tells_left =
        matches!(report.stage, ReportKind::Accepted | ReportKind::Filled | ReportKind::Cancelled) && in_force;
    if let Some(left) = report.remaining.filter(|_| tells_left) {
        if late {
            facts.left_for_certain(left);
        }
        facts.left(left);
        if let Some(filled) = report.filled {
            facts.both(left, filled);
        }
        if let Some(value) = positive(report.value) {
            facts.worth(left, value);
        }
    }
    let (key, unit) = report.fill.clone()?;
    let (qty, price) = match (unit.qty, unit.reported) {
        (Some(qty), _) => (qty, unit.price),
        (None, Some((qty, price))) => (qty, Some(price)),
        (None, None) => return None,
    };
    let number = number_of(&key);
    facts.fill(key, unit).then_some(LiveFill { number, qty, price })
}
