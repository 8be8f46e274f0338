//! Whether two records of one type hold the same values: `==` of all generated records, by their places.

use super::{List, Record, Slot};
use crate::value::{CodeSlot, Joined, Mask};

/// Compares the places of two records of one type, one by one. Numbers are compared by value: `1.0` is `1.00`.
#[doc(hidden)]
pub fn same(one: &mut dyn Record, other: &mut dyn Record) -> bool {
    let keys = one.keys();
    keys == other.keys() && (0..keys.len()).all(|index| same_place(one.slot(index), other.slot(index)))
}

fn same_place(one: Slot<'_>, other: Slot<'_>) -> bool {
    match (one, other) {
        (Slot::Text(a), Slot::Text(b)) | (Slot::Reason(a), Slot::Reason(b)) => a == b,
        (Slot::Count(a, _), Slot::Count(b, _)) => a == b,
        (Slot::Decimal(a, _), Slot::Decimal(b, _)) => a == b,
        (Slot::Percent(a, _), Slot::Percent(b, _)) => a == b,
        // a price equals another by its amount; a row also says where it went
        (Slot::Price(a, _), Slot::Price(b, _)) => a.map(|a| a.parts()) == b.map(|b| b.parts()),
        (Slot::Ratio(a, _), Slot::Ratio(b, _)) => a.map(|a| a.parts()) == b.map(|b| b.parts()),
        (Slot::Sided(a), Slot::Sided(b)) => a == b,
        (Slot::Unit(a, _), Slot::Unit(b, _)) => a.get() == b.get(),
        (Slot::Date(a, _), Slot::Date(b, _)) => a == b,
        (Slot::Time(a, _), Slot::Time(b, _)) => a == b,
        (Slot::TimeMark(a, _), Slot::TimeMark(b, _)) => a == b,
        (Slot::DateTime(a, _), Slot::DateTime(b, _)) => a == b,
        (Slot::YearMonth(a, _), Slot::YearMonth(b, _)) => a == b,
        (Slot::StockCode(a, _), Slot::StockCode(b, _)) => a == b,
        (Slot::Id(a), Slot::Id(b)) => a.text() == b.text(),
        (Slot::Code(a, _), Slot::Code(b, _)) => same_code(a, b),
        (Slot::Secret(a), Slot::Secret(b)) => a.expose() == b.expose(),
        (Slot::Mask(a), Slot::Mask(b)) => same_mask(a, b),
        (Slot::Joined(a, _), Slot::Joined(b, _)) => same_parts(a, b),
        (Slot::Embedded(a), Slot::Embedded(b)) => same_rows(a.list_mut(), b.list_mut()),
        (Slot::Const(a), Slot::Const(b)) => a == b,
        (Slot::List(a), Slot::List(b)) | (Slot::Tuples(a), Slot::Tuples(b)) => same_rows(a, b),
        (Slot::Texts(a), Slot::Texts(b)) => a == b,
        (Slot::Object(a), Slot::Object(b)) => same(a, b),
        _ => false,
    }
}

fn same_code(a: &dyn CodeSlot, b: &dyn CodeSlot) -> bool {
    a.index() == b.index() && a.as_unlisted() == b.as_unlisted()
}

fn same_mask(a: &dyn Mask, b: &dyn Mask) -> bool {
    let (mut one, mut other) = (String::new(), String::new());
    a.write(&mut one);
    b.write(&mut other);
    one == other
}

fn same_parts(a: &dyn Joined, b: &dyn Joined) -> bool {
    a.len() == b.len() && (0..a.len()).all(|index| a.text(index) == b.text(index))
}

fn same_rows(a: &mut dyn List, b: &mut dyn List) -> bool {
    a.len() == b.len()
        && (0..a.len()).all(|index| match (a.row(index), b.row(index)) {
            (Some(one), Some(other)) => same(one, other),
            _ => false,
        })
}
