//! What must hold for any list of orders: no foreign order found, no listed order missed, no order of rows that matters.

use jiff::SignedDuration;
use proptest::prelude::*;

use super::bound::Absence;
use super::matching::{Case, Own, judge};
use super::matching_tests::{cancel, cancel_row, case, intent, owned, row};
use super::row::{Original, Row};
use super::verdict::Verdict;
use crate::language::Both;
use crate::value::{OrderNo, Side};

/// Any row near the intent of the tests: often equal, now and then not.
fn any_row() -> impl Strategy<Value = Row> {
    let number = (1..9_u32).prop_map(|number| format!("{number:07}"));
    // `None` is a word that is not listed, too
    let side = prop_oneof![4 => Just(Some(Side::Buy)), 1 => Just(Some(Side::Sell)), 1 => Just(None)];
    let qty = prop_oneof![4 => Just(Some(10)), 1 => Just(Some(11)), 1 => Just(None)];
    let hour = prop_oneof![4 => Just("10:15:00"), 1 => Just("09:00:00"), 1 => Just("14:00:00")];
    let channel = prop_oneof![4 => Just("REST API"), 1 => Just("영웅문4"), 1 => Just("")];
    let about = prop_oneof![4 => Just(None), 1 => (1..9_u32).prop_map(|number| Some(format!("{number:07}")))];
    (number, side, qty, hour, channel, about).prop_map(|(number, side, qty, hour, channel, about)| {
        let time = Some(hour.parse().unwrap());
        let like = match about {
            None => row(&number),
            Some(about) => cancel_row(&number, &about),
        };
        Row { side, qty, time, channel: channel.into(), ..like }
    })
}

/// A list has each number once.
fn any_rows() -> impl Strategy<Value = Vec<Row>> {
    prop::collection::vec(any_row(), 0..8).prop_map(|mut rows| {
        rows.sort_by(|a, b| a.number.cmp(&b.number));
        rows.dedup_by(|a, b| a.number == b.number);
        rows
    })
}

proptest! {
    /// What is found is in the list, fits the intent, was entered by this client, and belongs to nobody else.
    #[test]
    fn never_found_with_a_foreign_order(rows in any_rows(), own in 0..9_u32, original in 1..9_u32, both: bool) {
        let own = [owned(&format!("{own:07}"))];
        let mut cases = vec![case(intent("a")), case(cancel(&format!("{original:07}")))];
        if both {
            cases.push(case(intent("b")));
        }
        let verdicts = judge(&cases, &rows, Own { orders: &own, confirmed: &[], rivals: &[] });
        let mut taken: Vec<OrderNo> = Vec::new();
        for (case, verdict) in cases.iter().zip(verdicts) {
            let Verdict::Found(listed) = verdict else { continue };
            let row = rows.iter().find(|row| row.number == listed.order.number).unwrap();
            prop_assert!(row.number != own[0].number);
            prop_assert_eq!(row.channel.as_str(), "REST API");
            prop_assert!(row.side == Some(Side::Buy) || case.intent.original.is_some());
            prop_assert_eq!(row.time, Some("10:15:00".parse().unwrap()));
            prop_assert_eq!(row.action, Some(case.intent.action));
            prop_assert!(case.intent.qty.is_none_or(|qty| row.qty == Some(qty)));
            let about = match &row.original { Original::Number(number) => Some(number.clone()), _ => None };
            prop_assert_eq!(about, case.intent.original.clone());
            prop_assert!(!taken.contains(&row.number), "one row, one intent");
            taken.push(row.number.clone());
        }
    }

    /// An order that is in the list is never "not found", whatever else is there.
    #[test]
    fn never_not_found_while_it_is_listed(rows in any_rows(), number in 1..9_u32, place: prop::sample::Index) {
        let mut rows = rows;
        let number = format!("{number:07}");
        rows.retain(|row| row.number.as_str() != number);
        rows.insert(place.index(rows.len() + 1), row(&number));
        let verdict = &judge(&[case(intent("a"))], &rows, Own::default())[0];
        prop_assert!(*verdict != Verdict::NotFound);
    }

    /// The order of the rows and of the intents says nothing.
    #[test]
    fn permutations_change_nothing(rows in any_rows(), seed: u64) {
        let cases = [case(intent("a")), case(cancel("0000003")), case(intent("b"))];
        let mut shuffled: Vec<Row> = rows.clone();
        let mut rng = fastrand::Rng::with_seed(seed);
        rng.shuffle(&mut shuffled);
        let straight = judge(&cases, &rows, Own::default());
        prop_assert_eq!(&straight, &judge(&cases, &shuffled, Own::default()));
        let mut back = cases.to_vec();
        back.reverse();
        let mut reversed = judge(&back, &rows, Own::default());
        reversed.reverse();
        prop_assert_eq!(straight, reversed);
    }

    /// A row of that code in that time is somebody's who is known, or nothing is "not found".
    #[test]
    fn never_not_found_while_a_row_of_that_code_is_nobodys(rows in any_rows(), known in prop::collection::vec(1..9_u32, 0..6)) {
        let own: Vec<_> = known.iter().map(|number| owned(&format!("{number:07}"))).collect();
        let cases = [case(intent("a"))];
        let verdict = &judge(&cases, &rows, Own { orders: &own, ..Own::default() })[0];
        let at_that_time = |row: &&Row| row.time == Some("10:15:00".parse().unwrap());
        let nobodys = |row: &Row| !own.iter().any(|order| order.number == row.number);
        if rows.iter().filter(at_that_time).any(nobodys) {
            prop_assert!(*verdict != Verdict::NotFound);
        }
    }

    /// Before the bound, and without a clock, nothing is "not found", whatever the lists say.
    #[test]
    fn never_not_found_without_proof(rows in any_rows(), original in 1..9_u32, early: bool) {
        let absence = match early {
            true => Absence::Early(jiff::Timestamp::MAX),
            false => Absence::Doubtful(Both::fixed("no clock", "시계 없음")),
        };
        let cases = [intent("a"), cancel(&format!("{original:07}"))];
        let cases = cases.map(|intent| Case { absence: absence.clone(), ..case(intent) });
        for verdict in judge(&cases, &rows, Own::default()) {
            prop_assert!(verdict != Verdict::NotFound);
        }
    }

    /// A later end of the sending only adds doubt: it makes nothing not found.
    #[test]
    fn a_wider_window_never_turns_doubt_into_absence(rows in any_rows(), hours in 0..8_i64) {
        let narrow = case(intent("a"));
        let wide = Case { to: narrow.to + SignedDuration::from_hours(hours), ..narrow.clone() };
        let (narrow, wide) = (&judge(&[narrow], &rows, Own::default())[0], &judge(&[wide], &rows, Own::default())[0]);
        prop_assert!(*wide != Verdict::NotFound || *narrow == Verdict::NotFound);
    }
}
