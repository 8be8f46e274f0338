//! Which row of a whole walk an anomaly belongs to.
//!
//! The decoder counts the rows of one page; here they become positions among the rows that were returned. An anomaly
//! without a row belongs to what surrounds the list, or to a row that was examined but not returned.

use crate::json::decode::Anomaly;

/// Whether something in row `row` of the page did not fit. Such a row is not blank, even if little of it remains.
pub(super) fn concern(anomalies: &[Anomaly], row: usize) -> bool {
    anomalies.iter().any(|anomaly| anomaly.row == Some(row))
}

/// Turns rows of page `page`, of which `dropped` were dropped, into positions after `before` rows of earlier pages.
pub(super) fn place(anomalies: &mut [Anomaly], page: usize, before: usize, dropped: &[usize]) {
    for anomaly in anomalies {
        anomaly.page = Some(page);
        if let Some(row) = &mut anomaly.row {
            *row = before + *row - dropped.iter().filter(|gone| **gone < *row).count();
        }
    }
}

/// Drops the anomalies of rows after the first `taken` ones, except for the next `looked_at`: what could not be read
/// there may have stopped the walk.
pub(super) fn cut(anomalies: &mut Vec<Anomaly>, taken: usize, looked_at: usize) {
    anomalies.retain_mut(|anomaly| match anomaly.row {
        Some(row) if row >= taken => {
            anomaly.row = None;
            row < taken + looked_at
        }
        _ => true,
    });
}

/// The first `before` rows were returned one by one: positions count from the next one.
pub(super) fn forget(anomalies: &mut [Anomaly], before: usize) {
    for anomaly in anomalies {
        anomaly.row = anomaly.row.and_then(|row| row.checked_sub(before));
    }
}
