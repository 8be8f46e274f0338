//! Blank records: how the broker says "nothing" in a successful reply (`BEHAVIOUR.md` H8).
//!
//! Looks at values only; the code that returns rows decides what happens to a blank one.

use super::encode::is_set;
use crate::record::{List, Record, Slot};

/// Whether nothing in `record` has a value: everything unset or blank text, every list empty.
///
/// For an unknown stock code or a day without trades, the broker returns one row of `""`, not an error or an empty
/// list. A row of zeros is not a blank row, but a price of zero is no price and counts as unset. Constants of requests
/// do not count.
///
/// ```
/// # #[cfg(feature = "domestic-chart")] {
/// use kiwoom_api::id::ka10081;
/// use kiwoom_api::is_blank;
///
/// let reply = ka10081::Reply::from_json(r#"{"stk_dt_pole_chart_qry":[{"cur_prc":"","dt":""}]}"#).unwrap();
/// assert!(is_blank(&reply.stk_dt_pole_chart_qry[0]));
/// # }
/// ```
pub fn is_blank<R: Record + Clone>(record: &R) -> bool {
    all_blank(&mut record.clone())
}

/// [`is_blank`] of a record at hand, without a clone.
pub(crate) fn all_blank(record: &mut dyn Record) -> bool {
    (0..record.keys().len()).all(|index| is_blank_slot(record.slot(index)))
}

fn is_blank_slot(slot: Slot<'_>) -> bool {
    match slot {
        Slot::Const(_) => true,
        Slot::Text(text) | Slot::Reason(text) => is_blank_text(text),
        Slot::Id(id) => id.text().is_none_or(is_blank_text),
        Slot::Secret(secret) => is_blank_text(secret.expose()),
        Slot::Texts(texts) => texts.iter().all(|text| is_blank_text(text)),
        Slot::Object(inner) => all_blank(inner),
        mut slot => !is_set(&mut slot),
    }
}

/// Whether a reply says nothing: of all its values only the code that was asked for may be there, and rows only blank ones.
pub(crate) fn says_nothing(reply: &mut dyn Record) -> bool {
    let keys = reply.keys();
    (0..keys.len()).all(|index| match reply.slot(index) {
        Slot::StockCode(..) => true,
        Slot::Id(_) if ASKED_FOR.contains(&keys[index]) => true,
        Slot::List(rows) | Slot::Tuples(rows) => all_rows_blank(rows),
        Slot::Embedded(rows) => all_rows_blank(rows.list_mut()),
        Slot::Object(inner) => says_nothing(inner),
        slot => is_blank_slot(slot),
    })
}

/// Keys with which a reply repeats the code of the request, where it is none of a stock.
const ASKED_FOR: [&str; 2] = ["\"stk_cd\":", "\"inds_cd\":"];

fn all_rows_blank(rows: &mut dyn List) -> bool {
    (0..rows.len()).all(|index| rows.row(index).is_none_or(all_blank))
}

fn is_blank_text(text: &str) -> bool {
    text.trim().is_empty()
}
