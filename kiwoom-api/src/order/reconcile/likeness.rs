//! How far a listed order agrees with an intent, column by column.
//!
//! A column that the list lacks excludes nothing and proves nothing, and neither does an unknown word. Columns that the
//! list may fill in its own way (the venue of an order that the broker routes, a price that it chooses) are not
//! compared.

use super::row::{Original, Pricing, Row, bare, same_number};
use crate::order::codes::{is_limit, is_market, is_one_venue, is_routed};
use crate::order::{Action, Desk, Intent};
use crate::value::{Decimal, OrderNo};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Likeness {
    No,
    Perhaps,
    Yes,
}

/// The worst agreement of all columns. `rows` show what happened to originals.
pub(super) fn likeness(intent: &Intent, row: &Row, rows: &[Row]) -> Likeness {
    let common = [
        equal(Some(&row.symbol), &intent.symbol),
        intent.qty.map_or(Likeness::Yes, |qty| equal(row.qty, qty)),
        margin(intent.desk, row.margin),
    ];
    let special = match intent.action {
        Action::Place => [is_new(row), equal(row.side, intent.side), price(intent, row), venue(intent, row)],
        // the side is that of the original, whatever the list calls it
        Action::Modify | Action::Cancel => {
            let new_price = new_price(intent.price, row);
            [is_change(intent.action, row), original(intent, row, rows), new_price, Likeness::Yes]
        }
    };
    common.into_iter().chain(special).min().unwrap_or(Likeness::No)
}

fn equal<T: PartialEq>(listed: Option<T>, meant: T) -> Likeness {
    match listed {
        None => Likeness::Perhaps,
        Some(listed) if listed == meant => Likeness::Yes,
        Some(_) => Likeness::No,
    }
}

fn margin(desk: Desk, listed: Option<bool>) -> Likeness {
    match desk {
        Desk::Stock => equal(listed, false),
        Desk::Margin => equal(listed, true),
        Desk::Gold | Desk::Us => Likeness::Yes,
    }
}

fn is_new(row: &Row) -> Likeness {
    match (row.action, &row.original) {
        (Some(Action::Place), _) | (None, Original::None) => Likeness::Yes,
        (None, Original::NotListed) => Likeness::Perhaps,
        (Some(_), _) | (None, Original::Number(_)) => Likeness::No,
    }
}

/// What the lists call the kind of an intent.
fn pricing(intent: &Intent) -> Pricing {
    let Intent { desk, kind, price, .. } = intent;
    match price {
        Some(_) if is_limit(*desk, kind) => Pricing::Limit,
        None if is_market(*desk, kind) => Pricing::Market,
        _ => Pricing::Other,
    }
}

fn price(intent: &Intent, row: &Row) -> Likeness {
    let kind = match (pricing(intent), row.pricing) {
        (_, Pricing::NotListed | Pricing::Unknown) => Likeness::Perhaps,
        (meant, listed) if meant == listed => Likeness::Yes,
        // what a list calls the rarer kinds is not documented, save that none with a price is called a market order
        (Pricing::Limit, Pricing::Other) | (Pricing::Other, Pricing::Limit) if intent.price.is_some() => {
            Likeness::Perhaps
        }
        _ => Likeness::No,
    };
    match intent.price {
        Some(price) => kind.min(equal(row.price, price)),
        None if row.pricing == Pricing::NotListed && row.price.is_none() => Likeness::Yes,
        None => kind,
    }
}

/// The venue of an order that the broker routes is where it was routed to.
fn venue(intent: &Intent, row: &Row) -> Likeness {
    match (intent.venue.as_str(), row.venue.as_str()) {
        ("", _) | (_, "") => Likeness::Yes,
        (meant, listed) if meant == listed || is_routed(meant) => Likeness::Yes,
        (_, listed) if is_one_venue(listed) => Likeness::No,
        _ => Likeness::Perhaps,
    }
}

fn is_change(meant: Action, row: &Row) -> Likeness {
    match (row.action, &row.original) {
        (Some(action), _) if action == meant => Likeness::Yes,
        (Some(_), _) | (None, Original::None) => Likeness::No,
        (None, _) => Likeness::Perhaps,
    }
}

/// The order that is changed, or one of the same family: of a change that was changed again, lists may name the first.
fn original(intent: &Intent, row: &Row, rows: &[Row]) -> Likeness {
    match (&row.original, &intent.original) {
        (Original::NotListed, _) => Likeness::Perhaps,
        (Original::Number(listed), Some(meant)) if same_number(listed, meant) => Likeness::Yes,
        (Original::Number(listed), Some(meant)) if bare(first(listed, rows)) == bare(first(meant, rows)) => {
            Likeness::Perhaps
        }
        _ => Likeness::No,
    }
}

/// The order with which a chain of changes began.
fn first<'a>(number: &'a OrderNo, rows: &'a [Row]) -> &'a OrderNo {
    let mut number = number;
    // a chain is no longer than the list, unless it is cyclic
    for _ in rows {
        match rows.iter().find(|row| same_number(&row.number, number)).map(|row| &row.original) {
            Some(Original::Number(before)) => number = before,
            _ => break,
        }
    }
    number
}

fn new_price(meant: Option<Decimal>, row: &Row) -> Likeness {
    match (meant, row.price) {
        (None, _) => Likeness::Yes,
        (Some(_), None) => Likeness::Perhaps,
        (Some(meant), Some(listed)) => equal(Some(listed), meant),
    }
}
